"""Which form cues are still spoken after some sessions."""

from itertools import pairwise

import pytest

from exercises.dead_bug import EXERCISE
from formcheck.core.feedback.fading import SPOKEN, Fading, spoken_in
from formcheck.core.feedback.feedback import Feedback
from formcheck.core.rules.events import FaultStarted, PhaseChanged, RepCompleted, SetFinished, UnseenStarted


def spoken(fading, faults):
    """Names of the cues for (name, severity) faults that come one after the other, each at its own time."""
    feedback, out = Feedback(EXERCISE, fading), []
    for i, (name, severity) in enumerate(faults):
        t = (i + 1) * 9.0
        found = [PhaseChanged(t, "outbound"), FaultStarted(t, name, t - 0.4, severity)]
        out += [c.name.partition(".")[2] for c in feedback.update(t, found)]
    return out


ARCH = [("low-back-arch", 2)] * 6


@pytest.mark.parametrize(("mode", "count"), [("all", 6), ("two-thirds", 4), ("summary", 0)])
def test_so_many_of_six_are_spoken(mode, count):
    assert len(spoken(Fading(mode), ARCH)) == count


def test_the_first_is_heard_and_silence_never_lasts_for_two():
    fading = Fading("two-thirds")
    answers = [fading.speaks(2) for _ in range(30)]
    assert answers[0]
    assert sum(answers) == 20
    assert not any(a is b is False for a, b in pairwise(answers))


@pytest.mark.parametrize("mode", SPOKEN)
def test_severity_three_never_fades(mode):
    assert spoken(Fading(mode), [("low-back-arch", 3)] * 6) == ["low-back-arch"] * 6


def test_the_count_goes_on_from_set_to_set():
    fading = Fading("two-thirds")
    assert [len(spoken(fading, ARCH[:1])) for _ in range(6)] == [1, 0, 1, 1, 0, 1]


def test_counts_praise_and_what_cannot_be_seen_do_not_fade():
    feedback = Feedback(EXERCISE, Fading("summary"))
    hidden = [RepCompleted(1.0, 1, "left", verdict="clean"), UnseenStarted(1.0, "hips", "", "hidden")]
    assert [c.name for c in feedback.update(1.0, hidden)] == ["count.1", "unseen.hips-hidden"]
    end = [RepCompleted(9.0, 2, "left", verdict="clean"), SetFinished(9.0, 2, 2)]
    assert [c.name for c in feedback.update(9.0, end)] == [
        "count.2", "dead-bug.done", "tally.2", "tally.clean",
    ]  # fmt: skip


def test_a_silent_cue_is_not_praised_when_it_is_corrected():
    feedback = Feedback(EXERCISE, Fading("summary"))
    feedback.update(1.0, [FaultStarted(1.0, "low-back-arch", 0.6, 2)])
    assert [c.name for c in feedback.update(6.0, [RepCompleted(6.0, 1, "left", start_s=3.0, verdict="clean")])] == [
        "count.1"
    ]


def test_the_same_faults_get_the_same_answers():
    mixed = [("low-back-arch", 2), ("low-back-arch", 3)] * 5
    assert spoken(Fading("two-thirds"), mixed) == spoken(Fading("two-thirds"), mixed)


@pytest.mark.parametrize(
    ("session", "mode"),
    [(1, "all"), (2, "all"), (3, "two-thirds"), (5, "two-thirds"), (6, "summary"), (200, "summary")],
)
def test_cues_fade_over_the_sessions(session, mode):
    assert spoken_in(session) == mode
