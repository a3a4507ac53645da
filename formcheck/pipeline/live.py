"""The live feed: one camera, one pose thread and one model for a whole session; the patient stays locked."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, Protocol

from formcheck.camera import AS_IT_IS, CameraState, CameraThread, View, open_source
from formcheck.core.body.back import Posture
from formcheck.core.rules.exercise import Exercise
from formcheck.pose import PatientTracker, Picturelike, PoseThread, TrackedFrame
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

    def close(self) -> None:
        """End it; a tracker that hangs is left behind."""


PoseOpener = Callable[[CameraThread, Exercise, str], PoseStream]


def open_pose_thread(camera: CameraThread, exercise: Exercise, model: str) -> PoseStream:
    """The pose thread that ships, started."""
    make = partial(PatientTracker, exercise.posture, partial(start_score, exercise), model)
    thread = PoseThread(camera.take, make)
    thread.start()
    return thread


class Feed(Protocol):
    """The pictures of a session with what is seen in them; a stand-in replays recorded ones."""

    is_camera: bool
    """Whether it is a camera rather than a recording."""

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
        """Width, height and rate of the pictures, as far as known."""

    def close(self) -> None:
        """Release everything; what hangs is left behind."""


class LiveFeed:
    """The camera and the pose thread of a session. Open it once; every set uses it."""

    def __init__(
        self,
        spec: str,
        model: str = "full",
        *,
        loop: bool = False,
        view: View = AS_IT_IS,
        open_poses: PoseOpener = open_pose_thread,
        clock: Callable[[], float] = time.monotonic,
        utc_s: Callable[[], float] = time.time,
    ) -> None:
        """Open the source; the camera starts in the background.

        Args:
            spec: camera number or name, video file, picture folder, or address.
            model: `full`, `lite`, or a bundle's path.
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
        self.camera = CameraThread(source, loop=loop)
        self._model, self._open_poses = model, open_poses
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
        if self._poses is None:
            self._poses = self._open_poses(self.camera, exercise, self._model)
        else:
            self._poses.watch_for(exercise.posture, partial(start_score, exercise))

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
        return seen

    def age_ms(self, frame: Picturelike) -> float:
        """Milliseconds since the frame was grabbed."""
        return (self._clock() - self.camera.shown_s(frame.t_s)) * 1000.0

    def utc_at(self, t_s: float) -> str | None:
        """UTC of a camera's time as ISO 8601 text; None for a recording."""
        if not self.is_camera:
            return None
        moment = self._utc_s() - (self._clock() - t_s)
        return utc_text(moment)

    def about(self) -> dict[str, Any]:
        """Width and height (pixels) of the newest picture, and the rate: a recording's own, or as a camera's came."""
        width, height = self._size
        return {"width": width or None, "height": height or None, "fps": self._rate_fps or self._measured_fps()}

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


def open_live_feed(spec: str, model: str, loop: bool, view: View = AS_IT_IS) -> Feed:
    """The feed that ships.

    Raises:
        SourceError: the source's name makes no sense.
    """
    return LiveFeed(spec, model, loop=loop, view=view)


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
    open_feed: Callable[[str, str, bool], Feed] = open_live_feed
    """Opens the pictures: source, model, and whether a recording is played again and again."""
