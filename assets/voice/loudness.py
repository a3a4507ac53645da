"""How loud a short mono clip sounds, and making clips equally loud. numpy only; used by `build.py` and by the tests.

Loudness follows ITU-R BS.1770: K-weighting (a shelf for the head, a high pass for the ear), mean power in blocks,
gated so that pauses do not count. Blocks are 100 ms instead of 400 ms, because a spoken number lasts 500 ms.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

BLOCK_S = 0.1
"""Block length, seconds; BS.1770 has 0.4, which would leave a spoken "two" with a single block."""
GATE_DB = 10.0
"""Blocks this far below the mean are pauses and do not count [BS.1770]."""
LOOK_S = 0.004
"""Half width of the limiter's gain dips, seconds: shorter is heard as distortion of the voice's fundamental."""


def _response(bands: Samples, rate_hz: int, stage: tuple[float, float, float, bool]) -> Samples:
    """Power response of one K-weighting stage at `bands` (Hz), by its bilinear biquad at `rate_hz`."""
    centre_hz, q, gain_db, is_shelf = stage
    k = math.tan(math.pi * centre_hz / rate_hz)
    norm = 1 + k / q + k * k
    if is_shelf:
        high = 10 ** (gain_db / 20)
        mid = high**0.4996667741545416
        b = ((high + mid * k / q + k * k) / norm, 2 * (k * k - high) / norm, (high - mid * k / q + k * k) / norm)
    else:
        b = (1.0, -2.0, 1.0)
    a = (1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm)
    z = np.exp(-2j * np.pi * bands / rate_hz)
    ratio = (b[0] + b[1] * z + b[2] * z * z) / (a[0] + a[1] * z + a[2] * z * z)
    return np.asarray(np.abs(ratio) ** 2, dtype=np.float64)


SHELF = (1681.974450955533, 0.7071752369554196, 3.999843853973347, True)
"""Centre Hz, Q, gain dB of stage 1 [BS.1770, as rederived for any rate by pyloudnorm]."""
HIGH_PASS = (38.13547087602444, 0.5003270373238773, 0.0, False)
"""Centre Hz, Q of stage 2 [BS.1770]."""


def k_weighted(samples: Samples, rate_hz: int) -> Samples:
    """The clip as the ear weighs it (zero phase: only power is asked of it)."""
    size = len(samples) + rate_hz // 4
    bands = np.asarray(np.fft.rfftfreq(size, 1 / rate_hz), dtype=np.float64)
    power = _response(bands, rate_hz, SHELF) * _response(bands, rate_hz, HIGH_PASS)
    weighted = np.fft.irfft(np.fft.rfft(samples, size) * np.sqrt(power), size)
    return np.asarray(weighted[: len(samples)], dtype=np.float64)


def loudness_lufs(samples: Samples, rate_hz: int) -> float:
    """Gated loudness of a mono clip, LUFS; a full-scale 997 Hz sine is -3.01. Silence is -inf."""
    weighted = k_weighted(samples, rate_hz)
    block = max(1, round(BLOCK_S * rate_hz))
    starts = range(0, max(1, len(weighted) - block + 1), max(1, block // 4))
    power = np.array([np.mean(weighted[s : s + block] ** 2) for s in starts])
    if not power.any():
        return -math.inf
    loud = power[power > power.mean() * 10 ** (-GATE_DB / 10)]
    return float(-0.691 + 10 * math.log10(loud.mean()))


def limited(samples: Samples, rate_hz: int, peak: float) -> Samples:
    """The clip with no sample above `peak` (0..1), by short smooth dips of the gain instead of clipping."""
    half = max(1, round(LOOK_S * rate_hz))
    gain = np.minimum(1.0, peak / np.maximum(np.abs(samples), 1e-9))
    lowest = np.lib.stride_tricks.sliding_window_view(np.pad(gain, 2 * half, constant_values=1.0), 2 * half + 1).min(-1)
    window = np.hanning(2 * half + 3)[1:-1]
    smooth = np.convolve(lowest, window / window.sum(), mode="valid")
    return np.asarray(samples * np.minimum(smooth, 1.0), dtype=np.float64)


def normalised(samples: Samples, rate_hz: int, target_lufs: float, peak_dbfs: float) -> Samples:
    """The clip at `target_lufs`, no sample above `peak_dbfs`."""
    out, peak = samples, 10 ** (peak_dbfs / 20)
    for _ in range(6):
        out = limited(out * 10 ** ((target_lufs - loudness_lufs(out, rate_hz)) / 20), rate_hz, peak)
    return out
