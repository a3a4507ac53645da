"""How cameras differ between Linux, Windows and macOS: the one place that knows."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

import cv2

from formcheck.core.text import marked, phrase


@dataclass(frozen=True, slots=True)
class CameraSystem:
    """What is different on a system."""

    backend: int
    """OpenCV's door to the cameras. The same one lists and opens, or the numbers would not mean the same camera."""
    allow: str
    """Where the person lets programs use the camera, after "or "."""


LINUX = CameraSystem(cv2.CAP_V4L2, marked("add this account to the group “video” and log in again"))
SYSTEMS = {
    "linux": LINUX,
    # DirectShow opens in a fraction of the time of Media Foundation and honours MJPG.
    "win32": CameraSystem(cv2.CAP_DSHOW, marked("allow it in Settings, Privacy & security, Camera")),
    "darwin": CameraSystem(cv2.CAP_AVFOUNDATION, marked("allow it in System Settings, Privacy & Security, Camera")),
}
OTHER = CameraSystem(cv2.CAP_ANY, LINUX.allow)


def camera_system() -> CameraSystem:
    """That of this machine."""
    return SYSTEMS.get(sys.platform, OTHER)


def closed_text(camera: str, path: str) -> str:
    """The sentence for a camera that is there and can't be opened.

    Args:
        camera: its number and name.
        path: the device's file, where the system has one: only there can it be told that it is forbidden.
    """
    allow = camera_system().allow
    if path.startswith("/dev/"):
        if not os.access(path, os.R_OK | os.W_OK):
            return phrase("Camera {name} may not be used by this account: {allow}.", name=camera, allow=allow)
        return phrase(
            "Camera {name} can't be opened: close other programs that use it, or plug it in again.", name=camera
        )
    return phrase(
        "Camera {name} can't be opened: close other programs that use it, plug it in again, or {allow}.",
        name=camera,
        allow=allow,
    )
