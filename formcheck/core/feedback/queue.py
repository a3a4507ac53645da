"""Who speaks when: one speech at a time, by kinds of cues, lengths of clips and time. It plays nothing itself. Pure.

Safety cuts off everything, what is urgent whatever can wait. Other cues wait, shortly, and are then lost: a stale cue
is worse than none, and one that is no longer true is dropped. Between two sentences there is a silence, unless the
second is urgent. A spoken number never waits. What must be heard waits in its order for as
long as it takes. The short sounds of counts are not speech and do not come through here: they always sound.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from formcheck.core.rules.events import Cue, CueKind

RANK: dict[CueKind, int] = {"safety": 4, "form": 2, "setup": 2, "count": 1, "praise": 0}
URGENT_RANK = 3
"""Who is said first of those that wait: safety > urgent > form > count > praise; setup talks like form."""
CUTS_OFF: dict[CueKind, frozenset[CueKind]] = {
    "safety": frozenset({"form", "setup", "count", "praise"}),
    "form": frozenset({"praise"}),
    "setup": frozenset(),
    "count": frozenset({"praise"}),
    "praise": frozenset(),
}
"""What each kind interrupts: a correction is about this moment, encouragement never silences a count."""
URGENT_CUTS_OFF: frozenset[CueKind] = frozenset({"form", "setup", "count", "praise"})
"""What gives way to a correction of what goes on at this moment, unless it is urgent itself."""
GAP_S = 0.12
"""Least silence between two speeches, seconds: the interrupted one fades out, and two words do not run together."""
SENTENCE_GAP_S = 1.5
"""Silence between two sentences, seconds: time to understand and to do what was said [issue 19]."""
WAIT_S: dict[CueKind, float] = {"safety": 4.0, "form": 3.0, "setup": 5.5, "count": 0.0, "praise": 3.0}
"""Longest wait behind another speech and its silence, seconds: a correction refers to the movement of this moment, a
number to this very one; that a foot can't be seen is true for one long sentence and its silence [P]."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the loudspeaker has to do now, and what became of cues since the last time."""

    is_stop: bool = False
    """Fade out the speech that is playing."""
    clip: str = ""
    """Start this clip; empty for none."""
    played: tuple[Cue, ...] = ()
    """Cues that are heard from now on, and those that are only shown: no sound, or no clip."""
    lost: tuple[Cue, ...] = ()
    """Cues that waited too long, were replaced by newer ones, cancelled, or cut off."""


@dataclass(slots=True)
class _Waiting:
    cue: Cue
    since_s: float | None = None
    """When it was first looked at; None until then."""

    @property
    def rank(self) -> int:
        """Place among those that wait."""
        least = URGENT_RANK if self.cue.is_urgent else RANK["setup"] if self.cue.must_be_heard else 0
        return max(RANK[self.cue.kind], least)

    @property
    def gap_s(self) -> float:
        """Silence that it needs after a sentence, seconds."""
        cue = self.cue
        is_quick = cue.kind in ("safety", "count") or cue.is_urgent or cue.is_joined
        return GAP_S if is_quick else SENTENCE_GAP_S


def clip_name(cue_name: str) -> str:
    """Name of the clip that says a cue: its own, or that of a number (`count.3`, `hold.3`, `tally.3` -> `number.3`)."""
    group, _, number = cue_name.partition(".")
    return f"number.{number}" if group in ("count", "hold", "tally") and number.isdecimal() else cue_name


