"""The page on which a person chooses the camera by its picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from formcheck.app.ears import Meaning
from formcheck.app.pages.page import TURN_S
from formcheck.camera import CameraInfo, CameraState, Frame
from formcheck.core.feedback.phrases import PAGES
from formcheck.core.text import marked
from formcheck.hearing import Command
from formcheck.screen import CAMERA_HINTS, OPENING_HINTS, Action, CameraPicture, CamerasView, Choose, Intent, View
from formcheck.system.wishes import Wishing

SHOWN_MAX = 6
"""Cameras that are shown: each one is opened."""
OPENING = marked("One moment, getting ready")
NO_PICTURE = marked("It sends no picture. Another program may use it.")


class Preview(Protocol):
    """A camera that is looked at; the camera thread is one."""

    @property
    def state(self) -> CameraState:
        """How the camera is."""

    def take(self, timeout_s: float | None = None) -> Frame | None:
        """The newest picture that was not taken yet."""

    def stop(self) -> None:
        """Release it."""


class CamerasPage:
    """Shows what each camera sees; the one that is taken is remembered by its name. Left as `taken` or `left`."""

    def __init__(
        self,
        cameras: Sequence[CameraInfo],
        look: Callable[[CameraInfo], Preview],
        wishing: Wishing,
        sleep: Callable[[float], None],
    ) -> None:
        """Make the page.

        Args:
            cameras: those of this machine.
            look: opens one to be looked at.
            wishing: where the choice is kept.
            sleep: waits so many seconds.
        """
        self.outcome = ""
        self.idle_s: float | None = None
        self._cameras = tuple(cameras)[:SHOWN_MAX]
        self._look, self._wishing, self._sleep = look, wishing, sleep
        self._looks: list[Preview] = []
        self._images: list[NDArray[np.uint8] | None] = [None] * len(self._cameras)
        names = [camera.name for camera in self._cameras]
        self._at = names.index(wishing.now.camera) if wishing.now.camera in names else 0

    def enter(self, now: float) -> None:
        """Open all of them; each on a thread of its own."""
        self.outcome = ""
        self._looks = [self._look(camera) for camera in self._cameras]

    def handle(self, intent: Intent, now: float) -> None:
        """Go from one to the next, take one, or leave."""
        if isinstance(intent, Choose):
            self._at = [str(camera.index) for camera in self._cameras].index(intent.name)
            self._take()
        elif intent in (Action.LEFT, Action.RIGHT) and self._cameras:
            self._at = (self._at + (1 if intent is Action.RIGHT else -1)) % len(self._cameras)
        elif intent is Action.CONFIRM:
            self._take()
        elif intent is Action.BACK:
            self.outcome = "left"

    def meaning(self, command: Command) -> Meaning:
        """As its keys."""
        return {"next": Action.RIGHT, "go-on": Action.CONFIRM, "stop": Action.BACK}.get(command)

    def _take(self) -> None:
        self.outcome = "taken" if self._cameras else "left"
        if self._cameras:
            self._wishing.change(camera=self._cameras[self._at].name)

    def turn(self, now: float) -> None:
        """Take the newest pictures."""
        for i, preview in enumerate(self._looks):
            frame = preview.take(timeout_s=0.0)
            self._images[i] = frame.image if frame is not None else self._images[i]
        self._sleep(TURN_S)

    def view(self, now: float) -> View:
        """The pictures, and what there is to say."""
        pictures = tuple(
            CameraPicture(str(camera.index), camera.name, image, self._trouble(i))
            for i, (camera, image) in enumerate(zip(self._cameras, self._images, strict=True))
        )
        count = len(pictures)
        hints = CAMERA_HINTS if count > 1 else CAMERA_HINTS[-2:] if count else OPENING_HINTS
        return CamerasView(pictures, self._at, self._note, hints)

    @property
    def _note(self) -> str:
        if not self._cameras:
            return PAGES["page.camera-none"]
        return PAGES["page.camera-one"] if len(self._cameras) == 1 else ""

    def _trouble(self, i: int) -> str:
        if i >= len(self._looks) or self._looks[i].state.status == "opening":
            return OPENING
        return NO_PICTURE

    def shown(self) -> None:
        """The view is on the screen."""

    def leave(self) -> None:
        """Release all of them."""
        for preview in self._looks:
            preview.stop()
        self._looks = []
