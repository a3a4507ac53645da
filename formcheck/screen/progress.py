"""The page of progress: one exercise, the one sentence about it, and plain charts of the last weeks."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

from formcheck.core.text import marked
from formcheck.screen.canvas import Box, Canvas, Pixels
from formcheck.screen.lettering import CAP_SHARE, common_cap, figure_em
from formcheck.screen.notices import draw_hints
from formcheck.screen.pages import Page, Target
from formcheck.screen.palette import (
    BLUE,
    BLUE_TEXT,
    CARD,
    GREY,
    NIGHT,
    ORANGE,
    PANEL,
    SOFT,
    TRACK,
    WHITE,
    Colour,
)
from formcheck.screen.shapes import Point, check, dashed, disc, hatched, info, polygon, stroke, triangle
from formcheck.screen.view import Chart, ProgressView, Series, WeekBar
from formcheck.screen.words import Words

LEGEND = marked(("Clean", "With a fault", "Not judged"))
NOTED = marked("Noted. It holds from your next session on.")
WEEKS_AGO, THIS_WEEK = marked(("{n} weeks ago", "This week"))

Mark = Callable[[Pixels, Point, float, Colour], None]


def draw_progress(canvas: Canvas, page: Page, view: ProgressView, words: Words) -> list[Target]:
    """What can be said in large letters; beside it the charts."""
    heading = words("{title}: how it goes", title=view.title)
    number, count = view.place
    of = words("{n} of {m}", n=number, m=count) if count > 1 else ""
    canvas.text(heading, page.heading.columns(0, 0.80), 38 * page.unit, backing=NIGHT)
    canvas.text(of, page.heading.columns(0.82, 1), 22 * page.unit, ink=SOFT, backing=NIGHT, align="right")
    left = page.body.rows(0, 0.42) if page.is_upright else page.body.columns(0, 0.38)
    right = page.body.rows(0.44, 1) if page.is_upright else page.body.columns(0.40, 1)
    _draw_words(canvas, left, view, words, page.unit)
    _draw_charts(canvas, right, view.charts, words, page.unit)
    return list(draw_hints(canvas, page.hints, view.hints, words, page.unit))


def _draw_words(canvas: Canvas, box: Box, view: ProgressView, words: Words, unit: float) -> None:
    """The sentence, how often, and what is praised or proposed."""
    notes: list[tuple[str, Mark]] = [(words(view.praise), check)] if view.praise else []
    if view.proposal:
        notes.append((words(NOTED), check) if view.is_accepted else (words(view.proposal), info))
    shares = (0.44, 0.66) if notes else (0.66, 1.0)
    first, tiles, last = box.rows(0, shares[0]), box.rows(shares[0] + 0.02, shares[1]), box.rows(shares[1] + 0.02, 1.0)
    canvas.panel(first, CARD, round(12 * unit))
    canvas.text(words(view.sentence), first.inset(round(18 * unit), round(10 * unit)), 40 * unit, backing=CARD)
    _draw_tiles(canvas, tiles, view.tiles, words, unit)
    for i, (text, mark) in enumerate(notes):
        place = last.rows(i / len(notes), (i + 1) / len(notes)).inset(0, round(3 * unit))
        canvas.panel(place, CARD, round(12 * unit))
        mark(canvas.pixels, (place.x + 36 * unit, place.centre[1]), min(20 * unit, 0.36 * place.h), BLUE_TEXT)
        room = Box(place.x + round(68 * unit), place.y, place.w - round(80 * unit), place.h).inset(0, round(6 * unit))
        canvas.text(text, room, 30 * unit, backing=CARD)


def _draw_tiles(canvas: Canvas, box: Box, tiles: tuple[tuple[str, str], ...], words: Words, unit: float) -> None:
    if not tiles:
        return
    places = [box.columns(i / len(tiles), (i + 1) / len(tiles)).inset(round(3 * unit), 0) for i in range(len(tiles))]
    rooms = [place.rows(0.04, 0.60).inset(round(8 * unit), 0) for place in places]
    values = tuple(words(value) for _, value in tiles)
    em = figure_em(values, rooms[0].w, round(0.7 * rooms[0].h), 40 * unit)  # "days" has a tail
    for (name, _), value, place, room in zip(tiles, values, places, rooms, strict=True):
        canvas.panel(place, PANEL, round(10 * unit))
        canvas.figure(value, room, em * CAP_SHARE, backing=PANEL)
        canvas.text(words(name), place.rows(0.62, 0.96), 20 * unit, ink=SOFT, backing=PANEL, align="centre")


def _draw_charts(canvas: Canvas, box: Box, charts: tuple[Chart, ...], words: Words, unit: float) -> None:
    """The large one above; the others two by two, the last of an odd number as wide as both."""
    if not charts:
        return
    foot = Box(box.x, box.bottom - round(26 * unit), box.w, round(26 * unit))
    body = Box(box.x, box.y, box.w, box.h - foot.h)
    small = charts[1:]
    rows = math.ceil(len(small) / 2)
    top = body.rows(0, 0.42 if rows > 1 else 0.52 if rows else 1.0)
    rest = Box(body.x, top.bottom, body.w, body.bottom - top.bottom)
    cells = [top]
    for i in range(len(small)):
        line = rest.rows(i // 2 / rows, (i // 2 + 1) / rows)
        is_alone = i == len(small) - 1 and i % 2 == 0
        cells.append(line if is_alone else line.columns(i % 2 / 2, (i % 2 + 1) / 2))
    heads = [_head(cell.inset(round(4 * unit)), unit) for cell in cells]
    fits = [(words(chart.title), head[0].w, head[0].h) for chart, head in zip(charts, heads, strict=True)]
    cap_px = common_cap(fits, 18 * unit, is_bold=False)
    for chart, cell, head in zip(charts, cells, heads, strict=True):
        _draw_chart(canvas, cell.inset(round(4 * unit)), head, chart, words, (unit, cap_px))
    weeks = len(charts[0].bars or charts[0].series[0].values)
    ends = ((words(WEEKS_AGO, n=weeks - 1), "left"), (words(THIS_WEEK), "right"))
    for (text, align), half in zip(ends, (foot.columns(0, 0.48), foot.columns(0.52, 1)), strict=True):
        canvas.text(text, half, 16 * unit, ink=SOFT, backing=NIGHT, align=align, is_bold=False)  # type: ignore[arg-type]


def _head(cell: Box, unit: float) -> tuple[Box, Box]:
    """Where a chart's title stands, and its newest value."""
    line = Box(cell.x, cell.y, cell.w, min(round(40 * unit), round(0.34 * cell.h))).inset(round(10 * unit), 0)
    return line.columns(0, 0.58), line.columns(0.60, 1)


