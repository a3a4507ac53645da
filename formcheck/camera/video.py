"""A recorded video."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.camera.capture import Capture
from formcheck.camera.container import is_cut_off, is_text
from formcheck.camera.frame import Frame
from formcheck.camera.source import Source
from formcheck.camera.stamps import PtsNormalizer
from formcheck.system.errors import SourceError

# Pictures a second for a file that names none and has no stamps.
DEFAULT_FPS = 30.0
# Failed grabs in a row after which a file is given up. One grab fails per damaged packet: 3 kB of noise in a small
# H.264 file cost 18. At the end of a cut-off file all of them together take 13 ms.
MAX_BROKEN = 120
# A file that ends this much early, in seconds and as a part of the announced length, is incomplete. Less is normal:
# the announced length is often the sound's, and clips trimmed on a phone announce what was cut away.
MISSING_S = 2.0
MISSING_PART = 0.1


class VideoFile(Source):
    """A video file, upright as its rotation mark says, timed by its own stamps.

    A file that was cut off or is damaged delivers what can be decoded; then `warning` says so, and `is_truncated` is
    True if its end is missing.
    """

    def __init__(self, path: Path | str) -> None:
        """Prepare it.

        Args:
            path: the file.
        """
        self.name = str(path)
        self.is_truncated = False
        self._path = Path(path)
        self._capture: Capture | None = None
        self._pending: tuple[NDArray[np.uint8], float] | None = None
        self._stamps = PtsNormalizer(DEFAULT_FPS)
        self._index = 0
        self._last_s = 0.0
        self._is_damaged = False

    def open(self) -> None:
        """Open the file and decode its first picture.

        Raises:
            SourceError: there is no such file, or it isn't a video that can be read.
        """
        self.close()
        is_cut = _check(self._path)
        # Decoded in software: what hardware decoders give differs from machine to machine, and so would the findings.
        # The path is absolute because ffmpeg reads a relative "a:b.mp4" as a network protocol.
        settings = [cv2.CAP_PROP_HW_ACCELERATION, cv2.VIDEO_ACCELERATION_NONE]
        capture = Capture(str(self._path.absolute()), cv2.CAP_FFMPEG, settings)
        self._capture = capture
        self._index, self._last_s, self._is_damaged = 0, 0.0, False
        self.is_truncated, self.warning = is_cut, ""
        capture.request(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
        self.fps, self.frame_count = capture.fps, capture.frame_count
        self._stamps = PtsNormalizer(self.fps or DEFAULT_FPS)
        self._pending = self._decode() if capture.is_open else None
        if self._pending is None:
            self.close()
            raise SourceError(_why_not(self._path, is_cut))
        self._is_damaged = False  # a broken beginning of a cut from a longer file is usual, and costs nothing
        self._warn()

    def read(self) -> Frame | None:
        """The next picture that can be decoded, or None at the end.

        Raises:
            SourceError: the file isn't open.
        """
        if self._capture is None:
            raise SourceError(f"{self.name} is not open.")
        picture = self._pending or self._decode()
        self._pending = None
        if picture is None:
            self._check_end()
            return None
        image, self._last_s = picture
        index = self._index
        self._index += 1
        return Frame(image, self._last_s, index)

    def close(self) -> None:
        """Let go of the file."""
        if self._capture is not None:
            self._capture.release()
        self._capture = self._pending = None

    def fresh(self) -> VideoFile:
        """An unopened source of the same file."""
        return VideoFile(self._path)

    def _decode(self) -> tuple[NDArray[np.uint8], float] | None:
        """The next good picture and its time in seconds, past damaged places; None at the end."""
        capture = self._capture
        if capture is None:
            return None
        for attempt in range(MAX_BROKEN):
            if capture.grab():
                t_s = self._stamps.time_of(capture.number(cv2.CAP_PROP_POS_MSEC) / 1000.0)
                image = capture.picture()
                if image is not None and t_s is not None:
                    self._is_damaged = self._is_damaged or attempt > 0
                    return image, t_s
            elif not self._missing_s():
                break
        return None

    def _missing_s(self) -> float:
        """Seconds between the last picture and the announced end; 0 if nothing is announced or it was reached."""
        if self.frame_count is None or self.fps is None:
            return 0.0
        return max(0.0, (self.frame_count - 1.5) / self.fps - self._last_s)

    def _check_end(self) -> None:
        """At the end: judge whether it is the true one."""
        missing_s, got_s = self._missing_s(), self._last_s
        self.is_truncated = self.is_truncated or missing_s > max(MISSING_S, MISSING_PART * (missing_s + got_s))
        self._warn()

    def _warn(self) -> None:
        if self.is_truncated:
            self.warning = f"{self.name} is cut off: only what could be read of it is used. Copy or record it again."
        elif self._is_damaged:
            self.warning = f"{self.name} is damaged: some of its pictures could not be read. Copy it again."


def _check(path: Path) -> bool:
    """Refuse what can't be a video; say whether the file is cut off.

    Raises:
        SourceError: with what is wrong and what to do.
    """
    try:
        if not path.exists():
            raise SourceError(f"There is no file {path}. Check the path.")
        if not path.is_file():
            raise SourceError(f"{path} is not a file. Give the path of a video file.")
        if path.stat().st_size == 0:
            raise SourceError(f"{path} is empty. Copy or record it again.")
        if is_text(path):
            raise SourceError(f"{path} is a text, not a video. Give a video file, for instance MP4, MOV, MKV or WebM.")
        return is_cut_off(path)
    except OSError as error:
        raise SourceError(f"{path} can't be read ({error.strerror}). Check the path and its permissions.") from None


def _why_not(path: Path, is_cut: bool) -> str:
    """The sentence for a file without a picture."""
    if is_cut:
        return f"{path} is cut off and nothing of it can be read. Copy or record it again."
    return f"{path} holds no video that can be read. Give a video file, for instance MP4, MOV, MKV or WebM."
