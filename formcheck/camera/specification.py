"""What a person writes after `--source`, and the source that is meant by it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from formcheck.camera.cameras import find_camera, list_cameras
from formcheck.camera.folder import PICTURE_SUFFIXES, ImageFolder
from formcheck.camera.source import Source
from formcheck.camera.stream import NetworkStream
from formcheck.camera.turned import Turned
from formcheck.camera.video import VideoFile
from formcheck.camera.view import AS_IT_IS, View
from formcheck.camera.webcam import Webcam
from formcheck.system.errors import SourceError
from formcheck.system.shown import shown

# A camera's name has no slash, and nothing like ".mp4" at its end: so a mistyped path isn't taken for a name.
_PATH_LIKE = re.compile(r"[/\\]|\.\w{1,5}$|^[~.]")
_DEVICE = re.compile(r"/dev/video([0-9]+)")


def open_source(spec: str, view: View = AS_IT_IS) -> Source:
    """The source that a text names. It is chosen, not yet opened: `open` may still fail.

    Args:
        spec: number of a webcam, address of a stream, path of a video, a picture or a folder of pictures, or a part
            of a webcam's name.
        view: how its pictures are to be turned and mirrored.

    Raises:
        SourceError: the text means nothing here; the sentence says what to do.
    """
    source = _source_of(spec.strip())
    return source if view == AS_IT_IS else Turned(source, view)


def _source_of(text: str) -> Source:
    if not text:
        raise SourceError("No source was named. Give a camera's number, a video file or a stream's address.")
    if re.fullmatch(r"[0-9]{1,9}", text):
        return Webcam(int(text))
    if "://" in text:
        return NetworkStream(text)
    if device := _DEVICE.fullmatch(_followed(text)):
        return Webcam(int(device[1]))
    return _from_disk(Path(text).expanduser()) or _from_name(text)


def _followed(text: str) -> str:
    """What a path leads to: a rule of the system may have given a device a second name that it keeps."""
    return os.path.realpath(text) if "/" in text and "\0" not in text else text


def _from_disk(path: Path) -> Source | None:
    """The source at a path, or None if nothing is there."""
    try:
        if path.is_dir():
            return ImageFolder(path)
        if not path.exists():
            return None
    except (OSError, ValueError):  # too long a name, or a sign that no path may have
        return None
    return ImageFolder(path) if path.suffix.lower() in PICTURE_SUFFIXES else VideoFile(path)


def _from_name(text: str) -> Webcam:
    """The webcam of that name.

    Raises:
        SourceError: there is none, or the text was meant as a path.
    """
    if _PATH_LIKE.search(text):
        raise SourceError(f"There is no file or folder {shown(text)}. Check the path.")
    return Webcam(find_camera(text, list_cameras()).name)
