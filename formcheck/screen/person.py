"""The person on the picture: skeleton, outline of the back, and the frame that says who is being watched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from formcheck.core.body.back import Back
from formcheck.core.body.pose import Evidence, Joint, Pose, Side
from formcheck.core.coach.snapshot import BackVerdict
from formcheck.screen.canvas import Pixels
from formcheck.screen.palette import BLUE, BONE_FAR, BONE_NEAR, CASING, GREY, ORANGE, WHITE, Colour
from formcheck.screen.projection import Projection
from formcheck.screen.shapes import Point, dashed, disc, is_drawable, open_ring, ring, stroke, triangle

_LEFT_BONES = (
    (Joint.LEFT_EAR, Joint.LEFT_SHOULDER),
    (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW),
    (Joint.LEFT_ELBOW, Joint.LEFT_WRIST),
    (Joint.LEFT_SHOULDER, Joint.LEFT_HIP),
    (Joint.LEFT_HIP, Joint.LEFT_KNEE),
    (Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
    (Joint.LEFT_HEEL, Joint.LEFT_TOE),
    (Joint.LEFT_ANKLE, Joint.LEFT_HEEL),
)
BONES: dict[Side, tuple[tuple[int, int], ...]] = {
    "left": tuple((int(a), int(b)) for a, b in _LEFT_BONES),
    "right": tuple((int(a) + 1, int(b) + 1) for a, b in _LEFT_BONES),
}
"""Pairs of joint indices, by side of the body."""

JOINT_ROUNDS: dict[Side, tuple[int, ...]] = {
    side: tuple(sorted({joint for bone in bones for joint in bone} - {int(Joint.LEFT_EAR), int(Joint.RIGHT_EAR)}))
    for side, bones in BONES.items()
}

BOX_DEADBAND = 0.035
"""The frame around the person moves only when the body left it by this share of the picture's width."""

ORDINARY_PERSON = 480
"""Diagonal of the frame around a person, layout units, from which strokes have their full width."""

FINEST = 0.5
"""Strokes are never finer than this share of their full width."""

BOX_EASE = 0.25
"""Share of the way that the frame then goes in each picture."""


def draw_skeleton(pixels: Pixels, pose: Pose, projection: Projection, near: Side | None, unit: float) -> None:
    """Bones and joints: solid where measured, dashed and hollow where predicted, nothing where absent.

    The far side (`near` is the other one; None = can't be told) is drawn thinner.
    """
    at = projection.points(pose.xy_px)
    sides: tuple[Side, Side] = ("right", "left") if near == "left" else ("left", "right")
    for side in sides:
        is_far = near is not None and side != near
        colour = BONE_FAR if is_far else BONE_NEAR
        width = (3.0 if is_far else 4.5) * unit
        for a, b in BONES[side]:
            _draw_bone(pixels, pose, at, (a, b), colour, width)
        for joint in JOINT_ROUNDS[side]:
            _draw_joint(pixels, pose, at, joint, colour, (4.5 if is_far else 6.5) * unit)


def _draw_bone(
    pixels: Pixels, pose: Pose, at: list[Point], bone: tuple[int, int], colour: Colour, width: float
) -> None:
    evidence = min(pose.evidence[bone[0]], pose.evidence[bone[1]])
    ends = [at[bone[0]], at[bone[1]]]
    if evidence == Evidence.MEASURED:
        stroke(pixels, ends, CASING, width + 3)
        stroke(pixels, ends, colour, width)
    elif evidence == Evidence.PREDICTED:
        dashed(pixels, ends, CASING, 0.6 * width + 2, 2.2 * width)
        dashed(pixels, ends, colour, 0.6 * width, 2.2 * width)


