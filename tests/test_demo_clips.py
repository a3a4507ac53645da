"""The demo clips through the whole chain, decoder and tracker included, against their rendered truth."""

import json

import pytest

from formcheck.pipeline.recorded import analyse
from formcheck.session.registry import load_exercises
from formcheck.system.assets import asset

NOT_COUNTED = {"too-low"}
"""The truth file lists a repetition of too small a range as one with this fault; the coach calls it an attempt."""


@pytest.mark.parametrize("name", ["dead-bug", "bird-dog", "glute-bridge", "pelvic-tilt"])
def test_repetitions_sides_and_faults_are_those_of_the_truth(name):
    truth = json.loads(asset("clips", f"demo-{name}.truth.json").read_text())
    analysis = analyse(str(asset("clips", f"demo-{name}.mp4")), load_exercises().get(name))
    found = analysis.findings.as_dict()
    assert analysis.warning == ""
    counted = [r for r in truth["reps"] if not NOT_COUNTED & set(r["faults"])]
    assert [(r["side"], r["faults"]) for r in found["reps"]] == [(r["side"], r["faults"]) for r in counted]
    failed = [r["faults"][0] for r in truth["reps"] if r not in counted] + [a["reason"] for a in truth["attempts"]]
    assert [a["reason"] for a in found["attempts"]] == failed
    for ours, true in zip(found["reps"], counted, strict=True):
        assert true["start_s"] - 0.2 <= ours["start_s"] <= ours["peak_s"] <= ours["end_s"] <= true["end_s"] + 0.5
        assert ours["hold_s"] == pytest.approx(true["hold_s"], abs=0.25)
    assert found["source"]["frames"] == truth["source"]["frames"]
    assert found["source"]["duration_s"] == pytest.approx(truth["source"]["duration_s"], abs=0.1)


@pytest.mark.parametrize(
    ("name", "too_slow"), [("hip-flexor-stretch", {"bouncing": "rate"}), ("piriformis-stretch", {})]
)
def test_stretches_are_timed_and_their_faults_are_those_of_the_truth(name, too_slow):
    """Its clock stands still while the trunk is out of order, so only a good one is timed against the truth. Both clips
    have ten pictures a second: whether hips bounce can't be told from so few."""
    truth = json.loads(asset("clips", f"demo-{name}.truth.json").read_text())
    found = analyse(str(asset("clips", f"demo-{name}.mp4")), load_exercises().get(name)).findings.as_dict()
    assert [(r["side"], r["faults"]) for r in found["reps"]] == [(r["side"], r["faults"]) for r in truth["reps"]]
    assert found["attempts"] == []
    for ours, true in zip(found["reps"], truth["reps"], strict=True):
        # The seated stretch begins with its lean, when the leg is crossed.
        assert true["start_s"] - 0.5 <= ours["start_s"] < ours["peak_s"] < ours["end_s"] <= true["end_s"] + 0.5
    assert found["reps"][0]["why_not_judged"] == too_slow
    assert found["reps"][0]["verdict"] == ("not-judged" if too_slow else "clean")
    assert found["reps"][0]["hold_s"] == pytest.approx(truth["reps"][0]["hold_s"], abs=0.5)


def test_the_run_is_measured_as_it_was_rendered():
    truth = json.loads(asset("clips", "demo-running.truth.json").read_text())
    found = analyse(str(asset("clips", "demo-running.mp4")), load_exercises().get("running")).findings.as_dict()
    assert [f["name"] for f in found["faults"]] == [f["name"] for f in truth["faults"]] == ["low-cadence"]
    details, (bout,) = found["metrics"]["details"], truth["bouts"]
    assert details["cadence_spm"]["value"] == pytest.approx(truth["metrics"]["cadence_spm"], abs=2.0)
    assert found["metrics"]["duration_s"] == pytest.approx(bout["end_s"] - bout["start_s"], abs=1.0)
    assert found["source"]["frames"] == truth["source"]["frames"]


def test_each_exercise_has_its_clip_and_the_wheel_stays_small():
    clips = {path.stem.removeprefix("demo-"): path.stat().st_size for path in asset("clips").glob("demo-*.mp4")}
    assert clips.keys() == load_exercises().exercises.keys()
    assert max(clips.values()) < 1_500_000
