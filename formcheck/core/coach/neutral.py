"""The neutral of the back, taken anew in every rest: a shirt lies differently after each tilt, a person settles.

The first neutral is that of the start pose. In exercises whose very measure is the outline it would otherwise drift
away from the place to which the back truly comes home.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from formcheck.core.body.back import Contour
from formcheck.core.body.baseline import Baseline, median_contour
from formcheck.core.body.measure import Body
from formcheck.core.rules.exercise import Phase

CALM_S = 1.2
"""Seconds [P] for which the outline rests before it is taken: longer than a lost tilt takes to be told."""
CALM_TL = 0.0015
"""Torso lengths by which a resting outline may waver in that time; its steady noise is 0.0003-0.0008 (renders). A tilt
that takes four seconds passes through 0.0025."""
SETTLE_S = 0.6
"""Seconds after the start pose was taken in which a hollow that still grows is the tracker that settles (seen)."""
HOME_SHARE = 0.6
"""Share of the own tilt that must be gone again before the place where the back rests is its home [P]."""


SURER = 0.7
"""An outline of a rest replaces that of the start where its doubt is no more than this share of the start's [P]."""
REST_S = 0.8
"""Seconds [P] of a rest in which the outline must be read before it may."""


class SurerNeutral:
    """Takes the outline of the own start from a later rest, where the start showed it less surely, or not at all.

    An arm that lay before the back has moved, or the light has come on. A surer outline only: one that merely differs
    may be a back that has not come home.
    """

    def __init__(self) -> None:
        self._rest: list[Body] = []

    def update(self, body: Body, start: Baseline, *, is_rest: bool) -> Baseline:
        """One picture, before it is judged; returns the start as it is now.

        Args:
            body: of the picture.
            start: the person's own so far.
            is_rest: whether the person is in the start pose, between two repetitions.
        """
        if not is_rest:
            self._rest.clear()
            return start
        self._rest.append(body)
        if body.t_s - self._rest[0].t_s < REST_S:
            return start
        contour = median_contour(self._rest)
        self._rest.clear()
        if contour is None or math.isinf(_doubt_tl(contour)):
            return start
        if _doubt_tl(contour) > SURER * _doubt_tl(start.body.contour):
            return start
        return replace(start, body=replace(start.body, contour=contour))


def _doubt_tl(contour: Contour | None) -> float:
    """Mean standard deviation of an outline, torso lengths; infinite where too little of it is known."""
    if contour is None:
        return math.inf
    known = np.isfinite(contour.sd_tl) & np.isfinite(contour.offset_tl)
    return float(contour.sd_tl[known].mean()) if known.sum() * 2 > len(known) else math.inf


class NeutralEstimator:
    """Follows where the back of one person rests."""

    def __init__(self, is_wanted: bool) -> None:
        self._is_wanted = is_wanted
        self._recent: list[tuple[float, float]] = []
        self._has_moved = False
        self._began_s = math.nan

    def update(self, body: Body, start: Baseline, phase: Phase, top: Body | None) -> Baseline:
        """One picture, before it is judged; returns the start as it is now.

        Args:
            body: of the picture.
            start: the person's own so far.
            phase: of the movement.
            top: the picture of the furthest reach of the cycle under way.
        """
        if not self._is_wanted:
            return start
        self._began_s = body.t_s if math.isnan(self._began_s) else self._began_s
        sagitta_tl, neutral_tl = body.steady_sagitta_tl, start.body.steady_sagitta_tl
        is_home = phase == "rest" or (phase in ("end-range", "return") and _is_home(sagitta_tl, neutral_tl, top))
        self._has_moved |= phase != "rest"
        if not is_home or math.isnan(sagitta_tl):
            self._recent.clear()
            return start
        if body.t_s - self._began_s < SETTLE_S and sagitta_tl > neutral_tl:
            return _rest_at(sagitta_tl, start)
        self._recent = [(t, h) for t, h in self._recent if body.t_s - t <= CALM_S]
        self._recent.append((body.t_s, sagitta_tl))
        rests = [h for _, h in self._recent]
        if body.t_s - self._recent[0][0] < CALM_S * 0.9 or max(rests) - min(rests) > CALM_TL:
            return start
        if sagitta_tl < neutral_tl and not self._has_moved:
            return start  # before a tilt the back is flattened a little: that is part of it
        self._has_moved = phase != "rest"
        return _rest_at(sagitta_tl, start)


def _rest_at(sagitta_tl: float, start: Baseline) -> Baseline:
    return replace(start, body=replace(start.body, steady_sagitta_tl=sagitta_tl))


def _is_home(sagitta_tl: float, neutral_tl: float, top: Body | None) -> bool:
    return top is not None and neutral_tl - sagitta_tl <= HOME_SHARE * (neutral_tl - top.steady_sagitta_tl)
