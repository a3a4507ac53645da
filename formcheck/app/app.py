"""The window program: the menu, and the sessions that begin there or straight away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from formcheck.app import words
from formcheck.app.conductor import Conductor, Setting
from formcheck.app.ears import Ears, Listen
from formcheck.app.languages import Languages
from formcheck.app.loop import Loop, Page, Script
from formcheck.app.pages.cameras import CamerasPage
from formcheck.app.pages.demonstration import DemonstrationPage
from formcheck.app.pages.language import LanguagePage
from formcheck.app.pages.menu import PROGRAM, MenuPage, menu_cards
from formcheck.app.pages.page import StillPage
from formcheck.app.pages.question import ChoicePage
from formcheck.app.policy import Policy
from formcheck.app.remembering import Memory
from formcheck.app.retrospect import Retrospect
from formcheck.app.set_page import Plan
from formcheck.app.speech import Speech
from formcheck.app.tongue import Tongue
from formcheck.core.feedback.fading import Fading, Spoken
from formcheck.core.rules.events import Cue
from formcheck.core.rules.exercise import Exercise
from formcheck.core.text import marked, phrase
from formcheck.pipeline.diary import Diary
from formcheck.pipeline.live import Feed, Machine
from formcheck.pipeline.observers import Observer
from formcheck.pipeline.scribe import Scribe
from formcheck.pose.effort import Effort
from formcheck.screen import Action, Course, MessageView, SafetyView, Window
from formcheck.session.flow import PROGRAM as PROGRAM_FLOW
from formcheck.session.flow import SINGLE as SINGLE_FLOW
from formcheck.session.next_step import Accepted, adjusted, reps_and_settings
from formcheck.session.program import PlannedSet, Program, load_program, shipped_programs
from formcheck.session.provenance import provenance_of
from formcheck.session.registry import Registry, load_exercises
from formcheck.session.session_record import SessionRecord
from formcheck.session.set import SetOptions
from formcheck.session.texts import SOURCE_LANGUAGE, translator
from formcheck.system.errors import FormcheckError
from formcheck.system.wishes import Wishing
from formcheck.voice import Voice

ASIDE = marked("What was remembered was damaged and was put aside; nothing was deleted. See: formcheck store status")


@dataclass(frozen=True, slots=True)
class AppOptions:
    """How the window is started."""

    source: str = ""
    """What `--source` named; empty for the camera that was chosen in the window, or the first one."""
    is_fullscreen: bool = False
    is_muted: bool = False
    volume: float = 1.0
    loop: bool = False
    """Play a recording again and again (the demo)."""
    effort: Effort = field(default_factory=Effort)
    """What is put into each picture."""
    may_change_model: bool = True
    """Whether a machine that is too slow may be helped by another model; not where this one was asked for."""
    overrides: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Settings by exercise, for exercises on their own."""
    reps: int | None = None
    calibrate: bool = False
    is_gentle: bool = False
    """Whether ranges are the shorter ones, whatever the program says."""
    cues: Spoken | None = None
    """How many form cues are spoken; None = as the program says, or fewer by and by."""
    tells_steps: bool = True
    """Whether the steps of an exercise are told at its first time."""
    hastens: bool = False
    """Whether the first countdown is cut short for somebody who is in the start position when all was told."""
    has_tone: bool = True
    """Whether a soft tone sounds in the good range of a hold."""


