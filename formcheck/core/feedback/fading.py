"""Which form cues are spoken as the sessions go by: all, then two of three, then none but in the summary. Pure.

Feedback that is always there is leaned on; learning lasts better when it fades (exercises.md, section 7). What is not
spoken is still shown, counted and summed up. Severity 3 never fades.
"""

from __future__ import annotations

from typing import Literal, get_args

Spoken = Literal["all", "two-thirds", "summary"]
SPOKEN: tuple[Spoken, ...] = get_args(Spoken)

NEVER_FADES = 3
"""Severity from which a cue is always spoken."""
CYCLE = (True, False, True)
"""Two of three: the first one of a set is always heard, and a fault that stays is heard again soon."""
FADES: tuple[tuple[int, Spoken], ...] = ((6, "summary"), (3, "two-thirds"))
"""From which session on; exercises.md, section 7: 100 % in session 1, 67 % by session 3, the summary from 6 on [P]."""


def spoken_in(session: int) -> Spoken:
    """What is spoken in a person's n-th session of an exercise, from 1."""
    return next((spoken for since, spoken in FADES if session >= since), "all")


class Fading:
    """Decides about one form cue after the other, through all sets of a session: the same cues, the same answers."""

    def __init__(self, spoken: Spoken = "all") -> None:
        self.spoken: Spoken = spoken
        self._count = 0

    def speaks(self, severity: int) -> bool:
        """Whether the cue that is due now is spoken."""
        if self.spoken == "all" or severity >= NEVER_FADES:
            return True
        if self.spoken == "summary":
            return False
        self._count += 1
        return CYCLE[(self._count - 1) % len(CYCLE)]

    def take_back(self, severity: int) -> None:
        """The cue that `speaks` allowed last was not heard: the next one has its place."""
        if self.spoken == "two-thirds" and severity < NEVER_FADES:
            self._count -= 1
