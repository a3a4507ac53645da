"""A webcam on localhost that shows rendered clips as MJPEG, for sessions in real time."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.queues import Queue
from typing import Any

import cv2
import numpy as np

SIZE = (848, 480)
"""Of its pictures: a camera keeps its size, whatever clip it shows."""
FPS = 30.0
"""Before anything is shown."""
STILLS = 5
"""Pictures of one still: no two pictures of a camera are the same, and one that sends the same again is broken."""
NOISE = 2.0
"""Grey levels of a still's noise, standard deviation."""


@dataclass(frozen=True)
class Part:
    """What is shown next: a clip from its first picture on, or only that picture."""

    clip: str
    is_mirrored: bool
    moves: bool


class _Reel:
    """The parts as pictures, one after the other, each part's last one for good."""

    def __init__(self, parts: Queue[Part]) -> None:
        self._newest: Part | None = None
        self._shown: Part | None = None
        self._capture = cv2.VideoCapture()
        self._jpegs: deque[bytes] = deque()
        self.fps = FPS
        threading.Thread(target=self._listen, args=(parts,), daemon=True).start()

    def _listen(self, parts: Queue[Part]) -> None:
        while True:
            self._newest = parts.get()

    def next(self) -> bytes:
        """The next picture, as JPEG; empty before there is any."""
        if self._newest is not self._shown and self._newest is not None:
            self._shown = self._newest
            self._jpegs.clear()
            self._capture = cv2.VideoCapture(self._shown.clip)
            self.fps = self._capture.get(cv2.CAP_PROP_FPS)
        if self._shown is not None and (self._shown.moves or not self._jpegs):
            is_read, picture = self._capture.read()
            if is_read:
                picture = framed(cv2.flip(picture, 1) if self._shown.is_mirrored else picture)
                self._jpegs = deque([_jpeg(picture)])
            if not (is_read and self._shown.moves) and len(self._jpegs) == 1:
                self._jpegs.extend(_jpeg(noisy(decoded(self._jpegs[0]), seed)) for seed in range(STILLS))
        self._jpegs.rotate(-1)
        return self._jpegs[0] if self._jpegs else b""


def _jpeg(picture: Any) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])[1])


def decoded(jpeg: bytes) -> Any:
    """A picture out of its JPEG."""
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def noisy(picture: Any, seed: int) -> Any:
    """A picture as the sensor sees it once more."""
    noise = np.random.default_rng(seed).normal(0.0, NOISE, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def framed(picture: Any) -> Any:
    """A picture of any size as one of `SIZE`, undistorted."""
    scale = min(SIZE[0] / picture.shape[1], SIZE[1] / picture.shape[0])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    across, down = SIZE[0] - small.shape[1], SIZE[1] - small.shape[0]
    edges = (down // 2, down - down // 2, across // 2, across - across // 2)
    return cv2.copyMakeBorder(small, *edges, cv2.BORDER_REPLICATE)


def serve(port: int, parts: Queue[Part]) -> None:
    """Serve what the latest part shows, at its clip's own rate, until the process ends."""
    reel = _Reel(parts)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=b")
            self.end_headers()
            due = time.monotonic()
            try:
                while True:
                    jpeg = reel.next()
                    head = b"--b\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg)
                    self.wfile.write(head + jpeg + b"\r\n")
                    due = max(due + 1 / reel.fps, time.monotonic() - 0.1)
                    time.sleep(max(0.0, due - time.monotonic()))
            except OSError:
                return  # the viewer has gone

        def log_message(self, *_: object) -> None:
            """Quiet."""

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
