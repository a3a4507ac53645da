"""Agreement of raters: percent, kappa, AC1, ICC, Bland-Altman, each with its interval. Pure: numpy, seeds are given.

A *table* of two raters has in row i and column j how many things the first gave answer i and the second answer j.
*Votes* of many raters have in row i and column j how many raters gave thing i answer j. What can't be computed is NaN:
kappa of raters who never used a second answer, any figure of nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from formcheck.study.tails import f_quantile, t_quantile

Floats = NDArray[np.float64]
LEVEL = 0.95
"""Of all intervals."""
DRAWS = 2000
"""Resamples of the bootstrap."""
SEED = 20261130
"""From which patients are drawn where no other seed is given."""
_Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; NaN = unknown."""

    value: float
    low: float = math.nan
    high: float = math.nan


UNKNOWN = Estimate(math.nan)


# -- two raters ------------------------------------------------------------------------------------------------------


def agreement(table: Floats) -> Floats:
    """Share of things on which both gave the same answer.

    Args:
        table: (..., k, k) counts; leading axes are computed each for itself, here and below.
    """
    return _divided(np.trace(table, axis1=-2, axis2=-1), table.sum((-2, -1)))


def kappa(table: Floats) -> Floats:
    """Cohen's kappa (Cohen 1960): agreement beyond what the raters' own rates would bring by chance."""
    shares = _divided(table, table.sum((-2, -1))[..., None, None])
    chance = (shares.sum(-1) * shares.sum(-2)).sum(-1)
    return _divided(np.trace(shares, axis1=-2, axis2=-1) - chance, 1.0 - chance)


def kappa_sd(table: Floats) -> float:
    """Standard error of kappa for things that are independent (Fleiss, Cohen & Everitt 1969), of one table."""
    n = table.sum()
    if not n:
        return math.nan
    shares = table / n
    rows, columns = shares.sum(1), shares.sum(0)
    observed, chance = np.trace(shares), float(rows @ columns)
    if chance >= 1.0:
        return math.nan
    k = (observed - chance) / (1 - chance)
    sums = columns[:, None] + rows[None, :]
    diagonal = np.diag(shares) @ (1 - (rows + columns) * (1 - k)) ** 2
    off = shares - np.diag(np.diag(shares))
    others = (1 - k) ** 2 * (off * sums**2).sum()
    variance = diagonal + others - (k - chance * (1 - k)) ** 2
    return math.sqrt(max(float(variance), 0.0) / n) / (1 - chance)


def kappa_analytic(table: Floats) -> Estimate:
    """Kappa with the interval for things that are independent: a check of the one by patients, which holds here."""
    value, sd = float(kappa(table)), kappa_sd(table)
    return Estimate(value, value - _Z * sd, value + _Z * sd)


def ac1(table: Floats) -> Floats:
    """Gwet's AC1 (Gwet 2008): as kappa, with a chance that does not grow when nearly everything is of one kind."""
    k = table.shape[-1]
    shares = _divided(table, table.sum((-2, -1))[..., None, None])
    rates = (shares.sum(-1) + shares.sum(-2)) / 2
    chance = (rates * (1 - rates)).sum(-1) / (k - 1)
    return _divided(np.trace(shares, axis1=-2, axis2=-1) - chance, 1.0 - chance)


def prevalence(table: Floats) -> float:
    """How common the first answer is: the mean of both raters' shares of it. Of a 2 × 2 table."""
    return _of(table[0, 0] + (table[0, 1] + table[1, 0]) / 2, table)


def prevalence_index(table: Floats) -> float:
    """Both say the first answer less both say the second, as a share (Byrt et al. 1993); near 0 kappa is at ease."""
    return _of(table[0, 0] - table[1, 1], table)


def bias_index(table: Floats) -> float:
    """How much more often the first rater than the second gives the first answer, as a share (Byrt et al. 1993)."""
    return _of(table[0, 1] - table[1, 0], table)


def _of(part: float, table: Floats) -> float:
    return float(part / table.sum()) if table.sum() else math.nan


def _divided(above: Floats, below: Floats) -> Floats:
    above, below = np.asarray(above, np.float64), np.asarray(below, np.float64)
    return np.where(below > 1e-12, above / np.where(below > 1e-12, below, 1.0), np.nan)