def _draw_chart(
    canvas: Canvas, cell: Box, head: tuple[Box, Box], chart: Chart, words: Words, sizes: tuple[float, float]
) -> None:
    unit, cap_px = sizes
    canvas.panel(cell, PANEL, round(10 * unit))
    canvas.text(words(chart.title), head[0], cap_px, ink=SOFT, backing=PANEL, is_bold=False)
    canvas.text(words(chart.value), head[1], 26 * unit, backing=PANEL, align="right")
    plot = Box(cell.x, head[0].bottom, cell.w, cell.bottom - head[0].bottom).inset(round(12 * unit), round(6 * unit))
    named = [series for series in chart.series if series.name]
    if chart.bars or named:
        legend = plot.rows(0.80, 1.0)
        plot = plot.rows(0, 0.76)
        _draw_legend(canvas, legend, chart, words, unit)
    if chart.bars:
        _draw_bars(canvas, plot, chart.bars, unit)
    else:
        _draw_curves(canvas, plot, chart, unit)


def _slots(box: Box, count: int) -> list[Box]:
    """The place of each week."""
    return [box.columns(i / count, (i + 1) / count) for i in range(count)]


def _draw_bars(canvas: Canvas, box: Box, bars: tuple[WeekBar, ...], unit: float) -> None:
    """Columns of repetitions: clean below, above it those with a fault (triangle), hatched what was not judged."""
    most = max(max(bar.clean + bar.faulty + bar.not_judged for bar in bars), 1)
    floor = [(float(box.x), float(box.bottom)), (float(box.right), float(box.bottom))]
    stroke(canvas.pixels, floor, TRACK, 1.5 * unit)
    for bar, slot in zip(bars, _slots(box, len(bars)), strict=True):
        width = min(round(0.62 * slot.w), round(56 * unit))
        x, bottom = round(slot.centre[0] - width / 2), box.bottom
        parts = ((bar.clean, "clean"), (bar.faulty, "faulty"), (bar.not_judged, "not-judged"))
        for count, what in parts:
            if not count:
                continue
            height = max(2, round(box.h * count / most))
            place = Box(x, bottom - height, width, height)
            _draw_part(canvas, place, what, unit)
            bottom -= height