def _draw_joint(pixels: Pixels, pose: Pose, at: list[Point], joint: int, colour: Colour, radius: float) -> None:
    if pose.evidence[joint] == Evidence.MEASURED:
        disc(pixels, at[joint], radius + 1.5, CASING)
        disc(pixels, at[joint], radius, colour)
    elif pose.evidence[joint] == Evidence.PREDICTED:
        ring(pixels, at[joint], radius, CASING, 4)
        ring(pixels, at[joint], radius, colour, 2)


BACK_COLOURS: dict[BackVerdict, Colour] = {
    "good": BLUE,
    "open": WHITE,
    "unsure": WHITE,
    "fault": ORANGE,
    "unknown": GREY,
}
_BACK_MARKS: dict[BackVerdict, Callable[[Pixels, Point, float, Colour], None]] = {
    "good": disc,
    "open": open_ring,
    "unsure": open_ring,
    "fault": triangle,
}


def draw_contour(pixels: Pixels, back: Back, verdict: BackVerdict, projection: Projection, unit: float) -> None:
    """The outline of the back: colour, style of line and marker all say the verdict. Unknown is grey and dashed."""
    verdict = verdict if back.is_known else "unknown"
    points = [p for p in projection.points(back.contour_px) if is_drawable([p])]
    if len(points) < 2:
        return
    colour = BACK_COLOURS[verdict]
    if verdict == "unknown":
        dashed(pixels, points, CASING, 6 * unit, 11 * unit)
        dashed(pixels, points, colour, 3.5 * unit, 11 * unit)
        return
    stroke(pixels, points, CASING, 10 * unit)
    stroke(pixels, points, colour, 6.5 * unit)
    centre = points[len(points) // 2]
    disc(pixels, centre, (17 if verdict == "fault" else 12) * unit, CASING)
    _BACK_MARKS[verdict](pixels, centre, (13 if verdict == "fault" else 9) * unit, colour)


@dataclass(slots=True)
class LockFrame:
    """The frame around the person who is watched: steady, so that it does not tremble with every joint."""

    _box: tuple[float, float, float, float] | None = None
    _projection: Projection | None = None

    def follow(self, pose: Pose | None, projection: Projection) -> tuple[float, float, float, float] | None:
        """The frame (left, top, right, bottom) relative to the picture's place; None when nobody is there."""
        wanted = _body_box(pose, projection) if pose is not None and pose.is_present else None
        if wanted is None or self._box is None or projection != self._projection:
            self._box = wanted
        else:
            slack = BOX_DEADBAND * projection.box.w
            moved = [
                old + BOX_EASE * (new - old) if abs(new - old) > slack else old
                for old, new in zip(self._box, wanted, strict=True)
            ]
            self._box = (moved[0], moved[1], moved[2], moved[3])
        self._projection = projection
        return self._box


def person_scale(frame: tuple[float, float, float, float] | None, unit: float) -> float:
    """How much finer to draw on a person who is small in the picture, 1 for one of ordinary size.

    Follows the steady frame, so that strokes do not swell and shrink with every picture.
    """
    if frame is None:
        return 1.0
    across = float(np.hypot(frame[2] - frame[0], frame[3] - frame[1]))
    return max(FINEST, min(1.0, across / (ORDINARY_PERSON * unit)))


def _body_box(pose: Pose | None, projection: Projection) -> tuple[float, float, float, float] | None:
    if pose is None:
        return None
    seen = pose.xy_px[(pose.evidence > Evidence.ABSENT) & np.isfinite(pose.xy_px).all(axis=1)]
    if len(seen) < 2:
        return None
    corners = np.array(projection.points(seen))
    width, height = projection.box.w, projection.box.h
    pad = 0.035 * width
    low, high = corners.min(axis=0) - pad, corners.max(axis=0) + pad
    x0, y0 = max(4.0, float(low[0])), max(4.0, float(low[1]))
    x1, y1 = min(width - 5.0, float(high[0])), min(height - 5.0, float(high[1]))
    return (x0, y0, x1, y1) if x1 - x0 > pad and y1 - y0 > pad else None
