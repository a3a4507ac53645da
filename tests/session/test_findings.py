"""The findings of a recording: every key of the first schema with its meaning, and what is new in the second."""

from __future__ import annotations

import json
import math
from dataclasses import replace

from exercises.dead_bug import EXERCISE as DEAD_BUG
from exercises.running import EXERCISE as RUNNING
from formcheck.core.rules.events import (
    AttemptEnded,
    Cue,
    FaultAmended,
    ReachSuggested,
    RepAmended,
    RepState,
    UnseenEnded,
    UnseenStarted,
)
from formcheck.pipeline.chain import Chain
from formcheck.session.findings import Findings
from formcheck.session.provenance import provenance_of
from formcheck.session.record import SetRecord
from formcheck.session.set import Set
from formcheck.testing import film, seen
from tests.exercises.scripts import dead_bug
from tests.session.events import fault, record_of, rep

FIRST = {
    "": {"schema", "exercise", "source", "reps", "attempts", "faults", "cues", "unseen", "metrics", "summary",
         "suggestions"},
    "reps": {"index", "side", "start_s", "peak_s", "end_s", "hold_s", "faults", "measures"},
    "attempts": {"start_s", "end_s", "side", "reason"},
    "faults": {"name", "start_s", "end_s", "severity", "rep", "magnitude", "unit"},
    "cues": {"t_s", "kind", "name", "text"},
    "unseen": {"start_s", "end_s", "part", "advice"},
    "suggestions": {"fault", "setting", "value", "unit", "times"},
    "summary": {"reps", "clean_reps", "attempts", "hold_total_s"},
}  # fmt: skip
"""Keys of `formcheck.analysis/1`, by the place in which they stood."""

SOURCE = {"path": "x.mp4", "width": 1280, "height": 720, "fps": 30.0, "frames": 9, "duration_s": 0.3}


def found(record):
    """The findings after a trip through JSON that takes no NaN."""
    findings = Findings(record, SOURCE, provenance_of({}, source=SOURCE))
    return json.loads(json.dumps(findings.as_dict(), allow_nan=False))


def everything():
    """A set in which there was something of every kind."""
    record = record_of(
        UnseenStarted(1.0, "back", "Turn."), UnseenEnded(2.0, "back", "Turn.", 0.5),
        *fault("too-fast", 7.0, 8.0),
        rep(1, "too-fast", hold_s=0.5, not_judged=("back",), judged={"low-back-arch": 0.2, "too-fast": 1.0},
            measures={"out_s": 1.2, "rom_fraction": math.nan}),
        rep(2, judged={"low-back-arch": 1.0}, hold_s=0.25),
        rep(3, verdict="not-judged", not_judged=("back",), judged={"low-back-arch": 0.0}),
        AttemptEnded(38.0, 36.0, "left", "partial-reach"),
        ReachSuggested(40.0, "low-back-arch", "reach_hip_deg", 130.0, "deg", 2),
    )  # fmt: skip
    record.cues += [Cue(9.0, "form", "dead-bug.too-fast", "Slow as honey.")]
    return record


def test_every_key_of_the_first_schema_is_there():
    data = found(everything())
    assert data["schema"] == "formcheck.analysis/2"
    for place, keys in FIRST.items():
        at = data[place] if place else data
        assert (at[0] if isinstance(at, list) else at).keys() >= keys, place


def test_they_mean_what_they_meant():
    data = found(everything())
    assert data["source"] == SOURCE
    first = data["reps"][0]
    assert (first["index"], first["side"], first["start_s"], first["peak_s"], first["end_s"]) == (
        1,
        "left",
        6.0,
        8.0,
        10.0,
    )
    assert first["faults"] == ["too-fast"]
    assert data["faults"] == [
        {"name": "too-fast", "start_s": 7.0, "end_s": 8.0, "severity": 2, "rep": 1, "magnitude": 0.5, "unit": "deg"}
    ]
    assert data["cues"] == [{"t_s": 9.0, "kind": "form", "name": "too-fast", "text": "Slow as honey."}]
    assert data["unseen"] == [{"start_s": 0.5, "end_s": 2.0, "part": "back", "advice": "Turn."}]
    assert data["attempts"] == [{"start_s": 36.0, "end_s": 38.0, "side": "left", "reason": "partial-reach"}]
    assert data["suggestions"][0]["value"] == 130.0


