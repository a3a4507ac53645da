"""One set of a session in the window: a live set that keeps a record, watches for the sign, and goes on by itself."""

from __future__ import annotations

import math
import time
from dataclasses import replace

from formcheck.app.live import LiveOptions, LiveSet
from formcheck.camera import CameraThread
from formcheck.core.body.tracked import track
from formcheck.core.feedback.phrases import FLOW
from formcheck.core.rules.events import Cue
from formcheck.core.setup.gesture import SKIP_S, SignRecognizer
from formcheck.pose import Tracked
from formcheck.screen import COURSE_HINTS, Action, Course, SummaryView, ViewModel, Window
from formcheck.session.program import PlannedSet
from formcheck.session.record import SetRecord
from formcheck.session.texts import next_text
from formcheck.voice import Voice

DONE_S = 4.0
"""A set that is done stays on screen this long: to hear that it is, and to breathe."""
NEXT_AFTER_S, SIDE_AFTER_S = 3.5, 6.0
"""After the greeting of a set: when its exercise is announced, and its side."""
LAST_SECONDS = 3
"""The end of a rest is counted aloud."""


def text_of(planned: PlannedSet) -> str:
    """A set's dose in a few words, e.g. "10 times, hold 5 s, left side"."""
    parts = [f"{planned.reps} times" if planned.reps != 1 else "once"]
    if planned.exercise.bout is not None:
        parts = []
    if planned.hold_s:
        parts.append(f"hold {planned.hold_s:g} s")
    if planned.side:
        parts.append(f"{planned.side} side")
    return ", ".join(parts)


class CourseSet(LiveSet):
    """One planned set. `run` returns `NEXT`, `HURT`, `BACK` or `QUIT`; the record says how it went."""

    def __init__(
        self,
        planned: PlannedSet,
        place: tuple[int, int],
        camera: CameraThread,
        window: Window,
        voice: Voice,
        options: LiveOptions,
    ) -> None:
        """Args: `place` is the number of the set in the session, from 1, and how many there are."""
        dose = replace(planned.exercise.dose, reps=planned.reps, hold_s=planned.hold_s)
        exercise = replace(planned.exercise, dose=dose)
        chosen = replace(options, reps=planned.reps, overrides={exercise.name: planned.overrides})
        super().__init__(exercise, camera, window, voice, chosen)
        self.record = SetRecord(planned)
        self._planned = planned
        self._course = Course(*place, text_of(planned), exercise.steps)
        self._sign = SignRecognizer()
        self._wish: Action | None = None
        self._done_s = math.inf
        self._began_s: float | None = None
        self._to_say = self._announcements()
        self._counted = LAST_SECONDS + 1

    def _announcements(self) -> list[tuple[float, str, str]]:
        """(seconds after the beginning, name, text)."""
        greets = self._options.get_ready_s > 0
        first = NEXT_AFTER_S if greets else 0.0
        said = [(first, f"{self._exercise.name}.next", next_text(self._exercise))]
        if self._planned.side is not None:
            name = f"session.{self._planned.side}"
            said.append((first + SIDE_AFTER_S - NEXT_AFTER_S, name, FLOW[name]))
        return said

    def _take(self, seen: Tracked) -> None:
        t = seen.pose.t_s
        self._began_s = t if self._began_s is None else self._began_s
        update = self._session.update(track(seen.pose, seen.back, self._exercise.posture), self._light(seen))
        coach = self._session.coach
        self.record.note(update, coach.excursion, coach.arch_tl())
        self._listen_to((*update.cues, *self._announce(t), *self._count_down(t)), seen)
        self._watch_sign(seen)
        if update.snapshot.stage == "done" and math.isinf(self._done_s):
            self.record.outcome = "done"
            self._done_s = time.monotonic()

    def _announce(self, t: float) -> list[Cue]:
        assert self._began_s is not None
        due = [item for item in self._to_say if t - self._began_s >= item[0]]
        self._to_say = [item for item in self._to_say if item not in due]
        return [Cue(t, "setup", name, text) for _, name, text in due]

    def _count_down(self, t: float) -> list[Cue]:
        """Three, two, one before the rest is over."""
        shown = self._session.snapshot(t)
        left = math.ceil(shown.countdown_s)
        if shown.stage != "countdown" or not 0 < left < self._counted or self._options.get_ready_s <= LAST_SECONDS:
            return []
        self._counted = left
        return [Cue(t, "count", f"count.{left}", str(left), "tick")]

    def _watch_sign(self, seen: Tracked) -> None:
        coach = self._session.coach
        if coach.phase == "end-range" and coach.hold_s > 0 and not self._sign.was_seen:
            self._sign = SignRecognizer()  # who holds a stretch may raise the arms with it
        sign = self._sign.update(seen.pose)
        share = min(1.0, self._sign.held_s(seen.pose.t_s) / SKIP_S)
        self._course = replace(self._course, sign_share=share)
        if sign == "seen":
            cue = Cue(seen.pose.t_s, "setup", "session.skipping", FLOW["session.skipping"])
            self._listen_to((cue,), seen)
        elif sign:
            self._wish = Action.NEXT if sign == "skip" else Action.BACK

    def _over(self) -> Action | None:
        if time.monotonic() - self._done_s >= DONE_S:
            return Action.NEXT
        if self._wish is not None:
            return self._note(self._wish)
        return super()._over()

    def _obey(self, action: Action) -> Action | None:
        leave = action if action is Action.HURT else super()._obey(action)
        return None if leave is None else self._note(leave)

    def _note(self, leave: Action) -> Action:
        """How the set ended, when it did not end by itself."""
        if self.record.outcome != "done":
            self.record.outcome = {Action.NEXT: "skipped", Action.HURT: "hurt"}.get(leave, "stopped")  # type: ignore[assignment]
        return leave

    def _view(self, now: float) -> ViewModel | SummaryView:
        seen = self._seen
        view = super()._view(now)
        if isinstance(view, SummaryView):
            snapshot = self._session.snapshot(seen.pose.t_s if seen else 0.0)
            self.record.lines = view.lines
            caption = self._caption[0] if self._caption else None
            image, pose = (seen.frame.image, seen.pose) if seen else (None, None)
            view = ViewModel(self._exercise.title, snapshot, image, pose, caption=caption)
        hints = COURSE_HINTS if view.snapshot.stage != "setup" else view.hints
        return replace(view, course=self._course, hints=hints)
