"""The ear: which of the product's speech clips are in a recorded sound, and when. Normalised cross-correlation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pygame
from numpy.typing import NDArray

RATE_HZ = 24_000
STEP = 8
"""The sound is compared at `RATE_HZ / STEP`."""
HEARD = 0.5
"""Correlation from which a clip counts as heard: other clips reach 0.2, ducked or cut ones still 0.6."""
APART_S = 0.15
"""Of two clips found nearer to each other (they begin alike) the better one is kept."""

Signal = NDArray[np.float32]


def heard(sound: Path, clips: Path) -> list[dict[str, Any]]:
    """Every speech clip of a folder found in a raw recording (16 bit, mono), in order of time.

    Returns:
        `t_s` (seconds of the recording), `clip` (its name) and `match` (0..1) of each.
    """
    raw = _thinned(np.fromfile(sound, np.int16))
    size = 1 << (len(raw) - 1).bit_length()
    spectrum = np.fft.rfft(raw, size)
    power = np.concatenate([[0.0], np.cumsum(raw.astype(np.float64) ** 2)])
    found = []
    for path in sorted(clips.glob("*.ogg")):
        clip = _thinned(pygame.sndarray.array(pygame.mixer.Sound(path)).reshape(-1)[:RATE_HZ])  # its first second
        match = np.fft.irfft(spectrum * np.conj(np.fft.rfft(clip, size)), size)[: len(raw) - len(clip) + 1]
        local = np.sqrt(np.maximum(power[len(clip) :] - power[: -len(clip)], 1.0))
        share = match / (local * np.linalg.norm(clip) + 1.0)
        found += [
            {"t_s": round(at * STEP / RATE_HZ, 2), "clip": path.stem, "match": round(float(share[at]), 2)}
            for at in _peaks(share, len(clip))
        ]
    return _distinct(sorted(found, key=lambda item: float(item["t_s"])))


def _thinned(samples: NDArray[np.int16]) -> Signal:
    whole = samples[: len(samples) // STEP * STEP].astype(np.float32)
    return np.asarray(whole.reshape(-1, STEP).mean(axis=1), np.float32)


def _peaks(share: NDArray[np.float64], apart: int) -> list[int]:
    """Where it passes `HEARD`, the best place of each stretch of so many samples."""
    places: list[int] = []
    for at in np.flatnonzero(share > HEARD):
        if places and at - places[-1] < apart:
            places[-1] = int(max(places[-1], at, key=lambda i: share[i]))
        else:
            places.append(int(at))
    return places


def _distinct(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    best: list[dict[str, Any]] = []
    for item in found:
        if best and item["t_s"] - best[-1]["t_s"] < APART_S:
            best[-1] = max(best[-1], item, key=lambda i: float(i["match"]))
        else:
            best.append(item)
    return best
