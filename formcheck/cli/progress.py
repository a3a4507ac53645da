"""The progress bar of a recording, as an observer."""

from __future__ import annotations

from rich.progress import Progress, TaskID

from formcheck.core.body.tracked import Tracked
from formcheck.pipeline.observers import Observer, Started
from formcheck.pose import Picturelike
from formcheck.session.set import Update


class ProgressBar(Observer):
    """Goes on by one with every picture."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task = progress, task

    def on_start(self, started: Started) -> None:
        """Learn how many pictures there are."""
        self._progress.update(self._task, total=started.frame_count)

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """One more picture."""
        self._progress.advance(self._task)
