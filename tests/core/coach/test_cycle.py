"""One repetition at a time, from plain numbers: where each phase begins and ends, and what is no repetition."""

import math

import numpy as np
import pytest

from exercises.dead_bug import EXERCISE as DEAD_BUG
from formcheck.core.body.quantities import Estimate
from formcheck.core.coach.cycle import Cycle
from formcheck.core.rules.exercise import Reach, RepFacts
from formcheck.core.rules.setting import Settings

FPS = 20


def follow(*keys, cycle=None, fps=FPS, is_home=True, side="left", **reach):
    """Feed a way through (seconds, excursion) points; the range is full at 1. Returns (time, step) of each picture."""
    cycle = cycle or Cycle(0.5)
    begin_s, end_s = keys[0][0], keys[-1][0]
    steps = []
    for i in range(round((end_s - begin_s) * fps) + 1):
        t = begin_s + i / fps
        after = next(k for k, (s, _) in enumerate(keys) if s >= t - 1e-9 or k == len(keys) - 1)
        (a_s, a), (b_s, b) = keys[max(after - 1, 0)], keys[after]
        way = b if b_s == a_s else a + (b - a) * (t - a_s) / (b_s - a_s)
        steps.append((t, cycle.update(t, Reach(way, way, **reach), side, is_home)))
    return steps


def ended(steps):
    return [(step.ended, step.is_rep) for _, step in steps if step.ended is not None]


def phases(steps):
    return [step.entered for _, step in steps if step.entered is not None]


def entered_s(steps, phase):
    return next(t for t, step in steps if step.entered == phase)


REP = ((0, 0.0), (1, 0.0), (2, 1.2), (4, 1.2), (5, 0.0), (6, 0.0))


def test_there_and_back_is_a_repetition():
    steps = follow(*REP)
    [(span, is_rep)] = ended(steps)
    assert is_rep
    assert phases(steps) == ["outbound", "end-range", "return", "rest"]
    assert (span.side, span.peak_rom, span.peak_excursion) == ("left", 1.2, 1.2)
    assert span.start_s == pytest.approx(1.0, abs=0.06)
    assert span.peak_s == pytest.approx(2.0, abs=0.06), "when it was reached, not when it was left"
    assert span.hold_s == pytest.approx(2.0 + 2 * 0.1 / 1.2, abs=0.06), "and a tenth of the range on both ways"


def test_who_was_never_quiet_began_where_the_movement_left_the_start():
    """A limb that hangs a fifth of the way out is no movement."""
    [(span, _)] = ended(follow((0, 0.2), (2, 0.2), (2.5, 1.2), (4, 1.2), (5, 0.0), (6, 0.0)))
    assert span.start_s == pytest.approx(2.1, abs=0.01)


@pytest.mark.parametrize(("seen_as", "side"), [("right", "right"), (None, "left")])
def test_its_side_is_the_one_that_was_told_last(seen_as, side):
    """The tracker may swap the sides on the way; a picture that tells of none changes nothing."""
    cycle = Cycle(0.5)
    follow((0, 0.0), (1, 0.0), (2, 1.2), cycle=cycle)
    [(span, _)] = ended(follow((2.05, 1.2), (4, 1.2), (5, 0.0), (6, 0.0), cycle=cycle, side=seen_as))
    assert span.side == side


@pytest.mark.parametrize(("top", "phase"), [(0.33, "rest"), (0.37, "outbound")])
def test_a_movement_begins_beyond_a_third_of_the_range(top, phase):
    assert follow((0, 0.0), (1, 0.0), (2, top), (3, top))[-1][1].phase == phase


@pytest.mark.parametrize(("low", "count"), [(0.32, 0), (0.27, 1)])
def test_it_ends_only_when_the_limb_is_back(low, count):
    assert len(ended(follow((0, 0.0), (1, 0.0), (2, 1.2), (4, 1.2), (5, low), (7, low)))) == count


@pytest.mark.parametrize(("low", "count"), [(0.45, 0), (0.36, 1)])
def test_who_went_much_further_is_back_when_a_fifth_is_left(low, count):
    """Twice the range: a fifth of it is 0.4."""
    assert len(ended(follow((0, 0.0), (1, 0.0), (2, 2.0), (4, 2.0), (5, low), (7, low)))) == count


