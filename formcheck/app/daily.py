"""Wiring of a whole session: safety, pain, sets with their rests, pain again, and the report."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import replace

from formcheck.app.app import TURN_S, AppOptions, adjust_sound, wait_for_camera
from formcheck.app.live import LiveOptions
from formcheck.app.live_course import CourseSet
from formcheck.app.report import report_of, spoken_report
from formcheck.camera import CameraThread, open_source
from formcheck.core.feedback.fading import Fading, Spoken
from formcheck.core.feedback.phrases import FLOW, MINUTES
from formcheck.core.rules.events import Cue, CueKind
from formcheck.screen import Action, ChoiceView, Choose, Option, SafetyView, View, Window
from formcheck.session.program import PlannedSet, Program, load_program
from formcheck.session.record import ADVICE, PAINS, Pain, Practice
from formcheck.session.registry import load_exercises
from formcheck.session.set import GET_READY_S
from formcheck.system.first_use import is_safety_read, note_safety_read
from formcheck.voice import Voice

ASK_S = 30.0
"""A question that nobody answers is skipped after this long: the person may be on the floor."""
PAIN_TITLES: dict[Pain, tuple[str, str]] = {
    "mild": ("None or mild", "0 to 3"),
    "moderate": ("Moderate", "4 or 5"),
    "strong": ("Strong", "6 to 10"),
}
GO_ON, END = Option("go-on", "Go on", "gently"), Option("end", "Stop for today", "and rest")


class DailySession:
    """A session from its first page to its last. `run` blocks."""

    def __init__(self, program: Program, options: AppOptions) -> None:
        self.practice = Practice(program)
        self.said: list[Cue] = []
        self._to_say: deque[tuple[str, str]] = deque()
        self._program = program
        self._options = replace(options, live=replace(options.live, fading=Fading(program.cues)))

    def run(self) -> Practice:
        """Lead through the program; returns what was done.

        Raises:
            FormcheckError: no display, or no camera.
        """
        with Window(is_fullscreen=self._options.is_fullscreen) as window:
            voice = Voice.start(self._program.language, muted=self._options.is_muted, volume=self._options.volume)
            try:
                self.lead(window, voice)
            finally:
                voice.close()
        return self.practice

    def lead(self, window: Window, voice: Voice) -> Action | None:
        """All pages, in a window that is open; returns `QUIT` when it was closed.

        Raises:
            FormcheckError: no camera.
        """
        if not is_safety_read():
            wish = self._page(window, voice, SafetyView())
            if wish is not Action.CONFIRM:
                return wish
            note_safety_read()
        begun = self._ask_before(window, voice)
        if begun is None:
            self._to_say.clear()
            began = time.monotonic()
            begun = self._sets(window, voice)
            self.practice.length_s = time.monotonic() - began
        return begun if begun is Action.QUIT else self._finish(window, voice)

    # -- before ------------------------------------------------------------------------------------------------

    def _ask_before(self, window: Window, voice: Voice) -> Action | None:
        """Pain before; an action when the person does not go on."""
        minutes = self._program.length_s / 60
        nearest = min(MINUTES, key=lambda n: abs(n - minutes))
        note = f"{self._program.title}: {len(self._program.sets)} sets, about {math.ceil(minutes)} minutes."
        self._plan_to_say(f"session.minutes-{nearest}")
        answer = self._ask_pain(window, voice, note)
        if isinstance(answer, Action):
            return answer
        self.practice.pain_before = answer
        if answer != "strong":
            return None
        self._plan_to_say("pain.rest-today")
        return self._ask_to_go_on(window, voice, ADVICE["rest-today"])

    def _ask_pain(self, window: Window, voice: Voice, note: str) -> Pain | Action | None:
        """The answer; None when it was skipped, an action when the person leaves."""
        options = tuple(Option(name, *PAIN_TITLES[name]) for name in PAINS)
        self._plan_to_say("session.pain")
        answer = self._choose(window, voice, ChoiceView(FLOW["session.pain"], options, note))
        if isinstance(answer, str):
            return next(name for name in PAINS if name == answer)
        return answer

    def _ask_to_go_on(self, window: Window, voice: Voice, text: str) -> Action | None:
        """None to go on; whoever does not answer rests."""
        answer = self._choose(window, voice, ChoiceView(text, (END, GO_ON)))
        if isinstance(answer, Action):
            return answer
        return None if answer == GO_ON.name else Action.BACK

    def _choose(self, window: Window, voice: Voice, view: ChoiceView) -> str | Action | None:
        """The chosen option's name; None when it was skipped or nobody answered; BACK or QUIT."""
        until = time.monotonic() + ASK_S
        while (left := until - time.monotonic()) > 0:
            for wish in self._turn(window, voice, replace(view, skips_in_s=left)):
                if isinstance(wish, Choose):
                    return wish.name
                if wish is Action.CONFIRM:
                    return None
                if wish in (Action.BACK, Action.QUIT):
                    return wish
        return None

    # -- the sets ----------------------------------------------------------------------------------------------

    def _sets(self, window: Window, voice: Voice) -> Action:
        source = open_source(self._options.source)
        with CameraThread(source, loop=self._options.loop) as camera:
            if not wait_for_camera(window, camera):
                return Action.BACK
            rest_s = GET_READY_S if source.is_live else 0.0
            for index, planned in enumerate(self._program.sets):
                wish = self._set(window, voice, camera, planned, index, rest_s)
                if wish in (Action.BACK, Action.QUIT) or camera.state.status == "ended":
                    return wish
                if wish is Action.HURT and (leave := self._after_hurt(window, voice)) is not None:
                    return leave
                rest_s = max(planned.rest_s, GET_READY_S) if source.is_live else planned.rest_s
        return Action.NEXT

    def _set(
        self, window: Window, voice: Voice, camera: CameraThread, planned: PlannedSet, index: int, rest_s: float
    ) -> Action:
        live = replace(self._options.live, get_ready_s=rest_s)
        place = (index + 1, len(self._program.sets))
        running = CourseSet(planned, place, camera, window, voice, live)
        self.practice.sets.append(running.record)
        wish = running.run()
        self.said += running.said
        return wish

    def _after_hurt(self, window: Window, voice: Voice) -> Action | None:
        self._say(voice, "safety.hurt", FLOW["safety.hurt"], kind="safety")
        return self._ask_to_go_on(window, voice, FLOW["safety.hurt"])

    # -- after -------------------------------------------------------------------------------------------------

    def _finish(self, window: Window, voice: Voice) -> Action | None:
        if not self.practice.sets:
            return None
        self._plan_to_say("session.done" if self.practice.is_complete else "session.stopped")
        answer = self._ask_pain(window, voice, "")
        if answer is Action.QUIT:
            return Action.QUIT
        self.practice.pain_after = None if isinstance(answer, Action) else answer
        self._to_say = deque(spoken_report(self.practice))
        return self._page(window, voice, report_of(self.practice))

    # -- pages -------------------------------------------------------------------------------------------------

    def _plan_to_say(self, name: str) -> None:
        """One of the session's own sentences, as soon as nothing else is being said."""
        self._to_say.append((name, FLOW[name]))

    def _say(self, voice: Voice, name: str, text: str, kind: CueKind = "setup") -> None:
        cue = Cue(time.monotonic(), kind, name, text)
        voice.update(time.monotonic())
        voice.offer(cue)
        self.said.append(cue)

    def _page(self, window: Window, voice: Voice, view: View) -> Action:
        while True:
            for wish in self._turn(window, voice, view):
                if wish in (Action.BACK, Action.QUIT, Action.CONFIRM):
                    assert isinstance(wish, Action)
                    return wish

    def _turn(self, window: Window, voice: Voice, view: View) -> list[Action | Choose]:
        """One turn of a page's loop: draw, speak, and what the person wants."""
        window.show(view)
        voice.update(time.monotonic())
        if self._to_say and not voice.is_speaking:
            self._say(voice, *self._to_say.popleft())
        wishes = window.poll()
        for wish in wishes:
            if isinstance(wish, Action):
                adjust_sound(voice, wish)
        time.sleep(TURN_S)
        return wishes


def run_program(
    name: str,
    source: str,
    *,
    is_fullscreen: bool,
    is_muted: bool,
    volume: float,
    model: str = "full",
    cues: Spoken | None = None,
) -> Practice:
    """Load a program by name or path and lead through it; `cues` goes before what the program says about them.

    Raises:
        FormcheckError: the program makes no sense, no display, or no camera.
    """
    program = load_program(name, load_exercises())
    program = replace(program, cues=cues or program.cues)
    options = AppOptions(source, is_fullscreen, is_muted, volume, live=LiveOptions(model=model))
    return DailySession(program, options).run()
