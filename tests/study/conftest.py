"""A store with sessions of recorded movement that people correct and sign."""

from __future__ import annotations

import pytest

from formcheck.core.rules.events import FaultAmended, RepAmended, RepState
from formcheck.desk.correcting import addition
from formcheck.store import Identity, Store, create_store, open_store
from tests.store.sessions import written

ANN, BEN = "clinician 0000000a", "clinician 0000000b"
WORKED = ("dead-bug", "bird-dog", "glute-bridge")


class Clinic:
    """Sessions, and who says what of them."""

    def __init__(self, folder):
        self.where, self.n = str(folder / "clinic.db"), 0
        create_store(self.where, "none").close()

    def session(self, names=WORKED, person=None):
        self.n += 1
        with open_store(self.where) as store:
            return written(store, self.n, person, days=self.n, names=names).session_id

    def person(self):
        with open_store(self.where) as store:
            return store.add_person(Identity())

    def kept(self, session_id):
        with open_store(self.where) as store:
            return store.one(session_id)

    def say(self, session_id, at, index, verdict, faults=(), by=ANN, is_counted=True):
        """Somebody holds repetition `index` of the set at this place to be something else."""
        with open_store(self.where) as opened:
            store = Store(opened.database, opened.installed, by)
            record = store.record(session_id).sets[at]
            line = next(each for each in record.all_reps if each.index == index)
            was = RepState(line.is_counted, line.verdict, line.side, line.faults)
            now = RepState(is_counted, verdict, line.side, tuple(faults))
            store.amend(session_id, record.set_id, [RepAmended(9.0, line.seq, index, was, now, by, "why")])

    def add(self, session_id, at, by=ANN):
        """Somebody adds a repetition that the coach has not counted. Returns its index."""
        with open_store(self.where) as opened:
            store = Store(opened.database, opened.installed, by)
            record = store.record(session_id).sets[at]
            event = addition(record, "clean", "left", by, "it was small")
            store.amend(session_id, record.set_id, [event])
            return event.index

    def say_fault(self, session_id, at, index, fault, is_so, by=ANN):
        with open_store(self.where) as opened:
            store = Store(opened.database, opened.installed, by)
            record = store.record(session_id).sets[at]
            event = FaultAmended(9.0, -1, fault, index, not is_so, is_so, by, "why")
            store.amend(session_id, record.set_id, [event])

    def sign(self, session_id, by=ANN):
        with open_store(self.where) as store:
            store.sign(session_id, by)


@pytest.fixture
def clinic(tmp_path):
    return Clinic(tmp_path)
