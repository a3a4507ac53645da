"""The commands: exit codes, sentences, files; no traceback, nothing lost."""

import json
import os
import re
import resource
import shutil
import signal
import sys

import cv2
import numpy as np
import pytest

from formcheck.app.app import App
from formcheck.cli import consoles, results
from formcheck.cli.main import main
from formcheck.cli.progress import ProgressBar
from formcheck.pipeline.recorded import analyse
from formcheck.pipeline.writers import PoseFile
from formcheck.pose.recording import Recording
from formcheck.session.registry import load_exercises
from formcheck.session.session_record import SessionRecord
from formcheck.system.assets import asset
from formcheck.system.errors import SourceError
from tests.test_recordings import FOLDER

WHOLE = tuple(Recording(FOLDER / "dead-bug.npz"))


def run(monkeypatch, capfd, *arguments):
    """Exit code, standard output, standard error of a command line."""
    monkeypatch.setattr(sys, "argv", ["formcheck", *map(str, arguments)])
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    monkeypatch.setattr(consoles.out, "width", 120)
    code = 0
    try:
        main()
    except SystemExit as done:
        code = int(done.code or 0)
    out, err = capfd.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["run", "squat"], 4, "no exercise 'squat'"),
        (["run", "dead-bug", "--source", "nope.mp4"], 3, "no file or folder nope.mp4"),
        (["run", "dead-bug", "--settings", "nope.toml"], 5, "nope.toml can't be read"),
        (["run", "dead-bug", "--reps", "0"], 2, "greater than or equal to 1"),
        (["analyze", "nope.mp4", "-e", "dead-bug"], 3, "no file or folder nope.mp4"),
        (["analyze", "0", "-e", "dead-bug"], 3, "takes a recording"),
        (["analyze", FOLDER / "dead-bug.npz", "-e", "squat"], 4, "no exercise 'squat'"),
        (["analyze", FOLDER / "dead-bug.npz", "-e", "dead-bug", "--json", "/nowhere/x.json"], 1, "can't be written"),
        (["analyze", FOLDER / "dead-bug.npz", "-e", "dead-bug", "--annotate", "/nowhere/x.mp4"], 1, "can't be written"),
        (["session", "nope"], 5, "There is no program 'nope'"),
        (["session", "--source", "nope.mp4", "--json", "/nowhere/x.json"], 1, "can't be written"),
        (["demo", "squat"], 4, "no exercise 'squat'"),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, list) else None,
)
def test_what_goes_wrong_is_one_sentence_and_an_exit_code(monkeypatch, capfd, arguments, code, says):
    got, _, err = run(monkeypatch, capfd, *arguments)
    assert got == code
    assert says in err
    assert "Traceback" not in err


def test_analyze_writes_the_contract(monkeypatch, capfd, tmp_path):
    target, events = tmp_path / "out.json", tmp_path / "events.jsonl"
    code, out, _ = run(
        monkeypatch, capfd, "analyze", FOLDER / "dead-bug.npz", "-e", "dead-bug", "--json", target, "--events", events
    )
    assert code == 0
    assert "6 repetitions" in out
    data = json.loads(target.read_text())
    assert data["schema"] == "formcheck.analysis/2"
    assert {"summary", "suggestions", "amendments", "provenance"} <= data.keys()
    assert data["reps"][0].keys() >= {"index", "faults", "measures", "verdict", "not_judged", "judged"}
    assert [r["index"] for r in data["reps"]] == [1, 2, 3, 4, 5, 6]
    assert [(f["name"], f["rep"]) for f in data["faults"]] == [("low-back-arch", 3), ("too-fast", 5)]
    assert ("low-back-arch", "form") in [(c["name"], c["kind"]) for c in data["cues"]]
    assert all(json.loads(line)["event"] for line in events.read_text().splitlines())


