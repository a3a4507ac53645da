"""The kiosk's self-test: each check can fail, none raises, and the findings say what to do."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from formcheck.camera import Source, Synthetic, moving_picture
from formcheck.kiosk.config import CameraChoice, KioskConfig
from formcheck.kiosk.last_test import NAME, LastTest
from formcheck.kiosk.pin import hash_pin
from formcheck.kiosk.place_checks import (
    BUILT,
    camera_check,
    clips_check,
    clock_check,
    disk_check,
    printer_check,
    speed_check,
)
from formcheck.kiosk.selftest import Circumstances, run_self_test, self_test, state_folder
from formcheck.session.registry import load_exercises
from formcheck.system.checks import OF_THE_PLACE, Check, Diagnosis, model_checks

NOW = BUILT + timedelta(days=40)
EXERCISES = list(load_exercises().exercises.values())


def told(check: Check, verdict: str, words: str) -> None:
    assert (check.verdict, words in check.finding) == (verdict, True), check


# -- camera ----


def test_a_picture_that_moves_is_good() -> None:
    told(camera_check(KioskConfig(), Synthetic()), "good", "640 x 480")


def test_a_cover_on_the_lens_is_seen() -> None:
    noise = np.random.default_rng(1).integers(0, 7, (480, 640, 3), dtype=np.uint8)
    told(camera_check(KioskConfig(), Synthetic(lambda i, _: np.roll(noise, i, 1))), "bad", "black. Take off its cover")


def test_a_dark_room_with_a_lamp_is_not_black() -> None:
    def paint(index: int, _t_s: float) -> np.ndarray:
        image = np.full((480, 640, 3), 5, np.uint8)
        image[100:140, 300 + index % 40 : 360 + index % 40] = 250
        return image

    told(camera_check(KioskConfig(), Synthetic(paint)), "good", "moves")


def test_a_picture_that_stands_still_is_seen() -> None:
    still = moving_picture()(0, 0.0)
    told(camera_check(KioskConfig(), Synthetic(lambda *_: still)), "bad", "stands still")


def test_an_upright_picture_is_noted() -> None:
    told(camera_check(KioskConfig(), Synthetic(moving_picture(480, 640))), "note", "rotate")


class Silent(Source):
    """A camera that opens and sends nothing."""

    name = "Silent"
    fps = 30.0
    frame_count = 0

    def open(self) -> None:
        """Open it."""

    def read(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Close it."""

    def fresh(self) -> Silent:
        """Another one."""
        return self


def test_a_camera_that_sends_nothing_and_one_that_is_not_there_are_sentences() -> None:
    told(camera_check(KioskConfig(camera=CameraChoice(source="97"))), "bad", "No camera number 97")
    told(camera_check(KioskConfig(camera=CameraChoice(source="/no/film.mp4"))), "bad", "Check the path")
    assert camera_check(KioskConfig(), Silent()).verdict == "bad"


# -- what is there ----


def test_every_word_of_the_language_that_has_a_voice_is_there() -> None:
    told(clips_check(["en"]), "good", "every word")
    told(clips_check(["en", "xx"]), "note", "No voice for xx")


def test_a_clip_that_is_damaged_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "voice" / "en"
    folder.mkdir(parents=True)
    (folder / "index.json").write_text(json.dumps({"clips": {"one": {"duration_s": 1}, "two": {"duration_s": 1}}}))
    (folder / "one.ogg").write_bytes(b"OggS...")
    (folder / "two.ogg").write_bytes(b"\0\0\0\0")
    monkeypatch.setattr("formcheck.system.assets._PACKAGED", tmp_path)
    from formcheck.voice.clips import clip_set

    clip_set.cache_clear()
    try:
        told(clips_check(["en"]), "bad", "1 can't be read, such as en/two.ogg")
    finally:
        clip_set.cache_clear()


def test_a_model_that_was_changed_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {check.verdict for check in model_checks()} == {"good"}
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "pose_landmarker_full.task").write_bytes(b"another model")
    monkeypatch.setattr("formcheck.system.assets._PACKAGED", tmp_path)
    full, lite = model_checks()
    told(full, "bad", "checksum is wrong")
    assert lite.verdict == "good"


