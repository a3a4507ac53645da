"""What an outline says about the low back: known curves in, the depth of their hollow and its uncertainty out."""

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


@pytest.mark.parametrize("depth_tl", [-0.03, 0.0, 0.02, 0.06])
@pytest.mark.parametrize("slope", [-0.15, 0.0, 0.15])
def test_a_hollow_is_as_deep_as_it_was_made_however_the_back_slopes(depth_tl, slope):
    offset = 0.2 + slope * S
    offset[(S > 0.29) & (S < 0.61)] -= depth_tl
    assert lumbar_of(back(offset)).sagitta_tl == pytest.approx(depth_tl, abs=1e-6)


def test_a_round_back_is_negative():
    assert lumbar_of(back(0.4 - arc(0.06))).sagitta_tl < -0.02


def test_the_uncertainty_of_the_stations_becomes_that_of_the_hollow():
    sure, unsure = lumbar_of(back(arc(0.05), 0.002)), lumbar_of(back(arc(0.05), 0.010))
    assert unsure.sd_tl == pytest.approx(5 * sure.sd_tl)
    assert 0.002 < sure.sd_tl < 0.003


@pytest.mark.parametrize(
    ("hidden", "is_known"),
    [
        ([0.10], True), ([0.10, 0.15], False),
        ([0.90], True), ([0.85, 0.90], False),
        ([0.40, 0.45, 0.50], True), ([0.35, 0.40, 0.45, 0.50], False),
        ([0.25, 0.65, 0.70], True),
    ],
)  # fmt: skip
def test_two_thirds_of_buttock_and_ribs_and_half_of_the_hollow_must_be_seen(hidden, is_known):
    offset = arc(0.05)
    offset[np.isin(S, hidden)] = np.nan
    low = lumbar_of(back(offset))
    assert np.isnan(low.sagitta_tl) != is_known
    assert np.isnan(low.sd_tl) != is_known


def test_a_hidden_middle_is_bridged_by_a_straight_line():
    offset = arc(0.05)
    offset[(S > 0.42) & (S < 0.58)] = np.nan
    assert sagitta_tl(offset.astype(np.float32)) == pytest.approx(sagitta_tl(arc(0.05).astype(np.float32)), abs=0.012)


def test_an_unknown_back_says_nothing():
    low = lumbar_of(unknown_back(0.0, "arm-in-front"))
    assert np.isnan([low.sagitta_tl, low.sd_tl]).all()
