"""A session that is written entry by entry and read again says the same; broken entries are told."""

import json
import math

import pytest

from formcheck.core.rules.events import BackWithdrawn, FaultAmended, RepAmended, RepCompleted, RepState
from formcheck.session import wire
from formcheck.session.program import load_program
from formcheck.session.registry import load_exercises
from tests import kept

EXERCISES = load_exercises().exercises


def written(session):
    """All entries of a session that is over, through JSON text."""
    entries = [wire.session_entry(session)]
    for one in session.sets:
        entries += [wire.set_entry(one), wire.events_entry(one.set_id, one.events), wire.set_end_entry(one)]
    entries += [
        wire.answers_entry(session),
        wire.provenance_entry(session.provenance),
        wire.end_entry(session.ended_utc),
    ]
    return [
        wire.Entry(e.kind, json.loads(json.dumps(e.body, allow_nan=False)), e.set_id, e.utc) for e in entries
    ]  # fmt: skip


@pytest.fixture
def session():
    session = kept.session_record()
    session.pain_before, session.pain_after, session.effort = 3, None, {"dead-bug": 5, "bird-dog": None}
    return session


def test_what_is_read_again_says_the_same(session):
    again = wire.session_of(session.session_id, written(session), EXERCISES)
    assert again.as_dict() == session.as_dict()
    assert [one.events for one in again.sets] == [one.events for one in session.sets]


def test_without_the_exercises_the_record_still_says_the_same(session):
    again = wire.session_of(session.session_id, written(session), {})
    assert again.as_dict() == session.as_dict()


def test_a_program_is_kept_without_its_title(session):
    program = load_program("low-back-daily", load_exercises())
    session.program = program
    planned = session
    entries = written(planned)
    assert program.title not in json.dumps([entry.body for entry in entries])
    for known in (EXERCISES, {}):
        assert wire.session_of(session.session_id, entries, known).as_dict() == planned.as_dict()


def test_what_is_no_number_stays_that():
    event = BackWithdrawn(1.5, math.nan, (1, 2), ("low-back-arch",), set_id="s", seq=4, utc="2026-11-30T08:00:00Z")
    again = wire.event_in(json.loads(json.dumps(wire.event_out(event), allow_nan=False)))
    assert math.isnan(again.since_s)
    assert (again.reps, again.names, again.set_id, again.seq, again.utc) == (
        (1, 2), ("low-back-arch",), "s", 4, "2026-11-30T08:00:00Z",
    )  # fmt: skip


@pytest.mark.parametrize(
    "event",
    [
        RepAmended(
            9.0, of_seq=3, index=1, was=RepState(True, "faulty", "left", ("arms-drop",)),
            now=RepState(False, "not-judged", None, ()), by="clinician", why="=1+1 <script>",
        ),
        FaultAmended(2.0, of_seq=-1, name="arms-drop", rep=2, was=False, now=True, by="clinician", why="seen"),
        RepCompleted(
            1 / 3, 1, None, 0.1, 0.2, 1e-9, ("a",), {"rom_fraction": 0.1 + 0.2}, "faulty",
            ("rate",), {"a": 2 / 3}, {"a": "rate"},
        ),
    ],
)  # fmt: skip
def test_every_digit_and_every_field_is_kept(event):
    assert wire.event_in(json.loads(json.dumps(wire.event_out(event)))) == event


@pytest.mark.parametrize(
    "body",
    [{}, {"event": "Event2"}, {"event": "Verdict"}, {"event": "RepCompleted", "t_s": "soon"}, {"event": "field"}],
)
def test_what_is_no_event_is_told(body):
    with pytest.raises(wire.WireError):
        wire.event_in(body)


def test_an_entry_of_a_set_that_never_began_is_told(session):
    entries = [entry for entry in written(session) if entry.kind != "set"]
    with pytest.raises(wire.WireError, match="events"):
        wire.session_of(session.session_id, entries, EXERCISES)
