"""One device can't keep the others out: not by asking often, not by asking slowly, not over many lines."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl

import pytest

from formcheck.desk.patience import DEVICES_MAX, Rate, device_of
from formcheck.desk.security import COOKIE
from formcheck.desk.server import desk_of
from formcheck.store import create_store, open_store
from tests.desk.browser import Browser
from tests.desk.conftest import FAST, Clock
from tests.desk.running import PATIENCE_S, until
from tests.desk.test_live import Client, Ears, Room, Running


class Now:
    s = 100.0

    def __call__(self):
        return self.s


@pytest.fixture
def now():
    return Now()


def test_so_many_at_once_then_so_many_a_second(now):
    rate = Rate(2.0, 5, now)
    assert [rate.wait_s("10.0.0.1") for _ in range(5)] == [0.0] * 5
    assert rate.wait_s("10.0.0.1") == pytest.approx(0.5)
    assert rate.wait_s("10.0.0.2") == 0.0
    now.s += 0.49
    assert rate.wait_s("10.0.0.1") == pytest.approx(0.01)
    now.s += 0.02
    assert rate.wait_s("10.0.0.1") == 0.0
    assert rate.wait_s("10.0.0.1") > 0
    now.s += 1000
    assert [rate.wait_s("10.0.0.1") for _ in range(6)] == [0.0] * 5 + [pytest.approx(0.5)]


def test_whoever_goes_on_knocking_gets_in_again_all_the_same(now):
    rate = Rate(1.0, 1, now)
    assert rate.wait_s("a") == 0.0
    waits = []
    for _ in range(20):
        now.s += 0.1
        waits.append(rate.wait_s("a"))
    assert waits.count(0.0) in (1, 2)


def test_a_network_of_the_sixth_version_is_one_device():
    assert device_of("2001:db8::1") == device_of("2001:db8::ffff:2") != device_of("2001:db8:0:1::1")
    assert device_of("fe80::1%eth0") == device_of("fe80::2")
    assert device_of("10.0.0.1") != device_of("10.0.0.2")


def test_what_is_kept_of_devices_is_bounded(now):
    rate = Rate(1.0, 2, now)
    for i in range(DEVICES_MAX + 500):
        rate.wait_s(f"10.{i // 65536}.{i // 256 % 256}.{i % 256}")
    assert len(rate) == DEVICES_MAX


@pytest.fixture
def parts(tmp_path, now):
    where = str(tmp_path / "s.db")
    create_store(where, "none").close()
    parts = desk_of(tmp_path / "desk", lambda: open_store(where), now=Clock(), hasher=FAST, rate=Rate(0.25, 6, now))
    yield parts
    parts.close()


def test_who_asks_too_often_is_told_so_in_a_sentence(parts, now):
    busy, other = Browser(parts.app, "192.0.2.1"), Browser(parts.app, "192.0.2.2")
    busy.cookies[COOKIE] = "made up"  # no log-in is looked for either
    assert [busy.get("/login").status for _ in range(7)] == [200] * 6 + [429]
    answer = busy.get("/login")
    assert "asked too often" in answer.words
    assert answer.header("retry-after") == "4"
    assert answer.header("content-security-policy")
    answer = busy.get("/login", accept="application/json")
    assert (answer.status, "asked too often" in json.loads(answer.content)["text"]) == (429, True)
    assert busy.post("/login", {"name": "clara"}).status == 429
    assert other.get("/login").status == 200
    now.s += 4
    assert busy.get("/login").status == 200
    assert busy.get("/login").status == 429


# -- on a real line --------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path):
    with Running(tmp_path) as running:
        yield running


@pytest.fixture
def line(desk):
    """Makes lines to the desk on which nothing was said yet."""
    lines = []
    trust = ssl.create_default_context(cafile=str(desk.tls.certificate))

    def made():
        plain = socket.create_connection(("127.0.0.1", desk.port), PATIENCE_S)
        lines.append(trust.wrap_socket(plain, server_hostname="127.0.0.1"))
        return lines[-1]

    yield made
    for each in lines:
        each.close()


def said(line):
    """All that comes until the desk hangs up."""
    heard = b""
    with contextlib.suppress(ConnectionResetError, ssl.SSLEOFError):
        while data := line.recv(65536):
            heard += data
    line.close()
    return heard


@pytest.mark.parametrize("begun", [b"", b"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "])
def test_who_does_not_come_to_an_end_is_hung_up_on(line, monkeypatch, begun):
    monkeypatch.setattr("formcheck.desk.patience.HEADERS_S", 0.1)
    slow = line()
    slow.sendall(begun)
    assert said(slow) == b""


def test_a_second_request_that_never_ends_is_hung_up_on_too(line, monkeypatch):
    monkeypatch.setattr("formcheck.desk.patience.HEADERS_S", 1.0)
    slow = line()
    slow.sendall(b"GET /static/icon.svg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    heard = b""
    while not heard.rstrip().endswith(b"</svg>"):
        heard += slow.recv(65536)
    slow.sendall(b"GET /login HTTP/1.1\r\n")
    assert said(slow) == b""


def test_a_body_that_never_comes_is_a_sentence(line, monkeypatch):
    monkeypatch.setattr("formcheck.desk.security.BODY_S", 0.1)
    slow = line()
    slow.sendall(
        b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 500\r\nConnection: close\r\n\r\nname=cl"
    )
    heard = said(slow)
    assert heard.startswith(b"HTTP/1.1 408")
    assert b"That came too slowly" in heard


def test_who_listens_may_listen_for_longer(desk, line, monkeypatch):
    monkeypatch.setattr("formcheck.desk.security.BODY_S", 1.0)
    monkeypatch.setattr("formcheck.desk.patience.HEADERS_S", 1.5)
    chief = Client(desk, "chief")
    ears = Ears(chief)
    until(lambda: ears.heard, "the first word")
    assert said(line()) == b""  # meanwhile the desk has lost patience with another one
    room = Room(desk, chief)
    until(lambda: ears.last("station"), "a station that came later")
    ears.close()
    room.link.close(0.1)


def test_a_station_that_is_connected_is_not_hung_up_on(desk, line, monkeypatch):
    monkeypatch.setattr("formcheck.desk.patience.HEADERS_S", 1.0)
    chief = Client(desk, "chief")
    room = Room(desk, chief)
    assert said(line()) == b""  # the desk lost patience with a line that was opened later
    room.work(reps=3)
    until(lambda: (s := desk.parts.hub.stations()[0].status) and s.reps == 3, "the status")
    assert room.link.state.where == "connected"
    room.link.close(0.1)


def test_one_device_has_only_so_many_lines(desk, line, monkeypatch):
    monkeypatch.setattr("formcheck.desk.patience.LINES", 3)
    lines = [line() for _ in range(3)]
    assert said(line()) == b""
    for each in lines:
        each.sendall(b"GET /static/icon.svg HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert said(each).startswith(b"HTTP/1.1 200")
    until(lambda: not desk.server.server_state.connections, "the end of all lines")
    again = line()
    again.sendall(b"GET /static/icon.svg HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert said(again).startswith(b"HTTP/1.1 200")
