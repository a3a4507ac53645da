"""What most pages have in common: no pictures, an outcome, a limit for those who have gone."""

from __future__ import annotations

from collections.abc import Callable

from formcheck.app.ears import Meaning, on_page
from formcheck.hearing import Command
from formcheck.screen import Action, Intent, SafetyView, View

IDLE_S = 600.0
"""Seconds without a key after which a page is left by itself: whoever has not answered in ten minutes has gone [P]."""


class StillPage:
    """A page that shows one view and is left by keys."""

    def __init__(self, view: View, outcomes: dict[Action, str], sleep: Callable[[float], None]) -> None:
        """Make a page.

        Args:
            view: what it shows.
            outcomes: why it is left, by the action that leaves it.
            sleep: waits so many seconds.
        """
        self.outcome = ""
        self.idle_s: float | None = IDLE_S
        self._view = view
        self._outcomes = outcomes
        self._sleep = sleep

    def enter(self, now: float) -> None:
        """Begin to show it."""
        self.outcome = ""

    def handle(self, intent: Intent, now: float) -> None:
        """Leave by one of its actions."""
        if isinstance(intent, Action):
            self.outcome = self._outcomes.get(intent, "")

    def meaning(self, command: Command) -> Meaning:
        """As its keys, where nothing is ended by it."""
        if isinstance(self._view, SafetyView):
            return None  # that it was read is said by hand
        return on_page(self._outcomes, command)

    def turn(self, now: float) -> None:
        """Wait for the next turn."""
        self._sleep(TURN_S)

    def view(self, now: float) -> View:
        """What is shown."""
        return self._view

    def shown(self) -> None:
        """The view is on the screen."""

    def leave(self) -> None:
        """Stop showing it."""


TURN_S = 0.03
"""Seconds of one turn: keys answer within it."""
