"""Videos of any kind, made on the spot by PyAV."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

CORNERS = {"red": (40, 40, 200), "green": (40, 200, 40), "blue": (200, 40, 40), "grey": (128, 128, 128)}
"""BGR of the four corners of `corners`, clockwise from the upper left."""


def corners(width: int = 128, height: int = 64) -> Picture:
    """A picture whose corners tell how it was turned and mirrored."""
    image = np.zeros((height, width, 3), np.uint8)
    red, green, blue, grey = CORNERS.values()
    half_h, half_w = height // 2, width // 2
    image[:half_h, :half_w], image[:half_h, half_w:] = red, green
    image[half_h:, half_w:], image[half_h:, :half_w] = blue, grey
    return image


def corner_names(image: Picture) -> list[str]:
    """The colours of a picture's corners, clockwise from the upper left."""
    h, w = image.shape[:2]
    spots = [image[h // 8, w // 8], image[h // 8, -w // 8], image[-h // 8, -w // 8], image[-h // 8, w // 8]]
    return [min(CORNERS, key=lambda name: float(np.abs(CORNERS[name] - s.astype(float)).sum())) for s in spots]


def write(
    path: Path,
    pictures: Iterable[Picture],
    *,
    codec: str = "libx264",
    rate: int = 25,
    pix_fmt: str = "yuv420p",
    options: Mapping[str, str] | None = None,
    muxer: Mapping[str, str] | None = None,
    format: str | None = None,
    ratio: Fraction = Fraction(1),
    matrix: Sequence[int] | None = None,
    colorspace: int | None = None,
    metadata: Mapping[str, str] | None = None,
    sound: bool = False,
    cover: bytes = b"",
) -> Path:
    """Write a video; `colorspace` is 1 for BT.709, `matrix` its first nine numbers in 16.16."""
    pictures = list(pictures)
    with av.open(str(path), "w", format=format, options=dict(muxer or {})) as out:
        out.metadata.update(metadata or {})
        still = _cover_stream(out) if cover else None
        stream: Any = out.add_stream(codec, rate=rate, options=dict(options or {})) if pictures else None
        if stream is not None:
            stream.height, stream.width = pictures[0].shape[:2]
            stream.pix_fmt = pix_fmt
            stream.codec_context.sample_aspect_ratio = ratio
            stream.codec_context.colorspace = colorspace or stream.codec_context.colorspace
            stream.set_display_matrix(matrix)
        audio = out.add_stream("aac", rate=8000, layout="mono") if sound else None
        if still is not None:
            out.start_encoding()
            _mux_cover(out, still, cover)
        if stream is not None:
            _mux_pictures(out, stream, pictures, rate, colorspace)
        if audio is not None:
            _mux_silence(out, audio)
    return path


def _cover_stream(out: Any) -> Any:
    still = out.add_stream("mjpeg", rate=1)
    still.width, still.height, still.pix_fmt = 64, 64, "yuvj420p"
    still.disposition = av.stream.Disposition.attached_pic
    return still


def _mux_cover(out: Any, stream: Any, cover: bytes) -> None:
    packet = av.Packet(cover)
    packet.stream, packet.pts, packet.dts = stream, 0, 0
    out.mux(packet)


def _mux_pictures(out: Any, stream: Any, pictures: Sequence[Picture], rate: int, colorspace: int | None) -> None:
    for index, image in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(image, "bgr24")
        if colorspace is not None:
            frame = frame.reformat(format=stream.pix_fmt, dst_colorspace=colorspace)
            frame.colorspace = colorspace
        frame.pts, frame.time_base = index, Fraction(1, rate)
        out.mux(stream.encode(frame))
    out.mux(stream.encode())


def _mux_silence(out: Any, stream: Any) -> None:
    for index in range(8):
        quiet = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        quiet.sample_rate, quiet.pts = 8000, 1024 * index
        out.mux(stream.encode(quiet))
    out.mux(stream.encode())


def copy(source: Path, path: Path, *, by_s: float = 0.0, muxer: Mapping[str, str] | None = None) -> Path:
    """Copy a video's packets into another container, all stamps later by so many seconds."""
    with av.open(str(source)) as old, av.open(str(path), "w", options=dict(muxer or {})) as new:
        stream = old.streams.video[0]
        target = new.add_stream_from_template(stream)
        for packet in old.demux(stream):
            if packet.dts is None or packet.pts is None:
                continue
            shift = round(by_s / packet.time_base)
            packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
            packet.stream = target
            new.mux(packet)
    return path
