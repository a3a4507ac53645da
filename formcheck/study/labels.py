"""Labels out of the store: what clinicians have said of repetitions that the coach had judged. Pure.

A label is one of two things:

- *said*: somebody corrected the repetition. "This was fine" says no to each fault, "can't be judged" says of each
  that it can't be told, a fault that was added or taken away says so of that one alone. Whoever puts their own
  correction back to what the coach told, or says that the repetition does not count, has said nothing of its faults.
- *signed*: somebody signed the session. Of all that they have not said themselves they have left what stood there.

A repetition that somebody added has no label: the coach said nothing of it. It counts among the repetitions, once it
was signed. A repetition of a session that nobody signed, and that nobody has corrected, has no label: nobody may have
looked.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, cast

from formcheck.core.rules.events import Verdict
from formcheck.export.fhir.summary import JUDGED_SHARE_MIN
from formcheck.export.tables import harmless
from formcheck.session.document import Amended, Kept, Rep, SetDocument, Signature
from formcheck.study.answers import ANY, Answer

How = Literal["said", "signed"]
OF_VERDICT: Mapping[Verdict, Answer] = {"faulty": "yes", "clean": "no", "not-judged": "unsure"}
COLUMNS = ("person", "session_id", "set_id", "exercise", "repetition", "fault", "coach", "rater", "label", "how", "utc")


@dataclass(frozen=True, slots=True)
class Label:
    """What one person holds of one fault in one repetition, beside what the coach told."""

    person: str
    """Pseudonym of the patient; the session's id where nobody was named."""
    session_id: str
    set_id: str
    exercise: str
    rep: int
    fault: str
    """Its name, or `any-fault`."""
    coach: Answer
    rater: str
    """Role and account's id, never a name."""
    answer: Answer
    how: How
    utc: datetime | None


@dataclass(frozen=True, slots=True)
class Counted:
    """Repetitions of a set that was signed: as the coach counted, and as they stood when it was signed."""

    person: str
    set_id: str
    exercise: str
    rater: str
    coach: int
    rater_count: int


@dataclass(slots=True)
class _State:
    """A repetition while its history is read."""

    coach: dict[str, Answer]
    told: tuple[Verdict, frozenset[str]]
    """Verdict and faults as the coach told them first: what `as-told` puts back."""
    held: dict[str, Answer]
    """As it is held to be by now."""
    is_counted: bool = True
    by: dict[str, dict[str, tuple[Answer, How, datetime | None]]] = field(default_factory=dict)
    """By rater and fault."""


def labels_of(kept: Kept) -> list[Label]:
    """All labels of a session; none while it goes on."""
    return [label for one in kept.session.shown_sets for rep in _all(one) for label in _of_rep(kept, one, rep)]


def counts_of(kept: Kept) -> list[Counted]:
    """The counts of a session's sets, for each who has signed it."""
    return [
        Counted(_person(kept), one.set_id, one.exercise, sign.by, len(_all(one)), sum(_stood(kept, one, sign)))
        for one in kept.session.shown_sets
        for sign in _last_of_each(kept.signatures)
        if one.reps or one.taken_back
    ]


def _last_of_each(signatures: Iterable[Signature]) -> Iterable[Signature]:
    return {sign.by: sign for sign in signatures}.values()


def _stood(kept: Kept, one: SetDocument, sign: Signature) -> Iterator[bool]:
    """For each repetition whether it counted when it was signed."""
    for rep in (*one.reps, *one.taken_back):
        is_counted = not rep.is_added
        for each in _history(kept, one, rep):
            if isinstance(each, Amended) and each.kind in ("RepAdded", "RepAmended") and _at(each) <= sign.utc:
                is_counted = bool(_now(each)["is_counted"])
        yield is_counted


def _all(one: SetDocument) -> tuple[Rep, ...]:
    """Every repetition that the coach counted."""
    return tuple(rep for rep in (*one.reps, *one.taken_back) if not rep.is_added)


def _person(kept: Kept) -> str:
    return kept.person or kept.session.session_id


def _of_rep(kept: Kept, one: SetDocument, rep: Rep) -> Iterator[Label]:
    coach = coach_answers(kept, one, rep)
    told = rep.told or rep
    state = _State(coach, (told.verdict, frozenset(told.faults)), dict(coach))
    for each in _history(kept, one, rep):
        if isinstance(each, Signature):
            _signed(state, each)
        else:
            _said(state, each)
    for rater, found in state.by.items():
        for fault, (answer, how, utc) in found.items():
            yield Label(
                _person(kept), kept.session.session_id, one.set_id, one.exercise, rep.index, fault,
                coach.get(fault, "unsure"), rater, answer, how, utc,
            )  # fmt: skip


