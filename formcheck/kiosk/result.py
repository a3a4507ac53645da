"""What somebody takes along of a visit: the session in a few lines, without a name. It counts nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from formcheck.app.report import OUTCOMES, report_of
from formcheck.core.rules.exercise import Exercise
from formcheck.core.text import COMMAS, counted, listed, marked, phrase
from formcheck.kiosk.desk import MY_PROGRAM
from formcheck.screen.words import NOTHING
from formcheck.session.program import shipped_programs
from formcheck.session.record import Counts, SetRecord
from formcheck.session.registry import Registry
from formcheck.session.session_record import SessionRecord

PRODUCT = "FormCheck"
NOT_BEGUN = marked("not done")
BRIEF_KEY = marked("Done / asked: clean, with a fault, not judged")
"""What the four numbers of a brief line are."""
CLOSING = marked("A camera's count, to practise with. It is no diagnosis.")
"""The last line of whatever is taken along."""


@dataclass(frozen=True, slots=True)
class Row:
    """One exercise, all its sets together."""

    title: str
    counts: Counts
    asked: int
    """Repetitions; 0 where no number was asked for."""
    held_s: float = 0.0
    measured: tuple[tuple[str, str], ...] = ()
    """What was measured instead of repetitions."""
    ended: str = ""
    """How it ended, where that is worth a word."""

    @property
    def text(self) -> str:
        """In words, e.g. "Dead bug: 10 of 12, 7 clean, 2 with a fault, 1 not judged"."""
        return phrase("{title}: {text}", title=self.title, text=listed(self._parts(), COMMAS, COMMAS))

    @property
    def brief(self) -> str:
        """In numbers (`BRIEF_KEY`), e.g. "Dead bug 10/12: 7, 2, 1"."""
        if self.measured or not (self.asked or self.counts.reps):
            return self.text
        counts, done = self.counts, str(self.counts.reps)
        return phrase(
            "{title} {amount}: {clean}, {faulty}, {unjudged}",
            title=self.title, amount=f"{done}/{self.asked}" if self.asked else done,
            clean=counts.clean, faulty=counts.faulty, unjudged=counts.not_judged,
        )  # fmt: skip

    def _parts(self) -> list[str]:
        counts = self.counts
        parts: list[str] = [phrase("{what} {much}", what=what, much=much) for what, much in self.measured]
        if not parts and self.asked:
            parts.append(phrase("{n} of {m}", n=counts.reps, m=self.asked))
        elif not parts and counts.reps:
            parts.append(counted(counts.reps, "once", "{n} times"))
        verdicts = (
            counted(counts.clean, "{n} clean", "{n} clean"),
            counted(counts.faulty, "{n} with a fault", "{n} with a fault"),
            counted(counts.not_judged, "{n} not judged", "{n} not judged"),
        )
        parts += [text for text in verdicts if text.number]
        parts += [phrase("held {n} s", n=round(self.held_s))] if self.held_s >= 1 else []
        parts += [self.ended] if self.ended else []
        return parts or [NOTHING]


@dataclass(frozen=True, slots=True)
class Result:
    """All of it. No name, no pseudonym, nothing that a person typed."""

    title: str
    began: datetime
    """At the kiosk's place, as `ended`."""
    ended: datetime
    rows: tuple[Row, ...]
    headline: str = ""
    """What the one thing to work on is about; empty where there is none, or it hurt."""
    advice: str = ""
    """What to do about it."""
    warning: str = ""
    """What to do about pain; it stands in place of the two."""
    pain: str = ""
    """Before and after, where it was said."""

    @property
    def heading(self) -> str:
        """The product and what was done."""
        return phrase("FormCheck: {title}", title=self.title)

    @property
    def day(self) -> str:
        """The date, ISO 8601: the same in every language."""
        return self.ended.date().isoformat()


def no_room(count: int) -> str:
    """The line in place of exercises that were left out."""
    return counted(count, "{n} more exercise had no room here.", "{n} more exercises had no room here.")


def result_of(session: SessionRecord, ended: datetime, registry: Registry) -> Result:
    """The result of a session.

    Args:
        session: what was done.
        ended: when it ended, at the place of the kiosk.
        registry: the exercises that are installed.
    """
    exercises = _exercises(session)
    headline = advice = warning = ""
    if exercises:
        view = report_of(session, exercises, "")
        headline, advice, warning = view.headline, view.advice, view.warning
    return Result(
        title=_title(session, exercises, registry),
        began=ended - timedelta(seconds=max(60.0, session.length_s)),
        ended=ended,
        rows=tuple(_row(session, exercise) for exercise in exercises),
        headline="" if warning else headline,
        advice="" if warning else advice,
        warning=warning,
        pain=_pain(session.pain_before, session.pain_after),
    )


def _exercises(session: SessionRecord) -> list[Exercise]:
    """Those that were planned, and those that were done without a plan, in their order."""
    planned = [each.exercise for each in session.program.sets] if session.program else []
    done = [record.exercise for record in session.shown_sets]
    return list({exercise.name: exercise for exercise in (*planned, *done)}.values())


def _title(session: SessionRecord, exercises: list[Exercise], registry: Registry) -> str:
    """A shipped program's title; that of one's own may hold a name."""
    if session.program is not None:
        shipped = shipped_programs(registry).get(session.program.hash)
        return shipped.title if shipped is not None else MY_PROGRAM
    return exercises[0].title if exercises else MY_PROGRAM


def _row(session: SessionRecord, exercise: Exercise) -> Row:
    records = [record for record in session.shown_sets if record.exercise.name == exercise.name]
    return Row(
        title=exercise.title,
        counts=sum((record.counts for record in records), Counts()),
        asked=0 if exercise.bout is not None else _asked(session, exercise, records),
        held_s=sum(record.hold_total_s for record in records),
        measured=tuple(line for record in records for line in record.lines[:2]),
        ended=next((OUTCOMES[r.outcome] for r in records if r.outcome in OUTCOMES), "" if records else NOT_BEGUN),
    )


def _asked(session: SessionRecord, exercise: Exercise, records: list[SetRecord]) -> int:
    if session.program is not None:
        return sum(each.total_reps for each in session.program.sets if each.exercise.name == exercise.name)
    return sum(record.target_reps or 0 for record in records)


def _pain(before: int | None, after: int | None) -> str:
    if before is not None and after is not None:
        return phrase("Pain, 0 to 10: {before} before, {after} after", before=before, after=after)
    if before is not None:
        return phrase("Pain, 0 to 10: {before} before", before=before)
    return phrase("Pain, 0 to 10: {after} after", after=after) if after is not None else ""
