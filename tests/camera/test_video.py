from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from formcheck.camera import VideoFile
from formcheck.system.errors import SourceError
from tests.camera.conftest import read_all

if TYPE_CHECKING:
    from tests.camera.conftest import MjpegServer

MakeVideo = Callable[..., Path]
CONTAINERS = [("clip.mp4", "mp4v"), ("clip.avi", "MJPG"), ("clip.mkv", "MJPG")]


def rotate(data: bytes) -> bytes:
    """Mark an MP4 as filmed upright with the phone turned by 90 degrees."""
    at = data.index(b"tkhd") + 44
    matrix = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    return data[:at] + matrix + data[at + 36 :]


def vary_rate(data: bytes) -> bytes:
    """Let the second half of an MP4 of 50 pictures run at a third of the rate."""
    out = bytearray(data.replace(b"edts", b"free"))
    at = out.index(b"stts")
    count, step = struct.unpack(">2I", out[at + 12 : at + 20])
    assert count == 50
    out[at + 8 : at + 20] = struct.pack(">5I", 2, 25, step, 25, 3 * step)
    for box in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stts"):
        head = out.index(box) - 4
        out[head : head + 4] = struct.pack(">I", struct.unpack(">I", out[head : head + 4])[0] + 8)
    return bytes(out)


@pytest.mark.parametrize(("name", "fourcc"), CONTAINERS)
def test_a_whole_video_is_read_with_its_times(make_video: MakeVideo, name: str, fourcc: str) -> None:
    source = VideoFile(make_video(name, fourcc=fourcc))
    frames = read_all(source)
    assert [f.t_s for f in frames] == pytest.approx([i / 25 for i in range(50)])
    assert [f.index for f in frames] == list(range(50))
    assert [float(f.image[200:].mean()) for f in frames] == pytest.approx([4 * i + 20 for i in range(50)], abs=4)
    assert (source.fps, source.frame_count, source.is_live) == (25.0, 50, False)
    assert not source.is_truncated
    assert source.warning == ""


def test_reading_goes_on_from_the_beginning_after_opening_again(make_video: MakeVideo) -> None:
    source = VideoFile(make_video())
    times = [[(f.index, f.t_s) for f in read_all(again)] for again in (source, source, source.fresh())]
    assert len(times[0]) == 50
    assert times[0] == times[1] == times[2]


@pytest.mark.parametrize(("width", "height"), [(160, 120), (240, 426), (854, 480)])
def test_sizes_are_kept(make_video: MakeVideo, width: int, height: int) -> None:
    with VideoFile(make_video(size=(width, height))) as source:
        frame = source.read()
    assert frame is not None
    assert frame.image.shape == (height, width, 3)


def test_odd_sizes_without_an_announced_length(tmp_path: Path) -> None:
    path = tmp_path / "odd.mjpeg"
    jpegs = [cv2.imencode(".jpg", np.full((243, 321, 3), 10 * i, np.uint8))[1].tobytes() for i in range(12)]
    path.write_bytes(b"".join(jpegs))
    source = VideoFile(path)
    frames = read_all(source)
    assert {f.image.shape for f in frames} == {(243, 321, 3)}
    assert len(frames) == 12
    assert source.frame_count is None
    assert source.warning == ""


def test_a_grey_video_becomes_bgr(tmp_path: Path) -> None:
    path = tmp_path / "grey.mjpeg"
    path.write_bytes(cv2.imencode(".jpg", np.full((120, 160), 77, np.uint8))[1].tobytes() * 5)
    frames = read_all(VideoFile(path))
    assert frames[0].image.shape == (120, 160, 3)
    assert frames[0].image.mean() == pytest.approx(77, abs=2)


def test_a_video_filmed_upright_comes_upright(make_video: MakeVideo) -> None:
    path = make_video()
    with VideoFile(path) as plain:
        lying = plain.read()
    path.write_bytes(rotate(path.read_bytes()))
    with VideoFile(path) as turned:
        upright = turned.read()
    assert lying is not None
    assert upright is not None
    assert np.array_equal(upright.image, np.rot90(lying.image, -1))


def test_a_variable_frame_rate_keeps_its_times(make_video: MakeVideo) -> None:
    path = make_video()
    path.write_bytes(vary_rate(path.read_bytes()))
    times = [f.t_s for f in read_all(VideoFile(path))]
    assert times == pytest.approx([i / 25 for i in range(25)] + [1 + 3 * i / 25 for i in range(25)])


@pytest.mark.parametrize(("name", "fourcc"), CONTAINERS[1:])
def test_a_cut_off_video_delivers_what_there_is_and_says_so(make_video: MakeVideo, name: str, fourcc: str) -> None:
    path = make_video(name, fourcc=fourcc)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    source = VideoFile(path)
    frames = read_all(source)
    assert 5 < len(frames) < 45
    assert source.is_truncated
    assert source.warning == f"{path} is cut off: only what could be read of it is used. Copy or record it again."


