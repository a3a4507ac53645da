"""Sets that stand still, who makes them go on, and what a key may mean: through whole visits."""

from __future__ import annotations

import itertools

import pygame
import pytest

from formcheck.camera import CameraState
from formcheck.kiosk.company import Company
from formcheck.kiosk.pages import AttractPage, KeypadPage
from formcheck.screen import Action, AttractView, ChoiceView, KeypadView, Number, OptionsView, ViewModel
from formcheck.system.errors import SourceError
from tests import replay
from tests.app.people import press
from tests.kiosk.day import recorded
from tests.kiosk.people import FPS, Foyer, Passers, away, chained, lasting, standing, timed
from tests.kiosk.test_mischief import pressing
from tests.kiosk.test_visit import Fingers, to_bridge
from tests.kiosk.visits import visit
from tests.replay import Clock


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")


def bridging(*more):
    """Somebody who stands, lies down, does three bridges, and what follows."""
    film = recorded("glute-bridge")
    return chained(lasting(standing(), 14), replay.still(film[0], 26, FPS), film, *more)


def stages(seen):
    """How far the set was, one after the other, each with the time at which it began."""
    found = []
    for t, view in seen.log.shown:
        if isinstance(view, ViewModel) and (not found or found[-1][1] != view.snapshot.stage):
            found.append((t, view.snapshot.stage))
    return found


def test_whoever_goes_for_a_moment_is_waited_for_and_goes_on_without_a_key():
    film = recorded("glute-bridge")
    steps = bridging(away(9), lasting(film[-1], 8), away(200))
    seen = visit(steps, on_view=to_bridge())
    names = [name for _, name in stages(seen)]
    working = names.index("working")
    assert names[working : working + 3] == ["working", "paused", "working"]
    (paused_s, _), (on_s, _) = stages(seen)[working + 1 : working + 3]
    gone_s = 14 + 26 + len(film) / FPS
    told_s = next(t for t, clip in seen.log.clips if t >= gone_s and clip in ("setup.paused", "kiosk.away"))
    assert gone_s <= paused_s <= told_s <= gone_s + 5.0
    assert gone_s + 9 <= on_s <= gone_s + 15


def test_who_has_paused_a_set_by_a_key_is_not_hurried_on():
    film = recorded("glute-bridge")
    steps = bridging(lasting(film[-1], 30), away(200))
    pressed = []

    def once(now_s, view):
        to(now_s, view)
        if isinstance(view, ViewModel) and view.snapshot.reps >= 2 and not pressed:
            pressed.append(now_s)
            press(pygame.K_SPACE, " ")

    to = to_bridge()
    seen = visit(steps, on_view=once)
    after = [(t, name) for t, name in stages(seen) if t >= pressed[0]]
    paused_s = next(t for t, name in after if name == "paused")
    assert paused_s - pressed[0] < 1.0
    assert not [t for t, name in after if name == "working" and paused_s < t < paused_s + 20]


def test_whoever_goes_before_the_work_begins_is_told_nothing_of_a_pause():
    seen = visit(chained(lasting(standing(), 70), away(15), lasting(standing(), 5), away(200)), on_view=to_bridge())
    setup_s = next(t for t, name in stages(seen) if name == "setup")
    assert setup_s < 70
    assert not [t for t, clip in seen.log.clips if clip == "kiosk.away"]


def test_passers_by_do_not_add_up_to_somebody_else():
    by = [step for _ in range(6) for step in (*lasting(standing(person=1), 1.0), *lasting(standing(), 1.0))]
    seen = visit(
        chained(lasting(standing(), 8), by, away(200)), on_view=Fingers(AttractView=pygame.K_RETURN, Language=1)
    )
    assert seen.visit.policy.end == "gone"


