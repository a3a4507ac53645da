"""A whole session through the real window loop, on recorded poses of rendered people."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pygame
import pytest
from formcheck.system.first_use import flag_path

from formcheck.app import daily
from formcheck.app.app import App, AppOptions
from formcheck.app.report import report_of
from formcheck.camera.synthetic import Synthetic
from formcheck.core.body.measure import Limbs
from formcheck.core.body.pose import Evidence, Joint
from formcheck.core.setup.gesture import SKIP_S, STOP_S, SignRecognizer, is_crossed
from formcheck.screen import ChoiceView, MenuView, Painter, ReportView, SafetyView, ViewModel, Window
from formcheck.session.program import load_program
from formcheck.session.record import ADVICE
from formcheck.session.registry import load_exercises
from formcheck.system.errors import SourceError
from formcheck.testing import film
from formcheck.testing.stances import Stance, pose_of
from tests import replay
from tests.exercises.scripts import hip_flexor_stretch

PROGRAM = """
title = "Short day"
[[exercise]]
name = "glute-bridge"
reps = 2
hold_s = 5
rest_s = 12
[[exercise]]
name = "dead-bug"
reps = 2
sets = 1
rest_s = 14
"""


@pytest.fixture(autouse=True)
def own_state(monkeypatch, tmp_path):
    """The safety flag of these tests lies in a folder of their own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    path = tmp_path_factory.mktemp("program") / "short.toml"
    path.write_text(PROGRAM, encoding="utf-8")
    return load_program(str(path), load_exercises())


