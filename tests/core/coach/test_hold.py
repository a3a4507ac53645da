"""The clock of a hold: still moments in the range count, short gaps are bridged, long ones are left out."""

import pytest

from formcheck.core.coach.hold import HoldClock
from formcheck.core.rules.exercise import Reach


def clock(*parts, needs_rest=True, gap_s=0.5, fps=20.0):
    """Parts of (seconds, excursion at their beginning, at their end, whether the position is good)."""
    held, t = HoldClock(gap_s, needs_rest), 0.0
    for seconds, begin, end, is_good in parts:
        for i in range(round(seconds * fps)):
            way = begin + (end - begin) * i / (seconds * fps)
            held.update(t, Reach(way, way), is_good=is_good)
            t += 1 / fps
    return held


def test_a_still_position_is_timed_without_the_way_in():
    held = clock((1.0, 0.0, 1.2, False), (4.0, 1.2, 1.2, True), (1.0, 1.2, 0.0, False))
    assert held.total_s == pytest.approx(4.0, abs=0.5)
    assert not held.is_still


@pytest.mark.parametrize(("speed", "is_held"), [(0.20, True), (0.30, False)])
def test_who_moves_faster_than_a_quarter_of_the_range_a_second_does_not_hold(speed, is_held):
    held = clock((3.0, 1.0, 1.0 + 3 * speed, True))
    assert (held.total_s > 2.0) is is_held


@pytest.mark.parametrize(("gap_s", "lost_s"), [(0.3, 0.0), (1.2, 1.2)])
def test_a_short_gap_is_bridged_and_a_long_one_left_out(gap_s, lost_s):
    held = clock((3.0, 1.2, 1.2, True), (gap_s, 1.2, 1.2, False), (3.0, 1.2, 1.2, True))
    assert held.total_s == pytest.approx(6.0 + gap_s - lost_s, abs=0.65)


def test_the_length_of_a_gap_is_the_callers():
    parts = ((3.0, 1.2, 1.2, True), (1.2, 1.2, 1.2, False), (3.0, 1.2, 1.2, True))
    assert clock(*parts, gap_s=2.0).total_s > clock(*parts, gap_s=0.2).total_s + 0.9


def test_the_hold_of_an_outline_runs_while_it_moves():
    held = clock((3.0, 1.0, 3.0, True), needs_rest=False)
    assert held.total_s > 0
    assert clock((3.0, 1.0, 3.0, True)).total_s == 0.0


def test_the_hold_of_an_outline_begins_at_most_of_its_furthest_place():
    """It passes 1.4, which is 0.7 of 2, after 0.4 of its second."""
    held = clock((1.0, 1.0, 2.0, True), (4.0, 2.0, 2.0, True), needs_rest=False)
    assert held.total_s == pytest.approx(4.6, abs=0.15)


def test_what_is_reached_after_two_seconds_belongs_to_the_hold():
    """At first 1.0 to 1.1; it goes to 2 only after three seconds: the hold began at the first 0.7 of 1.1."""
    held = clock((3.0, 1.0, 1.1, True), (1.0, 1.1, 2.0, True), (2.0, 2.0, 2.0, True), needs_rest=False)
    assert held.total_s == pytest.approx(6.0, abs=0.2)


def test_a_pause_is_left_out():
    held = clock((3.0, 1.2, 1.2, True))
    before_s = held.total_s
    held.pause()
    assert (held.is_still, held.total_s) == (False, before_s)
    for i in range(40):
        held.update(60.0 + i / 20, Reach(1.2, 1.2), is_good=True)
    assert held.total_s == pytest.approx(before_s + 2.0, abs=0.5)


def test_two_pictures_do_not_make_a_window():
    held = HoldClock(0.5, needs_rest=True)
    assert (held.is_still, held.total_s) == (False, 0.0)
    held.update(0.0, Reach(1.2, 1.2), is_good=True)
    held.update(0.1, Reach(1.2, 1.2), is_good=True)
    assert (held.is_still, held.total_s) == (False, 0.0)
    held.update(0.2, Reach(1.2, 1.2), is_good=True)
    assert held.is_still
