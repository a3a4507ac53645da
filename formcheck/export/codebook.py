"""The three tables for research: every column with its unit, its type, its meaning and where it comes from.

One row a session, a set, a repetition. This is the codebook too: nothing else says what a column means.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, Literal, TypeVar, get_args

from formcheck.core.body.measure import PARTS
from formcheck.core.rules.events import Verdict
from formcheck.session.document import Amended, Changed, FaultSpan, Kept, KeptState, Rep, SetDocument, UnseenSpan
from formcheck.session.record import BreakOff, Outcome

Kind = Literal["text", "integer", "number", "boolean", "time"]
Value = str | int | float | bool | datetime | None
"""None is unknown: an empty cell."""
Item = TypeVar("Item")
JUDGED_PARTS = (*PARTS, "back")
COACH = "coach"
"""Who amended, where the coach itself took something back."""


@dataclass(frozen=True, slots=True)
class OneSet:
    """A set within its session."""

    kept: Kept
    position: int
    """From 1."""
    set: SetDocument

    @property
    def changes(self) -> tuple[Changed, ...]:
        """What was changed while it went on, in order."""
        return tuple(each for each in self.kept.changed if each.set_id == self.set.set_id)


@dataclass(frozen=True, slots=True)
class OneRep:
    """A repetition within its set."""

    kept: Kept
    set: SetDocument
    rep: Rep
    is_counted: bool

    @property
    def amendments(self) -> tuple[Amended, ...]:
        """What was corrected of it, in order."""
        return tuple(a for a in self.kept.amended if (a.set_id, a.rep) == (self.set.set_id, self.rep.index))


@dataclass(frozen=True)
class Column(Generic[Item]):
    """A column, and how its cell comes from a row's item."""

    name: str
    unit: str
    kind: Kind
    meaning: str
    of: Callable[[Item], Value]
    values: str = ""
    """The values that there are; empty where any may be."""
    is_typed_by_people: bool = False
    """Free text: left out unless it is asked for."""


@dataclass(frozen=True)
class Table(Generic[Item]):
    """A table: its columns, and its rows in the order of the sessions."""

    name: str
    columns: tuple[Column[Item], ...]
    items: Callable[[Kept], Iterable[Item]]

    def shown(self, is_with_notes: bool) -> tuple[Column[Item], ...]:
        """The columns that are written."""
        return tuple(column for column in self.columns if is_with_notes or not column.is_typed_by_people)

    def rows(self, sessions: Sequence[Kept], is_with_notes: bool = False) -> Iterator[list[Value]]:
        """Row by row, the cells in the order of the columns."""
        columns = self.shown(is_with_notes)
        for kept in sessions:
            for item in self.items(kept):
                yield [column.of(item) for column in columns]


def in_order(sessions: Iterable[Kept]) -> list[Kept]:
    """Oldest first, those without a date last; the same sessions always in the same order."""
    last = datetime.max.replace(tzinfo=UTC)
    return sorted(sessions, key=lambda k: (with_offset(k.session.started_utc) or last, k.session.session_id))


def with_offset(when: datetime | None) -> datetime | None:
    """A time that says its offset; one that doesn't is UTC."""
    return when.replace(tzinfo=UTC) if when is not None and when.tzinfo is None else when


def listed(names: Iterable[str]) -> str:
    """Several names in one cell."""
    return ";".join(names)


def paired(values: Mapping[str, object]) -> str:
    """Several names with their values in one cell."""
    return listed(f"{name}={value}" for name, value in sorted(values.items()))


