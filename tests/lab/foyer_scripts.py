"""Foyer scripts: what people do before a kiosk, as key attitudes in time. `foyer` renders them, or poses them only.

Three kinds. `choices`: somebody raises one arm to one of three choices, again and again. `lives`: what people do there
without choosing anything. `strangers`: those whom the kiosk must not wake for, and those whom it must.

A hand's place is told from its own shoulder, in lengths of the arm: out to its own side, ahead, up.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np

from tests.lab.drill import mix
from tests.lab.tempo import ease

Spot = tuple[float, float, float]
HANG: Spot = (0.14, 0.06, -0.96)
LAP: Spot = (-0.10, 0.62, -0.55)


@dataclass(frozen=True, slots=True)
class Attitude:
    """How somebody stands. Metres and degrees.

    ``x_m`` towards the camera, ``y_m`` to the right of its picture; ``turn`` of the body to its own left, 0 faces the
    camera's way; ``head`` turn and ``nod`` of the head; ``lean`` forward, ``tilt`` of the trunk to its own left;
    ``sit`` from 0 (standing) to 1 (sitting, as in a wheelchair); ``step`` is how far it walks (strides swing by it).
    """

    x_m: float = 0.0
    y_m: float = 0.0
    turn: float = 0.0
    head: float = 0.0
    nod: float = 0.0
    lean: float = 0.0
    tilt: float = 0.0
    sit: float = 0.0
    step: float = 0.0
    left: Spot = HANG
    right: Spot = HANG


Script = list[tuple[float, Attitude]]


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice that was meant: 0, 1, 2 from the person's left, by which arm, from when to when it was held."""

    index: int
    side: str
    start_s: float
    held_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Play:
    """A script with what was meant by it. ``stands_s`` is when somebody stands there who shall wake the kiosk."""

    script: Script
    choices: tuple[Choice, ...] = ()
    stands_s: float | None = None
    acts: tuple[tuple[float, str], ...] = ()
    """What begins when."""

    @property
    def length_s(self) -> float:
        return self.script[-1][0]


def at(script: Script, t_s: float) -> Attitude:
    """The attitude at a time, eased between its keys (walking goes at one speed)."""
    if t_s <= script[0][0]:
        return script[0][1]
    for (t0, a), (t1, b) in itertools.pairwise(script):
        if t_s <= t1:
            share = (t_s - t0) / (t1 - t0)
            share = share if b.step != a.step else ease(share)
            return Attitude(**{f.name: _between(getattr(a, f.name), getattr(b, f.name), share) for f in fields(a)})
    return script[-1][1]


def _between(a: float | Spot, b: float | Spot, share: float) -> float | Spot:
    if isinstance(a, tuple) and isinstance(b, tuple):
        return tuple(mix(one, two, share) for one, two in zip(a, b, strict=True))  # type: ignore[return-value]
    return mix(a, b, share)  # type: ignore[arg-type]


class Writer:
    """Writes a script key by key, for a person who is at home in some attitude."""

    def __init__(self, rng: np.random.Generator, home: Attitude) -> None:
        self.rng, self.home = rng, home
        self.now_s = 0.0
        self.keys: Script = [(0.0, home)]

    def to(self, seconds: float, **changes: object) -> Writer:
        """Go to an attitude that differs from home by so much, in about so many seconds."""
        return self.move(seconds, replace(self.home, **changes))  # type: ignore[arg-type]

    def move(self, seconds: float, attitude: Attitude) -> Writer:
        self.now_s += max(0.12, seconds * float(np.clip(self.rng.normal(1.0, 0.12), 0.7, 1.4)))
        self.keys.append((self.now_s, attitude))
        return self

    def stay(self, seconds: float) -> Writer:
        """Keep the attitude, with the drift of whoever holds something."""
        last, drift = self.keys[-1][1], self.rng.normal(0.0, 0.012, 6)
        spots = zip((last.left, last.right), drift.reshape(2, 3), strict=True)
        left, right = (tuple(float(v) for v in np.array(spot) + off) for spot, off in spots)
        return self.move(seconds, replace(last, left=left, right=right))

    def hand(self, side: str, seconds: float, *spot: float, **changes: object) -> Writer:
        """Bring one hand to a place, the other one home."""
        jitter = self.rng.normal(0.0, 0.035, 3)
        where = tuple(float(v) for v in np.array(spot) + jitter)
        return self.to(seconds, **{side: where}, **changes)

    def back(self, seconds: float = 0.7) -> Writer:
        return self.move(seconds, self.home)

    def pick(self, *values: str) -> str:
        return str(values[int(self.rng.integers(len(values)))])

    def any(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))


