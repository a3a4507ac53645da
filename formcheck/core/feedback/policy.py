"""What is said, and when: one cue at a time, the worst fault first, never the same thing over and over. Pure.

Safety > form > count > praise. Counts are short sounds with a number; encouragement never silences them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from formcheck.core.feedback.fading import Fading
from formcheck.core.feedback.phrases import FLOW, SETUP, UNSEEN, unseen_cue
from formcheck.core.rules.events import (
    Armed,
    Cue,
    CueKind,
    Event,
    FaultEnded,
    FaultStarted,
    HoldTicked,
    Paused,
    PhaseChanged,
    ReachSuggested,
    RepCompleted,
    SetFinished,
    UnseenEnded,
    UnseenStarted,
)
from formcheck.core.rules.exercise import Exercise

SAME_FAULT_GAP_S = 8.0
"""At least this long between two sayings of one fault."""
FORM_GAP_S = 4.0
"""At least this long between any two form cues."""
SPEAK_NOW = 2
"""Severity from which a cue does not wait for a turn-around."""
WAIT_MAX_S = 4.0
"""A cue that found no turn-around by then is stale: the moment that it is about is gone. A bout has no turn-arounds:
there a cue waits until the last one is long enough ago, as long as the fault goes on."""
PRAISE_GAP_S = 15.0
"""At least this long between two praises: more would be noise."""
SETUP_GAP_S = 10.0
"""At least this long between two sayings of one setup cue; pauses and hidden parts can flicker."""
UNSEEN_GAP_S = 4.0
"""Between two parts that can't be seen: a box that hides three of them is told of in three sentences."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    fault: str
    severity: int
    since_s: float


class CuePolicy:
    """Turns the events of one set into cues."""

    def __init__(self, exercise: Exercise, fading: Fading | None = None) -> None:
        """Begin a set; `fading` is that of the session, all cues are spoken without one."""
        self._fading = fading or Fading()
        self._texts = {f.name: f.cue for f in exercise.all_faults}
        self._exercise = exercise
        bout = exercise.bout
        self._form_gap_s = FORM_GAP_S if bout is None else bout.cue_gap_s
        self._wait_max_s = WAIT_MAX_S if bout is None else math.inf
        self._speak_now = SPEAK_NOW if bout is None else 1
        self._waiting: list[_Waiting] = []
        self._unseen: dict[str, str] = {}
        """Parts that can't be seen and were not told of yet, with the reason."""
        self._unseen_s = -math.inf
        self._said: dict[str, float] = {}
        self._form_s = -math.inf
        self._praise_s = -math.inf
        self._to_correct: set[str] = set()

    def update(self, t: float, events: Sequence[Event], *, back_unknown: str = "") -> list[Cue]:
        """The cues of one picture, in the order in which they are to be heard.

        Args:
            t: its time, seconds.
            events: what was found in it.
            back_unknown: why the back can't be judged, where that has lasted long enough to be told; said once a set.
        """
        cues: list[Cue] = []
        for event in events:
            cues += self._from_event(event)
        if back_unknown and not any(name.startswith("unseen.back") for name in self._said):
            cues += self._setup(t, *unseen_cue("back", back_unknown))
        is_turn = any(isinstance(e, (PhaseChanged, RepCompleted)) for e in events)
        return self._form(t, is_turn) + cues + self._about_unseen(t)

    def _from_event(self, event: Event) -> list[Cue]:
        t = event.t_s
        if isinstance(event, RepCompleted):
            number = Cue(t, "count", f"count.{event.index}", str(event.index), "ding")
            return [number, *self._praise(t, event)]
        if isinstance(event, HoldTicked):
            return [Cue(t, "count", f"hold.{event.seconds}", str(event.seconds), "tick")]
        if isinstance(event, FaultStarted):
            self._waiting = [w for w in self._waiting if w.fault != event.name]
            self._waiting.append(_Waiting(event.name, event.severity, t))
            return []
        if isinstance(event, FaultEnded) and self._exercise.bout is not None:
            self._waiting = [w for w in self._waiting if w.fault != event.name]
        if isinstance(event, SetFinished):
            return [Cue(t, "praise", "set.done", FLOW["set.done"])]
        if isinstance(event, ReachSuggested) and self._exercise.range_advice is not None:
            return [Cue(t, "setup", f"{self._exercise.name}.shorter-reach", self._exercise.range_advice.cue)]
        return self._about_setup(event)

    def _about_setup(self, event: Event) -> list[Cue]:
        if isinstance(event, Armed):
            return self._setup(event.t_s, "setup.armed", SETUP["setup.armed"])
        if isinstance(event, Paused):
            self._waiting.clear()
            return self._setup(event.t_s, "setup.paused", SETUP["setup.paused"])
        if isinstance(event, UnseenStarted) and event.part in UNSEEN:
            self._unseen[event.part] = event.reason
        if isinstance(event, UnseenEnded):
            self._unseen.pop(event.part, None)
        return []

    def _about_unseen(self, t: float) -> list[Cue]:
        """The next part that is still unseen, with its remedy: one sentence at a time."""
        if not self._unseen or t - self._unseen_s < UNSEEN_GAP_S:
            return []
        part = next(iter(self._unseen))
        name, text = unseen_cue(part, self._unseen.pop(part))
        if part == "body":
            self._unseen.clear()  # nobody is there: no part is worth a word
        elif name in self._said:
            return self._about_unseen(t)
        self._unseen_s = t
        return self._setup(t, name, text)

    def _setup(self, t: float, name: str, text: str) -> list[Cue]:
        last = self._said.get(name, -math.inf)
        if t - last < SETUP_GAP_S:
            return []
        self._said[name] = t
        return [Cue(t, "setup", name, text)]

    def _form(self, t: float, is_turn: bool) -> list[Cue]:
        """The worst waiting fault, if now is the moment."""
        self._waiting = [w for w in self._waiting if t - w.since_s <= self._wait_max_s]
        if t - self._form_s < self._form_gap_s:
            return []
        due = [
            w
            for w in self._waiting
            if (is_turn or w.severity >= self._speak_now) and t - self._said.get(w.fault, -math.inf) >= SAME_FAULT_GAP_S
        ]
        if not due:
            return []
        worst = max(due, key=lambda w: (w.severity, -w.since_s))
        self._waiting.remove(worst)
        self._said[worst.fault] = self._form_s = t
        if not self._fading.speaks(worst.severity):
            return []
        self._to_correct.add(worst.fault)
        kind: CueKind = "safety" if worst.severity > SPEAK_NOW else "form"
        return [Cue(t, kind, f"{self._exercise.name}.{worst.fault}", self._texts[worst.fault])]

    def _praise(self, t: float, rep: RepCompleted) -> list[Cue]:
        """Praise when a fault that was spoken of did not come back."""
        corrected = {f for f in self._to_correct if f not in rep.faults and rep.start_s >= self._said.get(f, math.inf)}
        self._to_correct -= corrected
        if not corrected or t - self._praise_s < PRAISE_GAP_S:
            return []
        self._praise_s = t
        return [Cue(t, "praise", "praise.better", FLOW["praise.better"])]
