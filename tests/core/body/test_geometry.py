"""One geometry a picture: set-up, contour, running, rules and drawing go by the same near side and the same view."""

from dataclasses import replace

import numpy as np
import pytest

from formcheck.core.body.geometry import geometry_of
from formcheck.core.body.measure import Limbs, measure
from formcheck.core.body.pose import HIP, SHOULDER, Evidence, Joint, absent_pose
from formcheck.core.body.tracked import track
from formcheck.core.gait.gait import sample, trace_of
from formcheck.core.setup.framing import look
from formcheck.pose.contour import why_unknown
from formcheck.testing import Lens, Stance, pose_of

TABLE = Limbs(hip_deg=90, knee_deg=90, shoulder_deg=90, elbow_deg=170)
TALL = Limbs(hip_deg=178, knee_deg=175, shoulder_deg=10, elbow_deg=160)
STANCES = {
    "supine": Stance("supine", TABLE, TABLE),
    "quadruped": Stance("quadruped", TABLE, TABLE),
    "upright": Stance("upright", TALL, TALL, trunk_deg=90),
}
TRACKED_SHOULDERS_TL, TRACKED_HIPS_TL = 0.48, 0.27


def turned(posture, degrees, *, is_head_right=True):
    """A body turned so far that its head (upright: its front) points away from the camera."""
    pose = pose_of(STANCES[posture], 0.0, lens=Lens(200.0, is_head_right=is_head_right))
    near = measure(pose, posture).near
    xy = pose.xy_px.copy()
    ahead = 1.0 if is_head_right else -1.0
    for pair, width_tl in ((SHOULDER, TRACKED_SHOULDERS_TL), (HIP, TRACKED_HIPS_TL)):
        way = ahead * 100.0 * width_tl * np.tan(np.radians(degrees))
        for side, sign in ((near, 1.0), ("right" if near == "left" else "left", -1.0)):
            xy[pair[side], 0] += sign * way
    return replace(pose, xy_px=xy)


@pytest.mark.parametrize("posture", STANCES)
@pytest.mark.parametrize("is_head_right", [True, False])
@pytest.mark.parametrize("degrees", [-50.0, -20.0, 0.0, 20.0, 50.0])
def test_everybody_reads_one_angle(posture, is_head_right, degrees):
    pose = turned(posture, degrees, is_head_right=is_head_right)
    tracked = track(pose, None, posture)
    assert tracked.body.side_on_deg == pytest.approx(degrees, abs=0.5)
    assert look(tracked, posture).side_on_deg == tracked.body.side_on_deg
    assert tracked.body.geometry.side_on_deg == tracked.body.side_on_deg
    trace = trace_of([0.0], [sample(pose, tracked.body)])
    assert trace.oblique_deg == pytest.approx(abs(tracked.body.side_on_deg), abs=1e-4)


@pytest.mark.parametrize("posture", STANCES)
@pytest.mark.parametrize(("degrees", "reason"), [(50.0, ""), (51.5, "oblique"), (-50.0, ""), (-51.5, "oblique")])
def test_the_outline_is_read_up_to_the_angle_that_doubles_its_error(posture, degrees, reason):
    pose = turned(posture, degrees)
    assert why_unknown(pose, measure(pose, posture)) == reason


@pytest.mark.parametrize(
    ("posture", "is_head_right", "near"),
    [("supine", True, "left"), ("supine", False, "right"), ("quadruped", True, "right"), ("quadruped", False, "left"),
     ("upright", True, "right"), ("upright", False, "left")],
)  # fmt: skip
def test_everybody_goes_by_one_near_side(posture, is_head_right, near):
    pose = pose_of(STANCES[posture], 0.0, lens=Lens(is_head_right=is_head_right))
    body = track(pose, None, posture).body
    assert body.near == body.geometry.near == body.near_in_view == near
    assert trace_of([0.0], [sample(pose, body)]).near == (near == "right")
    hidden = pose.evidence.copy()
    hidden[[HIP[near], SHOULDER[near]]] = Evidence.PREDICTED
    guessed = replace(pose, evidence=hidden)
    assert why_unknown(guessed, measure(guessed, posture)) == "no-torso"


@pytest.mark.parametrize(("torso_px", "reason"), [(59.0, "small"), (61.0, "")])
def test_a_body_that_is_too_small_has_no_outline(torso_px, reason):
    pose = pose_of(STANCES["supine"], 0.0, lens=Lens(torso_px))
    assert why_unknown(pose, measure(pose, "supine")) == reason


@pytest.mark.parametrize(("trunk_deg", "is_posed"), [(43.0, True), (47.0, False)])
def test_lying_ends_where_the_trunk_stands_up(trunk_deg, is_posed):
    pose = pose_of(replace(STANCES["supine"], trunk_deg=trunk_deg), 0.0)
    body = measure(pose, "supine")
    assert body.geometry.is_posed is look(track(pose, None, "supine"), "supine").is_posed is is_posed
    assert (body.near_in_view is not None) is is_posed
    upright = replace(STANCES["upright"], trunk_deg=trunk_deg)
    assert measure(pose_of(upright, 0.0), "upright").geometry.is_posed is not is_posed


def test_a_trunk_that_is_only_guessed_helps_the_set_up_and_measures_nothing():
    pose = pose_of(STANCES["supine"], 0.0)
    evidence = pose.evidence.copy()
    evidence[[HIP["left"], HIP["right"]]] = Evidence.PREDICTED
    guessed = replace(pose, evidence=evidence)
    body = measure(guessed, "supine")
    assert np.isnan([body.torso_px, body.trunk_deg, body.side_on_deg, body.left.knee_deg]).all()
    assert look(track(guessed, None, "supine"), "supine").torso_px == pytest.approx(200.0, abs=1.0)


def test_one_hip_outside_the_picture_leaves_the_other():
    pose = pose_of(STANCES["supine"], 0.0)
    xy, evidence = pose.xy_px.copy(), pose.evidence.copy()
    xy[HIP["right"]], evidence[HIP["right"]] = np.nan, Evidence.ABSENT
    geometry = geometry_of(replace(pose, xy_px=xy, evidence=evidence), "supine")
    assert geometry.hip_px == pytest.approx(tuple(pose.xy_px[HIP["left"]]))
    assert np.isnan(geometry.side_on_deg)
    assert geometry.is_measured


def test_without_hips_or_with_everything_in_one_place_there_is_no_trunk():
    pose = pose_of(STANCES["supine"], 0.0)
    xy = pose.xy_px.copy()
    xy[list(HIP.values())] = np.nan
    assert geometry_of(replace(pose, xy_px=xy), "supine") is None
    assert geometry_of(replace(pose, xy_px=np.full_like(pose.xy_px, 5.0)), "supine") is None
    assert geometry_of(absent_pose(0.0, 0, 640, 480), "supine") is None
    assert measure(replace(pose, xy_px=xy), "supine").near_in_view is None


def test_upright_the_front_is_where_the_nose_is():
    pose = pose_of(STANCES["upright"], 0.0)
    assert geometry_of(pose, "upright").ahead == 1.0
    xy = pose.xy_px.copy()
    xy[Joint.NOSE, 0] -= 100.0
    assert geometry_of(replace(pose, xy_px=xy), "upright").ahead == -1.0
