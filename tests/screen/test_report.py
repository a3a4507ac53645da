"""The report of a session: bars carry the verdict by shape, and what is not known looks like nothing else."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from formcheck.screen import Bar, Painter, ReportRow, ReportView
from formcheck.screen.palette import BLUE, ORANGE, WHITE
from formcheck.screen.words import ALL_CLEAN, NOT_ALL_JUDGED, NOTHING
from tests.screen.samples import report

SIZE = (1280, 720)
CLEAN, FAULTY, UNJUDGED = Bar(1.0, 0.2, "clean"), Bar(1.0, 0.2, "faulty"), Bar(1.0, 0.2, "not-judged")
ATTEMPT = Bar(math.nan, math.nan, "not-judged", is_attempt=True)


def view(*bars: Bar, **changes: object) -> ReportView:
    rows = (ReportRow("Dead bug", "10 / 10", bars),)
    return ReportView("Low back", (("Repetitions", "10 / 10"),), rows, **changes)  # type: ignore[arg-type]


def shown(report_view: ReportView) -> list[str]:
    return [label.text for label in Painter().paint(report_view, SIZE).labels]


def columns(bars: tuple[Bar, ...], left: int, right: int) -> NDArray[np.uint8]:
    """The pixels of the only row between two columns, RGB."""
    pixels: NDArray[np.uint8] = Painter().paint(view(*bars), SIZE).pixels[162:257, left:right, ::-1]
    return pixels


def reach_of(bar: Bar) -> NDArray[np.uint8]:
    return columns((bar,), 796, 820)


def back_of(bar: Bar) -> NDArray[np.uint8]:
    return columns((bar,), 1054, 1078)


def height(pixels: NDArray[np.uint8], colour: tuple[int, int, int]) -> int:
    return int((np.abs(pixels.astype(int) - colour).max(axis=2) <= 2).any(axis=1).sum())


def test_a_clean_bar_is_blue_and_a_faulty_one_orange_under_a_triangle() -> None:
    assert height(reach_of(CLEAN), BLUE) > 40
    assert height(reach_of(CLEAN), ORANGE) == 0
    assert height(reach_of(FAULTY), ORANGE) > 40
    assert height(reach_of(FAULTY)[:25], WHITE) > 3


def test_each_look_differs_without_colour() -> None:
    greys = [reach_of(bar).astype(int).mean(axis=2) > 60 for bar in (CLEAN, FAULTY, UNJUDGED, ATTEMPT)]
    for i, one in enumerate(greys):
        for other in greys[i + 1 :]:
            assert (one != other).mean() > 0.02


def test_a_repetition_that_was_not_judged_is_neither_blue_nor_orange() -> None:
    assert height(reach_of(UNJUDGED), BLUE) == height(reach_of(UNJUDGED), ORANGE) == 0
    assert height(reach_of(UNJUDGED), WHITE) > 40


@pytest.mark.parametrize(("reach", "at_least"), [(1.0, 55), (0.5, 25), (0.0, 0)])
def test_range_is_drawn_against_the_range_that_counts_and_not_the_own_best(reach: float, at_least: int) -> None:
    alone = height(reach_of(Bar(reach, 0.0, "clean")), BLUE)
    beside = height(columns((Bar(reach, 0.0, "clean"), Bar(1.2, 0.0, "clean")), 796, 818), BLUE)
    assert alone >= at_least
    assert abs(alone - beside) <= 1


def test_an_unknown_back_is_unmistakable() -> None:
    unknown, level = back_of(Bar(1.0, math.nan, "not-judged")), back_of(Bar(1.0, 0.0, "clean"))
    assert height(unknown, WHITE) > 20
    assert height(unknown, BLUE) == 0
    assert height(level, WHITE) < 8


@pytest.mark.parametrize(("back", "colour"), [(0.9, BLUE), (-0.9, BLUE), (1.1, ORANGE), (-1.1, ORANGE)])
def test_the_back_is_orange_beyond_its_limit_on_either_side(back: float, colour: tuple[int, int, int]) -> None:
    assert height(back_of(Bar(1.0, back, "clean")), colour) > 8


def test_bars_and_lines_are_explained() -> None:
    written = shown(view(CLEAN))
    assert {"Clean", "With a fault", "Not judged", "Did not count"} <= set(written)
    assert {"Range: counts from the line", "Back: fault beyond the lines"} <= set(written)


def test_praise_needs_that_all_was_judged_and_clean() -> None:
    assert ALL_CLEAN in shown(view(CLEAN, is_all_clean=True))
    assert ALL_CLEAN not in shown(view(CLEAN, UNJUDGED))
    assert NOT_ALL_JUDGED in shown(view(CLEAN, UNJUDGED))


@pytest.mark.parametrize("bars", [(), (ATTEMPT,)])
def test_nothing_counted_is_said(bars: tuple[Bar, ...]) -> None:
    assert any(text.startswith(NOTHING) for text in shown(view(*bars)))


def test_after_a_stop_because_of_pain_there_is_nothing_to_work_on() -> None:
    hurt = view(ended="stopped because it hurt", warning="Stop. Rest until it is calm.")
    written = shown(hurt)
    assert {"Low back: stopped because it hurt", "Stop. Rest until it is calm."} <= set(written)
    assert not any(text.startswith(("Next time", NOTHING, ALL_CLEAN, NOT_ALL_JUDGED)) for text in written)


def test_pain_stands_above_the_advice() -> None:
    written = shown(report(2, "Your pain went up."))
    assert written.index("Your pain went up.") < written.index("Next time: Stop there. Keep the mat squashed.")
