"""What is said and when."""

from typing import get_args

import pytest

from exercises.dead_bug import EXERCISE
from exercises.running import EXERCISE as RUNNING
from formcheck.core.body.back import Unknown
from formcheck.core.feedback.fading import Fading
from formcheck.core.feedback.feedback import Feedback
from formcheck.core.feedback.phrases import ADVICE, UNSEEN, UNSEEN_SAID, unseen_cue
from formcheck.core.rules.events import (
    Armed,
    AttemptEnded,
    Cue,
    FaultEnded,
    FaultStarted,
    HeldShort,
    HoldTicked,
    Paused,
    PhaseChanged,
    ReachSuggested,
    RepCompleted,
    SetFinished,
    UnseenEnded,
    UnseenStarted,
)
from tests.core.feedback.heard import heard, length_s


def fault(t, name, severity=2):
    return FaultStarted(t, name, t - 0.4, severity)


def over(t, name):
    return FaultEnded(t, name, t - 0.8, 2)


def rep(t, index=1, faults=(), start_s=None, verdict="clean", not_judged=()):
    verdict = "faulty" if faults else verdict
    start_s = t - 1.5 if start_s is None else start_s
    judged = {rule.name: 0.0 if set(rule.parts) & set(not_judged) else 1.0 for rule in EXERCISE.all_faults}
    judged = {} if verdict == "not-judged" and not not_judged else judged
    return RepCompleted(
        t, index, "left", start_s, t - 1.0, faults=faults, verdict=verdict, not_judged=not_judged, judged=judged
    )


def begin(t):
    return PhaseChanged(t, "outbound", "left")


ARCH_PRAISE = "dead-bug.low-back-arch-praise"


def turn(t):
    return PhaseChanged(t, "return", "left")


def said(script, *, until=None, exercise=EXERCISE):
    """(time, name) of the cues for events at their times, where there is no sound: shown is said."""
    end = until if until is not None else max(e.t_s for e in script) + 0.1
    return heard(exercise, script, end, is_silent=True).shown


def names(script, **changes):
    return [name for _, name in said(script, **changes)]


def test_a_serious_fault_is_said_at_once():
    assert said([fault(1.0, "low-back-arch")]) == [(1.0, "dead-bug.low-back-arch")]


def test_a_mild_fault_waits_for_the_turn_around():
    assert said([fault(1.0, "arms-drop", 1), turn(2.5)]) == [(2.5, "dead-bug.arms-drop")]


def test_a_mild_fault_that_is_over_by_the_turn_around_is_not_told():
    assert names([fault(1.0, "arms-drop", 1), over(1.5, "arms-drop"), turn(2.5)]) == []


def test_what_only_the_end_of_a_repetition_shows_is_told_then():
    quick = [fault(3.0, "too-fast", 1), FaultEnded(3.0, "too-fast", 1.0, 1), rep(3.0, 1, ("too-fast",))]
    assert names(quick) == ["dead-bug.too-fast", "count.1"]


@pytest.mark.parametrize(("late_s", "count"), [(3.95, 1), (4.1, 0)])
def test_a_mild_fault_that_finds_no_turn_around_within_four_seconds_is_dropped(late_s, count):
    assert len(said([fault(1.0, "arms-drop", 1), turn(1.0 + late_s)])) == count


@pytest.mark.parametrize(("severity", "kind"), [(1, "form"), (2, "form"), (3, "safety")])
def test_only_the_worst_faults_speak_as_safety(severity, kind):
    (cue,) = Feedback(EXERCISE).update(1.0, [fault(1.0, "low-back-arch", severity), turn(1.0)])
    assert cue.kind == kind


@pytest.mark.parametrize(("gap_s", "when"), [(3.9, [1.0]), (4.0, [1.0, 5.0])])
def test_the_worst_fault_is_said_first_and_another_not_before_four_seconds(gap_s, when):
    script = [fault(1.0, "arms-drop", 1), fault(1.0, "low-back-arch", 2), turn(1.0)]
    log = said([*script, turn(1.0 + gap_s)], until=1.0 + gap_s)
    assert [t for t, _ in log] == when
    assert log[0][1] == "dead-bug.low-back-arch"


