"""The page that opens the camera, says what is wrong with it, and tries again."""

from __future__ import annotations

import math
from collections.abc import Callable

from formcheck.app.ears import Meaning
from formcheck.app.pages.page import TURN_S
from formcheck.core.text import marked
from formcheck.hearing import Command
from formcheck.pipeline.live import Feed
from formcheck.screen import MISSING_HINTS, OPENING_HINTS, Action, Intent, MessageView, View
from formcheck.system.errors import SourceError

RETRY_S = 5.0
"""Seconds between attempts to open a camera that is missing: time to plug it in [P]."""
ADVICE = marked("FormCheck tries again by itself. Enter tries now, Esc goes back.")


class CameraPage:
    """Waits until the feed has a picture. Left as `ready`, or as `left` with `error` set."""

    def __init__(
        self,
        open_feed: Callable[[], Feed],
        sleep: Callable[[float], None],
        on_missing: Callable[[], None] = lambda: None,
    ) -> None:
        """Make the page.

        Args:
            open_feed: opens camera and pose thread; may raise a `SourceError`.
            sleep: waits so many seconds.
            on_missing: called once, when there is no camera.
        """
        self.outcome = ""
        self.idle_s: float | None = None
        self.feed: Feed | None = None
        self.error: SourceError | None = None
        """What was wrong with the camera, when the page was left without one."""
        self._open_feed = open_feed
        self._sleep = sleep
        self._on_missing = on_missing
        self._retry_s = 0.0

    def enter(self, now: float) -> None:
        """Open the camera."""
        self.outcome, self._retry_s = "", now

    def handle(self, intent: Intent, now: float) -> None:
        """Try again, or give up."""
        if intent is Action.CONFIRM and self.error is not None:
            self._retry_s = now
        elif intent is Action.BACK:
            self.outcome = "left"

    def meaning(self, command: Command) -> Meaning:
        """Nothing: a camera can't be plugged in by a word."""
        return None

    def turn(self, now: float) -> None:
        """See how far the camera is."""
        if self.feed is None and now >= self._retry_s:
            self._open(now)
        elif self.feed is not None:
            self._look(self.feed, now)
        if not self.outcome:
            self._sleep(TURN_S)

    def view(self, now: float) -> View:
        """That it is being opened, or what is wrong and when it is tried again."""
        if self.error is None:
            return MessageView("Opening the camera …", is_error=False, hints=OPENING_HINTS)
        left_s = math.ceil(max(0.0, self._retry_s - now))
        return MessageView(self.error.text, ADVICE, retries_in_s=left_s, hints=MISSING_HINTS)

    def shown(self) -> None:
        """The view is on the screen."""

    def leave(self) -> None:
        """Let go of a camera that never came."""
        if self.outcome != "ready" and self.feed is not None:
            self.feed.close()
            self.feed = None

    def _open(self, now: float) -> None:
        try:
            self.feed = self._open_feed()
        except SourceError as error:
            self.error, self.outcome = error, "left"  # a file or an address that makes no sense does not mend itself

    def _look(self, feed: Feed, now: float) -> None:
        state = feed.state
        if state.status in ("live", "lost", "ended"):
            self.outcome, self.error = "ready", None
        elif state.status in ("failed", "missing"):
            if self.error is None and feed.is_camera:
                self._on_missing()
            self.error, self._retry_s = SourceError(state.message), now + RETRY_S
            self.outcome = "" if feed.is_camera else "left"
            feed.close()
            self.feed = None
