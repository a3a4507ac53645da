"""The ready-made measures for exercises: each limit from both sides, on bodies with known places."""

import math
from dataclasses import replace

import pytest

from formcheck.core.body.baseline import Baseline, arch_tl, baseline_of
from formcheck.core.body.kit import lumbar, quadruped, supine, upright
from formcheck.core.body.measure import Body, Limbs
from formcheck.core.body.quantities import Estimate, decides, share, worst

TORSO_PX = 200.0
KNEELING = Body(
    0.0,
    left=Limbs(knee_x_px=100, knee_y_px=0, ankle_x_px=100, ankle_y_px=-150),
    right=Limbs(knee_x_px=0, knee_y_px=-150, ankle_x_px=-150, ankle_y_px=-150),
    hip_x_px=0.0,
    hip_y_px=0.0,
    torso_px=TORSO_PX,
    trunk_deg=90.0,
    lean_deg=0.0,
    side_on_deg=0.0,
    is_present=True,
)


def knees(gap_tl):
    return replace(KNEELING, right=replace(KNEELING.right, knee_y_px=-gap_tl * TORSO_PX))


# -- upright -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gap_tl", "side"), [(0.28, None), (0.32, "right"), (-0.32, "left"), (math.nan, None)])
def test_the_knee_on_the_floor_is_plainly_lower(gap_tl, side):
    assert upright.kneeling_side(knees(gap_tl)) == side
    assert upright.knees_are_level(knees(gap_tl)) is (abs(gap_tl) < 0.3)


def test_the_hips_of_somebody_who_kneels_are_measured_against_the_knee():
    ahead = replace(KNEELING, hip_x_px=40.0)
    assert upright.hips_shift_tl(ahead, KNEELING) == pytest.approx(0.2)
    assert upright.thigh_deg(ahead) == pytest.approx(math.degrees(math.atan2(40, 150)))
    assert math.isnan(upright.hips_shift_tl(ahead, knees(0.0)))


@pytest.mark.parametrize("degrees", [-40.0, 40.0])
def test_a_turned_body_is_seen_as_if_from_the_side(degrees):
    """To either side a turn by so much makes ways along the floor look as much shorter."""
    start = replace(KNEELING, side_on_deg=degrees)
    seen = replace(start, hip_x_px=40.0 * math.cos(math.radians(degrees)))
    assert upright.hips_shift_tl(seen, start) == pytest.approx(0.2)


@pytest.mark.parametrize("side_on_deg", [0.0, 30.0, -30.0])
@pytest.mark.parametrize("lean", [-20.0, 0.0, 35.0, 70.0])
def test_a_lean_is_read_back_from_any_view(lean, side_on_deg):
    squeezed = math.cos(math.radians(side_on_deg))
    forward, up = TORSO_PX * math.sin(math.radians(lean)) * squeezed, TORSO_PX * math.cos(math.radians(lean))
    start = replace(KNEELING, side_on_deg=side_on_deg)
    bent = replace(
        start,
        torso_px=math.hypot(forward, up),
        trunk_deg=math.degrees(math.atan2(up, abs(forward))),
        lean_deg=math.copysign(1.0, forward),
    )
    assert upright.hinge_deg(bent, start) == pytest.approx(lean, abs=0.5)


def test_the_far_leg_hides_behind_the_near_one():
    near, gone = KNEELING.left, Limbs()
    body = replace(KNEELING, near="left", right=gone)
    foot = replace(body, right=replace(gone, ankle_y_px=-150))
    assert upright.far_leg_is_hidden(body, has_begun=False)
    assert not upright.far_leg_is_hidden(foot, has_begun=False)
    assert upright.far_leg_is_hidden(foot, has_begun=True)
    assert not upright.far_leg_is_hidden(replace(body, left=replace(near, ankle_y_px=math.nan)), has_begun=True)
    assert not upright.far_leg_is_hidden(KNEELING, has_begun=True)


def test_thighs_knees_and_the_leg_that_stands():
    assert upright.thighs_deg(KNEELING) == (0.0, 90.0)
    assert upright.knees_over_feet_tl(KNEELING) == 0.0
    assert math.isnan(upright.knees_over_feet_tl(Body(0.0, torso_px=TORSO_PX)))
    lower = replace(KNEELING, left=replace(KNEELING.left, ankle_y_px=-160))
    assert upright.standing_leg(lower) == "left"
    assert upright.standing_leg(replace(lower, left=Limbs(), near="right")) == "right"


