"""The networks beside the normal distribution: in each stance, with what is missing, never without the other model."""

from __future__ import annotations

import math

import numpy as np
import pytest

from formcheck.core.body.back import STATIONS, Contour
from formcheck.core.body.lumbar_angle import LumbarChange, by_distribution, lumbar_change, without_limbs
from formcheck.core.body.lumbar_net import STANCES, bend
from formcheck.testing import Stance, back_of

POSTURES = dict.fromkeys(("tabletop", "hook-lying", "bridge"), "supine") | {"quadruped": "quadruped"}
STILL = np.zeros(8)


def outline(stance, lumbar_deg=0.0, sd_tl=0.004, shift_tl=0.0):
    back = back_of(Stance(posture=POSTURES.get(stance, "upright"), lumbar_deg=lumbar_deg, lumbar_model=stance), 0.0)
    return Contour(back.offset_tl + np.float32(shift_tl), np.full(len(STATIONS), sd_tl, np.float32))


def asked(stance, lumbar_deg, **how):
    now, start = outline(stance, lumbar_deg, **how), outline(stance, **how)
    return without_limbs(now, start, STILL, stance), now, start


@pytest.mark.parametrize("stance", STANCES)
def test_a_bend_of_fifteen_degrees_is_told_with_its_sign_in_every_stance(stance):
    for deg in (-15.0, 15.0):
        told = lumbar_change(outline(stance, deg), outline(stance), STILL, stance, 0.0)
        assert np.sign(told.deg) == np.sign(deg)
        assert abs(told.deg - deg) < 2.5 * told.sd_deg


@pytest.mark.parametrize("stance", STANCES)
def test_what_is_told_lies_half_way_between_both_models(stance):
    now, start = outline(stance, 20.0), outline(stance)
    one, _ = by_distribution(now, start, STILL, stance)
    other, _ = bend(*asked(stance, 20.0), 0.0, stance)
    assert one != pytest.approx(other, abs=0.05)
    assert lumbar_change(now, start, STILL, stance, 0.0).deg == pytest.approx((one + other) / 2)


@pytest.mark.parametrize("stance", STANCES)
def test_a_straight_back_is_surer_than_one_that_bends_far(stance):
    straight, bent = (bend(*asked(stance, deg), 0.0, stance)[1] for deg in (0.0, -40.0))
    assert straight < bent


def test_the_distance_of_the_outline_does_not_count_only_its_shape():
    bare, coat = (bend(*asked("tabletop", 20.0, shift_tl=shift), 0.0, "tabletop") for shift in (0.0, 0.06))
    assert coat == pytest.approx(bare, abs=0.02)


def test_a_view_from_aside_counts_alike_from_either_side_and_not_at_all_where_it_is_not_known():
    left, right, none, side_on = (bend(*asked("quadruped", 15.0), deg, "quadruped") for deg in (-25, 25, math.nan, 0))
    assert left == right
    assert none == side_on
    assert left != side_on


def test_stations_that_were_not_read_make_no_error_and_change_what_is_told():
    apart, now, start = asked("tabletop", 25.0)
    whole = bend(apart, now, start, 0.0, "tabletop")
    apart[4:9] = math.nan
    holed = bend(apart, now, start, 0.0, "tabletop")
    assert holed[0] > 8
    assert holed != whole


@pytest.mark.parametrize(
    ("deg", "sd_deg", "is_seen"),
    [
        (0.0, 9.0, True),
        (0.0, 9.1, False),
        (-24.0, 12.0, True),
        (-24.0, 12.1, False),
        (24.0, 12.0, True),
        (60.0, 13.5, True),
        (60.0, 13.6, False),
        (math.nan, math.nan, False),
    ],
)
def test_a_bend_is_seen_where_it_is_sure_or_plain_and_nearly_so(deg, sd_deg, is_seen):
    assert LumbarChange(deg, sd_deg).is_seen(9.0) is is_seen
