"""Who rests below the range is noticed after 0.7 s; who still moves, trembles or has arrived is not."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from formcheck.core.coach.cycle import LEAVE
from formcheck.core.coach.faults import ROM_SD
from formcheck.core.coach.shortfall import ShortfallDetector
from formcheck.core.rules.exercise import Reach

SLACK = 0.1
"""Five degrees of a range of fifty."""


def told_s(place: Callable[[float], float], until_s: float = 6.0, fps: int = 15) -> float:
    """When it is noticed; NaN for never. A movement begins where it has left the start."""
    detector = ShortfallDetector(ROM_SD)
    for i in range(round(until_s * fps)):
        t = i / fps
        at = place(t)
        if not at < LEAVE and detector.update(t, Reach(at, at, hold_slack=SLACK)):
            return t
    return math.nan


def until(stop: float, way_s: float) -> Callable[[float], float]:
    """An eased way of so many seconds that ends at a share of the range."""
    return lambda t: stop * (0.5 - 0.5 * math.cos(math.pi * min(t / way_s, 1.0)))


@pytest.mark.parametrize("fps", [10, 15, 30, 60])
def test_somebody_who_stops_half_way_is_noticed_soon_after_seven_tenths_of_a_second(fps: int) -> None:
    assert 1.5 + 0.3 <= told_s(until(0.6, 1.5), fps=fps) <= 1.5 + 0.85


@pytest.mark.parametrize("way_s", [1.0, 2.0, 4.0, 6.0])
def test_somebody_on_the_way_to_the_range_is_told_nothing(way_s: float) -> None:
    assert math.isnan(told_s(until(1.4, way_s), until_s=way_s + 2.0))


def test_somebody_who_creeps_on_toward_it_is_told_nothing() -> None:
    """Five degrees a second."""
    assert math.isnan(told_s(lambda t: 0.1 * t, until_s=9.0))


def test_somebody_in_the_range_to_within_its_noise_is_told_nothing() -> None:
    assert math.isnan(told_s(until(0.98, 1.0)))
    assert not math.isnan(told_s(until(0.95, 1.0)))


def test_what_is_not_seen_is_no_rest() -> None:
    assert math.isnan(told_s(lambda t: 0.5 if t % 0.6 < 0.3 else math.nan))


def test_a_limb_that_still_comes_keeps_the_rest_waiting() -> None:
    """The hip has stopped and the knee has not."""
    detector = ShortfallDetector(ROM_SD)
    moving = [detector.update(i / 15, Reach(0.6, 0.1 + 0.02 * i, hold_slack=SLACK)) for i in range(30)]
    still = [detector.update(2 + i / 15, Reach(0.6, 0.7, hold_slack=SLACK)) for i in range(15)]
    assert not any(moving)
    assert any(still)
