"""The frame of every page without a camera picture; menu, help and message."""

from __future__ import annotations

import math

from formcheck.core.rules.drawing import ASPECT
from formcheck.core.text import marked
from formcheck.screen.canvas import Box, Canvas
from formcheck.screen.figure import draw_film
from formcheck.screen.intents import Choose, Intent
from formcheck.screen.layout import LARGE, content_box
from formcheck.screen.lettering import common_cap
from formcheck.screen.notices import draw_hints
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
)
from formcheck.screen.shapes import info, polygon, stroke, triangle
from formcheck.screen.view import Card, HelpView, MenuView, MessageView
from formcheck.screen.words import HELP_NOTES, Words

Target = tuple[Box, Intent]

RETRY = marked("Trying again in {n} s.")
CARDS_ON_PAGE = 12
"""More exercises than this are shown page by page, the chosen one's page first."""


class Page:
    """The frame of a page: heading, body, keys."""

    def __init__(self, size: tuple[int, int], corner: int = 0, is_large: bool = False) -> None:
        """Make it.

        Args:
            size: (width, height) of the window.
            corner: pixels at the heading's right that are taken.
            is_large: whether large letters were asked for.
        """
        self.whole = content_box(size)
        is_wide = self.whole.w >= self.whole.h
        self.unit = min(self.whole.w / 1280, self.whole.h / 720) if is_wide else self.whole.w / 720
        self.unit *= LARGE if is_large else 1
        hints_h = round(34 * self.unit)
        self.hints = Box(self.whole.x, self.whole.bottom - hints_h, self.whole.w, hints_h)
        heading_h = round((96 if is_wide else 132) * self.unit)
        gap = round(24 * self.unit)
        place = Box(self.whole.x, self.whole.y, self.whole.w - corner, heading_h)
        self.heading = place.inset(gap, round(0.12 * heading_h))
        top = self.whole.y + heading_h
        self.is_upright = not is_wide
        self.body = Box(self.whole.x, top, self.whole.w, self.hints.y - top).inset(gap, round(0.4 * gap))


def columns_for(count: int, body: Box) -> int:
    """How many columns of cards make the cards largest and nearest to the shape of a card."""
    if count <= 0:
        return 1
    shapes = {}
    for columns in range(1, count + 1):
        rows = math.ceil(count / columns)
        w, h = body.w / columns, body.h / rows
        shapes[columns] = min(w / 1.3, h)
    return max(shapes, key=lambda columns: (round(shapes[columns], 3), columns))


def draw_menu(canvas: Canvas, page: Page, view: MenuView, selected: int, words: Words) -> list[Target]:
    """Cards of the exercises; `selected` is the index of the chosen one.

    Returns:
        Where cards and keys stand.
    """
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
    note = view.notice or marked("Shows how you move. Not medical advice. Stop if anything hurts.")
    ink = ORANGE_TEXT if view.notice else SOFT
    canvas.text(words(note), foot, 17 * page.unit, ink=ink, backing=NIGHT, is_bold=False)
    targets += draw_hints(canvas, page.hints, view.hints, words, page.unit)
    return targets


