"""A store's keeper: checks find what was changed, the erased are gone from the bytes, backups bring everything back."""

import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from formcheck.store import Identity, LockedError, NewerSchemaError, StoreError, backup, log, schema, tables, upkeep
from formcheck.store.opening import restore_store
from formcheck.system.errors import FormcheckError
from tests import kept
from tests.store.conftest import SERVER, new_database
from tests.store.sessions import written

NAME = "Sigurrós Quartzfeather"


def all_bytes(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def spellings(text):
    return [text.encode(), text.encode("utf-16-le"), json.dumps(text).encode()[1:-1], text.split()[-1].encode()]


def raw(store, statement, values=()):
    """Whatever somebody does to the database behind FormCheck's back."""
    with store.database.alone() as connection:
        if store.database.is_server:
            connection.exec_driver_sql("SET session_replication_role = replica")  # no triggers
        else:
            for name in (
                "entry_is_not_changed",
                "entry_is_not_deleted",
                "audit_is_not_changed",
                "audit_is_not_deleted",
                "paper_is_not_changed",
                "paper_is_not_deleted",
            ):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        connection.execute(sa.text(statement), dict(values))


# -- verify ------------------------------------------------------------------------------------------------------------


def test_a_sound_store_is_sound(store):
    session = written(store, person=store.add_person(Identity(NAME)), names=kept.RECORDED)
    store.sign(session.session_id, "clinician")
    report = upkeep.verify(store)
    assert (report.problems, report.sessions) == ([], 1)
    assert report.audit_head.startswith("2 ")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE audit SET who = 'nobody' WHERE n = 2", "Row 2 of the audit was changed"),
        ("UPDATE audit SET utc = '2020-01-01T00:00:00.000Z' WHERE n = 1", "Row 1 of the audit was changed"),
        ("DELETE FROM audit WHERE n = 2", "misses row 2"),
        ("DELETE FROM audit WHERE n = 3", "should have 3 rows and has 2"),
        ("DELETE FROM entry WHERE n = 3", "an entry is missing"),
        ("UPDATE entry SET kind = 'answers' WHERE n = 0", "can't be read"),
        ("UPDATE entry SET utc = '2020-01-01T00:00:00.000Z' WHERE n = 2", "does not fit what was signed"),
        ("INSERT INTO permit VALUES ('00000000-0000-7000-8000-000000000000')", "permit"),
    ],
)
def test_what_was_changed_behind_its_back_is_found(store, statement, told):
    anna = store.add_person()
    session = written(store, person=anna)
    store.sign(session.session_id, "clinician")
    store.name_of(anna)
    raw(store, statement)
    problems = upkeep.verify(store).problems
    assert problems
    assert told in " ".join(problems)


def test_a_damaged_entry_is_found_and_told(store):
    session = written(store)
    raw(store, "UPDATE entry SET body = :body WHERE n = 2", {"body": b"\x00\x01damaged"})
    assert any(session.session_id in problem for problem in upkeep.verify(store).problems)


# -- erase -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keep_numbers", [False, True])
def test_who_is_erased_is_nowhere_in_the_bytes(file_site, keep_numbers):
    with file_site.create() as store:
        anna, ben = store.add_person(Identity(NAME, "sig@example.org", "K-77")), store.add_person(Identity("Ben"))
        mine, other = written(store, 1, anna), written(store, 2, ben)
        stream = (kept.FOLDER / "dead-bug.npz").read_bytes()
        store.keep_recording(mine.session_id, mine.sets[0].set_id, "dead-bug", {}, stream)
        store.add_choice(anna, {"exercise": "dead-bug"})
        assert store.person(NAME) == anna
        row = b""
        with store.database.reading() as connection:
            row = connection.execute(
                sa.select(tables.vault.c.key).where(tables.vault.c.pseudonym == anna)
            ).scalar()  # what opens everything of hers
        assert upkeep.erase(store, anna, keep_numbers=keep_numbers) == 1
        found = store.kept()
        assert [k.session.session_id for k in found] == (
            [mine.session_id, other.session_id] if keep_numbers else [other.session_id]
        )
        assert list(store.recordings()) == []
        with pytest.raises(StoreError, match="Nobody"):
            store.person(NAME)
        assert store.name_of(ben) == "Ben"
        assert upkeep.verify(store).problems == []
        content = all_bytes(file_site.folder)
    for spelling in (*spellings(NAME), b"sig@example.org", b"K-77", row):
        assert spelling not in content
    if not keep_numbers:
        assert mine.session_id.encode() not in content


def test_the_name_never_is_in_the_bytes_at_all(file_site):
    with file_site.create() as store:
        anna = store.add_person(Identity(NAME))
        store.rename(anna, Identity(NAME + "-Smith"))
        content = all_bytes(file_site.folder)
    assert not any(spelling in content for spelling in spellings(NAME))


