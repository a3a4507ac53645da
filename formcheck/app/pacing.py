"""The ticks of a set, for whoever asks for them: they follow the movement, or lead a run a little above its cadence."""

from __future__ import annotations

import math
from collections.abc import Sequence

from formcheck.app.speech import Speech
from formcheck.core.body.tracked import Tracked
from formcheck.core.coach.bout import BoutCoach
from formcheck.core.coach.metronome import FloorMetronome, RunMetronome
from formcheck.core.rules.events import Cue, Event, PhaseChanged
from formcheck.pipeline.observers import Observer
from formcheck.pose import Picturelike
from formcheck.session.set import Set, Update
from formcheck.system.wishes import Wishing

BEAT = "pace-3"
"""The tick of a run: the middle pitch."""
FLASH_S = 0.12
"""Seconds for which a tick lights the screen: seen from the corner of the eye, and over before the next one [P]."""
TURNS_TOLD, TURNS_EVERY = 2, 3
"""Turn-arounds of a set at which breathing is told, and every which one after: it is known by then [P]."""


class Pacing(Observer):
    """Ticks while the set is worked on, and what is said at the turn-around."""

    def __init__(self, current: Set, speech: Speech, wishing: Wishing) -> None:
        self._set, self._speech, self._wishing = current, speech, wishing
        exercise = current.exercise
        self._floor = FloorMetronome(exercise.pace) if exercise.pace is not None else None
        self._run = RunMetronome(current.coach.settings["pace_up_share"]) if exercise.bout is not None else None
        self._turn_cue = exercise.pace.turn_cue if exercise.pace is not None else ""
        self._turns = 0
        self._cues: list[Cue] = []
        self._tick_s = -math.inf
        self.beat_spm = 0.0
        """Beats a minute of a run that is led now; 0 while none is."""
        self._beat_s = 0.0

    def taken(self) -> tuple[Cue, ...]:
        """What is to be said since the last call."""
        cues, self._cues = tuple(self._cues), []
        return cues

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """Tick, if it is time."""
        is_on = self._wishing.now.pace and self._set.stage == "working"
        t_s = tracked.t_s
        if self._run is not None:
            self._lead(t_s, self._run.follow(t_s, self._cadence()) if is_on else 0.0)
        elif self._floor is not None and is_on:
            step = self._floor.follow(t_s, self._set.coach.phase)
            if step:
                self._tick_s = t_s
                self._speech.tick(f"pace-{step}")

    def on_events(self, events: Sequence[Event]) -> None:
        """At the turn-around, say what belongs to it."""
        if not self._turn_cue or not self._wishing.now.pace:
            return
        for event in events:
            if isinstance(event, PhaseChanged) and event.phase == "return":
                if self._turns < TURNS_TOLD or self._turns % TURNS_EVERY == 0:
                    name = f"{self._set.exercise.name}.turn"
                    self._cues.append(Cue(event.t_s, "count", name, self._turn_cue))
                self._turns += 1

    def on_finish(self) -> None:
        """The set is over: no beat goes on."""
        self.stop()

    def on_drop(self) -> None:
        """No beat goes on."""
        self.stop()

    def stop(self) -> None:
        """No beat from now on, until the movement goes on."""
        self._lead(0.0, 0.0)

    def is_lit(self, t_s: float) -> bool:
        """Whether a tick lights the screen at this moment."""
        if self.beat_spm > 0:
            return (t_s - self._beat_s) % (60 / self.beat_spm) < FLASH_S
        return 0 <= t_s - self._tick_s < FLASH_S

    def _cadence(self) -> float:
        """The cadence of the newest reading; NaN where it isn't known or must not be told."""
        coach = self._set.coach
        return coach.cadence_spm if isinstance(coach, BoutCoach) else math.nan

    def _lead(self, t_s: float, per_minute: float) -> None:
        if per_minute != self.beat_spm:
            self.beat_spm, self._beat_s = per_minute, t_s
            self._speech.beat(BEAT, per_minute)
