"""The page that shows an exercise, and where the window program shows it."""

import pygame
import pytest

from formcheck.app.app import show_exercise
from formcheck.app.pages.demonstration import SCENE_S, DemonstrationPage, scenes_of
from formcheck.pipeline.live import Machine
from formcheck.screen import Action, DisplayError, HelpView, MenuView, ViewModel
from formcheck.session.registry import load_exercises
from tests import replay
from tests.app.people import day, press

EXERCISES = load_exercises().exercises
DEAD_BUG = EXERCISES["dead-bug"]


def scene(page, now):
    page.turn(now)
    return page.view(now).place[0]


@pytest.fixture
def page():
    shown = DemonstrationPage(DEAD_BUG, lambda _: None)
    shown.enter(0.0)
    return shown


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda e: e.name)
def test_first_it_is_right_then_each_fault_stands_beside_it(exercise):
    scenes = scenes_of(exercise)
    assert len(scenes) == 1 + len(exercise.shown.faults)
    assert [s.film.wrong for s in scenes[0][0].scenes] == [None]
    for view, length_s in scenes[1:]:
        right, wrong = view.scenes
        assert right.film.wrong is None
        assert wrong.film.wrong is not None
        assert view.line in {rule.cue for rule in exercise.all_faults}
        assert length_s >= max(SCENE_S, wrong.film.cycle_s)


def test_the_scenes_follow_each_other_and_begin_anew(page):
    length_s = scenes_of(DEAD_BUG)[0][1]
    assert [scene(page, 0.1), scene(page, length_s - 0.1), scene(page, length_s + 0.1)] == [1, 1, 2]
    page.handle(Action.LEFT, length_s)
    page.handle(Action.LEFT, length_s)
    assert scene(page, length_s) == 7
    page.handle(Action.RIGHT, length_s)
    assert scene(page, length_s) == 1


def test_a_scene_is_held_until_it_is_let_go(page):
    page.handle(Action.PAUSE, 1.0)
    assert scene(page, 500.0) == 1
    page.handle(Action.PAUSE, 500.0)
    assert scene(page, 501.0) == 1
    assert scene(page, 520.0) == 2
    page.handle(Action.BACK, 520.0)
    assert page.outcome == "left"


def test_its_window_closes_with_escape(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    clock = replay.Clock()

    def sleep(seconds):
        clock.sleep(seconds)
        if clock.now_s > 1.0:
            press(pygame.K_ESCAPE)

    show_exercise(DEAD_BUG, "fr", Machine(clock=clock, sleep=sleep))
    assert 1.0 < clock.now_s < 2.0


def test_without_a_screen_it_is_a_sentence(monkeypatch):
    pygame.display.quit()
    monkeypatch.setenv("SDL_VIDEODRIVER", "no-such-driver")
    with pytest.raises(DisplayError, match="No window can be opened here"):
        show_exercise(DEAD_BUG)


def test_a_set_shows_the_movement_before_it_begins_and_the_right_position_beside_a_fault():
    ran = replay.run(DEAD_BUG, day()[400:], is_camera=False, drawn=50)
    shown = [view for _, view in ran.log.shown if isinstance(view, ViewModel)]
    assert {view.film for view in shown} == {DEAD_BUG.film()}
    films = {view.caption.film for view in shown if view.caption and view.caption.kind == "form"}
    assert films
    assert all(film.is_remedy and film.fault for film in films)
    others = {view.caption.film for view in shown if view.caption and view.caption.kind != "form"}
    assert others <= {None}


def test_help_shows_the_exercise_that_it_is_asked_for_of():
    pressed = []

    def person(_now, view):
        if isinstance(view, MenuView) and not pressed:
            pressed.append(press(pygame.K_RIGHT) or press(pygame.K_RIGHT) or press(pygame.K_h, "h"))
        elif isinstance(view, HelpView) and len(pressed) == 1:
            pressed.append(press(pygame.K_h, "h") or press(pygame.K_ESCAPE))

    ran = replay.run(None, day()[:5], on_view=person)
    (film,) = {view.film for _, view in ran.log.shown if isinstance(view, HelpView)}
    menu = next(view for _, view in ran.log.shown if isinstance(view, MenuView))
    assert film is menu.cards[2].film is EXERCISES[menu.cards[2].name].film()
