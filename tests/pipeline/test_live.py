"""The live feed on a true network camera on this machine; a stand-in takes the pictures, since no pose is needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from formcheck.camera import CameraThread
from formcheck.core.body.back import Posture, unknown_back
from formcheck.core.body.pose import absent_pose
from formcheck.core.body.tracked import track
from formcheck.core.rules.exercise import Exercise
from formcheck.pipeline.live import LiveFeed, StartScore
from formcheck.pose import Picturelike, TrackedFrame
from formcheck.pose.effort import Effort
from formcheck.session.registry import load_exercises
from tests.camera.conftest import GUARD_S, MjpegServer, make_video, server

__all__ = ["make_video", "server"]


class Taker:
    """Hands on the camera's newest picture, with nobody in it."""

    error: Exception | None = None

    def __init__(self, camera: CameraThread, exercise: Exercise, _effort: Effort) -> None:
        self._camera, self._posture = camera, exercise.posture

    def newest(self, timeout_s: float) -> TrackedFrame | None:
        frame = self._camera.take(timeout_s)
        if frame is None:
            return None
        height, width = frame.image.shape[:2]
        pose = absent_pose(frame.t_s, frame.index, width, height)
        return TrackedFrame(frame, track(pose, unknown_back(frame.t_s, "no-torso"), self._posture))

    def watch_for(self, posture: Posture, start_score: StartScore) -> None:
        self._posture = posture

    def work_with(self, effort: Effort) -> None:
        pass

    def close(self) -> None:
        pass


def test_the_rate_of_a_camera_is_the_one_at_which_its_pictures_came(server: MjpegServer) -> None:
    server.answers = ["hold"]
    with LiveFeed(server.url(), open_poses=Taker) as feed:
        feed.watch_for(load_exercises().get("dead-bug"))
        assert feed.about()["fps"] is None, "nothing came yet"
        seen: list[Picturelike] = []
        while not seen or seen[-1].index < 39:
            taken = feed.newest(GUARD_S)
            assert taken is not None
            seen.append(taken.frame)
        about = feed.about()
    server.released.set()
    rate = (seen[-1].index - seen[0].index) / (seen[-1].t_s - seen[0].t_s) if len(seen) > 1 else None
    assert {k: about[k] for k in ("width", "height", "fps")} == {
        "width": 160,
        "height": 120,
        "fps": rate and pytest.approx(rate, rel=0.01, abs=0.1),
    }


def test_the_rate_of_a_recording_is_its_own(make_video: Callable[..., Path]) -> None:
    with LiveFeed(str(make_video(fps=25.0)), open_poses=Taker) as feed:
        feed.watch_for(load_exercises().get("dead-bug"))
        indices = [0]
        while indices[-1] < 10:
            taken = feed.newest(GUARD_S)
            assert taken is not None
            indices.append(taken.frame.index)
        assert feed.about()["fps"] == 25.0
