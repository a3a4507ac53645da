from __future__ import annotations

from pathlib import Path

import pytest

from formcheck.camera import CameraInfo, ImageFolder, NetworkStream, VideoFile, Webcam, open_source, specification
from formcheck.system.errors import SourceError


@pytest.fixture(autouse=True)
def cameras(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(specification, "list_cameras", lambda: (CameraInfo(0, "Lid"), CameraInfo(3, "Logitech C920")))
    monkeypatch.chdir(tmp_path)
    for name in ("clip.mp4", "still.PNG", "clip", "12"):
        (tmp_path / name).write_bytes(b"not looked at before it is opened")
    (tmp_path / "pictures").mkdir()


@pytest.mark.parametrize(
    ("spec", "kind", "name"),
    [
        ("0", Webcam, "Camera 0"),
        (" 12 ", Webcam, "Camera 12"),
        ("/dev/video2", Webcam, "Camera 2"),
        ("logi", Webcam, "Logitech C920"),
        ("clip.mp4", VideoFile, "clip.mp4"),
        ("clip", VideoFile, "clip"),
        ("./12", VideoFile, "12"),
        ("still.PNG", ImageFolder, "still.PNG"),
        ("pictures", ImageFolder, "pictures"),
        ("rtsp://u:p@10.0.0.5/live", NetworkStream, "rtsp://***@10.0.0.5/live"),
        ("HTTP://10.0.0.5:8080/video", NetworkStream, "HTTP://10.0.0.5:8080/video"),
    ],
)
def test_what_is_written_finds_its_source(spec: str, kind: type, name: str) -> None:
    source = open_source(spec)
    assert type(source) is kind
    assert source.name == name


def test_a_link_to_a_device_is_that_device(tmp_path: Path) -> None:
    (tmp_path / "formcheck-camera").symlink_to("/dev/video7")
    source = open_source(str(tmp_path / "formcheck-camera"))
    assert (type(source), source.name) == (Webcam, "Camera 7")


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("", "No source was named"),
        ("missing.mp4", "There is no file or folder missing.mp4. Check the path."),
        ("there/is/nothing", "There is no file or folder there/is/nothing"),
        ("x" * 5000 + ".mp4", "There is no file or folder"),
        ("a\0b", "No camera is called"),
        ("sony", r"No camera is called “sony”. Cameras found: 0 \(Lid\), 3 \(Logitech C920\)."),
        ("ftp://u:secret@host/x", r"ftp://\*\*\*@host/x is not the address of a camera"),
        ("file:///etc/passwd", "is not the address of a camera"),
        ("http://", "is not the address of a camera"),
        ("http:///video", "is not the address of a camera"),
    ],
)
def test_what_means_nothing_is_refused_with_advice(spec: str, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence) as error:
        open_source(spec)
    assert "secret" not in str(error.value)
