"""What is kept of a set's movement: best, worst and figures of faults, in bounded memory, and nothing after it."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from formcheck.core.body.pose import Joint
from formcheck.core.body.tracked import track
from formcheck.core.rules.events import PhaseChanged, RepCompleted
from formcheck.pipeline.moments import Moments
from formcheck.pipeline.observers import Started
from formcheck.pipeline.recorded import analyse
from formcheck.session.registry import load_exercises
from formcheck.session.set import Update
from tests.replay import FOLDER, recorded

MEGABYTE = 1 << 20


def watched(name):
    moments = Moments()
    analysis = analyse(str(FOLDER / f"{name}.npz"), load_exercises().get(name), observers=[moments])
    return moments, analysis.findings.record


@pytest.fixture(scope="module")
def dead_bug():
    return watched("dead-bug")


def test_best_and_worst_are_those_of_the_record(dead_bug):
    moments, record = dead_bug
    replay = moments.replay
    verdicts = {rep.index: (rep.verdict, rep.faults) for rep in record.reps}
    assert verdicts[replay.best.rep.index] == ("clean", ())
    assert (replay.worst.rep.index, replay.worst.fault) == (3, "low-back-arch")
    assert (replay.reps, replay.judged, replay.faulty) == (6, 6, 2)


def test_the_movement_is_that_of_the_recording(dead_bug):
    moments, _ = dead_bug
    steps = recorded("dead-bug")
    for shown in moments.replay.shown:
        times = [frame.pose.t_s for frame in shown.clip.frames]
        assert times == sorted(times)
        assert times[0] - shown.rep.start_s < 0.1
        assert shown.rep.end_s - times[-1] < 0.1
        assert np.diff(times).max() < 0.1, "fifteen pictures a second"
        for frame in shown.clip.frames[::20]:
            pose, back = next(step for step in steps if step[0].t_s == frame.pose.t_s)
            np.testing.assert_array_equal(frame.pose.xy_px, pose.xy_px)
            np.testing.assert_array_equal(frame.back.contour_px, back.contour_px)


def test_in_the_moment_of_the_fault_the_back_is_hollower_than_in_the_best(dead_bug):
    best, worst = dead_bug[0].replay.shown

    def lift(shown, t_s):
        back = shown.clip.at(shown.clip.phase_at(t_s)).back
        return float(np.nanmax(back.offset_tl) - np.nanmin(back.offset_tl))

    assert lift(worst, worst.moment_s) > 2 * lift(best, best.rep.peak_s)
    assert worst.since_s <= worst.moment_s <= worst.until_s


def test_one_figure_for_each_fault_and_one_of_the_furthest_reach(dead_bug):
    figures = {figure.fault: figure for figure in dead_bug[0].figures()}
    assert {fault: figure.rep for fault, figure in figures.items()} == {"low-back-arch": 3, "too-fast": 5, "": 4}
    assert len({figure.set_id for figure in figures.values()}) == 1
    reach = max(abs(figures[""].joints[joint][0]) for joint in (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE))
    assert reach > 1.4, "one leg is out"
    assert len(figures[""].back) == 17


def test_a_fault_of_an_attempt_has_a_figure_of_its_own_and_an_unseen_back_none():
    moments, _ = watched("glute-bridge")
    figures = {figure.fault: figure for figure in moments.figures()}
    assert figures["too-low"].rep is None
    assert figures["short-hold"].rep == 2
    assert all(figure.back == () for figure in figures.values()), "the outline was not to be judged"
    assert moments.replay.best is None
    assert moments.replay.worst.fault == "short-hold"


def test_before_the_end_there_is_nothing_to_show_and_after_wiping_nothing_is_left():
    moments, _ = watched("bird-dog")
    assert moments.frames > 0
    moments.wipe()
    assert (moments.replay, moments.figures(), moments.frames) == (None, (), 0)
    assert Moments().replay is None


# -- memory ------------------------------------------------------------------------------------------------------------


class Long:
    """A set of repetitions of so many seconds each, at 30 pictures a second, handed to the observer as a chain does."""

    def __init__(self):
        self.moments, self._t_s, self._seq = Moments(), 0.0, 0
        pose, back = recorded("dead-bug")[150]
        self._tracked = track(pose, back, "supine")
        self.moments.on_start(Started("s-1", load_exercises().get("dead-bug"), {}))
        self.most = 0

    def go(self, seconds):
        for _ in range(round(30 * seconds)):
            self._t_s += 1 / 30
            pose = replace(self._tracked.pose, t_s=self._t_s, xy_px=self._tracked.pose.xy_px.copy())
            self.moments.on_frame(None, replace(self._tracked, pose=pose), Update())
        self.most = max(self.most, self.moments.frames)

    def repetition(self, seconds, verdict="clean"):
        start_s = self._t_s
        self.tell(PhaseChanged(self._t_s, "out"))
        self.go(seconds)
        done = RepCompleted(
            self._t_s, 1, start_s=start_s, peak_s=start_s + seconds / 2, verdict=verdict, judged={"low-back-arch": 1.0}
        )  # fmt: skip
        self.tell(PhaseChanged(self._t_s, "rest"), done)
        self.go(1)

    def tell(self, *events):
        for event in events:
            self.moments.on_events([replace(event, set_id="s-1", seq=self._seq)])
            self._seq += 1


def test_a_long_set_takes_no_more_than_is_stated():
    tracemalloc.start()
    try:
        long = Long()
        long.go(60)
        for i in range(30):
            long.repetition(12, "clean" if i % 2 else "not-judged")
        used = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert long.most <= 2700 + 900
    assert used < 8 * MEGABYTE
    long.moments.on_finish()
    assert long.moments.replay.reps == 30
    assert long.moments.frames <= 12 * 15 + 15, "the best alone"


def test_a_repetition_of_minutes_is_kept_thinly_and_the_next_one_is_not():
    long = Long()
    long.repetition(150)
    assert long.most <= 900 + 15
    long.repetition(4)
    long.moments.on_finish()
    times = [frame.pose.t_s for frame in long.moments.replay.best.clip.frames]
    assert len(times) > 300, "from its beginning"
    assert times[-1] - times[0] > 145


def test_a_rest_of_minutes_before_a_repetition_does_not_thin_it():
    long = Long()
    long.go(200)
    long.repetition(4)
    long.moments.on_finish()
    times = [frame.pose.t_s for frame in long.moments.replay.best.clip.frames]
    assert np.diff(times).max() < 0.1
