"""Measures of one body in one picture: joint angles, trunk line, viewing direction.

Every value is NaN when a joint that it needs was not measured. Angles are of the picture plane (2D), in degrees;
lengths are torso lengths (hip to shoulder, suffix `_t`) or pixels (`_px`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from formcheck.core.body.back import Back, Lumbar, Posture, Unknown, lumbar_of
from formcheck.core.body.pose import SIDES, Evidence, Floats, Joint, Pose, Side, other

NAN = float("nan")

HIP_MAX_DEG = 225.0
"""No hip opens further, 15 degrees of measured error included [P]: such a leg is another person's."""
SHOULDER_WIDTH_TL = 0.70
HIP_WIDTH_TL = 0.40
"""Distance between the two shoulder and the two hip landmarks of an adult in torso lengths (rendered bodies)."""
TURNED_SHOULDERS_TL, TURNED_HIPS_TL = 0.48, 0.27
"""The same as far as turning shows it (see `core.setup.framing`)."""


def _pair(name: str) -> dict[Side, Joint]:
    return {"left": Joint[f"LEFT_{name}"], "right": Joint[f"RIGHT_{name}"]}


EAR, SHOULDER, ELBOW, WRIST = _pair("EAR"), _pair("SHOULDER"), _pair("ELBOW"), _pair("WRIST")
HIP, KNEE, ANKLE, TOE = _pair("HIP"), _pair("KNEE"), _pair("ANKLE"), _pair("TOE")

PARTS: dict[str, tuple[dict[Side, Joint], ...]] = {
    "head": (EAR,),
    "shoulders": (SHOULDER,),
    "arms": (ELBOW, WRIST),
    "hips": (HIP,),
    "knees": (KNEE,),
    "feet": (ANKLE,),
}
"""Body parts as a person would name them, and the joints behind each."""


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
    """Upwards, likewise."""
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
    """The side nearer to the camera, from where the head points and where the chest posture."""
    trunk_deg: float = NAN
    """Hip-to-shoulder line above the picture's horizontal: 0 = lying or on all fours, 90 = upright."""
    lean_deg: float = NAN
    """Upright: the same line off the vertical, positive towards the front, seen as if from the side."""
    turned_deg: float = NAN
    """Upright: how far the body is turned out of the side view, roughly."""
    neck_deg: float = NAN
    """Ear off the extended trunk line, positive towards the front (chin down)."""
    hip_x_px: float = NAN
    """Middle of the hips, along the picture, positive towards the head (upright: towards the front)."""
    hip_y_px: float = NAN
    """Middle of the hips, upwards."""
    torso_px: float = NAN
    oblique_deg: float = NAN
    """How far the view is off side-on, roughly (0 = side-on)."""
    sagitta_tl: float = NAN
    """Depth of the low back's hollow in its outline, torso lengths; NaN when the outline is not known."""
    sagitta_sd_tl: float = NAN
    """The outline's own doubt of `sagitta_tl`: its standard deviation, calibrated on renders (`docs/accuracy.md`); over
    time (`core.body.body_filter`) that of the pictures in which it was known."""
    steady_sagitta_tl: float = NAN
    """The same as a running median (`core.body.filters.RunningMedian`): a fifth of the noise, 0.2 s late."""
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
    def far(self) -> Side:
        """The side away from the camera."""
        return other(self.near)

    def best(self, read: Callable[[Limbs], float]) -> float:
        """A measure of the near side, or of the far side where the near one is not seen."""
        return self._first(read, (self.near, self.far))

    def best_leg(self, read: Callable[[Limbs], float]) -> float:
        """The same of legs that have not strayed."""
        return self._first(read, [side for side in (self.near, self.far) if side not in self.strayed])

    def _first(self, read: Callable[[Limbs], float], sides: Sequence[Side]) -> float:
        return next((v for side in sides if not math.isnan(v := read(self.limbs(side)))), NAN)


