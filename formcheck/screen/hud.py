"""The panel beside the picture: count, phase, hold ring, back, start pose, countdown."""

from __future__ import annotations

from collections.abc import Callable

from formcheck.core.snapshot import BackVerdict, Snapshot, StartCheck
from formcheck.screen.canvas import Box, Canvas, Pixels
from formcheck.screen.layout import Layout
from formcheck.screen.lettering import PITCH, fit
from formcheck.screen.palette import (
    BLUE,
    BLUE_TEXT,
    GREY,
    NIGHT,
    ORANGE,
    ORANGE_TEXT,
    PANEL,
    SOFT,
    TRACK,
    WHITE,
    Colour,
)
from formcheck.screen.shapes import (
    Point,
    check,
    dash_mark,
    disc,
    open_ring,
    question,
    ring,
    triangle,
)
from formcheck.screen.words import Words

Mark = Callable[[Pixels, Point, float, Colour], None]

_BACK_LOOKS: dict[BackVerdict, tuple[Mark, Colour, Colour]] = {
    "good": (disc, BLUE, BLUE_TEXT),
    "unsure": (open_ring, WHITE, WHITE),
    "fault": (triangle, ORANGE, ORANGE_TEXT),
    "unknown": (dash_mark, GREY, GREY),
}
"""Marker, its colour, and the colour of the word, for each state of the back."""

_CHECK_LOOKS: dict[bool | None, tuple[Mark, Colour, str]] = {
    True: (check, BLUE_TEXT, "Yes"),
    False: (open_ring, ORANGE_TEXT, "Not yet"),
    None: (question, GREY, "Can't see"),
}


def draw_panel(canvas: Canvas, layout: Layout, title: str, snapshot: Snapshot, words: Words) -> None:
    """The whole panel, as the stage of the set asks."""
    canvas.panel(layout.side, PANEL, round(12 * layout.unit))
    canvas.text(
        words(title),
        layout.title,
        21 * layout.unit,
        ink=SOFT,
        backing=NIGHT if layout.is_upright else PANEL,
        is_bold=False,
    )
    if snapshot.stage == "countdown":
        _draw_countdown(canvas, layout, snapshot, words)
    elif snapshot.stage == "waiting" and snapshot.start_checks:
        _draw_checklist(canvas, layout, snapshot, words)
    else:
        _draw_count(canvas, layout, snapshot, words)


def _draw_count(canvas: Canvas, layout: Layout, snapshot: Snapshot, words: Words) -> None:
    backing = NIGHT if layout.is_upright else PANEL
    unit = layout.unit
    canvas.text(words.phase(snapshot), layout.phase, 27 * unit, backing=backing)
    _draw_bar(canvas, layout.bar, snapshot.progress)
    canvas.figure(str(snapshot.reps), layout.count, layout.count_cap_px, backing=PANEL)
    canvas.text(words.tally(snapshot), layout.tally, 25 * unit, ink=SOFT, backing=PANEL, align="centre")
    if snapshot.hold_target_s > 0:
        _draw_hold(canvas, layout.ring, snapshot, words, unit)
        _draw_back(canvas, layout.back, snapshot, words, 22 * unit)
    else:
        y0 = layout.ring.y
        tall = Box(layout.back.x, y0, layout.back.w, layout.back.bottom - y0)
        _draw_tall_back(canvas, tall, snapshot, words, unit)


def _draw_bar(canvas: Canvas, box: Box, progress: float) -> None:
    radius = box.h // 2
    canvas.panel(box, TRACK, radius)
    share = min(1.0, max(0.0, progress)) if progress == progress else 0.0
    done = round(box.w * share)
    if done >= box.h:
        canvas.panel(Box(box.x, box.y, done, box.h), BLUE, radius)


def _draw_hold(canvas: Canvas, box: Box, snapshot: Snapshot, words: Words, unit: float) -> None:
    radius = min(box.w, box.h) / 2 - 2 * unit
    thickness = 0.2 * radius
    middle = radius - thickness / 2
    share = snapshot.hold_s / snapshot.hold_target_s
    ring(canvas.pixels, box.centre, middle, TRACK, thickness)
    ring(canvas.pixels, box.centre, middle, BLUE, thickness, share)
    x, y = box.centre
    inner = round(1.3 * (radius - thickness))
    room = Box(round(x - inner / 2), round(y - inner / 2), inner, inner)
    canvas.figure(str(int(snapshot.hold_s)), room.rows(0.08, 0.62), 0.5 * inner, backing=PANEL)
    target = words("of {n} s").format(n=f"{snapshot.hold_target_s:g}")
    canvas.text(target, room.rows(0.66, 1.0), 0.17 * inner, ink=SOFT, backing=PANEL, align="centre")