def test_it_ends_only_in_the_start_pose():
    assert not ended(follow(*REP, is_home=False))


@pytest.mark.parametrize(("low", "count"), [(0.28, 0), (0.23, 1)])
def test_the_outline_must_come_further_home(low, count):
    cycle = Cycle(0.5, is_of_outline=True)
    assert len(ended(follow((0, 0.0), (1, 0.0), (2, 1.0), (4, 1.0), (5, low), (7, low), cycle=cycle))) == count


@pytest.mark.parametrize(("top", "is_rep"), [(0.98, False), (1.0, True)])
def test_short_of_the_range_is_an_attempt(top, is_rep):
    [(span, found)] = ended(follow((0, 0.0), (1, 0.0), (2, top), (4, top), (5, 0.0), (6, 0.0)))
    assert found is is_rep
    assert span.peak_rom == top


@pytest.mark.parametrize(("stays_s", "phase"), [(0.05, "outbound"), (0.15, "end-range")])
def test_the_range_must_be_reached_for_longer_than_a_glitch(stays_s, phase):
    cycle = Cycle(0.5)
    follow((0, 0.0), (1, 0.0), (2, 0.9), cycle=cycle)
    follow((2.05, 1.1), (2.05 + stays_s, 1.1), cycle=cycle)
    assert cycle.phase == phase


@pytest.mark.parametrize(("pictures", "is_reached"), [(3, False), (4, True)])
def test_a_tenth_of_a_second_in_the_range_or_at_home_is_enough(pictures, is_reached):
    """At twenty-five pictures a second."""
    cycle, more_s = Cycle(0.5), (pictures - 1) / 25
    follow((0, 0.0), (1, 0.0), (2, 0.9), cycle=cycle, fps=25)
    follow((2.04, 1.1), (2.04 + more_s, 1.1), cycle=cycle, fps=25)
    assert cycle.phase == ("end-range" if is_reached else "outbound")
    follow((2.5, 1.1), (3, 1.1), (3.4, 0.5), cycle=cycle, fps=25)
    steps = follow((3.44, 0.0), (3.44 + more_s, 0.0), cycle=cycle, fps=25)
    assert [is_rep for _, is_rep in ended(steps)] == [True] * is_reached


@pytest.mark.parametrize(("low", "phase"), [(0.87, "end-range"), (0.83, "return")])
def test_the_top_is_left_below_0_85_of_the_range(low, phase):
    assert follow((0, 0.0), (1, 0.0), (2, 1.2), (3, 1.2), (4, low), (5, low))[-1][1].phase == phase


@pytest.mark.parametrize(("dips_s", "phase"), [(0.05, "end-range"), (0.15, "return")])
def test_a_glitch_does_not_leave_the_top(dips_s, phase):
    cycle = Cycle(0.5)
    follow((0, 0.0), (1, 0.0), (2, 1.2), (3, 1.2), cycle=cycle)
    follow((3.05, 0.5), (3.05 + dips_s, 0.5), cycle=cycle)
    assert cycle.phase == phase


def test_a_second_visit_of_the_range_is_the_same_repetition():
    steps = follow((0, 0.0), (1, 0.0), (2, 1.2), (3, 1.2), (3.5, 0.7), (4, 1.2), (5, 1.2), (6, 0.0), (7, 0.0))
    assert phases(steps) == ["outbound", "end-range", "return", "end-range", "return", "rest"]
    assert [is_rep for _, is_rep in ended(steps)] == [True]


@pytest.mark.parametrize(("visit_s", "phase"), [(0.05, "return"), (0.15, "end-range")])
def test_a_glitch_on_the_way_back_is_no_second_visit(visit_s, phase):
    cycle = Cycle(0.5)
    follow((0, 0.0), (1, 0.0), (2, 1.2), (3, 1.2), (3.5, 0.6), cycle=cycle)
    follow((3.55, 1.1), (3.55 + visit_s, 1.1), cycle=cycle)
    assert cycle.phase == phase


@pytest.mark.parametrize(("other_s", "is_rep"), [(0.15, True), (0.3, False)])
def test_another_exercise_is_none_when_it_lasts(other_s, is_rep):
    cycle = Cycle(0.5)
    follow((0, 0.0), (1, 0.0), (2, 1.2), (3, 1.2), cycle=cycle)
    follow((3.05, 1.2), (3.0 + other_s, 1.2), cycle=cycle, is_other=True)
    [(span, found)] = ended(follow((3.05 + other_s, 1.2), (4, 1.2), (5, 0.0), (6, 0.0), cycle=cycle))
    assert found is is_rep
    assert span.is_other is not is_rep


