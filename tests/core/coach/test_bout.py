"""The coach of a bout, with a follower that is told when something goes on: begin, end, leaving, the longest one."""

from dataclasses import replace

import pytest

from exercises.running import EXERCISE as RUNNING
from formcheck.core.body.pose import absent_pose
from formcheck.core.body.quantities import Measure
from formcheck.core.coach.bout import coach_for, metrics_of
from formcheck.core.rules.events import BoutEnded, BoutStarted, Paused, PhaseChanged
from formcheck.core.rules.exercise import BoutReading
from formcheck.testing import film, seen
from tests.exercises.runner import TALL


class Told:
    """A follower that finds a bout from so many seconds on until so many, of so many steps each."""

    times_doubt = None

    def __init__(self, bouts, cadence=160.0):
        self._bouts, self._t, self._cadence = bouts, 0.0, cadence

    def update(self, pose, body):
        self._t = pose.t_s

    def stand(self, since_s):
        pass

    @property
    def reading(self):
        measures = {"cadence_spm": Measure(self._cadence)}
        found = [b for b in self._bouts if b[0] <= self._t < b[1]]
        return BoutReading(found[0][0], self._t, found[0][2], measures) if found else None

    def end(self):
        begun = [b for b in self._bouts if b[0] <= self._t]
        if not begun:
            return None
        begin_s, end_s, steps = begun[-1]
        return BoutReading(begin_s, min(end_s, self._t), steps, {"cadence_spm": Measure(self._cadence + steps)})


def follow(*bouts, until_s=6.0, away=(9.0, 9.0)):
    """A person who stands, is gone for a while, and in between does what the follower is told."""
    exercise = replace(RUNNING, bout=replace(RUNNING.bout, follow=lambda _: Told(bouts)))
    coach, events = coach_for(exercise, is_live=False), []
    for pose, back in film([(0.0, TALL), (until_s, TALL)], 20):
        is_gone = away[0] <= pose.t_s < away[1]
        shown = absent_pose(pose.t_s, pose.index, pose.width, pose.height) if is_gone else pose
        events += coach.update(seen(coach, shown, None if is_gone else back))
    return coach, events


def of(kind, events):
    return [e for e in events if isinstance(e, kind)]


def test_a_bout_begins_and_ends_when_it_is_found_and_lost():
    coach, events = follow((2.0, 4.0, 6))
    [started], [ended] = of(BoutStarted, events), of(BoutEnded, events)
    assert (started.start_s, ended.start_s, ended.steps) == (2.0, 2.0, 6)
    assert (started.t_s, ended.t_s) == (pytest.approx(2.0, abs=0.06), pytest.approx(4.0, abs=0.06))
    assert [e.phase for e in of(PhaseChanged, events)] == ["rest", "end-range", "rest"]
    assert (coach.bouts, coach.phase) == (1, "rest")


def test_the_end_of_the_recording_ends_the_bout_that_goes_on():
    coach, events = follow((2.0, 99.0, 6), until_s=4.0)
    assert not of(BoutEnded, events)
    assert (coach.phase, coach.bouts) == ("end-range", 0)
    [ended] = of(BoutEnded, coach.finish())
    assert (ended.steps, ended.end_s) == (6, pytest.approx(4.0))
    assert not of(BoutEnded, coach.finish())


@pytest.mark.parametrize(("away_s", "pauses"), [(0.9, []), (1.2, ["nobody"])])
def test_who_is_gone_for_a_second_while_nothing_goes_on_has_left(away_s, pauses):
    _, events = follow(away=(2.0, 2.0 + away_s))
    assert [p.reason for p in of(Paused, events)] == pauses


@pytest.mark.parametrize(("bent_s", "pauses"), [(0.8, []), (1.3, ["left-position"])])
def test_who_bends_down_for_a_second_while_nothing_goes_on_has_left_too(bent_s, pauses):
    exercise = replace(RUNNING, bout=replace(RUNNING.bout, follow=lambda _: Told(())))
    bent = replace(TALL, trunk_deg=20.0)
    keys = [(0.0, TALL), (2.0, TALL), (2.05, bent), (2.0 + bent_s, bent), (2.05 + bent_s, TALL), (6.0, TALL)]
    coach = coach_for(exercise, is_live=False)
    events = [e for pose, back in film(keys, 20) for e in coach.update(seen(coach, pose, back))]
    assert [p.reason for p in of(Paused, events)] == pauses


def test_two_short_absences_are_not_one_long_one():
    exercise = replace(RUNNING, bout=replace(RUNNING.bout, follow=lambda _: Told(())))
    coach, events = coach_for(exercise, is_live=False), []
    for pose, back in film([(0.0, TALL), (6.0, TALL)], 20):
        is_gone = 2.0 <= pose.t_s < 2.7 or 3.2 <= pose.t_s < 3.9
        shown = absent_pose(pose.t_s, pose.index, pose.width, pose.height) if is_gone else pose
        events += coach.update(seen(coach, shown, None if is_gone else back))
    assert not of(Paused, events)


def test_the_results_are_those_of_the_longest_bout():
    coach, _ = follow((1.0, 2.0, 6), (2.5, 4.0, 9), (4.5, 5.5, 7))
    assert coach.bouts == 3
    assert (coach.is_over(3), coach.is_over(4)) == (True, False)
    assert coach.results == (("Cadence", "169 steps/min"),)


def test_the_number_that_matters_is_shown_while_it_goes_on_and_not_before():
    before, _ = follow((2.0, 9.0, 6), until_s=1.5)
    during, _ = follow((2.0, 9.0, 6), until_s=4.0)
    assert before.figure == ("", "steps/min")
    assert during.figure == ("160", "steps/min")
    assert during.lines == (), "the number itself is no other number"


def test_where_there_was_no_bout_nothing_is_measured_and_that_is_said():
    found = metrics_of(RUNNING.bout, None)
    assert (found["steps"], found["duration_s"]) == (0, 0.0)
    for metric in RUNNING.bout.metrics:
        assert found[metric.name] is None
        detail = found["details"][metric.name]
        assert (detail["value"], detail["n"], detail["unit"]) == (None, 0, metric.unit)
        assert detail["reason"] == "nothing of the kind was seen"