def _cell(body: Box, i: int, grid: tuple[int, int], unit: float) -> Box:
    columns, rows = grid
    column = body.columns((i % columns) / columns, (i % columns + 1) / columns)
    return column.rows((i // columns) / rows, (i // columns + 1) / rows).inset(round(8 * unit))


def _card_rooms(cell: Box) -> tuple[Box, Box, Box]:
    """Where title, line and dose stand in a card."""
    inner = cell.inset(max(4, cell.w // 22), max(4, cell.h // 26))
    return inner.rows(0.41, 0.60), inner.rows(0.61, 0.87), inner.rows(0.88, 1.0)


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
    _draw_card_figure(canvas, inner.rows(0.0, 0.40).columns(0.14, 0.94), card, is_selected)
    if index < 9:
        number = Box(inner.x, inner.y, inner.w // 7, inner.h // 6)
        canvas.text(str(index + 1), number, 0.12 * cell.h, ink=SOFT, backing=backing, valign="left")
    title, line, dose = _card_rooms(cell)
    canvas.text(words(card.title), title, caps[0], backing=backing)
    canvas.text(words(card.line), line, caps[1], ink=SOFT, backing=backing, is_bold=False)
    canvas.text(words(card.dose), dose, caps[2], ink=BLUE_TEXT, backing=backing)


def _draw_card_figure(canvas: Canvas, room: Box, card: Card, is_selected: bool) -> None:
    """How an exercise is done, in motion on the chosen card; or a drawing, centred in its room at its own shape."""
    backing = CARD_CHOSEN if is_selected else CARD
    if card.film is not None and is_selected:
        canvas.stage(room, card.film, backing, is_bare=True)
    elif card.film is not None:
        draw_film(canvas.view(room), card.film, card.film.telling_s, canvas.tone(backing), is_bare=True)
    w = min(room.w, round(room.h * ASPECT))
    h = round(w / ASPECT)
    x0, y0 = room.x + (room.w - w) / 2, room.y + (room.h - h) / 2
    colour = BLUE_TEXT if is_selected else WHITE
    for line in card.figure:
        points = [(x0 + x * w, y0 + y * h) for x, y in line]
        if len(points) > 2 and points[0] == points[-1]:
            polygon(canvas.pixels, points, colour)
        else:
            stroke(canvas.pixels, points, colour, max(2, 0.028 * w))


def draw_help(canvas: Canvas, page: Page, view: HelpView, words: Words) -> list[Target]:
    """All keys, and a few sentences on the camera."""
    canvas.text(words("Help"), page.heading, 38 * page.unit, backing=NIGHT)
    keys = page.body.rows(0, 0.56) if page.is_upright else page.body.columns(0, 0.52)
    notes = page.body.rows(0.58, 1) if page.is_upright else page.body.columns(0.54, 1)
    for i, (key, meaning) in enumerate(view.keys):
        row = keys.rows(i / len(view.keys), (i + 1) / len(view.keys)).inset(0, round(3 * page.unit))
        cap = row.columns(0, 0.33)
        canvas.panel(cap, CARD, round(6 * page.unit))
        canvas.text(words(key), cap.inset(round(6 * page.unit), 0), 17 * page.unit, backing=CARD, align="centre")
        canvas.text(words(meaning), row.columns(0.37, 1), 17 * page.unit, ink=SOFT, backing=NIGHT, is_bold=False)
    canvas.panel(notes, PANEL, round(12 * page.unit))
    inner = notes.inset(round(18 * page.unit))
    if view.film is not None:
        canvas.stage(inner.rows(0, 0.44), view.film, PANEL)
        inner = inner.rows(0.47, 1.0)
    for i, note in enumerate(HELP_NOTES):
        row = inner.rows(i / len(HELP_NOTES), (i + 1) / len(HELP_NOTES)).inset(0, round(4 * page.unit))
        canvas.text(words(note), row, 18 * page.unit, backing=PANEL, is_bold=False)
    return list(draw_hints(canvas, page.hints, view.hints, words, page.unit))


def draw_message(canvas: Canvas, page: Page, view: MessageView, words: Words) -> list[Target]:
    """One sentence, and what to do."""
    body = Box(page.whole.x, page.whole.y, page.whole.w, page.hints.y - page.whole.y)
    inner = body.inset(round(0.08 * body.w), round(0.04 * body.h))
    radius = 52 * page.unit
    mark, colour = (triangle, ORANGE) if view.is_error else (info, BLUE_TEXT)
    mark(canvas.pixels, (inner.centre[0], inner.y + 0.16 * inner.h), radius, colour)
    text, advice, retry = inner.rows(0.30, 0.62), inner.rows(0.64, 0.86), inner.rows(0.88, 1.0)
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
    again = words.seconds(RETRY, view.retries_in_s)
    canvas.text(again, retry, 27 * page.unit, ink=BLUE_TEXT, backing=NIGHT, align="centre")
    return list(draw_hints(canvas, page.hints, view.hints, words, page.unit))
