"""The pages without a camera picture: menu, help, message, summary."""

from __future__ import annotations

import math

from formcheck.screen.canvas import Align, Box, Canvas
from formcheck.screen.figures import ASPECT
from formcheck.screen.layout import content_box
from formcheck.screen.lettering import CAP_SHARE, common_cap, figure_em
from formcheck.screen.notices import draw_hints, draw_sound
from formcheck.screen.palette import (
    BLUE_TEXT,
    CARD,
    CARD_CHOSEN,
    NIGHT,
    ORANGE,
    ORANGE_TEXT,
    PANEL,
    SOFT,
    WHITE,
    Colour,
)
from formcheck.screen.shapes import check, info, polygon, stroke, triangle
from formcheck.screen.view import Action, Card, Choose, HelpView, MenuView, MessageView, SummaryView
from formcheck.screen.words import HELP_KEYS, HELP_NOTES, NOTHING, NOTHING_ADVICE, Words

Target = tuple[Box, Action | Choose]

CARDS_ON_PAGE = 12
"""More exercises than this are shown page by page, the chosen one's page first."""


class Page:
    """The frame of a page: heading, body, keys."""

    def __init__(self, canvas: Canvas) -> None:
        self.whole = content_box(canvas.size)
        self.unit = min(self.whole.w / 1280, self.whole.h / 720)
        if self.whole.w < self.whole.h:
            self.unit = self.whole.w / 720
        hints_h = round(34 * self.unit)
        self.hints = Box(self.whole.x, self.whole.bottom - hints_h, self.whole.w, hints_h)
        heading_h = round(96 * self.unit)
        gap = round(24 * self.unit)
        self.heading = Box(self.whole.x, self.whole.y, self.whole.w, heading_h).inset(gap, round(0.12 * heading_h))
        top = self.whole.y + heading_h
        self.body = Box(self.whole.x, top, self.whole.w, self.hints.y - top).inset(gap, round(0.4 * gap))


def columns_for(count: int, body: Box) -> int:
    """How many columns of cards make the cards largest and nearest to the shape of a card."""
    if count <= 0:
        return 1
    shapes = {}
    for columns in range(1, count + 1):
        rows = math.ceil(count / columns)
        w, h = body.w / columns, body.h / rows
        shapes[columns] = min(w / 1.15, h)
    return max(shapes, key=lambda columns: (round(shapes[columns], 3), columns))


def draw_menu(canvas: Canvas, view: MenuView, selected: int, words: Words) -> list[Target]:
    """Cards of the exercises; `selected` is the index of the chosen one.

    Returns:
        Where cards and keys stand.
    """
    canvas.clear()
    page = Page(canvas)
    canvas.text(words("Choose an exercise"), page.heading, 38 * page.unit, backing=NIGHT)
    body = page.body.rows(0, 0.88)
    foot = page.body.rows(0.895, 1.0)
    targets: list[Target] = []
    if not view.cards:
        text = words("No exercises are installed. Install FormCheck again, or ask your clinic for its exercises.")
        canvas.text(text, body, 34 * page.unit, backing=NIGHT, align="centre")
    first = selected // CARDS_ON_PAGE * CARDS_ON_PAGE
    shown = view.cards[first : first + CARDS_ON_PAGE]
    columns = columns_for(len(shown), body)
    rows = max(1, math.ceil(len(shown) / columns))
    caps = _card_caps(shown, body, (columns, rows), words, page.unit)
    for i, card in enumerate(shown):
        cell = _cell(body, i, (columns, rows), page.unit)
        _draw_card(canvas, cell, card, first + i, first + i == selected, words, caps)
        targets.append((cell, Choose(card.name)))
    note = view.notice or "Shows how you move. Not medical advice. Stop if anything hurts."
    ink = ORANGE_TEXT if view.notice else SOFT
    canvas.text(words(note), foot.columns(0, 0.62), 17 * page.unit, ink=ink, backing=NIGHT, is_bold=False)
    draw_sound(canvas, view.sound, words, foot.columns(0.62, 1), page.unit)
    targets += draw_hints(canvas, page.hints, view.hints, words, page.unit)
    return targets


