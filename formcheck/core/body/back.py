"""The outline of the back between buttock and rib cage, in one picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

STATIONS = tuple(float(s) for s in np.linspace(0.10, 0.90, 17).round(3))
"""Where the outline is read: shares of the way from hip (0) to shoulder (1)."""

NAN = float("nan")
_S = np.array(STATIONS)
BUTTOCK, LUMBAR, RIBS = (
    [i for i, s in enumerate(STATIONS) if low <= s <= high] for low, high in ((0.0, 0.20), (0.30, 0.60), (0.75, 1.0))
)
"""Stations of the buttock, of the lumbar hollow and of the rib cage."""
_KNOWN_MIN = ((BUTTOCK, 2 / 3), (RIBS, 2 / 3), (LUMBAR, 1 / 2))
"""Share of each that must be known."""


def _mean(values: Sequence[float], places: Sequence[int]) -> float:
    return sum([values[i] for i in places]) / len(places) if places else NAN


Posture = Literal["supine", "quadruped", "upright"]
"""Where the back faces in an exercise: down (supine), up (hands and knees), or behind (upright)."""

Unknown = Literal["no-torso", "oblique", "small", "arm-in-front", "outline-lost", "dark", "blurred", "noise", ""]
"""Why the back can't be judged; empty when it can. `outline-lost`: cloth, or whatever it is, hides
it. `noise`: its readings jump about (`core.body.filters`)."""


@dataclass(frozen=True, slots=True, eq=False)
class Contour:
    """An outline of the back: (17,) offsets at `STATIONS` and their standard deviations, torso lengths; NaN unknown."""

    offset_tl: NDArray[np.float32]
    sd_tl: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Back:
    """The dorsal contour of one picture, normalised by the torso.

    Offsets are perpendicular distances from the hip-shoulder line to the contour, positive towards the back,
    in torso lengths; so are their standard deviations.
    """

    t_s: float
    offset_tl: NDArray[np.float32]
    """(17,) offset at each of `STATIONS`, NaN where not seen."""
    sd_tl: NDArray[np.float32]
    """(17,) standard deviation of each offset, NaN where not seen."""
    contour_px: NDArray[np.float32]
    """(17, 2) the contour in pixels of the picture, for drawing; NaN where not seen."""
    unknown: Unknown = ""
    belly_tl: float = NAN
    """Mean height of the belly's outline over the hip-shoulder line, torso lengths; known on the back only."""
    consensus: Contour | None = None
    """What both readers of the outline say together, for the lumbar angle; known also behind an arm, with a doubt that
    says so. None where nobody looked."""

    @property
    def is_known(self) -> bool:
        """Whether the outline may be judged at all."""
        return not self.unknown


def unknown_back(t_s: float, reason: Unknown, consensus: Contour | None = None) -> Back:
    """A back whose hollow is not known, for the given reason."""
    nothing = np.full(len(STATIONS), np.nan, np.float32)
    lines = np.full((len(STATIONS), 2), np.nan, np.float32)
    return Back(t_s, nothing, nothing, lines, reason, consensus=consensus)


@dataclass(frozen=True, slots=True)
class Lumbar:
    """What one picture's outline says about the low back. NaN where it isn't known."""

    sagitta_tl: float = NAN
    """Sagitta of the hollow: its depth below the line from buttock to ribs, torso lengths."""
    sd_tl: float = NAN
    """Standard deviation of the hollow, torso lengths."""


def lumbar_of(back: Back) -> Lumbar:
    """The low back of one picture."""
    hollow_tl = sagitta_tl(back.offset_tl) if back.is_known else NAN
    return Lumbar() if math.isnan(hollow_tl) else Lumbar(hollow_tl, _sagitta_sd_tl(back.sd_tl.tolist()))


def sagitta_tl(offset_tl: NDArray[np.float32]) -> float:
    """Depth of the lumbar hollow (its sagitta) below the line from buttock to ribs, torso lengths.

    NaN if more than a third of the buttock or the ribs is missing, or half of the hollow. An elbow on the floor, its
    hand on the chest, hides the middle of the hollow: between known stations the outline is taken as straight.
    """
    offsets: list[float] = offset_tl.tolist()
    is_known = [not math.isnan(v) for v in offsets]
    if any(sum(map(is_known.__getitem__, w)) < share * len(w) for w, share in _KNOWN_MIN):
        return NAN
    if not all(is_known):
        known = np.flatnonzero(is_known)
        offsets = np.interp(_S, _S[known], np.asarray(offset_tl, np.float64)[known]).tolist()
    low, mid, high = (_mean(offsets, w) for w in (BUTTOCK, LUMBAR, RIBS))
    return low + (high - low) * _LUMBAR_SHARE - mid


_LUMBAR_SHARE = (_mean(STATIONS, LUMBAR) - _mean(STATIONS, BUTTOCK)) / (
    _mean(STATIONS, RIBS) - _mean(STATIONS, BUTTOCK)
)
"""Where the hollow's middle lies between buttock and ribs."""


def _sagitta_sd_tl(sd_tl: list[float]) -> float:
    """Neighbouring stations err together (a fold, a shadow), the three places apart from each other."""
    low, mid, high = (_mean(sd_tl, [i for i in w if not math.isnan(sd_tl[i])]) for w in (BUTTOCK, LUMBAR, RIBS))
    return math.hypot((1 - _LUMBAR_SHARE) * low, _LUMBAR_SHARE * high, mid)