def _draw_back(canvas: Canvas, box: Box, snapshot: Snapshot, words: Words, cap_px: float) -> None:
    mark, colour, ink = _BACK_LOOKS[snapshot.back]
    radius = min(0.34 * box.h, 0.1 * box.w)
    mark(canvas.pixels, (box.x + radius + 2, box.centre[1]), radius, colour)
    left = round(2.7 * radius)
    room = Box(box.x + left, box.y, box.w - left, box.h)
    canvas.text(words.back(snapshot), room, cap_px, ink=ink, backing=PANEL)


def _draw_tall_back(canvas: Canvas, box: Box, snapshot: Snapshot, words: Words, unit: float) -> None:
    mark, colour, ink = _BACK_LOOKS[snapshot.back]
    top, bottom = box.rows(0.04, 0.55), box.rows(0.58, 1.0)
    mark(canvas.pixels, top.centre, min(0.42 * top.h, 0.3 * top.w), colour)
    canvas.text(words.back(snapshot), bottom, 30 * unit, ink=ink, backing=PANEL, align="centre")


def _draw_countdown(canvas: Canvas, layout: Layout, snapshot: Snapshot, words: Words) -> None:
    backing = NIGHT if layout.is_upright else PANEL
    canvas.text(words("Starting in"), layout.phase, 27 * layout.unit, backing=backing)
    box = layout.countdown
    radius = min(box.w, box.h) / 2 - 4 * layout.unit
    thickness = 0.1 * radius
    seconds = max(0.0, snapshot.countdown_s)
    middle = radius - thickness / 2
    ring(canvas.pixels, box.centre, middle, TRACK, thickness)
    ring(canvas.pixels, box.centre, middle, BLUE, thickness, min(1.0, seconds / COUNTDOWN_S))
    x, y = box.centre
    inner = round(1.42 * (radius - thickness))
    room = Box(round(x - inner / 2), round(y - inner / 2), inner, inner)
    canvas.figure(str(round(seconds + 0.499)), room, 1.1 * layout.count_cap_px, backing=PANEL)


COUNTDOWN_S = 10.0
"""The ring of the countdown is full at this many seconds."""


def _draw_checklist(canvas: Canvas, layout: Layout, snapshot: Snapshot, words: Words) -> None:
    """The conditions of the start pose, all in one size, each with its mark and word."""
    box = layout.checklist
    unit = layout.unit
    heading = "Start position" if not snapshot.reps else "Back to the start position"
    place = layout.phase if layout.is_upright else box.rows(0.0, 0.13)
    canvas.text(words(heading), place, 25 * unit, backing=NIGHT if layout.is_upright else PANEL)
    area = box.rows(0.02, 1.0) if layout.is_upright else box.rows(0.15, 1.0)
    checks = snapshot.start_checks
    columns = 2 if layout.is_upright and len(checks) > 3 else 1
    per_column = -(-len(checks) // columns)
    height = min(area.h // per_column, round(120 * unit))
    cells = [
        Box(
            area.x + (i // per_column) * area.w // columns,
            area.y + (i % per_column) * height,
            area.w // columns,
            height,
        )
        for i in range(len(checks))
    ]
    caps = [
        fit(words(c.text), *_check_room(cell, unit), 22 * unit).cap_px for c, cell in zip(checks, cells, strict=True)
    ]
    for item, cell in zip(checks, cells, strict=True):
        _draw_check(canvas, cell, item, words, min(caps), unit)
    done = words("{n} of {m} done").format(n=snapshot.reps, m=snapshot.target_reps)
    canvas.text(done, layout.checklist_tally, 22 * unit, ink=SOFT, backing=PANEL)


def _check_room(cell: Box, unit: float) -> tuple[int, int]:
    return cell.w - round(52 * unit), round(0.64 * cell.h)


def _draw_check(canvas: Canvas, cell: Box, item: StartCheck, words: Words, cap_px: float, unit: float) -> None:
    mark, colour, word = _CHECK_LOOKS[item.is_met]
    width, height = _check_room(cell, unit)
    mark(canvas.pixels, (cell.x + 20 * unit, cell.y + 0.5 * cell.h), 18 * unit, colour)
    left = cell.x + round(48 * unit)
    lines = fit(words(item.text), width, height, cap_px)
    small = round(0.3 * cell.h)
    top = cell.y + (cell.h - lines.height - small) // 2
    canvas.text(words(item.text), Box(left, top, width, lines.height + 1), cap_px, backing=PANEL)
    room = Box(left, top + lines.height + 1, width, small)
    canvas.text(words(word), room, min(16 * unit, small / PITCH * 0.668), ink=colour, backing=PANEL, valign="left")