class App:
    """The window from start to end. `run` blocks; what was done is in `session`, whatever ended it."""

    def __init__(
        self,
        options: AppOptions,
        registry: Registry | None = None,
        machine: Machine | None = None,
        observers: Callable[[], list[Observer]] = list,
        memory: Memory | None = None,
        diary: Diary | None = None,
        languages: Languages | None = None,
        wishing: Wishing | None = None,
        listen: Listen | None = None,
    ) -> None:
        """Prepare it.

        Args:
            options: how the window is started.
            registry: the exercises; those that are installed by default.
            machine: clock, camera and pose stream; those of this machine by default.
            observers: makes further observers for each set.
            memory: former sessions; nothing is remembered by default.
            diary: writes down the sessions of now; nothing is written, and nobody is asked, by default.
            languages: what is known of the person's language; English, unless a program says otherwise, by default.
            wishing: how the person wants the window; as it ships by default.
            listen: whether it is listened for spoken words; not by default.
        """
        self._options = options
        self._registry = registry or load_exercises()
        self._machine = machine or Machine()
        self._observers = observers
        self._memory = memory or Memory()
        self._diary = diary or Diary(wish=False)
        self._languages = languages or Languages()
        self._wishing = wishing or Wishing()
        self._listen = listen or Listen()
        self._retrospect = Retrospect(self._memory, self._registry, self._machine)
        self._scribes: list[Scribe] = []
        self._conductor: Conductor | None = None
        self._setting: Setting | None = None
        self.session: SessionRecord | None = None
        """The last session that began; None before any."""

    @property
    def failures(self) -> Sequence[str]:
        """One sentence for each observer that had to be dropped."""
        return self._setting.failures if self._setting else ()

    def observe(self, make: Callable[[], Observer]) -> None:
        """Make one more observer for each set of windows that are opened from now on."""
        before = self._observers
        self._observers = lambda: [*before(), make()]

    def tell(self, scribe: Scribe) -> None:
        """Tell somebody else of all sessions too, entry by entry."""
        self._scribes.append(scribe)

    def run(self, what: Exercise | Program | None = None, policy: Policy | None = None) -> None:
        """Show the menu, or go straight into an exercise or a program.

        Args:
            what: what is begun with, without a menu.
            policy: what goes on above all pages.

        Raises:
            FormcheckError: no display, or no camera in a direct start.
        """
        options = self._options
        with Window(is_fullscreen=options.is_fullscreen) as window:
            has_tone = options.has_tone and (what.tone if isinstance(what, Program) else True)
            voice = Voice.start(muted=options.is_muted, volume=options.volume, has_tone=has_tone)
            try:
                self.lead(window, voice, what, policy=policy)
            finally:
                voice.close()

    def lead(
        self,
        window: Window,
        voice: Voice,
        what: Exercise | Program | None = None,
        listeners: Sequence[Callable[[Cue], None]] = (),
        script: Callable[[], Script] | None = None,
        policy: Policy | None = None,
    ) -> None:
        """All pages, in a window that is open.

        Args:
            window: where they are shown.
            voice: what speaks.
            what: what is begun with, without a menu.
            listeners: told every cue that is offered to the voice.
            script: makes what leads in place of the menu, once window and voice are ours.
            policy: what goes on above all pages.

        Raises:
            FormcheckError: no camera in a direct start, or the pose model failed.
        """
        speech = Speech(voice, listeners)
        self._setting = Setting(
            self._machine, speech, self._open_feed, self._retrospect, self._diary, self._scribes, self._observers,
            self._wishing, tells_steps=self._options.tells_steps, hastens=self._options.hastens,
        )  # fmt: skip
        self.tongue = Tongue(self._languages, window, voice, speech, self._machine.sleep)
        """The language of this window."""
        self.tongue.speak(what.language if isinstance(what, Program) else "")
        try:
            tongue = self.tongue
            ears = Ears(self._listen, speech, lambda: tongue.language)
            loop = Loop(window, voice, speech, self._machine, self._wishing, ears, policy)
            loop.run(script() if script is not None else self._opening(what))
        finally:
            if self._conductor is not None:
                self._conductor.close()
        if what is not None and self._conductor is not None and self._conductor.error is not None:
            raise self._conductor.error

    def _opening(self, what: Exercise | Program | None) -> Script:
        """The session or the menu; before it the question for the language, if somebody is there who has not said."""
        of_program = what.language if isinstance(what, Program) else ""
        if not self._languages.must_ask(of_program) or is_recording(self._options.source):
            return self._script(what)
        page = self.tongue.ask()
        return Opening(page, lambda: self.tongue.take(page), lambda: self._script(what))

    def _script(self, what: Exercise | Program | None) -> Conductor | Menu:
        if what is not None:
            return self.conduct(what)
        return Menu(
            self._registry, self._machine, self._choose, self._progress, self._diary, self.tongue, self._wishing
        )

    @property
    def speech(self) -> Speech:
        """The session's own sentences, while pages are led."""
        assert self._setting is not None
        return self._setting.speech

    def conduct(self, what: Exercise | Program) -> Conductor:
        """The session of an exercise or a program, while pages are led."""
        return self._conduct_exercise(what) if isinstance(what, Exercise) else self._conduct_program(what)

    def remember(self, diary: Diary) -> None:
        """From now on sessions are written down there: the person has agreed."""
        assert self._setting is not None
        self._diary = self._setting.diary = diary

    def pass_safety(self) -> None:
        """The safety questions were answered on another page."""
        assert self._setting is not None
        self._setting.is_safety_read = True

    def _choose(self, name: str) -> Conductor:
        """The session of a card of the menu.

        Raises:
            SettingsError: the program makes no sense.
        """
        if name.startswith(PROGRAM):
            program = load_program(
                name.removeprefix(PROGRAM), self._registry, self._machine.today(), is_gentle=self._is_gentle
            )
            self.tongue.speak(program.language)
            return self._conduct_program(program)
        return self._conduct_exercise(self._registry.exercises[name])

    def _progress(self) -> Page:
        """The page of progress, from the menu."""
        assert self._setting is not None
        return self._retrospect.page(self._setting.speech)

    @property
    def _is_gentle(self) -> bool:
        return self._options.is_gentle or self._wishing.now.gentle

    def _open_feed(self) -> Feed:
        options = self._options
        source = options.source or self._machine.camera(self._wishing.now.camera)
        return self._machine.open_feed(source, options.effort, options.may_change_model, options.loop)

    # -- plans -------------------------------------------------------------------------------------------------

    def _conduct_exercise(self, chosen: Exercise) -> Conductor:
        """The chosen exercise; the next one in the list follows when asked for."""
        names = list(self._registry.exercises)
        at = names.index(chosen.name) if chosen.name in names else 0
        others = [self._registry.exercises[name] for name in names[at + 1 :] + names[:at]]
        accepted, fading = tuple(self._memory.accepted()), self._fading(None)
        plans = [self._plan_of(chosen, accepted, self._options.reps)]
        plans += [self._plan_of(other, accepted, None) for other in others]
        plans = [replace(plan, fading=fading) for plan in plans]
        return self._begin(SINGLE_FLOW, plans, SessionRecord.begin(self._machine.new_id(), None))

    def _fading(self, of_program: Spoken | None) -> Fading | None:
        """Which cues are spoken: as asked for by hand, or by the program; None where nobody has said."""
        spoken = self._options.cues or of_program
        return Fading(spoken) if spoken is not None else None

    def _plan_of(self, exercise: Exercise, accepted: Sequence[Accepted], reps: int | None) -> Plan:
        taken_reps, taken = reps_and_settings(exercise, accepted)
        gentle = dict(exercise.gentle) if self._is_gentle else {}
        overrides = {**gentle, **taken, **self._options.overrides.get(exercise.name, {})}
        dose = exercise.dose
        options = SetOptions(
            target_reps=reps or taken_reps or dose.reps,
            is_per_side=dose.per_side and reps is None,
            set_up=True,
            calibrate=self._options.calibrate,
        )
        return Plan(exercise, overrides, options, is_gentle=self._is_gentle)

    def _conduct_program(self, program: Program) -> Conductor:
        if program.pace is not None:
            self._wishing.for_this_run(pace=program.pace)
        if program.hash in shipped_programs(self._registry):
            program = adjusted(program, self._memory.accepted())
        fading = self._fading(program.cues)
        count = len(program.sets)
        plans = [
            Plan(
                planned.exercise,
                dict(planned.overrides),
                SetOptions(planned.side, planned.reps, planned.is_per_side, set_up=True),
                planned,
                Course(index + 1, count, planned.in_words, _steps(planned)),
                fading,
                is_gentle=planned.is_gentle,
            )
            for index, planned in enumerate(program.sets)
        ]
        return self._begin(PROGRAM_FLOW, plans, SessionRecord.begin(self._machine.new_id(), program))

    def _begin(self, flow: Sequence[tuple[str, str, str]], plans: Sequence[Plan], session: SessionRecord) -> Conductor:
        assert self._setting is not None
        self.session = session
        session.provenance = provenance_of(
            {plan.exercise.name: plan.overrides for plan in plans if plan.overrides},
            model=self._options.effort.model,
            is_gentle=any(plan.is_gentle for plan in plans),
            is_paced=self._wishing.now.pace,
        )
        self._conductor = Conductor(self._setting, flow, plans, session)  # type: ignore[arg-type]
        return self._conductor


