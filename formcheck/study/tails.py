"""Quantiles of the F and t distributions, which the intervals of small samples need. Pure."""

from __future__ import annotations

import math

_TINY = 1e-300
_STEPS = 400


def f_below(x: float, d1: float, d2: float) -> float:
    """Probability that F with `d1` and `d2` degrees of freedom is at most x."""
    return _beta_share(d1 * x / (d1 * x + d2), d1 / 2, d2 / 2) if x > 0 else 0.0


def f_quantile(p: float, d1: float, d2: float) -> float:
    """The x below which F with `d1` and `d2` degrees of freedom lies with probability p, 0 < p < 1."""
    low, high = 0.0, 1.0
    while f_below(high, d1, d2) < p:
        low, high = high, 2 * high
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if f_below(middle, d1, d2) < p else (low, middle)
    return high


def t_quantile(p: float, d: float) -> float:
    """The t below which Student's t with `d` degrees of freedom lies with probability p, 0.5 < p < 1."""
    return math.sqrt(f_quantile(2 * p - 1, 1, d))


def _beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b).

    By Lentz's continued fraction (Press et al., Numerical Recipes, 6.4).
    """
    if x > (a + 1) / (a + b + 2):
        return 1.0 - _beta_share(1.0 - x, b, a)
    front = math.exp(a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b))
    c, d, fraction = 1.0, 0.0, 1.0
    for step in range(_STEPS):
        m = step // 2
        if step == 0:
            term = 1.0
        elif step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1.0 / _not_zero(1.0 + term * d)
        c = _not_zero(1.0 + term / c)
        fraction *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return front * (fraction - 1.0) / a


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