# -- choosing --------------------------------------------------------------------------------------------------------

SIDE_DEG, UP_DEG, ACROSS_DEG = (106.0, 135.0), (160.0, 188.0), (-135.0, -107.0)
"""Directions of the arm that people were told, from hanging (0) outward; across the body is negative: hands of a clock
at two or ten, and at twelve."""


def choices(rng: np.random.Generator, home: Attitude, arms: tuple[str, ...] = ("left", "right")) -> Play:
    """Six choices, one after the other, by the arm that is told for each; who has one arm reaches across with it."""
    writer, meant = Writer(rng, home), []
    writer.stay(1.2)
    for index in [*rng.permutation(3), *rng.permutation(3)]:
        near = ("left", None, "right")[index]
        side = near if near in arms else arms[int(rng.integers(len(arms)))]
        band = UP_DEG if near is None else SIDE_DEG if side == near else ACROSS_DEG
        start_s = writer.now_s
        writer.hand(side, writer.any(0.5, 0.9), *_pointed(rng, band), head=rng.normal(0.0, 6.0))
        held_s = writer.now_s
        writer.stay(writer.any(2.4, 3.4) + (1.0 if band == ACROSS_DEG else 0.0))  # until the ring is full
        meant.append(Choice(int(index), side, start_s, held_s, writer.now_s))
        writer.back(writer.any(0.5, 0.9)).stay(writer.any(0.6, 1.5))
    return Play(writer.keys, tuple(meant))


def _pointed(rng: np.random.Generator, band: tuple[float, float]) -> Spot:
    """A nearly straight arm in a direction of a band, a little ahead of the body, as people hold it."""
    angle, length = np.radians(rng.uniform(*band)), rng.uniform(0.95, 0.995)
    ahead = rng.uniform(0.0, 0.30) if angle > 0 else rng.uniform(0.62, 0.72)
    flat = np.sqrt(1.0 - ahead**2)
    out, up = flat * np.sin(angle), -flat * np.cos(angle)
    return float(length * out), float(length * ahead), float(length * up)


# -- life ------------------------------------------------------------------------------------------------------------


def scratching(w: Writer) -> None:
    side = w.pick("left", "right")
    w.hand(side, 0.6, -0.15, 0.20, 0.52)
    for _ in range(4):
        w.hand(side, 0.25, -0.15 + w.any(-0.06, 0.06), 0.20, 0.52)
    w.stay(w.any(0.0, 2.0)).back()


def drinking(w: Writer) -> None:
    side = w.pick("left", "right")
    w.hand(side, 0.8, -0.20, 0.38, 0.28).to(0.4, **{side: (-0.2, 0.40, 0.34)}, nod=-25.0).stay(w.any(1.0, 3.0)).back()


def telephoning(w: Writer) -> None:
    side = w.pick("left", "right")
    w.hand(side, 0.8, -0.05, 0.22, 0.34).stay(2.5)
    w.to(0.8, **{side: (-0.05, 0.22, 0.34)}, head=w.any(-50, 50)).stay(2.0).back()


def reading_phone(w: Writer) -> None:
    w.hand(w.pick("left", "right"), 0.7, -0.2, 0.5, -0.25, nod=28.0).stay(w.any(3.0, 5.0)).back()


def waving(w: Writer) -> None:
    side, out = w.pick("left", "right"), w.any(0.25, 0.5)
    up = w.any(0.45, 0.85)
    w.hand(side, 0.6, out, 0.25, up)
    for _ in range(3):
        w.hand(side, 0.28, out + 0.28, 0.2, up - 0.05).hand(side, 0.28, out - 0.18, 0.25, up)
    w.back()


def greeting(w: Writer) -> None:
    w.hand(w.pick("left", "right"), 0.5, w.any(0.1, 0.4), 0.3, w.any(0.4, 0.75)).stay(w.any(0.4, 1.2)).back()


