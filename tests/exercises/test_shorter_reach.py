"""Where this person's back begins to lift is learned, and a shorter reach is suggested once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exercises.dead_bug import EXERCISE as DEAD_BUG
from formcheck.core.rules.events import ReachSuggested
from formcheck.session.set import Set, SetOptions
from formcheck.testing import film, judge, seen
from tests.exercises.scripts import DEAD_BUG as TABLETOP
from tests.exercises.scripts import dead_bug, limbs


def lifting_from(hip_deg, reps):
    """Dead bugs whose back lies flat until the hip is this open, and lifts from there on."""
    keys, t = [(0.0, TABLETOP)], 1.0
    for number in range(reps):
        side = "left" if number % 2 else "right"
        flat = limbs(TABLETOP, side, hip_deg=hip_deg, knee_deg=120)
        far = replace(limbs(TABLETOP, side, hip_deg=168, knee_deg=168), lumbar_deg=40)
        keys += [(t, TABLETOP), (t + 1.5, flat), (t + 3.0, far), (t + 3.5, far), (t + 5.0, TABLETOP)]
        t += 6.0
    return film([*keys, (t, TABLETOP)])


def suggestions(frames):
    return [e for e in judge(DEAD_BUG, frames) if isinstance(e, ReachSuggested)]


@pytest.mark.parametrize("hip_deg", [120, 130, 145])
def test_the_reach_at_which_the_back_lifts_is_learned(hip_deg):
    (found,) = suggestions(lifting_from(hip_deg, 4))
    assert (found.fault, found.setting, found.times) == ("low-back-arch", "reach_hip_deg", 4)
    half_s, lag_s, way_s = 0.75, 0.2, 1.5  # half of the bend is surely too much; eased, it is there half way
    begins = hip_deg + (168 - hip_deg) * (half_s + lag_s) / way_s
    assert found.value == pytest.approx(max(begins - 10, 110), abs=6)


def test_one_slip_and_a_flat_back_suggest_nothing():
    assert suggestions(lifting_from(130, 1)) == []
    assert suggestions(film(dead_bug("LRLR"))) == []


def test_the_suggested_reach_is_a_valid_setting_with_which_the_set_counts():
    (found,) = suggestions(lifting_from(130, 3))
    short = film(dead_bug("LR", hip_deg=found.value + 4, knee_deg=168))
    assert not any(type(e).__name__ == "RepCompleted" for e in judge(DEAD_BUG, film(dead_bug("L", hip_deg=112))))
    events = judge(DEAD_BUG, short, **{found.setting: found.value})
    assert sum(type(e).__name__ == "RepCompleted" for e in events) == 2


def test_it_is_said_once_when_the_set_is_done():
    session = Set(DEAD_BUG, is_live=False, options=SetOptions(target_reps=3))
    cues = [c for pose, back in lifting_from(130, 4) for c in session.update(seen(session, pose, back)).cues]
    cues += session.finish().cues
    names = [c.name for c in cues]
    assert names.count("dead-bug.shorter-reach") == 1
    assert names.index("dead-bug.done") < names.index("dead-bug.shorter-reach")
