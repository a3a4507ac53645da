"""The whole pose room on rendered people: any picture size, covered joints, further people."""

from functools import partial

import cv2
import numpy as np
import pytest

from formcheck.core.body.back import sagitta_tl
from formcheck.core.body.pose import ANKLE, HIP, KNEE, SHOULDER, Evidence
from formcheck.core.body.tracked import track
from formcheck.pose import PatientTracker
from formcheck.pose.tracker import Tracker
from formcheck.session.registry import load_exercises
from formcheck.session.set import start_score
from formcheck.system.assets import asset
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
    tracked = watcher.observe(resized(square, width, height), 0.0, 0)
    pose = tracked.pose
    assert (pose.width, pose.height) == (width, height)
    assert pose.is_present
    reference_x = trunk_x(pose) / width
    assert reference_x == pytest.approx(0.56, abs=0.08)
    assert tracked.back.t_s == pose.t_s


def test_a_grey_picture_and_an_empty_room(watcher, patient):
    grey = cv2.cvtColor(cv2.cvtColor(patient[0][0], cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    assert watcher.observe(grey, 0.0, 0).pose.is_present
    for i in range(1, 4):
        tracked = watcher.observe(np.full_like(grey, 90), i * 0.1, i)
    assert not tracked.pose.is_present
    assert tracked.back.unknown == tracked.body.back_unknown == "no-torso"


def test_the_joints_of_a_body_in_full_view_are_measured(watcher, patient):
    for i, (picture, t) in enumerate(patient[:10]):
        tracked = watcher.observe(picture, t, i)
    near = [pair["left"] for pair in (SHOULDER, HIP, KNEE, ANKLE)]
    assert tracked.pose.is_measured(*near)
    assert tracked.back.is_known


def test_what_is_delivered_is_measured_as_a_recorded_stream_is(watcher, patient):
    for i, (picture, t) in enumerate(patient[:4]):
        tracked = watcher.observe(picture, t, i)
    again = track(tracked.pose, tracked.back, "supine").body
    assert repr(tracked.body) == repr(again)
    assert tracked.body.sagitta_tl == pytest.approx(sagitta_tl(tracked.back.offset_tl))


def test_joints_outside_the_picture_are_absent(watcher, patient):
    """The camera cuts the feet off: no feet are invented."""
    for i, (picture, t) in enumerate(patient[:10]):
        left = round(0.36 * picture.shape[1])
        pose = watcher.observe(np.ascontiguousarray(picture[:, left:]), t, i).pose
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
        tracked = watcher.observe(covered, t, i)
    assert not tracked.pose.is_measured(HIP["left"], HIP["right"])
    assert not tracked.back.is_known


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_one_in_the_start_pose_is_the_patient(watcher, patient, side):
    """A second person, upright and larger, stands in the same picture."""
    helper = cv2.rotate(patient[0][0][:, 200:1160], cv2.ROTATE_90_COUNTERCLOCKWISE)
    for i, (picture, t) in enumerate(patient[:24]):
        mat, upright = resized(picture, 960, 540), resized(helper, 405, 540)
        both = np.hstack([mat, upright] if side == "left" else [upright, mat])
        pose = watcher.observe(both, t, i).pose
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
        pose = watcher.observe(scene, t, i).pose
        if pose.is_measured(*TRUNK) and (b <= a or a > 760 or b < 200):
            seen.append(trunk_x(pose) / 960)
    assert len(seen) > 5
    assert np.ptp(seen) < 0.1


@pytest.mark.parametrize("hidden_s", [0.3, 1.5, 3.0])
def test_while_the_patient_is_hidden_a_helper_elsewhere_is_nobody(watcher, patient, hidden_s):
    """Somebody stands before the patient, and a helper is the only one who is seen: then the patient shows again."""
    mat, blank = resized(patient[0][0], 960, 540), np.full((540, 960, 3), 120, np.uint8)
    helper = resized(cv2.rotate(patient[0][0][:, 200:1160], cv2.ROTATE_90_COUNTERCLOCKWISE), 405, 540)
    both, alone = np.hstack([mat, helper]), np.hstack([blank, helper])
    hidden = round(10 * hidden_s)
    poses = [watcher.observe(p, 0.1 * i, i).pose for i, p in enumerate([*[both] * 6, *[alone] * hidden, *[both] * 6])]
    assert all(trunk_x(pose) < 960 for pose in poses if pose.is_present), "the helper is taken for the patient"
    assert not any(pose.is_present for pose in poses[8 : 6 + hidden])
    assert poses[-1].is_present


def test_who_is_alone_after_five_seconds_is_the_patient(watcher, patient):
    mat, blank = resized(patient[0][0], 960, 540), np.full((540, 960, 3), 120, np.uint8)
    here, elsewhere = np.hstack([mat, blank]), np.hstack([blank, mat])
    for i in range(4):
        assert watcher.observe(here, 0.1 * i, i).pose.is_present
    poses = [watcher.observe(elsewhere, 0.5 * (i + 1), 4 + i).pose for i in range(14)]
    assert not any(pose.is_present for pose in poses[:8])
    assert trunk_x(poses[-1]) > 960


def test_another_exercise_keeps_the_patient_and_takes_its_own_measures(watcher, patient, registry):
    """A helper takes the start pose's place in the picture: the lock stays; the posture is the new one's."""
    bird_dog = registry.get("bird-dog")
    helper = cv2.rotate(patient[0][0][:, 200:1160], cv2.ROTATE_90_COUNTERCLOCKWISE)
    for i, (picture, t) in enumerate(patient[:24]):
        if i == 12:
            watcher.watch_for(bird_dog.posture, partial(start_score, bird_dog))
        both = np.hstack([resized(picture, 960, 540), resized(helper, 405, 540)])
        tracked = watcher.observe(both, t, i)
        assert tracked.body.geometry.posture == ("supine" if i < 12 else "quadruped")
        assert trunk_x(tracked.pose) < 960


def test_another_exercise_loads_no_model(dead_bug, patient, registry, tmp_path):
    model = tmp_path / "own.task"
    model.write_bytes(asset("models", "pose_landmarker_full.task").read_bytes())
    with PatientTracker(dead_bug.posture, partial(start_score, dead_bug), str(model)) as watcher:
        watcher.observe(*patient[0], 0)
        model.unlink()
        watcher.watch_for("quadruped", partial(start_score, registry.get("bird-dog")))
        for i, (picture, t) in enumerate(patient[1:5], 1):
            assert watcher.observe(picture, t, i).pose.is_present


def test_the_same_pictures_give_the_same_poses_to_the_bit(patient, dead_bug):
    runs = []
    for _ in range(2):
        with PatientTracker(dead_bug.posture, partial(start_score, dead_bug)) as watcher:
            runs.append([watcher.observe(picture, t, i) for i, (picture, t) in enumerate(patient[:12])])
    for a, b in zip(*runs, strict=True):
        assert a.pose.xy_px.tobytes() == b.pose.xy_px.tobytes()
        assert a.back.offset_tl.tobytes() == b.back.offset_tl.tobytes()


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
            wanted = fresh.observe(other_way, 0.1 * i, i).pose
    for i, (picture, t) in enumerate(patient[:4]):
        watcher.observe(picture, t, i)
    for i in range(70):
        pose = watcher.observe(other_way, t + 0.1 * (i + 1), 4 + i).pose
    off = np.hypot(*(pose.xy_px - wanted.xy_px).T)
    assert float(np.nanmedian(off)) < 0.02 * pose.width


# -- heads that are not up ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bridge():
    """The first picture of somebody on the floor for a bridge."""
    return pictures("demo-glute-bridge.mp4", 0.0, 0.1)[0][0]


def far_away(picture, share=0.33):
    """The same person, seen from further away: the finder of people sees nobody as long as the picture isn't turned."""
    height, width = picture.shape[:2]
    small = resized(picture, round(width * share), round(height * share))
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    sides = top, height - small.shape[0] - top, left, width - small.shape[1] - left
    return cv2.copyMakeBorder(small, *sides, cv2.BORDER_REPLICATE), np.array([left, top]), share


@pytest.mark.parametrize("turn", [1, -1])
def test_a_turned_picture_gives_the_joints_and_the_mask_where_they_are(bridge, turn):
    with Tracker("full", is_video=False) as tracker:
        [plain] = tracker.detect(bridge, 0.0)
        [turned] = tracker.detect(bridge, 0.0, turn)
    torso = np.hypot(*(plain.xy_px[TRUNK[:2]].mean(axis=0) - plain.xy_px[TRUNK[2:]].mean(axis=0)))
    assert np.hypot(*(turned.xy_px - plain.xy_px)[TRUNK].T).max() < 0.2 * torso
    assert turned.mask.shape == plain.mask.shape == bridge.shape[:2]
    both = (turned.mask > 0.5) & (plain.mask > 0.5)
    assert both.sum() > 0.85 * max((turned.mask > 0.5).sum(), (plain.mask > 0.5).sum())


def test_who_lies_too_far_away_to_be_found_is_found_in_the_turned_picture(bridge):
    small, shift, share = far_away(bridge)
    with Tracker("full", is_video=False) as finder:
        assert not finder.detect(small, 0.0)
        [near] = finder.detect(bridge, 0.0)
    exercise = load_exercises().get("glute-bridge")
    with PatientTracker(exercise.posture, partial(start_score, exercise)) as watcher:
        poses = [watcher.observe(small, i / 10, i).pose for i in range(6)]
    assert poses[-1].is_present
    away = (poses[-1].xy_px - (near.xy_px * share + shift))[TRUNK]
    assert np.hypot(*away.T).max() < 20


def test_who_is_found_at_once_is_followed_in_the_picture_as_it_is(watcher, patient):
    """Turning costs time, and every measured figure was taken without it."""
    for i, (picture, t) in enumerate(patient[:10]):
        pose = watcher.observe(picture, t, i).pose
    with Tracker("full") as plain:
        for picture, t in patient[:10]:
            [raw] = plain.detect(picture, t)
    seen = pose.evidence != Evidence.ABSENT
    assert pose.xy_px[seen] == pytest.approx(raw.xy_px[seen], abs=0.01)
