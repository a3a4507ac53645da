"""Wiring of the window: menu, sets, summaries, messages; and where each goes next."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field, replace

from formcheck.app.live import VOLUME_STEP, LiveOptions, LiveSet, sound_state
from formcheck.camera import CameraThread, open_source
from formcheck.core.rules.exercise import Exercise
from formcheck.screen import Action, Card, Choose, HelpView, MenuView, MessageView, SafetyView, View, Window, figure_for
from formcheck.session.program import Program, load_program, program_names
from formcheck.session.registry import Registry, load_exercises
from formcheck.system.errors import FormcheckError, SettingsError, SourceError
from formcheck.system.first_use import is_safety_read, note_safety_read
from formcheck.voice import Voice

MENU_PAGES: dict[Action | Choose, type[HelpView | SafetyView]] = {
    Action.HELP: HelpView,
    Action.SAFETY: SafetyView,
}
"""What can be read from the menu."""
PROGRAM = "program:"
"""Names of the programs' cards in the menu begin so."""
TURN_S = 0.03
"""One turn of the menu's loop."""


@dataclass(frozen=True, slots=True)
class AppOptions:
    """How the window is started."""

    source: str = "0"
    is_fullscreen: bool = False
    is_muted: bool = False
    volume: float = 1.0
    loop: bool = False
    """Play a recording again and again (the demo)."""
    live: LiveOptions = field(default_factory=LiveOptions)


class App:
    """The window from start to end. `run` blocks."""

    def __init__(self, options: AppOptions, registry: Registry | None = None) -> None:
        self._options = options
        self._registry = registry or load_exercises()
        self._cards = menu_cards(self._registry)
        self.last_set: LiveSet | None = None

    def run(self, exercise: Exercise | None = None) -> None:
        """Show the menu, or go straight into an exercise.

        Raises:
            FormcheckError: no display, or no camera in a direct start.
        """
        with Window(is_fullscreen=self._options.is_fullscreen) as window:
            voice = Voice.start(muted=self._options.is_muted, volume=self._options.volume)
            try:
                self._loop(window, voice, exercise)
            finally:
                voice.close()

    def _loop(self, window: Window, voice: Voice, exercise: Exercise | None) -> None:
        is_direct = exercise is not None
        while True:
            if exercise is None:
                exercise = self._menu(window, voice)
                if exercise is None:
                    return
            try:
                wish = self._set(window, voice, exercise)
            except SourceError as error:
                if is_direct:
                    raise
                wish = self._message(window, str(error))
            if wish is Action.QUIT or (is_direct and wish in (Action.BACK, Action.CONFIRM)):
                return
            exercise = self._next(exercise) if wish is Action.NEXT and not is_direct else None
            if is_direct:
                return

    def _next(self, exercise: Exercise) -> Exercise | None:
        names = list(self._registry.exercises)
        after = names.index(exercise.name) + 1
        return self._registry.exercises[names[after]] if after < len(names) else None

    def _set(self, window: Window, voice: Voice, exercise: Exercise) -> Action:
        source = open_source(self._options.source)
        # A recording waits for nobody to lie down and can't be set up any more.
        live = self._options.live if source.is_live else replace(self._options.live, get_ready_s=0.0, set_up=False)
        with CameraThread(source, loop=self._options.loop) as camera:
            if not wait_for_camera(window, camera) or (source.is_live and not self._is_warned(window, voice)):
                return Action.BACK
            self.last_set = LiveSet(exercise, camera, window, voice, live)
            wish = self.last_set.run()
            if camera.state.status == "ended" and wish is Action.NEXT:
                return self._page(window, voice, self.last_set.summary())
            return wish

    def _is_warned(self, window: Window, voice: Voice) -> bool:
        """Whether the safety page has been read, now or before."""
        if not is_safety_read():
            if self._page(window, voice, SafetyView()) is not Action.CONFIRM:
                return False
            note_safety_read()
        return True

    def _menu(self, window: Window, voice: Voice) -> Exercise | None:
        """The chosen exercise, or None to quit; a chosen program is done in between."""
        while (name := self._choose(window, voice)) is not None:
            if name in self._registry.exercises:
                return self._registry.exercises[name]
            if self._day(window, voice, name.removeprefix(PROGRAM)) is Action.QUIT:
                return None
        return None

    def _choose(self, window: Window, voice: Voice) -> str | None:
        """The name of the chosen card, or None to quit."""
        page: View | None = None
        while True:
            menu = MenuView(self._cards, self._notice(), sound_state(voice))
            window.show(page or menu)
            for wish in window.poll():
                if isinstance(wish, Choose):
                    return wish.name
                if page is not None and wish in (Action.HELP, Action.SAFETY, Action.BACK, Action.CONFIRM):
                    page = None
                elif wish in MENU_PAGES:
                    page = MENU_PAGES[wish]()
                elif wish in (Action.BACK, Action.QUIT):
                    return None
                else:
                    adjust_sound(voice, wish)
            time.sleep(TURN_S)

    def _day(self, window: Window, voice: Voice, name: str) -> Action | None:
        """A whole program, from the menu and back to it; `QUIT` when the window was closed."""
        from formcheck.app.daily import DailySession  # which is wired from parts of this module

        try:
            return DailySession(load_program(name, self._registry), self._options).lead(window, voice)
        except FormcheckError as error:
            return self._message(window, str(error))

    def _notice(self) -> str:
        broken = self._registry.broken
        return f"Could not load: {', '.join(broken)}. See 'formcheck doctor'." if broken else ""

    def _message(self, window: Window, text: str) -> Action:
        return self._page(window, None, MessageView(text, "Mend it and try again, or press Esc for the menu."))

    def _page(self, window: Window, voice: Voice | None, view: View) -> Action:
        """Show a page until it is left."""
        while True:
            window.show(view)
            if voice is not None:
                voice.update(time.monotonic())
            for wish in window.poll():
                if wish in (Action.BACK, Action.QUIT, Action.CONFIRM, Action.NEXT):
                    assert isinstance(wish, Action)
                    return wish
            time.sleep(TURN_S)


