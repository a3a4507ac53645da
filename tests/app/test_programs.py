"""Whole programs through the real window program, on recorded poses of rendered people."""

from __future__ import annotations

import json
from dataclasses import replace

import pygame
import pytest

from formcheck.app.app import AppOptions
from formcheck.core.setup.gesture import SKIP_S
from formcheck.screen import ChoiceView, ConfirmView, MessageView, ReportView, SafetyView, ScaleView, ViewModel
from formcheck.session.program import load_program
from formcheck.session.registry import load_exercises
from formcheck.testing import film
from tests import replay
from tests.app.people import Person, day, press, press_digit
from tests.app.signs import RAISED, waving
from tests.exercises.scripts import glute_bridge, hip_flexor_stretch

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
def quiet(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")


def program_of(tmp_path, text):
    path = tmp_path / "program.toml"
    path.write_text(text, encoding="utf-8")
    return load_program(str(path), load_exercises(), replay.BEGAN)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    return program_of(tmp_path_factory.mktemp("program"), PROGRAM)


@pytest.fixture(scope="module")
def whole_day(program):
    """A day from begin to end: pain 2 before and 5 after; the first effort is 4, the second is not answered."""
    return replay.run(program, day(), on_view=Person(2, 5, efforts=(4,)))


def views(ran, kind):
    return [view for _, view in ran.log.shown if isinstance(view, kind)]


def test_a_whole_day(whole_day):
    session = whole_day.session
    assert [s.outcome for s in session.sets] == ["done", "done"]
    assert [len(s.reps) for s in session.sets] == [2, 2]
    assert session.is_complete
    flow = ("session", "setup", "set", "framing", "safety")
    order = [n for n in whole_day.log.names if n.partition(".")[0] in flow or n.endswith((".title", ".done"))]
    assert order == [
        "session.minutes-3", "session.pain",
        "glute-bridge.title", "setup.armed", "glute-bridge.done", "session.work-on", "session.effort",
        "dead-bug.title", "framing.feet-headward", "framing.good", "setup.armed", "dead-bug.done", "session.effort",
        "session.done", "session.pain",
    ]  # fmt: skip
    assert whole_day.log.names[-1] == "pain.rising"
    assert (session.pain_before, session.pain_after) == (2, 5)
    assert session.effort == {"glute-bridge": 4, "dead-bug": None}


def test_the_events_of_a_day_can_be_named(whole_day):
    for record in whole_day.session.sets:
        assert {e.set_id for e in record.events} == {record.set_id}
        assert [e.seq for e in record.events] == list(range(len(record.events)))
        assert all(e.utc.startswith("2026-11-30T08:0") and e.utc.endswith("Z") for e in record.events)
    first, second = whole_day.session.sets
    assert first.set_id != second.set_id


def test_one_camera_for_the_whole_session_and_it_is_released(whole_day):
    assert whole_day.feed.is_closed
    assert whole_day.feed.exercises[0] == "glute-bridge"
    assert set(whole_day.feed.exercises) == {"glute-bridge", "dead-bug"}


def test_the_rest_counts_down_with_the_next_exercise_on_screen(whole_day):
    rests = [v for v in views(whole_day, ViewModel) if v.title == "Dead bug" and v.snapshot.stage == "countdown"]
    waiting = [v.snapshot.countdown_s for v in rests]
    assert waiting == sorted(waiting, reverse=True)
    assert waiting[0] == pytest.approx(10, abs=0.3), "twelve seconds, less those that the question of effort took"
    course = rests[0].course
    assert (course.number, course.count) == (2, 2)
    assert course.steps == load_exercises().get("dead-bug").steps


def test_the_report_says_what_was_done(whole_day):
    report = views(whole_day, ReportView)[-1]
    assert len(report.rows) == 2
    assert [len([bar for bar in row.bars if not bar.is_attempt]) for row in report.rows] == [2, 2]
    assert "went up" in report.warning


def test_the_safety_page_comes_first_in_every_session(program):
    for _ in range(2):
        ran = replay.run(program, day()[:30], on_view=Person(2))
        pages = [view for _, view in ran.log.shown if not isinstance(view, MessageView)]
        assert isinstance(pages[0], SafetyView)


def test_who_does_not_confirm_the_safety_page_does_not_start(program):
    ran = replay.run(
        program, day()[:30], on_view=lambda _, v: press(pygame.K_ESCAPE) if isinstance(v, SafetyView) else None
    )
    assert ran.session.sets == []
    assert ran.feed.exercises == [], "nobody was looked at"
    assert ran.feed.is_closed


def test_strong_pain_rests_unless_the_person_insists(program):
    ran = replay.run(program, day()[:60], on_view=Person(7))
    assert ran.session.sets == []
    assert ran.session.pain_before == 7
    asked = views(ran, ChoiceView)[0]
    assert "Rest today" in asked.question
    assert "Ends" in asked.auto_text, "doing nothing ends it, and the page says so"


def test_a_question_that_nobody_answers_is_skipped(program):
    ran = replay.run(program, day()[:60], on_view=Person())
    assert (ran.session.pain_before, ran.session.pain_after) == (None, None)
    assert len(ran.session.sets) == 1


def test_ten_can_be_said(program):
    def insist(now_s, view):
        person(now_s, view)
        if isinstance(view, ScaleView) and not typed:
            typed.append(view)
            press(pygame.K_1, "1")
            press(pygame.K_0, "0")
            press(pygame.K_RETURN)

    typed, person = [], Person()
    ran = replay.run(program, day()[:60], on_view=insist)
    assert ran.session.pain_before == 10


def test_keys_skip_a_set_and_escape_asks_before_it_ends_the_session(program):
    person = Person(2, 1, 2, 3, keys={20.0: pygame.K_n, 36.0: pygame.K_ESCAPE})
    ran = replay.run(program, day()[:450], on_view=person)
    assert [s.outcome for s in ran.session.sets] == ["skipped", "stopped"]
    assert views(ran, ConfirmView)
    assert ran.session.break_off == "too-tired"
    assert ran.session.pain_after == 3
    assert "session.stopped" in ran.log.names
    assert not ran.session.is_complete


def test_whoever_does_not_answer_escape_goes_on(program):
    ran = replay.run(program, day()[:400], on_view=Person(2, None, 3, keys={20.0: pygame.K_ESCAPE}))
    assert views(ran, ConfirmView)
    assert len(ran.session.sets) == 2


def test_it_hurts_stops_the_set_and_asks(program):
    ran = replay.run(program, day()[:350], on_view=Person(2, 1, 4, keys={20.0: pygame.K_x}))
    assert [s.outcome for s in ran.session.sets] == ["hurt"]
    assert "safety.hurt" in ran.log.names
    asked = views(ran, ChoiceView)[0]
    assert "Ends" in asked.auto_text
    assert ran.session.break_off == "pain"
    report = views(ran, ReportView)[-1]
    assert "hurt" in report.ended
    assert "Nothing was counted" not in report.headline + report.advice


def test_after_it_hurt_the_next_exercise_may_follow(program):
    ran = replay.run(program, day()[:350], on_view=Person(2, 2, keys={20.0: pygame.K_x}))
    assert ran.session.sets[0].outcome == "hurt"
    assert len(ran.session.sets) == 2


# -- restart, pause, side ------------------------------------------------------------------------------------------

TWO_BRIDGES = 'title = "x"\n[[exercise]]\nname = "glute-bridge"\nreps = 2\nhold_s = 2\nsets = 1\n'


def bridges(*parts):
    """Stills (seconds) and films of bridges, as one stream of ten pictures a second."""
    keys = glute_bridge(2, hold_s=2.2)
    still = keys[0][1]
    made = [film([(0.0, still), (p, still)], 10) if isinstance(p, (int, float)) else film(keys, 10)[p] for p in parts]
    return replay.joined(made, 10)


def test_a_restart_forgets_the_repetitions_of_the_set_that_was_thrown_away(tmp_path):
    steps = bridges(20, slice(0, 90), 14, slice(None), 8)
    ran = replay.run(program_of(tmp_path, TWO_BRIDGES), steps, on_view=Person(2, 2, keys={28.0: pygame.K_r}))
    assert [s.outcome for s in ran.session.sets] == ["restarted", "done"]
    assert len(ran.session.sets[-1].reps) == 2
    assert ran.session.as_dict()["summary"]["reps"] == 2
    assert ran.session.is_complete


def test_after_a_restart_at_the_end_the_new_set_is_not_over_at_once(tmp_path):
    steps = bridges(20, slice(None), 30)
    done_s = []

    def restart(now_s, view):
        person(now_s, view)
        if isinstance(view, ViewModel) and view.snapshot.stage == "done" and not done_s:
            done_s.append(now_s)
            press(pygame.K_r)

    person = Person(2, 2)
    ran = replay.run(program_of(tmp_path, TWO_BRIDGES), steps, on_view=restart)
    again = [t for t, v in ran.log.shown if isinstance(v, ViewModel) and t > done_s[0] + 5]
    assert again, "it goes on for longer than a set that is done would"


def test_a_pause_stops_the_rest(tmp_path):
    steps = bridges(60)
    stages = []
    labels, escapes = {True: set(), False: set()}, set()

    def note(now_s, view):
        person(now_s, view)
        if isinstance(view, ViewModel):
            stages.append((now_s, view.snapshot.stage, view.snapshot.countdown_s, view.snapshot.pause_reason))
            labels[view.snapshot.pause_reason == "held"].add(view.hints[0].label)
            escapes.update(hint.label for hint in view.hints if hint.key == "Esc")

    person = Person(2, keys={9.0: pygame.K_SPACE, 19.0: pygame.K_SPACE})
    replay.run(program_of(tmp_path, TWO_BRIDGES), steps, on_view=note)
    assert escapes == {"Stop"}, "in a session Esc never leads to a menu, not in the set-up either"
    assert labels[True] == {"Go on"}
    assert "Go on" not in labels[False]
    held = [left for t, stage, left, why in stages if why == "held"]
    assert max(held) - min(held) == pytest.approx(0.0, abs=0.2)
    later = [(t, left) for t, stage, left, why in stages if stage == "countdown" and t > 19.5]
    assert later[0][1] == pytest.approx(held[0], abs=0.8)
    assert "picture-gap" not in {why for *_, why in stages}


def test_a_repetition_under_way_outlives_a_pause(tmp_path):
    """Paused at the top of a bridge for as long as one likes; who is still up goes on."""
    keys = glute_bridge(2, hold_s=2.2)
    whole = film(keys, 10)
    top = next(i for i, (pose, _) in enumerate(whole) if pose.t_s > 4.2)
    steps = replay.joined(
        [film([(0.0, keys[0][1]), (24.0, keys[0][1])], 10), whole[:top], [whole[top]] * 80, whole[top:]], 10
    )
    begin = 24.0 + 6.0 + top / 10
    person = Person(2, 2, keys={begin + 0.5: pygame.K_SPACE, begin + 6.5: pygame.K_SPACE})
    ran = replay.run(program_of(tmp_path, TWO_BRIDGES), steps, on_view=person)
    assert len(ran.session.sets[0].reps) == 2
    assert "setup.paused" not in ran.log.names


SIDES = 'title = "x"\n[[exercise]]\nname = "hip-flexor-stretch"\nreps = 1\nhold_s = 8\nsides = "left-first"\nsets = 1\n'


def test_the_right_leg_is_never_recorded_in_the_left_set(tmp_path):
    keys = hip_flexor_stretch("R", hold_s=9.0)
    still = [(0.0, keys[0][1]), (20.0, keys[0][1])]
    steps = replay.joined([film(still, 15), film(keys, 15), film([(0, keys[0][1]), (6, keys[0][1])], 15)])
    ran = replay.run(program_of(tmp_path, SIDES), steps, on_view=Person(2))
    left = ran.session.sets[0]
    assert left.planned.side == "left"
    assert left.reps == []
    assert [a.reason for a in left.attempts] == ["other-side"]
    assert left.outcome != "done"
    assert ran.log.names.count("set.other-side") == 1
    told = ran.session.as_dict()["sets"][0]["attempts"][0]
    assert 20.0 < told["start_s"] < told["end_s"] < 20.0 + keys[-1][0], "seconds of the set, not of the machine"


# -- nothing is lost -----------------------------------------------------------------------------------------------


class BoomError(Exception):
    """Something that nobody expected."""


def test_what_was_done_is_kept_when_the_program_breaks(program):
    def fail(now_s, view):
        person(now_s, view)
        if isinstance(view, ViewModel) and view.snapshot.reps >= 1:
            raise BoomError

    person = Person(2)
    ran = replay.run(program, day(), on_view=fail, catches=BoomError)
    assert isinstance(ran.error, BoomError)
    assert len(ran.session.sets[0].reps) == 1
    assert ran.session.sets[0].outcome == "interrupted"
    assert ran.feed.is_closed
    json.dumps(ran.session.as_dict(), allow_nan=False)


def test_what_was_done_is_kept_when_the_window_is_closed(program):
    def close(now_s, view):
        person(now_s, view)
        if isinstance(view, ViewModel) and view.snapshot.reps >= 1:
            pygame.event.post(pygame.event.Event(pygame.QUIT))

    person = Person(2)
    ran = replay.run(program, day(), on_view=close)
    assert len(ran.session.sets[0].reps) == 1
    assert ran.session.sets[0].outcome == "interrupted"


def test_what_was_done_is_kept_when_it_is_interrupted_from_the_keyboard(program):
    def interrupt(now_s, view):
        person(now_s, view)
        if isinstance(view, ViewModel) and view.snapshot.reps >= 1:
            raise KeyboardInterrupt

    person = Person(2)
    ran = replay.run(program, day(), on_view=interrupt, catches=KeyboardInterrupt)
    assert len(ran.session.sets[0].reps) == 1


def test_a_recording_that_breaks_is_told_on_a_page_and_what_was_seen_is_kept(program):
    def prepare(feed):
        feed.broken_message = "The recording is cut off."

    ran = replay.run(program, day()[:300], on_view=Person(2), is_camera=False, prepare=prepare)
    texts = [getattr(v, "text", "") for _, v in ran.log.shown]
    assert "The recording is cut off." in texts
    assert not any(v.snapshot.stage == "setup" for v in views(ran, ViewModel)), "a recording can't move its camera"
    assert [(s.outcome, len(s.reps)) for s in ran.session.sets] == [("done", 2), ("interrupted", 0)]


def test_the_record_holds_no_text_that_a_person_typed(tmp_path):
    hostile = PROGRAM.replace("Short day", "Ms Jane Miller 1970")
    ran = replay.run(program_of(tmp_path, hostile), day()[:60], on_view=Person(2))
    text = json.dumps(ran.session.as_dict())
    assert "Miller" not in text
    assert str(tmp_path) not in text


# -- what every page shares ----------------------------------------------------------------------------------------


def test_volume_answers_on_every_page(program):
    pressed = {}

    def turn(now_s, view):
        person(now_s, view)
        if isinstance(view, (SafetyView, ScaleView, ViewModel, ReportView)) and type(view) not in pressed:
            pressed[type(view)] = now_s
            press(pygame.K_KP_MINUS)

    person = Person(2, 2)
    ran = replay.run(program, day()[:60], on_view=turn)
    shown = list(zip(ran.log.shown, ran.log.sounds, strict=True))
    for steps, kind in enumerate((SafetyView, ScaleView, ViewModel, ReportView), start=1):
        told = {s.message for (t, view), s in shown if isinstance(view, kind) and pressed[kind] < t < pressed[kind] + 1}
        assert f"Volume {100 - 10 * steps} %" in told, kind


def test_announcements_are_over_when_the_rest_is(program):
    """Enter during the rest: what must be known is told at once, and nothing comes in the middle of the set-up."""
    ran = replay.run(program, day()[:200], on_view=Person(2, keys={7.0: pygame.K_RETURN}))
    names = [(t, n) for t, n in ran.log.cues if n.endswith(".title")]
    assert [n for _, n in names] == ["glute-bridge.title"]
    begun = next(t for t, v in ran.log.shown if isinstance(v, ViewModel) and v.snapshot.stage in ("setup", "waiting"))
    assert names[0][0] <= begun + 4.0


def test_the_cues_of_a_program_fade(program, whole_day):
    loud = whole_day
    still = replay.run(replace(program, cues="summary"), day(), on_view=Person(2, 2))
    form = [n for n in loud.log.names if n in ("glute-bridge.short-hold", "dead-bug.low-back-arch")]
    assert len([n for n in still.log.names if n in form]) <= len(form)
    overridden = replay.run(
        replace(program, cues="summary"),
        day()[:60],
        on_view=Person(2),
        options=AppOptions(cues="all", tells_steps=False),
    )
    assert overridden.session is not None


def test_the_sign_skips_a_set_hands_free(program):
    """In the start pose, before the first repetition."""
    steps = day()[:350]
    for i in range(115, 115 + 45):
        pose, back = steps[i]
        steps[i] = (replace(RAISED, t_s=pose.t_s, index=pose.index), back)
    ran = replay.run(program, steps, on_view=Person(2, 2))
    assert ran.session.sets[0].outcome == "skipped"
    assert "session.skipping" in ran.log.names
    shares = [v.sign.share for v in views(ran, ViewModel) if v.sign is not None]
    assert max(shares) == pytest.approx(1.0, abs=0.1 / SKIP_S + 1e-6)


def test_a_hand_that_waves_means_that_it_hurts_and_the_set_is_recorded_as_that(program):
    steps = day()[:350]
    still, _ = steps[190]
    for i in range(190, 190 + 60):
        pose, back = steps[i]
        steps[i] = (replace(waving(still, pose.t_s), t_s=pose.t_s, index=pose.index), back)
    ran = replay.run(program, steps, on_view=Person(2, 2))
    assert ran.session.sets[0].outcome == "hurt"
    assert ran.session.sets[0].why == "pain"
    assert "safety.hurt" in ran.log.names
    assert any(v.sign is not None and v.sign.meaning == "hurt" for v in views(ran, ViewModel))


def test_a_number_that_is_marked_is_said_while_its_question_is_open_and_not_later(program):
    def mark(now_s, view):
        person(now_s, view)
        if isinstance(view, ScaleView) and not marked:
            marked.append(now_s)
            press_digit(7)

    marked, person = [], Person(None)
    ran = replay.run(program, day()[:60], on_view=mark)
    assert [n for n in ran.log.names if n == "count.7"]
    scale = [view for view in views(ran, ScaleView) if view.chosen == 7]
    assert scale[0].auto_text.startswith("Takes {chosen}")
    assert ran.session.pain_before == 7, "a number that stands when the time is over is the answer"
    quick = replay.run(program, day()[:60], on_view=Person(2))
    assert "count.2" not in quick.log.names[quick.log.names.index("glute-bridge.title") :]
