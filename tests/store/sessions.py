"""Sessions that are written to stores in tests: those of `tests.kept`, entry by entry as they happen."""

from __future__ import annotations

from datetime import timedelta

from formcheck.core.rules.events import AttemptEnded, RepCompleted
from formcheck.session import wire
from formcheck.store import SessionRow, StoredEntry
from tests import kept

STATION = "00000000-0000-7000-a000-000000000001"


def batches(session):
    """The entries of a session in the batches in which they are committed: one for each repetition."""
    yield [wire.session_entry(session)]
    for one in session.sets:
        yield [wire.set_entry(one)]
        waiting = []
        for event in one.events:
            waiting.append(event)
            if isinstance(event, (RepCompleted, AttemptEnded)):
                yield [wire.events_entry(one.set_id, waiting, session.started_utc)]
                waiting = []
        yield [*([wire.events_entry(one.set_id, waiting, session.started_utc)] if waiting else []),
               wire.set_end_entry(one, session.started_utc)]  # fmt: skip
    yield [wire.answers_entry(session), wire.provenance_entry(session.provenance), wire.end_entry(session.ended_utc)]


def write(store, session, person=None, parts=None):
    """Write a session, or the first parts of it; returns how many entries."""
    row, n = SessionRow(session.session_id, STATION, session.started_utc, person), 0
    for batch in list(batches(session))[:parts]:
        store.append(row, [StoredEntry(session.session_id, STATION, n + i, entry) for i, entry in enumerate(batch)])
        n += len(batch)
    return n


def written(store, number=0, person=None, days=0, names=("dead-bug",)):
    """A session of that number, written; it began so many days after the first Monday."""
    session = kept.session_record(names, kept.BEGAN + timedelta(days=days), number)
    session.pain_before, session.pain_after = 3, 2
    write(store, session, person)
    return session
