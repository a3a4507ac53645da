from __future__ import annotations

import struct
from pathlib import Path

import cv2
import numpy as np
import pytest

from formcheck.camera import ImageFolder
from formcheck.system.errors import SourceError


def write(path: Path, value: int, shape: tuple[int, ...] = (120, 160, 3), kind: type = np.uint8) -> None:
    assert cv2.imwrite(str(path), np.full(shape, value, kind))


def test_pictures_come_in_the_order_that_people_mean(tmp_path: Path) -> None:
    for value, name in [(30, "p10.png"), (10, "p1.JPG"), (20, "p2.jpeg"), (40, "p010b.png")]:
        write(tmp_path / name, value)
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "._p1.jpg").write_bytes(b"what macOS leaves")
    with ImageFolder(tmp_path, fps=10.0) as source:
        assert (source.frame_count, source.fps, source.is_live) == (4, 10.0, False)
        frames = [frame for frame in iter(source.read, None) if frame is not None]
    assert [int(f.image.mean() + 0.5) for f in frames] == [10, 20, 30, 40]
    assert [f.t_s for f in frames] == pytest.approx([0.0, 0.1, 0.2, 0.3])
    assert [f.index for f in frames] == [0, 1, 2, 3]
    assert source.warning == ""


@pytest.mark.parametrize(
    ("shape", "kind", "value", "expected"),
    [
        pytest.param((120, 160), np.uint8, 90, 90, id="grey"),
        pytest.param((120, 160), np.uint16, 90 * 256, 90, id="grey of 16 bits"),
        pytest.param((120, 160, 4), np.uint8, 90, 90, id="transparent"),
        pytest.param((121, 163, 3), np.uint8, 90, 90, id="odd size"),
        pytest.param((640, 360, 3), np.uint8, 90, 90, id="portrait"),
        pytest.param((2160, 3840, 3), np.uint8, 90, 90, id="4K"),
    ],
)
def test_any_kind_of_picture(tmp_path: Path, shape: tuple[int, ...], kind: type, value: int, expected: int) -> None:
    write(tmp_path / "a.png", value, shape, kind)
    with ImageFolder(tmp_path) as source:
        frame = source.read()
    assert frame is not None
    assert frame.image.shape == (*shape[:2], 3)
    assert frame.image.dtype == np.uint8
    assert frame.image.flags.c_contiguous
    assert int(frame.image.mean()) == expected


def test_a_phone_picture_is_turned_upright(tmp_path: Path) -> None:
    image = np.zeros((40, 80, 3), np.uint8)
    data = cv2.imencode(".jpg", image)[1].tobytes()
    # One EXIF entry: orientation (0x0112) is 6, "turn right by 90 degrees".
    exif = b"Exif\0\0II*\0" + struct.pack("<IHHHIII", 8, 1, 0x0112, 3, 1, 6, 0)
    (tmp_path / "a.jpg").write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:])
    with ImageFolder(tmp_path) as source:
        frame = source.read()
    assert frame is not None
    assert frame.image.shape == (80, 40, 3)


def test_a_damaged_picture_is_left_out_and_named(tmp_path: Path) -> None:
    for index in range(3):
        write(tmp_path / f"{index}.png", 50)
    (tmp_path / "1.png").write_bytes(b"")
    (tmp_path / "3.png").write_bytes(b"\x89PNG no more")
    with ImageFolder(tmp_path, fps=10.0) as source:
        frames = [frame for frame in iter(source.read, None) if frame is not None]
    assert [(f.index, f.t_s) for f in frames] == [(0, 0.0), (2, pytest.approx(0.2))]
    assert source.warning == f"{tmp_path / '3.png'} can't be read and was left out. Copy it again."


def test_one_picture_is_a_folder_of_one(tmp_path: Path) -> None:
    write(tmp_path / "a.png", 50)
    with ImageFolder(tmp_path / "a.png") as source:
        assert source.read() is not None
        assert source.read() is None


def test_opening_again_and_a_fresh_one_begin_at_the_start(tmp_path: Path) -> None:
    write(tmp_path / "a.png", 50)
    source = ImageFolder(tmp_path, fps=5.0)
    for again in (source, source, source.fresh()):
        with again:
            assert again.read() is not None
            assert again.read() is None
    assert source.fresh().fps == 5.0


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        pytest.param({}, "holds no pictures", id="empty"),
        pytest.param({"a.txt": b"hello"}, "holds no pictures", id="only texts"),
        pytest.param({"a.png": b"hello", "b.jpg": b""}, "the files are damaged", id="only damaged pictures"),
    ],
)
def test_a_folder_without_a_picture_is_refused(tmp_path: Path, files: dict[str, bytes], sentence: str) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=sentence):
        ImageFolder(tmp_path).open()


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"can't be read .* Check the path"):
        ImageFolder(tmp_path / "none").open()


def test_reading_without_opening_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not open"):
        ImageFolder(tmp_path).read()
