"""A recorded video."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from formcheck.camera.decoder import Decoder, NoVideoError
from formcheck.camera.frame import Frame
from formcheck.camera.source import Source
from formcheck.camera.stamps import PtsNormalizer
from formcheck.system.errors import SourceError
from formcheck.system.shown import shown

FORMATS = (
    "mov,mp4,matroska,webm,avi,mpegts,mpegtsraw,mpeg,mpegvideo,m4v,h264,hevc,av1,obu,ivf,mjpeg,flv,live_flv,asf,ogg,"
    "gif,apng,mxf,dv,dhav,wtv,rm,nut,nsv,vc1,h261,h263,yuv4mpegpipe,mp3,wav,aac,flac,aiff,amr,ac3,eac3"
)
"""Containers that are read. Playlists (HLS, DASH, concat), which lead to other files and addresses, texts and stills
are not among them; formats of sound are, to say that there is no picture."""
OPTIONS = {"protocol_whitelist": "file", "format_whitelist": FORMATS}
"""For FFmpeg: a file never leads to the network."""
DEFAULT_FPS = 30.0
"""Pictures a second for a file that names none and has no stamps."""
MISSING_S = 2.0
"""A file that ends this much early, and by `MISSING_PART` of the announced length, is incomplete. Less is normal: the
announced length is often the sound's, and a clip's last picture may stand long."""
MISSING_PART = 0.1
MEASURED_MISSING_S = 0.25
"""The same where the file's writer measured the pictures' own length: a few pictures that could not be decoded."""
SLOW_MOTION_FPS = 100.0
"""A camera that took so many pictures a second, and whose file plays fewer, was filming in slow motion: Android's
high-speed sessions begin at 120. Below, a low rate is poor light, and its stamps are true."""
STRETCHED = 1.5
"""From this much between the rate taken and the rate played, the times were stretched; less is a rate that varies."""
_SNIFF_BYTES = 2048
"""Bytes read to tell a text file; longer than any playlist's head."""

Picture = NDArray[np.uint8]


