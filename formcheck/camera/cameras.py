"""Which webcams there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from formcheck.camera.systems import camera_system
from formcheck.core.text import phrase
from formcheck.system.errors import SourceError
from formcheck.system.shown import shown


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A webcam that the system knows."""

    index: int
    """The number that `--source` takes."""
    name: str
    path: str = ""
    """The device, as `/dev/video0`; empty where the system has no such thing."""

    def __str__(self) -> str:
        return f"{self.index} ({self.name})"


def list_cameras() -> tuple[CameraInfo, ...]:
    """The webcams of this machine by number; empty where there are none or they can't be listed. Never raises."""
    try:
        # Imported here: on macOS and Windows it loads a native library that may be missing.
        from cv2_enumerate_cameras import enumerate_cameras

        found = [
            CameraInfo(int(c.index), str(c.name or f"camera {c.index}"), str(c.path or ""))
            for c in enumerate_cameras(camera_system().backend)
        ]
    except (ImportError, OSError, RuntimeError, ValueError, TypeError, AttributeError):
        return ()
    return tuple(sorted(found, key=lambda camera: camera.index))


def describe_cameras(cameras: Sequence[CameraInfo]) -> str:
    """A sentence that names them, for a message."""
    if not cameras:
        return phrase("Cameras found: none. Plug one in, or give a video file.")
    return phrase("Cameras found: {names}.", names=", ".join(map(str, cameras)))


def find_camera(name: str, cameras: Sequence[CameraInfo]) -> CameraInfo:
    """The camera of that name, or the first whose name contains it; capitals don't matter.

    Raises:
        SourceError: there is none.
    """
    wanted = name.casefold()
    exact = [c for c in cameras if c.name.casefold() == wanted]
    similar = [c for c in cameras if wanted in c.name.casefold()]
    if not wanted or not similar:
        raise SourceError(
            phrase("No camera is called “{name}”. {found}", name=shown(name), found=describe_cameras(cameras))
        )
    return (exact or similar)[0]
