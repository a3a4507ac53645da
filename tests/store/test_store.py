"""What goes into a store comes out of it, on every engine: whole, in order, once; corrections and signatures too."""

import stat
from dataclasses import replace

import pytest
import sqlalchemy as sa

from formcheck.core.rules.events import FaultAmended, RepAmended, RepCompleted, RepState
from formcheck.session.document import SessionDocument
from formcheck.store import Identity, LockedError, StoreError, tables, upkeep
from formcheck.store.engine import Database
from tests import kept
from tests.store.sessions import STATION, write, written


def of(session):
    return SessionDocument.model_validate(session.as_dict())


def amendment(session, why="seen from the side", verdict="clean"):
    """The first faulty repetition of the first set is held to be clean."""
    rep = next(e for e in session.sets[0].events if isinstance(e, RepCompleted) and e.faults)
    was = RepState(True, rep.verdict, rep.side, rep.faults)
    return RepAmended(
        session.sets[0].end_s, of_seq=rep.seq, index=rep.index, was=was,
        now=RepState(True, verdict, rep.side, ()), by="clinician", why=why,
    )  # fmt: skip


def test_a_session_comes_back_as_it_was(store):
    session = written(store, names=kept.RECORDED)
    (found,) = store.kept()
    assert found.session == of(session)
    assert (found.state, found.person, found.station, found.amended, found.signatures) == (
        "ended", None, STATION, (), (),
    )  # fmt: skip
    assert store.kept() == [found], "the fold that was kept says the same"


def test_writing_the_same_again_changes_nothing(store):
    session = kept.session_record(("dead-bug",))
    write(store, session)
    before = store.kept()
    write(store, session)
    assert store.kept() == before


def test_a_session_that_goes_on_is_shown_as_far_as_it_is(store):
    session = kept.session_record(("dead-bug",))
    write(store, session, parts=4)  # it began, the set began, two repetitions
    (found,) = store.kept()
    assert found.state == "open"
    assert [rep.index for rep in found.session.sets[0].reps] == [1, 2]
    assert found.session.sets[0].outcome == "interrupted"


def test_sessions_by_person_time_and_id(store):
    anna, ben = store.add_person(), store.add_person()
    first = written(store, 1, anna, days=0)
    second = written(store, 2, ben, days=1)
    third = written(store, 3, anna, days=2)
    assert [k.session.session_id for k in store.kept()] == [s.session_id for s in (first, second, third)]
    assert [k.session.session_id for k in store.kept(person=anna)] == [first.session_id, third.session_id]
    assert [k.session.session_id for k in store.kept(since=of(second).started_utc)] == [
        second.session_id, third.session_id,
    ]  # fmt: skip
    assert store.one(second.session_id).person == ben
    with pytest.raises(StoreError, match="no such session"):
        store.one("00000000-0000-7000-8000-ffffffffffff")


def test_a_session_of_somebody_unknown_is_nobodys(store):
    """A person who was erased while a kiosk was away: what it sends later belongs to nobody."""
    written(store, person="f" * 32)
    assert store.kept()[0].person is None


def test_entries_and_the_audit_can_not_be_changed_or_deleted(store):
    written(store, person=store.add_person())
    table = tables.entry
    for statement in (
        table.update().values(kind="end"),
        table.delete(),
        tables.audit.update().values(who="nobody"),
        tables.audit.delete(),
    ):
        with pytest.raises((StoreError, sa.exc.IntegrityError)), store.database.writing() as connection:
            connection.execute(statement)
    assert upkeep.verify(store).problems == []


# -- corrections -------------------------------------------------------------------------------------------------------


