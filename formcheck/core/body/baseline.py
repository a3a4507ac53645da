"""The person's own start: medians of the measures over the steady start pose."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from statistics import median

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import Contour
from formcheck.core.body.filters import NOISE_MAX_TL
from formcheck.core.body.measure import Body, Limbs
from formcheck.core.body.pose import SIDES, Side, other

MAD_TO_SD = 1.4826
"""Standard deviation of a normal distribution from its median absolute deviation."""
BACK_FRAMES_MIN = 3
"""Fewer pictures with a known outline give no neutral."""
SIGNAL_TO_NOISE = 4.0
"""A change is told only where it is this many times the noise [P]."""
STEADY_NOISE = 0.4
"""Share of the frame noise that the running median of ten pictures keeps (1.25 / sqrt(10))."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What this person looks like in the start pose."""

    body: Body
    sagitta_sd_tl: float = float("nan")
    """Frame-to-frame standard deviation of the hollow in the start pose, torso lengths."""
    _limbs: Mapping[Side, Limbs] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Fill what was hidden once: the rules ask for it several times a picture."""
        object.__setattr__(self, "_limbs", {side: _filled(self.body, side) for side in SIDES})

    def limbs(self, side: Side) -> Limbs:
        """The limbs of a side; what was hidden in the start pose is taken from the other side."""
        return self._limbs[side]


def _filled(body: Body, side: Side) -> Limbs:
    own, twin = body.limbs(side), body.limbs(other(side))
    pairs = ((f.name, getattr(own, f.name), getattr(twin, f.name)) for f in fields(Limbs))
    return Limbs(**{name: b if math.isnan(a) else a for name, a, b in pairs})


def median_of(bodies: Sequence[Body], read: Callable[[Body], float]) -> float:
    """Median of a measure over the bodies where it is known; NaN if nowhere."""
    values = [v for v in map(read, bodies) if not math.isnan(v)]
    return float(median(values)) if values else float("nan")


def baseline_of(bodies: Sequence[Body]) -> Baseline:
    """The baseline of a non-empty run of pictures in the start pose."""
    last = bodies[-1]

    def limbs(pick: Callable[[Body], Limbs]) -> Limbs:
        return Limbs(**{f.name: median_of(bodies, lambda b, n=f.name: getattr(pick(b), n)) for f in fields(Limbs)})  # type: ignore[misc]

    scalars = (
        "trunk_deg",
        "lean_deg",
        "neck_deg",
        "head_deg",
        "hip_x_px",
        "hip_y_px",
        "torso_px",
        "side_on_deg",
        "sagitta_tl",
        "steady_sagitta_tl",
    )
    body = Body(
        t_s=last.t_s,
        left=limbs(lambda b: b.left),
        right=limbs(lambda b: b.right),
        near=last.near,
        contour=median_contour(bodies),
        is_present=True,
        **{name: median_of(bodies, lambda b, n=name: getattr(b, n)) for name in scalars},  # type: ignore[arg-type, misc]
    )
    known = [b.sagitta_tl for b in bodies if not math.isnan(b.sagitta_tl)]
    if len(known) < BACK_FRAMES_MIN:
        return Baseline(body)
    # Robust: a tracker that settles in the first pictures is not noise.
    return Baseline(body, MAD_TO_SD * float(np.median(np.abs(np.array(known) - np.median(known)))))


def median_contour(bodies: Sequence[Body]) -> Contour | None:
    """The outline of the pictures in which it was read, each station by itself; None where too few show it.

    A station is doubted as much as its readings scatter, however sure each of them was.
    """
    seen = [b.contour for b in bodies if b.contour is not None]
    if len(seen) < BACK_FRAMES_MIN:
        return None
    offsets, sds = (np.array([getattr(c, name) for c in seen], np.float64) for name in ("offset_tl", "sd_tl"))
    is_known = np.isfinite(offsets).sum(axis=0) * 2 >= len(seen)
    middle = _medians(offsets)
    doubt = np.fmax(_medians(sds), MAD_TO_SD * _medians(np.abs(offsets - middle)))
    return Contour(*(np.where(is_known, m, np.nan).astype(np.float32) for m in (middle, doubt)))


def _medians(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Median of each column over the rows that know it."""
    known = [[v for v in column if math.isfinite(v)] for column in rows.T.tolist()]
    return np.array([median(column) if column else np.nan for column in known])


def arch_tl(body: Body, start: Baseline) -> float:
    """Change of the steady hollow against the own start, torso lengths: positive = more arched, negative = rounder."""
    if not start.sagitta_sd_tl <= NOISE_MAX_TL:
        return float("nan")
    return body.steady_sagitta_tl - start.body.steady_sagitta_tl
