"""The pages that ask: the safety page, a few large answers, yes or no, and a number from 0 to 10."""

from __future__ import annotations

from dataclasses import replace

from formcheck.core.text import marked
from formcheck.screen.canvas import Box, Canvas
from formcheck.screen.intents import Action, Choose, Hint, Number
from formcheck.screen.lettering import CAP_SHARE, PITCH, common_cap, figure_em
from formcheck.screen.notices import draw_hints
from formcheck.screen.pages import Page, Target
from formcheck.screen.palette import (
    BLUE,
    BLUE_TEXT,
    CARD,
    CARD_CHOSEN,
    NIGHT,
    ORANGE,
    ORANGE_TEXT,
    PANEL,
    SOFT,
    TRACK,
    WHITE,
)
from formcheck.screen.shapes import disc, ring, stop_sign, stroke, triangle
from formcheck.screen.view import ChoiceView, ConfirmView, Option, SafetyView, ScaleView
from formcheck.screen.words import SAFETY_ASK, SAFETY_NOTE, SAFETY_STOP, Words

SCALE_TOP = 10
"""The scale goes from 0 to this (NPRS for pain, CR10 for effort)."""


def draw_safety(canvas: Canvas, page: Page, view: SafetyView, words: Words) -> list[Target]:
    """Who asks a professional first, and when to stop."""
    heading = view.choice.question if view.choice is not None else marked("Before you start")
    canvas.text(words(heading), page.heading, 38 * page.unit, backing=NIGHT)
    body, foot = page.body.rows(0, 0.87), page.body.rows(0.89, 1.0)
    targets: list[Target] = []
    if view.choice is not None:
        body, foot = page.body.rows(0, 0.71), page.body.rows(0.717, 0.755)
        targets = draw_options_of(canvas, page.body.rows(0.76, 1.0), view.choice, words, page)
    ask = body.rows(0, 0.6) if page.is_upright else body.columns(0, 0.57 if view.choice is None else 0.68)
    stop = body.rows(0.62, 1) if page.is_upright else body.columns(0.59 if view.choice is None else 0.70, 1)
    _draw_list(canvas, ask, words("Ask a professional first"), [words(t) for t in SAFETY_ASK], False, page)
    _draw_list(canvas, stop, words("Stop at once"), [words(t) for t in SAFETY_STOP], True, page)
    canvas.text(words(SAFETY_NOTE), foot, 18 * page.unit, ink=SOFT, backing=NIGHT, is_bold=False)
    return targets + list(draw_hints(canvas, page.hints, view.hints, words, page.unit))


def _draw_list(canvas: Canvas, box: Box, heading: str, lines: list[str], is_stop: bool, page: Page) -> None:
    unit = page.unit
    canvas.panel(box, PANEL, round(12 * unit))
    inner = box.inset(round(20 * unit), round(12 * unit))
    top, rest = inner.rows(0, 0.13), inner.rows(0.14, 1.0)
    radius = 0.42 * top.h
    mark, colour = (stop_sign, ORANGE) if is_stop else (triangle, ORANGE)
    mark(canvas.pixels, (top.x + radius, top.centre[1]), radius, colour)
    left = round(2.6 * radius)
    canvas.text(heading, Box(top.x + left, top.y, top.w - left, top.h), 27 * unit, ink=ORANGE_TEXT, backing=PANEL)
    rows = [rest.rows(i / len(lines), (i + 1) / len(lines)).inset(0, round(3 * unit)) for i in range(len(lines))]
    indent = round(22 * unit)
    rooms = [Box(row.x + indent, row.y, row.w - indent, row.h) for row in rows]
    fits = [(text, room.w, room.h) for text, room in zip(lines, rooms, strict=True)]
    cap_px = common_cap(fits, 19 * unit, is_bold=False)
    for text, room in zip(lines, rooms, strict=True):
        taken = canvas.text(text, room, cap_px, backing=PANEL, is_bold=False)
        line_px = cap_px / CAP_SHARE * PITCH
        disc(canvas.pixels, (room.x - 0.6 * indent, taken.y + line_px / 2), 4 * unit, SOFT)


