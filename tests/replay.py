"""A session through the real window program without a camera, a tracker or a clock: recorded poses, picture by picture.

The pictures' own time is the only clock: every wait, every word and every second of a rest happen in it, so that a
session of minutes runs in seconds, and the same on every machine. Everything is handed in from outside; nothing of the
program is replaced.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.app.app import App, AppOptions
from formcheck.app.ears import Listen
from formcheck.app.languages import Languages
from formcheck.app.policy import Policy
from formcheck.app.remembering import Memory
from formcheck.camera import CameraState, Frame
from formcheck.core.body.back import Back, unknown_back
from formcheck.core.body.pose import Pose, absent_pose
from formcheck.core.body.tracked import track
from formcheck.core.rules.events import Cue
from formcheck.core.rules.exercise import Exercise
from formcheck.pipeline.diary import Diary
from formcheck.pipeline.live import Machine, Strain
from formcheck.pipeline.observers import Observer
from formcheck.pose import Picturelike, TrackedFrame
from formcheck.pose.recording import Recording
from formcheck.screen import Look, SoundState, View, ViewModel, Window
from formcheck.session.program import Program
from formcheck.session.session_record import SessionRecord
from formcheck.system.wishes import Wishing
from formcheck.voice import Voice

FOLDER = Path(__file__).parent / "recordings"
Step = tuple[Pose, Back]
BEGAN = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
"""When these sessions take place: a Monday."""


class Clock:
    """Seconds; only the pictures, and waiting, make it go on."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
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


