"""A session as a list of plain entries that can be stored one by one, and the session made of them again. Pure.

Nothing is lost on the way: numbers keep all their digits, and what is not a number stays that. The exercise of a set
need not be installed when it is read again: what a record says of it is written with the set.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal, cast, get_args

from pydantic import TypeAdapter, ValidationError

from formcheck.core.body.back import Posture
from formcheck.core.body.pose import Side
from formcheck.core.rules import events
from formcheck.core.rules.events import Event, Severity
from formcheck.core.rules.exercise import (
    HOLD,
    Bout,
    Dose,
    EndFault,
    Exercise,
    Metric,
    Reach,
)
from formcheck.core.rules.setting import Setting
from formcheck.session.document import Proposal
from formcheck.session.program import PlannedSet, Program
from formcheck.session.provenance import Provenance
from formcheck.session.record import BreakOff, Outcome, SetRecord
from formcheck.session.session_record import SessionRecord
from formcheck.system.errors import FormcheckError

Kind = Literal[
    "session", "set", "events", "set-end", "answers", "provenance", "figures", "proposals", "end", "amend", "sign"
]
"""What an entry says: a session begins; a set begins; what was found; a set is over; pain, effort and why it was broken
off; where it comes from; stick figures; what is proposed for next time; the session is over; a correction; a
signature."""
KINDS: tuple[Kind, ...] = get_args(Kind)


class WireError(FormcheckError):
    """An entry makes no sense."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened in a session. Entries are only ever added."""

    kind: Kind
    body: Mapping[str, Any]
    """JSON-ready."""
    set_id: str = ""
    """Of the set that it belongs to; empty where it belongs to none."""
    utc: str | None = None


# -- writing -----------------------------------------------------------------------------------------------------------


def session_entry(session: SessionRecord) -> Entry:
    """A session begins."""
    return Entry("session", {"program": _program_out(session.program)})


def set_entry(record: SetRecord) -> Entry:
    """A set begins."""
    body = {
        "exercise": _exercise_out(record.exercise),
        "planned": _planned_out(record.planned),
        "started_s": record.started_s,
        "first_person": record.first_person,
        "asked": record.asked and list(record.asked),
    }
    return Entry("set", body, record.set_id, record.started_utc)


def events_entry(set_id: str, found: Iterable[Event], utc: str | None = None) -> Entry:
    """What was found, in order."""
    listed = list(found)
    return Entry("events", {"events": [event_out(event) for event in listed]}, set_id, utc or listed[-1].utc)


def set_end_entry(record: SetRecord, utc: str | None = None) -> Entry:
    """A set is over."""
    views, intervals = record.tallies
    body = {"outcome": record.outcome, "why": record.why, "views": _pairs(views), "intervals": _pairs(intervals)}
    return Entry("set-end", body, record.set_id, utc)


def answers_entry(session: SessionRecord, utc: str | None = None) -> Entry:
    """What the person has answered so far, all of it."""
    body = {
        "pain_before": session.pain_before,
        "pain_after": session.pain_after,
        "effort": dict(session.effort),
        "break_off": session.break_off,
    }
    return Entry("answers", body, utc=utc)


def provenance_entry(provenance: Provenance, utc: str | None = None) -> Entry:
    """Where it comes from, as far as it is known by now."""
    body = {item.name: _out(getattr(provenance, item.name)) for item in fields(provenance)}
    return Entry("provenance", body | {"failed_rules": _out(provenance.as_dict()["failed_rules"])}, utc=utc)


def proposals_entry(session: SessionRecord, utc: str | None = None) -> Entry:
    """What is proposed for next time."""
    return Entry("proposals", {"proposals": [each.model_dump(mode="json") for each in session.proposals]}, utc=utc)


def end_entry(utc: str | None, *, is_interrupted: bool = False) -> Entry:
    """The session is over, or was found broken off."""
    return Entry("end", {"is_interrupted": is_interrupted}, utc=utc)


