"""The microphone: samples at 16 kHz, handed over as they come. Nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from formcheck.core.text import phrase
from formcheck.hearing.features import RATE_HZ, Samples
from formcheck.system.errors import FormcheckError

CHUNK = 1024
"""Samples that come at a time: 64 ms, less than one look of the spotter."""

Take = Callable[[Samples], None]


class MicrophoneError(FormcheckError):
    """There is no microphone that can be opened."""


class Microphone(Protocol):
    """Where samples come from. Tests play a sound of their own."""

    def start(self, take: Take) -> None:
        """Hand over samples from now on, 16-bit values at 16 kHz as float32, on a thread of its own.

        Raises:
            MicrophoneError: it can't be opened.
        """

    def close(self) -> None:
        """Give it back; nothing is handed over any more."""


class CardMicrophone:
    """The system's own microphone, through PortAudio. (SDL's, through pygame, can hang the window: it waits for the
    sound's thread with Python's lock in its hand.)"""

    def __init__(self) -> None:
        self._stream: Any = None

    def start(self, take: Take) -> None:
        """Open it and listen."""
        try:
            import sounddevice  # where PortAudio is not installed (Linux), this is an OSError

            self._stream = sounddevice.RawInputStream(
                RATE_HZ, CHUNK, channels=1, dtype="int16",
                callback=lambda data, *_: take(np.frombuffer(data, np.int16).astype(np.float32)),
            )  # fmt: skip
            self._stream.start()
        except (OSError, ImportError) as error:
            raise MicrophoneError(phrase("The microphone can't be opened.")) from error
        except Exception as error:
            raise MicrophoneError(phrase("I can't find a microphone.")) from error

    def close(self) -> None:
        """Give it back."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
