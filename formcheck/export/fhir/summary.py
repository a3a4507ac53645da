"""What a bundle carries of a session. Numbers are those of the record; None is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import fmean

from formcheck.core.body.pose import Side
from formcheck.export.codebook import seconds_of, with_offset
from formcheck.session.document import Amended, Changed, Kept, Rep, SetDocument, Signature
from formcheck.session.record import BreakOff, Outcome

JUDGED_SHARE_MIN = 0.6
"""Share of the time that must be judged where a session doesn't say that another one held."""


@dataclass(frozen=True, slots=True)
class SetSummary:
    """One set that stands."""

    set_id: str
    exercise: str
    title: str
    number: int
    side: Side | None
    outcome: Outcome
    started: datetime | None
    length_s: float
    target_reps: int | None
    target_hold_s: float | None
    clean: int
    faulty: int
    not_judged: int
    added: int
    """Of those that count: not counted by the coach and added by somebody."""
    taken_back: int
    attempts: int
    hold_total_s: float
    is_reach_measured: bool
    """Whether there was a repetition to measure a reach of."""
    reach: float | None
    """Mean of the furthest reaches, share of the range that counts."""
    is_back_measured: bool
    """Whether there was a repetition and a fault that needs the back."""
    back_deg: float | None
    """The largest bend of the low back, degrees, positive = extended."""
    back_sd_deg: float | None
    judged_share: Mapping[str, float] = field(default_factory=dict)
    faults: Mapping[str, int | None] = field(default_factory=dict)
    """In how many repetitions; None where it could be judged in none."""
    unseen_s: Mapping[str, float] = field(default_factory=dict)
    """By part, for how long it was not seen."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Those that differed from the defaults."""
    measured: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One session."""

    session_id: str
    person: str | None
    started: datetime | None
    ended: datetime | None
    is_open: bool
    is_complete: bool
    break_off: BreakOff | None
    is_hurt: bool
    """Whether it was broken off, or a set was ended, because it hurt."""
    pain_before: int | None
    pain_after: int | None
    effort: Mapping[str, int | None]
    sets: tuple[SetSummary, ...]
    app: str
    models: Mapping[str, str]
    amended: tuple[Amended, ...]
    changed: tuple[Changed, ...]
    signatures: tuple[Signature, ...]


def summary_of(kept: Kept, *, is_with_notes: bool = False) -> SessionSummary:
    """What a bundle says of a session; free text only where it is asked for."""
    session = kept.session
    source = session.provenance
    sets = session.shown_sets
    amended = [one.model_copy(update={"utc": with_offset(one.utc)}) for one in kept.amended]
    changed = [one.model_copy(update={"utc": with_offset(one.utc)}) for one in kept.changed]
    return SessionSummary(
        session_id=session.session_id,
        person=kept.person,
        started=with_offset(session.started_utc),
        ended=with_offset(session.ended_utc),
        is_open=kept.state == "open",
        is_complete=session.is_complete,
        break_off=session.break_off,
        is_hurt=is_hurt(kept),
        pain_before=session.pain.before,
        pain_after=session.pain.after,
        effort=dict(sorted(session.effort.items())),
        sets=tuple(_set_of(kept, one) for one in sets),
        app=source.app if source else "",
        models=dict(sorted(source.models.items())) if source else {},
        amended=tuple(one if is_with_notes else one.model_copy(update={"why": ""}) for one in amended),
        changed=tuple(one if is_with_notes else one.model_copy(update={"why": ""}) for one in changed),
        signatures=tuple(one.model_copy(update={"utc": with_offset(one.utc)}) for one in kept.signatures),
    )


def is_hurt(kept: Kept) -> bool:
    """Whether a session, or a set of it, was ended because it hurt."""
    sets = kept.session.shown_sets
    return kept.session.break_off == "pain" or any(one.outcome == "hurt" or one.why == "pain" for one in sets)


def largest_bend(reps: Iterable[Rep]) -> Rep | None:
    """The repetition with the largest bend of the low back, either way; None where none is known."""
    known = [rep for rep in reps if rep.back_deg is not None]
    return max(known, key=lambda rep: abs(rep.back_deg or 0.0), default=None)


def mean_of(values: Iterable[float | None]) -> float | None:
    """Mean of what is known, to three places; None where nothing is."""
    known = [value for value in values if value is not None]
    return round(fmean(known), 3) if known else None


def _set_of(kept: Kept, one: SetDocument) -> SetSummary:
    largest = largest_bend(one.reps)
    source = kept.session.provenance
    given = source.settings.get(one.exercise, {}) if source else {}
    thresholds = {k: float(v) for k, v in sorted(given.items()) if isinstance(v, (int, float))}
    return SetSummary(
        set_id=one.set_id,
        exercise=one.exercise,
        title=one.name,
        number=one.set,
        side=one.side,
        outcome=one.outcome,
        started=with_offset(one.started_utc),
        length_s=one.length_s,
        target_reps=one.target_reps,
        target_hold_s=one.target_hold_s,
        clean=one.clean_reps,
        faulty=one.faulty_reps,
        not_judged=one.not_judged_reps,
        added=sum(rep.is_added for rep in one.reps),
        taken_back=len(one.taken_back),
        attempts=len(one.attempts),
        hold_total_s=one.hold_total_s,
        is_reach_measured=bool(one.reps),
        reach=mean_of(rep.reach for rep in one.reps),
        is_back_measured=bool(one.reps) and "back" in one.judged_share,
        back_deg=largest.back_deg if largest else None,
        back_sd_deg=largest.back_sd_deg if largest else None,
        judged_share=dict(sorted(one.judged_share.items())),
        faults=_faults_of(one, thresholds.get("judged_share_min", JUDGED_SHARE_MIN)),
        unseen_s={
            part: seconds_of(span for span in one.unseen_spans if span.part == part)
            for part in sorted({span.part for span in one.unseen_spans})
        },
        thresholds=thresholds,
        measured=dict(sorted(one.measured.items())),
    )


def _faults_of(one: SetDocument, share_min: float) -> dict[str, int | None]:
    """How often each fault that was looked for was seen; None where no repetition could be judged for it."""
    looked_for = {name for rep in one.reps for name in rep.judged}
    judged = {name for rep in one.reps for name, share in rep.judged.items() if share >= share_min}
    counts: dict[str, int | None] = {name: 0 if name in judged else None for name in looked_for}
    return dict(sorted((counts | one.faults).items()))