@pytest.mark.parametrize(("gap_s", "count"), [(7.9, 1), (8.0, 2)])
def test_a_mild_fault_is_not_repeated_before_eight_seconds(gap_s, count):
    script = [fault(1.0, "arms-drop", 1), turn(1.0), over(2.0, "arms-drop"), begin(2.0)]
    script += [fault(1.0 + gap_s, "arms-drop", 1), turn(1.0 + gap_s)]
    assert len(said(script, until=1.0 + gap_s)) == count


def arch(t):
    """A repetition with an arch that begins at `t`."""
    found = fault(t, "low-back-arch"), over(t + 1.5, "low-back-arch")
    return [begin(t - 1.0), *found, rep(t + 2.0, 1, ("low-back-arch",))]


def test_a_serious_fault_is_told_in_each_repetition_while_it_lasts_and_briefly_from_the_second_on():
    log = said([*arch(3.0), *arch(7.0), *arch(11.0)])
    again = "dead-bug.low-back-arch-again"
    assert [item for item in log if "count" not in item[1]] == [
        (3.0, "dead-bug.low-back-arch"), (7.0, again), (11.0, again),
    ]  # fmt: skip


def test_in_one_repetition_a_fault_is_told_once():
    flickers = [
        begin(1.0),
        *(e for t in (2.0, 4.5, 7.0) for e in (fault(t, "low-back-arch"), over(t + 1, "low-back-arch"))),
    ]
    assert said(flickers) == [(2.0, "dead-bug.low-back-arch")]


def test_a_serious_fault_is_told_soon_after_a_mild_one():
    script = [fault(1.0, "too-fast", 1), rep(1.0, 1, ("too-fast",)), begin(1.5), fault(3.0, "low-back-arch")]
    assert (3.0, "dead-bug.low-back-arch") in said(script)
    assert (3.0, "dead-bug.arms-drop") not in said([*script[:3], fault(3.0, "arms-drop", 1), turn(3.0)])


def test_who_holds_short_of_the_range_is_told_briefly_at_once_and_not_again_when_it_is_over():
    short = [begin(1.0), HeldShort(3.0, "partial-reach"), fault(6.0, "partial-reach", 1)]
    ended = [AttemptEnded(6.0, 1.0, "left", "partial-reach"), PhaseChanged(6.0, "rest"), begin(7.0)]
    assert said([*short, *ended]) == [(3.0, "dead-bug.partial-reach-again")]
    assert said([begin(1.0), fault(6.0, "partial-reach", 1), *ended])[0] == (6.0, "dead-bug.partial-reach")


@pytest.mark.parametrize(
    ("after", "name"),
    [
        (over(2.0, "low-back-arch"), "dead-bug.low-back-arch"),
        (Paused(2.0, "left-position"), "dead-bug.low-back-arch"),
        (SetFinished(2.0, 1, 1), "dead-bug.low-back-arch"),
        (UnseenEnded(2.0, "hips"), "unseen.hips-hidden"),
        (Armed(2.0), "setup.start-pose"),
        (begin(2.0), "setup.armed"),
        (fault(2.0, "low-back-arch"), ARCH_PRAISE),
    ],
)
def test_what_has_become_untrue_is_named(after, name):
    feedback = Feedback(EXERCISE)
    feedback.update(1.0, [fault(1.0, "low-back-arch")])
    assert feedback.untrue == (ARCH_PRAISE,)
    feedback.update(2.0, [after])
    assert name in feedback.untrue
    feedback.update(3.0, [])
    assert feedback.untrue == ()


def test_the_reach_that_has_come_makes_its_cue_untrue():
    feedback = Feedback(EXERCISE)
    feedback.update(1.0, [begin(1.0), HeldShort(1.0, "partial-reach")])
    feedback.update(1.5, [PhaseChanged(1.5, "end-range")])
    assert "dead-bug.partial-reach-again" in feedback.untrue


def test_counts_are_never_silenced():
    script = [fault(1.0, "low-back-arch"), rep(1.0, 1), HoldTicked(1.0, 2, 5.0), rep(1.2, 2)]
    assert names(script) == ["dead-bug.low-back-arch", "count.1", "hold.2", "count.2"]


# -- praise ------------------------------------------------------------------------------------------------------------


