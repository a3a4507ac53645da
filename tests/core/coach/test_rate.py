"""How fast pictures come, and what they bear: the same movement gets the same verdict, or the rate is named."""

import math
from dataclasses import replace
from functools import cache

import pytest

from exercises.bird_dog import EXERCISE as BIRD_DOG
from exercises.dead_bug import EXERCISE as DEAD_BUG
from exercises.running import EXERCISE as RUNNING
from formcheck.core.coach.rate import RateMeter
from formcheck.core.rules.events import (
    Armed,
    AttemptEnded,
    BoutEnded,
    FaultStarted,
    HoldTicked,
    Paused,
    RepCompleted,
    TimesDoubted,
    UnseenEnded,
    UnseenStarted,
)
from formcheck.session.record import SetRecord
from formcheck.session.set import Set, SetOptions
from formcheck.testing import film, judge, seen, thinned
from tests.exercises.runner import IN_PLACE, MARCH, RUN, WALK, record, times
from tests.exercises.scripts import bird_dog, dead_bug


def rate_of(*intervals):
    meter, t = RateMeter(), 100.0
    meter.note(t)
    for interval in intervals:
        t += interval
        meter.note(t)
    return meter


# -- the meter ----


def test_no_rate_is_known_from_two_pictures_and_then_all_is_borne():
    assert math.isnan(rate_of(1.0).fps)
    assert rate_of(1.0).bears(240.0)
    assert rate_of(1.0).interval_s == 0.0


@pytest.mark.parametrize("fps", [2.0, 5.0, 30.0, 240.0])
def test_an_even_rate_is_told(fps):
    meter = rate_of(*[1 / fps] * 40)
    assert meter.fps == pytest.approx(fps)
    assert meter.interval_s == pytest.approx(1 / fps)


def test_what_a_player_drops_evenly_is_no_lower_rate():
    """Every third picture of fifteen, with one too early and one too late."""
    assert rate_of(*[0.2, 0.267, 0.133] * 10).fps == pytest.approx(5.0, rel=0.1)


def test_bursts_are_as_slow_as_their_gaps():
    assert rate_of(*[0.03, 0.03, 0.03, 0.5] * 8).fps == pytest.approx(1 / 0.265, rel=0.05)


@pytest.mark.parametrize(("stalls", "is_slow"), [(1, False), (2, False), (3, True)])
def test_a_stall_is_no_slow_stream_but_three_of_them_are(stalls, is_slow):
    meter = rate_of(*[0.1] * 30, *[1.2, 0.1] * stalls)
    assert meter.bears(7.5) is not is_slow


def test_it_forgets_what_is_longer_ago_than_four_seconds():
    assert rate_of(*[0.5] * 10, *[0.1] * 25).bears(7.5)
    assert not rate_of(*[0.5] * 10, *[0.1] * 10).bears(7.5)


@pytest.mark.parametrize(("fps", "is_borne"), [(6.9, True), (6.6, False)])
def test_a_camera_may_be_a_tenth_slower(fps, is_borne):
    assert rate_of(*[1 / fps] * 30).bears(7.5) is is_borne


# -- a set ----

RATES = (8.0, 10.0, 15.0, 24.0, 30.0, 60.0, 120.0)


@cache
def filmed(name):
    keys = {
        "right": dead_bug("LR"),
        "fast": dead_bug("LR", out_s=0.8),
        "arch": dead_bug("LR", lumbar_deg=18.0),
        "twice": dead_bug("LL"),
        "short": dead_bug("LR", hip_deg=125, knee_deg=125),
        "short hold": bird_dog("LR", hold_s=0.1, out_s=0.9),
    }
    return film(keys[name], 120.0)


def told(name, fps, jitter=0.2):
    """The verdict, the faults and the side of each repetition, and what did not count."""
    events = judge(BIRD_DOG if name == "short hold" else DEAD_BUG, thinned(filmed(name), fps, jitter))
    reps = [(e.verdict, e.side, e.faults) for e in events if isinstance(e, RepCompleted)]
    return reps, [e.reason for e in events if isinstance(e, AttemptEnded)]


