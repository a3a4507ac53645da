"""The accuracy bench: its small recorded set meets floors, and a broken rule moves its figures."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formcheck.session.registry import load_exercises
from tests.lab.bench.clips import Clip, find_clips, judge_stream, watch_clips
from tests.lab.bench.counting import of_holds, of_life, of_reps
from tests.lab.bench.faults import overall, ratio_of, tally_faults
from tests.lab.bench.figures import measure
from tests.lab.bench.keep import SMALL
from tests.lab.bench.match import match_reps
from tests.lab.bench.report import as_json, as_markdown
from tests.lab.bench.seeing import of_covered
from tests.lab.bench.stats import clustered, mean, share, spread, tally
from tests.lab.bench.words import in_words


@pytest.fixture(scope="module")
def small() -> list[Clip]:
    return watch_clips(find_clips(SMALL, "tune"), SMALL, jobs=1)


@pytest.fixture(scope="module")
def figures(small):
    return measure(small)


def judged_by(clips, change):
    """The same clips, judged by exercises that were changed."""
    exercises = load_exercises().exercises
    return [
        replace(clip, found=judge_stream(clip.poses, change(exercises[clip.exercise]), clip.truth)) for clip in clips
    ]


def test_the_small_set_has_what_it_is_for(small):
    assert len({c.exercise for c in small}) >= 3
    assert {c.kind for c in small} == {"good", "plain", "life", "hidden"}
    assert len(small) >= 8


def test_floors_of_the_small_set(figures):
    reps, faults = figures["reps"], figures["faults"]
    assert reps["exact"].value == 1.0
    assert reps["side_right"].value == 1.0
    assert reps["found_in_time"].value == reps["true_in_time"].value == 1.0
    assert faults["plain_recall"].value == 1.0
    assert faults["precision"].value == 1.0
    assert faults["wrong_form_cues_in_good_clips"].value == 0
    assert figures["life"]["life_counts"].value == figures["attempts"]["attempts_counted_as_reps"].value == 0
    assert figures["attempts"]["attempts_told"].value == 1.0
    assert figures["seeing"]["wrong_cues_while_covered"].value == 0
    assert figures["seeing"]["covered_time_told"].value >= 0.9


def test_a_coach_that_counts_every_lowering_twice_is_seen(small):
    def folded(exercise):
        def reach(moment):
            true = exercise.reach(moment)
            return replace(
                true,
                excursion=min(true.excursion, 1.6 - true.excursion),
                rom_fraction=min(2 * true.excursion, 2.4 - 2 * true.excursion),
            )

        return replace(exercise, reach=reach, start=lambda _: (), ends_at_start=False)

    own = [c for c in small if c.exercise == "dead-bug" and c.kind == "good"]
    before, after = of_reps(own), of_reps(judged_by(own, folded))
    assert after["mean_absolute_error"].value > before["mean_absolute_error"].value
    assert after["exact"].value == 0.0


def test_repetitions_cut_in_two_are_seen_in_time_though_the_overlap_is_good(small):
    def twice(clip):
        reps = [half for rep in clip.found["reps"] for half in _halves(rep)]
        return replace(clip, found={**clip.found, "reps": reps})

    broken = of_reps([twice(c) for c in small])
    assert broken["off_by_one"].value == 0.0
    assert broken["true_in_time"].value == pytest.approx(0.5)


def _halves(rep):
    middle = (rep["start_s"] + rep["end_s"]) / 2
    return {**rep, "end_s": middle}, {**rep, "start_s": middle}


def test_an_exercise_that_cannot_measure_a_fault_is_seen(small):
    def deaf(exercise):
        return replace(exercise, faults=tuple(replace(f, measure=lambda *_: 0.0) for f in exercise.faults))

    before = overall(small, tally_faults(small))["plain_recall"].value
    after = overall(judged := judged_by(small, deaf), tally_faults(judged))["plain_recall"].value
    assert after < before - 0.3


def test_the_words_follow_the_figures(small, figures):
    assert "Not good:\n\n- nothing that was measured" in in_words(figures)
    silent = [replace(c, found={**c.found, "faults": []}) for c in small]
    words = in_words(measure(silent))
    assert "Goal missed: plain faults recalled: 0.000" in words
    assert re.search(r"Plain faults that are missed: .*\(0%, n=1\)", words)


def test_a_coach_that_minds_no_hidden_joint_is_seen(small):
    blind = judged_by([c for c in small if c.kind == "hidden"], lambda exercise: replace(exercise, required_parts=()))
    assert of_covered(blind)["covered_time_told"].value < 0.1


def test_sides_that_are_swapped_are_seen(small):
    swap = {"left": "right", "right": "left", None: None}

    def swapped(clip):
        reps = [{**r, "side": swap[r["side"]]} for r in clip.found["reps"]]
        return replace(clip, found={**clip.found, "reps": reps})

    assert of_reps([swapped(c) for c in small])["side_right"].value == 0.0


def test_holds_that_are_a_second_too_long_are_seen(small):
    def slow(clip):
        reps = [{**r, "hold_s": r["hold_s"] + 1.0} for r in clip.found["reps"]]
        return replace(clip, found={**clip.found, "reps": reps})

    before, after = of_holds(small)["hold_bias"], of_holds([slow(c) for c in small])["hold_bias"]
    assert after.value == pytest.approx(before.value + 1.0)


def test_every_part_of_the_page_is_filled(figures, small):
    page = as_markdown(figures, small)
    assert "{{" not in page
    assert "| count exact | ≥ 0.93 | 1.000" in page
    json.dumps(as_json(figures), allow_nan=False)


def test_unknown_exercises_are_skipped_with_a_note(tmp_path, capsys):
    (tmp_path / "x.mp4").touch()
    truth = {"split": "test", "exercise": "headstand", "kind": "good"}
    (tmp_path / "x.truth.json").write_text(json.dumps(truth))
    assert watch_clips(find_clips(tmp_path, "test"), tmp_path, jobs=1) == []
    assert "headstand" in capsys.readouterr().out


def a_clip(kind="plain", true=(), found=(), near=(), **rest):
    truth = {"exercise": "dead-bug", "kind": kind, "fault": "arms-drop", "azimuth_deg": 0.0, "reps": [],
             "attempts": [], "faults": list(true), "near_misses": list(near)}  # fmt: skip
    findings = {"reps": [], "attempts": [], "faults": list(found), "cues": [], "unseen": []}
    return Clip("a.test.plain.b.c", Path(), {**truth, **rest}, findings, Path())


def a_fault(start_s, end_s, name="arms-drop", magnitude=30.0):
    return {"name": name, "start_s": start_s, "end_s": end_s, "magnitude": magnitude, "threshold": 25.0}


def test_calls_are_right_near_or_wrong():
    clip = a_clip(
        true=[a_fault(1, 3), a_fault(20, 22)],
        near=[a_fault(8, 9)],
        found=[a_fault(2, 3), a_fault(8, 9), a_fault(14, 15), a_fault(2, 3, "too-fast")],
    )
    tallies = tally_faults([clip])
    own = tallies["dead-bug", "arms-drop"]
    assert (own.right, own.near, own.wrong) == (1, 1, 1)
    assert tallies["dead-bug", "too-fast"].wrong == 1
    assert own.told["plain"] == [True, False]
    whole = overall([clip], tallies)
    assert whole["precision"].value == pytest.approx(1 / 3)
    assert whole["precision_with_near_misses"].value == pytest.approx(1 / 4)
    assert own.delays_s == [1]


def test_each_true_repetition_is_matched_to_one_found_at_most():
    def rep(start_s, end_s):
        return {"start_s": start_s, "end_s": end_s, "side": "left"}

    clip = a_clip(reps=[rep(0, 4), rep(5, 9)])
    clip.found["reps"] = [rep(0, 4.5), rep(4.6, 5.2), rep(20, 24)]
    assert match_reps(clip) == [(rep(0, 4), rep(0, 4.5))]


def test_counts_while_nobody_exercises_are_added_up():
    life = [a_clip("life"), a_clip("life")]
    life[1].found["reps"] = [{"start_s": 1, "end_s": 2}]
    figures = of_life(life)
    assert figures["life_counts"].value == 1
    assert figures["life_clips_clean"].value == 0.5


@pytest.mark.parametrize(
    ("name", "magnitude", "ratio"), [("arms-drop", 50.0, 2.0), ("short-hold", 12.5, 2.0), ("arms-drop", 20.0, 0.8)]
)
def test_a_fault_of_too_little_grows_as_its_number_falls(name, magnitude, ratio):
    assert ratio_of(a_fault(0, 1, name, magnitude)) == pytest.approx(ratio)


def test_intervals_are_wilsons():
    figure = share(8, 10)
    assert (figure.low, figure.high) == (pytest.approx(0.490, abs=1e-3), pytest.approx(0.943, abs=1e-3))
    assert math.isnan(share(0, 0).value)


def test_an_interval_over_clips_is_wider_than_one_over_frames():
    clips = [np.full(100, value) for value in (0.0, 1.0, 2.0, 3.0)]
    over_clips, over_frames = clustered(clips, mean, "deg"), spread(np.concatenate(clips).tolist(), mean, "deg")
    assert over_clips.value == over_frames.value == 1.5
    assert over_clips.count == 4
    assert over_clips.high - over_clips.low > 4 * (over_frames.high - over_frames.low)


def test_nothing_found_in_three_clips_is_no_proof_of_never():
    assert tally(0, 3, "cues").high == pytest.approx(3.69, abs=0.05)
    assert clustered([np.zeros(50)] * 3, mean, "share").high > 0.5
