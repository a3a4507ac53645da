"""No English is left on the screen: whole sessions, in a language in which every letter of a known text is `é`."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import replace
from gettext import NullTranslations
from string import Formatter

import pygame
import pytest
from babel.messages.pofile import read_po

from formcheck.screen import DebugNumbers, MenuView, Painter, SafetyView, View, ViewModel
from formcheck.session.program import load_program
from formcheck.session.registry import load_exercises
from formcheck.session.texts import translator_of
from formcheck.system.assets import asset
from tests import replay
from tests.app.people import Person, day
from tests.screen.samples import SOUNDS

KNOWN = {
    text
    for message in read_po(io.BytesIO(asset("text", "formcheck.pot").read_bytes()))
    for text in (message.id if isinstance(message.id, tuple) else (message.id,))
}
NAMES = re.compile(r"FormCheck|formcheck[a-z ]*")
KEYS = {"H", "N", "R", "X", "M", "P", "V", "F", "D", "S", "K", "A", "L"}


class Pseudo(NullTranslations):
    """Turns every letter of a known text outside its values into `é`; what is not known stays as it is."""

    def gettext(self, message: str) -> str:
        return accented(message) if message in KNOWN else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def accented(pattern: str) -> str:
    parts = []
    for literal, name, spec, _ in Formatter().parse(pattern):
        parts.append(re.sub("[A-Za-z]", "é", literal))
        parts.append("" if name is None else f"{{{name}{':' if spec else ''}{spec}}}")
    return "".join(parts)


def english_in(painter: Painter, view: View, size: tuple[int, int] = (1280, 720)) -> set[str]:
    """The texts with letters that no translation reached."""
    labels = {label.text for label in painter.paint(view, size, sound=SOUNDS["muted"]).labels} - KEYS
    return {text for text in labels if re.search("[A-Za-z]", NAMES.sub("", text))}


def distinct(views: Iterable[View]) -> list[View]:
    """One view for each set of texts: pictures and bodies don't matter."""
    found: dict[str, View] = {}
    for view in views:
        if isinstance(view, ViewModel):
            snapshot = replace(view.snapshot, progress=0.0, hold_s=0.0, countdown_s=0.0)
            bare = replace(view, image=None if view.image is None else view.image[:0], pose=None, back=None)
            bare = replace(bare, debug=DebugNumbers() if view.debug and view.debug.lines else None)
            key = repr(replace(bare, snapshot=replace(snapshot, back_trace=type(snapshot.back_trace)())))
        else:
            key = re.sub("[0-9.]+", "", repr(view))
        found.setdefault(key, view)
    return list(found.values())


@pytest.fixture
def painter(monkeypatch) -> Painter:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    return Painter(translator_of(Pseudo()))


def test_a_text_that_nobody_marked_is_found(painter):
    assert english_in(painter, MenuView(notice="Nobody has translated this.")) == {"Nobody has translated this."}
    assert not english_in(painter, SafetyView())


def test_no_english_is_left_in_a_whole_session(painter, tmp_path):
    path = tmp_path / "day.toml"
    path.write_text(PROGRAM, encoding="utf-8")
    program = load_program(str(path), load_exercises(), replay.BEGAN)
    person = Person(2, 8, efforts=(4,), keys={20.0: pygame.K_d, 25.0: pygame.K_h, 27.0: pygame.K_h})
    ran = replay.run(program, day(), on_view=person)
    shown = distinct(view for _, view in ran.log.shown)
    assert len(shown) > 20
    assert {text for view in shown for text in english_in(painter, view)} == set()


PROGRAM = """
title = "1234"
[[exercise]]
name = "glute-bridge"
reps = 2
hold_s = 5
rest_s = 12
[[exercise]]
name = "dead-bug"
reps = 2
sets = 1
rest_s = 14
"""
