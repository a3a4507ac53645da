"""The panel beside the picture: count, phase, hold ring, back, start pose, countdown."""

from __future__ import annotations

import math
from collections.abc import Callable

from formcheck.core.coach.snapshot import BackVerdict, Snapshot, StartCheck
from formcheck.core.text import marked
from formcheck.screen.canvas import Box, Canvas, Pixels
from formcheck.screen.layout import Layout
from formcheck.screen.lettering import common_cap
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
    disc,
    open_ring,
    question,
    ring,
    triangle,
)
from formcheck.screen.words import Words
from formcheck.screen.work_view import Tally, ViewModel

Mark = Callable[[Pixels, Point, float, Colour], None]

_BACK_LOOKS: dict[BackVerdict, tuple[Mark, Colour, Colour]] = {
    "good": (disc, BLUE, BLUE_TEXT),
    "open": (open_ring, WHITE, WHITE),
    "unsure": (open_ring, WHITE, WHITE),
    "fault": (triangle, ORANGE, ORANGE_TEXT),
    "unknown": (question, GREY, GREY),
}
"""Marker, its colour, and the colour of the word, for each state of the back."""

_CHECK_LOOKS: dict[bool | None, tuple[Mark, Colour, str]] = marked(
    {
        True: (check, BLUE_TEXT, "Yes"),
        False: (open_ring, ORANGE_TEXT, "Not yet"),
        None: (question, GREY, "Can't see"),
    }
)


def draw_panel(canvas: Canvas, layout: Layout, title: str, view: ViewModel, words: Words) -> None:
    """The whole panel, as the stage of the set asks."""
    snapshot = view.snapshot
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
    elif view.image is None and snapshot.stage in ("waiting", "setup"):
        return  # nothing has been looked at: there is nothing to say of it
    elif snapshot.stage in ("waiting", "setup") and snapshot.start_checks:
        _draw_checklist(canvas, layout, snapshot, words)
    else:
        _draw_count(canvas, layout, view, words)


def _draw_count(canvas: Canvas, layout: Layout, view: ViewModel, words: Words) -> None:
    snapshot = view.snapshot
    backing = NIGHT if layout.is_upright else PANEL
    unit = layout.unit
    canvas.text(words.phase(snapshot), layout.phase, 27 * unit, backing=backing)
    if snapshot.figure_text:
        _draw_measured(canvas, layout, snapshot, words)
        return
    _draw_bar(canvas, layout.bar, snapshot.progress)
    canvas.figure(str(snapshot.reps), layout.count, layout.count_cap_px, backing=PANEL)
    _draw_tally(canvas, layout.tally, view, words, unit)
    if snapshot.hold_target_s > 0:
        _draw_hold(canvas, layout.ring, snapshot, words, unit)
    if view.is_stopped:
        return
    if snapshot.hold_target_s > 0:
        _draw_back(canvas, layout.back, view, words, 22 * unit)
    else:
        y0 = layout.ring.y
        tall = Box(layout.back.x, y0, layout.back.w, layout.back.bottom - y0)
        _draw_tall_back(canvas, tall, view, words, unit)


def _draw_tally(canvas: Canvas, box: Box, view: ViewModel, words: Words, unit: float) -> None:
    """The target, and under it the repetitions by verdict."""
    snapshot = view.snapshot
    faulty = snapshot.reps - snapshot.clean_reps - snapshot.not_judged_reps
    tally = view.tally or Tally(snapshot.clean_reps, faulty, snapshot.not_judged_reps)
    if snapshot.target_reps:
        target = words("of {n}", n=words.target(snapshot.target_reps, view.is_per_side))
        canvas.text(target, box.rows(0.0, 0.42), 25 * unit, ink=SOFT, backing=PANEL, align="centre")
    canvas.text(words.verdicts(tally), box.rows(0.44, 1.0), 21 * unit, ink=SOFT, backing=PANEL, align="centre")


MEASURED_MAX = 3
"""Lines of further numbers that can be read at a glance."""


def _draw_measured(canvas: Canvas, layout: Layout, snapshot: Snapshot, words: Words) -> None:
    """The number that matters, large, and a few more under it: for what is not counted in repetitions."""
    unit = layout.unit
    canvas.figure(snapshot.figure or "–", layout.count, layout.count_cap_px, backing=PANEL)
    canvas.text(words(snapshot.figure_text), layout.tally, 25 * unit, ink=SOFT, backing=PANEL, align="centre")
    box = Box(layout.back.x, layout.ring.y, layout.back.w, layout.back.bottom - layout.ring.y)
    texts = [f"{words(what)} {words(much)}" for what, much in snapshot.lines[:MEASURED_MAX]]
    rooms = [box.rows(i / MEASURED_MAX, (i + 1) / MEASURED_MAX) for i in range(len(texts))]
    cap_px = common_cap([(text, room.w, room.h) for text, room in zip(texts, rooms, strict=True)], 30 * unit)
    for text, room in zip(texts, rooms, strict=True):
        canvas.text(text, room, cap_px, backing=PANEL, align="centre")


def _draw_bar(canvas: Canvas, box: Box, progress: float) -> None:
    radius = box.h // 2
    canvas.panel(box, TRACK, radius)
    share = min(1.0, max(0.0, progress))  # an unknown progress (NaN) is 0
    done = round(box.w * share)
    if done >= box.h:
        canvas.panel(Box(box.x, box.y, done, box.h), BLUE, radius)


