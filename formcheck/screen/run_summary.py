"""The page of a run that is over: the runner's own average step, and beside it what was measured against its band."""

from __future__ import annotations

import math

from formcheck.core.gait.cycle import LANDING, PUSH, UNDER
from formcheck.core.text import marked
from formcheck.screen.canvas import Box, Canvas
from formcheck.screen.lettering import common_cap
from formcheck.screen.notices import draw_hints
from formcheck.screen.pages import Page, Target
from formcheck.screen.palette import (
    BLUE,
    BLUE_TEXT,
    BONE_FAR,
    CARD,
    NIGHT,
    ORANGE,
    ORANGE_TEXT,
    PANEL,
    SOFT,
    TRACK,
    WHITE,
)
from formcheck.screen.shapes import check, disc, stroke, triangle
from formcheck.screen.view import BandLine, SummaryView
from formcheck.screen.words import Words

Place = tuple[float, float] | None
MOMENTS = marked(((LANDING, "Landing"), (UNDER, "Under you"), (PUSH, "Push-off")))
"""Moments of the average step that are drawn, with their names."""
HIPS, SHOULDERS, HEAD = 0, 1, 2
LEGS = ((0, 4, 6, 8), (0, 5, 7, 9))
"""Rows of a moment (`core.gait.gait`): from the middle of the hips over hip and knee to the ankle, left and right."""
SPAN_TL, WIDE_TL, AHEAD_TL = (-2.0, 1.75), 2.0, -0.2
"""From under the feet to above the head, torso lengths about the hips; how wide a step is, and its middle."""


def draw_run(canvas: Canvas, page: Page, view: SummaryView, words: Words) -> list[Target]:
    """The step left and the bands right; upright the step above. Under them the one thing to work on."""
    heading = words("{title}: done" if view.is_done else "{title}: ended", title=view.title)
    canvas.text(heading, page.heading, 38 * page.unit, backing=NIGHT)
    top, foot = page.body.rows(0, 0.82), page.body.rows(0.84, 1.0)
    if page.is_upright:
        picture, bands = top.rows(0, 0.45), top.rows(0.47, 1.0)
    else:
        picture, bands = top.columns(0, 0.46), top.columns(0.48, 1.0)
    _draw_step(canvas, picture, view.cycle, words, page.unit)
    _draw_bands(canvas, bands, view.bands, words, page.unit)
    _draw_advice(canvas, foot, view, words, page.unit)
    return list(draw_hints(canvas, page.hints, view.hints, words, page.unit))


