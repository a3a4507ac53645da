"""The whole pose room on rendered people: any picture size, covered joints, further people."""

from functools import partial

import cv2
import numpy as np
import pytest

from formcheck.core.body.pose import ANKLE, HIP, KNEE, SHOULDER, Evidence
from formcheck.pose import PatientTracker
from formcheck.pose.tracker import Tracker
from formcheck.session.set import start_score
from tests.pose.conftest import pictures

TRUNK = [*SHOULDER.values(), *HIP.values()]


def resized(picture, width, height):
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)


def trunk_x(pose):
    return float(np.nanmean(pose.xy_px[TRUNK, 0]))


@pytest.mark.parametrize(
    ("width", "height"),
    [(1280, 720), (854, 480), (1366, 768), (405, 720), (850, 567), (161, 121), (160, 120), (641, 359), (3840, 2160)],
)
def test_any_picture_size_gives_the_same_joints(watcher, patient, width, height):
    """Widths that are no multiple of 4 abort mediapipe 0.10.33 when the mask is read."""
    picture = patient[0][0]
    square = cv2.copyMakeBorder(picture, 280, 280, 0, 0, cv2.BORDER_REPLICATE) if height > width else picture
    pose, back = watcher.observe(resized(square, width, height), 0.0, 0)
    assert (pose.width, pose.height) == (width, height)
    assert pose.is_present
    reference_x = trunk_x(pose) / width
    assert reference_x == pytest.approx(0.56, abs=0.08)
    assert back.t_s == pose.t_s


def test_a_grey_picture_and_an_empty_room(watcher, patient):
    grey = cv2.cvtColor(cv2.cvtColor(patient[0][0], cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    assert watcher.observe(grey, 0.0, 0)[0].is_present
    for i in range(1, 4):
        pose, back = watcher.observe(np.full_like(grey, 90), i * 0.1, i)
    assert not pose.is_present
    assert back.unknown == "no-torso"


def test_the_joints_of_a_body_in_full_view_are_measured(watcher, patient):
    for i, (picture, t) in enumerate(patient[:10]):
        pose, back = watcher.observe(picture, t, i)
    near = [pair["left"] for pair in (SHOULDER, HIP, KNEE, ANKLE)]
    assert pose.is_measured(*near)
    assert back.is_known


def test_joints_outside_the_picture_are_absent(watcher, patient):
    """The camera cuts the feet off: no feet are invented."""
    for i, (picture, t) in enumerate(patient[:10]):
        left = round(0.36 * picture.shape[1])
        pose, _ = watcher.observe(np.ascontiguousarray(picture[:, left:]), t, i)
    ankles = [pose.evidence[ANKLE[side]] for side in ("left", "right")]
    assert pose.is_present
    assert Evidence.MEASURED not in ankles


def test_hips_behind_a_box_are_not_measured(watcher, patient):
    for i, (picture, t) in enumerate(patient[:15]):
        covered = picture.copy()
        height, width = covered.shape[:2]
        cv2.rectangle(
            covered, (int(0.40 * width), int(0.42 * height)), (int(0.60 * width), int(0.98 * height)), (60, 90, 120), -1
        )
        pose, back = watcher.observe(covered, t, i)
    assert not pose.is_measured(HIP["left"], HIP["right"])
    assert not back.is_known


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_one_in_the_start_pose_is_the_patient(watcher, patient, side):
    """A second person, upright and larger, stands in the same picture."""
    helper = cv2.rotate(patient[0][0][:, 200:1160], cv2.ROTATE_90_COUNTERCLOCKWISE)
    for i, (picture, t) in enumerate(patient):
        mat, upright = resized(picture, 960, 540), resized(helper, 405, 540)
        both = np.hstack([mat, upright] if side == "left" else [upright, mat])
        pose, _ = watcher.observe(both, t, i)
        if pose.is_present:
            assert (trunk_x(pose) < 960) if side == "left" else (trunk_x(pose) > 405)
    assert pose.is_present


def test_somebody_walking_through_does_not_take_the_lock(watcher, patient):
    helper = resized(cv2.rotate(patient[0][0][:, 200:1160], cv2.ROTATE_90_COUNTERCLOCKWISE), 300, 540)
    seen = []
    for i, (picture, t) in enumerate(patient):
        scene = resized(picture, 960, 540)
        left = -300 + i * 30
        a, b = max(0, left), min(960, left + 300)
        if b > a:
            scene[:, a:b] = helper[:, a - left : b - left]
        pose, _ = watcher.observe(scene, t, i)
        if pose.is_measured(*TRUNK) and (b <= a or a > 760 or b < 200):
            seen.append(trunk_x(pose) / 960)
    assert len(seen) > 5
    assert np.ptp(seen) < 0.1


def test_the_same_pictures_give_the_same_poses_to_the_bit(patient, dead_bug):
    from functools import partial

    from formcheck.pose import PatientTracker
    from formcheck.session.set import start_score

    runs = []
    for _ in range(2):
        with PatientTracker(dead_bug.posture, partial(start_score, dead_bug)) as watcher:
            runs.append([watcher.observe(picture, t, i) for i, (picture, t) in enumerate(patient[:12])])
    for (pose_a, back_a), (pose_b, back_b) in zip(*runs, strict=True):
        assert pose_a.xy_px.tobytes() == pose_b.xy_px.tobytes()
        assert back_a.offset_tl.tobytes() == back_b.offset_tl.tobytes()


def test_a_mask_outlives_its_tracker(patient):
    with Tracker("full") as tracker:
        (seen,) = tracker.detect(*patient[0])
    before = seen.mask.copy()
    with Tracker("full") as other:
        other.detect(np.zeros_like(patient[0][0]), 0.0)
    assert seen.mask.flags.owndata
    assert (seen.mask == before).all()


def test_a_skeleton_that_lies_across_the_legs_is_searched_anew(watcher, dead_bug, patient):
    """Somebody got up and lay the other way round; the tracker went on with a trunk on the legs, content with it."""
    other_way = np.ascontiguousarray(pictures("demo-bird-dog.mp4", 1.0, 0.2)[0][0][:, ::-1])
    with PatientTracker(dead_bug.posture, partial(start_score, dead_bug)) as fresh:
        for i in range(3):
            wanted, _ = fresh.observe(other_way, 0.1 * i, i)
    for i, (picture, t) in enumerate(patient[:4]):
        watcher.observe(picture, t, i)
    for i in range(70):
        pose, _ = watcher.observe(other_way, t + 0.1 * (i + 1), 4 + i)
    off = np.hypot(*(pose.xy_px - wanted.xy_px).T)
    assert float(np.nanmedian(off)) < 0.02 * pose.width
