"""The pages of a session: safety, a question with large answers, and the report at the end."""

from __future__ import annotations

import math

from formcheck.screen.canvas import Box, Canvas
from formcheck.screen.lettering import CAP_SHARE, common_cap, figure_em
from formcheck.screen.notices import draw_hints
from formcheck.screen.pages import Page, Target
from formcheck.screen.palette import BLUE, BLUE_TEXT, CARD, GREY, NIGHT, ORANGE, ORANGE_TEXT, PANEL, SOFT, TRACK, WHITE
from formcheck.screen.shapes import check, dash_mark, dashed, disc, stop_sign, triangle
from formcheck.screen.view import Bar, ChoiceView, Choose, ReportRow, ReportView, SafetyView
from formcheck.screen.words import SAFETY_ASK, SAFETY_NOTE, SAFETY_STOP, Words

REACH_TOP = 1.2
"""Share of the best range at which a bar of the report would be full: room for the triangles above."""
BACK_TOP = 2.0
"""Times the limit at which a bar of the back is full."""
ROW_MAX = 104
"""Largest height of a row, layout units."""


def draw_safety(canvas: Canvas, view: SafetyView, words: Words) -> list[Target]:
    """Who asks a professional first, and when to stop."""
    canvas.clear()
    page = Page(canvas)
    canvas.text(words("Before you start"), page.heading, 38 * page.unit, backing=NIGHT)
    body, foot = page.body.rows(0, 0.87), page.body.rows(0.89, 1.0)
    is_upright = page.whole.w < page.whole.h
    ask = body.rows(0, 0.6) if is_upright else body.columns(0, 0.57)
    stop = body.rows(0.62, 1) if is_upright else body.columns(0.59, 1)
    _draw_list(canvas, ask, words("Ask a professional first"), [words(t) for t in SAFETY_ASK], False, page)
    _draw_list(canvas, stop, words("Stop at once"), [words(t) for t in SAFETY_STOP], True, page)
    canvas.text(words(SAFETY_NOTE), foot, 18 * page.unit, ink=SOFT, backing=NIGHT, is_bold=False)
    return list(draw_hints(canvas, page.hints, view.hints, words, page.unit))


def _draw_list(canvas: Canvas, box: Box, heading: str, lines: list[str], is_stop: bool, page: Page) -> None:
    unit = page.unit
    canvas.panel(box, PANEL, round(12 * unit))
    inner = box.inset(round(20 * unit), round(12 * unit))
    top, rest = inner.rows(0, 0.14), inner.rows(0.16, 1.0)
    radius = 0.42 * top.h
    mark, colour = (stop_sign, ORANGE) if is_stop else (triangle, ORANGE)
    mark(canvas.pixels, (top.x + radius, top.centre[1]), radius, colour)
    left = round(2.6 * radius)
    canvas.text(heading, Box(top.x + left, top.y, top.w - left, top.h), 27 * unit, ink=ORANGE_TEXT, backing=PANEL)
    rows = [rest.rows(i / len(lines), (i + 1) / len(lines)).inset(0, round(4 * unit)) for i in range(len(lines))]
    indent = round(22 * unit)
    rooms = [Box(row.x + indent, row.y, row.w - indent, row.h) for row in rows]
    fits = [(text, room.w, room.h) for text, room in zip(lines, rooms, strict=True)]
    cap_px = common_cap(fits, 19 * unit, is_bold=False)
    for text, room in zip(lines, rooms, strict=True):
        disc(canvas.pixels, (room.x - 0.6 * indent, room.centre[1]), 4 * unit, SOFT)
        canvas.text(text, room, cap_px, backing=PANEL, is_bold=False)


