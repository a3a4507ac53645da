"""What a session was: sets with their repetitions, pain before and after, and the one thing to work on. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from formcheck.core.body.pose import Side
from formcheck.core.rules.events import FaultStarted, RepCompleted, UnseenStarted
from formcheck.core.rules.exercise import Exercise
from formcheck.session.program import PlannedSet, Program
from formcheck.session.set import Update

SCHEMA = "formcheck.session.set/1"

Pain = Literal["mild", "moderate", "strong"]
PAINS: tuple[Pain, ...] = ("mild", "moderate", "strong")
"""0-3, 4-5 and 6-10 of 10: exercises.md section 8 stops above 5, and at a rise of two points."""

Outcome = Literal["done", "skipped", "stopped", "hurt"]


@dataclass(frozen=True, slots=True)
class RepLine:
    """One repetition, as the report shows it."""

    index: int
    side: Side | None
    reach: float
    """Furthest reach, share of the range that counts."""
    back_tl: float
    """The back's largest change against the own start, torso lengths, positive = more arched; NaN = unknown."""
    hold_s: float
    faults: tuple[str, ...]


@dataclass(slots=True)
class SetRecord:
    """One set while it goes on, and after it."""

    planned: PlannedSet
    reps: list[RepLine] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    unseen: list[str] = field(default_factory=list)
    lines: tuple[tuple[str, str], ...] = ()
    """What was measured instead of repetitions."""
    outcome: Outcome = "stopped"
    _reach: float = 0.0
    _back_tl: float = math.nan

    @property
    def clean_reps(self) -> int:
        """Repetitions without a fault."""
        return sum(not rep.faults for rep in self.reps)

    @property
    def hold_total_s(self) -> float:
        """Seconds of good holds."""
        return sum(rep.hold_s for rep in self.reps)

    def note(self, update: Update, moved: float, arch_tl: float) -> None:
        """One picture: what it brought, how far the movement is, and the back's change (NaN = unknown)."""
        self._reach = max(self._reach, moved)
        if not math.isnan(arch_tl) and not abs(arch_tl) <= abs(self._back_tl):
            self._back_tl = arch_tl
        for event in update.events:
            if isinstance(event, RepCompleted):
                line = RepLine(event.index, event.side, self._reach, self._back_tl, event.hold_s, event.faults)
                self.reps.append(line)
                self._reach, self._back_tl = 0.0, math.nan
            elif isinstance(event, FaultStarted):
                self.faults[event.name] += 1
            elif isinstance(event, UnseenStarted) and event.part not in self.unseen:
                self.unseen.append(event.part)

    def as_dict(self) -> dict[str, Any]:
        """The set as plain JSON-ready values."""
        planned = self.planned
        return {
            "exercise": planned.exercise.name,
            "set": planned.number,
            "side": planned.side,
            "outcome": self.outcome,
            "target_reps": planned.reps,
            "reps": [
                {
                    "index": rep.index,
                    "side": rep.side,
                    "reach": round(rep.reach, 3),
                    "back_tl": None if math.isnan(rep.back_tl) else round(rep.back_tl, 4),
                    "hold_s": round(rep.hold_s, 2),
                    "faults": list(rep.faults),
                }
                for rep in self.reps
            ],
            "clean_reps": self.clean_reps,
            "hold_total_s": round(self.hold_total_s, 2),
            "faults": dict(sorted(self.faults.items())),
            "unseen": self.unseen,
            "measured": dict(self.lines),
        }


@dataclass(frozen=True, slots=True)
class WorkOn:
    """The most useful single thing for next time."""

    exercise: Exercise
    fault: str
    cue: str
    count: int


@dataclass(slots=True)
class Practice:
    """A whole session."""

    program: Program
    sets: list[SetRecord] = field(default_factory=list)
    pain_before: Pain | None = None
    """None where it was skipped."""
    pain_after: Pain | None = None
    length_s: float = 0.0

    @property
    def is_complete(self) -> bool:
        """Whether every set of the program was done to its end."""
        return len(self.sets) == len(self.program.sets) and all(s.outcome == "done" for s in self.sets)

    def as_dict(self) -> dict[str, Any]:
        """The session as plain JSON-ready values."""
        todo = work_on(self.sets)
        return {
            "schema": SCHEMA,
            "program": self.program.title,
            "is_complete": self.is_complete,
            "length_s": round(self.length_s, 1),
            "pain": {"before": self.pain_before, "after": self.pain_after},
            "advice": pain_advice(self.pain_before, self.pain_after),
            "work_on": None
            if todo is None
            else {"exercise": todo.exercise.name, "fault": todo.fault, "cue": todo.cue, "times": todo.count},
            "sets": [s.as_dict() for s in self.sets],
            "summary": {
                "reps": sum(len(s.reps) for s in self.sets),
                "target_reps": sum(p.reps for p in self.program.sets),
                "clean_reps": sum(s.clean_reps for s in self.sets),
                "hold_total_s": round(sum(s.hold_total_s for s in self.sets), 2),
            },
        }


def work_on(sets: Sequence[SetRecord]) -> WorkOn | None:
    """The worst fault of the session, and of equally bad ones the most frequent; None when there was none."""
    found = [
        (rule.severity, count, record.planned.exercise, rule)
        for record in _by_exercise(sets)
        for rule in record.planned.exercise.all_faults
        if (count := record.faults[rule.name])
    ]
    if not found:
        return None
    _, count, exercise, rule = max(found, key=lambda item: (item[0], item[1]))
    return WorkOn(exercise, rule.name, rule.cue, count)


def _by_exercise(sets: Sequence[SetRecord]) -> list[SetRecord]:
    """One record for each exercise, with the faults of all its sets."""
    merged: dict[str, SetRecord] = {}
    for record in sets:
        whole = merged.setdefault(record.planned.exercise.name, SetRecord(record.planned))
        whole.faults += record.faults
    return list(merged.values())


ADVICE = {
    "rest-today": "That is a lot of pain. Rest today, and ask your clinician.",
    "rising": "Your pain went up. Rest now, do less next time, and ask your clinician if it stays.",
    "strong": "That is a lot of pain. Rest now, and ask your clinician before the next session.",
}


def pain_verdict(before: Pain | None, after: Pain | None) -> str:
    """A name of `ADVICE` (exercises.md, section 8); empty when nothing speaks against going on."""
    if after is None:
        return "rest-today" if before == "strong" else ""
    if before is not None and PAINS.index(after) > PAINS.index(before):
        return "rising"
    return "strong" if after == "strong" else ""


def pain_advice(before: Pain | None, after: Pain | None) -> str:
    """What to do about pain, as it is shown; empty when nothing speaks against going on."""
    return ADVICE.get(pain_verdict(before, after), "")
