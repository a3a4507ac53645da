"""The findings of a whole recording, in the shape of the contract `formcheck.session.findings/1`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from formcheck.core.coach.bout import metrics_of
from formcheck.core.rules.events import (
    AttemptEnded,
    BoutEnded,
    Cue,
    Event,
    FaultEnded,
    FaultStarted,
    ReachSuggested,
    RepCompleted,
    UnseenEnded,
)
from formcheck.core.rules.exercise import Exercise
from formcheck.session.set import Update

SCHEMA = "formcheck.session.findings/1"


@dataclass(slots=True)
class Findings:
    """Collects updates and turns them into the contract."""

    exercise: Exercise
    source: dict[str, Any]
    events: list[Event] = field(default_factory=list)
    cues: list[Cue] = field(default_factory=list)

    def add(self, update: Update) -> None:
        """Take in what one picture brought."""
        self.events += update.events
        self.cues += update.cues

    def reps(self) -> list[RepCompleted]:
        """The counted repetitions."""
        return [e for e in self.events if isinstance(e, RepCompleted)]

    def as_dict(self) -> dict[str, Any]:
        """The contract, times in seconds rounded to a millisecond."""
        reps = self.reps()
        prefix = f"{self.exercise.name}."
        attempts = [e for e in self.events if isinstance(e, AttemptEnded)]
        return {
            "schema": SCHEMA,
            "exercise": self.exercise.name,
            "source": self.source,
            "reps": [_rep(r) for r in reps],
            "attempts": [
                {"start_s": _s(a.start_s), "end_s": _s(a.t_s), "side": a.side, "reason": a.reason} for a in attempts
            ],
            "faults": [_fault(f, reps) for f in self._faults()],
            "cues": [
                {"t_s": _s(c.t_s), "kind": c.kind, "name": c.name.removeprefix(prefix), "text": c.text}
                for c in self.cues
            ],
            "unseen": [
                {"start_s": _s(e.start_s), "end_s": _s(e.t_s), "part": e.part, "advice": e.advice}
                for e in self.events
                if isinstance(e, UnseenEnded)
            ],
            "metrics": self._metrics(),
            "summary": {
                "reps": len(reps),
                "clean_reps": sum(not r.faults for r in reps),
                "attempts": len(attempts),
                "hold_total_s": _s(sum(r.hold_s for r in reps)),
            },
            "suggestions": [_suggestion(e) for e in self.events if isinstance(e, ReachSuggested)],
        }

    def _metrics(self) -> dict[str, Any]:
        """What the longest bout measured; nothing for an exercise that counts repetitions."""
        if self.exercise.bout is None:
            return {}
        bouts = [e for e in self.events if isinstance(e, BoutEnded)]
        longest = max(bouts, key=lambda e: e.end_s - e.start_s, default=None)
        return longest.metrics if longest else metrics_of(self.exercise.bout, None)

    def _faults(self) -> list[FaultEnded]:
        """Ended faults in the order of their beginning; one that was never ended ends with the recording."""
        ended = [e for e in self.events if isinstance(e, FaultEnded)]
        known = {(e.name, e.onset_s) for e in ended}
        ended += [
            FaultEnded(e.t_s, e.name, e.onset_s, e.severity, e.magnitude, e.unit)
            for e in self.events
            if isinstance(e, FaultStarted) and (e.name, e.onset_s) not in known
        ]
        return sorted(ended, key=lambda e: (e.onset_s, e.name))


def _rep(rep: RepCompleted) -> dict[str, Any]:
    return {
        "index": rep.index,
        "side": rep.side,
        "start_s": _s(rep.start_s),
        "peak_s": _s(rep.peak_s),
        "end_s": _s(rep.t_s),
        "hold_s": _s(rep.hold_s),
        "faults": list(rep.faults),
        "measures": rep.measures,
    }


def _fault(fault: FaultEnded, reps: list[RepCompleted]) -> dict[str, Any]:
    index = next(
        (r.index for r in reps if fault.name in r.faults and fault.onset_s <= r.t_s and fault.t_s >= r.start_s), None
    )
    return {
        "name": fault.name,
        "start_s": _s(fault.onset_s),
        "end_s": _s(fault.t_s),
        "severity": fault.severity,
        "rep": index,
        "magnitude": round(fault.magnitude, 3),
        "unit": fault.unit,
    }


def _suggestion(event: ReachSuggested) -> dict[str, Any]:
    return {
        "fault": event.fault,
        "setting": event.setting,
        "value": event.value,
        "unit": event.unit,
        "times": event.times,
    }


def _s(value: float) -> float:
    return round(value, 3)