def draw_choice(canvas: Canvas, view: ChoiceView, words: Words) -> list[Target]:
    """A question and its answers as large cards with their numbers."""
    canvas.clear()
    page = Page(canvas)
    canvas.text(words(view.question), page.heading, 44 * page.unit, backing=NIGHT)
    body, foot = page.body.rows(0, 0.86), page.body.rows(0.88, 1.0)
    count = len(view.options)
    shares = [(i / count, (i + 1) / count) for i in range(count)]
    is_upright = page.whole.w < page.whole.h
    gap = round(10 * page.unit)
    cards = [body.rows(*s).inset(gap) if is_upright else body.columns(*s).inset(gap) for s in shares]
    titles = [card.rows(0.46, 0.72).inset(2 * gap, 0) for card in cards]
    cap_px = common_cap([(words(o.title), r.w, r.h) for o, r in zip(view.options, titles, strict=True)], 44 * page.unit)
    targets: list[Target] = []
    for i, (option, card, title) in enumerate(zip(view.options, cards, titles, strict=True)):
        canvas.panel(card, CARD, round(16 * page.unit))
        number_px = min(110 * page.unit, 0.3 * card.h)
        canvas.figure(str(i + 1), card.rows(0.05, 0.45), number_px, ink=BLUE_TEXT, backing=CARD)
        canvas.text(words(option.title), title, cap_px, backing=CARD, align="centre")
        line = card.rows(0.74, 0.94).inset(2 * gap, 0)
        canvas.text(words(option.line), line, 27 * page.unit, ink=SOFT, backing=CARD, align="centre", is_bold=False)
        targets.append((card, Choose(option.name)))
    note = words(view.note)
    if view.skips_in_s is not None:
        goes_on = words("Goes on by itself in {n} s.").format(n=math.ceil(max(0.0, view.skips_in_s)))
        note = f"{note} {goes_on}".strip()
    canvas.text(note, foot, 24 * page.unit, ink=SOFT, backing=NIGHT, is_bold=False)
    return [*targets, *draw_hints(canvas, page.hints, view.hints, words, page.unit)]


def draw_report(canvas: Canvas, view: ReportView, words: Words) -> list[Target]:
    """Numbers and the one thing to work on; beside them every set with its repetitions."""
    canvas.clear()
    page = Page(canvas)
    heading = words("{title}: done" if view.is_complete else "{title}: stopped early").format(title=words(view.title))
    canvas.text(heading, page.heading, 38 * page.unit, backing=NIGHT)
    is_upright = page.whole.w < page.whole.h
    left = page.body.rows(0, 0.45) if is_upright else page.body.columns(0, 0.40)
    right = page.body.rows(0.47, 1) if is_upright else page.body.columns(0.42, 1)
    _draw_numbers(canvas, left.rows(0, 0.44), view, words, page)
    _draw_work_on(canvas, left.rows(0.47, 1.0), view, words, page)
    _draw_rows(canvas, right, view.rows, words, page)
    return list(draw_hints(canvas, page.hints, view.hints, words, page.unit))


