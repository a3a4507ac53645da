"""Why nothing was judged in a recording: the set-up's problem that stood most of the time, if there was one. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from formcheck.core.body.light import Light
from formcheck.core.body.tracked import Tracked
from formcheck.core.rules.events import Armed, AttemptEnded, Cue, Event, RepCompleted, UnseenStarted
from formcheck.core.rules.exercise import Exercise
from formcheck.core.rules.setting import Settings
from formcheck.core.setup.problem import Problem
from formcheck.core.setup.setup import SetupCoach

EVERY_S = 0.1
"""Pictures that follow sooner are not looked at again."""
TURNED = ("framing.upside-down", "framing.sideways")
"""Problems that are mended in a recording, too."""
MOSTLY = 0.5
"""Share of the recording that a problem must fill to explain that nothing was judged."""


class SetupDiagnosis:
    """Looks at the set-up of a whole recording and speaks once, at its end, or not at all."""

    def __init__(self, exercise: Exercise) -> None:
        self._coach = SetupCoach(exercise, Settings(exercise.all_settings))
        self._stood: Counter[str] = Counter()
        self._problems: dict[str, Problem] = {}
        self._turned_deg = 0
        self._looks = 0
        self._t_s = -math.inf

    def note(self, tracked: Tracked, light: Light | None = None) -> None:
        """One picture."""
        if not tracked.t_s - self._t_s >= EVERY_S:
            return
        self._t_s = tracked.t_s
        self._looks += 1
        self._coach.watch(tracked, light)
        problem = self._coach.problem
        if problem is not None:
            self._stood[problem.name] += 1
            self._problems[problem.name] = problem
            self._turned_deg = tracked.turned_deg or self._turned_deg

    def explain(self, events: Sequence[Event]) -> list[Cue]:
        """At most one cue: what was wrong with the set-up, where nothing was judged and nothing else said why."""
        if any(isinstance(e, (Armed, RepCompleted, AttemptEnded)) for e in events) or not self._stood:
            return []
        name, count = max(self._stood.items(), key=lambda item: (item[1], item[0]))
        named = {f"unseen.{e.part}" for e in events if isinstance(e, UnseenStarted)}
        if count < MOSTLY * self._looks or name in named:
            return []
        return [Cue(self._t_s, "setup", name, self._text(name))]

    def _text(self, name: str) -> str:
        """The problem in words; the camera of a recording can't be turned any more, but its picture can."""
        text = self._problems[name].text
        if name not in TURNED:
            return text
        return f"{text.partition('.')[0]}. Judge it again with --rotate {360 - self._turned_deg}."
