"""The neutral of the back, taken anew in every rest: a shirt lies differently after each tilt, a person settles.

The first neutral is that of the start pose. In exercises whose very measure is the outline it would otherwise drift
away from the place to which the back truly comes home.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from formcheck.core.body.back import Contour
from formcheck.core.body.baseline import Baseline, baseline_of, median_contour
from formcheck.core.body.lumbar_angle import LumbarChange, features, lumbar_change
from formcheck.core.body.measure import Body
from formcheck.core.body.quantities import Estimate
from formcheck.core.rules.exercise import Phase

CALM_S = 1.2
"""Seconds [P] for which the outline rests before it is taken: longer than a lost tilt takes to be told."""
CALM_TL = 0.0015
"""Torso lengths by which a resting outline may waver in that time; its steady noise is 0.0003-0.0008 (renders). A tilt
that takes four seconds passes through 0.0025."""
SETTLE_S = 0.6
"""Seconds after the start pose was taken in which a hollow that still grows is the tracker that settles (seen)."""
CALMER = 0.5
"""Share of the start's noise below which the first rest tells the hollow better than the start did [P]."""
HOME_SHARE = 0.6
"""Share of the own tilt that must be gone again before the place where the back rests is its home [P]."""


SURER = 0.7
"""An outline of a rest replaces that of the start where its doubt is no more than this share of the start's [P]."""
REST_S = 0.8
"""Seconds [P] of a rest in which the outline must be read before it may."""
OTHER_DEG = 10.0
"""Degrees between the outline of the start and that of a rest from which one of them is wrong: the least limit of any
fault of the back, so that a smaller difference makes none."""
SAME_DEG = 6.0
"""Degrees within which two rests show the same back: the smallest change that is one (MDC of lumbar inclinometry)."""
SURE_SHARE = 0.9
"""How sure a difference must be before the start is doubted [P]: 0.7 would doubt a good start once in a few sets."""


class RestNeutral:
    """Checks the outline of the own start against the later rests, and takes it anew where they are the better ones.

    A surer outline replaces it at once: an arm that lay before the back has moved, or the light has come on. One that
    merely differs may be a back that has not come home, or a shadow that was read for the shirt: then nobody knows, and
    the back is not judged. When a second rest agrees with the first one, the start is proved wrong.
    """

    def __init__(self) -> None:
        self._rest: list[Body] = []
        self._other: tuple[int, Body] | None = None

    @property
    def is_doubted(self) -> bool:
        """Whether the last rest contradicts the start: what is compared with it is not known."""
        return self._other is not None

    def update(self, body: Body, start: Baseline, *, is_rest: bool, turn: int, model: str) -> tuple[Baseline, bool]:
        """One picture, before it is judged; returns the start as it is now, and whether the old one was proved wrong.

        Args:
            body: of the picture.
            start: the person's own so far.
            is_rest: whether the person is in the start pose, between two repetitions.
            turn: how many movements there were before.
            model: the exercise's lumbar model.
        """
        if not is_rest:
            self._rest.clear()
            return start, False
        self._rest.append(body)
        if body.t_s - self._rest[0].t_s < REST_S:
            return start, False
        contour = median_contour(self._rest)
        self._rest.clear()
        if contour is None or math.isinf(_doubt_tl(contour)):
            return start, False
        return self._compare(replace(body, contour=contour), start, turn, model)

    def _compare(self, rest: Body, start: Baseline, turn: int, model: str) -> tuple[Baseline, bool]:
        is_other = _surely_apart(rest, start.body, model)
        taken = replace(start, body=replace(start.body, contour=rest.contour))
        if _doubt_tl(rest.contour) <= SURER * _doubt_tl(start.body.contour):
            self._other = None
            return taken, is_other
        before, self._other = self._other, (turn, rest) if is_other else None
        if before is None or self._other is None:
            return start, False
        if before[0] == turn:
            self._other = before
        elif _is_same(rest, before[1], model):
            self._other = None
            return taken, True
        return start, False


