"""Any view onto a canvas of any size, with no window: the one implementation for screen, video and tests."""

from __future__ import annotations

from formcheck.screen.canvas import Canvas
from formcheck.screen.pages import Target, draw_help, draw_menu, draw_message, draw_summary
from formcheck.screen.report import draw_choice, draw_report, draw_safety
from formcheck.screen.view import (
    Action,
    ChoiceView,
    Choose,
    HelpView,
    MenuView,
    MessageView,
    ReportView,
    SafetyView,
    SummaryView,
    View,
    ViewModel,
)
from formcheck.screen.words import Translate, Words
from formcheck.screen.work import WorkScreen


class Painter:
    """Draws views on a canvas that it keeps while the size stays the same."""

    def __init__(self, translate: Translate | None = None) -> None:
        self._words = Words(translate) if translate is not None else Words()
        self._work = WorkScreen(self._words)
        self.canvas = Canvas((1, 1))
        self.targets: list[Target] = []
        """Where the mouse does something, in the last picture."""

    def paint(self, view: View, size: tuple[int, int], selected: int = 0) -> Canvas:
        """Draw a view at a size (width, height) in pixels; `selected` is the chosen card of a menu."""
        if self.canvas.size != (max(1, size[0]), max(1, size[1])):
            self.canvas = Canvas(size)
        self.targets = self._draw(view, selected)
        return self.canvas

    def _draw(self, view: View, selected: int) -> list[Target]:
        if isinstance(view, ViewModel):
            return list(self._work.draw(self.canvas, view))
        if isinstance(view, MenuView):
            return draw_menu(self.canvas, view, selected, self._words)
        if isinstance(view, MessageView):
            return draw_message(self.canvas, view, self._words)
        if isinstance(view, SummaryView):
            return draw_summary(self.canvas, view, self._words)
        if isinstance(view, SafetyView | ChoiceView | ReportView):
            return self._draw_course(view)
        assert isinstance(view, HelpView)
        return draw_help(self.canvas, view, self._words)

    def _draw_course(self, view: SafetyView | ChoiceView | ReportView) -> list[Target]:
        if isinstance(view, SafetyView):
            return draw_safety(self.canvas, view, self._words)
        if isinstance(view, ChoiceView):
            return draw_choice(self.canvas, view, self._words)
        return draw_report(self.canvas, view, self._words)

    @property
    def columns(self) -> int:
        """How many cards stand side by side in the menu last drawn."""
        cards = [box for box, what in self.targets if isinstance(what, Choose)]
        return max(1, sum(box.y == cards[0].y for box in cards)) if cards else 1

    def target_at(self, x: float, y: float) -> Action | Choose | None:
        """What a click there means."""
        hits = [what for box, what in self.targets if box.has_point(x, y)]
        return hits[-1] if hits else None