def test_who_was_erased_can_not_be_opened_from_an_older_copy_of_the_sealed_name(store):
    """The key is each person's own: another person's key opens nothing."""
    anna, ben = store.add_person(Identity(NAME)), store.add_person(Identity("Ben"))
    raw(
        store, "UPDATE vault SET key = (SELECT key FROM vault WHERE pseudonym = :ben) WHERE pseudonym = :anna",
        {"anna": anna, "ben": ben},
    )  # fmt: skip
    with pytest.raises(FormcheckError):
        store.name_of(anna)


def test_a_legal_hold_forbids_it_until_it_is_over(store):
    anna = store.add_person()
    written(store, person=anna)
    upkeep.hold(store, anna, "a claim is open")
    with pytest.raises(StoreError, match="a claim is open"):
        upkeep.erase(store, anna)
    assert upkeep.purge(store, 1, now=datetime(2099, 1, 1, tzinfo=UTC)).sessions == ()
    assert len(store.kept()) == 1
    upkeep.hold(store, anna, None)
    assert upkeep.erase(store, anna) == 1
    assert store.kept() == []


# -- purge -------------------------------------------------------------------------------------------------------------


def test_what_is_too_old_goes_whole_by_person(store):
    anna, ben, cleo = (store.add_person() for _ in range(3))
    old = written(store, 1, anna, days=0)
    both = [written(store, 2, ben, days=0), written(store, 3, ben, days=400)]
    nobodys = written(store, 4, None, days=1)
    held = written(store, 5, cleo, days=2)
    upkeep.hold(store, cleo, "a claim")
    now = kept.BEGAN + timedelta(days=365 * 3 + 20)
    with pytest.raises(StoreError, match="after how many years"):
        upkeep.purge(store, now=now)
    upkeep.set_retention(store, 3)
    trial = upkeep.purge(store, now=now, is_trial=True)
    assert (set(trial.sessions), trial.people, trial.held) == ({old.session_id, nobodys.session_id}, (anna,), 1)
    assert len(store.kept()) == 5
    assert upkeep.purge(store, now=now) == trial
    assert {k.session.session_id for k in store.kept()} == {held.session_id, *(s.session_id for s in both)}
    assert {person.pseudonym for person in store.people()} == {ben, cleo}
    assert upkeep.verify(store).problems == []
    with store.database.reading() as connection:
        last = connection.execute(sa.select(tables.audit).order_by(tables.audit.c.n.desc())).first()
    assert (last.what, last.detail.split(",")[0]) == ("purge", "2 sessions")


@pytest.mark.parametrize(("days", "is_gone"), [(364, False), (366, True)])
def test_the_years_are_counted_to_the_day(store, days, is_gone):
    written(store)
    found = upkeep.purge(store, 1, now=kept.BEGAN + timedelta(days=days))
    assert bool(found.sessions) is is_gone


# -- backup ------------------------------------------------------------------------------------------------------------


def filled(store):
    anna = store.add_person(Identity(NAME))
    session = written(store, 1, anna, names=kept.RECORDED)
    store.sign(session.session_id, "clinician")
    written(store, 2, None, days=1)
    stream = (kept.FOLDER / "dead-bug.npz").read_bytes()
    store.keep_recording(session.session_id, session.sets[0].set_id, "dead-bug", {}, stream)
    return anna, stream


def test_a_backup_brings_everything_back(site, tmp_path):
    with site.create() as store:
        anna, stream = filled(store)
        before = store.kept()
        backup.save(store.database, tmp_path / "all.formcheck-backup")
        written(store, 3)  # the store goes on
    with restore_store(tmp_path / "all.formcheck-backup", str(tmp_path / "new" / "again.db"), site.sources) as again:
        assert again.kept() == before
        assert again.name_of(anna) == NAME
        assert [each.read() for each in again.recordings()] == [stream]
        assert upkeep.verify(again).problems == []
    if SERVER:
        where, drop = new_database()
        with restore_store(tmp_path / "all.formcheck-backup", where, site.sources) as there:
            assert there.kept() == before
            assert there.name_of(anna) == NAME
            assert upkeep.verify(there).problems == []
        drop()


def test_a_backup_of_an_encrypted_store_is_encrypted_and_needs_its_key(site, tmp_path):
    path = tmp_path / "all.formcheck-backup"
    with site.create() as store:
        filled(store)
        backup.save(store.database, path)
    with zipfile.ZipFile(path) as archive:
        blocks = b"".join(archive.read(name) for name in archive.namelist() if name.startswith("entry/"))
    assert (blocks[:1] == b"\x00") == (site.engine == "file")
    if site.engine == "file":
        return
    site.ring.kept = dict.fromkeys(site.ring.kept, "11" * 32)
    with pytest.raises(LockedError):
        restore_store(path, str(tmp_path / "other.db"), site.sources)
    assert not list(tmp_path.glob("other.db*"))


