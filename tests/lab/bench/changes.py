"""Changes of a recording that nobody sees: what is judged in it must stay the same.

A change is either another encoding (by ffmpeg), or one of the pictures themselves, or the first pictures left out.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Change:
    """One invisible change."""

    name: str
    codec: tuple[str, ...] = ()
    """Arguments of ffmpeg that encode the pictures anew; empty = as they were decoded."""
    suffix: str = ".mp4"
    paint: Callable[[Picture, int], Picture] = lambda picture, _: picture
    """The picture of an index, changed."""
    drop: int = 0
    """First pictures that are left out."""


def noisy(picture: Picture, index: int) -> Picture:
    """Every value one grey level up, down, or as it was."""
    steps = np.random.default_rng(index).integers(-1, 2, picture.shape, np.int8)
    return np.asarray(np.clip(picture.astype(np.int16) + steps, 0, 255), np.uint8)


def shifted(picture: Picture, _: int) -> Picture:
    """Half a pixel to the right and down."""
    return _warped(picture, np.array([[1, 0, 0.5], [0, 1, 0.5]]))


def scaled(picture: Picture, _: int) -> Picture:
    """One per cent larger about the middle."""
    height, width = picture.shape[:2]
    return _warped(picture, cv2.getRotationMatrix2D((width / 2, height / 2), 0.0, 1.01))


def _warped(picture: Picture, matrix: NDArray[np.float64]) -> Picture:
    size = (picture.shape[1], picture.shape[0])
    flags = cv2.INTER_LINEAR
    return np.asarray(cv2.warpAffine(picture, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)


PLAIN = ("-pix_fmt", "yuv420p")
CHANGES = (
    Change("h264-23", ("-c:v", "libx264", "-crf", "23", *PLAIN)),
    Change("noise", paint=noisy),
    Change("shift", paint=shifted),
    Change("drop-1", drop=1),
    Change("scale", paint=scaled),
    Change("mpeg4-4", ("-c:v", "mpeg4", "-q:v", "4", *PLAIN)),
    Change("drop-3", drop=3),
    Change("vp9-31", ("-c:v", "libvpx-vp9", "-crf", "31", "-b:v", "0", "-cpu-used", "6", *PLAIN), ".webm"),
    Change("h264-18", ("-c:v", "libx264", "-crf", "18", *PLAIN)),
    Change("hevc-26", ("-c:v", "libx265", "-crf", "26", "-x265-params", "log-level=error", *PLAIN)),
    Change("h264-28", ("-c:v", "libx264", "-crf", "28", *PLAIN)),
    Change("drop-5", drop=5),
)
"""In the order in which they are tried: any beginning holds an encoding, a change of pictures, and a later start."""
AS_IT_IS = Change("as-it-is")


def encode(clip: Path, change: Change, folder: Path) -> Path:
    """The clip encoded anew, in a folder; the clip itself where nothing is asked.

    Raises:
        subprocess.CalledProcessError: this ffmpeg can't (its encoder is not there).
    """
    if not change.codec:
        return clip
    path = folder / f"{clip.stem}{change.suffix}"
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(clip), "-map", "0:v:0", *change.codec, str(path)]
    subprocess.run(command, check=True)
    return path