# -- what is not seen ----


def blind(cycle, begin_s, end_s, fps=FPS):
    """Pictures in which nothing of the movement is known."""
    return [
        (begin_s + i / fps, cycle.update(begin_s + i / fps, Reach(math.nan, math.nan), "left", True))
        for i in range(round((end_s - begin_s) * fps) + 1)
    ]


@pytest.mark.parametrize(("unseen_s", "is_dropped"), [(0.9, False), (1.2, True)])
def test_a_way_out_that_is_not_seen_for_a_second_is_lost(unseen_s, is_dropped):
    cycle = Cycle(0.5)
    follow((0, 0.0), (1, 0.0), (2, 0.8), cycle=cycle)
    found = ended(blind(cycle, 2.05, 2.0 + unseen_s))
    assert [is_rep for _, is_rep in found] == [False] * is_dropped
    assert all(span.unknown_s > 1.0 for span, _ in found)


@pytest.mark.parametrize(("unseen_s", "is_dropped"), [(2.4, False), (2.7, True)])
def test_a_hold_may_be_covered_for_longer(unseen_s, is_dropped):
    cycle = Cycle(0.5)
    follow((0, 0.0), (1, 0.0), (2, 1.2), (3, 1.2), cycle=cycle)
    assert len(ended(blind(cycle, 3.05, 3.0 + unseen_s))) == is_dropped


@pytest.mark.parametrize(("unseen_s", "is_dropped"), [(0.45, False), (0.6, True)])
def test_an_outline_on_its_way_out_must_be_seen(unseen_s, is_dropped):
    cycle = Cycle(0.5, is_of_outline=True)
    follow((0, 0.0), (1, 0.0), (2, 0.8), cycle=cycle)
    assert len(ended(blind(cycle, 2.05, 2.0 + unseen_s))) == is_dropped


@pytest.mark.parametrize(("unseen_s", "begins"), [(0.4, True), (0.7, False)])
def test_an_outline_that_is_seen_again_half_way_out_did_not_begin_there(unseen_s, begins):
    cycle = Cycle(0.5, is_of_outline=True)
    follow((0, 0.0), (1, 0.0), cycle=cycle)
    blind(cycle, 1.05, 1.0 + unseen_s)
    steps = follow((1.05 + unseen_s, 0.8), (2.5, 1.0), cycle=cycle)
    assert ("outbound" in phases(steps)) is begins
    follow((2.55, 0.9), (3.0, 0.0), (3.5, 0.0), cycle=cycle)
    again = follow((3.55, 0.0), (4.5, 1.2), (5.0, 1.2), cycle=cycle)
    assert "outbound" in phases(again) or begins


@pytest.mark.parametrize(("unseen_s", "unknown_s"), [(0.10, 0.0), (0.4, 0.4)])
def test_what_was_not_known_between_known_pictures_is_kept(unseen_s, unknown_s):
    cycle = Cycle(0.5)
    follow((0, 0.0), (1, 0.0), (2, 1.2), (3, 1.2), cycle=cycle)
    blind(cycle, 3.05, 3.0 + unseen_s)
    [(span, _)] = ended(follow((3.05 + unseen_s, 1.2), (5, 1.2), (6, 0.0), (7, 0.0), cycle=cycle))
    assert span.unknown_s == pytest.approx(unknown_s, abs=0.06)


@pytest.mark.parametrize("fps", [4, 5, 6.6, 15, 60])
def test_the_distance_of_two_pictures_is_not_unknown(fps):
    [(span, is_rep)] = ended(follow(*REP, fps=fps))
    assert (span.unknown_s, is_rep) == (0.0, True)


@pytest.mark.parametrize(("stall_s", "is_gap"), [(0.4, False), (0.8, True)])
def test_pictures_that_stall_are_unknown(stall_s, is_gap):
    """Five a second: three times their distance is 0.6 s."""
    cycle = Cycle(0.5)
    follow((0, 0.0), (1, 0.0), (2, 1.2), (4, 1.2), cycle=cycle, fps=5)
    [(span, _)] = ended(
        follow((4 + stall_s, 1.2), (6 + stall_s, 1.2), (7 + stall_s, 0), (8 + stall_s, 0), cycle=cycle, fps=5)
    )
    assert (span.unknown_s > 0) is is_gap


