"""The live feed: one camera, one pose thread and one model for a whole session; the patient stays locked."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, Protocol

from formcheck.camera import (
    AS_IT_IS,
    CameraInfo,
    CameraState,
    CameraThread,
    View,
    Webcam,
    list_cameras,
    open_source,
)
from formcheck.core.body.back import Posture
from formcheck.core.rules.exercise import Exercise
from formcheck.pipeline.pace import Arrival, Pace, PaceState
from formcheck.pipeline.relief import Help, Relief, Slow
from formcheck.pose import PatientTracker, Picturelike, PoseThread, TrackedFrame
from formcheck.pose.effort import Effort
from formcheck.session.identity import utc_text, uuid7
from formcheck.session.set import start_score
from formcheck.system.errors import FormcheckError

StartScore = Callable[..., float]
Moment = tuple[int, float]
"""Number of a picture in its source, and its time in seconds."""


class PoseStream(Protocol):
    """What turns the camera's newest picture into what was seen in it."""

    error: Exception | None

    def newest(self, timeout_s: float) -> TrackedFrame | None:
        """The newest result that was not taken yet; waits up to so many seconds."""

    def watch_for(self, posture: Posture, start_score: StartScore) -> None:
        """From the next picture on, look for another exercise; the patient stays the same."""

    def work_with(self, effort: Effort) -> None:
        """From the next picture on, put so much work into each."""

    def close(self) -> None:
        """End it; a tracker that hangs is left behind."""


PoseOpener = Callable[[CameraThread, Exercise, Effort], PoseStream]


def open_pose_thread(camera: CameraThread, exercise: Exercise, effort: Effort) -> PoseStream:
    """The pose thread that ships, started."""
    make = partial(PatientTracker, exercise.posture, partial(start_score, exercise), effort.model)
    thread = PoseThread(camera.take, make)
    thread.work_with(effort)
    thread.start()
    return thread


@dataclass(frozen=True, slots=True)
class Strain:
    """How hard the machine finds it, and what is done about it."""

    pace: PaceState = field(default_factory=PaceState)
    help: tuple[Help, ...] = ()
    """What is given now."""
    slow: Slow = ""
    """Whether the poses come too slowly all the same."""
    is_of_camera: bool = False
    """Whether that is the camera's fault."""


class Feed(Protocol):
    """The pictures of a session with what is seen in them; a stand-in replays recorded ones."""

    is_camera: bool
    """Whether it is a camera rather than a recording."""

    @property
    def strain(self) -> Strain:
        """How hard the machine finds it."""

    @property
    def state(self) -> CameraState:
        """How the camera is."""

    def watch_for(self, exercise: Exercise) -> None:
        """Look for an exercise from now on; the patient stays the same."""

    def newest(self, timeout_s: float) -> TrackedFrame | None:
        """The newest picture that was not taken yet, waiting up to so many seconds; None if there is none."""

    def age_ms(self, frame: Picturelike) -> float:
        """Milliseconds since the frame was grabbed."""

    def utc_at(self, t_s: float) -> str | None:
        """UTC of a camera's time as ISO 8601 text; None for a recording."""

    def about(self) -> dict[str, Any]:
        """Width, height and rate of the pictures, as far as known, the models in use, and how it went live."""

    def close(self) -> None:
        """Release everything; what hangs is left behind."""


