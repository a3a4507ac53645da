"""What the screen says of the back: good, not sure, fault or unknown, by what the outline's own doubt leaves open."""

from dataclasses import replace

import numpy as np
import pytest

from exercises.bird_dog import EXERCISE as BIRD_DOG
from exercises.dead_bug import EXERCISE as DEAD_BUG
from exercises.glute_bridge import EXERCISE as GLUTE_BRIDGE
from formcheck.core.body.back import STATIONS, unknown_back
from formcheck.core.rules.events import RepCompleted, UnseenStarted
from formcheck.session.set import Set
from formcheck.testing import film, judge, seen, without_back
from tests.exercises.scripts import DEAD_BUG as ON_THE_BACK
from tests.exercises.scripts import bird_dog, dead_bug, glute_bridge

UP = replace(ON_THE_BACK, trunk_deg=80.0)


def verdicts(exercise, frames, sd_tl, **overrides):
    """The verdicts of a set, each once, in their order."""
    session, found = Set(exercise, overrides, is_live=False), []
    for pose, back in frames:
        doubtful = replace(back, sd_tl=np.full(len(STATIONS), sd_tl, np.float32))
        session.update(seen(session, pose, doubtful))
        snapshot = session.snapshot()
        if snapshot.stage == "working" and (not found or found[-1] != snapshot.back):
            found.append(snapshot.back)
    return found


@pytest.mark.parametrize(
    ("lumbar_deg", "sd_tl", "expected"),
    [
        (2, 0.001, ["good"]),
        (10, 0.004, ["good", "unsure", "good"]),
        (0, 0.008, ["good"]),
        (0, 0.060, ["unknown"]),
        (25, 0.060, ["unknown"]),
        (35, 0.001, ["good", "unsure", "fault", "unsure", "good"]),
    ],
    ids=[
        "surely below the limit",
        "the limit lies within the doubt",
        "a good back, less well seen",
        "nothing can be told",
        "nothing can be told of an arch",
        "an arch",
    ],
)
def test_a_back_is_called_good_only_where_the_doubt_leaves_no_fault_open(lumbar_deg, sd_tl, expected):
    assert verdicts(DEAD_BUG, film(dead_bug("L", lumbar_deg=lumbar_deg)), sd_tl) == expected


def test_each_direction_has_its_own_limit():
    """A bird dog's back may round by more than it may sag."""
    limits = {"sag_deg": 10, "round_deg": 30}
    assert verdicts(BIRD_DOG, film(bird_dog("L", lumbar_deg=-20)), 0.002, **limits) == ["good"]
    assert "fault" in verdicts(BIRD_DOG, film(bird_dog("L", lumbar_deg=20)), 0.002, **limits)


def test_a_doubt_that_is_not_known_for_a_picture_is_no_certainty():
    frames = film(dead_bug("L", lumbar_deg=10))
    holed = [(p, unknown_back(p.t_s, "outline-lost") if i % 3 == 0 else b) for i, (p, b) in enumerate(frames)]
    assert verdicts(DEAD_BUG, holed, 0.004) == ["good", "unsure", "good"]


def test_the_limit_is_the_one_that_the_fault_has():
    """In the bridge one setting scales the other."""
    frames = film(glute_bridge(1, lumbar_deg=40, hip_deg=175))
    assert verdicts(GLUTE_BRIDGE, frames, 0.001, arch_deg=30) == ["good"]
    assert "fault" in verdicts(GLUTE_BRIDGE, frames, 0.001, arch_deg=30, over_share=0.5)
    unsure = verdicts(GLUTE_BRIDGE, frames, 0.001, arch_deg=30, over_share=0.65)
    assert "unsure" in unsure
    assert "fault" not in unsure


def test_a_bend_that_is_less_surely_known_than_asked_for_counts_as_not_seen():
    frames = film(dead_bug("L", lumbar_deg=35))
    session, events = Set(DEAD_BUG, {"back_sd_max_deg": 3.0}, is_live=False), []
    for pose, back in frames:
        events += session.update(seen(session, pose, back)).events
    assert verdicts(DEAD_BUG, frames, 0.004, back_sd_max_deg=3.0) == ["unknown"]
    assert "back" in {e.part for e in events if isinstance(e, UnseenStarted)}
    [rep] = [e for e in events if isinstance(e, RepCompleted)]
    assert (rep.verdict, rep.faults, rep.not_judged) == ("not-judged", (), ("back",))


def test_an_arch_behind_an_outline_that_is_hardly_read_is_neither_told_nor_called_good():
    """Most backs are straight: what is likely for everybody says nothing of this one."""
    hazy = [
        (pose, replace(back, sd_tl=np.full(len(STATIONS), 0.05, np.float32)))
        for pose, back in film(dead_bug("L", lumbar_deg=35))
    ]
    [rep] = [e for e in judge(DEAD_BUG, hazy) if isinstance(e, RepCompleted)]
    assert (rep.verdict, rep.faults, rep.not_judged) == ("not-judged", (), ("back",))


def test_what_is_not_seen_is_unknown():
    assert verdicts(DEAD_BUG, without_back(film(dead_bug("L"))), 0.002) == ["unknown"]


def test_nothing_is_said_of_the_back_of_somebody_who_has_sat_up():
    session = Set(DEAD_BUG, is_live=True)
    frames = film([(0.0, ON_THE_BACK), (3.0, ON_THE_BACK), (4.0, UP), (8.0, UP)])
    for pose, back in frames:
        session.update(seen(session, pose, back))
    assert session.snapshot().stage == "paused"
    assert session.snapshot().back == "unknown"