def coach_answers(kept: Kept, one: SetDocument, rep: Rep) -> dict[str, Answer]:
    """What the coach told of each fault that it looked for, and of any fault: its last word, before any person's."""
    withdrawn = {
        name
        for each in kept.amended
        if each.kind == "BackWithdrawn" and each.set_id == one.set_id
        for name in cast("Sequence[str]", each.was)
        if rep.judged.get(name) == 0.0
    }
    told = rep.told or rep
    faults = set(told.faults) - withdrawn
    verdict: Verdict = "faulty" if faults else "not-judged" if withdrawn else told.verdict
    least = _least(kept, one)
    found: dict[str, Answer] = {name: "unsure" if share < least else "no" for name, share in rep.judged.items()}
    return found | dict.fromkeys(sorted(faults), "yes") | {ANY: OF_VERDICT[verdict]}


def _least(kept: Kept, one: SetDocument) -> float:
    """The share of time for which a fault must have been judged."""
    origin = kept.session.provenance
    given = origin.settings.get(one.exercise, {}).get("judged_share_min") if origin else None
    return float(given) if isinstance(given, (int, float)) else JUDGED_SHARE_MIN


def _history(kept: Kept, one: SetDocument, rep: Rep) -> list[Amended | Signature]:
    """What people did to a repetition, in order."""
    mine = [a for a in kept.amended if a.by and (a.set_id, a.rep) == (one.set_id, rep.index)]
    happened: list[Amended | Signature] = [*mine, *kept.signatures]
    return sorted(happened, key=_at)


def _at(each: Amended | Signature) -> datetime:
    return each.utc or datetime.min.replace(tzinfo=UTC)


def _now(each: Amended) -> dict[str, Any]:
    return cast("dict[str, Any]", each.now)


def _said(state: _State, each: Amended) -> None:
    """One correction."""
    own = state.by.get(each.by, {})
    answers = _answers(state, each)
    state.held |= answers
    is_put_back = _is_as_told(state, each)
    if is_put_back:
        state.held = dict(state.coach)
    if not state.is_counted or (is_put_back and any(how == "said" for _, how, _ in own.values())):
        state.by.pop(each.by, None)
    else:
        state.by[each.by] = own | {fault: (answer, "said", each.utc) for fault, answer in answers.items()}


def _is_as_told(state: _State, each: Amended) -> bool:
    if each.kind == "FaultAmended":
        return {f for f, a in state.held.items() if a == "yes"} == {f for f, a in state.coach.items() if a == "yes"}
    now = _now(each)
    return bool(now["is_counted"]) and (now["verdict"], frozenset(now["faults"])) == state.told


def _answers(state: _State, each: Amended) -> dict[str, Answer]:
    """What a correction says of which fault; notes whether the repetition counts then."""
    if each.kind == "FaultAmended":
        one: dict[str, Answer] = {each.fault: "yes" if each.now else "no"}
        return one | _any(state.held | one)
    was, now = cast("dict[str, Any]", each.was), _now(each)
    state.is_counted = bool(now["is_counted"])
    verdict: Verdict = now["verdict"]
    if not state.is_counted:
        return {}
    if verdict != "faulty":
        return dict.fromkeys(state.held, OF_VERDICT[verdict])
    added, gone = set(now["faults"]) - set(was["faults"]), set(was["faults"]) - set(now["faults"])
    seen: dict[str, Answer] = dict.fromkeys([*sorted(added), ANY], "yes")
    none: dict[str, Answer] = dict.fromkeys(sorted(gone), "no")
    return seen | none


def _any(held: Mapping[str, Answer]) -> dict[str, Answer]:
    """Whether there is any fault at all."""
    answers = {answer for fault, answer in held.items() if fault != ANY}
    return {ANY: "yes" if "yes" in answers else "unsure" if "unsure" in answers else "no"}


def _signed(state: _State, sign: Signature) -> None:
    """A signature: what was not said is left as it stands."""
    if state.is_counted:
        how: How = "signed"
        left = {fault: (answer, how, sign.utc) for fault, answer in state.held.items()}
        said = {fault: each for fault, each in state.by.get(sign.by, {}).items() if each[1] == "said"}
        state.by[sign.by] = left | said


def as_csv(labels: Iterable[Label]) -> bytes:
    """The labels as CSV: UTF-8, CRLF; pseudonyms and ids only, no cell that a spreadsheet takes for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in labels:
        row = (
            one.person, one.session_id, one.set_id, one.exercise, str(one.rep), one.fault, one.coach, one.rater,
            one.answer, one.how, one.utc.isoformat() if one.utc else "",
        )  # fmt: skip
        writer.writerow([harmless(cell) for cell in row])
    return text.getvalue().encode("utf-8", "replace")
