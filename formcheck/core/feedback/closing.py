"""The last words of a set: what is done, how it was, and the one thing to take along. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from formcheck.core.feedback.corrections import SPEAK_NOW, is_right
from formcheck.core.feedback.phrases import FLOW, done_text, verdicts_text
from formcheck.core.rules.events import Cue, ReachSuggested, RepCompleted, SetFinished
from formcheck.core.rules.exercise import Exercise, Rule


class Closing:
    """Remembers the repetitions of a set for its last words."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._reps: list[RepCompleted] = []

    def note(self, rep: RepCompleted) -> None:
        """A repetition was counted."""
        self._reps.append(rep)

    def words(self, done: SetFinished, suggested: ReachSuggested | None) -> list[Cue]:
        """The last words, each to be heard: that it is done, the verdicts, and one thing; the shorter reach is last."""
        exercise, t = self._exercise, done.t_s
        cues = [Cue(t, "setup", f"{exercise.name}.done", done_text(exercise)), *_tally(done)]
        advice = exercise.range_advice
        worst = self._most_seen()
        if worst is not None and not (suggested is not None and suggested.fault == worst.name):
            cues += self._next_time(t, worst)
        elif worst is None and (right := self._right_throughout()) is not None:
            cues.append(Cue(t, "praise", f"{exercise.name}.{right.name}-praise", right.praise))
        if suggested is not None and advice is not None:
            cues.append(Cue(t, "setup", f"{exercise.name}.shorter-reach", advice.cue))
        return [replace(cue, must_be_heard=True) for cue in cues]

    def _most_seen(self) -> Rule | None:
        """The fault of most repetitions, the worse one of two."""
        counts = Counter(name for rep in self._reps for name in rep.faults)
        seen = [rule for rule in self._exercise.all_faults if counts[rule.name]]
        return max(seen, key=lambda rule: (counts[rule.name], rule.severity), default=None)

    def _next_time(self, t: float, rule: Rule) -> list[Cue]:
        form, text = ("-again", rule.again) if rule.again else ("", rule.cue)
        return [
            Cue(t, "setup", "session.work-on", FLOW["session.work-on"]),
            Cue(t, "setup", f"{self._exercise.name}.{rule.name}{form}", text, is_joined=True),
        ]

    def _right_throughout(self) -> Rule | None:
        """What matters most, was judged in every repetition, and was right."""
        rules = [rule for rule in self._exercise.all_faults if rule.praise and rule.severity >= SPEAK_NOW]
        right = [rule for rule in rules if self._reps and all(is_right(rule, rep) for rep in self._reps)]
        return max(right, key=lambda rule: rule.severity, default=None)


def _tally(done: SetFinished) -> list[Cue]:
    """The repetitions by verdict, each number and what it is; all of them show the whole sentence."""
    faulty = done.reps - done.clean_reps - done.not_judged_reps
    text = verdicts_text(done.clean_reps, faulty, done.not_judged_reps)
    parts = ((done.clean_reps, "clean"), (faulty, "faulty"), (done.not_judged_reps, "not-judged"))
    names = [name for count, verdict in parts if count for name in (f"tally.{count}", f"tally.{verdict}")]
    return [Cue(done.t_s, "setup", name, text, is_joined=i > 0) for i, name in enumerate(names)]