def test_a_correction_is_added_and_the_original_stays(store):
    session = written(store)
    one = session.sets[0]
    before = store.one(session.session_id).session.sets[0]
    store.amend(session.session_id, one.set_id, [amendment(session)])
    found = store.one(session.session_id)
    after = found.session.sets[0]
    assert (before.clean_reps + 1, before.faulty_reps - 1) == (after.clean_reps, after.faulty_reps)
    rep = next(rep for rep in after.reps if rep.told is not None)
    assert (rep.verdict, rep.told.verdict) == ("clean", "faulty")
    (told,) = found.amended
    assert (told.by, told.why, told.rep, told.is_addendum) == ("clinician", "seen from the side", rep.index, False)
    assert found.state == "ended"


def test_the_last_correction_holds(store):
    session = written(store)
    set_id = session.sets[0].set_id
    first = amendment(session)
    store.amend(session.session_id, set_id, [first])
    undone = replace(first, was=first.now, now=first.was, why="undone")
    store.amend(session.session_id, set_id, [undone])
    found = store.one(session.session_id)
    assert found.session.sets[0].faulty_reps == of(session).sets[0].faulty_reps
    assert [told.why for told in found.amended] == ["seen from the side", "undone"]


def test_a_fault_that_was_not_seen_is_added(store):
    session = written(store)
    clean = next(rep for rep in of(session).sets[0].reps if rep.verdict == "clean")
    missed = FaultAmended(0.0, name="arms-drop", rep=clean.index, was=False, now=True, by="clinician", why="by eye")
    store.amend(session.session_id, session.sets[0].set_id, [missed])
    rep = next(r for r in store.one(session.session_id).session.sets[0].reps if r.index == clean.index)
    assert (rep.verdict, rep.faults) == ("faulty", ("arms-drop",))


def test_a_session_that_goes_on_or_a_wrong_set_is_refused(store):
    session = kept.session_record(("dead-bug",))
    write(store, session, parts=4)
    with pytest.raises(StoreError, match="goes on"):
        store.amend(session.session_id, session.sets[0].set_id, [amendment(session)])
    with pytest.raises(StoreError, match="goes on"):
        store.sign(session.session_id, "clinician")
    write(store, session)
    right = amendment(session)
    for set_id, wrong in (
        ("another set", right),
        (session.sets[0].set_id, replace(right, of_seq=0)),
        (session.sets[0].set_id, FaultAmended(0.0, name="arms-drop", rep=99, was=False, now=True, by="clinician")),
    ):
        with pytest.raises(StoreError, match="nothing in this session"):
            store.amend(session.session_id, set_id, [wrong])
    assert store.one(session.session_id).amended == ()


def test_after_a_signature_a_change_is_an_addendum_that_says_why(store):
    session = written(store)
    set_id = session.sets[0].set_id
    digest = store.sign(session.session_id, "clinician-7")
    signed = store.one(session.session_id)
    assert signed.state == "signed"
    assert [(s.by, s.sha256) for s in signed.signatures] == [("clinician-7", digest)]
    with pytest.raises(StoreError, match="must say why"):
        store.amend(session.session_id, set_id, [amendment(session, why="  ")])
    with pytest.raises(StoreError, match="signed already"):
        store.sign(session.session_id, "clinician-7")
    store.amend(session.session_id, set_id, [amendment(session)])
    found = store.one(session.session_id)
    assert found.state == "amended"
    assert [told.is_addendum for told in found.amended] == [True]
    store.sign(session.session_id, "clinician-7")
    assert store.one(session.session_id).state == "signed"
    assert upkeep.verify(store).problems == []


# -- people ------------------------------------------------------------------------------------------------------------


def test_a_person_is_found_by_name_number_and_the_beginning_of_the_pseudonym(store):
    anna = store.add_person(Identity("Anna Ålund", "anna@example.org", "K-17"))
    ben = store.add_person(Identity("Ben"))
    assert len(anna) == len(ben) == 32
    assert int(anna, 16) != int(ben, 16)
    assert store.person("anna ålund") == store.person("k-17") == store.person(anna[:6]) == anna
    assert store.name_of(ben) == "Ben"
    store.rename(ben, Identity("Benjamin"))
    assert store.person("Benjamin") == ben
    for wrong in ("Ben", "", anna[:3], "f" * 32):
        with pytest.raises(StoreError, match="Nobody"):
            store.person(wrong)
    store.rename(ben, Identity("Anna Ålund"))
    with pytest.raises(StoreError, match="Several"):
        store.person("Anna Ålund")


