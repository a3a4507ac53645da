"""The record of a set: one fold over what was found and what was corrected."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from exercises.dead_bug import EXERCISE as DEAD_BUG
from exercises.running import EXERCISE as RUNNING
from formcheck.core.rules.events import (
    Armed,
    AttemptEnded,
    BackWithdrawn,
    BoutEnded,
    FaultAmended,
    Paused,
    RepAdded,
    RepAmended,
    RepCompleted,
    RepState,
    SettingsChanged,
    UnseenEnded,
    UnseenStarted,
)
from formcheck.pipeline.chain import Chain
from formcheck.session.program import PlannedSet
from formcheck.session.record import Counts, SetRecord
from formcheck.session.set import Set
from formcheck.testing import film, seen
from tests.exercises.scripts import DEAD_BUG as TABLETOP
from tests.exercises.scripts import dead_bug
from tests.session.events import fault, record_of, rep


def watched(keys, fps=15.0, stream=lambda steps: steps, is_live=False):
    """The record of a dead-bug set that was filmed."""
    current = Set(DEAD_BUG, is_live=is_live, set_id="s-1")
    chain = Chain(current, SetRecord.begin("s-1", DEAD_BUG))
    chain.start()
    for pose, back in stream(film(keys, fps)):
        chain.step(None, seen(current, pose, back))
    chain.finish("done")
    return chain.record


# -- repetitions and verdicts --------------------------------------------------------------------------------------


def test_repetitions_are_counted_by_verdict():
    record = record_of(rep(1), rep(2, "too-fast"), rep(3, verdict="not-judged", not_judged=("back",)), rep(4))
    assert record.counts == Counts(clean=2, faulty=1, not_judged=1)
    assert record.counts.reps == 4
    assert record.counts.in_words == "2 clean · 1 with a fault · 1 I could not judge"
    assert record.not_judged_parts == {"back": 1}


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (Counts(), ""),
        (Counts(clean=3), "3 clean"),
        (Counts(faulty=1, not_judged=2), "1 with a fault · 2 I could not judge"),
    ],
)
def test_what_there_is_none_of_is_not_named(counts, words):
    assert counts.in_words == words


def test_a_set_whose_back_was_never_seen_has_no_clean_repetition():
    hide = lambda steps: [(pose, replace(back, offset_tl=back.offset_tl * math.nan)) for pose, back in steps]  # noqa: E731
    open_set, hidden = watched(dead_bug("LR")), watched(dead_bug("LR"), stream=hide)
    assert open_set.counts == Counts(clean=2)
    assert hidden.counts == Counts(not_judged=2)
    assert [r.original.not_judged for r in hidden.reps] == [("back",), ("back",)]
    assert hidden.judged_share["back"] == 0.0
    assert open_set.judged_share["back"] > 0.9
    assert "back" in {span.part for span in hidden.unseen}
    assert "back" not in {span.part for span in open_set.unseen}


def test_holds_of_what_counts_are_added_up():
    record = record_of(rep(1, hold_s=4.0), rep(2, hold_s=5.5))
    assert record.hold_total_s == 9.5


def test_an_unfinished_set_counts_as_interrupted():
    record = record_of(rep(1))
    assert (record.outcome, record.why) == ("interrupted", None)
    record.finish("hurt", "pain")
    assert (record.outcome, record.why) == ("hurt", "pain")


def test_attempts_stand_apart_with_their_reason():
    record = watched(dead_bug("L", hip_deg=128, knee_deg=128))
    assert record.counts.reps == 0
    assert [a.reason for a in record.attempts] == ["partial-reach"]
    assert record.faults == {}, "nothing that counted had a fault"
    assert record.as_dict()["attempts"][0]["reason"] == "partial-reach"


# -- the back of a repetition is that of the repetition ------------------------------------------------------------


def test_sitting_up_between_repetitions_is_not_in_the_back_of_the_next():
    first = dead_bug("L", rest_s=2.0)
    end_s = first[-1][0]
    up = replace(TABLETOP, trunk_deg=80.0, lumbar_deg=-60)
    talk = [(end_s + 1, TABLETOP), (end_s + 2.5, up), (end_s + 8, up), (end_s + 9.5, TABLETOP)]
    second = [(t + end_s + 12, stance) for t, stance in dead_bug("R")]
    record = watched([*first, *talk, *second], is_live=True)
    assert [r.side for r in record.reps] == ["left", "right"]
    assert all(abs(r.back_change_tl) < 0.015 for r in record.reps)
    assert all(abs(r.back_change_deg) < 5 for r in record.reps)


def test_an_arched_attempt_is_not_in_the_back_of_the_next_repetition():
    short = dead_bug("L", hip_deg=132, knee_deg=132, lumbar_deg=35)
    end_s = short[-1][0]
    record = watched([*short, *((t + end_s + 1, stance) for t, stance in dead_bug("R"))])
    assert len(record.attempts) == 1
    (only,) = record.reps
    assert abs(only.back_change_tl) < 0.015
    assert abs(only.back_change_deg) < 5
    assert only.faults == ()


def test_a_bar_is_of_the_range_that_counts_not_of_the_persons_own_best():
    record = watched([*dead_bug("L"), *((t + 8, s) for t, s in dead_bug("R", hip_deg=150, knee_deg=155))])
    far, near = record.reps
    assert far.rom_fraction > near.rom_fraction >= 1.0


def test_what_was_not_measured_is_unknown():
    record = record_of(rep(1))
    assert math.isnan(record.reps[0].rom_fraction)
    assert math.isnan(record.reps[0].back_change_tl)
    assert math.isnan(record.reps[0].back_change_deg)
    found = record.as_dict()["reps"][0]
    assert (found["back_t"], found["back_deg"]) == (None, None)


# -- amendments ----------------------------------------------------------------------------------------------------


def state(counted=True, verdict="clean", side="left", faults=()):
    return RepState(counted, verdict, side, faults)


def test_a_repetition_that_is_taken_back_does_not_count_and_its_original_stays():
    first, second = rep(1), rep(2, hold_s=3.0)
    taken = RepAmended(30.0, of_seq=1, index=2, was=state(side="right"), now=state(counted=False, side="right"))
    record = record_of(first, second, taken)
    assert [r.index for r in record.reps] == [1]
    assert record.counts == Counts(clean=1)
    assert record.hold_total_s == 0.0
    line = record.all_reps[1]
    assert not line.is_counted
    assert line.original.hold_s == 3.0
    assert [type(a) for a in line.amendments] == [RepAmended]
    assert sum(isinstance(e, RepCompleted) for e in record.events) == 2


def test_a_repetition_that_the_coach_has_not_counted_counts_when_it_is_added_and_nothing_is_measured_of_it():
    first = RepAdded(30.0, -1, state(verdict="faulty", faults=("too-fast",)), "clinician", "small")
    second = RepAdded(31.0, -2, state(verdict="not-judged", side=None), "clinician", "")
    record = record_of(rep(1, hold_s=3.0), first, second)
    assert record.counts == Counts(clean=1, faulty=1, not_judged=1)
    assert record.faults == {"too-fast": 1}
    assert record.hold_total_s == 3.0
    assert record.amendments == [e for e in record.events if isinstance(e, RepAdded)]
    one = record_of(rep(1)).judged_share
    assert record.judged_share == one, "nobody has judged what was added"
    told = record.as_dict()
    added = [each for each in told["reps"] if each["is_added"]]
    assert [(each["index"], each["verdict"], each["told"]) for each in added] == [
        (-1, "faulty", None), (-2, "not-judged", None),
    ]  # fmt: skip
    assert all(each[name] is None for each in added for name in ("start_s", "peak_s", "end_s", "hold_s", "reach"))
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_what_was_added_is_amended_by_its_index_and_taken_away_again():
    added = RepAdded(30.0, -1, state(verdict="not-judged"), "clinician", "small")
    fine = RepAmended(31.0, of_seq=1, index=-1, was=state(verdict="not-judged"), now=state())
    missed = FaultAmended(32.0, name="arms-drop", rep=-1, was=False, now=True)
    away = RepAmended(33.0, of_seq=1, index=-1, was=state(), now=state(counted=False))
    assert record_of(rep(1), added, fine).counts == Counts(clean=2)
    assert record_of(rep(1), added, fine, missed).faults == {"arms-drop": 1}
    gone = record_of(rep(1), added, fine, away)
    assert gone.counts == Counts(clean=1)
    (line,) = [each for each in gone.all_reps if each.is_added]
    assert (line.is_counted, len(line.amendments)) == (False, 3)
    assert gone.as_dict()["taken_back"] == [], "the coach has not counted it"
    assert len(gone.as_dict()["amendments"]) == 3
    twice = record_of(rep(1), added, replace(added, now=state()))
    assert twice.counts == Counts(clean=1, not_judged=1), "an index is given once"
    stray = RepAmended(31.0, of_seq=0, index=-1, was=state(), now=state(counted=False))
    assert record_of(rep(1), stray).counts == Counts(clean=1), "it names what is not there"


@pytest.mark.parametrize(("per_side", "target"), [(False, 8), (True, 16)])
def test_the_dose_is_the_one_that_was_asked_for_last(per_side, target):
    record = replace(record_of(rep(1)), asked=(12, per_side))
    exercise = replace(record.exercise, dose=replace(record.exercise.dose, per_side=per_side))
    planned = replace(record_of(rep(1)), planned=PlannedSet(exercise, 1, None, 12, 30.0, {}))
    for each in (record, planned):
        assert_dose(each, 24 if per_side else 12, target)


def assert_dose(record, before, target):
    assert record.target_reps == before
    record.add([SettingsChanged(4.0, {"reach_hip_deg": 130}), SettingsChanged(5.0, {"reps": 9.0})])
    record.add([SettingsChanged(6.0, {"reps": 8.0}, by="clinician", why="tired")])
    assert record.target_reps == target


def test_it_can_be_given_back():
    taken = RepAmended(30.0, of_seq=0, index=1, was=state(), now=state(counted=False))
    given = RepAmended(31.0, of_seq=0, index=1, was=state(counted=False), now=state())
    record = record_of(rep(1), taken, given)
    assert record.counts == Counts(clean=1)
    assert len(record.reps[0].amendments) == 2


def test_verdict_side_and_faults_are_those_of_the_last_amendment():
    amended = RepAmended(
        30.0, of_seq=0, index=1, was=state(), now=state(verdict="faulty", side="right", faults=("too-fast",))
    )
    record = record_of(rep(1), amended)
    (line,) = record.reps
    assert (line.side, line.verdict, line.faults) == ("right", "faulty", ("too-fast",))
    assert (line.original.side, line.original.verdict, line.original.faults) == ("left", "clean", ())
    assert record.counts == Counts(faulty=1)
    assert record.faults == {"too-fast": 1}


@pytest.mark.parametrize(("unseen", "verdict"), [((), "clean"), (("back",), "not-judged")])
def test_a_fault_that_was_none_leaves_the_verdict_that_remains(unseen, verdict):
    none = FaultAmended(30.0, of_seq=0, name="low-back-arch", rep=1, was=True, now=False)
    record = record_of(*fault("low-back-arch", 7.0, 8.0), rep(1, "low-back-arch", not_judged=unseen), none)
    assert record.reps[0].verdict == verdict
    assert record.faults == {}
    assert record.fault_spans == []
    assert record.reps[0].original.faults == ("low-back-arch",)
    assert record.reps[0].amendments[0].name == "low-back-arch"


def test_of_two_faults_the_other_one_stays():
    both = rep(1, "low-back-arch", "too-fast")
    none = FaultAmended(30.0, of_seq=0, name="too-fast", rep=1, was=True, now=False)
    record = record_of(*fault("too-fast", 6.0, 7.0), *fault("low-back-arch", 7.0, 8.0), both, none)
    assert record.counts == Counts(faulty=1)
    assert record.faults == {"low-back-arch": 1}
    assert [f.name for f in record.fault_spans] == ["low-back-arch"]


def test_a_fault_that_the_coach_did_not_see_is_added_to_its_repetition():
    missed = FaultAmended(30.0, name="arms-drop", rep=2, was=False, now=True)
    record = record_of(rep(1), rep(2), missed)
    assert [r.verdict for r in record.reps] == ["clean", "faulty"]
    assert record.faults == {"arms-drop": 1}


BACK = ("low-back-arch",)


def arched(index, **more):
    return rep(index, *BACK, judged={"low-back-arch": 1.0, "too-fast": 1.0}, **more)


def test_only_what_was_judged_by_the_wrong_start_is_withdrawn():
    first, second = fault(*BACK, 5.0, 6.0), fault(*BACK, 25.0, 26.0)
    withdrawn = BackWithdrawn(20.0, since_s=0.0, reps=(1,), names=BACK)
    record = record_of(*first, arched(1), withdrawn, *second, arched(3))
    assert [r.verdict for r in record.reps] == ["not-judged", "faulty"]
    assert [f.onset_s for f in record.fault_spans] == [25.0]
    assert record.faults == {"low-back-arch": 1}


def test_what_a_person_has_amended_stays_when_the_coach_withdraws():
    given = RepAmended(15.0, of_seq=0, index=1, now=state(verdict="faulty", faults=BACK), by="desk", why="seen")
    record = record_of(arched(1), given, BackWithdrawn(20.0, since_s=0.0, reps=(1,), names=BACK))
    (line,) = record.reps
    assert (line.verdict, line.faults) == ("faulty", BACK)
    assert line.not_judged == ("back",), "what the coach could not judge"
    assert len(line.amendments) == 2


def test_a_repetition_whose_back_was_not_judged_has_nothing_to_withdraw():
    other = rep(1, "too-fast", judged={"too-fast": 1.0})
    record = record_of(other, BackWithdrawn(20.0, since_s=0.0, reps=(1,), names=BACK))
    assert (record.reps[0].verdict, record.reps[0].not_judged, record.reps[0].amendments) == ("faulty", (), ())


def test_an_amendment_of_something_else_changes_nothing():
    stray = RepAmended(30.0, of_seq=7, index=9, was=state(), now=state(counted=False))
    missed = FaultAmended(30.0, name="arms-drop", rep=9, was=False, now=True)
    record = record_of(rep(1), stray, missed)
    assert record.counts == Counts(clean=1)
    assert record.faults == {}


# -- faults, unseen parts, pauses ----------------------------------------------------------------------------------


def test_a_fault_counts_once_for_each_repetition_that_had_it():
    record = record_of(rep(1, "too-fast"), rep(2, "too-fast", "arms-drop"), rep(3))
    assert record.faults == {"too-fast": 2, "arms-drop": 1}
    rule, count = record.most_seen_fault
    assert (rule.name, count) == ("too-fast", 2)
    assert record_of(rep(1)).most_seen_fault is None


def test_faults_of_attempts_are_listed_and_not_counted():
    record = record_of(*fault("too-fast", 3.0, 4.0), AttemptEnded(5.0, 2.0, "left", "partial-reach"))
    assert [f.name for f in record.fault_spans] == ["too-fast"]
    assert record.faults == {}
    assert record.most_seen_fault is None


def test_faults_are_in_the_order_of_their_beginning_and_an_open_one_ends_when_it_was_confirmed():
    record = record_of(*fault("too-fast", 5.0), *fault("arms-drop", 3.0, 9.0))
    assert [(f.name, f.onset_s, f.t_s) for f in record.fault_spans] == [("arms-drop", 3.0, 9.0), ("too-fast", 5.0, 5.4)]


def test_a_part_that_is_never_seen_again_is_unseen_to_the_end():
    record = record_of(
        UnseenStarted(2.0, "feet", "Step back."), UnseenEnded(3.0, "feet", "Step back.", 1.5),
        UnseenStarted(5.0, "back", "Turn."), rep(1, end_s=12.0),
    )  # fmt: skip
    assert [(u.part, u.start_s, u.t_s) for u in record.unseen] == [("feet", 1.5, 3.0), ("back", 5.0, 12.0)]


def test_pauses_have_their_reason_and_an_open_one_ends_with_the_set():
    record = record_of(
        Armed(1.0), Paused(5.0, "nobody"), Armed(9.0), rep(1, end_s=15.0), Paused(20.0, "left-position"),
        UnseenStarted(26.0, "body"),
    )  # fmt: skip
    assert [(p.start_s, p.end_s, p.reason) for p in record.pauses] == [
        (5.0, 9.0, "nobody"),
        (20.0, 26.0, "left-position"),
    ]


def test_the_judged_share_is_the_mean_of_the_repetitions_that_count():
    unseen, open_one = rep(1, judged={"low-back-arch": 0.0}), rep(2, judged={"low-back-arch": 1.0})
    assert record_of(unseen, open_one, open_one, open_one).judged_share == {"back": 0.75}
    taken = RepAmended(30.0, of_seq=0, index=1, was=state(), now=state(counted=False))
    assert record_of(unseen, open_one, taken).judged_share == {"back": 1.0}


def test_of_several_faults_the_one_that_was_judged_least_counts():
    rules = [rule for rule in RUNNING.all_faults if "hips" in rule.parts][:2]
    judged = {rules[0].name: 0.9, rules[1].name: 0.4}
    record = record_of(BoutEnded(20.0, 5.0, 20.0, judged=judged), exercise=RUNNING)
    assert record.judged_share["hips"] == 0.4


def test_the_view_is_the_median_angle_of_the_pictures_that_show_it():
    record = record_of()
    assert record.side_on_deg is None
    for angle in (math.nan, 2.2, 4.0, 31.0, math.nan, 3.0, 2.0):
        record.note_view(angle)
    assert record.side_on_deg == 3.0


def test_a_change_of_settings_is_kept():
    changed = SettingsChanged(4.0, {"reach_hip_deg": 130}, by="clinician", why="hip")
    record = record_of(changed)
    assert [c.settings for c in record.settings_changes] == [{"reach_hip_deg": 130}]
    assert record.as_dict()["settings_changes"][0]["settings"] == {"reach_hip_deg": 130}


# -- runs ----------------------------------------------------------------------------------------------------------


def details(cadence):
    return {"cadence_spm": cadence, "details": {"cadence_spm": {"value": cadence}}}


def test_a_run_is_its_longest_bout():
    bouts = [BoutEnded(20.0, 5.0, 20.0, metrics=details(165.0)), BoutEnded(30.0, 25.0, 30.0, metrics=details(180.0))]
    record = record_of(*bouts, exercise=RUNNING)
    assert record.metrics["cadence_spm"] == 165.0
    assert [much.split()[0] for _, much in record.lines] == ["165"]


def test_before_any_bout_all_its_quantities_are_unknown():
    record = record_of(exercise=RUNNING)
    assert record.lines == ()
    assert record.metrics["cadence_spm"] is None
    assert record_of().metrics == {}


def test_faults_of_a_run_count_by_bout():
    bouts = [BoutEnded(20.0, 5.0, 20.0, faults=("bouncy",)), BoutEnded(40.0, 25.0, 40.0, faults=("bouncy", "stiff"))]
    record = record_of(*bouts, exercise=RUNNING)
    assert record.faults == {"bouncy": 2, "stiff": 1}
    none = FaultAmended(50.0, name="bouncy", was=True, now=False)
    assert record_of(*bouts, none, exercise=RUNNING).faults == {"bouncy": 1, "stiff": 1}


# -- as JSON -------------------------------------------------------------------------------------------------------

SET_1_KEYS = {
    "exercise", "set", "side", "outcome", "target_reps", "reps", "clean_reps", "hold_total_s", "faults", "unseen",
    "measured",
}  # fmt: skip
"""Keys of a set in `formcheck.session/1`."""


def test_a_set_keeps_the_keys_of_the_first_schema_and_is_json():
    record = record_of(
        UnseenStarted(1.0, "back"), rep(1, "too-fast", measures={"back_change_tl": math.nan, "rom_fraction": 1.1}),
        AttemptEnded(13.0, 12.0, "left", "not-seen"), SettingsChanged(14.0, {"reach_hip_deg": math.nan}),
    )  # fmt: skip
    data = json.loads(json.dumps(record.as_dict(), allow_nan=False))
    assert data.keys() >= SET_1_KEYS
    assert data["reps"][0].keys() >= {"index", "side", "reach", "back_t", "hold_s", "faults"}
    assert data["reps"][0]["reach"] == 1.1
    assert (data["clean_reps"], data["faulty_reps"], data["not_judged_reps"]) == (0, 1, 0)
    assert data["unseen"] == ["back"]


def test_times_of_a_live_set_are_from_its_beginning():
    """The machine's clock says nothing to a reader; a recording keeps its own times."""
    happened = (AttemptEnded(5013.0, 5012.25, "left", "not-seen"), SettingsChanged(5014.0, {"reach_hip_deg": 130.0}))
    live = SetRecord.begin("s-1", DEAD_BUG, started_utc="2026-11-30T08:00:00.000Z", started_s=5000.0)
    recorded = SetRecord.begin("s-1", DEAD_BUG)
    for record in (live, recorded):
        record.add(happened)
    told = [(r["attempts"][0], r["settings_changes"][0]["t_s"]) for r in (live.as_dict(), recorded.as_dict())]
    assert [(a["start_s"], a["end_s"], t) for a, t in told] == [(12.25, 13.0, 14.0), (5012.25, 5013.0, 5014.0)]
    assert live.attempts[0].start_s == 5012.25, "events stay as they came"


def test_who_amended_and_why_stay_with_the_events():
    typed = RepAmended(30.0, of_seq=0, index=1, was=state(), now=state(counted=False), by="Dr. Miller", why="Jane fell")
    record = record_of(rep(1), typed)
    text = json.dumps(record.as_dict())
    assert "Miller" not in text
    assert "Jane" not in text
    assert record.as_dict()["amendments"][0]["now"]["is_counted"] is False
    assert record.amendments[0].why == "Jane fell"