@pytest.mark.parametrize(
    ("free", "verdict"), [(0, "bad"), (199_999_999, "bad"), (200_000_000, "note"), (10**9, "good"), (10**12, "good")]
)
def test_a_disk_that_gets_full_is_told_early(tmp_path: Path, free: int, verdict: str) -> None:
    assert disk_check(tmp_path, free).verdict == verdict


def test_the_disk_of_a_folder_that_is_not_made_yet_is_that_of_its_parent(tmp_path: Path) -> None:
    assert "GB free" in disk_check(tmp_path / "a" / "b").finding


@pytest.mark.parametrize(
    ("now", "last", "verdict"),
    [
        (NOW, None, "good"),
        (NOW, NOW - timedelta(days=300), "good"),
        (NOW, NOW + timedelta(minutes=59), "good"),
        (NOW, NOW + timedelta(minutes=61), "bad"),
        (datetime(1970, 1, 1, tzinfo=UTC), None, "bad"),
        (BUILT - timedelta(seconds=1), None, "bad"),
    ],
)
def test_a_clock_that_cannot_be_right_is_told(now: datetime, last: datetime | None, verdict: str) -> None:
    assert clock_check(now, last).verdict == verdict


def test_this_version_was_written_before_today() -> None:
    assert datetime.now(UTC) >= BUILT


def test_a_printer_that_nobody_knows_is_a_sentence() -> None:
    assert printer_check("no-such-printer-here").verdict == "bad"


