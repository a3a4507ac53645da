"""What stations send becomes sessions of the store: each entry once, on every engine, with two desks at once."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from formcheck.core.rules.events import Armed, RepAdded, RepAmended, RepCompleted, RepState, SettingsChanged
from formcheck.desk import wire
from formcheck.desk.book import Book
from formcheck.desk.hub import Hub, MemoryKeys
from formcheck.desk.identity import Address, Identity
from formcheck.desk.keeping import StoreKeeper
from formcheck.desk.link import Link
from formcheck.desk.records import Records
from formcheck.desk.station import DeskScribe
from formcheck.session.registry import load_exercises
from formcheck.session.wire import Entry, events_entry
from formcheck.store import SessionRow, StoredEntry, StoreError
from formcheck.store.upkeep import verify
from tests.desk.running import PAUSES_S, Cable, Desk, paired, until
from tests.kept import RECORDED, session_record
from tests.store.sessions import batches

STATION, OTHER = "ab" * 8, "cd" * 8
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


class Office:
    """A desk's end of a store: what keeps what stations send."""

    def __init__(self, site, folder):
        self.book = Book(folder / "desk.db")
        self.records = Records(site.open, self.book)
        self.keeper = StoreKeeper(self.records, self.book, load_exercises().exercises, lambda: NOW)

    def close(self):
        self.records.close()
        self.book.close()


@pytest.fixture
def offices(site, tmp_path):
    site.create().close()
    opened = [Office(site, tmp_path / name) for name in ("one", "two")]
    yield opened
    for each in opened:
        each.close()


@pytest.fixture
def keeper(offices):
    return offices[0].keeper


def done(names=RECORDED, number=1):
    """A session whose events know their sets, as those of a station do."""
    session = session_record(names, number=number)
    for one in session.sets:
        one.events = [replace(event, set_id=one.set_id) for event in one.events]
    return session


def told(session, **first):
    """A session as a station sends it."""
    entries = [entry for batch in batches(session) for entry in batch]
    entries[0] = replace(entries[0], utc=session.started_utc)
    return [said(session.session_id, i, entry, **(first if i == 0 else {})) for i, entry in enumerate(entries)]


def said(session_id, i, entry, **about):
    return wire.EntrySaid(
        k=i, session_id=session_id, i=i, kind=entry.kind, set_id=entry.set_id, utc=entry.utc, body=dict(entry.body),
        **about,
    )  # fmt: skip


def kept(site):
    with site.open() as store:
        return store.kept()


def entries(site, session_id):
    with site.open() as store:
        row, found = store.stored(session_id)
    return row, found


def test_what_a_station_sends_is_the_session_that_a_diary_would_have_written(site, keeper):
    session = done()
    assert all(keeper.keep(STATION, each) for each in told(session))
    (found,) = kept(site)
    assert found.state == "ended"
    assert (found.person, found.station) == (None, STATION)
    expected = {**session.as_dict(), "started_utc": session.started_utc}
    with site.open() as store:
        assert store.record(session.session_id).as_dict() == expected
        assert verify(store).is_sound


def test_what_was_changed_by_hand_is_told_with_who_and_why(site, keeper):
    session = done(["dead-bug"])
    one = session.sets[0]
    changed = SettingsChanged(one.end_s, {"reps": 8.0}, "clinician 1", "tired", {"reps": 12.0}, set_id=one.set_id)
    added = RepAdded(one.end_s, -1, RepState(True, "clean", None, ()), "clinician 1", "seen", set_id=one.set_id)
    one.add([changed, added])
    for each in told(session):
        keeper.keep(STATION, each)
    (found,) = kept(site)
    (change,) = found.changed
    assert (change.set_id, change.was, change.now) == (one.set_id, {"reps": 12.0}, {"reps": 8.0})
    assert (change.by, change.why) == ("clinician 1", "tired")
    assert [(each.kind, each.rep, each.was) for each in found.amended] == [("RepAdded", -1, None)]