def measure(pose: Pose, posture: Posture, back: Back | None = None) -> Body:
    """Measure a body whose back faces the floor, the ceiling, or (upright) away from where it looks.

    Args:
        pose: joints in pixels.
        posture: where the back posture, from the exercise.
        back: the contour of the same picture.
    """
    if not pose.is_present:
        return Body(pose.t_s, unseen=tuple(PARTS))
    shoulder, hip = _middle(pose, SHOULDER), _middle(pose, HIP)
    trunk = shoulder - hip
    torso = float(np.hypot(*trunk))
    if not torso > 0:
        return Body(pose.t_s, unseen=unseen_parts(pose, "left"), is_present=True)
    along = trunk / torso
    front = front_of(along, posture, pose)
    near: Side = "left" if along[0] * -front[1] + along[1] * front[0] > 0 else "right"
    ahead = 1.0 if (front if posture == "upright" else along)[0] >= 0 else -1.0
    turned = _turned(pose, torso) if posture == "upright" else NAN
    low_back = lumbar_of(back)
    return Body(
        t_s=pose.t_s,
        left=_limbs(pose, "left", front, ahead),
        right=_limbs(pose, "right", front, ahead),
        near=near,
        trunk_deg=math.degrees(math.atan2(-float(trunk[1]), abs(float(trunk[0])))),
        lean_deg=math.degrees(math.atan2(float(trunk[0]) * ahead / math.cos(math.radians(turned)), -float(trunk[1]))),
        turned_deg=turned,
        neck_deg=_neck(pose, near, along, front),
        hip_x_px=float(hip[0]) * ahead,
        hip_y_px=-float(hip[1]),
        torso_px=torso,
        oblique_deg=_oblique(pose, along, torso),
        sagitta_tl=low_back.sagitta_tl,
        sagitta_sd_tl=low_back.sd_tl,
        back_unknown=_why_unknown(back, low_back),
        belly_tl=back.belly_tl if back is not None else NAN,
        unseen=unseen_parts(pose, near),
        cut=cut_parts(pose, near),
        is_present=True,
    )


def _why_unknown(back: Back | None, low_back: Lumbar) -> Unknown:
    """Why the hollow is not known: as the contour says, or because too many of its stations are missing."""
    if back is None:
        return ""
    return back.unknown or ("outline-lost" if math.isnan(low_back.sagitta_tl) else "")


def unseen_parts(pose: Pose, near: Side) -> tuple[str, ...]:
    """The parts of `PARTS` with a near-side joint that was not measured."""
    return tuple(part for part, pairs in PARTS.items() if not pose.is_measured(*(pair[near] for pair in pairs)))


def cut_parts(pose: Pose, near: Side) -> tuple[str, ...]:
    """The parts of `PARTS` with a near-side joint outside the picture."""
    return tuple(
        part for part, pairs in PARTS.items() if any(pose.evidence[pair[near]] == Evidence.ABSENT for pair in pairs)
    )


def front_of(along: Floats, posture: Posture, pose: Pose) -> Floats:
    """(2,) unit vector across the trunk towards the chest, picture coordinates (y down)."""
    across = np.array([-along[1], along[0]], np.float32)
    if posture == "supine":
        wanted = np.array([0.0, -1.0], np.float32)
    elif posture == "quadruped":
        wanted = np.array([0.0, 1.0], np.float32)
    else:
        ears = [ear for s in SIDES if not np.isnan(ear := pose.point(EAR[s])).any()]
        wanted = np.asarray(pose.point(Joint.NOSE) - (np.mean(ears, axis=0) if ears else np.nan), np.float32)
    return -across if float(across @ wanted) < 0 else across


def _middle(pose: Pose, pair: dict[Side, Joint]) -> Floats:
    """Middle of the measured ones of a pair, (2,) pixels; NaN if none was measured."""
    seen = [pose.point(pair[s]) for s in SIDES if pose.is_measured(pair[s])]
    if not seen:
        return np.full(2, np.nan, np.float32)
    if len(seen) == 1:
        both = [pose.point(pair[s]) for s in SIDES]
        seen = seen if np.isnan(both).any() else both
    return np.asarray(np.mean(seen, axis=0), np.float32)


