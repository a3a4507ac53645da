"""What a session was: its sets, pain and effort as numbers, why it was broken off, what to work on. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from formcheck.core.rules.exercise import Exercise, Rule
from formcheck.core.text import marked
from formcheck.session.document import Proposal
from formcheck.session.program import PlannedSet, Program
from formcheck.session.provenance import Provenance
from formcheck.session.record import BreakOff, Counts, SetRecord, plain

SCHEMA = "formcheck.session/2"

MODERATE, STRONG = 4, 6
"""Least pain of each band, of 10: rest is advised above 5, and up to 3 is fine (exercises.md section 8)."""
RISE = 2
"""Points by which pain has risen (exercises.md section 8; the least change that matters on the NPRS)."""
ADVICE = marked({
    "rest-today": "That is a lot of pain. Rest today, and ask your clinician.",
    "rising": "Your pain went up. Rest now, do less next time, and ask your clinician if it stays.",
    "strong": "That is a lot of pain. Rest now, and ask your clinician before the next session.",
})  # fmt: skip
"""What is shown about pain; what is said with it are the phrases `pain.<name>`."""


PainBand = Literal["mild", "moderate", "strong"]


def pain_band(pain: int) -> PainBand:
    """Pain of 0 to 10 in a word."""
    return "strong" if pain >= STRONG else "moderate" if pain >= MODERATE else "mild"


@dataclass(frozen=True, slots=True)
class WorkOn:
    """The most useful single thing for next time."""

    exercise: Exercise
    rule: Rule
    count: int
    """In how many repetitions it was seen."""

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON-ready values."""
        rule = self.rule
        return {"exercise": self.exercise.name, "fault": rule.name, "cue": rule.cue, "times": self.count}


