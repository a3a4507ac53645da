"""What a picture says about the set-up: is all of the person in it, side-on, near enough, the camera low and level.

Pure measures of one picture. `core.setup.setup` watches them over time and speaks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from formcheck.core.body.back import Posture
from formcheck.core.body.geometry import Geometry, is_there, middle
from formcheck.core.body.measure import PARTS, Body
from formcheck.core.body.pose import (
    ANKLE,
    EAR,
    HIP,
    KNEE,
    SHOULDER,
    SIDES,
    WRIST,
    Evidence,
    Joint,
    Pose,
    Side,
    other,
)
from formcheck.core.body.tracked import Tracked

NAN = float("nan")

Edge = Literal["head", "feet", "front", "behind", "up", "down"]
"""Where a part leaves the picture, as seen from the body: past its head or feet (lying, on all fours), in front of or
behind it (upright), or over the picture's upper or lower edge."""

LEGS_APART_TL = 0.33
"""How far it puts the two knees and the two feet apart, as far as a camera from above shows it (the same people, the
camera 4 to 31 degrees above them). Shoulders and hips show it with an error of 20 degrees."""
LEVEL_LEGS_TL = 0.25
"""Knees and feet further apart along the picture than this are in different poses and show no height."""
REACH_TL: dict[str, float] = {"head": 0.45, "shoulders": 1.0, "arms": 1.10, "hips": 1.0, "knees": 0.80, "feet": 0.80}
"""How far a part can lie from the next one towards the trunk, torso lengths."""
NEXT: dict[str, tuple[dict[Side, Joint], ...]] = {
    "head": (SHOULDER, HIP),
    "shoulders": (HIP, KNEE),
    "arms": (SHOULDER, HIP),
    "hips": (SHOULDER, KNEE),
    "knees": (HIP, SHOULDER),
    "feet": (KNEE, HIP),
}
"""The joints towards the trunk from which a part that is out of the picture hangs, the nearest first."""
HEADWARD, FOOTWARD = ("head", "shoulders", "arms"), ("feet", "knees", "hips")


@dataclass(frozen=True, slots=True)
class FramingMeasures:
    """What one picture shows of the set-up. NaN and None are unknown."""

    t_s: float
    is_present: bool = False
    others: int = 0
    is_posed: bool | None = None
    """Whether the trunk lies (or stands) as the exercise has it."""
    cut: tuple[tuple[str, Edge], ...] = ()
    """Parts outside the picture, and past which edge."""
    side_on_deg: float = NAN
    """Off side-on; positive when the head (upright: the front) points away from the camera."""
    down_deg: float = NAN
    """How steeply the camera looks down on the person."""
    roll_deg: float = NAN
    """Slope of the floor in the picture; positive when it rises towards the head."""
    torso_px: float = NAN
    room_tl: tuple[float, float] = (NAN, NAN)
    """From the shoulders to the picture's edge past the head, and from the hips to the one past the feet, torso
    lengths; for a body that lies or is on all fours."""
    head_x: int = 0
    """Which way the head (upright: the front) points in the picture: 1 right, -1 left, 0 unknown."""


def look(tracked: Tracked, posture: Posture) -> FramingMeasures:
    """What one picture shows of the set-up, from the body's own measures.

    Args:
        tracked: the picture's pose and measures.
        posture: how the body lies or stands in the exercise.
    """
    pose, trunk = tracked.pose, tracked.body.geometry
    if not pose.is_present:
        return FramingMeasures(pose.t_s, others=pose.others)
    cut = _cut(pose, tracked.body, posture)
    if trunk is None:
        return FramingMeasures(pose.t_s, True, pose.others, None, cut)
    is_posed, is_level = trunk.is_posed, trunk.is_posed and posture != "upright"
    return FramingMeasures(
        pose.t_s,
        True,
        pose.others,
        is_posed,
        cut,
        trunk.side_on_deg if is_posed else NAN,
        _down(pose, trunk) if is_level else NAN,
        _roll(pose, trunk) if is_level else NAN,
        trunk.torso_px,
        _room(pose, trunk) if is_level else (NAN, NAN),
        round(trunk.ahead),
    )


