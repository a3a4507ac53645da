"""A session through the real window loop without a camera, a tracker or a clock: recorded poses, picture by picture.

The pictures' own time is the only clock: every wait, every word and every second of a rest happen in it, so that a
session of minutes runs in seconds, and the same on every machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from formcheck.app import daily, live, live_course
from formcheck.app.app import AppOptions
from formcheck.camera import Frame
from formcheck.core.body.back import Back, unknown_back
from formcheck.core.body.pose import Pose, absent_pose
from formcheck.core.rules.events import Cue
from formcheck.pose import Tracked
from formcheck.pose.recording import Recording
from formcheck.screen import View, Window
from formcheck.session.program import Program
from formcheck.session.record import Practice
from formcheck.voice import Voice

FOLDER = Path(__file__).parent / "recordings"
Step = tuple[Pose, Back]


class Clock:
    """Stands in for the module `time`: only the pictures, and waiting, make it go on."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


def recorded(name: str, fps: float = 0.0) -> list[Step]:
    """A recorded stream by its path below `tests/recordings`, thinned out to about so many pictures a second."""
    steps = list(Recording(FOLDER / f"{name}.npz"))
    own = 1 / (steps[1][0].t_s - steps[0][0].t_s)
    return steps[:: max(1, round(own / fps))] if fps else steps


def still(step: Step, seconds: float, fps: float = 15.0) -> list[Step]:
    """Somebody who holds still."""
    return [step] * round(seconds * fps)


def empty(seconds: float, like: Pose, fps: float = 15.0) -> list[Step]:
    """Nobody there."""
    return [(absent_pose(0.0, 0, like.width, like.height), unknown_back(0.0, "no-torso"))] * round(seconds * fps)


def joined(parts: Iterable[Sequence[Step]], fps: float = 15.0) -> list[Step]:
    """Streams one after the other, on one time."""
    steps = [step for part in parts for step in part]
    return [
        (replace(pose, t_s=i / fps, index=i), replace(back, t_s=i / fps)) for i, (pose, back) in enumerate(steps)
    ]  # fmt: skip


class Camera:
    """Hands out the recorded pictures; `take` is called by the stand-in for the pose thread."""

    def __init__(self, steps: Sequence[Step], picture: Callable[[int], np.ndarray], clock: Clock) -> None:
        self._steps, self._picture, self._clock = steps, picture, clock
        self._begin_s: float | None = None
        self.at = 0

    @property
    def state(self) -> SimpleNamespace:
        status = "ended" if self.at >= len(self._steps) else "live"
        return SimpleNamespace(status=status, message="", dropped=0)

    def __enter__(self) -> Camera:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def shown_s(self, frame: Frame) -> float:
        return frame.t_s + (self._begin_s or 0.0)

    def take(self) -> Tracked | None:
        if self.at >= len(self._steps):
            return None
        pose, back = self._steps[self.at]
        self._begin_s = self._clock.now_s - pose.t_s if self._begin_s is None else self._begin_s
        self._clock.now_s = pose.t_s + self._begin_s
        frame = Frame(self._picture(self.at), pose.t_s, self.at)
        self.at += 1
        return Tracked(frame, pose, back)


@dataclass(slots=True)
class Log:
    """What was seen and heard: (seconds, what)."""

    clock: Clock
    cues: list[tuple[float, str]]
    shown: list[tuple[float, View]]
    clips: list[tuple[float, str]]

    @property
    def names(self) -> list[str]:
        """Names of the cues, in order."""
        return [name for _, name in self.cues]


class Speaker:
    """A loudspeaker that writes down what it is told."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def say(self, clip: str) -> None:
        self._log.clips.append((self._log.clock.now_s, clip))

    def hush(self) -> None:
        self._log.clips.append((self._log.clock.now_s, "hush"))

    def sound(self, name: str) -> None:
        self._log.clips.append((self._log.clock.now_s, name))

    def set_volume(self, volume: float) -> None:
        pass

    def close(self) -> None:
        pass


class Poses:
    """Stands in for the pose thread: a picture a turn."""

    error = None

    def __init__(self, camera: Camera, clock: Clock) -> None:
        self._camera, self._clock = camera, clock

    def __enter__(self) -> Poses:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def newest(self, timeout_s: float) -> Tracked | None:
        seen = self._camera.take()
        if seen is None:
            self._clock.sleep(timeout_s)
        return seen


def blank(_: int) -> np.ndarray:
    """A grey picture with a pattern to focus on."""
    pattern = (np.indices((180, 320)).sum(axis=0) // 40 % 2 * 120 + 60).astype(np.uint8)[..., None].repeat(3, axis=2)
    return np.asarray(pattern)


def run(
    monkeypatch: pytest.MonkeyPatch,
    program: Program,
    steps: Sequence[Step],
    *,
    on_view: Callable[[float, View], None] = lambda *_: None,
    is_live: bool = True,
    picture: Callable[[int], np.ndarray] = blank,
    duration_s: Callable[[str], float] = lambda _: 1.8,
) -> tuple[Practice, Log]:
    """Lead through a program; `on_view` sees every view with its time, and may press keys."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    clock = Clock()
    log = Log(clock, [], [], [])
    camera = Camera(steps, picture, clock)

    for module in (daily, live, live_course):
        monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr(live, "PoseThread", lambda *_: Poses(camera, clock))
    monkeypatch.setattr(daily, "open_source", lambda _: SimpleNamespace(is_live=is_live))
    monkeypatch.setattr(daily, "CameraThread", lambda *_, **__: camera)
    _listen(monkeypatch, log, on_view)
    session = daily.DailySession(program, AppOptions())
    with Window((480, 270)) as window:
        session.lead(window, Voice(Speaker(log), duration_s))
    return session.practice, log


def _listen(monkeypatch: pytest.MonkeyPatch, log: Log, on_view: Callable[[float, View], None]) -> None:
    """Write down what is offered to the voice and shown in the window; both do what they always do."""
    offer, show = Voice.offer, Window.show

    def hear(self: Voice, cue: Cue) -> None:
        log.cues.append((round(log.clock.now_s, 2), cue.name))
        offer(self, cue)

    def see(self: Window, view: View) -> None:
        show(self, view)
        log.shown.append((log.clock.now_s, view))
        on_view(log.clock.now_s, view)

    monkeypatch.setattr(Voice, "offer", hear)
    monkeypatch.setattr(Window, "show", see)
