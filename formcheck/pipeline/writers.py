"""Files that the person asked for: events as lines, the annotated video, the pose stream."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from formcheck.core.body.back import Back, unknown_back
from formcheck.core.body.pose import Pose
from formcheck.core.body.tracked import Tracked
from formcheck.core.coach.snapshot import Snapshot
from formcheck.core.rules.events import Cue, Event
from formcheck.pipeline.observers import Observer, Started
from formcheck.pose import Picturelike
from formcheck.pose.recording import save_recording
from formcheck.screen import Caption, Overlay, Wording
from formcheck.session.set import Update
from formcheck.system.errors import FormcheckError

CAPTION_S = 4.0
"""A caption stays this long after its cue: time to read eight words twice."""
FALLBACK_FPS = 30.0
"""Pictures a second of a video whose own rate can't be told."""


class EventLines(Observer):
    """Writes one event a line, JSON."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            FormcheckError: it can't be written.
        """
        self._path = path
        try:
            self._file = path.open("w", encoding="utf-8")
        except OSError as error:
            raise FormcheckError(f"{path} can't be written ({error.strerror}). Choose another place.") from error

    def on_events(self, events: Sequence[Event]) -> None:
        """Write the events.

        Raises:
            FormcheckError: the disk is full.
        """
        try:
            for event in events:
                self._file.write(json.dumps(event.wire(), ensure_ascii=False, allow_nan=False) + "\n")
            self._file.flush()
        except OSError as error:
            raise FormcheckError(f"{self._path} can't be written ({error.strerror}). Is the disk full?") from error

    def on_finish(self) -> None:
        """Close the file."""
        self._file.close()


class PoseFile(Observer):
    """Keeps the pose stream and writes it as one `.npz` at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: list[tuple[Pose, Back]] = []
        self._source: dict[str, Any] = {}

    def on_start(self, started: Started) -> None:
        """Remember the description of the source; it is complete when the set ends."""
        self._source = started.source

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """Keep one picture's pose and back."""
        self._kept.append((tracked.pose, tracked.back or unknown_back(tracked.t_s, "no-torso")))

    def on_finish(self) -> None:
        """Write the file.

        Raises:
            FormcheckError: it can't be written.
        """
        try:
            save_recording(self._path, self._kept, self._source)
        except OSError as error:
            raise FormcheckError(f"{self._path} can't be written ({error.strerror}). Is the disk full?") from error


class AnnotatedVideo(Observer):
    """Draws what the window would show into an MP4, at the pace of the recording."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._overlay = Overlay("")
        self._snapshot: Callable[[], Snapshot] = Snapshot
        self._writer: Any = None
        self._caption: Cue | None = None
        self._fps = FALLBACK_FPS
        self._written = 0
        self._first_s = 0.0
        self._pending: list[tuple[Picturelike, Tracked, Snapshot]] = []

    def on_start(self, started: Started) -> None:
        """Learn what is to be drawn."""
        exercise = started.exercise
        self._overlay = Overlay(exercise.title, wording=Wording.of(exercise), is_per_side=exercise.dose.per_side)
        self._snapshot = started.snapshot

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """Draw one picture. The rate is told from the first two, so the first waits for the second."""
        if frame is None:
            return
        self._caption = next((c for c in reversed(update.cues) if c.sound == "voice"), self._caption)
        if self._writer is None:
            self._pending.append((frame, tracked, self._snapshot()))
            if len(self._pending) < 2:
                return
            self._open(frame)
        else:
            self._pending.append((frame, tracked, self._snapshot()))
        for item in self._pending:
            self._draw(*item)
        self._pending.clear()

    def _open(self, frame: Picturelike) -> None:
        first = self._pending[0][0]
        step = frame.t_s - first.t_s
        self._fps = min(max(1.0 / step, 1.0), 120.0) if step > 0 else FALLBACK_FPS
        self._first_s = first.t_s
        size = self._overlay.size_for(frame.image.shape[1], frame.image.shape[0])
        self._writer = cv2.VideoWriter(str(self._path), cv2.VideoWriter.fourcc(*"mp4v"), self._fps, size)
        if not self._writer.isOpened():
            raise FormcheckError(f"{self._path} can't be written. Choose another place, with a name that ends in .mp4.")

    def _draw(self, frame: Picturelike, tracked: Tracked, snapshot: Snapshot) -> None:
        caption = None
        if self._caption is not None and 0 <= tracked.t_s - self._caption.t_s < CAPTION_S:
            caption = Caption(self._caption.text, self._caption.kind)
        drawn = self._overlay.draw_on(frame.image, tracked.pose, tracked.back, snapshot, caption)
        picture = np.ascontiguousarray(drawn)
        due = round((frame.t_s - self._first_s) * self._fps) + 1
        for _ in range(max(1, min(due - self._written, 300))):
            self._writer.write(picture)
            self._written += 1

    def on_finish(self) -> None:
        """Finish the file."""
        if self._writer is None and self._pending:
            self._open(self._pending[-1][0])
            self._draw(*self._pending[-1])
        if self._writer is not None:
            self._writer.release()
