"""Joint angles, trunk line, near side and viewing direction of bodies with known angles."""

from dataclasses import replace

import numpy as np
import pytest

from formcheck.core.body.back import unknown_back
from formcheck.core.body.measure import Limbs, measure, with_back
from formcheck.core.body.pose import ANKLE, EAR, HIP, SHOULDER, Evidence, absent_pose
from formcheck.testing import Lens, Stance, back_of, hidden, mirrored, pose_of

BENT = Limbs(hip_deg=95, knee_deg=80, shoulder_deg=70, elbow_deg=160)
LONG = Limbs(hip_deg=200, knee_deg=172, shoulder_deg=165, elbow_deg=175)


@pytest.mark.parametrize("posture", ["supine", "quadruped", "upright"])
@pytest.mark.parametrize("head_right", [True, False])
@pytest.mark.parametrize("torso_px", [60.0, 200.0, 700.0])
def test_the_angles_of_a_body_are_read_back(posture, head_right, torso_px):
    trunk = 88.0 if posture == "upright" else 12.0
    stance = Stance(posture, BENT, LONG, trunk_deg=trunk, neck_deg=15.0)
    body = measure(pose_of(stance, 0.0, lens=Lens(torso_px, is_head_right=head_right)), posture)
    for side, truth in (("left", BENT), ("right", LONG)):
        seen = body.limbs(side)
        assert seen.hip_deg == pytest.approx(truth.hip_deg, abs=0.5)
        assert seen.knee_deg == pytest.approx(truth.knee_deg, abs=0.5)
        assert seen.shoulder_deg == pytest.approx(truth.shoulder_deg, abs=0.5)
        assert seen.elbow_deg == pytest.approx(truth.elbow_deg, abs=0.5)
    assert body.trunk_deg == pytest.approx(trunk, abs=0.5)
    assert body.neck_deg == pytest.approx(15.0, abs=0.5)
    assert body.torso_px == pytest.approx(torso_px, rel=0.01)


@pytest.mark.parametrize(
    ("posture", "head_right", "near"),
    [
        ("supine", True, "left"),
        ("supine", False, "right"),
        ("quadruped", True, "right"),
        ("quadruped", False, "left"),
    ],
    ids=["on the back, head right", "on the back, head left", "all fours, head right", "all fours, head left"],
)
def test_the_near_side_follows_from_where_head_and_chest_point(posture, head_right, near):
    pose = pose_of(Stance(posture, BENT, BENT), 0.0, lens=Lens(is_head_right=head_right))
    assert measure(pose, posture).near == near
    assert measure(mirrored([(pose, None)])[0][0], posture).near != near


def test_a_joint_that_was_not_measured_gives_no_angle():
    frames = hidden([(pose_of(Stance("supine", BENT, BENT), 0.0), None)], HIP["left"], evidence=Evidence.PREDICTED)
    body = measure(frames[0][0], "supine")
    assert np.isnan(body.left.hip_deg)
    assert np.isnan(body.left.knee_deg)
    assert body.right.hip_deg == pytest.approx(95, abs=0.5)
    assert body.unseen == ("hips",)


def test_a_shoulder_that_an_arm_takes_along_moves_the_head_half_as_much():
    """The head is told from the middle of the ears and of the shoulders, the neck from those of the near side."""
    pose = pose_of(Stance("quadruped", BENT, LONG, trunk_deg=0.0, neck_deg=0.0), 0.0)
    xy = pose.xy_px.copy()
    xy[SHOULDER["right"]] += (0.0, -10.0)
    still, moved = measure(pose, "quadruped"), measure(replace(pose, xy_px=xy), "quadruped")
    assert (still.near, still.head_deg) == ("right", pytest.approx(still.neck_deg, abs=1.0))
    near_deg, middle_deg = moved.neck_deg - still.neck_deg, moved.head_deg - still.head_deg
    assert near_deg > 7
    assert middle_deg == pytest.approx(near_deg / 2, abs=1.5)
    unseen = hidden([(pose, None)], EAR["right"])[0][0]
    assert np.isnan(measure(unseen, "quadruped").head_deg)


def test_nobody_has_no_measures():
    body = measure(absent_pose(1.0, 0, 640, 480), "supine")
    assert not body.is_present
    assert np.isnan(body.trunk_deg)


def test_what_is_outside_the_picture_is_cut_and_what_is_guessed_is_only_unseen():
    frames = [(pose_of(Stance("supine", BENT, BENT), 0.0), None)]
    frames = hidden(frames, EAR["left"], evidence=Evidence.ABSENT)
    body = measure(hidden(frames, ANKLE["left"])[0][0], "supine")
    assert (body.unseen, body.cut) == (("head", "feet"), ("head",))


def test_the_back_is_added_without_measuring_again():
    stance = Stance("supine", BENT, BENT, sagitta_tl=0.03)
    pose, back = pose_of(stance, 0.0), back_of(stance, 0.0)
    bare = measure(pose, "supine")
    assert np.isnan([bare.sagitta_tl, bare.sagitta_sd_tl, bare.belly_tl]).all()
    whole = with_back(bare, back)
    assert whole.sagitta_tl == pytest.approx(0.03, abs=1e-6)
    assert (whole.left, whole.geometry, whole.trunk_deg) == (bare.left, bare.geometry, bare.trunk_deg)
    assert repr(with_back(whole, None)) == repr(bare)


@pytest.mark.parametrize("reason", ["oblique", "small", "dark"])
def test_why_the_back_is_unknown_is_passed_on(reason):
    body = measure(pose_of(Stance("supine", BENT, BENT), 0.0), "supine")
    assert with_back(body, unknown_back(0.0, reason)).back_unknown == reason


def test_an_outline_with_too_few_stations_is_lost():
    stance = Stance("supine", BENT, BENT)
    back = back_of(stance, 0.0)
    back.offset_tl[:2] = np.nan
    assert with_back(measure(pose_of(stance, 0.0), "supine"), back).back_unknown == "outline-lost"


@pytest.mark.parametrize(("deg", "is_known"), [(223, True), (227, False)])
def test_no_hip_opens_beyond_225_degrees(deg, is_known):
    body = measure(pose_of(Stance(left=Limbs(hip_deg=deg), right=Limbs(hip_deg=100)), 0.0), "supine")
    assert np.isnan(body.left.hip_deg) != is_known


def test_a_leg_that_no_hip_could_have_is_not_known():
    """A leg of somebody who walks by: 250 degrees through the front are 70 behind straight."""
    possible, impossible = (
        measure(pose_of(Stance(left=Limbs(hip_deg=deg), right=Limbs(hip_deg=100)), 0.0), "supine") for deg in (205, 250)
    )
    assert possible.left.hip_deg == pytest.approx(205, abs=1)
    assert np.isnan(impossible.left.hip_deg)
    assert impossible.right.hip_deg == pytest.approx(100, abs=1)
