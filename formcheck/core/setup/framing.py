"""What a picture says about the set-up: is all of the person in it, side-on, near enough, the camera low and level.

Pure measures of one picture. `core.setup.setup` watches them over time and speaks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from formcheck.core.body.back import Posture
from formcheck.core.body.measure import ANKLE, EAR, HIP, KNEE, PARTS, SHOULDER, WRIST, front_of
from formcheck.core.body.pose import SIDES, Evidence, Floats, Joint, Pose, Side, other

NAN = float("nan")

Edge = Literal["head", "feet", "front", "behind", "up", "down"]
"""Where a part leaves the picture, as seen from the body: past its head or feet (lying, on all fours), in front of or
behind it (upright), or over the picture's upper or lower edge."""

SHOULDER_WIDTH_TL, HIP_WIDTH_TL = 0.48, 0.27
"""How far the tracker puts the two shoulders and the two hips apart, torso lengths, as far as turning shows it: less
than they are, since it leans on the usual side view (rendered people turned by 10 to 45 degrees)."""
LEGS_APART_TL = 0.33
"""How far it puts the two knees and the two feet apart, as far as a camera from above shows it (the same people, the
camera 4 to 31 degrees above them). Shoulders and hips show it with an error of 20 degrees."""
LEVEL_LEGS_TL = 0.25
"""Knees and feet further apart along the picture than this are in different poses and show no height."""
POSED_DEG = 45.0
"""A trunk is lying or on all fours below this slope, and upright above it."""
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
class Light:
    """Facts of one picture's light and focus."""

    brightness: float
    """Median grey of the picture, 0 black to 1 white."""
    glare: float
    """Share of the picture that is white, 0..1."""
    person: float
    """Median grey of the person's trunk, 0..1; NaN when nobody is there."""
    edge_px: float
    """Width of the edges around the person, pixels of a picture of 480 lines: 2-4 in focus; NaN where there is none."""


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
    turn_deg: float = NAN
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


def look(pose: Pose, posture: Posture) -> FramingMeasures:
    """Measure the set-up in one picture.

    Args:
        pose: joints in pixels.
        posture: where the back posture, from the exercise.
    """
    if not pose.is_present:
        return FramingMeasures(pose.t_s, others=pose.others)
    shoulder, hip = _pair_middle(pose, SHOULDER), _pair_middle(pose, HIP)
    trunk = shoulder - hip
    torso = float(np.hypot(*trunk))
    if not torso > 0:
        return FramingMeasures(pose.t_s, True, pose.others, None, tuple(_cut(pose, None, posture, NAN, 0)))
    along = np.asarray(trunk / torso, np.float32)
    front = front_of(along, posture, pose)
    near: Side = "left" if along[0] * -front[1] + along[1] * front[0] > 0 else "right"
    is_upright = math.degrees(math.asin(min(1.0, abs(float(along[1]))))) > POSED_DEG
    ahead = front if posture == "upright" else along
    head_x = int(np.sign(ahead[0]))
    is_posed = is_upright == (posture == "upright")
    return FramingMeasures(
        pose.t_s,
        True,
        pose.others,
        is_posed,
        tuple(_cut(pose, near, posture if is_posed else "upright", torso, head_x)),
        _turn(pose, near, ahead, torso) if is_posed else NAN,
        _down(pose, near, torso) if is_posed and posture != "upright" else NAN,
        _roll(pose, posture, along) if is_posed else NAN,
        torso,
        _room(pose, shoulder, hip, torso, head_x) if is_posed and posture != "upright" else (NAN, NAN),
        head_x,
    )


def _pair_middle(pose: Pose, pair: dict[Side, Joint]) -> Floats:
    """Middle of a pair, or the one of them that is in the picture; NaN when none is."""
    known = [p for s in SIDES if not np.isnan(p := pose.point(pair[s])).any()]
    return np.asarray(np.mean(known, axis=0) if known else np.full(2, np.nan), np.float32)


