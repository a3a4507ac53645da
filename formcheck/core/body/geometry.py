"""Where the trunk lies in one picture, and how it is turned: one geometry for set-up, contour, rules and screen."""

from __future__ import annotations

import math
from dataclasses import dataclass

from formcheck.core.body.back import Posture
from formcheck.core.body.pose import EAR, HIP, SHOULDER, Evidence, Joint, Pose, Side

NAN = float("nan")
Point = tuple[float, float]
"""Right and down in the unmirrored picture: pixels, or a direction of length 1."""

SHOULDER_WIDTH_TL, HIP_WIDTH_TL = 0.48, 0.27
"""How far the tracker puts the two shoulders and the two hips apart, torso lengths, as far as turning shows it: less
than the 0.70 and 0.40 that they are, since it leans on the usual side view (rendered people turned by 10 to 45
degrees). A limit that was set on the true widths is converted by its tangent times 0.70 / 0.48."""
_MEASURED = int(Evidence.MEASURED)

POSED_DEG = 45.0
"""A trunk is lying or on all fours below this slope, and upright above it."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """The trunk of one person in one picture, from joints that lie in the picture, guessed ones included."""

    posture: Posture
    hip_px: Point
    shoulder_px: Point
    """Middle of the pair, or the one of it that is in the picture."""
    torso_px: float
    """From the hips to the shoulders."""
    along: Point
    """Direction from the hips to the shoulders."""
    front: Point
    """Direction across the trunk towards the chest."""
    near: Side
    """The side nearer to the camera, from where the head points and where the chest faces."""
    ahead: float
    """Which way the head (upright: the front) points in the picture: 1 right, -1 left."""
    is_posed: bool
    """Whether the trunk lies or stands as the posture has it."""
    is_measured: bool
    """Whether a hip and a shoulder were seen; else the trunk is a guess, good enough for helping with the set-up."""
    side_on_deg: float
    """Off side-on (0): positive when the head (upright: the front) points away from the camera; NaN when a hip or a
    shoulder is outside the picture."""


def geometry_of(pose: Pose, posture: Posture) -> Geometry | None:
    """The trunk in one picture; None when it is not in it."""
    xy: list[list[float]] = pose.xy_px.tolist()
    evidence: list[int] = pose.evidence.tolist()
    shoulder, hip = middle(xy, SHOULDER), middle(xy, HIP)
    if shoulder is None or hip is None:
        return None
    x, y = shoulder[0] - hip[0], shoulder[1] - hip[1]
    torso = math.hypot(x, y)
    if not torso > 0:
        return None
    along = x / torso, y / torso
    front = front_of(xy, along, posture)
    is_upright = math.degrees(math.asin(min(1.0, abs(along[1])))) > POSED_DEG
    ahead = 1.0 if (front if posture == "upright" else along)[0] >= 0 else -1.0
    near: Side = "left" if along[1] * front[0] - along[0] * front[1] > 0 else "right"
    return Geometry(
        posture,
        hip,
        shoulder,
        torso,
        along,
        front,
        near,
        ahead,
        is_posed=is_upright == (posture == "upright"),
        is_measured=_is_seen(evidence, SHOULDER) and _is_seen(evidence, HIP),
        side_on_deg=_side_on(xy, near, (ahead, 0.0) if posture == "upright" or is_upright else along, torso),
    )


def middle(xy: list[list[float]], joints: dict[Side, Joint]) -> Point | None:
    """Middle of a pair, or the one of it that is in the picture; None when neither is."""
    left, right = xy[joints["left"]], xy[joints["right"]]
    if is_there(left) and is_there(right):
        return (left[0] + right[0]) / 2, (left[1] + right[1]) / 2
    one = left if is_there(left) else right
    return (one[0], one[1]) if is_there(one) else None


def is_there(point: list[float]) -> bool:
    """Whether a joint lies in the picture."""
    return not math.isnan(point[0] + point[1])


def _is_seen(evidence: list[int], joints: dict[Side, Joint]) -> bool:
    return _MEASURED in (evidence[joints["left"]], evidence[joints["right"]])


def front_of(xy: list[list[float]], along: Point, posture: Posture) -> Point:
    """Direction across the trunk towards the chest: up lying on the back, down on all fours, upright to the nose.

    Args:
        xy: (33, 2) joints in pixels.
        along: direction from the hips to the shoulders.
        posture: how the body lies or stands.
    """
    across = -along[1], along[0]
    if posture == "upright":
        ears = middle(xy, EAR)
        x, y = xy[Joint.NOSE]
        towards = NAN if ears is None else across[0] * (x - ears[0]) + across[1] * (y - ears[1])
    else:
        towards = -across[1] if posture == "supine" else across[1]
    return (-across[0], -across[1]) if towards < 0 else across


def _side_on(xy: list[list[float]], near: Side, direction: Point, torso: float) -> float:
    """Side-on, left and right coincide; turned, the near one leads or follows along the trunk (upright: the floor)."""
    total = 0.0
    for joints, width_tl in ((SHOULDER, SHOULDER_WIDTH_TL), (HIP, HIP_WIDTH_TL)):
        (left_x, left_y), (right_x, right_y) = xy[joints["left"]], xy[joints["right"]]
        apart = (left_x - right_x) * direction[0] + (left_y - right_y) * direction[1]
        total += apart / torso / width_tl
    return math.degrees(math.atan(total / 2)) * (1.0 if near == "left" else -1.0)
