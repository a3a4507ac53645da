"""The clinic's file: the handbook's own, and files that make no sense."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path

import pygame
import pytest

from formcheck.kiosk.config import KioskConfig, load_config
from formcheck.kiosk.worker import key_names
from formcheck.screen.keys import stand_ins
from formcheck.system.errors import SettingsError

PAGE = Path(__file__).parent.parent.parent / "docs" / "clinics" / "it.md"


@pytest.fixture(autouse=True)
def keyboard(monkeypatch):
    """A keyboard's names are known once there is a screen."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame.display.init()
    yield
    pygame.display.quit()


def load(tmp_path: Path, text: str) -> KioskConfig:
    path = tmp_path / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def test_the_file_of_the_handbook_is_taken_and_names_every_setting(tmp_path):
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    config = load(tmp_path, block)
    assert config.languages == ("en", "es", "fr")
    assert config.night.begins == time(20)
    assert config.camera.fov_deg == 78.0
    named = set(re.findall(r"^\[?(\w+)\]?", block, re.MULTILINE))
    for part, field in KioskConfig.model_fields.items():
        assert part in named | {"staff", "tickets"}
        inner = getattr(field.annotation, "model_fields", {})
        assert set(inner) <= named or part in ("staff", "tickets")
    stand_ins(key_names(config))


@pytest.mark.parametrize(("text", "told"), [
    ('language = "xx"', "language"),
    ("languages = []", "languages"),
    ('languages = ["en", "fr", "es", "en", "xx"]', "languages"),
    ("[times]\nanswer_s = 2", "answer_s"),
    ("[camera]\nfov_deg = 5", "fov_deg"),
    ('[printer]\nname = "a b; rm"', "name"),
    ('[keys]\nF5 = "explode"', "F5"),
    ("[clinic]\nnaem = 1", "naem"),
    ("[sound]\nvolume = 7", "volume"),
])  # fmt: skip
def test_a_file_that_makes_no_sense_is_refused_in_a_sentence_with_its_line(tmp_path, text, told):
    with pytest.raises(SettingsError, match=r"line \d") as refused:
        load(tmp_path, text)
    assert told in str(refused.value)


def test_a_key_that_there_is_none_of_is_refused(tmp_path):
    config = load(tmp_path, '[keys]\nBanana = "one"')
    with pytest.raises(SettingsError, match="Banana"):
        stand_ins(key_names(config))


@pytest.mark.parametrize(("begins", "ends", "now", "is_night"), [
    (time(20), time(7), time(23), True), (time(20), time(7), time(6, 59), True), (time(20), time(7), time(7), False),
    (time(20), time(7), time(19, 59), False), (time(1), time(5), time(3), True), (time(1), time(5), time(5), False),
    (time(8), time(8), time(8), False),
])  # fmt: skip
def test_when_it_is_night(begins, ends, now, is_night):
    config = KioskConfig.model_validate({"night": {"begins": begins, "ends": ends}})
    assert config.night.has(now) is is_night
