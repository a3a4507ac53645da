"""What somebody looks like: the colours of clothes, hair and skin by body part, and whether two looks are one person's.

A look is read off a few hundred pixels along the bones; no picture is kept, and nothing of it leaves the pose room.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.pose import JOINT_COUNT, MIRROR, Floats, Joint
from formcheck.pose.evidence import torso_px
from formcheck.pose.tracker import Picture

Likeness = Literal["same", "other", ""]
"""What looks say of two sightings: one person, two people, or nothing (dressed alike, or too little seen)."""

ALONG = (0.3, 0.5, 0.7)
"""Where on a bone its colour is read, shares of its length: away from the joints, where the next part begins."""
UPPER_TRUNK, LOWER_TRUNK = (0.55, 0.7, 0.85), (0.15, 0.25, 0.4)
"""The same on the lines from the hips to the shoulders."""
WEIGHTS = np.array([2.0, 2.0, 1.0, 1.0, 1.0, 1.0])
"""Upper trunk, lower trunk, head, upper arms, thighs, shins. The trunk counts twice: the tracker makes skeletons of two
people, the trunk of the one with the legs of the other, and what is judged is measured against the trunk."""
SPOT = 1 / 40
"""Pixels of a spot are this far apart, torso lengths (about 1 cm): seams and folds are averaged out."""
LIGHTNESS = 0.6
"""Share with which lightness counts beside hue: the same shirt is lighter above than below, the hue stays."""
ALIKE = 12.0
"""CIE Lab. A difference that is seen at a glance is about 5; the same cloth in the shade of another posture differs by
up to 10 in rendered and real clips."""
SPREADS, UNLIKE = 3.0, 24.0
"""Or so many of the own mean deviations, if that is more: stripes, and arms that pass before the trunk. But never
more than twice `ALIKE`: blue and red differ by 100, and a helper's sleeve may have been learned with the rest."""
LEARNED = 8
"""Looks from which a person is known: half a second of pictures. Of others, who are looked for now and then, two do."""
MEMORY = 150
"""Looks over which the mean runs at most: about ten seconds, so that it follows the light of the day."""
OTHER_SHARE, SAME_SHARE = 0.5, 0.25
"""Weight of the parts that differ, from which it is somebody else (the whole trunk), and up to which it is the same."""
APART = 1.5
"""Two people are told apart by the parts in which they differ by so many times `ALIKE`."""
LEAN = 0.2
"""Of two known people the one is meant who is nearer by this share of the way between them."""


def _rows(first: Joint, second: Joint, shares: Iterable[float]) -> list[NDArray[np.float32]]:
    """Weights of the joints for points on the way from one joint to another, on both sides of the body."""
    rows = []
    for a, b in ((first, second), (MIRROR[first], MIRROR[second])):
        for share in shares:
            row = np.zeros(JOINT_COUNT, np.float32)
            row[a], row[b] = 1 - share, share
            rows.append(row)
    return rows


def _trunk(shares: Iterable[float]) -> list[NDArray[np.float32]]:
    left_right = _rows(Joint.LEFT_HIP, Joint.LEFT_SHOULDER, shares)
    half = len(left_right) // 2
    middle = [np.asarray((a + b) / 2, np.float32) for a, b in zip(left_right[:half], left_right[half:], strict=True)]
    return left_right + middle


_PARTS: Sequence[list[NDArray[np.float32]]] = (
    _trunk(UPPER_TRUNK),
    _trunk(LOWER_TRUNK),
    _rows(Joint.NOSE, Joint.LEFT_EAR, (0.0, 0.5, 1.0)),
    _rows(Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, ALONG),
    _rows(Joint.LEFT_HIP, Joint.LEFT_KNEE, ALONG),
    _rows(Joint.LEFT_KNEE, Joint.LEFT_ANKLE, ALONG),
)
_POINTS = np.concatenate([np.stack(rows) for rows in _PARTS])
_TRUNK_POINTS, _LIMB_POINTS = len(_PARTS[0]), len(_PARTS[-1])
_SPOT = np.array([(x, y) for y in (-1, 0, 1) for x in (-1, 0, 1)], np.float32)


