"""FFmpeg, by PyAV: the pictures of a file or of a network stream as a player shows them.

Interlaced pictures are de-interlaced, oblong pixels stretched, marks for turning and mirroring obeyed, cover pictures
passed over, colours converted as they are marked (BT.601 where they aren't), HDR brought to the range of a screen.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.sidedata.sidedata import Type as SideDataType
from av.stream import Disposition
from av.video.reformatter import ColorPrimaries, ColorTrc, Interpolation, VideoReformatter
from numpy.typing import NDArray

from formcheck.camera.view import AS_IT_IS, View

MAX_BROKEN = 1000
"""Broken packets in a row after which no picture is expected any more. A stream that is joined between two whole
pictures, ten seconds apart, costs 300 at 30 a second; files end by themselves."""
MAX_PIXEL_RATIO = Fraction(4)
"""Pixels more oblong than this are a damaged header; the most oblong in use is 2.2 (anamorphic DV)."""
SQUARE = Fraction(1, 100)
"""Pixels this near to square are (854x480 is marked 1280:1281): stretching would cost more sharpness than it mends."""
DECLARING = frozenset({"mov", "matroska", "avi", "flv", "asf", "mxf"})
"""Containers that say how long they are. Of the others FFmpeg makes an estimate from stamps or size, and errs."""
HDR = (ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67)
"""Transfer functions PQ and HLG: brightness is stored for another kind of screen."""
CAPTURE_FPS = "com.android.capture.fps"
"""Where Android's camera writes how many pictures a second it took; ISO files name the key in their metadata."""


class NoVideoError(Exception):
    """What was opened has no moving pictures; `has_sound` and `has_cover` say what it has instead."""

    def __init__(self, *, has_sound: bool, has_cover: bool) -> None:
        super().__init__("no video")
        self.has_sound, self.has_cover = has_sound, has_cover


class Decoder:
    """An open video. `grab` decodes a picture, then `stamp_s` and `picture` are its time and its pixels."""

    def __init__(
        self,
        address: str,
        options: Mapping[str, str],
        *,
        is_live: bool = False,
        timeout_s: tuple[float, float] | None = None,
    ) -> None:
        """Open it.

        Args:
            address: an absolute path or a URL.
            options: FFmpeg's, for the container.
            is_live: whether the newest picture matters more than speed: no picture waits in a decoder's thread.
            timeout_s: for opening, and for each read; None waits for ever.

        Raises:
            av.error.FFmpegError: it can't be opened.
            NoVideoError: it holds no video.
        """
        self._container: Any = av.open(address, options=dict(options), timeout=timeout_s, metadata_errors="replace")
        try:
            self._stream: Any = _video_of(self._container)
        except NoVideoError:
            self._container.close()
            raise
        # In software: what hardware decoders give differs from machine to machine, and so would the findings.
        self._stream.thread_type = "SLICE" if is_live else "AUTO"
        self._is_live = is_live
        self._packets = self._demux()
        self._frames: deque[Any] = deque()
        self._frame: Any = None
        self._graph: Any = None
        self._view: View | None = None
        self._reformatter = VideoReformatter()
        self.broken = 0
        """Packets and pictures that could not be decoded."""
        self.ends_inside_a_picture = False
        """Whether the last packet that was read is shorter than it says."""

    def grab(self) -> bool:
        """Decode the next good picture; False at the end, and when a stream has broken off."""
        failed = 0
        while not self._frames:
            packet = next(self._packets, None)
            if packet is None or failed > MAX_BROKEN:
                return False
            before = self.broken
            self._frames.extend(self._shown(self._decode(packet)))
            failed += self.broken - before
            self.ends_inside_a_picture = packet.is_corrupt if packet.size else self.ends_inside_a_picture
        self._frame = self._frames.popleft()
        return True

    def picture(self) -> NDArray[np.uint8] | None:
        """(h, w, 3) BGR of the picture that was grabbed; None if its pixels can't be had."""
        frame = self._frame
        wish: dict[str, Any] = {"format": "bgr24"}
        if frame.color_trc in HDR:
            wish |= {"dst_color_trc": ColorTrc.BT709, "dst_color_primaries": ColorPrimaries.BT709}
        width, height = _square(frame.width, frame.height, self._stream.sample_aspect_ratio)
        if (width, height) != (frame.width, frame.height):
            wish |= {"width": width, "height": height, "interpolation": Interpolation.BICUBIC}
        try:
            image: Any = self._reformatter.reformat(frame, **wish).to_ndarray()
        except (av.error.FFmpegError, ValueError):
            self.broken += 1
            return None
        return self.view.apply(image)

    @property
    def stamp_s(self) -> float:
        """The grabbed picture's presentation time, seconds from the stream's start; NaN where it has none."""
        if self._frame is None or self._frame.pts is None:
            return math.nan
        return float(self._frame.time) - self.start_s

    @property
    def end_s(self) -> float:
        """When the grabbed picture ends, as `stamp_s`; NaN where it has no time."""
        duration = self._frame.duration if self._frame is not None else 0
        return self.stamp_s + float(duration * self._frame.time_base) if duration else self.stamp_s

    @property
    def start_s(self) -> float:
        """Presentation time at which the video announces to begin; 0 where it doesn't."""
        stream = self._stream
        return 0.0 if stream.start_time is None else float(stream.start_time * stream.time_base)

    @property
    def view(self) -> View:
        """How the file asks to be shown; known from the first picture on."""
        return self._view or AS_IT_IS

    @property
    def fps(self) -> float | None:
        """Announced pictures a second; None if there are none or the number makes no sense."""
        rates = (self._stream.average_rate, self._stream.guessed_rate)
        return next((float(rate) for rate in rates if rate and 0 < rate <= 1000), None)

    @property
    def capture_fps(self) -> float | None:
        """Pictures a second that the camera took, where the file names it."""
        named = {**self._container.metadata, **self._stream.metadata}.get(CAPTURE_FPS, "")
        try:
            fps = float(named)
        except ValueError:
            return None
        return fps if 0.0 < fps <= 10_000.0 else None

    @property
    def duration_s(self) -> float | None:
        """Announced seconds of the video itself, without what an edit list leaves out; None if it announces none."""
        stream = self._stream
        if stream.duration is not None:
            return float(stream.duration * stream.time_base)
        if self.measured_s is not None:
            return self.measured_s
        if stream.frames and self.fps:
            return float(stream.frames / self.fps)
        return None

    @property
    def measured_s(self) -> float | None:
        """Seconds of the video to the end of its last picture, as the writer of a Matroska file measured them."""
        end_s = _seconds(self._stream.metadata.get("DURATION", ""))
        return None if end_s is None else end_s - self.start_s  # counted from zero, wherever the pictures begin

    @property
    def whole_duration_s(self) -> float | None:
        """Announced seconds of the container, sound included; None if it announces none."""
        duration = self._container.duration
        return None if duration is None or duration <= 0 else duration / av.time_base - max(0.0, self.start_s)

    @property
    def frame_count(self) -> int | None:
        """Announced pictures; None if unknown."""
        duration_s = self.duration_s or self.whole_duration_s
        if duration_s and self.fps and (self._stream.frames or self._container.duration):
            return round(duration_s * self.fps)
        return self._stream.frames or None

    @property
    def declared_s(self) -> float | None:
        """Seconds that the file itself says it has; None if its format says nothing."""
        if DECLARING.isdisjoint(self._container.format.name.split(",")):
            return None
        return self.duration_s or self.whole_duration_s

    def reaches_past(self, size: int) -> bool:
        """Whether the index names pictures behind a file's end, at so many bytes."""
        return any(entry.size > 0 and entry.pos + entry.size > size for entry in self._stream.index_entries)

    def release(self) -> None:
        """Let go of it."""
        self._frames.clear()
        self._frame = self._graph = None
        self._container.close()

    def _demux(self) -> Iterator[Any]:
        """The packets, past damaged places of a file; on the network, an error ends it."""
        failed = 0
        while failed <= MAX_BROKEN:
            try:
                for packet in self._container.demux(self._stream):
                    failed = 0
                    yield packet
            except av.error.FFmpegError:
                if self._is_live:
                    return
                self.broken += 1
                failed += 1
            else:
                return

    def _decode(self, packet: Any) -> list[Any]:
        try:
            frames = packet.decode()
        except (av.error.FFmpegError, ValueError):
            self.broken += 1
            return []
        good = [frame for frame in frames if not frame.is_corrupt]
        self.broken += len(frames) - len(good)
        # An empty packet ends the stream: what a filter holds back comes out.
        return [*good, None] if packet.dts is None and packet.size == 0 else good

    def _shown(self, frames: list[Any]) -> Iterator[Any]:
        """The pictures, de-interlaced from the first one on that is marked as interlaced."""
        for frame in frames:
            if frame is not None:
                self._view = self._view or _view_of(frame)
                if self._graph is None and frame.interlaced_frame:
                    self._graph = _deinterlacer(self._stream, frame)
            if self._graph is not None:
                yield from _through(self._graph, frame)
            elif frame is not None:
                yield frame


