"""Events as a set would number them, for tests of what is made of them."""

from __future__ import annotations

from dataclasses import replace

from exercises.dead_bug import EXERCISE as DEAD_BUG
from formcheck.core.rules.events import Event, FaultEnded, FaultStarted, RepCompleted
from formcheck.core.rules.exercise import Exercise
from formcheck.session.record import SetRecord


def rep(index: int, *faults: str, end_s: float = 0.0, length_s: float = 4.0, **more) -> RepCompleted:
    """A repetition that ends 10 s after the one before, faulty if it has faults, else clean."""
    end_s = end_s or 10.0 * index
    more.setdefault("verdict", "faulty" if faults else "clean")
    more.setdefault("side", "left" if index % 2 else "right")
    start_s = end_s - length_s
    return RepCompleted(end_s, index, start_s=start_s, peak_s=start_s + 2, faults=faults, **more)


def fault(name: str, start_s: float, end_s: float | None = None) -> list[Event]:
    """A fault of severity 2; open where it has no end."""
    events: list[Event] = [FaultStarted(start_s + 0.4, name, start_s, 2, 0.5, "deg")]
    return events if end_s is None else [*events, FaultEnded(end_s, name, start_s, 2, 0.5, "deg")]


def record_of(*events: Event, exercise: Exercise = DEAD_BUG, set_id: str = "s-1") -> SetRecord:
    """The record of a set in which just this happened."""
    record = SetRecord.begin(set_id, exercise)
    record.add(replace(event, set_id=set_id, seq=seq) for seq, event in enumerate(events))
    return record