def event_out(event: Event) -> dict[str, Any]:
    """An event as JSON-ready values, all digits kept."""
    return {"event": type(event).__name__} | {item.name: _out(getattr(event, item.name)) for item in fields(event)}


def _out(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _out(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {key: _out(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_out(item) for item in value]
    return value


def _pairs(tally: Mapping[int, int]) -> list[list[int]]:
    return [[key, count] for key, count in sorted(tally.items())]


def _exercise_out(exercise: Exercise) -> dict[str, Any]:
    bout = exercise.bout
    return {
        "name": exercise.name,
        "title": exercise.title,
        "posture": exercise.posture,
        "hold_s": exercise.hold_s(),
        "rules": [
            {"name": r.name, "severity": r.severity, "cue": r.cue, "short": r.short, "parts": list(r.parts)}
            for r in exercise.all_faults
        ],
        "metrics": None if bout is None else [_out(metric) for metric in bout.metrics],
    }


def _planned_out(planned: PlannedSet | None) -> dict[str, Any] | None:
    if planned is None:
        return None
    body = {item.name: _out(getattr(planned, item.name)) for item in fields(planned) if item.name != "exercise"}
    return body | {"is_per_side": planned.exercise.dose.per_side}


def _program_out(program: Program | None) -> dict[str, Any] | None:
    """A program without its title, which may hold a name."""
    if program is None:
        return None
    sets = [{"exercise": _exercise_out(p.exercise), "planned": _planned_out(p)} for p in program.sets]
    return {"hash": program.hash, "language": program.language, "cues": program.cues, "sets": sets}


# -- reading -----------------------------------------------------------------------------------------------------------


def session_of(session_id: str, entries: Iterable[Entry], installed: Mapping[str, Exercise]) -> SessionRecord:
    """The session that a list of entries tells of.

    Args:
        session_id: its UUID.
        entries: in order.
        installed: exercises by name; of one that is not there, what was written with the set is known.

    Raises:
        WireError: an entry makes no sense; nothing of it is taken.
    """
    reading = Reading(session_id, installed)
    for entry in entries:
        reading.take(entry)
    return reading.session


class Reading:
    """A session that is read entry by entry, as they come."""

    def __init__(self, session_id: str, installed: Mapping[str, Exercise]) -> None:
        """Begin; the arguments are those of `session_of`."""
        self.session = SessionRecord(session_id)
        """What is known by now."""
        self._installed = installed
        self._sets: dict[str, SetRecord] = {}

    def take(self, entry: Entry) -> None:
        """The next entry.

        Raises:
            WireError: it makes no sense; of the session so far, nothing is to be used then.
        """
        try:
            _take(self.session, self._sets, entry, self._installed)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise WireError(
                f"A stored entry of the kind {entry.kind!r} can't be read ({type(error).__name__})."
            ) from error


def _take(session: SessionRecord, sets: dict[str, SetRecord], entry: Entry, installed: Mapping[str, Exercise]) -> None:
    if entry.kind == "set":
        record = sets[entry.set_id] = _set_in(entry, installed)
        session.begin_set(record)
    elif entry.set_id:
        _take_of_set(sets[entry.set_id], entry)
    else:
        _take_of_session(session, entry, installed)


def _take_of_set(record: SetRecord, entry: Entry) -> None:
    body = entry.body
    if entry.kind in ("events", "amend"):
        record.add(event_in(each) for each in body["events"])
    elif entry.kind == "set-end":
        record.finish(cast("Outcome", body["outcome"]), cast("BreakOff | None", body["why"]))
        record.restore_tallies(dict(body["views"]), dict(body["intervals"]))


def _take_of_session(session: SessionRecord, entry: Entry, installed: Mapping[str, Exercise]) -> None:
    body = entry.body
    if entry.kind == "session":
        session.program = _program_in(body["program"], installed)
    elif entry.kind == "answers":
        session.pain_before, session.pain_after = body["pain_before"], body["pain_after"]
        session.effort, session.break_off = dict(body["effort"]), body["break_off"]
    elif entry.kind == "provenance":
        session.provenance = _adapter(Provenance).validate_python(body)
    elif entry.kind == "proposals":
        session.proposals = tuple(Proposal.model_validate(each) for each in body["proposals"])
    elif entry.kind == "end" and (session.ended_utc is None or not body["is_interrupted"]):
        session.ended_utc = entry.utc  # that it was found broken off is the second best thing to know


def event_in(body: Mapping[str, Any]) -> Event:
    """The event that `event_out` wrote.

    Raises:
        WireError: it is none.
    """
    known = getattr(events, str(body.get("event")), None)
    if not (isinstance(known, type) and issubclass(known, Event)):
        raise WireError(f"There is no event {str(body.get('event'))[:40]!r}: the record is of a newer version.")
    values = {key: value for key, value in body.items() if key != "event"}
    try:
        return cast("Event", _adapter(known).validate_python(values))
    except ValidationError as error:
        raise WireError(f"A stored {known.__name__} can't be read.") from error


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(what: Any) -> TypeAdapter[Any]:
    if what not in _ADAPTERS:
        _ADAPTERS[what] = TypeAdapter(what)
    return _ADAPTERS[what]


def _set_in(entry: Entry, installed: Mapping[str, Exercise]) -> SetRecord:
    body = entry.body
    exercise = _exercise_in(body["exercise"], installed)
    planned = None if body["planned"] is None else _planned_in(body["planned"], exercise)
    asked = body.get("asked")
    return SetRecord.begin(
        entry.set_id, exercise, planned=planned, started_utc=entry.utc, started_s=float(body["started_s"]),
        first_person=int(body["first_person"]), asked=(int(asked[0]), bool(asked[1])) if asked else None,
    )  # fmt: skip


def _planned_in(body: Mapping[str, Any], exercise: Exercise) -> PlannedSet:
    per_side = bool(body["is_per_side"])
    if per_side != exercise.dose.per_side:
        exercise = replace(exercise, dose=replace(exercise.dose, per_side=per_side))
    side = cast("Side | None", body["side"])
    overrides = {str(key): float(value) for key, value in body["overrides"].items()}
    return PlannedSet(exercise, int(body["number"]), side, int(body["reps"]), float(body["rest_s"]), overrides)


def _program_in(body: Mapping[str, Any] | None, installed: Mapping[str, Exercise]) -> Program | None:
    if body is None:
        return None
    sets = [_planned_in(each["planned"], _exercise_in(each["exercise"], installed)) for each in body["sets"]]
    return Program("", str(body["language"]), tuple(sets), body["cues"], str(body["hash"]))


def _exercise_in(body: Mapping[str, Any], installed: Mapping[str, Exercise]) -> Exercise:
    """The exercise that is installed under that name, or what was written of it."""
    known = installed.get(str(body["name"]))
    if known is not None and {rule.name for rule in known.all_faults} >= {rule["name"] for rule in body["rules"]}:
        return known
    hold_s, metrics = float(body["hold_s"]), body["metrics"]
    return Exercise(
        name=str(body["name"]),
        title=str(body["title"]),
        line="",
        dose=Dose(1),
        posture=cast("Posture", body["posture"]),
        required_parts=(),
        start=lambda _: (),
        invariants=lambda _: (),
        reach=lambda _: Reach(math.nan, math.nan),
        faults=(),
        end_faults=tuple(_rule_in(rule) for rule in body["rules"]),
        settings=(Setting(HOLD, hold_s, "s", 0.0, 180.0, "as it was when it was recorded"),) if hold_s else (),
        bout=None
        if metrics is None
        else Bout(_not_followed, tuple(_adapter(Metric).validate_python(m) for m in metrics)),
    )


def _not_followed(_: Mapping[str, float]) -> Any:
    raise WireError("An exercise that is only known from a record can't be done.")


def _rule_in(body: Mapping[str, Any]) -> EndFault:
    return EndFault(
        name=str(body["name"]), severity=cast("Severity", body["severity"]), cue=str(body["cue"]), checks="", why="",
        how="", limits="", source="", short=str(body["short"]), parts=tuple(body["parts"]),
    )  # fmt: skip
