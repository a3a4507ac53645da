"""The live feed on a true network camera on this machine; a stand-in takes the pictures, since no pose is needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from formcheck.camera import CameraThread, Frame
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


class Slowly:
    """A tracker that takes its time: each turn a pose comes, some seconds after the one before."""

    error: Exception | None = None

    def __init__(self, every_s: float, clock: Clock) -> None:
        self.efforts: list[Effort] = []
        self.every_s, self.took_s = every_s, every_s * 0.95
        self._clock, self._count = clock, 0

    def open(self, camera: CameraThread, exercise: Exercise, effort: Effort) -> Slowly:
        self.efforts.append(effort)
        return self

    def newest(self, timeout_s: float) -> TrackedFrame | None:
        self._clock.now_s += self.every_s
        self._count += 1
        t_s, index = self._clock.now_s - self.every_s, round(30 * self._clock.now_s)
        frame = Frame(np.zeros((90, 160, 3), np.uint8), t_s, index)
        pose = absent_pose(t_s, index, 160, 90)
        return TrackedFrame(frame, track(pose, unknown_back(t_s, "no-torso"), "supine"), self.took_s, self._count)

    def watch_for(self, posture: Posture, start_score: StartScore) -> None:
        pass

    def work_with(self, effort: Effort) -> None:
        self.efforts.append(effort)

    def close(self) -> None:
        pass


class Clock:
    """Seconds that a test makes go on."""

    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def fed(poses: Slowly, clock: Clock, **how: Any) -> LiveFeed:
    return LiveFeed("http://127.0.0.1:9/none", open_poses=poses.open, clock=clock, utc_s=lambda: 1.8e9, **how)


def test_a_slow_machine_is_helped_and_the_record_says_how() -> None:
    clock = Clock()
    poses = Slowly(0.16, clock)
    with fed(poses, clock) as feed:
        feed.watch_for(load_exercises().get("dead-bug"))
        for _ in range(130):
            feed.newest(0.0)
        assert feed.strain.slow == "some"
        assert feed.strain.help == ("drawing", "scout", "lite", "small")
        assert feed.strain.pace.poses_fps == pytest.approx(6.25, abs=0.1)
        assert feed.strain.pace.age_ms == pytest.approx(160.0, abs=1)
        about = feed.about()
    assert poses.efforts[0] == Effort()
    assert poses.efforts[1:] == [
        Effort(is_scouting=False), Effort("lite", is_scouting=False), Effort("lite", 640, is_scouting=False),
    ]  # fmt: skip
    assert about["models"] == ["full", "lite"]
    live = about["live"]
    assert live["poses_fps"] == pytest.approx(6.25, abs=0.1)
    assert live["age_ms_p95"] == pytest.approx(160.0, abs=1)
    assert [each["what"] for each in live["help"]] == ["drawing", "scout", "lite", "small"]
    assert all(each["began_utc"].startswith("2027-01-15T") and each["ended_utc"] is None for each in live["help"])


def test_a_quick_machine_is_left_alone() -> None:
    clock = Clock()
    poses = Slowly(0.05, clock)
    with fed(poses, clock, effort=Effort("lite", 640)) as feed:
        feed.watch_for(load_exercises().get("dead-bug"))
        for _ in range(200):
            feed.newest(0.0)
        about = feed.about()
        assert (feed.strain.slow, feed.strain.help) == ("", ())
    assert poses.efforts == [Effort("lite", 640)]
    assert about["models"] == ["lite"]
    assert about["live"]["help"] == []


def test_a_page_that_takes_no_poses_is_no_slowness() -> None:
    clock = Clock()
    poses = Slowly(0.05, clock)
    with fed(poses, clock) as feed:
        for _ in range(3):
            feed.watch_for(load_exercises().get("dead-bug"))
            for _ in range(80):
                feed.newest(0.0)
            clock.now_s += 60.0
            feed.watch_for(load_exercises().get("glute-bridge"))
            assert not feed.strain.pace.is_known
        assert feed.about()["live"]["help"] == []