def test_pictures_that_stall_at_once_are_unknown():
    """After three pictures that came quickly."""
    cycle = Cycle(0.5)
    for t in (0.0, 0.05, 0.10, 1.05):
        cycle.update(t, Reach(0.5, 0.5), "left", False)
    assert cycle.span.unknown_s == pytest.approx(0.9, abs=0.02)


def test_a_limb_that_is_out_in_the_first_picture_is_on_its_way():
    assert follow((0, 0.8), (0.2, 0.8))[0][1].phase == "outbound"


def test_both_ways_together_take_ninety_seconds_at_most_and_a_hold_as_long_as_it_likes():
    slow = follow((0, 0.0), (1, 0.0), (85, 1.2), (86, 1.2), (87, 0.0), (88, 0.0), fps=4)
    assert [is_rep for _, is_rep in ended(slow)] == [True]
    slower = follow((0, 0.0), (1, 0.0), (2, 0.8), (95, 0.85), (96, 1.2), (98, 0.0), (99, 0.0), fps=4)
    assert not ended(slower)[0][1]
    held = follow((0, 0.0), (1, 0.0), (2, 1.2), (200, 1.2), (201, 0.0), (202, 0.0), fps=4)
    [(span, is_rep)] = ended(held)
    assert is_rep
    assert span.hold_s == pytest.approx(197.5, abs=1.0)


def test_a_cycle_that_is_dropped_is_handed_back_and_forgotten():
    cycle = Cycle(0.5)
    follow((0, 0.0), (1, 0.0), (2, 1.2), (3, 1.2), cycle=cycle)
    assert cycle.drop().reached_s == pytest.approx(1.95, abs=0.1)
    assert (cycle.phase, cycle.span, cycle.drop(), cycle.hold_s) == ("rest", None, None, 0.0)


# -- timing of the way out ----


def eased(out_s, *, top=1.5, fps=30, skip=lambda _: False):
    """A way out as people make it, slow at both ends."""
    cycle, t = Cycle(0.5), 0.0
    found = []
    for i in range(round((out_s + 5) * fps)):
        t = i / fps
        way = min(max((t - 1.0) / out_s, 0.0), 1.0) if t < out_s + 3 else max(0.0, 1 - (t - out_s - 3))
        moved = top * (1 - math.cos(math.pi * way)) / 2
        found.append((t, cycle.update(t, Reach(math.nan if skip(t) else moved, moved), "left", True)))
    return ended(found)


@pytest.mark.parametrize("fps", [10, 15, 30, 60])
@pytest.mark.parametrize("out_s", [0.8, 1.5, 3.0])
def test_the_whole_way_out_is_told_from_its_middle(out_s, fps):
    [(span, _)] = eased(out_s, fps=fps)
    assert span.outbound().value == pytest.approx(out_s, rel=0.12)


@pytest.mark.parametrize(("until_s", "is_timed"), [(1.6, True), (1.95, False)])
def test_a_limb_that_comes_into_view_late_can_not_be_timed(until_s, is_timed):
    """Of a way of 1.5 s, seen from a third of it on, or from two thirds on."""
    [(span, _)] = eased(1.5, skip=lambda t: 0.9 < t < until_s)
    assert math.isnan(span.outbound().value) is not is_timed


@pytest.mark.parametrize(("gap_s", "is_whole"), [(0.2, True), (0.5, False)])
def test_a_way_that_was_lost_in_its_middle_is_told_from_what_follows(gap_s, is_whole):
    [(span, _)] = eased(2.0, skip=lambda t: 1.5 < t < 1.5 + gap_s)
    assert span.outbound().value == pytest.approx(2.0, rel=0.1 if is_whole else 0.25)


@pytest.mark.parametrize(("lost", "is_timed"), [(7, True), (9, False)])
def test_a_way_that_is_lost_for_three_tenths_of_a_second_can_not_be_timed(lost, is_timed):
    """So many pictures of thirty a second, on a way so slow that nothing leaps."""
    [(span, _)] = eased(3.0, skip=lambda t: 2.41 < t < 2.41 + lost / 30)
    assert math.isnan(span.outbound().value) is not is_timed


