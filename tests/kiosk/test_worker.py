"""One worker from the moment in which it comes to the screen: there is a picture before anything else is made."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pygame
import pytest

from formcheck.kiosk.link import FD
from formcheck.kiosk.worker import work

pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
"""A worker's line is open until its process ends."""
DAY = '[night]\nbegins = "00:00:00"\nends = "00:00:00"\n'
NIGHT = '[night]\nbegins = "00:00:00"\nends = "23:59:59.999999"\n'


def brightest(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[str]]:
    """The brightest pixel when the visit is put together, and what the supervisor was told; the visit then fails."""
    file = folder / "kiosk.toml"
    file.write_text(text, encoding="utf-8")
    ours, theirs = socket.socketpair()
    monkeypatch.setenv(FD, str(os.dup(theirs.fileno())))
    theirs.close()
    ours.sendall(b"show\n")
    seen: list[int] = []

    def build(*_: object):
        surface = pygame.display.get_surface()
        assert surface is not None
        seen.append(int(pygame.surfarray.array3d(surface).max()))
        ours.sendall(b"leave\n")
        raise RuntimeError("a number that somebody typed: Nr-4711")

    with ours:
        assert work(file, build=build) == 0
        told = ours.recv(4096).decode().split()
    return seen[0], told


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")


def test_there_is_a_picture_before_a_visit_is_put_together_dim_at_night(tmp_path, monkeypatch):
    day, _ = brightest(tmp_path, DAY, monkeypatch)
    night, _ = brightest(tmp_path, NIGHT, monkeypatch)
    assert 30 < night < 120 < day


def test_a_visit_that_fails_is_told_without_a_word_of_what_was_typed(tmp_path, monkeypatch, capsys):
    _, told = brightest(tmp_path, DAY, monkeypatch)
    assert told[:2] == ["ready", "failed"]
    written = capsys.readouterr()
    assert "Nr-4711" not in written.out + written.err
    assert "RuntimeError" in written.out + written.err
