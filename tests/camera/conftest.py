"""True inputs, made on the spot: videos, an MJPEG server, and a time that the test moves."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from formcheck.camera import Frame, Source

# s. Nothing waits this long unless the code is broken: then the test fails instead of hanging.
GUARD_S = 20.0


def picture(index: int, width: int = 320, height: int = 240) -> NDArray[np.uint8]:
    """A picture whose brightness tells its number; noisy, so that a video of it has some size."""
    rng = np.random.default_rng(index)
    image = np.full((height, width, 3), 4 * index + 20, np.uint8)
    image[: height // 4] = rng.integers(0, 255, (height // 4, width, 3), np.uint8)
    return image


def read_all(source: Source) -> list[Frame]:
    with source:
        return list(iter(source.read, None))


@pytest.fixture
def make_video(tmp_path: Path) -> Callable[..., Path]:
    def make(
        name: str = "clip.mp4", *, fourcc: str = "mp4v", fps: float = 25.0, size: tuple[int, int] = (320, 240)
    ) -> Path:
        path = tmp_path / name
        writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*fourcc), fps, size)
        assert writer.isOpened()
        for index in range(50):
            writer.write(picture(index, *size))
        writer.release()
        return path

    return make


class VirtualTime:
    """A clock that only moves when the test says so; `wait` is what `CameraThread` takes."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._now_s = 100.0
        self._seen = threading.local()
        self._waiting: list[tuple[threading.Condition, float | None]] = []

    def clock(self) -> float:
        with self._lock:
            self._seen.now_s = self._now_s
            return self._now_s

    def wait(self, change: threading.Condition, timeout_s: float | None) -> None:
        entry = (change, timeout_s)
        with self._lock:
            # Time moved since this thread looked: its timeout is stale, it must look again.
            if timeout_s is not None and self._seen.now_s != self._now_s:
                return
            self._waiting.append(entry)
            self._lock.notify_all()
        change.wait(GUARD_S)
        with self._lock:
            if entry in self._waiting:
                self._waiting.remove(entry)

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._now_s += seconds
            conditions = {change for change, _ in self._waiting}
            self._waiting.clear()
        for change in conditions:
            with change:
                change.notify_all()

    def until_waiting(self, timeout_s: float) -> None:
        """Block until some thread waits for exactly so long."""

        def is_there() -> bool:
            return any(t is not None and math.isclose(t, timeout_s, abs_tol=1e-6) for _, t in self._waiting)

        with self._lock:
            assert self._lock.wait_for(is_there, GUARD_S), f"nobody waits for {timeout_s} s: {self._waiting}"


@pytest.fixture
def virtual() -> VirtualTime:
    return VirtualTime()


class MjpegServer:
    """A network camera on 127.0.0.1. Each visit is answered as `answers` says, in turn: a number of pictures, after
    which the connection is dropped; "hold" for pictures and then silence; or "refuse"."""

    def __init__(self) -> None:
        self.answers: list[int | str] = []
        self.visits: list[str] = []
        self.authorizations: list[str | None] = []
        self.password_needed = False
        self.released = threading.Event()
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                camera.visits.append(self.path)
                camera.authorizations.append(self.headers["Authorization"])
                if camera.password_needed and self.headers["Authorization"] is None:
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="camera"')
                    self.end_headers()
                    return
                answer = camera.answers.pop(0) if camera.answers else "refuse"
                if answer == "refuse":
                    self.send_error(503)
                    return
                camera.send_pictures(self, 40 if answer == "hold" else int(answer))
                if answer == "hold":
                    camera.released.wait(GUARD_S)

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:  # a reader that hangs up is nothing to print
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def send_pictures(self, handler: BaseHTTPRequestHandler, count: int) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        handler.end_headers()
        try:
            for index in range(count):
                data = cv2.imencode(".jpg", picture(index, 160, 120))[1].tobytes()
                head = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(data)
                handler.wfile.write(head + data + b"\r\n")
        except OSError:  # the reader went away
            return

    def url(self, path: str = "video", user: str = "") -> str:
        return f"http://{user}127.0.0.1:{self.port}/{path}"

    def stop(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(GUARD_S)


@pytest.fixture
def server() -> Iterator[MjpegServer]:
    camera = MjpegServer()
    yield camera
    camera.stop()
