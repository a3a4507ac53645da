"""A clinician's word on one repetition: what can be chosen, and the amendment that it makes. Pure."""

from __future__ import annotations

from formcheck.core.body.pose import Side
from formcheck.core.rules.events import RepAdded, RepAmended, RepState, Verdict
from formcheck.core.rules.exercise import Exercise
from formcheck.core.text import marked, phrase
from formcheck.session.fold import RepLine, reps_of
from formcheck.session.record import SetRecord
from formcheck.system.errors import FormcheckError

WORDS: dict[str, str] = marked({
    "clean": "clean",
    "faulty": "with a fault",
    "not-judged": "not judged",
})  # fmt: skip
"""Verdicts."""
CHOICES: dict[str, str] = marked({
    "clean": "This was fine",
    "not-judged": "Can't be judged",
    "no-count": "Does not count",
    "as-told": "As the coach told it",
})  # fmt: skip
"""What can be said of a repetition, beside the exercise's own faults (`fault:NAME`)."""
FAULT = "fault:"
ADDED: dict[str, str] = marked({
    "clean": "fine",
    "not-judged": "can't be judged",
})  # fmt: skip
"""What can be said of a repetition that is added, beside the exercise's own faults (`fault:NAME`)."""
INDEX_MAX = 10_000
NO_SUCH = marked("There is no such repetition, or that can't be said of it.")
NOT_COUNTED = marked("not counted")


class CorrectionError(FormcheckError):
    """A correction that makes no sense."""


def choices_of(exercise: Exercise | None) -> dict[str, str]:
    """What can be said of a repetition of an exercise, in words; its faults only where it is installed here."""
    rules = exercise.all_faults if exercise is not None else ()
    return CHOICES | {
        FAULT + rule.name: phrase("Fault: {fault:lower}", fault=rule.short or rule.name) for rule in rules
    }


def amendment(record: SetRecord, index: int, choice: str, by: str, why: str) -> RepAmended:
    """What is added to the session when somebody says so of a repetition.

    Args:
        record: the set, with its events.
        index: of the repetition, as the coach counted it, from 1.
        choice: a name of `choices_of`.
        by: a role and an id, never a name.
        why: in the clinician's words; may be empty.

    Raises:
        CorrectionError: there is no such repetition or choice, or it is held to be that already.
    """
    line = next((each for each in reps_of(record.events) if each.index == index), None)
    if line is None or choice not in choices_of(record.exercise):
        raise CorrectionError(NO_SUCH)
    was = RepState(line.is_counted, line.verdict, line.side, line.faults)
    now = _now(line, was, choice)
    if now == was:
        raise CorrectionError("That is what it is held to be already.")
    return RepAmended(line.end_s, of_seq=line.seq, index=index, was=was, now=now, by=by, why=why)


def added_choices(exercise: Exercise | None) -> dict[str, str]:
    """What can be said of a repetition that the coach has not counted, in words."""
    rules = exercise.all_faults if exercise is not None else ()
    return ADDED | {FAULT + rule.name: rule.short or rule.name for rule in rules}


def addition(record: SetRecord, choice: str, side: Side | None, by: str, why: str) -> RepAdded:
    """What is added to a set when somebody has seen a repetition that the coach has not counted.

    Args:
        record: the set, with its events.
        choice: a name of `added_choices`.
        side: which side moved, where the exercise has sides and somebody says it.
        by: a role and an id, never a name.
        why: in the clinician's words; may be empty.

    Raises:
        CorrectionError: there is no such choice, or nothing is counted in this exercise.
    """
    if choice not in added_choices(record.exercise) or record.exercise.bout is not None:
        raise CorrectionError("In this exercise no such repetition can be added.")
    faults = (choice.removeprefix(FAULT),) if choice.startswith(FAULT) else ()
    verdict: Verdict = "faulty" if faults else "clean" if choice == "clean" else "not-judged"
    index = min((line.index for line in record.all_reps if line.is_added), default=0) - 1
    return RepAdded(record.end_s, index, RepState(True, verdict, side, faults), by, why)


def _now(line: RepLine, was: RepState, choice: str) -> RepState:
    if choice == "no-count":
        return RepState(False, was.verdict, was.side, was.faults)
    if choice == "as-told" and line.is_added:
        return RepState(False, was.verdict, was.side, was.faults)
    if choice == "as-told":
        return RepState(True, line.original.verdict, line.original.side, line.original.faults)
    if choice.startswith(FAULT):
        faults = tuple(sorted({*was.faults, choice.removeprefix(FAULT)}))
        return RepState(True, "faulty", was.side, faults)
    return RepState(True, "clean" if choice == "clean" else "not-judged", was.side, ())


def coach_told(exercise: Exercise | None, line: RepLine) -> str:
    """What the coach told of a repetition, in words."""
    original = line.original
    return NOT_COUNTED if line.is_added else told(exercise, True, original.verdict, original.faults)


def index_of(text: str) -> int:
    """The index of a repetition as a page gives it: from 1, or below 0 for one that was added.

    Raises:
        CorrectionError: it is none.
    """
    digits = text.removeprefix("-")
    if not digits.isdecimal() or not 1 <= int(digits[:6]) <= INDEX_MAX:
        raise CorrectionError(NO_SUCH)
    return int(text)


def told(exercise: Exercise | None, is_counted: bool, verdict: str, faults: tuple[str, ...]) -> str:
    """What a repetition is, in words."""
    if not is_counted:
        return NOT_COUNTED
    named = {rule.name: rule.short or rule.name for rule in (exercise.all_faults if exercise is not None else ())}
    return ", ".join(named.get(name, name) for name in faults) or WORDS[verdict]
