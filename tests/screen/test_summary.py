"""The page of a set that is over: it tells what was judged, and praises nothing else."""

from __future__ import annotations

import pytest

from formcheck.screen import Painter, SummaryView, Tally
from formcheck.screen.words import ALL_CLEAN, NOTHING


def shown(view: SummaryView) -> list[str]:
    return [label.text.replace("\N{NO-BREAK SPACE}", " ") for label in Painter().paint(view, (1280, 720)).labels]


FAULTY = SummaryView("Dead bug", Tally(9, 3, 0), 12, fault="Too fast", fault_count=3, cue="Slow as honey.")
UNSEEN = SummaryView("Dead bug", Tally(0, 0, 3), 12, unjudged=(("I could not judge your back.", "Tighter shirt."),))


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (FAULTY, ["Dead bug: done", "12 / 12", "Clean", "9", "With a fault", "3"]),
        (FAULTY, ["Most often: Too fast (3 times)", "Next time: Slow as honey."]),
        (SummaryView("Dead bug", Tally(11, 1), 12, fault="Too fast", fault_count=1, cue="Slow."), ["Once: Too fast"]),
        (UNSEEN, ["3 / 12", "Not judged", "3", "I could not judge your back.", "Tighter shirt."]),
        (SummaryView("Bird dog", Tally(18), 10, is_per_side=True), ["18 / 20", "Repetitions, 10 a side"]),
        (SummaryView("Glute bridge", Tally(4), hold_total_s=20.4), ["4", "Held", "20 s", ALL_CLEAN]),
        (SummaryView("Glute bridge", Tally(4), 10, is_done=False), ["Glute bridge: ended"]),
        (SummaryView("Running", lines=(("steps/min", "168"),)), ["steps/min", "168", "No faults seen."]),
        (
            SummaryView("Dead bug", Tally(2), 12, attempts=(("Short reach", 2), ("Nobody in the picture", 1))),
            ["3 did not count: Short reach (2), Nobody in the picture"],
        ),
    ],
)
def test_a_summary(view: SummaryView, expected: list[str]) -> None:
    written = shown(view)
    for text in expected:
        assert text in written


def test_no_hold_no_tile_and_no_attempt_no_line() -> None:
    written = shown(SummaryView("Dead bug", Tally(12), 12))
    assert "Held" not in written
    assert not any("did not count" in text for text in written)


@pytest.mark.parametrize("tally", [Tally(0, 0, 3), Tally(11, 0, 1), Tally(11, 1, 0), Tally()])
def test_only_a_set_that_was_judged_and_clean_throughout_is_praised(tally: Tally) -> None:
    assert ALL_CLEAN not in shown(SummaryView("Dead bug", tally, 12))


def test_a_set_in_which_nothing_was_counted_says_what_to_do() -> None:
    assert NOTHING in shown(SummaryView("Dead bug", target_reps=12))


def test_the_fault_comes_before_what_could_not_be_judged() -> None:
    both = SummaryView(
        "Dead bug", Tally(1, 1, 1), 12, fault="Too fast", fault_count=1, cue="Slow.",
        unjudged=(("I could not judge your back.", "Tighter shirt."), ("I could not judge your feet.", "Closer.")),
    )  # fmt: skip
    written = shown(both)
    assert written.index("Next time: Slow.") < written.index("Tighter shirt.")
    assert "Closer." not in written, "two things are as much as anybody can mind"
