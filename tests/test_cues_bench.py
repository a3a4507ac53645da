"""What is heard in the recorded set: soon, briefly, true, and with silence between."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.core.feedback.queue import SENTENCE_GAP_S
from tests.bench.cues import Report, Row, as_text, measure, recorded


@pytest.fixture(scope="module")
def report() -> Report:
    return measure(recorded())


def test_a_serious_fault_is_heard_while_it_lasts(report: Report) -> None:
    assert len(report.delays_s) >= 7
    assert report.untold == ()
    assert np.median(report.delays_s) <= 1.0
    assert np.percentile(report.delays_s, 95) <= 1.6


def test_its_repeat_is_told_while_it_lasts_and_briefly(report: Report) -> None:
    arches = [row for row in report.rows if row.clip.startswith("dead-bug.tune.plain.low-back-arch") and row.is_watched]
    assert [row.name for row in arches] == ["dead-bug.low-back-arch", "dead-bug.low-back-arch-again"]
    assert all(row.is_true for row in arches)


def test_who_holds_short_is_told_in_the_hold(report: Report) -> None:
    told = [row for row in report.rows if row.name in ("glute-bridge.too-low-again", "dead-bug.partial-reach-again")]
    assert len(told) >= 4
    assert all(row.is_true for row in told)


def test_nothing_untrue_is_heard_and_nothing_unseen_is_praised(report: Report) -> None:
    assert report.untrue == []


def test_there_is_silence_between_two_sentences(report: Report) -> None:
    assert report.silences_s[0] >= SENTENCE_GAP_S - 1e-6
    assert report.talking <= 0.45, "dense clips, a fault in every other repetition; a session has its rests"


def test_what_is_untrue_or_late_would_be_seen(report: Report) -> None:
    sag = next(row for row in report.rows if row.is_watched)
    worse = replace(report, rows=(replace(sag, spoken_s=sag.onset_s + 9.0, is_true=False),), untold=(("a", "b", 1.0),))
    text = as_text(worse)
    assert "median 9.00 s" in text
    assert "untrue when heard: 1" in text
    assert "not told while it lasted: a b at 1.00 s" in text
    assert isinstance(sag, Row)