def lpstat(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A printing system that answers so."""
    (folder / "lpstat").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "lpstat").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.parametrize(
    ("script", "verdict", "words"),
    [
        ('echo "printer $2 is idle.  enabled since today"', "good", "front is there"),
        ('echo "printer $2 disabled since today -"', "note", "cupsenable front"),
        ("exit 1", "bad", "no printer 'front'"),
    ],
)
def test_what_the_printing_system_says_of_a_printer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, verdict: str, words: str
) -> None:
    lpstat(tmp_path, monkeypatch, script)
    told(printer_check("front"), verdict, words)


@pytest.mark.parametrize(
    ("fps", "load", "verdict"),
    [
        (30.0, 0.0, "good"),
        (30.0, 9.0, "good"),
        (7.0, 0.0, "note"),
        (3.0, 0.5, "bad"),
        (3.0, 9.0, "note"),
        (None, 0.0, "bad"),
        (None, 9.0, "note"),
    ],
)
def test_a_machine_that_is_too_slow_is_told_and_one_that_was_busy_is_not_blamed(
    fps: float | None, load: float, verdict: str
) -> None:
    assert speed_check(fps, EXERCISES, load).verdict == verdict


# -- what is kept ----


def test_a_speed_is_kept_for_the_next_start(tmp_path: Path) -> None:
    kept = LastTest(NOW, 21.5)
    assert kept.write(tmp_path / "state")
    assert LastTest.read(tmp_path / "state") == kept
    assert [path.name for path in (tmp_path / "state").iterdir()] == [NAME]


@pytest.mark.parametrize("change", [{"app": "0"}, {"cores": 999}, {"machine": "x"}, {"poses_fps": None}])
def test_of_another_version_or_machine_only_the_time_is_kept(tmp_path: Path, change: dict[str, object]) -> None:
    LastTest(NOW, 21.5).write(tmp_path)
    data = json.loads((tmp_path / NAME).read_text())
    (tmp_path / NAME).write_text(json.dumps({**data, **change}))
    assert LastTest.read(tmp_path) == LastTest(NOW, None)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"last": 3}', b'{"last": "never", "poses_fps": 1}'])
def test_a_damaged_file_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    assert LastTest.read(tmp_path) == LastTest()


# -- all of it ----


def kept(speed: float) -> dict[str, object]:
    """What a self-test of this machine leaves behind."""
    with tempfile.TemporaryDirectory() as folder:
        LastTest(NOW, speed).write(Path(folder))
        return dict(json.loads((Path(folder) / NAME).read_text()))


def findings(
    folder: Path, text: str = "", speed: float | None = 25.0, source: Source | None = None, **changes: object
) -> dict[str, Check]:
    """The findings of a kiosk with that configuration, by name."""
    config, state = folder / "kiosk.toml", folder / "state"
    config.write_text(text)
    if speed is not None:
        LastTest(NOW - timedelta(days=1), speed).write(state)
    where = replace(Circumstances(state, NOW, source or Synthetic()), **changes)  # type: ignore[arg-type]
    return {check.what: check for check in self_test(config, where).checks}


def test_a_kiosk_in_order_has_nothing_bad(tmp_path: Path) -> None:
    found = findings(tmp_path, f'languages = ["en"]\n[staff]\npin = "{hash_pin("2580")}"\n')
    assert [check for check in found.values() if check.verdict == "bad"] == []
    assert set(found) == {
        "configuration", "camera", "sound", "clips", "model full", "model lite", "mediapipe", "onnxruntime",
        "exercises", "programs", "disk", "clock", "staff PIN", "speed",
    }  # fmt: skip
    assert found["speed"].finding.startswith("25 poses/s")
    assert LastTest.read(tmp_path / "state") == LastTest(NOW, 25.0)


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = 'programs = ["nothing-such"]\n[printer]\nname = "no-such"\n[tickets]\nkey = "x"\nfolder = "/no/such"\n'
    black = Synthetic(lambda *_: np.zeros((480, 640, 3), np.uint8))
    found = findings(tmp_path, text, 3.0, black, free_bytes=1)
    bad = {name for name, check in found.items() if check.verdict == "bad"}
    assert {"camera", "programs", "printer", "tickets", "disk"} <= bad
    assert found["staff PIN"].verdict == "note"


@pytest.mark.parametrize(
    ("text", "words"),
    [("[clinic\n", "not valid TOML"), ("colour = 3\n", "line 1"), ('[staff]\npin = "2580"\n', "formcheck kiosk pin")],
)
def test_a_configuration_that_makes_no_sense_is_a_finding_and_the_rest_is_findings(
    tmp_path: Path, text: str, words: str
) -> None:
    found = findings(tmp_path, text, has_devices=False)
    told(found["configuration"], "bad", words)
    assert found["model full"].verdict == "good"


def test_without_devices_nothing_is_opened_measured_or_kept(tmp_path: Path) -> None:
    class Untouched(Synthetic):
        def open(self) -> None:
            raise AssertionError("somebody uses it")

    found = findings(tmp_path, speed=None, source=Untouched(), has_devices=False)
    assert not {"camera", "sound", "speed"} & set(found)
    assert not (tmp_path / "state").exists()


def test_a_state_folder_that_cannot_be_written_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "state" / f".{NAME}.{os.getpid()}").mkdir(parents=True)  # where it would be written beside its name
    (tmp_path / "state" / NAME).write_text(json.dumps(kept(25.0)))
    found = findings(tmp_path, speed=None)
    assert found["state folder"].verdict == "bad"


def test_what_is_of_the_place_is_named_as_the_checks_are(tmp_path: Path) -> None:
    """A name that no check has would let an update be refused for the place, or taken though the version is broken."""
    text = '[printer]\nname = "no-such"\n[tickets]\nkey = "x"\n'
    names = set(findings(tmp_path, text)) | {"display", "state folder"}
    assert names >= OF_THE_PLACE
    assert names - OF_THE_PLACE == {
        "configuration", "clips", "model full", "model lite", "mediapipe", "onnxruntime", "exercises", "programs",
    }  # fmt: skip


def test_the_speed_is_measured_where_none_is_kept_and_the_command_tells_a_fleet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    assert state_folder() == tmp_path / "state"
    config = tmp_path / "kiosk.toml"
    config.write_text('[camera]\nsource = "97"\n')
    found = run_self_test(config)
    checks = {check.what: check for check in found.checks}
    assert not found.is_ready
    told(checks["camera"], "bad", "No camera number 97")
    is_measured = "poses/s" in checks["speed"].finding  # on a machine that others keep busy it may not be
    assert is_measured == ("poses_fps" in found.measured)
    assert is_measured or "other programs" in checks["speed"].finding
    assert LastTest.read(tmp_path / "state").last is not None


def test_a_self_test_that_cannot_be_started_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    found = run_self_test()
    assert isinstance(found, Diagnosis)
    assert [check.verdict for check in found.checks] == ["bad"]


def test_the_command_refuses_what_belongs_to_a_kiosk_alone(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from formcheck.cli.main import main

    monkeypatch.setattr(sys, "argv", ["formcheck", "doctor", "--without-devices"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert "add --kiosk" in capfd.readouterr().err
