"""Patients are filmed: nothing leaves the machine, and nothing is written that was not asked for."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from formcheck.system.assets import asset
from tests.privacy.window_loop import PICTURES

SECONDS = 120


@pytest.fixture(scope="session")
def short_clip(tmp_path_factory):
    """The first pictures of the demo, in a folder of its own."""
    path = tmp_path_factory.mktemp("clip") / "short.mp4"
    source = cv2.VideoCapture(str(asset("clips", "demo-dead-bug.mp4")))
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 30.0, (1280, 720))
    for _ in range(30):
        is_read, picture = source.read()
        assert is_read
        writer.write(cv2.resize(picture, (1280, 720)))
    writer.release()
    source.release()
    return path


def guarded(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A module run under the sentry, in an empty folder that is also its home."""
    environment = dict(
        os.environ,
        SDL_VIDEODRIVER="dummy",
        SDL_AUDIODRIVER="dummy",
        HOME=str(folder),
        XDG_CACHE_HOME=str(folder / "cache"),
        XDG_CONFIG_HOME=str(folder / "config"),
        XDG_DATA_HOME=str(folder / "data"),
        MPLCONFIGDIR=str(folder.parent),
        PYTHONPATH=str(Path(__file__).parents[2]),
        PYTHONDONTWRITEBYTECODE="1",
    )
    command = [sys.executable, "-m", "tests.privacy.sentry", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS)


@pytest.fixture
def empty(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def test_analyze_opens_no_socket_and_leaves_no_file(short_clip, empty):
    done = guarded(empty, "formcheck.cli.main", "analyze", str(short_clip), "-e", "dead-bug", "--json", "-")
    assert done.returncode == 0, done.stderr
    assert '"schema": "formcheck.analysis/2"' in done.stdout
    assert list(empty.rglob("*")) == []


def test_the_window_loop_opens_no_socket_and_leaves_no_file(short_clip, empty):
    done = guarded(empty, "tests.privacy.window_loop", str(short_clip))
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split(" pictures")[0].split()[-1]) >= PICTURES, done.stderr
    assert list(empty.rglob("*")) == []


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.getaddrinfo('example.invalid', 443)",
        "import ctypes; ctypes.CDLL(None).getaddrinfo(b'example.invalid', None, None, ctypes.byref(ctypes.c_void_p()))",
        "import threading, socket; t = threading.Thread(target=socket.socket); t.start(); t.join()",
    ],
    ids=["a look-up in Python", "a look-up in native code", "a socket on another thread"],
)
def test_the_sentry_itself_notices_a_contact(empty, code):
    (empty / "contact.py").write_text(code)
    command = [sys.executable, "-m", "tests.privacy.sentry", "contact"]
    done = subprocess.run(
        command, env=dict(os.environ, PYTHONPATH=f"{empty}{os.pathsep}{Path(__file__).parents[2]}"), timeout=SECONDS
    )
    assert done.returncode == -signal.SIGSYS