def test_a_leap_between_two_pictures_is_a_limb_that_appears():
    cycle = Cycle(0.5)
    follow((0, 0.0), (1, 0.0), cycle=cycle)
    [(span, _)] = ended(follow((1.05, 0.9), (1.5, 1.2), (3, 1.2), (4, 0.0), (5, 0.0), cycle=cycle))
    assert math.isnan(span.outbound().value)


def cosine(x):
    return (1 - math.cos(math.pi * x)) / 2


EASINGS = {
    "even": lambda x: x,
    "cosine": cosine,
    "square in": lambda x: x**2,
    "square out": lambda x: 1 - (1 - x) ** 2,
    "cubic in": lambda x: x**3,
    "cubic out": lambda x: 1 - (1 - x) ** 3,
    "fourth power in": lambda x: x**4,
    "fourth power out": lambda x: 1 - (1 - x) ** 4,
    "minimum jerk": lambda x: x**3 * (10 - 15 * x + 6 * x * x),
    "pause half way": lambda x: cosine(min(x / 0.4, 1)) / 2 + cosine(max((x - 0.6) / 0.4, 0)) / 2,
}
LIKE_APPEARING = {("cubic in", 0.3, 10), ("fourth power in", 0.3, 10), ("fourth power out", 0.3, 10)} | {
    ("pause half way", out_s, fps) for out_s, fps in ((0.3, 10), (0.3, 15), (0.4, 10), (0.4, 15), (0.6, 10))
}
"""Half of the way between two pictures and then a stop: at some phases of the pictures that can't be told from a limb
that comes into view, and is not timed. A cube of 0.3 s likewise, at one phase in 24, and a fourth power."""


def outbound_s(ease, out_s, fps, phase):
    """What is told of a way of this easing; the pictures begin at a share of their distance."""
    cycle = Cycle(0.5)
    for i in range(round((out_s + 4.5) * fps)):
        t = (i + phase) / fps
        way = ease(min(max((t - 1.0) / out_s, 0.0), 1.0)) - cosine(min(max(t - out_s - 2.5, 0.0), 1.0))
        step = cycle.update(t, Reach(1.5 * way, 1.5 * way), "left", True)
        if step.ended is not None and step.is_rep:
            return step.ended.outbound().value
    raise AssertionError("no repetition")


def told(out_s, fps, easing):
    """For several phases of the pictures: whether the dead bug's rule tells it; None where it is not timed."""
    rule = next(f for f in DEAD_BUG.end_faults if f.name == "too-fast")
    phases = np.random.default_rng(7).uniform(0, 1, 8)
    found = [outbound_s(EASINGS[easing], out_s, fps, phase) for phase in phases]
    facts = [RepFacts("left", None, Estimate(out), 1.0, 1.5, start=None) for out in found]
    judged = [rule.judge(f, Settings(DEAD_BUG.all_settings)) for f in facts]
    return {None if is_fault is not None and math.isnan(is_fault) else is_fault is not None for is_fault in judged}


@pytest.mark.parametrize("fps", [10, 15, 30, 60])
@pytest.mark.parametrize("out_s", [0.3, 0.4, 0.6, 1.0])
@pytest.mark.parametrize("easing", EASINGS)
def test_a_fast_way_is_told_however_it_is_eased(easing, out_s, fps):
    assert told(out_s, fps, easing) <= ({True, None} if (easing, out_s, fps) in LIKE_APPEARING else {True})


@pytest.mark.parametrize("fps", [10, 15, 30, 60])
@pytest.mark.parametrize("out_s", [1.9, 2.4])
@pytest.mark.parametrize("easing", EASINGS)
def test_a_slow_way_is_never_called_fast(easing, out_s, fps):
    assert told(out_s, fps, easing) == {False}


@pytest.mark.parametrize("fps", [10, 15, 30, 60])
@pytest.mark.parametrize("from_share", [0.15, 0.3, 0.45, 0.7])
@pytest.mark.parametrize("easing", ["even", "cosine", "square out", "cubic out"])
def test_a_limb_that_comes_into_view_is_not_called_fast(easing, from_share, fps):
    """It is taken to be at rest until then."""
    for phase in (0.05, 0.35, 0.65, 0.95):
        out_s = outbound_s(lambda x: EASINGS[easing](x) * (EASINGS[easing](x) >= from_share), 1.9, fps, phase)
        assert math.isnan(out_s) or out_s >= 0.9 * 1.5


