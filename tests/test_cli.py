"""The commands: exit codes, sentences, files; no traceback, nothing lost."""

import json
import sys

import cv2
import numpy as np
import pytest

from formcheck.cli import consoles
from formcheck.cli.main import main
from formcheck.system.assets import asset
from tests.test_recordings import FOLDER

WITHOUT_CLIP = ("pelvic-tilt", "hip-flexor-stretch", "piriformis-stretch", "running")


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
        *((["demo", name], 4, "There are: bird-dog, dead-bug, glute-bridge.") for name in WITHOUT_CLIP),
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
        ("[dead-bug]\nreach_hip_deg = 120\n".encode("utf-16"), 5, "Save it as UTF-8"),
        (b"a = " + b"[" * 4000, 5, "not valid TOML"),
    ],
    ids=["byte order mark", "large", "long", "utf-16", "deep"],
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
    path.write_bytes(asset("clips", "demo-dead-bug.mp4").read_bytes()[:250_000])
    code, out, err = run(monkeypatch, capfd, "analyze", path, "-e", "dead-bug", "--json", "-")
    assert code == 3
    assert "cut off" in err
    assert json.loads(out)["source"]["frames"] > 30


def test_the_annotated_video_has_the_length_of_the_recording(monkeypatch, capfd, tmp_path):
    short = tmp_path / "short.mp4"
    source = cv2.VideoCapture(str(asset("clips", "demo-dead-bug.mp4")))
    writer = cv2.VideoWriter(str(short), cv2.VideoWriter.fourcc(*"mp4v"), 30.0, (640, 360))
    for _ in range(24):
        writer.write(cv2.resize(source.read()[1], (640, 360)))
    writer.release()
    target = tmp_path / "seen.mp4"
    code, _, _ = run(monkeypatch, capfd, "analyze", short, "-e", "dead-bug", "--annotate", target)
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
