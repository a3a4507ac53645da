"""What the desk wants corrected, as the event that says so. Pure; the coach's own events stay as they are."""

from __future__ import annotations

from formcheck.core.rules.events import FaultAmended, FaultStarted, RepAdded, RepAmended, RepState
from formcheck.desk import wire
from formcheck.desk.correcting import FAULT, addition
from formcheck.session.fold import RepLine
from formcheck.session.record import SetRecord
from formcheck.system.errors import FormcheckError


def amendment_of(wanted: wire.Amend, record: SetRecord) -> RepAdded | RepAmended | FaultAmended:
    """The event for a correction, not numbered yet.

    Args:
        wanted: what the desk says.
        record: the set as it is held to be now.

    Raises:
        FormcheckError: there is no such repetition or fault, or nothing would change.
    """
    if wanted.what == "add":
        choice = FAULT + wanted.fault if wanted.verdict == "faulty" else wanted.verdict
        return addition(record, choice, wanted.side, wanted.by, wanted.why)
    line = next((each for each in record.all_reps if each.index == wanted.rep), None)
    if line is None:
        raise FormcheckError(f"There is no repetition {wanted.rep} in this set.")
    if wanted.what == "fault":
        return _fault_amended(wanted, record, line)
    was = RepState(line.is_counted, line.verdict, line.side, line.faults)
    now = _state(wanted, line)
    if now == was:
        raise FormcheckError("That is so already.")
    return RepAmended(record.end_s, line.seq, line.index, was, now, wanted.by, wanted.why)


def _state(wanted: wire.Amend, line: RepLine) -> RepState:
    if wanted.what == "as-told" and line.is_added:
        return RepState(False, line.verdict, line.side, line.faults)
    if wanted.what == "as-told":
        told = line.original
        return RepState(True, told.verdict, told.side, told.faults)
    if wanted.what == "count":
        return RepState(wanted.is_so, line.verdict, line.side, line.faults)
    faults = (line.faults or line.original.faults) if wanted.verdict == "faulty" else ()
    return RepState(line.is_counted, wanted.verdict, line.side, faults)


def _fault_amended(wanted: wire.Amend, record: SetRecord, line: RepLine) -> FaultAmended:
    if wanted.fault not in {rule.name for rule in record.exercise.all_faults}:
        raise FormcheckError(f"{record.exercise.title} knows no fault of this name. Say in words what it was.")
    was = wanted.fault in line.faults
    if was == wanted.is_so:
        raise FormcheckError("That is so already.")
    of_seq = next(
        (
            event.seq
            for event in reversed(record.events)
            if isinstance(event, FaultStarted)
            and event.name == wanted.fault
            and line.start_s <= event.t_s <= line.end_s
        ),
        -1,
    )
    return FaultAmended(record.end_s, of_seq, wanted.fault, line.index, was, wanted.is_so, wanted.by, wanted.why)