def way_s(fps, shares):
    """What is told of a way whose pictures show these shares of the range, from rest on and with a rest after it."""
    cycle, told = Cycle(0.5), math.nan
    shown = [0.0] * fps + [1.25 * share for share in shares] + [1.25] * fps + [0.9, 0.6, 0.3] + [0.0] * fps
    for i, moved in enumerate(shown):
        step = cycle.update(i / fps, Reach(moved, moved), "left", True)
        told = step.ended.outbound().value if step.is_rep else told
    return told


def test_a_picture_that_lags_behind_on_a_way_does_not_make_a_limb_that_appears():
    """The reading of a rendered leg that was lowered in 0.7 s: one picture is a tenth of the way too low."""
    shares = [0.01, 0.08, 0.14, 0.27, 0.25, 0.54, 0.63, 0.71, 0.81, 0.88]
    assert way_s(15, shares) == pytest.approx(0.75, abs=0.15)


@pytest.mark.parametrize("stood", [3, 6])
def test_a_limb_whose_reading_stood_still_half_way_comes_into_view(stood):
    """A hidden leg is taken to be where it was last seen; it had moved a little before it was hidden."""
    shares = [0.05, 0.11, 0.17, 0.23, *([0.24] * stood), 0.55, 0.61, 0.67, 0.74, 0.81, 0.87, 0.92, 0.96]
    assert math.isnan(way_s(15, shares))


@pytest.mark.parametrize(("may_sink", "held_s"), [(False, 4.0), (True, 1.9)])
def test_the_limb_that_is_held_decides_how_long_not_another_one_that_is_misread(may_sink, held_s):
    """The leg of a bird dog stays where it is, and after two seconds the arm reads as if it hung down. A stretch is
    held in all of its range alike: outside of it nothing is held."""
    cycle = Cycle(0.5)
    for i in range(300):
        t = i / 30
        way = 1.5 * (min(max(t - 1.0, 0.0), 1.0) - min(max(t - 6.0, 0.0), 1.0))
        rom = 0.2 if t > 4.0 else way
        step = cycle.update(t, Reach(way, min(way, rom), may_sink=may_sink), "left", True)
        if step.is_rep:
            assert step.ended.hold_s == pytest.approx(held_s, abs=0.25)
            return
    raise AssertionError("no repetition")


def test_one_picture_far_out_does_not_end_the_way():
    cycle = Cycle(0.5)
    follow((0, 0.0), (1, 0.0), (2, 0.6), cycle=cycle)
    follow((2.05, 1.2), (2.05, 1.2), cycle=cycle)
    [(span, _)] = ended(follow((2.1, 0.65), (3, 1.2), (5, 1.2), (6, 0.0), (7, 0.0), cycle=cycle))
    assert span.outbound().value == pytest.approx(2.5, abs=0.4)


def test_after_a_gap_the_cycle_goes_on_and_the_gap_is_unknown():
    cycle = Cycle(0.5)
    follow((0, 0.0), (1, 0.0), (2, 1.2), (4, 1.2), cycle=cycle)
    held_s = cycle.hold_s
    cycle.resume(10.0)
    [(span, is_rep)] = ended(follow((10.0, 1.2), (12, 1.2), (13, 0.0), (14, 0.0), cycle=cycle))
    assert is_rep
    assert span.hold_s == pytest.approx(held_s + 2.0, abs=0.4)
    assert span.unknown_s == pytest.approx(6.0, abs=0.1)


def test_a_new_gap_of_a_hold_is_for_the_next_cycle():
    def two_holds(cycle, begin_s):
        keys = ((0, 0.0), (1, 0.0), (2, 1.2), (4, 1.2), (4.05, 0.9), (4.8, 0.9), (4.85, 1.2), (7, 1.2), (8, 0), (9, 0))
        return ended(follow(*[(begin_s + t, way) for t, way in keys], cycle=cycle))

    cycle = Cycle(0.5)
    assert two_holds(cycle, 0.0)[0][1]
    cycle.change_gap(2.0)
    assert two_holds(cycle, 10.0)[0][1]
