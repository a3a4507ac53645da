"""Any view onto a canvas of any size, with no window: the one implementation for screen, video and tests."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from formcheck.screen.canvas import Box, Canvas
from formcheck.screen.intents import Choose, Intent
from formcheck.screen.notices import draw_light, draw_page_sound, draw_said, sound_width
from formcheck.screen.options import draw_cameras, draw_options
from formcheck.screen.pages import Page, Target, draw_help, draw_menu, draw_message
from formcheck.screen.progress import draw_progress
from formcheck.screen.questions import draw_choice, draw_safety, draw_scale
from formcheck.screen.replay import draw_replay
from formcheck.screen.report import draw_report
from formcheck.screen.summary import draw_summary
from formcheck.screen.view import (
    CamerasView,
    ChoiceView,
    ConfirmView,
    HelpView,
    MenuView,
    MessageView,
    OptionsView,
    ProgressView,
    ReplayView,
    ReportView,
    SafetyView,
    ScaleView,
    SummaryView,
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
    HelpView: draw_help,
}
"""Who draws which page."""


FINGER = 0.02
"""A touch that misses a button by less, share of the window's shorter side, is meant for it: a finger is 9 mm wide."""


def _way(box: Box, x: float, y: float) -> float:
    """Pixels from a point to a box."""
    return math.hypot(max(box.x - x, 0, x - box.right), max(box.y - y, 0, y - box.bottom))


class Painter:
    """Draws views on a canvas that it keeps while the size stays the same."""

    def __init__(self, translate: Translate | None = None) -> None:
        self._words = Words(translate) if translate is not None else Words()
        self._work = WorkScreen(self._words)
        self.canvas = Canvas((1, 1))
        self.targets: list[Target] = []
        """Where the mouse does something, in the last picture."""

    def paint(
        self,
        view: View,
        size: tuple[int, int],
        selected: int = 0,
        sound: SoundState | None = None,
        look: Look | None = None,
    ) -> Canvas:
        """Draw a view.

        Args:
            view: what is shown.
            size: (width, height) in pixels.
            selected: the chosen card of a menu.
            sound: whether anything can be heard, shown on every page.
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
        if look.is_lit:
            draw_light(self.canvas)
        return self.canvas

    def _paint_page(self, view: View, selected: int, sound: SoundState, look: Look) -> None:
        page = Page(self.canvas.size, 0, look.is_large)
        corner = min(sound_width(sound, self._words, page.unit), page.whole.w // 2)
        page = Page(self.canvas.size, corner, look.is_large)
        self.canvas.clear()
        self.targets = self._draw(view, page, selected)
        draw_page_sound(self.canvas, sound, self._words, page.whole, page.unit)
        said = self._words(look.said)
        if said and not any(said in label.text for label in self.canvas.labels):
            draw_said(self.canvas, said, page.hints, page.unit)

    def _draw(self, view: View, page: Page, selected: int) -> list[Target]:
        if isinstance(view, MenuView):
            return draw_menu(self.canvas, page, view, selected, self._words)
        return PAGES[type(view)](self.canvas, page, view, self._words)

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
