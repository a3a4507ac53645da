"""What every exercise of the laboratory offers: poses for a reach, and the faults its knobs amount to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tests.lab.body import Floats, RestBody
from tests.lab.kinematics import Posed
from tests.lab.tempo import Rep, Sway

SIDE_NAMES = {"L": "left", "R": "right", "": None}


@dataclass(frozen=True, slots=True)
class Blemish:
    """A fault that was put into a repetition.

    ``over`` says whether it is beyond the threshold of the exercise sheet; one that isn't is a near miss, which a
    coach must not mention. ``phase`` is "reach" (grows with it), "hold" (from ``from_share`` of it on) or "rep".
    """

    name: str
    magnitude: float
    unit: str
    threshold: float
    over: bool
    phase: str = "reach"
    from_share: float = 0.0


class Drill(Protocol):
    """An exercise performed by one body."""

    @property
    def name(self) -> str:
        """Name of the exercise."""

    @property
    def body(self) -> RestBody:
        """Who performs it."""

    def pose(self, rep: Rep, reach: float, hold_progress: float, sway: Sway, t_s: float) -> Posed:
        """Pose the body; ``reach`` is 0 at the start and 1 at the peak, ``hold_progress`` 0-1 through the hold."""

    def lumbar_deg(self, rep: Rep, reach: float, sway: Sway, t_s: float) -> float:
        """Extension of the low back against the good form of this exercise, degrees."""

    def blemishes(self, reps: tuple[Rep, ...], index: int, hold_s: float) -> tuple[Blemish, ...]:
        """Faults and near misses of one repetition; ``hold_s`` is its true hold."""


def judge(name: str, magnitude: float, unit: str, threshold: float, phase: str = "reach") -> tuple[Blemish, ...]:
    """A blemish that is a fault when it *exceeds* its threshold; none at all when it is zero."""
    if magnitude == 0.0:
        return ()
    return (Blemish(name, magnitude, unit, threshold, abs(magnitude) > threshold, phase),)


def mix(start: float, end: float, share: float) -> float:
    """Blend two numbers."""
    return start + (end - start) * share


def blend(start: Floats, end: Floats, share: float) -> Floats:
    """Blend two directions along the shorter way, (3,) unit."""
    mixed = start * (1.0 - share) + end * share
    length = float(np.linalg.norm(mixed))
    return mixed / length
