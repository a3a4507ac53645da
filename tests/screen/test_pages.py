"""Menu, help, message and summary."""

from __future__ import annotations

from itertools import combinations

import pytest
from formcheck.screen.figures import FIGURES, STANDING

from formcheck.screen import (
    Action,
    Box,
    Choose,
    HelpView,
    MenuView,
    MessageView,
    Painter,
    SummaryView,
    View,
    figure_for,
)
from formcheck.screen.menu import Selection
from formcheck.screen.palette import CARD_CHOSEN
from formcheck.screen.words import HELP_KEYS, NOTHING
from formcheck.session.registry import load_exercises
from tests.screen.samples import SIZES, cards


def texts(painter: Painter, shown: View, size: tuple[int, int] = (1280, 720)) -> list[str]:
    return [label.text for label in painter.paint(shown, size).labels]


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


@pytest.mark.parametrize("name", [*FIGURES, "somebody-elses"])
def test_every_exercise_has_a_figure_inside_its_box(name: str) -> None:
    figure = figure_for(name)
    assert len(figure) >= 3
    assert all(0 <= x <= 1 and 0 <= y <= 1 for line in figure for x, y in line)


def test_each_of_our_exercises_has_a_drawing_of_its_own() -> None:
    assert FIGURES.keys() == {*load_exercises().exercises, "program"}


def test_strangers_get_the_standing_person() -> None:
    assert figure_for("somebody-elses") is STANDING
    assert len({*FIGURES.values(), STANDING}) == len(FIGURES) + 1


def test_help_lists_every_key(painter: Painter) -> None:
    written = texts(painter, HelpView())
    for row in HELP_KEYS:
        assert set(row) <= set(written)


def test_a_message_says_what_to_do_and_offers_keys(painter: Painter) -> None:
    written = texts(painter, MessageView("Camera 3 can't be opened.", "Try another number."))
    assert {"Camera 3 can't be opened.", "Try another number."} <= set(written)
    assert [what for _, what in painter.targets] == [Action.CONFIRM, Action.BACK]


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        (SummaryView("Dead bug", 12, 12, 9, 0, "too-fast", 3, "Slow as honey."),
         ["Dead bug: done", "12 / 12", "9 / 12", "Tracked most: Too fast (3 times)", "Next time: Slow as honey."]),
        (SummaryView("Dead bug", 12, 12, 9, 0, "too-fast", 1, "Slow as honey."), ["Tracked once: Too fast"]),
        (SummaryView("Glute bridge", 4, 0, 4, 20.4), ["4", "4 / 4", "20 s", "No faults seen. Nicely controlled."]),
    ],
)  # fmt: skip
def test_a_summary(painter: Painter, summary: SummaryView, expected: list[str]) -> None:
    written = texts(painter, summary)
    for text in expected:
        assert text in written


def test_no_hold_no_tile(painter: Painter) -> None:
    assert "Held" not in texts(painter, SummaryView("Dead bug", 12, 12, 12))


def test_a_set_in_which_nothing_was_counted_is_not_praised(painter: Painter) -> None:
    shown = " ".join(label.text for label in painter.paint(SummaryView("Dead bug", 0, 12), (1280, 720)).labels)
    assert NOTHING in shown
    assert "Nicely" not in shown