def draw_choice(canvas: Canvas, page: Page, view: ChoiceView | ConfirmView, words: Words) -> list[Target]:
    """A question and its answers as large cards with their numbers."""
    canvas.text(words(view.question), page.heading, 44 * page.unit, backing=NIGHT)
    body, foot = page.body.rows(0, 0.86), page.body.rows(0.88, 1.0)
    if isinstance(view, ChoiceView):
        targets = draw_options_of(canvas, body, view, words, page)
    else:
        targets = _draw_options(canvas, body, (view.yes, view.no), words, page)
    after = words.seconds(view.auto_text, view.skips_in_s)
    note = f"{words(view.note)} {after}".strip()
    canvas.text(note, foot, 24 * page.unit, ink=SOFT, backing=NIGHT, is_bold=False)
    hints = view.hints if isinstance(view, ChoiceView) else _yes_and_no(view)
    return [*targets, *draw_hints(canvas, page.hints, hints, words, page.unit)]


def _yes_and_no(view: ConfirmView) -> tuple[Hint, ...]:
    """The keys with the words of the answers that they give."""
    words = {Action.CONFIRM: view.yes.title, Action.BACK: view.no.title}
    return tuple(replace(hint, label=words.get(hint.action, hint.label)) for hint in view.hints)


def draw_options_of(canvas: Canvas, body: Box, view: ChoiceView, words: Words, page: Page) -> list[Target]:
    """The answers of a choice as cards: the marked one framed, with an arm and a ring where they can be pointed to."""
    return _draw_options(canvas, body, view.options, words, page, view)


def _draw_options(
    canvas: Canvas, body: Box, options: tuple[Option, ...], words: Words, page: Page, choice: ChoiceView | None = None
) -> list[Target]:
    """Cards side by side; one under the other in an upright window, unless they are pointed to."""
    count, gap = len(options), round(10 * page.unit)
    shares = [(i / count, (i + 1) / count) for i in range(count)]
    is_pointed = choice is not None and choice.is_pointed
    is_stacked = page.is_upright and not is_pointed
    cards = [body.rows(*s).inset(gap) if is_stacked else body.columns(*s).inset(gap) for s in shares]
    has_lines = any(option.line for option in options)
    edge = gap // 2 if is_pointed else 2 * gap
    titles = [(card.rows(0.46, 0.72) if has_lines else card.rows(0.50, 0.92)).inset(edge, 0) for card in cards]
    lines = [card.rows(0.74, 0.94).inset(edge, 0) for card in cards]
    cap_px = common_cap([(words(o.title), r.w, r.h) for o, r in zip(options, titles, strict=True)], 44 * page.unit)
    line_px = common_cap(
        [(words(o.line), r.w, r.h) for o, r in zip(options, lines, strict=True)], 27 * page.unit, is_bold=False
    )
    for i, (option, card) in enumerate(zip(options, cards, strict=True)):
        is_marked = choice is not None and choice.marked == i
        backing = CARD_CHOSEN if is_marked else CARD
        canvas.panel(card, backing, round(16 * page.unit))
        if is_marked:
            canvas.frame(card, WHITE, max(4, round(6 * page.unit)), round(16 * page.unit))
        number_px = min(110 * page.unit, 0.3 * card.h)
        top = card.rows(0.05, 0.45)
        place = top.columns(0.08, 0.46) if is_pointed else top
        canvas.figure(str(i + 1), place, number_px, ink=BLUE_TEXT, backing=backing)
        if is_pointed and choice is not None:
            _draw_arm(canvas, top.columns(0.52, 0.94), _ARMS[count][i], _share(choice, i))
        canvas.text(words(option.title), titles[i], cap_px, backing=backing, align="centre")
        canvas.text(words(option.line), lines[i], line_px, ink=SOFT, backing=backing, align="centre", is_bold=False)
    return [(card, Choose(option.name)) for option, card in zip(options, cards, strict=True)]


_ARMS: dict[int, tuple[tuple[float, float], ...]] = {
    1: ((0.0, -1.0),),
    2: ((-0.87, -0.50), (0.87, -0.50)),
    3: ((-0.87, -0.50), (0.0, -1.0), (0.87, -0.50)),
}
"""Where the arm points that chooses each of so many answers, as the person sees it in a mirror: x right, y down; the
hands of a clock at ten, twelve and two (`core.setup.pointing`)."""


def _share(choice: ChoiceView, index: int) -> float:
    return choice.forming[1] if choice.forming is not None and choice.forming[0] == index else 0.0


