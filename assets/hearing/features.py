"""Put the speech into scenes, and write the descriptions that the network is trained on. See `train.py`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from assets.hearing.room import RATE_HZ, Random, Wave  # noqa: E402 - found through the line above
from assets.hearing.scenes import (  # noqa: E402
    Embedder,
    Place,
    music_scene,
    near_scene,
    place,
    seconds_of,
    silence,
    sound,
    talk_scene,
    trimmed,
    word_scene,
)
from assets.hearing.speech import slug  # noqa: E402
from formcheck.hearing.commands import SPOKEN  # noqa: E402
from formcheck.hearing.spotter import LOOKS  # noqa: E402

AFTER_S = 0.16
"""Least silence after a word before it is taken: so long that "pause" is not heard in "pausing"."""
ENDS = 5
"""Looks in which the end of the word may lie behind `AFTER_S`."""
TIMES = {"kokoro": 16, "espeak": 4, "flite": 5}
"""Scenes made of each word, by engine: what sounds like a person is heard more often."""
NEAR = 0.12
"""Share of words that are said into a microphone that is worn."""
CUT = 0.55
"""Of a word: a word that breaks off here is not the word."""


def words_of(speech: Path, kind: str, language: str) -> list[tuple[str, str, Path]]:
    """Engine, spoken text and file of each word."""
    texts = {slug(text): text for text in SPOKEN[language]}
    found = sorted(speech.glob(f"*/{kind}/{language}/*/*.wav"))
    return [(path.parts[-5], texts[path.stem], path) for path in found if path.stem in texts]


def varied(random: Random, word: Wave) -> Wave:
    """The word by somebody larger or smaller, faster or slower, of another colour of voice and microphone."""
    stretched = np.asarray(resample(word, round(len(word) * random.uniform(0.84, 1.2))))
    hz = np.fft.rfftfreq(len(stretched), 1 / RATE_HZ)
    at = np.array([50, 200, 500, 1000, 2000, 3000, 4500, 8000])
    gain_db = np.interp(hz, at, random.normal(0, 4, len(at)))
    return np.fft.irfft(np.fft.rfft(stretched) * 10 ** (gain_db / 20), len(stretched))


def word_looks(
    random: Random, embed: Embedder, here: Place, words: list[tuple[str, str, Path]], language: str
) -> tuple[NDArray[np.float16], NDArray[np.int16]]:
    """Descriptions of words with the silence around them: n × 14 × 96, and which text each is."""
    names = list(SPOKEN[language])
    looks, labels = [], []
    for engine, text, path in words:
        for _ in range(TIMES[engine]):
            word = varied(random, trimmed(sound(path)))
            tail_s = AFTER_S + 0.08 * (ENDS - 1) + random.uniform(0, 0.08)
            is_near = random.random() < NEAR
            scene = near_scene(random, word, 2.2, tail_s) if is_near else word_scene(random, word, here, 2.2, tail_s)
            looks.append(embed(scene[-seconds_of(LOOKS + ENDS - 1) :]))
            labels.append(names.index(text))
    return np.array(looks, np.float16), np.array(labels, np.int16)


def cut_looks(random: Random, embed: Embedder, here: Place, words: list[tuple[str, str, Path]]) -> NDArray[np.float16]:
    """Descriptions of words that break off, or that stand in the middle of talk."""
    looks = []
    for _, _, path in words:
        word = varied(random, trimmed(sound(path)))
        at = round(len(word) * random.uniform(0.3, CUT))
        other = trimmed(sound(here.talk[int(random.integers(len(here.talk)))]))
        start = int(random.integers(max(1, len(other) - 2 * RATE_HZ)))
        gap = np.zeros(int(random.uniform(0, 0.08) * RATE_HZ))
        loud = np.abs(word).max() / max(np.abs(other).max(), 1e-6)
        before, after = (loud * other[start : start + RATE_HZ], loud * other[start + RATE_HZ : start + 2 * RATE_HZ])
        kinds = [
            word[:at],
            word[at:],
            np.concatenate((before, gap, word, gap, after)),
            np.concatenate((word, gap, after)),
        ]
        made = kinds[random.choice(4, p=[0.25, 0.15, 0.35, 0.25])]
        scene = word_scene(random, made, here, 2.2, AFTER_S + 0.08 * ENDS)
        looks.append(embed(scene[-seconds_of(LOOKS + ENDS - 1) :]))
    return np.array(looks, np.float16)


def talk_looks(random: Random, embed: Embedder, here: Place, files: list[Path]) -> list[NDArray[np.float16]]:
    """Descriptions of talk, the coach, music and noise, stretch by stretch."""
    out = []
    for path in files:
        made = varied(random, sound(path))
        out.append(embed(talk_scene(random, made, here)).astype(np.float16))
    for _ in range(2):
        for path in here.coach:
            padded = np.pad(sound(path), (RATE_HZ, RATE_HZ))
            out.append(embed(talk_scene(random, padded, here, is_coach=True)).astype(np.float16))
    out += [embed(silence(random, 10)).astype(np.float16) for _ in range(30)]
    return out + [embed(music_scene(random, 12)).astype(np.float16) for _ in range(len(files) // 4)]


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description="Make the descriptions of words and talk.")
    parser.add_argument("what", choices=("talk", *SPOKEN))
    parser.add_argument("--speech", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    speech, what = arguments.speech, arguments.what
    random = np.random.default_rng(19 + ["talk", *SPOKEN].index(what))
    coach = sorted((HERE.parent / "voice").glob("*/*.ogg"))
    coach = [path for path in coach if path.parent.name != "sounds"]
    talk = sorted(speech.glob("*/train-talk/*/**/*.wav"))
    here, embed = place(random, coach, talk, 0.6, 4.0), Embedder()
    arguments.out.mkdir(parents=True, exist_ok=True)
    if what == "talk":
        stretches = talk_looks(random, embed, here, talk)
        ends = np.cumsum([len(each) for each in stretches])
        np.savez(arguments.out / "talk.npz", looks=np.concatenate(stretches), ends=ends)
        return
    words = words_of(speech, "train", what)
    looks, labels = word_looks(random, embed, here, words, what)
    cut = cut_looks(random, embed, here, words * 2)
    np.savez(arguments.out / f"words-{what}.npz", looks=looks, labels=labels, cut=cut)
    print(what, looks.shape, cut.shape)


if __name__ == "__main__":
    main()
