"""What was told, in one form: sessions of the store, repetitions matched by time, and how far a measure went."""

import json
import math

import pytest

from formcheck.archive.difference import compare, matched
from formcheck.archive.levels import kept_level
from formcheck.archive.page import as_html
from formcheck.archive.scoring import Scoring
from formcheck.archive.told import RepTold, of_analysis, of_set
from formcheck.archive.why import Sides
from formcheck.session.findings import Findings
from formcheck.session.provenance import provenance_of
from formcheck.session.registry import load_exercises
from tests.kept import judged, kept


def against_store(session, **overrides):
    """The first set of a stored session, compared with its recording."""
    one = session.session.sets[0]
    record = judged(one.exercise)
    data = Findings(record, {}, provenance_of({one.exercise: overrides})).as_dict()
    sides = Sides.of(record.exercise, of_set(session, one), of_analysis(data, "archive"), overrides)
    return compare("x", "", sides, 0.0)


def test_a_stored_session_says_the_same_as_its_recording():
    change = against_store(kept(("dead-bug",)))
    assert change.sides.before.counts == {"clean": 4, "faulty": 2}
    assert change.sides.before.reps == tuple(
        type(rep)(
            **{**{name: getattr(rep, name) for name in rep.__slots__}, "levels": change.sides.before.reps[i].levels}
        )
        for i, rep in enumerate(change.sides.now.reps)
    )
    assert not change.is_changed


def test_the_times_of_a_live_set_begin_with_its_first_picture():
    session = kept(("dead-bug",))
    one = session.session.sets[0]
    record = judged("dead-bug")
    data = json.loads(json.dumps(Findings(record, {}, provenance_of({})).as_dict()))
    for each in (*data["reps"], *data["faults"], *data["attempts"]):
        each["start_s"] += 1000.0
        each["end_s"] += 1000.0
    sides = Sides.of(record.exercise, of_set(session, one), of_analysis(data, "archive"), {})
    assert not compare("x", "", sides, 1000.0).is_changed
    assert {rep.what for rep in compare("x", "", sides, 0.0).reps} == {("gone",), ("new",)}


def test_what_a_person_corrected_is_told_as_the_reason():
    (change,) = against_store(kept(("dead-bug",), is_amended=True)).reps
    assert change.what == ("verdict", "faults")
    assert change.why[0].kind == "amended"


def rep(index, start_s, end_s):
    return RepTold(index, start_s, end_s)


def test_repetitions_are_matched_by_the_time_that_they_share_each_once():
    before = [rep(1, 0.0, 4.0), rep(2, 5.0, 9.0), rep(3, 20.0, 24.0)]
    now = [rep(1, 3.5, 8.5), rep(2, 8.6, 12.0), rep(3, 30.0, 34.0)]
    pairs = [(b and b.index, n and n.index) for b, n in matched(before, now)]
    assert pairs == [(1, None), (2, 1), (None, 2), (3, None), (None, 3)]
    shifted = [(b and b.index, n and n.index) for b, n in matched(before, now, shift_s=10.0)]
    assert shifted == [(None, 1), (1, 2), (2, None), (3, 3)]


@pytest.mark.parametrize(
    ("values", "is_least", "level"),
    [
        ([1, 9, 1, 1, 1], False, 1),
        ([1, 5, 6, 7, 1], False, 5),
        ([9, 3, 2, 1, 9], True, 3),
        ([5, 5], False, math.nan),
        ([], False, math.nan),
    ],
)
def test_the_level_is_what_was_passed_for_as_long_as_a_fault_must_last(values, is_least, level):
    samples = [(i * 0.2, float(value)) for i, value in enumerate(values)]
    assert kept_level(samples, 0.4, is_least=is_least) == pytest.approx(level, nan_ok=True)


def test_a_key_is_of_what_gives_other_results():
    exercise = load_exercises().get("dead-bug")
    plain = Scoring(exercise, {}).key
    assert Scoring(exercise, {"arch_deg": 10.0}).key == plain, "the default by name is the default"
    others = (
        Scoring(exercise, {"arch_deg": 11.0}),
        Scoring(exercise, {}, "lite"),
        Scoring(load_exercises().get("bird-dog"), {}),
    )
    assert len({plain, *(one.key for one in others)}) == 4


def test_a_page_needs_nothing_else_and_a_name_is_never_a_tag():
    name = '<script>alert("1")</script>.npz'
    nothing = {"reps": 0, "clean": 0, "faulty": 0, "not_judged": 0, "unknown": 0}
    change = against_store(kept(("dead-bug",), is_amended=True)).as_dict() | {"recording": name}
    page = as_html(
        {
            "app": "1",
            "settings": {"dead-bug": {"arch_deg": 30}},
            "recordings": dict.fromkeys(
                ("found", "scored", "failed", "unknown_exercise", "left_out", "compared", "changed"), 1
            ),
            "exercises": {
                name: {
                    "compared": 1, "changed": 1, "nothing_stored": 1, "sides": 1,
                    "not_compared": nothing, "before": nothing, "now": nothing,
                    "verdicts": [{"before": "clean", "now": "none", "reps": 1}], "why": {"amended": 1},
                    "faults": {name: {"before": 0, "now": 0, "appeared": 0, "gone": 1}},
                }
            },
            "changes": [change],
            "failed": [{"recording": name, "reason": name}],
            "unknown_exercise": [name],
            "warnings": [{"recording": name, "warning": name}],
            "tries": [],
        }
    )  # fmt: skip
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 8
    assert "http" not in page
    assert "was corrected by a person" in page
