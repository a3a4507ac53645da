"""How long a position was held, from its true way: the one meaning of a hold, for the truth and for the bench."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]

HOLD_BAND_DEG, SUNK_DEG, REST_DEG_PER_S = 5.0, 10.0, 3.0
"""A hold lasts as long as the position stays within so many degrees of the repetition's furthest one; who rests lower
still holds, but never so many degrees lower."""

HOLD_GAP_S = 0.5
"""A hold survives a gap of this length."""

JUMP_DEG = 45.0
"""One or two pictures so far from their neighbours are a pose that was not found, and no position."""

THIGH_TL = 0.8
"""Length of a thigh, torso lengths: it turns the shift of the hips into degrees."""


def held_way_deg(arrays: Mapping[str, Floats], side: str) -> Floats:
    """The position that is held, degrees of every frame: the moving hip, counted on beyond straight (in older renders
    it folds back there); in stretches what is stretched by."""
    if "shift_tl" in arrays:
        return np.degrees(np.arcsin(np.clip(arrays["shift_tl"] / THIGH_TL, -1.0, 1.0)))
    names = ("hold_deg", "lean_deg", f"held_{side}_deg")
    way = arrays[next((name for name in names if name in arrays), f"hip_{side}_deg")]
    around = np.median(np.lib.stride_tricks.sliding_window_view(np.pad(way, 2, mode="edge"), 5), axis=1)
    return np.where(np.abs(way - around) > JUMP_DEG, around, way)


def held_s(times_s: Floats, way_deg: Floats, stretch: Floats | None = None) -> float:
    """Seconds of a hold, by the one meaning of it; ``stretch`` from 1 on is all held alike."""
    lost_deg = way_deg.max() - way_deg
    may_rest = lost_deg <= SUNK_DEG if stretch is None else stretch >= 1.0
    is_held = (lost_deg <= HOLD_BAND_DEG) | (may_rest & (np.abs(np.gradient(way_deg, times_s)) <= REST_DEG_PER_S))
    held = times_s[is_held if stretch is None else is_held & (stretch >= 1.0)]
    steps = np.diff(held)
    return float(steps[steps <= HOLD_GAP_S].sum())
