"""What an outline says about the low back: known curves in, their depth, curvature, gap and doubt out."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.core.body.back import STATIONS, Back, lumbar_of, sagitta_tl, unknown_back

S = np.array(STATIONS)


def back(offset_tl: np.ndarray, sd_tl: float = 0.004) -> Back:
    offset = np.asarray(offset_tl, np.float32)
    sd = np.where(np.isnan(offset), np.nan, sd_tl).astype(np.float32)
    return Back(0.0, offset, sd, np.zeros((17, 2), np.float32))


def arc(depth_tl: float) -> np.ndarray:
    """A back with a circular hollow of this depth between the two ends of the stations, buttock and ribs level."""
    half = 0.40
    radius = (half**2 + depth_tl**2) / (2 * depth_tl)
    return np.asarray(0.2 - (np.sqrt(radius**2 - (S - 0.5) ** 2) - (radius - depth_tl)))


@pytest.mark.parametrize("depth_tl", [0.02, 0.05, 0.10])
def test_the_curvature_of_an_arc_is_one_over_its_radius(depth_tl):
    radius = (0.40**2 + depth_tl**2) / (2 * depth_tl)
    assert lumbar_of(back(arc(depth_tl))).curvature_per_tl == pytest.approx(1 / radius, rel=0.08)


def test_a_straight_back_has_no_hollow_no_curvature_and_no_gap_however_it_slopes():
    low = lumbar_of(back(0.1 + 0.15 * S))
    assert (low.sagitta_tl, low.curvature_per_tl, low.gap_tl) == pytest.approx((0, 0, 0), abs=1e-4)


def test_a_round_back_is_negative_and_leaves_no_gap():
    low = lumbar_of(back(0.4 - arc(0.06)))
    assert low.sagitta_tl < -0.02
    assert low.curvature_per_tl < -0.3
    assert low.gap_tl == pytest.approx(0, abs=1e-6)


def test_the_gap_is_what_a_straight_floor_leaves_open():
    assert lumbar_of(back(arc(0.05))).gap_tl == pytest.approx(0.05, abs=0.002)


def test_the_floor_rests_on_the_buttock_and_the_ribs_that_jut_out_and_not_on_the_ends():
    bumps = 0.15 + 0.05 * np.exp(-(((S - 0.2) / 0.06) ** 2)) + 0.05 * np.exp(-(((S - 0.8) / 0.06) ** 2))
    assert lumbar_of(back(bumps)).gap_tl == pytest.approx(0.05, abs=0.004)


def test_the_doubt_of_the_stations_becomes_the_doubt_of_the_hollow():
    sure, unsure = lumbar_of(back(arc(0.05), 0.002)), lumbar_of(back(arc(0.05), 0.010))
    assert unsure.sd_tl == pytest.approx(5 * sure.sd_tl)
    assert 0.002 < sure.sd_tl < 0.003
    assert sure.confidence > 0.8 > 0.5 > unsure.confidence > 0


def test_a_hidden_middle_is_bridged_and_hidden_ribs_are_not():
    middle, ribs = arc(0.05), arc(0.05)
    middle[(S > 0.42) & (S < 0.58)] = np.nan
    ribs[S > 0.7] = np.nan
    assert sagitta_tl(middle.astype(np.float32)) == pytest.approx(sagitta_tl(arc(0.05).astype(np.float32)), abs=0.012)
    low = lumbar_of(back(ribs))
    assert np.isnan([low.sagitta_tl, low.sd_tl, low.curvature_per_tl, low.gap_tl]).all()
    assert low.confidence == 0.0


def test_an_unknown_back_says_nothing():
    low = lumbar_of(unknown_back(0.0, "arm-in-front"))
    assert np.isnan(low.sagitta_tl)
    assert low.confidence == 0.0
