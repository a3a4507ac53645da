"""How an exercise is shown: a few key poses, from which every moving picture of it is drawn. Pure.

The pose that is declared is that of somebody whose left side is nearer to the eye, and moves first. From it follow the
other side, the mirrored picture, and each fault: the same movement with a pose, a pace or a pause that is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Literal

import numpy as np

from formcheck.core.body.pose import ANKLE, ELBOW, HIP, KNEE, MIRROR, SHOULDER, SIDES, TOE, WRIST, Joint, Side
from formcheck.core.body.stance import HEEL, Stance, Vector, between, joints_tl

Spot = Literal[
    "", "time", "head", "shoulders", "trunk", "low back", "hips",
    "near hand", "near elbow", "near knee", "near foot", "far hand", "far elbow", "far knee", "far foot",
]  # fmt: skip
"""A place of the body that can be pointed at; `time` is none, but the clock."""
Prop = Literal["chair", "cushion"]
HEAD = [Joint.NOSE, Joint.LEFT_EAR, Joint.RIGHT_EAR]
_PAIRS = {"hand": WRIST, "elbow": ELBOW, "knee": KNEE, "foot": ANKLE}
_SIDES: dict[str, Side] = {"near": "left", "far": "right"}
SOLE_TL = 0.10
"""Ankle above the sole, torso lengths."""
BODY_TL = 0.20
"""Hips and shoulders above what the trunk lies on."""
FOOT_TL, HEEL_TL = 0.27, 0.10
"""From the ankle to the toes, and to the heel."""
LIFTED_TL = 0.25
"""Height of an ankle from which a foot hangs as it likes; below it turns to the floor."""
STEEP_DEG = 40.0
"""A shank that is flatter has its foot behind it, as in kneeling."""


@dataclass(frozen=True, slots=True)
class Step:
    """The next pose: the seconds of the way there, and those of the stay."""

    stance: Stance
    in_s: float
    stay_s: float = 0.0
    count: int = 0
    """What is counted up to while it stays; 0 counts nothing. A hold of 20 s may be shown in four."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fault, as a change of what is right. `spot` is where it shows."""

    spot: Spot
    poses: Mapping[int, Stance] = field(default_factory=dict)
    """Poses in place of the right ones: 0 is the start, 1 the first step."""
    steps: tuple[Step, ...] = ()
    """All steps, where the movement has others."""
    pace: float = 1.0
    """Share of the time that each way takes."""
    stay: float = 1.0
    """Share of the time that a count takes until it is broken off."""
    is_same_side: bool = False
    """Whether one side moves again and again where they should take turns."""


@dataclass(frozen=True, slots=True, eq=False)
class Demonstration:
    """The movement, right and wrong. The last step leads back to the start."""

    start: Stance
    steps: tuple[Step, ...] = ()
    rest_s: float = 0.8
    anchor: Spot | Literal["floor"] = ""
    """What stays where it is while the rest moves: `shoulders`, a knee, a foot; empty = the hips, by their travel. With
    `floor` the lower foot stands on it, or as far above it as `hip_y_tl` says: a run."""
    planted: tuple[Spot, ...] = ()
    """Hands and feet that stay where the start has them, as long as their own angles are those of the start: elbows and
    knees follow. Feet among them stand on the floor."""
    is_alternating: bool = False
    """Whether the sides take turns."""
    is_even: bool = False
    """Whether it runs on and on, without slowing down at its poses."""
    props: tuple[Prop, ...] = ()
    faults: Mapping[str, Wrong] = field(default_factory=dict)
    """By the names of the exercise's faults."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One moment of a film. Joints of the left side are those of the near one."""

    joints: Vector
    """(33, 2) torso lengths: x to where the head (upright: the front) points, y up, floor at 0."""
    stance: Stance
    """Trunk, low back and neck."""
    share: float = 0.0
    """Of the count that is under way; 0 = none."""
    count: int = 0
    """What it counts up to."""
    is_marked: bool = False
    """Whether this is the moment to look: the furthest pose, or the one that is wrong."""


