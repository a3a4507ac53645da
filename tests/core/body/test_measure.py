"""Joint angles, trunk line, near side and viewing direction of bodies with known angles."""

import numpy as np
import pytest

from formcheck.core.body.measure import Limbs, measure
from formcheck.core.body.pose import HIP, SHOULDER, Evidence, absent_pose
from formcheck.testing import Lens, Stance, hidden, mirrored, pose_of

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


def test_nobody_has_no_measures():
    body = measure(absent_pose(1.0, 0, 640, 480), "supine")
    assert not body.is_present
    assert np.isnan(body.trunk_deg)


def test_turning_away_from_side_on_is_noticed():
    pose = pose_of(Stance("supine", BENT, BENT), 0.0)
    assert measure(pose, "supine").oblique_deg < 5
    apart = pose.xy_px.copy()
    for pair, width in ((SHOULDER, 0.7), (HIP, 0.4)):
        apart[pair["right"], 0] += 200 * width * np.tan(np.radians(30))
    turned = type(pose)(0.0, 0, 1280, 720, apart, pose.evidence)
    assert measure(turned, "supine").oblique_deg == pytest.approx(30, abs=8)


def test_a_leg_that_no_hip_could_have_is_not_known():
    """A leg of somebody who walks by: 250 degrees through the front are 70 behind straight."""
    possible, impossible = (
        measure(pose_of(Stance(left=Limbs(hip_deg=deg), right=Limbs(hip_deg=100)), 0.0), "supine") for deg in (205, 250)
    )
    assert possible.left.hip_deg == pytest.approx(205, abs=1)
    assert np.isnan(impossible.left.hip_deg)
    assert impossible.right.hip_deg == pytest.approx(100, abs=1)