# -- many raters -----------------------------------------------------------------------------------------------------


def fleiss(votes: Floats) -> float:
    """Fleiss' kappa (Fleiss 1971) of votes (n, k); things that fewer than two have rated are left out."""
    observed, rates = _of_votes(votes)
    chance = float((rates**2).sum())
    return (observed - chance) / (1 - chance) if chance < 1 else math.nan


def ac1_of_votes(votes: Floats) -> float:
    """Gwet's AC1 of votes (n, k), for more than two raters."""
    observed, rates = _of_votes(votes)
    chance = float((rates * (1 - rates)).sum() / (votes.shape[1] - 1))
    return (observed - chance) / (1 - chance)


def agreement_of_votes(votes: Floats) -> float:
    """Share of pairs of raters who gave the same answer, the mean over the things of votes (n, k)."""
    return _of_votes(votes)[0]


def _of_votes(votes: Floats) -> tuple[float, Floats]:
    """Observed agreement, and the share of each answer (k)."""
    votes = np.asarray(votes, np.float64)
    rated = votes[votes.sum(1) >= 2]
    if not len(rated):
        return math.nan, np.full(votes.shape[1], np.nan)
    n = rated.sum(1, keepdims=True)
    pairs = (rated * (rated - 1)).sum(1) / (n * (n - 1))[:, 0]
    return float(pairs.mean()), (rated / n).mean(0)


# -- by patient ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def weights(patients: int, seed: int = SEED, draws: int = DRAWS) -> Floats:
    """(draws, patients): how often each patient is drawn, where as many as there are are drawn with replacement."""
    return np.random.default_rng(seed).multinomial(patients, np.full(patients, 1 / patients), draws).astype(np.float64)


def by_patient(tables: Floats, figure: Callable[[Floats], Floats], seed: int = SEED) -> Estimate:
    """A figure of two raters with its percentile interval, patients drawn anew: what one patient does hangs together.

    Args:
        tables: (patients, k, k), a table for each patient.
        figure: `agreement`, `kappa`, `ac1`.
        seed: for the drawing.

    Returns:
        An unknown interval where there are fewer than two patients.
    """
    if not len(tables):
        return UNKNOWN
    value = float(figure(tables.sum(0)))
    if len(tables) < 2:
        return Estimate(value)
    return Estimate(value, *interval(figure(np.tensordot(weights(len(tables), seed), tables, 1))))


def resampled(
    groups: Sequence[Floats], figure: Callable[[Floats], float], seed: int = SEED, draws: int = 500
) -> Estimate:
    """As `by_patient`, for a figure of rows: each group has the rows of one patient."""
    if not groups:
        return UNKNOWN
    value = figure(np.concatenate(groups))
    if len(groups) < 2:
        return Estimate(value)
    counts = weights(len(groups), seed, draws).astype(int)
    drawn = [figure(np.concatenate([g for g, n in zip(groups, row, strict=True) for _ in range(n)])) for row in counts]
    return Estimate(value, *interval(np.array(drawn)))


def interval(drawn: Floats) -> tuple[float, float]:
    """The percentile interval of what a bootstrap drew; unknown where a twentieth of it or more is unknown."""
    known = drawn[np.isfinite(drawn)]
    if len(known) < LEVEL * len(drawn):
        return math.nan, math.nan
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


# -- numbers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Icc:
    """Intraclass correlations of single ratings (Shrout & Fleiss 1979)."""

    one: Estimate
    """ICC(1,1): each thing by other raters."""
    two: Estimate
    """ICC(2,1): the same raters, as a sample of all raters; they must give the same number."""
    three: Estimate
    """ICC(3,1): these raters only; one who always gives two more agrees too."""
    n: int
    raters: int