def test_the_tables_say_what_was_judged(monkeypatch, capfd, tmp_path):
    _, out, _ = run(monkeypatch, capfd, "analyze", FOLDER / "dead-bug.npz", "-e", "dead-bug")
    assert "6 repetitions: 4 clean · 2 with a fault; 0 attempts that did not count" in " ".join(out.split())
    assert "with a fault" in next(line for line in out.splitlines() if "low-back-arch" in line)
    strict = tmp_path / "strict.toml"
    strict.write_text("[glute-bridge]\nback_sd_max_deg = 3\n")
    _, out, _ = run(
        monkeypatch, capfd, "analyze", FOLDER / "glute-bridge.npz", "-e", "glute-bridge", "--settings", strict
    )
    assert "1 with a fault · 2 I could not judge; 1 attempt that did not count" in " ".join(out.split())
    assert "…" not in out, "no name is cut off"
    assert "short-hold, back" in next(line for line in out.splitlines() if "short-hold" in line)
    assert "Hips too low" in out, "the reason of an attempt, in words"


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (b"\xef\xbb\xbf[dead-bug]\nreach_hip_deg = 120\n", 0, ""),
        (b"[dead-bug]\nreach_hip_deg = " + b"9" * 190, 5, "reach_hip_deg = 1e+190 makes no sense"),
        (b"[dead-bug]\nreach_hip_deg = " + b"9" * 6000, 5, "line 2: this number is far too long"),
        (b"[dead-bug]\nreach_hip_deg = 0x" + b"F" * 400, 5, "line 2: this number is far too long"),
        (b"[dead-bug]\nreach_hip_deg = " + b"9_" * 5000 + b"9", 5, "line 2: this number is far too long"),
        (b"# " + b"1" * 5000 + b"\n[dead-bug]\nreach_hip_deg = 120\n", 0, ""),
        ("[dead-bug]\nreach_hip_deg = 120\n".encode("utf-16"), 5, "is UTF-16, not UTF-8 text. Save it as UTF-8"),
        ("[dead-bug]\n# für\n".encode("latin-1"), 5, "is not UTF-8 text. Save it as UTF-8"),
        ("[dead-bug]\n".encode("utf-16-be"), 5, "is UTF-16, not UTF-8 text"),
        (b"a = " + b"[" * 4000, 5, "not valid TOML: it is nested far too deeply"),
        (
            b"[dead-bug]\nreach_hip_deg = " + b"[" * 200 + b"]" * 200,
            5,
            "must be a number in deg, not [[[[[[[...]]]]]]].",
        ),
        (b"[dead-bug]\n'reach_hip_deg' = 999\n", 5, "line 2: reach_hip_deg = 999 makes no sense"),
        (b"#" * (1 << 20) + b"\n", 5, "far too large for a file of settings"),
    ],
    ids=[
        "byte order mark",
        "large",
        "long",
        "hexadecimal",
        "underscores",
        "long comment",
        "utf-16",
        "latin-1",
        "utf-16 without mark",
        "deep",
        "deep value",
        "quoted",
        "huge",
    ],
)
def test_a_settings_file_is_read_or_told_in_one_sentence(monkeypatch, capfd, tmp_path, content, code, says):
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    clip = FOLDER / "dead-bug.npz"
    got, _, err = run(monkeypatch, capfd, "analyze", clip, "-e", "dead-bug", "--settings", path, "--json", "-")
    assert got == code
    assert says in err
    assert "Traceback" not in err


def test_findings_go_to_standard_output_and_nothing_else_does(monkeypatch, capfd):
    code, out, _ = run(monkeypatch, capfd, "analyze", FOLDER / "bird-dog.npz", "-e", "bird-dog", "--json", "-")
    assert code == 0
    assert json.loads(out)["summary"]["reps"] == 4


