"""Texts and their translations: a language is added by a folder, without a line of code."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from formcheck.core.feedback.phrases import NUMBERS, common_cues
from formcheck.core.text import counted, phrase
from formcheck.session.registry import load_exercises
from formcheck.session.texts import catalogue, languages, texts_of, translate
from formcheck.system.assets import asset

SHIPPED = [language for language in languages() if language != "en"]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder with a tiny French catalogue."""
    messages = Catalog(locale="fr")
    messages.add("Stay long for two seconds.", "Restez long deux secondes.")
    messages.add("{title}: done", "{title} : c'est fait")
    messages.add("Dead bug", "Insecte mort")
    messages.add("{s:.1f} s left", "encore {s:.1f} s")
    messages.add(("{n} set", "{n} sets"), ("{n} série", "{n} séries"))
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "formcheck.mo").open("wb") as file:
        write_mo(file, messages)
    return tmp_path


@pytest.fixture(scope="module")
def extract() -> Any:
    """The script that finds the texts."""
    spec = importlib.util.spec_from_file_location("extract", asset("text", "extract.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_language_is_added_by_a_folder(texts: Path) -> None:
    assert languages(texts) == ("en", "fr")
    assert translate("Stay long for two seconds.", "fr", texts) == "Restez long deux secondes."


@pytest.mark.parametrize(
    ("text", "french"),
    [
        (phrase("{title}: done", title="Dead bug"), "Insecte mort : c'est fait"),
        (phrase("{title}: done", title="Mine"), "Mine : c'est fait"),
        (phrase("{s:.1f} s left", s=2.5), "encore 2,5 s"),
        (counted(0, "{n} set", "{n} sets"), "0 série"),
        (counted(2, "{n} set", "{n} sets"), "2 séries"),
        (phrase("{sets} here", sets=counted(1, "{n} set", "{n} sets")), "1 série here"),
        ("", ""),
    ],
    ids=["value translated", "unknown value", "decimal comma", "none is singular in French", "many", "nested", "empty"],
)
def test_a_text_is_put_together_in_its_language(texts: Path, text: str, french: str) -> None:
    assert translate(text, "fr", texts) == french


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("A newer English text.", "fr"),
        ("Stay long for two seconds.", "de"),
        ("Stay long for two seconds.", "en"),
        (phrase("{n} new ones", n=3), "fr"),
    ],
    ids=["not translated yet", "no such language", "English", "not translated yet, with a value"],
)
def test_without_a_translation_it_is_english(texts: Path, text: str, language: str) -> None:
    assert translate(text, language, texts) == text


def test_the_catalogue_has_the_shared_cues_the_numbers_and_each_exercises_own() -> None:
    cues = catalogue()
    assert common_cues().items() <= cues.items()
    assert {f"number.{n}" for n in NUMBERS} <= cues.keys()
    assert cues["dead-bug.same-side-twice"]


def test_the_template_holds_every_text_that_there_is(extract: Any) -> None:
    wanted = extract.messages()
    with asset("text", "formcheck.pot").open("rb") as file:
        template = {message.id: message.auto_comments for message in read_po(file) if message.id}
    assert template == wanted, "run assets/text/extract.py"
    assert {text for exercise in load_exercises().exercises.values() for text in texts_of(exercise) if text} <= set(
        wanted
    )
    assert {"Pause", "Left leg", ("{n} set", "{n} sets"), "{title}: ended"} <= set(wanted)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", SHIPPED)
def test_every_text_is_translated_and_compiled_with_the_same_values(language: str) -> None:
    template = read_po(io.BytesIO(asset("text", "formcheck.pot").read_bytes()))
    po = read_po(io.BytesIO(asset("text", language, "LC_MESSAGES", "formcheck.po").read_bytes()), locale=language)
    missing = [message.id for message in template if message.id and not po.get(message.id)]
    assert not missing
    for message in po:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(texts), message.id
        assert not message.fuzzy, message.id
        known = set().union(*map(fields, ids))
        assert all(fields(text) <= known for text in texts), (message.id, texts)
        assert fields(texts[-1]) == known, (message.id, texts)
        assert translate(ids[0], language) == texts[0] or len(ids) > 1, "run assets/text/extract.py"


def test_refreshing_keeps_what_was_translated_and_compiles_it(tmp_path: Path, extract: Any) -> None:
    po = tmp_path / "es" / "LC_MESSAGES" / "formcheck.po"
    po.parent.mkdir(parents=True)
    messages = Catalog(locale="es")
    messages.add("Other leg.", "La otra pierna.")
    with po.open("wb") as file:
        write_po(file, messages)
    new = Catalog()
    new.add("Other leg.")
    new.add("Well done.")
    extract.refresh(po, new)
    assert translate("Other leg.", "es", tmp_path) == "La otra pierna."
    assert 'msgid "Well done."' in po.read_text("utf-8")
