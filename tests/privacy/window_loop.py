"""The whole window program on a clip, without a display or sound card, for some pictures. For the privacy tests."""

from __future__ import annotations

import sys

import pygame

from formcheck.app.app import App, AppOptions
from formcheck.core.body.tracked import Tracked
from formcheck.pipeline.observers import Observer
from formcheck.pose import Picturelike
from formcheck.session.registry import load_exercises
from formcheck.session.set import Update

PICTURES = 12


class Closes(Observer):
    """Closes the window after some pictures."""

    def __init__(self) -> None:
        self.pictures = 0

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """Count one picture."""
        self.pictures += 1
        if self.pictures >= PICTURES:
            pygame.event.post(pygame.event.Event(pygame.QUIT))


if __name__ == "__main__":
    closes = Closes()
    app = App(AppOptions(source=sys.argv[1], loop=True), observers=lambda: [closes])
    app.run(load_exercises().get("dead-bug"))
    print(f"{closes.pictures} pictures")
