"""The page of a set that is over: what was counted, how it was judged, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable

from formcheck.core.text import counted
from formcheck.screen.canvas import Align, Box, Canvas, Pixels
from formcheck.screen.lettering import CAP_SHARE, figure_em
from formcheck.screen.notices import draw_hints
from formcheck.screen.pages import Page, Target
from formcheck.screen.palette import BLUE_TEXT, CARD, NIGHT, ORANGE, ORANGE_TEXT, PANEL, SOFT, WHITE, Colour
from formcheck.screen.run_summary import draw_run
from formcheck.screen.shapes import Point, check, info, question, triangle
from formcheck.screen.view import SummaryView
from formcheck.screen.words import ALL_CLEAN, NO_BREAK, NOTHING, NOTHING_ADVICE, Words

Mark = Callable[[Pixels, Point, float, Colour], None]
Block = tuple[str, str, tuple[Mark, Colour]]
"""A headline (may be empty), what to do, and its mark."""

TILES_MAX = 4
"""Numbers side by side that can be read at 2.5 m."""


def draw_summary(canvas: Canvas, page: Page, view: SummaryView, words: Words) -> list[Target]:
    """Numbers above, below them what was seen, what could not be judged, and what did not count."""
    if view.bands:
        return draw_run(canvas, page, view, words)
    heading = words("{title}: done" if view.is_done else "{title}: ended", title=view.title)
    canvas.text(heading, page.heading, 38 * page.unit, backing=NIGHT)
    attempts = _attempts(view, words)
    top, middle = page.body.rows(0, 0.42), page.body.rows(0.45, 0.88 if attempts else 1.0)
    _draw_tiles(canvas, top, _tiles(view, words), page)
    _draw_blocks(canvas, middle.inset(round(8 * page.unit), 0), _blocks(view, words), page.unit)
    foot = page.body.rows(0.90, 1.0).inset(round(8 * page.unit), 0)
    canvas.text(attempts, foot, 22 * page.unit, ink=SOFT, backing=NIGHT, is_bold=False)
    return list(draw_hints(canvas, page.hints, view.hints, words, page.unit))


def _tiles(view: SummaryView, words: Words) -> list[tuple[str, str, Mark | None]]:
    """Name, number and mark of each; what is none is left out."""
    if view.lines:
        return [(words(what), words(much), None) for what, much in view.lines[:TILES_MAX]]
    tally = view.tally
    name = words("Repetitions, {n} a side", n=view.target_reps) if view.is_per_side else words("Repetitions")
    target = view.target_reps * (2 if view.is_per_side else 1)
    tiles: list[tuple[str, str, Mark | None]] = [
        (name, f"{tally.reps} / {target}" if target else f"{tally.reps}", None)
    ]
    tiles += [(words("Clean"), str(tally.clean), check)] if tally.reps else []
    tiles += [(words("With a fault"), str(tally.faulty), triangle)] if tally.faulty else []
    tiles += [(words("Not judged"), str(tally.not_judged), question)] if tally.not_judged else []
    if view.hold_total_s > 0 and len(tiles) < TILES_MAX:
        tiles.append((words("Held"), words("{n} s", n=round(view.hold_total_s)), None))
    return tiles


_COLOURS: dict[Mark | None, Colour] = {check: BLUE_TEXT, triangle: ORANGE, question: WHITE}


def _draw_tiles(canvas: Canvas, box: Box, tiles: list[tuple[str, str, Mark | None]], page: Page) -> None:
    """Side by side; one under the other in an upright window. All numbers in one size."""
    shares = [(i / len(tiles), (i + 1) / len(tiles)) for i in range(len(tiles))]
    gap, is_upright = round(8 * page.unit), page.is_upright
    places = [box.rows(*s).inset(gap, gap // 2) if is_upright else box.columns(*s).inset(gap, 0) for s in shares]
    rooms = [p.columns(0.50, 0.97) if is_upright else p.rows(0.10, 0.66).inset(2 * gap, 0) for p in places]
    em = figure_em(tuple(value for _, value, _ in tiles), rooms[0].w, round(0.8 * rooms[0].h), 110 * page.unit)
    for (name, value, mark), place, room in zip(tiles, places, rooms, strict=True):
        canvas.panel(place, PANEL, round(12 * page.unit))
        canvas.figure(value, room, em * CAP_SHARE, backing=PANEL)
        label = place.columns(0.03, 0.48) if is_upright else place.rows(0.70, 0.97).inset(gap, 0)
        if mark is not None:
            radius = min(0.34 * label.h, 18 * page.unit)
            mark(canvas.pixels, (label.x + 1.3 * radius, label.centre[1]), radius, _COLOURS[mark])
            label = Box(label.x + round(2.8 * radius), label.y, label.w - round(2.8 * radius), label.h)
        align: Align = "left" if is_upright else "centre"
        canvas.text(name, label, 26 * page.unit, ink=SOFT, backing=PANEL, align=align)


def _blocks(view: SummaryView, words: Words) -> list[Block]:
    """What there is to say, the fault first."""
    blocks: list[Block] = []
    if view.fault:
        headline = counted(view.fault_count, "Once: {fault}", "Most often: {fault} ({n} times)", fault=view.fault)
        blocks.append((words(headline), words("Next time: {cue}", cue=view.cue), (triangle, ORANGE)))
    blocks += [(words(what), words(todo), (question, WHITE)) for what, todo in view.unjudged[: 2 - len(blocks)]]
    if blocks:
        return blocks
    if not view.tally.reps and not view.lines:
        return [(words(NOTHING), words(NOTHING_ADVICE), (info, BLUE_TEXT))]
    if view.lines:
        return [("", words("No faults seen."), (check, BLUE_TEXT))]
    is_clean = view.tally.clean == view.tally.reps
    return [("", words(ALL_CLEAN), (check, BLUE_TEXT)) if is_clean else _counts_alone(view, words)]


def _counts_alone(view: SummaryView, words: Words) -> Block:
    """Where neither the fault nor the part is known by name."""
    return ("", words.verdicts(view.tally), (info, BLUE_TEXT))


def _draw_blocks(canvas: Canvas, box: Box, blocks: list[Block], unit: float) -> None:
    for i, (headline, text, (mark, colour)) in enumerate(blocks):
        place = box.rows(i / len(blocks), (i + 1) / len(blocks)).inset(0, round(4 * unit))
        canvas.panel(place, CARD, round(12 * unit))
        radius = min(34 * unit, 0.32 * place.h)
        mark(canvas.pixels, (place.x + 28 * unit + radius, place.centre[1]), radius, colour)
        left = round(52 * unit + 2 * radius)
        inner = Box(place.x + left, place.y, place.w - left - round(16 * unit), place.h).inset(0, round(8 * unit))
        if not headline or not text:
            canvas.text(headline or text, inner, 40 * unit, backing=CARD)
            continue
        ink = ORANGE_TEXT if mark is triangle else WHITE
        canvas.text(headline, inner.rows(0, 0.40), 25 * unit, ink=ink, backing=CARD)
        canvas.text(text, inner.rows(0.42, 1.0), 40 * unit, backing=CARD)


def _attempts(view: SummaryView, words: Words) -> str:
    """What did not count, with the reasons, e.g. "3 did not count: Short reach (2), Short hold"."""
    total = sum(times for _, times in view.attempts)
    reasons = ", ".join(words(why) + (f"{NO_BREAK}({times})" if times > 1 else "") for why, times in view.attempts)
    text = counted(total, "{n} did not count: {reasons}", "{n} did not count: {reasons}", reasons=reasons)
    return words(text) if total else ""
