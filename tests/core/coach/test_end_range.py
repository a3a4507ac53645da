"""The picture of the furthest reach: what lasts counts, and rest before movement."""

import math

import pytest

from formcheck.core.body.measure import Body
from formcheck.core.coach.end_range import EndRange


def furthest(*parts, fps=20):
    """Parts of (seconds, reach, is_still); the trunk angle of each picture is its reach."""
    end, t = EndRange(), 0.0
    for seconds, reach, is_still in parts:
        for _ in range(round(seconds * fps)):
            end.update(Body(t, trunk_deg=reach), reach, is_still=is_still)
            t += 1 / fps
    return end.body.trunk_deg if end.body else None


def test_the_furthest_reach_that_lasts_counts():
    assert furthest((1, 1.0, False), (1, 1.4, False), (1, 1.1, False)) == 1.4


@pytest.mark.parametrize(("seconds", "expected"), [(0.05, 1.0), (0.15, 1.0), (0.4, 2.0)])
def test_a_glitch_is_not_the_furthest_reach(seconds, expected):
    assert furthest((1, 1.0, False), (seconds, 2.0, False), (1, 1.0, False)) == expected


@pytest.mark.parametrize(("pictures", "is_reached"), [(3, False), (4, True)])
def test_a_tenth_of_a_second_must_lie_between_the_first_picture_and_the_last(pictures, is_reached):
    """At twenty-five pictures a second."""
    assert (furthest((pictures / 25, 1.0, False), fps=25) is not None) is is_reached


def test_once_the_body_has_been_still_only_that_counts():
    assert furthest((1, 2.0, False), (1, 1.2, True)) == 1.2
    assert furthest((1, 1.2, True), (1, 2.0, False)) == 1.2
    assert furthest((1, 1.2, True), (1, 1.5, True)) == 1.5


def test_what_is_not_known_is_no_reach_and_a_moment_is_none():
    assert furthest((1, math.nan, False)) is None
    assert furthest((0.05, 1.0, False)) is None
    assert furthest((0.2, 1.0, False)) == 1.0
