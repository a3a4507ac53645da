"""Recordings as cameras, phones and recorders write them: each is read as a player shows it."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from formcheck.camera import ImageFolder, VideoFile, View, open_source
from formcheck.system.errors import SourceError
from tests.camera.clips import CORNERS, Picture, copy, corner_names, corners, write
from tests.camera.conftest import picture, read_all

ONE = 1 << 16


def moving(count: int = 50) -> list[Picture]:
    return [picture(index, 160, 120) for index in range(count)]


def first(path: Path | str, view: View | None = None) -> Picture:
    with open_source(str(path), view) if view else VideoFile(path) as source:
        frame = source.read()
    assert frame is not None
    return frame.image


def is_whole(path: Path, count: int = 50) -> list[float]:
    """The times of a file of which nothing is missing."""
    source = VideoFile(path)
    times = [frame.t_s for frame in read_all(source)]
    assert (len(times), source.is_truncated, source.warning) == (count, False, "")
    assert times == sorted(set(times))
    return times


# -- interlaced -----------------------------------------------------------------------------------------------------


def bar(column: int) -> Picture:
    image = np.full((128, 160, 3), 40, np.uint8)
    image[:, column : column + 24] = 220
    return image


def woven(count: int) -> list[Picture]:
    """A bar that moves by 3 px from half picture to half picture; the odd lines are the later ones."""
    pictures = []
    for index in range(count):
        image = bar(6 * index)
        image[1::2] = bar(6 * index + 3)[1::2]
        pictures.append(image)
    return pictures


def comb(image: Picture) -> float:
    """How much more a line differs from the next one than from the one after it; 0 without half pictures."""
    grey = image[..., 1].astype(float)
    return float(np.abs(grey[:-2] - grey[1:-1]).mean() - np.abs(grey[:-2] - grey[2:]).mean())


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("set.mpg", "mpeg2video", {"flags": "+ildct+ilme", "b": "4000000"}),
        ("set.mp4", "libx264", {"x264-params": "tff=1:crf=12"}),
    ],
)
def test_an_interlaced_video_comes_in_whole_pictures(
    tmp_path: Path, name: str, codec: str, options: dict[str, str]
) -> None:
    pictures = woven(20)
    path = write(tmp_path / name, pictures, codec=codec, options=options)
    frames = read_all(VideoFile(path))
    assert [f.t_s for f in frames] == pytest.approx([i / 25 for i in range(20)], abs=1e-3)
    assert min(comb(image) for image in pictures) > 5
    assert max(comb(f.image) for f in frames[1:-1]) < 1
    places = [float(np.flatnonzero(f.image[64, :, 1] > 130).mean()) for f in frames[1:-1]]
    assert np.diff(places) == pytest.approx([6.0] * 17, abs=1.6)


def test_a_video_of_whole_pictures_is_left_as_it_is(tmp_path: Path) -> None:
    path = write(tmp_path / "set.mp4", woven(20), options={"crf": "12"})
    assert min(comb(f.image) for f in read_all(VideoFile(path))) > 5


# -- turned, mirrored, stretched ------------------------------------------------------------------------------------

MATRICES = {
    "as it is": ((ONE, 0, 0, ONE), "red green blue grey", False),
    "a quarter clockwise": ((0, ONE, -ONE, 0), "grey red green blue", False),
    "upside down": ((-ONE, 0, 0, -ONE), "blue grey red green", False),
    "a quarter counter-clockwise": ((0, -ONE, ONE, 0), "green blue grey red", False),
    "mirrored": ((-ONE, 0, 0, ONE), "green red grey blue", True),
    "mirrored upside down": ((ONE, 0, 0, -ONE), "grey blue green red", True),
    "a quarter clockwise, mirrored": ((0, ONE, ONE, 0), "red grey blue green", True),
    "a quarter counter-clockwise, mirrored": ((0, -ONE, -ONE, 0), "blue green red grey", True),
}


@pytest.mark.parametrize("name", ["set.mp4", "set.mkv"])
@pytest.mark.parametrize(("matrix", "names", "is_mirrored"), MATRICES.values(), ids=MATRICES)
def test_a_video_is_shown_as_its_matrix_says(
    tmp_path: Path, name: str, matrix: tuple[int, int, int, int], names: str, is_mirrored: bool
) -> None:
    a, b, c, d = matrix
    path = write(tmp_path / name, [corners()] * 3, matrix=(a, b, 0, c, d, 0, 0, 0, 1 << 30))
    with VideoFile(path) as source:
        frame = source.read()
        assert source.is_mirrored is is_mirrored
    assert frame is not None
    assert frame.image.shape[:2] == ((64, 128) if a else (128, 64))
    assert corner_names(frame.image) == names.split()


@pytest.mark.parametrize(
    ("degrees", "is_mirrored", "names"),
    [
        (0, True, "green red grey blue"),
        (90, False, "grey red green blue"),
        (180, False, "blue grey red green"),
        (270, False, "green blue grey red"),
        (90, True, "red grey blue green"),
        (180, True, "grey blue green red"),
        (270, True, "blue green red grey"),
    ],
)
def test_the_person_can_turn_and_mirror_any_source(tmp_path: Path, degrees: int, is_mirrored: bool, names: str) -> None:
    view = View.turned(degrees, is_mirrored=is_mirrored)
    video = write(tmp_path / "set.mp4", [corners()] * 3)
    cv2.imwrite(str(tmp_path / "set.png"), corners())
    for path in (video, tmp_path / "set.png"):
        assert corner_names(first(path, view)) == names.split()
        with open_source(str(path), view).fresh() as source:
            assert source.is_mirrored is is_mirrored
            assert source.frame_count == (3 if path == video else 1)


def test_the_persons_turn_comes_after_the_files_own(tmp_path: Path) -> None:
    quarter = (0, ONE, 0, -ONE, 0, 0, 0, 0, 1 << 30)
    path = write(tmp_path / "set.mp4", [corners()] * 3, matrix=quarter)
    assert corner_names(first(path, View.turned(270))) == list(CORNERS)
    mirrored = write(tmp_path / "mirror.mp4", [corners()] * 3, matrix=(-ONE, 0, 0, 0, ONE, 0, 0, 0, 1 << 30))
    with open_source(str(mirrored), View.turned(0, is_mirrored=True)) as source:
        assert not source.is_mirrored


@pytest.mark.parametrize("name", ["set.mp4", "set.mkv"])
@pytest.mark.parametrize(
    ("ratio", "size"),
    [
        (Fraction(4, 3), (171, 64)),
        (Fraction(2), (256, 64)),
        (Fraction(8, 9), (128, 72)),
        (Fraction(120, 121), (128, 64)),
        (Fraction(80, 81), (128, 65)),
        (Fraction(50), (128, 64)),
    ],
    ids=["4:3", "2:1", "8:9", "all but square", "hardly oblong", "nonsense"],
)
def test_oblong_pixels_are_stretched_to_square_ones(
    tmp_path: Path, name: str, ratio: Fraction, size: tuple[int, int]
) -> None:
    image = first(write(tmp_path / name, [corners()] * 3, ratio=ratio))
    assert image.shape == (size[1], size[0], 3)
    assert corner_names(image) == list(CORNERS)


# -- the right stream -----------------------------------------------------------------------------------------------


def jpeg() -> bytes:
    return cv2.imencode(".jpg", np.full((64, 64, 3), 250, np.uint8))[1].tobytes()


def test_a_cover_picture_is_not_the_video(tmp_path: Path) -> None:
    path = write(tmp_path / "set.mp4", moving(), sound=True, cover=jpeg())
    frames = read_all(VideoFile(path))
    assert len(frames) == 50
    assert {f.image.shape for f in frames} == {(120, 160, 3)}


def test_files_without_moving_pictures_are_told_in_one_sentence(tmp_path: Path) -> None:
    sound = write(tmp_path / "sound.mp4", [], sound=True)
    cover = write(tmp_path / "song.mp4", [], sound=True, cover=jpeg())
    still = tmp_path / "still.mp4"
    still.write_bytes(jpeg())
    for path, says in ((sound, "holds only sound"), (cover, "holds only sound"), (still, "no video that can be read")):
        with pytest.raises(SourceError, match=says) as error:
            VideoFile(path).open()
        assert error.value.exit_code == 3
        assert str(error.value).startswith(str(path))


# -- stamps ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """50 pictures in two seconds, with pictures that are stored in another order than they are shown."""
    return write(tmp_path_factory.mktemp("plain") / "plain.mp4", moving(), options={"bf": "2", "g": "10"})


@pytest.mark.parametrize("name", ["late.ts", "late.mkv", "late.mp4"])
@pytest.mark.parametrize("by_s", [3600.0, 95_442.0, -0.5], ids=["an hour late", "wraps", "begins before zero"])
def test_stamps_may_begin_anywhere(plain: Path, tmp_path: Path, name: str, by_s: float) -> None:
    if by_s < 0 and not name.endswith("mp4"):
        by_s = 0.5
    path = copy(plain, tmp_path / name, by_s=by_s)
    if by_s < 0:
        source = VideoFile(path)  # an edit list leaves the beginning out
        times = [frame.t_s for frame in read_all(source)]
        assert (len(times), source.warning) == (37, "")
    else:
        times = is_whole(path)
    assert times == pytest.approx([i / 25 for i in range(len(times))], abs=2e-3)


def test_recordings_that_were_joined_are_read_whole(plain: Path, tmp_path: Path) -> None:
    part = copy(plain, tmp_path / "part.ts").read_bytes()
    path = tmp_path / "joined.ts"
    path.write_bytes(part * 3)
    assert is_whole(path, 150) == pytest.approx([i / 25 for i in range(150)], abs=2e-3)


def test_a_recording_without_a_length_is_read_whole(plain: Path, tmp_path: Path) -> None:
    is_whole(copy(plain, tmp_path / "live.mkv", muxer={"live": "1"}))
    is_whole(copy(plain, tmp_path / "parts.mp4", muxer={"movflags": "frag_keyframe+empty_moov"}))


def test_one_picture_is_a_video(tmp_path: Path) -> None:
    assert is_whole(write(tmp_path / "one.mp4", moving(1)), 1) == [0.0]


def test_sound_that_goes_on_longer_is_no_missing_end(tmp_path: Path) -> None:
    is_whole(write(tmp_path / "set.mkv", moving(5), sound=True), 5)


@pytest.mark.parametrize("share", [0.5, 0.8])
@pytest.mark.parametrize("name", ["set.mkv", "set.webm", "first.mp4", "parts.mp4", "set.avi"])
def test_a_cut_off_file_of_any_kind_is_told(tmp_path: Path, plain: Path, name: str, share: float) -> None:
    path = tmp_path / name
    if path.suffix == ".mp4":
        flags = "faststart" if name == "first.mp4" else "frag_keyframe+empty_moov"
        copy(plain, path, muxer={"movflags": flags})
    else:
        write(path, moving(), codec={"webm": "libvpx", "avi": "mjpeg"}.get(path.suffix[1:], "libx264"),
              pix_fmt="yuvj420p" if name == "set.avi" else "yuv420p")  # fmt: skip
    is_whole(path)
    data = path.read_bytes()
    path.write_bytes(data[: round(len(data) * share)])
    source = VideoFile(path)
    frames = read_all(source)
    assert 50 * share - 15 < len(frames) < 50
    assert source.is_truncated
    assert "is cut off" in source.warning


# -- slow motion ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "named", "step_s"),
    [
        (30, "240.000000", 1 / 240),
        (30, "120", 1 / 120),
        (120, "120", 1 / 120),
        (15, "30", 1 / 15),
        (30, "60", 1 / 30),
        (30, "10", 1 / 10),
        (30, "nonsense", 1 / 30),
        (30, "0", 1 / 30),
    ],
)
def test_slow_motion_that_says_so_is_timed_as_it_was_filmed(
    tmp_path: Path, rate: int, named: str, step_s: float
) -> None:
    path = write(
        tmp_path / "set.mp4", moving(10), rate=rate,
        metadata={"com.android.capture.fps": named}, muxer={"movflags": "use_metadata_tags"},
    )  # fmt: skip
    source = VideoFile(path)
    assert [f.t_s for f in read_all(source)] == pytest.approx([i * step_s for i in range(10)], abs=1e-3 * step_s)
    assert source.capture_fps == (None if named in ("nonsense", "0") else float(named))


# -- names and colours ----------------------------------------------------------------------------------------------


def test_a_name_that_is_not_text_is_read_and_can_be_shown(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/d\xfc"))
    try:
        folder.mkdir()
    except OSError:  # a file system that takes only text has no such names
        return
    path = write(tmp_path / "set.mp4", moving(5)).rename(folder / os.fsdecode(b"\xff\xe9.mp4"))
    source = open_source(str(path))
    with source:
        assert source.read() is not None
    assert source.name == f"{tmp_path}/d\ufffd/\ufffd\ufffd.mp4"
    cv2.imwrite(str(tmp_path / "1.png"), corners())
    (tmp_path / "1.png").rename(folder / "1.png")
    with ImageFolder(folder) as pictures:
        assert pictures.read() is not None
    path.write_bytes(b"")
    with pytest.raises(SourceError) as error:
        source.open()
    assert str(error.value).encode() == f"{source.name} is empty. Copy or record it again.".encode()


@pytest.mark.parametrize(
    ("codec", "pix_fmt", "colorspace", "name"),
    [
        ("libx264", "yuv420p", None, "set.mp4"),
        ("libx264", "yuv420p", 1, "set.mp4"),
        ("libx265", "yuv420p10le", 9, "set.mp4"),
        ("mjpeg", "yuvj420p", None, "set.avi"),
        ("ffv1", "bgra", None, "set.mkv"),
    ],
    ids=["unmarked", "BT.709", "BT.2020 with 10 bits", "full range", "alpha"],
)
def test_colours_come_as_they_were_filmed(
    tmp_path: Path, codec: str, pix_fmt: str, colorspace: int | None, name: str
) -> None:
    options = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    path = write(tmp_path / name, [corners()] * 3, codec=codec, pix_fmt=pix_fmt, colorspace=colorspace, options=options)
    image = first(path)
    seen = [image[16, 24], image[16, -24], image[-16, -24], image[-16, 24]]
    for got, want in zip(seen, CORNERS.values(), strict=True):
        assert got.astype(int) == pytest.approx(np.array(want), abs=8)