def _turn(pose: Pose, near: Side, ahead: Floats, torso: float) -> float:
    """Degrees off side-on: side-on, left and right coincide; turned, the near one leads or follows."""
    level = np.array([math.copysign(1.0, float(ahead[0])), 0.0], np.float32)
    direction = ahead if abs(float(ahead[0])) > abs(float(ahead[1])) else level
    shares = []
    for pair, width in ((SHOULDER, SHOULDER_WIDTH_TL), (HIP, HIP_WIDTH_TL)):
        apart = pose.point(pair[near]) - pose.point(pair[other(near)])
        shares.append(float(apart @ direction) / torso / width)
    return math.degrees(math.atan(sum(shares) / len(shares)))


def _down(pose: Pose, near: Side, torso: float) -> float:
    """Degrees by which the camera looks down: from above, the far knee and foot stand higher in the picture."""
    apart = [(pose.point(pair[near]) - pose.point(pair[other(near)])) / torso for pair in (KNEE, ANKLE)]
    if any(not abs(float(x)) < LEVEL_LEGS_TL for x, _ in apart):
        return NAN
    return math.degrees(math.atan(sum(float(y) for _, y in apart) / len(apart) / LEGS_APART_TL))


def _roll(pose: Pose, posture: Posture, along: Floats) -> float:
    """Slope of what rests on the floor: the back of a lying person, hands and knees on all fours; else unknown."""
    line = along
    if posture == "upright":
        return NAN
    if posture == "quadruped":
        line = _pair_middle(pose, WRIST) - _pair_middle(pose, KNEE)
    return math.degrees(math.atan2(-float(line[1]), abs(float(line[0]))))


def _room(pose: Pose, shoulder: Floats, hip: Floats, torso: float, head_x: int) -> tuple[float, float]:
    head, feet = float(shoulder[0]), float(hip[0])
    gaps = (pose.width - head, feet) if head_x > 0 else (head, pose.width - feet)
    return gaps[0] / torso, gaps[1] / torso


def _cut(pose: Pose, near: Side | None, posture: Posture, torso: float, head_x: int) -> list[tuple[str, Edge]]:
    sides = SIDES if near is None else (near,)
    out: list[tuple[str, Edge]] = []
    for part, pairs in PARTS.items():
        if all(any(pose.evidence[pair[s]] == Evidence.ABSENT for pair in pairs) for s in sides):
            out.append((part, _edge(pose, part, sides, posture, torso, head_x)))
    return out


def _edge(pose: Pose, part: str, sides: tuple[Side, ...], posture: Posture, torso: float, head_x: int) -> Edge:
    """Past which edge a part has left the picture: the one it was bound for, if it can reach that far."""
    anchor = next(
        (p for pair in NEXT[part] for s in sides if not np.isnan(p := pose.point(pair[s])).any()),
        np.array([pose.width / 2, pose.height / 2], np.float32),
    )
    x, y = float(anchor[0]), float(anchor[1])
    gaps = {"left": x, "right": pose.width - x, "up": y, "down": pose.height - y}
    ends: tuple[Edge, Edge] = ("front", "behind") if posture == "upright" else ("head", "feet")
    if not head_x:
        head_x = _guess_head(pose)
    names: dict[str, Edge] = {"right": ends[head_x < 0], "left": ends[head_x > 0], "up": "up", "down": "down"}
    wanted = _bound_for(part, posture, head_x)
    reach = REACH_TL[part] * torso
    if wanted and not gaps[wanted] > reach:
        return names[wanted]
    return names[min(gaps, key=lambda edge: gaps[edge])]


def _bound_for(part: str, posture: Posture, head_x: int) -> str:
    """The picture's edge that lies where the part should be."""
    is_headward = part in HEADWARD
    if posture == "upright":
        return "" if part == "arms" else "up" if is_headward else "down"
    if part == "arms":
        return "up" if posture == "supine" else "down"
    return "right" if (head_x > 0) == is_headward else "left"


def _guess_head(pose: Pose) -> int:
    """Which way the head points when the trunk isn't seen: from the feet end of what is there to the head end."""
    pairs = (ANKLE, KNEE, HIP, SHOULDER, EAR)
    xs = [x for pair in pairs if not math.isnan(x := float(_pair_middle(pose, pair)[0]))]
    return int(np.sign(xs[-1] - xs[0])) if len(xs) > 1 else 1
