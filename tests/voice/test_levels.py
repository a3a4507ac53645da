"""How loud voice and sounds are beside each other: heard together, never one over the other, never clipped."""

from __future__ import annotations

import numpy as np
import pygame
import pytest

from assets.voice import build
from assets.voice.loudness import loudness_lufs
from formcheck.system.assets import asset
from formcheck.voice.clips import PACE_SOUNDS
from formcheck.voice.speaker import RATE_HZ, TONE, UNDER_VOICE, MixerSpeaker
from tests.voice.conftest import decoded

COUNTED = ("ding", "tick", *PACE_SOUNDS)
FILES = {name: asset("voice", "sounds", f"{name}.ogg") for name in (*COUNTED, TONE)}


@pytest.mark.usefixtures("mixer")
@pytest.mark.parametrize("name", COUNTED)
def test_short_sounds_lie_ten_decibels_below_the_voice(name):
    assert loudness_lufs(decoded(str(FILES[name])), RATE_HZ) == pytest.approx(-26.0, abs=0.5)


@pytest.mark.usefixtures("mixer")
def test_voice_bell_and_hum_together_stay_below_full_scale():
    voice = 10 ** ((build.PEAK_DBFS + 1.0) / 20)
    loudest = max(np.abs(decoded(str(FILES[name]))).max() for name in COUNTED)
    hum = np.abs(decoded(str(FILES[TONE]))).max()
    assert voice + UNDER_VOICE * (loudest + hum) < 1.0


@pytest.mark.usefixtures("mixer")
def test_each_tick_of_the_pace_is_higher_than_the_one_before():
    def hz(name: str) -> float:
        samples = decoded(str(FILES[name]))
        return float(np.argmax(np.abs(np.fft.rfft(samples))) * RATE_HZ / len(samples))

    pitches = [hz(name) for name in PACE_SOUNDS]
    assert pitches == sorted(set(pitches))
    assert 600 < pitches[0] < pitches[-1] < 1200


@pytest.mark.usefixtures("mixer")
def test_what_is_no_speech_is_halved_while_somebody_speaks():
    speaker = MixerSpeaker({}, FILES)
    channel = pygame.mixer.Channel(1)
    speaker.duck(True)
    speaker.sound("ding")
    assert channel.get_volume() == pytest.approx(UNDER_VOICE, abs=0.01)
    speaker.duck(False)
    assert channel.get_volume() == pytest.approx(1.0, abs=0.01)
    speaker.close()


@pytest.mark.usefixtures("mixer")
@pytest.mark.parametrize("per_minute", [150.0, 177.0])
def test_a_beat_repeats_to_the_sample(per_minute):
    speaker = MixerSpeaker({}, FILES)
    beat = pygame.mixer.Channel(1 + len(FILES))
    speaker.beat("pace-3", per_minute)
    assert beat.get_sound().get_length() == pytest.approx(60 / per_minute, abs=1e-4)
    speaker.beat("pace-3", 0.0)
    assert not beat.get_busy()
    speaker.close()
