"""Visitor: a second dressed body that stands, walks through, bends over the patient or touches."""

from __future__ import annotations

import itertools

import numpy as np

from tests.lab.body import Floats, load_body
from tests.lab.drill import blend
from tests.lab.kinematics import Pose, Posed, rotate_x, skin, solve, unit
from tests.lab.limbs import SIDES, bend_spine, place_arm, place_leg, sagittal
from tests.lab.scene import Camera, Framing, Visitor
from tests.lab.tempo import ease
from tests.lab.wardrobe import Dressed, dress

STEPS_HZ = 0.9
"""Strides a second of somebody who walks through a room."""

CROSSING_S = 5.0
BEND_S = 1.2
ARM = ("upperarm01", "lowerarm01", "wrist")
HAND_BEFORE_M = np.array([0.09, 0.07, 0.05])
"""Where a wrist is from the place its hand touches: to its own side, back, and up."""

DOWN: Floats = np.array([0.0, 0.0, -1.0])
FORWARD: Floats = np.array([0.0, -1.0, 0.0])


class Guest:
    """A visitor with a body, at a place beside the patient."""

    def __init__(self, visitor: Visitor, camera: Camera, framing: Framing, touch_m: Floats | None = None) -> None:
        self._visitor, self._touch_m = visitor, touch_m
        self.body = load_body(visitor.figure)
        self.dressed: Dressed = dress(self.body)
        self._place, self._facing = _place(visitor, camera, framing)
        self._span_m = framing.span_m

    def skin_at(self, t_s: float) -> Floats | None:
        """Skin (N, 3) at a time, or None while the visitor is away."""
        visitor = self._visitor
        if not visitor.start_s <= t_s <= visitor.end_s:
            return None
        place, facing, swing, bend = self._place, self._facing, 0.0, 0.0
        if visitor.kind == "walks":
            share = (t_s - visitor.start_s) / min(visitor.end_s - visitor.start_s, CROSSING_S)
            if share > 1.0:
                return None
            facing = np.array([0.0, 1.0, 0.0])
            place = np.array([place[0], self._place[1] + (share - 0.5) * self._span_m * 2.4, 0.0])
            swing = float(np.sin(2.0 * np.pi * STEPS_HZ * (t_s - visitor.start_s)))
        if visitor.kind in ("bends", "touches"):
            bend = ease(min((t_s - visitor.start_s), (visitor.end_s - t_s)) / BEND_S)
        return self._stand(place, facing, swing, bend, t_s)

    def _stand(self, place: Floats, facing: Floats, swing: float, bend: float, t_s: float) -> Floats:
        """Skin of somebody upright, in mid-step by ``swing`` (-1 to 1), or bent down by ``bend`` (0 to 1)."""
        body = self.body
        across = np.cross(-facing, np.array([0.0, 0.0, 1.0]))
        yaw = np.stack([across, -facing, np.array([0.0, 0.0, 1.0])], axis=1)
        turns, thorax = self._turn(swing, bend, t_s)
        spine = bend_spine(-34.0 * bend, 12.0 * bend)
        posed = solve(body, Pose({name: yaw @ turn for name, turn in turns.items()}, spine))
        points = skin(posed, self.dressed.vertices_m, body.weights)
        feet = posed.joints_m[[body.bone("foot.L"), body.bone("foot.R")]].mean(axis=0)
        shift = np.array([place[0] - feet[0], place[1] - feet[1], -float(points[:, 2].min())])
        if self._touch_m is None or bend <= 0.0:
            return np.asarray(points + shift)
        turns |= self._lay_hands_on(posed.moved(shift), yaw, thorax, bend)
        posed = solve(body, Pose({name: yaw @ turn for name, turn in turns.items()}, spine))
        return np.asarray(skin(posed, self.dressed.vertices_m, body.weights) + shift)

    def _turn(self, swing: float, bend: float, t_s: float) -> tuple[dict[str, Floats], Floats]:
        """Absolute rotations of somebody who faces -Y, and of the chest."""
        root = rotate_x(62.0 * bend + 0.6 * np.sin(1.3 * t_s))
        thorax = root @ rotate_x(34.0 * bend)
        turns: dict[str, Floats] = {"root": root}
        for side, sign in SIDES.items():
            step = 24.0 * swing * sign
            knee = 18.0 * bend + max(0.0, -step) * 1.4 + 3.0
            thigh = sagittal(-90.0 + step + 14.0 * bend, spread=0.05 * sign)
            turns |= place_leg(self.body, side, thigh, sagittal(-90.0 + step - knee, spread=0.03 * sign), FORWARD)
            reach = unit(DOWN + FORWARD * (0.25 * bend - 0.4 * swing * sign + 0.05) + np.array([0.13 * sign, 0.0, 0.0]))
            fore = unit(reach + FORWARD * 0.2)
            turns |= place_arm(self.body, side, thorax, reach, fore, fore, np.array([-sign, 0.0, 0.0]))
        return turns, thorax

    def _lay_hands_on(self, posed: Posed, yaw: Floats, thorax: Floats, share: float) -> dict[str, Floats]:
        """Rotations of both arms, before the turn ``yaw``, that bring the palms to the place that is touched."""
        assert self._touch_m is not None
        turns: dict[str, Floats] = {}
        for side, sign in SIDES.items():
            ends = [self.body.heads_m[self.body.bone(f"{bone}.{side}")] for bone in ARM]
            upper_m, fore_m = (float(np.linalg.norm(b - a)) for a, b in itertools.pairwise(ends))
            way = yaw.T @ (self._touch_m - posed.joint(f"upperarm01.{side}")) + HAND_BEFORE_M * np.array([sign, 1, 1])
            hanging = unit(DOWN + 0.05 * FORWARD + np.array([0.13 * sign, 0.0, 0.0]))
            away = min(float(np.linalg.norm(way)), 0.999 * (upper_m + fore_m))
            straight, out = unit(way), np.array([sign, 0.4, 0.3])
            bow = unit(out - straight * (out @ straight))
            cosine = (upper_m**2 + away**2 - fore_m**2) / (2.0 * upper_m * away)
            upper = cosine * straight + np.sqrt(max(0.0, 1.0 - cosine**2)) * bow
            fore = unit(straight * away - upper * upper_m)
            upper, fore = (blend(hanging, one, share) for one in (upper, fore))
            turns |= place_arm(self.body, side, thorax, upper, fore, unit(FORWARD + 0.4 * DOWN), DOWN)
        return turns


def find_touch(posed: Posed) -> Floats:
    """The place on a patient on which a helper lays the hands, (3,): the top of belly or low back."""
    body = posed.body
    middle = body.carried_by("pelvis", "spine05", "spine04", "spine03")
    points = skin(posed, body.vertices_m[middle], body.weights[middle])
    return np.asarray(points[points[:, 2].argmax()])


def _place(visitor: Visitor, camera: Camera, framing: Framing) -> tuple[Floats, Floats]:
    """Where the feet stand (3,) and which way the visitor faces (3,)."""
    near, middle, half = camera.near_x, framing.centre_y_m, framing.span_m / 2.0
    ends = {"head": framing.head_y, "feet": -framing.head_y}
    if visitor.at in ends and visitor.kind != "walks":
        end = ends[visitor.at]
        return np.array([-near * 0.30, middle + end * half * 1.02, 0.0]), np.array([0.0, -end, 0.0])
    side = near if visitor.at == "front" else -near
    away = 0.62 if visitor.kind == "bends" else 0.85
    return np.array([side * away, middle, 0.0]), np.array([-side, 0.0, 0.0])