class LiveFeed:
    """The camera and the pose thread of a session. Open it once; every set uses it."""

    def __init__(
        self,
        spec: str,
        effort: Effort | None = None,
        *,
        may_change_model: bool = True,
        loop: bool = False,
        view: View = AS_IT_IS,
        open_poses: PoseOpener = open_pose_thread,
        clock: Callable[[], float] = time.monotonic,
        utc_s: Callable[[], float] = time.time,
    ) -> None:
        """Open the source; the camera starts in the background.

        Args:
            spec: camera number or name, video file, picture folder, or address.
            effort: what is put into each picture where the machine is fast enough.
            may_change_model: whether a machine that is too slow may be helped by another model.
            loop: play a recording again and again.
            view: how the pictures are to be turned and mirrored.
            open_poses: makes the pose stream of a camera.
            clock: seconds of the clock that stamps a camera's pictures.
            utc_s: seconds since 1970, UTC.

        Raises:
            SourceError: the source's name makes no sense.
        """
        source = open_source(spec, view)
        self.is_camera = source.is_live
        self._rate_fps = source.fps
        self._source = source
        self.camera = CameraThread(source, loop=loop)
        self._open_poses = open_poses
        self._effort = effort or Effort()
        self._models = {self._effort.model}
        self._pace = Pace()
        self._relief = Relief(self._effort, may_change_model=may_change_model)
        self.strain = Strain()
        """How hard the machine finds it."""
        self._clock, self._utc_s = clock, utc_s
        self._poses: PoseStream | None = None
        self._size = (0, 0)
        self._stretch: tuple[Moment, Moment] | None = None
        self.camera.start()

    def __enter__(self) -> LiveFeed:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Release camera and model; what hangs is left behind."""
        if self._poses is not None:
            self._poses.close()
            self._poses = None
        self.camera.stop()

    @property
    def state(self) -> CameraState:
        """How the camera is."""
        return self.camera.state

    def watch_for(self, exercise: Exercise) -> None:
        """Look for an exercise from now on; the model is loaded only the first time."""
        now_s = self._clock()
        self._pace.begin()
        self._relief.watch_for(exercise, now_s)
        if self._poses is None:
            self._poses = self._open_poses(self.camera, exercise, self._relief.effort)
        else:
            self._poses.watch_for(exercise.posture, partial(start_score, exercise))
        self.strain = Strain(help=self._relief.now)

    def newest(self, timeout_s: float) -> TrackedFrame | None:
        """The newest picture that was not taken yet, with what was seen in it.

        Raises:
            FormcheckError: the pose model failed.
        """
        if self._poses is None:
            return None
        if self._poses.error is not None:
            error = self._poses.error
            raise FormcheckError(f"The picture can't be analysed any more: {error}") from error
        seen = self._poses.newest(timeout_s)
        if seen is not None:
            self._size = (seen.tracked.pose.width, seen.tracked.pose.height)
            self._note_rate(seen.frame)
        self._ease(seen)
        return seen

    def _ease(self, seen: TrackedFrame | None) -> None:
        """Measure the pace, and help where it is too slow."""
        now_s = self._clock()
        if seen is not None:
            arrival = Arrival(now_s, seen.frame.index, seen.number, seen.took_s, self.age_ms(seen.frame))
            self._pace.add(arrival)
        pace = self._pace.at(now_s)
        self._relief.update(pace, now_s)
        self._work_with(self._relief.effort)
        self.strain = Strain(pace, self._relief.now, self._relief.slow, self._relief.is_of_camera)

    def _work_with(self, effort: Effort) -> None:
        if self._poses is not None and effort != self._effort:
            self._poses.work_with(effort)
            self._effort = effort
            self._models.add(effort.model)

    def age_ms(self, frame: Picturelike) -> float:
        """Milliseconds since the frame was grabbed."""
        return (self._clock() - self.camera.shown_s(frame.t_s)) * 1000.0

    def utc_at(self, t_s: float) -> str | None:
        """UTC of a camera's time as ISO 8601 text; None for a recording."""
        return self._utc(t_s) if self.is_camera else None

    def about(self) -> dict[str, Any]:
        """Width and height (pixels) of the newest picture; the rate: a recording's own, or as a camera's came; the
        names of the models in use; whether it is `mirrored`; and under `live` the pace of the poses and the help
        that was given."""
        width, height = self._size
        helps = [
            {"what": each.what, "began_utc": self._utc(each.began_s), "ended_utc": self._utc(each.ended_s)}
            for each in self._relief.given
        ]
        return {
            "width": width or None,
            "height": height or None,
            "fps": self._rate_fps or self._measured_fps(),
            "mirrored": self._source.is_mirrored,
            "models": sorted(self._models),
            "live": {**self._pace.summary(), "help": helps},
        }

    def _utc(self, t_s: float | None) -> str | None:
        """UTC of a moment on the clock."""
        return None if t_s is None else utc_text(self._utc_s() - (self._clock() - t_s))

    def _note_rate(self, frame: Picturelike) -> None:
        """Keep the ends of the stretch in which the camera sent without a break; pictures nobody took count too."""
        now = (frame.index, frame.t_s)
        is_new = self._stretch is None or frame.index <= self._stretch[1][0]
        self._stretch = (now, now) if is_new or self._stretch is None else (self._stretch[0], now)

    def _measured_fps(self) -> float | None:
        if self._stretch is None:
            return None
        (first, first_s), (last, last_s) = self._stretch
        return round((last - first) / (last_s - first_s), 1) if last_s > first_s else None


def open_live_feed(spec: str, effort: Effort, may_change_model: bool, loop: bool, view: View = AS_IT_IS) -> Feed:
    """The feed that ships.

    Raises:
        SourceError: the source's name makes no sense.
    """
    return LiveFeed(spec, effort, may_change_model=may_change_model, loop=loop, view=view)


def chosen_camera(name: str) -> str:
    """What to open for the camera that was chosen by name: itself while it is plugged in, else the first one."""
    return name if name and name in {camera.name for camera in list_cameras()} else FIRST


def open_preview(camera: CameraInfo) -> CameraThread:
    """A camera that is looked at, in a small picture: several on one USB bus have no room for large ones."""
    width, height = PREVIEW_PX
    thread = CameraThread(Webcam(camera.index, width=width, height=height, rate_fps=PREVIEW_FPS))
    thread.start()
    return thread


PREVIEW_PX, PREVIEW_FPS = (640, 360), 15.0
"""Size and rate of a picture by which a camera is chosen."""
FIRST = "0"
"""The first camera."""


def local_now() -> datetime:
    """Date and time here."""
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class Machine:
    """What the window program needs of the machine; tests bring their own."""

    clock: Callable[[], float] = time.monotonic
    """Seconds of a clock that never goes back."""
    sleep: Callable[[float], None] = time.sleep
    new_id: Callable[[], str] = uuid7
    today: Callable[[], datetime] = local_now
    """Local date and time, for programs that differ by day."""
    camera: Callable[[str], str] = chosen_camera
    """What to open for the camera that was chosen by name; empty for none."""
    cameras: Callable[[], Sequence[CameraInfo]] = list_cameras
    """The cameras of this machine."""
    preview: Callable[[CameraInfo], CameraThread] = open_preview
    """Opens one of them to be looked at."""
    open_feed: Callable[[str, Effort, bool, bool], Feed] = open_live_feed
    """Opens the pictures: source, effort, whether the model may be changed for a slow machine, and whether a recording
    is played again and again."""
