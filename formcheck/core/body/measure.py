"""Measures of one body in one picture: joint angles, trunk line, viewing direction.

Every value is NaN when a joint that it needs was not measured. Angles are of the picture plane (2D), in degrees;
lengths are torso lengths (hip to shoulder, suffix `_tl`) or pixels (`_px`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

from formcheck.core.body.back import Back, Contour, Posture, Unknown, lumbar_of
from formcheck.core.body.geometry import Geometry, Point, geometry_of, middle
from formcheck.core.body.pose import (
    ANKLE,
    EAR,
    ELBOW,
    HIP,
    KNEE,
    SHOULDER,
    SIDES,
    TOE,
    WRIST,
    Evidence,
    Joint,
    Pose,
    Side,
    other,
)

NAN = float("nan")

HIP_MAX_DEG = 225.0
"""No hip opens further, 15 degrees of measured error included [P]: such a leg is another person's."""

PARTS: dict[str, tuple[dict[Side, Joint], ...]] = {
    "head": (EAR,),
    "shoulders": (SHOULDER,),
    "arms": (ELBOW, WRIST),
    "hips": (HIP,),
    "knees": (KNEE,),
    "feet": (ANKLE,),
}
"""Body parts as a person would name them, and the joints behind each."""
_NAMED: dict[Side, tuple[tuple[str, tuple[Joint, ...]], ...]] = {
    side: tuple((part, tuple(pair[side] for pair in pairs)) for part, pairs in PARTS.items()) for side in SIDES
}
_ABSENT, _MEASURED = int(Evidence.ABSENT), int(Evidence.MEASURED)
Joints = list[Point | None]
"""Every joint's place in pixels, None where it was not measured."""


@dataclass(frozen=True, slots=True)
class Limbs:
    """One side of the body: angles in degrees, places in the picture."""

    hip_deg: float = NAN
    """Shoulder-hip-knee through the front of the body: 90 = thigh at a right angle, 180 = straight, more = behind."""
    knee_deg: float = NAN
    """Hip-knee-ankle, 180 = straight."""
    shoulder_deg: float = NAN
    """Hip-shoulder-elbow: 0 = arm along the body, 90 = straight ahead of the chest, 180 = overhead."""
    elbow_deg: float = NAN
    """Shoulder-elbow-wrist, 180 = straight."""
    knee_x_px: float = NAN
    """Along the picture, positive towards the head (upright: the front), as the hips' place in `Body`."""
    knee_y_px: float = NAN
    """Upwards, pixels."""
    ankle_x_px: float = NAN
    ankle_y_px: float = NAN
    toe_x_px: float = NAN


