"""People for training: random builds and random clothes. None of the catalogue's figures is among them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from tests.lab.body import RGB, Figure, Look, RestBody, load_body
from tests.lab.wardrobe import ZONES, Dressed, dress

BODIES, HELD_OUT = 56, 8
"""Builds in all, and how many of them (the last) are kept for calibration: the network never sees them."""

SKINS: tuple[RGB, ...] = ((246, 228, 214), (232, 190, 168), (214, 164, 132), (205, 150, 120), (178, 122, 88),
                          (140, 92, 64), (98, 64, 46), (60, 45, 38), (41, 36, 32))  # fmt: skip
"""Skin tones from one end of the Monk scale to the other."""

SHADES = 48
"""Colours a zone of the clothes can have: for stripes, belts and hems, which must not be read as the back."""


def make_figure(number: int) -> Figure:
    """The build of one person, the same for the same number."""
    rng = np.random.default_rng([41, number])
    return Figure(
        f"p{number:02d}",
        sex=float(rng.choice([0.0, 1.0]) if rng.random() < 0.7 else rng.random()),
        age=float(rng.uniform(0.67, 0.98)),
        muscle=float(rng.uniform(0.25, 0.85)),
        weight=float(rng.uniform(0.22, 0.92)),
        height_m=float(rng.uniform(1.48, 1.95)),
        proportions=float(rng.uniform(0.3, 0.7)),
    )


@lru_cache(maxsize=BODIES)
def build(number: int) -> RestBody:
    """The rest body of one person."""
    return load_body(make_figure(number))


ROUND_M, HOLLOW_M, BUTTOCK_M, BELLY_M = 0.030, 0.022, 0.025, 0.030
"""By how much, at most, the upper back rounds and the low back hollows at rest, and buttocks and belly are fuller or
flatter than the mesh has them, metres."""


def shape(body: RestBody, rng: np.random.Generator) -> RestBody:
    """The body with a back, buttocks and a belly of its own: the mesh knows height and weight, but one posture."""
    scale = body.figure.height_m / 1.65
    x, y, z = body.vertices_m.T
    hip, neck = (float(body.heads_m[body.bone(name), 2]) for name in ("upperleg01.L", "neck01"))
    along = (z - hip) / (neck - hip)
    trunk, flesh = _carried(body, "root", "pelvis", "spine"), _carried(body, "root", "pelvis", "spine", "upperleg")
    behind = np.tanh((y - float(np.median(y[trunk > 0.5]))) / (0.03 * scale))
    round_m, hollow_m, buttock_m, belly_m = (
        float(rng.uniform(low, 1.0)) * most if rng.random() < 0.7 else 0.0
        for low, most in ((-0.3, ROUND_M), (-0.5, HOLLOW_M), (-1.0, BUTTOCK_M), (-0.2, BELLY_M))
    )
    moved = body.vertices_m.copy()
    spine = round_m * _bump(along, 0.80, 0.22) - hollow_m * _bump(along, 0.32, 0.16)
    moved[:, 1] += trunk * scale * spine
    cheeks = buttock_m * _bump(along, 0.02, 0.16) * np.clip(behind, 0.0, 1.0) * _bump(np.abs(x) / scale, 0.08, 0.07)
    moved[:, 1] += flesh * scale * cheeks
    moved[:, 1] -= trunk * scale * belly_m * _bump(along, 0.30, 0.22) * np.clip(-behind, 0.0, 1.0)
    return replace(body, vertices_m=moved)


def _carried(body: RestBody, *prefixes: str) -> np.ndarray:
    """(N,) share of each vertex that such bones carry: no seam where the next bone begins."""
    return np.asarray(body.weights[:, [name.startswith(prefixes) for name in body.names]].sum(axis=1))


def _bump(at: np.ndarray, middle: float, width: float) -> np.ndarray:
    return np.asarray(np.exp(-(((at - middle) / width) ** 2)))


def clothe(body: RestBody, rng: np.random.Generator, loosest: float = 0.0) -> tuple[RestBody, Dressed]:
    """The body with a random look, and dressed in it.

    Args:
        body: who is dressed.
        rng: draws the look.
        loosest: share of the people, beyond those drawn anyway, whose clothes hang as loosely as they can.
    """
    loose = 0.0 if rng.random() < 0.4 else float(rng.uniform(0.1, 1.0))
    loose = 1.0 if loosest and rng.random() < loosest else loose
    look = Look(
        skin=SKINS[int(rng.integers(len(SKINS)))],
        top=_colour(rng),
        trousers=_colour(rng),
        hair=SKINS[int(rng.integers(4, len(SKINS)))],
        socks=_colour(rng) if rng.random() < 0.5 else None,
        hair_style=str(rng.choice(["short", "long", "bald"])),
        loose=loose,
    )
    dressed_body = replace(body, figure=replace(body.figure, look=look))
    dressed = dress(dressed_body)
    return dressed_body, replace(dressed, palette=_pattern(dressed.palette, rng))


def _colour(rng: np.random.Generator) -> RGB:
    """Any colour; often grey, white or black, as sports clothes are."""
    if rng.random() < 0.35:
        grey = int(rng.choice([20, 45, 90, 140, 200, 240]))
        return (grey, grey, grey)
    r, g, b = (int(v) for v in rng.integers(15, 240, 3))
    return (r, g, b)


def _pattern(palette: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The palette with stripes, a belt and a bare waist, each in some of the clothes, (3, zones * shades, 3)."""
    fine = np.repeat(palette, SHADES, axis=1).astype(np.float32)
    for zone in (1, 2):
        part = fine[:, zone * SHADES : (zone + 1) * SHADES]
        if rng.random() < 0.3:
            period = int(rng.integers(2, 12))
            part[:, np.arange(SHADES) % period < max(period // 2, 1)] = _colour(rng)
    waist = 2 * SHADES
    if rng.random() < 0.2:
        fine[:, waist - int(rng.integers(0, 4)) : waist + 2] = _colour(rng)
    if rng.random() < 0.15:
        fine[:, waist : waist + int(rng.integers(2, 8))] = palette[1, 3]
    assert fine.shape[1] == ZONES * SHADES
    return np.clip(fine, 0, 255).astype(np.uint8)
