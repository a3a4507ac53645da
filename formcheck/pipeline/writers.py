"""Files that the person asked for: events as lines, the annotated video, the pose stream.

Each is written beside its name and takes it when the set is over; one that can't be whole leaves nothing behind.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import av
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
from formcheck.system.files import Draft, cannot_write
from formcheck.system.shown import shown

CAPTION_S = 4.0
"""A caption stays this long after its cue: time to read eight words twice."""
TICKS = 1000
"""Time steps a second of the annotated video: pictures of 240 a second stay apart, and MPEG-4 allows up to 65535."""
QUALITY = "4"
"""Quantiser of MPEG-4 (1 finest, 31 coarsest): lines and letters of the drawing stay sharp."""


class Result(Observer):
    """An observer that writes one file, whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft: Draft | None = None
        self._file: BinaryIO | None = None

    def on_start(self, started: Started) -> None:
        """Begin the file.

        Raises:
            FormcheckError: it can't be written.
        """
        self._draft = Draft(self._path)
        with self._told():
            self._file = self._draft.path.open("wb")

    def on_finish(self) -> None:
        """Finish the file.

        Raises:
            FormcheckError: it can't be written.
        """
        if self._draft is not None and self._file is not None:
            with self._told():
                self.complete(self._file)
                self._file.close()
            self._draft.keep()

    def on_drop(self) -> None:
        """Leave nothing behind."""
        if self._file is not None:
            with suppress(OSError):  # what could not be written before can't be written now
                self._file.close()
        if self._draft is not None:
            self._draft.drop()

    def complete(self, file: BinaryIO) -> None:
        """Write what is still missing."""

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the system says about the file, as a sentence."""
        try:
            yield
        except (OSError, av.FFmpegError) as error:
            raise cannot_write(self._path, error) from error


class EventLines(Result):
    """Writes one event a line, JSON."""

    def on_events(self, events: Sequence[Event]) -> None:
        """Write the events.

        Raises:
            FormcheckError: the disk is full.
        """
        lines = [json.dumps(event.wire(), ensure_ascii=False, allow_nan=False) + "\n" for event in events]
        if self._file is not None:
            with self._told():
                self._file.write("".join(lines).encode())
                self._file.flush()


class PoseFile(Result):
    """Keeps the pose stream and writes it as one `.npz` at the end."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._kept: list[tuple[Pose, Back]] = []
        self._source: dict[str, Any] = {}
        self._exercise = ""

    def on_start(self, started: Started) -> None:
        """Remember the exercise, and the description of the source; that is complete when the set ends."""
        super().on_start(started)
        self._source, self._exercise = started.source, started.exercise.name

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """Keep one picture's pose and back."""
        self._kept.append((tracked.pose, tracked.back or unknown_back(tracked.t_s, "no-torso")))

    def complete(self, file: BinaryIO) -> None:
        """Write the stream."""
        save_recording(file, self._kept, {**self._source, "exercise": self._exercise})


class AnnotatedVideo(Result):
    """Draws what the window would show into an MP4, each picture at its time."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._overlay = Overlay("")
        self._snapshot: Callable[[], Snapshot] = Snapshot
        self._container: Any = None
        self._stream: Any = None
        self._caption: Cue | None = None
        self._first_s = 0.0
        self._tick = -1

    def on_start(self, started: Started) -> None:
        """Learn what is to be drawn."""
        super().on_start(started)
        exercise = started.exercise
        self._overlay = Overlay(exercise.title, wording=Wording.of(exercise), is_per_side=exercise.dose.per_side)
        self._snapshot = started.snapshot

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """Draw one picture.

        Raises:
            FormcheckError: the disk is full.
        """
        if frame is None:
            return
        self._caption = next((c for c in reversed(update.cues) if c.sound == "voice"), self._caption)
        caption = None
        if self._caption is not None and 0 <= tracked.t_s - self._caption.t_s < CAPTION_S:
            caption = Caption(self._caption.text, self._caption.kind)
        drawn = self._overlay.draw_on(frame.image, tracked.pose, tracked.back, self._snapshot(), caption)
        picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(drawn), format="bgr24")
        if self._stream is None:
            self._begin(frame.t_s, picture.width, picture.height)
        self._tick = max(self._tick + 1, round((frame.t_s - self._first_s) * TICKS))
        picture.pts, picture.time_base = self._tick, Fraction(1, TICKS)
        with self._told():
            self._container.mux(self._stream.encode(picture))

    def _begin(self, first_s: float, width: int, height: int) -> None:
        self._first_s = first_s
        with self._told():
            self._container = av.open(self._file, "w", format="mp4")
            self._stream = self._container.add_stream(
                "mpeg4", rate=TICKS, options={"qmin": QUALITY, "qmax": QUALITY}, width=width, height=height
            )
            self._stream.pix_fmt, self._stream.time_base = "yuv420p", Fraction(1, TICKS)

    def complete(self, file: BinaryIO) -> None:
        """Write the pictures that the encoder still holds, and the index.

        Raises:
            FormcheckError: there was no picture to draw on.
        """
        if self._stream is None:
            raise FormcheckError(f"There is no picture to draw on: {shown(self._path)} was not written.")
        self._container.mux(self._stream.encode(None))
        self._container.close()

    def on_drop(self) -> None:
        """Leave nothing behind."""
        if self._container is not None:
            with suppress(OSError, ValueError, av.FFmpegError):  # the same; it writes its index when it is closed
                self._container.close()
        super().on_drop()
