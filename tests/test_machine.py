"""What a machine can bear: measured once, kept on it, and told by the doctor."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import platformdirs
import pytest

from formcheck.pipeline.pace import PaceState
from formcheck.pipeline.speed import Parts, choose, demo_clip, effort_of
from formcheck.pipeline.speed_check import speed_check
from formcheck.pose.delegate import try_gpu
from formcheck.pose.effort import Effort
from formcheck.session.registry import load_exercises
from formcheck.system.machine import MachineChoice, choice_path, keep_choice, kept_choice

EXERCISES = list(load_exercises().exercises.values())
CHOICE = MachineChoice("lite", 640, 17.5)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's settings folder, empty."""
    monkeypatch.setattr(platformdirs, "user_config_path", lambda app, **_: tmp_path / "config" / app)
    return tmp_path / "config" / "formcheck"


# -- what is kept ----


def test_what_was_chosen_is_kept(folder: Path) -> None:
    assert kept_choice() is None
    assert keep_choice(CHOICE)
    assert kept_choice() == CHOICE
    assert [path.name for path in folder.iterdir()] == ["machine.json"], "nothing half is left beside it"


def test_nothing_of_a_person_or_a_place_is_in_it() -> None:
    keep_choice(CHOICE)
    data = json.loads(choice_path().read_text())
    assert set(data) == {"schema", "app", "processor", "cores", "model", "longest_px", "poses_fps"}
    assert str(Path.home()) not in choice_path().read_text()


@pytest.mark.parametrize(
    "change", [{"app": "0.0.1"}, {"cores": 999}, {"processor": "another"}, {"schema": "x"}, {"model": "heavy"}]
)
def test_of_another_version_or_machine_it_says_nothing(change: dict[str, Any]) -> None:
    keep_choice(CHOICE)
    path = choice_path()
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    assert kept_choice() is None


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"{}", b"null", b"[" * 9000, b'{"model": "full"'])
def test_a_damaged_file_is_none(folder: Path, content: bytes) -> None:
    folder.mkdir(parents=True)
    choice_path().write_bytes(content)
    assert kept_choice() is None