def wait_for_camera(window: Window, camera: CameraThread) -> bool:
    """Show that the camera is being opened until it is; False when the person left.

    Raises:
        SourceError: it can't be opened.
    """
    while (state := camera.state).status == "opening":
        window.show(MessageView(state.message or "Opening the camera …", is_error=False))
        if any(w in (Action.BACK, Action.QUIT) for w in window.poll()):
            return False
        camera.wait_ready(TURN_S)
    if state.status == "failed":
        raise SourceError(state.message)
    return True


def adjust_sound(voice: Voice, wish: Action) -> None:
    """Mute and volume keys."""
    if wish is Action.MUTE:
        voice.toggle_mute()
    elif wish in (Action.VOLUME_UP, Action.VOLUME_DOWN):
        step = VOLUME_STEP if wish is Action.VOLUME_UP else -VOLUME_STEP
        voice.set_volume(voice.status.volume + step)


def menu_cards(registry: Registry) -> tuple[Card, ...]:
    """The programs that ship, as far as their exercises are installed, and all exercises."""
    programs = []
    for name in program_names():
        with suppress(SettingsError):
            programs.append(program_card(name, load_program(name, registry)))
    return (*programs, *(card_of(e) for e in registry.exercises.values()))


def program_card(name: str, program: Program) -> Card:
    """A program's card in the menu."""
    count = len({planned.exercise.name for planned in program.sets})
    line = f"A whole session, hands free: {count} exercises in {len(program.sets)} sets."
    return Card(PROGRAM + name, program.title, line, f"about {round(program.length_s / 60)} min", figure_for("program"))


def card_of(exercise: Exercise) -> Card:
    """An exercise's card in the menu."""
    dose = exercise.dose
    text = f"{dose.sets} × {dose.reps}" if dose.sets > 1 else f"{dose.reps} times"
    if dose.hold_s:
        text += f", hold {dose.hold_s:g} s"
    if exercise.bout is not None:
        text = exercise.bout.dose
    return Card(exercise.name, exercise.title, exercise.line, text, figure_for(exercise.name))


def explain(error: FormcheckError) -> str:
    """The sentence for standard error."""
    return f"formcheck: {error}"
