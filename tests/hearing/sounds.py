"""Words that were said: by voices that the spotter was not trained on (see docs/developers/hearing.md)."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from formcheck.hearing.features import RATE_HZ

FOLDER = Path(__file__).parent.parent / "recordings" / "hearing"
NOISE = 20.0
"""Of a quiet room, 16-bit values."""


def word(language: str, name: str) -> np.ndarray:
    """The bare word."""
    with wave.open(str(FOLDER / f"{language}-{name}.wav")) as file:
        assert file.getframerate() == RATE_HZ
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32)


def said(language: str, name: str, level: float = 0.3, before_s: float = 1.5, after_s: float = 1.5) -> np.ndarray:
    """The word in a quiet room, with the silence around it."""
    spoken = np.pad(word(language, name) * level, (round(before_s * RATE_HZ), round(after_s * RATE_HZ)))
    return (spoken + np.random.default_rng(7).normal(0, NOISE, len(spoken))).astype(np.float32)
