"""Where the person should lie: the start position as an outline in the camera picture, and what is not yet right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from formcheck.core.body.pose import HIP, MIRROR, SHOULDER, Joint, Pose, Side
from formcheck.core.body.stance import Vector
from formcheck.core.rules.demonstration import Film, Shown, Spot, joint_of, spot_tl
from formcheck.screen.canvas import Pixels
from formcheck.screen.figure import RING_TL, Frame, fill_body
from formcheck.screen.palette import CASING, ORANGE, ORANGE_TEXT, WHITE
from formcheck.screen.projection import Projection
from formcheck.screen.shapes import Point, dashed, ring

IN_POSITION_DEG = 35.0
"""A trunk that is nearer to the start's is taken to lie as asked: the outline is laid on it."""
FLOOR_SHARE, WIDTH_SHARE = 0.86, 0.62
"""Where the camera expects somebody: the floor, of the picture's height; their length, of its width."""
EASE, STILL_TL = 0.2, 0.12
"""Share of the way that the outline goes in each picture, once it is off by so many torso lengths."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the outline stands, in pixels of the picture's box."""

    torso_px: float
    hip_x: float
    hip_y: float
    toward: float
    """Where the head (upright: the front) points on the screen: 1 = right."""
    is_swapped: bool = False
    """Whether the side that moves is the far one."""


class Guide:
    """The outline of a start position: steady, so that it does not tremble with every joint."""

    def __init__(self) -> None:
        self._place: Place | None = None
        self._of: tuple[Film, Projection] | None = None

    def draw(
        self,
        pixels: Pixels,
        film: Film,
        pose: Pose | None,
        near: Side | None,
        projection: Projection,
        missing: Sequence[Spot],
        unit: float,
    ) -> None:
        """Draw the outline, and a ring at each place that is not yet right.

        Args:
            pixels: of the picture's box.
            film: how the exercise is done; its beginning is what is asked for.
            pose: of the person, in pixels of the camera.
            near: their nearer side, where it is known.
            projection: from camera to screen.
            missing: places of the start pose that are not right.
            unit: scale of strokes.
        """
        shown = film.at(0.0)
        seen = _seen(pose, projection)
        if self._of != (film, projection):
            self._of, self._place = (film, projection), None
        if seen is not None or self._place is None:  # whoever is not seen for a moment finds it where it was
            self._place = _eased(self._place, _place(shown, film, seen, near, projection))
        place = self._place
        if place.is_swapped:
            shown = Shown(shown.joints[list(MIRROR)], shown.stance)
        frame = _frame(shown, place)
        mask = np.zeros(pixels.shape[:2], np.uint8)
        fill_body(mask, shown, frame)
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_TC89_KCOS)
        for contour in contours:
            line = [(float(x), float(y)) for x, y in contour[:, 0]]
            line.append(line[0])
            dashed(pixels, line, CASING, 7 * unit, 16 * unit)
            dashed(pixels, line, WHITE, 4 * unit, 16 * unit)
        for spot in dict.fromkeys(missing):
            at = None if seen is None else _at(seen, spot, near)
            _mark(pixels, frame.at(spot_tl(shown, spot)), frame, at, unit)


def _at(seen: list[Point], spot: Spot, near: Side | None) -> Point | None:
    """Where the person has what should be at a spot; None for what is no joint."""
    joint = joint_of(spot)
    return None if joint is None else seen[MIRROR[joint] if near == "right" else joint]


def _seen(pose: Pose | None, projection: Projection) -> list[Point] | None:
    """The person's joints on the screen; None where hips or shoulders were not seen."""
    if pose is None or not pose.is_present:
        return None
    if not pose.is_measured(HIP["left"], SHOULDER["left"]) and not pose.is_measured(HIP["right"], SHOULDER["right"]):
        return None
    return projection.points(pose.xy_px)


def _middle(seen: list[Point], pair: dict[Side, Joint]) -> Vector:
    return np.nanmean([seen[joint] for joint in pair.values()], axis=0)  # type: ignore[no-any-return]


