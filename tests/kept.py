"""Sessions as a store gives them back: recorded pose streams judged by the product, made into documents.

Nothing here is invented but dates, pain, effort and who somebody is: repetitions, faults and what was not seen are
those of the recordings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from formcheck.core.rules.events import RepAmended, RepCompleted, RepState
from formcheck.pipeline.recorded import analyse
from formcheck.session.document import Amended, Kept, SessionDocument, Signature
from formcheck.session.provenance import provenance_of
from formcheck.session.record import SetRecord
from formcheck.session.registry import load_exercises
from formcheck.session.session_record import SessionRecord
from tests.replay import FOLDER

RECORDED = ("dead-bug", "bird-dog", "glute-bridge")
PERSON = "0123456789abcdef0123456789abcdef"
BEGAN = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)
"""A Monday."""


@cache
def judged(name: str) -> SetRecord:
    """The set of a recorded stream of `tests/recordings`, judged."""
    return analyse(str(FOLDER / f"{name}.npz"), load_exercises().get(name)).findings.record


def session_record(names: Sequence[str] = RECORDED, began: datetime = BEGAN, number: int = 0) -> SessionRecord:
    """A session of these sets, one after the other, that began then."""
    session = SessionRecord.begin(f"00000000-0000-7000-8000-{number:012x}", None)
    session.provenance = provenance_of({}, source={"width": 1280, "height": 720, "fps": 30.0})
    for i, name in enumerate(names):
        began_utc = (began + timedelta(minutes=3 * i)).isoformat()
        one = replace(judged(name), set_id=f"00000000-0000-7000-9000-{number:08x}{i:04x}", started_utc=began_utc)
        one.events = list(one.events)
        one.finish("done")
        session.begin_set(one)
    session.end((began + timedelta(minutes=3 * len(names))).isoformat())
    return session


def amend_first(session: SessionRecord, why: str = "seen from the side") -> None:
    """A clinician holds the first faulty repetition of the first set to be clean."""
    one = session.sets[0]
    rep = next(event for event in one.events if isinstance(event, RepCompleted) and event.faults)
    was = RepState(True, rep.verdict, rep.side, rep.faults)
    now = RepState(True, "clean", rep.side, ())
    one.add([RepAmended(one.end_s, of_seq=rep.seq, index=rep.index, was=was, now=now, by="clinician", why=why)])


def kept(
    names: Sequence[str] = RECORDED,
    began: datetime = BEGAN,
    number: int = 0,
    *,
    person: str | None = PERSON,
    pain: tuple[int | None, int | None] = (3, 2),
    effort: int | None = 4,
    is_amended: bool = False,
    is_signed: bool = False,
) -> Kept:
    """A session out of the store."""
    session = session_record(names, began, number)
    session.pain_before, session.pain_after = pain
    session.effort = {name: effort for name in names}
    amended: tuple[Amended, ...] = ()
    if is_amended:
        amend_first(session)
        told = next(event for event in session.sets[0].events if isinstance(event, RepAmended))
        wire = told.wire()
        amended = (
            Amended(
                set_id=session.sets[0].set_id, kind="RepAmended", rep=told.index, was=wire["was"], now=wire["now"],
                by=told.by, why=told.why, utc=began + timedelta(hours=1),
            ),
        )  # fmt: skip
    signatures = (Signature(by="clinician", utc=began + timedelta(hours=2), sha256="ab" * 32),) if is_signed else ()
    return Kept(
        session=SessionDocument.model_validate(session.as_dict()),
        person=person,
        station="laptop",
        state="signed" if is_signed else "ended",
        amended=amended,
        signatures=signatures,
    )
