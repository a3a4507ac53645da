"""What is announced before a set: its exercise, its side, its dose, how long the rest is, and at first its steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from formcheck.app.speech import Speech
from formcheck.core.body.tracked import Tracked
from formcheck.core.feedback.phrases import FLOW, HOLDS, READY, TIMES, common_cues, exercise_cues
from formcheck.core.feedback.queue import SENTENCE_GAP_S
from formcheck.core.rules.events import Cue
from formcheck.core.rules.exercise import Exercise
from formcheck.pipeline.observers import Observer
from formcheck.pose import Picturelike
from formcheck.session.set import Set, SetOptions, Update

LAST_SECONDS = 3
"""Seconds at the end of a rest that are counted aloud."""
WORD_S = 0.4
"""Seconds of a spoken word: 150 to 160 are said in a minute."""
LEFT_S = 12.0
"""Seconds that are left when the steps are told: to get down, if the person has listened first, and for the end of a
question that was asked before [P]."""
NEAR_S = 1.0
"""How near the seconds that are left must be to those that are told."""
READY_S = 3.0
"""Seconds that it takes to say how long the rest is, with its silence."""
PATIENT_S = 8.0
"""Longest wait for a number of seconds that can be told, before the steps [P]."""

Words = tuple[tuple[str, str], ...]
"""Names and texts of sentences."""


def spoken_s(text: str) -> float:
    """About how long it takes to say a sentence, seconds."""
    return len(text.split()) * WORD_S


@dataclass(frozen=True, slots=True)
class Announced:
    """What is announced before one set."""

    must: Words = ()
    """Said in any case: exercise and side."""
    dose: Words = ()
    """Said if there is a rest."""
    steps: Words = ()
    """Said after how long the rest is."""

    @property
    def length_s(self) -> float:
        """About how long it takes to say it, with the silences, and to do the steps then; seconds."""
        words = (*self.must, *self.dose, *self.steps)
        said_s = sum(spoken_s(text) + SENTENCE_GAP_S for _, text in words)
        return said_s + (READY_S + LEFT_S if self.steps else 0.0)


def announced(
    exercise: Exercise,
    options: SetOptions,
    hold_s: float,
    *,
    is_new: bool,
    tells_steps: bool,
    is_gentle: bool = False,
) -> Announced:
    """What is announced before a set.

    Args:
        exercise: what is done.
        options: how the set is run.
        hold_s: seconds to hold; 0 where nothing is held.
        is_new: whether it is not the exercise of the set before.
        tells_steps: whether its steps are told.
        is_gentle: whether what can be done sitting is named.
    """
    name = exercise.name
    cues = {**common_cues(), **exercise_cues(exercise)}
    must = [f"{name}.title"] if is_new else []
    must += [f"session.{options.side}"] if options.side is not None else []
    dose = _dose_names(exercise, options, hold_s) if is_new else []
    dose += [f"{name}.seated"] if is_gentle and exercise.seated else []
    steps = [f"{name}.step-{n}" for n, _ in enumerate(exercise.steps, 1)] if tells_steps else []

    def words(names: Sequence[str]) -> Words:
        return tuple((each, cues.get(each) or each.partition(".")[2]) for each in names)

    return Announced(words(must), words(dose), words(steps))


def _dose_names(exercise: Exercise, options: SetOptions, hold_s: float) -> list[str]:
    """Repetitions, how they go from side to side, seconds to hold. What has no sentence is not said."""
    reps = options.target_reps
    if exercise.bout is not None or reps is None:
        return []
    names = ["dose.once" if reps == 1 else f"dose.times-{reps}" if reps in TIMES else f"count.{reps}"]
    if exercise.sides != (None,) and options.side is None:
        names += ["dose.each-side"] if options.is_per_side else ["dose.in-turn"] if reps > 1 else []
    return names + ([f"dose.hold-{hold_s:g}"] if hold_s in (1, *HOLDS) else [])


class Announcements(Observer):
    """Goes by the countdown: whoever ends it hears no more than what must be known."""

    def __init__(self, current: Set, what: Announced, speech: Speech) -> None:
        self._set, self._speech = current, speech
        self._rest_s = current.countdown_s
        self._counted = LAST_SECONDS + 1
        self._must, self._dose, self._steps = list(what.must), list(what.dose), list(what.steps)
        self._tells_ready = self._rest_s > READY[0]
        self._quiet_since: float | None = None

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """Announce what is due."""
        left_s = self._set.countdown_s
        if self._set.stage not in ("countdown", "paused"):
            self._end(tracked.t_s)
            return
        self._go_on(tracked.t_s, left_s)
        self._count_down(math.ceil(left_s), tracked.t_s)

    @property
    def is_told(self) -> bool:
        """Whether nothing waits to be announced any more."""
        return not (self._must or self._dose or self._steps or self._speech.is_speaking)

    def drop(self) -> None:
        """The set is left: what was not said yet is not said any more."""
        for words in (self._must, self._dose, self._steps):
            words.clear()
        self._speech.drop()

    def cut(self, now: float) -> None:
        """The person wants to begin: what is being said ends; what must be known is said."""
        self._speech.cut()
        self._end(now)

    def _end(self, t: float) -> None:
        """The rest is over: what must be known comes before all that follows."""
        for name, text in self._must:
            self._speech.offer(Cue(t, "setup", name, text, must_be_heard=True))
        for words in (self._must, self._dose, self._steps):
            words.clear()

    def _go_on(self, t: float, left_s: float) -> None:
        """The next sentence, when the last one is over."""
        if self._speech.is_speaking or self._set.stage == "paused":
            self._quiet_since = None
            return
        self._quiet_since = t if self._quiet_since is None else self._quiet_since
        first = self._must or self._dose
        if first:
            self._say(first)
        elif self._tells_ready and (near := [n for n in READY if 0 <= left_s - n <= NEAR_S]):
            self._tells_ready = False
            self._say([(f"rest.ready-{near[0]}", FLOW[f"rest.ready-{near[0]}"])])
        elif self._is_time_for_a_step(left_s) and not (self._tells_ready and t - self._quiet_since < PATIENT_S):
            self._say(self._steps)

    def _is_time_for_a_step(self, left_s: float) -> bool:
        """Whether the next step can be told before the last seconds are counted."""
        return bool(self._steps) and left_s > LAST_SECONDS + SENTENCE_GAP_S + spoken_s(self._steps[0][1])

    def _say(self, words: list[tuple[str, str]]) -> None:
        self._speech.plan(*words.pop(0))

    def _count_down(self, left: int, t_s: float) -> None:
        """Three, two, one before the rest is over."""
        is_counting = self._set.stage == "countdown" and 0 < left < self._counted and self._rest_s > LAST_SECONDS
        if is_counting:
            self._counted = left
            self._speech.offer(Cue(t_s, "count", f"count.{left}", str(left), "tick"))
