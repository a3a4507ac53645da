"""Where people are in a picture, who can have got from one place to another, and the picture without the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.pose import Evidence, Floats, Joint, Pose
from formcheck.pose.evidence import torso_px
from formcheck.pose.tracker import Picture, RawPose

StartScore = Callable[[Pose], float]
"""How near a pose is to the exercise's start pose, 0..1."""

START_WEIGHT, CENTRE_WEIGHT, SIZE_WEIGHT = 3.0, 1.0, 0.5
"""The start pose decides; among equals the most central; a person far in the background is small."""
TORSO_JOINTS = (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP)
JUMP_TL, SPEED_T_PER_S = 0.5, 6.0
"""A trunk's middle may be this far from where it was: landmark noise plus 3 m/s, torso lengths."""
TURN_TL, TURN_PER_S = 0.6, 2.5
"""The same for the trunk's direction: who gets up turns it by 90 degrees (1.4 torso lengths) in a second at most; a
skeleton that leaps from somebody who lies to somebody who kneels beside does it at once."""
GAP_S = 0.2
"""Longer out of sight allows no longer way [P]: who does an exercise is where they were; a helper stands elsewhere."""
SCALE_MAX = 1.8
"""Nor may its length change more than this factor between two pictures (standing up foreshortens slowly)."""
FORGET_S = 5.0
"""After so long out of sight the choice is open again."""
BOX_MARGIN = 0.35
"""Margin around the patient's box when the others are blanked out, share of its size: limbs move between pictures."""
GREY = 127


LIMBS = (
    (11, 13),
    (13, 15),
    (12, 14),
    (14, 16),
    (23, 25),
    (25, 27),
    (27, 31),
    (24, 26),
    (26, 28),
    (28, 32),
    (0, 11),
    (0, 12),
)
"""Pairs of joints between which there is body, trunk aside."""
LIMB_WIDTH, TRUNK_WIDTH = 0.30, 0.45
"""Thickness of what is drawn over a limb and a trunk, torso lengths, clothes and a hand's breadth included."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where somebody is."""

    t_s: float
    centre_px: Floats
    """(2,) middle of the trunk."""
    trunk_px: Floats
    """(2,) from the middle of the hips to the middle of the shoulders."""
    torso_px: float
    box_px: tuple[float, float, float, float]
    """Left, top, right, bottom of all joints."""
    xy_px: Floats
    """(33, 2) joints."""


def place_of(raw: RawPose, t_s: float) -> Place:
    """Place of a raw pose."""
    xy = raw.xy_px
    low, high = xy.min(axis=0), xy.max(axis=0)
    left_shoulder, right_shoulder, left_hip, right_hip = xy[list(TORSO_JOINTS)]
    return Place(
        t_s,
        np.asarray(xy[list(TORSO_JOINTS)].mean(axis=0), np.float32),
        np.asarray((left_shoulder + right_shoulder - left_hip - right_hip) / 2, np.float32),
        torso_px(xy),
        (float(low[0]), float(low[1]), float(high[0]), float(high[1])),
        xy,
    )


def is_same(before: Place, now: Place) -> bool:
    """Whether one person can have got from one place to the other in the time between, however long that was."""
    dt = min(max(now.t_s - before.t_s, 0.0), GAP_S)
    torso = max(before.torso_px, now.torso_px)
    travel = float(np.hypot(*(now.centre_px - before.centre_px)))
    turn = float(np.hypot(*(now.trunk_px - before.trunk_px)))
    scale = torso / min(now.torso_px, before.torso_px)
    is_near = travel <= (JUMP_TL + SPEED_T_PER_S * dt) * torso
    return is_near and turn <= (TURN_TL + TURN_PER_S * dt) * torso and scale <= SCALE_MAX + dt


def away_tl(a: Place, b: Place) -> float:
    """How far two trunks are apart, in place and direction, torso lengths."""
    off = np.hypot(*(a.centre_px - b.centre_px)) + 0.5 * np.hypot(*(a.trunk_px - b.trunk_px))
    return float(off) / max(a.torso_px, b.torso_px)


def overlap(a: Place, b: Place) -> float:
    """Intersection over union of two people's boxes."""
    left, top = max(a.box_px[0], b.box_px[0]), max(a.box_px[1], b.box_px[1])
    right, bottom = min(a.box_px[2], b.box_px[2]), min(a.box_px[3], b.box_px[3])
    shared = max(0.0, right - left) * max(0.0, bottom - top)
    areas = sum((p.box_px[2] - p.box_px[0]) * (p.box_px[3] - p.box_px[1]) for p in (a, b))
    return shared / max(areas - shared, 1.0)


def choose(people: Sequence[RawPose], t_s: float, width: int, height: int, score: StartScore) -> int:
    """Index of the patient among at least one person: nearest to the start pose, then most central."""

    def worth(raw: RawPose) -> float:
        place = place_of(raw, t_s)
        off = abs(float(place.centre_px[0]) / width - 0.5) * 2
        size = min(place.torso_px / (0.25 * max(width, height)), 1.0)
        return START_WEIGHT * score(as_pose(raw, t_s, width, height)) + CENTRE_WEIGHT * (1 - off) + SIZE_WEIGHT * size

    return max(range(len(people)), key=lambda i: worth(people[i]))


def as_pose(raw: RawPose, t_s: float, width: int, height: int) -> Pose:
    """A raw pose with every joint taken as measured, for a first look."""
    evidence: NDArray[np.uint8] = np.full(len(raw.xy_px), Evidence.MEASURED, np.uint8)
    return Pose(t_s, 0, width, height, raw.xy_px, evidence)


def body_of(place: Place, width: int, height: int) -> NDArray[np.uint8]:
    """(height, width) mask of somebody's limbs and trunk, 1 where the body is."""
    mask = np.zeros((height, width), np.uint8)
    _draw_body(mask, place, 1)
    return mask


def blank_others(picture: Picture, place: Place, others: Sequence[Place] = ()) -> Picture:
    """A copy in which everything away from the patient's place is grey, and so are the bodies of others within it."""
    left, top, right, bottom = place.box_px
    margin = BOX_MARGIN * max(right - left, bottom - top)
    height, width = picture.shape[:2]
    x0, x1 = int(max(0, left - margin)), int(min(width, right + margin))
    y0, y1 = int(max(0, top - margin)), int(min(height, bottom + margin))
    shown = np.zeros((height, width), np.uint8)
    shown[y0:y1, x0:x1] = 1
    for other in others:
        _draw_body(shown, other, 0)
    if others:
        _draw_body(shown, place, 1)
    out = picture.copy()
    out[shown == 0] = GREY
    return out


def blank_people(picture: Picture, people: Sequence[Place]) -> Picture:
    """A copy in which these bodies are grey."""
    shown = np.ones(picture.shape[:2], np.uint8)
    for place in people:
        _draw_body(shown, place, 0)
    out = picture.copy()
    out[shown == 0] = GREY
    return out


def _draw_body(mask: NDArray[np.uint8], place: Place, value: int) -> None:
    """Paint the limbs and the trunk of somebody into a mask."""

    def line(a: Floats, b: Floats, width_tl: float) -> None:
        start, end = (round(float(a[0])), round(float(a[1]))), (round(float(b[0])), round(float(b[1])))
        cv2.line(mask, start, end, value, max(1, round(width_tl * place.torso_px)))

    for first, second in LIMBS:
        line(place.xy_px[first], place.xy_px[second], LIMB_WIDTH)
    half = place.trunk_px / np.float32(2)
    line(place.centre_px - half, place.centre_px + half, TRUNK_WIDTH)
