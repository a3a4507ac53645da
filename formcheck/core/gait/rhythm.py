"""The rhythm of a movement that repeats: a least-squares periodogram. Works from times, never from frame counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float64]

CADENCE_SPM = (115.0, 225.0)
"""Steps a minute that are looked for: less than an octave, so that a stride is never taken for a step."""
COARSE_SPM, FINE_SPM = 1.0, 0.1
TREND = 3
"""Terms of the polynomial that takes away drift and a slow sway of the camera."""
SAMPLES_MIN = 16
STEPS_SEEN_MIN = 3
"""Steps (of the slowest cadence) below which a rhythm is none."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A signal's strongest step rhythm."""

    cadence_spm: float
    wave: complex
    """Its amplitude, and its phase at time 0 (the argument: the signal is highest there)."""
    noise: float
    """Standard deviation of what neither the rhythm nor the stride nor the trend explains."""


def rhythm_of(t_s: Signal, y: Signal, *more: Signal) -> Rhythm | None:
    """The rhythm of a signal in the band of steps; None if it is too short to have one.

    Fits trend, step and stride (half the frequency: steps of the two legs differ) for each cadence of the band and
    takes the one that leaves least (Lomb 1976, Scargle 1982, with a trend). Further signals of the same rhythm have
    a say in the cadence, each by the share of its variance.

    Args:
        t_s: (n,) times, seconds, increasing; need not be even.
        y: (n,) values; NaN is left out.
        more: (n,) likewise.
    """
    known = ~np.isnan(y)
    if known.sum() < SAMPLES_MIN or np.ptp(t_s[known]) < STEPS_SEEN_MIN * 60 / CADENCE_SPM[0]:
        return None
    signals = _together(t_s, [each for each in (y, *more) if (~np.isnan(each)).sum() >= SAMPLES_MIN])
    low, high = CADENCE_SPM
    best = _best(np.arange(low, high + COARSE_SPM / 2, COARSE_SPM), signals)
    fine = np.arange(best - COARSE_SPM, best + COARSE_SPM, FINE_SPM)
    cadence = _best(fine[(fine >= low) & (fine <= high)], signals)
    wave, noise = _fit(t_s[known], y[known], cadence)
    return Rhythm(cadence, wave, noise)


def wave_of(t_s: Signal, y: Signal, cadence_spm: float) -> complex:
    """Amplitude and phase of a signal at a known cadence; NaN values are left out, too few give 0."""
    known = ~np.isnan(y)
    if known.sum() < SAMPLES_MIN:
        return 0j
    return _fit(t_s[known], y[known], cadence_spm)[0]


def phase_between_deg(a: complex, b: complex) -> float:
    """How far apart two waves of one cadence are highest, 0..180 degrees."""
    return abs(math.degrees(float(np.angle(a * b.conjugate()))))


def _trend(t_s: Signal) -> Signal:
    """(n, TREND) orthonormal polynomials over the times."""
    middle, half = (t_s[0] + t_s[-1]) / 2, (t_s[-1] - t_s[0]) / 2
    return np.asarray(np.linalg.qr(np.vander((t_s - middle) / half, TREND))[0])


def _waves(t_s: Signal, cadences_spm: Signal) -> Signal:
    """(cadences, n, 4) cosine and sine of the step, then of the stride."""
    half = math.pi * cadences_spm[:, None] / 60 * t_s
    cos, sin = np.cos(half), np.sin(half)
    return np.stack([cos * cos - sin * sin, 2 * sin * cos, cos, sin], axis=-1)


@dataclass(frozen=True, slots=True, eq=False)
class _Signals:
    """Signals that are known at the same times."""

    t_s: Signal
    trend: Signal
    rests: Signal
    """(n, signals) the values without their trend."""

    def explained(self, cadences_spm: Signal) -> Signal:
        """(cadences,) shares of the variances that step and stride explain, all signals together."""
        waves = _waves(self.t_s, cadences_spm)
        waves -= self.trend @ (self.trend.T @ waves)
        turned = np.swapaxes(waves, 1, 2)
        right = turned @ self.rests
        power = (np.linalg.solve(turned @ waves + 1e-9 * np.eye(4), right) * right).sum(axis=1)
        return np.asarray((power / np.maximum((self.rests**2).sum(axis=0), 1e-12)).sum(axis=1))


def _together(t_s: Signal, signals: Sequence[Signal]) -> list[_Signals]:
    """The signals, those that are known at the same times as one: the waves at them are made once."""
    groups: dict[bytes, list[Signal]] = {}
    for y in signals:
        groups.setdefault(np.isnan(y).tobytes(), []).append(y)
    found = []
    for group in groups.values():
        known = ~np.isnan(group[0])
        trend, values = _trend(t_s[known]), np.stack([y[known] for y in group], axis=1)
        found.append(_Signals(t_s[known], trend, values - trend @ (trend.T @ values)))
    return found


def _best(cadences_spm: Signal, signals: Sequence[_Signals]) -> float:
    """The cadence that explains most."""
    return float(cadences_spm[int(np.argmax(sum(s.explained(cadences_spm) for s in signals)))])


def _fit(t_s: Signal, y: Signal, cadence_spm: float) -> tuple[complex, float]:
    terms = np.concatenate([_trend(t_s), _waves(t_s, np.array([cadence_spm]))[0]], axis=1)
    weights = np.linalg.lstsq(terms, y, rcond=None)[0]
    return complex(weights[TREND], weights[TREND + 1]), float(np.std(y - terms @ weights))
