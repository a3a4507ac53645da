"""Which fault is told, when, and in which words; and what is praised. One at a time, the worst first. Pure.

A fault of severity 2 or 3 that is watched from picture to picture is told as soon as it is confirmed, a mild one at a
turn-around, while it lasts. The first time takes the whole sentence, later ones its short form, once in a repetition.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from formcheck.core.feedback.fading import Fading
from formcheck.core.rules.events import Cue, CueKind, FaultEnded, FaultStarted, HeldShort, RepCompleted, Severity
from formcheck.core.rules.exercise import Exercise, Fault, Rule

SAME_FAULT_GAP_S = 8.0
"""Least seconds between two sayings of one mild fault: a correction needs a repetition or two to be tried [P]."""
FORM_GAP_S = 4.0
"""Least seconds between any two form cues: a sentence of 2-3 s, and a moment to do what it asks [P]."""
NOW_GAP_S = 2.0
"""The same before one that is told at once: by then the longest form cue is over."""
SPEAK_NOW = 2
"""Severity from which a cue does not wait for a turn-around."""
WAIT_MAX_S = 4.0
"""Seconds after which a cue that found no turn-around is stale: the moment that it is about is gone. A bout has no
turn-arounds: there a cue waits until the last one is long enough ago, as long as the fault goes on."""
PRAISE_GAP_S = 15.0
"""Least seconds between two praises: more would be noise [P]."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    rule: Rule
    severity: Severity
    since_s: float
    is_now: bool = False
    """Whether it is told at once, in its short form: somebody holds short of the range."""

    @property
    def is_watched(self) -> bool:
        """Whether it goes on from picture to picture, rather than being about what is over."""
        return isinstance(self.rule, Fault)


@dataclass(frozen=True, slots=True)
class _Given:
    """A form cue that was given, and what to go back to when it is lost."""

    waiting: _Waiting
    said_s: float
    form_s: float
    is_first: bool