def test_praise_follows_a_correction_and_not_a_repetition_with_the_same_fault():
    script = [fault(1.0, "low-back-arch"), rep(3.0, 1, ("low-back-arch",), start_s=0.5), rep(6.0, 2), rep(9.0, 3)]
    assert names(script) == ["dead-bug.low-back-arch", "count.1", "count.2", ARCH_PRAISE, "count.3"]


def test_a_repetition_that_had_begun_before_the_correction_is_no_answer_to_it():
    assert ARCH_PRAISE not in names([fault(1.0, "low-back-arch"), rep(3.0, 1, start_s=0.9)])
    assert ARCH_PRAISE in names([fault(1.0, "low-back-arch"), rep(3.0, 1, start_s=1.1)])


@pytest.mark.parametrize(
    ("verdict", "not_judged", "is_praised"),
    [
        ("clean", (), True),
        ("not-judged", ("back",), False),
        ("not-judged", (), False),
        ("faulty", ("back",), False),
        ("faulty", ("arms",), True),
    ],
)
def test_what_was_not_judged_is_not_praised(verdict, not_judged, is_praised):
    faults = ("arms-drop",) if verdict == "faulty" else ()
    answer = rep(5.0, 1, faults, verdict=verdict, not_judged=not_judged)
    assert (ARCH_PRAISE in names([fault(1.0, "low-back-arch"), answer])) is is_praised


@pytest.mark.parametrize(("gap_s", "count"), [(14.9, 1), (15.0, 2)])
def test_at_least_fifteen_seconds_between_two_praises(gap_s, count):
    script = [fault(1.0, "low-back-arch"), rep(4.0, 1), begin(11.0), fault(12.0, "low-back-arch")]
    script += [rep(4.0 + gap_s, 2)]
    assert names(script).count(ARCH_PRAISE) == count


# -- what was lost was not said ----------------------------------------------------------------------------------------


def test_a_correction_that_was_lost_is_said_again_while_it_is_true_and_praised_only_then():
    """The pain of somebody else's cue is told for as long as the arch lasts."""
    busy = [(1.0, Cue(1.0, "safety", name, "Text.", must_be_heard=True)) for name in ("pain.strong", "pain.rising")]
    script = [fault(1.6, "low-back-arch"), over(9.0, "low-back-arch"), rep(9.0, 1, ("low-back-arch",), start_s=1.5)]
    log = heard(EXERCISE, [*script, rep(14.0, 2)], 18.0, offers=busy)
    assert "dead-bug.low-back-arch" in [name for _, name in log.lost]
    assert log.at("dead-bug.low-back-arch") >= 1.0 + length_s("pain.strong") + length_s("pain.rising")
    assert ARCH_PRAISE in [name for _, name in log.spoken]
    gone = [fault(1.6, "low-back-arch"), over(2.0, "low-back-arch"), rep(9.0, 2)]
    silent = heard(EXERCISE, gone, 12.0, offers=busy)
    assert [name for _, name in silent.spoken] == ["pain.strong", "pain.rising", "number.2"], "nothing to praise"


def test_a_correction_that_was_not_heard_is_told_whole_the_next_time():
    feedback = Feedback(EXERCISE)
    (first,) = feedback.update(1.0, [begin(1.0), fault(1.0, "low-back-arch")])
    feedback.note_lost(first)
    feedback.update(2.0, [over(2.0, "low-back-arch")])
    (second,) = feedback.update(5.0, [begin(5.0), fault(5.0, "low-back-arch")])
    feedback.note_played(second)
    feedback.update(6.0, [over(6.0, "low-back-arch")])
    (third,) = feedback.update(9.0, [begin(9.0), fault(9.0, "low-back-arch")])
    assert [c.name for c in (first, second, third)] == ["dead-bug.low-back-arch"] * 2 + ["dead-bug.low-back-arch-again"]


def test_a_correction_that_nobody_has_heard_is_not_praised():
    feedback = Feedback(EXERCISE)
    (cue,) = feedback.update(1.0, [fault(1.0, "low-back-arch")])
    assert [c.kind for c in feedback.update(5.0, [rep(5.0, 1)])] == ["count"]
    feedback.note_played(cue)
    assert [c.name for c in feedback.update(9.0, [rep(9.0, 2)])] == ["count.2", ARCH_PRAISE]