@pytest.fixture(scope="module")
def whole_day(program, tmp_path_factory):
    """A day from begin to end, with its log: the person answers both questions of pain."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setenv("SDL_VIDEODRIVER", "dummy")
        return replay.run(patch, program, day(), on_view=Person(MILD, MODERATE))


def press(key, typed=""):
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=typed, scancode=0, mod=0))


THINK_S = 3.0


class Person:
    """Answers the pages: Enter on the safety page and, when it was read, the report; a number to the pain."""

    def __init__(self, *answers, keys=None):
        self._answers = list(answers)
        self._keys = dict(keys or {})
        self._asked_s = None

    def __call__(self, now_s, view):
        if isinstance(view, SafetyView):
            press(pygame.K_RETURN)
        elif isinstance(view, ReportView):
            self._asked_s = now_s if self._asked_s is None else self._asked_s
            if now_s - self._asked_s > THINK_S:
                press(pygame.K_RETURN)
        elif isinstance(view, ChoiceView) and self._answers:
            self._asked_s = now_s if self._asked_s is None else self._asked_s
            if now_s - self._asked_s > THINK_S:
                self._asked_s = None
                press(*self._answers.pop(0))
        elif isinstance(view, ViewModel):
            for at_s in [at_s for at_s in self._keys if now_s >= at_s]:
                press(self._keys.pop(at_s))


MILD, MODERATE, STRONG = ((key, typed) for key, typed in ((pygame.K_1, "1"), (pygame.K_2, "2"), (pygame.K_3, "3")))


def day():
    """Getting ready, two bridges, a rest, lying wrongly, two dead bugs."""
    fps = 10
    bridge, bug = (replay.recorded(name, fps) for name in ("glute-bridge", "dead-bug"))
    wrong = replay.recorded("setup/dead-bug.crop-feet")
    parts = [
        replay.still(bridge[0], 14, fps),
        bridge[: 19 * fps],
        replay.empty(9, bug[0][0], fps),
        wrong[:1] * (7 * fps),
        replay.still(bug[0], 5, fps),
        bug[: 16 * fps],
        replay.still(bug[0], 6, fps),
    ]
    return replay.joined(parts, fps)


def test_a_whole_day(whole_day):
    practice, log = whole_day
    first, second = practice.sets
    assert [s.outcome for s in practice.sets] == ["done", "done"]
    assert [len(s.reps) for s in practice.sets] == [2, 2]
    assert practice.is_complete
    flow = ("session", "setup", "set", "framing", "unseen", "safety")
    order = [n for n in log.names if n.partition(".")[0] in flow or n.endswith(".next")]
    assert order == [
        "session.minutes-5", "session.pain",
        "setup.get-ready", "glute-bridge.next", "setup.armed", "unseen.back", "set.done",
        "setup.get-ready", "dead-bug.next", "framing.feet-headward", "framing.good", "setup.armed", "set.done",
        "session.done", "session.pain",
    ]  # fmt: skip
    assert log.names[-1] == "pain.rising"
    assert [len([n for n in log.names if n == f"count.{i}"]) for i in (1, 2, 3)] == [4, 4, 2]
    assert (practice.pain_before, practice.pain_after) == ("mild", "moderate")
    report = next(view for _, view in log.shown if isinstance(view, ReportView))
    assert report.warning == ADVICE["rising"]
    assert ("Repetitions", "4 / 4") in report.tiles
    assert [len(row.bars) for row in report.rows] == [2, 2]
    assert [max(bar.reach for bar in row.bars) for row in report.rows] == [1.0, 1.0]
    assert all(0.9 < bar.reach <= 1.0 for row in report.rows for bar in row.bars)
    assert first.hold_total_s == pytest.approx(sum(r.hold_s for r in first.reps))
    assert second.hold_total_s >= 0


def test_the_rest_counts_down_with_the_next_exercise_on_screen(whole_day):
    _, log = whole_day
    rests = [v for _, v in log.shown if isinstance(v, ViewModel) and v.title == "Dead bug"]
    waiting = [v.snapshot.countdown_s for v in rests if v.snapshot.stage == "countdown"]
    assert waiting[0] == pytest.approx(12, abs=0.2)
    assert waiting == sorted(waiting, reverse=True)
    course = rests[0].course
    assert (course.number, course.count, course.text) == (2, 2, "2 times")
    assert course.steps == load_exercises().get("dead-bug").steps


def test_no_word_cuts_another_off(whole_day):
    _, log = whole_day
    speech = [(t, n) for t, n in log.clips if n not in ("ding", "tick")]
    cut = [n for (_, n), (_, after) in pairwise(speech) if after == "hush" and "." in n]
    assert [n for n in cut if not n.startswith("number.")] == []


def test_the_safety_page_is_shown_once(monkeypatch, program):
    steps = day()[:30]
    for expected in (True, False):
        with monkeypatch.context() as patch:
            _, log = replay.run(patch, program, steps, on_view=Person(MILD, MILD))
        assert any(isinstance(v, SafetyView) for _, v in log.shown) is expected
    assert flag_path().read_bytes() == b""


def test_who_does_not_confirm_the_safety_page_does_not_start(monkeypatch, program):
    practice, log = replay.run(monkeypatch, program, day()[:30], on_view=lambda *_: press(pygame.K_ESCAPE))
    assert practice.sets == []
    assert not flag_path().exists()
    assert all(isinstance(v, SafetyView) for _, v in log.shown)


def test_the_safety_page_can_be_read_again_from_the_menu(monkeypatch):
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    shown, show = [], Window.show
    answers = {MenuView: [pygame.K_s, pygame.K_ESCAPE], SafetyView: [pygame.K_RETURN]}

    def see(window, view):
        show(window, view)
        if not shown or shown[-1] is not type(view):
            shown.append(type(view))
            press(answers[type(view)].pop(0))

    monkeypatch.setattr(Window, "show", see)
    App(AppOptions(is_muted=True)).run()
    assert shown == [MenuView, SafetyView, MenuView]


def test_the_cues_of_a_program_fade(program):
    faded = daily.DailySession(replace(program, cues="summary"), AppOptions())
    assert [faded._options.live.fading.speaks(severity) for severity in (1, 2, 3)] == [False, False, True]


def test_a_whole_program_begins_in_the_menu_and_comes_back_to_it(monkeypatch):
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    shown, show = [], Window.show
    answers = {MenuView: [(pygame.K_1, "1"), (pygame.K_ESCAPE,)], SafetyView: [(pygame.K_RETURN,)],
               ChoiceView: [(pygame.K_ESCAPE,)]}  # fmt: skip

    def see(window, view):
        show(window, view)
        if not shown or type(shown[-1]) is not type(view):
            shown.append(view)
            press(*answers[type(view)].pop(0))

    monkeypatch.setattr(Window, "show", see)
    App(AppOptions(is_muted=True)).run()
    assert [type(view) for view in shown] == [MenuView, SafetyView, ChoiceView, MenuView]
    assert shown[0].cards[0].title in shown[2].note


class Camera(Synthetic):
    """A camera that shows nobody."""

    is_live = True


@pytest.mark.parametrize("key", [pygame.K_ESCAPE, pygame.K_RETURN])
def test_before_the_first_set_with_a_camera_the_safety_page_is_read(monkeypatch, key):
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    monkeypatch.setattr("formcheck.app.app.open_source", lambda _: Camera())
    shown, show = [], Window.show

    def see(window, view):
        show(window, view)
        shown.append(type(view))
        if isinstance(view, SafetyView):
            press(key)
        elif isinstance(view, ViewModel):
            press(pygame.K_ESCAPE)

    monkeypatch.setattr(Window, "show", see)
    App(AppOptions(source="0", is_muted=True)).run(load_exercises().get("dead-bug"))
    assert SafetyView in shown
    assert (ViewModel in shown) == flag_path().exists() == (key == pygame.K_RETURN)


def test_a_camera_that_cannot_be_opened_is_told_before_the_safety_page(monkeypatch):
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    with pytest.raises(SourceError):
        App(AppOptions(source="97", is_muted=True)).run(load_exercises().get("dead-bug"))
    assert not flag_path().exists()


def test_strong_pain_rests_unless_the_person_insists(monkeypatch, program):
    practice, log = replay.run(monkeypatch, program, day()[:60], on_view=Person(STRONG))
    assert practice.sets == []
    assert practice.pain_before == "strong"
    assert any(isinstance(v, ChoiceView) and v.question == ADVICE["rest-today"] for _, v in log.shown)


def test_a_question_that_nobody_answers_is_skipped(monkeypatch, program):
    practice, log = replay.run(monkeypatch, program, day()[:60], on_view=Person())
    assert (practice.pain_before, practice.pain_after) == (None, None)
    assert len(practice.sets) == 1
    asked = [t for t, v in log.shown if isinstance(v, ChoiceView)]
    assert asked[-1] - asked[0] > 60


def test_keys_skip_a_set_and_stop_the_session(monkeypatch, program):
    person = Person(MILD, MILD, keys={20.0: pygame.K_n, 26.0: pygame.K_ESCAPE})
    practice, log = replay.run(monkeypatch, program, day()[:350], on_view=person)
    assert [s.outcome for s in practice.sets] == ["skipped", "stopped"]
    assert "session.stopped" in log.names
    assert not practice.is_complete
    headings = {label.text for label in Painter().paint(report_of(practice), (1280, 720)).labels}
    assert "Short day: stopped early" in headings


def test_it_hurts_stops_the_set_and_asks(monkeypatch, program):
    person = Person(MILD, (pygame.K_2, "2"), MILD, keys={20.0: pygame.K_x})
    practice, log = replay.run(monkeypatch, program, day()[:250], on_view=person)
    assert practice.sets[0].outcome == "hurt"
    assert "safety.hurt" in log.names
    assert len(practice.sets) == 2


# -- the sign ------------------------------------------------------------------------------------------------------


def sitting(shoulder_deg, apart_px=20.0):
    """Somebody who sits up, arms at an angle, wrists so far from each other."""
    arms = Limbs(hip_deg=90, knee_deg=90, shoulder_deg=shoulder_deg, elbow_deg=180)
    pose = pose_of(Stance("upright", arms, arms, trunk_deg=88), 0.0)
    xy = pose.xy_px.copy()
    xy[Joint.RIGHT_WRIST] = xy[Joint.LEFT_WRIST] + np.array([apart_px, 0.0], np.float32)
    return replace(pose, xy_px=xy)


def signs(poses, fps=15.0):
    watch = SignRecognizer()
    found = [(i / fps, watch.update(replace(pose, t_s=i / fps))) for i, pose in enumerate(poses)]
    return [(round(t, 1), sign) for t, sign in found if sign]


UP, DOWN = sitting(178), sitting(20)


def test_the_sign_held_for_two_seconds_skips_when_it_is_let_go():
    assert signs([DOWN] * 15 + [UP] * 45 + [DOWN] * 15) == [(1 + SKIP_S, "seen"), (4.3, "skip")]


def test_the_sign_held_on_stops():
    assert signs([UP] * 90) == [(SKIP_S, "seen"), (STOP_S, "stop")]


@pytest.mark.parametrize("poses", [[UP] * 25 + [DOWN] * 30, [sitting(178, 130)] * 90, [sitting(120)] * 90])
def test_a_stretch_of_the_arms_is_no_sign(poses):
    assert signs(poses) == []


def test_a_lost_wrist_does_not_interrupt_the_sign():
    blind = replace(UP, evidence=np.zeros_like(UP.evidence))
    assert signs([*[UP] * 20, *[blind] * 3, *[UP] * 20])[0] == (SKIP_S, "seen")


def guessed(pose, *joints):
    evidence = pose.evidence.copy()
    evidence[list(joints)] = Evidence.PREDICTED
    return replace(pose, evidence=evidence)


def test_from_the_side_the_far_wrist_may_hide_behind_the_near_one():
    assert signs([guessed(UP, Joint.RIGHT_WRIST)] * 40) == [(SKIP_S, "seen")]
    assert signs([guessed(UP, Joint.LEFT_WRIST, Joint.RIGHT_WRIST)] * 40) == []


def test_from_the_front_both_wrists_are_seen_and_crossed():
    xy = UP.xy_px.copy()
    half = 0.15 * np.hypot(*(xy[Joint.LEFT_SHOULDER] - xy[Joint.LEFT_HIP]))
    for left, right in ((Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER), (Joint.RIGHT_WRIST, Joint.LEFT_WRIST)):
        middle = (xy[left] + xy[right]) / 2
        xy[left, 0], xy[right, 0] = middle[0] + half, middle[0] - half
    facing = replace(UP, xy_px=xy)
    assert signs([facing] * 40) == [(SKIP_S, "seen")]
    assert signs([guessed(facing, Joint.RIGHT_WRIST)] * 40) == []
    xy = xy.copy()
    xy[[Joint.LEFT_WRIST, Joint.RIGHT_WRIST]] = xy[[Joint.RIGHT_WRIST, Joint.LEFT_WRIST]]
    assert signs([replace(UP, xy_px=xy)] * 40) == []


def test_one_arm_raised_is_no_sign():
    xy = UP.xy_px.copy()
    xy[Joint.RIGHT_WRIST] = DOWN.xy_px[Joint.RIGHT_WRIST]
    assert signs([guessed(replace(UP, xy_px=xy), Joint.RIGHT_WRIST)] * 90) == []


def test_lying_with_the_arms_overhead_is_no_sign():
    arms = Limbs(hip_deg=120, knee_deg=90, shoulder_deg=178, elbow_deg=180)
    assert signs([pose_of(Stance("supine", arms, arms), 0.0)] * 90) == []


@pytest.mark.parametrize("name", ["dead-bug", "bird-dog", "glute-bridge", "setup/dead-bug.good", "setup/bird-dog.high"])
def test_no_exercise_has_the_sign(name):
    watch = SignRecognizer()
    assert not any(watch.update(pose) for pose, _ in replay.recorded(name))


def test_the_sign_skips_a_set_hands_free(monkeypatch, program):
    steps = day()[:250]
    fps = 1 / (steps[1][0].t_s - steps[0][0].t_s)
    begin = round(18 * fps)
    for i in range(begin, begin + round(4.5 * fps)):
        pose, back = steps[i]
        steps[i] = (replace(UP, t_s=pose.t_s, index=pose.index), back)
    practice, log = replay.run(monkeypatch, program, steps, on_view=Person(MILD, MILD))
    assert practice.sets[0].outcome == "skipped"
    assert "session.skipping" in log.names
    shares = [v.course.sign_share for _, v in log.shown if isinstance(v, ViewModel) and v.course]
    assert max(shares) == 1.0


STRETCH = """
title = "One stretch"
[[exercise]]
name = "hip-flexor-stretch"
reps = 1
hold_s = 8
sides = "left-first"
sets = 1
"""


def test_arms_raised_in_a_stretch_that_is_held_are_no_sign(monkeypatch, tmp_path):
    path = tmp_path / "stretch.toml"
    path.write_text(STRETCH, encoding="utf-8")
    keys = hip_flexor_stretch("L", hold_s=9.0)
    in_hold = film(keys, 15)
    for i, (pose, back) in enumerate(in_hold):
        if 5.0 < pose.t_s < 11.0:
            xy = pose.xy_px.copy()
            xy[[Joint.LEFT_WRIST, Joint.RIGHT_WRIST]] = xy[Joint.NOSE] - np.array([0.0, 60.0], np.float32)
            in_hold[i] = (replace(pose, xy_px=xy), back)
    assert any(is_crossed(pose) for pose, _ in in_hold)
    still = film([(0.0, keys[0][1]), (16.0, keys[0][1])], 15)
    steps = replay.joined([still, in_hold])
    practice, _ = replay.run(monkeypatch, load_program(str(path), load_exercises()), steps, on_view=Person(MILD, MILD))
    assert practice.sets[0].outcome == "done"