def show_exercise(exercise: Exercise, language: str = SOURCE_LANGUAGE, machine: Machine | None = None) -> None:
    """Open a window in which an exercise is shown, right and then each fault, until somebody closes it.

    Raises:
        DisplayError: there is no screen.
    """
    machine = machine or Machine()
    page = DemonstrationPage(exercise, machine.sleep)
    translate = translator(language)
    with Window(title=translate(exercise.title), translate=translate) as window:
        page.enter(machine.clock())
        while not page.outcome:
            now = machine.clock()
            for intent in window.poll():
                if intent is Action.QUIT:
                    return
                page.handle(intent, now)
            page.turn(now)
            window.show(page.view(now), None, now)


def _steps(planned: PlannedSet) -> tuple[str, ...]:
    """What is shown to do; before a gentle set also what can be done sitting."""
    exercise = planned.exercise
    return (*exercise.steps, exercise.seated) if planned.is_gentle and exercise.seated else exercise.steps


def is_recording(source: str) -> bool:
    """Whether a source is a file or a folder: nobody stands before it who could be asked."""
    try:
        return bool(source) and not source.startswith("/dev/") and Path(source).expanduser().exists()
    except (OSError, ValueError):  # too long a name, or a sign that no path may have
        return False


class Opening:
    """A script: one page first, then another script."""

    def __init__(self, page: Page, done: Callable[[], None], begin: Callable[[], Script]) -> None:
        self._page, self._done, self._begin = page, done, begin
        self._script: Script | None = None

    def first(self) -> Page | None:
        """The page."""
        return self._page

    def after(self, page: Page) -> Page | None:
        """What the other script says."""
        if self._script is not None:
            return self._script.after(page)
        self._done()
        self._script = self._begin()
        return self._script.first()


