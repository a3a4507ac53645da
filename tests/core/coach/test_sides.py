"""Which side moves: a vote over the cycle, swaps of the tracker, both legs at once."""

import math
from dataclasses import replace

import pytest

from exercises.bird_dog import EXERCISE as BIRD_DOG
from exercises.dead_bug import EXERCISE as DEAD_BUG
from exercises.glute_bridge import EXERCISE as GLUTE_BRIDGE
from formcheck.core.body.baseline import Baseline
from formcheck.core.body.measure import Body
from formcheck.core.coach.sides import SideTracker
from formcheck.core.rules.exercise import Reach, RuleContext
from formcheck.core.rules.setting import Settings

SETTINGS = Settings(DEAD_BUG.all_settings)


def tracker(posture="supine"):
    """A tracker for an exercise in which each leg's way is written into its hip angle (100 = the whole range)."""
    exercise = replace(
        DEAD_BUG,
        posture=posture,
        reach=lambda m: Reach(m.moving.hip_deg / 100, m.moving.hip_deg / 100),
    )
    return SideTracker(exercise)


def see(sides, t, left, right, phase):
    body = Body(t, replace(Body(0).left, hip_deg=left), replace(Body(0).right, hip_deg=right), near="left")
    return sides.reach(RuleContext(body, Baseline(Body(0.0)), None, SETTINGS), phase)


def test_the_leg_that_moves_more_is_the_moving_one():
    sides = tracker()
    assert see(sides, 0.0, 5, 20, "rest").excursion == pytest.approx(0.2)
    assert sides.side == "right"
    see(sides, 0.1, 30, 20, "rest")
    assert sides.side == "left"


def test_within_a_cycle_a_small_lead_of_the_other_leg_is_noise():
    sides = tracker()
    see(sides, 0.0, 40, 10, "rest")
    sides.begin()
    assert see(sides, 0.1, 30, 45, "outbound").excursion == pytest.approx(0.3)
    assert sides.side == "left"


def test_a_swap_of_the_labels_is_followed_and_the_vote_decides():
    sides = tracker()
    see(sides, 0.0, 40, 10, "rest")
    sides.begin()
    for i in range(10):
        see(sides, 0.1 * i, 90, 5, "outbound")
    assert see(sides, 1.1, 5, 95, "outbound").excursion == pytest.approx(0.95), "the limb is followed"
    assert sides.side == "left", "the vote stays"
    for i in range(30):
        see(sides, 1.2 + 0.1 * i, 5, 95, "outbound")
    assert sides.side == "right"


def test_without_a_vote_the_side_stays_the_one_that_began():
    sides = tracker()
    see(sides, 0.0, 10, 40, "rest")
    sides.begin()
    see(sides, 0.1, 40, 40, "outbound")
    assert sides.side == "right"


def test_votes_are_of_one_cycle():
    sides = tracker()
    see(sides, 0.0, 40, 10, "rest")
    for i in range(30):
        see(sides, 0.1 * i, 90, 5, "outbound")
    sides.begin()
    see(sides, 4.0, 5, 60, "rest")
    for i in range(5):
        see(sides, 4.1 + 0.1 * i, 5, 90, "outbound")
    assert sides.side == "right"


@pytest.mark.parametrize("phase", ["outbound", "return"])
def test_a_leg_hidden_behind_the_other_one_is_stood_for_by_it(phase):
    sides = tracker()
    see(sides, 0.0, 40, 10, "rest")
    assert see(sides, 0.1, math.nan, 12, phase).excursion == pytest.approx(0.12)


def test_at_the_top_a_hidden_leg_is_unknown():
    sides = tracker()
    see(sides, 0.0, 40, 10, "rest")
    assert math.isnan(see(sides, 0.1, math.nan, 12, "end-range").excursion)


@pytest.mark.parametrize(("seconds", "is_double"), [(0.25, False), (0.4, True)])
def test_both_legs_out_for_long_are_another_movement(seconds, is_double):
    sides = tracker()
    see(sides, 0.0, 40, 10, "rest")
    for i in range(round(seconds / 0.05) + 1):
        see(sides, 1.0 + 0.05 * i, 90, 85, "outbound")
    assert sides.is_double is is_double


@pytest.mark.parametrize(("way", "is_double"), [(78, False), (82, True)])
def test_a_leg_that_drifts_is_not_out(way, is_double):
    sides = tracker()
    for i in range(20):
        see(sides, 0.05 * i, 95, way, "outbound")
    assert sides.is_double is is_double


def test_both_legs_may_be_out_in_the_rest_and_a_new_cycle_begins_anew():
    sides = tracker()
    for i in range(20):
        see(sides, 0.05 * i, 95, 90, "rest")
    assert not sides.is_double
    for i in range(20):
        see(sides, 1 + 0.05 * i, 95, 90, "outbound")
    assert sides.is_double
    sides.begin()
    assert not sides.is_double


@pytest.mark.parametrize(("posture", "is_double"), [("supine", True), ("quadruped", False)])
def test_a_far_leg_that_is_not_seen_lies_behind_the_near_one_only_on_the_back(posture, is_double):
    sides = tracker(posture)
    for i in range(20):
        see(sides, 0.05 * i, 95, math.nan, "end-range")
    assert sides.is_double is is_double


def test_an_exercise_without_sides_has_none():
    settings = Settings(GLUTE_BRIDGE.all_settings)
    sides = SideTracker(replace(GLUTE_BRIDGE, reach=lambda _: Reach(0.5, 0.5)))
    body = Body(0.0)
    assert sides.reach(RuleContext(body, Baseline(body), None, settings), "outbound").excursion == 0.5
    assert (sides.side, sides.is_double) == (None, False)
    assert BIRD_DOG.sides == ("left", "right")
