"""The pose thread: takes the newest picture, tracks it, and keeps the newest result. Drops, never queues."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

from formcheck.core.body.back import Posture
from formcheck.core.body.tracked import Tracked
from formcheck.pose.effort import Effort
from formcheck.pose.patient import StartScore
from formcheck.pose.tracker import Picture

TAKE_WAIT_S = 0.1
"""The thread looks this often whether it is to stop while no picture comes."""
STOP_S = 2.0
"""Seconds that closing waits for the thread; a tracker that hangs in its library is left behind, and dies with the
program (the thread is a daemon)."""


class Picturelike(Protocol):
    """A picture with its time, as the camera room delivers it."""

    @property
    def image(self) -> Picture:
        """(h, w, 3) BGR."""

    @property
    def t_s(self) -> float:
        """Seconds."""

    @property
    def index(self) -> int:
        """Number in the source."""


@dataclass(frozen=True, slots=True, eq=False)
class TrackedFrame:
    """A picture and what was seen in it."""

    frame: Picturelike
    tracked: Tracked
    took_s: float = 0.0
    """Seconds that the tracker worked on it."""
    number: int = 0
    """Number among all results; those between were replaced by newer ones before they were taken."""


class PictureTracker(Protocol):
    """Whatever finds the patient in a picture; `PatientTracker` is the one that ships."""

    def __enter__(self) -> PictureTracker:
        """Ready; models are loaded."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Free the models."""

    def watch_for(self, posture: Posture, start_score: StartScore) -> None:
        """From the next picture on, look for another exercise."""

    def work_with(self, effort: Effort) -> None:
        """From the next picture on, put so much work into each."""

    def observe(self, picture: Picture, t_s: float, index: int) -> Tracked:
        """What is seen in one picture."""


class PoseThread:
    """Runs a tracker over a stream of newest pictures."""

    def __init__(
        self,
        take: Callable[[float], Picturelike | None],
        make_tracker: Callable[[], PictureTracker],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Args: `take` waits up to so many seconds for a picture; `make_tracker` is called on the thread; `clock`
        gives seconds, to measure the tracker by."""
        self._take = take
        self._make_tracker = make_tracker
        self._clock = clock
        self._stop = threading.Event()
        self._new = threading.Condition()
        self._seen: TrackedFrame | None = None
        self._is_fresh = False
        self._wanted: tuple[Posture, StartScore] | None = None
        self._effort: Effort | None = None
        self._number = 0
        self.dropped = 0
        """Results that a newer one replaced before they were taken."""
        self.error: Exception | None = None
        """What ended the thread, if it did not end on request."""
        self._thread = threading.Thread(target=self._run, name="formcheck-pose", daemon=True)

    def __enter__(self) -> PoseThread:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        """Begin to track."""
        self._thread.start()

    def close(self, timeout_s: float = STOP_S) -> None:
        """End it; harmless when it has ended. A tracker that hangs is left behind after so many seconds."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def watch_for(self, posture: Posture, start_score: StartScore) -> None:
        """From the next picture on, look for another exercise; what was seen for the one before is forgotten."""
        with self._new:
            self._wanted = posture, start_score
            self._is_fresh = False

    def work_with(self, effort: Effort) -> None:
        """From the next picture on, put so much work into each."""
        with self._new:
            self._effort = effort

    def newest(self, timeout_s: float) -> TrackedFrame | None:
        """The newest result that was not taken yet, waiting up to so many seconds; None if there is none."""
        with self._new:
            self._new.wait_for(lambda: self._is_fresh, timeout_s)
            if not self._is_fresh:
                return None
            self._is_fresh = False
            return self._seen

    def _run(self) -> None:
        try:
            with self._make_tracker() as tracker:
                while not self._stop.is_set():
                    frame = self._take(TAKE_WAIT_S)
                    if frame is None:
                        # A source that is over returns at once; don't spin.
                        self._stop.wait(TAKE_WAIT_S / 10)
                        continue
                    self._track(tracker, frame)
        except Exception as error:  # noqa: BLE001 - the thread's top: the main thread shows it
            self.error = error

    def _track(self, tracker: PictureTracker, frame: Picturelike) -> None:
        with self._new:
            wanted, self._wanted = self._wanted, None
            effort, self._effort = self._effort, None
        if wanted is not None:
            tracker.watch_for(*wanted)
        if effort is not None:
            tracker.work_with(effort)
        began_s, self._number = self._clock(), self._number + 1
        tracked = tracker.observe(frame.image, frame.t_s, frame.index)
        seen = TrackedFrame(frame, tracked, self._clock() - began_s, self._number)
        with self._new:
            if self._wanted is not None:
                return  # seen for an exercise that is over
            self.dropped += self._is_fresh
            self._seen, self._is_fresh = seen, True
            self._new.notify_all()