@dataclass(frozen=True)
class Film:
    """A demonstration as a function of time, over and over; with a fault or without, to either side.

    Example:
        film = exercise.film("low-back-arch")
        shown = film.at(2.5)
    """

    of: Demonstration
    fault: str = ""
    side: Side | None = None
    """The side that moves, always the near one; None = as it is declared, in turns where it is so."""
    is_remedy: bool = False
    """Whether it shows how the fault is put right: the right movement, marked where the fault is."""
    is_turned: bool = False
    """Whether it is drawn as in a mirror, to lie as the person does."""

    @property
    def wrong(self) -> Wrong | None:
        """What is done wrong; None where it is right."""
        return self.of.faults[self.fault] if self.fault and not self.is_remedy else None

    @property
    def spot(self) -> Spot:
        """Where to look."""
        return self.of.faults[self.fault].spot if self.fault else ""

    @property
    def is_flipped(self) -> bool:
        """Whether x grows to the left in its picture, so that the side that moves is the near one."""
        return ((self.of.start.posture != "supine") != (self.side == "right")) != self.is_turned

    @cached_property
    def _steps(self) -> tuple[Step, ...]:
        """Begins with the start, which stays for the rest."""
        wrong = self.wrong or Wrong("")
        steps = (Step(self.of.start, 0.0, self.of.rest_s), *(wrong.steps or self.of.steps))
        return tuple(
            Step(
                wrong.poses.get(i, step.stance),
                step.in_s * wrong.pace,
                step.stay_s * (wrong.stay if step.count else 1.0),
                step.count,
            )
            for i, step in enumerate(steps)
        )

    @cached_property
    def cycle_s(self) -> float:
        """Seconds of one repetition."""
        return sum(step.in_s + step.stay_s for step in self._steps)

    @property
    def length_s(self) -> float:
        """Seconds until it begins anew: both sides where they take turns."""
        return self.cycle_s * (2 if self._takes_turns else 1)

    @property
    def _takes_turns(self) -> bool:
        return self.of.is_alternating and self.side is None

    @cached_property
    def telling_s(self) -> float:
        """The moment to show where nothing moves: the first pose that is wrong, or else the first step's."""
        at = 0.0
        for i, step in enumerate(self._steps):
            at += step.in_s + step.stay_s
            if self._is_told(i):
                return at - step.stay_s / 2
        return 0.0

    def _is_told(self, i: int) -> bool:
        """Whether the pose of a step is one to look at."""
        wrong = self.of.faults[self.fault] if self.fault else None
        if self.of.is_even:
            return True
        if wrong is None or (not wrong.poses and (self.is_remedy or not wrong.steps)):
            counted = [k for k, step in enumerate(self._steps) if step.count]
            return i == (counted[0] if counted else min(1, len(self._steps) - 1))
        if wrong.poses:
            return i in wrong.poses
        return 0 < i < len(self._steps) - 1

    def at(self, t_s: float) -> Shown:
        """The moment of a time, seconds from its beginning."""
        turn, t = divmod(max(0.0, t_s), self.cycle_s) if self.cycle_s > 0 else (0.0, 0.0)
        before = len(self._steps) - 1
        for i, step in enumerate(self._steps):
            if t < step.in_s + step.stay_s or i == len(self._steps) - 1:
                break
            t -= step.in_s + step.stay_s
            before = i
        way = min(1.0, t / step.in_s) if step.in_s > 0 else 1.0
        stance = between(self._steps[before].stance, step.stance, _even(way) if self.of.is_even else way)
        stayed = (t - step.in_s) / step.stay_s if step.stay_s > 0 and t > step.in_s else 0.0
        wrong = self.wrong or Wrong("")
        share = min(1.0, stayed) * wrong.stay
        if not share and wrong.stay < 1.0 and self._steps[before].count:
            step, share = self._steps[before], wrong.stay  # where it was broken off
        is_marked = (self._is_told(i) and way > 0.6) or (self._is_told(before) and way < 0.4) or wrong.spot == "time"
        is_swapped = self._takes_turns and turn % 2 == 1 and not wrong.is_same_side
        joints = self._settled(stance)
        return Shown(joints[list(MIRROR)] if is_swapped else joints, stance, share, step.count, is_marked)

    @cached_property
    def _home(self) -> tuple[Vector, float]:
        """The start on its floor, what is lowest upon it; and by how much it was raised."""
        xy = joints_tl(self._steps[0].stance)
        body = [SHOULDER["left"], HIP["left"]]
        ends = [*KNEE.values(), *ANKLE.values()]
        raised = -min(xy[ends, 1].min() - SOLE_TL, *(xy[joint, 1] - BODY_TL for joint in body))
        xy[:, 1] += raised
        for spot in self.of.planted:
            if spot.endswith("foot"):
                _reach(xy, _joint(spot), np.array([xy[_joint(spot), 0], SOLE_TL]))
        return xy, raised

    def _settled(self, stance: Stance) -> Vector:
        """The joints of a stance with what is planted in its place, and feet that meet the floor."""
        home, raised = self._home
        xy = joints_tl(stance)
        xy[:, 1] += raised
        if self.of.anchor == "floor":
            xy[:, 1] += SOLE_TL + stance.hip_y_tl - xy[list(ANKLE.values()), 1].min()
        elif self.of.anchor:
            xy += home[_joint(self.of.anchor)] - xy[_joint(self.of.anchor)]
        for spot in self.of.planted:
            if _angles(stance, spot) == _angles(self._steps[0].stance, spot):
                _reach(xy, _joint(spot), home[_joint(spot)])
        for side in SIDES:
            _turn_foot(xy, side, stance)
        xy[HEAD, 1] += max(0.0, BODY_TL - xy[Joint.LEFT_EAR, 1])  # the floor holds the head
        return xy


@cache
def film_of(
    of: Demonstration, fault: str = "", side: Side | None = None, is_remedy: bool = False, is_turned: bool = False
) -> Film:
    """The film of a demonstration, made once: what it works out is kept with it."""
    return Film(of, fault, side, is_remedy, is_turned)


