"""How a station is asked to join a desk: on the command line, in a kiosk's file; and what is loaded without it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from formcheck.app.policy import Policies, Policy
from formcheck.desk.station import DeskPolicy
from formcheck.kiosk.carried import Carried
from formcheck.kiosk.config import KioskConfig, load_config
from formcheck.kiosk.house import build
from formcheck.kiosk.pages import LINES, WATCHED_LINES
from formcheck.screen import ConsentView
from formcheck.system.errors import SettingsError
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
