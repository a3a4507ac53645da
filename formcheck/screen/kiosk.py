"""The pages of a kiosk: what it shows while nobody is there, consent, whether somebody is still there, and a keypad."""

from __future__ import annotations

from formcheck.core.text import marked
from formcheck.screen.canvas import Box, Canvas
from formcheck.screen.intents import Action, Intent, Number
from formcheck.screen.notices import draw_hints
from formcheck.screen.pages import Page, Target
from formcheck.screen.palette import BLUE_TEXT, CARD, NIGHT, ORANGE_TEXT, PANEL, SOFT, TRACK
from formcheck.screen.projection import as_bgr, project, put_picture
from formcheck.screen.questions import draw_options_of
from formcheck.screen.view import AttractView, ConsentView, KeypadView, StillThereView
from formcheck.screen.words import Words

ERASE = marked("Erase")
PAD: tuple[tuple[str, Intent], ...] = (
    *((str(n), Number(n)) for n in range(1, 10)),
    (ERASE, Action.ERASE), ("0", Number(0)), ("OK", Action.CONFIRM),
)  # fmt: skip
"""The keys of a keypad, row by row, and what each means."""


def draw_attract(canvas: Canvas, page: Page, view: AttractView, words: Words) -> list[Target]:
    """A figure that moves, whose screen it is, and two sentences."""
    unit, whole = page.unit, page.whole.inset(round(30 * page.unit))
    show = whole.rows(0.02, 0.50) if page.is_upright else whole.columns(0.46, 1.0).rows(0.08, 0.92)
    told = whole.rows(0.53, 0.98) if page.is_upright else whole.columns(0.0, 0.43)
    ink, strong = (TRACK, TRACK) if view.is_dim else (SOFT, BLUE_TEXT)
    canvas.text(words(view.clinic), told.rows(0.0, 0.16), 30 * unit, ink=strong, backing=NIGHT)
    canvas.text(
        words(view.invites), told.rows(0.18, 0.52), 52 * unit, ink=TRACK if view.is_dim else strong, backing=NIGHT
    )
    canvas.text(words(view.promises), told.rows(0.54, 0.74), 27 * unit, ink=ink, backing=NIGHT, is_bold=False)
    canvas.text(words(view.line), told.rows(0.76, 0.88), 24 * unit, ink=ink, backing=NIGHT, is_bold=False)
    canvas.text(words(view.notice), told.rows(0.89, 1.0), 24 * unit, ink=ORANGE_TEXT, backing=NIGHT)
    if view.film is not None and not view.is_dim:
        canvas.panel(show, PANEL, round(16 * unit))
        inner = show.inset(round(16 * unit))
        canvas.text(words(view.title), inner.rows(0.88, 1.0), 30 * unit, ink=SOFT, backing=PANEL, align="centre")
        canvas.stage(inner.rows(0.06, 0.82).columns(0.08, 0.92), view.film, PANEL, is_bare=True)
    return [(canvas.box, Action.CONFIRM)]


def draw_consent(canvas: Canvas, page: Page, view: ConsentView, words: Words) -> list[Target]:
    """What the camera sees, as in a mirror; what becomes of it; and the answers."""
    unit = page.unit
    canvas.text(words(view.choice.question), page.heading, 40 * unit, backing=NIGHT)
    upper, lower = page.body.rows(0, 0.50), page.body.rows(0.52, 0.92)
    note = words(view.choice.note)
    canvas.text(note, page.body.rows(0.93, 1.0), 22 * unit, ink=SOFT, backing=NIGHT, is_bold=False)
    seen = upper.rows(0, 0.6) if page.is_upright else upper.columns(0, 0.5)
    told = upper.rows(0.62, 1) if page.is_upright else upper.columns(0.53, 1)
    image = as_bgr(view.image)
    if image is not None:
        put_picture(canvas, image, project(image.shape[1], image.shape[0], seen, is_mirrored=True))
    else:
        canvas.panel(seen, PANEL, round(12 * unit))
    count = max(1, len(view.lines))
    for i, line in enumerate(view.lines):
        canvas.text(words(line), told.rows(i / count, (i + 1) / count), 28 * unit, ink=SOFT, backing=NIGHT)
    targets = draw_options_of(canvas, lower, view.choice, words, page)
    return [*targets, *draw_hints(canvas, page.hints, view.hints, words, unit)]


def draw_still_there(canvas: Canvas, page: Page, view: StillThereView, words: Words) -> list[Target]:
    """The question, the seconds that are left, and what counts as an answer: a touch anywhere does."""
    body = Box(page.whole.x, page.whole.y, page.whole.w, page.whole.h).inset(round(30 * page.unit))
    canvas.text(words(view.text), body.rows(0.04, 0.26), 64 * page.unit, backing=NIGHT, align="centre")
    place = body.rows(0.28, 0.74)
    canvas.figure(str(view.left_s), place, min(230 * page.unit, 0.9 * place.h), ink=BLUE_TEXT, backing=NIGHT)
    canvas.text(words(view.advice), body.rows(0.78, 0.96), 34 * page.unit, ink=SOFT, backing=NIGHT, align="centre")
    return [(canvas.box, Action.CONFIRM)]


def draw_keypad(canvas: Canvas, page: Page, view: KeypadView, words: Words) -> list[Target]:
    """What is asked, what was typed, and twelve large keys."""
    unit = page.unit
    canvas.text(words(view.question), page.heading, 40 * unit, backing=NIGHT)
    told = page.body.rows(0, 0.34) if page.is_upright else page.body.columns(0, 0.48)
    pad = page.body.rows(0.36, 1) if page.is_upright else page.body.columns(0.52, 1)
    field = told.rows(0.02, 0.34)
    canvas.panel(field, CARD, round(12 * unit))
    canvas.text(view.typed, field.inset(round(16 * unit)), 48 * unit, backing=CARD, align="centre")
    canvas.text(words(view.note), told.rows(0.38, 0.72), 26 * unit, ink=SOFT, backing=NIGHT, is_bold=False)
    canvas.text(words(view.trouble), told.rows(0.74, 1.0), 28 * unit, ink=ORANGE_TEXT, backing=NIGHT)
    targets: list[Target] = []
    for i, (sign, intent) in enumerate(PAD):
        row, column = divmod(i, 3)
        cell = pad.rows(row / 4, (row + 1) / 4).columns(column / 3, (column + 1) / 3).inset(round(6 * unit))
        canvas.panel(cell, CARD, round(14 * unit))
        canvas.text(words(sign), cell.inset(round(8 * unit)), 48 * unit, ink=BLUE_TEXT, backing=CARD, align="centre")
        targets.append((cell, intent))
    return [*targets, *draw_hints(canvas, page.hints, view.hints, words, unit)]
