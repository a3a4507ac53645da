"""Gait curves: thigh, knee and sole over the gait cycle of running, running in place and walking.

Rounded key values read off published mean curves: running from Novacheck, The biomechanics of running (Gait & Posture
7, 1998: 77-95) and Fukuchi et al., A public dataset of running biomechanics (PeerJ 5:e3298, 2017, 2.5 m/s); walking
from Winter, Biomechanics and Motor Control of Human Movement (2009). Hip angles are turned into the thigh's against
the vertical. Running in place has no published curve: it is made up. 0 is the contact of the foot, degrees; thigh
positive ahead, knee flexion positive, sole positive when the toe is up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from tests.lab.body import Floats

Keys = Mapping[float, float]


@dataclass(frozen=True, slots=True)
class Gait:
    """Curves of one leg over its cycle, and the share of it that the foot is on the ground."""

    thigh: Keys
    knee: Keys
    sole: Keys
    stance: float
    cadence_spm: float
    arm_swing_deg: float
    elbow_deg: float
    stays: bool = False
    """In place: the foot stands under the hips."""


RUN = Gait(
    thigh={0: 17, 8: 19, 15: 19, 22: 11, 30: -3, 37: -14, 42: -17, 52: -8, 62: 12, 72: 30, 82: 38, 90: 31, 96: 20},
    knee={0: 17, 8: 37, 15: 51, 22: 44, 30: 27, 37: 17, 43: 21, 52: 55, 62: 85, 70: 92, 80: 70, 90: 32, 96: 17},
    sole={0: 8, 5: 2, 9: 0, 22: 0, 30: -18, 37: -46, 43: -62, 52: -72, 62: -72, 72: -58, 82: -26, 90: 4, 96: 10},
    stance=0.37,
    cadence_spm=168.0,
    arm_swing_deg=27.0,
    elbow_deg=95.0,
)
IN_PLACE = Gait(
    thigh={0: 14, 10: 13, 20: 10, 33: 5, 40: 5, 55: 22, 70: 48, 82: 42, 92: 24},
    knee={0: 24, 8: 37, 15: 46, 25: 34, 36: 15, 45: 30, 58: 70, 70: 88, 82: 70, 92: 38},
    sole={0: -12, 8: -3, 14: 0, 22: -2, 30: -12, 37: -30, 48: -45, 60: -40, 70: -35, 85: -25, 94: -18},
    stance=0.38,
    cadence_spm=172.0,
    arm_swing_deg=20.0,
    elbow_deg=95.0,
    stays=True,
)
WALK = Gait(
    thigh={0: 24, 10: 20, 20: 11, 30: 2, 40: -8, 50: -17, 55: -18, 62: -10, 70: 8, 80: 23, 88: 28, 95: 26},
    knee={0: 5, 8: 14, 14: 17, 25: 10, 38: 4, 48: 8, 55: 20, 62: 38, 72: 60, 80: 48, 88: 22, 95: 5},
    sole={0: 18, 6: 2, 10: 0, 35: 0, 45: -10, 55: -35, 62: -58, 72: -50, 82: -12, 90: 12, 95: 18},
    stance=0.62,
    cadence_spm=108.0,
    arm_swing_deg=18.0,
    elbow_deg=20.0,
)
GAITS = (RUN, IN_PLACE, WALK)


@cache
def _closed(keys: tuple[tuple[int, float], ...]) -> tuple[Floats, Floats, Floats]:
    """Places of the keys, values and slopes there, with two keys more at either end."""
    x, y = np.array([k for k, _ in keys]) / 100.0, np.array([v for _, v in keys], float)
    x, y = np.concatenate([x[-2:] - 1.0, x, x[:2] + 1.0]), np.concatenate([y[-2:], y, y[:2]])
    return x, y, np.gradient(y, x)


def along(keys: Keys, cycle: float) -> float:
    """Value of a closed curve through its keys (in per cent) at a share of the cycle; smooth (cubic Hermite)."""
    x, y, slope = _closed(tuple(sorted(keys.items())))
    at = cycle % 1.0
    i = int(np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2))
    step, u = x[i + 1] - x[i], (at - x[i]) / (x[i + 1] - x[i])
    return float(
        (1 + 2 * u) * (1 - u) ** 2 * y[i]
        + u * (1 - u) ** 2 * step * slope[i]
        + u * u * (3 - 2 * u) * y[i + 1]
        + u * u * (u - 1) * step * slope[i + 1]
    )


def bump(cycle: float, middle: float, half_width: float) -> float:
    """A raised cosine around a share of the cycle, 0-1."""
    away = (cycle - middle + 0.5) % 1.0 - 0.5
    return 0.5 + 0.5 * float(np.cos(np.pi * away / half_width)) if abs(away) < half_width else 0.0


def standing_share(gait: Gait, cycle: float) -> float:
    """How much the foot belongs to the ground, 0-1: 1 in stance, gone shortly after."""
    at = (cycle + 0.5 - gait.stance / 2.0) % 1.0 - 0.5
    over = abs(at) - gait.stance / 2.0
    share: float = float(np.clip(1.0 - over / 0.05, 0.0, 1.0))
    return share * share * (3.0 - 2.0 * share)


def fit_wave(cycles: Floats, heights_m: Floats, most_m: float) -> tuple[float, float, float]:
    """Mean, cosine and sine (two waves a cycle) that fit heights best, the wave at most ``most_m`` high; metres."""
    turn = 4.0 * np.pi * cycles
    table = np.stack([np.ones_like(turn), np.cos(turn), np.sin(turn)], axis=1)
    mean, c, s = np.linalg.lstsq(table, heights_m, rcond=None)[0]
    size = max(float(np.hypot(c, s)), 1e-9)
    scale = min(1.0, most_m / size)
    rest = heights_m - table[:, 1:] @ (np.array([c, s]) * scale)
    del mean
    return float(rest.mean()), float(c * scale), float(s * scale)