def jacket(w: Writer) -> None:
    """One sleeve, the other one, and a shrug."""
    one = w.pick("left", "right")
    two = "right" if one == "left" else "left"
    w.to(0.8, **{one: (0.55, 0.1, -0.62), two: (-0.35, 0.5, -0.1)})
    w.to(0.6, **{one: (0.92, 0.1, -0.1), two: (-0.40, 0.45, 0.1)}).to(0.8, **{one: (0.5, 0.2, -0.5)})
    w.to(0.8, **{two: (0.62, -0.35, -0.3), one: (-0.3, 0.45, 0.15)})
    w.to(0.6, **{two: (0.93, -0.05, 0.1), one: (-0.2, 0.45, 0.05)}).to(
        0.6, left=(0.3, 0.4, 0.05), right=(0.3, 0.4, 0.05)
    )
    w.stay(0.6).back()


def stretching(w: Writer) -> None:
    high = {"left": (0.2, 0.05, 0.95), "right": (0.2, 0.05, 0.95)}
    w.to(1.0, **high, nod=-15.0).stay(w.any(1.5, 3.0)).to(0.8, left=(0.97, 0.0, 0.1), right=(0.97, 0.0, 0.1)).back()


def yawning(w: Writer) -> None:
    """One arm goes up with the elbow bent, the other hand before the mouth."""
    one, two = ("left", "right") if w.rng.random() < 0.5 else ("right", "left")
    w.to(0.9, **{one: (0.35, -0.05, 0.70), two: (-0.2, 0.4, 0.25)}, nod=-20.0).stay(w.any(1.0, 2.5)).back()


def side_bend(w: Writer) -> None:
    side = w.pick("left", "right")
    tilt = -24.0 if side == "left" else 24.0
    w.hand(side, 1.0, -0.30, 0.05, 0.92, tilt=tilt).stay(w.any(2.0, 4.0)).back(1.0)


def shoulder_stretch(w: Writer) -> None:
    """One arm across the chest, held by the other one."""
    one, two = ("left", "right") if w.rng.random() < 0.5 else ("right", "left")
    w.to(0.9, **{one: (-0.68, 0.66, 0.0), two: (-0.05, 0.52, 0.0)}).stay(w.any(2.0, 4.0)).back(0.9)


def showing(w: Writer) -> None:
    """Points something out to somebody: looks there and at the other one, now and then at the screen."""
    side = w.pick("left", "right")
    sign = 1.0 if side == "left" else -1.0
    spot = _pointed(w.rng, (70.0, 120.0))
    spot = (spot[0], max(spot[1], 0.2), spot[2])
    w.to(0.6, **{side: spot}, head=sign * w.any(45, 75)).stay(w.any(0.8, 1.8))
    w.to(0.4, **{side: spot}, head=-sign * w.any(30, 70)).stay(w.any(0.4, 1.2))
    if w.rng.random() < 0.5:
        w.to(0.4, **{side: spot}, head=0.0).stay(w.any(0.1, 0.9))
    w.back()


def pointing_at_screen(w: Writer) -> None:
    """Points at something on the screen itself, and goes along it."""
    side = w.pick("left", "right")
    w.hand(side, 0.6, -0.15, 0.95, 0.05).stay(w.any(0.6, 1.5)).hand(side, 0.7, 0.25, 0.92, 0.1).stay(0.7).back()


def talking(w: Writer) -> None:
    for _ in range(5):
        spots = [(w.any(-0.1, 0.5), w.any(0.3, 0.6), w.any(-0.45, 0.1)) for _ in range(2)]
        w.to(0.5, left=spots[0], right=spots[1], head=w.any(-40, 40)).stay(w.any(0.0, 0.5))
    w.back()


def hair(w: Writer) -> None:
    both = (-0.05, 0.0, 0.52)
    w.to(0.9, left=both, right=both, nod=12.0)
    for _ in range(3):
        w.to(0.5, left=(w.any(-0.12, 0.05), -0.1, w.any(0.4, 0.56)), right=(w.any(-0.12, 0.05), -0.1, 0.5), nod=12.0)
    w.to(0.6, left=(-0.1, -0.05, 0.45), nod=8.0).stay(0.6).back()


def carrying(w: Writer) -> None:
    """A bag over one shoulder that is lifted, a box held before the belly."""
    if w.rng.random() < 0.5:
        both = (-0.05, 0.6, -0.35)
        w.to(0.9, left=both, right=both).stay(w.any(2.0, 4.0)).back()
        return
    side = w.pick("left", "right")
    w.hand(side, 0.7, -0.25, 0.25, -0.1).hand(side, 0.6, 0.35, 0.1, 0.2).hand(side, 0.5, -0.1, 0.2, -0.05).stay(
        2.0
    ).back()


