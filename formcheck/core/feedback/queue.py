"""Who speaks when: a pure policy of cues, clip durations and time. It plays nothing itself.

One speech at a time. A cue of a higher kind interrupts a lower one; one of the same or a lower kind waits, shortly,
and is then dropped: a stale cue is worse than none. A spoken number never waits. The short sounds of counts are not
speech and do not come through here: they always sound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from formcheck.core.rules.events import Cue, CueKind

PRIORITY: dict[CueKind, int] = {"safety": 3, "form": 2, "setup": 2, "count": 1, "praise": 0}
"""Who may interrupt whom: safety > form > count > praise; setup talks like form."""

MAX_WAIT_S = 1.5
"""Longest wait behind another speech, seconds: a correction refers to the movement of this moment [product choice]."""
SETUP_WAIT_S = 4.0
"""The same for the set-up: that a foot can't be seen is true for longer, and is said only once; one long sentence."""
LASTING = frozenset({"set.done"})
"""Cues of other kinds that are true for as long: who lies on the floor must hear that the set is over, even when its
last repetition was corrected."""
GAP_S = 0.12
"""Silence between two speeches, seconds: the interrupted one fades out, and two sentences do not run together."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the loudspeaker has to do now."""

    is_stop: bool = False
    """Fade out the speech that is playing."""
    clip: str = ""
    """Start this clip; empty for none."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    cue: Cue
    since_s: float

    @property
    def longest_s(self) -> float:
        """Seconds until it is stale."""
        return SETUP_WAIT_S if self.cue.kind == "setup" or self.cue.name in LASTING else MAX_WAIT_S


def clip_name(cue_name: str) -> str:
    """Name of the clip that says a cue: its own, or the number's for counts (`count.3`, `hold.3` -> `number.3`)."""
    group, _, number = cue_name.partition(".")
    return f"number.{number}" if group in ("count", "hold") and number.isdecimal() else cue_name


class SpeechQueue:
    """Decides what is said, one speech at a time.

    Times are seconds of one monotonic clock, the caller's. For example:

        queue = SpeechQueue(duration_s=lambda clip: 2.0)
        queue.offer(cue, now_s=10.0)      # Order(clip="dead-bug.too-fast")
        queue.is_speaking(11.0)           # True
    """

    def __init__(self, duration_s: Callable[[str], float]) -> None:
        """Make an empty queue.

        Args:
            duration_s: length of a clip in seconds, by its name; 0 when there is none.
        """
        self._duration_s = duration_s
        self._playing: Cue | None = None
        self._free_s = 0.0
        self._waiting: _Waiting | None = None

    def offer(self, cue: Cue, now_s: float) -> Order:
        """Take a cue; it is said now, soon, or not at all."""
        self._settle(now_s)
        if self._duration_s(clip_name(cue.name)) <= 0:
            return Order()
        if self._playing is not None and PRIORITY[cue.kind] > PRIORITY[self._playing.kind]:
            self._interrupt(cue, now_s)
            return Order(is_stop=True)
        if not self._is_number_too_late(cue, now_s):
            self._wait(cue, now_s)
        return self.update(now_s)

    def update(self, now_s: float) -> Order:
        """Start the cue that waits, if its turn has come; forget it if it has waited too long."""
        self._settle(now_s)
        if self._waiting is None or now_s < self._free_s:
            return Order()
        self._playing, self._waiting = self._waiting.cue, None
        clip = clip_name(self._playing.name)
        self._free_s = now_s + self._duration_s(clip) + GAP_S
        return Order(clip=clip)

    def clear(self) -> Order:
        """Fall silent at once and forget what waits."""
        was_playing, self._playing, self._waiting, self._free_s = self._playing is not None, None, None, 0.0
        return Order(is_stop=was_playing)

    def is_speaking(self, now_s: float) -> bool:
        """Whether a speech is playing (its short silence after it included)."""
        return self._playing is not None and now_s < self._free_s

    def _settle(self, now_s: float) -> None:
        """Let go of the speech that is over and of the cue that is stale."""
        if now_s >= self._free_s:
            self._playing = None
        if self._waiting is not None and now_s - self._waiting.since_s > self._waiting.longest_s:
            self._waiting = None

    def _interrupt(self, cue: Cue, now_s: float) -> None:
        self._playing, self._free_s = None, now_s + GAP_S
        self._waiting = _Waiting(cue, now_s)

    def _is_number_too_late(self, cue: Cue, now_s: float) -> bool:
        """A number is said at its moment or not at all: "three" half a second late is wrong."""
        return cue.kind == "count" and (now_s < self._free_s or self._waiting is not None)

    def _wait(self, cue: Cue, now_s: float) -> None:
        """Keep the most important cue; among equals the newest. What is being said now is not said twice."""
        if self._playing is not None and self._playing.name == cue.name:
            return
        if self._waiting is None or PRIORITY[cue.kind] >= PRIORITY[self._waiting.cue.kind]:
            self._waiting = _Waiting(cue, now_s)