def test_a_setting_changes_what_counts(monkeypatch, capfd, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("[dead-bug]\nreach_hip_deg = 175\nreach_knee_deg = 175\n")
    _, out, _ = run(
        monkeypatch, capfd, "analyze", FOLDER / "dead-bug.npz", "-e", "dead-bug", "--settings", path, "--json", "-"
    )
    assert json.loads(out)["summary"]["reps"] == 0


def test_a_video_without_a_person_is_a_result_with_an_unseen_span(monkeypatch, capfd, tmp_path):
    path = tmp_path / "empty.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 15.0, (322, 241))
    for _ in range(30):
        writer.write(np.full((241, 322, 3), 90, np.uint8))
    writer.release()
    code, out, _ = run(monkeypatch, capfd, "analyze", path, "-e", "dead-bug", "--json", "-")
    data = json.loads(out)
    assert code == 0
    assert data["reps"] == []
    assert [u["part"] for u in data["unseen"]] == ["body"]


def test_a_cut_off_video_is_judged_as_far_as_it_goes_and_said_to_be_cut(monkeypatch, capfd, tmp_path):
    path = tmp_path / "cut.mp4"
    path.write_bytes(asset("clips", "demo-dead-bug.mp4").read_bytes()[:60_000])
    code, out, err = run(monkeypatch, capfd, "analyze", path, "-e", "dead-bug", "--json", "-")
    assert code == 3
    assert "cut off" in err
    assert json.loads(out)["source"]["frames"] > 30


@pytest.fixture(scope="module")
def short_clip(tmp_path_factory):
    """The first 24 pictures of a demo clip."""
    short = tmp_path_factory.mktemp("clip") / "short.mp4"
    source = cv2.VideoCapture(str(asset("clips", "demo-dead-bug.mp4")))
    writer = cv2.VideoWriter(str(short), cv2.VideoWriter.fourcc(*"mp4v"), 30.0, (640, 360))
    for _ in range(24):
        writer.write(cv2.resize(source.read()[1], (640, 360)))
    writer.release()
    return short


def test_the_annotated_video_has_the_length_of_the_recording(monkeypatch, capfd, tmp_path, short_clip):
    target = tmp_path / "seen.mp4"
    code, _, _ = run(monkeypatch, capfd, "analyze", short_clip, "-e", "dead-bug", "--annotate", target)
    seen = cv2.VideoCapture(str(target))
    assert code == 0
    assert (seen.get(cv2.CAP_PROP_FRAME_WIDTH), seen.get(cv2.CAP_PROP_FRAME_HEIGHT)) == (1280, 720)
    assert seen.get(cv2.CAP_PROP_FRAME_COUNT) == 24


@pytest.mark.parametrize(
    ("arguments", "shows"),
    [
        (["exercises"], "glute-bridge"),
        (["exercises", "bird-dog"], "What it checks"),
        (["cameras"], ""),
        (["--version"], "0.1.0"),
        (["--help"], "Exit codes"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_the_small_commands_answer(monkeypatch, capfd, arguments, shows):
    code, out, _ = run(monkeypatch, capfd, *arguments)
    assert code == 0
    assert shows in out


def test_how_an_exercise_is_done_is_written_to_a_file(monkeypatch, capfd, tmp_path):
    target = tmp_path / "reach.webp"
    code, out, _ = run(monkeypatch, capfd, "exercises", "dead-bug", "--to", target, "--fault", "too-fast")
    assert code == 0
    assert str(target.name) in out
    assert cv2.imread(str(target)).shape[:2] == (300, 960)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["dead-bug", "--to", "film.mp4"], "ends in"),
        (["dead-bug", "--to", "film.webp", "--fault", "dancing"], "It shows: low-back-arch"),
    ],
)
def test_what_can_t_be_written_as_a_film_is_said_in_a_sentence(monkeypatch, capfd, tmp_path, arguments, says):
    monkeypatch.chdir(tmp_path)
    code, _, err = run(monkeypatch, capfd, "exercises", *arguments)
    assert code == 1
    assert says in " ".join(err.split())


LIMIT = 6000
"""Bytes that a file may have in the tests of a full disk: the findings fit, events and poses do not."""


@pytest.fixture
def nearly_full_disk():
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("nearly_full_disk")
def test_on_a_full_disk_the_others_are_written_and_nothing_half(monkeypatch, capfd, tmp_path):
    files = [tmp_path / name for name in ("out.json", "events.jsonl", "poses.npz")]
    files[2].write_text("of yesterday")
    options = [item for pair in zip(("--json", "--events", "--poses"), files, strict=True) for item in pair]
    code, out, err = run(monkeypatch, capfd, "analyze", FOLDER / "dead-bug.npz", "-e", "dead-bug", *options)
    assert code == 1
    assert json.loads(files[0].read_text())["summary"]["reps"] == 6
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.json", "poses.npz"]
    assert files[2].read_text() == "of yesterday"
    for path in files[1:]:
        assert f"The disk is full: {path} was not written." in err
    assert "6 repetitions" in out


@pytest.mark.usefixtures("short_clip", "nearly_full_disk")
def test_a_video_that_does_not_fit_leaves_no_half_one(monkeypatch, capfd, tmp_path, short_clip):
    code, _, err = run(
        monkeypatch, capfd, "analyze", short_clip, "-e", "dead-bug", "--annotate", tmp_path / "seen.mp4", "--json",
        tmp_path / "out.json",
    )  # fmt: skip
    assert code == 1
    assert f"The disk is full: {tmp_path / 'seen.mp4'} was not written." in err
    assert [p.name for p in tmp_path.iterdir()] == ["out.json"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_in_order_and_what_was_judged_is_written_and_marked(monkeypatch, capfd, tmp_path, number):
    def advance(_bar, _frame, tracked, _update):
        if tracked.t_s > 14.0:
            signal.raise_signal(number)
            monkeypatch.undo()

    monkeypatch.setattr(ProgressBar, "on_frame", advance)
    target, events, poses = tmp_path / "out.json", tmp_path / "events.jsonl", tmp_path / "p.dat"
    before = signal.getsignal(number)
    code, _, err = run(
        monkeypatch, capfd, "analyze", FOLDER / "dead-bug.npz", "-e", "dead-bug", "--json", target, "--events", events,
        "--poses", poses,
    )  # fmt: skip
    assert code == 128 + number
    assert re.search(r"Stopped at 14\.[01] s of the recording", err)
    data = json.loads(target.read_text())
    assert data["outcome"] == "interrupted"
    assert [r["index"] for r in data["reps"]] == [1, 2]
    assert json.loads(events.read_text().splitlines()[-1])["t_s"] <= 14.1
    assert list(Recording(poses))[-1][0].t_s == pytest.approx(14.0, abs=0.1)
    assert len(list(tmp_path.iterdir())) == 3
    assert signal.getsignal(number) is before


def test_what_is_known_of_a_video_that_was_stopped_is_that_of_what_was_judged(tmp_path, short_clip):
    asked, poses = iter([False] * 9), tmp_path / "poses.npz"
    exercise, observers = load_exercises().get("dead-bug"), [PoseFile(poses)]
    found = analyse(str(short_clip), exercise, observers=observers, is_stopped=lambda: next(asked, True))
    assert found.is_stopped
    assert found.end_s == pytest.approx(0.3)
    source = found.findings.as_dict()["source"]
    assert (source["frames"], source["fps"]) == (10, 30.0)
    assert source["duration_s"] == pytest.approx(10 / 30, abs=0.01)
    assert Recording(poses).source == {**source, "exercise": "dead-bug"}


def test_a_second_stop_is_obeyed_at_once_and_leaves_nothing_half(monkeypatch, capfd, tmp_path):
    def advance(*_):
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(ProgressBar, "on_frame", advance)
    code, _, _ = run(
        monkeypatch, capfd, "analyze", FOLDER / "dead-bug.npz", "-e", "dead-bug", "--json", tmp_path / "out.json",
        "--poses", tmp_path / "poses.npz",
    )  # fmt: skip
    assert code == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []


def test_what_breaks_in_the_midst_loses_nothing_of_before(monkeypatch, capfd, tmp_path):
    def steps(_):
        yield from list(WHOLE)[:200]
        raise SourceError("the stick was pulled out.")

    with monkeypatch.context() as patch:
        patch.setattr(Recording, "__iter__", steps)
        code, _, err = run(
            monkeypatch, capfd, "analyze", FOLDER / "dead-bug.npz", "-e", "dead-bug", "--json", tmp_path / "out.json",
            "--poses", tmp_path / "poses.npz",
        )  # fmt: skip
    assert code == 3
    assert "the stick was pulled out." in err
    data = json.loads((tmp_path / "out.json").read_text())
    assert (data["outcome"], data["summary"]["reps"]) == ("interrupted", 2)
    assert len(Recording(tmp_path / "poses.npz")) == 200


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_a_session_that_a_signal_ends_is_written(monkeypatch, capfd, tmp_path, signal_number):
    def lead(app, *_):
        app.session = SessionRecord.begin("id", None)
        signal.raise_signal(signal_number)

    monkeypatch.setattr(App, "run", lead)
    before = signal.getsignal(signal.SIGTERM)
    code, _, _ = run(monkeypatch, capfd, "run", "dead-bug", "--json", tmp_path / "out.json")
    assert code == 128 + signal_number
    assert json.loads((tmp_path / "out.json").read_text())["schema"].startswith("formcheck.session/")
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("option", ["--json", "--events", "--poses"])
def test_a_result_over_its_own_input_is_refused_before_the_work(monkeypatch, capfd, tmp_path, option):
    clip = tmp_path / "mine.npz"
    shutil.copy(FOLDER / "dead-bug.npz", clip)
    before = clip.read_bytes()
    code, out, err = run(monkeypatch, capfd, "analyze", clip, "-e", "dead-bug", option, clip)
    assert (code, out) == (1, "")
    assert "would overwrite a file that is read" in err
    assert clip.read_bytes() == before


@pytest.mark.parametrize("command", [["run", "dead-bug", "--settings"], ["session"]])
def test_a_result_over_settings_or_program_is_refused(monkeypatch, capfd, tmp_path, command):
    mine = tmp_path / "mine.toml"
    mine.write_text("[dead-bug]\n")
    code, _, err = run(monkeypatch, capfd, *command, mine, "--json", mine, "--source", "nope.mp4")
    assert code == 1
    assert "would overwrite a file that is read" in err
    assert mine.read_text() == "[dead-bug]\n"


@pytest.mark.parametrize("name", ["shots/01.png", "own.task", "assets/models/full.task", "assets/clips/demo.mp4"])
def test_a_result_over_a_picture_of_the_folder_a_model_or_what_ships_is_refused(monkeypatch, capfd, tmp_path, name):
    result = tmp_path / name
    result.parent.mkdir(parents=True, exist_ok=True)
    result.write_bytes(b"mine")
    (tmp_path / "shots").mkdir(exist_ok=True)
    monkeypatch.setattr(results, "asset", tmp_path.joinpath("assets").joinpath)
    options = ["--model", tmp_path / "own.task", "--json", result]
    code, _, err = run(monkeypatch, capfd, "analyze", tmp_path / "shots", "-e", "dead-bug", *options)
    assert code == 1
    assert "would overwrite a file that is read" in err
    assert result.read_bytes() == b"mine"


def test_a_pose_stream_has_nothing_to_draw_on(monkeypatch, capfd, tmp_path):
    code, _, err = run(
        monkeypatch, capfd, "analyze", FOLDER / "dead-bug.npz", "-e", "dead-bug", "--annotate", tmp_path / "seen.mp4"
    )
    assert code == 1
    assert "holds no pictures to draw on" in err
    assert list(tmp_path.iterdir()) == []


def test_names_that_are_no_utf_8_work_on_both_sides(monkeypatch, capfd, tmp_path):
    clip = tmp_path / os.fsdecode(b"cl\xffp.npz")
    shutil.copy(FOLDER / "bird-dog.npz", clip)
    target, events = (tmp_path / os.fsdecode(name) for name in (b"out\xfe.json", b"ev\xfe.jsonl"))
    code, _, _ = run(monkeypatch, capfd, "analyze", clip, "-e", "bird-dog", "--json", target, "--events", events)
    assert code == 0
    assert json.loads(target.read_bytes().decode())["source"]["path"].endswith("cl\ufffdp.npz")
    assert len(events.read_bytes().decode().splitlines()) > 10
    code, out, _ = run(monkeypatch, capfd, "analyze", clip, "-e", "bird-dog", "--json", "-")
    assert json.loads(out)["summary"]["reps"] == 4