# -- the gap under the low back ----------------------------------------------------------------------------------------


def gap(shown_tl, sd_tl=0.0001):
    return Baseline(Body(0.0, steady_sagitta_tl=shown_tl), sd_tl)


@pytest.mark.parametrize(("shown_tl", "is_told"), [(0.0238, False), (0.0242, True)])
def test_it_is_told_that_a_gap_did_not_close_where_enough_of_it_shows(shown_tl, is_told):
    assert lumbar.is_told(gap(shown_tl), 0.028) is is_told


@pytest.mark.parametrize(
    ("shown_tl", "asked_s"),
    [
        (-0.01, 3.75),
        (0.0039, 3.75),
        (0.0041, 0.0),
        (0.0099, 0.0),
        (0.0103, 3.75),
        (0.0279, 3.75),
        (0.0281, 5.0),
    ],
)
def test_a_hold_is_timed_by_how_much_of_the_gap_shows(shown_tl, asked_s):
    """Where none shows, all of 0.008 must close; of a small gap only 0.003, which is too little for a clock."""
    assert lumbar.hold_asked_s(gap(shown_tl), 0.028, 0.008, 5.0) == asked_s


@pytest.mark.parametrize(
    ("shown_tl", "closed_tl", "share_of_asked"),
    [
        (0.05, 0.008, 1.0),
        (0.05, 0.004, 0.5),
        (0.02, 0.006, 1.0),
        (0.005, 0.003, 1.0),
        (0.005, 0.0015, 0.5),
        (-0.01, 0.008, 1.0),
        (-0.01, 0.004, 0.5),
    ],
    ids=[
        "at most what is set",
        "half of it",
        "three tenths of what shows",
        "at least what stands out",
        "half of that",
        "all where none shows",
        "half of all",
    ],
)
def test_a_gap_counts_as_closed_by_the_share_that_shows(shown_tl, closed_tl, share_of_asked):
    body = Body(0.0, steady_sagitta_tl=shown_tl - closed_tl)
    assert lumbar.flattened(body, gap(shown_tl), 0.008) == pytest.approx(share_of_asked)


@pytest.mark.parametrize(("sd_tl", "is_known"), [(0.0036, True), (0.0039, False), (math.nan, False)])
def test_a_change_is_told_where_it_is_four_times_the_steady_noise(sd_tl, is_known):
    """Of 0.006 asked for: 4 x 0.4 x 0.00375."""
    assert math.isnan(lumbar.flattened(Body(0.0, steady_sagitta_tl=0.01), gap(0.02, sd_tl), 0.008)) is not is_known


def test_what_was_closed_is_lost_again():
    start, top = gap(0.03), Body(0.0, steady_sagitta_tl=0.01)
    assert lumbar.lost_again(Body(0.0, steady_sagitta_tl=0.015), top, start) == pytest.approx(0.25)
    assert math.isnan(lumbar.lost_again(top, Body(0.0, steady_sagitta_tl=0.04), start))


# -- on the back, on all fours, shares ---------------------------------------------------------------------------------


def test_ways_against_the_own_start():
    start = Baseline(replace(KNEELING, trunk_deg=0.0, neck_deg=0.0))
    up = replace(start.body, hip_y_px=20.0)
    assert supine.hips_rise_tl(up, start) == pytest.approx(0.1)
    assert supine.rise_share(replace(up, hip_y_px=12.0), start) == pytest.approx(0.5)
    assert supine.rise_share(replace(up, hip_y_px=9.6), start) == pytest.approx(0.4)
    assert supine.rise_share(replace(up, hip_y_px=60.0), start) == 0.5
    leg = replace(KNEELING.left, ankle_x_px=KNEELING.left.ankle_x_px + 60)
    assert supine.feet_travel_tl(replace(start.body, left=leg), start) == pytest.approx(0.3)
    assert supine.legs_travel_tl(replace(start.body, left=leg), start) == pytest.approx(0.3)
    assert supine.feet_travel_tl(replace(start.body, left=leg, strayed=("left",)), start) == 0.0
    assert supine.ear_rise_tl(replace(start.body, neck_deg=90.0), start) == pytest.approx(0.3)
    assert supine.foot_deg(KNEELING, "left") == pytest.approx(math.degrees(math.atan2(-150, 100)))


