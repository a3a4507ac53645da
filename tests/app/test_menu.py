"""From the menu and back to it, straight starts, and a camera that can't be opened: through the real window program."""

from __future__ import annotations

import pygame
import pytest

from formcheck.app.app import App, AppOptions
from formcheck.pipeline.live import Machine, open_live_feed
from formcheck.screen import ConfirmView, MenuView, MessageView, SafetyView, ScaleView, SummaryView, ViewModel
from formcheck.session.program import load_program
from formcheck.session.registry import load_exercises
from formcheck.system.errors import SourceError
from formcheck.voice import Voice
from tests import replay
from tests.app.people import day, press


class Presser:
    """Presses the keys that are planned for each kind of page, once each time such a page comes up."""

    def __init__(self, keys):
        self._keys = {kind: list(planned) for kind, planned in keys.items()}
        self.kinds = []

    def __call__(self, now_s, view):
        if self.kinds and self.kinds[-1] is type(view):
            return
        self.kinds.append(type(view))
        planned = self._keys.get(type(view))
        if planned:
            press(*planned.pop(0))


ENTER, ESCAPE = (pygame.K_RETURN,), (pygame.K_ESCAPE,)


def test_the_safety_page_can_be_read_again_from_the_menu():
    person = Presser({MenuView: [(pygame.K_s,), ESCAPE], SafetyView: [ENTER]})
    ran = replay.run(None, day()[:30], on_view=person)
    assert person.kinds == [MenuView, SafetyView, MenuView]
    assert ran.app.session is None
    assert ran.feed.exercises == [], "nobody was looked at"


def test_a_whole_program_begins_in_the_menu_and_comes_back_to_it():
    person = Presser({MenuView: [(pygame.K_1, "1"), ESCAPE], SafetyView: [ENTER], ScaleView: [ESCAPE]})
    ran = replay.run(None, day()[:30], on_view=person)
    pages = [kind for kind in person.kinds if kind is not MessageView]  # that the camera is being opened
    assert pages == [MenuView, SafetyView, ScaleView, MenuView]
    menu = next(view for _, view in ran.log.shown if isinstance(view, MenuView))
    assert ran.session.program.title == menu.cards[0].title
    assert ran.feed.is_closed


@pytest.mark.parametrize(("key", "begins"), [(ESCAPE, False), (ENTER, True)])
def test_before_a_single_exercise_with_a_camera_the_safety_page_is_read(key, begins):
    person = Presser({SafetyView: [key], ViewModel: [ESCAPE], ConfirmView: [ENTER], SummaryView: [ENTER]})
    ran = replay.run(load_exercises().get("dead-bug"), day()[:60], on_view=person)
    assert SafetyView in person.kinds
    assert (ViewModel in person.kinds) is begins
    assert set(ran.feed.exercises) == ({"dead-bug"} if begins else set())
    assert ran.feed.is_closed


def test_a_recording_is_begun_without_the_safety_page():
    person = Presser({ViewModel: [ESCAPE], ConfirmView: [ENTER], SummaryView: [ENTER]})
    replay.run(load_exercises().get("dead-bug"), day()[:60], on_view=person, is_camera=False)
    assert ViewModel in person.kinds
    assert SafetyView not in person.kinds


@pytest.mark.parametrize("name", ["dead-bug", "low-back-daily"])
def test_a_camera_that_is_missing_is_told_first_of_all_and_tried_again(monkeypatch, name):
    """Camera 97, on this machine: nothing of FormCheck is replaced."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    registry = load_exercises()
    chosen = registry.exercises.get(name) or load_program(name, registry, replay.BEGAN)
    log = replay.Log(replay.Clock())
    opened, told = [], []

    def open_feed(*how):
        opened.append(how)
        return open_live_feed(*how)

    def give_up(_, view):
        if isinstance(view, MessageView) and view.retries_in_s and len(told) < len(opened):
            told.append(view)
            press(*(ENTER if len(opened) == 1 else ESCAPE))

    app = App(AppOptions(source="97"), machine=Machine(open_feed=open_feed))
    with replay.LoggedWindow(log, give_up) as window, pytest.raises(SourceError) as error:
        app.lead(window, Voice(replay.Speaker(log), lambda _: 1.8), chosen)
    assert len(opened) == 2, "Enter tries at once, Esc gives up"
    assert {type(view) for _, view in log.shown} == {MessageView}
    assert {view.text for view in told} == {str(error.value)}
    offered = {tuple(f"{hint.key} {hint.label}" for hint in view.hints) for _, view in log.shown}
    assert offered <= {("Esc Back",), ("Enter Try now", "Esc Back")}, "no key is offered that does nothing"
    assert {clip for _, clip in log.clips} == {"setup.camera-missing"}, "nothing is asked before there is a camera"


def test_a_file_that_is_not_there_ends_a_straight_start_with_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    log = replay.Log(replay.Clock())
    app = App(AppOptions(source=str(tmp_path / "none.mp4")), machine=Machine())
    with replay.LoggedWindow(log, lambda *_: None) as window, pytest.raises(SourceError, match="none"):
        app.lead(window, Voice(replay.Speaker(log), lambda _: 1.8), load_exercises().get("dead-bug"))
    assert not any(isinstance(view, SafetyView) for _, view in log.shown)
