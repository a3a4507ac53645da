"""The summary of a set says what kept it from counting."""

from __future__ import annotations

from pathlib import Path

import pytest

from formcheck.app.report import report_of, summary_of
from formcheck.core.body.measure import Limbs
from formcheck.core.body.pose import KNEE
from formcheck.core.body.tracked import track
from formcheck.pose.recording import Recording
from formcheck.session.record import SetRecord
from formcheck.session.registry import load_exercises
from formcheck.session.session_record import SessionRecord
from formcheck.session.set import Set
from formcheck.testing import Stance, film
from formcheck.testing.stances import hidden

DEAD_BUG = load_exercises().get("dead-bug")
PAIRS = list(Recording(Path(__file__).parents[1] / "recordings" / "dead-bug.npz"))
FEW = ("Too few pictures come to count.", "Turn on a light, close other programs, or record more pictures a second.")


def thinned(pairs, fps):
    kept, due_s = [], 0.0
    for pair in pairs:
        if pair[0].t_s >= due_s - 1e-6:
            kept.append(pair)
            due_s += 1 / fps
    return kept


def record_of(pairs):
    current, record = Set(DEAD_BUG, is_live=False), SetRecord.begin("1", DEAD_BUG)
    for pose, back in pairs:
        record.add(current.update(track(pose, back, "supine")).events)
    record.add(current.finish().events)
    return record


def headline(record):
    session = SessionRecord(None)
    session.sets.append(record)
    view = report_of(session, [DEAD_BUG], "")
    return view.headline, view.advice


def test_too_few_pictures_are_the_reason_that_is_given():
    record = record_of(thinned(PAIRS, 3.0))
    assert (summary_of(record).tally.reps, summary_of(record).unjudged) == (0, (FEW,))
    assert headline(record) == FEW


def test_too_few_pictures_for_a_while_are_told_beside_what_was_counted():
    half = len(PAIRS) // 2
    record = record_of([*PAIRS[:half], *(pair for pair in thinned(PAIRS, 2.0) if pair[0].t_s > PAIRS[half][0].t_s)])
    assert record.counts.reps > 0
    assert summary_of(record).unjudged[0] == FEW


@pytest.mark.parametrize(("share", "is_told"), [(1.0, True), (0.3, False)])
def test_what_was_hidden_for_long_in_a_set_without_repetitions_is_the_reason(share, is_told):
    start = Stance(left=Limbs(hip_deg=90, knee_deg=90), right=Limbs(hip_deg=90, knee_deg=90))
    pairs = film([(0.0, start), (20.0, start)], fps=10)
    covered = round(share * len(pairs))
    record = record_of([*hidden(pairs[:covered], *KNEE.values()), *pairs[covered:]])
    told = summary_of(record).unjudged
    assert told == ((("I can't see your knees.", "Clear the view between you and the camera."),) if is_told else ())


def test_where_all_was_seen_nothing_is_excused():
    assert FEW not in summary_of(record_of(PAIRS)).unjudged
    nobody = record_of([])
    assert (summary_of(nobody).unjudged, headline(nobody)[0]) == ((), "Nothing was counted.")
