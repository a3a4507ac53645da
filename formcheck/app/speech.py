"""The session's own sentences, one after the other, as soon as nothing else is being said."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from formcheck.core.feedback.phrases import common_cues
from formcheck.core.rules.events import Cue, CueKind
from formcheck.voice import Voice


class SpeechFollower(Protocol):
    """Somebody who wants to know what became of the cues."""

    def played(self, cue: Cue) -> None:
        """A cue is heard from now on, or shown where there is no sound."""

    def lost(self, cue: Cue) -> None:
        """A cue waited too long, was replaced, or cut off."""


class Speech:
    """Sentences that wait for their turn. The loop updates it; pages plan what is to be said."""

    def __init__(self, voice: Voice, listeners: Sequence[Callable[[Cue], None]] = ()) -> None:
        """Make it.

        Args:
            voice: says what is offered.
            listeners: called with every cue that is offered to the voice.
        """
        self._voice = voice
        self._listeners = tuple(listeners)
        self._follower: SpeechFollower | None = None
        self._waiting: deque[Cue] = deque()
        self._now = 0.0
        self.said: tuple[Cue, float] | None = None
        """What was planned and is said last, and since when: it is shown as well."""
        self.saying = ""
        """What is being said; empty while nothing is."""

    @property
    def is_speaking(self) -> bool:
        """Whether something is being said, or waits to be."""
        return self._voice.is_busy or bool(self._waiting)

    def plan(self, name: str, text: str = "", kind: CueKind = "setup", *, is_joined: bool = False) -> None:
        """Say a sentence when its turn comes; its text is looked up by its name where it is not given. One that is
        joined goes on with the one before it."""
        self._waiting.append(Cue(0.0, kind, name, text or common_cues()[name], is_joined=is_joined))

    def tick(self, name: str) -> None:
        """A tick of the pace, at once."""
        self._voice.tick(name)

    def beat(self, name: str, per_minute: float) -> None:
        """Ticks that go on evenly by themselves; 0 ends them."""
        self._voice.beat(name, per_minute)

    def follow(self, follower: SpeechFollower) -> None:
        """Tell somebody which cues are heard and which were lost, from now on."""
        self._follower = follower

    def offer(self, cue: Cue) -> None:
        """Hand over a cue of the coach: it goes by the voice's own order."""
        for listener in self._listeners:
            listener(cue)
        self._voice.offer(cue)

    def drop(self, *names: str) -> None:
        """Forget sentences that wait; without a name, all of them."""
        self._waiting = deque(cue for cue in self._waiting if names and cue.name not in names)

    def hum(self, is_on: bool) -> None:
        """A soft tone for as long as it is on."""
        self._voice.hum(is_on)

    def cut(self) -> None:
        """Fall silent at once; nothing that waits is said any more, and nothing that was said is shown."""
        self.drop()
        self.said = None
        self._voice.cancel()

    def withdraw(self, names: Sequence[str]) -> None:
        """Forget cues of the coach that wait and are no longer true."""
        self._voice.withdraw(*names)

    def update(self, now: float) -> None:
        """Time goes on: what waits is said when nothing else is."""
        self._now = now
        order = self._voice.update(now)
        if not self._voice.is_speaking:
            self.saying = ""
        for cue in order.played:
            self.saying = cue.text if cue.sound == "voice" and self._voice.is_speaking else self.saying
        if self._follower is not None:
            for cue in order.played:
                self._follower.played(cue)
            for cue in order.lost:
                self._follower.lost(cue)
        if self._waiting and not self._voice.is_busy:
            cue = replace(self._waiting.popleft(), t_s=now)
            self.said = (cue, now)
            self.offer(cue)
