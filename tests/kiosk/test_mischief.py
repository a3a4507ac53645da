"""What a mischievous visitor, a poster on the wall and a hasty member of staff do to a visit: it always ends."""

from __future__ import annotations

import pygame
import pytest

from formcheck.camera import CameraState
from formcheck.kiosk.config import KioskConfig
from formcheck.screen import HelpView, OptionsView, StillThereView, SummaryView, ViewModel
from tests.app.people import press
from tests.kiosk.people import away, chained, lasting, standing
from tests.kiosk.test_visit import Fingers, to_bridge
from tests.kiosk.visits import name_of, visit


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")


def pressing(name, *keys, every_s=1.0, go=lambda *_: None):
    """Presses keys, one after the other, from a moment after a page was first shown."""
    left, last_s = list(keys), [float("inf")]

    def press_next(now_s, view):
        go(now_s, view)
        if name in name_of(view):
            last_s[0] = min(last_s[0], now_s)
        if left and now_s - last_s[0] >= every_s:
            last_s[0] = now_s
            press(left.pop(0))

    return press_next


@pytest.mark.parametrize("key", [pygame.K_o, pygame.K_h, pygame.K_m, pygame.K_b, pygame.K_l, pygame.K_PLUS, pygame.K_q])
def test_any_key_only_wakes_the_first_page_and_the_visit_ends_by_itself(key):
    seen = visit(away(200), on_view=pressing("AttractView", key))
    assert seen.pages[0] == "AttractView"
    assert seen.pages[1].startswith("ChoiceView Language")
    assert seen.pages[2:] == ["StillThereView"]
    assert seen.visit.policy.end == "gone"


@pytest.mark.parametrize("name", ["Hello", "What do you want", "ViewModel"])
@pytest.mark.parametrize(("key", "view"), [(pygame.K_o, OptionsView), (pygame.K_h, HelpView)])
def test_options_and_help_that_are_left_open_go_too(name, key, view):
    seen = visit(chained(lasting(standing(), 60), away(300)), on_view=pressing(name, key, go=to_bridge()))
    assert any(isinstance(shown, view) for _, shown in seen.log.shown)
    assert seen.visit.policy.end == "gone"


def test_options_over_a_question_that_goes_on_by_itself_do_not_stay():
    keys = Fingers(AttractView=pygame.K_RETURN, Language=1, Hello=1, Read=1, want=1)
    seen = visit(chained(lasting(standing(), 40), away(400)), on_view=pressing("ScaleView", pygame.K_o, go=keys))
    assert any(isinstance(view, OptionsView) for _, view in seen.log.shown)
    assert seen.visit.policy.end == "gone"


def test_help_lists_no_locked_key_and_no_page_speaks_of_a_menu():
    seen = visit(chained(lasting(standing(), 60), away(300)), on_view=pressing("ViewModel", pygame.K_h, go=to_bridge()))
    (helped,) = {view for _, view in seen.log.shown if isinstance(view, HelpView)}
    assert not {"C", "D", "F", "L", "P"} & {key for key, _ in helped.keys}
    assert not any("quit" in text for _, text in helped.keys)
    labels = {hint.label for _, view in seen.log.shown for hint in getattr(view, "hints", ())}
    assert "Menu" not in labels
    assert "It hurts" in labels


@pytest.mark.parametrize("go", [Fingers(AttractView=pygame.K_RETURN, Language=1), to_bridge()], ids=["consent", "set"])
def test_a_poster_that_never_moves_is_no_visitor_for_good(go):
    seen = visit(lasting(standing(), 900), on_view=go)
    assert seen.visit.policy.end == "gone"
    assert seen.pages[-1] == "StillThereView"
    assert 300 <= seen.when("StillThereView") <= 330


