"""Whole sessions with the camera's and the pose's own threads, the model that ships, and the machine's clock."""

from __future__ import annotations

import threading
from collections.abc import Callable

import cv2
import pygame
import pytest

from formcheck.app.app import App, AppOptions
from formcheck.core.body.tracked import Tracked
from formcheck.pipeline.observers import Observer, Started
from formcheck.pose import Picturelike
from formcheck.screen import (
    ChoiceView,
    Look,
    MessageView,
    ReportView,
    SafetyView,
    ScaleView,
    SoundState,
    View,
    ViewModel,
    Window,
)  # fmt: skip
from formcheck.session.program import Program, load_program
from formcheck.session.registry import load_exercises
from formcheck.session.set import Update
from formcheck.system.assets import asset
from formcheck.voice import Voice
from tests.app.people import press, press_digit
from tests.camera.conftest import MjpegServer, server

__all__ = ["server"]

PICTURES = 60
"""Of the demo clip: two seconds."""
NEXT_AFTER = 5
"""Pictures of a set after which somebody presses a key."""


class Diary(Observer):
    """Counts the pictures of each set, and notes which threads see them."""

    def __init__(self) -> None:
        self.pictures: list[int] = []
        self.widths: set[int] = set()
        self.threads: list[set[int | None]] = []

    def on_start(self, started: Started) -> None:
        self.pictures.append(0)
        self.threads.append(set())

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        self.pictures[-1] += 1
        self.widths.add(tracked.pose.width)
        self.threads[-1] |= {t.ident for t in threading.enumerate() if t.name == "formcheck-pose"}


class Answering(Window):
    """The window, and somebody who presses one key on each page that is new."""

    def __init__(self, on_set: Callable[[], None]) -> None:
        super().__init__((480, 270))
        self.kinds: list[str] = []
        self._on_set = on_set

    def show(self, view: View, sound: SoundState | None = None, now_s: float = 0.0, look: Look | None = None) -> None:
        super().show(view, sound or SoundState(), now_s, look)
        kind = type(view).__name__ + str(getattr(view, "question", ""))
        if isinstance(view, ViewModel):
            self._on_set()
        elif not self.kinds or self.kinds[-1] != kind:
            if isinstance(view, ScaleView):
                press_digit(3)
            if isinstance(view, ChoiceView):
                press_digit(1)
            elif not isinstance(view, MessageView) or view.retries_in_s is None:
                press(pygame.K_RETURN)
        if not self.kinds or self.kinds[-1] != kind:
            self.kinds.append(kind)


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The first seconds of a demo clip."""
    path = str(tmp_path_factory.mktemp("clip") / "short.mp4")
    reader = cv2.VideoCapture(str(asset("clips", "demo-dead-bug.mp4")))
    pictures = [reader.read()[1] for _ in range(PICTURES)]
    size = (pictures[0].shape[1], pictures[0].shape[0])
    writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"mp4v"), 30.0, size)
    for picture in pictures:
        writer.write(picture)
    writer.release()
    return path


@pytest.fixture
def program(tmp_path) -> Program:
    path = tmp_path / "two.toml"
    path.write_text(
        'title = "Two"\n[[exercise]]\nname = "dead-bug"\nsets = 1\n[[exercise]]\nname = "glute-bridge"\nsets = 1\n',
        encoding="utf-8",
    )
    return load_program(str(path), load_exercises())


def lead(source: str, program: Program, *, loop: bool, on_set: Callable[[Diary], None]) -> tuple[App, Diary, Answering]:
    diary = Diary()
    app = App(AppOptions(source=source, loop=loop), observers=lambda: [diary])
    voice = Voice.start("en", muted=True)
    try:
        window = Answering(lambda: on_set(diary))
        with window:
            app.lead(window, voice, program)
    finally:
        voice.close()
    return app, diary, window


def test_a_recording_that_ends_leads_to_the_report(clip, program):
    app, diary, window = lead(clip, program, loop=False, on_set=lambda _: None)
    assert app.failures == []
    assert app.session is not None
    assert [s.outcome for s in app.session.sets] == ["interrupted"]
    assert diary.pictures[0] > 0
    assert window.kinds[-1] == ReportView.__name__
    assert not [t for t in threading.enumerate() if t.name.startswith("formcheck-camera")]


def test_one_tracker_serves_all_sets_of_a_session(clip, program):
    skipped: set[int] = set()

    def skip(diary: Diary) -> None:
        if diary.pictures[-1] >= NEXT_AFTER and len(diary.pictures) not in skipped:
            skipped.add(len(diary.pictures))
            press(pygame.K_n)

    app, diary, _ = lead(clip, program, loop=True, on_set=skip)
    assert app.failures == []
    assert app.session is not None
    assert [(s.exercise.name, s.outcome) for s in app.session.sets] == [
        ("dead-bug", "skipped"), ("glute-bridge", "skipped"),
    ]  # fmt: skip
    assert min(diary.pictures) >= NEXT_AFTER
    assert len(diary.threads[0] | diary.threads[1]) == 1, "the pose thread of the first set sees the second"
    assert app.session.pain_before == app.session.pain_after == 3


def test_a_live_camera_from_the_safety_page_to_pain_in_a_set(server: MjpegServer, program):
    server.answers = ["hold"] * 3
    hurt: list[bool] = []

    def press_x(diary: Diary) -> None:
        if diary.pictures and diary.pictures[-1] >= 1 and not hurt:
            hurt.append(True)
            press(pygame.K_x)

    app, diary, window = lead(server.url(), program, loop=False, on_set=press_x)
    server.released.set()
    assert app.failures == []
    assert app.session is not None
    assert [(s.outcome, s.why) for s in app.session.sets] == [("hurt", "pain")]
    assert window.kinds[0] in (MessageView.__name__, SafetyView.__name__)
    assert SafetyView.__name__ in window.kinds
    assert diary.widths == {160}
    told = app.session.as_dict()
    camera = told["provenance"]["camera"]
    assert camera["width"] == 160
    assert camera["fps"] is None or camera["fps"] > 0
    assert told["started_utc"] is not None
