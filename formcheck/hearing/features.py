"""From samples to what the networks read: the loudness of 32 bands, a hundred times a second."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

RATE_HZ = 16_000
HOP = 160
"""Samples from one column to the next: 10 ms."""
WINDOW = 512
"""Samples of one column; a raised cosine of 25 ms stands in its middle."""
BANDS = 32
LOW_HZ, HIGH_HZ = 60.0, 3800.0
"""The bands that the speech embedding was trained on: what a telephone carries."""
FLOOR = 1.0
"""Least power of a band: about the noise of rounding to 16 bits. Digital silence is no quieter than a real card."""


def band_weights() -> NDArray[np.float64]:
    """How much each frequency belongs to each band: 257 × 32, triangles of equal area on Slaney's mel scale."""

    def mel(hz: Any) -> Any:
        return np.where(hz < 1000, hz * 3 / 200, 15 + np.log(np.maximum(hz, 1e-9) / 1000) * 27 / np.log(6.4))

    def hz(mels: Any) -> Any:
        return np.where(mels < 15, mels * 200 / 3, 1000 * np.exp((mels - 15) * np.log(6.4) / 27))

    edges = hz(np.linspace(mel(np.array(LOW_HZ)), mel(np.array(HIGH_HZ)), BANDS + 2))
    at = np.arange(WINDOW // 2 + 1)[:, None] * RATE_HZ / WINDOW
    rising, falling = (at - edges[:-2]) / np.diff(edges)[:-1], (edges[2:] - at) / np.diff(edges)[1:]
    return np.asarray(np.maximum(0, np.minimum(rising, falling)) * 2 / (edges[2:] - edges[:-2]))


def _window() -> NDArray[np.float32]:
    middle = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)
    return np.pad(middle, 56).astype(np.float32)


_WEIGHTS = band_weights().astype(np.float32)
_WINDOW = _window()


def bands(samples: Samples) -> NDArray[np.float32]:
    """The columns that fit into these samples, n × 32, in tenths of a decibel's ten plus 2, as the embedding wants it.

    Args:
        samples: 16-bit values, as float32.
    """
    if len(samples) < WINDOW:
        return np.zeros((0, BANDS), np.float32)
    columns = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
    power = np.abs(np.fft.rfft(columns * _WINDOW)) ** 2
    return np.asarray(np.log10(np.maximum(power @ _WEIGHTS, FLOOR)) + 2, np.float32)
