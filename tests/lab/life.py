"""Life: what people do before, between and after repetitions. Nothing of it may be counted.

A script is a row of key stances with times; joints go from one to the next smoothly. Stances are given in the frame of
the trunk (flexion angles), then the whole body is leaned, rolled and set down on the floor.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from tests.lab.body import Floats, RestBody
from tests.lab.drill import Blemish, mix
from tests.lab.kinematics import Pose, Posed, find_zero, rotate_x, skin, solve
from tests.lab.limbs import SIDES, bend_spine, place_arm, place_leg
from tests.lab.tempo import Rep, Sway, ease

SINK_M = 0.012
"""How far soft tissue gives way where a body rests."""

THINNED = 5
"""Every so many vertices are looked at to find the lowest."""

LENGTH_S = 13.0


@dataclass(frozen=True, slots=True)
class Stance:
    """Angles in degrees. ``lean`` of the trunk: -90 on the back, 0 upright, 90 face down; ``roll`` about its length.

    ``hip`` and ``knee`` flexion and ``arm`` flexion (0 hangs beside the trunk, 90 forward, 180 overhead) and ``elbow``
    flexion by side; ``ankle`` between shin and sole (90 standing, more is bent up); ``neck`` bends the head forward;
    ``cross`` brings the arms inward, 1 crosses raised hands; ``y_m`` is the pelvis's place along the floor.
    """

    lean: float = 0.0
    roll: float = 0.0
    neck: float = 0.0
    y_m: float = -0.45
    ankle: float = 90.0
    hip_l: float = 0.0
    hip_r: float = 0.0
    knee_l: float = 3.0
    knee_r: float = 3.0
    arm_l: float = 8.0
    arm_r: float = 8.0
    elbow_l: float = 10.0
    elbow_r: float = 10.0
    cross: float = 0.0


def both(lean: float, hip: float, knee: float, arm: float, elbow: float = 10.0, **more: float) -> Stance:
    """A stance with both sides alike."""
    return Stance(lean, hip_l=hip, hip_r=hip, knee_l=knee, knee_r=knee, arm_l=arm, arm_r=arm,
                  elbow_l=elbow, elbow_r=elbow, **more)  # fmt: skip


HOOK = both(-89.0, 50.0, 100.0, 8.0, ankle=51.0)
TABLE = both(-89.0, 90.0, 90.0, 90.0, 4.0)
FOURS = both(88.0, 90.0, 90.0, 97.0, 16.0, y_m=0.1, ankle=12.0)
SIT = both(-16.0, 109.0, 72.0, 34.0, 30.0, ankle=37.0)
KNEEL = both(2.0, 4.0, 92.0, 8.0, 15.0, y_m=0.0, ankle=12.0)
STAND = both(0.0, 2.0, 3.0, 6.0)
CROUCH = both(40.0, 95.0, 105.0, 85.0, 10.0, y_m=-0.1, ankle=112.0)

SEATED = both(-2.0, 86.0, 88.0, 30.0, 35.0, y_m=0.08, ankle=90.0)
HALF = Stance(2.0, y_m=0.0, hip_l=88.0, knee_l=88.0, hip_r=2.0, knee_r=92.0, arm_l=30.0, arm_r=8.0, elbow_l=40.0)

STARTS = {"dead-bug": TABLE, "glute-bridge": HOOK, "pelvic-tilt": HOOK, "bird-dog": FOURS,
          "piriformis-stretch": SEATED, "hip-flexor-stretch": HALF}  # fmt: skip

Script = list[tuple[float, Stance]]


def _way_down(start: Stance) -> list[Stance]:
    """From standing to a start pose."""
    if start is SEATED:
        return [replace(STAND, y_m=-0.35), replace(CROUCH, y_m=-0.1), start]
    return [STAND, CROUCH, KNEEL, start] if start in (FOURS, HALF) else [STAND, CROUCH, SIT, HOOK, start]


def _spread(stances: list[Stance], first_s: float, last_s: float) -> Script:
    times = np.linspace(first_s, last_s, len(stances))
    return [(float(t), stance) for t, stance in zip(times, stances, strict=True)]


def getting_down(start: Stance) -> Script:
    return _spread(_way_down(start), 1.0, 8.5)


def getting_up(start: Stance) -> Script:
    return [(3.0, start), *_spread(_way_down(start)[::-1], 3.5, 10.5)]


def drinking(start: Stance) -> Script:
    up = {FOURS: KNEEL, SEATED: SEATED, HALF: HALF}.get(start, SIT)
    sip = replace(up, arm_r=62.0, elbow_r=135.0, neck=-22.0)
    return [(2.5, start), (4.5, up), (6.0, sip), (7.5, sip), (8.5, up), (10.5, start)]


def scratching(start: Stance) -> Script:
    itch = replace(start, arm_r=40.0, elbow_r=70.0, neck=12.0)
    rub = replace(itch, elbow_r=88.0)
    return [(2.5, start), (3.5, itch), (4.2, rub), (4.9, itch), (5.6, rub), (6.3, itch), (7.5, start)]


def talking(start: Stance) -> Script:
    if start is FOURS:
        wave = replace(start, neck=-30.0)
        return [(2.5, start), (3.5, wave), (5.0, replace(wave, neck=18.0)), (7.0, wave), (8.5, start)]
    one = replace(start, arm_l=70.0, elbow_l=60.0, arm_r=45.0, elbow_r=95.0)
    two = replace(start, arm_l=45.0, elbow_l=95.0, arm_r=75.0, elbow_r=50.0)
    return [(2.5, start), (3.2, one), (4.0, two), (4.8, one), (5.6, two), (6.6, one), (8.0, start)]


def rolling(start: Stance) -> Script:
    if start is FOURS:
        child = replace(
            start, lean=100.0, hip_l=150.0, hip_r=150.0, knee_l=150.0, knee_r=150.0, arm_l=165.0, arm_r=165.0
        )
        return [(2.5, start), (4.5, child), (7.0, child), (9.0, start)]
    side = replace(start, roll=80.0, hip_l=65.0, hip_r=65.0, knee_l=80.0, knee_r=80.0, arm_l=60.0, arm_r=60.0)
    return [(2.5, start), (4.5, side), (7.0, side), (9.0, start)]


def resting(start: Stance) -> Script:
    if start is FOURS:
        return [(2.5, start), (4.0, KNEEL), (7.5, KNEEL), (9.5, start)]
    flat = both(-89.0, 6.0, 8.0, 14.0)
    return [(2.5, start), (4.5, flat), (7.5, flat), (9.5, start)]


def hugging(start: Stance) -> Script:
    if start is FOURS:
        wave = replace(start, arm_r=120.0, elbow_r=60.0)
        return [(2.5, start), (3.5, wave), (4.5, start), (5.5, replace(start, arm_l=120.0, elbow_l=60.0)), (6.5, start)]
    hug = both(-89.0, 128.0, 128.0, 62.0, 55.0)
    return [(2.5, start), (4.0, hug), (5.5, hug), (7.0, start)]


def leaving(start: Stance) -> Script:
    away = replace(STAND, y_m=-4.0)
    return [(2.0, start), *_spread(_way_down(start)[::-1], 2.5, 6.5), (9.0, away), (11.0, away)]


def coming_back(start: Stance) -> Script:
    away, way = replace(STAND, y_m=-4.0), _way_down(start)
    up, down = _spread(way[::-1], 1.3, 4.3), _spread(way, 8.8, 12.3)
    return [(0.9, start), *up, (6.2, away), (7.0, away), *down]


def up_and_down(start: Stance) -> Script:
    """In the middle of a set: to the feet, a moment there, and down again."""
    way = _way_down(start)
    return [(0.8, start), *_spread(way[::-1], 1.0, 4.6), *_spread(way, 6.2, 10.2)]


def signing(start: Stance) -> Script:
    """The sign that skips: up to sitting (or kneeling), both hands crossed above the head for three seconds."""
    up = {FOURS: KNEEL, SEATED: SEATED, HALF: HALF}.get(start, SIT)
    sign = replace(up, arm_l=172.0, arm_r=172.0, elbow_l=12.0, elbow_r=12.0, cross=1.0)
    return [(2.0, start), (4.0, up), (5.2, sign), (8.4, sign), (9.4, up), (11.5, start)]


Writer = Callable[[Stance], Script]

LIVES: dict[str, Writer] = {
    "getting-down": getting_down,
    "getting-up": getting_up,
    "drinking": drinking,
    "scratching": scratching,
    "talking": talking,
    "rolling": rolling,
    "resting": resting,
    "hugging": hugging,
    "leaving": leaving,
    "coming-back": coming_back,
    "signing": signing,
}
"""Scripts by name; ``base["life"]`` of a scenario is the place in this order."""


@dataclass(frozen=True, slots=True)
class Life:
    """A body that follows a script instead of repeating an exercise."""

    body: RestBody
    script: Script
    name: str
    points_m: Floats
    weights: Floats

    def pose(self, rep: Rep, reach: float, hold_progress: float, sway: Sway, t_s: float) -> Posed:
        """Pose the body at a time."""
        del rep, reach, hold_progress
        stance = _at(self.script, t_s)
        wobble = {
            name: getattr(stance, name) + 0.7 * sway.of(name, t_s)
            for name in ("hip_l", "hip_r", "knee_l", "knee_r", "arm_l", "arm_r")
        }
        return self.settle(replace(stance, **wobble))

    def settle(self, stance: Stance) -> Posed:
        """Put a stance on the floor."""
        posed = _pose(self.body, stance)
        low = float(skin(posed, self.points_m, self.weights)[:, 2].min())
        place = posed.joint("root")
        return posed.moved(np.array([0.0, stance.y_m - place[1], -low - SINK_M]))

    def lumbar_deg(self, rep: Rep, reach: float, sway: Sway, t_s: float) -> float:
        """The low back keeps its rest shape."""
        del rep, reach, sway, t_s
        return 0.0

    def blemishes(self, reps: tuple[Rep, ...], index: int, hold_s: float) -> tuple[Blemish, ...]:
        """None: nothing is exercised."""
        del reps, index, hold_s
        return ()


def life_of(base: Mapping[str, float]) -> Writer:
    """What ``base["life"]`` of a scenario names."""
    return list(LIVES.values())[int(base["life"])]


def live(exercise: str, body: RestBody, write: Writer) -> Life:
    """Somebody who does something else."""
    points, weights = body.vertices_m[::THINNED], body.weights[::THINNED]
    start = STARTS.get(exercise, STAND)
    level = _level_fours(body, points, weights) if start is FOURS else 0.0
    script = write(start)
    script = [(t, replace(s, lean=s.lean + level) if abs(s.lean - FOURS.lean) < 1.0 else s) for t, s in script]
    return Life(body, script, exercise, points, weights)


def _level_fours(body: RestBody, points: Floats, weights: Floats) -> float:
    """Degrees by which to lean further so that hands and knees touch the floor together."""

    def hover(extra_deg: float) -> float:
        posed = _pose(body, replace(FOURS, lean=FOURS.lean + extra_deg, hip_l=90.0 + extra_deg, hip_r=90.0 + extra_deg))
        return float(posed.joint("wrist.L")[2] - posed.joint("lowerleg01.L")[2]) + 0.02

    del points, weights
    return find_zero(hover, -25.0, 25.0, tolerance=1e-3)


def _at(script: Script, t_s: float) -> Stance:
    """The stance at a time, eased between its keys."""
    if t_s <= script[0][0]:
        return script[0][1]
    for (t0, a), (t1, b) in itertools.pairwise(script):
        if t_s <= t1:
            share = ease((t_s - t0) / (t1 - t0))
            return Stance(**{f.name: mix(getattr(a, f.name), getattr(b, f.name), share) for f in fields(Stance)})
    return script[-1][1]


def _direction(flexion_deg: float, spread: float) -> Floats:
    angle = np.radians(flexion_deg)
    found = np.array([spread, -np.sin(angle), -np.cos(angle)])
    return np.asarray(found / np.linalg.norm(found))


def _pose(body: RestBody, stance: Stance) -> Posed:
    """A stance with the pelvis at the origin."""
    turn = rotate_x(stance.lean) @ _rotate_z(stance.roll)
    turns: dict[str, Floats] = {"root": np.eye(3)}
    for side, sign in SIDES.items():
        low = side.lower()
        hip, knee, arm, elbow = (getattr(stance, f"{joint}_{low}") for joint in ("hip", "knee", "arm", "elbow"))
        foot = hip - knee + stance.ankle
        turns |= place_leg(
            body, side, _direction(hip, 0.04 * sign), _direction(hip - knee, 0.02 * sign), _direction(foot, 0.0)
        )
        fore = _direction(arm + elbow, (0.02 - 0.50 * stance.cross) * sign)
        upper = _direction(arm, (0.10 - 0.45 * stance.cross) * sign)
        turns |= place_arm(body, side, np.eye(3), upper, fore, fore, np.array([-sign, 0.0, 0.0]))
    return solve(body, Pose({name: turn @ own for name, own in turns.items()}, bend_spine(0.0, stance.neck)))


def _rotate_z(degrees: float) -> Floats:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