def test_a_correction_cut_off_by_safety_was_not_said():
    script = [fault(1.0, "arms-drop", 1), turn(1.0)]
    offers = [(1.3, Cue(1.3, "safety", "safety.hurt", "Stop. Rest until it is calm."))]
    log = heard(EXERCISE, [*script, rep(9.0, 1)], 11.0, offers=offers)
    assert ARCH_PRAISE not in [name for _, name in log.spoken]


def test_with_the_sound_off_what_is_shown_is_said():
    script = [lost(1.0, "feet", "cut"), fault(1.6, "low-back-arch"), rep(4.0, 1, ("low-back-arch",)), rep(9.0, 2)]
    log = heard(EXERCISE, script, 10.0, is_silent=True)
    assert log.lost == []
    assert [name for _, name in log.shown] == [
        "unseen.feet-cut", "dead-bug.low-back-arch", "count.1", "count.2", ARCH_PRAISE,
    ]  # fmt: skip


def test_a_lost_cue_keeps_its_turn_in_the_fading():
    """Two of three are spoken; one that was lost is none of them."""
    fading = Fading("two-thirds")
    feedback = Feedback(EXERCISE, fading)
    (first,) = feedback.update(1.0, [fault(1.0, "low-back-arch")])
    feedback.note_lost(first)
    feedback.update(2.0, [over(2.0, "low-back-arch")])
    found = [begin(10.0), fault(10.0, "low-back-arch")]
    assert [c.name for c in feedback.update(10.0, found)] == ["dead-bug.low-back-arch"]
    assert feedback.update(20.0, [begin(20.0), fault(20.0, "low-back-arch")]) == []


def test_a_lost_sentence_about_a_hidden_part_may_be_said_again():
    feedback = Feedback(EXERCISE)
    (cue,) = feedback.update(1.0, [lost(1.0, "hips")])
    feedback.note_lost(cue)
    assert [c.name for c in feedback.update(6.0, [lost(6.0, "hips")])] == ["unseen.hips-hidden"]


def test_severity_three_has_no_turn_in_the_fading_to_take_back():
    feedback = Feedback(EXERCISE, Fading("two-thirds"))
    heard_ones = []
    for i, severity in enumerate((2, 3, 2, 2)):
        t = 1.0 + 9.0 * i
        cues = feedback.update(t, [begin(t), fault(t, "low-back-arch", severity)])
        feedback.update(t + 0.5, [over(t + 0.5, "low-back-arch")])
        heard_ones.append(bool(cues))
        if severity == 3:
            feedback.note_lost(cues[0])
    assert heard_ones == [True, True, False, True]


def test_after_a_pause_a_lost_correction_is_not_taken_up_again():
    feedback = Feedback(EXERCISE)
    (cue,) = feedback.update(1.0, [fault(1.0, "low-back-arch")])
    feedback.update(1.5, [Paused(1.5, "left-position")])
    feedback.note_lost(cue)
    assert feedback.update(2.0, []) == []


def test_praise_that_was_lost_may_be_given_soon():
    feedback = Feedback(EXERCISE)
    feedback.note_played(feedback.update(1.0, [fault(1.0, "low-back-arch")])[0])
    (_, praise) = feedback.update(4.0, [rep(4.0, 1)])
    feedback.note_lost(praise)
    feedback.note_played(feedback.update(9.0, [begin(9.0), fault(9.0, "low-back-arch")])[0])
    assert ARCH_PRAISE in [c.name for c in feedback.update(12.0, [rep(12.0, 2)])]


@pytest.mark.parametrize(("t", "count"), [(12.9, 0), (13.0, 1)])
def test_the_gap_of_a_sentence_runs_from_when_it_was_heard(t, count):
    feedback = Feedback(EXERCISE)
    (cue,) = feedback.update(1.0, [Armed(1.0)])
    feedback.update(3.0, [])
    feedback.note_played(cue)
    assert len(feedback.update(t, [Armed(t)])) == count


# -- a run has no turn-arounds -----------------------------------------------------------------------------------------

STIFF, BOUNCY = (fault.name for fault in RUNNING.faults[:2])


@pytest.mark.parametrize(("gap_s", "count"), [(59.5, 1), (60.0, 2)])
def test_in_a_run_a_minute_passes_between_two_cues_and_mild_ones_need_no_turn(gap_s, count):
    script = [fault(1.0, STIFF, 1), fault(2.0, BOUNCY, 1)]
    log = said(script, until=1.0 + gap_s, exercise=RUNNING)
    assert [name for _, name in log] == [f"running.{STIFF}", f"running.{BOUNCY}"][:count]