class SpeechQueue:
    """Decides what is said, one speech at a time.

    Times are seconds of one monotonic clock, the caller's. For example:

        queue = SpeechQueue(duration_s=lambda clip: 2.0)
        queue.offer(cue)
        queue.next_audio(10.0)            # Order(clip="dead-bug.too-fast", played=(cue,))
        queue.is_speaking(11.0)           # True
    """

    def __init__(self, duration_s: Callable[[str], float], is_silent: bool = False) -> None:
        """Make an empty queue.

        Args:
            duration_s: length of a clip in seconds, by its name; 0 when there is none.
            is_silent: whether nothing can be heard; then every cue counts as played when it is offered.
        """
        self.is_silent = is_silent
        self._duration_s = duration_s
        self._playing: Cue | None = None
        self._free_s = self._sentence_end_s = -math.inf
        """When the next speech may start at the earliest, and when the last sentence ended."""
        self._waiting: list[_Waiting] = []
        self._played: list[Cue] = []
        self._lost: list[Cue] = []
        self._is_stop = False

    def offer(self, cue: Cue) -> None:
        """Take a cue; it is said at the next `next_audio`, soon after, or not at all."""
        if self.is_silent or not cue.sound or not cue.is_spoken or self._duration_s(clip_name(cue.name)) <= 0:
            self._played.append(cue)
            return
        if not cue.must_be_heard:
            if self._playing is not None and self._playing.name == cue.name:
                self._played.append(cue)  # it is being said at this moment
                return
            self._replace_older(cue)
        self._waiting.append(_Waiting(cue))

    def next_audio(self, now_s: float) -> Order:
        """Start the cue whose turn has come, if any; forget those that have waited too long."""
        self._settle(now_s)
        chosen = self._choose(now_s)
        if chosen is not None and self._may_interrupt(chosen):
            self._stop()
            self._free_s, self._sentence_end_s = now_s + GAP_S, now_s
        may_start = chosen is not None and self._playing is None and self._is_time(chosen, now_s)
        clip = self._start(chosen, now_s) if chosen is not None and may_start else ""
        self._drop_stale(now_s)
        return self._order(clip)

    def withdraw(self, *names: str) -> None:
        """Forget cues that wait, by their names: they are no longer true. One that is playing is said to its end."""
        gone = [w for w in self._waiting if w.cue.name in names and not w.cue.must_be_heard]
        self._lost += [w.cue for w in gone]
        self._waiting = [w for w in self._waiting if w not in gone]

    def cancel(self, *names: str) -> None:
        """Forget cues by their names, also the one that is playing; without names, all of them."""
        gone = [w for w in self._waiting if not names or w.cue.name in names]
        self._lost += [w.cue for w in gone]
        self._waiting = [w for w in self._waiting if w not in gone]
        if self._playing is not None and (not names or self._playing.name in names):
            self._lost.append(self._playing)
            self._playing, self._free_s, self._is_stop = None, -math.inf, True
            self._sentence_end_s = -math.inf

    def silence(self, is_silent: bool) -> None:
        """Fall silent at once, or make sound again; what waits counts as shown."""
        self.is_silent = is_silent
        self._played += [w.cue for w in self._waiting]
        self._waiting.clear()
        self._is_stop = self._is_stop or self._playing is not None
        self._playing, self._free_s, self._sentence_end_s = None, -math.inf, -math.inf

    def is_speaking(self, now_s: float) -> bool:
        """Whether a speech is playing (its short silence after it included)."""
        return now_s < self._free_s

    @property
    def is_waiting(self) -> bool:
        """Whether something is still to be said."""
        return bool(self._waiting)

    def _settle(self, now_s: float) -> None:
        """Let go of the speech that is over, and note when the new cues came."""
        if now_s >= self._free_s - GAP_S:
            self._playing = None
        for item in self._waiting:
            item.since_s = now_s if item.since_s is None else item.since_s

    def _choose(self, now_s: float) -> _Waiting | None:
        """The cue whose turn is next: by rank, then in the order in which they came; a number of this moment comes
        before what can wait or is waiting for its silence."""
        first = max(self._waiting, key=lambda w: (w.rank, -self._waiting.index(w)), default=None)
        if first is None or first.rank >= URGENT_RANK or first.cue.must_be_heard:
            return first
        numbers = (w for w in self._waiting if w.cue.kind == "count" and self._is_time(w, now_s))
        return next(numbers, first) if self._playing is None else first

    def _is_time(self, item: _Waiting, now_s: float) -> bool:
        return now_s >= self._free_s and now_s >= self._sentence_end_s + item.gap_s

    def _start(self, item: _Waiting, now_s: float) -> str:
        """Begin to say a cue; returns its clip."""
        cue, clip = item.cue, clip_name(item.cue.name)
        self._waiting.remove(item)
        self._playing = cue
        self._played.append(cue)
        end_s = now_s + self._duration_s(clip)
        self._free_s = end_s + GAP_S
        if cue.kind != "count":
            self._sentence_end_s = end_s
        return clip

    def _may_interrupt(self, item: _Waiting) -> bool:
        playing = self._playing
        if playing is None or not self._gives_way(playing, item.cue):
            return False
        is_in_order = playing.must_be_heard or item.cue.must_be_heard
        return item.cue.kind == "safety" or not is_in_order

    @staticmethod
    def _gives_way(playing: Cue, cue: Cue) -> bool:
        if cue.is_urgent and not playing.is_urgent and playing.kind in URGENT_CUTS_OFF:
            return True
        return playing.kind in CUTS_OFF[cue.kind]

    def _stop(self) -> None:
        """Cut off what is playing; what must be heard is said again."""
        assert self._playing is not None
        if self._playing.must_be_heard:
            self._waiting.insert(0, _Waiting(self._playing))
        else:
            self._lost.append(self._playing)
        self._playing, self._is_stop = None, True

    def _drop_stale(self, now_s: float) -> None:
        stale = [w for w in self._waiting if not w.cue.must_be_heard and self._waited_s(w, now_s) >= WAIT_S[w.cue.kind]]
        self._lost += [w.cue for w in stale]
        self._waiting = [w for w in self._waiting if w not in stale]

    @staticmethod
    def _waited_s(item: _Waiting, now_s: float) -> float:
        return now_s - (now_s if item.since_s is None else item.since_s)

    def _replace_older(self, cue: Cue) -> None:
        """A newer cue of the same kind stands for the one that waits: what was to be done has changed."""
        older = [w for w in self._waiting if w.cue.kind == cue.kind and not w.cue.must_be_heard]
        self._lost += [w.cue for w in older]
        self._waiting = [w for w in self._waiting if w not in older]

    def _order(self, clip: str) -> Order:
        order = Order(self._is_stop, clip, tuple(self._played), tuple(self._lost))
        self._played, self._lost, self._is_stop = [], [], False
        return order
