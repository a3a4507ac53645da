"""Wiring of a whole session: safety, pain, sets with their rests, pain again, and the report."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import replace

from formcheck.app import TURN_S, AppOptions, adjust_sound, wait_for_camera
from formcheck.camera import CameraThread, open_source
from formcheck.core.events import Cue
from formcheck.core.phrases import FLOW, MINUTES
from formcheck.first_use import is_safety_read, note_safety_read
from formcheck.live import LiveOptions
from formcheck.live_course import CourseSet
from formcheck.practice import ADVICE, PAINS, Pain, Practice, SetRecord, pain_advice, work_on
from formcheck.program import PlannedSet, Program, load_program
from formcheck.registry import load_exercises
from formcheck.screen import (
    Action,
    Bar,
    ChoiceView,
    Choose,
    Option,
    ReportRow,
    ReportView,
    SafetyView,
    View,
    Window,
)
from formcheck.screen.words import FAULTS
from formcheck.session import GET_READY_S
from formcheck.voice import Voice

ASK_S = 30.0
"""A question that nobody answers is skipped after this long: the person may be on the floor."""
ROWS_MAX = 9
"""With more sets than this the report has a row for each exercise."""
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
        self._to_say: deque[str] = deque()
        self._program = program
        self._options = options

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

    def lead(self, window: Window, voice: Voice) -> None:
        """All pages, in a window that is open."""
        if not is_safety_read():
            if self._page(window, voice, SafetyView()) is not Action.CONFIRM:
                return
            note_safety_read()
        wish = self._ask_before(window, voice)
        if wish is None:
            self._to_say.clear()
            began = time.monotonic()
            wish = self._sets(window, voice)
            self.practice.length_s = time.monotonic() - began
        if wish is not Action.QUIT:
            self._finish(window, voice)

    # -- before ------------------------------------------------------------------------------------------------

    def _ask_before(self, window: Window, voice: Voice) -> Action | None:
        """Pain before; an action when the person does not go on."""
        minutes = self._program.length_s / 60
        nearest = min(MINUTES, key=lambda n: abs(n - minutes))
        note = f"{self._program.title}: {len(self._program.sets)} sets, about {math.ceil(minutes)} minutes."
        self._to_say.append(f"session.minutes-{nearest}")
        answer = self._ask_pain(window, voice, note)
        if isinstance(answer, Action):
            return answer
        self.practice.pain_before = answer
        if answer != "strong":
            return None
        return self._ask_to_go_on(window, voice, ADVICE["rest-today"])

    def _ask_pain(self, window: Window, voice: Voice, note: str) -> Pain | Action | None:
        """The answer; None when it was skipped, an action when the person leaves."""
        options = tuple(Option(name, *PAIN_TITLES[name]) for name in PAINS)
        self._to_say.append("session.pain")
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
        self._say(voice, "safety.hurt", kind="safety")
        return self._ask_to_go_on(window, voice, FLOW["safety.hurt"])

    # -- after -------------------------------------------------------------------------------------------------

    def _finish(self, window: Window, voice: Voice) -> None:
        if self.practice.sets:
            self._to_say.append("session.done" if self.practice.is_complete else "session.stopped")
            answer = self._ask_pain(window, voice, "")
            if answer is Action.QUIT:
                return
            self.practice.pain_after = None if isinstance(answer, Action) else answer
            self._page(window, voice, report_of(self.practice))

    # -- pages -------------------------------------------------------------------------------------------------

    def _say(self, voice: Voice, name: str, kind: str = "setup") -> None:
        cue = Cue(time.monotonic(), kind, name, FLOW[name])  # type: ignore[arg-type]
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
            self._say(voice, self._to_say.popleft())
        wishes = window.poll()
        for wish in wishes:
            if isinstance(wish, Action):
                adjust_sound(voice, wish)
        time.sleep(TURN_S)
        return wishes


def run_program(
    name: str, source: str, *, is_fullscreen: bool, is_muted: bool, volume: float, model: str = "full"
) -> Practice:
    """Load a program by name or path and lead through it.

    Raises:
        FormcheckError: the program makes no sense, no display, or no camera.
    """
    program = load_program(name, load_exercises())
    options = AppOptions(source, is_fullscreen, is_muted, volume, live=LiveOptions(model=model))
    return DailySession(program, options).run()


def report_of(practice: Practice) -> ReportView:
    """The last page."""
    sets = practice.sets
    done = practice.as_dict()["summary"]
    tiles = [
        ("Repetitions", f"{done['reps']} / {done['target_reps']}"),
        ("Clean", f"{done['clean_reps']} / {done['reps']}"),
    ]
    if done["hold_total_s"] > 0:
        tiles.append(("Held", f"{done['hold_total_s']:.0f} s"))
    tiles.append(("Time", f"{max(1, round(practice.length_s / 60))} min"))
    todo = work_on(sets)
    headline = advice = ""
    if todo is not None:
        name = FAULTS.get(todo.fault, todo.fault.replace("-", " "))
        headline = f"{todo.exercise.title}: {name.lower()} ({todo.count} times)" if todo.count > 1 else ""
        headline = headline or f"{todo.exercise.title}: {name.lower()}"
        advice = todo.cue
    rows = tuple(_row(group) for group in _grouped(sets))
    warning = pain_advice(practice.pain_before, practice.pain_after)
    return ReportView(practice.program.title, tuple(tiles), rows, headline, advice, warning)


def _grouped(sets: list[SetRecord]) -> list[list[SetRecord]]:
    if len(sets) <= ROWS_MAX:
        return [[record] for record in sets]
    groups: dict[str, list[SetRecord]] = {}
    for record in sets:
        groups.setdefault(record.planned.exercise.name, []).append(record)
    return list(groups.values())


def _row(records: list[SetRecord]) -> ReportRow:
    exercise = records[0].planned.exercise
    reps = [rep for record in records for rep in record.reps]
    wanted = sum(record.planned.reps for record in records)
    text = f"{len(reps)} / {wanted}, {sum(r.clean_reps for r in records)} clean"
    held = sum(record.hold_total_s for record in records)
    text = f"{text}, held {held:.0f} s" if held >= 1 else text
    if exercise.bout is not None:
        text = ", ".join(f"{what} {much}" for record in records for what, much in record.lines[:2])
    ended = [r.outcome for r in records if r.outcome not in ("done", "stopped")]
    text = f"{text}, {ended[0]}" if ended else text
    limits = [_limit(records[0], fault.limit) for fault in exercise.faults if fault.of_back]
    best = max((rep.reach for rep in reps), default=1.0) or 1.0
    bars = tuple(
        Bar(rep.reach / best, rep.back_t / min(limits) if limits else math.nan, not rep.faults) for rep in reps
    )  # fmt: skip
    side = f", {records[0].planned.side}" if records[0].planned.side and len(records) == 1 else ""
    return ReportRow(f"{exercise.title}{side}", text, bars, bool(limits))


def _limit(record: SetRecord, name: str) -> float:
    """A limit's value in force for a set."""
    declared = {s.name: s.value for s in record.planned.exercise.all_settings}
    return float(record.planned.overrides.get(name, declared[name]))
