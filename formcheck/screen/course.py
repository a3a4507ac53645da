"""What a session adds to the working screen: its sets as a strip, the next exercise's steps, the sign to skip."""

from __future__ import annotations

from collections.abc import Callable

from formcheck.core.rules.demonstration import Film
from formcheck.core.text import marked
from formcheck.screen.canvas import Box, Canvas, Pixels
from formcheck.screen.lettering import stacked
from formcheck.screen.palette import BLUE, BLUE_TEXT, CARD, ORANGE, SOFT, TRACK, WHITE, Colour
from formcheck.screen.shapes import Point, halt, ring, skip, stop_sign
from formcheck.screen.words import NO_BREAK, Words
from formcheck.screen.work_view import Course, Sign, SignMeaning

Mark = Callable[[Pixels, Point, float, Colour], None]

STRIP_H = 16
"""Height of the strip, layout units."""


def below_strip(box: Box, unit: float) -> Box:
    """What the strip leaves of the picture."""
    height = round(STRIP_H * unit)
    return Box(box.x, box.y + height, box.w, box.h - height)


def draw_strip(canvas: Canvas, box: Box, course: Course, unit: float) -> None:
    """One segment for each set across the picture's upper edge: done ones filled, this one framed."""
    height = round(STRIP_H * unit)
    strip = Box(box.x, box.y, box.w, height)
    canvas.plate(strip)
    for i in range(course.count):
        cell = strip.columns(i / course.count, (i + 1) / course.count).inset(round(3 * unit), round(3 * unit))
        canvas.panel(cell, BLUE if i < course.number - 1 else TRACK, cell.h // 2)
        if i == course.number - 1:
            canvas.frame(cell, WHITE, max(2, round(2 * unit)), cell.h // 2)


def draw_next(
    canvas: Canvas, box: Box, title: str, course: Course, film: Film | None, words: Words, unit: float
) -> None:
    """The exercise that comes, large and in motion over the picture, while there is time to look."""
    area = below_strip(box, unit)
    canvas.plate(area)
    inner = area.inset(round(28 * unit), round(14 * unit))
    canvas.text(words("Next: {title}", title=title), inner.rows(0, 0.16), 44 * unit)
    canvas.text(words(course.text), inner.rows(0.17, 0.27), 27 * unit, ink=BLUE_TEXT)
    if film is not None:
        canvas.stage(inner.rows(0.29, 0.87), film, is_bare=True)  # below it stands the word about the sound


def draw_steps(canvas: Canvas, box: Box, course: Course, words: Words, unit: float) -> None:
    """What to do, in the place of the caption while nothing is said."""
    steps = box.inset(round(24 * unit), round(14 * unit))
    texts = [f"{i}{NO_BREAK} {words(step)}" for i, step in enumerate(course.steps, 1)]
    cap_px, heights = stacked(texts, (steps.w, steps.h), 26 * unit, round(6 * unit), is_bold=False)
    y = steps.y
    for text, height in zip(texts, heights, strict=True):
        canvas.text(text, Box(steps.x, y, steps.w, height), cap_px, ink=SOFT, backing=CARD, is_bold=False)
        y += height + round(6 * unit)


SIGN_LOOKS: dict[SignMeaning, tuple[Mark, Colour, str]] = marked(
    {
        "skip": (skip, BLUE, "Skip"),
        "stop": (halt, WHITE, "Stop"),
        "hurt": (stop_sign, ORANGE, "It hurts"),
    }
)
"""Mark, colour and word of what the sign that is being held will mean."""


def draw_sign(canvas: Canvas, box: Box, sign: Sign | None, words: Words, unit: float) -> None:
    """A ring that fills while the sign is held, with what it will mean; above the sound's corner."""
    if sign is None or not sign.share > 0:
        return
    mark, colour, word = SIGN_LOOKS[sign.meaning]
    radius = 60 * unit
    width, height = round(3.6 * radius), round(3.5 * radius)
    plate = Box(box.right - width - round(12 * unit), box.bottom - height - round(82 * unit), width, height)
    canvas.plate(plate)
    centre = (plate.centre[0], plate.y + 1.25 * radius)
    ring(canvas.pixels, centre, radius, TRACK, 12 * unit)
    ring(canvas.pixels, centre, radius, colour, 12 * unit, sign.share)
    mark(canvas.pixels, centre, 0.5 * radius, colour)
    canvas.text(words(word), plate.rows(0.70, 0.98).inset(round(6 * unit), 0), 30 * unit, align="centre")