@pytest.mark.parametrize(("key", "marked"), [(pygame.K_LEFT, 2), (pygame.K_RIGHT, 0)])
def test_a_pedal_that_steps_back_begins_with_the_last_answer(key, marked):
    seen = visit(chained(lasting(standing(), 8), away(200)), on_view=pressing("Language", key))
    marks = [view.marked for _, view in seen.log.shown if isinstance(view, ChoiceView)]
    assert next(mark for mark in marks if mark is not None) == marked


def test_the_options_offer_no_window_and_no_camera():
    keys = pressing("Hello", pygame.K_o, go=Fingers(AttractView=pygame.K_RETURN, Language=1))
    seen = visit(chained(lasting(standing(), 12), away(200)), on_view=keys)
    (rows,) = {tuple(row.name for row in view.switches) for _, view in seen.log.shown if isinstance(view, OptionsView)}
    assert "sound" in rows
    assert not {"fullscreen", "choose-camera"} & set(rows)


def test_no_hint_tells_of_a_key_that_does_nothing():
    seen = visit(chained(lasting(standing(), 70), away(200)), on_view=to_bridge())
    told = {hint.action for _, view in seen.log.shown for hint in getattr(view, "hints", ())}
    assert Action.HURT in told
    assert not {Action.FULLSCREEN, Action.QUIT, Action.CAMERA, Action.DEBUG} & told


# -- pages by themselves -----------------------------------------------------------------------------------------------


def test_a_camera_that_does_not_open_is_tried_less_and_less_often_and_then_soon_again():
    opened, clock, feed = [], Clock(), Foyer(timed(away(5)), Clock())

    def open_feed():
        opened.append(clock.now_s)
        if not 100 < clock.now_s < 200:
            raise SourceError("No camera number 0. Plug it in.")
        return feed

    page = AttractPage(
        AttractView(), (), open_feed, Company(clock, Passers(feed._steps)), lambda: False, clock.sleep, lambda: True
    )  # fmt: skip
    page.enter(0.0)
    while clock.now_s < 150:
        page.turn(clock.now_s)
    assert page.feed is feed
    gaps = [b - a for a, b in itertools.pairwise(opened)]
    assert gaps[:4] == pytest.approx([2, 4, 8, 16], abs=0.5)
    assert gaps[4:] == pytest.approx([20] * len(gaps[4:]), abs=0.5)
    feed.status = lambda: CameraState("failed", "gone") if clock.now_s > 199 else CameraState("live")
    while clock.now_s < 210:
        page.turn(clock.now_s)
    late = [t for t in opened if t > 199]
    assert late[1] - late[0] == pytest.approx(4, abs=0.5), "after a camera that was there it begins anew"


def test_a_number_has_an_end_and_what_was_wrong_is_forgotten_by_the_next_digit():
    page = KeypadPage(
        KeypadView("PIN"), lambda typed, _: f"{len(typed)} digits are wrong.", lambda _: None, is_hidden=False
    )
    for _ in range(40):
        page.handle(Number(7), 0.0)
    page.handle(Action.CONFIRM, 0.0)
    assert page.view(0.0).trouble == "12 digits are wrong."
    page.handle(Number(1), 0.0)
    assert (page.view(0.0).trouble, page.view(0.0).typed) == ("", "1")


def test_a_camera_that_goes_in_a_session_is_its_own_pages_business():
    def gone(feed):
        feed.status = lambda: CameraState("lost", "gone") if 45 < feed.now_s < 75 else CameraState("live")

    seen = visit(chained(lasting(standing(), 80), away(200)), on_view=to_bridge(), prepare=gone)
    assert seen.visit.policy.end == "gone"
    assert seen.log.shown[-1][0] > 80


def test_where_nothing_was_done_there_is_nothing_to_take_along():
    keys = Fingers(AttractView=pygame.K_RETURN, Language=1, Hello=1, Read=1, want=1, pain=pygame.K_ESCAPE)
    seen = visit(chained(lasting(standing(), 60), away(200)), on_view=keys)
    assert "ScaleView How is your pain now?" in seen.pages
    assert not any(page.startswith("TakeawayView") for page in seen.pages)
