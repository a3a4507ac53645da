"""The page on which repetitions move again: stick figures side by side, with the outline of the back."""

from __future__ import annotations

from formcheck.core.coach.snapshot import BackVerdict
from formcheck.screen.canvas import Box, Canvas
from formcheck.screen.notices import draw_hints
from formcheck.screen.pages import Page, Target
from formcheck.screen.palette import BLUE_TEXT, CARD, NIGHT, ORANGE, ORANGE_TEXT, PANEL, SOFT, TRACK, WHITE
from formcheck.screen.person import draw_contour, draw_skeleton
from formcheck.screen.projection import project
from formcheck.screen.shapes import check, disc, info, stroke, triangle
from formcheck.screen.view import Pane, ReplayView
from formcheck.screen.words import Words


def draw_replay(canvas: Canvas, page: Page, view: ReplayView, words: Words) -> list[Target]:
    """The panes side by side (one under the other in an upright window), and a sentence below."""
    canvas.text(words("{title}: watch again", title=view.title), page.heading, 38 * page.unit, backing=NIGHT)
    if not view.panes:
        _draw_note(canvas, page.body, view, words, page.unit)
        return list(draw_hints(canvas, page.hints, view.hints, words, page.unit))
    body, foot = page.body.rows(0, 0.90), page.body.rows(0.915, 1.0)
    count = len(view.panes)
    for i, pane in enumerate(view.panes):
        share = (i / count, (i + 1) / count)
        cell = body.rows(*share) if page.is_upright else body.columns(*share)
        _draw_pane(canvas, cell.inset(round(6 * page.unit)), pane, words, page.unit)
    canvas.text(words(view.note), foot, 24 * page.unit, ink=SOFT, backing=NIGHT, is_bold=False)
    return list(draw_hints(canvas, page.hints, view.hints, words, page.unit))


def _draw_note(canvas: Canvas, body: Box, view: ReplayView, words: Words, unit: float) -> None:
    inner = body.inset(round(0.08 * body.w), round(0.1 * body.h))
    info(canvas.pixels, (inner.centre[0], inner.y + 0.16 * inner.h), 52 * unit, BLUE_TEXT)
    canvas.text(words(view.note), inner.rows(0.32, 0.9), 40 * unit, backing=NIGHT, align="centre")


def _draw_pane(canvas: Canvas, cell: Box, pane: Pane, words: Words, unit: float) -> None:
    """One repetition: its name, the body, and how far it is."""
    canvas.panel(cell, PANEL, round(12 * unit))
    top_h = round(96 * unit)
    top = Box(cell.x, cell.y, cell.w, top_h)
    bar = Box(cell.x, cell.bottom - round(44 * unit), cell.w, round(44 * unit)).inset(round(28 * unit), 0)
    figure = Box(cell.x, top.bottom, cell.w, bar.y - top.bottom).inset(round(14 * unit), 0)
    _draw_top(canvas, top, pane, words, unit)
    _draw_body(canvas, figure, pane, unit)
    y = bar.centre[1]
    stroke(canvas.pixels, [(float(bar.x), y), (float(bar.right), y)], TRACK, 5 * unit)
    if pane.mark is not None:
        triangle(canvas.pixels, (bar.x + pane.mark * bar.w, y), 14 * unit, ORANGE)
    disc(canvas.pixels, (bar.x + pane.at * bar.w, y), 8 * unit, WHITE)


def _draw_top(canvas: Canvas, top: Box, pane: Pane, words: Words, unit: float) -> None:
    """Which repetition, and its fault; the card lights up while the fault goes on."""
    backing = CARD if pane.is_fault_now else PANEL
    if pane.is_fault_now:
        inner = top.inset(round(5 * unit))
        canvas.panel(inner, backing, round(10 * unit))
        canvas.frame(inner, ORANGE, max(2, round(4 * unit)), round(10 * unit))
    mark, colour, ink = (triangle, ORANGE, ORANGE_TEXT) if pane.fault else (check, BLUE_TEXT, BLUE_TEXT)
    mark(canvas.pixels, (top.x + 42 * unit, top.centre[1]), 22 * unit, colour)
    text = Box(top.x + round(78 * unit), top.y, top.w - round(92 * unit), top.h).inset(0, round(9 * unit))
    canvas.text(words(pane.title), text.rows(0, 0.42), 22 * unit, ink=SOFT, backing=backing)
    canvas.text(words(pane.fault or "No fault seen"), text.rows(0.44, 1.0), 34 * unit, ink=ink, backing=backing)


def _draw_body(canvas: Canvas, room: Box, pane: Pane, unit: float) -> None:
    projection = project(pane.pose.width, pane.pose.height, room, is_mirrored=False)
    pixels = canvas.view(projection.box)
    draw_skeleton(pixels, pane.pose, projection, pane.near, unit)
    if pane.back is not None:
        is_wrong = pane.is_fault_now and pane.is_of_back
        verdict: BackVerdict = "fault" if is_wrong else "open" if pane.fault else "good"
        draw_contour(pixels, pane.back, verdict, projection, unit)