def _even(share: float) -> float:
    """What `between` eases into an even way: the inverse of its polynomial."""
    return 0.5 - math.sin(math.asin(1.0 - 2.0 * share) / 3.0)


def _angles(stance: Stance, spot: Spot) -> tuple[float, float]:
    """The angles of the limb whose end a spot is."""
    own = stance.left if spot.startswith("near") else stance.right
    return (own.hip_deg, own.knee_deg) if spot.endswith("foot") else (own.shoulder_deg, own.elbow_deg)


def joint_of(spot: Spot) -> Joint | None:
    """The joint behind a spot, the near side taken for the left one; None for what is no joint."""
    if spot == "head":
        return Joint.LEFT_EAR
    return None if spot in ("", "time", "low back") else _joint(spot)


def _joint(spot: Spot) -> Joint:
    if spot in ("shoulders", "trunk"):
        return SHOULDER["left"]
    if spot == "hips":
        return HIP["left"]
    side, _, part = spot.partition(" ")
    return _PAIRS[part][_SIDES[side]]


def spot_tl(shown: Shown, spot: Spot) -> Vector:
    """(2,) where a spot is, torso lengths."""
    hip, shoulder = shown.joints[HIP["left"]], shown.joints[SHOULDER["left"]]
    _, front = shown.stance.axes
    if spot == "head":
        return np.asarray(shown.joints[Joint.LEFT_EAR])
    if spot == "trunk":
        return np.asarray((hip + shoulder) / 2)
    if spot == "low back":
        return np.asarray(hip + 0.38 * (shoulder - hip) - 0.12 * front)
    return np.asarray(shown.joints[_joint(spot)])


def _reach(xy: Vector, end: Joint, to: Vector) -> None:
    """Bring an ankle or a wrist to a place; the joint between follows, on the side where it was."""
    root, middle = _ROOTS[end]
    a, b, c = xy[root], xy[middle], xy[end]
    first, second = math.dist(a, b), math.dist(b, c)
    way = to - a
    far = min(max(float(np.hypot(*way)), abs(first - second) + 1e-6), first + second - 1e-6)
    along = way / max(float(np.hypot(*way)), 1e-9)
    across = np.array([-along[1], along[0]])
    x = (first**2 - second**2 + far**2) / (2 * far)
    y = math.sqrt(max(0.0, first**2 - x**2))
    was = c - a
    is_left = was[0] * (b - a)[1] - was[1] * (b - a)[0] >= 0
    xy[middle], xy[end] = a + x * along + (y if is_left else -y) * across, a + far * along


_ROOTS = {
    end[side]: (root[side], middle[side])
    for root, middle, end in ((HIP, KNEE, ANKLE), (SHOULDER, ELBOW, WRIST))
    for side in SIDES
}


def _turn_foot(xy: Vector, side: Side, stance: Stance) -> None:
    """Heel and toes: along the floor under a steep shank, behind a flat one, and as it likes in the air."""
    knee, ankle = xy[KNEE[side]], xy[ANKLE[side]]
    shank = (ankle - knee) / max(math.dist(knee, ankle), 1e-9)
    toward = -1.0 if stance.posture == "supine" else 1.0
    free = np.array([-shank[1], shank[0]])
    free = free if free @ stance.axes[1] >= 0 else -free
    if stance.posture == "supine":
        free = free + 0.35 * shank
    is_flat = abs(math.degrees(math.atan2(shank[1], shank[0]))) % 180.0
    is_kneeling = min(is_flat, 180.0 - is_flat) < STEEP_DEG and stance.posture != "supine"
    rested = shank if is_kneeling else np.array([toward, 0.0])
    height = min(1.0, max(0.0, (ankle[1] - SOLE_TL) / LIFTED_TL))
    eased = height * height * (3.0 - 2.0 * height)
    out = eased * free / np.hypot(*free) + (1.0 - eased) * rested
    out /= max(float(np.hypot(*out)), 1e-9)
    xy[TOE[side]] = ankle + FOOT_TL * out
    xy[HEEL[side]] = ankle - HEEL_TL * out
    if not is_kneeling:
        down = np.array([out[1], -out[0]]) if out[0] > 0 else np.array([-out[1], out[0]])
        xy[TOE[side]] += 0.6 * SOLE_TL * down
        xy[HEEL[side]] += 0.6 * SOLE_TL * down


@cache
def bounds_tl(of: Demonstration) -> tuple[float, float, float, float]:
    """(left, bottom, right, top) of all that it shows, right and wrong, torso lengths."""
    films = [film_of(of), *(film_of(of, name) for name in of.faults)]
    seen = [film.at(film.cycle_s * i / 24).joints for film in films for i in range(25)]
    low, high = np.min([xy.min(axis=0) for xy in seen], axis=0), np.max([xy.max(axis=0) for xy in seen], axis=0)
    return float(low[0]) - 0.25, -0.12, float(high[0]) + 0.25, float(high[1]) + 0.45
