"""A set's feedback with its voice, in invented time and with the true lengths of the clips that ship."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from formcheck.core.feedback.fading import Fading
from formcheck.core.feedback.feedback import Feedback
from formcheck.core.feedback.queue import SpeechQueue
from formcheck.core.rules.events import Cue, Event
from formcheck.core.rules.exercise import Exercise
from formcheck.session.texts import catalogue

INDEX = json.loads(Path("assets/voice/en/index.json").read_text("utf-8"))["clips"]
TEXTS = catalogue()
WORD_S = 0.4
STEP_S = 0.05
"""Seconds between two pictures, and two turns of the voice."""


def length_s(clip: str) -> float:
    """How long a shipped clip is, seconds, or about how long it would be; 0 where there is no such cue."""
    if clip in INDEX:
        return float(INDEX[clip]["duration_s"])
    return WORD_S * len(TEXTS[clip].split()) if clip in TEXTS else 0.0


@dataclass
class Heard:
    """What came of a script: (time, name)."""

    shown: list[tuple[float, str]] = field(default_factory=list)
    spoken: list[tuple[float, str]] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)
    """Clips that were heard to their end."""
    lost: list[tuple[float, str]] = field(default_factory=list)

    def at(self, clip: str) -> float:
        """When a clip was started first."""
        return next(t for t, name in self.spoken if name == clip)


def heard(
    exercise: Exercise,
    events: Sequence[Event],
    until_s: float,
    *,
    offers: Sequence[tuple[float, Cue]] = (),
    is_silent: bool = False,
    fading: Fading | None = None,
) -> Heard:
    """Run a set's events through feedback and queue; `offers` are cues of others (set-up, announcements)."""
    feedback, queue = Feedback(exercise, fading), SpeechQueue(length_s, is_silent)
    out, playing = Heard(), ("", 0.0)
    for i in range(round(until_s / STEP_S) + 1):
        t = round(i * STEP_S, 3)
        due = [event for event in events if t - STEP_S + 1e-9 < event.t_s <= t + 1e-9]
        cues = feedback.update(t, due)
        queue.withdraw(*feedback.untrue)
        for cue in [*cues, *(cue for at, cue in offers if t - STEP_S < at <= t + 1e-9)]:
            queue.offer(cue)
        out.shown += [(t, cue.name) for cue in cues]
        order = queue.next_audio(t)
        for cue in order.played:
            feedback.note_played(cue)
        for cue in order.lost:
            feedback.note_lost(cue)
            out.lost.append((t, cue.name))
        if playing[0] and (order.is_stop or t >= playing[1]):
            out.whole += [playing[0]] if t >= playing[1] - 1e-9 else []
            playing = ("", 0.0)
        if order.clip:
            playing = (order.clip, t + length_s(order.clip))
            out.spoken.append((t, order.clip))
    return out