@pytest.mark.parametrize(("start_deg", "now_deg", "reach"), [(80, 125, 0.5), (90, 130, 0.5), (120, 130, 0.5)])
def test_an_arm_reaches_from_under_the_shoulder(start_deg, now_deg, reach):
    start = Baseline(replace(KNEELING, left=Limbs(shoulder_deg=start_deg)))
    body = replace(KNEELING, left=Limbs(shoulder_deg=now_deg, elbow_deg=170))
    assert quadruped.arm_reach(body, start, "left", 170.0, 120.0) == pytest.approx(reach)
    bent = replace(body, left=replace(body.left, elbow_deg=119))
    assert math.isnan(quadruped.arm_reach(bent, start, "left", 170.0, 120.0))


@pytest.mark.parametrize(("start", "target", "wanted"), [(90, 110, 0.5), (90, 104, 1 - 4 / 15), (110, 90, 0.5)])
def test_a_range_is_at_least_fifteen_degrees(start, target, wanted):
    assert share(100.0, start, target) == pytest.approx(wanted)


def test_the_worst_of_what_is_known():
    assert worst(0.1, math.nan, 0.3) == 0.3
    assert math.isnan(worst(math.nan))


def test_an_estimate_keeps_its_doubt_in_another_unit_and_turned_round():
    bend = Estimate(12.0, 3.0)
    assert bend.scaled(-1.0) == Estimate(-12.0, 3.0)
    assert bend.share_of(10.0) == Estimate(pytest.approx(1.2), pytest.approx(0.3))
    assert math.isnan(Estimate(math.nan, math.nan).scaled(2.0).value)


BACK, UNSEEN = Estimate(2.0, 4.0), Estimate(math.nan, math.nan)


@pytest.mark.parametrize("back", [BACK, UNSEEN], ids=["seen", "unseen"])
def test_joints_that_are_beyond_the_limit_decide_alone(back):
    assert decides(11.0, back, 10.0) == Estimate(11.0, 0.0)


@pytest.mark.parametrize("own", [9.0, math.nan])
def test_else_the_back_decides_with_its_doubt(own):
    assert decides(own, BACK, 10.0) == BACK
    assert math.isnan(decides(own, UNSEEN, 10.0).value)


# -- the own start -----------------------------------------------------------------------------------------------------


def start_of(hollows):
    return baseline_of(
        [replace(KNEELING, sagitta_tl=h, steady_sagitta_tl=h, t_s=i / 10) for i, h in enumerate(hollows)]
    )


@pytest.mark.parametrize(("known", "is_neutral"), [(2, False), (3, True)])
def test_a_neutral_needs_three_outlines(known, is_neutral):
    found = start_of([0.02] * known + [math.nan] * 3)
    assert math.isnan(found.sagitta_sd_tl) is not is_neutral


def test_a_tracker_that_settles_is_not_noise():
    found = start_of([0.09, 0.07, 0.020, 0.021, 0.019, 0.020, 0.021, 0.019, 0.020])
    assert found.body.sagitta_tl == 0.02
    assert found.sagitta_sd_tl == pytest.approx(1.4826 * 0.001)


@pytest.mark.parametrize(("sd_tl", "arch"), [(0.0099, 0.01), (0.0101, math.nan)])
def test_an_outline_that_is_all_noise_tells_no_arch(sd_tl, arch):
    found = arch_tl(Body(0.0, steady_sagitta_tl=0.03), gap(0.02, sd_tl))
    assert found == pytest.approx(arch, nan_ok=True)


def test_what_was_hidden_in_the_start_is_taken_from_the_other_side():
    start = Baseline(replace(KNEELING, left=Limbs(hip_deg=90.0), right=Limbs(hip_deg=95.0, knee_deg=80.0)))
    assert (start.limbs("left").hip_deg, start.limbs("left").knee_deg) == (90.0, 80.0)
