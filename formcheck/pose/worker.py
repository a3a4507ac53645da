"""The pose thread: takes the newest picture, watches it, and keeps the newest result. Drops, never queues."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

from formcheck.core.body.back import Back
from formcheck.core.body.pose import Pose
from formcheck.pose.tracker import Picture
from formcheck.pose.watcher import PatientTracker

TAKE_WAIT_S = 0.1
"""The thread looks this often whether it is to stop while no picture comes."""


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
class Tracked:
    """A picture and what was seen in it."""

    frame: Picturelike
    pose: Pose
    back: Back


class PoseThread:
    """Runs a `PatientTracker` over a stream of newest pictures."""

    def __init__(self, take: Callable[[float], Picturelike | None], make_watcher: Callable[[], PatientTracker]) -> None:
        """Args: `take` waits up to so many seconds for a picture; `make_watcher` is called on the thread."""
        self._take = take
        self._make_watcher = make_watcher
        self._stop = threading.Event()
        self._new = threading.Condition()
        self._seen: Tracked | None = None
        self._is_fresh = False
        self.dropped = 0
        """Results that a newer one replaced before they were taken."""
        self.error: Exception | None = None
        """What ended the thread, if it did not end on request."""
        self._thread = threading.Thread(target=self._run, name="formcheck-pose", daemon=True)

    def __enter__(self) -> PoseThread:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()

    def newest(self, timeout_s: float) -> Tracked | None:
        """The newest result that was not taken yet, waiting up to so many seconds; None if there is none."""
        with self._new:
            self._new.wait_for(lambda: self._is_fresh, timeout_s)
            if not self._is_fresh:
                return None
            self._is_fresh = False
            return self._seen

    def _run(self) -> None:
        try:
            with self._make_watcher() as watcher:
                while not self._stop.is_set():
                    frame = self._take(TAKE_WAIT_S)
                    if frame is None:
                        # A source that is over returns at once; don't spin.
                        self._stop.wait(TAKE_WAIT_S / 10)
                        continue
                    pose, back = watcher.observe(frame.image, frame.t_s, frame.index)
                    self._publish(Tracked(frame, pose, back))
        except Exception as error:  # noqa: BLE001 - the thread's top: the main thread shows it
            self.error = error

    def _publish(self, seen: Tracked) -> None:
        with self._new:
            self.dropped += self._is_fresh
            self._seen, self._is_fresh = seen, True
            self._new.notify_all()
