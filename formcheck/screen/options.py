"""The pages on which a person chooses how the window is, and which camera is used."""

from __future__ import annotations

import math

from formcheck.screen.canvas import Box, Canvas
from formcheck.screen.intents import Choose
from formcheck.screen.lettering import common_cap
from formcheck.screen.notices import draw_hints
from formcheck.screen.pages import Page, Target, columns_for
from formcheck.screen.palette import BLUE_TEXT, CARD, GREY, NIGHT, PICTURE_EDGE, SOFT, WHITE
from formcheck.screen.projection import as_bgr, project, put_picture
from formcheck.screen.view import CamerasView, OptionsView
from formcheck.screen.words import Words


def draw_options(canvas: Canvas, page: Page, view: OptionsView, words: Words) -> list[Target]:
    """One row for each: its number, what it is, what it is set to."""
    unit = page.unit
    canvas.text(words(view.title), page.heading, 38 * unit, backing=NIGHT)
    count = len(view.switches)
    rows = [page.body.rows(i / count, (i + 1) / count).inset(0, round(3 * unit)) for i in range(count)]
    shares = (
        ((0.02, 0.09), (0.11, 0.66), (0.68, 0.98)) if page.is_upright else ((0.01, 0.06), (0.07, 0.70), (0.72, 0.99))
    )
    places = [tuple(row.columns(*share) for share in shares) for row in rows]
    share = 0.48 if page.is_upright else 0.58
    halves = [(p[1].rows(0.04, share), p[1].rows(share, 0.98)) for p in places]
    title_px = common_cap(
        [(words(s.title), h[0].w, h[0].h) for s, h in zip(view.switches, halves, strict=True)], 26 * unit
    )
    value_px = common_cap(
        [(words(s.value), p[2].w, p[2].h) for s, p in zip(view.switches, places, strict=True)], 28 * unit
    )
    line_px = common_cap(
        [(words(s.line), h[1].w, h[1].h) for s, h in zip(view.switches, halves, strict=True)], 18 * unit, is_bold=False
    )
    for i, (switch, row, place, half) in enumerate(zip(view.switches, rows, places, halves, strict=True)):
        canvas.panel(row, CARD, round(10 * unit))
        canvas.figure(str(i + 1), place[0], 0.5 * row.h, ink=BLUE_TEXT, backing=CARD)
        canvas.text(words(switch.title), half[0], title_px, backing=CARD)
        canvas.text(words(switch.line), half[1], line_px, ink=SOFT, backing=CARD, is_bold=False)
        canvas.text(words(switch.value), place[2], value_px, ink=BLUE_TEXT, backing=CARD, align="right")
    targets: list[Target] = [(row, Choose(switch.name)) for row, switch in zip(rows, view.switches, strict=True)]
    return [*targets, *draw_hints(canvas, page.hints, view.hints, words, unit)]


def draw_cameras(canvas: Canvas, page: Page, view: CamerasView, words: Words) -> list[Target]:
    """Each camera's picture with its name; the chosen one framed."""
    unit = page.unit
    canvas.text(words("Which camera?"), page.heading, 38 * unit, backing=NIGHT)
    body, foot = page.body.rows(0, 0.86), page.body.rows(0.88, 1.0)
    canvas.text(words(view.note), foot, 24 * unit, ink=SOFT, backing=NIGHT)
    count = len(view.cameras)
    columns = max(1, columns_for(count, body))
    rows = math.ceil(count / columns)
    targets: list[Target] = []
    for i, camera in enumerate(view.cameras):
        column, row = i % columns, i // columns
        place = body.columns(column / columns, (column + 1) / columns).rows(row / rows, (row + 1) / rows)
        place = place.inset(round(8 * unit))
        picture, name = place.rows(0, 0.84), place.rows(0.85, 1.0)
        canvas.panel(picture, PICTURE_EDGE)
        image = as_bgr(camera.image)
        if image is None:
            canvas.text(
                words(camera.trouble), picture.inset(round(12 * unit)), 26 * unit, ink=GREY, backing=PICTURE_EDGE
            )
        else:
            put_picture(canvas, image, project(image.shape[1], image.shape[0], picture, True))
        title = f"{i + 1}  {camera.title}"
        canvas.text(title, name, 24 * unit, ink=BLUE_TEXT if i == view.chosen else WHITE, backing=NIGHT, align="centre")
        if i == view.chosen:
            canvas.frame(_around(place, unit), WHITE, max(3, round(5 * unit)), round(6 * unit))
        targets.append((place, Choose(camera.name)))
    return [*targets, *draw_hints(canvas, page.hints, view.hints, words, unit)]


def _around(box: Box, unit: float) -> Box:
    by = round(4 * unit)
    return Box(box.x - by, box.y - by, box.w + 2 * by, box.h + 2 * by)