class Corrections:
    """The form cues and the praise of one set."""

    def __init__(self, exercise: Exercise, fading: Fading) -> None:
        self._exercise, self._fading = exercise, fading
        self._rules = {rule.name: rule for rule in exercise.all_faults}
        bout = exercise.bout
        self._has_reps = bout is None
        self._form_gap_s = FORM_GAP_S if bout is None else bout.cue_gap_s
        self._wait_max_s = WAIT_MAX_S if bout is None else math.inf
        self._speak_now = SPEAK_NOW if bout is None else 1
        self._waiting: list[_Waiting] = []
        self._going_on: set[str] = set()
        self._given: dict[str, _Given] = {}
        self._said: dict[str, float] = {}
        self._in_rep: set[str] = set()
        """What was told in this repetition."""
        self._heard: set[str] = set()
        """What was heard in this set."""
        self._form_s = self._praise_s = -math.inf
        self._to_correct: dict[str, float] = {}
        """When it was heard what to do better, by fault."""

    # -- what happens ------------------------------------------------------------------------------------------

    def begin_rep(self) -> None:
        """A movement begins: what was told in the one before may be told again."""
        self._in_rep.clear()

    def forget(self, *, is_other_person: bool = False) -> tuple[str, ...]:
        """The set pauses or is over: nothing of what was going on is said any more; returns the names of its cues."""
        self._waiting.clear()
        self._going_on.clear()
        if is_other_person:
            self._to_correct.clear()
            self._heard.clear()
        return tuple(self._given)

    def note(self, event: FaultStarted | FaultEnded | HeldShort) -> tuple[str, ...]:
        """Something was found; returns names of cues that are no longer true by it."""
        rule = self._rules[event.name]
        if isinstance(event, FaultEnded):
            if not isinstance(rule, Fault):
                return ()
            self._going_on.discard(rule.name)
            self._drop([rule.name])
            return (self._name(rule, ""), self._name(rule, "-again"))
        self._drop([rule.name])
        severity = event.severity if isinstance(event, FaultStarted) else rule.severity
        waiting = _Waiting(rule, severity, event.t_s, is_now=isinstance(event, HeldShort))
        if waiting.is_watched or rule.name not in self._in_rep:
            self._waiting.append(waiting)
        if isinstance(event, FaultStarted) and isinstance(rule, Fault):
            self._going_on.add(rule.name)
        return (self._name(rule, "-praise"),)

    def end_shortfall(self) -> tuple[str, ...]:
        """Whoever held short of the range has moved; returns names of cues that are no longer true by it."""
        gone = [w.rule for w in self._waiting if w.is_now]
        gone += [given.waiting.rule for given in self._given.values() if given.waiting.is_now]
        self._waiting = [w for w in self._waiting if not w.is_now]
        return tuple(self._name(rule, "-again") for rule in gone)

    def _drop(self, names: Iterable[str]) -> None:
        self._waiting = [w for w in self._waiting if w.rule.name not in names]

    def _name(self, rule: Rule, form: str) -> str:
        return f"{self._exercise.name}.{rule.name}{form}"

    # -- what became of it -------------------------------------------------------------------------------------

    def played(self, cue: Cue, t: float) -> bool:
        """A cue is heard now: its gaps run from here. False for one of somebody else."""
        given = self._given.get(cue.name)
        if given is None:
            return False
        name = given.waiting.rule.name
        self._said[name] = self._form_s = self._to_correct[name] = t
        self._heard.add(name)
        return True

    def lost(self, cue: Cue, t: float) -> bool:
        """A cue was not heard: its fault was not told, and is while it goes on. False for one of somebody else."""
        if cue.kind == "praise":
            self._praise_s = -math.inf
        given = self._given.pop(cue.name, None)
        if given is None:
            return False
        name = given.waiting.rule.name
        self._said[name], self._form_s = given.said_s, given.form_s
        self._to_correct.pop(name, None)
        self._in_rep.discard(name)
        if given.is_first:
            self._heard.discard(name)
        self._fading.take_back(given.waiting.severity)
        if name in self._going_on:
            self._waiting.append(replace(given.waiting, since_s=t))
        return True

    # -- what is said ------------------------------------------------------------------------------------------

    def due(self, t: float, *, is_moment: bool) -> list[Cue]:
        """The worst fault that waits, if it is its moment: a mild one waits for a turn-around, or for a long hold."""
        self._waiting = [w for w in self._waiting if t - w.since_s <= self._wait_max_s]
        due = [w for w in self._waiting if self._is_due(w, t, is_moment=is_moment)]
        if not due:
            return []
        worst = max(due, key=lambda w: (w.severity, -w.since_s))
        self._waiting.remove(worst)
        return self._give(worst, t)

    def _is_due(self, waiting: _Waiting, t: float, *, is_moment: bool) -> bool:
        name, severity = waiting.rule.name, waiting.severity
        if self._has_reps and name in self._in_rep:
            return False
        is_at_once = waiting.is_now or (waiting.is_watched and severity >= self._speak_now and self._has_reps)
        if t - self._form_s < (NOW_GAP_S if is_at_once else self._form_gap_s):
            return False
        is_moment = is_moment or severity >= self._speak_now
        return is_at_once or (is_moment and t - self._said.get(name, -math.inf) >= SAME_FAULT_GAP_S)

    def _give(self, waiting: _Waiting, t: float) -> list[Cue]:
        rule = waiting.rule
        given = _Given(waiting, self._said.get(rule.name, -math.inf), self._form_s, rule.name not in self._heard)
        self._said[rule.name] = self._form_s = t
        self._in_rep.add(rule.name)
        if not self._fading.speaks(waiting.severity):
            return []
        kind: CueKind = "safety" if waiting.severity > SPEAK_NOW else "form"
        is_short = bool(rule.again) and (waiting.is_now or not given.is_first)
        name, text = self._name(rule, "-again" if is_short else ""), rule.again if is_short else rule.cue
        self._given[name] = given
        is_urgent = waiting.is_now or (self._has_reps and waiting.is_watched and waiting.severity >= SPEAK_NOW)
        return [Cue(t, kind, name, text, is_urgent=is_urgent)]

    def praise(self, rep: RepCompleted) -> list[Cue]:
        """What was right in a repetition, where somebody had heard that it was not, and it was judged."""
        right = [self._rules[fault] for fault, heard_s in self._to_correct.items() if rep.start_s >= heard_s]
        right = [rule for rule in right if is_right(rule, rep)]
        for rule in right:
            del self._to_correct[rule.name]
        told = [rule for rule in right if rule.praise]
        if not told or rep.t_s - self._praise_s < PRAISE_GAP_S:
            return []
        self._praise_s = rep.t_s
        best = max(told, key=lambda rule: (rule.severity, rule.name))
        return [Cue(rep.t_s, "praise", self._name(best, "-praise"), best.praise)]


def is_right(rule: Rule, rep: RepCompleted) -> bool:
    """Whether a repetition was judged for a fault, and had none of it."""
    is_judged = rep.judged.get(rule.name, 0.0) > 0 and not set(rule.parts) & set(rep.not_judged)
    return is_judged and rule.name not in rep.faults and rule.name not in rep.why_not_judged
