"""The pelvic tilt: on the back, feet flat; the hollow under the low back closes, is held closed, and opens again.

Feet and shoulders stay, the hips rise by the little that the rolling pelvis lifts them. Knobs are true quantities in
torso lengths; the joint angles that reach them are read from tables made once for each body.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from formcheck.core.body.back import sagitta_tl
from tests.lab.body import Floats, RestBody
from tests.lab.drill import Blemish, judge
from tests.lab.glute_bridge import OVERHEAD, GluteBridge, lay_limbs, lay_overhead, lie_for_bridge, reach_ankle
from tests.lab.kinematics import Pose, Posed, rotate_x, skin, solve, unit
from tests.lab.limbs import SIDES, UP, place_arm, sagittal
from tests.lab.scene import Framing, Scene, aim_camera
from tests.lab.sight import find_back_line
from tests.lab.supine import flatten_back, lie_down, rest_trunk, tilt_of
from tests.lab.tempo import Rep, Sway
from tests.lab.truth import locate_joints

RELAXED_GAP_M = 0.024
FLAT_GAP_M = 0.004
"""Gap under a relaxed and under a pressed back: a hand slides in, or a sheet of paper (Hartman's self-check)."""

PRESS_TL = 0.020
"""How far the hollow closes in a good repetition; 0.013-0.015 was measured on real footage of a demonstration."""

FLAT_LIMIT_TL = 0.010
HOLD_LIMIT_S = 4.5
LOST_LIMIT = 0.3
RISE_LIMIT_TL = 0.06
EAR_LIMIT_TL = 0.08
"""Thresholds of exercises.md, 2.1, and of the exercise's settings."""

LOST_FROM, LOST_TO = 0.35, 0.47
"""Shares of the hold between which a tilt is lost; it stays lost until the end."""

ALONGSIDE, ON_CHEST = 0.0, 1.0

HOLD_SCALE = 5.0 / 0.3
"""Turns a share of the flattening into the degrees in which the truth measures a hold."""

HAND_OVER_CHEST_M = 0.030
"""Height of a wrist over the chest on which its hand lies."""

NECK = ("neck01", "neck02", "neck03", "head")


@dataclass(frozen=True, slots=True)
class Table:
    """A rising quantity (K,) with the angle (K,) that makes it, degrees."""

    values: Floats
    angles_deg: Floats

    def angle(self, value: float) -> float:
        """The angle that makes a value, degrees; the nearest end beyond the table."""
        return float(np.interp(value, self.values, self.angles_deg))


STILL = Table(np.zeros(1), np.zeros(1))


@dataclass(frozen=True, slots=True)
class PelvicTilt:
    """Knobs of a repetition, in torso lengths unless said otherwise.

    ``flat_tl`` how far the hollow closes (``press_tl``), ``lost`` share of it lost during the hold (0), ``rise_tl``
    how far the hips rise (0: no more than the tilt lifts them), ``ear_tl`` how far the head rises (0: it lies).
    Knobs of the clip: ``arms``, 0 alongside (the near arm hides the low back), 1 hands on the chest, 2 overhead;
    ``press_tl`` (0.02); ``hold_s`` the hold that is asked for (5, less a tenth).
    """

    bridge: GluteBridge
    press_tl: float
    arms: float
    hold_limit_s: float = HOLD_LIMIT_S
    lumbar: Table = STILL
    """Flattening to lumbar angle; the angles fall."""
    lift: Table = STILL
    """Rise of the hips in a flat back to the pitch of the pelvis."""
    neck: Table = STILL
    """Rise of the ear to the bend of the neck."""
    tilt: Table | None = None
    """Lumbar angle with its sign changed to the pitch at which buttocks and ribs both touch; None looks for it."""
    wrists_m: Mapping[str, Floats] = field(default_factory=dict)
    """Where hands on the chest rest, by side."""
    name: str = "pelvic-tilt"

    @property
    def body(self) -> RestBody:
        """The body that performs it."""
        return self.bridge.body

    def pose(self, rep: Rep, reach: float, hold_progress: float, sway: Sway, t_s: float) -> Posed:
        """Pose the body."""
        knobs = rep.knobs
        lumbar = self.lumbar.angle(self._flat_tl(rep, reach, hold_progress)) + 0.25 * sway.of("lumbar", t_s)
        lift = self.lift.angle(knobs["rise_tl"]) * reach if "rise_tl" in knobs else 0.0
        neck = self.neck.angle(knobs["ear_tl"]) * reach if "ear_tl" in knobs else 0.0
        return self.lay(lumbar, lift, neck)

    def lumbar_deg(self, rep: Rep, reach: float, sway: Sway, t_s: float) -> float:
        """Extension of the low back against the relaxed one, degrees: flattening is negative; losses left out."""
        return (
            self.lumbar.angle(self._flat_tl(rep, reach, 0.0)) - self.lumbar.angle(0.0) + 0.25 * sway.of("lumbar", t_s)
        )

    def row(self, rep: Rep, reach: float, hold_progress: float) -> dict[str, float]:
        """What is true of a frame beside joints and back: the flattening, and its share of the repetition's own.

        ``hold_deg`` is that share times ``HOLD_SCALE``: a hold ends where 0.3 of the flattening is lost.
        """
        full = rep.knobs.get("flat_tl", self.press_tl)
        flat = self._flat_tl(rep, reach, hold_progress)
        return {"flat_tl": flat, "hold_deg": HOLD_SCALE * (flat / full if full else reach)}

    def blemishes(self, reps: tuple[Rep, ...], index: int, hold_s: float) -> tuple[Blemish, ...]:
        """Faults and near misses of one repetition; a lost tilt is not called a short hold as well."""
        knobs, found = reps[index].knobs, tuple[Blemish, ...]()
        flat_tl, lost = knobs.get("flat_tl", self.press_tl), knobs.get("lost", 0.0)
        if flat_tl < 1.4 * FLAT_LIMIT_TL:
            found += (Blemish("no-flattening", flat_tl, "T", FLAT_LIMIT_TL, flat_tl < FLAT_LIMIT_TL, "rep"),)
        if not lost and hold_s < self.hold_limit_s * 1.2:
            found += (Blemish("short-hold", hold_s, "s", self.hold_limit_s, hold_s < self.hold_limit_s, "rep"),)
        found += judge("hips-lift", knobs.get("rise_tl", 0.0), "T", RISE_LIMIT_TL)
        found += judge("head-lift", knobs.get("ear_tl", 0.0), "T", EAR_LIMIT_TL)
        if lost:
            onset = LOST_FROM + (LOST_TO - LOST_FROM) * min(LOST_LIMIT / lost, 1.0)
            found += (Blemish("tilt-lost", lost, "share", LOST_LIMIT, lost > LOST_LIMIT, "hold", onset),)
        return found

    def lay(self, lumbar_deg: float, lift_deg: float, neck_deg: float) -> Posed:
        """The body on the floor for angles in degrees."""
        draft = self._rest(lumbar_deg, lift_deg, sagittal(50.0), sagittal(-50.0), None)
        thigh, shin = reach_ankle(draft, self.bridge.ankle_m)
        return bend_neck(self._rest(lumbar_deg, lift_deg, thigh, shin, draft), neck_deg)

    def _flat_tl(self, rep: Rep, reach: float, hold_progress: float) -> float:
        """How far the hollow is closed, torso lengths."""
        gone = float(np.clip((hold_progress - LOST_FROM) / (LOST_TO - LOST_FROM), 0.0, 1.0))
        return reach * rep.knobs.get("flat_tl", self.press_tl) * (1.0 - rep.knobs.get("lost", 0.0) * gone)

    def _rest(self, lumbar: float, lift: float, thigh: Floats, shin: Floats, known: Posed | None) -> Posed:
        """Put trunk and limbs together; arms and head settle once ``known`` tells where the shoulders are."""

        def limbs(thorax: Floats) -> dict[str, Floats]:
            return lay_limbs(self.body, thorax, thigh, shin, known) | self._arms(thorax, known)

        tilt = None if self.tilt is None else self.tilt.angle(-lumbar) - lift
        return rest_trunk(self.bridge.lying, lumbar, limbs, tilt_deg=tilt, settle_head=known is not None)

    def _arms(self, thorax: Floats, known: Posed | None) -> dict[str, Floats]:
        """Arms on the chest or overhead; none leaves them alongside."""
        if self.arms == OVERHEAD:
            return lay_overhead(self.body, thorax, known)
        turns: dict[str, Floats] = {}
        for side, sign in SIDES.items():
            if self.arms == ON_CHEST and known is not None and self.wrists_m:
                upper, fore = reach_hand(known, side, self.wrists_m[side])
                hand = unit(np.array([-0.9 * sign, 0.1, -0.25]))
                turns |= place_arm(self.body, side, thorax, upper, fore, hand, -UP)
        return turns


def reach_hand(posed: Posed, side: str, wrist_m: Floats) -> tuple[Floats, Floats]:
    """Directions of upper arm and forearm that bring the wrist to its place, the elbow out to the side."""
    body, shoulder = posed.body, posed.joint(f"upperarm01.{side}")
    upper_m, fore_m = (
        float(np.linalg.norm(body.heads_m[body.bone(f"{b}.L")] - body.heads_m[body.bone(f"{a}.L")]))
        for a, b in (("upperarm01", "lowerarm01"), ("lowerarm01", "wrist"))
    )
    way = wrist_m - shoulder
    distance = min(float(np.linalg.norm(way)), 0.99 * (upper_m + fore_m))
    along = unit(way)
    out = np.array([SIDES[side], -0.2, -0.9])
    out = unit(out - along * (out @ along))
    cosine = float(np.clip((upper_m**2 + distance**2 - fore_m**2) / (2.0 * upper_m * distance), -1.0, 1.0))
    upper = along * cosine + out * float(np.sqrt(1.0 - cosine**2))
    return upper, unit(along * distance - upper * upper_m)


def bend_neck(posed: Posed, degrees: float) -> Posed:
    """Bend a neck further forward, a quarter of the angle at each of its joints."""
    body = posed.body
    turns = {name: posed.rotations[body.bone(name)] for name in body.names}
    for count, bone in enumerate(NECK, 1):
        turns[bone] = rotate_x(degrees * count / len(NECK)) @ turns[bone]
    return solve(body, Pose(turns, root_m=posed.joint("root")))


def lie_for_tilt(body: RestBody, base: Mapping[str, float]) -> PelvicTilt:
    """Lay a body down with its feet flat, and find the angles that flatten its back, lift its hips and its head."""
    bridge, lying = lie_for_bridge(body, base), lie_down(body)
    thigh, shin = sagittal(50.0), sagittal(-50.0)

    def lumbar_for(gap_m: float) -> float:
        return flatten_back(lying, lambda thorax: lay_limbs(body, thorax, thigh, shin, None), gap_m).flat_deg

    relaxed, flat = lumbar_for(RELAXED_GAP_M), lumbar_for(FLAT_GAP_M)
    press_tl, arms = base.get("press_tl", PRESS_TL), base.get("arms", ON_CHEST)
    free = PelvicTilt(bridge, press_tl, arms, base.get("hold_s", HOLD_LIMIT_S / 0.9) * 0.9)
    angles_deg = np.linspace(relaxed, flat, 7)
    resting = [free.lay(float(deg), 0.0, 0.0) for deg in angles_deg]
    still = replace(free, tilt=Table(-angles_deg, np.array([tilt_of(posed) for posed in resting])))
    pressed = _tabulate(resting[0], resting, angles_deg, HOLLOW).angle(press_tl)

    def table(top_deg: float, which: int, posed_at: Callable[[float], Posed]) -> Table:
        steps_deg = np.linspace(0.0, top_deg, 6)
        return _tabulate(resting[0], [posed_at(float(deg)) for deg in steps_deg], steps_deg, which)

    return replace(
        still,
        lumbar=_tabulate(resting[0], resting, angles_deg, HOLLOW),
        lift=table(9.0, HIPS, lambda deg: still.lay(pressed, deg, 0.0)),
        neck=table(70.0, EAR, lambda deg: still.lay(pressed, 0.0, deg)),
        wrists_m=_find_wrists(resting[0]),
    )


def _tabulate(start: Posed, poses: list[Posed], angles_deg: Floats, which: int) -> Table:
    """How far one of `look`'s quantities is from the start in each pose, torso lengths."""
    rest = look(start)
    found = [abs(look(posed)[which] - rest[which]) / rest[TORSO] for posed in poses]
    return Table(np.maximum.accumulate(found), angles_deg)


HOLLOW, HIPS, EAR, TORSO = range(4)


def look(posed: Posed) -> tuple[float, float, float, float]:
    """What the camera's side-on view shows: depth of the hollow, height of hips and ears, length of the torso; metres.

    The hollow is the product's own measure (`core.body.back.sagitta_tl`) on the true outline of the naked back.
    """
    size, joints = posed.body.figure.height_m / 1.66, locate_joints(posed)
    hip, shoulder, ear = ((joints[f"{k}_left"] + joints[f"{k}_right"]) / 2.0 for k in ("hip", "shoulder", "ear"))
    camera = aim_camera(Scene(), Framing(-0.46 * size, 1.75 * size, 0.32 * size, 1.0))
    _, offset_tl = find_back_line(posed.body, posed.body.vertices_m).measure(posed, camera, hip, shoulder)
    torso_m = float(np.linalg.norm(shoulder - hip))
    return sagitta_tl(offset_tl.astype(np.float32)) * torso_m, float(hip[2]), float(ear[2]), torso_m


def _find_wrists(posed: Posed) -> dict[str, Floats]:
    """Where the wrists of hands that lie on the chest are, by side."""
    body = posed.body
    trunk = body.carried_by("spine", "clavicle")
    points = skin(posed, body.vertices_m[trunk], body.weights[trunk])
    size = body.figure.height_m / 1.66
    found: dict[str, Floats] = {}
    for side, sign in SIDES.items():
        x, y = 0.085 * sign * size, float(posed.joint("upperarm01.L")[1]) - (0.17 if sign > 0 else 0.13) * size
        near = np.hypot(points[:, 0] - x, points[:, 1] - y) < 0.04 * size
        found[side] = np.array([x, y, float(points[near, 2].max()) + HAND_OVER_CHEST_M])
    return found
