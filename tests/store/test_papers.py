"""Papers of a patient's file: added and never changed, sealed, backed up, forgotten with the person."""

import secrets
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from formcheck.store import Identity, LockedError, StoreError, backup, papers, tables, upkeep
from formcheck.store.opening import restore_store
from tests import kept
from tests.store.sessions import written
from tests.store.test_upkeep import all_bytes, raw

TEXT = "Quartzfeather limps on stairs"


def bodies(store, person, *kinds):
    return [(paper.kind, paper.body) for paper in papers.of_person(store, person, *kinds)]


def test_what_is_added_is_read_again_in_its_order(store):
    anna, ben = store.add_person(), store.add_person()
    first = papers.add(store, anna, "note", {"text": TEXT})
    papers.add(store, anna, "outcome", {"score": 4})
    papers.add(store, ben, "note", {"text": "another one's"})
    second = papers.add(store, anna, "note", {"text": "better"}, first)
    assert bodies(store, anna) == [("note", {"text": TEXT}), ("outcome", {"score": 4}), ("note", {"text": "better"})]
    assert bodies(store, anna, "outcome") == [("outcome", {"score": 4})]
    found = papers.of_person(store, anna, "note")
    assert [(paper.id, paper.of, paper.who) for paper in found] == [
        (first, "", "this computer"),
        (second, first, "this computer"),
    ]
    assert found[0].utc <= found[1].utc
    assert upkeep.verify(store).problems == []


def test_who_added_what_is_in_the_audit_and_what_it_says_is_not(store):
    anna = store.add_person(Identity("Anna"))
    paper = papers.add(store, anna, "note", {"text": TEXT})
    with store.database.reading() as connection:
        row = connection.execute(sa.select(tables.audit).order_by(tables.audit.c.n.desc())).first()
        sealed = connection.execute(sa.select(tables.paper.c.sealed)).scalar()
    assert (row.what, row.pseudonym, row.detail.split()[0]) == ("note-added", anna, paper)
    assert len(row.detail.split()[1]) == 64
    assert "Quartz" not in str(row)
    assert b"Quartz" not in bytes(sealed)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE paper SET who = 'nobody'",
        "UPDATE paper SET sealed = sealed",
        "DELETE FROM paper",
    ],
)
def test_the_database_itself_refuses_a_change(store, statement):
    anna = store.add_person()
    papers.add(store, anna, "note", {"text": TEXT})
    with pytest.raises((StoreError, sa.exc.DBAPIError)), store.database.writing() as connection:
        connection.exec_driver_sql(statement)
    assert bodies(store, anna) == [("note", {"text": TEXT})]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE paper SET sealed = (SELECT sealed FROM paper ORDER BY id DESC LIMIT 1)", "not the one that was added"),
        ("UPDATE paper SET kind = 'outcome'", "can't be opened"),
        ("DELETE FROM paper WHERE id = (SELECT min(id) FROM paper)", "is missing"),
    ],
)
def test_what_was_changed_behind_its_back_is_found(store, statement, told):
    anna = store.add_person()
    papers.add(store, anna, "note", {"text": TEXT})
    papers.add(store, anna, "note", {"text": "more"})
    assert upkeep.verify(store).problems == []
    raw(store, statement)
    assert any(told in problem for problem in upkeep.verify(store).problems)


def test_a_newer_version_of_somebody_else_is_not_overwritten(store):
    anna = store.add_person()
    one = papers.add(store, anna, "program", {"v": 1}, is_next=True)
    two = papers.add(store, anna, "program", {"v": 2}, one, is_next=True)
    for of in (one, ""):
        with pytest.raises(papers.OvertakenError):
            papers.add(store, anna, "program", {"v": 3}, of, is_next=True)
    papers.add(store, anna, "program", {"v": 3}, two, is_next=True)
    assert [body["v"] for _, body in bodies(store, anna)] == [1, 2, 3]
    assert upkeep.verify(store).problems == []  # what was refused left nothing in the audit either


def test_a_paper_adds_only_to_one_of_the_same_file_and_kind(store):
    anna, ben = store.add_person(), store.add_person()
    note = papers.add(store, anna, "note", {"text": TEXT})
    for person, kind, of in ((ben, "note", note), (anna, "outcome", note), (anna, "note", "0" * 36)):
        with pytest.raises(StoreError, match="no such paper"):
            papers.add(store, person, kind, {}, of)
    with pytest.raises(StoreError, match="no such person"):
        papers.add(store, "0" * 32, "note", {})
    with pytest.raises(StoreError, match="no such person"):
        papers.of_person(store, "0" * 32)


