"""OpenCV's VideoCapture, quiet and typed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.camera.picture import to_bgr


def quiet_opencv() -> None:
    """Keep OpenCV and ffmpeg from writing to stderr: the person gets one clear sentence from us instead.

    ffmpeg also prints addresses with their passwords there. `OPENCV_FFMPEG_LOGLEVEL` set by hand is respected; it is
    read once, when a video is first read or written, so this must run before.
    """
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


quiet_opencv()


class Capture:
    """An open device, file or stream."""

    def __init__(self, target: int | str, backend: int, settings: Sequence[int] = ()) -> None:
        """Open it; whether that worked is in `is_open`.

        Args:
            target: device number, absolute path or address.
            backend: one of OpenCV's `CAP_` numbers; never "any", whose choice differs between machines.
            settings: pairs of property and value that must be known while opening.
        """
        self._device: Any = cv2.VideoCapture(target, backend, list(settings))

    @property
    def is_open(self) -> bool:
        """Whether the device, file or stream could be opened."""
        return bool(self._device.isOpened())

    def grab(self) -> bool:
        """Take the next picture without decoding it; False if there is none."""
        return bool(self._device.grab())

    def picture(self) -> NDArray[np.uint8] | None:
        """Decode the picture that was grabbed; None if it is broken."""
        try:
            is_good, image = self._device.retrieve()
        except cv2.error:
            return None
        return to_bgr(image) if is_good and image is not None and image.size else None

    def number(self, prop: int) -> float:
        """A property's value."""
        return float(self._device.get(prop))

    def request(self, prop: int, value: float) -> None:
        """Ask for a property's value; the driver may not grant it."""
        self._device.set(prop, value)

    @property
    def fps(self) -> float | None:
        """Announced pictures a second, or None if the number makes no sense."""
        fps = self.number(cv2.CAP_PROP_FPS)
        return fps if 0.0 < fps <= 1000.0 else None

    @property
    def frame_count(self) -> int | None:
        """Announced number of pictures, or None if unknown (OpenCV then gives a huge negative number)."""
        count = self.number(cv2.CAP_PROP_FRAME_COUNT)
        return int(count) if 0.0 < count < 1e9 else None

    def release(self) -> None:
        """Let go of it."""
        self._device.release()