@pytest.mark.parametrize("fps", RATES)
@pytest.mark.parametrize(
    ("name", "reps", "attempts"),
    [
        ("right", [("clean", "left", ()), ("clean", "right", ())], []),
        ("fast", [("faulty", "left", ("too-fast",)), ("faulty", "right", ("too-fast",))], []),
        ("arch", [("faulty", "left", ("low-back-arch",)), ("faulty", "right", ("low-back-arch",))], []),
        ("twice", [("clean", "left", ()), ("faulty", "left", ("same-side-twice",))], []),
        ("short", [], ["partial-reach", "partial-reach"]),
        ("short hold", [("faulty", "left", ("short-hold",)), ("faulty", "right", ("short-hold",))], []),
    ],
)
def test_the_same_movement_gets_the_same_verdict_at_any_rate(name, reps, attempts, fps):
    assert told(name, fps) == (reps, attempts)


def test_at_240_a_second_it_is_the_same():
    events = judge(DEAD_BUG, film(dead_bug("LR"), 240.0))
    assert [(e.verdict, e.side) for e in events if isinstance(e, RepCompleted)] == [
        ("clean", "left"),
        ("clean", "right"),
    ]


def reps_at(fps, name="right", **overrides):
    return [e for e in judge(DEAD_BUG, thinned(filmed(name), fps), **overrides) if isinstance(e, RepCompleted)]


def test_at_six_a_second_it_counts_and_says_what_the_rate_does_not_bear():
    for rep in reps_at(6.0):
        assert (rep.verdict, rep.not_judged) == ("not-judged", ("rate",))
        assert rep.why_not_judged == dict.fromkeys(("low-back-arch", "holding-leg-drift", "arms-drop"), "rate")
        assert rep.judged["low-back-arch"] == 0.0
        assert rep.judged["too-fast"] == rep.judged.get("same-side-twice", 1.0) == 1.0


@pytest.mark.parametrize("fps", [5.0, 6.0, 6.6])
def test_a_fault_that_is_plain_is_told_where_the_rate_does_not_bear_that_there_is_none(fps):
    for rep in reps_at(fps, "arch"):
        assert (rep.verdict, rep.faults, rep.not_judged) == ("faulty", ("low-back-arch",), ("rate",))
        assert rep.judged["low-back-arch"] == 0.0
    assert {(rep.verdict, rep.faults) for rep in reps_at(fps, "right")} == {("not-judged", ())}


@pytest.mark.parametrize("fps", [1.0, 2.0, 3.0, 4.0])
@pytest.mark.parametrize("name", ["right", "fast", "twice", "short"])
def test_below_what_counting_needs_nothing_is_counted_blamed_or_praised(name, fps):
    session = Set(DEAD_BUG, is_live=False)
    updates = [session.update(seen(session, *frame)) for frame in thinned(filmed(name), fps)]
    events = [event for update in updates for event in update.events]
    assert not [e for e in events if isinstance(e, (Armed, RepCompleted, AttemptEnded, FaultStarted, Paused))]
    [slow] = [e for e in events if isinstance(e, UnseenStarted)]
    assert (slow.part, slow.reason) == ("rate", "slow")
    assert [cue.name for update in updates for cue in update.cues] == ["unseen.rate"]


def slowed(frames, begin_s, end_s, fps):
    """The same pictures; between two times only so many a second."""
    inside = thinned([f for f in frames if begin_s <= f[0].t_s < end_s], fps)
    return [f for f in frames if f[0].t_s < begin_s] + inside + [f for f in frames if f[0].t_s >= end_s]


def test_a_machine_that_slows_down_in_a_set_stops_counting_and_goes_on_when_it_is_fast_again():
    frames = thinned(film(dead_bug("LRLR"), 60.0), 30.0)
    events = judge(DEAD_BUG, slowed(frames, 8.0, 15.0, 2.0))
    kinds = (RepCompleted, Paused, Armed, UnseenStarted, UnseenEnded)
    what = [getattr(e, "reason", "") or type(e).__name__ for e in events if isinstance(e, kinds)]
    assert what == ["Armed", "RepCompleted", "slow", "rate", "UnseenEnded", "Armed", "RepCompleted"]
    assert [e.side for e in events if isinstance(e, RepCompleted)] == ["left", "right"]