@dataclass(frozen=True, slots=True)
class Body:
    """The measures of one picture."""

    t_s: float
    left: Limbs = field(default_factory=Limbs)
    right: Limbs = field(default_factory=Limbs)
    near: Side = "left"
    """The side nearer to the camera, from where the head points and where the chest faces."""
    trunk_deg: float = NAN
    """Hip-to-shoulder line above the picture's horizontal: 0 = lying or on all fours, 90 = upright."""
    lean_deg: float = NAN
    """Upright: the same line off the vertical, positive towards the front, seen as if from the side."""
    neck_deg: float = NAN
    """Ear off the extended trunk line, positive towards the front (chin down)."""
    head_deg: float = NAN
    """The same from the middle of the ears and that of the shoulders: an arm that reaches takes its own shoulder along.
    The far joints may be guessed."""
    hip_x_px: float = NAN
    """Middle of the hips, along the picture, positive towards the head (upright: towards the front)."""
    hip_y_px: float = NAN
    """Middle of the hips, upwards."""
    torso_px: float = NAN
    side_on_deg: float = NAN
    """How far the view is off side-on (0), roughly; positive when the head (upright: the front) points away from the
    camera."""
    geometry: Geometry | None = None
    """Where the trunk lies, guessed joints included; None when it is not in the picture."""
    sagitta_tl: float = NAN
    """Depth of the low back's hollow in its outline, torso lengths; NaN when the outline is not known."""
    sagitta_sd_tl: float = NAN
    """The outline's own doubt of `sagitta_tl`: its standard deviation, calibrated on renders (`docs/accuracy.md`); over
    time (`core.body.body_filter`) that of the pictures in which it was known."""
    steady_sagitta_tl: float = NAN
    """Depth of the hollow as a running median (`core.body.filters.RunningMedian`): a fifth of the noise, 0.2 s late."""
    contour: Contour | None = field(default=None, compare=False)
    """The outline that the lumbar angle is told from; None where there is none."""
    lumbar_deg: float = NAN
    """Bend of the low back against the own start, degrees, positive = extended (`core.body.lumbar_angle`)."""
    lumbar_sd_deg: float = NAN
    """Its standard deviation."""
    back_unknown: Unknown = ""
    """Why the outline of the back is not known; empty where it is, or where nobody looked."""
    belly_tl: float = NAN
    """Height of the belly's outline over the hip-shoulder line, torso lengths (on the back)."""
    strayed: tuple[Side, ...] = ()
    """Sides whose leg is where it can't have come (`core.body.outliers`): it says nothing."""
    unseen: tuple[str, ...] = ()
    """Names from `PARTS` whose near-side joints were not measured."""
    cut: tuple[str, ...] = ()
    """Those of `unseen` that lie outside the picture."""
    is_present: bool = False

    def limbs(self, side: Side) -> Limbs:
        """The measures of one side."""
        return self.left if side == "left" else self.right

    @property
    def near_in_view(self) -> Side | None:
        """The near side for the drawing; None when the trunk is not in the picture, or not as the posture has it."""
        return self.near if self.geometry is not None and self.geometry.is_posed else None

    @property
    def far(self) -> Side:
        """The side away from the camera."""
        return other(self.near)

    def best(self, read: Callable[[Limbs], float]) -> float:
        """A measure of the near side, or of the far side where the near one is not seen."""
        return self._first(read, (self.near, self.far))

    def best_leg(self, read: Callable[[Limbs], float]) -> float:
        """A measure of the near leg, or of the far one where the near one is not seen or has strayed."""
        return self._first(read, [side for side in (self.near, self.far) if side not in self.strayed])

    def _first(self, read: Callable[[Limbs], float], sides: Sequence[Side]) -> float:
        return next((v for side in sides if not math.isnan(v := read(self.limbs(side)))), NAN)


_AT = {each.name: i for i, each in enumerate(fields(Body))}
_all_of = attrgetter(*_AT)


def changed(body: Body, **values: Any) -> Body:
    """A body with other measures, by name; each picture needs it thrice, and `dataclasses.replace` takes twice as long.

    Raises:
        KeyError: a body has no such measure.
    """
    row = list(_all_of(body))
    for name, value in values.items():
        row[_AT[name]] = value
    return Body(*row)


def measure(pose: Pose, posture: Posture) -> Body:
    """Measure a body; nothing is known of its back yet (`with_back`).

    Args:
        pose: joints in pixels.
        posture: how the body lies or stands in the exercise.
    """
    if not pose.is_present:
        return Body(pose.t_s, unseen=tuple(PARTS))
    geometry = geometry_of(pose, posture)
    near: Side = geometry.near if geometry is not None else "left"
    evidence: list[int] = pose.evidence.tolist()
    unseen = tuple([part for part, joints in _NAMED[near] if any(evidence[j] != _MEASURED for j in joints)])
    cut = tuple([part for part, joints in _NAMED[near] if any(evidence[j] == _ABSENT for j in joints)])
    if geometry is None or not geometry.is_measured:
        return Body(pose.t_s, near=near, geometry=geometry, unseen=unseen, cut=cut, is_present=True)
    places: list[list[float]] = pose.xy_px.tolist()
    at: Joints = [(p[0], p[1]) if e == _MEASURED else None for p, e in zip(places, evidence, strict=True)]
    x, y = (geometry.shoulder_px[i] - geometry.hip_px[i] for i in (0, 1))
    ahead, front, side_on_deg = geometry.ahead, geometry.front, geometry.side_on_deg
    squeezed = math.cos(math.radians(side_on_deg)) if posture == "upright" else NAN
    return Body(
        t_s=pose.t_s,
        left=_limbs(at, "left", front, ahead),
        right=_limbs(at, "right", front, ahead),
        near=near,
        trunk_deg=math.degrees(math.atan2(-y, abs(x))),
        lean_deg=math.degrees(math.atan2(x * ahead / squeezed, -y)),
        neck_deg=_neck(at[EAR[near]], at[SHOULDER[near]], geometry),
        head_deg=_neck(middle(places, EAR) if at[EAR[near]] else None, geometry.shoulder_px, geometry),
        hip_x_px=geometry.hip_px[0] * ahead,
        hip_y_px=-geometry.hip_px[1],
        torso_px=geometry.torso_px,
        side_on_deg=side_on_deg,
        geometry=geometry,
        unseen=unseen,
        cut=cut,
        is_present=True,
    )


