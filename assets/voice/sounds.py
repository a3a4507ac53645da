"""The sounds, made with numpy: `ding` counts a repetition, `tick` a second of a hold, `tone` hums while it is good,
`pace` leads the pace.

Both lie between 600 and 2000 Hz, where laptop speakers are loud and older ears still hear; a soft start avoids a click.
They differ in pitch, length and character, so that they are told apart without looking: a bell and a wood block.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]


def _struck(rate_hz: int, length_s: float, attack_s: float, partials: list[tuple[float, float, float]]) -> Samples:
    """A struck body: partials of (Hz, share, seconds to fall to 1/e), a raised-cosine start and end."""
    t = np.arange(round(length_s * rate_hz)) / rate_hz
    tone = sum(
        (share * np.sin(2 * np.pi * hz * t) * np.exp(-t / fall) for hz, share, fall in partials), start=np.zeros_like(t)
    )
    rise = 0.5 - 0.5 * np.cos(np.pi * np.clip(t / attack_s, 0, 1))
    end = 0.5 - 0.5 * np.cos(np.pi * np.clip((length_s - t) / 0.02, 0, 1))
    return np.asarray(tone * rise * end, dtype=np.float64)


def ding(rate_hz: int) -> Samples:
    """A small bell, 0.7 s: a fifth on A5, the upper partials dying first as in a real one."""
    return _struck(rate_hz, 0.7, 0.008, [(880.0, 1.0, 0.22), (1318.5, 0.45, 0.14), (1760.0, 0.18, 0.08)])


def tick(rate_hz: int) -> Samples:
    """A wood block, 0.12 s: short and dry, so that it stays out of the way of the voice."""
    return _struck(rate_hz, 0.12, 0.004, [(1180.0, 1.0, 0.022), (1890.0, 0.35, 0.010)])


def tone(rate_hz: int) -> Samples:
    """A soft hum, 4 s, to be repeated without a seam: a fifth that swells and ebbs, low where it begins anew. Its level
    lies far below that of a voice."""
    length_s = 4.0
    t = np.arange(round(length_s * rate_hz)) / rate_hz
    fifth = (
        0.6 * np.sin(2 * np.pi * 220.0 * t) + 0.3 * np.sin(2 * np.pi * 330.0 * t) + 0.1 * np.sin(2 * np.pi * 660.0 * t)
    )
    swell = 0.65 - 0.35 * np.cos(2 * np.pi * t / (length_s / 2))
    return np.asarray(0.09 * fifth * swell, dtype=np.float64)


PACE_HZ = (660.0, 742.5, 825.0, 990.0, 1100.0)
"""Pitches of the pace, low to high: five steps of a scale without a half tone, so that any two of them sound well."""


def pace(rate_hz: int, step: int) -> Samples:
    """A soft mallet, 0.16 s; `step` 1 (low) to 5 (high). It begins softer than the tick, which counts."""
    hz = PACE_HZ[step - 1]
    return _struck(rate_hz, 0.16, 0.010, [(hz, 1.0, 0.045), (2 * hz, 0.12, 0.02)])