def icc(ratings: Floats) -> Icc:
    """Intraclass correlations with F intervals.

    Args:
        ratings: (n, raters), none unknown.
    """
    n, k = ratings.shape if ratings.ndim == 2 else (0, 0)
    if n < 2 or k < 2:
        return Icc(UNKNOWN, UNKNOWN, UNKNOWN, n, k)
    grand, rows, columns = ratings.mean(), ratings.mean(1), ratings.mean(0)
    between = k * ((rows - grand) ** 2).sum() / (n - 1)
    within = ((ratings - rows[:, None]) ** 2).sum() / (n * (k - 1))
    judges = n * ((columns - grand) ** 2).sum() / (k - 1)
    error = ((ratings - rows[:, None] - columns[None, :] + grand) ** 2).sum() / ((n - 1) * (k - 1))
    if not between > 0 and not within > 0:
        return Icc(UNKNOWN, UNKNOWN, UNKNOWN, n, k)
    one = _of_ratio(between, within, k, n - 1, n * (k - 1))
    three = _of_ratio(between, error, k, n - 1, (n - 1) * (k - 1))
    return Icc(one, _two(float(between), float(judges), float(error), n, k), three, n, k)


def _of_ratio(between: float, other: float, k: int, d1: int, d2: int) -> Estimate:
    if not other > 0:
        return Estimate(1.0, 1.0, 1.0)
    ratio, p = between / other, (1 + LEVEL) / 2
    low, high = ratio / f_quantile(p, d1, d2), ratio * f_quantile(p, d2, d1)
    return Estimate(*(float((f - 1) / (f + k - 1)) for f in (ratio, low, high)))


def _two(between: float, judges: float, error: float, n: int, k: int) -> Estimate:
    """ICC(2,1), its interval by Satterthwaite's degrees of freedom (Shrout & Fleiss 1979, p. 424)."""
    value = (between - error) / (between + (k - 1) * error + k * (judges - error) / n)
    if not error > 0:
        return Estimate(value)
    ratio = judges / error
    above = (k - 1) * (n - 1) * (k * value * ratio + n * (1 + (k - 1) * value) - k * value) ** 2
    below = (n - 1) * k**2 * value**2 * ratio**2 + (n * (1 + (k - 1) * value) - k * value) ** 2
    d, p = above / below, (1 + LEVEL) / 2
    f_low, f_high = f_quantile(p, n - 1, d), f_quantile(p, d, n - 1)
    rest = k * judges + (k * n - k - n) * error
    low = n * (between - f_low * error) / (f_low * rest + n * between)
    high = n * (f_high * between - error) / (rest + n * f_high * between)
    return Estimate(value, low, high)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bland-Altman: the mean difference, and between which limits 95 % of differences lie."""

    n: int
    bias: Estimate
    low: Estimate
    high: Estimate
    sd: float = math.nan


def bland_altman(differences: Floats) -> Limits:
    """Limits of agreement with the intervals of Bland & Altman (1986), for differences that are independent."""
    n = len(differences)
    if n < 2:
        return Limits(n, Estimate(float(differences[0])) if n else UNKNOWN, UNKNOWN, UNKNOWN)
    bias, sd, t = float(differences.mean()), float(differences.std(ddof=1)), t_quantile((1 + LEVEL) / 2, n - 1)
    of_bias, of_limit = t * sd / math.sqrt(n), t * sd * math.sqrt(3 / n)
    low, high = bias - _Z * sd, bias + _Z * sd
    return Limits(
        n,
        Estimate(bias, bias - of_bias, bias + of_bias),
        Estimate(low, low - of_limit, low + of_limit),
        Estimate(high, high - of_limit, high + of_limit),
        sd,
    )


def bland_altman_by_patient(groups: Sequence[Floats], seed: int = SEED) -> Limits:
    """As `bland_altman`, with intervals from patients drawn anew: each group has the differences of one patient."""
    if not groups:
        return bland_altman(np.empty(0))
    whole = bland_altman(np.concatenate(groups))
    if len(groups) < 2 or whole.n < 3:
        return Limits(
            whole.n, Estimate(whole.bias.value), Estimate(whole.low.value), Estimate(whole.high.value), whole.sd
        )

    def limit(sign: float) -> Callable[[Floats], float]:
        return lambda d: float(d.mean() + sign * _Z * d.std(ddof=1)) if len(d) > 1 else math.nan

    bias, low, high = (resampled(groups, limit(sign), seed) for sign in (0.0, -1.0, 1.0))
    return Limits(whole.n, bias, low, high, whole.sd)
