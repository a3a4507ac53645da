"""The outline of the back between buttock and rib cage, in one picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

STATIONS = tuple(float(s) for s in np.linspace(0.10, 0.90, 17).round(3))
"""Where the outline is read: shares of the way from hip (0) to shoulder (1)."""

_S = np.array(STATIONS)
BUTTOCK, LUMBAR, RIBS = (np.flatnonzero(w) for w in (_S <= 0.20, (_S >= 0.30) & (_S <= 0.60), _S >= 0.75))
"""Stations of the buttock, of the lumbar hollow and of the rib cage."""

Posture = Literal["supine", "quadruped", "upright"]
"""Where the back faces in an exercise: down (supine), up (hands and knees), or behind (upright)."""

Unknown = Literal["no-torso", "oblique", "small", "arm-in-front", "outline-lost", "dark", "blurred", "noise", ""]
"""Why the back can't be judged; empty when it can. `outline-lost`: cloth, or whatever it is, hides
it. `noise`: its readings jump about (`core.body.filters`)."""


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
    belly_tl: float = float("nan")
    """Mean height of the belly's outline over the hip-shoulder line, torso lengths; known on the back only."""

    @property
    def is_known(self) -> bool:
        """Whether the outline may be judged at all."""
        return not self.unknown


def unknown_back(t_s: float, reason: Unknown) -> Back:
    """A back of which nothing is known, for the given reason."""
    nothing = np.full(len(STATIONS), np.nan, np.float32)
    return Back(t_s, nothing, nothing, np.full((len(STATIONS), 2), np.nan, np.float32), reason)


def sagitta_tl(offset_tl: NDArray[np.float32]) -> float:
    """Depth of the lumbar hollow (its sagitta) below the line from buttock to ribs, torso lengths.

    NaN if more than a third of the buttock or the ribs is missing, or half of the hollow. An elbow on the floor, its
    hand on the chest, hides the middle of the hollow: between known stations the outline is taken as straight.
    """
    whole = _whole(offset_tl)
    if whole is None:
        return float("nan")
    low, mid, high = (float(whole[w].mean()) for w in (BUTTOCK, LUMBAR, RIBS))
    return low + (high - low) * _LUMBAR_SHARE - mid


_LUMBAR_SHARE = float((_S[LUMBAR].mean() - _S[BUTTOCK].mean()) / (_S[RIBS].mean() - _S[BUTTOCK].mean()))
"""Where the hollow's middle lies between buttock and ribs."""


@dataclass(frozen=True, slots=True)
class Lumbar:
    """What one picture's outline says about the low back. NaN where it isn't known."""

    sagitta_tl: float
    """Sagitta of the hollow: its depth below the line from buttock to ribs, torso lengths."""
    sd_tl: float
    """Standard deviation of the hollow, torso lengths."""
    curvature_per_tl: float
    """Mean curvature of the lumbar half, per torso length; positive is hollow, 0 straight, negative round."""
    gap_tl: float
    """Deepest place below the line that rests on buttock and ribs (lying: the floor), torso lengths."""

    @property
    def confidence(self) -> float:
        """0..1: how far the hollow is known within `FAULT_TL`, the smallest arch that any rule speaks of."""
        return 0.0 if np.isnan(self.sd_tl) else float(np.clip(1.0 - self.sd_tl / FAULT_TL, 0.0, 1.0))


FAULT_TL = 0.015
"""Limit of the finest rule about an arch (dead bug), torso lengths."""


def lumbar_of(back: Back | None) -> Lumbar:
    """The low back of one picture; nothing is known of it where nobody looked."""
    whole = _whole(back.offset_tl) if back is not None and back.is_known else None
    if back is None or whole is None:
        return Lumbar(*[float("nan")] * 4)
    half = np.r_[LUMBAR[0] - 1 : LUMBAR[-1] + 2]
    curvature = 2.0 * float(np.polyfit(_S[half], whole[half], 2)[0])
    return Lumbar(sagitta_tl(back.offset_tl), _sagitta_sd_tl(back.sd_tl), curvature, _gap_tl(whole))


def _whole(offset_tl: NDArray[np.float32]) -> NDArray[np.float64] | None:
    """The outline without holes, or None where too much of it is missing."""
    is_known = ~np.isnan(offset_tl)
    if any(is_known[w].sum() * 3 < len(w) * 2 for w in (BUTTOCK, RIBS)) or is_known[LUMBAR].sum() * 2 < len(LUMBAR):
        return None
    return np.asarray(np.interp(_S, _S[is_known], offset_tl[is_known]))


def _sagitta_sd_tl(sd_tl: NDArray[np.float32]) -> float:
    """Neighbouring stations err together (a fold, a shadow), the three places apart from each other."""
    low, mid, high = (float(np.nanmean(sd_tl[w])) for w in (BUTTOCK, LUMBAR, RIBS))
    return float(np.sqrt(((1 - _LUMBAR_SHARE) * low) ** 2 + (_LUMBAR_SHARE * high) ** 2 + mid**2))


def _gap_tl(whole: NDArray[np.float64]) -> float:
    """Depth of the lumbar stations below the outline's own convex hull: what a straight floor would leave open."""
    hull: list[int] = []
    for i in range(len(_S)):
        while len(hull) > 1 and _is_below(whole, hull[-2], hull[-1], i):
            hull.pop()
        hull.append(i)
    floor = np.interp(_S, _S[hull], whole[hull])
    return float((floor - whole)[LUMBAR].max())


def _is_below(whole: NDArray[np.float64], first: int, middle: int, last: int) -> bool:
    """Whether the middle station lies on or below the line between the two others."""
    share = (_S[middle] - _S[first]) / (_S[last] - _S[first])
    return bool(whole[middle] <= whole[first] + share * (whole[last] - whole[first]))
