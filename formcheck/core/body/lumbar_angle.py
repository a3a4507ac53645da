"""The low back as an angle: how far it bends against the person's own start, from its whole outline and the limbs.

The sagitta of the hollow is a poor summary of a good contour: a raised thigh and a reaching arm move its ends, and a
bend that lies higher or lower hardly changes its middle. Here all stations speak, with the limbs beside them. The model
is a normal distribution of (change of the outline, change of the limbs' angles, change of the lumbar angle), learned on
rendered bodies for each posture (`docs/developers/lumbar-model.md`). What is asked is the last, given the others as the
product reads them: a station counts by its own doubt, one that is missing is left out. Both come back: the angle, and
its standard deviation. In the stances that `lumbar_net` knows its networks are asked as well, without what the
distribution knows the limbs to do, and the two meet half-way: on bodies that neither has seen they err less together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body import lumbar_net
from formcheck.core.body.back import STATIONS, Contour
from formcheck.core.body.filters import RunningMedian
from formcheck.core.body.lumbar_weights import WEIGHTS
from formcheck.core.body.measure import Body, Limbs

Vector = NDArray[np.float64]

STATIONS_MIN = 9
"""Fewer known stations, half of them, tell no angle."""
UNTOLD_SHARE = 0.64
"""An outline that leaves more of the variance that the limbs alone leave, 0.8 of the standard deviation, tells no angle
of its own: what would come back is what most people do, and a back that was hardly seen must not be called good [P]."""
ODD_MAX = 3.0
"""Mean squared distance, in standard deviations, from which an outline is none that a back makes with these limbs: an
arm, a shadow or another person was read. In the samples one in a hundred is beyond it, and the error there is two to
four times as large."""
REACH = 0.15
"""Shares of the torso over which the errors of neighbouring stations go together: a fold, a shadow, a smooth reader."""
ANGLE_UNIT_DEG = 100.0
"""Limbs count in hundreds of degrees, so that all entries are of a size."""
LEAST = 1e-7
"""Variance that is added to each entry, so that the equations can be solved."""
EVERY_S = 0.05
"""Seconds [P] from one reading to the next: a faster camera tells a running median hardly more."""
PLAIN, WIDER = 2.0, 1.5
"""A bend of so many times its standard deviation is one; its size may be unsure by so many times more [P]: nobody takes
it for none."""
NOISE_MAX_DEG = 6.0
"""Single readings that are noisier (standard deviation) can't tell a bend of 10 degrees: the running median keeps 0.4
of the noise, and a change must be four times that. An edge that jumps from fold to fold of a white shirt is such."""


@dataclass(frozen=True, slots=True)
class LumbarChange:
    """Bend of the low back against the own start. NaN where it isn't known."""

    deg: float = math.nan
    """Degrees; positive = extended (arched), negative = flexed (rounded)."""
    sd_deg: float = math.nan
    """Its standard deviation, calibrated on bodies that the model did not learn from."""

    def is_seen(self, sd_max_deg: float) -> bool:
        """Whether it is known surely enough: to so many degrees, or, a plain bend, to half as many more."""
        return self.sd_deg <= (WIDER * sd_max_deg if abs(self.deg) >= PLAIN * self.sd_deg else sd_max_deg)


