"""The person's own start: medians of the measures over the steady start pose."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from formcheck.core.back import STATIONS
from formcheck.core.body import Body, Limbs

_S = np.array(STATIONS)
BUTTOCK, LUMBAR, RIBS = _S <= 0.20, (_S >= 0.30) & (_S <= 0.60), _S >= 0.75
"""Stations of the buttock, of the lumbar hollow and of the rib cage."""

BACK_FRAMES_MIN = 3
"""Fewer pictures with a known outline give no neutral."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What this person looks like in the start pose."""

    body: Body
    back_t: NDArray[np.float32] = field(default_factory=lambda: np.full(len(STATIONS), np.nan, np.float32))
    """(17,) median outline offsets in torso lengths, NaN where unknown."""
    hollow_sd_t: float = float("nan")
    """Frame-to-frame standard deviation of the hollow in the start pose, torso lengths."""


def median_of(bodies: Sequence[Body], read: Callable[[Body], float]) -> float:
    """Median of a measure over the bodies where it is known; NaN if nowhere."""
    values = [v for v in map(read, bodies) if not math.isnan(v)]
    return float(np.median(values)) if values else float("nan")


def baseline_of(bodies: Sequence[Body]) -> Baseline:
    """The baseline of a non-empty run of pictures in the start pose."""
    last = bodies[-1]

    def limbs(pick: Callable[[Body], Limbs]) -> Limbs:
        return Limbs(**{f.name: median_of(bodies, lambda b, n=f.name: getattr(pick(b), n)) for f in fields(Limbs)})  # type: ignore[misc]

    scalars = ("trunk_deg", "neck_deg", "hip_x_px", "hip_y_px", "torso_px", "oblique_deg")
    body = Body(
        t_s=last.t_s,
        left=limbs(lambda b: b.left),
        right=limbs(lambda b: b.right),
        near=last.near,
        is_present=True,
        **{name: median_of(bodies, lambda b, n=name: getattr(b, n)) for name in scalars},  # type: ignore[misc]
    )
    backs = [b.back.offset_t for b in bodies if b.back.is_known]
    if len(backs) < BACK_FRAMES_MIN:
        return Baseline(body)
    hollows = [hollow(offsets) for offsets in backs]
    known = [h for h in hollows if not math.isnan(h)]
    sd = float(np.std(known)) if len(known) >= BACK_FRAMES_MIN else float("nan")
    return Baseline(body, _nanmedian(np.stack(backs)), sd)


def _nanmedian(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """(17,) median over the rows, NaN where fewer than half the rows are known."""
    out = np.full(rows.shape[1], np.nan, np.float32)
    for i, column in enumerate(rows.T):
        known = column[~np.isnan(column)]
        if len(known) * 2 >= len(column):
            out[i] = np.median(known)
    return out


def hollow(offset_t: NDArray[np.float32]) -> float:
    """Depth of the lumbar hollow below the line from buttock to ribs, torso lengths; NaN if a third is missing."""
    parts = []
    for where in (BUTTOCK, LUMBAR, RIBS):
        values = offset_t[where]
        known = values[~np.isnan(values)]
        if len(known) * 3 < len(values) * 2:
            return float("nan")
        parts.append((float(np.mean(_S[where])), float(np.mean(known))))
    (x0, low), (x1, mid), (x2, high) = parts
    return low + (high - low) * (x1 - x0) / (x2 - x0) - mid


def arch_t(body: Body, start: Baseline) -> float:
    """Change of the hollow against the person's own start, torso lengths: positive = more arched, negative = rounder."""
    if not body.back.is_known:
        return float("nan")
    return hollow(body.back.offset_t) - hollow(start.back_t)
