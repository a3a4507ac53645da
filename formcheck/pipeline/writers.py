"""Files that the person asked for: events as lines, and the annotated video."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from formcheck.camera import Frame
from formcheck.core.body.back import Back
from formcheck.core.body.pose import Pose
from formcheck.core.rules.events import Cue, Event
from formcheck.core.rules.exercise import Exercise
from formcheck.screen import Caption, Overlay
from formcheck.session.set import CAPTION_S, Update
from formcheck.system.errors import FormcheckError

FALLBACK_FPS = 30.0


class EventLines:
    """One event a line, JSON."""

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

    def write(self, event: Event) -> None:
        """One event.

        Raises:
            FormcheckError: the disk is full.
        """
        try:
            self._file.write(json.dumps(event.wire(), ensure_ascii=False) + "\n")
        except OSError as error:
            raise FormcheckError(f"{self._path} can't be written ({error.strerror}). Is the disk full?") from error

    def close(self) -> None:
        """Flush and close."""
        self._file.close()


class AnnotatedVideo:
    """Draws what the window would show into an MP4, at the pace of the recording."""

    def __init__(self, path: Path, exercise: Exercise) -> None:
        self._path = path
        self._overlay = Overlay(exercise.title)
        self._writer: Any = None
        self._caption: Cue | None = None
        self._fps = FALLBACK_FPS
        self._written = 0
        self._first_s = 0.0
        self._pending: list[tuple[Frame, Pose, Back, Update]] = []

    def __call__(self, frame: Frame | None, pose: Pose, back: Back, update: Update) -> None:
        """One picture. The rate is told from the first two, so the first waits for the second."""
        if frame is None:
            return
        self._caption = next((c for c in reversed(update.cues) if c.sound == "voice"), self._caption)
        if self._writer is None:
            self._pending.append((frame, pose, back, update))
            if len(self._pending) < 2:
                return
            self._open(frame)
        else:
            self._pending.append((frame, pose, back, update))
        for item in self._pending:
            self._draw(*item)
        self._pending.clear()

    def _open(self, frame: Frame) -> None:
        first = self._pending[0][0]
        step = frame.t_s - first.t_s
        self._fps = min(max(1.0 / step, 1.0), 120.0) if step > 0 else FALLBACK_FPS
        self._first_s = first.t_s
        size = self._overlay.size_for(frame.image.shape[1], frame.image.shape[0])
        self._writer = cv2.VideoWriter(str(self._path), cv2.VideoWriter.fourcc(*"mp4v"), self._fps, size)
        if not self._writer.isOpened():
            raise FormcheckError(f"{self._path} can't be written. Choose another place, with a name that ends in .mp4.")

    def _draw(self, frame: Frame, pose: Pose, back: Back, update: Update) -> None:
        caption = None
        if self._caption is not None and 0 <= pose.t_s - self._caption.t_s < CAPTION_S:
            caption = Caption(self._caption.text, self._caption.kind)
        picture = np.ascontiguousarray(self._overlay.draw_on(frame.image, pose, back, update.snapshot, caption))
        due = round((frame.t_s - self._first_s) * self._fps) + 1
        for _ in range(max(1, min(due - self._written, 300))):
            self._writer.write(picture)
            self._written += 1

    def close(self) -> None:
        """Finish the file."""
        if self._writer is None and self._pending:
            self._open(self._pending[-1][0])
            self._draw(*self._pending[-1])
        if self._writer is not None:
            self._writer.release()


@contextmanager
def outputs(
    events: Path | None, annotate: Path | None, exercise: Exercise
) -> Iterator[tuple[Callable[[Event], None], tuple[AnnotatedVideo, ...]]]:
    """The writers that were asked for: (called with every event, called with every picture)."""
    lines = EventLines(events) if events else None
    video = AnnotatedVideo(annotate, exercise) if annotate else None
    try:
        yield (lines.write if lines else lambda _: None), ((video,) if video else ())
    finally:
        for writer in (lines, video):
            if writer is not None:
                writer.close()
