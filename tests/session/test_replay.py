"""Which repetitions are shown again, and how one moves between its pictures."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises.bird_dog import EXERCISE as BIRD_DOG
from exercises.dead_bug import EXERCISE as DEAD_BUG
from formcheck.core.rules.events import BackWithdrawn, FaultEnded, FaultStarted, RepAmended, RepState
from formcheck.session import fold
from formcheck.session.replay import END, PEAK, START, Clip, Moment, best_of, moment_of, worst_of
from tests.replay import recorded
from tests.session.events import record_of, rep

JUDGED = {"low-back-arch": 1.0, "too-fast": 1.0}


def fault(name, start_s, severity=2, magnitude=10.0):
    facts = (name, start_s, severity, magnitude, "deg")
    return [FaultStarted(start_s + 0.4, *facts), FaultEnded(start_s + 1.5, *facts)]


def worst(*events, exercise=DEAD_BUG):
    record = record_of(*events)
    found = worst_of(record.reps, record.fault_spans, exercise)
    return None if found is None else (found[0].index, found[1].name)


def test_the_best_is_clean_and_judged_best():
    reps = [
        rep(1, judged={"low-back-arch": 0.7, "too-fast": 1.0}, measures={"rom_fraction": 1.9}),
        rep(2, "too-fast", judged=JUDGED, measures={"rom_fraction": 1.9}),
        rep(3, judged=JUDGED, measures={"rom_fraction": 1.2}),
        rep(4, judged=JUDGED, measures={"rom_fraction": 1.3}),
        rep(5, verdict="not-judged", judged={"low-back-arch": 0.1}, measures={"rom_fraction": 1.9}),
    ]
    assert best_of(record_of(*reps).reps).index == 4, "of those judged alike, the one that came furthest"


def test_without_a_clean_one_there_is_no_best():
    assert best_of(record_of(rep(1, "too-fast"), rep(2, verdict="not-judged")).reps) is None


def test_the_worst_has_the_most_severe_fault_and_then_the_largest():
    events = [
        *fault("low-back-arch", 7.0, magnitude=12), rep(1, "low-back-arch"),
        *fault("low-back-arch", 17.0, magnitude=25), rep(2, "low-back-arch"),
        *fault("too-fast", 27.0, severity=1, magnitude=90), rep(3, "too-fast"),
    ]  # fmt: skip
    assert worst(*events) == (2, "low-back-arch")


def test_a_short_hold_is_not_worse_the_longer_it_is():
    events = [
        *fault("short-hold", 7.0, severity=1, magnitude=0.4), rep(1, "short-hold"),
        *fault("short-hold", 17.0, severity=1, magnitude=1.9), rep(2, "short-hold"),
    ]  # fmt: skip
    assert worst(*events, exercise=BIRD_DOG) == (1, "short-hold")


def test_where_no_fault_was_seen_there_is_no_worst():
    assert worst(rep(1), rep(2, verdict="not-judged")) is None


def test_what_was_taken_back_is_not_shown_as_wrong():
    arch = [*fault("low-back-arch", 7.0), rep(1, "low-back-arch", judged=JUDGED)]
    assert worst(*arch) == (1, "low-back-arch")
    assert worst(*arch, BackWithdrawn(12.0, since_s=0.0, reps=(1,), names=("low-back-arch",))) is None
    told = RepState(True, "faulty", "left", ("low-back-arch",))
    now = RepState(True, "clean", "left", ())
    assert worst(*arch, RepAmended(12.0, of_seq=2, index=1, was=told, now=now)) is None
    assert worst(*arch, RepAmended(12.0, of_seq=2, index=1, was=told, now=replace(told, is_counted=False))) is None


@pytest.mark.parametrize(
    ("start_s", "moment_s"), [(6.5, 8.0), (8.4, 8.4), (6.0, 7.5)], ids=["around the peak", "after it", "before it"]
)
def test_the_moment_of_a_fault_is_as_near_to_the_furthest_reach_as_it_went_on(start_s, moment_s):
    record = record_of(*fault("low-back-arch", start_s), rep(1, "low-back-arch"))
    (line,), (span,) = record.reps, record.fault_spans
    since, until, moment = moment_of(line, span, DEAD_BUG)
    assert moment == moment_s
    assert line.start_s <= since <= moment <= until <= line.end_s


def test_what_only_the_end_shows_is_marked_at_the_furthest_reach():
    record = record_of(*fault("short-hold", 6.0), rep(1, "short-hold"))
    assert moment_of(record.reps[0], record.fault_spans[0], BIRD_DOG)[2] == record.reps[0].peak_s


# -- between the pictures ----------------------------------------------------------------------------------------------

FRAMES = tuple(Moment(pose, back, "left") for pose, back in recorded("dead-bug")[64:205:2])
CLIP = Clip(FRAMES, FRAMES[0].pose.t_s, FRAMES[45].pose.t_s, FRAMES[-1].pose.t_s)


def test_at_its_pictures_it_is_the_picture():
    for i in (0, 20, 45, 60, len(FRAMES) - 1):
        at = CLIP.at(CLIP.phase_at(FRAMES[i].pose.t_s))
        np.testing.assert_allclose(at.pose.xy_px, FRAMES[i].pose.xy_px, atol=0.05)
    assert (CLIP.phase_at(0.0), CLIP.phase_at(1e9)) == (START, END)
    assert CLIP.phase_at(CLIP.peak_s) == PEAK


@given(phase=st.floats(0, 2), step=st.floats(0, 0.01))
@settings(max_examples=60, deadline=None)
def test_it_moves_without_a_jump_and_never_back(phase, step):
    after = min(END, phase + step)
    assert CLIP.time_at(phase) <= CLIP.time_at(after)
    assert CLIP.phase_at(CLIP.time_at(phase)) == pytest.approx(phase, abs=1e-6)
    gap = np.nanmax(np.abs(CLIP.at(after).pose.xy_px - CLIP.at(phase).pose.xy_px))
    most = max(np.nanmax(np.abs(b.pose.xy_px - a.pose.xy_px)) for a, b in pairwise(FRAMES))
    assert gap <= most + 0.1


def test_a_joint_that_is_hidden_in_one_of_two_pictures_is_not_said_to_be_seen():
    hidden = FRAMES[1].pose.evidence.copy()
    hidden[25] = 1
    frames = (FRAMES[0], replace(FRAMES[1], pose=replace(FRAMES[1].pose, evidence=hidden)))
    clip = Clip(frames, frames[0].pose.t_s, frames[1].pose.t_s, frames[1].pose.t_s)
    assert clip.at(PEAK / 2).pose.evidence[25] == 1


def test_the_fold_is_that_of_the_record():
    record = record_of(*fault("low-back-arch", 7.0), rep(1, "low-back-arch"))
    assert fold.faults_of(record.events) == record.fault_spans
