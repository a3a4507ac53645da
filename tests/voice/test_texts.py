"""Texts and their translations: a language is added by a folder, without a line of code."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from formcheck.core.feedback.phrases import NUMBERS, common_cues
from formcheck.session.texts import catalogue, languages, translate, translator
from formcheck.system.assets import asset


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder with a tiny French catalogue: the same English words, said differently in two exercises."""
    messages = Catalog(locale="fr")
    messages.add("Stay long for two seconds.", "Reste long deux secondes.", context="bird-dog.short-hold")
    messages.add("Same words.", "Tu restes droit.", context="a.cue")
    messages.add("Same words.", "Tu restes droite.", context="b.cue")
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "formcheck.mo").open("wb") as file:
        write_mo(file, messages)
    return tmp_path


def test_a_language_is_added_by_a_folder(texts: Path) -> None:
    assert languages(texts) == ("en", "fr")
    assert translate("bird-dog.short-hold", "Stay long for two seconds.", "fr", texts) == "Reste long deux secondes."


def test_the_cue_decides_between_equal_english_texts(texts: Path) -> None:
    assert [translate(f"{cue}.cue", "Same words.", "fr", texts) for cue in "ab"] == [
        "Tu restes droit.",
        "Tu restes droite.",
    ]


@pytest.mark.parametrize(
    ("cue", "text", "language"),
    [
        ("bird-dog.head-drop", "Look at the mat's edge.", "fr"),
        ("bird-dog.short-hold", "A newer English text.", "fr"),
        ("bird-dog.short-hold", "Stay long for two seconds.", "de"),
        ("bird-dog.short-hold", "Stay long for two seconds.", "en"),
    ],
    ids=["not translated yet", "text changed since", "no such language", "English"],
)
def test_without_a_translation_it_is_english(texts: Path, cue: str, text: str, language: str) -> None:
    assert translate(cue, text, language, texts) == text


def test_the_texts_on_the_screen_follow_the_language_of_the_program(texts: Path) -> None:
    french, english = translator("fr", texts), translator("en", texts)
    assert french("Stay long for two seconds.") == "Reste long deux secondes."
    assert french("A text without a translation.") == "A text without a translation."
    assert english("Stay long for two seconds.") == "Stay long for two seconds."


def test_what_ships_is_english() -> None:
    assert languages()[0] == "en"
    assert translate("set.done", "Well done.", "en") == "Well done."


def test_the_catalogue_has_the_shared_cues_the_numbers_and_each_exercises_own() -> None:
    cues = catalogue()
    assert common_cues().items() <= cues.items()
    assert {f"number.{n}" for n in NUMBERS} <= cues.keys()
    assert cues["dead-bug.same-side-twice"]


def test_the_template_for_translators_is_that_of_the_cues() -> None:
    with asset("text", "formcheck.pot").open("rb") as file:
        template = {str(message.context): message.id for message in read_po(file) if message.id}
    assert template == {k: v for k, v in catalogue().items() if not k.startswith("number.")}, (
        "run assets/text/extract.py"
    )


def test_refreshing_keeps_what_was_translated_and_compiles_it(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("extract", asset("text", "extract.py"))
    assert spec is not None
    assert spec.loader is not None
    extract = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(extract)
    po = tmp_path / "es" / "LC_MESSAGES" / "formcheck.po"
    po.parent.mkdir(parents=True)
    messages = Catalog(locale="es")
    messages.add("Other leg.", "La otra pierna.", context="dead-bug.same-side-twice")
    with po.open("wb") as file:
        write_po(file, messages)
    extract.refresh(po, extract.template({"dead-bug.same-side-twice": "Other leg.", "set.done": "Well done."}))
    assert translate("dead-bug.same-side-twice", "Other leg.", "es", tmp_path) == "La otra pierna."
    assert 'msgid "Well done."' in po.read_text("utf-8")