PATTERN = (np.indices((180, 320)).sum(axis=0) // 40 % 2 * 120 + 60).astype(np.uint8)[..., None].repeat(3, axis=2)


def blank(_: int) -> np.ndarray:
    """A grey picture with a pattern to focus on; a new one each time, as a camera gives them."""
    return np.array(PATTERN)


class ReplayFeed:
    """Hands out recorded pictures, one a turn; the camera's time goes on only with them."""

    def __init__(
        self,
        steps: Sequence[Step],
        clock: Clock,
        picture: Callable[[int], np.ndarray] = blank,
        *,
        is_camera: bool = True,
    ) -> None:
        self.is_camera = is_camera
        self.at = 0
        self.is_closed = False
        self.exercises: list[str] = []
        self.broken_message = ""
        self.lost: Callable[[int], bool] = lambda _: False
        """Whether the camera is lost at a picture."""
        self.strained: Callable[[int], Strain] = lambda _: Strain()
        """How hard the machine finds it, at a picture."""
        self._steps, self._clock, self._picture = steps, clock, picture
        self._exercise: Exercise | None = None
        self._begin_s: float | None = None

    @property
    def state(self) -> CameraState:
        if self.at >= len(self._steps):
            return CameraState("ended", self.broken_message)
        return CameraState("lost", "The camera stopped.") if self.lost(self.at) else CameraState("live")

    @property
    def strain(self) -> Strain:
        return self.strained(self.at)

    def watch_for(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self.exercises.append(exercise.name)

    def newest(self, timeout_s: float) -> TrackedFrame | None:
        if self.at >= len(self._steps) or self._exercise is None:
            self._clock.sleep(timeout_s)
            return None
        pose, back = self._steps[self.at]
        waited = self._clock.now_s - pose.t_s  # the film stands still while a page without a picture is shown
        self._begin_s = waited if self._begin_s is None else max(self._begin_s, waited)
        t_s = pose.t_s + self._begin_s
        self._clock.now_s = t_s
        frame = Frame(self._picture(self.at), t_s, self.at)
        self.at += 1
        tracked = track(replace(pose, t_s=t_s), replace(back, t_s=t_s), self._exercise.posture)
        return TrackedFrame(frame, tracked)

    def age_ms(self, frame: Picturelike) -> float:
        return (self._clock.now_s - frame.t_s) * 1000.0

    def utc_at(self, t_s: float) -> str | None:
        at = datetime.fromtimestamp(BEGAN.timestamp() + t_s, UTC)
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if self.is_camera else None

    def about(self) -> dict[str, Any]:
        return {"width": 1280, "height": 720, "fps": 15.0}

    def close(self) -> None:
        self.is_closed = True


@dataclass(slots=True)
class Log:
    """What was seen and heard: (seconds, what)."""

    clock: Clock
    cues: list[tuple[float, str]] = field(default_factory=list)
    shown: list[tuple[float, View]] = field(default_factory=list)
    sounds: list[SoundState] = field(default_factory=list)
    clips: list[tuple[float, str]] = field(default_factory=list)
    hums: list[tuple[float, bool]] = field(default_factory=list)
    """When the tone of a hold began (True) and ended."""
    written: set[str] = field(default_factory=set)
    """The texts of the view that was drawn last."""

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

    def hum(self, is_on: bool) -> None:
        self._log.hums.append((self._log.clock.now_s, is_on))

    def duck(self, is_speaking: bool) -> None:
        pass

    def beat(self, name: str, per_minute: float) -> None:
        self._log.clips.append((self._log.clock.now_s, f"{name} at {per_minute:.1f}"))

    def set_volume(self, volume: float) -> None:
        pass

    def close(self) -> None:
        pass


class LoggedWindow(Window):
    """The window itself, with somebody who looks at it, and may press keys.

    Args:
        log: where what is shown is written down, drawn or not.
        on_view: told of every view, with its time.
        drawn: of pictures of a set that follow each other, one in so many is drawn.
    """

    def __init__(self, log: Log, on_view: Callable[[float, View], None], drawn: int = 5) -> None:
        super().__init__((480, 270))
        self._log, self._on_view, self._drawn = log, on_view, drawn
        self._pictures = 0

    def show(self, view: View, sound: SoundState | None = None, now_s: float = 0.0, look: Look | None = None) -> None:
        self._pictures = self._pictures + 1 if isinstance(view, ViewModel) else 0
        if not self._pictures or self._pictures % self._drawn == 1 % self._drawn:
            super().show(view, sound or SoundState(), now_s, look)
            self._log.written = {label.text for label in self._painter.canvas.labels}
        self._log.shown.append((self._log.clock.now_s, view))
        self._log.sounds.append(sound or SoundState())
        self._on_view(self._log.clock.now_s, view)


@dataclass(slots=True)
class Ran:
    """A session that is over."""

    app: App
    log: Log
    feed: ReplayFeed
    error: BaseException | None = None

    @property
    def session(self) -> SessionRecord:
        assert self.app.session is not None
        return self.app.session


def run(
    what: Program | Exercise | None,
    steps: Sequence[Step],
    *,
    on_view: Callable[[float, View], None] = lambda *_: None,
    is_camera: bool = True,
    picture: Callable[[int], np.ndarray] = blank,
    duration_s: Callable[[str], float] = lambda _: 1.8,
    options: AppOptions | None = None,
    observers: Callable[[], list[Observer]] = list,
    prepare: Callable[[ReplayFeed], None] = lambda _: None,
    memory: Memory | None = None,
    diary: Diary | None = None,
    wishing: Wishing | None = None,
    listen: Callable[[Clock], Listen] = lambda _: Listen(),
    first_id: int = 1,
    languages: Languages | None = None,
    catches: type[BaseException] | tuple[type[BaseException], ...] = (),
    drawn: int = 5,
    join: Callable[[App], Policy | None] = lambda _: None,
) -> Ran:
    """Lead through a program, an exercise, or the menu; `on_view` sees every view with its time, and may press keys.

    Of the pictures of a set one in `drawn` is drawn. `join` may set a policy above all pages.
    """
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    clock = Clock()
    log = Log(clock)
    feed = ReplayFeed(steps, clock, picture, is_camera=is_camera)
    prepare(feed)
    numbers = itertools.count(first_id)
    machine = Machine(
        clock=clock,
        sleep=clock.sleep,
        new_id=lambda: f"00000000-0000-7000-8000-{next(numbers):012d}",
        today=lambda: BEGAN,
        open_feed=lambda *_: feed,
    )
    app = App(
        options or AppOptions(tells_steps=False), machine=machine, observers=observers, memory=memory, diary=diary,
        wishing=wishing, languages=languages, listen=listen(clock),
    )  # fmt: skip
    ran = Ran(app, log, feed)

    def heard(cue: Cue) -> None:
        log.cues.append((round(clock.now_s, 2), cue.name))

    with LoggedWindow(log, on_view, drawn) as window:
        try:
            app.lead(window, Voice(Speaker(log), duration_s), what, listeners=[heard], policy=join(app))
        except catches as error:
            ran.error = error
    return ran
