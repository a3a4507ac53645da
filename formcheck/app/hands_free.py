"""The hands-free signs as an observer of a set: what the person means, and how far a sign has come."""

from __future__ import annotations

from formcheck.core.body.tracked import Tracked
from formcheck.core.setup.gesture import SignRecognizer
from formcheck.pipeline.observers import Observer
from formcheck.pose import Picturelike
from formcheck.screen import Sign
from formcheck.session.set import Set, Update


class HandsFree(Observer):
    """Watches for the signs in every picture of a set."""

    def __init__(self, current: Set) -> None:
        self.sign: Sign | None = None
        """What is forming, for the ring on the screen; None while nothing is."""
        self._set = current
        self._recognizer = SignRecognizer()
        self._taken = ""

    def taken(self) -> str:
        """What was meant since the last call: `seen`, `skip`, `stop`, `hurt`, or nothing."""
        taken, self._taken = self._taken, ""
        return taken

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """Look at one picture."""
        coach = self._set.coach
        is_holding = coach.phase == "end-range" and coach.hold_s > 0
        self._taken = self._recognizer.update(tracked.pose, is_holding=is_holding) or self._taken
        meaning, share = self._recognizer.forming(tracked.t_s)
        self.sign = Sign(meaning, share) if meaning else None
