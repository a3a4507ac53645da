"""What is said and when."""

from itertools import pairwise
from typing import get_args

import pytest

from exercises.dead_bug import EXERCISE
from formcheck.core.body.back import Unknown
from formcheck.core.feedback.phrases import ADVICE, UNSEEN, UNSEEN_SAID, unseen_cue
from formcheck.core.feedback.policy import FORM_GAP_S, SAME_FAULT_GAP_S, UNSEEN_GAP_S, WAIT_MAX_S, CuePolicy
from formcheck.core.rules.events import (
    FaultStarted,
    HoldTicked,
    Paused,
    PhaseChanged,
    RepCompleted,
    UnseenEnded,
    UnseenStarted,
)


def fault(t, name, severity=2):
    return FaultStarted(t, name, t - 0.4, severity)


def said(script, *, step=0.1, until=None):
    """(time, name) of the cues for events at their times, the policy being asked every `step` seconds."""
    policy, out = CuePolicy(EXERCISE), []
    end = until if until is not None else max(e.t_s for e in script) + step
    for i in range(round(end / step) + 1):
        t = i * step
        events = [e for e in script if t - step < e.t_s <= t + 1e-9]
        out += [(round(c.t_s, 1), c.name) for c in policy.update(t, events)]
    return out


def test_a_serious_fault_is_said_at_once():
    assert said([fault(1.0, "low-back-arch")]) == [(1.0, "dead-bug.low-back-arch")]


def test_a_mild_fault_waits_for_the_turn_around():
    script = [fault(1.0, "arms-drop", 1), PhaseChanged(2.5, "return", "left")]
    assert said(script) == [(2.5, "dead-bug.arms-drop")]


def test_a_mild_fault_that_finds_no_turn_around_is_dropped():
    late = 1.0 + WAIT_MAX_S + 0.5
    assert said([fault(1.0, "arms-drop", 1), PhaseChanged(late, "return", "left")]) == []


def test_the_worst_fault_is_said_first_and_the_other_not_before_the_gap():
    script = [fault(1.0, "arms-drop", 1), fault(1.0, "low-back-arch", 2), PhaseChanged(1.0, "end-range", "left")]
    turns = [PhaseChanged(1.0 + FORM_GAP_S - 0.5, "return", "left"), PhaseChanged(1.0 + FORM_GAP_S, "rest")]
    assert said(script + turns, until=8) == [(1.0, "dead-bug.low-back-arch"), (1.0 + FORM_GAP_S, "dead-bug.arms-drop")]


def test_one_fault_is_not_repeated_before_its_gap():
    script = [fault(t, "low-back-arch") for t in (1.0, 4.0, 1.0 + SAME_FAULT_GAP_S - 0.5, 1.0 + SAME_FAULT_GAP_S + 5)]
    times = [t for t, _ in said(script)]
    assert all(b - a >= SAME_FAULT_GAP_S for a, b in pairwise(times))
    assert len(times) == 2


def test_counts_are_never_silenced():
    script = [fault(1.0, "low-back-arch")]
    script += [RepCompleted(1.0, 1, "left"), HoldTicked(1.0, 2, 5.0), RepCompleted(1.2, 2, "right")]
    names = [name for _, name in said(script)]
    assert names == ["dead-bug.low-back-arch", "count.1", "hold.2", "count.2"]


def test_praise_follows_a_correction_and_not_a_repetition_with_the_same_fault():
    script = [fault(1.0, "low-back-arch")]
    again = RepCompleted(3.0, 1, "left", start_s=0.5, faults=("low-back-arch",))
    better = RepCompleted(6.0, 2, "right", start_s=4.0)
    plain = RepCompleted(9.0, 3, "left", start_s=7.0)
    names = [name for _, name in said([*script, again, better, plain])]
    assert names == ["dead-bug.low-back-arch", "count.1", "count.2", "praise.better", "count.3"]


def test_a_pause_forgets_what_was_about_to_be_said():
    script = [fault(1.0, "arms-drop", 1), Paused(1.5, "left-position"), PhaseChanged(2.0, "rest")]
    assert [name for _, name in said(script)] == ["setup.paused"]


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


def test_parts_that_vanish_together_are_told_one_after_the_other():
    script = [lost(1.0, "hips"), lost(1.0, "knees"), lost(1.0, "feet")]
    names = ["unseen.hips-hidden", "unseen.knees-hidden", "unseen.feet-hidden"]
    assert said(script, until=20) == [(1.0 + i * UNSEEN_GAP_S, name) for i, name in enumerate(names)]


def test_what_is_seen_again_is_not_told_any_more():
    script = [lost(1.0, "hips"), lost(1.0, "knees"), UnseenEnded(2.0, "knees")]
    assert said(script, until=20) == [(1.0, "unseen.hips-hidden")]


def test_where_nobody_is_no_part_is_told_but_that_each_time():
    script = [lost(1.0, "body", ""), lost(1.0, "hips"), UnseenEnded(9.0, "body"), lost(30.0, "body", "")]
    assert said(script, until=40) == [(1.0, "unseen.body"), (30.0, "unseen.body")]


@pytest.mark.parametrize("part", UNSEEN)
def test_whatever_cannot_be_seen_has_words_with_a_remedy(part):
    for reason in set(ADVICE) - {"cut", "hidden"} if part == "back" else ("cut", "hidden"):
        (cue,) = CuePolicy(EXERCISE).update(1.0, [lost(1.0, part, reason)])
        assert cue.text == UNSEEN_SAID[cue.name]
        sentence, _, remedy = cue.text.rstrip(".").partition(". ")
        assert sentence.startswith(("I can't see you", "I can't judge your"))
        assert 2 <= len(remedy.split()) <= 4


def test_each_reason_for_an_unknown_back_has_its_own_words():
    reasons = set(ADVICE) - {"cut", "hidden"}
    texts = {unseen_cue("back", reason)[1] for reason in reasons}
    assert len(texts) == len(reasons)
    assert set(get_args(Unknown)) - {"", "no-torso"} <= reasons


def test_an_unknown_back_is_told_once_a_set():
    policy = CuePolicy(EXERCISE)
    cues = [c.name for i in range(400) for c in policy.update(i * 0.1, [], back_unknown="noise")]
    assert cues == ["unseen.back-noise"]


@pytest.mark.parametrize("rule", EXERCISE.all_faults, ids=lambda r: r.name)
def test_cue_texts_are_short_and_positive(rule):
    assert 2 <= len(rule.cue.split()) <= 8
    assert not {"don't", "never", "wrong", "bad"} & set(rule.cue.lower().split())
