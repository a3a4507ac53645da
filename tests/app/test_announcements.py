"""What is said before an exercise, through the real window program; and that a key cuts it short."""

from __future__ import annotations

from itertools import pairwise

import pygame
import pytest

from exercises.bird_dog import EXERCISE as BIRD_DOG
from exercises.dead_bug import EXERCISE as DEAD_BUG
from exercises.hip_flexor_stretch import EXERCISE as HIP_FLEXOR
from exercises.running import EXERCISE as RUNNING
from formcheck.app.announcements import announced
from formcheck.app.app import AppOptions
from formcheck.core.rules.exercise import Exercise
from formcheck.session.set import SetOptions
from tests import replay
from tests.app.people import Person

FPS = 10
LENGTH_S = 1.8
"""Of each clip in these sessions."""


def names(exercise: Exercise, options: SetOptions, hold_s: float, *, is_new: bool = True) -> list[str]:
    what = announced(exercise, options, hold_s, is_new=is_new, tells_steps=False)
    return [name for name, _ in (*what.must, *what.dose)]


@pytest.mark.parametrize(
    ("exercise", "options", "hold_s", "said"),
    [
        (DEAD_BUG, SetOptions(target_reps=12), 0, ["dead-bug.title", "dose.times-12", "dose.in-turn"]),
        (BIRD_DOG, SetOptions(target_reps=8, is_per_side=True), 2,
         ["bird-dog.title", "dose.times-8", "dose.each-side", "dose.hold-2"]),
        (HIP_FLEXOR, SetOptions("left", 1), 20,
         ["hip-flexor-stretch.title", "session.left", "dose.once", "dose.hold-20"]),
        (DEAD_BUG, SetOptions(target_reps=31), 0, ["dead-bug.title", "count.31", "dose.in-turn"]),
        (DEAD_BUG, SetOptions(), 7.5, ["dead-bug.title"]),
        (RUNNING, SetOptions(target_reps=1), 0, ["running.title"]),
    ],
    ids=["legs in turn", "each side", "one side", "a number of its own", "as many as you like", "a run"],
)  # fmt: skip
def test_exercise_side_and_dose_are_said(
    exercise: Exercise, options: SetOptions, hold_s: float, said: list[str]
) -> None:
    assert names(exercise, options, hold_s) == said


def test_of_the_next_set_of_the_same_exercise_only_the_side_is_said() -> None:
    assert names(HIP_FLEXOR, SetOptions("right", 2), 20, is_new=False) == ["session.right"]


def film(seconds: float) -> list[replay.Step]:
    (start, *_) = replay.recorded("dead-bug", FPS)
    return replay.joined([replay.still(start, seconds, FPS)], FPS)


def test_at_its_first_time_the_steps_are_told_one_by_one_with_silence_between() -> None:
    ran = replay.run(DEAD_BUG, film(70), on_view=Person(), options=AppOptions())
    told = [(t, clip) for t, clip in ran.log.clips if clip.partition(".")[0] in ("dead-bug", "dose", "rest")]
    order = [clip for _, clip in told]
    assert order[:3] == ["dead-bug.title", "dose.times-12", "dose.in-turn"]
    assert order[3].startswith("rest.ready-")
    assert order[4:9] == [f"dead-bug.step-{n}" for n in range(1, 6)]
    assert min(b - a for (a, _), (b, _) in pairwise(told[:9])) >= LENGTH_S + 1.5 - 1e-6
    ready_s = next(t for t, clip in told if clip == order[3])
    begun = next(t for t, view in ran.log.shown if getattr(getattr(view, "snapshot", None), "stage", "") == "setup")
    assert begun - ready_s == pytest.approx(int(order[3].removeprefix("rest.ready-")), abs=3.0)


def test_a_key_cuts_it_short_and_what_must_be_known_comes_first() -> None:
    ran = replay.run(DEAD_BUG, film(40), on_view=Person(keys={4.0: pygame.K_RETURN}), options=AppOptions())
    clips = [clip for _, clip in ran.log.clips]
    assert not any("step" in clip for clip in clips)
    assert "dead-bug.title" in clips


def test_whoever_has_heard_the_steps_does_not_hear_them_again() -> None:
    ran = replay.run(DEAD_BUG, film(120), on_view=Person(keys={60.0: pygame.K_r}), options=AppOptions(tells_steps=True))
    assert [clip for _, clip in ran.log.clips].count("dead-bug.step-1") == 1


@pytest.mark.parametrize(
    ("is_there", "said"), [(True, ["setup.camera-lost", "setup.camera-back"]), (False, ["setup.camera-lost"])]
)
def test_that_the_camera_is_back_is_said_only_if_the_set_goes_on(is_there: bool, said: list[str]) -> None:
    (start, *_) = replay.recorded("dead-bug", FPS)
    after = replay.still(start, 10, FPS) if is_there else replay.empty(10, start[0], FPS)
    steps = replay.joined([replay.still(start, 25, FPS), after], FPS)

    def prepare(feed: replay.ReplayFeed) -> None:
        feed.lost = lambda at: 230 <= at < 250

    options = AppOptions(tells_steps=False)
    ran = replay.run(DEAD_BUG, steps, on_view=Person(), options=options, prepare=prepare)
    assert [name for name in ran.log.names if name.startswith("setup.camera")] == said
