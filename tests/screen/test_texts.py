"""No text is cut, covered or too small, in any size of window, with the longest texts; every letter has a shape."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from gettext import NullTranslations
from itertools import combinations

import pytest

from formcheck.app.pages.menu import menu_cards
from formcheck.core.feedback.phrases import UNSEEN_SAID, common_cues
from formcheck.screen import Caption, MenuView, Painter, Tally
from formcheck.screen.canvas import Box, Canvas
from formcheck.screen.layout import Layout, arrange
from formcheck.screen.lettering import balance, break_lines, fit, font, stacked, width_px
from formcheck.screen.wording import ATTEMPTS
from formcheck.screen.words import HELP_KEYS, HELP_NOTES, Words
from formcheck.session.registry import load_exercises
from formcheck.session.texts import translator_of
from formcheck.system.assets import asset
from tests.screen.samples import HURT, LONG_CUE, SIZES, pages, view, work_views

VIEWS = {**work_views(), **pages()}
CAPTIONS = [text for name, text in common_cues().items() if not name.startswith("page.")]
"""What the coach says; pages show their own texts where they stand."""
LONGEST_FORM_CUE = 8
"""Words of a cue that is given while moving; longer sentences are given at rest."""
SMALLEST_CAP = 0.0098
"""Cap height of the smallest text anywhere, share of the window's shorter side: 7 px at 720."""


def overlaps(one: Box, other: Box) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


@pytest.mark.parametrize("size", [*SIZES, (1000, 1000), (3440, 1440), (640, 480)])
@pytest.mark.parametrize("name", VIEWS)
def test_no_text_is_cut_or_covered(painter: Painter, size: tuple[int, int], name: str) -> None:
    canvas = painter.paint(VIEWS[name], size)
    for label in canvas.labels:
        assert canvas.box.contains(label.box), label
        assert label.room.contains(label.box), label
        assert label.cap_px >= SMALLEST_CAP * min(size), label
    fixed = [label for label in canvas.labels if label.text != "You" or name != "longest"]  # its notices climb high
    for one, other in combinations(fixed, 2):
        assert not overlaps(one.box, other.box), (one, other)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", VIEWS)
def test_the_letters_are_really_there(painter: Painter, size: tuple[int, int], name: str) -> None:
    canvas = painter.paint(VIEWS[name], size)
    for label in canvas.labels:
        pixels = canvas.view(label.box)
        assert (abs(pixels.astype(int) - label.ink[::-1]).max(axis=2) < 40).sum() > 3, label


@pytest.mark.parametrize("size", SIZES)
def test_the_count_is_readable_at_three_metres(painter: Painter, size: tuple[int, int]) -> None:
    canvas = painter.paint(VIEWS["working-fault"], size)
    (count,) = [label for label in canvas.labels if label.text == "12"]
    assert count.cap_px >= 0.18 * size[1]
    assert count.box.h >= 0.18 * size[1]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cue", [*CAPTIONS, LONG_CUE, "Squeeze your buttocks, then lift your hips."])
def test_cues_are_readable_lying_down(painter: Painter, size: tuple[int, int], cue: str) -> None:
    canvas = painter.paint(view(caption=Caption(cue, "form")), size)
    (label,) = [label for label in canvas.labels if label.text == cue]
    wanted_px = 65 if len(cue.split()) <= LONGEST_FORM_CUE else 52
    if cue in UNSEEN_SAID.values():
        wanted_px = min(wanted_px, 60)  # two sentences, both spoken
    assert label.cap_px >= wanted_px / 1080 * min(size)


@pytest.mark.parametrize("size", SIZES)
def test_the_tally_can_be_read_from_the_mat(painter: Painter, size: tuple[int, int]) -> None:
    canvas = painter.paint(VIEWS["not-judged"], size)
    (tally,) = [label for label in canvas.labels if label.text.endswith("judged") and "clean" in label.text]
    assert tally.cap_px >= 0.018 * min(size)


FROM_THE_MAT = 0.018
"""Cap height of what is read from the mat, share of the window's shorter side: 13 px at 720."""


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (1080, 1920)])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("working-fault", "of 12"),
        ("rest", "3\N{NO-BREAK SPACE} Straighten one leg slowly and lower it toward the floor."),
        ("report", "Held"),
        ("report-long", "Held"),
        ("report-long", "Dead bug: low back lifts (3 times)"),
        ("report-long", "Next time: Stop there. Keep the mat squashed."),
        ("progress", "Your back stayed flat in 9 of 12; three weeks ago in 5 of 12."),
        ("progress", "Judged"),
        ("progress", "9 of 12 clean"),
        ("progress", "+2° ± 4°"),
        ("progress-long", "You rested when it hurt. That was right."),
        ("progress-long", "Noted. It holds from your next session on."),
        ("replay", "Low back lifts"),
        ("replay", "No fault was seen in the 12 that I could judge. Long holds are shortened."),
        ("summary", "2 did not count: Short reach\N{NO-BREAK SPACE}(2)"),
    ],
)
def test_what_is_read_between_and_after_sets_can_be_read_from_the_mat(
    painter: Painter, size: tuple[int, int], name: str, text: str
) -> None:
    (label,) = [label for label in painter.paint(VIEWS[name], size).labels if label.text == text]
    assert label.cap_px >= FROM_THE_MAT * min(size)


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (1080, 1920)])
def test_the_question_after_strong_pain_is_as_large_as_any_heading(painter: Painter, size: tuple[int, int]) -> None:
    question = "That is a lot of pain. Rest today, and ask your clinician."
    (label,) = [n for n in painter.paint(replace(HURT, question=question), size).labels if n.text == question]
    assert label.cap_px >= 0.035 * min(size)


