"""Less work a picture: another model and a smaller picture in the middle of a clip, and no search for others."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from formcheck.camera import Frame, open_source
from formcheck.core.body.pose import Joint
from formcheck.pose import PatientTracker
from formcheck.pose.effort import Effort
from formcheck.pose.tracker import Tracker
from formcheck.session.registry import load_exercises
from formcheck.session.set import start_score
from formcheck.system.assets import asset

EVERY = 6
"""Of the clip's pictures: five a second."""
EXERCISE = load_exercises().get("dead-bug")


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    """Three seconds of a demo clip."""
    with open_source(str(asset("clips", "demo-dead-bug.mp4"))) as source:
        found = [source.read() for _ in range(15 * EVERY)]
    return [frame for frame in found[::EVERY] if frame is not None]


def watcher() -> PatientTracker:
    return PatientTracker(EXERCISE.posture, partial(start_score, EXERCISE))


def test_the_patient_is_kept_when_the_model_and_the_picture_change(frames: list[Frame]) -> None:
    effort = {5: Effort("lite"), 9: Effort("lite", 640), 12: Effort()}
    with watcher() as plain, watcher() as changed:
        for i, frame in enumerate(frames):
            if i in effort:
                changed.work_with(effort[i])
            a, b = (w.follow(frame.image, frame.t_s, frame.index).raw for w in (plain, changed))
            assert a is not None
            assert b is not None, f"nobody in picture {i}"
            torso = np.hypot(*(a.xy_px[Joint.LEFT_SHOULDER] - a.xy_px[Joint.LEFT_HIP]))
            off = np.hypot(*(a.xy_px - b.xy_px)[[Joint.LEFT_HIP, Joint.LEFT_SHOULDER, Joint.LEFT_KNEE]].T)
            assert off.max() < 0.3 * torso, f"somebody else in picture {i}"
            assert a.mask is not None
            assert b.mask is not None
            assert b.mask.shape == ((360, 640) if 9 <= i < 12 else a.mask.shape)


def test_another_model_gives_other_landmarks(frames: list[Frame]) -> None:
    found = []
    for model in ("full", "lite"):
        with Tracker("full") as tracker:
            tracker.use(model, 1280)
            found.append(tracker.detect(frames[0].image, 0.0)[0].xy_px)
    with Tracker("lite") as tracker:
        lite = tracker.detect(frames[0].image, 0.0)[0].xy_px
    assert np.array_equal(found[1], lite)
    assert not np.array_equal(found[0], lite)


def test_others_are_counted_only_by_a_tracker_that_scouts(frames: list[Frame]) -> None:
    """Somebody comes into the picture while the patient is followed: a copy of the patient, beside."""
    seen = {}
    for is_scouting in (True, False):
        with watcher() as tracker:
            tracker.work_with(Effort(is_scouting=is_scouting))
            for i in range(5):
                picture = frames[0].image
                alone = np.vstack([picture, np.full_like(picture, 127)])
                crowd = np.vstack([picture, picture])
                found = tracker.follow(alone if i < 2 else crowd, 1.5 * i, i)
            seen[is_scouting] = found.others
    assert seen == {True: 1, False: 0}


def test_nobody_is_followed_yet_they_are_searched_all_the_same(frames: list[Frame]) -> None:
    empty = np.full_like(frames[0].image, 127)
    with watcher() as tracker:
        tracker.work_with(Effort(is_scouting=False))
        assert tracker.follow(empty, 0.0, 0).raw is None
        crowd = np.vstack([frames[0].image, frames[0].image])
        found = [tracker.follow(crowd, 1.0 + i / 5, i) for i in range(3)]
    assert found[-1].raw is not None
    assert found[-1].others == 1
