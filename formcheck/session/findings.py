"""The findings of a whole recording in the shape of `formcheck.analysis/2`. Formats a record, counts nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from formcheck.core.rules.events import FaultEnded
from formcheck.session.fold import RepLine
from formcheck.session.provenance import Provenance
from formcheck.session.record import SetRecord, attempt_as_dict, plain, suggestion_as_dict

SCHEMA = "formcheck.analysis/2"


@dataclass(frozen=True, slots=True)
class Findings:
    """A recording that was judged."""

    record: SetRecord
    source: dict[str, Any]
    provenance: Provenance

    def as_dict(self) -> dict[str, Any]:
        """The contract, times in seconds rounded to a millisecond; what is unknown is null."""
        record, counts = self.record, self.record.counts
        prefix = f"{record.exercise.name}."
        data: dict[str, Any] = plain({
            "schema": SCHEMA,
            "exercise": record.exercise.name,
            "source": self.source,
            "outcome": record.outcome,
            "reps": [_rep(rep) for rep in record.reps],
            "attempts": [attempt_as_dict(attempt) for attempt in record.attempts],
            "faults": [_fault(fault, record.reps) for fault in record.fault_spans],
            "cues": [
                {"t_s": _s(c.t_s), "kind": c.kind, "name": c.name.removeprefix(prefix), "text": c.text}
                for c in record.cues
            ],
            "unseen": [
                {"start_s": _s(e.start_s), "end_s": _s(e.t_s), "part": e.part, "advice": e.advice}
                for e in record.unseen
            ],
            "person_changes_s": [_s(e.t_s) for e in record.person_changes],
            "metrics": record.metrics,
            "summary": {
                "reps": counts.reps,
                "clean_reps": counts.clean,
                "faulty_reps": counts.faulty,
                "not_judged_reps": counts.not_judged,
                "attempts": len(record.attempts),
                "hold_total_s": _s(record.hold_total_s),
                "judged_share": record.judged_share,
            },
            "suggestions": [suggestion_as_dict(e) for e in record.suggestions],
            "amendments": [amendment.wire() for amendment in record.amendments],
            "provenance": replace(
                self.provenance, side_on_deg=record.side_on_deg, rate=record.rate_as_dict()
            ).as_dict(),
        })  # fmt: skip
        return data


def _rep(rep: RepLine) -> dict[str, Any]:
    return {
        "index": rep.index,
        "side": rep.side,
        "start_s": _s(rep.start_s),
        "peak_s": _s(rep.peak_s),
        "end_s": _s(rep.end_s),
        "hold_s": _s(rep.hold_s),
        "faults": list(rep.faults),
        "measures": rep.measures,
        "verdict": rep.verdict,
        "not_judged": list(rep.not_judged),
        "judged": rep.judged,
        "why_not_judged": rep.original.why_not_judged,
    }


def _fault(fault: FaultEnded, reps: list[RepLine]) -> dict[str, Any]:
    index = next(
        (
            rep.index
            for rep in reps
            if fault.name in rep.faults and fault.onset_s <= rep.end_s and fault.t_s >= rep.start_s
        ),
        None,
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


def _s(value: float) -> float:
    return round(value, 3)
