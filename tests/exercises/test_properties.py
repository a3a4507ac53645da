"""What must hold for every exercise, whatever the body, the room and the camera, beyond the conformance suite."""

import dataclasses
import functools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises.bird_dog import EXERCISE as BIRD_DOG
from exercises.dead_bug import EXERCISE as DEAD_BUG
from exercises.glute_bridge import EXERCISE as GLUTE_BRIDGE
from exercises.hip_flexor_stretch import EXERCISE as HIP_FLEXOR_STRETCH
from exercises.pelvic_tilt import EXERCISE as PELVIC_TILT
from exercises.piriformis_stretch import EXERCISE as PIRIFORMIS_STRETCH
from formcheck.core.body.pose import HIP, Evidence, absent_pose
from formcheck.core.coach.coach import Coach
from formcheck.core.rules.events import AttemptEnded, RepCompleted
from formcheck.testing import Lens, film, hidden, judge, seen
from tests.exercises.scripts import (
    SIT_UP_DEG,
    bird_dog,
    dead_bug,
    glute_bridge,
    hip_flexor_stretch,
    pelvic_tilt,
    piriformis_stretch,
)

MOVES = {
    "dead-bug": (DEAD_BUG, dead_bug("LRR")),
    "bird-dog": (BIRD_DOG, bird_dog("LRR")),
    "glute-bridge": (GLUTE_BRIDGE, glute_bridge(2)),
    "pelvic-tilt": (PELVIC_TILT, pelvic_tilt(2)),
    "hip-flexor-stretch": (HIP_FLEXOR_STRETCH, hip_flexor_stretch("LL", hold_s=6.0)),
    "piriformis-stretch": (PIRIFORMIS_STRETCH, piriformis_stretch("LL", hold_s=6.0)),
}
every_move = pytest.mark.parametrize("name", MOVES)
quick = settings(max_examples=5, deadline=None, derandomize=True)


FRAMES = {name: film(keys) for name, (_, keys) in MOVES.items()}


@functools.cache
def plain_outcome(name):
    """What the undisturbed recording brings."""
    return outcome(judge(MOVES[name][0], FRAMES[name]))


def elsewhere_deg(exercise):
    """How the trunk lies when the person has plainly left: upright, or down for an upright exercise."""
    return 90.0 - SIT_UP_DEG if exercise.posture == "upright" else SIT_UP_DEG


def outcome(events):
    return [(e.side, e.faults) for e in events if isinstance(e, RepCompleted)]


@every_move
def test_a_fast_camera_changes_no_count_and_times_stand_in_their_order(name):
    exercise, keys = MOVES[name]
    events = judge(exercise, film(keys, fps=120))
    assert outcome(events) == plain_outcome(name)
    assert all(e.start_s < e.peak_s <= e.t_s for e in events if isinstance(e, RepCompleted))


@every_move
@quick
@given(torso=st.floats(40, 900), x=st.floats(-500, 3000), y=st.floats(-500, 2000), head_right=st.booleans())
def test_size_and_place_in_the_picture_change_no_count(name, torso, x, y, head_right):
    exercise, keys = MOVES[name]
    lens = Lens(torso_px=torso, hip_px=(x, y), is_head_right=head_right)
    assert outcome(judge(exercise, film(keys, lens=lens))) == plain_outcome(name)


@every_move
@quick
@given(seed=st.integers(0, 10_000), share=st.floats(0.05, 0.95))
def test_dropped_pictures_never_add_a_repetition(name, seed, share):
    exercise, _ = MOVES[name]
    frames = FRAMES[name]
    kept = [f for f, keep in zip(frames, np.random.default_rng(seed).random(len(frames)) > share, strict=True) if keep]
    assert len(outcome(judge(exercise, kept))) <= len(plain_outcome(name))