class VideoFile(Source):
    """A video file as a player shows it, timed by its own stamps.

    A file that was cut off or is damaged delivers what can be decoded; then `warning` says so, and `is_truncated` is
    True if its end is missing.
    """

    def __init__(self, path: Path | str) -> None:
        """Prepare it.

        Args:
            path: the file.
        """
        self.name = shown(path)
        self.is_truncated = False
        self._path = Path(path)
        self._decoder: Decoder | None = None
        self._pictures: Iterator[tuple[Picture, float]] = iter(())
        self._pending: tuple[Picture, float] | None = None
        self._index = 0
        self._end_s = 0.0
        self._harmless = 0

    def open(self) -> None:
        """Open the file and decode its first picture.

        Raises:
            SourceError: there is no such file, or it isn't a video that can be read.
        """
        self.close()
        _check(self._path)
        try:
            # The path is absolute because FFmpeg reads a relative "a:b.mp4" as a network protocol.
            decoder = self._decoder = Decoder(str(self._path.absolute()), OPTIONS)
        except (av.error.FFmpegError, NoVideoError) as error:
            raise SourceError(_why_not(self._path, error)) from None
        self.is_truncated, self.warning, self._index = decoder.reaches_past(self._path.stat().st_size), "", 0
        self._end_s = 0.0
        self.fps, self.frame_count, self.capture_fps = decoder.fps, decoder.frame_count, decoder.capture_fps
        self._pictures = PtsNormalizer(self.fps or DEFAULT_FPS).timed(self._decode(decoder))
        self._pending = next(self._pictures, None)
        if self._pending is None:
            self.close()
            raise SourceError(_why_not(self._path, None))
        self.is_mirrored = decoder.view.is_mirrored
        # A broken beginning of a cut from a longer file is usual, and costs nothing.
        self._harmless = decoder.broken
        self._warn()

    def read(self) -> Frame | None:
        """The next picture that can be decoded, or None at the end.

        Raises:
            SourceError: the file isn't open.
        """
        if self._decoder is None:
            raise SourceError(f"{self.name} is not open.")
        picture = self._pending or next(self._pictures, None)
        self._pending = None
        if picture is None:
            self._check_end(self._decoder)
            return None
        image, t_s = picture
        self._index += 1
        return Frame(image, t_s * self._stretch, self._index - 1)

    def close(self) -> None:
        """Let go of the file."""
        if self._decoder is not None:
            self._decoder.release()
        self._decoder = self._pending = None

    def fresh(self) -> VideoFile:
        """An unopened source of the same file."""
        return VideoFile(self._path)

    @property
    def _stretch(self) -> float:
        """True seconds a second of the file: less than 1 for slow motion, where the file says how it was filmed."""
        if self.fps is None or self.capture_fps is None:
            return 1.0
        factor = self.fps / self.capture_fps
        is_slow = factor * STRETCHED <= 1.0 and self.capture_fps >= SLOW_MOTION_FPS
        return factor if is_slow or factor >= STRETCHED else 1.0

    def _decode(self, decoder: Decoder) -> Iterator[tuple[Picture, float]]:
        """The good pictures with their stamps, past damaged places."""
        while decoder.grab():
            stamp_s, image = decoder.stamp_s, decoder.picture()
            if image is not None:
                self._end_s = max(self._end_s, decoder.end_s)
                yield image, stamp_s

    def _check_end(self, decoder: Decoder) -> None:
        """At the end: judge whether it is the true one."""
        announced_s = decoder.declared_s or 0.0
        missing_s = announced_s - self._end_s
        is_short = missing_s > max(MISSING_S, MISSING_PART * announced_s)
        if decoder.measured_s is not None:
            is_short = decoder.measured_s - self._end_s > MEASURED_MISSING_S
        self.is_truncated = self.is_truncated or decoder.ends_inside_a_picture or is_short
        self._warn()

    def _warn(self) -> None:
        if self.is_truncated:
            self.warning = f"{self.name} is cut off: only what could be read of it is used. Copy or record it again."
        elif self._decoder is not None and self._decoder.broken > self._harmless:
            self.warning = f"{self.name} is damaged: some of its pictures could not be read. Copy it again."


def _check(path: Path) -> None:
    """Refuse what can't be a video.

    Raises:
        SourceError: with what is wrong and what to do.
    """
    name = shown(path)
    try:
        if not path.exists():
            raise SourceError(f"There is no file {name}. Check the path.")
        if not path.is_file():
            raise SourceError(f"{name} is not a file. Give the path of a video file.")
        if path.stat().st_size == 0:
            raise SourceError(f"{name} is empty. Copy or record it again.")
        if _is_text(path):
            raise SourceError(f"{name} is a text, not a video. Give a video file, for instance MP4, MOV, MKV or WebM.")
    except OSError as error:
        raise SourceError(f"{name} can't be read ({error.strerror}). Check the path and its permissions.") from None


def _is_text(path: Path) -> bool:
    """Whether a file is plain text."""
    head = _head(path)
    # A sign cut in two at the end is no sign of a binary file.
    text = head.decode("utf-8", errors="ignore")
    return len(head) - len(text.encode()) < 4 and all(sign.isprintable() or sign in "\t\r\n\f\ufeff" for sign in text)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_SNIFF_BYTES)


def _why_not(path: Path, error: Exception | None) -> str:
    """The sentence for a file without a moving picture."""
    name = shown(path)
    if isinstance(error, NoVideoError):
        held = "only sound" if error.has_sound else "only a still picture" if error.has_cover else "no picture"
        return f"{name} holds {held}, no video. Give the video itself."
    head = _head(path)
    # MP4, MKV and AVI by their first bytes; without their index, or broken off in their head, nothing can be read.
    if head[4:8] == b"ftyp" or head.startswith((b"\x1a\x45\xdf\xa3", b"RIFF")):
        return f"{name} is cut off and nothing of it can be read. Copy or record it again."
    return f"{name} holds no video that can be read. Give a video file, for instance MP4, MOV, MKV or WebM."
