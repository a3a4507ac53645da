"""A thread that opens a source, reads it and releases it, once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from formcheck.camera.frame import Frame
from formcheck.camera.source import Source
from formcheck.core.text import phrase
from formcheck.system.errors import SourceError


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a worker's reading ended."""

    is_end: bool
    """Whether a finite source came to its end; False if something went wrong."""
    message: str
    """One sentence for the person; empty if all is well."""


class CaptureWorker:
    """The only thread that touches its source: OpenCV's captures are not to be shared between threads.

    A read that hangs inside a driver can't be interrupted. Such an worker is cancelled and left behind: what it still
    delivers is thrown away, and it releases its source when the driver lets it go. Its thread is a daemon, so it
    never keeps the program from ending.

    The attributes are guarded by the condition that is passed in.
    """

    def __init__(
        self,
        source: Source,
        change: threading.Condition,
        clock: Callable[[], float],
        deliver: Callable[[CaptureWorker, Frame], bool],
    ) -> None:
        """Prepare it.

        Args:
            source: not yet open.
            change: told when the source is open and when the reading ends.
            clock: seconds.
            deliver: takes each frame, on the worker's thread; False ends the reading.
        """
        self.source = source
        self.is_open = False
        self.is_cancelled = False
        self.frames = 0
        """How many were delivered."""
        self.progress_s = clock()
        """When it last got on: was started, opened, delivered."""
        self.outcome: Outcome | None = None
        self._change = change
        self._clock = clock
        self._deliver = deliver
        self._thread = threading.Thread(target=self._run, name="formcheck-camera", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self, timeout_s: float) -> None:
        """Wait for the end of the thread, at most so long."""
        self._thread.join(timeout_s)

    @property
    def is_alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            outcome = self._live()
        except SourceError as error:
            outcome = Outcome(False, error.text)
        except Exception as error:  # noqa: BLE001 -- a driver's surprise must reach the screen
            outcome = Outcome(
                False, phrase("{name} could not be read ({kind}).", name=self.source.name, kind=type(error).__name__)
            )
        with self._change:
            self.outcome = outcome
            self._change.notify_all()

    def _live(self) -> Outcome:
        # Released before the outcome is told: the next worker could not open a device that is still held.
        try:
            self.source.open()
            with self._change:
                self.is_open, self.progress_s = True, self._clock()
                self._change.notify_all()
            while (frame := self.source.read()) is not None:
                if not self._deliver(self, frame):
                    break
            return Outcome(True, self.source.warning)
        finally:
            self.source.close()
