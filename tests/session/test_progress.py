"""How somebody gets on: only what was judged is told, a rest costs nothing, and one after pain is praised."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.session.progress import (
    AGO,
    WEEKS,
    ExerciseProgress,
    Week,
    days_in_words,
    in_words,
    monday_of,
    progress_of,
    sentence_of,
    times_done,
)
from tests.kept import BEGAN, kept

NOW = BEGAN + timedelta(days=3)
"""A Thursday."""


def weeks_ago(weeks, **changes):
    return kept(began=BEGAN - timedelta(weeks=weeks), number=weeks + 1, **changes)


def of(progress, name):
    return next(each for each in progress.exercises if each.name == name)


def test_the_sentence_is_of_the_repetitions_whose_back_was_judged():
    past = [weeks_ago(3), weeks_ago(0), kept(began=BEGAN + timedelta(days=1), number=20)]
    bug = of(progress_of(past, NOW), "dead-bug")
    assert (bug.this_week.clean, bug.this_week.faulty, bug.this_week.not_judged) == (8, 4, 0)
    assert in_words(sentence_of(bug), "supine") == "Your back stayed flat in 10 of 12; three weeks ago in 5 of 6."


def test_where_too_little_was_judged_nothing_is_claimed():
    bridge = of(progress_of([weeks_ago(0)], NOW), "glute-bridge")
    assert (bridge.this_week.faulty, bridge.this_week.not_judged) == (1, 2), "not judged is no fault"
    assert (bridge.this_week.back_judged, bridge.this_week.back_good) == (0, 0)
    assert math.isnan(bridge.this_week.back_deg), "a bend that was not judged is not shown"
    assert math.isnan(bridge.this_week.clean_share)
    assert in_words(sentence_of(bridge)) == "Too little was judged to say how it goes."


def test_what_was_clean_is_told_where_the_back_was_judged_too_little():
    session = weeks_ago(0, names=["dead-bug"])
    (one,) = session.session.sets
    unseen = [rep.model_copy(update={"not_judged": ("back",), "faults": ()}) for rep in one.reps]
    judged_share = {part: share for part, share in one.judged_share.items()}
    blind = one.model_copy(update={"reps": tuple(unseen), "judged_share": judged_share})
    session = session.model_copy(update={"session": session.session.model_copy(update={"sets": (blind,)})})
    assert in_words(sentence_of(of(progress_of([session], NOW), "dead-bug"))) == "4 of 6 were clean."


def test_the_bend_is_told_with_its_doubt():
    week = of(progress_of([weeks_ago(0)], NOW), "dead-bug").this_week
    reps = weeks_ago(0).session.sets[0].reps
    assert min(r.back_deg for r in reps) <= week.back_deg <= max(r.back_deg for r in reps)
    assert 3 < week.back_sd_deg < 4
    assert week.back_deg < 0 < max(r.back_deg for r in reps), "one fault of 25 degrees does not move the median"


def test_hold_pain_and_effort_are_means_of_the_week():
    past = [weeks_ago(0, pain=(3, 2), effort=4), kept(began=BEGAN + timedelta(days=1), number=9, pain=(5, 4), effort=7)]
    dog, bug = (of(progress_of(past, NOW), name) for name in ("bird-dog", "dead-bug"))
    assert (dog.this_week.pain_before, dog.this_week.pain_after, dog.this_week.effort) == (4, 3, 5.5)
    assert dog.this_week.hold_s == pytest.approx((2.0 + 2.01 + 1.93 + 0.45) / 4, abs=0.01)
    assert dog.this_week.hold_target_s == 2.0
    assert math.isnan(bug.this_week.hold_s), "a dead bug is not held"
    assert dog.this_week.reach == pytest.approx(1.25, abs=0.05)


def test_what_was_not_answered_is_unknown_and_not_zero():
    week = of(progress_of([weeks_ago(0, pain=(None, None), effort=None)], NOW), "dead-bug").this_week
    assert math.isnan(week.pain_after)
    assert math.isnan(week.effort)


def test_days_and_weeks_are_those_of_the_person():
    late_sunday = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)
    here, there = (
        progress_of([kept(began=late_sunday)], NOW.astimezone(tz)) for tz in (UTC, timezone(timedelta(hours=2)))
    )
    assert [week.days for week in of(here, "dead-bug").weeks][-2:] == [1, 0]
    assert [week.days for week in of(there, "dead-bug").weeks][-2:] == [0, 1], "it was Monday there"


def test_eight_weeks_are_shown_and_no_more():
    past = [weeks_ago(weeks) for weeks in range(12)]
    bug = of(progress_of(past, NOW), "dead-bug")
    assert [week.days for week in bug.weeks] == [1] * WEEKS
    assert all(other.monday - one.monday == timedelta(weeks=1) for one, other in pairwise(bug.weeks))
    assert progress_of(past[9:], NOW).exercises == ()


def test_what_was_done_last_comes_first():
    past = [weeks_ago(1, names=["glute-bridge"]), weeks_ago(0, names=["bird-dog", "dead-bug"])]
    assert [each.name for each in progress_of(past, NOW).exercises] == ["dead-bug", "bird-dog", "glute-bridge"]


@pytest.mark.parametrize(("days", "words"), [(0, "0 of 3 days"), (2, "2 of 3 days"), (3, "3 of 3 days"), (5, "5 days")])
def test_days_are_told_against_the_plan(days, words):
    weeks = (*[Week(BEGAN.date())] * 7, Week(BEGAN.date(), days=days))
    assert days_in_words(ExerciseProgress("dead-bug", "Dead bug", weeks, planned_days=3)) == words


def test_the_plan_is_that_of_the_exercise():
    plan = {"dead-bug": frozenset({0, 2, 4})}
    progress = progress_of([weeks_ago(0)], NOW, plan)
    assert of(progress, "dead-bug").planned_days == 3
    assert of(progress, "bird-dog").planned_days is None
    assert days_in_words(of(progress, "bird-dog")) == "1 day"


# -- rests -------------------------------------------------------------------------------------------------------------


def broken_off(days=0):
    session = kept(began=BEGAN + timedelta(days=days), number=50 + days, pain=(2, None))
    stopped = session.session.model_copy(update={"break_off": "pain", "is_complete": False})
    return session.model_copy(update={"session": stopped})


@pytest.mark.parametrize(
    ("past", "days", "is_praised"),
    [
        ([broken_off()], 2, True),
        ([broken_off()], 1, False),
        ([broken_off(), kept(began=BEGAN + timedelta(days=1), number=3)], 4, False),
        ([broken_off(), kept(began=BEGAN + timedelta(days=2), number=3)], 4, True),
        ([kept(pain=(4, 7))], 2, True),
        ([kept(pain=(2, 4))], 2, True),
        ([kept(pain=(4, 4))], 2, False),
        ([kept(pain=(None, None))], 2, False),
        ([broken_off()], 40, False),
    ],
    ids=[
        "rested",
        "today is not over",
        "went on",
        "rested, then went on",
        "strong",
        "rose",
        "calm",
        "unknown",
        "long ago",
    ],
)
def test_a_rest_because_of_pain_is_praised(past, days, is_praised):
    assert progress_of(past, BEGAN + timedelta(days=days)).is_rest_praised is is_praised


@given(rests=st.integers(0, 3))
@settings(max_examples=8, deadline=None)
def test_a_rest_day_takes_nothing_away(rests):
    past = [weeks_ago(1), weeks_ago(0)]
    one, other = (progress_of(past, BEGAN + timedelta(days=days)) for days in (1, 1 + rests))
    assert one == other


# -- properties --------------------------------------------------------------------------------------------------------

DAYS = st.lists(st.integers(0, 80), min_size=1, max_size=8)


@given(ago=DAYS, seed=st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_no_repetition_is_lost_or_counted_twice_whatever_the_order(ago, seed):
    past = [kept(["dead-bug"], BEGAN - timedelta(days=days), i) for i, days in enumerate(ago)]
    shuffled = list(past)
    seed.shuffle(shuffled)
    progress = progress_of(shuffled, NOW)
    assert progress == progress_of(past, NOW)
    first = monday_of(NOW.date()) - timedelta(weeks=WEEKS - 1)
    shown = [days for days in ago if (BEGAN - timedelta(days=days)).date() >= first]
    weeks = [week for each in progress.exercises for week in each.weeks]
    assert sum(week.reps for week in weeks) == 6 * len(shown)
    assert sum(week.days for week in weeks) == len(set(shown))
    assert all(week.back_good <= week.back_judged <= week.reps for week in weeks)


@given(counts=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=WEEKS, max_size=WEEKS))
@settings(max_examples=60, deadline=None)
def test_every_number_of_the_sentence_is_one_that_was_judged(counts):
    weeks = tuple(Week(BEGAN.date(), back_good=min(pair), back_judged=max(pair)) for pair in counts)
    said = sentence_of(ExerciseProgress("dead-bug", "Dead bug", weeks))
    if not said.what:
        assert all(week.back_judged < 5 for week in weeks)
        return
    told = [(said.good, said.of, said.weeks_ago), *([said.then] if said.then else [])]
    for good, number, ago in told:
        week = weeks[-1 - ago]
        assert (good, number) == (week.back_good, week.back_judged)
        assert number >= 5
        assert AGO[ago].lower() in in_words(said).lower()
    assert all(week.back_judged < 5 for week in weeks[WEEKS - said.weeks_ago :]), "the newest that can be told"


# -- how often ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ago", "times"),
    [([], 0), ([1], 1), ([30], 0), ([1, 3, 5], 3), ([1, 3, 30, 33], 2), ([1, 21, 41], 3), ([1, 22], 1), ([20, 40], 2)],
)  # fmt: skip
def test_sessions_are_counted_since_the_last_pause_of_three_weeks(ago, times):
    past = [kept(["dead-bug"], NOW - timedelta(days=days), i) for i, days in enumerate(ago)]
    assert times_done(past, "dead-bug", NOW) == times
    assert times_done(past, "bird-dog", NOW) == 0
