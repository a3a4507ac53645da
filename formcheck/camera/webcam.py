"""A webcam, by number or by name."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import cv2

from formcheck.camera.cameras import CameraInfo, describe_cameras, find_camera, list_cameras
from formcheck.camera.capture import Capture
from formcheck.camera.live import LiveSource
from formcheck.camera.systems import camera_system, closed_text
from formcheck.core.text import phrase
from formcheck.system.errors import SourceError


class Webcam(LiveSource):
    """A camera of this machine.

    A name is looked up at each opening: a camera that was unplugged often comes back under another number. One that was
    given by its number is remembered by the name that it had when it was first opened.
    """

    def __init__(
        self,
        which: int | str = 0,
        *,
        width: int = 1280,
        height: int = 720,
        rate_fps: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
        known_as: str = "",
        cameras: Callable[[], Sequence[CameraInfo]] = list_cameras,
    ) -> None:
        """Prepare it.

        Args:
            which: number, or a part of the name.
            width: requested picture width, pixels.
            height: requested picture height, pixels.
            rate_fps: requested pictures a second.
            clock: seconds; read right after each grab.
            known_as: the name that a camera given by its number had when it was first opened.
            cameras: lists the cameras of this machine.
        """
        super().__init__(f"Camera {which}" if isinstance(which, int) else which, clock)
        self._which = which
        self._known_as = known_as
        self._cameras = cameras
        self._width, self._height, self._rate_fps = width, height, rate_fps

    def open(self) -> None:
        """Open the device and ask for size and rate.

        Raises:
            SourceError: there is no such camera, or it can't be used.
        """
        self.close()
        index = self._index_now()
        capture = Capture(index, camera_system().backend)
        if not capture.is_open:
            capture.release()
            raise SourceError(_why_not(index))
        # MJPG first: with raw pictures most USB cameras allow 1280x720 only at 5 to 10 frames a second, and many
        # drivers check the size against the format of the moment.
        capture.request(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.request(cv2.CAP_PROP_FRAME_WIDTH, self._width)
        capture.request(cv2.CAP_PROP_FRAME_HEIGHT, self._height)
        capture.request(cv2.CAP_PROP_FPS, self._rate_fps)
        capture.request(cv2.CAP_PROP_BUFFERSIZE, 1)
        self._begin(capture)

    def _index_now(self) -> int:
        """The number that the camera has at this moment.

        Raises:
            SourceError: it is known by a name, and there is none of that name: another one is not opened in its place.
        """
        cameras = self._cameras()
        if not isinstance(self._which, int):
            return find_camera(self._which, cameras).index
        names = {camera.index: camera.name for camera in cameras}
        self._known_as = self._known_as or names.get(self._which, "")
        if not self._known_as or names.get(self._which) == self._known_as:
            return self._which
        back = next((index for index, name in names.items() if name == self._known_as), None)
        if back is None and names:
            raise SourceError(
                phrase(
                    "Camera “{name}” is not plugged in. {found}", name=self._known_as, found=describe_cameras(cameras)
                )
            )
        return self._which if back is None else back

    def fresh(self) -> Webcam:
        """An unopened source of the same camera."""
        return Webcam(
            self._which,
            width=self._width,
            height=self._height,
            rate_fps=self._rate_fps,
            clock=self._clock,
            known_as=self._known_as,
            cameras=self._cameras,
        )


def _why_not(index: int) -> str:
    """The sentence for a camera that didn't open: missing, forbidden or in use."""
    cameras = list_cameras()
    known = next((camera for camera in cameras if camera.index == index), None)
    if known is None:
        return phrase("No camera number {n}. {found}", n=index, found=describe_cameras(cameras))
    return closed_text(str(known), known.path)
