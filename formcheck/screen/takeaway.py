"""The page that a phone reads: a QR code, black on white whatever the colours of the other pages are."""

from __future__ import annotations

import numpy as np

from formcheck.screen.canvas import Box, Canvas
from formcheck.screen.lettering import stacked
from formcheck.screen.notices import draw_hints
from formcheck.screen.pages import Page, Target
from formcheck.screen.palette import BLUE_TEXT, NIGHT
from formcheck.screen.view import TakeawayView
from formcheck.screen.words import Words

QUIET = 4
"""Modules of white around a code (ISO/IEC 18004)."""
WIDEST = 0.62
"""Share of a window's width that the code may take where the words stand beside it."""
TALLEST = 0.62
"""Share of an upright window's height."""


def draw_takeaway(canvas: Canvas, page: Page, view: TakeawayView, words: Words) -> list[Target]:
    """The code at the left and as high as the window, the words at the right; upright, the words below."""
    whole = page.whole
    if page.is_upright:
        side = min(whole.w, round(TALLEST * whole.h), page.hints.y - page.body.y)
        code = Box(whole.x + (whole.w - side) // 2, page.body.y, side, side)
        heading = page.heading
        room = Box(page.body.x, code.bottom, page.body.w, page.hints.y - code.bottom).inset(0, round(8 * page.unit))
    else:
        side = min(whole.h, round(WIDEST * whole.w))
        code = Box(whole.x, whole.y + (whole.h - side) // 2, side, side)
        column = Box(code.right, whole.y, whole.right - code.right, whole.h)
        gap = round(22 * page.unit)
        page.hints = Box(column.x, page.hints.y, column.w, page.hints.h)  # what is said stands above them
        heading = column.rows(0.14, 0.3).inset(gap, 0)
        room = Box(column.x, heading.bottom, column.w, page.hints.y - heading.bottom).inset(gap, gap)
    draw_code(canvas, code, view.matrix)
    canvas.text(words(view.title), heading, 38 * page.unit, backing=NIGHT)
    _draw_lines(canvas, room, view, words, page.unit)
    return list(draw_hints(canvas, page.hints, view.hints, words, page.unit))


def draw_code(canvas: Canvas, box: Box, matrix: tuple[tuple[bool, ...], ...]) -> None:
    """A code in the middle of a white box, every module the same whole number of pixels, with its quiet zone.

    In a box of fewer pixels than modules nothing is drawn but white: no reader could read it.
    """
    area = canvas.view(box)
    area[:] = 255
    count = len(matrix)
    module = min(area.shape[:2]) // (count + 2 * QUIET) if count else 0
    dark = np.kron(np.array(matrix, bool), np.ones((module, module), bool))
    y, x = ((length - module * count) // 2 for length in area.shape[:2])
    area[y : y + module * count, x : x + module * count][dark] = 0


def _draw_lines(canvas: Canvas, room: Box, view: TakeawayView, words: Words, unit: float) -> None:
    """What to do, and how long there is time; the first line is larger than the others."""
    wait = words.seconds(view.auto_text, view.skips_in_s)
    foot = room.rows(0.88, 1.0) if wait else Box(room.x, room.bottom, room.w, 1)
    canvas.text(wait, foot, 22 * unit, ink=BLUE_TEXT, backing=NIGHT)
    first, *others = [words(line) for line in view.lines] or [""]
    body = Box(room.x, room.y, room.w, foot.y - room.y)
    top, rest = (body.rows(0, 0.46), body.rows(0.5, 0.96)) if others else (body, body)
    canvas.text(first, top, 44 * unit, backing=NIGHT, valign="left" if others else "centre")
    if not others:
        return
    gap = round(8 * unit)
    cap_px, heights = stacked(others, (rest.w, rest.h), 26 * unit, gap, is_bold=False)
    y = rest.y
    for text, height in zip(others, heights, strict=True):
        canvas.text(text, Box(rest.x, y, rest.w, height), cap_px, backing=NIGHT, is_bold=False)
        y += height + gap
