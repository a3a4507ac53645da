"""What is announced before a set: its exercise, its side, and the last seconds of the rest."""

from __future__ import annotations

import math

from formcheck.app.speech import Speech
from formcheck.core.body.tracked import Tracked
from formcheck.core.feedback.phrases import FLOW
from formcheck.core.rules.events import Cue
from formcheck.pipeline.observers import Observer
from formcheck.pose import Picturelike
from formcheck.session.program import PlannedSet
from formcheck.session.set import Set, Update

NEXT_AFTER_S, SIDE_AFTER_S = 3.5, 6.0
"""Seconds after the greeting of a set at which its exercise and its side are announced; sooner would cut it off."""
LAST_SECONDS = 3
"""Seconds at the end of a rest that are counted aloud."""


class Announcements(Observer):
    """Goes by the countdown: whoever ends it hears at once what is left to be told, and nothing later."""

    def __init__(self, current: Set, planned: PlannedSet | None, speech: Speech) -> None:
        self._set = current
        self._speech = speech
        self._rest_s = current.countdown_s
        self._counted = LAST_SECONDS + 1
        self._due: list[tuple[float, str, str]] = []
        if planned is not None:
            first_s = NEXT_AFTER_S if self._rest_s > 0 else 0.0
            self._due.append((first_s, f"{planned.exercise.name}.title", f"{planned.exercise.title}."))
            if planned.side is not None:
                name = f"session.{planned.side}"
                self._due.append((first_s + SIDE_AFTER_S - NEXT_AFTER_S, name, FLOW[name]))

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """Announce what is due."""
        left_s = self._set.countdown_s
        gone_s = math.inf if self._set.stage not in ("countdown", "paused") else self._rest_s - left_s
        for item in [item for item in self._due if gone_s >= item[0]]:
            self._due.remove(item)
            self._speech.plan(item[1], item[2])
        self._count_down(math.ceil(left_s), tracked.t_s)

    def drop(self) -> None:
        """The set is left: what was not said yet is not said any more."""
        self._due.clear()
        self._speech.drop()

    def _count_down(self, left: int, t_s: float) -> None:
        """Three, two, one before the rest is over."""
        is_counting = self._set.stage == "countdown" and 0 < left < self._counted and self._rest_s > LAST_SECONDS
        if is_counting:
            self._counted = left
            self._speech.offer(Cue(t_s, "count", f"count.{left}", str(left), "tick"))
