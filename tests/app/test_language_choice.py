"""The language of the window: asked for, chosen on its page and kept, of the program, of the system; else English."""

from __future__ import annotations

import json

import pygame
import pytest

from formcheck.app.languages import Languages
from formcheck.app.pages.language import LanguagePage
from formcheck.core.text import phrase
from formcheck.screen import ChoiceView, MessageView, Painter, SafetyView
from formcheck.session.program import load_program
from formcheck.session.registry import load_exercises
from formcheck.session.texts import best_language, languages, translate, translator
from formcheck.system import language as of_this_system
from tests import replay
from tests.app.people import day, press
from tests.app.test_menu import ENTER, ESCAPE

PROGRAM = 'title = "Mine"\nlanguage = "fr"\n[[exercise]]\nname = "glute-bridge"\nreps = 2\nhold_s = 5\n'


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")


class Visitor:
    """Presses a key on each kind of page, once each time it comes up."""

    def __init__(self, **keys):
        self._keys = {kind: list(planned) for kind, planned in keys.items()}
        self._last = ""

    def __call__(self, now_s, view):
        kind = type(view).__name__
        if kind == self._last:
            return
        self._last = kind
        planned = self._keys.get(kind)
        if planned:
            press(*planned.pop(0))


def menu_texts(keys, **known):
    """What is written on the menu when it is left, what was kept, and the run."""
    kept = []
    languages = Languages(**known, keep=kept.append)
    ran = replay.run(None, day()[:30], on_view=Visitor(**{"MenuView": [ESCAPE], **keys}), languages=languages)
    return ran.log.written, kept, ran


def said(language, text):
    return translate(phrase(text), language)


@pytest.mark.parametrize("code", languages())
def test_the_first_page_asks_and_window_and_voice_speak_what_was_chosen_and_it_is_kept(code):
    digit = languages().index(code) + 1
    keys = {"ChoiceView": [(getattr(pygame, f"K_{digit}"), str(digit))]}
    written, kept, ran = menu_texts(keys, is_asked_for=True)
    assert said(code, "Choose an exercise") in written
    assert kept == [code]
    first = next(view for _, view in ran.log.shown)
    assert isinstance(first, ChoiceView)
    assert [option.title for option in first.options] == [translate("English", each) for each in languages()]


def test_each_language_keeps_its_own_name_in_a_window_that_speaks_another():
    painter = Painter(translator("fr"))
    page = LanguagePage(languages(), None, lambda _: None, lambda _: None)
    page.enter(0.0)
    texts = {label.text for label in painter.paint(page.view(0.0), (800, 600)).labels}
    assert {translate("English", code) for code in languages()} <= texts


def test_each_language_is_named_aloud_with_its_number():
    _, _, ran = menu_texts({}, is_asked_for=True)
    assert ran.log.names[:6] == ["language.name", "count.1", "language.name", "count.2", "language.name", "count.3"]


def test_whoever_does_not_choose_gets_the_systems_language_and_is_asked_again():
    written, kept, _ = menu_texts({"ChoiceView": [ENTER]}, is_asked_for=True, system=("fr_CA",))
    assert said("fr", "Choose an exercise") in written
    assert kept == []


@pytest.mark.parametrize("known", [{"asked": "es"}, {"chosen": "es"}])
def test_nobody_is_asked_twice(known):
    written, kept, ran = menu_texts({}, is_asked_for=True, **known)
    assert said("es", "Choose an exercise") in written
    assert kept == []
    assert not any(isinstance(view, ChoiceView) for _, view in ran.log.shown)


def test_it_can_be_changed_in_the_menu():
    keys = {"MenuView": [(pygame.K_l,), ESCAPE], "ChoiceView": [(pygame.K_3, "3")]}
    written, kept, _ = menu_texts(keys, chosen="es")
    assert said(languages()[2], "Choose an exercise") in written
    assert kept == [languages()[2]]


@pytest.mark.parametrize(("known", "spoken"), [({}, "fr"), ({"chosen": "es"}, "es"), ({"asked": "en"}, "en")])
def test_a_program_says_it_where_the_person_has_not(tmp_path, known, spoken):
    path = tmp_path / "program.toml"
    path.write_text(PROGRAM, encoding="utf-8")
    program = load_program(str(path), load_exercises(), replay.BEGAN)
    languages_known = Languages(**known, system=("en_CA",), is_asked_for=True)
    keys = {"SafetyView": [ESCAPE]}
    ran = replay.run(program, day()[:30], on_view=Visitor(**keys), languages=languages_known)
    first = next(view for _, view in ran.log.shown if not isinstance(view, MessageView))
    assert isinstance(first, SafetyView)
    assert said(spoken, "Before you start") in ran.log.written
    assert languages_known.best(program.language) == spoken


@pytest.mark.parametrize(
    ("told", "codes", "best"),
    [
        ({"LANG": "fr_CA.UTF-8"}, ("fr_CA",), "fr"),
        ({"LANGUAGE": "de:es:en", "LANG": "de_DE.UTF-8"}, ("de", "es", "en"), "es"),
        ({"LC_ALL": "C", "LANG": "fr_FR.UTF-8"}, (), None),
        ({"LANG": "sr_RS@latin"}, ("sr_RS",), None),
        ({}, (), None),
    ],
    ids=["Canada", "a list", "none", "not shipped", "silent"],
)
def test_what_the_system_says(monkeypatch, told, codes, best):
    for name in of_this_system.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert of_this_system.system_languages() == codes
    assert best_language(codes) == best


def test_what_was_chosen_is_kept_for_the_next_time(monkeypatch, tmp_path):
    monkeypatch.setattr(of_this_system, "data_folder", lambda: tmp_path / "data")
    assert of_this_system.chosen_language() is None
    Languages.of_this_user(None).choose("fr")
    assert of_this_system.chosen_language() == "fr"
    assert Languages.of_this_user(None).best() == "fr"
    assert not Languages.of_this_user(None).must_ask()
    assert Languages.of_this_user("es").best() == "es"


@pytest.mark.parametrize("content", ["", "[]", json.dumps({"language": "tlh"}), '{"language": 3}'])
def test_a_damaged_or_unknown_choice_is_none(monkeypatch, tmp_path, content):
    monkeypatch.setattr(of_this_system, "data_folder", lambda: tmp_path)
    (tmp_path / of_this_system.CHOSEN).write_text(content)
    assert Languages.of_this_user(None).chosen == ""