def _draw_numbers(canvas: Canvas, box: Box, view: ReportView, words: Words, page: Page) -> None:
    rows = math.ceil(len(view.tiles) / 2)
    halves = (box.columns(0, 0.5), box.columns(0.5, 1.0))
    cells = [halves[i % 2].rows(i // 2 / rows, (i // 2 + 1) / rows) for i in range(len(view.tiles))]
    places = [cell.inset(round(4 * page.unit)) for cell in cells]
    rooms = [place.rows(0.08, 0.62).inset(round(10 * page.unit), 0) for place in places]
    em = figure_em(tuple(v for _, v in view.tiles), rooms[0].w, round(0.8 * rooms[0].h), 52 * page.unit)
    for (name, value), place, room in zip(view.tiles, places, rooms, strict=True):
        canvas.panel(place, PANEL, round(10 * page.unit))
        canvas.figure(value, room, em * CAP_SHARE, backing=PANEL)
        canvas.text(words(name), place.rows(0.68, 0.94), 20 * page.unit, ink=SOFT, backing=PANEL, align="centre")


def _draw_work_on(canvas: Canvas, box: Box, view: ReportView, words: Words, page: Page) -> None:
    """The card of the one thing; above it, if need be, what to do about pain."""
    unit = page.unit
    if view.warning:
        top, box = box.rows(0, 0.46), box.rows(0.49, 1.0)
        canvas.panel(top, CARD, round(12 * unit))
        radius = 26 * unit
        stop_sign(canvas.pixels, (top.x + 18 * unit + radius, top.centre[1]), radius, ORANGE)
        left = round(34 * unit + 2 * radius)
        room = Box(top.x + left, top.y, top.w - left - round(12 * unit), top.h).inset(0, round(8 * unit))
        canvas.text(words(view.warning), room, 26 * unit, ink=ORANGE_TEXT, backing=CARD)
    canvas.panel(box, CARD, round(12 * unit))
    inner = box.inset(round(18 * unit), round(12 * unit))
    if not view.advice:
        check(canvas.pixels, (inner.x + 30 * unit, inner.centre[1]), 28 * unit, BLUE_TEXT)
        room = Box(inner.x + round(74 * unit), inner.y, inner.w - round(74 * unit), inner.h)
        canvas.text(words("No faults seen. Nicely controlled."), room, 36 * unit, backing=CARD)
        return
    canvas.text(words("Work on this"), inner.rows(0, 0.16), 22 * unit, ink=SOFT, backing=CARD, is_bold=False)
    canvas.text(words(view.headline), inner.rows(0.18, 0.42), 24 * unit, ink=ORANGE_TEXT, backing=CARD)
    canvas.text(words(view.advice), inner.rows(0.45, 1.0), 44 * unit, backing=CARD)


def _draw_rows(canvas: Canvas, box: Box, rows: tuple[ReportRow, ...], words: Words, page: Page) -> None:
    unit = page.unit
    head = Box(box.x, box.y, box.w, round(30 * unit))
    body = Box(box.x, head.bottom, box.w, box.h - head.h)
    for text, share in (("Range", (0.36, 0.70)), ("Back", (0.72, 1.0))):
        canvas.text(words(text), head.columns(*share), 17 * unit, ink=SOFT, backing=NIGHT, is_bold=False)
    height = min(round(ROW_MAX * unit), body.h // max(1, len(rows)))
    for i, row in enumerate(rows):
        place = Box(body.x, body.y + i * height, body.w, height).inset(0, round(3 * unit))
        canvas.panel(place, PANEL, round(8 * unit))
        names = place.columns(0.015, 0.34)
        canvas.text(words(row.title), names.rows(0.05, 0.64), 18 * unit, backing=PANEL)
        canvas.text(words(row.text), names.rows(0.65, 0.97), 16 * unit, ink=SOFT, backing=PANEL, is_bold=False)
        inset = round(5 * unit)
        _draw_reach(canvas, place.columns(0.36, 0.70).inset(0, inset), row.bars, unit)
        if row.has_back:
            _draw_back(canvas, place.columns(0.72, 0.99).inset(0, inset), row.bars, unit)


def _slots(box: Box, count: int, unit: float) -> list[tuple[float, float]]:
    """Left edge and width of each repetition's bar."""
    pitch = min(box.w / max(1, count), 26 * unit)
    return [(box.x + i * pitch, max(2.0, 0.72 * pitch)) for i in range(count)]


def _draw_reach(canvas: Canvas, box: Box, bars: tuple[Bar, ...], unit: float) -> None:
    """A bar for each repetition up to its furthest reach; a triangle stands on one with a fault."""
    whole = box.bottom - box.h / REACH_TOP
    ends = [(float(box.x), whole), (float(box.right), whole)]
    dashed(canvas.pixels, ends, TRACK, max(1, 1.5 * unit), 5 * unit)
    for bar, (x, width) in zip(bars, _slots(box, len(bars), unit), strict=True):
        height = max(2, round(box.h * min(bar.reach, REACH_TOP) / REACH_TOP))
        place = Box(round(x), box.bottom - height, max(2, round(width)), height)
        canvas.panel(place, BLUE if bar.is_clean else ORANGE)
        if not bar.is_clean:
            triangle(canvas.pixels, (place.centre[0], box.y + 0.2 * box.h), min(0.2 * box.h, 0.5 * width), WHITE)


def _draw_back(canvas: Canvas, box: Box, bars: tuple[Bar, ...], unit: float) -> None:
    """Up: more arched than at the start; down: rounder. The dashed lines are the limits."""
    middle = box.centre[1]
    for level, colour in ((0.0, SOFT), (1.0, TRACK), (-1.0, TRACK)):
        y = middle - level / BACK_TOP * box.h / 2
        dashed(canvas.pixels, [(float(box.x), y), (float(box.right), y)], colour, max(1, 1.5 * unit), 5 * unit)
    for bar, (x, width) in zip(bars, _slots(box, len(bars), unit), strict=True):
        if math.isnan(bar.back):
            dash_mark(canvas.pixels, (x + width / 2, middle), min(0.3 * box.h, 0.4 * width), GREY)
            continue
        size = min(abs(bar.back), BACK_TOP) / BACK_TOP * box.h / 2
        top = middle - size if bar.back > 0 else middle
        is_over = abs(bar.back) >= 1.0
        canvas.panel(Box(round(x), round(top), max(2, round(width)), max(2, round(size))), ORANGE if is_over else BLUE)
