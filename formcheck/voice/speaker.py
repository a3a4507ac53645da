"""The loudspeaker: what the voice asks of a sound card, and pygame's mixer behind it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import pygame

from formcheck.system.quiet import quiet_native_stderr

RATE_HZ = 24_000
"""The clips' own rate: nothing is resampled in our process; SDL converts for the card."""
BUFFER_SAMPLES = 512
"""21 ms at 24 kHz: short enough that a tick falls on its second, long enough that a busy frame leaves no gap."""
FADE_MS = 60
"""An interrupted word fades instead of clicking; shorter than the queue's gap."""


HUM_FADE_MS = 200
"""The tone of a hold swells and fades: it says something about a second, not about a moment."""
TONE = "tone"
"""Name of the sound that hums."""


UNDER_VOICE = 0.5
"""Loudness of ticks, bell and hum while somebody speaks, of their own: words stay plain above them."""


class Speaker(Protocol):
    """What the voice needs of a sound card. Tests record with one of their own."""

    def say(self, clip: str) -> None:
        """Start a speech clip, at once, on the speech channel."""

    def hush(self) -> None:
        """Fade the speech out."""

    def sound(self, name: str) -> None:
        """Start a short sound, at once, beside the speech."""

    def duck(self, is_speaking: bool) -> None:
        """Halve all that is no speech while somebody speaks."""

    def beat(self, name: str, per_minute: float) -> None:
        """Repeat a short sound evenly from now on, so many times a minute; 0 ends it."""

    def hum(self, is_on: bool) -> None:
        """Let a soft tone swell, or fade it out."""

    def set_volume(self, volume: float) -> None:
        """Loudness of everything, 0 to 1."""

    def close(self) -> None:
        """Give the sound card back."""


class MixerSpeaker:
    """pygame's mixer: channel 0 for speech, one more for each short sound, one for the beat. Main thread only."""

    def __init__(self, speech: Mapping[str, Path], sounds: Mapping[str, Path]) -> None:
        """Open the sound card. A clip is decoded when it is first wanted: it takes milliseconds, all of them a second.

        Args:
            speech: files of the speech clips by name; those that can't be read are left out.
            sounds: files of the short sounds by name.

        Raises:
            pygame.error: there is no sound card that can be opened.
        """
        if pygame.mixer.get_init():
            pygame.mixer.quit()  # `pygame.init()` opens it with a rate and a delay of its own
        with quiet_native_stderr():  # ALSA explains a missing card in eight lines
            pygame.mixer.init(RATE_HZ, -16, 1, BUFFER_SAMPLES, allowedchanges=0)
        pygame.mixer.set_num_channels(2 + len(sounds))
        pygame.mixer.set_reserved(2 + len(sounds))
        self._files = speech
        self._speech: dict[str, pygame.mixer.Sound | None] = {}
        self._sounds = {name: clip for name, path in sounds.items() if (clip := _decoded(path)) is not None}
        self._channels = {name: pygame.mixer.Channel(1 + i) for i, name in enumerate(sounds)}
        self._beat = pygame.mixer.Channel(1 + len(sounds))
        self._beating: pygame.mixer.Sound | None = None
        self._volume = self._level = 1.0

    def take(self, speech: Mapping[str, Path]) -> None:
        """Have other speech clips from now on."""
        self.hush()
        self._files, self._speech = speech, {}

    def can_say(self, clip: str) -> bool:
        """Whether there is such a speech clip, and it can be read."""
        return self._clip(clip) is not None

    def say(self, clip: str) -> None:
        """Start a speech clip."""
        sound = self._clip(clip)
        if sound is not None:
            pygame.mixer.Channel(0).play(sound)

    def hush(self) -> None:
        """Fade the speech out."""
        pygame.mixer.Channel(0).fadeout(FADE_MS)

    def sound(self, name: str) -> None:
        """Start a short sound on its own channel."""
        if name in self._sounds:
            self._channels[name].play(self._sounds[name])
            self._channels[name].set_volume(self._level)  # pygame forgets it with each play

    def duck(self, is_speaking: bool) -> None:
        """Halve all that is no speech while somebody speaks."""
        self._level = UNDER_VOICE if is_speaking else 1.0
        for channel in (*self._channels.values(), self._beat):
            channel.set_volume(self._level)

    def beat(self, name: str, per_minute: float) -> None:
        """Repeat a short sound: it and its silence are one clip that the mixer repeats, even to the sample."""
        self._beat.stop()
        self._beating = None
        if per_minute <= 0 or name not in self._sounds:
            return
        size = 2 * round(60 * RATE_HZ / per_minute)
        self._beating = pygame.mixer.Sound(buffer=self._sounds[name].get_raw()[:size].ljust(size, b"\0"))
        self._beating.set_volume(self._volume)
        self._beat.play(self._beating, loops=-1)
        self._beat.set_volume(self._level)

    def hum(self, is_on: bool) -> None:
        """Repeat the tone, or fade it out."""
        if TONE not in self._sounds:
            return
        if is_on:
            self._channels[TONE].play(self._sounds[TONE], loops=-1, fade_ms=HUM_FADE_MS)
            self._channels[TONE].set_volume(self._level)
        else:
            self._channels[TONE].fadeout(HUM_FADE_MS)

    def set_volume(self, volume: float) -> None:
        """Set the loudness of all clips, also of those that are playing."""
        self._volume = volume
        for clip in (*self._speech.values(), *self._sounds.values(), self._beating):
            if clip is not None:
                clip.set_volume(volume)

    def close(self) -> None:
        """Close the sound card."""
        pygame.mixer.quit()

    def _clip(self, name: str) -> pygame.mixer.Sound | None:
        """A speech clip, decoded once; None where there is none that can be read."""
        if name not in self._speech:
            clip = _decoded(self._files[name]) if name in self._files else None
            if clip is not None:
                clip.set_volume(self._volume)
            self._speech[name] = clip
        return self._speech[name]


def _decoded(path: Path) -> pygame.mixer.Sound | None:
    try:
        return pygame.mixer.Sound(path)
    except (pygame.error, OSError):
        return None  # the voice says once that it is missing, when it is wanted
