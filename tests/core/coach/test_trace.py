"""The back's last seconds for the screen: how old each point is, how far they go back, what the doubt leaves open."""

import math

import pytest

from formcheck.core.coach.trace import Trace, TraceKeeper


def kept(until_s, fps=20):
    """A keeper that was shown a hollow of a hundredth of the time, so often a second."""
    keeper = TraceKeeper()
    for i in range(round(until_s * fps) + 1):
        keeper.note(i / fps, i / fps / 100)
    return keeper


def test_points_are_a_tenth_of_a_second_apart_and_know_their_age():
    points = kept(1.0).trace(1.0, 0.0, 0.0, 0.0, 0.0).points
    assert [p.age_s for p in points] == pytest.approx([1.0 - i / 10 for i in range(11)])
    assert [p.deviation for p in points] == pytest.approx([i / 1000 for i in range(11)])


def test_it_goes_back_ten_seconds_also_when_nothing_new_was_noted():
    keeper = kept(25.0)
    assert keeper.trace(25.0, 0.0, 0.0, 0.0, 0.0).points[0].age_s == pytest.approx(10.0, abs=0.11)
    later = keeper.trace(31.0, 0.0, 0.0, 0.0, 0.0).points
    assert (later[0].age_s, later[-1].age_s) == (pytest.approx(10.0, abs=0.11), pytest.approx(6.0))
    assert TraceKeeper().trace(1.0, 0.0, 0.0, 0.0, 0.0).points == ()


def test_the_interval_holds_ninety_percent_of_a_normal_distribution():
    trace = kept(1.0).trace(1.0, 0.01, 0.004, 0.03, 0.05)
    share = math.erf(trace.spread / 0.01 / math.sqrt(2))
    assert share == pytest.approx(0.90, abs=0.001)
    assert (trace.arch_limit, trace.round_limit) == (0.03, 0.05)


@pytest.mark.parametrize(
    ("deviation", "is_open"),
    [(0.019, False), (0.021, True), (-0.039, False), (-0.041, True), (0.0, False)],
)
def test_a_change_is_open_where_its_interval_reaches_beyond_a_limit(deviation, is_open):
    assert Trace((), 0.02, 0.01, 0.03, 0.05).leaves_open(deviation) is is_open


def test_a_limit_that_is_not_there_is_never_reached_and_what_is_not_known_is_open():
    assert not Trace((), 0.02, 0.01, 0.0, 0.05).leaves_open(0.5)
    assert not Trace((), 0.02, 0.01, 0.03, 0.0).leaves_open(-0.5)
    assert Trace((), 0.02, math.nan, 0.03, 0.0).leaves_open(0.0)
    assert Trace((), 0.02, 0.01, 0.0, 0.05).leaves_open(math.nan)
    assert not Trace((), 0.02, math.nan, 0.0, 0.0).leaves_open(math.nan)