def _limbs(pose: Pose, side: Side, front: Floats, ahead: float) -> Limbs:
    shoulder, elbow, wrist = SHOULDER[side], ELBOW[side], WRIST[side]
    hip, knee, ankle = HIP[side], KNEE[side], ANKLE[side]
    (knee_x, knee_y), (ankle_x, ankle_y) = (_place(pose, joint, ahead) for joint in (knee, ankle))
    return Limbs(
        hip_deg=_through_front(pose, shoulder, hip, knee, front),
        knee_deg=_angle(pose, hip, knee, ankle),
        shoulder_deg=_angle(pose, hip, shoulder, elbow),
        elbow_deg=_angle(pose, shoulder, elbow, wrist),
        knee_x_px=knee_x,
        knee_y_px=knee_y,
        ankle_x_px=ankle_x,
        ankle_y_px=ankle_y,
        toe_x_px=_place(pose, TOE[side], ahead)[0],
    )


def _place(pose: Pose, joint: Joint, ahead: float) -> tuple[float, float]:
    """Place of a joint, pixels: along the picture, `ahead` times x, and upwards; NaN when it was not measured."""
    if not pose.is_measured(joint):
        return NAN, NAN
    x, y = pose.point(joint)
    return float(x) * ahead, -float(y)


def _angle(pose: Pose, a: Joint, b: Joint, c: Joint) -> float:
    """Angle at `b` in degrees, 0..180."""
    if not pose.is_measured(a, b, c):
        return NAN
    u, v = pose.point(a) - pose.point(b), pose.point(c) - pose.point(b)
    cross, dot = float(u[0] * v[1] - u[1] * v[0]), float(u @ v)
    return math.degrees(math.atan2(abs(cross), dot)) if cross or dot else NAN


def _through_front(pose: Pose, a: Joint, b: Joint, c: Joint, front: Floats) -> float:
    """Angle at `b` from `a` to `c`, counted through the front of the body: -90 to `HIP_MAX_DEG` degrees."""
    if not pose.is_measured(a, b, c):
        return NAN
    u, v = pose.point(a) - pose.point(b), pose.point(c) - pose.point(b)
    length = float(np.hypot(*u))
    if not length:
        return NAN
    along = u / length
    across = np.array([-along[1], along[0]], np.float32)
    if float(across @ front) < 0:
        across = -across
    degrees = math.degrees(math.atan2(float(v @ across), float(v @ along)))
    degrees += 360.0 if degrees < -90.0 else 0.0
    return degrees if degrees <= HIP_MAX_DEG else NAN


def _neck(pose: Pose, near: Side, along: Floats, front: Floats) -> float:
    if not pose.is_measured(EAR[near], SHOULDER[near]):
        return NAN
    head = pose.point(EAR[near]) - pose.point(SHOULDER[near])
    return math.degrees(math.atan2(float(head @ front), float(head @ along)))


def _oblique(pose: Pose, along: Floats, torso: float) -> float:
    """Degrees off side-on, from how far the pairs of shoulders and hips lie apart along the trunk."""
    shares = []
    for pair, width in ((SHOULDER, SHOULDER_WIDTH_TL), (HIP, HIP_WIDTH_TL)):
        apart = pose.point(pair["left"]) - pose.point(pair["right"])
        shares.append(abs(float(apart @ along)) / torso / width)
    return math.degrees(math.atan(sum(shares) / len(shares)))


def _turned(pose: Pose, torso: float) -> float:
    """Degrees that an upright body is turned out of the side view: there left and right coincide."""
    shares = []
    for pair, width in ((SHOULDER, TURNED_SHOULDERS_TL), (HIP, TURNED_HIPS_TL)):
        shares.append(abs(float(pose.point(pair["left"])[0] - pose.point(pair["right"])[0])) / torso / width)
    return math.degrees(math.atan(sum(shares) / len(shares)))
