"""The runner's own average step as a body that moves: a stride, averaged over the strides of a run. Pure."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from formcheck.core.gait.gait import HIPS
from formcheck.core.gait.strides import Strides

MOMENTS = 12
"""Moments of a stride that are kept; it begins in the flight before the near foot lands."""
LANDING, UNDER, PUSH = 1, 3, 5
"""Of them: the near foot lands, it stands under the body, it pushes off (a run's stance is a third of a stride)."""
STRIDES_MIN = 3
"""Fewer strides are no average: the least of `strides.NEAR_STEPS_MIN`."""


def mean_cycle(s: Strides) -> NDArray[np.float64] | None:
    """The median stride of the near leg.

    Returns:
        (12, 10, 2) places by the rows of `gait.Trace`, torso lengths about the hips: x from the hips of that moment, so
        that a drift over the belt does not blur it, y from their mean, so that the bounce stays; y up, x towards where
        the runner faces. NaN where a joint was seen in too few strides. None with fewer than three whole strides.
    """
    strides = []
    for step, after in itertools.pairwise(s.steps):
        if step.leg == s.near and after.begin == step.end:
            places = np.linspace(step.begin, after.end, MOMENTS, endpoint=False).round().astype(int)
            xy = s.xy_tl[places].copy()
            xy[..., 0] -= xy[:, [HIPS], 0]
            xy[..., 1] -= xy[:, HIPS, 1].mean()
            strides.append(xy)
    if len(strides) < STRIDES_MIN:
        return None
    seen = np.array(strides)
    enough = (~np.isnan(seen)).sum(axis=0) >= STRIDES_MIN
    known = np.where(enough, seen, 0.0)  # a median of nothing warns
    return np.where(enough, np.nanmedian(known, axis=0), np.nan)
