"""Sound without a sound card: SDL's dummy driver, and a tape that the voice plays to."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from formcheck.system.assets import asset
from formcheck.voice.clips import SOUNDS, clip_set
from formcheck.voice.speaker import RATE_HZ

Samples = NDArray[np.float64]


@pytest.fixture
def mixer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A mixer at the clips' own rate, on no sound card."""
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    pygame.mixer.quit()
    pygame.mixer.init(RATE_HZ, -16, 1, 512, allowedchanges=0)
    yield
    pygame.mixer.quit()


def decoded(path: str) -> Samples:
    """The samples of a sound file, -1 to 1, as the product's own decoder gives them."""
    raw = pygame.mixer.Sound(path).get_raw()
    return np.frombuffer(raw, np.int16).astype(np.float64) / 32768


class Tape:
    """A loudspeaker that writes down what it is told and when; `mixed` is what would be heard."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.log: list[tuple[float, str]] = []
        self.volume = 1.0

    def say(self, clip: str) -> None:
        self.log.append((self.now_s, clip))

    def hush(self) -> None:
        self.log.append((self.now_s, "hush"))

    def sound(self, name: str) -> None:
        self.log.append((self.now_s, name))

    def hum(self, is_on: bool) -> None:
        self.log.append((self.now_s, "hum" if is_on else "no hum"))

    def duck(self, is_speaking: bool) -> None:
        pass

    def beat(self, name: str, per_minute: float) -> None:
        self.log.append((self.now_s, f"{name} at {per_minute:g}"))

    def set_volume(self, volume: float) -> None:
        self.volume = volume

    def close(self) -> None:
        self.log.append((self.now_s, "closed"))

    def mixed(self, length_s: float) -> Samples:
        """The recording: speech on one channel, each new one replacing the last; sounds beside it."""
        speech, beside = np.zeros(round(length_s * RATE_HZ)), np.zeros(round(length_s * RATE_HZ))
        for at_s, name in self.log:
            start = round(at_s * RATE_HZ)
            if name in SOUNDS:
                clip = decoded(str(asset("voice", "sounds", f"{name}.ogg")))[: len(beside) - start]
                beside[start : start + len(clip)] += clip
                continue
            speech[start:] = 0
            if name != "hush":
                clip = decoded(str(clip_set().path(name)))[: len(speech) - start]
                speech[start : start + len(clip)] = clip
        return np.asarray(speech + beside, dtype=np.float64)


@pytest.fixture
def tape() -> Tape:
    return Tape()
