"""The page on which an exercise is shown: the right movement, then each fault beside it."""

from __future__ import annotations

from formcheck.screen.canvas import Box, Canvas
from formcheck.screen.notices import draw_hints
from formcheck.screen.pages import Page, Target
from formcheck.screen.palette import BLUE_TEXT, NIGHT, ORANGE_TEXT, PANEL, SOFT
from formcheck.screen.view import DemonstrationView, Scene
from formcheck.screen.words import Words


def draw_demonstration(canvas: Canvas, page: Page, view: DemonstrationView, words: Words) -> list[Target]:
    """Its figures side by side (one under the other in an upright window), and what to do below."""
    canvas.text(words(view.title), page.heading.columns(0, 0.84), 38 * page.unit, backing=NIGHT)
    place = words("{n} of {m}", n=view.place[0], m=view.place[1])
    canvas.text(place, page.heading.columns(0.86, 1.0), 22 * page.unit, ink=SOFT, backing=NIGHT, align="right")
    body, foot = page.body.rows(0, 0.84), page.body.rows(0.86, 1.0)
    count = len(view.scenes)
    for i, scene in enumerate(view.scenes):
        share = (i / count, (i + 1) / count)
        cell = body.rows(*share) if page.is_upright else body.columns(*share)
        _draw_scene(canvas, cell.inset(round(6 * page.unit)), scene, words, page.unit)
    canvas.text(words(view.line), foot, 34 * page.unit, backing=NIGHT, align="centre")
    return list(draw_hints(canvas, page.hints, view.hints, words, page.unit))


def _draw_scene(canvas: Canvas, cell: Box, scene: Scene, words: Words, unit: float) -> None:
    canvas.panel(cell, PANEL, round(12 * unit))
    inner = cell.inset(round(14 * unit))
    ink = ORANGE_TEXT if scene.film.wrong is not None else BLUE_TEXT
    canvas.text(words(scene.text), inner.rows(0, 0.14), 34 * unit, ink=ink, backing=PANEL, align="centre")
    canvas.stage(inner.rows(0.16, 1.0), scene.film, PANEL)
