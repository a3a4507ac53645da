"""What the desk has not taken waits on the station's disk, sealed, until it has; and a desk can be forgotten."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import Any

import pytest

from formcheck.desk import hub as hubs
from formcheck.desk import link as links
from formcheck.desk import wire
from formcheck.desk.hub import Hub, MemoryKeeper, MemoryKeys
from formcheck.desk.identity import Address, Identity
from formcheck.desk.link import Link
from formcheck.desk.waiting import NAME, Waiting
from tests.desk.running import PAUSES_S, Cable, Desk, certificate, paired, until


def entry(i: int, **about) -> wire.EntrySaid:
    body: dict[str, Any] = {"pain_before": 7, "pain_after": None, "effort": {}, "break_off": None}
    return wire.EntrySaid(k=0, session_id="s", i=i, kind="answers", body=body, **about)


class Place:
    """A desk, a cable to it, and a station whose program can be ended and begun again."""

    def __init__(self, folder) -> None:
        self.folder = folder / "station"
        self.keeper = MemoryKeeper()
        self.desk = Desk(Hub(keeper=self.keeper))
        self.desk.__enter__()
        self.cable = Cable(self.desk.port)
        self.address = Address.parse(f"127.0.0.1:{self.cable.port}")
        self.link = self.begun()
        paired(self.desk, self.link)

    def begun(self, *, is_saving=True) -> Link:
        identity = Identity(self.folder)
        box = Waiting(identity, self.address) if is_saving else None
        self.link = Link(self.address, identity, pauses_s=PAUSES_S, box=box)
        return self.link

    def part(self) -> None:
        self.cable.is_open = False
        self.cable.cut()
        until(lambda: self.link.state.where == "away", "the cut")

    def come_back(self) -> None:
        self.cable.is_open = True
        until(lambda: self.link.waiting[0] == 0, "all acknowledgements")

    def rows(self) -> int:
        if not (self.folder / NAME).exists():
            return 0
        with closing(sqlite3.connect(self.folder / NAME)) as connection:
            made = "SELECT count(*) FROM sqlite_master WHERE name = 'waiting'"
            if connection.execute(made).fetchone() == (0,):
                return 0  # the file is there a moment before its table is
            (count,) = connection.execute("SELECT count(*) FROM waiting").fetchone()
        return int(count)

    def written(self) -> list[int]:
        return [said.i for _, said in self.keeper.kept]

    def close(self) -> None:
        self.link.close(0.0)
        self.cable.close()
        self.desk.__exit__()


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path)
    yield place
    place.close()


def test_closing_the_window_while_the_desk_is_away_loses_nothing(place, monkeypatch):
    monkeypatch.setattr(hubs, "SILENT_S", 600.0)  # so that it is erased for no other reason than that it was taken
    place.part()
    for i in range(5):
        place.link.keep(entry(i))
    place.link.close(0.0)
    assert place.rows() == 5
    again = place.begun()
    again.keep(entry(5))
    again.start()
    assert place.written() == []
    place.come_back()
    assert place.written() == [0, 1, 2, 3, 4, 5], "what waited comes first"
    until(lambda: place.rows() == 0, "the erasing")
    again.close(0.0)
    assert (place.begun().waiting, place.rows()) == ((0, 0), 0)


def test_a_program_that_is_killed_while_the_desk_is_away_has_put_it_on_the_disk_by_then(place, monkeypatch):
    monkeypatch.setattr(links, "SAVE_S", 0.01)
    place.part()
    for i in range(3):
        place.link.keep(entry(i))
    until(lambda: place.rows() == 3, "the disk")


def test_what_waits_is_sealed_and_readable_by_its_user_only(place):
    place.part()
    place.link.keep(entry(0, person="ab" * 16))
    place.link.close(0.0)
    path = place.folder / NAME
    data = path.read_bytes()
    assert b"pain" not in data
    assert b"ab" * 16 not in data
    assert path.stat().st_mode & 0o077 == 0
    identity = Identity(place.folder)
    ((_, said),) = Waiting(identity, place.address).waiting()
    assert (said.i, said.person) == (0, "ab" * 16)
    assert Waiting(identity, Address.parse("127.0.0.1:1")).waiting() == [], "it waits for its own desk"
    (place.folder / "station.key").unlink()
    assert Waiting(Identity(place.folder), place.address).waiting() == [], "another key opens nothing"


def test_nothing_is_put_on_a_disk_unless_it_is_wanted_and_never_what_somebody_did_not_want_kept(place):
    place.link.close(0.0)
    link = place.begun(is_saving=False)
    link.start()
    place.part()
    link.keep(entry(0))
    link.close(0.0)
    assert not (place.folder / NAME).exists()
    link = place.begun()
    link.start()
    link.keep(entry(1, is_kept=False))
    link.close(0.0)
    assert place.rows() == 0


def test_a_full_disk_costs_nothing_while_the_program_runs(place):
    place.link.close(0.0)
    (place.folder / NAME).unlink(missing_ok=True)
    (place.folder / NAME).mkdir()  # nothing can be written there
    link = place.begun()
    link.start()
    place.part()
    link.keep(entry(0))
    place.come_back()
    assert place.written() == [0]


def test_a_box_that_is_damaged_is_passed_over(place):
    place.link.close(0.0)
    (place.folder / NAME).write_bytes(b"not a database" * 100)
    link = place.begun()
    link.start()
    link.keep(entry(0))
    until(lambda: place.written() == [0], "the entry")


def test_what_the_desk_took_on_a_line_that_was_cut_before_it_was_erased_is_written_once(place):
    place.part()
    place.link.keep(entry(0))
    place.link.close(0.0)
    rows = Waiting(Identity(place.folder), place.address).waiting()
    place.begun().start()
    place.come_back()
    until(lambda: place.rows() == 0, "the erasing")
    place.link.close(0.0)
    Waiting(Identity(place.folder), place.address).put([said for _, said in rows])
    place.begun().start()
    until(lambda: place.link.state.where == "connected" and place.rows() == 0, "the erasing")
    assert place.written() == [0]


# -- forgetting --------------------------------------------------------------------------------------------------------


def test_a_desk_with_another_certificate_is_refused_until_it_is_forgotten_and_paired_anew(tmp_path):
    one, two = (certificate(tmp_path, name) for name in ("one", "two"))
    keys = MemoryKeys()
    with Desk(Hub(keys, fingerprint=one[1]), certificate=one[0]) as desk:
        port, address = desk.port, Address.parse(f"wss://127.0.0.1:{desk.port}")
        link = Link(address, Identity(tmp_path / "s"), pauses_s=PAUSES_S)
        known = paired(desk, link)
        link.close(0.0)
    keys.revoke(known.id, "it")
    with Desk(Hub(keys, fingerprint=two[1]), certificate=two[0], port=port) as desk:
        link = Link(address, Identity(tmp_path / "s"), pauses_s=PAUSES_S)
        link.start()
        until(lambda: link.state.where == "refused", "the refusal")
        assert link.state.text == links.OTHER_DESK
        link.forget()
        paired(desk, link)
        assert Identity(tmp_path / "s").pinned(address) == two[1]
        link.close(0.0)


def forgetting(home, *arguments):
    environment = {**os.environ, "XDG_DATA_HOME": str(home), "HOME": str(home), "COLUMNS": "300"}
    command = [sys.executable, "-m", "formcheck.cli.main", "desk", "forget", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_the_command_forgets_a_desk_and_what_waits_for_it(tmp_path):
    identity = Identity(tmp_path / "formcheck" / "desk")
    address, other = Address.parse("192.168.1.20"), Address.parse("192.168.1.21")
    for each in (address, other):
        identity.pin(each, "ab" * 32)
        assert Waiting(identity, each).put([entry(0)])
    wrong = forgetting(tmp_path, "192.168.1.22")
    assert wrong.returncode == 1
    assert "was paired with: wss://192.168.1.20:8443, wss://192.168.1.21:8443" in wrong.stderr
    done = forgetting(tmp_path, "192.168.1.20")
    assert (done.returncode, "wss://192.168.1.20:8443 is forgotten" in done.stdout) == (0, True), done.stderr
    assert identity.desks == ("wss://192.168.1.21:8443",)
    assert Waiting(identity, address).waiting() == []
    assert len(Waiting(identity, other).waiting()) == 1