class Menu:
    """A script: the menu, what can be read from it, and the sessions that begin there."""

    def __init__(
        self,
        registry: Registry,
        machine: Machine,
        choose: Callable[[str], Conductor],
        progress: Callable[[], Page],
        diary: Diary,
        tongue: Tongue,
        wishing: Wishing,
    ) -> None:
        self._wishing = wishing
        self._registry, self._machine, self._choose, self._progress = registry, machine, choose, progress
        self._diary, self._tongue = diary, tongue
        self._asking: Page | None = None
        self._session: Conductor | None = None

    def first(self) -> Page:
        """The menu."""
        broken = self._registry.broken
        notice = phrase("Could not load: {names}. See 'formcheck doctor'.", names=", ".join(broken)) if broken else ""
        state = self._diary.state
        notice = notice or state.trouble or (ASIDE if state.moved_aside else "")
        cards = menu_cards(self._registry, self._machine.today())
        return MenuPage(cards, notice, state.is_on, self._machine.sleep)

    def after(self, page: Page) -> Page | None:
        """The page that follows; None when the person quits."""
        if self._session is not None:
            following = self._session.after(page)
            if following is None:
                self._session = None
                self._tongue.speak()  # the session's program may have spoken another language
            return following or self.first()
        if isinstance(page, MenuPage):
            return self._from_menu(page)
        if isinstance(page, LanguagePage):
            self._tongue.take(page)
        if page is self._asking and page.outcome == "yes":
            self._diary.decide(True)
        return self.first()

    def _from_menu(self, menu: MenuPage) -> Page | None:
        if menu.outcome == "quit":
            return None
        if menu.outcome == "progress":
            return self._progress()
        if menu.outcome == "camera":
            machine = self._machine
            return CamerasPage(machine.cameras(), machine.preview, self._wishing, machine.sleep)
        if menu.outcome == "remember":
            return self._switch_remembering()
        if menu.outcome == "language":
            return self._tongue.ask()
        sleep, back = self._machine.sleep, {Action.CONFIRM: "left", Action.BACK: "left"}
        if menu.outcome == "safety":
            return StillPage(SafetyView(), {**back, Action.SAFETY: "left"}, sleep)
        try:
            self._session = self._choose(menu.chosen)
        except FormcheckError as error:
            return StillPage(MessageView(error.text, "Correct it and try again."), back, sleep)
        return self._session.first()

    def _switch_remembering(self) -> Page:
        """Remember from now on, or no longer; what would not be encrypted is asked about."""
        diary = self._diary
        if not diary.state.is_on and diary.would_be_plain:
            view, sleep = words.remember_plain_view(), self._machine.sleep
            self._asking = ChoicePage(view, {"yes": "yes", "no": "no"}, sleep, by_itself="skipped", left="skipped")
            return self._asking
        diary.decide(not diary.state.is_on)
        return self.first()
