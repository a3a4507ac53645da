"""The back's last seconds as a small drawing over the picture: the line, its uncertainty, and the fault lines."""

from __future__ import annotations

import math

import cv2
import numpy as np

from formcheck.core.coach.snapshot import BackVerdict
from formcheck.core.coach.trace import TRACE_S, Trace
from formcheck.screen.canvas import Box, Canvas, Pixels
from formcheck.screen.palette import BLUE_TEXT, GREY, ORANGE_TEXT, PLATE_WORST, SOFT, WHITE, Colour
from formcheck.screen.shapes import Point, dashed, disc, stroke
from formcheck.screen.words import Words
from formcheck.screen.work_view import ViewModel

WIDTH, HEIGHT = 330, 136
"""Size of the plate, layout units."""
HEADROOM = 1.6
"""The drawing reaches this far beyond the larger limit, so that a fault is seen as one."""
LEAST = 0.4
"""Share of the other limit that is drawn where there is none in that direction."""
BAND = 0.45
"""How much the uncertainty lightens what lies under it."""

COLOURS: dict[BackVerdict, Colour] = {
    "good": BLUE_TEXT,
    "open": WHITE,
    "unsure": WHITE,
    "fault": ORANGE_TEXT,
    "unknown": GREY,
}


def draw_trace(canvas: Canvas, area: Box, view: ViewModel, words: Words, unit: float) -> None:
    """Draw it into the upper right corner of the picture; nothing where there is no limit to compare with."""
    trace, is_goal = view.snapshot.back_trace, view.wording.is_of_outline
    limit = max(trace.arch_limit, trace.round_limit)
    if not trace.points or limit <= 0:
        return
    width, height = min(area.w, round(WIDTH * unit)), min(area.h, round(HEIGHT * unit))
    box = Box(area.right - width, area.y, width, height)
    canvas.plate(box)
    label = box.rows(0.03, 0.22).inset(round(8 * unit), 0)
    text = words("Last 10 s, below the line = flat" if is_goal else "Last 10 s, up = more arched")
    canvas.text(text, label, 13 * unit, ink=SOFT, backing=PLATE_WORST, is_bold=False)
    plot = _Plot(canvas, box.rows(0.25, 0.97).inset(round(8 * unit), 0), trace, limit, unit)
    plot.draw(COLOURS[view.snapshot.back], BLUE_TEXT if is_goal else ORANGE_TEXT)


class _Plot:
    """The plot's own coordinates: now on the right, more arched above."""

    def __init__(self, canvas: Canvas, box: Box, trace: Trace, limit: float, unit: float) -> None:
        self._canvas = canvas
        self._box = box
        self._trace = trace
        self._top = HEADROOM * (trace.arch_limit or LEAST * limit)
        self._bottom = -HEADROOM * (trace.round_limit or LEAST * limit)
        self._unit = unit

    def draw(self, colour: Colour, line: Colour) -> None:
        """The back in one colour, the limits (or the goal) in another."""
        pixels = self._canvas.view(self._box)
        if not pixels.size:
            return
        stroke(pixels, [self._at(TRACE_S, 0.0), self._at(0.0, 0.0)], GREY, self._unit)
        for limit_value in (self._trace.arch_limit, -self._trace.round_limit):
            if limit_value:
                ends = [self._at(TRACE_S, limit_value), self._at(0.0, limit_value)]
                dashed(pixels, ends, line, 1.5 * self._unit, 5 * self._unit)
        for run in self._runs():
            self._draw_band(pixels, run)
            stroke(pixels, run, colour, 2.5 * self._unit)
        newest = self._trace.points[-1]
        if not math.isnan(newest.deviation):
            disc(pixels, self._at(newest.age_s, newest.deviation), 4 * self._unit, colour)

    def _at(self, age_s: float, value: float) -> Point:
        inner = self._box.w - 12 * self._unit
        return inner * (1.0 - age_s / TRACE_S), self._y(min(self._top, max(self._bottom, value)))

    def _y(self, value: float) -> float:
        return self._box.h * (self._top - value) / (self._top - self._bottom)

    def _runs(self) -> list[list[Point]]:
        """Stretches of known points: the line breaks where the back was not seen."""
        runs: list[list[Point]] = [[]]
        for point in self._trace.points:
            if math.isnan(point.deviation):
                runs.append([])
            else:
                runs[-1].append(self._at(point.age_s, point.deviation))
        return [run for run in runs if len(run) > 1]

    def _draw_band(self, pixels: Pixels, run: list[Point]) -> None:
        half = self._y(0.0) - self._y(self._trace.spread)
        if not half >= 1.0:
            return
        corners = [(x, y - half) for x, y in run] + [(x, y + half) for x, y in reversed(run)]
        mask = np.zeros(pixels.shape[:2], np.uint8)
        cv2.fillPoly(mask, [np.array(corners).round().astype(np.int32)], 255)
        lit = cv2.addWeighted(pixels, 1 - BAND, np.full_like(pixels, GREY[::-1]), BAND, 0)
        pixels[mask > 0] = lit[mask > 0]
