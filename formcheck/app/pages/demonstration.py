"""The page that shows an exercise: the right movement, then each fault beside it, over and over."""

from __future__ import annotations

from collections.abc import Callable

from formcheck.app.pages.page import TURN_S
from formcheck.core.rules.exercise import Exercise
from formcheck.core.text import marked
from formcheck.screen import Action, DemonstrationView, Intent, Scene

LIKE_THIS = marked("Like this")
SCENE_S = 7.0
"""Seconds of a scene at least: time to read, to look at one figure and at the other [P]."""


def scenes_of(exercise: Exercise) -> tuple[tuple[DemonstrationView, float], ...]:
    """All scenes of an exercise, each with its seconds: whole repetitions, and at least `SCENE_S`."""
    right = exercise.film()
    named = {rule.name: rule for rule in exercise.all_faults}
    faults = [named[name] for name in exercise.shown.faults if name in named]
    count = 1 + len(faults)
    views = [DemonstrationView(exercise.title, (Scene(right, LIKE_THIS),), exercise.line, (1, count))]
    for i, rule in enumerate(faults, 2):
        shown, wrong = exercise.pair(rule.name)
        both = (Scene(shown, LIKE_THIS), Scene(wrong, rule.short or rule.name))
        views.append(DemonstrationView(exercise.title, both, rule.cue, (i, count)))
    lengths = [max(scene.film.cycle_s for scene in view.scenes) for view in views]
    lengths[0] = right.length_s
    return tuple((view, max(length_s, SCENE_S)) for view, length_s in zip(views, lengths, strict=True))


class DemonstrationPage:
    """Left as `left`; Left and Right turn the scenes, Space holds one."""

    def __init__(self, exercise: Exercise, sleep: Callable[[float], None]) -> None:
        """Make the page of an exercise; `sleep` waits so many seconds."""
        self.outcome = ""
        self.idle_s: float | None = None
        self._scenes = scenes_of(exercise)
        self._at, self._since_s = 0, 0.0
        self._is_held = False
        self._sleep = sleep

    def enter(self, now: float) -> None:
        """Begin with the right movement."""
        self.outcome, self._at, self._since_s = "", 0, now

    def handle(self, intent: Intent, now: float) -> None:
        """Turn, hold still, or leave."""
        if intent in (Action.LEFT, Action.RIGHT):
            self._turn_to(self._at + (1 if intent is Action.RIGHT else -1), now)
        elif intent is Action.PAUSE:
            self._is_held, self._since_s = not self._is_held, now
        elif intent in (Action.BACK, Action.CONFIRM):
            self.outcome = "left"

    def turn(self, now: float) -> None:
        """Go on to the next scene when this one has been seen."""
        self._sleep(TURN_S)
        if not self._is_held and now - self._since_s >= self._scenes[self._at][1]:
            self._turn_to(self._at + 1, now)

    def view(self, now: float) -> DemonstrationView:
        """The scene."""
        return self._scenes[self._at][0]

    def shown(self) -> None:
        """It is on the screen."""

    def leave(self) -> None:
        """Stop showing it."""

    def _turn_to(self, at: int, now: float) -> None:
        self._at, self._since_s = at % len(self._scenes), now
