"""The working screen of a run: four numbers that are read while running, the picture small beside them."""

from __future__ import annotations

from dataclasses import replace

from formcheck.core.coach.snapshot import Number, Snapshot
from formcheck.screen.canvas import Box, Canvas
from formcheck.screen.layout import INKED, Layout, arrange
from formcheck.screen.palette import BLUE_TEXT, GREY, NIGHT, ORANGE, ORANGE_TEXT, PANEL, SOFT, WHITE
from formcheck.screen.shapes import check, triangle
from formcheck.screen.words import Words

PICTURE_SHARE = 0.32
"""Width of the picture beside the numbers: enough to see that one is in it."""
NUMBER_CAP = 0.15
"""Cap height of the numbers, share of the shorter side: 25 mm on a 13.3 inch screen, three times what 2.5 m ask for."""
NAME_CAP = 0.052
"""Cap height of what they are."""


def arrange_run(size: tuple[int, int], is_large: bool = False) -> Layout:
    """The layout of a run: numbers left, picture right, the cue under both; upright the picture above the numbers."""
    layout = arrange(size, is_large)
    whole = layout.whole
    if layout.is_upright:
        side = Box(whole.x, layout.picture.bottom, whole.w, layout.caption.y - layout.picture.bottom)
        return replace(layout, side=side)
    gap = round(10 * whole.h / 720)
    caption_h = round(0.27 * whole.h)
    body = Box(whole.x, whole.y, whole.w, layout.hints.y - whole.y - caption_h)
    left, right = body.columns(0, 1 - PICTURE_SHARE), body.columns(1 - PICTURE_SHARE, 1)
    title = right.rows(0.0, 0.1).inset(gap, 0)
    picture = right.rows(0.22, 0.98)
    return replace(
        layout,
        side=left.inset(gap),
        title=title,
        phase=right.rows(0.1, 0.22).inset(gap, 0),
        picture=picture,
        banner=left.rows(0.0, 0.42),
        caption=Box(whole.x, body.bottom, whole.w, caption_h).inset(gap, gap // 2),
    )


def draw_numbers(canvas: Canvas, layout: Layout, title: str, snapshot: Snapshot, words: Words) -> None:
    """Four tiles, each with its number, what it is, and the band that is usual."""
    unit = layout.unit
    canvas.text(title, layout.title, 21 * unit, ink=SOFT, backing=NIGHT, is_bold=False)
    canvas.text(words.phase(snapshot), layout.phase, 27 * unit, backing=NIGHT)
    rows = layout.side.rows(0, 0.5), layout.side.rows(0.5, 1)
    places = [row.columns(*half).inset(round(5 * unit)) for row in rows for half in ((0, 0.5), (0.5, 1))]
    for number, place in zip(snapshot.numbers, places, strict=False):
        _draw_number(canvas, place, number, layout, words)


def _draw_number(canvas: Canvas, place: Box, number: Number, layout: Layout, words: Words) -> None:
    unit, short = layout.unit, min(layout.whole.w, layout.whole.h)
    canvas.panel(place, PANEL, round(12 * unit))
    inner = place.inset(round(12 * unit), round(6 * unit))
    name, value, band = inner.rows(0, 0.27), inner.rows(0.29, 0.76), inner.rows(0.78, 1.0)
    canvas.text(words(number.title), name, NAME_CAP * short, ink=SOFT, backing=PANEL, align="centre")
    ink = {True: BLUE_TEXT, False: ORANGE_TEXT, None: WHITE if number.text else GREY}[number.is_right]
    if number.is_right is not None:
        draw, colour = (check, BLUE_TEXT) if number.is_right else (triangle, ORANGE)
        draw(canvas.pixels, (value.x + 0.09 * value.w, value.centre[1]), min(0.3 * value.h, 0.07 * value.w), colour)
    cap_px = min(NUMBER_CAP * short, INKED * value.h)
    canvas.figure(number.text or "–", value.columns(0.18, 0.82), cap_px, ink=ink, backing=PANEL)
    text = words.band(number.low, number.high, number.unit) or words(number.unit)
    canvas.text(text, band, 0.036 * short, ink=SOFT, backing=PANEL, align="centre", is_bold=False)
