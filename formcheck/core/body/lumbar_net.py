"""The bend of the low back by four small networks that have learned what a normal distribution can't say: how much of a
bend a shirt hides shows in the outline of the start, and the doubt differs from outline to outline.

They know the stances of our own exercises, and were trained on the same samples as the normal distribution, by
`tests.lab.training.lumbar_net` (`docs/developers/lumbar-model.md`). Their mean is the angle; their doubt is what each
says of itself and how far they lie apart.
"""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import STATIONS, Contour
from formcheck.core.body.lumbar_net_weights import NETS
from formcheck.core.body.lumbar_net_weights import STRETCH as STRETCH  # by stance, of what is told with both models

Vector = NDArray[np.float64]

STANCES = ("tabletop", "hook-lying", "bridge", "quadruped", "half-kneeling", "seated", "standing")
HIDDEN = 32
"""Width of both hidden layers."""
OFFSET_TL, SD_TL, SIDE_ON_DEG = 0.03, 0.01, 20.0
"""What counts as one: of an offset, of its standard deviation, and of a view from aside."""
SD_LEAST_TL, SD_MOST_TL, SD_UNKNOWN = 0.002, 0.1, 2.5
"""The standard deviations of stations lie in between; what stands for that of a station that was not read."""
DEG, LEAST_DEG, SD_DEG = 10.0, 1.0, 6.0
"""Degrees that an output of one means; the least standard deviation, and the scale of the others."""
STATIONS_N = len(STATIONS)
INPUTS = 4 * STATIONS_N + 1 + len(STANCES)


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    weight: Vector
    """(nets, out, in)."""
    bias: Vector
    """(nets, out)."""


def inputs(apart: Vector, now: Contour, start: Contour, side_on_deg: float, stance: str) -> Vector:
    """(76,) what the networks are asked with.

    Args:
        apart: (17,) change of the outline against the start, without what the limbs do to it, torso lengths.
        now: the outline of a picture, for its doubt.
        start: that of the own start: its shape counts, not its distance.
        side_on_deg: how far off side-on the view is; 0 where not known.
        stance: one of `STANCES`.
    """
    variance = np.asarray(now.sd_tl, np.float64) ** 2 + np.asarray(start.sd_tl, np.float64) ** 2
    is_known = np.isfinite(apart) & np.isfinite(variance)
    sd = np.log(np.clip(np.sqrt(variance), SD_LEAST_TL, SD_MOST_TL) / SD_TL)
    of_start = np.isfinite(start.offset_tl)
    shape = start.offset_tl - start.offset_tl[of_start].mean(dtype=np.float64) if of_start.any() else start.offset_tl
    aside = 0.0 if math.isnan(side_on_deg) else abs(side_on_deg) / SIDE_ON_DEG
    return np.concatenate([
        np.where(is_known, apart, 0.0) / OFFSET_TL,
        is_known,
        np.where(is_known, sd, SD_UNKNOWN),
        np.where(of_start, shape, 0.0) / OFFSET_TL,
        [aside],
        [float(stance == name) for name in STANCES],
    ])  # fmt: skip


def bend(apart: Vector, now: Contour, start: Contour, side_on_deg: float, stance: str) -> tuple[float, float]:
    """Degrees of the bend and their standard deviation, before it is stretched; of what `inputs` takes."""
    asked = inputs(apart, now, start, side_on_deg, stance)
    first, second, last = _layers()
    hidden = _silu(first.weight @ asked + first.bias)
    hidden = _silu(np.einsum("noi,ni->no", second.weight, hidden) + second.bias)
    out = np.einsum("noi,ni->no", last.weight, hidden) + last.bias
    deg = DEG * out[:, 0]
    variance = (LEAST_DEG + SD_DEG * np.logaddexp(0.0, out[:, 1])) ** 2
    return float(deg.mean()), math.sqrt(float(variance.mean() + deg.var()))


def _silu(values: Vector) -> Vector:
    return np.asarray(values / (1.0 + np.exp(-values)))


@cache
def _layers() -> tuple[_Layer, _Layer, _Layer]:
    sizes = [(HIDDEN, INPUTS), (HIDDEN, HIDDEN), (2, HIDDEN)]
    nets = [np.frombuffer(base64.b64decode(net), "<f2").astype(np.float64) for net in NETS]
    layers, at = [], 0
    for rows, columns in sizes:
        weight = np.stack([net[at : at + rows * columns].reshape(rows, columns) for net in nets])
        at += rows * columns
        layers.append(_Layer(weight, np.stack([net[at : at + rows] for net in nets])))
        at += rows
    first, second, last = layers
    return first, second, last
