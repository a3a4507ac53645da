"""Rooms that nobody tidied: floors in the colour of the clothes, hard shadows, light from any side, any camera."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.lab.body import RGB
from tests.lab.scene import Scene
from tests.lab.strange.people import StrangeFigure

STALL_S = 0.3
SIZES = ((640, 360), (640, 480), (848, 480), (960, 540), (480, 640))
"""Width and height: wide, the old shape of webcams, and a telephone held upright."""
SHARES_OF_SIZES = (0.35, 0.25, 0.25, 0.05, 0.1)
RATES = (10, 15, 25, 30)
SHARES_OF_RATES = (0.4, 0.42, 0.12, 0.06)
RUN_RATES = (25, 30, 60)


@dataclass(frozen=True, slots=True)
class StrangeScene(Scene):
    """A scene whose camera stalls: at ``stalls_s`` the picture stands for a moment, and a share ``repeats`` of all
    pictures is the one before, as with a camera that is late."""

    stalls_s: tuple[float, ...] = ()
    repeats: float = 0.0
    camera_seed: int = 0

    def deliver(self, pictures: Iterator[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
        """The pictures that come out; as many as were taken."""
        rng = np.random.default_rng(self.camera_seed)
        shown: NDArray[np.uint8] | None = None
        for number, picture in enumerate(pictures):
            t_s = number / self.fps
            is_late = rng.random() < self.repeats or any(at <= t_s < at + STALL_S for at in self.stalls_s)
            shown = picture if shown is None or not is_late else shown
            yield shown


LYING = ("dead-bug", "glute-bridge", "pelvic-tilt")
SPANS = {"dead-bug": 0.68, "bird-dog": 0.76, "glute-bridge": 0.70, "pelvic-tilt": 0.72, "running": 0.62,
         "hip-flexor-stretch": 0.62, "piriformis-stretch": 0.62}  # fmt: skip
"""Share of the width that the movement fills in an ordinary picture."""
HEIGHTS_M = {"hip-flexor-stretch": (0.2, 0.9), "piriformis-stretch": (0.3, 1.0), "running": (0.4, 1.2)}
ON_FLOOR_M = (0.10, 0.75)
"""From the floor to a chair."""


def draw_scene(exercise: str, figure: StrangeFigure, rng: np.random.Generator) -> StrangeScene:
    """A room for somebody's exercise."""
    width, height = SIZES[int(rng.choice(len(SIZES), p=SHARES_OF_SIZES))]
    is_run, is_tall = exercise == "running", height > width
    if is_run and width > 640:
        width, height = 640, 480
    rate = int(rng.choice(RUN_RATES, p=(0.5, 0.4, 0.1)) if is_run else rng.choice(RATES, p=SHARES_OF_RATES))
    share = SPANS[exercise] * float(rng.uniform(0.82, 1.12))
    if is_tall:
        share = 0.74
    elif exercise not in LYING and exercise != "bird-dog" and width * 9 >= height * 15:
        share *= 0.62  # who stands needs the height
    seated = exercise == "piriformis-stretch"
    return StrangeScene(
        width=width,
        height=height,
        fps=rate,
        head_at=str(rng.choice(["left", "right"])),
        azimuth_deg=float(rng.uniform(-22.0, 22.0)),
        camera_height_m=float(rng.uniform(*HEIGHTS_M.get(exercise, ON_FLOOR_M))),
        horizontal_fov_deg=42.0 if is_tall else float(rng.uniform(46.0, 76.0)),
        body_share=share,
        floor=str(rng.choice(["wood", "carpet", "tiles", "plain"])),
        mat=None if seated else _mat(figure, rng),
        wall=_near(figure.look.top, rng, 18.0) if rng.random() < 0.3 else _any(rng),
        key_light=float(rng.uniform(0.35, 1.0)),
        ambient=float(rng.uniform(0.15, 0.45)),
        light_from=(float(rng.uniform(-1.5, 1.5)), float(rng.uniform(-2.0, 2.0)), float(rng.uniform(1.0, 2.6))),
        shadow=float(rng.choice([0.1, 0.35, 0.85])),
        noise=float(rng.uniform(0.5, 4.0)),
        roll_deg=float(rng.choice([0.0, rng.uniform(-5.0, 5.0)])),
        exposure=float(rng.uniform(0.75, 1.15)),
        blur_px=float(rng.choice([0.0, rng.uniform(0.4, 1.4)])),
        motion_blur=float(rng.choice([0.0, 0.0, 0.0, rng.uniform(0.3, 0.9)])),
        crf=int(rng.integers(20, 37)),
        light=str(rng.choice(["normal", "back", "low"], p=(0.8, 0.12, 0.08))),
        mat_pattern=str(rng.choice(["plain", "plain", "stripes"])),
        seat_height_m=0.44 if seated else None,
        furniture=bool(rng.random() < 0.3),
        stalls_s=tuple(float(t) for t in np.sort(rng.uniform(2.0, 14.0, int(rng.choice([0, 0, 1, 2]))))),
        repeats=float(rng.choice([0.0, 0.0, rng.uniform(0.02, 0.12)])),
        camera_seed=int(rng.integers(1 << 30)),
    )


def _mat(figure: StrangeFigure, rng: np.random.Generator) -> RGB | None:
    """None, any colour, or nearly that of the trousers or of the top."""
    kind = rng.random()
    if kind < 0.2:
        return None
    if kind < 0.5:
        return _any(rng)
    return _near(figure.look.trousers if kind < 0.78 else figure.look.top, rng, 9.0)


def _near(colour: RGB, rng: np.random.Generator, away: float) -> RGB:
    """A colour like another."""
    r, g, b = (int(np.clip(v + rng.normal(0.0, away), 0, 255)) for v in colour)
    return (r, g, b)


def _any(rng: np.random.Generator) -> RGB:
    """Any colour that a mat or a wall has."""
    r, g, b = (int(v) for v in rng.integers(30, 235, 3))
    return (r, g, b)
