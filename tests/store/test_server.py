"""What only a server can do: go away in the midst of a session and come back; several stations at once.

Collected where a server can be started (`.ci/run`, or PostgreSQL installed and `FORMCHECK_TEST_POSTGRES` set).
"""

import os
import threading

from formcheck.store import open_store, upkeep
from formcheck.store.keeper import Keeper
from formcheck.store.opening import keys_at_hand
from tests import kept
from tests.store.conftest import SERVER, Site
from tests.store.server import running
from tests.store.sessions import batches, written
from tests.store.test_keeper import SETTLE_S, go
from tests.store.test_store import of

__test__ = bool(SERVER)


def test_a_server_that_goes_away_and_comes_back(tmp_path):
    with running() as server:
        site = Site("server", server.url, tmp_path)
        site.create().close()
        session = kept.session_record(("dead-bug",))
        keeper = Keeper(
            lambda moved: open_store(site.where, sources=site.sources, on_moved_aside=moved), tmp_path,
            lambda: keys_at_hand(site.where),
        )  # fmt: skip
        go(keeper, session, parts=4)
        assert keeper.settle(SETTLE_S)
        server.stop()
        for batch in list(batches(session))[4:]:
            keeper.put(session.session_id, batch)
        assert keeper.settle(SETTLE_S)
        assert "can't be reached" in keeper.state.trouble
        assert keeper.state.waiting
        server.start()
        keeper.close(SETTLE_S)
        with site.open() as store:
            assert [k.session for k in store.kept()] == [of(session)]


def test_stations_and_a_desk_write_at_once(tmp_path, site):
    """Four threads with a connection of their own each: nothing is lost, and the audit's chain is whole."""
    site.create().close()
    errors = []

    def work(first):
        try:
            with site.open() as store:
                for number in range(first, first + 5):
                    anna = store.add_person()
                    session = written(store, number, anna)
                    store.sign(session.session_id, "clinician")
        except Exception as error:  # noqa: BLE001 - told below
            errors.append(error)

    threads = [threading.Thread(target=work, args=(100 * i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with site.open() as store:
        assert len(store.kept()) == 20
        assert upkeep.verify(store).problems == []
    assert os.path.isdir(tmp_path)
