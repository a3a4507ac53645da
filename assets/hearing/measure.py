"""Measure the word spotter as it ships, on voices that it was not trained on. See `train.py` for how to run it.

Recall: each word is said once in a scene of five seconds, 3 m from the microphone, in rooms that were not trained on,
with nothing but noise, with a radio, and with the coach speaking at several levels. Wrong: hours of read text, of the
coach, of music, and, where they are installed, of real voices (Asterisk's announcements in three languages and
LibriVox readings, of Debian; they are never trained on and do not ship).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from assets.hearing.features import words_of  # noqa: E402 - found through the line above
from assets.hearing.room import RATE_HZ, Random, Wave, impulse_response  # noqa: E402
from assets.hearing.scenes import (  # noqa: E402
    Embedder,
    Place,
    music_scene,
    seconds_of,
    sound,
    talk_scene,
    trimmed,
    word_scene,
)
from formcheck.hearing.commands import SPOKEN, Command  # noqa: E402
from formcheck.hearing.features import HOP, Samples, bands  # noqa: E402
from formcheck.hearing.spotter import LOOKS, PAST, SEEN, STEP, Heard, Spotter  # noqa: E402

SCENES: dict[str, float | None] = {"quiet room": None, "coach 10 dB under": 10.0, "coach as loud": 0.0}
"""What is heard beside the word; the number is how much quieter the coach is than the person, at the microphone."""
LEAD_S, TAIL_S = 2.6, 1.4
ON_TIME_S = 1.2
"""Seconds after a word within which it must be understood."""
BEFORE_S = (SEEN - STEP) * HOP / RATE_HZ
"""Seconds of sound before the first look of a whole stretch is complete, beyond those of one step."""
ASTERISK = Path("/usr/share/asterisk/sounds")
LIBRIVOX = Path("/usr/share/pocketsphinx/test/data")


class Fast(Spotter):
    """The spotter with its first network run over a whole stretch at once: the same answers, in less time."""

    embedder = Embedder()

    def all(self, samples: Samples, caution: float = 0.0) -> list[Heard]:
        """Everything that is heard in the stretch."""
        self.forget()
        levels = np.concatenate((np.full(PAST, 2.0, np.float32), bands(samples).max(axis=1)))
        heard = []
        for number, look in enumerate(self.embedder(samples)):
            self._levels = levels[number * STEP + SEEN :][:PAST]
            found = self._told(look, caution)
            heard += [replace(found, at_s=found.at_s + BEFORE_S)] if found is not None else []
        return heard


def rooms(random: Random) -> tuple[list[Wave], list[Wave]]:
    """3 m away, and beside the microphone; none of them was trained on."""
    far = [impulse_response(random, 3.0) for _ in range(40)]
    return far, [impulse_response(random, random.uniform(0.15, 0.5)) for _ in range(10)]


def recall(language: str, spotter: Fast, speech: Path, coach: list[Path]) -> dict[str, Any]:
    """Share of words that are understood, by scene, engine and command."""
    random = np.random.default_rng(1919)
    far, near = rooms(random)
    talk = sorted((speech / "plain" / "test-talk" / language).glob("*.wav"))
    out: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for scene, coach_db in SCENES.items():
        here = Place(far, near, coach, talk)
        for engine, text, path in words_of(speech, "test", language):
            command = SPOKEN[language][text]
            word = trimmed(sound(path))
            samples = word_scene(random, word, here, LEAD_S, TAIL_S, coach_db, float(random.uniform(-48, -28)),
                                 is_quiet=coach_db is None)  # fmt: skip
            said_s = (len(samples) / RATE_HZ) - TAIL_S
            caution = 0.5 if coach_db is not None else 0.0
            hits = [h for h in spotter.all(samples, caution) if -0.1 < h.at_s - said_s < ON_TIME_S]
            for key in (f"{engine}, all words", f"{engine}, {command}"):
                out[scene][key][0] += bool(hits) and hits[0].command == command
                out[scene][key][1] += 1
    return {scene: {key: values for key, values in sorted(each.items())} for scene, each in out.items()}


def real_speech(language: str) -> Iterator[Wave]:
    """Recorded people, as far as they are installed: announcements of a telephone system, and read books."""
    import subprocess

    for path in sorted((ASTERISK / language).glob("**/*.g722")):
        raw = subprocess.run(
            ["ffmpeg", "-v", "error", "-f", "g722", "-i", str(path), "-ac", "1", "-ar", "16000", "-f", "s16le", "-"],
            capture_output=True, check=True,
        ).stdout  # fmt: skip
        yield np.frombuffer(raw, np.int16) / 32768
    if language == "en":
        for path in sorted(LIBRIVOX.glob("**/*.wav")):
            yield sound(path)


def wrong(language: str, spotter: Fast, speech: Path, coach: list[Path]) -> dict[str, Any]:
    """What is heard by the hour where nobody said a word to the coach."""
    random = np.random.default_rng(1920)
    far, near = rooms(random)
    here = Place(far, near, coach, [])
    kinds: dict[str, list[Samples]] = {
        "read text, plain voices": [talk_scene(random, sound(p), here) for p in _talk(speech, "plain", language)],
        "talk, natural voices": [talk_scene(random, sound(p), here) for p in _talk(speech, "kokoro", language)],
        "recorded people": [talk_scene(random, w, here) for w in _joined(real_speech(language))],
        "the coach": [talk_scene(random, w, here, is_coach=True) for w in _joined(map(sound, coach))],
        "music and noise": [music_scene(random, 30) for _ in range(20)],
    }
    out = {}
    for kind, stretches in kinds.items():
        seconds, found = 0.0, Counter[Command]()
        for samples in stretches:
            seconds += len(samples) / RATE_HZ
            found.update(heard.command for heard in spotter.all(samples, 0.5 if kind == "the coach" else 0.0))
        out[kind] = {"minutes": round(seconds / 60, 1), "wrong": dict(found)}
    return out


def _talk(speech: Path, engine: str, language: str) -> list[Path]:
    return sorted((speech / engine / "test-talk" / language).glob("**/*.wav"))


def _joined(pieces: Iterator[Wave]) -> Iterator[Wave]:
    """Short pieces as stretches of half a minute, with pauses between them."""
    kept: list[Wave] = []
    for piece in pieces:
        kept += [piece, np.zeros(round(0.6 * RATE_HZ))]
        if sum(map(len, kept)) > 30 * RATE_HZ:
            yield np.concatenate(kept)
            kept = []
    if kept:
        yield np.concatenate(kept)


def share_of_a_core(language: str) -> float:
    """Processor time by the time of the sound, in the streaming way that ships."""
    samples = np.random.default_rng(1).normal(0, 300, 20 * RATE_HZ).astype(np.float32)
    spotter = Spotter(language)
    began = time.process_time()
    for start in range(0, len(samples), 1024):
        spotter.feed(samples[start : start + 1024])
    return (time.process_time() - began) / 20


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description="Measure the word spotter.")
    parser.add_argument("languages", nargs="*", default=sorted(SPOKEN))
    parser.add_argument("--speech", type=Path, required=True)
    parser.add_argument("--json", type=Path, help="where the figures are written")
    arguments = parser.parse_args()
    coach = [p for p in sorted((HERE.parent / "voice").glob("*/*.ogg")) if p.parent.name != "sounds"]
    figures: dict[str, Any] = {"seconds of sound": seconds_of(LOOKS) / RATE_HZ}
    for language in arguments.languages:
        spotter = Fast(language)
        figures[language] = {
            "recall": recall(language, spotter, arguments.speech, coach),
            "wrong": wrong(language, spotter, arguments.speech, coach),
            "share of a core": round(share_of_a_core(language), 3),
        }
        print(json.dumps({language: figures[language]}, indent=1, ensure_ascii=False), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
