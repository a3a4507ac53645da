"""How a station is asked to join a desk: on the command line, in a kiosk's file; and what is loaded without it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from formcheck.app.pages.page import StillPage
from formcheck.app.policy import Policies, Policy
from formcheck.app.speech import Speech
from formcheck.desk.hub import Hub
from formcheck.desk.identity import Address, Identity
from formcheck.desk.link import Link
from formcheck.desk.station import DeskPolicy, Station
from formcheck.kiosk.carried import Carried
from formcheck.kiosk.config import KioskConfig, load_config
from formcheck.kiosk.house import build
from formcheck.kiosk.pages import LINES, WATCHED_LINES
from formcheck.screen import Action, ConsentView, MessageView, SafetyView
from formcheck.system.errors import SettingsError
from tests.desk.running import PAUSES_S, Desk, certificate, paired, until
from tests.kiosk.people import away, chained, lasting, standing
from tests.kiosk.visits import visit

ROOT = Path(__file__).parents[2]


def built(config: KioskConfig):
    return build(config, lambda _: None, lambda: False, Carried())


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.parametrize(("desk", "lines"), [(Policy(), WATCHED_LINES), (None, LINES)], ids=["a desk", "none"])
def test_a_kiosk_with_a_desk_says_so_before_anybody_agrees_and_one_without_does_not(desk, lines):
    asked: list[ConsentView] = []

    def look(_: float, view: object) -> None:
        if isinstance(view, ConsentView):
            asked.append(view)

    config = KioskConfig(languages=("en",))
    seen = visit(chained(away(1), lasting(standing(), 20), away(300)), config, on_view=look, desk=desk)
    assert asked[0].lines == lines
    assert ("kiosk.private" in seen.clips) == (desk is None), "that nothing is sent is said only where it is so"


def test_a_kiosk_joins_the_desk_of_its_file_only(home):
    alone = built(KioskConfig())
    assert alone.rules is alone.policy
    assert not home.exists()
    watched = built(KioskConfig(desk="192.168.1.20"))
    assert isinstance(watched.rules, Policies)
    assert isinstance(watched.desk, DeskPolicy)


def test_a_kiosks_address_without_tls_is_told_with_its_line(tmp_path):
    path = tmp_path / "kiosk.toml"
    path.write_text('exercises = true\ndesk = "http://192.168.1.20"\n', "utf-8")
    with pytest.raises(SettingsError, match="Without TLS a desk can be reached on this machine only"):
        load_config(path)


def test_without_a_desk_nothing_of_a_network_is_even_loaded():
    code = (
        "import json, sys, formcheck.cli.run, formcheck.app.app, formcheck.kiosk.house, formcheck.kiosk.worker\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}
    assert "formcheck" in loaded
    assert not loaded & {"websockets", "starlette", "uvicorn"}


def test_a_wrong_address_is_told_before_anything_is_opened():
    environment = dict(os.environ, SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy", COLUMNS="200")
    command = [sys.executable, "-m", "formcheck.cli.main", "run", "dead-bug", "--no-store", "--desk", "ws://10.0.0.1"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "Without TLS a desk can be reached on this machine only" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["run", "dead-bug"], ["session"], []], ids=["run", "session", "the menu"])
def test_every_window_can_join_a_desk(command):
    environment = dict(os.environ, SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy", COLUMNS="200")
    asked = [sys.executable, "-m", "formcheck.cli.main", *command, "--no-store", "--desk", "ws://10.0.0.1"]
    done = subprocess.run(asked, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert "Without TLS a desk can be reached on this machine only" in done.stderr


@pytest.mark.parametrize("is_public", [False, True], ids=["a laptop", "a kiosk"])
def test_why_a_desk_was_refused_is_shown_and_a_key_forgets_it_only_where_one_person_sits(tmp_path, is_public):
    (one, first), (two, second) = (certificate(tmp_path, name) for name in ("one", "two"))
    with Desk(Hub(fingerprint=first), certificate=one) as desk:
        port, address = desk.port, Address.parse(f"wss://127.0.0.1:{desk.port}")
        link = Link(address, Identity(tmp_path / "s"), pauses_s=PAUSES_S)
        paired(desk, link)
        link.close(0.0)
    with Desk(Hub(fingerprint=second), certificate=two, port=port) as desk:
        identity = Identity(tmp_path / "s")
        link = Link(address, identity, pauses_s=PAUSES_S)
        station = Station(address, Speech, link=link, identity=identity, is_public=is_public)
        link.start()
        until(lambda: link.state.where == "refused", "the refusal")
        page = StillPage(SafetyView(), {}, lambda _: None)
        shown = station.policy.cover(SafetyView(), page, 0.0)
        assert isinstance(shown, MessageView)
        assert "another certificate" in shown.text
        assert any(hint.action is Action.NEXT for hint in shown.hints) is not is_public
        assert station.policy.takes(Action.NEXT, page, 0.0) is not is_public
        if is_public:
            assert identity.pinned(address) == first
            assert station.policy.takes(Action.CONFIRM, page, 0.0)
            assert station.policy.cover(SafetyView(), page, 0.0) == SafetyView(), "put away"
        else:
            until(lambda: link.state.where == "pairing", "a code")
            assert identity.pinned(address) is None
        link.close(0.0)
