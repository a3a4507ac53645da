"""The ticks follow the movement on the floor, and lead a run by its own cadence."""

import math

import pytest

from formcheck.core.coach.metronome import STEPS, UP_MAX_SHARE, FloorMetronome, RunMetronome
from formcheck.core.rules.exercise import Phase
from formcheck.core.rules.pace import Pace
from formcheck.session.registry import load_exercises


def ticks(course: list[tuple[float, Phase]], until_s: float, pace: Pace | None = None, fps: float = 30.0):
    """When each tick falls, and which; the phases begin at their times."""
    metronome, found = FloorMetronome(pace or Pace(4, 2)), []
    for i in range(int(until_s * fps)):
        t_s = i / fps
        phase = [phase for at_s, phase in course if at_s <= t_s][-1]
        if step := metronome.follow(t_s, phase):
            found.append((round(t_s), step))
    return found


def test_one_a_second_rises_on_the_way_out_and_falls_on_the_way_back():
    course: list[tuple[float, Phase]] = [(0, "rest"), (2, "outbound"), (6, "end-range"), (8, "return"), (10, "rest")]
    assert ticks(course, 14.0) == [(2, 1), (3, 2), (4, 3), (5, 4), (6, 5), (8, 5), (9, 3), (10, 1)][:7]


def test_whoever_is_there_early_hears_that_it_was():
    early: list[tuple[float, Phase]] = [(0, "rest"), (1, "outbound"), (2.2, "end-range")]
    assert [at for at, _ in ticks(early, 8.0)] == [1, 2, 3, 4, 5]


def test_at_rest_and_in_a_hold_there_are_no_ticks():
    assert ticks([(0, "rest")], 10.0) == []
    held: list[tuple[float, Phase]] = [(0, "outbound"), (4.5, "end-range")]
    assert all(at <= 4 for at, _ in ticks(held, 30.0))


@pytest.mark.parametrize("fps", [5.0, 8.0, 60.0])
def test_slow_pictures_lose_no_tick(fps):
    course: list[tuple[float, Phase]] = [(0, "outbound"), (5, "return")]
    assert [step for _, step in ticks(course, 8.0, Pace(4, 2), fps)] == [1, 2, 3, 4, 5, 5, 3, 1]


def test_every_declared_pace_uses_low_and_high_ticks():
    for exercise in load_exercises().exercises.values():
        if exercise.pace is not None:
            course: list[tuple[float, Phase]] = [(0, "outbound"), (exercise.pace.out_s + 1, "return")]
            steps = {step for _, step in ticks(course, 20.0, exercise.pace)}
            assert {1, STEPS} <= steps
            assert exercise.pace.source


def led(cadence, seconds=15.0, up=0.05):
    run = RunMetronome(up)
    return run, [run.follow(i / 10, cadence(i / 10)) for i in range(int(seconds * 10))]


def test_a_run_is_led_by_its_own_cadence_and_a_little():
    run, beats = led(lambda _: 150.0)
    assert beats[90] == 0.0, "the own cadence is measured first, without ticks"
    assert beats[-1] == pytest.approx(157.5)
    assert run.own_spm == 150.0


def test_what_is_led_does_not_rise_with_the_runner():
    _, beats = led(lambda t: 150.0 if t < 11 else 165.0, 60.0)
    assert max(beats) == pytest.approx(157.5)


@pytest.mark.parametrize(("asked", "given"), [(0.05, 0.05), (0.10, 0.10), (0.5, UP_MAX_SHARE), (-1.0, 0.0)])
def test_nobody_is_led_by_more_than_a_tenth(asked, given):
    _, beats = led(lambda _: 160.0, up=asked)
    assert beats[-1] == pytest.approx(160.0 * (1 + given))


def test_where_the_cadence_must_not_be_told_there_is_no_beat():
    _, beats = led(lambda _: math.nan, 60.0)
    assert set(beats) == {0.0}
    _, beats = led(lambda t: 150.0 if t < 12 else math.nan)
    assert beats[-1] == 0.0
