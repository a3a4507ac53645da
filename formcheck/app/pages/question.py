"""Pages that ask: a number from 0 to 10, one of a few answers, yes or no. Whoever does nothing skips."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from formcheck.app.ears import Meaning
from formcheck.app.pages.page import StillPage
from formcheck.core.text import marked
from formcheck.hearing import Command
from formcheck.screen import Action, ChoiceView, Choose, ConfirmView, Intent, Number, ScaleView, View

ASK_S = 30.0
"""Seconds after which a question that nobody answers is skipped: the person may be on the floor [P]."""


TAKES = marked("Takes {chosen} by itself in {n} s.")

MARKED_S = 5.0
"""Seconds that are left at least after a number was marked: time to mark another one [P]."""


class _Question(StillPage):
    """A question that goes on by itself."""

    def __init__(
        self,
        view: ScaleView | ChoiceView | ConfirmView,
        outcomes: dict[Action, str],
        sleep: Callable[[float], None],
        by_itself: str,
        wait_s: float,
    ) -> None:
        super().__init__(view, outcomes, sleep)
        self._question = view
        self._by_itself = by_itself
        self._wait_s = wait_s
        self._until_s = 0.0

    def enter(self, now: float) -> None:
        """Ask, from now on."""
        super().enter(now)
        self._until_s = now + self._wait_s

    def turn(self, now: float) -> None:
        """Go on by itself when the time is over."""
        super().turn(now)
        if now >= self._until_s:
            self.outcome = self.outcome or self._by_itself

    def view(self, now: float) -> View:
        """The question with the whole seconds left."""
        if math.isinf(self._until_s):
            return self._question
        return replace(self._question, skips_in_s=math.ceil(max(0.0, self._until_s - now)))


class ScalePage(_Question):
    """Asks for 0 to 10. `value` is the answer, None where it was skipped."""

    def __init__(
        self,
        view: ScaleView,
        sleep: Callable[[float], None],
        wait_s: float = ASK_S,
        say: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Make the question; Esc leaves (`left`), doing nothing skips (`skipped`), Enter takes (`answered`).

        Args:
            view: the question.
            sleep: waits so many seconds.
            wait_s: seconds to wait for an answer.
            say: says the number that was marked.
        """
        super().__init__(view, {Action.BACK: "left"}, sleep, "skipped", wait_s)
        self.value: int | None = None
        self._marked: int | None = None
        self._say = say

    def handle(self, intent: Intent, now: float) -> None:
        """Mark a number, take it, or leave."""
        if isinstance(intent, Number):
            self._marked = intent.value
            self._until_s = max(self._until_s, now + MARKED_S)
            self._say(intent.value)
        elif intent is Action.CONFIRM:
            self._take()
        else:
            super().handle(intent, now)

    def turn(self, now: float) -> None:
        """A number that is marked when the time is over is the answer."""
        super().turn(now)
        if self.outcome == "skipped":
            self._take()

    def view(self, now: float) -> View:
        """The question with the number that is marked."""
        shown = super().view(now)
        assert isinstance(shown, ScaleView)
        if self._marked is None:
            return shown
        return replace(shown, chosen=self._marked, auto_text=TAKES)

    def meaning(self, command: Command) -> Meaning:
        """ "Go on" takes the number that is marked, or skips."""
        return Action.CONFIRM if command == "go-on" else None

    def _take(self) -> None:
        self.value = self._marked
        self.outcome = "answered" if self._marked is not None else "skipped"


class ChoicePage(_Question):
    """Asks for one of a few answers. `value` is the name of the answer, empty where it was skipped."""

    def __init__(
        self,
        view: ChoiceView,
        outcomes: dict[str, str],
        sleep: Callable[[float], None],
        *,
        by_itself: str,
        left: str,
        wait_s: float = ASK_S,
    ) -> None:
        """Make the question.

        Args:
            view: question and options.
            outcomes: why the page is left, by the option's name; "answered" for all that are not named.
            sleep: waits so many seconds.
            by_itself: why it is left when nobody answers, and by Enter.
            left: why it is left by Esc.
            wait_s: seconds to wait for an answer.
        """
        super().__init__(view, {Action.CONFIRM: by_itself, Action.BACK: left}, sleep, by_itself, wait_s)
        self.value = ""
        self._by_name = outcomes

    def handle(self, intent: Intent, now: float) -> None:
        """Take the answer."""
        if isinstance(intent, Choose):
            self.value = intent.name
            self.outcome = self._by_name.get(intent.name, "answered")
        else:
            super().handle(intent, now)

    def meaning(self, command: Command) -> Meaning:
        """The answer that is called like the command; else the question is skipped by "go on"."""
        names = {"go-on": "go-on", "next": "go-on", "stop": "end"}
        if names.get(command) in self._by_name:
            return Choose(names[command])
        return Action.CONFIRM if command == "go-on" and "end" not in self._by_name else None


class ConfirmPage(_Question):
    """Asks yes or no before something is ended; whoever does nothing stays."""

    def __init__(self, view: ConfirmView, sleep: Callable[[float], None], *, yes: str, no: str) -> None:
        super().__init__(view, {Action.CONFIRM: yes, Action.BACK: no, Action.HURT: "hurt"}, sleep, no, ASK_S)
        self._names = {view.yes.name: yes, view.no.name: no}

    def handle(self, intent: Intent, now: float) -> None:
        """Take the answer."""
        if isinstance(intent, Choose):
            self.outcome = self._names.get(intent.name, "")
        else:
            super().handle(intent, now)

    def meaning(self, command: Command) -> Meaning:
        """ "Yes", or "stop" once more, ends it; "go on" does not."""
        meanings: dict[Command, Action] = {
            "yes": Action.CONFIRM, "stop": Action.CONFIRM, "go-on": Action.BACK, "hurt": Action.HURT,
        }  # fmt: skip
        return meanings.get(command)
