"""The record of a session: what was done, in numbers, and nothing that a person typed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exercises.bird_dog import EXERCISE as BIRD_DOG
from exercises.dead_bug import EXERCISE as DEAD_BUG
from exercises.running import EXERCISE as RUNNING
from formcheck.core.feedback.phrases import FLOW
from formcheck.core.rules.events import FaultAmended, RepAmended, RepState, SettingsChanged
from formcheck.session.program import load_program
from formcheck.session.provenance import provenance_of
from formcheck.session.record import SetRecord
from formcheck.session.registry import load_exercises
from formcheck.session.session_record import ADVICE, SessionRecord, pain_band
from tests.session.events import record_of, rep

MONDAY = date(2026, 11, 30)
TWO_SETS = 'title = "Mine"\n[[exercise]]\nname = "dead-bug"\nsets = 2\nreps = 6\n'


def program_of(tmp_path, text=TWO_SETS, name="mine.toml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return load_program(str(path), load_exercises(), MONDAY)


def session_of(*sets, program=None):
    session = SessionRecord.begin("01900000-0000-7000-8000-000000000000", program)
    for record in sets:
        session.begin_set(record)
    return session


def done(record, outcome="done", why=None):
    record.finish(outcome, why)
    return record


# -- pain ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pain", "band"),
    [(0, "mild"), (3, "mild"), (4, "moderate"), (5, "moderate"), (6, "strong"), (10, "strong")],
)
def test_the_bands_of_pain(pain, band):
    assert pain_band(pain) == band


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (2, 3, ""),
        (2, 4, "rising"),
        (0, 2, "rising"),
        (3, 4, ""),
        (5, 6, "strong"),
        (4, 6, "rising"),
        (8, 8, "strong"),
        (8, 5, ""),
        (None, 6, "strong"),
        (None, 5, ""),
        (6, None, "rest-today"),
        (5, None, ""),
        (None, None, ""),
    ],
)
def test_advice_on_pain_goes_by_the_number(before, after, verdict):
    session = session_of()
    session.pain_before, session.pain_after = before, after
    assert session.pain_verdict == verdict
    assert session.as_dict()["advice"] == ADVICE.get(verdict, "")


def test_each_advice_is_said_too():
    assert {f"pain.{name}" for name in ADVICE} == {name for name in FLOW if name.startswith("pain.")}


def test_numbers_and_bands_are_written():
    session = session_of()
    session.pain_before, session.effort = 4, {"dead-bug": 7, "bird-dog": None}
    data = session.as_dict()
    assert data["pain"] == {"before": 4, "after": None}
    assert data["pain_bands"] == {"before": "moderate", "after": None}
    assert data["effort"] == {"dead-bug": 7, "bird-dog": None}


# -- counts --------------------------------------------------------------------------------------------------------


def test_the_set_that_was_thrown_away_stays_and_does_not_count(tmp_path):
    thrown = done(record_of(rep(1, "too-fast"), rep(2)), "restarted")
    kept = [done(record_of(rep(1), rep(2, hold_s=3.0))), done(record_of(rep(1)))]
    session = session_of(thrown, *kept, program=program_of(tmp_path))
    data = session.as_dict()
    assert [s["outcome"] for s in data["sets"]] == ["restarted", "done", "done"]
    assert (data["summary"]["reps"], data["summary"]["clean_reps"], data["summary"]["target_reps"]) == (3, 3, 12)
    assert data["summary"]["hold_total_s"] == 3.0
    assert session.work_on() is None
    assert session.is_complete


@pytest.mark.parametrize(
    ("outcomes", "is_complete"),
    [(("done", "done"), True), (("done",), False), (("done", "skipped"), False), (("done", "interrupted"), False)],
)
def test_a_program_is_complete_when_every_set_was_done(tmp_path, outcomes, is_complete):
    session = session_of(*(done(record_of(rep(1)), outcome) for outcome in outcomes), program=program_of(tmp_path))
    assert session.is_complete is is_complete


def test_without_a_program_what_was_begun_is_what_was_planned():
    assert not session_of().is_complete
    assert session_of(done(record_of()), done(record_of())).is_complete
    assert not session_of(done(record_of()), done(record_of(), "stopped")).is_complete


def test_a_program_with_a_run_can_be_complete(tmp_path):
    program = program_of(tmp_path, 'title = "x"\n[[exercise]]\nname = "running"\nsets = 1\n')
    assert session_of(done(record_of(exercise=RUNNING)), program=program).is_complete


def test_the_view_of_a_session_is_the_median_of_its_sets():
    records = [record_of(rep(1)) for _ in range(3)]
    for record, deg in zip(records, (4.0, -20.0, 11.0), strict=True):
        record.note_view(deg)
    session = session_of(*records)
    session.provenance = provenance_of({})
    assert session.as_dict()["provenance"]["side_on_deg"] == 4.0


def test_the_length_is_from_the_first_to_the_last_that_happened():
    assert session_of().length_s == 0.0
    assert session_of(record_of(rep(1, end_s=100.0)), record_of(rep(1, end_s=400.0))).length_s == 300.0


def test_begin_and_end_are_those_of_the_first_set_and_the_first_end():
    session = session_of(
        SetRecord.begin("a", DEAD_BUG, started_utc="2026-11-30T08:00:00.000Z"),
        SetRecord.begin("b", DEAD_BUG, started_utc="2026-11-30T08:05:00.000Z"),
    )
    session.provenance = provenance_of({})
    session.end("2026-11-30T08:10:00.000Z")
    session.end("2026-11-30T08:20:00.000Z")
    data = session.as_dict()
    assert (data["started_utc"], data["ended_utc"]) == ("2026-11-30T08:00:00.000Z", "2026-11-30T08:10:00.000Z")
    assert data["provenance"]["started_utc"] == "2026-11-30T08:00:00.000Z"


# -- the one thing to work on --------------------------------------------------------------------------------------


def test_the_worst_fault_is_worked_on_and_of_equal_ones_the_most_frequent():
    mild = record_of(rep(1, "too-fast"), rep(2, "too-fast"), rep(3, "too-fast"))
    worse = record_of(rep(1, "low-back-arch"))
    todo = session_of(mild, worse).work_on()
    assert (todo.exercise.name, todo.rule.name, todo.count) == ("dead-bug", "low-back-arch", 1)
    both = record_of(rep(1, "arms-drop"), rep(2, "too-fast"), rep(3, "too-fast"))
    assert session_of(both).work_on().rule.name == "too-fast"


def test_faults_of_all_sets_of_an_exercise_are_taken_together():
    sets = [record_of(rep(1, "too-fast")), record_of(rep(1, "head-drop"), rep(2, "head-drop"), exercise=BIRD_DOG)]
    todo = session_of(*sets, record_of(rep(1, "too-fast"), rep(2, "too-fast"))).work_on()
    assert (todo.rule.name, todo.count) == ("too-fast", 3)


def test_there_is_nothing_to_work_on_without_a_fault_that_counts():
    taken = RepAmended(30.0, of_seq=0, index=1, now=RepState(False, "faulty", "left", ("low-back-arch",)))
    assert session_of(record_of(rep(1), rep(2))).work_on() is None
    assert session_of(record_of(rep(1, "low-back-arch"), taken)).work_on() is None


def test_after_a_stop_because_of_pain_there_is_nothing_to_work_on(tmp_path):
    session = session_of(done(record_of(rep(1, "low-back-arch")), "hurt", "pain"), program=program_of(tmp_path))
    assert session.work_on() is not None
    session.break_off = "pain"
    assert session.is_stopped_by_pain
    assert session.work_on() is None
    assert session.as_dict()["work_on"] is None


# -- what is written -----------------------------------------------------------------------------------------------


def test_the_schema_keeps_the_keys_of_the_first_one():
    first = {"schema", "program", "is_complete", "length_s", "pain", "advice", "work_on", "sets", "summary"}
    data = session_of(record_of(rep(1))).as_dict()
    assert data["schema"] == "formcheck.session/2"
    assert data.keys() >= first
    assert data["summary"].keys() >= {"reps", "target_reps", "clean_reps", "hold_total_s"}


def test_a_program_is_named_by_its_content(tmp_path):
    program = program_of(tmp_path)
    assert session_of(program=program).as_dict()["program"] == {"hash": program.hash, "sets": 2}
    assert session_of().as_dict()["program"] is None


def test_the_camera_is_noted_without_its_name():
    session = session_of()
    session.provenance = provenance_of({})
    session.note_camera(
        {"path": "/home/miller/x.mp4", "name": "Miller's phone", "width": 1280, "height": 720, "fps": 30.0}
    )
    text = json.dumps(session.as_dict())
    assert session.as_dict()["provenance"]["camera"] == {"width": 1280, "height": 720, "fps": 30.0, "mirrored": False}
    assert "iller" not in text


NAMES = st.text("bcXYZ '._-\\{}[]\"<", min_size=10, max_size=30).map(lambda text: f"Ä{text}ß")
"""What people type, or what somebody types to break a file: long enough not to stand there by chance."""


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=NAMES, file=NAMES, by=NAMES, why=NAMES)
def test_nothing_that_a_person_typed_is_in_the_record(tmp_path, title, file, by, why):
    program = program_of(tmp_path, TWO_SETS.replace('"Mine"', json.dumps(title, ensure_ascii=False)), f"{file}.toml")
    assert program.title == title
    amended = RepAmended(30.0, of_seq=0, index=1, now=RepState(True, "clean", "left", ()), by=by, why=why)
    none = FaultAmended(31.0, name="too-fast", rep=1, now=True, was=False, by=by, why=why)
    changed = SettingsChanged(5.0, {"reach_hip_deg": 130.0}, by=by, why=why)
    record = record_of(rep(1), changed, amended, none)
    session = session_of(replace(record, planned=program.sets[0]), program=program)
    session.provenance = provenance_of({"dead-bug": {"reach_hip_deg": 130}}, source={"path": file})
    text = json.dumps(session.as_dict(), ensure_ascii=False, allow_nan=False)
    for typed in (title, file, by, why):
        assert json.dumps(typed, ensure_ascii=False)[1:-1] not in text
    assert str(tmp_path) not in text
