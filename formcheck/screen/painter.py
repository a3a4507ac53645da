"""Any view onto a canvas of any size, with no window: the one implementation for screen, video and tests."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.core.rules.demonstration import Film
from formcheck.screen.canvas import Box, Canvas
from formcheck.screen.demonstration import draw_demonstration
from formcheck.screen.figure import FRAMES_PER_S, draw_film
from formcheck.screen.intents import Choose, Intent
from formcheck.screen.kiosk import draw_attract, draw_consent, draw_keypad, draw_still_there
from formcheck.screen.notices import draw_light, draw_page_sound, draw_said, sound_width
from formcheck.screen.options import draw_cameras, draw_options
from formcheck.screen.pages import Page, Target, draw_help, draw_menu, draw_message
from formcheck.screen.progress import draw_progress
from formcheck.screen.questions import draw_choice, draw_safety, draw_scale
from formcheck.screen.replay import draw_replay
from formcheck.screen.report import draw_report
from formcheck.screen.summary import draw_summary
from formcheck.screen.takeaway import draw_takeaway
from formcheck.screen.view import (
    AttractView,
    CamerasView,
    ChoiceView,
    ConfirmView,
    ConsentView,
    DemonstrationView,
    HelpView,
    KeypadView,
    MenuView,
    MessageView,
    OptionsView,
    ProgressView,
    ReplayView,
    ReportView,
    SafetyView,
    ScaleView,
    StillThereView,
    SummaryView,
    TakeawayView,
    View,
)
from formcheck.screen.words import Translate, Words
from formcheck.screen.work import WorkScreen
from formcheck.screen.work_view import Look, SoundState, ViewModel

PAGES: dict[type[Any], Callable[[Canvas, Page, Any, Words], list[Target]]] = {
    MessageView: draw_message,
    SummaryView: draw_summary,
    SafetyView: draw_safety,
    ChoiceView: draw_choice,
    ConfirmView: draw_choice,
    ScaleView: draw_scale,
    ReportView: draw_report,
    ProgressView: draw_progress,
    ReplayView: draw_replay,
    OptionsView: draw_options,
    CamerasView: draw_cameras,
    DemonstrationView: draw_demonstration,
    HelpView: draw_help,
    ConsentView: draw_consent,
    AttractView: draw_attract,
    StillThereView: draw_still_there,
    KeypadView: draw_keypad,
    TakeawayView: draw_takeaway,
}
"""Who draws which page."""


FINGER = 0.02
"""A touch that misses a button by less, share of the window's shorter side, is meant for it: a finger is 9 mm wide."""


def _way(box: Box, x: float, y: float) -> float:
    """Pixels from a point to a box."""
    return math.hypot(max(box.x - x, 0, x - box.right), max(box.y - y, 0, y - box.bottom))


def _rows(area: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(height, 3 x width) copy of an area of the canvas."""
    return area.reshape(len(area), -1).copy()


def _differing(box: Box, before: NDArray[np.uint8], now: NDArray[np.uint8]) -> list[Box]:
    """The part of a box in which something has changed: to bring pixels to the screen costs more than to draw them."""
    differs = before != now
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0)) // 3
    if not rows.size:
        return []
    x, y = int(columns[0]), int(rows[0])
    return [Box(box.x + x, box.y + y, int(columns[-1]) - x + 1, int(rows[-1]) - y + 1)]


class Painter:
    """Draws views on a canvas that it keeps while the size stays the same."""

    def __init__(self, translate: Translate | None = None) -> None:
        self.words = Words(translate) if translate is not None else Words()
        self._work = WorkScreen(self.words)
        self.canvas = Canvas((1, 1))
        self.targets: list[Target] = []
        """Where the mouse does something, in the last picture."""
        self._began_s: dict[Film, float] = {}
        self._moved: list[int] = []
        """Number of the picture that each figure shows."""

    def paint(
        self,
        view: View,
        size: tuple[int, int],
        selected: int = 0,
        sound: SoundState | None = None,
        now_s: float | None = None,
        look: Look | None = None,
    ) -> Canvas:
        """Draw a view.

        Args:
            view: what is shown.
            size: (width, height) in pixels.
            selected: the chosen card of a menu.
            sound: whether anything can be heard, shown on every page.
            now_s: the time, for figures that move; None shows each at its most telling moment.
            look: how it is drawn for this person.
        """
        if self.canvas.size != (max(1, size[0]), max(1, size[1])):
            self.canvas = Canvas(size)
        sound, look = sound or SoundState(), look or Look()
        self.canvas.is_contrast = look.is_contrast
        if isinstance(view, ViewModel):
            self.targets = list(self._work.draw(self.canvas, view, sound, look.is_large))
        else:
            self._paint_page(view, selected, sound, look)
        self._begin(now_s)
        if look.is_lit:
            draw_light(self.canvas)
        return self.canvas

    def _paint_page(self, view: View, selected: int, sound: SoundState, look: Look) -> None:
        page = Page(self.canvas.size, 0, look.is_large)
        corner = min(sound_width(sound, self.words, page.unit), page.whole.w // 2)
        page = Page(self.canvas.size, corner, look.is_large)
        self.canvas.clear()
        self.targets = self._draw(view, page, selected)
        draw_page_sound(self.canvas, sound, self.words, page.whole, page.unit)
        said = self.words(look.said)
        if said and not any(said.rstrip(".") in label.text for label in self.canvas.labels):
            draw_said(self.canvas, said, page.heading, page.hints, page.unit, (box for box, _ in self.targets))

    def _begin(self, now_s: float | None) -> None:
        """Draw every figure. The same ones as before go on where they were; others begin together."""
        stages = self.canvas.stages
        if {stage.film for stage in stages} != set(self._began_s):
            self._began_s = {} if now_s is None else dict.fromkeys((stage.film for stage in stages), now_s)
        self._moved = [-1] * len(stages)
        if now_s is not None:
            self.move(now_s)
            return
        for stage in stages:
            draw_film(self.canvas.view(stage.box), stage.film, stage.film.telling_s, stage.backing, stage.is_bare)

    def move(self, now_s: float) -> list[Box]:
        """Draw the figures of the last picture as they are now; returns where something has changed."""
        changed = []
        for i, stage in enumerate(self.canvas.stages):
            t_s = now_s - self._began_s.setdefault(stage.film, now_s)
            number = int(t_s * FRAMES_PER_S)
            if number != self._moved[i]:
                self._moved[i] = number
                area = self.canvas.view(stage.box)
                before = _rows(area)
                draw_film(area, stage.film, t_s, stage.backing, stage.is_bare)
                changed += _differing(stage.box, before, _rows(area))
        return changed

    def _draw(self, view: View, page: Page, selected: int) -> list[Target]:
        if isinstance(view, MenuView):
            return draw_menu(self.canvas, page, view, selected, self.words)
        return PAGES[type(view)](self.canvas, page, view, self.words)

    @property
    def columns(self) -> int:
        """How many cards stand side by side in the menu last drawn."""
        cards = [box for box, what in self.targets if isinstance(what, Choose)]
        return max(1, sum(box.y == cards[0].y for box in cards)) if cards else 1

    def target_at(self, x: float, y: float) -> Intent | None:
        """What a click there means."""
        hits = [what for box, what in self.targets if box.has_point(x, y)]
        if hits:
            return hits[-1]
        near = min(((_way(box, x, y), i) for i, (box, _) in enumerate(self.targets)), default=(math.inf, 0))
        return self.targets[near[1]][1] if near[0] <= FINGER * min(self.canvas.size) else None