def _draw_arm(canvas: Canvas, box: Box, way: tuple[float, float], share: float) -> None:
    """Somebody who points, and the ring that fills while it is done."""
    x, y = box.centre
    size = 0.5 * min(box.w, box.h)
    if share > 0:
        ring(canvas.pixels, (x, y), 0.94 * size, TRACK, 0.11 * size)
        ring(canvas.pixels, (x, y), 0.94 * size, WHITE, 0.16 * size, share)
    hand = 1.0 if way[0] >= 0 else -1.0
    neck, hip = (x, y - 0.08 * size), (x, y + 0.34 * size)
    shoulder = (x + 0.15 * size * hand, neck[1])
    disc(canvas.pixels, (x, y - 0.28 * size), 0.13 * size, WHITE)
    width = 0.13 * size
    stroke(canvas.pixels, [neck, hip], WHITE, 1.8 * width)
    for side in (-1.0, 1.0):
        stroke(canvas.pixels, [hip, (x + 0.15 * size * side, y + 0.72 * size)], WHITE, width)
    other = x - 0.15 * size * hand
    stroke(canvas.pixels, [(other, neck[1]), (other - 0.10 * size * hand, hip[1])], WHITE, width)
    tip = (shoulder[0] + 0.56 * size * way[0], shoulder[1] + 0.56 * size * way[1])
    stroke(canvas.pixels, [shoulder, tip], BLUE, 1.3 * width)
    disc(canvas.pixels, tip, 0.09 * size, BLUE)


def draw_scale(canvas: Canvas, page: Page, view: ScaleView, words: Words) -> list[Target]:
    """Eleven large fields from 0 to 10, the marked one framed and filled; words at both ends."""
    unit = page.unit
    canvas.text(words(view.question), page.heading, 44 * unit, backing=NIGHT)
    note, rows, foot = page.body.rows(0, 0.14), page.body.rows(0.16, 0.86), page.body.rows(0.89, 1.0)
    canvas.text(words(view.note), note, 24 * unit, ink=SOFT, backing=NIGHT, is_bold=False)
    ends = rows.rows(0.86, 1.0)
    fields = _fields(rows.rows(0.0, 0.84), page)
    figure_px = figure_em(("10",), round(0.8 * fields[0].w), round(0.6 * fields[0].h), 90 * unit) * CAP_SHARE
    for value, place in enumerate(fields):
        is_chosen = value == view.chosen
        backing = CARD_CHOSEN if is_chosen else CARD
        canvas.panel(place, backing, round(12 * unit))
        if is_chosen:
            canvas.frame(place, WHITE, max(4, round(6 * unit)), round(12 * unit))
        canvas.figure(str(value), place, figure_px, ink=WHITE if is_chosen else BLUE_TEXT, backing=backing)
    canvas.text(f"0 = {words(view.low_word)}", ends.columns(0, 0.48), 27 * unit, backing=NIGHT)
    canvas.text(f"10 = {words(view.high_word)}", ends.columns(0.52, 1), 27 * unit, backing=NIGHT, align="right")
    after = words.seconds(view.auto_text, view.skips_in_s, chosen=view.chosen)
    canvas.text(after, foot, 24 * unit, ink=SOFT, backing=NIGHT, is_bold=False)
    hints = tuple(_with_answer(hint, view.chosen, words) for hint in view.hints)
    targets: list[Target] = [(place, Number(value)) for value, place in enumerate(fields)]
    return [*targets, *draw_hints(canvas, page.hints, hints, words, unit)]


def _fields(box: Box, page: Page) -> list[Box]:
    """Places of the eleven numbers: one row, or 0 above three rows of three and 10 below in an upright window."""
    gap = round(5 * page.unit)
    if not page.is_upright:
        count = SCALE_TOP + 1
        return [box.columns(i / count, (i + 1) / count).inset(gap, gap) for i in range(count)]
    cells = []
    for value in range(SCALE_TOP + 1):
        row, column = (0, 0) if value == 0 else divmod(value + 2, 3)
        line = box.rows(row / 5, (row + 1) / 5)
        is_alone = value in (0, SCALE_TOP)
        cells.append((line if is_alone else line.columns(column / 3, (column + 1) / 3)).inset(gap, gap))
    return cells


def _with_answer(hint: Hint, chosen: int | None, words: Words) -> Hint:
    """What Enter does: take the number that is marked."""
    if chosen is None or hint.action is not Action.CONFIRM:
        return hint
    return replace(hint, label=words("Take {n}", n=chosen))
