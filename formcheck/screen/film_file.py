"""A demonstration as a file that moves: GIF, WebP or APNG, by its ending."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from formcheck.core.rules.demonstration import Film
from formcheck.screen.canvas import Pixels
from formcheck.screen.figure import FRAMES_PER_S, draw_film
from formcheck.screen.palette import NIGHT
from formcheck.system.errors import FormcheckError
from formcheck.system.files import Draft, cannot_write

ENDINGS = (".gif", ".webp", ".png")
SIZE = (480, 300)
"""Width and height of each figure, pixels."""
QUALITY = 70
"""Of WebP: what is left of flat colours at it can't be told from all of it."""


def pictures(films: Sequence[Film], size: tuple[int, int] = SIZE) -> list[Pixels]:
    """One round of the longest film, the others beside it from the same beginning."""
    length_s = max(film.length_s for film in films)
    made = []
    for index in range(max(1, round(length_s * FRAMES_PER_S))):
        row = np.empty((size[1], size[0] * len(films), 3), np.uint8)
        for i, film in enumerate(films):
            draw_film(row[:, i * size[0] : (i + 1) * size[0]], film, index / FRAMES_PER_S, NIGHT)
        made.append(row)
    return made


def check_ending(path: Path) -> None:
    """Refuse a name of another kind of file.

    Raises:
        FormcheckError: its ending is none of `ENDINGS`.
    """
    if path.suffix.lower() not in ENDINGS:
        raise FormcheckError(f"A moving picture ends in {', '.join(ENDINGS)}; {path.name} doesn't.")


def write_film(path: Path, films: Sequence[Film], size: tuple[int, int] = SIZE) -> None:
    """Write films side by side, over and over.

    Args:
        path: the file; its ending says what kind.
        films: one, or the right one and a wrong one.
        size: (width, height) of each figure, pixels.

    Raises:
        FormcheckError: it can't be written.
    """
    check_ending(path)
    animation = cv2.Animation()
    animation.frames = pictures(films, size)
    animation.durations = [math.floor(1000 / FRAMES_PER_S)] * len(animation.frames)
    quality = [cv2.IMWRITE_WEBP_QUALITY, QUALITY] if path.suffix.lower() == ".webp" else []
    is_made, data = cv2.imencodeanimation(path.suffix.lower(), animation, quality)
    if not is_made:
        raise FormcheckError(f"{path.name} can't be made with this version of OpenCV.")
    with Draft(path) as draft:
        try:
            draft.path.write_bytes(data.tobytes())
        except OSError as error:
            raise cannot_write(path, error) from error
        draft.keep()
