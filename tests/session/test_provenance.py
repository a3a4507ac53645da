"""Where a record comes from: versions, models, settings, camera; nothing that names a person or a place."""

import hashlib
import json

import pytest

from formcheck import __version__
from formcheck.session.provenance import provenance_of
from formcheck.system.assets import asset


@pytest.mark.parametrize("model", ["full", "lite"])
def test_the_models_in_use_are_those_of_the_manifest(model):
    manifest = {e["path"]: e["sha256"] for e in json.loads(asset("manifest.json").read_text())["files"]}
    assert provenance_of({}, model=model).as_dict()["models"] == {
        f"pose-{model}": manifest[f"models/pose_landmarker_{model}.task"],
        "back-contour": manifest["models/back-contour.onnx"],
    }


def test_a_model_of_ones_own_is_known_by_its_content_and_not_by_its_name(tmp_path):
    path = tmp_path / "Millers-model.task"
    path.write_bytes(b"x" * 3_000_000)
    data = provenance_of({}, model=str(path)).as_dict()
    assert data["models"]["pose-own"] == hashlib.sha256(b"x" * 3_000_000).hexdigest()
    assert "Miller" not in json.dumps(data)


def test_only_settings_that_differ_are_kept():
    given = {"dead-bug": {"reach_hip_deg": 131.0, "out_min_s": 1.5}, "bird-dog": {"hold_s": 2}}
    assert provenance_of(given).as_dict()["settings"] == {"dead-bug": {"reach_hip_deg": 131.0}}


def test_the_app_says_its_version():
    assert provenance_of({}).as_dict()["app"] == __version__


def test_of_the_pictures_only_size_and_rate_are_kept():
    source = {"path": "/home/miller/back.mp4", "width": 1280, "height": 720, "fps": 29.97, "frames": 3}
    data = provenance_of({}, source=source).as_dict()
    assert data["camera"] == {"width": 1280, "height": 720, "fps": 29.97, "mirrored": False}
    assert "miller" not in json.dumps(data)


def test_how_it_went_live_is_kept_with_every_model_that_was_used():
    live = {"poses_fps": 6.1, "help": [{"what": "lite", "began_utc": "2026-11-30T08:00:00Z", "ended_utc": None}]}
    about = {"width": 1280, "models": ["full", "lite"], "live": live}
    data = provenance_of({}, model="full").with_camera(about).as_dict()
    assert data["live"] == live
    assert set(data["models"]) == {"pose-full", "pose-lite", "back-contour"}
    assert provenance_of({}).as_dict()["live"] is None


def test_a_mirrored_picture_is_told_of_and_stays_told():
    known = provenance_of({}, source={"mirrored": True})
    assert known.as_dict()["camera"]["mirrored"] is True
    assert known.with_camera({"width": 640}).as_dict()["camera"]["mirrored"] is True
    assert known.with_camera({"mirrored": False}).as_dict()["camera"]["mirrored"] is False


def test_what_is_not_known_is_null():
    data = provenance_of({}, source={"width": 0, "height": 0, "fps": 0.0}).as_dict()
    assert data["camera"] == {"width": None, "height": None, "fps": None, "mirrored": False}
    assert (data["side_on_deg"], data["started_utc"]) == (None, None)