def test_what_is_too_long_is_a_sentence(store):
    anna = store.add_person()
    with pytest.raises(StoreError, match="too much"):
        papers.add(store, anna, "note", {"text": secrets.token_hex(papers.BODY_MAX)})
    assert bodies(store, anna) == []


@pytest.mark.parametrize("keep_numbers", [False, True])
def test_who_is_erased_has_no_papers_left(site, keep_numbers):
    with site.create() as store:
        anna, ben = store.add_person(), store.add_person()
        papers.add(store, anna, "note", {"text": TEXT})
        papers.add(store, ben, "note", {"text": "stays"})
        with store.database.reading() as connection:
            key = bytes(
                connection.execute(sa.select(tables.vault.c.key).where(tables.vault.c.pseudonym == anna)).scalar()
            )
            sealed = bytes(
                connection.execute(sa.select(tables.paper.c.sealed).where(tables.paper.c.pseudonym == anna)).scalar()
            )
        upkeep.erase(store, anna, keep_numbers=keep_numbers)
        with pytest.raises(StoreError, match="no such person"):
            papers.of_person(store, anna)
        assert bodies(store, ben) == [("note", {"text": "stays"})]
        assert upkeep.verify(store).problems == []
        content = all_bytes(site.folder)
    assert key not in content
    assert sealed not in content


def test_a_hold_keeps_papers_and_a_purge_takes_them(store):
    anna, ben = store.add_person(), store.add_person()
    for number, person in enumerate((anna, ben), 1):
        written(store, number, person)
        papers.add(store, person, "note", {"text": TEXT})
    upkeep.hold(store, ben, "a claim")
    with pytest.raises(StoreError, match="a claim"):
        upkeep.erase(store, ben)
    long_after = kept.BEGAN + timedelta(days=365 * 40)
    assert upkeep.purge(store, 1, now=long_after).people == (anna,)
    assert bodies(store, ben) == [("note", {"text": TEXT})]
    with store.database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.paper)).scalar() == 1
    assert upkeep.verify(store).problems == []


def test_a_paper_counts_as_the_last_that_was_written_of_somebody(store):
    anna = store.add_person()
    session = written(store, 1, anna, days=-3000)
    soon = datetime.now(UTC) + timedelta(days=100)
    assert upkeep.purge(store, 1, now=soon, is_trial=True).sessions == (session.session_id,)
    papers.add(store, anna, "note", {"text": TEXT})
    assert upkeep.purge(store, 1, now=soon, is_trial=True).sessions == ()
    assert upkeep.purge(store, 1, now=soon + timedelta(days=300), is_trial=True).sessions == (session.session_id,)


def test_a_backup_brings_papers_back(site, tmp_path):
    with site.create() as store:
        anna = store.add_person()
        papers.add(store, anna, "program", {"toml": 'title = "x"'})
        before = papers.of_person(store, anna)
        backup.save(store.database, tmp_path / "all.formcheck-backup")
    with restore_store(tmp_path / "all.formcheck-backup", str(tmp_path / "new" / "again.db"), site.sources) as again:
        assert papers.of_person(again, anna) == before
        assert upkeep.verify(again).problems == []


def test_another_person_s_key_opens_nothing(store):
    anna, ben = store.add_person(), store.add_person()
    papers.add(store, anna, "note", {"text": TEXT})
    raw(store, "UPDATE paper SET pseudonym = :ben", {"ben": ben})
    with pytest.raises(LockedError):
        papers.of_person(store, ben)


def test_of_two_desks_that_save_at_once_one_is_told(site):
    with site.create() as store:
        anna = store.add_person()
        base = papers.add(store, anna, "program", {"v": 0}, is_next=True)
    gate, told = threading.Barrier(4), []

    def save(n):
        with site.open(who=f"clinician {n}") as mine:
            gate.wait()
            try:
                papers.add(mine, anna, "program", {"v": n}, base, is_next=True)
                told.append("saved")
            except papers.OvertakenError:
                told.append("overtaken")

    threads = [threading.Thread(target=save, args=(n,)) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["overtaken"] * 3 + ["saved"]
    with site.open() as store:
        assert len(papers.of_person(store, anna)) == 2
        assert upkeep.verify(store).problems == []