def test_nobody_is_told_to_change_legs_when_the_other_leg_may_have_been_missed():
    """Left, right while the pictures come too slowly, left again."""
    frames = thinned(film(dead_bug("LRL", rest_s=3.5), 60.0), 30.0)
    events = judge(DEAD_BUG, slowed(frames, 9.0, 16.0, 2.0))
    reps = [e for e in events if isinstance(e, RepCompleted)]
    assert [(rep.side, rep.faults) for rep in reps] == [("left", ()), ("left", ())]
    assert "same-side-twice" not in reps[1].judged


def test_a_picture_that_stands_still_for_two_seconds_may_have_hidden_the_other_leg():
    frames = film(dead_bug("LL", rest_s=3.0), 30.0)
    begin_s = next(e.t_s for e in judge(DEAD_BUG, frames) if isinstance(e, RepCompleted)) + 0.2
    events = judge(DEAD_BUG, [f for f in frames if not begin_s < f[0].t_s < begin_s + 2.0])
    assert [e.faults for e in events if isinstance(e, RepCompleted)] == [(), ()]


def test_a_kick_between_two_pictures_is_no_short_reach():
    """Out and back within three pictures of six a second: whether it got there nobody saw."""
    keys = dead_bug("L", out_s=0.3, hold_s=0.0, back_s=0.3)
    events = judge(DEAD_BUG, thinned(film(keys, 240.0), 6.0))
    assert [e.reason for e in events if isinstance(e, AttemptEnded)] in ([], ["rate"])
    assert not [e for e in events if isinstance(e, (RepCompleted, FaultStarted))]


@pytest.mark.parametrize(
    ("out_s", "fps", "share"),
    [(1.6, 60, 1.0), (1.6, 8, 1.0), (1.35, 60, 0.0), (1.35, 8, 0.0), (1.0, 60, 1.0), (1.0, 8, 1.0)],
)
def test_a_way_that_is_too_fast_or_not_to_a_picture_is_not_judged(out_s, fps, share):
    """1.35 s are the limit; eased as here a way reads 4 % long."""
    for rep in [e for e in judge(DEAD_BUG, thinned(film(dead_bug("LR", out_s=out_s), 240.0), fps))
                if isinstance(e, RepCompleted)]:  # fmt: skip
        assert rep.judged["too-fast"] == share
        assert ("too-fast" in rep.faults) is (share == 1.0 and out_s < 1.35)
        assert rep.measures["out_sd_s"] >= 1 / fps - 0.005


def test_jitter_of_a_third_of_a_picture_changes_nothing():
    for fps in (8.0, 15.0):
        assert told("right", fps, 0.3) == told("right", 60.0)
        assert told("fast", fps, 0.3) == told("fast", 60.0)


def test_a_longer_confirmation_needs_fewer_pictures():
    slow = replace(DEAD_BUG, shortest_s=1.0)
    [rep, *_] = [e for e in judge(slow, thinned(filmed("right"), 4.0), confirm_s=1.0) if isinstance(e, RepCompleted)]
    assert "rate" not in rep.not_judged


# -- times that are not those of the movement ----


def slower(frames, times):
    return [(replace(pose, t_s=pose.t_s * times), replace(back, t_s=back.t_s * times)) for pose, back in frames]


@pytest.mark.parametrize("gait", [RUN, IN_PLACE], ids=["run", "in place"])
@pytest.mark.parametrize("times_slower", [2, 4, 8])
def test_a_run_that_floats_is_slow_motion(gait, times_slower):
    events = judge(RUNNING, slower(record(gait, times(12, 30)), times_slower))
    assert [e.reason for e in events if isinstance(e, TimesDoubted)] == ["slow-motion"]
    assert not [e for e in events if isinstance(e, BoutEnded)]