@dataclass(slots=True)
class SessionRecord:
    """A whole session while it goes on, and after it. It holds no text that a person typed."""

    session_id: str
    program: Program | None = None
    """None for an exercise on its own."""
    sets: list[SetRecord] = field(default_factory=list)
    pain_before: int | None = None
    """0 to 10 (NPRS); None where it was not asked or not answered."""
    pain_after: int | None = None
    effort: dict[str, int | None] = field(default_factory=dict)
    """0 to 10 (CR10) by exercise; None where it was asked and not answered."""
    break_off: BreakOff | None = None
    proposals: tuple[Proposal, ...] = ()
    """What was proposed for next time."""
    provenance: Provenance | None = None
    started_utc: str | None = None
    ended_utc: str | None = None

    @classmethod
    def begin(cls, session_id: str, program: Program | None) -> SessionRecord:
        """The record of a session that begins."""
        return cls(session_id, program)

    def begin_set(self, record: SetRecord) -> None:
        """A set begins; its record grows by itself."""
        self.sets.append(record)
        self.started_utc = self.started_utc or record.started_utc

    def end(self, utc: str | None) -> None:
        """The session is over; only the first call counts."""
        self.ended_utc = self.ended_utc or utc

    def note_camera(self, about: Mapping[str, Any]) -> None:
        """What is known of the pictures by now, as `Provenance.with_camera` takes it."""
        if self.provenance is not None:
            self.provenance = self.provenance.with_camera(about)

    @property
    def person(self) -> int:
        """Who was followed last, by number."""
        return self.sets[-1].person if self.sets else 0

    # -- the fold ----------------------------------------------------------------------------------------------

    @property
    def shown_sets(self) -> list[SetRecord]:
        """The sets that stand: without those that were thrown away by a restart."""
        return [record for record in self.sets if record.outcome != "restarted"]

    @property
    def counts(self) -> Counts:
        """Repetitions of all sets that stand, by verdict."""
        return sum((record.counts for record in self.shown_sets), Counts())

    @property
    def target_reps(self) -> int:
        """Repetitions that were planned."""
        return sum(planned.total_reps for planned in self.program.sets) if self.program else 0

    @property
    def hold_total_s(self) -> float:
        """Seconds of good holds."""
        return sum(record.hold_total_s for record in self.shown_sets)

    @property
    def length_s(self) -> float:
        """Seconds from the first thing that happened to the last, rests included."""
        times = [event.t_s for record in self.sets for event in record.events]
        return max(times) - min(times) if times else 0.0

    @property
    def is_complete(self) -> bool:
        """Whether every set that was planned, or that was begun without a plan, was done to its end."""
        sets = self.shown_sets
        planned = len(self.program.sets) if self.program else max(1, len(sets))
        return len(sets) == planned and all(record.outcome == "done" for record in sets)

    @property
    def is_stopped_by_pain(self) -> bool:
        """Whether it ended because it hurt."""
        return self.break_off == "pain" and not self.is_complete

    def has_counted(self, exercise_name: str) -> bool:
        """Whether anything of an exercise was done."""
        return any(
            record.exercise.name == exercise_name and (record.counts.reps or record.lines) for record in self.shown_sets
        )

    def work_on(self) -> WorkOn | None:
        """The worst fault, of equally bad ones the most frequent; None where there was none, or it hurt."""
        if self.is_stopped_by_pain:
            return None
        found: dict[str, tuple[Exercise, Counter[str]]] = {}
        for record in self.shown_sets:
            found.setdefault(record.exercise.name, (record.exercise, Counter()))[1].update(record.faults)
        candidates = [
            WorkOn(exercise, rule, counter[rule.name])
            for exercise, counter in found.values()
            for rule in exercise.all_faults
            if counter[rule.name]
        ]
        return max(candidates, key=lambda item: (item.rule.severity, item.count), default=None)

    @property
    def pain_verdict(self) -> str:
        """A name of `ADVICE`; empty when nothing speaks against going on."""
        before, after = self.pain_before, self.pain_after
        if after is None:
            return "rest-today" if before is not None and pain_band(before) == "strong" else ""
        if before is not None and after >= before + RISE:
            return "rising"
        return "strong" if pain_band(after) == "strong" else ""

    def _provenance_as_dict(self) -> dict[str, Any] | None:
        if self.provenance is None:
            return None
        views = sorted(deg for record in self.sets if (deg := record.side_on_deg) is not None)
        seen = views[len(views) // 2] if views else None
        known = replace(self.provenance, side_on_deg=seen, started_utc=self.started_utc)
        return {key: plain(value) for key, value in known.as_dict().items()}

    def as_dict(self) -> dict[str, Any]:
        """The session as plain JSON-ready values; what is unknown is null."""
        todo, counts, program = self.work_on(), self.counts, self.program
        return {
            "schema": SCHEMA,
            "session_id": self.session_id,
            "program": None if program is None else {"hash": program.hash, "sets": len(program.sets)},
            "planned": [] if program is None else [_planned_as_dict(planned) for planned in program.sets],
            "started_utc": self.started_utc,
            "ended_utc": self.ended_utc,
            "is_complete": self.is_complete,
            "break_off": self.break_off,
            "length_s": round(self.length_s, 1),
            "pain": {"before": self.pain_before, "after": self.pain_after},
            "pain_bands": {
                "before": None if self.pain_before is None else pain_band(self.pain_before),
                "after": None if self.pain_after is None else pain_band(self.pain_after),
            },
            "effort": dict(self.effort),
            "advice": ADVICE.get(self.pain_verdict, ""),
            "work_on": None if todo is None else todo.as_dict(),
            "sets": [record.as_dict() for record in self.sets],
            "summary": {
                "reps": counts.reps,
                "target_reps": self.target_reps,
                "clean_reps": counts.clean,
                "faulty_reps": counts.faulty,
                "not_judged_reps": counts.not_judged,
                "attempts": sum(len(record.attempts) for record in self.shown_sets),
                "hold_total_s": round(self.hold_total_s, 2),
            },
            "proposals": [proposal.model_dump() for proposal in self.proposals],
            "provenance": self._provenance_as_dict(),
        }  # fmt: skip


def _planned_as_dict(planned: PlannedSet) -> dict[str, Any]:
    exercise = planned.exercise
    return {
        "exercise": exercise.name,
        "title": exercise.title,
        "set": planned.number,
        "side": planned.side,
        "target_reps": planned.total_reps,
        "target_hold_s": planned.hold_s or None,
    }