def test_clean_is_only_what_was_judged():
    data = found(everything())
    assert [r["verdict"] for r in data["reps"]] == ["faulty", "clean", "not-judged"]
    assert [r["not_judged"] for r in data["reps"]] == [["back"], [], ["back"]]
    assert data["reps"][0]["judged"] == {"low-back-arch": 0.2, "too-fast": 1.0}
    summary = data["summary"]
    assert (summary["reps"], summary["clean_reps"], summary["not_judged_reps"], summary["attempts"]) == (3, 1, 1, 1)
    assert summary["judged_share"]["back"] == 0.4
    assert summary["hold_total_s"] == 0.75


def test_what_is_not_a_number_is_null():
    assert found(everything())["reps"][0]["measures"] == {"out_s": 1.2, "rom_fraction": None}


def test_a_fault_outside_every_repetition_belongs_to_none():
    data = found(record_of(*fault("arms-drop", 2.0, 3.0), rep(1)))
    assert [(f["name"], f["rep"]) for f in data["faults"]] == [("arms-drop", None)]


def test_corrections_are_counted_and_listed():
    taken = RepAmended(50.0, of_seq=5, index=3, now=RepState(False, "not-judged", "left", ()), by="desk", why="phone")
    none = FaultAmended(51.0, of_seq=2, name="too-fast", rep=1, was=True, now=False)
    record = everything()
    record.add(replace(event, seq=20 + i) for i, event in enumerate((taken, none)))
    assert record.events[5].index == 2, "the second repetition is the one that is taken back"
    data = found(record)
    assert [r["index"] for r in data["reps"]] == [1, 3]
    assert data["reps"][0]["faults"] == []
    assert data["reps"][0]["verdict"] == "not-judged"
    assert data["faults"] == []
    assert [a["event"] for a in data["amendments"]] == ["RepAmended", "FaultAmended"]
    assert data["amendments"][0]["now"]["is_counted"] is False
    assert data["amendments"][0]["why"] == "phone"


def test_a_run_has_its_metrics_though_nothing_was_seen():
    data = found(record_of(exercise=RUNNING))
    assert {m.name for m in RUNNING.bout.metrics} <= data["metrics"].keys()
    assert found(record_of())["metrics"] == {}


def test_where_it_comes_from_is_written():
    record = record_of(rep(1))
    record.note_view(7.0)
    provenance = found(record)["provenance"]
    expected = {
        "app",
        "models",
        "settings",
        "ways",
        "camera",
        "side_on_deg",
        "started_utc",
        "failed_rules",
        "rate",
        "live",
    }
    assert provenance.keys() == expected
    assert provenance["camera"] == {"width": 1280, "height": 720, "fps": 30.0, "mirrored": False}
    assert provenance["side_on_deg"] == 7.0


def test_a_back_that_was_not_seen_is_listed_whatever_the_exercise_needs():
    assert "back" not in DEAD_BUG.required_parts
    current = Set(DEAD_BUG, is_live=False)
    chain = Chain(current, SetRecord.begin("s-1", DEAD_BUG))
    chain.start()
    for pose, back in film(dead_bug("LR"), 15):
        chain.step(None, seen(current, pose, replace(back, offset_tl=back.offset_tl * math.nan)))
    chain.finish("done")
    data = found(chain.record)
    assert [u["part"] for u in data["unseen"]] == ["back"]
    assert data["unseen"][0]["end_s"] > data["reps"][-1]["end_s"] - 0.1
    assert data["summary"] | {"judged_share": None} == {
        "reps": 2, "clean_reps": 0, "faulty_reps": 0, "not_judged_reps": 2, "attempts": 0,
        "hold_total_s": data["summary"]["hold_total_s"], "judged_share": None,
    }  # fmt: skip
