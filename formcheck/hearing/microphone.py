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
    """The system's own microphone, through SDL, which ships with pygame: nothing more needs to be installed."""

    def __init__(self) -> None:
        self._device: Any = None

    def start(self, take: Take) -> None:
        """Open it and listen. On the main thread, after the loudspeaker was opened."""
        try:
            from pygame._sdl2 import audio  # absent from a pygame that was built without it

            if not audio.get_audio_device_names(True):
                raise MicrophoneError(phrase("I can't find a microphone."))
            self._device = audio.AudioDevice(
                None, True, RATE_HZ, audio.AUDIO_S16, 1, CHUNK, 0,
                lambda _, data: take(np.frombuffer(data, np.int16).astype(np.float32)),
            )  # fmt: skip
            self._device.pause(0)
        except (RuntimeError, ImportError) as error:  # pygame.error, and an error of SDL's that is another one
            raise MicrophoneError(phrase("The microphone can't be opened.")) from error

    def close(self) -> None:
        """Give it back."""
        if self._device is not None:
            self._device.pause(1)
            self._device.close()
            self._device = None
