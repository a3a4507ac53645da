"""The listening thread: the microphone's samples into the spotter, and nothing of them kept."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

import structlog

from formcheck.hearing.features import RATE_HZ, Samples
from formcheck.hearing.microphone import CardMicrophone, Microphone
from formcheck.hearing.spotter import Heard, Spotter

KEPT_S = 2.0
"""Seconds of sound that may wait for the spotter; on a machine that is too slow the oldest is dropped."""
WAIT_S = 0.2
"""The thread looks this often whether it is to stop while no sound comes."""
DEAF_S = 3.0
"""Seconds without a sample after which the microphone is gone: a card hands over silence too."""

_log = structlog.get_logger(__name__)


class Ear:
    """Listens from `start` to `close`. Samples stay in this process, for two seconds at most, and are wiped."""

    def __init__(
        self,
        language: str,
        microphone: Microphone | None = None,
        spotter: Callable[[str], Spotter] = Spotter,
    ) -> None:
        """Prepare it.

        Args:
            language: whose words are listened for.
            microphone: the system's own where none is given.
            spotter: makes what understands; called on the thread.
        """
        self.caution = 0.0
        """How much of what is missing to certainty a word needs in addition, 0 to 1: more while the coach speaks."""
        self._language, self._make = language, spotter
        self._microphone = microphone or CardMicrophone()
        self._waiting: deque[Samples] = deque()
        self._ready = threading.Condition()
        self._heard: deque[Heard] = deque()
        self._is_over = False
        self._taken_s = 0.0
        self._thread = threading.Thread(target=self._run, name="ear", daemon=True)

    def start(self) -> None:
        """Open the microphone and listen.

        Raises:
            MicrophoneError: it can't be opened.
        """
        self._taken_s = time.monotonic()
        self._microphone.start(self._take)
        self._thread.start()

    @property
    def is_deaf(self) -> bool:
        """Whether nothing comes any more: the microphone was taken away, or the thread broke off."""
        return not self._thread.is_alive() or time.monotonic() - self._taken_s > DEAF_S

    def heard(self) -> list[Heard]:
        """The commands since the last call."""
        out = []
        while self._heard:
            out.append(self._heard.popleft())
        return out

    def close(self) -> None:
        """Stop listening, give the microphone back, and wipe what still waits."""
        self._microphone.close()
        with self._ready:
            self._is_over = True
            self._wipe()
            self._ready.notify()
        if self._thread.is_alive():
            self._thread.join()

    def _take(self, samples: Samples) -> None:
        with self._ready:
            if self._is_over:
                return
            self._taken_s = time.monotonic()
            self._waiting.append(samples)
            while sum(map(len, self._waiting)) > KEPT_S * RATE_HZ:
                self._waiting.popleft().fill(0)
            self._ready.notify()

    def _wipe(self) -> None:
        for samples in self._waiting:
            samples.fill(0)
        self._waiting.clear()

    def _next(self) -> Samples | None:
        """What came next; None when nothing did for a while."""
        with self._ready:
            if not self._waiting and not self._is_over:
                self._ready.wait(WAIT_S)
            return self._waiting.popleft() if self._waiting else None

    def _run(self) -> None:
        try:
            spotter = self._make(self._language)
            while not self._is_over:
                samples = self._next()
                if samples is not None:
                    self._heard.extend(spotter.feed(samples, self.caution))
                    samples.fill(0)
            spotter.forget()
        except Exception as error:  # noqa: BLE001 - the top of a thread: practice goes on without ears
            _log.error("listening broke off", error=type(error).__name__)