def arms_folded(w: Writer) -> None:
    w.to(0.8, left=(-0.45, 0.38, -0.38), right=(-0.45, 0.36, -0.34)).stay(w.any(2.0, 4.0)).back()


def on_hips(w: Writer) -> None:
    both = (0.12, 0.02, -0.68)
    one = {w.pick("left", "right"): both} if w.rng.random() < 0.5 else {"left": both, "right": both}
    w.to(0.7, **one).stay(w.any(2.0, 4.0)).back()


def looking_round(w: Writer) -> None:
    w.to(0.8, head=w.any(30, 70)).stay(1.0).to(1.0, head=-w.any(30, 70)).stay(1.0).back().stay(1.5)


def glasses(w: Writer) -> None:
    side = w.pick("left", "right")
    w.hand(side, 0.6, -0.18, 0.30, 0.36).stay(0.8).hand(side, 0.4, -0.1, 0.4, 0.1).hand(
        side, 0.5, -0.18, 0.3, 0.36
    ).back()


def circling(w: Writer) -> None:
    """Warms up one shoulder or both: great circles of a straight arm."""
    sides = ("left", "right") if w.rng.random() < 0.5 else (w.pick("left", "right"),)
    for angle in np.radians(np.arange(30, 760, 45)):
        spot = (0.8 * abs(float(np.sin(angle))) + 0.1, 0.5 * float(np.sin(angle)), -0.9 * float(np.cos(angle)))
        w.to(0.3, **{side: spot for side in sides})
    w.back()


def raising_sideways(w: Writer) -> None:
    """An exercise: one arm or both out to the side and down again."""
    sides = ("left", "right") if w.rng.random() < 0.5 else (w.pick("left", "right"),)
    for _ in range(3):
        w.to(0.9, **{side: (0.97, 0.05, w.any(-0.1, 0.2)) for side in sides}).stay(w.any(0.2, 1.0)).back(0.9)


def bending_down(w: Writer) -> None:
    w.to(1.0, lean=55.0, left=(0.05, 0.4, -0.85), right=(0.05, 0.4, -0.85), nod=10.0).stay(1.0).back(1.0)


def leaning_on_wall(w: Writer) -> None:
    """One hand on a doorpost or a shelf at the height of the shoulder, looking elsewhere, then at the screen."""
    side = w.pick("left", "right")
    w.hand(side, 0.8, 0.86, 0.15, 0.12, head=w.any(-60, 60)).stay(w.any(1.5, 3.0))
    w.hand(side, 0.5, 0.86, 0.15, 0.12).stay(w.any(0.1, 0.9)).back()


def reaching_up(w: Writer) -> None:
    """Turns to a shelf and takes something off it."""
    side = w.pick("left", "right")
    turn = 60.0 if side == "left" else -60.0
    w.to(0.9, turn=w.home.turn + turn, **{side: (0.1, 0.45, 0.85)}).stay(w.any(1.0, 2.5)).back(0.9)


LIVES: dict[str, Callable[[Writer], None]] = {
    act.__name__: act
    for act in (scratching, drinking, telephoning, reading_phone, waving, greeting, jacket, stretching, yawning,
                side_bend, shoulder_stretch, showing, pointing_at_screen, talking, hair, carrying, arms_folded, on_hips,
                looking_round, glasses, circling, raising_sideways, bending_down, leaning_on_wall, reaching_up)
}  # fmt: skip


def massaging(w: Writer) -> None:
    """One hand on the other shoulder, its elbow raised before the chest."""
    side = w.pick("left", "right")
    w.hand(side, 0.8, -0.52, 0.32, 0.05)
    for _ in range(int(w.rng.integers(2, 6))):
        w.hand(side, 0.5, -0.52 + w.any(-0.06, 0.06), 0.32, w.any(-0.02, 0.10))
    w.stay(w.any(0.0, 1.5)).back()


def hailing(w: Writer) -> None:
    """Calls somebody over with a straight arm, or points at the ceiling."""
    side = w.pick("left", "right")
    w.hand(side, 0.6, 0.15, 0.15, 0.93, head=w.any(-60, 60)).stay(w.any(0.3, 1.5)).back()


