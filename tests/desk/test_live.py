"""The whole desk as it runs: TLS, a browser that listens, a station that is steered and corrected; the command."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from argon2 import PasswordHasher

from formcheck.core.rules.events import ReachSuggested, RepAmended, RepCompleted, RepState
from formcheck.desk import certificate, server, wire
from formcheck.desk.identity import Address, Identity
from formcheck.desk.link import Link
from formcheck.session.document import Proposal
from formcheck.session.record import SetRecord
from formcheck.session.registry import load_exercises
from formcheck.session.session_record import SessionRecord
from formcheck.session.wire import events_entry, proposals_entry, session_entry, set_end_entry, set_entry
from formcheck.store import Identity as PersonName
from formcheck.store import create_store, open_store
from formcheck.system.errors import FormcheckError, UsageError
from tests.desk.conftest import PASSWORD, PEOPLE, Clock
from tests.desk.running import PATIENCE_S, until
from tests.desk.test_wire import frame

FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
SET = "00000000-0000-7000-9000-000000000001"
SESSION = "00000000-0000-7000-9000-000000000009"
UTC_TEXT = "2026-11-30T08:00:00.000Z"
DEAD_BUG = load_exercises().get("dead-bug")


class Running:
    """`formcheck desk` with TLS, in a thread."""

    def __init__(self, folder):
        self.folder, self.where, self.clock = folder, str(folder / "store.db"), Clock()
        create_store(self.where, "none").close()
        self.tls = certificate.self_made(folder / "desk", {"127.0.0.1"})
        self.parts = server.desk_of(
            folder / "desk",
            lambda: open_store(self.where),
            fingerprint=self.tls.fingerprint,
            now=self.clock,
            hasher=FAST,
        )
        for name, roles in PEOPLE.items():
            accounts = self.parts.desk.accounts
            accounts.accept(accounts.invite(name, roles), name, PASSWORD, "terminal")
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.server = server.server_of(self.parts, "127.0.0.1", self.port, self.tls)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        asyncio.run(self.server.serve(sockets=[self._socket]))

    def __enter__(self):
        self._thread.start()
        until(lambda: self.server.started, "the server's start")
        return self

    def __exit__(self, *_):
        self.server.should_exit = True
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()
        self.parts.close()


class Client:
    """A browser, over TLS."""

    def __init__(self, desk, name=None):
        self.desk, self.cookies, self.csrf = desk, {}, ""
        self.ears = []
        self._trust = ssl.create_default_context(cafile=str(desk.tls.certificate))
        if name:
            self.get("/login")
            assert self.post("/login", {"name": name, "password": PASSWORD}).status == 303
            self.get("/live")

    def open(self, path, method="GET", body=None, **headers):
        line = http.client.HTTPSConnection("127.0.0.1", self.desk.port, context=self._trust, timeout=PATIENCE_S)
        headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line.request(method, path, body, headers)
        answer = line.getresponse()
        answer.line = line
        for value in answer.headers.get_all("set-cookie") or ():
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer

    def get(self, path):
        answer = self.open(path)
        answer.text = answer.read().decode()
        answer.line.close()
        if found := re.search(r'name="csrf" content="([0-9a-f]+)"', answer.text):
            self.csrf = found[1]
        return answer

    def post(self, path, fields, **headers):
        headers |= {
            "content-type": "application/x-www-form-urlencoded",
            "origin": f"https://127.0.0.1:{self.desk.port}",
        }
        answer = self.open(path, "POST", urlencode({"csrf": self.csrf, **fields}), **headers)
        answer.text = answer.read().decode()
        answer.line.close()
        return answer

    def send(self, path, fields):
        answer = self.post(path, fields, accept="application/json")
        return answer.status, json.loads(answer.text)["text"]


class Ears:
    """What a browser hears on the live page, until it is told that it was logged out."""

    def __init__(self, client):
        self.heard = []
        self._answer = client.open("/live/events")
        client.ears.append(self)
        assert self._answer.status == 200
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self):
        with contextlib.suppress(OSError):
            self._answer.line.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENCE_S)
        self._answer.close()
        self._answer.line.close()

    def _listen(self):
        kind = ""
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
            for raw in self._answer:
                line = raw.decode().rstrip("\n")
                if line.startswith("event: "):
                    kind = line[7:]
                elif line.startswith("data: "):
                    self.heard.append((kind, json.loads(line[6:])))

    def last(self, kind):
        return next((data for each, data in reversed(self.heard) if each == kind), None)


class Room:
    """A station that does what it is told, by hand."""

    def __init__(self, desk, chief):
        self.link = Link(
            Address.parse(f"https://127.0.0.1:{desk.port}"), Identity(desk.folder / "station"), name="Room <2>",
            pauses_s=(0.02, 0.1),
        )  # fmt: skip
        self.link.start()
        code = until(lambda: self.link.state.code, "a code")
        until(lambda: "show a code" in chief.get("/stations/waiting").text, "a request")
        assert chief.post("/stations/pair", {"code": f"{code[:3]} {code[3:]}"}).status == 303
        until(lambda: self.link.state.where == "connected", "the connection")
        self.id = desk.parts.book and next(iter(desk.parts.hub.stations())).id
        self.i = 0
        self.session = SessionRecord.begin(SESSION, None)

    def say(self, entry, **about):
        self.link.keep(
            wire.EntrySaid(
                k=0, session_id=SESSION, i=self.i, kind=entry.kind, set_id=entry.set_id, utc=entry.utc,
                body=dict(entry.body), **about,
            )
        )  # fmt: skip
        self.i += 1

    def begin(self, **about):
        """A session with one set of dead bugs."""
        self.say(replace(session_entry(self.session), utc=UTC_TEXT), **about)
        self.say(set_entry(SetRecord.begin(SET, DEAD_BUG, started_utc=UTC_TEXT, asked=(12, False))))

    def work(self, **about):
        told = {
            "page": "set",
            "session_id": SESSION,
            "set_id": SET,
            "exercise": "dead-bug",
            "title": "Dead bug",
            "stage": "working",
            **about,
        }
        self.link.tell(wire.Status(**told))

    def event(self, *events):
        self.say(events_entry(SET, events, UTC_TEXT))

    def over(self, outcome="done"):
        """The set is over."""
        record = SetRecord.begin(SET, DEAD_BUG)
        record.finish(outcome)
        self.say(set_end_entry(record, UTC_TEXT))
        self.link.tell(wire.Status(page="summary", session_id=SESSION))

    def done(self):
        """The next command, done."""
        (command,) = until(self.link.commands, "a command")
        self.link.pass_on(wire.Done(id=command.id, ok=True))
        return command


@pytest.fixture
def desk(tmp_path):
    with Running(tmp_path) as running:
        yield running


@pytest.fixture
def chief(desk):
    client = Client(desk, "chief")
    yield client
    for ears in client.ears:
        ears.close()


@pytest.fixture
def room(desk, chief):
    room = Room(desk, chief)
    yield room
    room.link.close(0.1)
    until(lambda: not any(each.is_online for each in desk.parts.hub.stations()), "the end of the line")


def amended(of_seq, index, was, now, seq=1):
    states = (RepState(True, verdict, None, ()) for verdict in (was, now))
    return RepAmended(21.0, of_seq, index, *states, by="clinician x", why="by eye", set_id=SET, seq=seq)


def rep(seq, index, verdict="clean"):
    return RepCompleted(10.0 * index, index=index, verdict=verdict, set_id=SET, seq=seq)


def test_what_a_station_tells_is_on_the_live_page(chief, room):
    ears = Ears(chief)
    until(lambda: ears.last("stations"), "the stations")
    room.begin()
    room.work(reps=1, clean=1)
    room.link.show(frame())
    room.event(rep(0, 1))
    told = until(lambda: (s := ears.last("station")) and s["reps"] and s, "a repetition")
    assert told["name"] == "Room <2>"
    assert told["reps"] == [{"index": 1, "side": "", "told": "clean", "now": "clean", "verdict": "clean", "why": ""}]
    assert "fault:low-back-arch" in told["choices"]
    shown = until(lambda: ears.last("frame"), "a figure")
    assert len(shown["frame"]["xy"]) == 66
    room.work(hurts=True)
    until(lambda: ears.last("station")["hurts"], "the pain")


def test_what_the_desk_wants_comes_to_the_station_with_who_wants_it(desk, chief, room):
    room.begin()
    room.event(rep(0, 1, "not-judged"))
    room.work(asked=12, settings={"reach_hip_deg": 130.0})
    until(lambda: desk.parts.hub.stations()[0].status, "the status")
    until(lambda: len(desk.parts.hub.stations()[0].entries) == 3, "the repetition")
    answers = []

    def click(path, fields):
        threading.Thread(target=lambda: answers.append(chief.send(f"/live/{room.id}/{path}", fields))).start()
        command = room.done()
        until(lambda: answers, "an answer")
        assert answers.pop() == (200, "Done.")
        assert re.fullmatch(r"clinician [0-9a-f]{8}", command.by)
        return command

    assert click("steer", {"to": "pause"}).to == "pause"
    assert click("say", {"line": "<b>Slowly</b>"}).line == "<b>Slowly</b>"
    fine = click("correct", {"rep": "1", "choice": "clean", "why": "by eye"})
    assert (fine.what, fine.verdict, fine.rep, fine.why, fine.set_id) == ("verdict", "clean", 1, "by eye", SET)
    minus = click("correct", {"rep": "1", "choice": "no-count"})
    assert (minus.what, minus.is_so) == ("count", False)
    plus = click("correct", {"rep": "new", "choice": "clean", "side": "left", "why": "it was small"})
    assert (plus.what, plus.verdict, plus.side, plus.why) == ("add", "clean", "left", "it was small")
    faulty = click("correct", {"rep": "new", "choice": "fault:low-back-arch"})
    assert (faulty.what, faulty.verdict, faulty.fault) == ("add", "faulty", "low-back-arch")
    assert click("say", {"cue": "low-back-arch"}).cue == "low-back-arch"
    reach = click("threshold", {"set": SET, "setting": "reach_hip_deg", "value": "120", "why": "sore hip"})
    assert (reach.setting, reach.value, reach.why, reach.set_id) == ("reach_hip_deg", 120.0, "sore hip", SET)
    eight = click("dose", {"set": SET, "reps": "8", "why": "tired"})
    assert (eight.reps, eight.why, eight.set_id) == (8, "tired", SET)
    fault = click("correct", {"rep": "1", "choice": "fault:low-back-arch"})
    assert (fault.what, fault.fault, fault.is_so) == ("fault", "low-back-arch", True)
    room.event(amended(0, 1, "not-judged", "clean"))
    until(lambda: len(desk.parts.hub.stations()[0].entries) == 4, "the amendment")
    assert click("correct", {"rep": "1", "choice": "as-told"}).what == "as-told"
    for fields in ({"rep": "0", "choice": "clean"}, {"rep": "1", "choice": "fault:none"}, {"rep": "1", "choice": ""}):
        assert chief.send(f"/live/{room.id}/correct", fields)[0] == 400
    assert chief.send(f"/live/{room.id}/steer", {"to": "explode"})[0] == 400
    assert chief.send("/live/ffffffffffffffff/steer", {"to": "next"})[0] == 400
    with open_store(desk.where) as store, store.database.reading() as connection:
        from formcheck.store import tables

        rows = [row.detail for row in connection.execute(tables.audit.select()) if row.what == "command"]
    assert f"station {room.id}: steer pause" in rows
    assert f"station {room.id}: threshold reach_hip_deg = 120 of set {SET}" in rows


@pytest.mark.parametrize(
    ("what", "fields", "words"),
    [
        ("threshold", {"set": SET, "setting": "reach_hip_deg", "value": "900", "why": "x"}, "use 110 to 175"),
        ("threshold", {"set": SET, "setting": "nose", "value": "9", "why": "x"}, "is not a setting"),
        ("threshold", {"set": SET, "setting": "reach_hip_deg", "value": "nan", "why": "x"}, "Type a number"),
        ("threshold", {"set": SET, "setting": "reach_hip_deg", "value": "x", "why": "x"}, "Type a number"),
        ("threshold", {"set": SET, "setting": "reach_hip_deg", "value": "120", "why": " "}, "Say why"),
        ("threshold", {"set": "other", "setting": "reach_hip_deg", "value": "120", "why": "x"}, "does not go on"),
        ("dose", {"set": SET, "reps": "0", "why": "x"}, "1 to 100"),
        ("dose", {"set": SET, "reps": "101", "why": "x"}, "1 to 100"),
        ("dose", {"set": SET, "reps": "8", "why": ""}, "Say why"),
        ("accept", {"offer": "0"}, "not proposed any more"),
        ("assign", {"person": "0" * 32}, "no such person"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_a_sentence_and_told_to_no_station(desk, chief, room, what, fields, words):
    room.begin()
    room.work(asked=12)
    until(lambda: (s := desk.parts.hub.stations()[0]).status and len(s.entries) == 2, "the set")
    status, text = chief.send(f"/live/{room.id}/{what}", fields)
    assert status in (400, 404)
    assert words in text
    assert room.link.commands() == []


def entries_at(desk, count):
    until(lambda: len(desk.parts.hub.stations()[0].entries) == count, f"{count} entries")


def test_a_set_that_is_over_stays_on_the_tile_and_is_corrected_in_the_store(desk, chief, room):
    ears = Ears(chief)
    room.begin()
    room.work(reps=1, clean=1)
    room.event(rep(0, 1))
    room.over()
    until(lambda: (s := ears.last("station")) and s["is_over"] and s["reps"] and s, "the end of the set")
    for fields in (
        {"rep": "new", "choice": "clean", "why": "small"},
        {"rep": "1", "choice": "no-count", "why": "half"},
    ):
        status, text = chief.send(f"/live/{room.id}/correct", {"set": SET, **fields})
        assert (status, text) == (200, "Done. The set is over: it stands in the record.")
    shown = until(lambda: (s := ears.last("station")) and len(s["reps"]) == 2 and s["reps"][0]["verdict"] == "" and s)
    assert [(each["index"], each["told"], each["now"]) for each in shown["reps"]] == [
        (1, "clean", "not counted"), (-1, "not counted", "clean"),
    ]  # fmt: skip
    assert room.link.commands() == [], "the station has nothing to do with it"
    with open_store(desk.where) as store:
        kept = store.one(SESSION)
    assert [(each.kind, each.why) for each in kept.amended] == [("RepAdded", "small"), ("RepAmended", "half")]
    assert [(each.index, each.is_added) for each in kept.session.sets[0].reps] == [(-1, True)]


def test_whose_session_it_is_stands_on_the_tile(desk, chief, room):
    with open_store(desk.where) as store:
        ann, bo = store.add_person(PersonName("Ann")), store.add_person(PersonName("Bo"))
    ears = Ears(chief)
    people = chief.get("/live/people")
    assert sorted(json.loads(people.text)["people"]) == sorted([[ann, f"{ann[:8]} Ann"], [bo, f"{bo[:8]} Bo"]])
    room.link.tell(wire.Status(page="choice", session_id=SESSION))
    until(lambda: (s := ears.last("station")) and s["session_id"] == SESSION and s["person"] == "", "nobody's")
    assert chief.send(f"/live/{room.id}/assign", {"person": ann}) == (200, "Done.")
    until(lambda: ears.last("station")["person"] == ann[:8], "before it begins")
    room.begin()
    room.work()
    entries_at(desk, 2)
    assert chief.send(f"/live/{room.id}/assign", {"person": bo}) == (200, "Done.")
    until(lambda: ears.last("station")["person"] == bo[:8], "after it began")
    with open_store(desk.where) as store:
        assert store.one(SESSION).person == bo
    assert chief.send(f"/live/{room.id}/assign", {"person": ""}) == (200, "Done.")
    until(lambda: ears.last("station")["person"] == "", "nobody's again")


def test_what_is_shown_only_says_so(desk, chief, room):
    ears = Ears(chief)
    room.begin(is_kept=False)
    room.work()
    told = until(lambda: (s := ears.last("station")) and s["set_id"] and s, "the set")
    assert not told["is_kept"]
    with open_store(desk.where) as store:
        assert store.kept() == []


def test_a_shorter_reach_that_the_coach_proposes_is_accepted_at_once_and_for_the_next_sessions(desk, chief, room):
    with open_store(desk.where) as store:
        ann = store.add_person(PersonName("Ann"))
    room.begin()
    room.work()
    room.event(ReachSuggested(9.0, "low-back-arch", "reach_hip_deg", 128.0, "deg", 3, set_id=SET, seq=0))
    entries_at(desk, 3)
    until(lambda: desk.parts.hub.stations()[0].status, "the status")
    ears = Ears(chief)
    told = until(lambda: ears.last("stations"), "the stations")
    assert told[0]["offers"] == ["reach_hip_deg = 128 deg: a fault began there 3 times"]
    assert chief.send(f"/live/{room.id}/assign", {"person": ann}) == (200, "Done.")
    answers = []
    threading.Thread(target=lambda: answers.append(chief.send(f"/live/{room.id}/accept", {"offer": "0"}))).start()
    command = room.done()
    until(lambda: answers, "an answer")
    assert (command.setting, command.value, command.set_id) == ("reach_hip_deg", 128.0, SET)
    assert command.why == "the coach's proposal, accepted"
    with open_store(desk.where) as store:
        (choice,) = store.choices(ann)
    assert (choice["exercise"], choice["what"], choice["value"]) == ("dead-bug", "reach_hip_deg", 128.0)
    assert re.fullmatch(r"clinician [0-9a-f]{8}", choice["by"])


def test_a_next_step_is_accepted_only_where_it_is_known_whose_it_is(desk, chief, room):
    with open_store(desk.where) as store:
        ann = store.add_person(PersonName("Ann"))
    room.begin()
    room.over()
    step = Proposal(exercise="dead-bug", what="reps", was=12, value=14, why="easy", text="Do 14 next time.")
    room.session.proposals = (step,)
    room.say(proposals_entry(room.session, UTC_TEXT))
    entries_at(desk, 4)
    until(lambda: desk.parts.hub.stations()[0].status, "the status")
    status, text = chief.send(f"/live/{room.id}/accept", {"offer": "0"})
    assert (status, text) == (400, "Say first whose session this is: it holds for the next ones.")
    chief.send(f"/live/{room.id}/assign", {"person": ann})
    assert chief.send(f"/live/{room.id}/accept", {"offer": "0"}) == (200, "Done.")
    with open_store(desk.where) as store:
        assert [(each["what"], each["value"]) for each in store.choices(ann)] == [("reps", 14.0)]


def test_who_may_only_lead_changes_nothing_of_the_record(desk, room):
    asim = Client(desk, "asim")
    room.begin()
    room.work()
    for what in ("threshold", "dose", "accept", "assign", "correct"):
        assert asim.send(f"/live/{room.id}/{what}", {"set": SET})[0] == 403
    assert asim.get("/live/people").status == 403


def test_both_values_stand_side_by_side(chief, room):
    ears = Ears(chief)
    room.begin()
    room.work(reps=2, clean=2)
    room.event(rep(0, 1))
    room.event(rep(1, 2))
    was, now = RepState(True, "clean", None, ()), RepState(False, "clean", None, ())
    room.event(
        RepAmended(21.0, of_seq=1, index=2, was=was, now=now, by="clinician x", why="a stumble", set_id=SET, seq=2)
    )
    room.work(reps=1, clean=1)
    told = until(lambda: (s := ears.last("station")) and s["counts"]["reps"] == 1 and len(s["reps"]) == 2 and s, "both")
    assert (told["reps"][1]["told"], told["reps"][1]["now"], told["reps"][1]["why"]) == (
        "clean", "not counted", "a stumble",
    )  # fmt: skip


def test_a_browser_that_was_logged_out_hears_no_more(desk, chief, room, monkeypatch):
    monkeypatch.setattr("formcheck.desk.live.BEAT_S", 0.05)
    ears = Ears(chief)
    until(lambda: ears.last("beat") is None and ("beat", None) in ears.heard, "a beat")
    desk.clock.s += 3600
    until(lambda: ("bye", None) in ears.heard, "the end")
    n = len(ears.heard)
    room.work(reps=5)
    until(lambda: (s := desk.parts.hub.stations()[0].status) and s.reps == 5, "the status")
    assert len(ears.heard) == n


def test_a_station_that_is_revoked_is_cut_off(desk, chief, room):
    ears = Ears(chief)
    until(lambda: ears.last("stations"), "the stations")
    chief.get("/stations")
    assert chief.post(f"/stations/{room.id}/revoke", {}).status == 303
    until(lambda: ears.last("gone"), "its end")
    until(lambda: room.link.state.where != "connected", "the cut")
    assert desk.parts.hub.stations() == ()
    assert chief.post(f"/stations/{room.id}/revoke", {}).status == 404


def test_a_wrong_code_lets_nobody_in_and_is_noted(desk, chief):
    chief.get("/stations")
    answer = chief.post("/stations/pair", {"code": "123456"})
    assert answer.status == 400
    assert "No station shows this code" in answer.text
    assert desk.parts.hub.stations() == ()


def test_a_web_page_can_not_open_the_stations_door(desk):
    import websockets.sync.client as client
    from websockets.exceptions import InvalidStatus

    trust = ssl.create_default_context(cafile=str(desk.tls.certificate))
    address = f"wss://127.0.0.1:{desk.port}{wire.PATH}"
    with pytest.raises(InvalidStatus):
        client.connect(address, ssl=trust, origin="https://evil.example", proxy=None)
    with pytest.raises(InvalidStatus):
        client.connect(address, ssl=trust, additional_headers={"Host": "evil.example"}, proxy=None)


# -- the certificate and the command -----------------------------------------------------------------------------------


def test_the_desk_s_own_certificate_stays_until_it_is_too_old(tmp_path):
    one = certificate.self_made(tmp_path, {"127.0.0.1", "desk.local"})
    assert certificate.self_made(tmp_path, {"10.0.0.1"}).fingerprint == one.fingerprint
    later = datetime.now(UTC) + timedelta(days=certificate.DAYS + 1)
    assert certificate.self_made(tmp_path, {"127.0.0.1"}, later).fingerprint != one.fingerprint
    assert one.key.stat().st_mode & 0o077 == 0


def test_a_key_of_another_certificate_is_refused(tmp_path):
    one, two = certificate.self_made(tmp_path / "a", {"x"}), certificate.self_made(tmp_path / "b", {"x"})
    with pytest.raises(FormcheckError, match="not the key"):
        certificate.given(one.certificate, two.key)
    with pytest.raises(FormcheckError, match="no certificate"):
        certificate.given(one.key, one.key)


@pytest.mark.parametrize(
    ("host", "tls", "accounts", "is_fine"),
    [
        ("127.0.0.1", False, False, True), ("localhost", False, True, True), ("0.0.0.0", False, True, False),
        ("192.168.1.20", True, False, False), ("192.168.1.20", True, True, True), ("::", True, True, True),
    ],
)  # fmt: skip
def test_others_can_reach_it_only_with_tls_and_an_account(host, tls, accounts, is_fine):
    with contextlib.nullcontext() if is_fine else pytest.raises(UsageError):
        server.check_host(host, has_tls=tls, has_accounts=accounts)


def command(tmp_path, *arguments):
    environment = os.environ | {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    return [sys.executable, "-u", "-m", "formcheck.cli.main", "desk", *arguments], environment


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--host", "0.0.0.0"], 2, "--self-signed"),
        (["--host", "0.0.0.0", "--self-signed", "--store", "STORE"], 2, "Nobody has an account yet"),
        (["--tls-cert", "x.pem"], 2, "together"),
        (["--store", "STORE", "--tls-cert", "x.pem", "--tls-key", "y.pem"], 1, "no certificate and key"),
        (["--store", "nowhere.db"], 1, "formcheck store create"),
    ],
)
def test_the_command_refuses_in_a_sentence(tmp_path, arguments, code, words):
    create_store(str(tmp_path / "s.db"), "none").close()
    asked, environment = command(tmp_path, *(str(tmp_path / "s.db") if a == "STORE" else a for a in arguments))
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_prints_how_to_get_in_and_no_name(tmp_path):
    create_store(str(tmp_path / "s.db"), "none").close()
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    asked, environment = command(tmp_path, "--port", str(port), "--self-signed", "--store", str(tmp_path / "s.db"))
    with subprocess.Popen(asked, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as ran:
        assert ran.stdout is not None
        lines = []
        for line in ran.stdout:
            lines.append(line.strip())
            if "use this code" in line:
                break
        tls = certificate.self_made(tmp_path / "data" / "formcheck" / "desk", ())
        pairs = re.search(r"certificate: ([0-9A-F:]{95})$", "\n".join(lines), re.MULTILINE)
        assert pairs is not None
        assert pairs[1].replace(":", "").lower() == tls.fingerprint
        trust = ssl.create_default_context(cafile=str(tls.certificate))

        def answer():
            with contextlib.suppress(OSError):
                line = http.client.HTTPSConnection("127.0.0.1", port, context=trust, timeout=PATIENCE_S)
                with contextlib.closing(line):
                    line.request("GET", "/login")
                    return line.getresponse().status

        assert until(answer, "an answer") == 200
        ran.terminate()
        rest = ran.stdout.read()
    assert rest == ""