def as_json(values: Mapping[str, object]) -> str | None:
    """A cell of JSON; unknown where there is nothing to say."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False) if values else None


def seconds_of(spans: Iterable[UnseenSpan | FaultSpan]) -> float:
    """Seconds that spans cover together, those that overlap counted once."""
    covered, end = 0.0, float("-inf")
    for span in sorted(spans, key=lambda one: one.start_s):
        covered += max(0.0, span.end_s - max(span.start_s, end))
        end = max(end, span.end_s)
    return round(covered, 3)


def _sets(kept: Kept) -> Iterator[OneSet]:
    for position, one in enumerate(kept.session.sets, 1):
        yield OneSet(kept, position, one)


def _reps(kept: Kept) -> Iterator[OneRep]:
    for one in kept.session.sets:
        both = [OneRep(kept, one, rep, True) for rep in one.reps]
        both += [OneRep(kept, one, rep, False) for rep in one.taken_back]
        yield from sorted(both, key=lambda item: item.rep.index)


def _choices(literal: Any) -> str:
    return ", ".join(get_args(literal))


def _camera(name: str) -> Callable[[Kept], Value]:
    def of(kept: Kept) -> Value:
        value = kept.session.provenance.camera.get(name) if kept.session.provenance else None
        return value if isinstance(value, (bool, int, float)) else None

    return of


def _settings_of(item: OneSet) -> str | None:
    source = item.kept.session.provenance
    return as_json(source.settings.get(item.set.exercise, {}) if source else {})


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _told(item: OneRep, name: Literal["side", "verdict", "faults"]) -> Any:
    return None if item.rep.is_added else getattr(item.rep.told or item.rep, name)


def _last_signature(kept: Kept) -> Any:
    return max(kept.signatures, key=lambda one: one.utc, default=None)


SESSIONS = Table[Kept](
    "sessions",
    (
        Column("session_id", "", "text", "The session (UUID).", lambda k: k.session.session_id),
        Column("person", "", "text", "Pseudonym, 32 hexadecimal digits; empty: nobody was named.", lambda k: k.person),
        Column("station", "", "text", "Which kiosk or laptop.", lambda k: k.station or None),
        Column(
            "state", "", "text", "Whether it goes on, is over or is signed.", lambda k: k.state, _choices(KeptState)
        ),
        Column("started_at", "ISO 8601", "time", "When it began.", lambda k: with_offset(k.session.started_utc)),
        Column("ended_at", "ISO 8601", "time", "When it ended.", lambda k: with_offset(k.session.ended_utc)),
        Column("length_s", "s", "number", "From the first thing to the last.", lambda k: k.session.length_s),
        Column(
            "is_complete", "", "boolean", "Every planned set was done.", lambda k: k.session.is_complete, "true, false"
        ),
        Column(
            "break_off",
            "",
            "text",
            "Why it was broken off; empty: it was not, or nobody said.",
            lambda k: k.session.break_off,
            _choices(BreakOff),
        ),
        Column(
            "program_sha256",
            "",
            "text",
            "Which program, by what it asks for; empty: none.",
            lambda k: (k.session.program.hash or None) if k.session.program else None,
        ),
        Column("planned_sets", "sets", "integer", "Sets of the program; 0: none.", lambda k: len(k.session.planned)),
        Column("pain_before_nprs", "0 to 10", "integer", "Pain before.", lambda k: k.session.pain.before, "0 to 10"),
        Column("pain_after_nprs", "0 to 10", "integer", "Pain after.", lambda k: k.session.pain.after, "0 to 10"),
        Column(
            "app_version",
            "",
            "text",
            "Version of FormCheck that judged it.",
            lambda k: (k.session.provenance.app or None) if k.session.provenance else None,
        ),
        Column(
            "models_sha256",
            "",
            "text",
            "SHA-256 of each model, as `name=hash`, parted by `;`.",
            lambda k: (paired(k.session.provenance.models) or None) if k.session.provenance else None,
        ),
        Column("camera_width_px", "pixels", "integer", "Width of the pictures.", _camera("width")),
        Column("camera_height_px", "pixels", "integer", "Height of the pictures.", _camera("height")),
        Column("camera_fps", "1/s", "number", "Pictures a second of the camera.", _camera("fps")),
        Column(
            "is_mirrored",
            "",
            "boolean",
            "Pictures were swapped left to right before they were judged.",
            _camera("mirrored"),
            "true, false",
        ),
        Column("amendments", "amendments", "integer", "How many corrections were made.", lambda k: len(k.amended)),
        Column(
            "signed_at",
            "ISO 8601",
            "time",
            "When it was signed last; empty: it is not signed.",
            lambda k: with_offset(s.utc) if (s := _last_signature(k)) else None,
        ),
        Column(
            "signed_by",
            "",
            "text",
            "Role of whoever signed it last.",
            lambda k: s.by if (s := _last_signature(k)) else None,
        ),
        Column("has_poses", "", "boolean", "The pose streams were kept too.", lambda k: k.has_poses, "true, false"),
    ),
    lambda kept: (kept,),
)

SETS = Table[OneSet](
    "sets",
    (
        Column("session_id", "", "text", "The session that it belongs to.", lambda i: i.kept.session.session_id),
        Column("person", "", "text", "Pseudonym, as in `sessions`.", lambda i: i.kept.person),
        Column("set_id", "", "text", "The set (UUID).", lambda i: i.set.set_id),
        Column("position", "", "integer", "Its place in the session, from 1.", lambda i: i.position),
        Column("exercise", "", "text", "Name of the exercise.", lambda i: i.set.exercise),
        Column("set_number", "", "integer", "Which set of this exercise, from 1.", lambda i: i.set.set),
        Column("side_asked", "", "text", "The side that was asked for.", lambda i: i.set.side, "left, right"),
        Column(
            "outcome",
            "",
            "text",
            "How it ended. Leave out `restarted`: it was thrown away and begun anew.",
            lambda i: i.set.outcome,
            _choices(Outcome),
        ),
        Column("why", "", "text", '`pain` where it was ended by "it hurts".', lambda i: i.set.why, _choices(BreakOff)),
        Column("started_at", "ISO 8601", "time", "When it began.", lambda i: with_offset(i.set.started_utc)),
        Column("length_s", "s", "number", "From its beginning to the last thing in it.", lambda i: i.set.length_s),
        Column(
            "target_reps",
            "repetitions",
            "integer",
            "Asked for, of all sides; empty: no plan.",
            lambda i: i.set.target_reps,
        ),
        Column(
            "target_hold_s",
            "s",
            "number",
            "How long each was to be held; empty: nothing is held.",
            lambda i: i.set.target_hold_s,
        ),
        Column("reps", "repetitions", "integer", "Those that count.", lambda i: len(i.set.reps)),
        Column("clean_reps", "repetitions", "integer", "Judged, without a fault.", lambda i: i.set.clean_reps),
        Column("faulty_reps", "repetitions", "integer", "With a fault.", lambda i: i.set.faulty_reps),
        Column(
            "not_judged_reps",
            "repetitions",
            "integer",
            "Too little was seen to say either.",
            lambda i: i.set.not_judged_reps,
        ),
        Column(
            "added_reps",
            "repetitions",
            "integer",
            "Of those that count: not counted by the coach and added by somebody.",
            lambda i: sum(rep.is_added for rep in i.set.reps),
        ),
        Column(
            "taken_back_reps",
            "repetitions",
            "integer",
            "Counted by the coach and taken back by somebody.",
            lambda i: len(i.set.taken_back),
        ),
        Column(
            "attempts", "movements", "integer", "Movements that began and did not count.", lambda i: len(i.set.attempts)
        ),
        Column(
            "hold_total_s", "s", "number", "Good holds of the repetitions that count.", lambda i: i.set.hold_total_s
        ),
        Column(
            "fault_reps",
            "repetitions",
            "text",
            "In how many repetitions each fault was seen, as `name=count`, parted by `;`; empty: in none.",
            lambda i: paired(i.set.faults),
        ),
        Column(
            "measured",
            "",
            "text",
            "What a run measured: JSON, title and text.",
            lambda i: as_json(i.set.measured),
        ),
        Column(
            "effort_cr10",
            "0 to 10",
            "integer",
            "How hard the exercise was in this session, the same for all of its sets.",
            lambda i: i.kept.session.effort.get(i.set.exercise),
            "0 to 10",
        ),
        *(
            Column[OneSet](
                f"judged_share_{part}",
                "share",
                "number",
                f"How well the {part} could be judged; empty: no fault needs it, or nothing was counted.",
                lambda i, part=part: i.set.judged_share.get(part),  # type: ignore[misc]
                "0 to 1",
            )
            for part in JUDGED_PARTS
        ),
        Column(
            "unseen_s", "s", "number", "For how long some part was not seen.", lambda i: seconds_of(i.set.unseen_spans)
        ),
        Column("unseen_parts", "", "text", "Which parts, parted by `;`; empty: none.", lambda i: listed(i.set.unseen)),
        Column("side_on_deg", "deg", "number", "How far the view was off side-on.", lambda i: i.set.side_on_deg),
        Column(
            "judged_fps",
            "1/s",
            "number",
            "Pictures a second by which it was judged, median.",
            lambda i: _number(i.set.rate.get("median_fps")),
        ),
        Column(
            "times_doubt",
            "",
            "text",
            "Why the pictures' times are not those of the movement; empty: nothing says so.",
            lambda i: _text(i.set.rate.get("times_doubt")),
            "slow-motion, sped-up, told",
        ),
        Column(
            "settings",
            "",
            "text",
            "Thresholds of the exercise that differed from the defaults, as JSON; units are in their names.",
            _settings_of,
        ),
        Column(
            "settings_changed",
            "",
            "text",
            "Thresholds, and repetitions asked for (`reps`), that were changed in the set: JSON, the last values.",
            lambda i: as_json({name: value for change in i.changes for name, value in change.now.items()}),
        ),
        Column(
            "settings_changed_by",
            "",
            "text",
            "Roles of those who changed them, in order, parted by `;`; `formcheck`: the coach itself.",
            lambda i: listed(dict.fromkeys(change.by for change in i.changes)),
        ),
        Column(
            "settings_changed_at",
            "ISO 8601",
            "time",
            "When they were changed last.",
            lambda i: max((when for change in i.changes if (when := with_offset(change.utc))), default=None),
        ),
        Column(
            "settings_changed_why",
            "",
            "text",
            "Why, as typed, parted by `;`. Only with `--with-notes`.",
            lambda i: listed(change.why for change in i.changes if change.why),
            is_typed_by_people=True,
        ),
    ),
    _sets,
)

REPETITIONS = Table[OneRep](
    "repetitions",
    (
        Column("session_id", "", "text", "The session that it belongs to.", lambda i: i.kept.session.session_id),
        Column("person", "", "text", "Pseudonym, as in `sessions`.", lambda i: i.kept.person),
        Column("set_id", "", "text", "The set that it belongs to.", lambda i: i.set.set_id),
        Column("exercise", "", "text", "Name of the exercise.", lambda i: i.set.exercise),
        Column(
            "rep",
            "",
            "integer",
            "Its number among those that the coach counted, from 1; below 0: added.",
            lambda i: i.rep.index,
        ),
        Column(
            "is_added",
            "",
            "boolean",
            "True: the coach has not counted it and somebody added it; nothing was measured of it.",
            lambda i: i.rep.is_added,
            "true, false",
        ),
        Column(
            "is_counted",
            "",
            "boolean",
            "False: the coach counted it and somebody took it back.",
            lambda i: i.is_counted,
            "true, false",
        ),
        Column(
            "side",
            "",
            "text",
            "The side that moved, as now held; empty: none, or not clear.",
            lambda i: i.rep.side,
            "left, right",
        ),
        Column("verdict", "", "text", "As now held.", lambda i: i.rep.verdict, _choices(Verdict)),
        Column("faults", "", "text", "As now held, parted by `;`; empty: none.", lambda i: listed(i.rep.faults)),
        Column("coach_side", "", "text", "As the coach told it.", lambda i: _told(i, "side"), "left, right"),
        Column("coach_verdict", "", "text", "As the coach told it.", lambda i: _told(i, "verdict"), _choices(Verdict)),
        Column(
            "coach_faults",
            "",
            "text",
            "As the coach told them, parted by `;`; empty: none.",
            lambda i: listed(_told(i, "faults") or ()),
        ),
        Column(
            "is_amended",
            "",
            "boolean",
            "Now held to be something else than the coach told.",
            lambda i: i.rep.told is not None or not i.is_counted or i.rep.is_added,
            "true, false",
        ),
        Column(
            "amended_by",
            "",
            "text",
            f"Roles of those who amended it, in order, parted by `;`; `{COACH}`: the coach itself.",
            lambda i: listed(dict.fromkeys(a.by or COACH for a in i.amendments)),
        ),
        Column(
            "amended_at",
            "ISO 8601",
            "time",
            "When it was amended last.",
            lambda i: max((w for a in i.amendments if (w := with_offset(a.utc))), default=None),
        ),
        Column(
            "amended_why",
            "",
            "text",
            "Why, as typed, parted by `;`. Only with `--with-notes`.",
            lambda i: listed(a.why for a in i.amendments if a.why),
            is_typed_by_people=True,
        ),
        Column(
            "not_judged",
            "",
            "text",
            "Parts that could not be judged, parted by `;`, empty: none; `rate`, `times`: pictures' times forbid it.",
            lambda i: listed(i.rep.not_judged),
        ),
        Column(
            "judged_share",
            "share",
            "text",
            "By fault the share of the time in which it matters that could be judged, as `name=share`, parted by `;`.",
            lambda i: paired(i.rep.judged),
            "0 to 1",
        ),
        Column("start_s", "s", "number", "When it left the start, from the set's beginning.", lambda i: i.rep.start_s),
        Column("peak_s", "s", "number", "When it was furthest.", lambda i: i.rep.peak_s),
        Column("end_s", "s", "number", "When it was back.", lambda i: i.rep.end_s),
        Column("out_s", "s", "number", "How long the way out took.", lambda i: i.rep.out_s),
        Column("hold_s", "s", "number", "Its good hold.", lambda i: i.rep.hold_s),
        Column("reach_share", "share", "number", "Furthest reach; 1 = the range that counts.", lambda i: i.rep.reach),
        Column(
            "back_change_tl",
            "torso lengths",
            "number",
            "Largest change of the hollow of the low back; positive = more arched.",
            lambda i: i.rep.back_t,
        ),
        Column(
            "back_change_deg",
            "deg",
            "number",
            "Largest bend of the low back against the own start; positive = extended.",
            lambda i: i.rep.back_deg,
        ),
        Column("back_change_sd_deg", "deg", "number", "Standard deviation of that bend.", lambda i: i.rep.back_sd_deg),
    ),
    _reps,
)

TABLES: tuple[Table[Any], ...] = (SESSIONS, SETS, REPETITIONS)
CODEBOOK_COLUMNS = ("table", "column", "unit", "type", "meaning", "values")


def codebook_rows(is_with_notes: bool = False) -> Iterator[tuple[str, ...]]:
    """The codebook, a row a column, as `CODEBOOK_COLUMNS`."""
    for table in TABLES:
        for column in table.shown(is_with_notes):
            yield table.name, column.name, column.unit, column.kind, column.meaning, column.values


def codebook_markdown() -> str:
    """The codebook for the handbook: a table of columns for each table."""
    lines: list[str] = []
    for table in TABLES:
        lines += [f"### {table.name}", "", "| column | unit | type | meaning | values |", "|---|---|---|---|---|"]
        lines += [f"| `{c.name}` | {c.unit} | {c.kind} | {c.meaning} | {c.values} |" for c in table.columns]
        lines.append("")
    return "\n".join(lines)
