"""The page of progress: read and folded on a thread of its own, one exercise after the other by the arrow keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from formcheck.app.ears import Meaning
from formcheck.app.pages.page import IDLE_S, TURN_S
from formcheck.app.remembering import Reading
from formcheck.app.sheets import Sheet
from formcheck.app.speech import Speech
from formcheck.core.text import marked
from formcheck.hearing import Command
from formcheck.screen import ACCEPT_HINT, OPENING_HINTS, TURN_HINTS, Action, Hint, Intent, MessageView, View
from formcheck.session.document import Proposal

LOOKING = marked("Looking at what you did …")
NOTHING = marked("Nothing is remembered yet.")
HOW_TO = marked("FormCheck keeps a session only if you let it. K in the menu turns remembering on.")
BACK_HINT = Hint("Esc", "Back", Action.BACK)


class ProgressPage:
    """Left as `left`."""

    def __init__(
        self,
        look: Callable[[], tuple[Sheet, ...]],
        accept: Callable[[Proposal], None],
        speech: Speech,
        sleep: Callable[[float], None],
    ) -> None:
        """Make the page.

        Args:
            look: reads and folds; called on a thread of its own.
            accept: keeps a proposal that was taken.
            speech: says the one sentence.
            sleep: waits so many seconds.
        """
        self.outcome = ""
        self.idle_s: float | None = IDLE_S
        self._look, self._accept, self._speech, self._sleep = look, accept, speech, sleep
        self._reading: Reading[tuple[Sheet, ...]] | None = None
        self._is_read = False
        self._at = 0
        self._taken: set[int] = set()

    def enter(self, now: float) -> None:
        """Begin to look."""
        self.outcome = ""
        self._reading = self._reading or Reading(self._look, ())

    def handle(self, intent: Intent, now: float) -> None:
        """Turn to another exercise, take a proposal, or leave."""
        if intent in (Action.BACK, Action.CONFIRM):
            self.outcome = "left"
        elif intent in (Action.LEFT, Action.RIGHT) and len(self._sheets) > 1:
            step = 1 if intent is Action.RIGHT else -1
            self._at = (self._at + step) % len(self._sheets)
            self._say()
        elif intent is Action.ACCEPT and self._offered is not None:
            self._accept(self._offered)
            self._taken.add(self._at)

    def meaning(self, command: Command) -> Meaning:
        """ "Go on" and "stop" leave it."""
        return Action.BACK if command in ("go-on", "stop") else None

    def turn(self, now: float) -> None:
        """Wait for what is read, or for the next turn."""
        assert self._reading is not None
        if self._is_read:
            self._sleep(TURN_S)
        elif self._reading.wait(TURN_S):
            self._is_read = True
            self._say()

    def view(self, now: float) -> View:
        """One exercise; or that it is looking, that there is nothing, or what went wrong."""
        assert self._reading is not None
        if not self._is_read:
            return MessageView(LOOKING, is_error=False, hints=OPENING_HINTS)
        if self._reading.problem:
            return MessageView(self._reading.problem, hints=OPENING_HINTS)
        if not self._sheets:
            return MessageView(NOTHING, HOW_TO, is_error=False, hints=OPENING_HINTS)
        count = len(self._sheets)
        hints = (*(TURN_HINTS if count > 1 else ()), *((ACCEPT_HINT,) if self._offered is not None else ()), BACK_HINT)
        view = self._sheets[self._at].view
        return replace(view, place=(self._at + 1, count), is_accepted=self._at in self._taken, hints=hints)

    def shown(self) -> None:
        """The view is on the screen."""

    def leave(self) -> None:
        """Say no more of it."""
        self._speech.drop()

    @property
    def _sheets(self) -> tuple[Sheet, ...]:
        return self._reading.result if self._is_read and self._reading is not None else ()

    @property
    def _offered(self) -> Proposal | None:
        """What can be taken now."""
        return self._sheets[self._at].proposal if self._sheets and self._at not in self._taken else None

    def _say(self) -> None:
        """The one sentence of what is shown now."""
        self._speech.drop()
        assert self._reading is not None
        if self._sheets:
            spoken = self._sheets[self._at].spoken
        else:
            spoken = () if self._reading.problem else (("progress.nothing", ""),)
        for name, text in spoken:
            self._speech.plan(
                name, text, is_joined=name == "progress.of" or name.startswith(("count", "tally", "number"))
            )
