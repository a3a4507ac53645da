"""Menu, help and message; and what every page says of the sound."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from formcheck.app.pages.menu import card_of
from formcheck.core.rules.exercise import Exercise
from formcheck.screen import (
    Action,
    Box,
    Card,
    Choose,
    HelpView,
    MenuView,
    MessageView,
    Painter,
    SoundState,
    View,
)
from formcheck.screen.menu import Selection
from formcheck.screen.palette import BLUE_TEXT, CARD_CHOSEN, WHITE, Colour
from formcheck.screen.words import HELP_KEYS
from formcheck.session.registry import load_exercises
from tests.screen.samples import SIZES, cards, pages, work_views


def texts(painter: Painter, shown: View, size: tuple[int, int] = (1280, 720)) -> list[str]:
    return [label.text for label in painter.paint(shown, size).labels]


def overlaps(one: Box, other: Box) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def card_boxes(painter: Painter) -> dict[str, Box]:
    return {what.name: box for box, what in painter.targets if isinstance(what, Choose)}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [0, 1, 3, 7, 12])
def test_each_exercise_has_its_own_card(painter: Painter, size: tuple[int, int], count: int) -> None:
    written = texts(painter, MenuView(cards(count)), size)
    boxes = card_boxes(painter)
    assert list(boxes) == [card.name for card in cards(count)]
    for card in cards(count):
        assert {card.title, card.line, card.dose} <= set(written)
    for one, other in combinations(boxes.values(), 2):
        assert one.right <= other.x or other.right <= one.x or one.bottom <= other.y or other.bottom <= one.y
    assert all(Box(0, 0, *size).contains(box) for box in boxes.values())


def test_an_empty_menu_says_what_to_do(painter: Painter) -> None:
    assert any(text.startswith("No exercises are installed.") for text in texts(painter, MenuView()))


def test_more_than_a_page_of_exercises(painter: Painter) -> None:
    painter.paint(MenuView(cards(25)), (1280, 720), selected=13)
    assert list(card_boxes(painter)) == [card.name for card in cards(25)[12:24]]


def test_the_chosen_card_looks_different(painter: Painter) -> None:
    canvas = painter.paint(MenuView(cards(3)), (1280, 720), selected=1)
    chosen = [
        name
        for name, box in card_boxes(painter).items()
        if (canvas.view(box.inset(box.w // 2 - 2, 8))[:4] == CARD_CHOSEN[::-1]).all()
    ]
    assert chosen == ["bird-dog"]


def test_a_click_finds_its_target(painter: Painter) -> None:
    painter.paint(MenuView(cards(3)), (1280, 720))
    for name, box in card_boxes(painter).items():
        assert painter.target_at(*box.centre) == Choose(name)
    assert painter.target_at(1, 1) is None


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([(1, 0)], 1),
        ([(-1, 0)], 0),
        ([(0, 1)], 4),
        ([(0, 1), (0, -1)], 0),
        ([(0, -1)], 0),
        ([(1, 0)] * 9, 6),
        ([(1, 0), (1, 0), (1, 0), (0, 1)], 6),
        ([(0, 1), (0, 1)], 4),
    ],
)
def test_arrows_walk_over_seven_cards_in_four_columns(moves: list[tuple[int, int]], expected: int) -> None:
    selection = Selection()
    for dx, dy in moves:
        selection.step(dx, dy, columns=4, count=7)
    assert selection.index == expected


def test_a_selection_of_nothing() -> None:
    selection = Selection(5)
    selection.step(1, 0, 1, 0)
    selection.keep_within(0)
    assert selection.index == 0


def inked(painter: Painter, card: Card, colour: Colour) -> int:
    """Pixels of a colour where the only card has its figure."""
    canvas = painter.paint(MenuView((card,)), (1280, 720))
    (box,) = card_boxes(painter).values()
    return int((canvas.view(box.rows(0.05, 0.44).columns(0.2, 0.9)) == colour[::-1]).all(axis=2).sum())


@pytest.mark.parametrize("exercise", load_exercises().exercises.values(), ids=lambda e: e.name)
def test_every_exercise_has_its_figure_on_its_card(painter: Painter, exercise: Exercise) -> None:
    assert inked(painter, card_of(exercise), WHITE) > 700


def test_an_exercise_without_a_demonstration_shows_its_position_or_its_own_drawing(painter: Painter) -> None:
    bare = replace(load_exercises().get("glute-bridge"), demonstration=None)
    assert inked(painter, card_of(bare), WHITE) > 2000
    drawn = card_of(replace(bare, figure=(((0.2, 0.2), (0.8, 0.8)),)))
    assert inked(painter, drawn, WHITE) == 0
    assert inked(painter, drawn, BLUE_TEXT) > 500


def test_help_lists_every_key(painter: Painter) -> None:
    written = texts(painter, HelpView())
    for row in HELP_KEYS:
        assert set(row) <= set(written)


def test_a_message_says_what_to_do_and_offers_keys(painter: Painter) -> None:
    written = texts(painter, MessageView("Camera 3 can't be opened.", "Try another number."))
    assert {"Camera 3 can't be opened.", "Try another number."} <= set(written)
    assert [what for _, what in painter.targets] == [Action.CONFIRM, Action.BACK]


def test_a_message_counts_down_to_the_next_attempt(painter: Painter) -> None:
    missing = MessageView("No camera found.", "Plug one in.")
    assert "Trying again in 3 s." in texts(painter, replace(missing, retries_in_s=2.1))
    assert not any("again" in text for text in texts(painter, missing))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [*pages(), "working-good", "working-fault", "rest", "sign-hurt", "not-judged"])
@pytest.mark.parametrize(
    ("sound", "word"),
    [
        (SoundState("on", "Volume 60 %"), "Volume 60 %"),
        (SoundState("muted", "A long sentence that would not fit."), "Sound off"),
        (SoundState("none"), "No sound card"),
    ],
)
def test_every_page_answers_the_volume_keys(
    painter: Painter, size: tuple[int, int], name: str, sound: SoundState, word: str
) -> None:
    shown = {**pages(), **work_views()}[name]
    canvas = painter.paint(shown, size, sound=sound)
    (label,) = [label for label in canvas.labels if label.text == word]
    assert canvas.box.contains(label.box)
    assert label.cap_px >= 0.02 * min(size)
    assert not [other for other in canvas.labels if other is not label and overlaps(other.box, label.box)]
    assert word not in [label.text for label in painter.paint(shown, size).labels]