def look_of(picture: Picture, xy_px: Floats) -> Floats:
    """(6, 3) CIE Lab colour of each part of somebody in a BGR picture; NaN where some of the part is outside.

    Args:
        picture: (h, w, 3).
        xy_px: (33, 2) joints, pixels.
    """
    height, width = picture.shape[:2]
    spots = (_POINTS @ xy_px)[:, None] + _SPOT * (SPOT * torso_px(xy_px))
    x, y = np.rint(spots).astype(np.int32).transpose(2, 0, 1)
    inside = ((x >= 0) & (y >= 0) & (x < width) & (y < height)).all(axis=1)
    pixels = picture[y.clip(0, height - 1), x.clip(0, width - 1)].mean(axis=1, dtype=np.float32) / 255
    lab = np.asarray(cv2.cvtColor(pixels[None], cv2.COLOR_BGR2Lab)[0], np.float32)
    lab[:, 0] *= LIGHTNESS
    lab[~inside] = np.nan
    split = 2 * _TRUNK_POINTS
    trunk, limbs = lab[:split].reshape(2, _TRUNK_POINTS, 3), lab[split:].reshape(4, _LIMB_POINTS, 3)
    return np.concatenate([np.median(trunk, axis=1), np.median(limbs, axis=1)])


def parts_within(xy_px: Floats, body: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """(6,) which parts of somebody lie, by half and more, in the mask (h, w) of somebody else's body."""
    height, width = body.shape
    x, y = np.rint(_POINTS @ xy_px).astype(np.int32).T
    inside = body[y.clip(0, height - 1), x.clip(0, width - 1)] > 0
    split = 2 * _TRUNK_POINTS
    trunk, limbs = inside[:split].reshape(2, _TRUNK_POINTS), inside[split:].reshape(4, _LIMB_POINTS)
    return np.concatenate([trunk.mean(axis=1), limbs.mean(axis=1)]) >= 0.5


class Appearance:
    """What one person looks like, learned from picture to picture."""

    def __init__(self) -> None:
        self._mean = np.full((len(_PARTS), 3), np.nan, np.float32)
        self._spread = np.zeros(len(_PARTS), np.float32)
        self._count = np.zeros(len(_PARTS), np.int32)

    @property
    def is_known(self) -> bool:
        """Whether enough was seen to compare with."""
        return bool((self._count[:2] >= LEARNED).all())

    @property
    def is_seen(self) -> bool:
        """Whether it was seen twice, which does for a rival."""
        return bool((self._count[:2] >= 2).all())

    def learn(self, look: Floats) -> None:
        """One more sighting of this person."""
        seen = ~np.isnan(look[:, 0])
        self._count = np.minimum(self._count + seen, MEMORY)
        share = 1 / np.maximum(self._count, 1)[seen]
        first = seen & (self._count == 1)
        self._mean[first] = look[first]
        off = look[seen] - self._mean[seen]
        self._mean[seen] += share[:, None] * off
        self._spread[seen] += share * (np.hypot.reduce(off, axis=1) - self._spread[seen])

    def compare(self, look: Floats, rivals: Iterable[Appearance] = ()) -> Likeness:
        """Whether a look is this person's, or somebody else's; `rivals` are the others who are known."""
        share = self._unlike(look)
        if np.isnan(share):
            return ""
        alone: Likeness = "other" if share >= OTHER_SHARE else "same" if share <= SAME_SHARE else ""
        leans = [lean for rival in rivals if not np.isnan(lean := self._lean(look, rival))]
        if not leans:
            return alone
        if max(leans) > LEAN:
            return "" if alone == "same" else "other"
        return "" if alone == "other" and min(leans) < -LEAN else alone

    def is_another(self, other: Appearance) -> bool:
        """Whether two who are known are two people: more is told by means than by one picture, so that two parts of the
        limbs do, the trousers for one."""
        return self._unlike(other._mean) >= SAME_SHARE

    def _unlike(self, look: Floats) -> float:
        """Share of the parts, by weight, in which a look is not this person's; NaN where that can't be said."""
        off = np.hypot.reduce(look - self._mean, axis=1)
        known = ~np.isnan(off)
        if not (self.is_known and known[:2].any()):
            return float("nan")
        limit = np.clip(SPREADS * self._spread, ALIKE, UNLIKE)
        return float((WEIGHTS * (off > limit))[known].sum() / WEIGHTS[known].sum())

    def is_like(self, other: Appearance) -> bool:
        """Whether two people who are known look the same, so that looks can't tell them apart."""
        return other.is_seen and self.compare(other._mean) == "same"

    @property
    def mean(self) -> Floats:
        """(6, 3) mean of what was seen, as a look."""
        return self._mean

    def _lean(self, look: Floats, rival: Appearance) -> float:
        """How much nearer a look is to the rival (1) than to this person (-1), by the parts in which they differ."""
        apart = np.hypot.reduce(rival._mean - self._mean, axis=1)
        tells = (apart > APART * ALIKE) & ~np.isnan(look[:, 0])
        if not tells.any():
            return float("nan")
        here = np.hypot.reduce((look - self._mean)[tells], axis=1)
        there = np.hypot.reduce((look - rival._mean)[tells], axis=1)
        return float(np.average((here - there) / apart[tells], weights=WEIGHTS[tells]))