def _cell(body: Box, i: int, grid: tuple[int, int], unit: float) -> Box:
    columns, rows = grid
    column = body.columns((i % columns) / columns, (i % columns + 1) / columns)
    return column.rows((i // columns) / rows, (i // columns + 1) / rows).inset(round(8 * unit))


def _card_rooms(cell: Box) -> tuple[Box, Box, Box]:
    """Where title, line and dose stand in a card."""
    inner = cell.inset(max(4, cell.w // 22), max(4, cell.h // 26))
    return inner.rows(0.45, 0.65), inner.rows(0.66, 0.87), inner.rows(0.88, 1.0)


def _card_caps(
    shown: tuple[Card, ...], body: Box, grid: tuple[int, int], words: Words, unit: float
) -> tuple[float, float, float]:
    """Cap heights of title, line and dose: the same on all cards."""
    cell = _cell(body, 0, grid, unit)
    title, line, dose = _card_rooms(cell)
    return (
        common_cap([(words(c.title), title.w, title.h) for c in shown], min(0.085 * cell.h, 0.08 * cell.w)),
        common_cap([(words(c.line), line.w, line.h) for c in shown], 0.065 * cell.h, is_bold=False),
        common_cap([(words(c.dose), dose.w, dose.h) for c in shown], 0.065 * cell.h),
    )


def _draw_card(
    canvas: Canvas,
    cell: Box,
    card: Card,
    index: int,
    is_selected: bool,
    words: Words,
    caps: tuple[float, float, float],
) -> None:
    backing = CARD_CHOSEN if is_selected else CARD
    radius = max(4, cell.h // 24)
    canvas.panel(cell, backing, radius)
    if is_selected:
        canvas.frame(cell, WHITE, max(3, cell.h // 70), radius)
    inner = cell.inset(max(4, cell.w // 22), max(4, cell.h // 26))
    draw_figure(canvas, inner.rows(0.0, 0.44).columns(0.08, 1.0), card, BLUE_TEXT if is_selected else WHITE)
    if index < 9:
        number = Box(inner.x, inner.y, inner.w // 7, inner.h // 6)
        canvas.text(str(index + 1), number, 0.12 * cell.h, ink=SOFT, backing=backing, valign="left")
    title, line, dose = _card_rooms(cell)
    canvas.text(words(card.title), title, caps[0], backing=backing)
    canvas.text(words(card.line), line, caps[1], ink=SOFT, backing=backing, is_bold=False)
    canvas.text(words(card.dose), dose, caps[2], ink=BLUE_TEXT, backing=backing)


def draw_figure(canvas: Canvas, room: Box, card: Card, colour: Colour) -> None:
    """The drawing of an exercise, centred in its room at its own shape."""
    w = min(room.w, round(room.h * ASPECT))
    h = round(w / ASPECT)
    x0, y0 = room.x + (room.w - w) / 2, room.y + (room.h - h) / 2
    for line in card.figure:
        points = [(x0 + x * w, y0 + y * h) for x, y in line]
        if len(points) > 2 and points[0] == points[-1]:
            polygon(canvas.pixels, points, colour)
        else:
            stroke(canvas.pixels, points, colour, max(2, 0.028 * w))


def draw_help(canvas: Canvas, view: HelpView, words: Words) -> list[Target]:
    """All keys, and a few sentences on the camera."""
    canvas.clear()
    page = Page(canvas)
    canvas.text(words("Help"), page.heading, 38 * page.unit, backing=NIGHT)
    is_upright = page.whole.w < page.whole.h
    keys = page.body.rows(0, 0.56) if is_upright else page.body.columns(0, 0.52)
    notes = page.body.rows(0.58, 1) if is_upright else page.body.columns(0.54, 1)
    for i, (key, meaning) in enumerate(HELP_KEYS):
        row = keys.rows(i / len(HELP_KEYS), (i + 1) / len(HELP_KEYS)).inset(0, round(3 * page.unit))
        cap = row.columns(0, 0.33)
        canvas.panel(cap, CARD, round(6 * page.unit))
        canvas.text(words(key), cap.inset(round(6 * page.unit), 0), 17 * page.unit, backing=CARD, align="centre")
        canvas.text(words(meaning), row.columns(0.37, 1), 17 * page.unit, ink=SOFT, backing=NIGHT, is_bold=False)
    canvas.panel(notes, PANEL, round(12 * page.unit))
    inner = notes.inset(round(18 * page.unit))
    for i, note in enumerate(HELP_NOTES):
        row = inner.rows(i / len(HELP_NOTES), (i + 1) / len(HELP_NOTES)).inset(0, round(4 * page.unit))
        canvas.text(words(note), row, 18 * page.unit, backing=PANEL, is_bold=False)
    return list(draw_hints(canvas, page.hints, view.hints, words, page.unit))


def draw_message(canvas: Canvas, view: MessageView, words: Words) -> list[Target]:
    """One sentence, and what to do."""
    canvas.clear()
    page = Page(canvas)
    body = Box(page.whole.x, page.whole.y, page.whole.w, page.hints.y - page.whole.y)
    inner = body.inset(round(0.08 * body.w), round(0.04 * body.h))
    radius = 52 * page.unit
    mark, colour = (triangle, ORANGE) if view.is_error else (info, BLUE_TEXT)
    mark(canvas.pixels, (inner.centre[0], inner.y + 0.16 * inner.h), radius, colour)
    text, advice = inner.rows(0.30, 0.66), inner.rows(0.68, 1.0)
    canvas.text(words(view.text), text, 40 * page.unit, backing=NIGHT, align="centre")
    canvas.text(
        words(view.advice),
        advice,
        27 * page.unit,
        ink=SOFT,
        backing=NIGHT,
        align="centre",
        valign="left",
        is_bold=False,
    )
    return list(draw_hints(canvas, page.hints, view.hints, words, page.unit))


TILES_MAX = 3


def draw_summary(canvas: Canvas, view: SummaryView, words: Words) -> list[Target]:
    """A set that is done: the count, what was clean, the hold, and one thing for next time."""
    canvas.clear()
    page = Page(canvas)
    heading = words("{title}: done").format(title=words(view.title))
    canvas.text(heading, page.heading, 38 * page.unit, backing=NIGHT)
    tiles = [
        (words("Repetitions"), _of(view.reps, view.target_reps)),
        (words("Clean"), _of(view.clean_reps, view.reps)),
    ]
    if view.hold_total_s > 0:
        tiles.append((words("Held"), words("{n} s").format(n=round(view.hold_total_s))))
    if view.lines:
        tiles = [(words(what), much) for what, much in view.lines[:TILES_MAX]]
    top, bottom = page.body.rows(0, 0.50), page.body.rows(0.53, 1.0)
    _draw_tiles(canvas, top, tiles, page)
    _draw_advice(canvas, bottom.inset(round(8 * page.unit), 0), view, words, page.unit)
    return list(draw_hints(canvas, page.hints, view.hints, words, page.unit))


def _draw_tiles(canvas: Canvas, box: Box, tiles: list[tuple[str, str]], page: Page) -> None:
    """Name and number of each, side by side; one under the other in an upright window. All numbers in one size."""
    shares = [(i / len(tiles), (i + 1) / len(tiles)) for i in range(len(tiles))]
    gap = round(8 * page.unit)
    is_upright = page.whole.w < page.whole.h
    places = [box.rows(*s).inset(gap, gap // 2) if is_upright else box.columns(*s).inset(gap, 0) for s in shares]
    rooms = [p.columns(0.42, 0.97) if is_upright else p.rows(0.10, 0.66).inset(2 * gap, 0) for p in places]
    em = figure_em(tuple(value for _, value in tiles), rooms[0].w, round(0.8 * rooms[0].h), 110 * page.unit)
    for (name, value), place, room in zip(tiles, places, rooms, strict=True):
        canvas.panel(place, PANEL, round(12 * page.unit))
        canvas.figure(value, room, em * CAP_SHARE, backing=PANEL)
        label = place.columns(0.04, 0.40) if is_upright else place.rows(0.72, 0.96)
        align: Align = "left" if is_upright else "centre"
        canvas.text(name, label, 26 * page.unit, ink=SOFT, backing=PANEL, align=align)


def _draw_advice(canvas: Canvas, box: Box, view: SummaryView, words: Words, unit: float) -> None:
    canvas.panel(box, CARD, round(12 * unit))
    radius = 34 * unit
    has_fault, is_empty = bool(view.fault), not view.reps and not view.lines
    mark, colour = (triangle, ORANGE) if has_fault else (info if is_empty else check, BLUE_TEXT)
    mark(canvas.pixels, (box.x + 28 * unit + radius, box.centre[1]), radius, colour)
    left = round(52 * unit + 2 * radius)
    inner = Box(box.x + left, box.y, box.w - left - round(16 * unit), box.h).inset(0, round(10 * unit))
    if not has_fault:
        praise = (
            f"{words(NOTHING)} {words(NOTHING_ADVICE)}" if is_empty else words("No faults seen. Nicely controlled.")
        )
        canvas.text(praise, inner, 40 * unit, backing=CARD)
        return
    text = words("Tracked most: {fault} ({n} times)") if view.fault_count != 1 else words("Tracked once: {fault}")
    headline = text.format(fault=words.fault(view.fault), n=view.fault_count)
    canvas.text(headline, inner.rows(0, 0.32), 25 * unit, ink=ORANGE_TEXT, backing=CARD)
    next_time = words("Next time: {cue}").format(cue=words(view.cue))
    canvas.text(next_time, inner.rows(0.34, 1.0), 40 * unit, backing=CARD)


def _of(count: int, target: int) -> str:
    return f"{count} / {target}" if target else str(count)
