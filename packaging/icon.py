"""Draws the icon in the screen's own colours, a dead bug on its mat, and writes its three files beside itself."""

from __future__ import annotations

import math
from pathlib import Path

from PIL import Image, ImageDraw

from formcheck.screen.palette import BLUE, CARD_CHOSEN, ORANGE, WHITE

FOLDER = Path(__file__).parent
SIZE, FINER = 512, 4
"""Pixels of the largest picture, and how much finer it is drawn before it is made smaller."""
MAT = ((0.16, 0.80), (0.84, 0.80))
TRUNK = ((0.34, 0.66), (0.60, 0.68))
LIMBS = (((0.38, 0.66), (0.38, 0.34)), ((0.60, 0.68), (0.62, 0.44), (0.76, 0.42)))
HEAD, HEAD_RADIUS = (0.24, 0.64), 0.075


def draw() -> Image.Image:
    """The icon at its largest."""
    side = SIZE * FINER
    picture = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((0, 0, side - 1, side - 1), side // 5, (*CARD_CHOSEN, 255))
    for points, colour, width in ((MAT, ORANGE, 0.05), *((limb, WHITE, 0.07) for limb in LIMBS), (TRUNK, BLUE, 0.11)):
        _line(pen, points, colour, width * side, side)
    _disc(pen, HEAD, HEAD_RADIUS * side, WHITE, side)
    return picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def _line(
    pen: ImageDraw.ImageDraw,
    points: tuple[tuple[float, float], ...],
    colour: tuple[int, int, int],
    width: float,
    side: int,
) -> None:
    pen.line([(x * side, y * side) for x, y in points], colour, math.ceil(width))
    for point in points:
        _disc(pen, point, width / 2, colour, side)


def _disc(
    pen: ImageDraw.ImageDraw, middle: tuple[float, float], radius: float, colour: tuple[int, int, int], side: int
) -> None:
    x, y = middle[0] * side, middle[1] * side
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), colour)


if __name__ == "__main__":
    icon = draw()
    icon.resize((256, 256), Image.Resampling.LANCZOS).save(FOLDER / "formcheck.png", optimize=True)
    icon.save(FOLDER / "formcheck.ico", sizes=[(n, n) for n in (16, 24, 32, 48, 64, 128, 256)])
    icon.save(FOLDER / "formcheck.icns")
