"""How one exercise went from session to session, each number as it was measured. Pure.

Unlike `progress.py`, which folds weeks for the person who exercises, this is for whoever treats them: a point is a
session. What is not known is None, never 0.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from statistics import fmean, median
from typing import Any

from formcheck.session.document import Kept, SessionDocument, SetDocument
from formcheck.session.progress import done_sets, is_back_judged

SURE = 1.96
"""Standard deviations of a difference beyond which 5 % of all lie, either way."""


@dataclass(frozen=True, slots=True)
class Point:
    """One exercise in one session."""

    session_id: str
    at: datetime | None
    """When the session began; None for a recording."""
    clean: int
    faulty: int
    not_judged: int
    hold_s: float | None
    """Mean of the repetitions of sets in which a hold was asked for."""
    hold_target_s: float | None
    reach: float | None
    """Median of the furthest reaches, share of the range that counts."""
    back_deg: float | None
    """Median of the largest bends of the low back where it was judged, degrees, positive = extended."""
    back_sd_deg: float | None
    """Doubt of a single one of them (median): a misread start errs in all of a session alike."""
    pain_before: int | None
    pain_after: int | None
    effort: int | None
    faults: Mapping[str, int] = field(default_factory=dict)
    """By fault: in how many repetitions."""
    thresholds: Mapping[str, Any] = field(default_factory=dict)
    """Those that differed from the defaults."""
    marks: tuple[str, ...] = ()
    """What was changed since the session before, in words: thresholds and the program."""

    @property
    def reps(self) -> int:
        """All that count."""
        return self.clean + self.faulty + self.not_judged


def least_change_deg(sd_deg: float | None, other_sd_deg: float | None) -> float | None:
    """By how much two bends must differ to be a change at all (95 %); None where a doubt is not known."""
    return None if sd_deg is None or other_sd_deg is None else SURE * math.hypot(sd_deg, other_sd_deg)


def exercises_in(past: Iterable[Kept]) -> dict[str, str]:
    """What was done at all: titles by name, in order of the first time."""
    found: dict[str, str] = {}
    for kept in past:
        for one in done_sets(kept.session):
            found[one.exercise] = one.name
    return found


def history_of(past: Sequence[Kept], exercise: str, versions: Mapping[str, int | None] | None = None) -> list[Point]:
    """One exercise's sessions in the order of `past`.

    Args:
        past: one person's sessions in order of their beginning.
        exercise: its name.
        versions: by session: which version of the patient's program was done; None = another one.
    """
    points: list[Point] = []
    before: tuple[Mapping[str, Any], Any] | None = None
    for kept in past:
        sets = done_sets(kept.session, exercise)
        if not sets:
            continue
        program = _program(kept.session, versions)
        point = _point(kept.session, exercise, sets)
        now = (point.thresholds, program)
        points.append(replace(point, marks=(*_marks(before, now), *_marks_within(sets))))
        before = now
    return points


def _program(session: SessionDocument, versions: Mapping[str, int | None] | None) -> Any:
    """What stands for the program of a session: its version where that is known, else its hash; None without one."""
    if session.program is None:
        return None
    known = (versions or {}).get(session.session_id)
    return known if known is not None else session.program.hash


def _point(session: SessionDocument, exercise: str, sets: Sequence[SetDocument]) -> Point:
    reps = [rep for one in sets for rep in one.reps]
    held = [one for one in sets if one.target_hold_s]
    bends = [rep for one in sets for rep in one.reps if rep.back_deg is not None and is_back_judged(one, rep)]
    names = dict.fromkeys(name for rep in reps for name in rep.faults)
    verdicts = Counter(rep.verdict for rep in reps)
    source = session.provenance
    return Point(
        session.session_id,
        session.began_utc,
        clean=verdicts["clean"],
        faulty=verdicts["faulty"],
        not_judged=verdicts["not-judged"],
        hold_s=_mean(rep.hold_s for one in held for rep in one.reps),
        hold_target_s=held[-1].target_hold_s if held else None,
        reach=_middle(rep.reach for rep in reps),
        back_deg=_middle(rep.back_deg for rep in bends),
        back_sd_deg=_middle(rep.back_sd_deg for rep in bends),
        pain_before=session.pain.before,
        pain_after=session.pain.after,
        effort=session.effort.get(exercise),
        faults={name: sum(name in rep.faults for rep in reps) for name in names},
        thresholds=dict(source.settings.get(exercise, {})) if source is not None else {},
    )


def _marks(before: tuple[Mapping[str, Any], Any] | None, now: tuple[Mapping[str, Any], Any]) -> Iterator[str]:
    """What is another than in the session before."""
    if before is None:
        return
    (was, program_before), (is_now, program_now) = before, now
    for name in sorted({*was, *is_now}):
        if was.get(name) != is_now.get(name):
            yield f"{name}: {_value(was.get(name))} → {_value(is_now.get(name))}"
    if program_before != program_now:
        yield f"Program: {_named(program_before)} → {_named(program_now)}"


def _marks_within(sets: Sequence[SetDocument]) -> Iterator[str]:
    """What was changed while a set went on."""
    for change in (change for one in sets for change in one.settings_changes):
        given = change.get("settings")
        for name, value in given.items() if isinstance(given, dict) else ():
            yield f"{name} → {_value(value)} during a set"


def _value(value: Any) -> str:
    return "default" if value is None else f"{value:g}" if isinstance(value, (int, float)) else str(value)


def _named(program: Any) -> str:
    if program is None:
        return "none"
    return f"version {program}" if isinstance(program, int) else f"another one ({str(program)[:6]})"


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _middle(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(median(known)) if known else None
