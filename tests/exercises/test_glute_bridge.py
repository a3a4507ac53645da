"""The glute bridge: told from what else is done on the back."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from exercises.glute_bridge import EXERCISE
from formcheck.core.body.pose import ANKLE, HIP, KNEE, SHOULDER
from formcheck.core.rules.events import AttemptEnded, FaultStarted, RepCompleted
from formcheck.pose.recording import Recording
from formcheck.testing import film, hidden, judge
from tests.exercises.scripts import BRIDGE, dead_bug, glute_bridge, limbs

RECORDINGS = Path(__file__).parents[1] / "recordings"


def of(kind, events):
    return [e for e in events if isinstance(e, kind)]


def test_dead_bugs_are_no_bridges():
    assert not judge(EXERCISE, film(dead_bug("LRLR")))
    recorded = list(Recording(RECORDINGS / "dead-bug.npz"))[::3]
    assert not of((RepCompleted, FaultStarted), judge(EXERCISE, recorded))


def test_a_leg_that_slides_away_is_no_bridge():
    out = limbs(BRIDGE, "left", hip_deg=170, knee_deg=175)
    keys = [(0, BRIDGE), (1, BRIDGE), (2.5, out), (5.0, out), (6.5, BRIDGE), (8.5, BRIDGE)]
    events = judge(EXERCISE, film(keys))
    assert not of(RepCompleted, events)
    assert [a.reason for a in of(AttemptEnded, events)] == ["other-exercise"]


def test_bridges_count_when_the_back_is_hidden_by_an_arm():
    keys = [(t, replace(s, sagitta_tl=float("nan"))) for t, s in glute_bridge(2)]
    assert len(of(RepCompleted, judge(EXERCISE, film(keys)))) == 2


def test_hips_back_on_the_floor_have_not_sagged():
    """With the feet far away the hip is wide even at rest, and nobody lies down quite as before."""
    *bridge, (down_s, rest), _ = glute_bridge(1, knee_deg=125)
    nearly = limbs(limbs(rest, "left", hip_deg=158), "right", hip_deg=158)
    events = judge(
        EXERCISE, film([*bridge, (down_s, nearly), (down_s + 2, nearly), (down_s + 3, rest), (down_s + 5, rest)])
    )
    assert {e.name for e in of(FaultStarted, events)} == {"feet-too-far"}
    assert len(of(RepCompleted, events)) == 1


def test_an_attempt_that_was_not_seen_whole_is_not_told_off():
    """Somebody walks by in front while the hips are up."""
    frames = film(glute_bridge(1, hip_deg=150))
    seen = judge(EXERCISE, frames)
    assert [e.name for e in of(FaultStarted, seen)] == ["too-low"]
    covered = hidden(frames, *HIP.values(), *KNEE.values())
    walked_by = judge(EXERCISE, frames[:120] + covered[120:145] + frames[145:])
    assert not of(FaultStarted, walked_by)
    assert not of(RepCompleted, walked_by)


def test_who_was_high_enough_is_not_told_to_lift_higher():
    """A whole bridge, and then a foot slides away: it does not count, but it was no low one."""
    keys = glute_bridge(1)
    top = keys[2][1]
    slid = limbs(top, "right", knee_deg=150, hip_deg=165)
    middle = [(keys[2][0] + 1, top), (keys[2][0] + 2, slid), (keys[3][0], slid)]
    events = judge(EXERCISE, film([*keys[:3], *middle, *keys[4:]]))
    assert not of(RepCompleted, events)
    assert "too-low" not in {e.name for e in of(FaultStarted, events)}


def two_in_one(frames):
    """The skeleton as it is while somebody walks by: the shoulders are the walker's."""
    mixed = []
    for pose, back in frames:
        xy = pose.xy_px.copy()
        xy[[SHOULDER["left"], SHOULDER["right"]]] += np.array([90.0, 110.0], np.float32)
        mixed.append((replace(pose, xy_px=xy), back))
    return mixed


def test_two_people_in_one_skeleton_are_not_judged():
    frames = film(glute_bridge(1, hold_s=6.5))
    mixed = frames[:150] + two_in_one(frames[150:180]) + frames[180:]
    events = judge(EXERCISE, mixed)
    assert not of(FaultStarted, events)
    [rep] = of(RepCompleted, events)
    assert rep.faults == ()


def walker_leg(frames, side, from_s, to_s, shift):
    """The tracker takes a visitor's leg for one of the patient's."""
    mixed = []
    for pose, back in frames:
        if from_s <= pose.t_s <= to_s:
            xy = pose.xy_px.copy()
            xy[[KNEE[side], ANKLE[side]]] += np.array(shift, np.float32)
            pose = replace(pose, xy_px=xy)
        mixed.append((pose, back))
    return mixed


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_visitors_leg_is_not_the_patients(side):
    """It jumps there and back; a foot of one's own goes its way."""
    events = judge(EXERCISE, walker_leg(film(glute_bridge(1, hold_s=6.0)), side, 4.0, 5.6, (-150.0, -120.0)))
    assert [r.faults for r in of(RepCompleted, events)] == [()]


def test_who_is_hidden_for_two_seconds_of_a_hold_has_held():
    frames = film(glute_bridge(1, hold_s=6.0))
    gone = [(p, b) for p, b in hidden(frames, *HIP.values(), *KNEE.values()) if 4.0 <= p.t_s <= 6.0]
    seen = [(p, b) for p, b in frames if not 4.0 <= p.t_s <= 6.0]
    events = judge(EXERCISE, sorted([*seen, *gone], key=lambda pair: pair[0].t_s))
    assert [r.faults for r in of(RepCompleted, events)] == [()], "and what was not seen whole is not timed"


def test_hips_of_a_torn_skeleton_are_no_top_to_sag_from():
    """For two pictures the shoulders are somebody's who walks past, and the hips seem wide open."""
    torn = []
    for pose, back in film(glute_bridge(1, hold_s=6.0)):
        if 5.0 < pose.t_s < 5.08:
            xy = pose.xy_px.copy()
            xy[[SHOULDER["left"], SHOULDER["right"]]] += np.array([0.0, 70.0], np.float32)
            pose = replace(pose, xy_px=xy)
        torn.append((pose, back))
    assert [r.faults for r in of(RepCompleted, judge(EXERCISE, torn))] == [()]


def test_hips_that_a_dog_makes_look_high_for_a_moment_have_not_sagged_since():
    """For a third of a second, as it comes out of the way, the hips read 26 degrees higher than they are held."""
    keys = glute_bridge(1, hold_s=6.5, hip_deg=174)
    (begin_s, top), end = keys[2], keys[3]
    high = glute_bridge(1, hip_deg=200)[2][1]
    passes = [(begin_s + 0.8, top), (begin_s + 0.95, high), (begin_s + 1.2, high), (begin_s + 1.5, top)]
    events = judge(EXERCISE, film([*keys[:3], *passes, end, *keys[4:]]))
    assert [r.faults for r in of(RepCompleted, events)] == [()]
