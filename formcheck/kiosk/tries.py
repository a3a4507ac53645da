"""How often a number may be guessed: a few wrong ones are forgiven, after that each costs time. Told the time."""

from __future__ import annotations

from dataclasses import dataclass

FREE = 5
"""Wrong numbers before it is waited."""
FIRST_S, LONGEST_S = 30.0, 300.0
"""The wait after those, doubled by each further one, and its bound: twelve guesses an hour of ten million [P]."""
FORGOTTEN_S = 3600.0
"""After so long without a wrong one all are forgotten; a right one forgives nothing, or a guesser would type one of
their own in between."""


@dataclass(frozen=True, slots=True)
class Tries:
    """The wrong numbers so far. Whoever ends the process that knows them hands the two numbers on to the next one."""

    wrong: int = 0
    last_s: float = 0.0
    """When the last wrong one was typed, seconds of a clock that only grows, the same in every process."""

    def wait_s(self, now_s: float) -> float:
        """Seconds until the next number may be tried; 0 when it may be now."""
        if self.wrong < FREE or now_s - self.last_s >= FORGOTTEN_S:
            return 0.0
        pause_s = min(FIRST_S * 2.0 ** min(self.wrong - FREE, 10), LONGEST_S)
        return min(max(0.0, self.last_s + pause_s - now_s), LONGEST_S)

    def after_wrong(self, now_s: float) -> Tries:
        """What is known after one more."""
        before = 0 if now_s - self.last_s >= FORGOTTEN_S else self.wrong
        return Tries(before + 1, now_s)