def _video_of(container: Any) -> Any:
    """The stream that a player shows: moving pictures rather than a cover.

    Raises:
        NoVideoError: there are none.
    """
    still = Disposition.attached_pic | Disposition.still_image | Disposition.timed_thumbnails
    moving = [s for s in container.streams.video if not s.disposition & still]
    if not moving:
        raise NoVideoError(has_sound=bool(container.streams.audio), has_cover=bool(container.streams.video))
    best = container.streams.best("video")
    return best if best in moving else max(moving, key=lambda s: (s.width or 0) * (s.height or 0))


def _view_of(frame: Any) -> View:
    data = next((bytes(side) for side in frame.side_data if side.type == SideDataType.DISPLAYMATRIX), b"")
    return View.from_matrix(data) if data else AS_IT_IS


def _square(width: int, height: int, ratio: Fraction | None) -> tuple[int, int]:
    """The size in square pixels. Only ever larger, so that nothing that was filmed gets lost."""
    if not ratio or not 1 / MAX_PIXEL_RATIO <= ratio <= MAX_PIXEL_RATIO or abs(ratio - 1) < SQUARE:
        return width, height
    return (round(width * ratio), height) if ratio > 1 else (width, round(height / ratio))


def _deinterlacer(stream: Any, frame: Any) -> Any:
    """Makes whole pictures of half ones, one for one; pictures that aren't interlaced pass as they are."""
    graph = av.filter.Graph()
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=stream.time_base, name="in"
    )
    filters = graph.add("bwdif", "mode=send_frame:deint=interlaced"), graph.add("buffersink")
    graph.link_nodes(source, *filters).configure()
    return graph


def _through(graph: Any, frame: Any) -> Iterator[Any]:
    graph.vpush(frame)
    while True:
        try:
            yield graph.vpull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return


def _seconds(text: str) -> float | None:
    """Seconds of a clock text, `00:00:06.000`; None if it is none."""
    try:
        hours, minutes, seconds = text.split(":")
        return 3600.0 * int(hours) + 60.0 * int(minutes) + float(seconds)
    except ValueError:
        return None
