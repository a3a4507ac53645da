"""Scenes in front of the microphone: somebody who says a word on the mat, and all that goes on beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import resample_poly

from assets.hearing.room import RATE_HZ, Random, Wave, coloured, impulse_response, in_room, level, loudness, music
from formcheck.hearing.features import HOP, WINDOW, Samples, bands
from formcheck.hearing.spotter import EMBEDDING, SEEN, STEP, network

FULL = 32_768
"""Full scale of 16 bits."""
QUIET_DB, LOUD_DB = -52.0, -22.0
"""How loud a word arrives, against full scale: microphones and their amplifiers differ."""


@lru_cache(maxsize=6000)
def sound(path: Path) -> Wave:
    """A file at 16 kHz."""
    samples, rate = soundfile.read(path)
    samples = np.asarray(samples if samples.ndim == 1 else samples.mean(axis=1), np.float64)
    return samples if rate == RATE_HZ else np.asarray(resample_poly(samples, RATE_HZ, rate))


def trimmed(samples: Wave, under_db: float = -32.0) -> Wave:
    """The word alone, without the silence before and after it."""
    blocks = np.array([np.abs(samples[i : i + 160]).max() for i in range(0, len(samples), 160)])
    loud = np.flatnonzero(blocks > blocks.max() * 10 ** (under_db / 20))
    return samples[loud[0] * 160 : (loud[-1] + 1) * 160]


@dataclass(frozen=True)
class Place:
    """Rooms, and what else can be heard in them."""

    far: Sequence[Wave]
    """Impulse responses from the mat to the microphone."""
    near: Sequence[Wave]
    """From the loudspeaker beside it."""
    coach: Sequence[Path]
    talk: Sequence[Path]


def place(random: Random, coach: Sequence[Path], talk: Sequence[Path], nearest_m: float, furthest_m: float) -> Place:
    """A place of so many rooms."""
    far = [impulse_response(random, random.uniform(nearest_m, furthest_m)) for _ in range(100)]
    near = [impulse_response(random, random.uniform(0.15, 0.5)) for _ in range(20)]
    return Place(far, near, coach, talk)


def drawn(random: Random, paths: Sequence[Path], count: int) -> Wave:
    """A stretch of so many samples from these files, one after the other with pauses."""
    out, at = np.zeros(count), -int(random.integers(0, RATE_HZ))
    while at < count:
        piece = sound(paths[int(random.integers(len(paths)))])
        start, stop = max(at, 0), min(at + len(piece), count)
        if stop > start:
            out[start:stop] += piece[start - at : stop - at]
        at += len(piece) + int(random.uniform(0.2, 1.5) * RATE_HZ)
    return out


def background(random: Random, here: Place, count: int, speech: float, coach_db: float | None = None) -> Wave:
    """Noise, sometimes music, the coach or a radio, under somebody who speaks with that loudness (1 = full scale).

    Args:
        coach_db: how much quieter the coach is than the person; random, or no coach at all, where it is None.
    """
    out = coloured(random, count) * speech * 10 ** (-random.uniform(8, 30) / 20)
    kind = random.random()
    if coach_db is not None or kind < 0.3:
        under = random.uniform(-4, 15) if coach_db is None else coach_db
        voice = in_room(drawn(random, here.coach, count), here.near[int(random.integers(len(here.near)))])
        out += _at(voice, speech * 10 ** (-under / 20))
    elif kind < 0.45:
        radio = in_room(drawn(random, here.talk, count), here.far[int(random.integers(len(here.far)))])
        out += _at(radio, speech * 10 ** (-random.uniform(6, 20) / 20))
    elif kind < 0.6:
        out += music(random, count) * speech * 10 ** (-random.uniform(5, 20) / 20)
    return out


def _at(samples: Wave, loud: float) -> Wave:
    now = loudness(samples)
    return samples * (loud / now) if now > 1e-7 else samples


def as_card(samples: Wave) -> Samples:
    """What the sound card hands over: 16-bit values."""
    return np.clip(np.round(samples * FULL), -FULL, FULL - 1).astype(np.float32)


def word_scene(
    random: Random, word: Wave, here: Place, lead_s: float, tail_s: float, coach_db: float | None = None,
    loud_db: float | None = None, is_quiet: bool = False,
) -> Samples:  # fmt: skip
    """A word that ends `tail_s` before the end, in a room with its noises; where it is quiet, with its noise alone."""
    count = round(lead_s * RATE_HZ) + len(word) + round(tail_s * RATE_HZ)
    dry = np.zeros(count)
    dry[round(lead_s * RATE_HZ) :][: len(word)] = word
    speech = 10 ** ((random.uniform(QUIET_DB, LOUD_DB) if loud_db is None else loud_db) / 20)
    wet = _at(in_room(dry, here.far[int(random.integers(len(here.far)))]), speech)
    if is_quiet:
        return as_card(wet + coloured(random, count) * speech * 10 ** (-random.uniform(10, 30) / 20))
    return as_card(wet + background(random, here, count, speech, coach_db))


def talk_scene(random: Random, talk: Wave, here: Place, is_coach: bool = False) -> Samples:
    """Talk, or the coach alone, in a room with its noises."""
    rooms = here.near if is_coach else here.far
    speech = 10 ** (random.uniform(QUIET_DB, LOUD_DB) / 20)
    wet = _at(in_room(talk, rooms[int(random.integers(len(rooms)))]), speech)
    noise = coloured(random, len(talk)) * speech * 10 ** (-random.uniform(8, 35) / 20)
    if random.random() < 0.25:
        noise += music(random, len(talk)) * speech * 10 ** (-random.uniform(0, 20) / 20)
    return as_card(wet + noise)


def music_scene(random: Random, seconds: float) -> Samples:
    """Music or noise alone."""
    count = round(seconds * RATE_HZ)
    made = music(random, count) if random.random() < 0.6 else coloured(random, count)
    return as_card(level(made, 10 ** (random.uniform(-60, -20) / 20)))


def silence(random: Random, seconds: float) -> Samples:
    """A card that hands over nothing, or its own hiss."""
    return as_card(random.standard_normal(round(seconds * RATE_HZ)) * random.choice([0, 0, 1, 3, 10, 30]) / FULL)


def near_scene(random: Random, word: Wave, lead_s: float, tail_s: float) -> Samples:
    """A word into a microphone that is worn, without a room."""
    dry = np.pad(word, (round(lead_s * RATE_HZ), round(tail_s * RATE_HZ)))
    speech = 10 ** (random.uniform(-40, -12) / 20)
    return as_card(_at(dry, speech) + coloured(random, len(dry)) * speech * 10 ** (-random.uniform(20, 60) / 20))


class Embedder:
    """The descriptions of a whole stretch of sound at once, as the spotter makes them one by one."""

    def __init__(self) -> None:
        self._network = network("speech-embedding.onnx")

    def __call__(self, samples: Samples) -> NDArray[np.float32]:
        """Descriptions, one every 80 ms; the first ends 0.76 s after the beginning."""
        columns = bands(samples)
        if len(columns) < SEEN:
            return np.zeros((0, EMBEDDING), np.float32)
        (looks,) = self._network.run(None, {"columns": columns[None, None]})
        return np.asarray(looks[0, :, :, 0].T, np.float32)


def seconds_of(looks: int) -> int:
    """Samples for exactly so many descriptions."""
    return ((looks - 1) * STEP + SEEN - 1) * HOP + WINDOW