def _place(shown: Shown, film: Film, seen: list[Point] | None, near: Side | None, projection: Projection) -> Place:
    """On the person who lies as asked; below or around one who doesn't; else where the camera expects somebody."""
    width, height = projection.box.w, projection.box.h
    joints = shown.joints
    long = float(joints[:, 0].max() - joints[:, 0].min()) + 0.3
    tall = float(joints[:, 1].max()) + 0.3
    most = min(0.95 * width / long, 0.9 * height / tall)
    home = joints[HIP["left"]]
    toward = -1.0 if (shown.stance.posture == "supine") == projection.is_mirrored else 1.0
    is_swapped = film.side is not None and near is not None and near != film.side
    if seen is None:
        torso = min(most, WIDTH_SHARE * width / long)
        middle = float(joints[:, 0].max() + joints[:, 0].min()) / 2
        x = width / 2 - toward * (middle - float(home[0])) * torso
        return Place(torso, x, FLOOR_SHARE * height - float(home[1]) * torso, toward)
    hip, shoulder = _middle(seen, HIP), _middle(seen, SHOULDER)
    across, up = float(shoulder[0] - hip[0]), float(hip[1] - shoulder[1])
    torso = min(most, max(30.0, math.hypot(across, up)))
    toward = _toward(shown, seen, across, toward)
    off_deg = abs(math.degrees(math.atan2(up, across * toward)) - shown.stance.trunk_deg)
    if min(off_deg, 360.0 - off_deg) < IN_POSITION_DEG:
        return Place(torso, float(hip[0]), float(hip[1]), toward, is_swapped)
    floor = min(float(np.nanmax([y for _, y in seen])), 0.95 * height)
    left, right = sorted(toward * (float(x) - float(home[0])) * torso for x in (joints[:, 0].min(), joints[:, 0].max()))
    x = min(max(float(hip[0]), -left), width - right)
    return Place(torso, x, floor - float(home[1]) * torso, toward, is_swapped)


def _toward(shown: Shown, seen: list[Point], across: float, before: float) -> float:
    """Where the head points of somebody who lies, and the face of somebody upright; `before` where it can't be told."""
    nose, ears = seen[Joint.NOSE], _middle(seen, {"left": Joint.LEFT_EAR, "right": Joint.RIGHT_EAR})
    ahead = nose[0] - float(ears[0]) if shown.stance.posture == "upright" else across
    return math.copysign(1.0, ahead) if math.isfinite(ahead) and ahead else before


def _eased(place: Place | None, wanted: Place) -> Place:
    if place is None or place.toward != wanted.toward:
        return wanted
    off = math.hypot(place.hip_x - wanted.hip_x, place.hip_y - wanted.hip_y) + abs(place.torso_px - wanted.torso_px)
    if off < STILL_TL * wanted.torso_px:
        return Place(place.torso_px, place.hip_x, place.hip_y, place.toward, wanted.is_swapped)
    torso, x, y = (
        old + EASE * (new - old)
        for old, new in ((place.torso_px, wanted.torso_px), (place.hip_x, wanted.hip_x), (place.hip_y, wanted.hip_y))
    )
    return Place(torso, x, y, place.toward, wanted.is_swapped)


def _frame(shown: Shown, place: Place) -> Frame:
    """From torso lengths to the picture's box."""
    home = shown.joints[HIP["left"]]
    left = place.hip_x - place.toward * float(home[0]) * place.torso_px
    return Frame(place.torso_px, left, place.hip_y + float(home[1]) * place.torso_px, place.toward < 0)


def _mark(pixels: Pixels, centre: Point, frame: Frame, at: Point | None, unit: float) -> None:
    """A ring where the part should be, and a line to it from where it is."""
    radius = max(16 * unit, 0.8 * RING_TL * frame.scale)
    if at is not None and math.isfinite(at[0]) and math.dist(at, centre) > 1.5 * radius:
        for colour, width in ((CASING, 7 * unit), (ORANGE_TEXT, 4 * unit)):
            dashed(pixels, [at, centre], colour, width, 9 * unit)
    ring(pixels, centre, radius, CASING, 9 * unit)
    ring(pixels, centre, radius, ORANGE, 5 * unit)
