"""The kiosk's own pages: the attract page, large choices, consent, and a number to type."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from formcheck.app.pages.page import StillPage
from formcheck.app.pages.question import ChoicePage
from formcheck.core.feedback.phrases import KIOSK
from formcheck.core.rules.exercise import Exercise
from formcheck.core.text import Verbatim, marked, phrase
from formcheck.kiosk.company import Company, WatchingFeed
from formcheck.kiosk.config import KioskConfig
from formcheck.screen import (
    Action,
    AttractView,
    ChoiceView,
    ConsentView,
    Intent,
    KeypadView,
    Number,
    Option,
    SafetyView,
    View,
)
from formcheck.session.texts import SOURCE_LANGUAGE, translate
from formcheck.system.errors import SourceError

ATTRACT_TURN_S = 0.16
"""Seconds of one turn while nobody is there: its figure moves six times a second, which is enough for slow movements
and spares a computer that is on all day."""
RETRY_S, RETRY_MAX_S = 2.0, 20.0
"""Seconds until a missing camera is tried again; each time twice as long, up to this."""
RENEWS_S, SOUND_S = 4 * 3600.0, 60.0
"""Seconds after which a process that nobody needs is replaced: memory that was lost comes back; and one without sound,
since only a new one looks for a loudspeaker that was plugged in [P]."""
FILM_S = 14.0
"""Seconds for which one exercise is shown, at least."""
WATCHED_PROMISES = marked("It shows how you move. No picture is kept.")
NO_CAMERA = marked("The camera is missing. Please tell the staff.")
CODE_MAX = 12
"""Digits that can be typed."""
LINES = (
    marked("The camera sees this, and only while you are here."),
    KIOSK["kiosk.private"],
    marked("When you go, everything is forgotten."),
)
WATCHED_LINES = (
    LINES[0],
    marked(
        "No picture is kept or sent. The clinic's desk sees your movement as a stick figure, and keeps numbers of it."
    ),
    marked("When you go, this screen forgets everything."),
)
"""In place of those where a supervisor's desk watches."""
ASKS = phrase("{what} {todo}", what=KIOSK["kiosk.hello"], todo=KIOSK["kiosk.agree"])


def attract_view(config: KioskConfig) -> AttractView:
    """The first page of a clinic. Where a supervisor's desk watches it does not say that nothing is sent."""
    view = AttractView(clinic=config.clinic.name, line=config.clinic.line)
    return replace(view, promises=WATCHED_PROMISES) if config.desk else view


class AttractPage(StillPage):
    """Nobody is there. Left as `woken` when somebody steps in front, or touches a key while there is a camera; as `old`
    when its process has stood there for long, or without sound: a fresh one takes its place."""

    def __init__(
        self,
        view: AttractView,
        exercises: Sequence[Exercise],
        open_feed: Callable[[], WatchingFeed],
        company: Company,
        is_night: Callable[[], bool],
        sleep: Callable[[float], None],
        has_sound: Callable[[], bool] = lambda: True,
        codes: Sequence[str] = (SOURCE_LANGUAGE,),
    ) -> None:
        super().__init__(view, {}, sleep)
        self._codes = codes
        self._has_sound, self._entered_s = has_sound, math.inf
        self.idle_s = None
        self.feed: WatchingFeed | None = None
        """The camera, as soon as it has sent a picture."""
        self._attract, self._is_night, self._company = view, is_night, company
        self._films = [(e.film(), e.title) for e in exercises]
        self._open_feed = open_feed
        self._opening: WatchingFeed | None = None
        self._retry_at_s, self._retry_s = -math.inf, RETRY_S
        self._trouble = ""
        self._shown: tuple[int, float] = (0, 0.0)

    def enter(self, now: float) -> None:
        """Begin to show it."""
        super().enter(now)
        self._shown = (0, now)

    def handle(self, intent: Intent, now: float) -> None:
        """Any key wakes it, where there is a camera."""
        if self.feed is not None:
            self.outcome = "woken"

    def turn(self, now: float) -> None:
        """Look for a camera, and then for somebody."""
        if not self._attract.is_dim or self.feed is None:
            self._sleep(ATTRACT_TURN_S)
        else:
            self._sleep(2 * ATTRACT_TURN_S)
        self._see_camera(now)
        self._entered_s = min(self._entered_s, now)
        if now - self._entered_s >= (RENEWS_S if self._has_sound() else SOUND_S) and not self._company.is_somebody(now):
            self.outcome = "old"
        if self.feed is not None and self._company.watch(self.feed):
            self.outcome = "woken"

    def view(self, now: float) -> View:
        """One exercise after the other, each in the next language; at night a dim page."""
        at, since_s = self._shown
        film, title = self._films[at % len(self._films)] if self._films else (None, "")
        code, shown = self._codes[at % len(self._codes)], self._attract
        if film is not None and now - since_s >= max(FILM_S, film.length_s):
            self._shown = (at + 1, now)
        return replace(
            shown, film=film, title=_said_in(title, code), notice=self._trouble or shown.notice,
            invites=_said_in(shown.invites, code), promises=_said_in(shown.promises, code), is_dim=self._is_night(),
        )  # fmt: skip

    def _see_camera(self, now: float) -> None:
        feed = self.feed or self._opening
        if feed is None:
            if now >= self._retry_at_s:
                self._open(now)
            return
        status = feed.state.status
        if status == "live":
            self.feed, self._trouble, self._retry_s = feed, "", RETRY_S
        elif status != "opening":
            self.feed, self._trouble = None, NO_CAMERA
            self._opening = feed
            if status != "lost":
                self._fail(now)

    def _open(self, now: float) -> None:
        try:
            self._opening = self._open_feed()
        except SourceError:
            self._trouble = NO_CAMERA
            self._fail(now)

    def _fail(self, now: float) -> None:
        """It did not open: again in a while."""
        if self._opening is not None:
            self._opening.release()
            self._opening = None
        self._retry_at_s, self._retry_s = now + self._retry_s, min(2 * self._retry_s, RETRY_MAX_S)

    def release(self) -> None:
        """Let go of the camera."""
        for feed in {self.feed, self._opening} - {None}:
            assert feed is not None
            feed.release()


