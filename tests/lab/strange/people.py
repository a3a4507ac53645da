"""Strangers: bodies and clothes drawn at random, wider than those of the catalogue and of the training.

Beyond the builds of the mesh they have a shape of their own: a round or hollow spine at rest, flat or full buttocks,
a belly. The body is moulded before it is dressed, so everything that is true is measured on the moulded one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tests.lab.body import RGB, Figure, Floats, Look, RestBody
from tests.lab.kinematics import Pose, rotate_x, skin, solve

SEED = 7331
COUNT = 72

SHADES = 24
"""Colours that a zone of the clothes can have, from its lower end to its upper."""

SKINS: tuple[RGB, ...] = ((250, 232, 220), (238, 204, 182), (222, 178, 140), (190, 140, 104), (156, 104, 72),
                          (116, 76, 54), (78, 54, 42), (46, 36, 32))  # fmt: skip
HAIRS: tuple[RGB, ...] = ((16, 14, 14), (60, 40, 26), (120, 80, 46), (200, 170, 110), (150, 148, 146), (235, 234, 230))

NECK = ("neck01", "neck02", "neck03", "head")


@dataclass(frozen=True, slots=True)
class StrangeLook(Look):
    """A look with ``legs``, the share of the trousers from the waist down that is cloth (1: to the ankles), and
    ``stripes`` across the top (0: none), in colours of the zone."""

    legs: float = 1.0
    stripes: int = 0
    second: RGB = (200, 200, 200)

    def paint(self, palette: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Cut the trousers off, and stripe the top."""
        fine = np.repeat(palette, SHADES, axis=1)
        bare = round((1.0 - self.legs) * SHADES)
        fine[:, SHADES : SHADES + bare] = self.skin
        if self.stripes:
            top = fine[:, 2 * SHADES : 3 * SHADES]
            top[:, np.arange(SHADES) // self.stripes % 2 == 1] = self.second
        return fine


@dataclass(frozen=True, slots=True)
class StrangeFigure(Figure):
    """A figure with a shape: ``round_deg`` and ``hollow_deg`` bend the chest forward and the low back inward at rest;
    ``buttocks_m`` and ``belly_m`` are what is added there."""

    round_deg: float = 0.0
    hollow_deg: float = 0.0
    buttocks_m: float = 0.0
    belly_m: float = 0.0

    def mould(self, body: RestBody) -> RestBody:
        """Shape the flesh, then bend the spine."""
        return _bend(replace(body, vertices_m=_shape(body, self)), self)


def _shape(body: RestBody, figure: StrangeFigure) -> Floats:
    """Rest vertices with the flesh that the figure has, (N, 3) metres."""
    size = figure.height_m / 1.66
    x, y, z = body.vertices_m.T
    hip = body.heads_m[body.bone("upperleg01.L")]
    trunk = body.carried_by("root", "pelvis", "spine", "upperleg")
    middle = float(np.median(y[body.carried_by("root", "pelvis")]))
    cheek = np.exp(-(((np.abs(x) - 0.075 * size) / (0.06 * size)) ** 2) - ((z - hip[2] + 0.01) / (0.085 * size)) ** 2)
    behind = np.clip((y - middle) / (0.06 * size), 0.0, 1.0)
    navel = float(body.heads_m[body.bone("spine04"), 2])
    paunch = np.exp(-((x / (0.13 * size)) ** 2) - ((z - navel) / (0.11 * size)) ** 2)
    ahead = np.clip((middle - y) / (0.06 * size), 0.0, 1.0)
    moved: Floats = body.vertices_m.copy()
    moved[:, 1] += trunk * (figure.buttocks_m * cheek * behind - figure.belly_m * paunch * ahead)
    return moved


def _bend(body: RestBody, figure: StrangeFigure) -> RestBody:
    """The body with a spine that is bent at rest; hips and head keep their directions."""
    half, chest = 0.5 * figure.hollow_deg, 0.5 * figure.round_deg
    bends = {"spine05": -half, "spine04": -half, "spine03": half, "spine02": half + chest, "spine01": chest}
    turns = {bone: rotate_x(degrees) for bone, degrees in bends.items()}
    turns |= {bone: rotate_x(-figure.round_deg / len(NECK)) for bone in NECK}
    posed = solve(body, Pose({"root": np.eye(3)}, turns, body.heads_m[body.bone("root")]))
    points = {name: posed.point(name) for name in body.points}
    bent = skin(posed, body.vertices_m, body.weights)
    return replace(body, vertices_m=bent, heads_m=posed.joints_m, points=points)


def draw_people() -> tuple[StrangeFigure, ...]:
    """All strangers, always the same."""
    return tuple(_draw(number, np.random.default_rng([SEED, number])) for number in range(COUNT))


def _draw(number: int, rng: np.random.Generator) -> StrangeFigure:
    """One stranger; every fourth is very heavy."""
    heavy = number % 4 == 3
    return StrangeFigure(
        f"s{number:02d}",
        sex=float(rng.choice([0.0, 1.0]) if rng.random() < 0.6 else rng.random()),
        age=float(rng.uniform(0.67, 1.0)),
        muscle=float(rng.uniform(0.1, 0.95)),
        weight=float(rng.uniform(0.88, 1.0) if heavy else rng.uniform(0.12, 0.9)),
        height_m=float(rng.uniform(1.42, 2.05)),
        proportions=float(rng.uniform(0.15, 0.85)),
        look=_dress(rng),
        round_deg=float(rng.choice([0.0, rng.uniform(6.0, 20.0)])),
        hollow_deg=float(rng.choice([0.0, rng.uniform(5.0, 16.0), rng.uniform(-9.0, -4.0)])),
        buttocks_m=float(rng.uniform(-0.022, 0.028)),
        belly_m=float(rng.uniform(0.01, 0.04) if heavy else rng.choice([0.0, rng.uniform(0.0, 0.02)])),
    )


def _dress(rng: np.random.Generator) -> StrangeLook:
    """Shorts, trousers or tights; a tight top, a shirt or a hoodie; often top and trousers of one colour."""
    top = _colour(rng)
    trousers = top if rng.random() < 0.25 else _colour(rng)
    return StrangeLook(
        skin=SKINS[int(rng.integers(len(SKINS)))],
        top=top,
        trousers=trousers,
        hair=HAIRS[int(rng.integers(len(HAIRS)))],
        socks=_colour(rng) if rng.random() < 0.6 else None,
        hair_style=str(rng.choice(["short", "long", "bald"])),
        loose=float(rng.choice([0.0, rng.uniform(0.2, 0.8), 1.0])),
        legs=float(rng.choice([1.0, 1.0, rng.uniform(0.35, 0.6)])),
        stripes=int(rng.choice([0, 0, 2, 4])),
        second=_colour(rng),
    )


def _colour(rng: np.random.Generator) -> RGB:
    """Any colour, a third of them grey."""
    if rng.random() < 0.33:
        grey = int(rng.integers(12, 246))
        return (grey, grey, grey)
    r, g, b = (int(v) for v in rng.integers(10, 246, 3))
    return (r, g, b)
