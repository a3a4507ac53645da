"""The coach's voice: plays cues as spoken clips and short sounds. For the main thread, which alone touches pygame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pygame
import structlog

from formcheck.core.feedback.queue import Order, SpeechQueue, clip_name
from formcheck.core.rules.events import Cue
from formcheck.core.text import marked
from formcheck.session.texts import SOURCE_LANGUAGE
from formcheck.system.assets import asset
from formcheck.system.errors import FormcheckError
from formcheck.voice.clips import SOUNDS, clip_set
from formcheck.voice.speaker import TONE, MixerSpeaker, Speaker

NO_SOUND = marked("No sound: no sound card could be opened. The coach goes on in writing.")
MUTED = marked("Sound is off. Press M to turn it on.")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SoundState:
    """What the screen shows about sound."""

    is_available: bool
    is_muted: bool
    volume: float
    """0 to 1."""
    message: str
    """What to tell the person; empty when all is well."""


class Voice:
    """Says cues, one at a time. Never raises for a missing sound card or clip: sound is an extra, practice goes on.

    It decides nothing: whose turn it is is the queue's business. For example:

        voice = Voice.start(volume=0.8)
        while running:
            for cue in cues:
                voice.offer(cue)
            for cue in voice.update(time.monotonic()).lost:
                feedback.note_lost(cue)
    """

    def __init__(
        self,
        speaker: Speaker | None,
        duration_s: Callable[[str], float],
        is_muted: bool = False,
        volume: float = 1.0,
        has_tone: bool = True,
        use: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Make a voice on a given loudspeaker; `Voice.start` is what the product uses.

        Args:
            speaker: where it is played; None when there is no sound card.
            duration_s: length of a clip in seconds, by clip name; 0 when there is none.
            is_muted: whether it begins silent.
            volume: 0 to 1.
            has_tone: whether a soft tone sounds in the good range of a hold.
            use: lets the loudspeaker have the clips of another language.
        """
        self._use = use
        self._has_tone, self._is_humming = has_tone, False
        self._speaker = speaker
        self._duration_s = duration_s
        self._queue = SpeechQueue(duration_s, is_silent=is_muted or speaker is None)
        self._is_muted = is_muted
        self._now_s = 0.0
        self._missed: set[str] = set()
        self._beat: tuple[str, float] = ("", 0.0)
        self._is_ducked = False
        self.set_volume(volume)

    @classmethod
    def start(
        cls, language: str = SOURCE_LANGUAGE, muted: bool = False, volume: float = 1.0, has_tone: bool = True
    ) -> Voice:
        """Open the sound card; without a sound card, a voice that is silent and says so.

        Call it after `pygame.init()` or without one; it sets the mixer up for itself.
        """
        try:
            speaker = MixerSpeaker(clip_set(language).files, _sound_files())
        except pygame.error:
            return cls(None, lambda _: 0.0, muted, volume, has_tone)
        spoken = [language]

        def duration_s(clip: str) -> float:
            return clip_set(spoken[0]).durations_s[clip] if speaker.can_say(clip) else 0.0

        def use(other: str) -> None:
            spoken[0] = other
            speaker.take(clip_set(other).files)

        return cls(speaker, duration_s, muted, volume, has_tone, use)

    def use(self, language: str) -> None:
        """Speak another language from now on; one without a voice is silent, and the screen shows what is said."""
        self.cancel()
        self._missed.clear()
        self._use(language)

    @property
    def status(self) -> SoundState:
        """Sound card, mute and volume, with a message for the screen."""
        message = NO_SOUND if self._speaker is None else MUTED if self._is_muted else ""
        return SoundState(self._speaker is not None, self._is_muted, self._volume, message)

    @property
    def is_speaking(self) -> bool:
        """Whether a speech was playing at the last `update`."""
        return self._queue.is_speaking(self._now_s)

    @property
    def is_busy(self) -> bool:
        """Whether a speech was playing at the last `update`, or one waits for its turn."""
        return self.is_speaking or self._queue.is_waiting

    def offer(self, cue: Cue) -> None:
        """Take a cue: its short sound is heard at once, its speech at the next `update`, soon after, or not at all."""
        if self._speaker is not None and not self._is_muted and cue.sound:
            if cue.sound in SOUNDS:
                self._speaker.sound(cue.sound)
            if cue.is_spoken:
                self._note_missing(clip_name(cue.name))
        self._queue.offer(cue)

    def _duck(self, is_speaking: bool) -> None:
        if self._speaker is not None and is_speaking != self._is_ducked:
            self._is_ducked = is_speaking
            self._speaker.duck(is_speaking)

    def tick(self, name: str) -> None:
        """A short sound by itself, at once: a tick of the pace."""
        if self._speaker is not None and not self._is_muted:
            self._speaker.sound(name)

    def beat(self, name: str, per_minute: float) -> None:
        """Repeat a short sound evenly from now on; 0 ends it. The same again changes nothing."""
        if (name, per_minute) != self._beat:
            self._beat = (name, per_minute)
            self._play_beat()

    def _play_beat(self) -> None:
        name, per_minute = self._beat
        if self._speaker is not None:
            self._speaker.beat(name, 0.0 if self._is_muted else per_minute)

    def cancel(self, *names: str) -> None:
        """Forget cues by their names, also the one that is playing; without names, all of them."""
        self._queue.cancel(*names)

    def withdraw(self, *names: str) -> None:
        """Forget cues that wait, by their names: they are no longer true."""
        self._queue.withdraw(*names)

    def update(self, now_s: float) -> Order:
        """Go on to `now_s`, seconds of a monotonic clock. Once a turn of the loop, also while nothing is said.

        Returns:
            What was done, with the cues that are heard from now on and those that were lost.
        """
        self._now_s = now_s
        order = self._queue.next_audio(now_s)
        if self._speaker is not None:
            if order.is_stop:
                self._speaker.hush()
            if order.clip:
                self._speaker.say(order.clip)
            self._duck(self._queue.is_speaking(now_s))
        return order

    def hum(self, is_on: bool) -> None:
        """Let a soft tone sound until it is turned off; nothing where it is not wanted."""
        is_on = is_on and self._has_tone and not self._is_muted
        if self._speaker is not None and is_on != self._is_humming:
            self._speaker.hum(is_on)
            self._is_humming = is_on

    def toggle_mute(self) -> None:
        """Silence, from the next `update` on; or sound again, from the next cue on."""
        self._is_muted = not self._is_muted
        self.hum(False)
        self._queue.silence(self._is_muted or self._speaker is None)
        if self._beat[1]:
            self._play_beat()

    def set_volume(self, volume: float) -> None:
        """Set the loudness, 0 to 1; values beyond are cut."""
        self._volume = min(1.0, max(0.0, volume))
        if self._speaker is not None:
            self._speaker.set_volume(self._volume)

    def close(self) -> None:
        """Give the sound card back; the voice is silent from now on."""
        if self._speaker is not None:
            self._speaker.close()
        self._speaker = None
        self._queue.silence(True)

    def _note_missing(self, clip: str) -> None:
        if clip not in self._missed and self._duration_s(clip) <= 0:
            self._missed.add(clip)
            _log.warning("no voice clip", clip=clip)


def _sound_files() -> dict[str, Path]:
    """The short sounds that this installation has."""
    files = {}
    for name in (*SOUNDS, TONE):
        try:
            files[name] = asset("voice", "sounds", f"{name}.ogg")
        except FormcheckError:
            _log.warning("no sound", name=name)
    return files