def _draw_hold(canvas: Canvas, box: Box, snapshot: Snapshot, words: Words, unit: float) -> None:
    """The ring fills with the hold; whole seconds stand inside, the target beside it."""
    radius = min(0.62 * box.w, box.h) / 2 - 2 * unit
    thickness = 0.17 * radius
    middle = radius - thickness / 2
    centre = (box.x + radius + 2 * unit, box.centre[1])
    ring(canvas.pixels, centre, middle, TRACK, thickness)
    ring(canvas.pixels, centre, middle, BLUE, thickness, snapshot.hold_s / snapshot.hold_target_s)
    room = _inside(centre, radius - thickness, 1.5, 1.1)
    canvas.figure(str(int(snapshot.hold_s)), room, 0.85 * radius, backing=PANEL)
    target = words("of {n:g} s", n=snapshot.hold_target_s)
    left = round(2 * radius + 12 * unit)
    beside = Box(box.x + left, box.y, max(1, box.w - left), box.h)
    canvas.text(target, beside, 27 * unit, ink=SOFT, backing=PANEL)


def _inside(centre: Point, radius: float, width: float, height: float) -> Box:
    """A box in the middle of a ring, `width` and `height` in radii."""
    w, h = round(width * radius), round(height * radius)
    return Box(round(centre[0] - w / 2), round(centre[1] - h / 2), max(1, w), max(1, h))


def _draw_back(canvas: Canvas, box: Box, view: ViewModel, words: Words, cap_px: float) -> None:
    mark, colour, ink = _BACK_LOOKS[view.snapshot.back]
    radius = min(0.34 * box.h, 0.1 * box.w)
    mark(canvas.pixels, (box.x + radius + 2, box.centre[1]), radius, colour)
    left = round(2.7 * radius)
    room = Box(box.x + left, box.y, box.w - left, box.h)
    canvas.text(words.back(view.snapshot, view.wording), room, cap_px, ink=ink, backing=PANEL)


def _draw_tall_back(canvas: Canvas, box: Box, view: ViewModel, words: Words, unit: float) -> None:
    mark, colour, ink = _BACK_LOOKS[view.snapshot.back]
    top, bottom = box.rows(0.04, 0.55), box.rows(0.58, 1.0)
    mark(canvas.pixels, top.centre, min(0.42 * top.h, 0.3 * top.w), colour)
    canvas.text(words.back(view.snapshot, view.wording), bottom, 30 * unit, ink=ink, backing=PANEL, align="centre")


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
    room = _inside(box.centre, radius - thickness, 1.65, 1.1)
    canvas.figure(str(math.ceil(seconds)), room, 1.2 * layout.count_cap_px, backing=PANEL)


COUNTDOWN_S = 10.0
"""The ring of the countdown is full at this many seconds."""


def _draw_checklist(canvas: Canvas, layout: Layout, snapshot: Snapshot, words: Words) -> None:
    """The conditions of the start pose, all in one size, each with its mark and word."""
    box = layout.checklist
    unit = layout.unit
    heading = marked("Start position" if not snapshot.reps else "Back to the start position")
    heading = marked("Setting up") if snapshot.stage == "setup" else heading
    place = layout.phase if layout.is_upright else box.rows(0.0, 0.11)
    canvas.text(words(heading), place, 25 * unit, backing=NIGHT if layout.is_upright else PANEL)
    area = box if layout.is_upright else box.rows(0.12, 1.0)
    cells = _cells(area, len(snapshot.start_checks), layout.is_upright, unit)
    rooms = [_text_room(cell, unit) for cell in cells]
    texts = [words(item.text) for item in snapshot.start_checks]
    fits = [(text, room.w, room.h) for text, room in zip(texts, rooms, strict=True)]
    cap_px = common_cap(fits, 20 * unit)
    states = common_cap([(words(word), *_state_size(unit)) for _, _, word in _CHECK_LOOKS.values()], 13 * unit)
    for item, cell, room in zip(snapshot.start_checks, cells, rooms, strict=True):
        canvas.text(words(item.text), room, cap_px, backing=PANEL)
        _draw_state(canvas, cell, item, words, states, unit)
    if snapshot.stage == "setup":
        hint = words("Hold the start position to begin anyway.")
        canvas.text(hint, layout.checklist_tally, 22 * unit, ink=SOFT, backing=PANEL, is_bold=False)
        return
    done = words("{n} of {m} done", n=snapshot.reps, m=snapshot.target_reps)
    canvas.text(done, layout.checklist_tally, 22 * unit, ink=SOFT, backing=PANEL)


STATE_W = 94
"""Width of the mark and word before a condition, layout units."""


def _cells(area: Box, count: int, is_upright: bool, unit: float) -> list[Box]:
    """Places of the conditions: one column beside the picture, two under it."""
    columns = 2 if is_upright and count > 3 else 1
    rows = math.ceil(count / columns)
    height, width = min(area.h // rows, round(100 * unit)), area.w // columns
    return [Box(area.x + i // rows * width, area.y + i % rows * height, width, height) for i in range(count)]


def _text_room(cell: Box, unit: float) -> Box:
    left = round(STATE_W * unit)
    return Box(cell.x + left, cell.y, max(1, cell.w - left - round(4 * unit)), cell.h)


def _state_size(unit: float) -> tuple[int, int]:
    return round((STATE_W - 12) * unit), round(22 * unit)


def _draw_state(canvas: Canvas, cell: Box, item: StartCheck, words: Words, cap_px: float, unit: float) -> None:
    """The mark with its word under it."""
    mark, colour, word = _CHECK_LOOKS[item.is_met]
    width, height = _state_size(unit)
    top = cell.y + round((cell.h - 62 * unit) / 2)
    mark(canvas.pixels, (cell.x + width / 2, top + 19 * unit), 18 * unit, colour)
    room = Box(cell.x, top + round(39 * unit), width, height)
    canvas.text(words(word), room, cap_px, ink=colour, backing=PANEL, align="centre")
