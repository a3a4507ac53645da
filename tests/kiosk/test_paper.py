"""The result on paper: what stands on the page, in each language, and that it is one page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from formcheck.kiosk.paper import COLUMNS, LINES, MARGIN, page_of
from formcheck.kiosk.result import CLOSING, result_of
from formcheck.session.registry import load_exercises
from formcheck.session.session_record import ADVICE
from formcheck.session.texts import languages, translate
from tests.kiosk.sessions import BIRD_DOG, ENDED, SECRET, usual
from tests.kiosk.test_takeaway import result

REGISTRY = load_exercises()


def test_the_page_says_what_was_done(tmp_path: Path) -> None:
    page = page_of(result_of(usual(tmp_path), ENDED, REGISTRY), "en")
    lines = [line.strip() for line in page.splitlines() if line.strip()]
    assert lines[:2] == ["FormCheck: My program", "2026-11-30, 14:28 - 14:30"]
    assert "Dead bug: 10 of 12, 7 clean, 2 with a fault, 1 not judged" in lines
    assert "Pain, 0 to 10: 3 before, 2 after" in lines
    assert lines[-1] == CLOSING
    for secret in ("Maria", "Muster", SECRET):
        assert secret not in page


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("count", [0, 1, 12, 40, 200])
def test_it_is_one_page_within_its_margins(language: str, count: int) -> None:
    page = page_of(replace(result(count), advice="Stop there. Keep the mat squashed. " * 6), language)
    lines = page.splitlines()
    assert len(lines) <= LINES
    assert max(len(line) for line in lines) <= COLUMNS - MARGIN
    assert all(line.startswith(" " * MARGIN) for line in lines if line)
    assert translate(CLOSING, language).split()[-1] in page
    assert not [sign for line in lines for sign in line if ord(sign) < 32]


def test_what_has_no_room_is_given_in_numbers_then_left_out_and_it_says_so() -> None:
    assert "7 clean" in page_of(result(10), "en")
    brief = page_of(result(30), "en")
    assert "Half-kneeling hip flexor stretch 29 10/12: 7, 2, 1" in brief
    cut = page_of(result(80), "en")
    kept = cut.count("Half-kneeling")
    assert 30 < kept < 80
    assert f"{80 - kept} more exercises had no room here." in cut
    warned = page_of(replace(result(80), warning=ADVICE["strong"]), "en")
    assert ADVICE["strong"] in " ".join(warned.split())


def test_it_is_in_the_persons_language(tmp_path: Path) -> None:
    page = page_of(result_of(usual(tmp_path), ENDED, REGISTRY), "fr")
    assert translate(BIRD_DOG.title, "fr") in page
    assert BIRD_DOG.title not in page