def with_back(body: Body, back: Back | None) -> Body:
    """The body with the measures of its back, from the contour of the same picture; unknown where nobody looked."""
    if back is None:
        return changed(body, sagitta_tl=NAN, sagitta_sd_tl=NAN, contour=None, back_unknown="", belly_tl=NAN)
    low_back = lumbar_of(back)
    why: Unknown = back.unknown or ("outline-lost" if math.isnan(low_back.sagitta_tl) else "")
    contour = back.consensus or (Contour(back.offset_tl, back.sd_tl) if back.is_known else None)
    return changed(
        body,
        sagitta_tl=low_back.sagitta_tl,
        sagitta_sd_tl=low_back.sd_tl,
        contour=contour,
        back_unknown=why,
        belly_tl=back.belly_tl,
    )


def _limbs(at: Joints, side: Side, front: Point, ahead: float) -> Limbs:
    shoulder, elbow, wrist, hip = at[SHOULDER[side]], at[ELBOW[side]], at[WRIST[side]], at[HIP[side]]
    knee, ankle, toe = at[KNEE[side]], at[ANKLE[side]], at[TOE[side]]
    return Limbs(
        hip_deg=_through_front(shoulder, hip, knee, front),
        knee_deg=_angle(hip, knee, ankle),
        shoulder_deg=_angle(hip, shoulder, elbow),
        elbow_deg=_angle(shoulder, elbow, wrist),
        knee_x_px=NAN if knee is None else knee[0] * ahead,
        knee_y_px=NAN if knee is None else -knee[1],
        ankle_x_px=NAN if ankle is None else ankle[0] * ahead,
        ankle_y_px=NAN if ankle is None else -ankle[1],
        toe_x_px=NAN if toe is None else toe[0] * ahead,
    )


def _angle(a: Point | None, b: Point | None, c: Point | None) -> float:
    """Angle at `b` in degrees, 0..180."""
    if a is None or b is None or c is None:
        return NAN
    ux, uy, vx, vy = a[0] - b[0], a[1] - b[1], c[0] - b[0], c[1] - b[1]
    cross, dot = ux * vy - uy * vx, ux * vx + uy * vy
    return math.degrees(math.atan2(abs(cross), dot)) if cross or dot else NAN


def _through_front(a: Point | None, b: Point | None, c: Point | None, front: Point) -> float:
    """Angle at `b` from `a` to `c`, counted through the front of the body: -90 to `HIP_MAX_DEG` degrees."""
    if a is None or b is None or c is None or a == b:
        return NAN
    ux, uy, vx, vy = a[0] - b[0], a[1] - b[1], c[0] - b[0], c[1] - b[1]
    turn = -1.0 if -uy * front[0] + ux * front[1] < 0 else 1.0
    degrees = math.degrees(math.atan2(turn * (ux * vy - uy * vx), ux * vx + uy * vy))
    degrees += 360.0 if degrees < -90.0 else 0.0
    return degrees if degrees <= HIP_MAX_DEG else NAN


def _neck(ear: Point | None, shoulder: Point | None, trunk: Geometry) -> float:
    if ear is None or shoulder is None:
        return NAN
    x, y = ear[0] - shoulder[0], ear[1] - shoulder[1]
    (along_x, along_y), (front_x, front_y) = trunk.along, trunk.front
    return math.degrees(math.atan2(x * front_x + y * front_y, x * along_x + y * along_y))