def _draw_part(canvas: Canvas, place: Box, what: str, unit: float) -> None:
    if what == "not-judged":
        corners = (float(place.x), float(place.y), float(place.right), float(place.bottom))
        hatched(canvas.pixels, corners, WHITE, max(1.0, 2 * unit))
        return
    canvas.panel(place, BLUE if what == "clean" else ORANGE)
    radius = min(0.34 * place.h, 0.30 * place.w, 12 * unit)
    if what == "faulty" and radius >= 3 * unit:
        triangle(canvas.pixels, place.centre, radius, WHITE)


_MARKS: tuple[tuple[Mark, Colour], ...] = ((disc, BLUE), (lambda p, c, r, k: polygon(p, _corners(c, r), k), ORANGE))
"""By place among the series."""


def _corners(centre: Point, radius: float) -> list[Point]:
    x, y = centre
    return [(x, y - 1.2 * radius), (x + 1.2 * radius, y + radius), (x - 1.2 * radius, y + radius)]


def _draw_curves(canvas: Canvas, box: Box, chart: Chart, unit: float) -> None:
    """Marks joined by lines where both weeks are known; whiskers for the doubt."""
    span = (chart.high - chart.low) or 1.0

    def height(value: float) -> float:
        return box.bottom - (min(max(value, chart.low), chart.high) - chart.low) / span * box.h

    if chart.line is not None:
        ends = [(float(box.x), height(chart.line)), (float(box.right), height(chart.line))]
        dashed(canvas.pixels, ends, GREY, max(1, 1.5 * unit), 5 * unit)
    for series, (mark, colour) in zip(chart.series, _MARKS, strict=False):
        points = [
            (slot.centre[0], height(value)) if math.isfinite(value) else None
            for slot, value in zip(_slots(box, len(series.values)), series.values, strict=True)
        ]
        _draw_whiskers(canvas, series, points, height, unit)
        for one, other in pairwise(points):
            if one is not None and other is not None:
                stroke(canvas.pixels, [one, other], colour, 3 * unit)
        for point in points:
            if point is not None:
                mark(canvas.pixels, point, 7 * unit, colour)


def _draw_whiskers(
    canvas: Canvas, series: Series, points: list[Point | None], height: Callable[[float], float], unit: float
) -> None:
    for point, value, sd in zip(points, series.values, series.sds or (math.nan,) * len(points), strict=True):
        if point is not None and math.isfinite(sd):
            ends = [(point[0], height(value - sd)), (point[0], height(value + sd))]
            stroke(canvas.pixels, ends, SOFT, 2.5 * unit)
            for x, y in ends:
                stroke(canvas.pixels, [(x - 6 * unit, y), (x + 6 * unit, y)], SOFT, 2.5 * unit)


def _draw_legend(canvas: Canvas, box: Box, chart: Chart, words: Words, unit: float) -> None:
    """What the looks mean."""
    names = LEGEND if chart.bars else tuple(series.name for series in chart.series)
    cells = [box.columns(i / len(names), (i + 1) / len(names)) for i in range(len(names))]
    rooms = [Box(cell.x + round(26 * unit), cell.y, cell.w - round(28 * unit), cell.h) for cell in cells]
    cap_px = common_cap([(words(n), r.w, r.h) for n, r in zip(names, rooms, strict=True)], 15 * unit, is_bold=False)
    for i, (name, cell, room) in enumerate(zip(names, cells, rooms, strict=True)):
        size = round(min(18 * unit, cell.h))
        place = Box(cell.x, round(cell.centre[1] - size / 2), size, size)
        if chart.bars:
            _draw_part(canvas, place, ("clean", "faulty", "not-judged")[i], unit)
        else:
            mark, colour = _MARKS[i]
            mark(canvas.pixels, place.centre, 7 * unit, colour)
        canvas.text(words(name), room, cap_px, ink=SOFT, backing=PANEL, is_bold=False)