@pytest.mark.parametrize("how", ["flipped", "cut", "missing", "text", "empty"])
def test_a_damaged_backup_restores_nothing(file_site, tmp_path, how):
    path = tmp_path / "all.formcheck-backup"
    with file_site.create() as store:
        filled(store)
        backup.save(store.database, path)
    content = path.read_bytes()
    if how == "missing":
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(path, "w") as archive:
            for name, part in parts.items():
                if not name.startswith("entry/"):
                    archive.writestr(name, part)
    else:
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        path.write_bytes({"flipped": flipped, "cut": content[:middle], "text": b"hello", "empty": b""}[how])
    with pytest.raises(StoreError, match=r"damaged|no backup"):
        restore_store(path, str(tmp_path / "other.db"), file_site.sources)
    assert not list(tmp_path.glob("other.db*"))


def test_a_backup_is_never_restored_over_a_store(site, tmp_path):
    path = tmp_path / "all.formcheck-backup"
    with site.create() as store:
        filled(store)
        backup.save(store.database, path)
        count = len(store.kept())
    with pytest.raises(StoreError, match="already"):
        restore_store(path, site.where, site.sources)
    with site.open() as store:
        assert len(store.kept()) == count


# -- the schema --------------------------------------------------------------------------------------------------------


NO_PAPERS = {
    "file": ["DROP TABLE paper"],
    "cipher": ["DROP TABLE paper"],
    "server": ["DROP TABLE paper", "DROP FUNCTION formcheck_paper_permitted"],
}


def at_revision(site, revision):
    """A store as that version made it, with rows in it."""
    with site.create() as store:
        filled(store)
        written_by = store.kept()
        later = {"0002": ["DROP INDEX session_ended"], "0003": NO_PAPERS[site.engine]}  # a new revision: a line here
        take_back = [each for name, listed in later.items() if name > revision for each in listed]
        with store.database.writing() as connection:
            for statement in [*take_back, f"UPDATE alembic_version SET version_num = '{revision}'"]:
                connection.exec_driver_sql(statement)
    return written_by


@pytest.mark.parametrize("revision", schema.known_revisions())
def test_every_schema_that_was_released_comes_up_with_its_rows(site, revision):
    before = at_revision(site, revision)
    with site.open() as store:
        assert store.kept() == before
        with store.database.reading() as connection:
            assert schema.revision_of(connection) == tables.HEAD == schema.known_revisions()[-1]
            assert {each["name"] for each in sa.inspect(connection).get_indexes("entry")} == {"session_ended"}
        assert upkeep.verify(store).problems == []


@pytest.mark.parametrize("revision", schema.known_revisions()[:-1])
def test_what_an_older_version_wrote_is_backed_up_before_it_is_brought_up_to_date(file_site, revision, tmp_path):
    before = at_revision(file_site, revision)
    file_site.open().close()
    (saved,) = file_site.folder.glob(f"before-{revision}-*.formcheck-backup")
    assert backup.read_manifest(saved).revision == revision
    with restore_store(saved, str(tmp_path / "again" / "formcheck.db"), file_site.sources) as again:
        assert again.kept() == before
        with again.database.reading() as connection:
            assert schema.revision_of(connection) == tables.HEAD


def test_which_sessions_go_on_is_asked_of_an_index(file_site):
    """At every start; without it the whole store would be read for it."""
    with file_site.create() as store, store.database.reading() as connection:
        query = sa.select(tables.session.c.session_id).where(log.is_open()).compile(connection)
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {query}", tuple(query.params[name] for name in query.positiontup)
        ).all()
    assert any("INDEX session_ended" in row[-1] for row in plan), plan


def test_the_schema_that_is_migrated_to_is_the_one_that_is_used(store):
    """Each table of the code is in the database with the same columns, and no other."""
    with store.database.reading() as connection:
        found = sa.MetaData()
        found.reflect(connection)
    for table in found.tables.values():
        if table.name != schema.TABLE:
            ours = tables.metadata.tables[table.name]
            assert [(c.name, c.nullable) for c in table.columns] == [(c.name, c.nullable) for c in ours.columns]
    assert set(found.tables) - {schema.TABLE} == set(tables.metadata.tables)


def test_a_newer_schema_is_refused_and_not_touched(site):
    with site.create() as store:
        written(store)
        with store.database.writing() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerSchemaError, match="newer FormCheck"):
        site.open()
    with pytest.raises(NewerSchemaError):
        site.open()
