"""The pieces of the drawings for the menu, in a box that is 8:5 in shape."""

import math
from itertools import pairwise

import pytest

from formcheck.core.rules.drawing import FLOOR, head


def test_a_head_is_round_where_the_box_is_drawn_and_closed():
    points = [((x - 0.5) * 8, (y - 0.4) * 5) for x, y in head(0.5, 0.4, 0.1)]
    assert [math.hypot(x, y) for x, y in points] == pytest.approx([0.8] * len(points))
    assert points[0] == points[-1]
    sides = [math.dist(a, b) for a, b in pairwise(points)]
    assert max(sides) < 0.3, "no corner can be seen"
    assert max(sides) == pytest.approx(min(sides))


def test_the_floor_is_level_and_inside_the_box():
    (left, y), (right, other_y) = FLOOR
    assert y == other_y
    assert 0.0 < left < 0.2
    assert 0.8 < right < 1.0
    assert 0.8 < y < 1.0