@pytest.mark.parametrize("gait", [RUN, IN_PLACE, WALK, MARCH], ids=["run", "in place", "walk", "march"])
def test_who_runs_or_walks_at_the_true_speed_is_believed(gait):
    assert not [e for e in judge(RUNNING, record(gait, times(12, 30))) if isinstance(e, TimesDoubted)]


@pytest.mark.parametrize("times_slower", [2, 4])
def test_a_slow_walk_is_no_slow_motion(times_slower):
    """Nothing of it flies: how fast it truly went can't be known."""
    events = judge(RUNNING, slower(record(WALK, times(12, 30)), times_slower))
    assert not [e for e in events if isinstance(e, TimesDoubted)]


@pytest.mark.parametrize(("bounce_cm", "doubts"), [(2.2, ["slow-motion"]), (4.0, []), (22.0, []), (30.0, ["sped-up"])])
def test_a_bounce_that_gravity_does_not_allow_is_not_timed(bounce_cm, doubts):
    events = judge(RUNNING, record(replace(RUN, cadence_spm=150 if bounce_cm > 20 else 125, bounce_cm=bounce_cm),
                                   times(12, 30)))  # fmt: skip
    assert [e.reason for e in events if isinstance(e, TimesDoubted)] == doubts
    [bout] = [e for e in events if isinstance(e, BoutEnded)]
    assert ("times" in bout.not_judged) is bool(doubts)
    assert (bout.metrics["cadence_spm"] is None) is bool(doubts)
    assert "low-cadence" not in bout.faults or not doubts


def test_a_recording_that_is_known_to_be_slowed_down_is_not_timed():
    frames = film(dead_bug("LR", out_s=0.8, drift_deg=40.0), 30.0)
    session = Set(DEAD_BUG, is_live=False, options=SetOptions(trusts_times=False))
    updates = [session.update(seen(session, *frame)) for frame in frames]
    events = [event for update in updates for event in update.events]
    assert [e.reason for e in events if isinstance(e, TimesDoubted)] == ["told"]
    for rep in [e for e in events if isinstance(e, RepCompleted)]:
        assert rep.faults == ("holding-leg-drift",), "what is no time is judged"
        assert (rep.not_judged, rep.why_not_judged) == (("times",), {"too-fast": "times"})
    assert [cue.name for update in updates for cue in update.cues].count("setup.times") == 1
    held = judge_held(trusts_times=False)
    assert not [e for e in held if isinstance(e, HoldTicked)]
    assert [e.faults for e in held if isinstance(e, RepCompleted)] == [(), ()]


def judge_held(*, trusts_times):
    """Bird dogs that are held too briefly."""
    session = Set(BIRD_DOG, is_live=False, options=SetOptions(trusts_times=trusts_times))
    frames = thinned(filmed("short hold"), 30.0)
    return [event for frame in frames for event in session.update(seen(session, *frame)).events]


# -- the record ----


def test_the_record_says_how_fast_pictures_came_and_what_that_did_not_bear():
    record_of = SetRecord.begin("", DEAD_BUG)
    session = Set(DEAD_BUG, is_live=False)
    for pose, back in thinned(filmed("right"), 6.0):
        record_of.note_time(pose.t_s)
        record_of.add(session.update(seen(session, pose, back)).events)
    told_of = record_of.rate_as_dict()
    assert told_of["median_fps"] == pytest.approx(6.0, abs=0.05)
    assert told_of["p5_fps"] == pytest.approx(6.0, abs=0.1)
    assert told_of["not_borne"] == dict.fromkeys(("arms-drop", "holding-leg-drift", "low-back-arch"), "rate")
    assert told_of["times_doubt"] is None
    assert SetRecord.begin("", DEAD_BUG).rate_as_dict()["median_fps"] is None


def test_a_twentieth_of_late_pictures_is_told_beside_the_median():
    record_of = SetRecord.begin("", DEAD_BUG)
    t_s = 0.0
    for i in range(100):
        t_s += 0.2 if i % 10 == 0 else 1 / 30
        record_of.note_time(t_s)
    assert record_of.judged_fps == (pytest.approx(30.0, abs=0.1), pytest.approx(5.0))