def test_a_folder_that_cannot_be_written_keeps_nothing(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("in the way")
    assert not keep_choice(CHOICE)
    assert kept_choice() is None


# -- what is chosen ----


@pytest.mark.parametrize(
    ("rates", "chosen"),
    [
        ((18.0,), MachineChoice("full", 1280, 18.0)),
        ((17.9, 20.0), MachineChoice("lite", 1280, 20.0)),
        ((10.0, 12.5, 13.5), MachineChoice("lite", 1280, 12.5)),
        ((10.0, 12.5, 14.0), MachineChoice("lite", 640, 14.0)),
        ((10.0, 9.5, 9.9), MachineChoice("full", 1280, 10.0)),
    ],
    ids=["fast enough", "the small model does", "a small picture brings little", "it brings much", "nothing helps"],
)
def test_the_best_that_the_machine_can_bear(rates: tuple[float, ...], chosen: MachineChoice) -> None:
    measured = iter(rates)
    assert choose(lambda _: next(measured)) == chosen
    assert list(measured) == [], "no more is measured than is needed, and no less"


def test_a_machine_is_measured_once() -> None:
    told: list[bool] = []
    first = effort_of(None, lambda: told.append(True))
    kept = kept_choice()
    assert kept is not None
    assert (kept.model, kept.longest_px) == (first.model, first.longest_px)
    keep_choice(replace(kept, model="lite", longest_px=640))
    assert effort_of(None, lambda: told.append(True)) == Effort("lite", 640)
    assert told == [True]


def test_a_model_that_was_asked_for_is_not_measured() -> None:
    def fail() -> None:
        raise AssertionError("nothing is measured")

    keep_choice(CHOICE)
    assert effort_of("full", fail) == Effort("full")


# -- what the doctor says of it ----

IDLE = Parts(30.0, 6.0, 0.3, 9.0, 0.05)


def paced(fps: float, bottleneck: Any = "tracker") -> PaceState:
    return PaceState(fps, 30.0, 1000.0 / fps, 90.0, bottleneck)


@pytest.mark.parametrize(
    ("pace", "parts", "verdict", "words"),
    [
        (paced(25.0), IDLE, "good", ["25 poses/s", "90 ms", "every exercise", "tracker takes 30 ms", "drawing 9"]),
        (paced(11.0), IDLE, "note", ["can't judge bouncing.", "waits for the tracker (30 ms"]),
        (paced(7.0), IDLE, "note", ["too slow for running", "faster computer"]),
        (paced(4.9), IDLE, "bad", ["4.9 poses/s", "too slow to count", "waits for the tracker"]),
        (paced(4.9), replace(IDLE, elsewhere=0.31), "bad", ["Other programs take 31 %", "close them"]),
        (paced(4.9), replace(IDLE, elsewhere=0.29), "bad", ["waits for the tracker"]),
        (paced(4.9, "window"), IDLE, "bad", ["waits for the drawing (9 ms", "window smaller"]),
        (paced(4.9), replace(IDLE, drawing_ms=40.0), "bad", ["waits for the drawing (40 ms"]),
        (paced(4.9), replace(IDLE, back_ms=31.0), "bad", ["waits for the reader of the back (31 ms"]),
        (PaceState(), IDLE, "bad", ["No pose came"]),
    ],
)
def test_the_doctor_names_what_the_machine_waits_for(
    pace: PaceState, parts: Parts, verdict: str, words: list[str]
) -> None:
    check = speed_check(pace, parts, EXERCISES)
    assert check.verdict == verdict
    for word in words:
        assert word in check.finding


def test_without_a_graphics_card_the_tracker_says_so_and_the_processor_does() -> None:
    assert "The processor is used" in try_gpu()
    assert try_gpu("darwin").startswith("Not tried")


# -- the command ----


def doctor(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    from formcheck.cli.main import main

    monkeypatch.setattr(sys, "argv", ["formcheck", "doctor", *arguments])
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0), capfd.readouterr().out
    raise AssertionError("the command always exits")


def test_the_doctor_measures_the_whole_chain_for_a_fleet(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    code, out = doctor(monkeypatch, capfd, "--seconds", "5", "--json", "-", "--source", str(demo_clip()))
    data = json.loads(out)
    assert data["schema"] == "formcheck.doctor/1"
    checks = {check["what"]: check for check in data["checks"]}
    assert data["is_ready"] == all(check["verdict"] != "bad" for check in checks.values())
    assert code == (0 if data["is_ready"] else 1)
    assert set(checks) == {
        "camera", "model full", "model lite", "sound", "display", "language", "mediapipe", "onnxruntime", "exercises",
        "model in use", "graphics card", "speed",
    }  # fmt: skip
    assert checks["model full"]["finding"] == checks["model lite"]["finding"] == "checksum is right"
    parts = data["measured"]["parts"]
    assert all(parts[name] > 0 for name in ("tracker_ms", "back_ms", "drawing_ms"))
    assert parts["tracker_ms"] > parts["set_ms"]
    assert 0 <= parts["elsewhere"] < 1
    kept = kept_choice()
    assert kept is not None
    assert data["measured"]["effort"]["model"] == kept.model


def test_without_a_camera_it_is_not_ready(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "found.json"
    code, out = doctor(monkeypatch, capfd, "--seconds", "3", "--model", "lite", "--source", "97", "--json", str(path))
    assert code == 1
    assert "Not ready" in out
    data = json.loads(path.read_text())
    camera = next(check for check in data["checks"] if check["what"] == "camera")
    assert camera["verdict"] == "bad"
    assert not data["is_ready"]
    assert kept_choice() is None, "a model that was asked for is no choice"