def _down(pose: Pose, trunk: Geometry) -> float:
    """Degrees by which the camera looks down: from above, the far knee and foot stand higher in the picture."""
    lower = 0.0
    for pair in (KNEE, ANKLE):
        (near_x, near_y), (far_x, far_y) = (
            pose.point(pair[trunk.near]).tolist(),
            pose.point(pair[other(trunk.near)]).tolist(),
        )
        if not abs(near_x - far_x) < LEVEL_LEGS_TL * trunk.torso_px:
            return NAN
        lower += (near_y - far_y) / trunk.torso_px / 2
    return math.degrees(math.atan(lower / LEGS_APART_TL))


def _roll(pose: Pose, trunk: Geometry) -> float:
    """Slope of what rests on the floor: the back of a lying person, hands and knees on all fours."""
    x, y = trunk.along
    if trunk.posture == "quadruped":
        xy: list[list[float]] = pose.xy_px.tolist()
        hands, knees = middle(xy, WRIST), middle(xy, KNEE)
        if hands is None or knees is None:
            return NAN
        x, y = hands[0] - knees[0], hands[1] - knees[1]
    return math.degrees(math.atan2(-y, abs(x)))


def _room(pose: Pose, trunk: Geometry) -> tuple[float, float]:
    head, feet = trunk.shoulder_px[0], trunk.hip_px[0]
    gaps = (pose.width - head, feet) if trunk.ahead > 0 else (head, pose.width - feet)
    return gaps[0] / trunk.torso_px, gaps[1] / trunk.torso_px


def _cut(pose: Pose, body: Body, posture: Posture) -> tuple[tuple[str, Edge], ...]:
    """The parts outside the picture; where the trunk isn't in it either, those of which neither side is."""
    trunk = body.geometry
    if trunk is not None:
        posture = posture if trunk.is_posed else "upright"
        return tuple((part, _edge(pose, part, (trunk.near,), posture, trunk)) for part in body.cut)
    return tuple(
        (part, _edge(pose, part, SIDES, posture, None))
        for part, pairs in PARTS.items()
        if all(any(pose.evidence[pair[s]] == Evidence.ABSENT for pair in pairs) for s in SIDES)
    )


def _edge(pose: Pose, part: str, sides: tuple[Side, ...], posture: Posture, trunk: Geometry | None) -> Edge:
    """Past which edge a part has left the picture: the one it was bound for, if it can reach that far."""
    anchor = next(
        (p for pair in NEXT[part] for s in sides if is_there(p := pose.point(pair[s]).tolist())),
        [pose.width / 2, pose.height / 2],
    )
    x, y = anchor
    gaps = {"left": x, "right": pose.width - x, "up": y, "down": pose.height - y}
    ends: tuple[Edge, Edge] = ("front", "behind") if posture == "upright" else ("head", "feet")
    is_head_right = trunk.ahead > 0 if trunk is not None else _guess_head_right(pose)
    names: dict[str, Edge] = {"right": ends[not is_head_right], "left": ends[is_head_right], "up": "up", "down": "down"}
    wanted = _bound_for(part, posture, is_head_right=is_head_right)
    reach = REACH_TL[part] * (trunk.torso_px if trunk is not None else NAN)
    if wanted and not gaps[wanted] > reach:
        return names[wanted]
    return names[min(gaps, key=lambda edge: gaps[edge])]


def _bound_for(part: str, posture: Posture, *, is_head_right: bool) -> str:
    """The picture's edge that lies where the part should be."""
    is_headward = part in HEADWARD
    if posture == "upright":
        return "" if part == "arms" else "up" if is_headward else "down"
    if part == "arms":
        return "up" if posture == "supine" else "down"
    return "right" if is_head_right == is_headward else "left"


def _guess_head_right(pose: Pose) -> bool:
    """Which way the head points when the trunk isn't seen: from the feet end of what is there to the head end."""
    xy: list[list[float]] = pose.xy_px.tolist()
    places = [place[0] for pair in (ANKLE, KNEE, HIP, SHOULDER, EAR) if (place := middle(xy, pair)) is not None]
    return len(places) < 2 or places[-1] > places[0]