def test_somebody_without_a_name_has_none(store):
    assert store.name_of(store.add_person()) is None


def test_the_owner_is_one_person_until_they_are_erased(store):
    store.add_person(Identity("Ben"))
    owner = store.owner()
    assert store.owner() == owner
    assert store.name_of(owner) is None
    upkeep.erase(store, owner)
    assert store.owner() != owner
    assert len(store.people()) == 2


def test_choices_come_back_in_order(store):
    anna = store.add_person()
    store.add_choice(anna, {"exercise": "dead-bug", "setting": "reps", "value": 12})
    store.add_choice(anna, {"exercise": "dead-bug", "setting": "reps", "value": 10})
    assert [choice["value"] for choice in store.choices(anna)] == [12, 10]


# -- pose streams ------------------------------------------------------------------------------------------------------


def test_a_pose_stream_comes_back_and_is_the_persons(store):
    anna = store.add_person()
    mine, nobodys = written(store, 1, anna), written(store, 2)
    stream = (kept.FOLDER / "dead-bug.npz").read_bytes()
    for session in (mine, nobodys):
        store.keep_recording(session.session_id, session.sets[0].set_id, "dead-bug", {"arch_deg": 12.0}, stream)
    found = list(store.recordings())
    assert [each.read() for each in found] == [stream, stream]
    assert {(each.exercise, each.overrides["arch_deg"]) for each in found} == {("dead-bug", 12.0)}
    assert [each.session_id for each in store.recordings(person=anna)] == [mine.session_id]
    assert [each.has_poses for each in store.kept()] == [True, True]


def test_a_pose_stream_of_an_unknown_session_is_refused(store):
    with pytest.raises(StoreError, match="no such session"):
        store.keep_recording("nothing", "nothing", "dead-bug", {}, b"")


# -- the file ----------------------------------------------------------------------------------------------------------


def test_the_file_is_for_this_user_only(file_site):
    with file_site.create() as store:
        written(store)
        for path in file_site.folder.glob("formcheck.db*"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_without_its_key_nothing_of_an_encrypted_store_can_be_read(file_site):
    with file_site.create() as store:
        session = written(store)
    content = b"".join(path.read_bytes() for path in sorted(file_site.folder.glob("formcheck.db*")))
    is_readable = session.sets[0].set_id.encode() in content
    assert is_readable == (file_site.engine == "file")


def test_a_wrong_key_is_told_and_nothing_is_changed(file_site):
    with file_site.create() as store:
        written(store)
    if file_site.engine == "file":
        return
    before = file_site.path.read_bytes()
    right = dict(file_site.ring.kept)
    file_site.ring.kept = dict.fromkeys(right, "00" * 32)
    with pytest.raises(LockedError, match="not the key"):
        file_site.open()
    file_site.ring.kept = {}
    with pytest.raises(LockedError, match="keyring"):
        file_site.open()
    assert file_site.path.read_bytes() == before
    file_site.ring.kept = right
    with file_site.open() as store:
        assert len(store.kept()) == 1


def test_there_is_no_second_store_in_one_place(site):
    site.create().close()
    with pytest.raises(StoreError, match="already"):
        site.create()


def test_what_was_never_made_can_not_be_opened(site):
    with pytest.raises(StoreError):
        site.open()
    assert not site.path.exists()


def test_two_writers_at_once(site):
    """Two programs that hold the store open write in turns; each sees what the other wrote."""
    with site.create() as one, site.open() as two:
        for number in range(6):
            written((one, two)[number % 2], number, days=number)
            assert len(one.kept()) == len(two.kept()) == number + 1
        assert upkeep.verify(two).problems == []
        assert isinstance(one.database, Database)