@every_move
@quick
@given(seed=st.integers(0, 10_000), share=st.floats(0.0, 1.0))
def test_joints_that_are_not_numbers_never_raise_or_add_a_repetition(name, seed, share):
    exercise, _ = MOVES[name]
    rng = np.random.default_rng(seed)
    frames = FRAMES[name]
    broken = []
    for pose, back in frames:
        xy = pose.xy_px.copy()
        xy[rng.random(len(xy)) < share] = math.nan
        broken.append((dataclasses.replace(pose, xy_px=xy), back))
    assert len(outcome(judge(exercise, broken))) <= len(plain_outcome(name))


@every_move
@quick
@given(jumps=st.lists(st.floats(-20, 20) | st.just(math.nan), min_size=1, max_size=5))
def test_jumps_of_the_clock_never_raise_or_add_a_repetition(name, jumps):
    exercise, _ = MOVES[name]
    frames = FRAMES[name]
    at = np.linspace(10, len(frames) - 10, len(jumps)).astype(int)
    shift, odd = 0.0, []
    for i, (pose, back) in enumerate(frames):
        for where, jump in zip(at, jumps, strict=True):
            shift += jump if i == where else 0.0
        odd.append((dataclasses.replace(pose, t_s=pose.t_s + shift), back))
    assert len(outcome(judge(exercise, odd))) <= len(plain_outcome(name))


@every_move
def test_an_empty_room_has_no_repetitions_and_says_that_nobody_is_there(name):
    exercise, _ = MOVES[name]
    frames = [(absent_pose(i / 30, i, 1280, 720), None) for i in range(90)]
    events = judge(exercise, frames)
    assert [type(e).__name__ for e in events] == ["UnseenStarted", "UnseenEnded"]
    assert events[0].part == "body"


@every_move
def test_sitting_up_or_lying_down_pauses_and_the_start_pose_goes_on(name):
    exercise, keys = MOVES[name]
    end, start = keys[-1]
    up = dataclasses.replace(start, trunk_deg=elsewhere_deg(exercise))
    again = [(t + end + 9.0, stance) for t, stance in keys]
    talk = [(end + 1.0, start), (end + 3.0, up), (end + 6.0, up), (end + 8.0, start)]
    events = judge(exercise, film([*keys, *talk, *again]))
    assert [type(e).__name__ for e in events if type(e).__name__ in ("Armed", "Paused")] == ["Armed", "Paused", "Armed"]
    assert len(outcome(events)) == 2 * len(plain_outcome(name))


@every_move
def test_getting_into_position_counts_nothing(name):
    """From sitting (or lying) to the start pose, with the legs passing through the range on the way."""
    exercise, keys = MOVES[name]
    start, far = keys[0][1], keys[2][1]
    sitting = dataclasses.replace(far, trunk_deg=elsewhere_deg(exercise))
    arrival = film([(0, sitting), (2, sitting), (3, far), (3.6, far), (4.4, start), (7, start)])
    assert not [e for e in judge(exercise, arrival) if isinstance(e, (RepCompleted, AttemptEnded))]


@every_move
def test_a_live_set_needs_the_start_pose_for_a_second(name):
    exercise, keys = MOVES[name]
    coach = Coach(exercise, is_live=True)
    armed = [
        p.t_s for p, b in film([(0, keys[0][1]), (3, keys[0][1])]) if coach.update(seen(coach, p, b)) and coach.is_armed
    ]
    assert armed[0] == pytest.approx(1.0, abs=0.05)


@every_move
def test_a_hidden_part_is_reported_once_with_its_span(name):
    exercise, _ = MOVES[name]
    frames = FRAMES[name]
    covered = hidden(frames, *HIP.values(), evidence=Evidence.PREDICTED)
    events = judge(exercise, frames[:60] + covered[60:120] + frames[120:])
    spans = [(e.part, e.start_s, e.t_s) for e in events if type(e).__name__ == "UnseenEnded"]
    assert [part for part, *_ in spans] == ["hips"]
    assert spans[0][1] == pytest.approx(2.0, abs=0.05)
    assert spans[0][2] == pytest.approx(4.35, abs=0.1)
