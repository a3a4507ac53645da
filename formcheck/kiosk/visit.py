"""One visit, from the attract page to the wipe: a script for the loop, led by a declared table.

    attract -> language -> consent -> safety -> choose -> (code) -> session -> take along -> end

Every page of the session itself is the app's. A visit that ends, for whatever reason, shows nothing more of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from formcheck.app import words
from formcheck.app.app import App
from formcheck.app.conductor import Conductor
from formcheck.app.loop import Page
from formcheck.app.pages.language import LanguagePage
from formcheck.app.pages.page import StillPage
from formcheck.app.policy import Policies, Policy
from formcheck.core.feedback.phrases import KIOSK
from formcheck.core.rules.exercise import Exercise
from formcheck.core.text import marked, phrase
from formcheck.kiosk.carried import Carried
from formcheck.kiosk.company import Company, WatchingFeed
from formcheck.kiosk.config import KioskConfig
from formcheck.kiosk.extras import DONE, CodePage, KeepPage, PaperPage, PinPage, TakePage, ways_to_take
from formcheck.kiosk.pages import AttractPage, ConsentPage, LargeChoice, SafetyPage, attract_view
from formcheck.kiosk.policy import POINTED_MAX, KioskPolicy
from formcheck.kiosk.result import Result, result_of
from formcheck.kiosk.staff import PicturePage, StaffPage
from formcheck.kiosk.taking import Taken, TicketTaker
from formcheck.pipeline.diary import Diary
from formcheck.pipeline.live import Machine
from formcheck.screen import MessageView, Option
from formcheck.session.program import Program, load_program
from formcheck.session.registry import Registry
from formcheck.system.checks import Check
from formcheck.system.errors import FormcheckError

VISIT: tuple[tuple[str, str, str], ...] = (
    ("attract", "woken", "language"),
    ("language", "answered", "consent"),
    ("consent", "yes", "safety"),
    ("consent", "no", "end"),
    ("safety", "none", "choose"),
    ("safety", "some", "unfit"),
    ("unfit", "left", "end"),
    ("choose", "more", "choose"),
    ("choose", "exercises", "exercises"),
    ("choose", "code", "code"),
    ("choose", "chosen", "session"),
    ("exercises", "more", "exercises"),
    ("exercises", "chosen", "session"),
    ("exercises", "left", "choose"),
    ("code", "taken", "session"),
    ("code", "keep", "keep"),
    ("code", "left", "choose"),
    ("keep", "yes", "store"),
    ("keep", "no", "session"),
    ("store", "kept", "session"),
    ("store", "unkept", "unkept"),
    ("store", "left", "session"),
    ("unkept", "left", "session"),
    ("session", "done", "ways"),
    ("ways", "phone", "phone"),
    ("ways", "paper", "paper"),
    ("phone", "left", "end"),
    ("paper", "left", "end"),
    ("pin", "taken", "staff"),
    ("staff", "camera", "picture"),
    ("picture", "left", "staff"),
)
"""A visit. Whatever is not here ends it: nobody answers, somebody else is there, the staff come."""
EXERCISES, CODE, MORE = "exercises", "code", "more"
"""Names of answers that are no program and no exercise."""


@dataclass(slots=True)
class Visit:
    """Which page follows which, for one visit."""

    app: App
    config: KioskConfig
    registry: Registry
    machine: Machine
    company: Company
    policy: KioskPolicy
    open_feed: Callable[[], WatchingFeed]
    woken: Callable[[], None] = lambda: None
    """Called when somebody is greeted."""
    printing: Callable[[], None] = lambda: None
    """Called before a page goes to the printer."""
    carried: Carried = field(default_factory=Carried)
    """What the process before has handed on."""
    volume: Callable[[float | None], float] = lambda _: 1.0
    """Sets how loud the voice is, of 1, where it is told; returns how loud it is."""
    checks: Callable[[], Sequence[Check]] = tuple
    """The kiosk's self-test."""
    closing: Callable[[], None] = lambda: None
    """Called when the session is over, for good or early, before anything is let go."""
    desk: Policy | None = None
    """What goes on above all pages where a supervisor's desk watches."""
    tell_whose: Callable[[str, bool], None] = lambda _person, _is_kept: None
    """Tells the desk whose the session is, a pseudonym or nobody, and whether it may be kept."""
    forget_desk: Callable[[], None] | None = None
    """Knows the supervisor's desk no more; None where there is none."""
    feed: WatchingFeed | None = None
    chosen: Exercise | Program | None = None
    session: Conductor | None = None
    _state: str = "attract"
    _attract: AttractPage | None = None
    has_sound: Callable[[], bool] = lambda: True
    """Whether the voice can be heard."""
    open_diary: Callable[[str], Diary] = lambda person: Diary(person=person, is_asked_for=True, wish=True)
    """Makes what writes down the sessions of a pseudonym."""
    _diary: Diary | None = None
    _person: str = ""
    """The pseudonym of a ticket."""
    _at: int = 0
    """Which answers of several pages are shown."""

    @property
    def rules(self) -> Policy:
        """All that goes on above all pages."""
        return self.policy if self.desk is None else Policies((self.policy, self.desk))

    def first(self) -> Page:
        """The attract page."""
        self.policy.speech = self.app.speech
        self._attract = AttractPage(
            attract_view(self.config), list(self.registry.exercises.values()), self.open_feed, self.company,
            self._is_night, self.machine.sleep, self.has_sound, self._codes,
        )  # fmt: skip
        return self._attract

    def after(self, page: Page) -> Page | None:
        """The page that follows; None when the visit is over."""
        if self.policy.end == "staff":
            self._close_session()
            self.policy.end, self._state = "", "pin"
            self.policy.feed = None  # whoever stands there now is one of the staff: nobody's place is taken
            return PinPage(self.config.staff.pin, self.carried, self.machine.sleep)
        if self.policy.end:
            return None
        if self._state == "session" and self.session is not None:
            following = self.session.after(page)
            if following is not None:
                return following
            return self._go("done")
        return self._go(self._noted(page))

    def close(self) -> None:
        """End it: a set under way is recorded as interrupted, and the camera is let go."""
        self._close_session()
        if self._diary is not None:
            self._diary.close()
        self.closing()
        if self._attract is not None:
            self._attract.release()

    def _close_session(self) -> None:
        if self.session is not None:
            self.session.close()

    @property
    def _codes(self) -> tuple[str, ...]:
        """The languages that can be chosen, the one that is spoken first at the beginning."""
        first = self.app.tongue.language
        return (first, *(code for code in self.config.languages if code != first))

    def _is_night(self) -> bool:
        return self.config.night.has(self.machine.today().time())

    # -- from page to page -------------------------------------------------------------------------------------

    def _go(self, outcome: str) -> Page | None:
        """Go on by the table until there is a page, or the end."""
        following = {(state, why): after for state, why, after in VISIT}
        while True:
            self._state = following.get((self._state, outcome), "end")
            makers: dict[str, Callable[[], Page | None]] = {
                "language": self._language, "consent": self._consent, "safety": self._safety, "unfit": self._unfit,
                "choose": self._choose, "exercises": self._exercises, "code": self._code, "session": self._begin,
                "keep": self._keep, "store": self._store, "unkept": self._unkept,
                "ways": self._ways, "phone": self._phone, "paper": self._paper,
                "staff": self._staff, "picture": self._picture,
            }  # fmt: skip
            page = makers[self._state]() if self._state in makers else None
            if page is not None or self._state == "end":
                return page
            outcome = {"language": "answered", "ways": "phone"}.get(self._state, "left")

    def _noted(self, page: Page) -> str:
        """What a page was left for, after it was kept."""
        if isinstance(page, AttractPage):
            self.feed = self.policy.feed = page.feed
        elif isinstance(page, LanguagePage):
            self.app.tongue.take(page)
        elif isinstance(page, LargeChoice) and self._state in ("choose", EXERCISES):
            return self._taken(page.value)
        elif isinstance(page, CodePage) and page.found is not None:
            return self._found(page.found)
        elif isinstance(page, KeepPage) and page.outcome == "kept":
            self._diary = page.diary
            self.app.remember(page.diary)
        elif self._state == "keep":
            is_kept = page.outcome == "yes"
            self.tell_whose(self._person if is_kept else "", is_kept)
        elif isinstance(page, StaffPage) and page.outcome == "quit":
            self.policy.end = "quit"
        return page.outcome

    def _language(self) -> Page | None:
        assert self.feed is not None
        self.woken()
        self.company.greet(self.feed)
        if len(self.config.languages) < 2:
            return None
        return self.app.tongue.ask(self.config.languages, math.inf)

    def _consent(self) -> Page:
        is_watched = self.desk is not None
        private = () if is_watched else ("kiosk.private",)  # what a desk sees is read, not said
        self._say("kiosk.hello", *private, "kiosk.agree", "kiosk.point")
        return ConsentPage(self.company, self.machine.sleep, is_watched=is_watched)

    def _safety(self) -> Page:
        self._say("kiosk.safety")
        return SafetyPage(self.machine.sleep)

    def _unfit(self) -> Page:
        self._say("kiosk.unfit")
        view = MessageView(KIOSK["kiosk.unfit"], "They can tell you what is right for you.", is_error=False)
        return StillPage(view, DONE, self.machine.sleep)

    def _ways(self) -> Page | None:
        """How the result can be taken along; by phone where there is no printer."""
        self.session = None
        if self._result is None:
            self._state = "end"
            return None
        if not self.config.printer.name:
            return None
        return ways_to_take(self.machine.sleep)

    def _phone(self) -> Page:
        self._say("kiosk.take-along")
        assert self._result is not None
        is_watched = self.desk is not None
        return TakePage(self._result, self.app.tongue.language, self.machine.sleep, is_watched=is_watched)

    def _paper(self) -> Page:
        assert self._result is not None
        self.printing()
        return PaperPage(self._result, self.app.tongue.language, self.config.printer.name, self.machine)

    @property
    def _result(self) -> Result | None:
        """What there is to take along; None before anything was done."""
        session = self.app.session
        if session is None or not session.sets:
            return None
        return result_of(session, self.machine.today(), self.registry)

    # -- the staff ---------------------------------------------------------------------------------------------

    def _staff(self) -> Page:
        return StaffPage(
            self.app.speech, self.app.tongue, self.volume, self.carried, self.config.languages, self.checks,
            self.machine.sleep, self.forget_desk,
        )  # fmt: skip

    def _picture(self) -> Page:
        return PicturePage(self._attract.feed if self._attract is not None else None, self.machine.sleep)

    # -- what is done ------------------------------------------------------------------------------------------

    def _choose(self) -> Page:
        self.app.pass_safety()
        self._say("kiosk.choose")
        answers = [_program_option(name, program) for name, program in self._programs().items()]
        if self.config.exercises:
            answers.append(Option(EXERCISES, "Single exercises", "choose one of them"))
        if self.config.tickets.key:
            answers.append(Option(CODE, "My program", "with a code or a slip from your clinician"))
        if not answers:  # none of the clinic's programs has anything for today
            view = MessageView("There is nothing to do here today.", "Please ask the staff.", is_error=False)
            return StillPage(view, DONE, self.machine.sleep)
        return self._paged("What do you want to do?", answers)

    def _exercises(self) -> Page:
        answers = [Option(e.name, e.title, e.line) for e in self.registry.exercises.values()]
        return self._paged("Choose an exercise", answers)

    def _paged(self, question: str, answers: Sequence[Option]) -> Page:
        """As many answers as can be pointed to, and a way to the next ones."""
        if len(answers) > POINTED_MAX:
            size = POINTED_MAX - 1
            at = self._at % -(-len(answers) // size) * size
            answers = [*answers[at : at + size], Option(MORE, "More", "the next ones")]
        return LargeChoice(question, answers, self.machine.sleep)

    def _taken(self, name: str) -> str:
        """What was chosen, and how the page is left for it."""
        self._at = self._at + 1 if name == MORE else 0
        if name in (MORE, EXERCISES, CODE, ""):
            return name or "left"
        self.chosen = self._programs().get(name) or self.registry.exercises.get(name)
        return "chosen" if self.chosen is not None else "left"

    def _programs(self) -> dict[str, Program]:
        """Those of the clinic that make sense today, by name."""
        found = {}
        for name in self.config.programs:
            with suppress(FormcheckError):
                found[name] = load_program(name, self.registry, self.machine.today())
        return found

    def _code(self) -> Page:
        self._say("kiosk.code")
        taker = TicketTaker(self.config.tickets, self.registry, self.carried.tries)
        return CodePage(taker, self.company, self.carried, self.machine, self.app.speech)

    def _found(self, found: Taken) -> str:
        """The program of a ticket, in its language; whether it is kept is asked of whoever has a pseudonym."""
        self.chosen, self._person = found.program, found.ticket.person
        if found.ticket.language:
            self.app.tongue.choose(found.ticket.language)
        return "keep" if self._person and (self.config.keeps or self.desk is not None) else "taken"

    def _store(self) -> Page | None:
        if not self.config.keeps:  # the desk keeps it
            return None
        return KeepPage(self.open_diary(self._person), self.machine.sleep)

    def _unkept(self) -> Page:
        view = MessageView("It can't be kept here just now.", "You can do it all the same. Tell the staff, please.")
        return StillPage(view, DONE, self.machine.sleep)

    def _keep(self) -> Page:
        options = (Option("yes", "Yes, keep it", "numbers and stick figures"), Option("no", "No", "nothing is kept"))
        return LargeChoice(marked("Keep what you do now for your clinician?"), options, self.machine.sleep)

    def _begin(self) -> Page | None:
        assert self.chosen is not None
        assert self.feed is not None
        if self.feed.state.status != "live":  # no question about pain before there is a camera
            return None
        self.policy.needs_camera = False
        self.session = self.app.conduct(self.chosen)
        return self.session.first()

    def _say(self, *names: str) -> None:
        self.app.speech.cut()
        for i, name in enumerate(names):
            self.app.speech.plan(name, is_joined=i > 0)


def _program_option(name: str, program: Program) -> Option:
    line = phrase("{extent}, about {n} min", extent=words.extent(program), n=program.minutes)
    return Option(name, program.title, line)
