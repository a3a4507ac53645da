"""Rooms, noise and music, made from numbers: what lies between somebody on a mat and the microphone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve, lfilter

RATE_HZ = 16_000
SOUND_M_S = 343.0
REFLECTIONS_S = 0.06
"""Up to here reflections are counted one by one; after it they are noise that dies away."""

Wave = NDArray[np.float64]
Random = np.random.Generator


def impulse_response(random: Random, distance_m: float) -> Wave:
    """How a room of random size and furniture answers a click, at that distance.

    Early reflections are those of a box (image sources), the late ones noise that decays by 60 dB in 0.25-0.7 s. The
    mouth lies 0.15-0.5 m above the floor, the microphone stands 0.1-1.1 m above it.
    """
    size = random.uniform([3.0, 3.0, 2.4], [6.5, 5.0, 3.0])
    size[0] = max(size[0], distance_m * 0.9 + 0.8)
    decay_s = random.uniform(0.25, 0.7)
    mic = np.array([random.uniform(0.3, 0.7), random.uniform(0.8, size[1] - 0.8), random.uniform(0.1, 1.1)])
    height = random.uniform(0.15, 0.5)
    flat_m = np.sqrt(max(distance_m**2 - (mic[2] - height) ** 2, 0.04))
    angle = random.uniform(-0.4, 0.4)
    mouth = mic + np.array([flat_m * np.cos(angle), flat_m * np.sin(angle), height - mic[2]])
    mouth[:2] = np.clip(mouth[:2], 0.2, size[:2] - 0.2)
    surface = 2 * (size[0] * size[1] + size[0] * size[2] + size[1] * size[2])
    absorbed = min(0.161 * np.prod(size) / (surface * decay_s), 0.9)
    kept = np.sqrt(1 - absorbed)
    out = np.zeros(round((decay_s + 0.1) * RATE_HZ))
    counts = np.stack(np.meshgrid(*[np.arange(-3, 4)] * 3, indexing="ij"), -1).reshape(-1, 3)
    for flips in np.stack(np.meshgrid(*[[0, 1]] * 3, indexing="ij"), -1).reshape(-1, 3):
        images = (1 - 2 * flips) * mouth + 2 * counts * size
        away = np.linalg.norm(images - mic, axis=1)
        bounces = np.abs(counts - flips).sum(1) + np.abs(counts).sum(1)
        at = np.round(away / SOUND_M_S * RATE_HZ).astype(int)
        is_early = at < (REFLECTIONS_S + away.min() / SOUND_M_S) * RATE_HZ
        is_early &= at < len(out)
        np.add.at(out, at[is_early], (kept**bounces / away)[is_early] * random.choice([1, 1, -1], is_early.sum()))
    direct = np.linalg.norm(mouth - mic) / SOUND_M_S
    t = np.arange(len(out)) / RATE_HZ
    tail = random.standard_normal(len(out)) * 10 ** (-3 * (t - direct) / decay_s) * (t > direct + 0.02)
    reverberant = 16 * np.pi * (1 - absorbed) / (surface * absorbed)  # energy of the diffuse field by that at 1 m
    tail *= np.sqrt(reverberant / max((tail**2).sum(), 1e-12))
    tail = lfilter([0.6], [1, -0.4], tail)  # air and curtains take the high ones first
    return np.asarray(out + tail)


def in_room(sound: Wave, response: Wave) -> Wave:
    """A sound as it comes through that room, of the same length."""
    return np.asarray(fftconvolve(sound, response)[: len(sound)])


def coloured(random: Random, count: int) -> Wave:
    """Noise of a room: a fan, traffic, hiss; unit power."""
    white = np.fft.rfft(random.standard_normal(count))
    hz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    shape = np.maximum(hz, 40.0) ** -random.uniform(0.0, 1.2)
    if random.random() < 0.3:  # a hum with its overtones
        hum = random.uniform(45, 130)
        shape *= 1 + 10 * np.exp(-(((hz / hum + 0.5) % 1 - 0.5) ** 2) / 0.001) * (hz < 900)
    return level(np.fft.irfft(white * shape, count), 1.0)


def music(random: Random, count: int) -> Wave:
    """Chords, a bass and a drum at a steady beat; unit power. Not a song, but as loud and as regular as one."""
    out, t = np.zeros(count), np.arange(count) / RATE_HZ
    beat_s = 60 / random.uniform(70, 140)
    root = random.uniform(110, 220)
    for start in np.arange(0, t[-1] if count else 0, beat_s):
        at = slice(round(start * RATE_HZ), min(count, round((start + beat_s) * RATE_HZ)))
        local = t[at] - start
        fade = np.exp(-local * random.uniform(1, 5))
        for step in random.choice([0, 3, 4, 5, 7, 9, 12, 16, 19], 3):
            tone = root * 2 ** (step / 12)
            for overtone in range(1, 6):
                out[at] += np.sin(2 * np.pi * tone * overtone * local + random.uniform(0, 6)) * fade / overtone**1.2
        out[at] += 2 * np.sin(2 * np.pi * root / 2 * local) * np.exp(-4 * local)
        if random.random() < 0.7:
            out[at] += random.standard_normal(len(local)) * np.exp(-40 * local) * random.uniform(0.5, 3)
    return level(out, 1.0)


def level(sound: Wave, rms: float) -> Wave:
    """The sound at that root mean square."""
    return np.asarray(sound * (rms / max(float(np.sqrt(np.mean(sound**2))), 1e-9)))


def loudness(sound: Wave) -> float:
    """Root mean square of the loud parts: of 20 ms blocks, those within 20 dB of the loudest."""
    blocks = sound[: len(sound) // 320 * 320].reshape(-1, 320)
    power = (blocks**2).mean(axis=1) if len(blocks) else np.array([float(np.mean(sound**2))])
    return float(np.sqrt(power[power > power.max() / 100].mean())) if power.max() > 0 else 1e-9
