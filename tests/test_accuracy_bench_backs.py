"""The bench of the back: made-up outlines with known errors, each of which must move its own figure."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formcheck.core.body.back import LUMBAR, STATIONS
from formcheck.core.body.pose import Joint
from tests.lab.bench import arches, backs, readers, ways
from tests.lab.bench.clips import SHIPPED, Clip, find_clips, watch_clips
from tests.lab.bench.contours import contour_errors_mm, crossings
from tests.lab.bench.counting import of_reps
from tests.lab.bench.keep import SMALL
from tests.lab.bench.readers import find_ways, load, modules_behind, name_code

FPS, SECONDS = 10, 12.0
TORSO_PX, TORSO_MM = 250.0, 500.0
TIMES = np.arange(0.0, SECONDS, 1 / FPS)
SD_TL = 0.004


def hollows(change_mm):
    """A back whose hollow changes by so much from 4 to 8 s; (frames, 17) offsets in torso lengths."""
    offset = np.full((len(TIMES), len(STATIONS)), 0.2, np.float32)
    inside = (TIMES >= 4) & (TIMES <= 8)
    offset[np.ix_(inside, LUMBAR)] -= change_mm / TORSO_MM
    return offset


def as_px(offset_tl):
    """Contours in the picture: the hip at (100, 200), the shoulder to the right of it, the back below."""
    x = np.broadcast_to(100 + np.array(STATIONS) * TORSO_PX, offset_tl.shape)
    return np.stack([x, 200 + offset_tl * TORSO_PX], axis=-1)


def a_reading(offset_tl, sd_tl=SD_TL):
    return {"offset_tl": offset_tl, "sd_tl": np.full_like(offset_tl, sd_tl), "contour_px": as_px(offset_tl),
            "unknown": np.full(len(offset_tl), "", dtype="<U20")}  # fmt: skip


@pytest.fixture
def a_clip(tmp_path):
    """Makes clips of one repetition with a true and a found change of the hollow."""
    made = []

    def make(true_mm=20.0, found_mm=None, told=True, put="low-back-arch", noise_tl=0.0, **others):
        name = f"dead-bug.test.plain.made.{len(made)}"
        rng = np.random.default_rng(len(made))
        true = hollows(true_mm)
        joints = np.broadcast_to([[100, 200], [100, 200], [350, 200], [350, 200]], (len(TIMES), 4, 2))
        np.savez(tmp_path / f"{name}.frames.npz", t_s=TIMES, torso_mm=np.full(len(TIMES), TORSO_MM),
                 cloth_back_offset_t=true, cloth_back_px=as_px(true), joints_px=joints,
                 lumbar_gap_mm=8 - true[:, LUMBAR[0]] * TORSO_MM,
                 joint_names=["hip_left", "hip_right", "shoulder_left", "shoulder_right"])  # fmt: skip
        xy = np.zeros((len(TIMES), 33, 2), np.float32) + np.array([225.0, 100.0])
        for side in ("LEFT", "RIGHT"):
            xy[:, Joint[f"{side}_HIP"]], xy[:, Joint[f"{side}_SHOULDER"]] = (100, 200), (350, 200)
        found = hollows(true_mm if found_mm is None else found_mm) + rng.normal(0, noise_tl, true.shape)
        read = a_reading(found.astype(np.float32))
        filed = {"offset_t": read.pop("offset_tl"), "sd_t": read.pop("sd_tl"), **read}
        np.savez(tmp_path / f"{name}.npz", t_s=TIMES, xy_px=xy, **filed)
        offset = {f"{way}/{field}": v for way, read in others.items() for field, v in read.items()}
        np.savez(tmp_path / f"{name}.ways.npz", **offset)
        span = {"start_s": 4.0, "end_s": 8.0}
        rep = {**span, "index": 1, "side": "left", "faults": [put] if put else []}
        fault = {**span, "name": "low-back-arch", "rep": 1, "magnitude": 20.0, "threshold": 12.0}
        truth = {"exercise": "dead-bug", "kind": "plain", "azimuth_deg": 0.0, "near_side": "left", "reps": [rep],
                 "faults": [fault] if put else [], "near_misses": [], "figure": {"name": "x"}}  # fmt: skip
        calls = {"reps": [rep], "faults": [fault] if told else []}
        made.append(Clip(name, tmp_path, truth, calls, tmp_path / f"{name}.npz", tmp_path / f"{name}.ways.npz"))
        return made[-1]

    return make


def test_a_perfect_reading_has_no_error(a_clip):
    figures = backs.figures([a_clip(), a_clip(-15.0)])
    assert figures["contour_error_p95"].value == pytest.approx(0.0, abs=0.01)
    assert figures["change_rmse"].value < 1.5  # the median over time rounds the edges of a step
    assert figures["sign_right"].value == figures["large_changes_judged"].value == 1.0
    assert figures["hip_to_shoulder"].value == TORSO_PX


def test_a_change_that_is_read_the_wrong_way_round_is_seen(a_clip):
    figures = backs.figures([a_clip(20.0, found_mm=-20.0)])
    assert figures["sign_right"].value < 0.1
    assert figures["change_rmse"].value > 15.0


def test_errors_are_scaled_to_the_size_at_which_the_goal_is_set(a_clip):
    figures = backs.figures([a_clip(20.0, found_mm=12.0)])
    assert figures["change_rmse_at_250_px"].value == pytest.approx(figures["change_rmse"].value)


def test_a_contour_that_lies_a_centimetre_off_is_seen(a_clip):
    clip = a_clip(true_mm=0.0)
    clip.stream["contour_px"] = clip.stream["contour_px"] + [0.0, 5.0]
    assert np.median(contour_errors_mm(clip)) == pytest.approx(10.0)


def test_a_back_that_is_not_known_counts_against_coverage(a_clip):
    clip = a_clip()
    clip.stream["offset_tl"][40:80] = np.nan
    clip.stream["unknown"][40:80] = "arm-in-front"
    figures = backs.figures([clip])
    assert figures["large_changes_judged"].value < 0.1
    assert 0.6 < figures["frames_known"].value < 0.7


@pytest.mark.parametrize(("claimed", "low", "high"), [(0.004, 0.86, 0.94), (0.001, 0.0, 0.5), (0.05, 0.99, 1.0)])
def test_intervals_that_are_too_narrow_or_too_wide_are_seen(a_clip, claimed, low, high):
    clips = [a_clip(noise_tl=0.004) for _ in range(4)]
    for clip in clips:
        clip.stream["sd_tl"][:] = claimed
    assert low <= backs.calibration(clips)["contour_held"].value <= high


def test_points_are_led_to_the_line_along_one_direction():
    line = np.array([[0.0, 3.0], [2.0, 3.0], [3.0, 9.0]])
    found = crossings(np.array([[1.0, 1.0], [1.0, 5.0], [5.0, 0.0]]), np.array([0.0, 2.0]), line)
    assert found[:2] == pytest.approx([1.0, -1.0])
    assert np.isnan(found[2])


def test_a_way_that_reads_worse_is_worse_in_the_table(a_clip):
    clips = [a_clip(change, better=a_reading(hollows(change)), blind=a_reading(hollows(0.0))) for change in (20, 25)]
    rows = {row["way"]: row for row in ways.tables(clips)["by_exercise"]}
    assert list(rows) == [SHIPPED, "better", "blind", *ways.ANGLES]
    assert rows["blind"]["change_rmse"].value > 10.0 > 2.0 > rows["better"]["change_rmse"].value
    assert rows["blind"]["sign_right"].value < 0.2 < rows["better"]["sign_right"].value
    assert rows["blind"]["contour_error_median"].value >= rows["better"]["contour_error_median"].value


def test_an_angle_that_says_nothing_misses_the_whole_change(a_clip):
    row = next(r for r in ways.tables([a_clip(20.0)])["by_exercise"] if r["way"] == "trunk pitch")
    assert row["change_rmse_where_large"].value == pytest.approx(20.0, abs=0.1)


def test_an_angle_is_scaled_by_its_best_fit():
    assert ways.fit_scale([np.array([1.0, 2.0, np.nan])], [np.array([3.0, 6.0, 1.0])]) == pytest.approx(3.0)
    assert ways.fit_scale([np.zeros(3)], [np.ones(3)]) == 0.0


def test_arches_missed_and_good_backs_blamed_are_seen(a_clip):
    told, missed = a_clip(), a_clip(told=False)
    good, blamed = a_clip(0.0, told=False, put=""), a_clip(0.0, told=True, put="")
    figures = arches.figures([told, missed, good, blamed, good])
    assert figures["arches_told"].value == figures["arches_told_by_hollow"].value == 0.5
    false = figures["false_in_200_good_reps"]
    assert (false.value, false.count) == (pytest.approx(200 / 3), 3)
    assert false.low < false.value < false.high <= 200


def test_small_arches_and_oblique_views_are_no_goal_but_blame_counts_everywhere(a_clip):
    small, oblique = a_clip(10.0, told=False), a_clip(0.0, told=True, put="")
    oblique = replace(oblique, truth={**oblique.truth, "azimuth_deg": 40.0})
    figures = arches.figures([small, oblique])
    assert figures["arches_told"].count == 0
    assert figures["false_in_200_good_reps"].value == 200
    assert list(arches.by_size([small])["dead-bug"]) == ["8-12 mm"]


def test_code_behind_a_stream_names_it(monkeypatch, tmp_path):
    names = {path.stem for path in modules_behind(["watcher"])}
    assert {"watcher", "tracker", "contour", "evidence"} <= names
    assert not {"recording", "worker"} & names
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text("from formcheck.pose.two import x\n" if name == "one" else "")
    monkeypatch.setattr(readers, "POSE_ROOM", tmp_path)
    before = name_code(["one"])
    (tmp_path / "two.py").write_text("x = 1\n")
    assert name_code(["one"]) != before


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """The one video of the small set, watched: what it is kept in, and the clip."""
    folder = tmp_path_factory.mktemp("watched")
    return folder, watch_clips(find_clips(SMALL.with_name("video"), "tune"), folder, jobs=1)


def test_a_clip_is_watched_once_and_replayed_after_that(watched):
    folder, clips = watched
    kept = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    again = watch_clips(find_clips(SMALL.with_name("video"), "tune"), folder, jobs=1)
    assert len(clips) == 1
    assert len(kept) == 2  # the pose stream, and what other ways read of the back
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == kept
    assert {**again[0].found, "source": None} == {**clips[0].found, "source": None}
    assert of_reps(clips)["exact"].value == 1.0


def test_every_way_reads_the_frames_that_formcheck_sees(watched):
    _, (clip,) = watched
    assert clip.readings is not None
    assert set(load(clip.readings)) == set(find_ways()) >= {"mask edge"}
    for read in clip.ways.values():
        assert len(read["offset_tl"]) == len(clip.stream["t_s"])
        assert (read["unknown"] == "arm-in-front").mean() > 0.8, "in this bridge the arms lie alongside"


def test_a_way_whose_program_is_not_there_is_left_out(monkeypatch):
    def nowhere():
        raise ImportError

    monkeypatch.setitem(readers.READERS, "nowhere", nowhere)
    assert "nowhere" not in find_ways()


def test_a_clip_without_the_readings_of_others_is_judged_all_the_same(a_clip):
    clip = replace(a_clip(), readings=None)
    assert list(clip.ways) == [SHIPPED]
    assert {row["way"] for row in ways.tables([clip])["by_exercise"]} == {SHIPPED, *ways.ANGLES}


def test_files_of_the_small_set_have_no_frames_of_the_back():
    clips = watch_clips(find_clips(SMALL, "tune")[:1], Path(SMALL), jobs=1)
    assert not backs.usable(clips)
    json.dumps({k: v.as_dict() for k, v in arches.figures(clips).items()})