def watching_the_clock(w: Writer) -> None:
    """Looks at the own watch, the wrist turned before the chest."""
    w.hand(w.pick("left", "right"), 0.6, -0.30, 0.40, -0.10, nod=20.0).stay(w.any(1.0, 2.0)).back()


RARE: dict[str, Callable[[Writer], None]] = {act.__name__: act for act in (massaging, hailing, watching_the_clock)}
"""Posed only, never rendered: written after the rendering had begun."""


def lives(rng: np.random.Generator, home: Attitude, acts: list[str]) -> Play:
    """Acts of life one after the other, with a moment of standing between."""
    writer, begun = Writer(rng, home), []
    for act in acts:
        writer.stay(writer.any(0.4, 1.2))
        begun.append((writer.now_s, act))
        (LIVES | RARE)[act](writer)
    return Play(writer.keys, acts=tuple(begun))


# -- strangers -------------------------------------------------------------------------------------------------------

STRIDE_M = 0.7


def _walk(writer: Writer, home: Attitude, speed: float) -> None:
    """Go to a place."""
    last = writer.keys[-1][1]
    way = float(np.hypot(home.x_m - last.x_m, home.y_m - last.y_m))
    writer.now_s += way / speed
    writer.keys.append((writer.now_s, replace(home, step=last.step + way / STRIDE_M)))


def passing(rng: np.random.Generator, home: Attitude) -> Play:
    """Walks through the picture side-on, and may look at the screen while walking."""
    way = 1.0 if rng.random() < 0.5 else -1.0
    head = float(rng.uniform(40, 80)) if rng.random() < 0.5 else 0.0
    start = replace(home, y_m=-2.6 * way, turn=-90.0 * way, head=0.0)
    writer = Writer(rng, start)
    speed = float(rng.uniform(0.7, 1.4))
    for y_m, look in ((-1.0 * way, 0.0), (0.6 * way, head * way), (2.6 * way, 0.0)):
        _walk(writer, replace(start, y_m=y_m, head=look), speed)
    return Play(writer.keys)


def back_turned(rng: np.random.Generator, home: Attitude) -> Play:
    """Stands with the back to the screen, near, and talks to somebody."""
    turned = replace(home, turn=180.0 + float(rng.uniform(-35, 35)))
    writer = Writer(rng, turned)
    for _ in range(2):
        writer.stay(1.0)
        talking(writer)
    return Play(writer.keys)


def side_on(rng: np.random.Generator, home: Attitude) -> Play:
    """Stands side-on, near, looks ahead of itself, and at the screen for a moment."""
    sign = 1.0 if rng.random() < 0.5 else -1.0
    writer = Writer(rng, replace(home, turn=90.0 * sign))
    writer.stay(3.0).to(0.5, head=-60.0 * sign).stay(0.8).back().stay(2.0)
    talking(writer)
    return Play(writer.keys)


def far_off(rng: np.random.Generator, home: Attitude) -> Play:
    """Stands at the back of the room, facing, and talks."""
    writer = Writer(rng, home)
    writer.stay(3.0)
    talking(writer)
    writer.stay(2.0)
    raising_sideways(writer)
    return Play(writer.keys)


def stepping_up(rng: np.random.Generator, home: Attitude) -> Play:
    """Comes from the side or from afar, turns to the screen and stands before it."""
    if rng.random() < 0.5:
        way = 1.0 if rng.random() < 0.5 else -1.0
        start = replace(home, y_m=home.y_m - 2.4 * way, turn=-90.0 * way)
        writer = Writer(rng, start)
        _walk(writer, replace(start, y_m=home.y_m), float(rng.uniform(0.8, 1.2)))
        writer.move(0.6, replace(writer.keys[-1][1], turn=home.turn))
    else:
        start = replace(home, x_m=home.x_m - 2.2)
        writer = Writer(rng, start)
        _walk(writer, home, float(rng.uniform(0.8, 1.2)))
    stands_s = writer.now_s
    writer.move(4.0, replace(writer.keys[-1][1], head=float(rng.normal(0, 6))))
    return Play(writer.keys, stands_s=stands_s)


STRANGERS: dict[str, Callable[[np.random.Generator, Attitude], Play]] = {
    "passing": passing,
    "back": back_turned,
    "side": side_on,
    "far": far_off,
    "stepping-up": stepping_up,
}