class LargeChoice(ChoicePage):
    """A question with up to three large answers and no end of its own: how long it may wait is the kiosk's business."""

    def __init__(
        self, question: str, options: Sequence[Option], sleep: Callable[[float], None], *, note: str = ""
    ) -> None:
        view = ChoiceView(question, tuple(options), note, hints=())
        names = {option.name: option.name for option in options}
        super().__init__(view, names, sleep, by_itself="", left="left", wait_s=math.inf)


class ConsentPage(LargeChoice):
    """Shows what the camera sees, says what becomes of it, and asks whether that is all right: `yes` or `no`."""

    def __init__(self, company: Company, sleep: Callable[[float], None], *, is_watched: bool = False) -> None:
        options = (Option("yes", "Yes, go on"), Option("no", "No, thank you"))
        super().__init__(ASKS, options, sleep)
        self._company = company
        self._lines = WATCHED_LINES if is_watched else LINES

    def view(self, now: float) -> View:
        """The question under the newest picture."""
        picture, choice = self._company.picture, self._question
        assert isinstance(choice, ChoiceView)
        return ConsentView(choice, self._lines, picture.image if picture is not None else None)


class SafetyPage(LargeChoice):
    """Asks whether one of the reasons to ask a professional first holds: `none` or `some`."""

    def __init__(self, sleep: Callable[[float], None]) -> None:
        options = (Option("none", "None of these"), Option("some", "One of these"))
        super().__init__(KIOSK["kiosk.safety"], options, sleep)

    def view(self, now: float) -> View:
        """The lists, with the answers under them."""
        assert isinstance(self._question, ChoiceView)
        return SafetyView((), self._question)


class KeypadPage(StillPage):
    """A number is typed. Left as `taken` with `value`, or as `left`."""

    def __init__(
        self, view: KeypadView, take: Callable[[str, float], str], sleep: Callable[[float], None], *, is_hidden: bool
    ) -> None:
        """Make the page.

        Args:
            view: what is asked.
            take: tries what was typed at a time; returns why it is not taken, or nothing.
            sleep: waits so many seconds.
            is_hidden: whether dots stand for the digits.
        """
        super().__init__(view, {Action.BACK: "left"}, sleep)
        self.idle_s = None
        self.value = ""
        self._keypad, self._take, self._is_hidden = view, take, is_hidden
        self._typed = ""

    def handle(self, intent: Intent, now: float) -> None:
        """Type, take back, try, or leave."""
        if isinstance(intent, Number):
            self._typed = (self._typed + str(intent.value))[:CODE_MAX]
            self._keypad = replace(self._keypad, trouble="")
        elif intent is Action.ERASE:
            self._typed = self._typed[:-1]
        elif intent is Action.CONFIRM:
            self._try(now)
        else:
            super().handle(intent, now)

    def view(self, now: float) -> View:
        """What is asked, with what was typed."""
        shown = "\N{BULLET}" * len(self._typed) if self._is_hidden else _grouped(self._typed)
        return replace(self._keypad, typed=shown)

    def tell(self, trouble: str) -> None:
        """Say why something is not taken."""
        self._keypad = replace(self._keypad, trouble=trouble)

    def _try(self, now: float) -> None:
        typed, self._typed = self._typed, ""
        if not typed:
            return
        trouble = self._take(typed, now)
        self._keypad = replace(self._keypad, trouble=trouble)
        if not trouble:
            self.value, self.outcome = typed, "taken"


def _said_in(text: str, code: str) -> str:
    """A text in a language, whatever the window speaks."""
    return phrase("{text}", text=Verbatim(translate(text, code)))


def _grouped(digits: str) -> str:
    """Digits in fours, to be read and compared."""
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))
