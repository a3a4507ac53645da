"""The report at the end of a session: its numbers, the one thing to work on, and every set with its repetitions."""

from __future__ import annotations

import math

from formcheck.core.text import marked
from formcheck.screen.canvas import Box, Canvas
from formcheck.screen.lettering import CAP_SHARE, common_cap, figure_em
from formcheck.screen.notices import draw_hints
from formcheck.screen.pages import Page, Target
from formcheck.screen.palette import BLUE, BLUE_TEXT, CARD, GREY, NIGHT, ORANGE, ORANGE_TEXT, PANEL, SOFT, TRACK, WHITE
from formcheck.screen.shapes import check, cross, dashed, hatched, info, stop_sign, triangle
from formcheck.screen.view import Bar, ReportRow, ReportView
from formcheck.screen.words import ALL_CLEAN, NOT_ALL_JUDGED, NOTHING, NOTHING_ADVICE, Words

REACH_TOP = 1.45
"""Times the range that counts at which a bar of the report is full: room for a larger range and the marks above."""
BACK_TOP = 2.0
"""Times the limit at which a bar of the back is full."""
ROW_MAX = 104
"""Largest height of a row, layout units."""
LEGEND_H = 44
"""Height of the legend, layout units."""
LEGEND = marked(("Clean", "With a fault", "Not judged", "Did not count"))
"""Words of the four looks of a bar, in the order in which they are drawn."""


def draw_report(canvas: Canvas, page: Page, view: ReportView, words: Words) -> list[Target]:
    """Numbers and the one thing to work on; beside them every set with its repetitions."""
    heading = words("{title}: {ended}", title=view.title, ended=view.ended)
    canvas.text(heading, page.heading, 38 * page.unit, backing=NIGHT)
    left = page.body.rows(0, 0.45) if page.is_upright else page.body.columns(0, 0.40)
    right = page.body.rows(0.47, 1) if page.is_upright else page.body.columns(0.42, 1)
    _draw_numbers(canvas, left.rows(0, 0.48), view, words, page)
    _draw_advice(canvas, left.rows(0.50, 1.0), view, words, page)
    _draw_rows(canvas, right, view.rows, words, page)
    return list(draw_hints(canvas, page.hints, view.hints, words, page.unit))


