"""The camera thread: newest frame wins, and a lost camera comes back by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, Self

from formcheck.camera.capture_worker import CaptureWorker, Outcome
from formcheck.camera.frame import Frame
from formcheck.camera.pts_rebasing import PtsRebasing
from formcheck.camera.slot import LatestFrame
from formcheck.camera.source import Source
from formcheck.camera.standstill import Standstill
from formcheck.core.text import phrase

Status = Literal["opening", "live", "lost", "ended", "failed"]
Wait = Callable[[threading.Condition, float | None], object]

# s without a new picture. A webcam in poor light goes down to 5 frames a second; after two seconds a person who is
# coached has moved, and must be told that nobody looks.
STALL_S = 2.0
# s for opening, and then for the first picture. Some webcams need 5 s, network cameras that sleep up to 10.
PATIENCE_S = 15.0
# s between attempts to reopen: soon after a short slip, not busy all day while a camera is unplugged.
BACK_OFF_S, LONGEST_BACK_OFF_S = 0.5, 8.0
# Readers left behind in a driver that hangs, each holding its buffers; with so many, wait until one comes free.
MAX_STUCK = 3
# s that `stop` waits for the device's release; a reader that hangs is left behind.
STOP_S = 1.0


@dataclass(frozen=True, slots=True)
class CameraState:
    """How the camera is, for the screen."""

    status: Status
    message: str = ""
    """One sentence for the person; empty if all is well."""
    dropped: int = 0
    """Pictures that were replaced by a newer one before anybody took them."""
    reconnects: int = 0
    """How many times the picture came back."""

    @property
    def is_over(self) -> bool:
        """Whether no picture will come any more."""
        return self.status in ("ended", "failed")


class CameraThread:
    """Reads a source in the background and keeps its newest frame.

    A recording that breaks in the middle has "ended", with a message; one of which nothing could be read has "failed".

    A live source that stops, stalls or sends the same picture again and again is "lost" and reopened, again and again,
    until `stop`. One that can't be opened
    the first time has "failed": then the person has most likely named the wrong one.

    Example:
        >>> with CameraThread(open_source("0")) as camera:  # doctest: +SKIP
        ...     while not camera.state.is_over:
        ...         frame = camera.take(timeout_s=0.1)
    """

    def __init__(
        self,
        source: Source,
        *,
        realtime: bool = True,
        loop: bool = False,
        clock: Callable[[], float] = time.monotonic,
        wait: Wait = threading.Condition.wait,
    ) -> None:
        """Prepare it.

        Args:
            source: not yet open; it is opened, read and released on a thread of its own.
            realtime: play a recording at its own pace, as if it were a camera.
            loop: begin a recording again at its end; numbers and times go on.
            clock: seconds.
            wait: waits on the condition, which it is called with held, for at most so many seconds.
        """
        self._source = source
        self._realtime = realtime and not source.is_live
        self._loop = loop
        self._clock, self._wait = clock, wait
        self._change = threading.Condition()
        self._slot = LatestFrame()
        self._rebasing = PtsRebasing(is_live=source.is_live)
        self._standstill = Standstill()
        self._state = CameraState("opening", f"Opening {source.name} …")
        self._workers: list[CaptureWorker] = []
        self._back_off_s = BACK_OFF_S
        self._every_s = 0.0
        self._was_open = False
        self._is_stopping = False
        self._thread = threading.Thread(target=self._supervise, name="formcheck-camera-watch", daemon=True)

    def start(self) -> None:
        """Begin to open and read."""
        self._thread.start()

    def stop(self) -> None:
        """End at once and release the source; harmless when it has ended."""
        with self._change:
            self._is_stopping = True
            self._change.notify_all()
        if self._thread.ident is not None:
            self._thread.join(STOP_S)
        for worker in self._workers[-1:]:
            worker.join(STOP_S)

    def take(self, timeout_s: float | None = None) -> Frame | None:
        """Wait for the newest frame that was not taken yet.

        Args:
            timeout_s: how long at most; 0 does not wait, None waits until there is one or the source is over.
        """
        return self._slot.take(timeout_s)

    def decode_every(self, every_s: float) -> None:
        """From the next picture on, decode at most one in so many seconds, 0 = all; a recording is shown whole.

        For a page that only looks whether somebody is there. It holds for a camera that is opened again, too.
        """
        with self._change:
            self._every_s = every_s
            for worker in self._workers[-1:]:
                worker.source.spare(every_s)

    def shown_s(self, t_s: float) -> float:
        """When a frame was grabbed, or for a recording was due, on the clock; for measuring delay."""
        with self._change:
            return self._rebasing.shown_s(t_s)

    @property
    def newest(self) -> Frame | None:
        """The newest frame, taken or not; None before the first."""
        return self._slot.newest

    @property
    def state(self) -> CameraState:
        """How the camera is now."""
        with self._change:
            return replace(self._state, dropped=self._slot.dropped)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # On the watching thread.

    def _supervise(self) -> None:
        try:
            source = self._source
            while True:
                worker = self._start_worker(source)
                outcome = self._watch(worker)
                if outcome is None or not self._goes_on(worker, outcome):
                    break
                source = source.fresh()
        except Exception as error:  # noqa: BLE001 -- the thread's top: the screen must not wait for ever
            self._set_state("failed", f"{self._source.name} could not be read ({type(error).__name__}).")
        finally:
            if not self.state.is_over:
                self._set_state("ended")
            self._slot.close()

    def _start_worker(self, source: Source) -> CaptureWorker:
        worker = CaptureWorker(source, self._change, self._clock, self._deliver)
        with self._change:
            source.spare(self._every_s)
            self._workers = [old for old in self._workers if old.is_alive] + [worker]
            self._rebasing.begin_pass()
        worker.start()
        return worker

    def _watch(self, worker: CaptureWorker) -> Outcome | None:
        """Wait for the worker's end or its stall; None if all is to stop."""
        with self._change:
            while not self._is_stopping and worker.outcome is None:
                left_s = self._time_left_s(worker)
                if left_s is not None and left_s <= 0.0:
                    worker.is_cancelled = True
                    return Outcome(False, self._why_stalled(worker.source))
                self._wait(self._change, left_s)
            return None if self._is_stopping else worker.outcome

    def _why_stalled(self, source: Source) -> str:
        if self._standstill.is_on:
            return phrase("The picture of {name} stands still. Check its cover and its cable.", name=source.name)
        return phrase("{name} sends no new picture. Check its cable and its power.", name=source.name)

    def _time_left_s(self, worker: CaptureWorker) -> float | None:
        """Seconds until it counts as stalled; None for a file, which may take its time."""
        if not worker.source.is_live:
            return None
        return worker.progress_s + (STALL_S if worker.frames else PATIENCE_S) - self._clock()

    def _goes_on(self, worker: CaptureWorker, outcome: Outcome) -> bool:
        """Decide what follows when a worker is done, and tell it; whether to open again."""
        if not worker.source.is_live:
            if outcome.is_end and self._loop and worker.frames:
                return True
            self._set_state("ended" if outcome.is_end or worker.frames else "failed", outcome.message)
            return False
        self._was_open = self._was_open or worker.is_open
        if not self._was_open:
            self._set_state("failed", outcome.message)
            return False
        message = self._why_stalled(worker.source) if self._standstill.is_on else outcome.message
        self._set_state("lost", phrase("{message} Trying again …", message=message))
        return self._back_off()

    def _back_off(self) -> bool:
        """Wait before the next attempt, each time longer; False if all is to stop."""
        with self._change:
            while True:
                until_s = self._clock() + self._back_off_s
                self._back_off_s = min(2.0 * self._back_off_s, LONGEST_BACK_OFF_S)
                while not self._is_stopping and (left_s := until_s - self._clock()) > 0.0:
                    self._wait(self._change, left_s)
                if self._is_stopping or sum(worker.is_alive for worker in self._workers) < MAX_STUCK:
                    return not self._is_stopping

    def _set_state(self, status: Status, message: str = "", *, reconnects: int = 0) -> None:
        with self._change:
            self._state = CameraState(status, message, reconnects=self._state.reconnects + reconnects)
            self._change.notify_all()

    # On the worker's thread.

    def _deliver(self, worker: CaptureWorker, frame: Frame) -> bool:
        """Publish a frame when it is due; False if nobody wants this worker's frames any more."""
        with self._change:
            if worker.is_cancelled or self._is_stopping:
                return False
            if worker.source.is_live and self._standstill.note(frame):
                self._rebasing.leave_out()
                return True
            frame = self._rebasing.place(frame)
            if not worker.source.is_live:
                self._hold(frame)
            if self._is_stopping:
                return False
            worker.frames += 1
            worker.progress_s = self._clock()
            self._slot.put(frame)
            if self._state.status != "live":
                self._set_state("live", reconnects=self._state.status == "lost")
                self._back_off_s = BACK_OFF_S
        return True

    def _hold(self, frame: Frame) -> None:
        """Wait until a recording's frame is due."""
        due_s = self._rebasing.due_s(frame, self._clock())
        while self._realtime and not self._is_stopping and (left_s := due_s - self._clock()) > 0.0:
            self._wait(self._change, left_s)