def _bend(one: Body, other: Body, model: str) -> LumbarChange:
    if one.contour is None or other.contour is None:
        return LumbarChange()
    return lumbar_change(one.contour, other.contour, features(one, other), model, one.side_on_deg)


def _surely_apart(one: Body, other: Body, model: str) -> bool:
    bend = _bend(one, other, model)
    return Estimate(abs(bend.deg), bend.sd_deg).is_surely_above(OTHER_DEG, SURE_SHARE)


def _is_same(one: Body, other: Body, model: str) -> bool:
    return abs(_bend(one, other, model).deg) <= SAME_DEG


def _doubt_tl(contour: Contour | None) -> float:
    """Mean standard deviation of an outline, torso lengths; infinite where too little of it is known."""
    if contour is None:
        return math.inf
    known = np.isfinite(contour.sd_tl) & np.isfinite(contour.offset_tl)
    return float(contour.sd_tl[known].mean()) if known.sum() * 2 > len(known) else math.inf


FIRST_S, TAKEN_S, EVERY_S = 2.0, 0.5, 0.3
"""Seconds [P] of the first rest that make the start, the least of them, and how often it is taken anew."""
STILL_SHARE = 0.05
"""Share of the range within which the first rest has not been left: a slow movement has begun long before it shows."""


class FirstRest:
    """Takes limbs, trunk and head of the start from its first two seconds: a tracker settles for a second, and the
    pictures by which the start pose was told are few.

    The outline stays that of the start pose. Whoever waits and talks lets the back sink or round (a real bird dog by 10
    degrees in as many seconds), and the outline is not a thing that settles.
    """

    def __init__(self) -> None:
        self._bodies: list[Body] = []
        self._taken_s = math.nan

    def update(self, body: Body, start: Baseline, excursion: float) -> Baseline:
        """One picture of the first rest; returns the start as it is now.

        Args:
            body: of the picture.
            start: the person's own so far.
            excursion: how far the movement is, share of its range.
        """
        if abs(excursion) > STILL_SHARE or (self._bodies and body.t_s - self._bodies[0].t_s > FIRST_S):
            return start
        self._bodies.append(body)
        self._taken_s = body.t_s if math.isnan(self._taken_s) else self._taken_s
        is_due = body.t_s - self._taken_s >= EVERY_S - 1e-6
        if not is_due or body.t_s - self._bodies[0].t_s < TAKEN_S:
            return start
        self._taken_s = body.t_s
        fresh, was = baseline_of(self._bodies), start.body
        outline = {name: getattr(was, name) for name in ("contour", "sagitta_tl", "steady_sagitta_tl")}
        return Baseline(replace(fresh.body, **outline), start.sagitta_sd_tl)


class NeutralEstimator:
    """Follows where the back of one person rests."""

    def __init__(self, is_wanted: bool) -> None:
        self._is_wanted = is_wanted
        self._recent: list[tuple[float, float]] = []
        self._first: list[Body] = []
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
        if not self._has_moved and body.t_s - self._began_s <= FIRST_S:
            start = self._calmer(body, start)
            neutral_tl = start.body.steady_sagitta_tl
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

    def _calmer(self, body: Body, start: Baseline) -> Baseline:
        """The start with the hollow of the first rest, where that of the start jumped about and this does not."""
        self._first.append(body)
        if body.t_s - self._first[0].t_s < TAKEN_S:
            return start
        fresh = baseline_of(self._first)
        if not fresh.sagitta_sd_tl <= CALMER * start.sagitta_sd_tl:
            return start
        hollow = {name: getattr(fresh.body, name) for name in ("sagitta_tl", "steady_sagitta_tl")}
        return Baseline(replace(start.body, **hollow), fresh.sagitta_sd_tl)


def _rest_at(sagitta_tl: float, start: Baseline) -> Baseline:
    return replace(start, body=replace(start.body, steady_sagitta_tl=sagitta_tl))


def _is_home(sagitta_tl: float, neutral_tl: float, top: Body | None) -> bool:
    return top is not None and neutral_tl - sagitta_tl <= HOME_SHARE * (neutral_tl - top.steady_sagitta_tl)
