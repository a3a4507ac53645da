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


# -- the side that is told ----


def cycle(sides, t, share, total_s=2.0, lead="left"):
    """One cycle in which a leg is out for so large a share of the time, by its name, and the other one for the rest."""
    rest = {"left": 5, "right": 5}
    out = {"left": (95, 5), "right": (5, 95)}
    see(sides, t, *((40, 10) if lead == "left" else (10, 40)), "rest")
    sides.begin()
    steps = round(total_s * 20)
    for i in range(1, steps + 1):
        name = lead if i <= round(share * steps) else ("right" if lead == "left" else "left")
        see(sides, t + i / 20, *out[name], "outbound")
    told = sides.settle()
    see(sides, t + total_s + 0.5, *rest.values(), "rest")
    return told


@pytest.mark.parametrize(("share", "side"), [(1.0, "left"), (0.7, "left"), (0.6, None), (0.4, None), (0.3, "right")])
def test_a_side_is_told_by_a_clear_majority_of_the_time(share, side):
    """Names that the tracker swapped for a third of the time leave the side open: it is nobody's then."""
    assert cycle(tracker(), 0.0, share) == side


@pytest.mark.parametrize(("share", "side"), [(0.62, "left"), (0.54, None), (0.28, None), (0.1, "right")])
def test_who_has_changed_legs_each_time_probably_does_so_again(share, side):
    """It makes up for a doubt; against it the names must be the clearer, and it never tells a side by itself."""
    sides = tracker()
    for i, lead in enumerate(("left", "right", "left", "right")):
        assert cycle(sides, 10.0 * i, 1.0, lead=lead) == lead
    assert cycle(sides, 50.0, share) == side


@pytest.mark.parametrize("before", [("left", "left", "right"), ("right",), ("left", "right")])
def test_who_has_not_always_changed_legs_is_not_expected_to(before):
    sides = tracker()
    for i, lead in enumerate(before):
        cycle(sides, 10.0 * i, 1.0, lead=lead)
    assert cycle(sides, 50.0, 0.62) is None


def test_an_unknown_side_expects_nothing_of_the_next():
    sides = tracker()
    for i, (lead, share) in enumerate((("left", 1.0), ("right", 1.0), ("left", 1.0), ("right", 0.5))):
        cycle(sides, 10.0 * i, share, lead=lead)
    assert cycle(sides, 50.0, 0.62) is None


def test_a_picture_votes_for_its_time_and_a_stall_for_half_a_second():
    """Ten pictures in half a second weigh as much as two in the next; two seconds without any weigh as half a one."""
    sides = tracker()
    see(sides, 0.0, 40, 10, "rest")
    sides.begin()
    for i in range(1, 11):
        see(sides, 0.05 * i, 95, 5, "outbound")
    see(sides, 0.75, 5, 95, "outbound")
    see(sides, 3.0, 5, 95, "outbound")
    assert sides.is_open
    assert sides.settle() is None


def test_an_exercise_without_sides_has_none_to_tell():
    sides = SideTracker(replace(GLUTE_BRIDGE, reach=lambda _: Reach(0.5, 0.5)))
    see(sides, 0.0, 40, 10, "rest")
    sides.begin()
    assert (sides.settle(), sides.is_open) == (None, False)


def test_the_leg_is_followed_by_what_it_does_whatever_its_name():
    sides = tracker()
    see(sides, 0.0, 40, 10, "rest")
    sides.begin()
    for i in range(1, 20):
        see(sides, 0.1 * i, 90, 5, "outbound")
    see(sides, 2.0, 5, 90, "outbound")
    assert (sides.side, sides.followed) == ("left", "right")
