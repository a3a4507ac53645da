"""A folder of pictures, played in the order of their names."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.camera.frame import Frame
from formcheck.camera.picture import to_bgr
from formcheck.camera.source import Source
from formcheck.system.errors import SourceError
from formcheck.system.shown import shown

PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg"})


class ImageFolder(Source):
    """PNG and JPEG pictures of a folder, or one such picture, at a fixed rate."""

    def __init__(self, path: Path | str, fps: float = 30.0) -> None:
        """Prepare it.

        Args:
            path: the folder, or one picture.
            fps: pictures a second; a folder has no times of its own.
        """
        self.name = shown(path)
        self.fps = fps
        self._path = Path(path)
        self._rate_fps = fps
        self._files: list[Path] | None = None
        self._index = 0

    def open(self) -> None:
        """List the pictures.

        Raises:
            SourceError: there are none, or the folder can't be read.
        """
        self._files, self._index, self.warning = _list_pictures(self._path), 0, ""
        self.frame_count = len(self._files)
        if not any(_decode(file) is not None for file in self._files):
            raise SourceError(f"No picture in {self.name} can be read: the files are damaged. Copy them again.")

    def read(self) -> Frame | None:
        """The next picture that can be read; a damaged one is left out, its time stays empty.

        Raises:
            SourceError: the folder isn't open.
        """
        if self._files is None:
            raise SourceError(f"{self.name} is not open.")
        while self._index < len(self._files):
            index = self._index
            self._index += 1
            image = _decode(self._files[index])
            if image is not None:
                return Frame(image, index / self._rate_fps, index)
            self.warning = f"{shown(self._files[index])} can't be read and was left out. Copy it again."
        return None

    def close(self) -> None:
        """Forget the list."""
        self._files = None

    def fresh(self) -> ImageFolder:
        """An unopened source of the same folder."""
        return ImageFolder(self._path, self._rate_fps)


def _list_pictures(path: Path) -> list[Path]:
    """Pictures of the folder in natural order (2 before 10), or the one picture."""
    if path.is_file():
        return [path]
    try:
        entries = list(path.iterdir())
    except OSError as error:
        raise SourceError(f"The folder {shown(path)} can't be read ({error.strerror}). Check the path.") from None
    # macOS leaves "._name.jpg" beside each picture on foreign disks; those are no pictures.
    files = [p for p in entries if p.suffix.lower() in PICTURE_SUFFIXES and not p.name.startswith(".") and p.is_file()]
    if not files:
        raise SourceError(
            f"The folder {shown(path)} holds no pictures. Give a folder of PNG or JPEG files, or a video file."
        )
    return sorted(files, key=_natural)


def _natural(path: Path) -> list[tuple[int, int, str]]:
    """Sort key: runs of digits count as numbers."""
    pieces = re.split(r"([0-9]+)", path.name.casefold())
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces if piece]


def _decode(file: Path) -> NDArray[np.uint8] | None:
    """The picture, turned upright by its EXIF mark; None if it can't be read."""
    try:
        # Not cv2.imread: on Windows that can't open names outside the system's code page.
        data = np.fromfile(file, np.uint8)
        image = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    except (OSError, cv2.error):
        return None
    return None if image is None else to_bgr(image)