def test_in_a_run_a_fault_that_is_over_is_not_said_any_more():
    script = [fault(1.0, STIFF, 1), fault(2.0, BOUNCY, 1), over(30.0, BOUNCY)]
    assert names(script, until=70.0, exercise=RUNNING) == [f"running.{STIFF}"]


# -- the end of a set --------------------------------------------------------------------------------------------------

TALLY = ["number.9", "tally.clean", "number.3", "tally.faulty"]
END = [SetFinished(1.0, 12, 9), ReachSuggested(1.0, "low-back-arch", "leg_low_deg", 130.0, "deg", 3)]


LAST = ["number.12", "dead-bug.done", *TALLY]
NEXT_TIME = ["session.work-on", "dead-bug.too-fast-again"]


def test_the_end_of_a_set_is_heard_whole_with_one_thing_and_the_suggestion_after_it():
    log = heard(EXERCISE, [rep(1.0, 12, ("too-fast",)), *END], 25.0)
    assert [name for _, name in log.spoken] == [*LAST, *NEXT_TIME, "dead-bug.shorter-reach"]
    assert log.whole == [*LAST, *NEXT_TIME, "dead-bug.shorter-reach"]
    assert log.lost == []


def test_what_the_suggestion_is_about_is_not_told_twice():
    log = heard(EXERCISE, [rep(1.0, 12, ("low-back-arch",)), *END], 20.0)
    assert [name for _, name in log.spoken] == [*LAST, "dead-bug.shorter-reach"]


def test_a_correction_of_the_last_repetition_is_no_more_of_use():
    log = heard(EXERCISE, [fault(1.0, "too-fast", 1), rep(1.0, 12, ("too-fast",)), *END], 25.0)
    assert "dead-bug.too-fast" not in [name for _, name in log.spoken]


def test_the_end_is_heard_after_a_sentence_that_has_just_begun():
    log = heard(EXERCISE, [lost(0.9, "feet", "cut"), rep(1.0, 12, ("too-fast",)), *END], 25.0)
    assert [name for _, name in log.spoken] == ["unseen.feet-cut", *LAST, *NEXT_TIME, "dead-bug.shorter-reach"]


def test_the_one_thing_is_the_fault_of_most_repetitions():
    reps = [rep(1.0, 1, ("low-back-arch",)), rep(5.0, 2, ("too-fast",)), rep(9.0, 3, ("too-fast",))]
    assert names([*reps, SetFinished(9.0, 3, 0)])[-2:] == NEXT_TIME


def test_what_was_right_throughout_is_said_if_it_was_judged_in_each_repetition():
    good = [rep(1.0, 1), rep(5.0, 2), SetFinished(5.0, 2, 2)]
    assert names(good)[-1] == ARCH_PRAISE
    half = [rep(1.0, 1, verdict="not-judged", not_judged=("back",)), rep(5.0, 2), SetFinished(5.0, 2, 1, 1)]
    assert ARCH_PRAISE not in names(half)
    assert not any("praise" in name for name in names([rep(1.0, 1, verdict="not-judged"), SetFinished(1.0, 1, 0, 1)]))


def test_the_last_repetition_is_not_praised_twice():
    script = [fault(0.5, "low-back-arch"), rep(5.0, 12, start_s=2.0), SetFinished(5.0, 12, 11)]
    assert names(script)[:3] == ["dead-bug.low-back-arch", "count.12", "dead-bug.done"]
    assert names(script).count(ARCH_PRAISE) == 1


@pytest.mark.parametrize(
    ("clean", "not_judged", "said"),
    [
        (3, 0, ["tally.3", "tally.clean"]),
        (0, 3, ["tally.3", "tally.not-judged"]),
        (1, 1, ["tally.1", "tally.clean", "tally.1", "tally.faulty", "tally.1", "tally.not-judged"]),
    ],
)
def test_the_end_of_a_set_tells_the_verdicts_and_no_others(clean, not_judged, said):
    heard_names = names([rep(5.0, 3), SetFinished(5.0, 3, clean, not_judged)])
    assert [name for name in heard_names if name.startswith("tally")] == said


# -- other sides, and what was not judged ------------------------------------------------------------------------------