def index_first(data: bytes) -> bytes:
    """Move an MP4's index before its pictures, as videos for the web have it."""
    moov = data.index(b"moov") - 4
    mdat = data.index(b"mdat") - 4
    index = bytearray(data[moov:])
    at = index.index(b"stco") + 8
    (count,) = struct.unpack(">I", index[at : at + 4])
    offsets = struct.unpack(f">{count}I", index[at + 4 : at + 4 + 4 * count])
    index[at + 4 : at + 4 + 4 * count] = struct.pack(f">{count}I", *(o + len(index) for o in offsets))
    return data[:mdat] + bytes(index) + data[mdat:moov]


def test_an_mp4_cut_behind_its_index_delivers_what_there_is(make_video: MakeVideo) -> None:
    path = make_video()
    data = index_first(path.read_bytes())
    path.write_bytes(data)
    whole = VideoFile(path)
    assert len(read_all(whole)) == 50
    assert not whole.is_truncated
    path.write_bytes(data[: len(data) // 2])
    source = VideoFile(path)
    assert 5 < len(read_all(source)) < 45
    assert source.is_truncated


def test_noise_in_the_middle_costs_only_the_damaged_pictures(make_video: MakeVideo) -> None:
    path = make_video("clip.mkv", fourcc="MJPG")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 60_000] = np.random.default_rng(1).integers(0, 255, 60_000, np.uint8).tobytes()
    path.write_bytes(data)
    source = VideoFile(path)
    frames = read_all(source)
    times = [f.t_s for f in frames]
    assert times == sorted(set(times))
    # The brightness tells the number: whatever was lost, no picture has another's time.
    good = [f for f in frames if abs(float(f.image[200:].mean()) - (4 * round(f.t_s * 25) + 20)) < 4]
    assert len(good) >= len(frames) - 3
    assert len(good) < 50


def test_reading_goes_on_behind_a_damaged_place_and_says_so(make_video: MakeVideo) -> None:
    path = make_video()
    data = bytearray(path.read_bytes())
    start = len(data) * 3 // 10
    data[start : start + 100_000] = np.random.default_rng(1).integers(0, 255, 100_000, np.uint8).tobytes()
    path.write_bytes(data)
    source = VideoFile(path)
    frames = read_all(source)
    assert 40 < len(frames) < 50
    assert frames[-1].t_s == pytest.approx(49 / 25)
    assert source.warning == f"{path} is damaged: some of its pictures could not be read. Copy it again."
    assert not source.is_truncated


def test_an_end_that_is_missing_without_a_trace_is_noticed(make_video: MakeVideo) -> None:
    path = make_video("clip.mp4", fps=5.0)
    data = path.read_bytes()
    # Pictures 20 to 50 overwritten: the container is whole, the decoder finds nothing more.
    mdat, moov = data.index(b"mdat") + 4, data.index(b"moov") - 4
    start = mdat + (moov - mdat) * 2 // 5
    path.write_bytes(data[:start] + bytes(moov - start) + data[moov:])
    source = VideoFile(path)
    frames = read_all(source)
    assert 10 < len(frames) < 30
    assert source.is_truncated
    assert "cut off" in source.warning


def text(path: Path) -> None:
    path.write_text("Twelve dead bugs on each side, then rest. Ça va ?\n" * 100, encoding="utf-8")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def no_index(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


BROKEN: list[tuple[Callable[[Path], object], str]] = [
    (lambda p: p.unlink(), "There is no file"),
    (lambda p: p.write_bytes(b""), "is empty"),
    (text, "is a text, not a video"),
    (no_index, "is cut off and nothing of it can be read"),
    (lambda p: p.write_bytes(bytes(range(256)) * 64), "holds no video that can be read"),
    (lambda p: p.write_bytes(b"RIFF\0\0"), "holds no video|cut off"),
    (folder, "is not a file"),
]


@pytest.mark.parametrize(("breakage", "sentence"), BROKEN, ids=[s for _, s in BROKEN])
def test_a_broken_file_is_refused_in_one_sentence(
    make_video: MakeVideo, capfd: pytest.CaptureFixture[str], breakage: Callable[[Path], object], sentence: str
) -> None:
    path = make_video()
    breakage(path)
    source = VideoFile(path)
    with pytest.raises(SourceError, match=sentence) as error:
        source.open()
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)
    assert capfd.readouterr().err == ""


def test_reading_without_opening_is_refused(make_video: MakeVideo) -> None:
    with pytest.raises(SourceError, match="not open"):
        VideoFile(make_video()).read()


def test_a_name_with_a_colon_is_a_file(make_video: MakeVideo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_video().rename(tmp_path / "tcp:set.mp4")
    monkeypatch.chdir(tmp_path)
    assert len(read_all(VideoFile("tcp:set.mp4"))) == 50


PLAYLIST = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{url}\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize("content", [PLAYLIST, "ffconcat version 1.0\nfile '{url}'\n", PLAYLIST + "\0"])
def test_a_file_never_leads_to_the_network(tmp_path: Path, server: MjpegServer, content: str) -> None:
    path = tmp_path / "list.m3u8"
    path.write_text(content.format(url=server.url("video.ts")))
    with pytest.raises(SourceError):
        VideoFile(path).open()
    assert server.visits == []


def test_the_server_of_the_test_above_would_notice(server: MjpegServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as visitor:
        visitor.sendall(b"GET /x HTTP/1.0\r\n\r\n")
        visitor.recv(10)
    assert server.visits == ["/x"]
