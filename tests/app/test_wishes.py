"""What a person wishes for: kept, changed on a page over any other, read aloud, and done in a set."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pygame
import pytest

from formcheck.app.aloud import lines_of
from formcheck.app.app import AppOptions
from formcheck.app.pages.cameras import CamerasPage
from formcheck.camera import CameraInfo, CameraState, Frame
from formcheck.core.rules.setting import Settings
from formcheck.screen import (
    Action,
    CamerasView,
    Choose,
    MenuView,
    OptionsView,
    SafetyView,
    SummaryView,
    View,
    ViewModel,
)
from formcheck.session.program import load_program
from formcheck.session.registry import load_exercises
from formcheck.session.texts import catalogue
from formcheck.system import wishes as kept
from formcheck.system.wishes import CAPTIONS_S, Wishes, Wishing, keep_wishes, kept_wishes
from tests import replay
from tests.app.people import Person, press
from tests.exercises.runner import RUN, record, times
from tests.screen.samples import pages

EXERCISES = load_exercises()


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setattr(kept, "wishes_path", lambda: tmp_path / "deep" / "wishes.json")
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_what_is_wished_for_is_kept():
    wishing = Wishing(kept_wishes(), keep_wishes)
    assert wishing.now == Wishes()
    wishing.change(large=True, captions_s=CAPTIONS_S[-1], camera="Kamera é")
    wishing.for_this_run(pace=True)
    assert kept_wishes() == Wishes(large=True, captions_s=CAPTIONS_S[-1], camera="Kamera é")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("text", ["", "[]", "{", '{"large": 3, "captions_s": 5, "camera": null, "more": 1}', '"x"'])
def test_a_file_that_makes_no_sense_is_as_if_there_were_none(text):
    kept.wishes_path().parent.mkdir()
    kept.wishes_path().write_text(text, "utf-8")
    assert kept_wishes() == Wishes()


class Presses:
    """Presses one key after the other, a second apart, in the menu."""

    def __init__(self, *keys: tuple[int, str]) -> None:
        self._keys, self._next_s, self.views = list(keys), 1.0, list[View]()

    def __call__(self, now_s, view):
        self.views.append(view)
        if now_s >= self._next_s and self._keys:
            self._next_s = now_s + 1.0
            press(*self._keys.pop(0))


ESCAPE, OPTIONS = (pygame.K_ESCAPE, ""), (pygame.K_o, "o")


def test_options_are_changed_by_number_over_any_page():
    wishing = Wishing()
    person = Presses(
        OPTIONS, (pygame.K_1, "1"), (pygame.K_3, "3"), (pygame.K_5, "5"), (pygame.K_6, "6"), ESCAPE, ESCAPE
    )
    ran = replay.run(None, [], on_view=person, wishing=wishing)
    assert wishing.now == Wishes(large=True, captions_s=CAPTIONS_S[1], pace=True, gentle=True)
    kinds = list(dict.fromkeys(type(view) for view in person.views))
    assert kinds == [MenuView, OptionsView]
    last = [view for view in person.views if isinstance(view, OptionsView)][-1]
    assert [s.value for s in last.switches][:6] == ["On", "Off", "8 s", "Off", "On", "On"]
    assert ran.error is None


def test_a_page_is_read_aloud():
    ran = replay.run(None, [], on_view=Presses(OPTIONS, (pygame.K_b, "b"), ESCAPE, ESCAPE, ESCAPE))
    said = [clip for _, clip in ran.log.clips]
    assert said[:2] == ["page.large", "page.off"]


SILENT = {
    "progress-bare", "replay", "replay-one", "replay-none", "report-empty", "message-info", "attract-bare",
    "camera-picture", "pin", "pin-unset", "number", "staff", "takeaway", "takeaway-small",
}  # fmt: skip
"""Pages whose sentences are made of names and numbers for which there are no clips."""


@pytest.mark.parametrize("name", [name for name in pages() if name not in SILENT])
def test_the_important_lines_of_a_page_can_be_read_aloud(name):
    lines = lines_of(pages()[name])
    assert lines
    assert all(catalogue()[cue].rstrip(".") == text.rstrip(".") for cue, text in lines), "there are clips of it"


def test_pain_and_when_to_stop_are_read():
    assert ("session.pain", catalogue()["session.pain"]) in lines_of(pages()["pain"])
    stop = [name for name, _ in lines_of(SafetyView())]
    assert [name for name in stop if name.startswith("page.safety-stop-")] == [
        f"page.safety-stop-{n}" for n in (1, 2, 3)
    ]


class Camera:
    """A camera that sends one picture, or none."""

    def __init__(self, image: np.ndarray | None) -> None:
        self.state = CameraState("live" if image is not None else "failed")
        self.is_open, self._image = True, image

    def take(self, timeout_s=None):
        return None if self._image is None else Frame(self._image, 0.0, 0)

    def stop(self):
        self.is_open = False


def choosing(*names: str, wishing: Wishing | None = None):
    opened: list[Camera] = []

    def look(info: CameraInfo) -> Camera:
        opened.append(Camera(None if info.name == "dark" else np.full((9, 16, 3), info.index, np.uint8)))
        return opened[-1]

    infos = [CameraInfo(i, name) for i, name in enumerate(names)]
    page = CamerasPage(infos, look, wishing or Wishing(), lambda _: None)
    page.enter(0.0)
    page.turn(0.0)
    return page, opened


@pytest.mark.parametrize(
    "intents", [[Action.RIGHT, Action.CONFIRM], [Choose("1")], [Action.LEFT] * 2 + [Action.CONFIRM]]
)
def test_a_camera_is_chosen_by_its_picture_and_kept_by_its_name(intents):
    wishing = Wishing()
    page, opened = choosing("one", "two", "dark", wishing=wishing)
    view = page.view(0.0)
    assert isinstance(view, CamerasView)
    assert [camera.image is None for camera in view.cameras] == [False, False, True]
    assert "no picture" in view.cameras[2].trouble
    for intent in intents:
        page.handle(intent, 0.0)
    page.leave()
    assert (page.outcome, wishing.now.camera) == ("taken", "two")
    assert not any(camera.is_open for camera in opened), "the set needs it"


@pytest.mark.parametrize(("names", "note"), [((), "No camera was found."), (("one",), "There is one camera.")])
def test_one_camera_or_none_is_said(names, note):
    page, _ = choosing(*names)
    view = page.view(0.0)
    assert isinstance(view, CamerasView)
    assert view.note.startswith(note)
    assert lines_of(view)
    page.handle(Action.CONFIRM, 0.0)
    assert page.outcome == ("taken" if names else "left")


def test_who_leaves_keeps_the_camera_of_before():
    wishing = Wishing(Wishes(camera="two"))
    page, _ = choosing("one", "two", wishing=wishing)
    page.handle(Action.RIGHT, 0.0)
    page.handle(Action.BACK, 0.0)
    assert wishing.now.camera == "two"


def dead_bug(wishing: Wishing, **how):
    steps = replay.joined([replay.still(replay.recorded("dead-bug", 15)[0], 13), replay.recorded("dead-bug", 15)])
    return replay.run(EXERCISES.get("dead-bug"), steps, on_view=Person(), wishing=wishing, **how)


def test_ticks_lead_only_who_asks_for_them():
    quiet, led = (dead_bug(Wishing(Wishes(pace=pace))) for pace in (False, True))
    assert not [clip for _, clip in quiet.log.clips if clip.startswith("pace-")]
    ticks = [(at_s, clip) for at_s, clip in led.log.clips if clip.startswith("pace-")]
    assert {clip for _, clip in ticks} >= {"pace-1", "pace-2", "pace-3"}
    assert "dead-bug.turn" in led.log.names
    assert "dead-bug.turn" not in quiet.log.names
    assert led.session.provenance is not None
    assert led.session.provenance.ways == {"pace": True}


def test_a_run_is_led_after_its_own_cadence_was_measured_and_not_after_its_end():
    steps = replay.joined([record(RUN, times(30, 15), stand_s=13.0)])
    ran = replay.run(EXERCISES.get("running"), steps, on_view=Person(), wishing=Wishing(Wishes(pace=True)))
    beats = [(at_s, clip) for at_s, clip in ran.log.clips if " at " in clip]
    per_minute = [float(clip.split(" at ")[1]) for _, clip in beats]
    assert per_minute[0] == pytest.approx(RUN.cadence_spm * 1.05, rel=0.01)
    assert per_minute[-1] == 0.0
    assert max(per_minute) <= RUN.cadence_spm * 1.10


def test_a_gentle_set_has_more_time_and_names_what_can_be_done_sitting():
    usual, gentle = (dead_bug(Wishing(Wishes(gentle=is_gentle))) for is_gentle in (False, True))
    seated = EXERCISES.get("dead-bug").seated
    assert "dead-bug.seated" in gentle.log.names
    assert "dead-bug.seated" not in usual.log.names
    shown = [v.caption.text for _, v in gentle.log.shown if isinstance(v, ViewModel) and v.caption]
    assert seated in shown
    first = {name: next(v for _, v in ran.log.shown if isinstance(v, ViewModel)).snapshot.countdown_s
             for name, ran in (("usual", usual), ("gentle", gentle))}  # fmt: skip
    assert first["gentle"] == pytest.approx(2 * first["usual"])
    assert gentle.session.provenance is not None
    assert gentle.session.provenance.ways == {"gentle": True}
    assert gentle.session.provenance.settings["dead-bug"]["reach_hip_deg"] == 120


GENTLE = """
title = "Gentle day"
gentle = true
pace = true
[[exercise]]
name = "dead-bug"
sets = 2
rest_s = 20
[exercise.settings]
reach_hip_deg = 130
"""


def test_a_program_can_be_gentle_and_what_it_sets_itself_goes_before_it(tmp_path):
    path = tmp_path / "gentle.toml"
    path.write_text(GENTLE, "utf-8")
    program = load_program(str(path), EXERCISES)
    first = program.sets[0]
    assert (program.is_gentle, program.pace, first.is_gentle, first.rest_s) == (True, True, True, 30.0)
    gentle = EXERCISES.get("dead-bug").gentle
    assert first.overrides == {**gentle, "reach_hip_deg": 130}
    plain = tmp_path / "plain.toml"
    plain.write_text(GENTLE.replace("gentle = true\n", ""), "utf-8")
    assert load_program(str(plain), EXERCISES).hash != program.hash
    assert load_program(str(plain), EXERCISES, is_gentle=True).hash == program.hash


@pytest.mark.parametrize("exercise", EXERCISES.exercises.values(), ids=lambda e: e.name)
def test_gentle_asks_for_less_and_never_for_more(exercise):
    usual, gentle = Settings(exercise.all_settings), Settings(exercise.all_settings, exercise.gentle)
    assert exercise.seated
    assert gentle["pause_s"] > usual["pause_s"]
    for name in exercise.gentle:
        if name.startswith(
            ("reach_", "top_", "full_", "shift_", "lean_min", "hold_share", "short_share", "cadence_min")
        ):
            assert gentle[name] < usual[name], name


def test_slow_motion_never_gets_a_cadence_nor_a_beat():
    slow = [(replace(p, t_s=4 * p.t_s), replace(b, t_s=4 * b.t_s)) for p, b in record(RUN, times(12, 60), stand_s=3.0)]
    steps = [(replace(p, index=i), b) for i, (p, b) in enumerate(slow)]
    ran = replay.run(EXERCISES.get("running"), steps, on_view=Person(), is_camera=False,
                     wishing=Wishing(Wishes(pace=True)), options=AppOptions())  # fmt: skip
    shown = [view for _, view in ran.log.shown if isinstance(view, ViewModel)]
    assert {number.text for view in shown for number in view.snapshot.numbers[:1]} == {""}
    assert not [clip for _, clip in ran.log.clips if " at " in clip and not clip.endswith(" 0.0")]
    (record_,) = [r for r in ran.session.sets]
    assert math.isnan(record_.metrics["cadence_spm"] or math.nan)


def test_a_run_ends_with_its_picture():
    steps = replay.joined([record(RUN, times(20, 15), stand_s=13.0), replay.still(record(RUN, times(1, 15))[0], 0)])
    ran = replay.run(EXERCISES.get("running"), steps, on_view=Person(), is_camera=False)
    (summary,) = list({id(v): v for _, v in ran.log.shown if isinstance(v, SummaryView)}.values())[-1:]
    assert summary.cycle
    assert [line.title for line in summary.bands][:3] == ["Cadence", "Lean", "Bounce"]