def _draw_numbers(canvas: Canvas, box: Box, view: ReportView, words: Words, page: Page) -> None:
    rows = math.ceil(len(view.tiles) / 2)
    halves = (box.columns(0, 0.5), box.columns(0.5, 1.0))
    cells = [halves[i % 2].rows(i // 2 / rows, (i // 2 + 1) / rows) for i in range(len(view.tiles))]
    places = [cell.inset(round(4 * page.unit)) for cell in cells]
    rooms = [place.rows(0.04, 0.60).inset(round(10 * page.unit), 0) for place in places]
    em = figure_em(tuple(words(v) for _, v in view.tiles), rooms[0].w, round(0.8 * rooms[0].h), 52 * page.unit)
    for (name, value), place, room in zip(view.tiles, places, rooms, strict=True):
        canvas.panel(place, PANEL, round(10 * page.unit))
        canvas.figure(words(value), room, em * CAP_SHARE, backing=PANEL)
        canvas.text(words(name), place.rows(0.61, 0.97), 20 * page.unit, ink=SOFT, backing=PANEL, align="centre")


def _draw_advice(canvas: Canvas, box: Box, view: ReportView, words: Words, page: Page) -> None:
    """What to do about pain; below it (or alone) the one thing to work on, or that there was none."""
    unit = page.unit
    has_more = bool(view.advice) or not view.warning
    if view.warning:
        top = box.rows(0, 0.46) if has_more else box
        room = _card(canvas, top, unit)
        stop_sign(canvas.pixels, (top.x + 44 * unit, top.centre[1]), 26 * unit, ORANGE)
        canvas.text(words(view.warning), room, 30 * unit, ink=ORANGE_TEXT, backing=CARD)
        box = box.rows(0.49, 1.0)
    if not has_more:
        return
    if view.advice:
        canvas.panel(box, CARD, round(12 * unit))
        inner = box.inset(round(18 * unit), round(12 * unit))
        canvas.text(words(view.headline), inner.rows(0, 0.32), 24 * unit, ink=ORANGE_TEXT, backing=CARD)
        advice = words("Next time: {cue}", cue=view.advice)
        canvas.text(advice, inner.rows(0.35, 1.0), 44 * unit, backing=CARD)
        return
    text = _without_advice(view, words)
    mark = check if view.is_all_clean else info
    room = _card(canvas, box, unit)
    mark(canvas.pixels, (box.x + 44 * unit, box.centre[1]), 26 * unit, BLUE_TEXT)
    canvas.text(text, room, 36 * unit, backing=CARD)


def _card(canvas: Canvas, box: Box, unit: float) -> Box:
    """A card with room for a mark at its left; returns where its text stands."""
    canvas.panel(box, CARD, round(12 * unit))
    left = round(86 * unit)
    return Box(box.x + left, box.y, box.w - left - round(12 * unit), box.h).inset(0, round(8 * unit))


def _without_advice(view: ReportView, words: Words) -> str:
    """What is said where there is nothing to work on: praise only where all of it was judged and clean."""
    if view.is_all_clean:
        return words(ALL_CLEAN)
    if any(not bar.is_attempt for row in view.rows for bar in row.bars):
        return words(NOT_ALL_JUDGED)
    return f"{words(NOTHING)} {words(NOTHING_ADVICE)}"


def _draw_rows(canvas: Canvas, box: Box, rows: tuple[ReportRow, ...], words: Words, page: Page) -> None:
    if not rows:
        return
    unit = page.unit
    head = Box(box.x, box.y, box.w, round(52 * unit))
    legend_h = round(LEGEND_H * unit)
    body = Box(box.x, head.bottom, box.w, box.h - head.h - legend_h)
    heads = marked((("Range: counts from the line", (0.36, 0.70)), ("Back: fault beyond the lines", (0.72, 1.0))))
    rooms = [head.columns(*share) for _, share in heads]
    fits = [(words(text), room.w, room.h) for (text, _), room in zip(heads, rooms, strict=True)]
    cap_px = common_cap(fits, 16 * unit, is_bold=False)
    for (text, _), room in zip(heads, rooms, strict=True):
        canvas.text(words(text), room, cap_px, ink=SOFT, backing=NIGHT, is_bold=False)
    height = min(round(ROW_MAX * unit), body.h // len(rows))
    for i, row in enumerate(rows):
        place = Box(body.x, body.y + i * height, body.w, height).inset(0, round(3 * unit))
        canvas.panel(place, PANEL, round(8 * unit))
        names = place.columns(0.015, 0.35)
        canvas.text(words(row.title), names.rows(0.04, 0.56), 18 * unit, backing=PANEL)
        canvas.text(words(row.text), names.rows(0.57, 0.98), 15 * unit, ink=SOFT, backing=PANEL, is_bold=False)
        inset = round(5 * unit)
        _draw_reach(canvas, place.columns(0.36, 0.70).inset(0, inset), row.bars, unit)
        if row.has_back:
            _draw_back(canvas, place.columns(0.72, 0.99).inset(0, inset), row.bars, unit)
    _draw_legend(canvas, Box(box.x, box.bottom - legend_h, box.w, legend_h), words, unit)


def _draw_legend(canvas: Canvas, box: Box, words: Words, unit: float) -> None:
    """The four looks of a bar with their words."""
    cells = [box.columns(i / 4, (i + 1) / 4) for i in range(len(LEGEND))]
    rooms = [Box(cell.x + round(30 * unit), cell.y, cell.w - round(34 * unit), cell.h) for cell in cells]
    cap_px = common_cap([(words(t), r.w, r.h) for t, r in zip(LEGEND, rooms, strict=True)], 13 * unit, is_bold=False)
    looks = (Bar(1, 0, "clean"), Bar(1, 0, "faulty"), Bar(1, 0, "not-judged"), Bar(0, 0, "clean", is_attempt=True))
    for text, look, cell, room in zip(LEGEND, looks, cells, rooms, strict=True):
        slot = Box(cell.x, cell.y + round(4 * unit), round(20 * unit), cell.h - round(8 * unit))
        _draw_bar(canvas, slot, slot.rows(0.40, 1.0), look)
        canvas.text(words(text), room, cap_px, ink=SOFT, backing=NIGHT, is_bold=False)


def _slots(box: Box, count: int, unit: float) -> list[Box]:
    """The place of each repetition's bar, the row's full height."""
    pitch = min(box.w / max(1, count), 26 * unit)
    width = max(2, round(0.72 * pitch))
    return [Box(round(box.x + i * pitch), box.y, width, box.h) for i in range(count)]


def _draw_bar(canvas: Canvas, slot: Box, bar_box: Box, bar: Bar) -> None:
    """One repetition: filled and blue, orange under a triangle, or hatched; an attempt is a cross on the floor."""
    radius = min(0.14 * slot.h, 0.42 * slot.w)
    if bar.is_attempt:
        cross(canvas.pixels, (slot.centre[0], slot.bottom - 1.4 * radius), 0.9 * radius, GREY)
    elif bar.verdict == "not-judged":
        corners = (float(bar_box.x), float(bar_box.y), float(bar_box.right), float(bar_box.bottom))
        hatched(canvas.pixels, corners, WHITE, max(1.0, slot.w / 8))
    else:
        canvas.panel(bar_box, BLUE if bar.verdict == "clean" else ORANGE)
        if bar.verdict == "faulty":
            triangle(canvas.pixels, (slot.centre[0], slot.y + 1.1 * radius), radius, WHITE)


def _draw_reach(canvas: Canvas, box: Box, bars: tuple[Bar, ...], unit: float) -> None:
    """A bar for each repetition up to its furthest reach; the dashed line is the range from which it counts."""
    for bar, slot in zip(bars, _slots(box, len(bars), unit), strict=True):
        reach = 0.0 if math.isnan(bar.reach) else min(bar.reach, REACH_TOP - 0.25)
        height = max(2, round(box.h * reach / REACH_TOP))
        _draw_bar(canvas, slot, Box(slot.x, box.bottom - height, slot.w, height), bar)
    counts = box.bottom - box.h / REACH_TOP
    ends = [(float(box.x), counts), (float(box.right), counts)]
    dashed(canvas.pixels, ends, TRACK if not bars else GREY, max(1, 1.5 * unit), 5 * unit)


def _draw_back(canvas: Canvas, box: Box, bars: tuple[Bar, ...], unit: float) -> None:
    """Up: more arched than at the start; down: rounder. Hatched from limit to limit: not known."""
    middle = box.centre[1]
    for bar, slot in zip(bars, _slots(box, len(bars), unit), strict=True):
        if bar.is_attempt:
            continue
        if math.isnan(bar.back):
            half = box.h / 2 / BACK_TOP
            corners = (float(slot.x), middle - half, float(slot.right), middle + half)
            hatched(canvas.pixels, corners, WHITE, max(1.0, slot.w / 8))
            continue
        size = max(1.0, min(abs(bar.back), BACK_TOP) / BACK_TOP * box.h / 2)
        top = middle - size if bar.back > 0 else middle
        is_over = abs(bar.back) >= 1.0
        canvas.panel(Box(slot.x, round(top), slot.w, max(2, round(size))), ORANGE if is_over else BLUE)
    for level, colour in ((0.0, SOFT), (1.0, GREY), (-1.0, GREY)):
        y = middle - level / BACK_TOP * box.h / 2
        dashed(canvas.pixels, [(float(box.x), y), (float(box.right), y)], colour, max(1, 1.5 * unit), 5 * unit)