@pytest.mark.parametrize("go", [Fingers(AttractView=pygame.K_RETURN, Language=1), to_bridge()], ids=["consent", "set"])
def test_somebody_who_waves_when_asked_may_stay(go):
    steps = [*lasting(standing(), 300), *([*lasting(standing("up"), 2), *lasting(standing(), 2)] * 10), *away(300)]
    seen = visit(steps, on_view=go)
    asked_s = [t for t, view in seen.log.shown if isinstance(view, StillThereView)]
    assert 300 <= asked_s[0] <= 345
    assert seen.pages.count("StillThereView") >= 1
    assert seen.log.shown[-1][0] > 360


def test_the_staff_step_in_front_of_the_visitor_and_keep_their_page():
    go = Fingers(AttractView=pygame.K_RETURN, Language=1)
    steps = chained(lasting(standing(), 12), lasting(standing(person=1), 40))
    seen = visit(steps, on_view=pressing("Hello", pygame.K_F10, go=go))
    assert "KeypadView PIN" in seen.pages
    assert seen.visit.policy.end == "gone"
    assert seen.log.shown[-1][0] - seen.when("KeypadView PIN") > 30


@pytest.mark.parametrize("times", [2, 5])
def test_the_staff_key_twice_asks_for_the_pin_again(times):
    seen = visit(away(120), on_view=pressing("AttractView", *[pygame.K_F10] * times))
    assert seen.pages[:2] == ["AttractView", "KeypadView PIN"]
    assert seen.log.shown[-1][0] - seen.when("KeypadView PIN") > 30


def test_where_nothing_can_be_chosen_it_is_said_and_nobody_is_asked():
    config = KioskConfig.model_validate({"programs": ["nonsense"], "exercises": False})
    go = Fingers(AttractView=pygame.K_RETURN, Language=1, Hello=1, Read=1, Message=pygame.K_RETURN)
    seen = visit(lasting(standing(), 60), config, on_view=go)
    assert seen.pages[-1] == "MessageView"
    assert not any(isinstance(view, (ViewModel, SummaryView)) for _, view in seen.log.shown)


@pytest.mark.parametrize("at", ["Hello", "Read this first", "What do you want"])
def test_a_camera_that_goes_before_anything_was_begun_ends_the_visit(at):
    gone_s, feeds = [], []
    go = Fingers(AttractView=pygame.K_RETURN, Language=1, **({"Hello": 1, "Read": 1} if at != "Hello" else {}))

    def pull(now_s, view):
        if at in name_of(view) and not gone_s:
            gone_s.append(now_s)
            feeds[0].status = lambda: CameraState("lost", "No camera.")
        elif not gone_s:
            go(now_s, view)

    seen = visit(lasting(standing(), 60), on_view=pull, prepare=feeds.append)
    assert at in seen.pages[-1]
    assert seen.visit.policy.end == "camera"
    assert 3 <= seen.log.shown[-1][0] - gone_s[0] <= 6


def test_a_camera_that_comes_back_soon_ends_nothing():
    lost, feeds = [], []
    go = Fingers(AttractView=pygame.K_RETURN, Language=1)

    def pull(now_s, view):
        go(now_s, view)
        if "Hello" in name_of(view) and not lost:
            lost.append(now_s)
            feeds[0].status = lambda: CameraState("lost" if (feeds[0].now_s - lost[0]) % 5 < 3 else "live")

    seen = visit(chained(lasting(standing(), 30), away(100)), on_view=pull, prepare=feeds.append)
    assert seen.visit.policy.end == "gone"


def test_nobody_is_asked_about_pain_while_the_camera_is_gone():
    feeds = []
    go = Fingers(AttractView=pygame.K_RETURN, Language=1, Hello=1, Read=1, want=1)

    def pull(now_s, view):
        if "What do you want" in name_of(view):
            feeds[0].status = lambda: CameraState("lost", "No camera.")
        go(now_s, view)

    seen = visit(lasting(standing(), 60), on_view=pull, prepare=feeds.append)
    assert seen.visit.chosen is not None
    assert seen.pages[-1] == "ChoiceView What do you want to do?"