def test_what_comes_again_is_written_once_also_after_the_desk_was_started_anew(site, offices, tmp_path):
    session = done()
    all_of_it = told(session)
    for each in all_of_it[:7]:
        offices[0].keeper.keep(STATION, each)
    fresh = Office(site, tmp_path / "fresh")
    assert [fresh.keeper.keep(STATION, each) for each in all_of_it] == [False] * 7 + [True] * (len(all_of_it) - 7)
    fresh.close()
    _, found = entries(site, session.session_id)
    assert [each.n for each in found] == list(range(len(all_of_it)))


def test_two_desks_that_a_station_changes_between_write_each_entry_once(site, offices):
    session = done()
    all_of_it = told(session)
    for at, each in enumerate(all_of_it):
        offices[at // 3 % 2].keeper.keep(STATION, each)
        if at % 4 == 0:
            assert not offices[at // 3 % 2].keeper.keep(STATION, each)
    _, found = entries(site, session.session_id)
    assert [each.n for each in found] == list(range(len(all_of_it)))
    with site.open() as store:
        assert store.record(session.session_id).counts == session.counts


def test_a_session_is_whose_ticket_it_was_or_whom_the_desk_has_said(site, offices):
    keeper = offices[0].keeper
    with site.open() as store:
        ann, bo = store.add_person(), store.add_person()
    for number, person in ((1, ann), (2, "f" * 32)):
        for each in told(done(["dead-bug"], number=number), person=person)[:2]:
            keeper.keep(STATION, each)
    by_ticket, unknown = (done(number=n).session_id for n in (1, 2))
    before = done(["dead-bug"], number=3)
    keeper.await_for(STATION, bo, "clinician 1")
    keeper.keep(STATION, told(before, person=ann)[0])
    assert {each.session.session_id: each.person for each in kept(site)} == {
        by_ticket: ann, unknown: None, before.session_id: bo,
    }  # fmt: skip
    assert keeper.person(STATION, unknown) is None
    keeper.assign(unknown, bo, "clinician 1")
    assert keeper.person(STATION, unknown) == bo
    assert [each.person for each in kept(site) if each.session.session_id == unknown] == [bo]
    with pytest.raises(StoreError, match="no such person"):
        keeper.assign(unknown, "e" * 32, "clinician 1")
    with pytest.raises(StoreError, match="no such person"):
        keeper.await_for(STATION, "e" * 32, "clinician 1")


def test_a_session_that_is_signed_stays_whose_it_is(site, keeper):
    session = done(["dead-bug"], number=1)
    for each in told(session):
        keeper.keep(STATION, each)
    with site.open() as store:
        person = store.add_person()
        store.sign(session.session_id, "clinician 1")
    with pytest.raises(StoreError, match="signed"):
        keeper.assign(session.session_id, person, "clinician 1")


def test_what_somebody_did_not_want_kept_is_shown_and_not_written(site, keeper):
    session = done(["dead-bug"], number=1)
    sent = [each.model_copy(update={"is_kept": False}) for each in told(session)]
    assert [keeper.keep(STATION, each) for each in (*sent, sent[0])] == [True] * len(sent) + [False]
    assert kept(site) == []
    assert keeper.session(STATION, session.session_id).counts == session.counts
    assert not keeper.is_kept(STATION, session.session_id)
    with pytest.raises(StoreError, match="did not want it kept"):
        keeper.assign(session.session_id, None, "clinician 1")


@pytest.mark.parametrize("how", ["another session", "it says so"])
def test_a_session_that_a_station_left_without_a_word_is_closed_as_broken_off(site, keeper, how):
    left, others = done(["dead-bug"], number=1), done(["dead-bug"], number=2)
    for each in told(left)[:5]:
        keeper.keep(STATION, each)
    for each in told(others)[:5]:
        keeper.keep(OTHER, each)
    if how == "another session":
        keeper.keep(STATION, told(done(["dead-bug"], number=3))[0])
    else:
        keeper.settle(STATION, left.session_id)
        assert {each.state for each in kept(site)} == {"open"}
        keeper.settle(STATION, "")
    states = {each.session.session_id: each.state for each in kept(site)}
    assert (states[left.session_id], states[others.session_id]) == ("interrupted", "open")
    for each in told(left)[5:]:  # it had only been away for long
        keeper.keep(STATION, each)
    states = {each.session.session_id: each.state for each in kept(site)}
    assert states[left.session_id] == "ended"


def test_what_a_station_writes_into_the_same_store_itself_is_there_once(site, keeper):
    session = done(["dead-bug"], number=1)
    row = SessionRow(session.session_id, "its own diary", session.started_utc)
    own = [entry for batch in batches(session) for entry in batch]
    sent = told(session)
    with site.open() as store:
        store.append(row, [StoredEntry(session.session_id, row.station, 0, own[0])])
        assert keeper.keep(STATION, sent[0]), "the tile shows it all the same"
        store.append(row, [StoredEntry(session.session_id, row.station, n, each) for n, each in enumerate(own)])
        assert all(keeper.keep(STATION, each) for each in sent[1:])
    found_row, found = entries(site, session.session_id)
    assert (found_row.station, {each.source for each in found}) == ("its own diary", {"its own diary"})
    assert len(found) == len(own)


def test_what_the_desk_has_begun_to_write_nobody_else_writes(site, keeper):
    session = done(["dead-bug"])
    own = [entry for batch in batches(session) for entry in batch]
    sent = told(session)
    keeper.keep(STATION, sent[0])
    with site.open() as store:
        row = SessionRow(session.session_id, "its own diary", session.started_utc)
        store.append(row, [StoredEntry(session.session_id, row.station, n, each) for n, each in enumerate(own)])
    for each in sent[1:]:
        keeper.keep(STATION, each)
    found_row, found = entries(site, session.session_id)
    assert (found_row.station, {each.source for each in found}, len(found)) == (STATION, {STATION}, len(sent))
    with site.open() as store:
        assert store.record(session.session_id).counts == session.counts


SET = "00000000-0000-7000-9000-000000010000"
LIES = {
    "a set that was not begun": Entry("set-end", {"outcome": "done", "why": None, "views": [], "intervals": []}, "s-9"),
    "pain of 77": Entry("answers", {"pain_before": 77, "pain_after": None, "effort": {}, "break_off": None}),
    "no body": Entry("answers", {}),
    "an exercise of nothing": Entry("set", {"exercise": {}, "planned": None}, "s-9"),
    "an ending of its own": Entry("set-end", {"outcome": "won", "why": None, "views": [], "intervals": []}, SET),
    "times that are none": Entry("set-end", {"outcome": "done", "why": None, "views": [["x", 1]], "intervals": 3}, SET),
    "an event of another set": events_entry(SET, [RepCompleted(1.0, set_id="s-9", seq=900)], "2026-11-30T08:00:00Z"),
    "an event without a time": events_entry(SET, [Armed(math.nan, set_id=SET, seq=900)], "2026-11-30T08:00:00Z"),
    "no event": Entry("events", {"events": [{"event": "__builtins__"}]}, SET, "2026-11-30T08:00:00Z"),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=list(LIES))
def test_an_entry_that_makes_no_sense_is_put_aside_and_harms_no_page(site, offices, lie):
    office, session = offices[0], done(["dead-bug"], number=1)
    sent = told(session)
    at = len(sent) - 3
    sent = [
        *sent[:at],
        said(session.session_id, at, lie),
        *(each.model_copy(update={"i": each.i + 1}) for each in sent[at:]),
    ]
    assert all(office.keeper.keep(STATION, each) for each in sent)
    (found,) = kept(site)
    assert found.state == "ended"
    _, stored = entries(site, session.session_id)
    assert [each.n for each in stored] == [each.i for each in sent if each.i != at]
    with office.book.writing() as connection:
        aside = connection.execute("SELECT session_id, i, station FROM aside").fetchall()
    assert [tuple(each) for each in aside] == [(session.session_id, at, STATION)]


def test_a_set_that_is_over_is_corrected_in_the_store_while_the_session_goes_on(site, keeper):
    session = done(["dead-bug", "bird-dog"])
    sent = told(session)
    first_over = next(i for i, each in enumerate(sent) if each.kind == "set-end")
    for each in sent[:first_over]:
        keeper.keep(STATION, each)
    one = session.sets[0]
    rep = next(event for event in one.events if isinstance(event, RepCompleted))
    was, now = RepState(True, rep.verdict, rep.side, rep.faults), RepState(False, rep.verdict, rep.side, rep.faults)
    taken = RepAmended(one.end_s, rep.seq, rep.index, was, now, "clinician 1", "a stumble")
    added = RepAdded(one.end_s, -1, RepState(True, "clean", None, ()), "clinician 1", "seen")
    with pytest.raises(StoreError, match="still goes on"):
        keeper.amend(session.session_id, one.set_id, taken, "clinician 1")
    keeper.keep(STATION, sent[first_over])
    keeper.amend(session.session_id, one.set_id, taken, "clinician 1")
    keeper.amend(session.session_id, one.set_id, added, "clinician 1")
    assert keeper.session(STATION, session.session_id).sets[0].counts.reps == one.counts.reps, "one less, one more"
    with pytest.raises(StoreError, match="nothing in this session"):
        keeper.amend(session.session_id, one.set_id, added, "clinician 1")
    for each in sent[first_over + 1 :]:
        keeper.keep(STATION, each)
    (found,) = kept(site)
    assert [each.kind for each in found.amended if each.by] == ["RepAmended", "RepAdded"]
    assert [rep.index for rep in found.session.sets[0].reps if rep.is_added] == [-1]
    assert [rep.index for rep in found.session.sets[0].taken_back] == [rep.index]


def test_without_the_store_nothing_is_taken(offices):
    class Gone:
        def __call__(self):
            raise StoreError("There is no store here.")

    office = offices[0]
    away = StoreKeeper(Records(Gone(), office.book), office.book, {}, lambda: NOW)
    first = told(done())[0]
    with pytest.raises(StoreError):
        away.keep(STATION, first)
    assert office.keeper.keep(STATION, first)


# -- over real sockets: four stations, two desks, one store, a line that is cut ----------------------------------------


def swapped(cables, desks, at):
    """Of each second station the line leads to the other desk from now on; all are cut."""
    for n, cable in enumerate(cables):
        cable.to = desks[(at + n) % 2 if n % 2 else n // 2].port
        cable.cut()


def led(desks, links, cables, sessions):
    """Whole sessions at four stations, told batch by batch while the lines are cut."""
    scribes = [DeskScribe(link) for link in links]
    parts = [list(batches(session)) for session in sessions]
    for at in range(max(len(each) for each in parts)):
        for scribe, session, batch in zip(scribes, sessions, parts, strict=True):
            assert scribe.begin(session, session.started_utc)
            if 0 < at < len(batch):
                scribe.put(session, batch[at])
        swapped(cables, desks, at)
    until(lambda: all(link.waiting == (0, 0) for link in links), "all acknowledgements")
    return [sum(len(each) for each in batch) for batch in parts]


def test_four_stations_and_two_desks_on_one_store_lose_nothing_and_write_nothing_twice(site, offices, tmp_path):
    keys, sessions = MemoryKeys(), [done(number=n + 1) for n in range(4)]
    with Desk(Hub(keys, offices[0].keeper, name="1")) as first:
        cables = [Cable(first.port) for _ in sessions]
        links = [
            Link(Address.parse(f"127.0.0.1:{cable.port}"), Identity(tmp_path / f"s{n}"), pauses_s=PAUSES_S)
            for n, cable in enumerate(cables)
        ]
        for link in links:
            paired(first, link)
        with Desk(Hub(keys, offices[1].keeper, name="2")) as second:
            written = led((first, second), links, cables, sessions)
            for link in links:
                link.close(0.0)
        for cable in cables:
            cable.close()
    assert {each.state for each in kept(site)} == {"ended"}
    for session, count in zip(sessions, written, strict=True):
        _, stored = entries(site, session.session_id)
        assert [each.n for each in stored] == list(range(count))
        with site.open() as store:
            assert store.record(session.session_id).counts == session.counts
