"""The keeper loses nothing: a killed program, a full disk, a locked or damaged file, a server that goes away."""

import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from formcheck.session import wire
from formcheck.session.document import SessionDocument
from formcheck.store import KeySources, SessionRow, StoredEntry, create_store, log, open_store, upkeep
from formcheck.store.keeper import Keeper
from formcheck.store.keys import Keys
from formcheck.store.opening import keys_at_hand
from tests import kept
from tests.store import killing
from tests.store.sessions import STATION, batches
from tests.store.test_store import of

ROOT = Path(__file__).parents[2]
QUIET = {**os.environ, "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
SETTLE_S = 60.0
"""Longest wait for the keeper's thread; it is over as soon as all is written."""


def keeper_of(site, wait_s=0.2):
    def open_it(moved):
        return site.open(on_moved_aside=moved, wait_s=wait_s)

    return Keeper(open_it, site.folder, lambda: keys_at_hand(site.where, site.sources))


def go(keeper, session, parts=None, person=None):
    """A session as it happens."""
    first, *rest = list(batches(session))[:parts]
    keeper.begin(session.session_id, first, person, session.started_utc)
    for batch in rest:
        keeper.put(session.session_id, batch)


def test_what_happens_is_in_the_store_and_the_session_ends(site):
    site.create().close()
    session = kept.session_record(("dead-bug",))
    keeper = keeper_of(site)
    go(keeper, session, parts=4)
    assert keeper.settle(SETTLE_S)
    with site.open() as store:
        (found,) = store.kept()
        assert found.state == "open"
        assert len(found.session.sets[0].reps) == 2
    for batch in list(batches(session))[4:]:
        keeper.put(session.session_id, batch)
    keeper.close(SETTLE_S)
    with site.open() as store:
        (found,) = store.kept()
        assert (found.state, found.session) == ("ended", of(session))
        assert upkeep.verify(store).problems == []


def test_a_session_under_way_is_not_ended_by_another_program(site):
    """A second window on the same machine ends what was broken off, not what goes on."""
    site.create().close()
    going, broken = kept.session_record(("dead-bug",)), kept.session_record(("dead-bug",), number=1)
    one = keeper_of(site)
    go(one, going, parts=3)
    go(one, broken, parts=3)
    assert one.settle(SETTLE_S)
    one.end(broken.session_id)  # nobody goes on with it, and nothing says that it is over
    two = keeper_of(site)
    assert two.settle(SETTLE_S)
    two.close(SETTLE_S)
    with site.open() as store:
        assert {k.session.session_id: k.state for k in store.kept()} == {
            going.session_id: "open", broken.session_id: "interrupted",
        }  # fmt: skip
    one.close(SETTLE_S)


def test_a_session_that_ends_while_the_store_is_opened_is_not_taken_for_broken_off(site):
    """Its end may still be on its way when what came before it is written."""
    session = kept.session_record(("dead-bug",))
    site.create().close()
    has_begun, is_opening, may_open = (threading.Event() for _ in range(3))

    def keys():  # the outbox is looked at once the store is open and the first batches are taken
        is_opening.set()
        assert may_open.wait(SETTLE_S)
        return keys_at_hand(site.where, site.sources)

    def open_it(moved):
        assert has_begun.wait(SETTLE_S)
        return site.open(on_moved_aside=moved)

    keeper = Keeper(open_it, site.folder, keys)
    *first, last = list(batches(session))
    keeper.begin(session.session_id, first[0], None, session.started_utc)
    has_begun.set()
    assert is_opening.wait(SETTLE_S)
    for batch in [*first[1:], last]:
        keeper.put(session.session_id, batch)
    keeper.end(session.session_id)
    may_open.set()
    keeper.close(SETTLE_S)
    with site.open() as store, store.database.reading() as connection:
        entries = log.entries_of(connection, [session.session_id])[session.session_id]
    assert {each.source for each in entries} == {keeper.station}


@pytest.mark.parametrize("station", [STATION, "zz"], ids=["read before", "read after"])
def test_a_session_whose_end_comes_later_ended_when_it_did(site, station):
    session = kept.session_record(("dead-bug",))
    row = SessionRow(session.session_id, station, session.started_utc)
    *first, last = list(map(list, batches(session)))
    n = 0
    with site.create() as store:
        for batch in first:
            store.append(row, [StoredEntry(session.session_id, station, n + i, each) for i, each in enumerate(batch)])
            n += len(batch)
        assert store.close_broken(lambda _: False, station, "2026-11-30T12:00:00+00:00") == 1
        assert [found.state for found in store.kept()] == ["interrupted"]
        store.append(row, [StoredEntry(session.session_id, station, n + i, each) for i, each in enumerate(last)])
        (found,) = store.kept()
        assert (found.state, found.session) == ("ended", of(session))


@pytest.mark.parametrize("what", ["moved", "deleted", "folder"])
def test_a_file_that_is_moved_or_deleted_in_a_set_is_noticed_and_nothing_is_lost(file_site, what):
    file_site.create().close()
    session = kept.session_record(("dead-bug",))
    keeper = keeper_of(file_site)
    go(keeper, session, parts=4)
    assert keeper.settle(SETTLE_S)
    away, path = file_site.folder.with_name("away"), Path(file_site.where)
    if what == "folder":
        file_site.folder.rename(away)
    elif what == "moved":
        path.rename(path.with_name("elsewhere.db"))
    else:
        path.unlink()
    for batch in list(batches(session))[4:]:
        keeper.put(session.session_id, batch)
    assert keeper.settle(SETTLE_S)
    if what == "folder":
        assert keeper.state.trouble.startswith("The store is no longer where it was. Put it back.")
        for each in away.iterdir():
            each.rename(file_site.folder / each.name)
    keeper.close(SETTLE_S)
    with file_site.open() as store:
        (found,) = store.kept()
        assert (found.state, found.session) == ("ended", of(session))


def test_while_the_file_is_locked_it_waits_in_the_outbox(file_site):
    file_site.create().close()
    session = kept.session_record(("dead-bug",))
    holder = file_site.open()
    keeper = keeper_of(file_site)
    go(keeper, session, parts=2)
    assert keeper.settle(SETTLE_S)
    with holder.database.writing():
        for batch in list(batches(session))[2:]:
            keeper.put(session.session_id, batch)
        assert keeper.settle(SETTLE_S)
        assert "Another program holds the store" in keeper.state.trouble
        assert keeper.state.waiting >= 1
    keeper.close(SETTLE_S)
    holder.close()
    with file_site.open() as store:
        assert store.kept()[0].session == of(session)


def test_what_waits_is_sealed_where_the_store_is(file_site):
    file_site.create().close()
    holder = file_site.open()
    session = kept.session_record(("dead-bug",))
    with holder.database.writing():
        keeper = keeper_of(file_site)
        go(keeper, session)
        assert keeper.settle(SETTLE_S)
        keeper.close(SETTLE_S)
    holder.close()
    content = (file_site.folder / "outbox.db").read_bytes()
    assert (session.sets[0].set_id.encode() in content) == (file_site.engine == "file")
    later = keeper_of(file_site)  # the next start sends it
    assert later.settle(SETTLE_S)
    later.close(SETTLE_S)
    with file_site.open() as store:
        assert store.kept()[0].session == of(session)
    with sqlite3.connect(file_site.folder / "outbox.db") as box:
        assert box.execute("SELECT count(*) FROM waiting").fetchone() == (0,)
    box.close()


@pytest.mark.parametrize("what", ["noise", "cut", "text"])
def test_a_damaged_file_is_put_aside_and_nothing_of_now_is_lost(file_site, what):
    file_site.create().close()
    session = kept.session_record(("dead-bug",))
    before = file_site.path.read_bytes()
    damaged = {"noise": os.urandom(len(before)), "cut": before[: len(before) // 3], "text": b"hello " * 999}[what]
    for side in ("-wal", "-shm"):
        file_site.path.with_name(file_site.path.name + side).unlink(missing_ok=True)
    file_site.path.write_bytes(damaged)
    keeper = keeper_of(file_site)
    go(keeper, session)
    assert keeper.settle(SETTLE_S)
    assert keeper.state.moved_aside.startswith("formcheck.db.corrupt.2")
    keeper.close(SETTLE_S)
    assert (file_site.folder / keeper.state.moved_aside).read_bytes() == damaged
    with file_site.open() as store:
        assert [k.session for k in store.kept()] == [of(session)]


def test_a_file_that_is_damaged_in_the_midst_of_a_session(file_site):
    file_site.create().close()
    session = kept.session_record(("dead-bug",))
    keeper = keeper_of(file_site)
    go(keeper, session, parts=4)
    assert keeper.settle(SETTLE_S)
    for side in ("", "-wal"):
        path = file_site.path.with_name(file_site.path.name + side)
        with path.open("r+b") as file:
            file.write(os.urandom(path.stat().st_size))
    for batch in list(batches(session))[4:]:
        keeper.put(session.session_id, batch)
    assert keeper.settle(SETTLE_S)
    keeper.close(SETTLE_S)
    with file_site.open() as store:
        assert [k.session for k in store.kept()] == [of(session)], "from its beginning"


def test_kill_in_a_set_loses_at_most_the_repetition_under_way(tmp_path):
    """The program is killed after each repetition in turn; what was committed by then is all there."""
    count = killing.steps()
    reps = sum(min(commits - 1, len(killing.whole())) for commits in range(1, count + 1))
    assert killing.kill_each(tmp_path, count) == {
        "killed": count, "sessions found": count, "interrupted": count, "repetitions found": reps, "lost more": 0,
        "problems of verify": 0,
    }  # fmt: skip


FULL = textwrap.dedent(
    """
    import resource, signal, sys
    from pathlib import Path
    from formcheck.store import open_store
    from formcheck.store.keeper import Keeper
    from formcheck.store.opening import NO_KEYS
    from tests import kept
    from tests.store.sessions import STATION, batches

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    where = sys.argv[1]
    keeper = Keeper(lambda moved: open_store(where, on_moved_aside=moved), Path(where).parent, lambda: NO_KEYS)
    keeper.settle(60)
    sizes = [p.stat().st_size for p in Path(where).parent.iterdir() if p.is_file()]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    session = kept.session_record(("dead-bug",))
    first, *rest = list(batches(session))
    keeper.begin(session.session_id, first, None, session.started_utc)
    for batch in rest:
        keeper.put(session.session_id, batch)
    keeper.settle(60)
    print(keeper.state.trouble, flush=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    keeper.close(60)
    """
)


def test_a_full_disk_is_told_and_what_waited_is_written_when_there_is_room(tmp_path):
    where = tmp_path / "formcheck.db"
    create_store(str(where), "none").close()
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(where)], capture_output=True, text=True, cwd=ROOT, env=QUIET, check=False,
    )  # fmt: skip
    assert "disk is full" in done.stdout, done.stdout + done.stderr
    with open_store(str(where)) as store:
        assert store.kept()[0].session == of(kept.session_record(("dead-bug",)))


def test_without_any_place_to_write_the_set_goes_on_and_says_so(tmp_path):
    blocked = tmp_path / "formcheck.db"
    blocked.mkdir()
    keeper = Keeper(lambda _: open_store(str(blocked / "x")), blocked, lambda: Keys(None, "00" * 16))
    shutil.rmtree(blocked)
    blocked.write_text("a file where a folder should be")
    go(keeper, kept.session_record(("dead-bug",)))
    assert keeper.settle(SETTLE_S)
    assert keeper.state.trouble
    keeper.close(SETTLE_S)


def test_the_wires_kinds_are_all_understood():
    session = kept.session_record(("dead-bug",))
    again = wire.session_of(session.session_id, [e for batch in batches(session) for e in batch], {})
    assert SessionDocument.model_validate(again.as_dict()) == of(session)
    assert KeySources().best() in ("keyring", "credential", "none")
