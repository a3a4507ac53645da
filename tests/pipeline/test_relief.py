"""What a machine that is too slow is spared, in what order, how soon, and when it is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from exercises.dead_bug import EXERCISE as DEAD_BUG
from exercises.glute_bridge import EXERCISE as GLUTE_BRIDGE
from exercises.running import EXERCISE as RUNNING
from formcheck.pipeline.pace import Bottleneck, PaceState
from formcheck.pipeline.relief import Help, Relief, Slow
from formcheck.pose.effort import Effort

STEP_S = 0.1
"""A dead bug is counted from 5 poses a second on, and its faults are judged from 7.5 on."""


class Session:
    """A relief, and the seconds that pass."""

    def __init__(self, effort: Effort | None = None, *, may_change_model: bool = True) -> None:
        self.relief = Relief(effort or Effort(), may_change_model=may_change_model)
        self.now_s = 100.0
        self.relief.watch_for(DEAD_BUG, self.now_s)
        self.changes: list[tuple[float, tuple[Help, ...]]] = []

    def slow(self) -> Slow:
        """What the person is told now."""
        return self.relief.slow

    def helps(self) -> tuple[Help, ...]:
        """The help that is given now."""
        return self.relief.now

    def go_on(
        self,
        seconds: float,
        fps: float | Callable[[], float],
        bottleneck: Bottleneck = "tracker",
        tracker_ms: float | None = None,
    ) -> None:
        """So many seconds at a rate."""
        for _ in range(round(seconds / STEP_S)):
            self.now_s += STEP_S
            rate = fps() if callable(fps) else fps
            state = PaceState(rate, 30.0, 1000.0 / rate if tracker_ms is None else tracker_ms, 100.0, bottleneck)
            if self.relief.update(state, self.now_s):
                self.changes.append((round(self.now_s - 100.0, 1), self.relief.now))


def test_a_machine_that_is_fast_enough_is_left_alone() -> None:
    session = Session()
    session.go_on(60.0, 9.5)
    assert session.changes == []
    assert session.slow() == ""
    assert session.relief.effort == Effort()


def test_help_comes_one_after_the_other_and_the_dearest_last() -> None:
    session = Session()
    session.go_on(60.0, 6.0)
    assert [helps for _, helps in session.changes] == [
        ("drawing",),
        ("drawing", "scout"),
        ("drawing", "scout", "lite"),
        ("drawing", "scout", "lite", "small"),
    ]
    times = [at_s for at_s, _ in session.changes]
    assert times[0] == pytest.approx(2.1, abs=0.15), "after two seconds: a hiccup is none"
    assert all(b - a == pytest.approx(3.0, abs=0.15) for a, b in pairwise(times))
    assert session.relief.effort == Effort("lite", 640, is_scouting=False)


def test_a_machine_that_is_far_too_slow_gets_all_help_at_once() -> None:
    far, near = Session(), Session()
    far.go_on(2.5, 2.4)
    near.go_on(2.5, 2.6)
    assert far.relief.now == ("drawing", "scout", "lite", "small")
    assert near.relief.now == ("drawing",)


def test_help_begins_a_fifth_above_what_is_wanted() -> None:
    above, below = Session(), Session()
    above.go_on(4.0, 9.1)
    below.go_on(4.0, 8.9)
    assert (above.relief.now, below.relief.now) == ((), ("drawing",))


def test_a_hiccup_of_less_than_two_seconds_is_none() -> None:
    session = Session()
    for _ in range(10):
        session.go_on(1.8, 3.0)
        session.go_on(0.5, 12.0)
    assert session.changes == []


def test_the_person_is_told_when_all_help_did_not_do_and_not_before() -> None:
    session = Session()
    session.go_on(13.8, 6.0)
    assert len(session.helps()) == 4
    assert session.slow() == "", "the last help has not had the time to show what it brings"
    session.go_on(1.0, 6.0)
    assert session.slow() == "some", "counted, but not every fault is judged"
    session.go_on(1.0, 4.0)
    assert session.slow() == "all"
    session.go_on(1.0, 5.5)
    assert session.slow() == "all", "better by a fifth before it is taken back"
    session.go_on(1.0, 6.5)
    assert session.slow() == "some"
    session.go_on(1.0, 8.0)
    assert session.slow() == "some"
    session.go_on(1.0, 9.1)
    assert session.slow() == ""


def test_a_camera_that_sends_too_few_pictures_is_named_and_needs_no_help() -> None:
    session = Session()
    session.go_on(20.0, 4.0, "camera", tracker_ms=30.0)
    assert session.changes == []
    assert (session.slow(), session.relief.is_of_camera) == ("all", True)
    session.go_on(5.0, 20.0, "camera", tracker_ms=30.0)
    assert session.slow() == ""


def test_a_camera_is_not_blamed_where_the_tracker_could_not_keep_up_either() -> None:
    session = Session()
    session.go_on(20.0, 4.0, "camera", tracker_ms=200.0)
    assert len(session.helps()) == 4
    assert not session.relief.is_of_camera


def test_a_model_that_was_asked_for_stays() -> None:
    session = Session(Effort("full"), may_change_model=False)
    session.go_on(60.0, 3.0)
    assert session.helps() == ("drawing", "scout", "small")
    assert session.relief.effort.model == "full"
    own = Session(Effort("own.task"))
    own.go_on(60.0, 3.0)
    assert own.relief.effort.model == "own.task"


def test_help_within_a_set_is_taken_back_after_half_a_minute_and_the_model_stays() -> None:
    session = Session()
    session.go_on(30.0, 6.0)
    begun = len(session.changes)
    session.go_on(28.0, 15.5)
    assert len(session.changes) == begun
    session.go_on(80.0, 15.5)
    assert [helps for _, helps in session.changes[begun:]] == [("drawing", "lite", "small"), ("lite", "small")]
    assert session.relief.effort == Effort("lite", 640)
    scout_s, drawing_s = (at_s for at_s, _ in session.changes[begun:])
    assert drawing_s - scout_s == pytest.approx(30.0, abs=0.3), "each has the time to show whether it was needed"


def test_help_is_not_taken_back_where_it_would_be_needed_again_at_once() -> None:
    session = Session()
    session.go_on(30.0, 6.0)
    begun = len(session.changes)
    session.go_on(300.0, 14.5)
    assert len(session.changes) == begun


def test_help_that_was_needed_again_stays_for_twice_as_long() -> None:
    session = Session()
    session.go_on(3.0, 8.0)
    session.go_on(40.0, 20.0)
    session.go_on(3.0, 8.0)
    assert [helps for _, helps in session.changes] == [("drawing",), (), ("drawing",)]
    session.go_on(55.0, 20.0)
    assert session.helps() == ("drawing",)
    session.go_on(12.0, 20.0)
    assert session.helps() == ()


def test_the_larger_model_comes_back_to_another_exercise_alone() -> None:
    session = Session()
    session.go_on(30.0, 6.0)
    session.go_on(33.0, 16.0)
    session.relief.watch_for(DEAD_BUG, session.now_s)
    assert session.relief.effort.model == "lite", "the same set goes on after a question"
    session.go_on(35.0, 16.0)
    session.relief.watch_for(GLUTE_BRIDGE, session.now_s)
    assert session.relief.effort == Effort()
    assert session.helps() == ()


def test_it_does_not_come_back_to_a_machine_that_is_slow_still() -> None:
    session = Session()
    session.go_on(60.0, 6.0)
    session.relief.watch_for(GLUTE_BRIDGE, session.now_s)
    assert session.relief.effort.model == "lite"


def test_a_run_needs_more_than_a_dead_bug() -> None:
    session = Session()
    session.relief.watch_for(RUNNING, session.now_s)
    session.go_on(10.0, 12.5)
    assert session.helps() == (), "the times of a step, which no webcam gives, are no reason"
    session.go_on(3.0, 11.0)
    assert session.helps() == ("drawing",)


def test_a_rate_that_sways_around_the_limit_brings_no_to_and_fro() -> None:
    session = Session()
    sway: Iterator[float] = (fps for _ in range(2000) for fps in (8.0, 8.5, 9.5, 10.0, 9.0, 8.2))
    session.go_on(600.0, lambda: next(sway))
    assert len(session.changes) <= 4


def test_each_help_is_kept_with_its_times() -> None:
    session = Session()
    session.go_on(3.0, 8.0)
    session.go_on(40.0, 20.0)
    [given] = session.relief.given
    assert given.what == "drawing"
    assert given.began_s == pytest.approx(102.0, abs=0.2)
    assert given.ended_s == pytest.approx(135.0, abs=1.0)


def test_nothing_is_known_before_there_is_a_pace() -> None:
    relief = Relief(Effort())
    relief.watch_for(DEAD_BUG, 0.0)
    assert not relief.update(PaceState(), 100.0)
    assert relief.slow == ""
