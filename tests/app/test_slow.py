"""A machine that is too slow, as the person has it: what is on the screen, what is said, what is not drawn."""

from __future__ import annotations

from itertools import pairwise

import pytest

from formcheck.pipeline.live import Strain
from formcheck.pipeline.pace import PaceState
from formcheck.screen import ViewModel
from formcheck.session.registry import load_exercises
from tests import replay
from tests.app.people import Person

FPS = 15.0
TOLD_S = 60.0
SLOW = Strain(PaceState(4.0, 30.0, 240.0, 300.0, "tracker"), ("drawing", "scout", "lite", "small"), "all")
FEW = Strain(PaceState(4.0, 4.0, 40.0, 60.0, "camera"), (), "all", is_of_camera=True)
HELPED = Strain(PaceState(8.0, 30.0, 110.0, 150.0, "tracker"), ("drawing",), "")


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")


def film(seconds):
    """Somebody who lies in the start position."""
    return replay.joined([replay.still(replay.recorded("dead-bug")[0], seconds, FPS)], FPS)


def lying(seconds, strained, *, is_camera=True):
    def prepare(feed):
        feed.strained = strained

    return replay.run(
        load_exercises().get("dead-bug"), film(seconds), on_view=Person(), prepare=prepare, is_camera=is_camera
    )


def works(ran):
    return [(at_s, view) for at_s, view in ran.log.shown if isinstance(view, ViewModel)]


def said(ran, *names):
    return [(at_s, name) for at_s, name in ran.log.cues if name in names]


def test_it_is_said_once_a_minute_and_shown_all_the_time():
    ran = lying(140.0, lambda at: SLOW if at > 2 * FPS else Strain())
    began_s = works(ran)[0][0]
    told = said(ran, "setup.too-slow", "setup.few-pictures")
    assert [name for _, name in told] == ["setup.too-slow"] * 3
    assert told[0][0] == pytest.approx(began_s + 2.0, abs=0.5)
    assert all(b[0] - a[0] == pytest.approx(TOLD_S, abs=0.5) for a, b in pairwise(told))
    assert {view.slowness for at_s, view in works(ran) if at_s > began_s + 3.0} == {"all"}
    assert {view.slowness for at_s, view in works(ran) if at_s < began_s + 1.8} == {""}
    assert "setup.too-slow" in [cue.name for cue in ran.session.sets[0].cues], "the record has it"


def test_it_is_gone_from_the_screen_when_the_machine_is_fast_again():
    ran = lying(20.0, lambda at: SLOW if at < 8 * FPS else Strain())
    assert works(ran)[-1][1].slowness == ""
    assert len(said(ran, "setup.too-slow")) == 1


def test_a_camera_with_too_few_pictures_asks_for_light():
    ran = lying(6.0, lambda _: FEW)
    assert [name for _, name in said(ran, "setup.too-slow", "setup.few-pictures")] == ["setup.few-pictures"]
    assert works(ran)[-1][1].slowness == "camera-all"


def test_a_recording_is_not_asked_for_light():
    ran = lying(6.0, lambda _: FEW, is_camera=False)
    assert said(ran, "setup.too-slow", "setup.few-pictures") == []
    assert works(ran)[-1][1].slowness == ""


def test_help_alone_is_not_spoken_of():
    ran = lying(6.0, lambda _: HELPED)
    assert said(ran, "setup.too-slow", "setup.few-pictures") == []
    assert works(ran)[-1][1].slowness == ""


def test_of_fifteen_poses_a_second_every_third_is_drawn_where_drawing_is_spared():
    """The same view again is not drawn again."""
    drawn = {}
    for strain in (Strain(), HELPED):
        ran = lying(10.0, lambda _, strain=strain: strain)
        drawn[strain.help] = len({id(view) for _, view in works(ran)})
    assert drawn[()] > 9.0 * FPS
    assert 0.3 * drawn[()] < drawn[("drawing",)] < 0.5 * drawn[()]


def test_a_key_is_answered_on_the_screen_at_once_also_where_drawing_is_spared():
    import pygame

    from tests.app.people import press

    pressed = []

    def pause(now_s, view):
        Person()(now_s, view)
        if isinstance(view, ViewModel):
            if not pressed and now_s > 5.0:
                press(pygame.K_SPACE)
                pressed.append(now_s)
            elif pressed and len(pressed) == 1:
                pressed.append(view.snapshot.stage)

    def prepare(feed):
        feed.strained = lambda _: HELPED

    replay.run(load_exercises().get("dead-bug"), film(8.0), on_view=pause, prepare=prepare, is_camera=False)
    assert pressed[1] == "paused"


def test_the_figures_of_experts_say_what_it_waits_for():
    import pygame

    from tests.app.people import press

    pressed = []

    def debug(now_s, view):
        if isinstance(view, ViewModel) and not pressed:
            press(pygame.K_d)
            pressed.append(now_s)

    def prepare(feed):
        feed.strained = lambda _: SLOW

    ran = replay.run(load_exercises().get("dead-bug"), film(3.0), on_view=debug, prepare=prepare, is_camera=False)
    lines = works(ran)[-1][1].debug.lines
    assert lines == (
        "poses 4.0/s of 30.0, 240 ms",
        "waits for the tracker; help: fewer drawings, no look at others, small model, smaller picture",
    )
