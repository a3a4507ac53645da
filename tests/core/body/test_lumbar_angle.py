"""The bend of the low back from its outline and the limbs: its sign, its size, and its doubt.

The outlines are bent as the stick figures of `formcheck.testing` are: by the mean change for each degree.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from formcheck.core.body.back import STATIONS, Contour, unknown_back
from formcheck.core.body.baseline import baseline_of
from formcheck.core.body.lumbar_angle import LumbarEstimator, features, lumbar_change
from formcheck.core.body.measure import Body, measure, with_back
from formcheck.testing import Stance, back_of, pose_of
from tests.exercises.scripts import BIRD_DOG, DEAD_BUG, HALF_KNEELING, limbs

POSTURES = ("supine", "quadruped", "upright")
STILL = np.zeros(8)
STARTS = {"supine": DEAD_BUG, "quadruped": BIRD_DOG, "upright": HALF_KNEELING}


def outline(posture, lumbar_deg=0.0, sd_tl=0.004, missing=(), shift_tl=0.0):
    """An outline bent by so much; some stations were not read."""
    offset = back_of(Stance(posture=posture, lumbar_deg=lumbar_deg), 0.0).offset_tl.copy() + np.float32(shift_tl)
    sd = np.full(len(STATIONS), sd_tl, np.float32)
    offset[list(missing)] = sd[list(missing)] = np.nan
    return Contour(offset, sd)


def change(posture, lumbar_deg, *, limbs_moved=STILL, **how):
    return lumbar_change(outline(posture, lumbar_deg, **how), outline(posture), limbs_moved, posture)


@pytest.mark.parametrize("posture", POSTURES)
def test_an_arched_back_is_positive_and_a_rounded_one_negative(posture):
    arched, rounded = change(posture, 25.0), change(posture, -25.0)
    assert arched.deg > 8
    assert rounded.deg < -8
    assert 0 < arched.sd_deg < 9
    assert 0 < rounded.sd_deg < 9


@pytest.mark.parametrize("posture", POSTURES)
def test_more_bend_is_told_as_more_and_never_as_more_than_it_is(posture):
    told = [change(posture, float(deg)).deg for deg in (0, 10, 20, 30, 40)]
    steps = np.diff(told)
    assert (steps > 0).all()
    assert (steps < 10).all(), "what is unsure is taken for less"
    assert abs(told[0]) < 3


@pytest.mark.parametrize("posture", POSTURES)
def test_the_true_bend_lies_within_the_doubt(posture):
    for deg in (-10.0, 0.0, 10.0):
        told = change(posture, deg, sd_tl=0.002)
        assert abs(told.deg - deg) < 2 * told.sd_deg


@pytest.mark.parametrize("posture", POSTURES)
def test_the_doubt_of_the_stations_is_the_doubt_of_the_angle(posture):
    sds = [change(posture, 20.0, sd_tl=sd_tl) for sd_tl in (0.001, 0.003, 0.006, 0.010)]
    assert [c.sd_deg for c in sds] == sorted(c.sd_deg for c in sds)
    assert [c.deg for c in sds] == sorted((c.deg for c in sds), reverse=True), "less sure, nearer to what is usual"


@pytest.mark.parametrize("posture", POSTURES)
def test_the_doubt_of_the_start_counts_as_well(posture):
    now, limbs_moved = outline(posture, 20.0), STILL
    sure, unsure = (lumbar_change(now, outline(posture, sd_tl=sd), limbs_moved, posture) for sd in (0.002, 0.008))
    assert unsure.sd_deg > sure.sd_deg


@pytest.mark.parametrize("posture", POSTURES)
def test_a_station_that_is_missing_is_left_out_and_missed(posture):
    whole, holed = change(posture, 25.0), change(posture, 25.0, missing=(3, 7, 11))
    assert holed.sd_deg > whole.sd_deg
    assert holed.deg == pytest.approx(whole.deg, abs=2.5)


@pytest.mark.parametrize("posture", POSTURES)
@pytest.mark.parametrize("missing", [range(9), range(17), range(0, 17, 2)], ids=["half", "all", "every other"])
def test_half_of_an_outline_tells_no_angle(posture, missing):
    found = change(posture, 25.0, missing=missing)
    assert np.isnan([found.deg, found.sd_deg]).all()


@pytest.mark.parametrize("posture", POSTURES)
def test_an_outline_that_was_hardly_read_tells_nothing_though_most_backs_are_straight(posture):
    """Otherwise a back that nobody saw would be called good."""
    for deg in (0.0, 40.0):
        assert math.isnan(change(posture, deg, sd_tl=0.1).deg)


@pytest.mark.parametrize("posture", POSTURES)
def test_a_station_that_was_missing_in_the_start_is_missing(posture):
    start = outline(posture, missing=(3, 7, 11))
    found = lumbar_change(outline(posture, 25.0), start, STILL, posture)
    same = change(posture, 25.0, missing=(3, 7, 11))
    assert (found.deg, found.sd_deg) == pytest.approx((same.deg, same.sd_deg))


@pytest.mark.parametrize("posture", POSTURES)
def test_it_is_a_change_against_the_own_start_and_no_absolute_shape(posture):
    """A thick coat, or a hollow back by nature, is in both."""
    bare = lumbar_change(outline(posture, 20.0), outline(posture), STILL, posture)
    coat = lumbar_change(outline(posture, 20.0, shift_tl=0.05), outline(posture, shift_tl=0.05), STILL, posture)
    bent = lumbar_change(outline(posture, 40.0), outline(posture, 20.0), STILL, posture)
    assert (coat.deg, coat.sd_deg) == pytest.approx((bare.deg, bare.sd_deg), abs=1e-3)
    assert (bent.deg, bent.sd_deg) == pytest.approx((bare.deg, bare.sd_deg), abs=0.5), (
        "its own shape says how much shows"
    )


@pytest.mark.parametrize("posture", POSTURES)
def test_the_limbs_have_their_say(posture):
    """The same outline, with a leg and the other arm moved, is another bend."""
    reach = np.array([0.9, 0.6, 0.0, 0.0, 0.0, 0.9, 0.0, 0.0])
    still, moved = change(posture, 15.0), change(posture, 15.0, limbs_moved=reach)
    assert abs(moved.deg - still.deg) > 0.05
    unseen = change(posture, 15.0, limbs_moved=np.full(8, np.nan))
    assert math.isfinite(unseen.deg)
    assert unseen.sd_deg > still.sd_deg


def body(stance, t_s=0.0, sd_tl=None, is_seen=True):
    back = back_of(stance, t_s)
    if sd_tl is not None:
        back = replace(back, sd_tl=np.full(len(STATIONS), sd_tl, np.float32))
    return with_back(measure(pose_of(stance, t_s), stance.posture), back if is_seen else unknown_back(t_s, "dark"))


def test_the_limbs_are_measured_against_the_start_near_side_first():
    reach = limbs(DEAD_BUG, "left", hip_deg=150, knee_deg=130, shoulder_deg=100)
    now, start = body(reach), body(DEAD_BUG)
    moved = [0.6, 0.4, 0.1]
    assert features(now, start) == pytest.approx([*moved, 0, 0, 0, 0, 0], abs=0.01)
    twin = replace(reach, left=reach.right, right=reach.left)
    assert features(body(twin), start) == pytest.approx([0, 0, 0, *moved, 0, 0], abs=0.01)


# -- from picture to picture -------------------------------------------------------------------------------------------


def follow(*parts, posture="supine", fps=20.0, start=None):
    """Parts of (seconds, degrees or None where the back is not seen); returns what is told at each picture."""
    estimator, t, out = LumbarEstimator(), 0.0, []
    stance = STARTS[posture]
    start = body(stance) if start is None else start
    for seconds, deg in parts:
        for i in range(round(seconds * fps)):
            bend = deg(i) if callable(deg) else deg
            seen = body(replace(stance, lumbar_deg=bend or 0.0), t, is_seen=bend is not None)
            out.append(estimator.update(seen, start, posture))
            t += 1 / fps
    return out


@pytest.mark.parametrize("posture", POSTURES)
def test_a_bend_that_stays_is_told_at_once_and_one_picture_is_not(posture):
    told = follow((1, 0.0), (0.05, 40.0), (1, 0.0), (1, 40.0), posture=posture)
    assert max(c.deg for c in told[:40]) < 5
    assert told[-1].deg > 15


def test_a_back_that_was_seen_in_few_pictures_is_not_known():
    assert math.isnan(follow((1, 20.0), (0.5, None))[-1].deg)
    mostly = follow((2, lambda i: None if i % 4 == 0 else 20.0))[-1]
    assert mostly.deg == pytest.approx(follow((2, 20.0))[-1].deg)


def test_readings_that_jump_about_tell_nothing():
    jumping = follow((1, 0.0), (2, lambda i: 60.0 * (i % 2)))[-1]
    assert np.isnan([jumping.deg, jumping.sd_deg]).all()


@pytest.mark.parametrize("fps", [10.0, 30.0, 60.0])
def test_how_fast_the_camera_is_makes_no_difference(fps):
    slow, fast = follow((1, 0.0), (1, 20.0), fps=20.0), follow((1, 0.0), (1, 20.0), fps=fps)
    assert fast[-1].deg == pytest.approx(slow[-1].deg, abs=0.5)
    assert fast[-1].sd_deg == pytest.approx(slow[-1].sd_deg, rel=0.05)


def test_a_fast_camera_is_told_twenty_times_a_second():
    told = [c.deg for c in follow((1, 0.0), (1, lambda i: float(i)), fps=60.0)[70:100]]
    assert 8 <= len(set(told)) <= 12, "of thirty pictures in half a second"


def test_without_an_outline_in_the_start_nothing_is_known():
    blind = body(DEAD_BUG, is_seen=False)
    assert all(math.isnan(c.deg) for c in follow((1, 20.0), start=blind))


# -- the outline of the own start -------------------------------------------------------------------------------------


def start_of(*contours):
    return baseline_of([Body(i / 10, contour=c) for i, c in enumerate(contours)]).body.contour


def test_the_start_is_the_median_of_its_outlines():
    odd = outline("supine", shift_tl=0.2)
    found = start_of(*[outline("supine")] * 6, odd, None)
    assert found.offset_tl == pytest.approx(outline("supine").offset_tl)
    assert found.sd_tl == pytest.approx(outline("supine").sd_tl)


@pytest.mark.parametrize(("known", "is_told"), [(2, False), (3, True)])
def test_three_outlines_make_a_start(known, is_told):
    assert (start_of(*[outline("supine")] * known, None, None) is not None) is is_told


def test_each_station_is_known_by_itself_where_half_of_the_pictures_show_it():
    whole, holed = outline("supine"), outline("supine", missing=(4, 5))
    known = np.isfinite(start_of(whole, whole, holed, holed).offset_tl)
    lost = np.isfinite(start_of(whole, holed, holed, holed).offset_tl)
    assert known.all()
    assert np.flatnonzero(~lost).tolist() == [4, 5]


def test_a_start_whose_outline_jumps_is_doubted_however_sure_each_reading_was():
    """The edge is found on one fold, then on another: then a later change may be a fold as well."""
    jumping = start_of(*(outline("supine", shift_tl=0.06 * (i % 2)) for i in range(8)))
    assert (jumping.sd_tl > 0.02).all()
    assert math.isnan(lumbar_change(outline("supine", 25.0), jumping, STILL, "supine").deg)


@pytest.mark.parametrize(("bump_tl", "is_told"), [(0.0, True), (0.01, True), (0.12, False)])
@pytest.mark.parametrize("posture", POSTURES)
def test_an_outline_that_no_back_makes_tells_no_angle(posture, bump_tl, is_told):
    """A hand on the low back, say: a few stations stand out, though each is read without doubt."""
    bent = outline(posture, 15.0)
    offset = bent.offset_tl.copy()
    offset[6:10] += bump_tl
    change = lumbar_change(replace(bent, offset_tl=offset), outline(posture), STILL, posture)
    assert math.isfinite(change.deg) is is_told
