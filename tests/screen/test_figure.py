"""The figure that moves: on pages, in a window that stands still otherwise, in the camera picture, in a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from formcheck.core.coach.snapshot import Snapshot, StartCheck
from formcheck.core.rules.demonstration import Film
from formcheck.screen import Box, Caption, HelpView, MenuView, Painter, View
from formcheck.screen.figure import CACHED, FRAMES_PER_S, draw_film
from formcheck.screen.film_file import write_film
from formcheck.screen.palette import BLUE, BLUE_TEXT, NIGHT, ORANGE, Colour
from formcheck.session.registry import load_exercises
from formcheck.system.errors import FormcheckError
from tests.screen.samples import COURSE, cards, demonstration, view

DEAD_BUG, PIRIFORMIS = (load_exercises().get(name) for name in ("dead-bug", "piriformis-stretch"))
EVERY = [
    (exercise, fault) for exercise in load_exercises().exercises.values() for fault in ("", *exercise.shown.faults)
]


def drawn(
    film: Film, t_s: float, size: tuple[int, int] = (320, 200)
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    pixels = np.zeros((size[1], size[0], 3), np.uint8)
    draw_film(pixels, film, t_s, NIGHT)
    return pixels


def inked(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], colour: Colour) -> int:
    return int((pixels == colour[::-1]).all(axis=2).sum())


@pytest.mark.parametrize(("exercise", "fault"), EVERY, ids=lambda x: getattr(x, "name", x))
def test_a_fault_is_seen_by_a_mark_and_not_by_colour_alone(exercise, fault) -> None:
    """Grey as a colour-blind eye or a bad screen has it, the picture of a fault still differs from the right one."""
    film = exercise.film(fault)
    wrong = cv2.cvtColor(drawn(film, film.telling_s), cv2.COLOR_BGR2GRAY).astype(int)
    right = cv2.cvtColor(drawn(exercise.film(), exercise.film().telling_s), cv2.COLOR_BGR2GRAY).astype(int)
    apart = int((np.abs(wrong - right) > 60).sum())
    assert apart == 0 if not fault else apart > 150


@pytest.mark.parametrize(
    ("exercise", "fault"), [pair for pair in EVERY if pair[1]], ids=lambda x: getattr(x, "name", x)
)
def test_the_place_of_a_fault_has_a_ring_or_the_time_a_clock(exercise, fault) -> None:
    film = exercise.film(fault)
    pixels = drawn(film, film.telling_s)
    corner = pixels[:40, -40:].copy()
    pixels[:40, -40:] = 0
    assert inked(corner, ORANGE) > 300, "a cross says that it is wrong"
    assert inked(pixels, ORANGE) > 150


def test_only_the_figure_moves_on_a_page_that_stands_still(painter: Painter) -> None:
    canvas = painter.paint(MenuView(cards(3)), (1280, 720), selected=1, now_s=100.0)
    (stage,) = canvas.stages
    before = canvas.pixels.copy()
    assert painter.move(100.0 + 0.4 / FRAMES_PER_S) == []
    (moved,) = painter.move(102.0)
    changed = np.argwhere((canvas.pixels != before).any(axis=2))
    assert len(changed) > 100
    (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
    assert moved == Box(left, top, right - left + 1, bottom - top + 1)
    assert stage.box.contains(moved)


def test_a_whole_cycle_of_every_exercise_is_kept_for_the_menu() -> None:
    longest = max(exercise.film().length_s for exercise in load_exercises().exercises.values())
    assert longest * FRAMES_PER_S + len(EVERY) / 2 < CACHED


def test_figures_that_come_up_together_begin_together(painter: Painter) -> None:
    painter.paint(demonstration("low-back-arch"), (1280, 720), now_s=10.0)
    painter.move(12.0)
    left, right = painter.paint(demonstration("partial-reach"), (1280, 720), now_s=12.0).stages
    assert left.film.at(0.0).joints.tolist() == right.film.at(0.0).joints.tolist()
    boxes = [painter.canvas.view(stage.box).copy() for stage in (left, right)]
    fresh = Painter().paint(demonstration("partial-reach"), (1280, 720), now_s=0.0)
    assert all(np.array_equal(fresh.view(s.box), box) for s, box in zip((left, right), boxes, strict=True))


def test_a_figure_goes_on_where_it_was_when_its_page_is_drawn_anew(painter: Painter) -> None:
    painter.paint(MenuView(cards(3)), (1280, 720), now_s=10.0)
    painter.move(12.0)
    went_on = painter.canvas.pixels.copy()
    painter.paint(MenuView(cards(3)), (1280, 720), now_s=12.0)
    assert np.array_equal(painter.canvas.pixels, went_on)


@pytest.mark.parametrize(
    ("shown", "count"),
    [
        (MenuView(cards(3)), 1),
        (HelpView(DEAD_BUG.film()), 1),
        (HelpView(), 0),
        (demonstration("low-back-arch"), 2),
        (view(Snapshot(stage="countdown", countdown_s=9), course=COURSE, film=DEAD_BUG.film()), 1),
        (view(Snapshot(stage="countdown", countdown_s=9), film=DEAD_BUG.film()), 1),
        (view(Snapshot(stage="working"), film=DEAD_BUG.film()), 0),
    ],
)
@pytest.mark.parametrize("size", [(800, 600), (1080, 1920)])
def test_where_figures_move(painter: Painter, shown: View, count: int, size: tuple[int, int]) -> None:
    stages = painter.paint(shown, size, now_s=0.0).stages
    assert len(stages) == count
    for stage in stages:
        assert Box(0, 0, *size).contains(stage.box)
        assert stage.box.h >= 0.05 * size[1]


def test_the_right_position_stands_beside_the_caption_of_a_fault(painter: Painter) -> None:
    def blue_in_caption(film: Film | None) -> int:
        shown = view(Snapshot(stage="working"), caption=Caption("Press your low back down.", "form", film))
        pixels = painter.paint(shown, (1280, 720)).pixels
        return inked(pixels[510:690, 1000:], BLUE)

    assert blue_in_caption(None) == 0
    assert blue_in_caption(DEAD_BUG.film("low-back-arch", is_remedy=True)) > 50


@pytest.mark.parametrize("size", [(800, 600), (1280, 720), (720, 1280)])
def test_a_picture_never_makes_the_words_of_its_caption_small(painter: Painter, size: tuple[int, int]) -> None:
    """20 minutes of arc at 2.5 m and 24 inches; a longer sentence has the picture above it instead."""
    film = DEAD_BUG.film("low-back-arch", is_remedy=True)
    for text in ("Press your low back down.", "Keep the other knee above the hip, still as a table."):
        found = []
        for which in (None, film):
            canvas = painter.paint(view(Snapshot(stage="working"), caption=Caption(text, "form", which)), size)
            cap_px = next(label.cap_px for label in canvas.labels if label.text == text)
            found.append((cap_px, inked(canvas.pixels, BLUE_TEXT)))
        (least, without), (cap, shown) = found
        assert cap >= min(least, 0.0481 * min(size))
        assert shown > without, "the tick of the right position"


def test_the_start_is_outlined_until_it_is_taken_and_what_is_wrong_is_marked(painter: Painter) -> None:
    def orange(stage: str, is_met: bool | None) -> int:
        checks = (StartCheck("Knees over your hips", is_met, "near knee"),)
        shown = view(Snapshot(stage=stage, start_checks=checks), film=DEAD_BUG.film())  # type: ignore[arg-type]
        canvas = painter.paint(shown, (1280, 720))
        return inked(canvas.pixels[:500, 340:], ORANGE)

    marked = orange("waiting", is_met=False)
    assert marked > 200
    assert orange("waiting", is_met=True) == 0
    assert orange("working", is_met=False) == 0


def test_the_outline_stays_where_it_was_while_nobody_is_seen() -> None:
    """Only the outline differs from a page without one; it must not jump when the tracker loses somebody."""

    def outlined(painter: Painter, bare: View, shown: View) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        before = Painter().paint(bare, (1280, 720)).pixels
        return np.asarray((painter.paint(shown, (1280, 720)).pixels != before).any(axis=2))

    stays = Painter()
    seen = view(Snapshot(stage="waiting"))
    lost = replace(seen, pose=None, back=None)
    film = DEAD_BUG.film()
    with_person = outlined(stays, seen, replace(seen, film=film))
    without = outlined(stays, lost, replace(lost, film=film))
    elsewhere = outlined(Painter(), lost, replace(lost, film=film))
    assert (with_person & without).sum() > 3 * (with_person & elsewhere).sum()


def test_the_outline_is_there_before_anybody_is(painter: Painter) -> None:
    shown = view(Snapshot(stage="waiting"), pose=None, back=None)
    bare = painter.paint(shown, (1280, 720)).pixels.copy()
    outlined = painter.paint(replace(shown, film=PIRIFORMIS.film()), (1280, 720)).pixels
    assert (bare != outlined).any(axis=2).sum() > 2000


@pytest.mark.parametrize("ending", [".webp", ".gif", ".png"])
def test_a_film_is_a_file_that_moves(tmp_path: Path, ending: str) -> None:
    film = DEAD_BUG.film("too-fast")
    write_film(tmp_path / f"fast{ending}", [DEAD_BUG.film(side="left"), film], (64, 40))
    is_read, animation = cv2.imreadanimation(str(tmp_path / f"fast{ending}"))
    assert is_read
    assert len(animation.frames) > 30
    assert animation.frames[0].shape[:2] == (40, 128)


def test_a_film_of_the_handbook_is_small(tmp_path: Path) -> None:
    write_film(tmp_path / "tilt.webp", [DEAD_BUG.film()])
    assert (tmp_path / "tilt.webp").stat().st_size < 400_000


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormcheckError, match="ends in"):
        write_film(tmp_path / "film.mp4", [DEAD_BUG.film()])