def test_other_leg_is_said_once_a_set():
    script = [AttemptEnded(t, t - 1.0, "right", "other-side") for t in (2.0, 6.0, 30.0)]
    assert said(script) == [(2.0, "set.other-side")]
    assert said([AttemptEnded(2.0, 1.0, "right", "partial-reach")]) == []


def test_what_could_not_be_judged_is_said_once_a_set_with_the_remedy():
    unjudged = [rep(t, i + 1, verdict="not-judged", not_judged=("back",)) for i, t in enumerate((4.0, 8.0, 30.0))]
    assert names(unjudged) == ["count.1", "rep.not-judged-back", "count.2", "count.3"]
    (number, cue) = Feedback(EXERCISE).update(4.0, [unjudged[0]])
    assert (number.name, cue.text) == ("count.1", "I could not judge your back.")


def test_the_remedy_follows_the_reason_unless_it_was_told_already():
    unjudged = rep(4.0, 1, verdict="not-judged", not_judged=("back",))
    feedback = Feedback(EXERCISE)
    feedback.update(3.5, [lost(3.0, "hips"), lost(3.5, "back", "oblique")])  # the hips are told of first
    cues = feedback.update(4.0, [unjudged])
    assert cues[1].text == "I could not judge your back. Turn sideways."
    told = names([lost(1.0, "back", "oblique"), unjudged])
    assert told == ["unseen.back-oblique", "count.1", "rep.not-judged-back"]


def test_where_another_part_was_not_seen_the_back_is_not_blamed():
    unjudged = rep(4.0, 1, verdict="not-judged", not_judged=("knees",))
    assert names([unjudged]) == ["count.1", "rep.not-judged"]


@pytest.mark.parametrize("verdict", ["clean", "faulty"])
def test_what_was_judged_is_not_said_to_be_unjudged(verdict):
    done = rep(4.0, 1, ("arms-drop",) if verdict == "faulty" else (), not_judged=("back",))
    assert not any(name.startswith("rep.") for name in names([done]))


# -- set-up ------------------------------------------------------------------------------------------------------------


def test_a_pause_forgets_what_was_about_to_be_said():
    assert names([fault(1.0, "arms-drop", 1), Paused(1.5, "left-position"), turn(2.0)]) == ["setup.paused"]


@pytest.mark.parametrize(("gap_s", "count"), [(9.9, 1), (10.0, 2)])
@pytest.mark.parametrize("kind", [Armed, Paused])
def test_pauses_that_flicker_are_told_every_ten_seconds_at_most(kind, gap_s, count):
    assert len(said([kind(1.0), kind(1.0 + gap_s)])) == count


@pytest.mark.parametrize(("gap_s", "count"), [(59.9, 1), (60.0, 2)])
def test_a_machine_that_is_late_again_and_again_is_told_of_once_a_minute(gap_s, count):
    assert names([Paused(1.0, "late-poses"), Paused(1.0 + gap_s, "late-poses")]) == ["setup.paused-late"] * count


@pytest.mark.parametrize(("gap_s", "count"), [(59.9, 1), (60.0, 2)])
def test_a_pause_for_want_of_pictures_asks_for_no_start_position(gap_s, count):
    pauses = [[lost(t, "rate", "slow"), Paused(t, "rate"), UnseenEnded(t + 5, "rate")] for t in (1.0, 1.0 + gap_s)]
    assert names([event for pause in pauses for event in pause]) == ["unseen.rate"] * count


def test_whoever_was_told_of_few_pictures_before_hears_of_the_pause_too():
    before = [lost(1.0, "rate", "slow"), UnseenEnded(5.0, "rate")]
    assert said([*before, lost(15.0, "rate", "slow"), Paused(15.0, "rate")]) == [
        (1.0, "unseen.rate"),
        (15.0, "unseen.rate"),
    ]


def test_a_pause_of_the_persons_own_is_told_all_the_same():
    assert names([Paused(1.0, "late-poses"), Paused(5.0, "left-position")]) == ["setup.paused-late", "setup.paused"]


def lost(t, part, reason="hidden"):
    return UnseenStarted(t, part, "", reason)


