"""What a demonstration shows at a time: poses, what is planted, faults, sides."""

from dataclasses import replace

import numpy as np
import pytest

from exercises.bird_dog import EXERCISE as BIRD_DOG
from exercises.dead_bug import EXERCISE as DEAD_BUG
from exercises.glute_bridge import EXERCISE as BRIDGE
from exercises.hip_flexor_stretch import EXERCISE as STRETCH
from exercises.running import EXERCISE as RUNNING
from formcheck.core.body.pose import ANKLE, EAR, KNEE, MIRROR, SHOULDER, WRIST
from formcheck.core.rules.demonstration import SOLE_TL
from formcheck.core.rules.events import AttemptEnded, FaultStarted, RepCompleted
from formcheck.session.registry import load_exercises
from formcheck.testing import demonstrated, judge

NEAR, FAR = "left", "right"
SHOWN = [
    (exercise, fault)
    for exercise in load_exercises().exercises.values()
    if exercise.bout is None
    for fault in exercise.shown.faults
]


def through(film, count=30):
    return [film.at(film.cycle_s * i / count).joints for i in range(count)]


@pytest.mark.parametrize(("exercise", "fault"), SHOWN, ids=[f"{e.name}.{fault}" for e, fault in SHOWN])
def test_the_coach_tells_the_fault_that_is_shown(exercise, fault):
    """Coach and picture agree on what is wrong. What is right, the conformance suite checks."""
    events = judge(exercise, demonstrated(exercise, fault))
    told = {e.name for e in events if isinstance(e, FaultStarted)}
    told |= {name for e in events if isinstance(e, RepCompleted) for name in e.faults}
    told |= {e.reason for e in events if isinstance(e, AttemptEnded)}
    assert fault in told


@pytest.mark.parametrize("exercise", load_exercises().exercises.values(), ids=lambda e: e.name)
def test_every_fault_of_the_picture_is_one_of_the_exercise_and_few_are_left_out(exercise):
    missing = {rule.name for rule in exercise.all_faults} - set(exercise.shown.faults)
    assert missing == set()


def test_hands_and_feet_that_are_planted_do_not_slide():
    places = np.array([[xy[ANKLE[NEAR]], xy[WRIST[NEAR]], xy[SHOULDER[NEAR]]] for xy in through(BRIDGE.film())])
    assert np.ptp(places, axis=0).max() < 0.01
    assert places[0, 0, 1] == pytest.approx(SOLE_TL)


def test_a_limb_that_moves_is_free_though_it_may_be_planted():
    seen = through(BIRD_DOG.film())
    assert np.ptp([xy[ANKLE[NEAR]][1] for xy in seen]) > 0.4
    assert np.ptp([xy[KNEE[FAR]] for xy in seen], axis=0).max() < 0.01


def test_the_floor_holds_the_head():
    assert min(xy[EAR[NEAR]][1] for xy in through(BRIDGE.film())) >= 0.2


def test_the_sides_take_turns_unless_one_is_asked_for():
    film = DEAD_BUG.film()
    t = film.telling_s
    assert np.allclose(film.at(t).joints, film.at(t + film.cycle_s).joints[list(MIRROR)])
    assert film.length_s == 2 * film.cycle_s
    one = DEAD_BUG.film(side="right")
    assert one.length_s == one.cycle_s
    assert one.is_flipped != film.is_flipped
    assert np.allclose(DEAD_BUG.film("same-side-twice").at(t + film.cycle_s).joints, film.at(t).joints)


def test_a_fault_in_time_has_the_right_poses_at_another_pace():
    fast, right = DEAD_BUG.film("too-fast"), DEAD_BUG.film()
    assert fast.cycle_s < right.cycle_s / 2
    assert np.allclose(fast.at(fast.telling_s).joints, right.at(right.telling_s).joints, atol=0.02)


def test_a_hold_that_is_broken_off_counts_no_further():
    right, short = STRETCH.film(), STRETCH.film("short-hold")

    def counts(film):
        return [film.at(film.cycle_s * i / 200).share for i in range(200)]

    assert max(counts(right)) > 0.95
    assert max(counts(short)) == pytest.approx(0.3, abs=0.02)
    assert right.at(right.telling_s).count == 20


def test_a_remedy_shows_the_right_pose_where_the_fault_is():
    remedy, wrong = DEAD_BUG.film("low-back-arch", is_remedy=True), DEAD_BUG.film("low-back-arch")
    assert remedy.wrong is None
    assert remedy.spot == wrong.spot == "low back"
    assert remedy.at(remedy.telling_s).stance.lumbar_deg == 0
    assert wrong.at(wrong.telling_s).stance.lumbar_deg > 20
    assert remedy.at(remedy.telling_s).is_marked


def test_a_fault_that_no_picture_shows_gives_the_right_movement():
    assert DEAD_BUG.film("no-fault-of-it") is DEAD_BUG.film()


def test_runners_feet_meet_the_ground_and_leave_it():
    lower = [min(xy[ANKLE[NEAR]][1], xy[ANKLE[FAR]][1]) for xy in through(RUNNING.film(), 64)]
    assert min(lower) == pytest.approx(SOLE_TL, abs=0.02)
    assert max(lower) > SOLE_TL + 0.08


@pytest.mark.parametrize("position", ["supine", "quadruped", "upright"])
def test_an_exercise_without_a_demonstration_shows_where_it_begins(position):
    still = replace(DEAD_BUG, demonstration=None, posture=position, stance="").film()
    assert np.isfinite(still.at(0.0).joints).all()
    assert np.array_equal(still.at(0.0).joints, still.at(3.0).joints)
    assert still.at(0.0).joints[:, 1].min() > -0.05


def test_a_pair_moves_the_same_side_unless_the_turns_are_what_is_wrong():
    right, wrong = DEAD_BUG.pair("low-back-arch")
    assert {right.length_s, wrong.length_s} == {right.cycle_s}
    right, wrong = DEAD_BUG.pair("same-side-twice")
    assert right.length_s == 2 * right.cycle_s == wrong.length_s
    assert BRIDGE.pair("hips-sag")[0] is BRIDGE.film()