def _draw_step(canvas: Canvas, box: Box, cycle: tuple[tuple[Place, ...], ...], words: Words, unit: float) -> None:
    canvas.panel(box, PANEL, round(12 * unit))
    inner = box.inset(round(12 * unit), round(8 * unit))
    title, names, room = inner.rows(0, 0.12), inner.rows(0.88, 1.0), inner.rows(0.13, 0.87)
    canvas.text(words("Your average step"), title, 24 * unit, ink=SOFT, backing=PANEL, align="centre")
    if len(cycle) <= PUSH:
        why = words("Too little was seen from the side to draw it.")
        canvas.text(why, room, 24 * unit, ink=SOFT, backing=PANEL, align="centre")
        return
    cap_px = common_cap([(words(name), room.w // 3 - 8, names.h) for _, name in MOMENTS], 22 * unit)
    for i, (moment, name) in enumerate(MOMENTS):
        share = i / len(MOMENTS), (i + 1) / len(MOMENTS)
        _draw_body(canvas, room.columns(*share), cycle[moment], unit)
        canvas.text(words(name), names.columns(*share), cap_px, backing=PANEL, align="centre")


def _draw_body(canvas: Canvas, box: Box, places: tuple[Place, ...], unit: float) -> None:
    """A body of sticks, facing right; the far leg is paler. A part that was not seen is left out."""
    scale = min(box.h / (SPAN_TL[1] - SPAN_TL[0]), box.w / WIDE_TL)
    middle = box.centre[0] - scale * AHEAD_TL, box.y + box.h / 2 + scale * (SPAN_TL[0] + SPAN_TL[1]) / 2

    def at(row: int) -> tuple[float, float] | None:
        place = places[row]
        return None if place is None else (middle[0] + scale * place[0], middle[1] - scale * place[1])

    width = max(3.0, 0.09 * scale)
    ankles = [places[leg[-1]] for leg in LEGS]
    near = 0 if ankles[0] is not None and ankles[1] is not None and _is_standing(ankles[0], ankles[1]) else 1
    for leg, colour in ((LEGS[1 - near], BONE_FAR), (LEGS[near], WHITE)):
        points = [point for point in map(at, leg) if point is not None]
        if len(points) > 1:
            stroke(canvas.pixels, points, colour, width)
    hips, shoulders, head = at(HIPS), at(SHOULDERS), at(HEAD)
    if hips is not None and shoulders is not None:
        stroke(canvas.pixels, [hips, shoulders], BLUE, 1.2 * width)
    if head is not None:
        disc(canvas.pixels, head, 0.17 * scale, WHITE)
    lowest = min((place[1] for place in ankles if place is not None), default=SPAN_TL[0])
    floor = middle[1] - scale * (min(lowest, -1.7) - 0.15)
    stroke(canvas.pixels, [(box.x + 6.0, floor), (box.right - 6.0, floor)], TRACK, 2 * unit)


def _is_standing(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[1] <= other[1]


def _draw_bands(canvas: Canvas, box: Box, lines: tuple[BandLine, ...], words: Words, unit: float) -> None:
    """A row for each: what it is, how much, and where it stands against the band."""
    count = max(1, len(lines))
    rows = [box.rows(i / count, (i + 1) / count).inset(0, round(4 * unit)) for i in range(len(lines))]
    uppers = [row.inset(round(14 * unit), round(4 * unit)).rows(0, 0.52) for row in rows]
    titles = common_cap(
        [(words(line.title), round(0.46 * u.w), u.h) for line, u in zip(lines, uppers, strict=True)], 24 * unit
    )
    values = common_cap(
        [(words(line.text), round(0.42 * u.w), u.h) for line, u in zip(lines, uppers, strict=True)], 28 * unit
    )
    for line, row, upper in zip(lines, rows, uppers, strict=True):
        canvas.panel(row, CARD, round(10 * unit))
        is_right = not (line.value < line.low or line.value > line.high)
        mark, ink = (check, BLUE_TEXT) if is_right else (triangle, ORANGE_TEXT)
        radius = 0.34 * upper.h
        mark(canvas.pixels, (upper.x + radius, upper.centre[1]), radius, BLUE_TEXT if is_right else ORANGE)
        canvas.text(words(line.title), upper.columns(0.09, 0.55), titles, backing=CARD)
        canvas.text(words(line.text), upper.columns(0.57, 1.0), values, ink=ink, backing=CARD, align="right")
        _draw_band(canvas, row.inset(round(14 * unit), round(4 * unit)).rows(0.58, 1.0), line, words, unit)


def _draw_band(canvas: Canvas, box: Box, line: BandLine, words: Words, unit: float) -> None:
    """The band as a bar on a longer one, and a disc where the runner is."""
    scale, label = box.columns(0, 0.62), box.columns(0.64, 1.0)
    canvas.text(words.band(line.low, line.high), label, 19 * unit, ink=SOFT, backing=CARD, align="right", is_bold=False)
    low, high = line.low, line.high
    wide = high - low if math.isfinite(high - low) else max(1.0, abs(low if math.isfinite(low) else high))
    ends = [v for v in (low, high) if math.isfinite(v)]
    first, last = min([*ends, line.value]) - 0.4 * wide, max([*ends, line.value]) + 0.4 * wide
    bar = Box(scale.x, round(scale.centre[1] - 0.14 * scale.h), scale.w, max(4, round(0.28 * scale.h)))

    def x(value: float) -> int:
        return scale.x + round(scale.w * (value - first) / (last - first))

    canvas.panel(bar, TRACK, bar.h // 2)
    left, right = x(low) if math.isfinite(low) else bar.x, x(high) if math.isfinite(high) else bar.right
    canvas.panel(Box(left, bar.y, max(2, right - left), bar.h), BLUE, bar.h // 2)
    disc(canvas.pixels, (x(line.value), scale.centre[1]), max(5.0, 0.34 * scale.h), WHITE)


def _draw_advice(canvas: Canvas, box: Box, view: SummaryView, words: Words, unit: float) -> None:
    canvas.panel(box, CARD, round(12 * unit))
    inner = box.inset(round(18 * unit), round(6 * unit))
    if view.fault:
        text = words("{fault}: {cue}", fault=view.fault, cue=view.cue)
        canvas.text(text, inner, 32 * unit, ink=ORANGE_TEXT, backing=CARD)
    else:
        canvas.text(words("No faults seen."), inner, 32 * unit, ink=BLUE_TEXT, backing=CARD)