def test_a_hidden_part_is_named_with_its_remedy_once_a_set():
    script = [lost(t, "hips") for t in (1.0, 3.0, 30.0)]
    assert said(script) == [(1.0, "unseen.hips-hidden")]
    assert "hips" in UNSEEN_SAID["unseen.hips-hidden"]
    assert "Clear the view" in UNSEEN_SAID["unseen.hips-hidden"]


def test_another_reason_has_another_remedy():
    assert said([lost(1.0, "feet", "cut"), lost(9.0, "feet", "hidden")]) == [
        (1.0, "unseen.feet-cut"),
        (9.0, "unseen.feet-hidden"),
    ]


def test_parts_that_vanish_together_are_told_one_after_the_other_four_seconds_apart():
    script = [lost(1.0, "hips"), lost(1.0, "knees"), lost(1.0, "feet")]
    hidden = ["unseen.hips-hidden", "unseen.knees-hidden", "unseen.feet-hidden"]
    assert said(script, until=20) == [(1.0 + i * 4.0, name) for i, name in enumerate(hidden)]


def test_what_is_seen_again_is_not_told_any_more():
    script = [lost(1.0, "hips"), lost(1.0, "knees"), UnseenEnded(2.0, "knees")]
    assert said(script, until=20) == [(1.0, "unseen.hips-hidden")]


def test_where_nobody_is_no_part_is_told_but_that_each_time():
    script = [lost(1.0, "body", ""), lost(1.0, "hips"), UnseenEnded(9.0, "body"), lost(30.0, "body", "")]
    assert said(script, until=40) == [(1.0, "unseen.body"), (30.0, "unseen.body")]


@pytest.mark.parametrize("part", sorted(set(UNSEEN) - {"rate"}))
def test_whatever_cannot_be_seen_has_words_with_a_remedy(part):
    for reason in set(ADVICE) - {"cut", "hidden", "slow"} if part == "back" else ("cut", "hidden"):
        (cue,) = Feedback(EXERCISE).update(1.0, [lost(1.0, part, reason)])
        assert cue.text == UNSEEN_SAID[cue.name]
        sentence, _, remedy = cue.text.rstrip(".").partition(". ")
        assert sentence.startswith(("I can't see you", "I can't judge your"))
        assert 2 <= len(remedy.split()) <= 4


def test_pictures_that_come_too_slowly_are_told_once():
    script = [lost(1.0, "rate", "slow"), UnseenEnded(5.0, "rate"), lost(30.0, "rate", "slow")]
    assert said(script, until=40) == [(1.0, "unseen.rate")]
    assert "pictures" in UNSEEN_SAID["unseen.rate"]


@pytest.mark.parametrize(
    ("parts", "name"),
    [(("rate",), "rate"), (("back", "rate"), "rate"), (("rate", "times"), "times"), (("back",), "back")],
)
def test_what_the_times_of_pictures_did_not_bear_is_said_of_a_repetition(parts, name):
    rep = RepCompleted(3.0, 1, verdict="not-judged", not_judged=parts)
    assert [c.name for c in Feedback(EXERCISE).update(3.0, [rep])][1] == f"rep.not-judged-{name}"


def test_each_reason_for_an_unknown_back_has_its_own_words():
    reasons = set(ADVICE) - {"cut", "hidden", "slow"}
    texts = {unseen_cue("back", reason)[1] for reason in reasons}
    assert len(texts) == len(reasons)
    assert set(get_args(Unknown)) - {"", "no-torso"} <= reasons


def test_an_unknown_back_is_told_once_a_set():
    feedback = Feedback(EXERCISE)
    cues = [c.name for i in range(400) for c in feedback.update(i * 0.1, [], back_unknown="noise")]
    assert cues == ["unseen.back-noise"]


def test_a_back_that_is_told_of_is_not_told_of_again_for_another_reason():
    feedback = Feedback(EXERCISE)
    first = feedback.update(1.0, [lost(1.0, "back", "dark")], back_unknown="oblique")
    later = [c for i in range(20, 400) for c in feedback.update(i * 0.1, [], back_unknown="oblique")]
    assert [c.name for c in (*first, *later)] == ["unseen.back-oblique"]


@pytest.mark.parametrize("rule", EXERCISE.all_faults, ids=lambda r: r.name)
def test_cue_texts_are_short_and_positive(rule):
    assert 2 <= len(rule.cue.split()) <= 8
    assert not {"don't", "never", "wrong", "bad"} & set(rule.cue.lower().split())