@pytest.mark.parametrize("size", SIZES)
def test_the_cards_of_the_menu_that_ships_can_be_read_at_a_desk(painter: Painter, size: tuple[int, int]) -> None:
    cards = menu_cards(load_exercises(), datetime(2026, 11, 29))
    canvas = painter.paint(MenuView(cards), size)
    lines = {card.line for card in cards}
    assert min(label.cap_px for label in canvas.labels if label.text in lines) >= 0.0135 * min(size)


def test_no_line_begins_with_what_belongs_to_the_line_above() -> None:
    counts = Words().verdicts(Tally(12, 10, 6))
    attempts = "17 did not count: Could not see all of it\N{NO-BREAK SPACE}(12)"
    assert attempts in " ".join(n.text for n in Painter().paint(VIEWS["summary-long"], (1080, 1920)).labels)
    for text in (counts, attempts):
        for width in range(60, 900, 20):
            assert not any(line.startswith(("·", "(")) for line in break_lines(text, 24, True, width))


def boxes(layout: Layout) -> dict[str, Box]:
    names = ("picture", "title", "phase", "bar", "count", "tally", "ring", "back", "caption", "hints")
    return {name: getattr(layout, name) for name in names}


@pytest.mark.parametrize("size", [*SIZES, (1366, 768), (1024, 1366), (3840, 2160), (2000, 300), (300, 2000)])
def test_places_are_apart_and_inside(size: tuple[int, int]) -> None:
    layout = arrange(size)
    places = boxes(layout)
    for name, place in places.items():
        assert Box(0, 0, *size).contains(place), name
    for (one, a), (other, b) in combinations(places.items(), 2):
        assert not overlaps(a, b), (one, other)


@pytest.mark.parametrize("size", [(1, 1), (40, 30), (300, 80), (60, 900)])
def test_absurd_windows_do_not_raise(painter: Painter, size: tuple[int, int]) -> None:
    for shown in VIEWS.values():
        assert painter.paint(shown, size).size == size


def test_a_text_that_fits_keeps_its_size_and_a_long_one_shrinks() -> None:
    assert fit("Other leg.", 1000, 100, 43).cap_px == pytest.approx(43, abs=0.5)
    assert fit("Other leg. " * 30, 1000, 100, 43).cap_px < 43
    assert " ".join(fit("Other leg. " * 30, 1000, 100, 43).lines) == ("Other leg. " * 30).strip()


def test_a_stack_of_texts_gives_each_the_lines_that_it_needs() -> None:
    texts = ["Other leg.", "Press your low back into the floor now and keep it there until the end"]
    cap_px, heights = stacked(texts, (500, 120), 30, 6)
    assert heights[1] > heights[0]
    assert sum(heights) + 6 <= 120
    even = min(fit(text, 500, 57, 30).cap_px for text in texts)
    assert cap_px > even, "two equal rows would be smaller"


def test_lines_are_balanced() -> None:
    lines = balance("Press your low back into the floor now", 50, True, 700)
    widths = [width_px(line, 50, True) for line in lines]
    assert len(lines) == 2
    assert min(widths) > 0.7 * max(widths)


def test_an_empty_text_draws_nothing() -> None:
    canvas = Canvas((50, 50))
    canvas.text("", canvas.box, 20)
    assert not canvas.labels
    assert not canvas.pixels.any()


@pytest.mark.parametrize("is_bold", [True, False])
def test_the_font_has_every_letter(is_bold: bool) -> None:
    texts = [*common_cues().values(), *ATTEMPTS.values(), *HELP_NOTES, *(t for row in HELP_KEYS for t in row)]
    accents = "ÀÂÇÉÈÊËÎÏÔÙÛÜŸàâçéèêëîïôùûüÿœŒÁÍÑÓÚáíñóú¿¡ÄÖßäö·%/–’…\N{NO-BREAK SPACE}0123456789"
    letters = set("".join(texts)) | set(accents)
    metrics = font(40, is_bold).metrics("".join(sorted(letters)))
    missing = [letter for letter, metric in zip(sorted(letters), metrics, strict=True) if metric is None]
    assert not missing


def test_the_manifest_names_every_font_file() -> None:
    folder = asset("fonts")
    files = json.loads(asset("manifest.json").read_text())["files"]
    listed = {entry["path"]: entry for entry in files if entry["path"].startswith("fonts/")}
    assert set(listed) == {f"fonts/{p.name}" for p in folder.iterdir() if p.suffix in {".ttf", ".txt"}}
    assert all(entry["origin"] and entry["licence"] == "OFL-1.1" for entry in listed.values())
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text()


class German(NullTranslations):
    """Three texts."""

    def gettext(self, message: str) -> str:
        return {"Back flat": "Rücken flach", "of {n}": "von {n}"}.get(message, message)


def test_translations_reach_the_screen() -> None:
    painted = Painter(translator_of(German()))
    texts = {label.text for label in painted.paint(view(), (1280, 720)).labels}
    assert "Rücken flach" in texts
    assert "von 12" in texts


def test_nothing_jumps_when_the_body_trembles(painter: Painter) -> None:
    still = work_views()["working-fault"]
    assert still.pose is not None
    places = []
    for shift in (0.0, 3.0, -2.0, 4.0, 0.0):
        pose = replace(still.pose, xy_px=still.pose.xy_px + shift)
        canvas = painter.paint(replace(still, pose=pose), (1280, 720))
        places.append([(label.text, label.box) for label in canvas.labels])
    assert all(place == places[0] for place in places)


def test_the_same_view_gives_the_same_pixels() -> None:
    one, other = Painter(), Painter()
    for name, shown in VIEWS.items():
        assert (one.paint(shown, (1280, 720)).pixels == other.paint(shown, (1280, 720)).pixels).all(), name