UNKNOWN = LumbarChange()
NOTHING = (math.nan, math.nan)
ROOT_2 = math.sqrt(2.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    mean: Vector
    covariance: Vector
    """(n + 1, n + 1), the lumbar angle last, degrees."""
    stretch: float
    """By which the standard deviation is too small on bodies that were not learned from."""


@cache
def _model(name: str) -> _Model:
    mean, upper, stretch = WEIGHTS[name]
    n = len(mean)
    covariance = np.zeros((n, n))
    covariance[np.triu_indices(n)] = upper
    covariance = covariance + np.triu(covariance, 1).T
    return _Model(np.array(mean), covariance, stretch)


_APART = np.abs(np.subtract.outer(STATIONS, STATIONS))
_TOGETHER = np.exp(-_APART / REACH)


def features(body: Body, start: Body) -> Vector:
    """(8,) change of the limbs' angles against the start, hundreds of degrees; NaN where one isn't known: hip, knee and
    shoulder of the near and of the far side, the trunk's line, the neck."""
    pairs = ((body.limbs(side), start.limbs(side)) for side in (body.near, body.far))
    changes = [change for now, was in pairs for change in _changes(now, was)]
    changes += [body.trunk_deg - start.trunk_deg, body.neck_deg - start.neck_deg]
    return np.array(changes) / ANGLE_UNIT_DEG


def _changes(now: Limbs, was: Limbs) -> tuple[float, float, float]:
    return now.hip_deg - was.hip_deg, now.knee_deg - was.knee_deg, now.shoulder_deg - was.shoulder_deg


def lumbar_change(
    now: Contour, start: Contour, limbs: Vector, model: str, side_on_deg: float = math.nan
) -> LumbarChange:
    """How far the low back has bent.

    Args:
        now: the outline of a picture.
        start: the outline of the own start.
        limbs: (8,) as `features` gives them.
        model: name in `WEIGHTS`: a posture, or a stance of its own (`Exercise.lumbar_model`).
        side_on_deg: how far off side-on the picture shows the body; NaN where not known.

    Raises:
        KeyError: no model has that name.
    """
    deg, sd_deg = by_distribution(now, start, limbs, model)
    if math.isnan(deg):
        return UNKNOWN
    if model not in lumbar_net.STANCES:
        return LumbarChange(deg, _model(model).stretch * sd_deg)
    also_deg, also_sd_deg = lumbar_net.bend(without_limbs(now, start, limbs, model), now, start, side_on_deg, model)
    return LumbarChange((deg + also_deg) / 2, lumbar_net.STRETCH[model] * math.hypot(sd_deg, also_sd_deg) / ROOT_2)


def by_distribution(now: Contour, start: Contour, limbs: Vector, model: str) -> tuple[float, float]:
    """What the normal distribution says: degrees and their standard deviation, before it is stretched. NaN where too
    little of the outline is known, or where it is none that a back makes with these limbs.

    Args:
        now: the outline of a picture.
        start: the outline of the own start.
        limbs: (8,) as `features` gives them.
        model: name in `WEIGHTS`.
    """
    change = np.concatenate([np.asarray(now.offset_tl, np.float64) - start.offset_tl, limbs])
    variance = np.asarray(now.sd_tl, np.float64) ** 2 + np.asarray(start.sd_tl, np.float64) ** 2
    is_known = np.isfinite(change)
    is_known[: len(STATIONS)] &= np.isfinite(variance)
    seen = np.flatnonzero(is_known)
    stations = seen[seen < len(STATIONS)]
    if len(stations) < STATIONS_MIN:
        return NOTHING
    return _given(_model(model), change, variance, seen, stations)


def without_limbs(now: Contour, start: Contour, limbs: Vector, model: str) -> Vector:
    """(17,) change of the outline without what the limbs do to it on average, torso lengths; NaN where not read."""
    n, (mean, by_limbs) = len(STATIONS), _limbs_do(model)
    moved = np.where(np.isfinite(limbs), limbs - mean[n:], 0.0)
    return np.asarray(now.offset_tl, np.float64) - start.offset_tl - mean[:n] - moved @ by_limbs


@cache
def _limbs_do(model: str) -> tuple[Vector, Vector]:
    """Mean of outline and limbs, and (8, 17) what each limb does to the outline."""
    of, n = _model(model), len(STATIONS)
    limbs = slice(n, len(of.mean) - 1)
    inner = of.covariance[limbs, limbs] + LEAST * np.eye(len(of.mean) - 1 - n)
    return of.mean[:-1], np.asarray(np.linalg.solve(inner, of.covariance[limbs, :n]), np.float64)


def _given(
    model: _Model, change: Vector, variance: Vector, seen: NDArray[np.intp], stations: NDArray[np.intp]
) -> tuple[float, float]:
    """The angle's distribution, given what was seen."""
    part, k = _part(model, seen.tobytes(), len(stations)), len(stations)
    sd = np.sqrt(variance[stations])
    joint = part.covariance.copy()
    joint[:k, :k] += sd[:, None] * sd * part.together
    joint.ravel()[:: len(seen) + 1] += LEAST
    along = part.along
    apart = change[seen] - part.mean
    weight, oddity = np.linalg.solve(joint, np.stack([along, apart], axis=1)).T
    left = max(part.variance_deg - float(weight @ along), 0.0)
    usual, left_by_limbs = part.by_limbs
    if left > UNTOLD_SHARE * left_by_limbs:
        return NOTHING
    if apart @ oddity - apart[k:] @ usual @ apart[k:] > ODD_MAX * k:
        return NOTHING
    return float(model.mean[-1] + weight @ apart), math.sqrt(left)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """What a model says of the entries that were seen."""

    covariance: Vector
    together: Vector
    """How far the errors of the stations among them go together."""
    along: Vector
    """Covariance with the lumbar angle."""
    mean: Vector
    variance_deg: float
    by_limbs: tuple[Vector, float]


@lru_cache(maxsize=256)
def _part(model: _Model, seen_bytes: bytes, k: int) -> _Part:
    """The same entries are seen for seconds: they are picked once. The first `k` of them are stations."""
    seen = np.frombuffer(seen_bytes, np.intp)
    stations = seen[:k]
    return _Part(
        model.covariance[seen[:, None], seen],
        _TOGETHER[stations[:, None], stations],
        model.covariance[seen, -1],
        model.mean[seen],
        float(model.covariance[-1, -1]),
        _by_limbs(model, tuple(seen[k:].tolist())),
    )


@cache
def _by_limbs(model: _Model, seen: tuple[int, ...]) -> tuple[Vector, float]:
    """What the limbs alone tell: inverse of their covariance, and the variance that they leave, square degrees."""
    at = list(seen)
    inverse = np.asarray(np.linalg.inv(model.covariance[np.ix_(at, at)] + LEAST * np.eye(len(at))), np.float64)
    along = model.covariance[at, -1]
    return inverse, float(model.covariance[-1, -1] - along @ inverse @ along)


class LumbarEstimator:
    """Follows the low back of one person from picture to picture, without its frame noise."""

    def __init__(self) -> None:
        self._deg, self._sd = RunningMedian(NOISE_MAX_DEG), RunningMedian(math.inf)
        self._told, self._told_s = UNKNOWN, -math.inf

    def update(self, body: Body, start: Body, model: str) -> LumbarChange:
        """The change at one picture; unknown where most of the last ones did not show it, and while they jump about."""
        if body.t_s - self._told_s < EVERY_S - 1e-6:
            return self._told
        raw = UNKNOWN
        if body.contour is not None and start.contour is not None:
            raw = lumbar_change(body.contour, start.contour, features(body, start), model, body.side_on_deg)
        deg, sd_deg = self._deg.update(body.t_s, raw.deg), self._sd.update(body.t_s, raw.sd_deg)
        self._told, self._told_s = UNKNOWN if math.isnan(deg) else LumbarChange(deg, sd_deg), body.t_s
        return self._told
