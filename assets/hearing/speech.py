"""Make the speech that the word spotter is trained and measured on. See `train.py` for how to run it.

Three engines, none of them in the product: Kokoro-82M (Apache-2.0; natural), espeak-ng and flite (of Debian; plain,
fast, and many). Nobody's recorded voice is used here. Some voices are kept back, and heard only when it is measured.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from assets.voice.build import RECIPES, kokoro  # noqa: E402 - found through the line above
from formcheck.hearing.commands import SPOKEN  # noqa: E402

RATE_HZ = 16_000
SEED = 19
KOKORO = {
    "en": {
        "train": "af_alloy af_bella af_jessica af_nova am_echo am_fenrir am_onyx am_puck am_santa bf_alice bf_isabella "
        "bf_lily bm_daniel bm_fable",
        "test": "af_sarah am_michael bf_emma bm_george am_liam",
    },
    "fr": {
        "train": "af_river if_sara pm_alex af_bella af_jessica am_fenrir am_puck bf_lily bm_fable em_santa hf_beta "
        "pm_santa",
        "test": "ff_siwis am_michael bf_emma im_nicola pf_dora",
    },
    "es": {
        "train": "em_santa pm_alex if_sara pm_santa af_bella af_nova am_fenrir am_onyx bf_alice bm_fable hm_omega "
        "im_nicola",
        "test": "em_alex ef_dora am_michael pf_dora bm_george",
    },
}
"""Voices by language. The coach's own (af_heart) is in neither: it must never be taken for the person."""
ACCENT = {"en": "en-us", "fr": "fr-fr", "es": "es"}
ESPEAK = {
    "en": ("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp"),
    "fr": ("fr-fr", "fr-be", "fr-ch"),
    "es": ("es", "es-419"),
}
VARIANTS = {"train": "m1 m2 m3 m5 m7 f1 f2 f4", "test": "m4 m6 f3 f5"}
FLITE = {"train": "awb rms kal16", "test": "slt"}

Job = tuple[str, str, str]
"""Language, voice, and what it is for."""


def slug(text: str) -> str:
    """A file's name for a spoken text."""
    return "".join(c for c in text.lower().replace(" ", "-") if c.isalnum() or c == "-")


def kokoro_words(packages: Path, out: Path) -> None:
    """All words by all voices of Kokoro: seconds a word."""
    chosen = random.Random(SEED)
    queues = []
    for language, kinds in KOKORO.items():
        learnt, kept = ([(language, voice, kind) for voice in kinds[kind].split()] for kind in ("train", "test"))
        queues.append([*kept, *learnt])
    engine = _kokoro(packages)
    for language, voice, kind in [job for group in itertools.zip_longest(*queues) for job in group if job]:
        speed = chosen.choice([0.8, 0.9, 1.0, 1.1])
        for text in SPOKEN[language]:
            _kokoro_say(engine, f"{text}{'?' if text in ('How many', 'Combien', 'Cuántas') else '.'}", voice, language,
                        speed, out / "kokoro" / kind / language / voice / f"{slug(text)}.wav")  # fmt: skip


def kokoro_talk(packages: Path, out: Path, texts: Path, rounds: int) -> None:
    """Sentences by the voices that the words were trained with, and by those that were kept back."""
    chosen, engine = random.Random(SEED), _kokoro(packages)
    for turn in range(rounds):
        for language, kinds in KOKORO.items():
            lines = (texts / f"talk-{language}.txt").read_text("utf-8").splitlines()
            for kind, voices in kinds.items():
                for voice in voices.split():
                    path = out / "kokoro" / f"{kind}-talk" / language / voice / f"{turn}.wav"
                    _kokoro_say(engine, chosen.choice(lines), voice, language, chosen.choice([0.85, 1.0, 1.15]), path)


def _kokoro(packages: Path) -> Any:
    """The engine with all voices in place of the product's one."""
    engine = kokoro(packages, RECIPES["en"])
    with tarfile.open(next(packages.glob("kokoro-js-1.2.1.tgz"))) as archive, tempfile.TemporaryDirectory() as folder:
        styles = {}
        for member in archive.getmembers():
            if member.name.startswith("package/voices/"):
                data = archive.extractfile(member)
                assert data is not None
                styles[Path(member.name).stem] = np.frombuffer(data.read(), np.float32).reshape(-1, 1, 256)
        np.savez(Path(folder) / "voices.npz", allow_pickle=False, **styles)
        engine.voices = dict(np.load(Path(folder) / "voices.npz"))
    return engine


def _kokoro_say(engine: Any, text: str, voice: str, language: str, speed: float, path: Path) -> None:
    from scipy.signal import resample_poly

    if not path.exists():
        raw, _ = engine.create(text, voice, speed=speed, lang=ACCENT[language], trim=False)
        write(path, resample_poly(np.asarray(raw, float), 2, 3))


def write(path: Path, samples: NDArray[Any]) -> None:
    """A mono WAV of 16 bits at 16 kHz."""
    import soundfile

    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, RATE_HZ, subtype="PCM_16")


def plain_words(out: Path) -> None:
    """All words by espeak-ng and flite."""
    chosen = random.Random(SEED)
    for kind, variants in VARIANTS.items():
        turns = range(3 if kind == "train" else 1)
        for language, variant, turn in itertools.product(SPOKEN, variants.split(), turns):
            voice = f"{chosen.choice(ESPEAK[language])}+{variant}"
            speed, pitch = chosen.randint(120, 190), chosen.randint(25, 75)
            folder = out / "espeak" / kind / language / f"{variant}-{turn}"
            for text in SPOKEN[language]:
                espeak(text, voice, speed, pitch, folder / f"{slug(text)}.wav")
        for voice, (turn, stretch) in itertools.product(FLITE[kind].split(), enumerate((0.9, 1.1, 1.3))):
            for text in SPOKEN["en"]:
                flite(text, voice, stretch, out / "flite" / kind / "en" / f"{voice}-{turn}" / f"{slug(text)}.wav")


def plain_talk(out: Path, texts: Path, minutes: float) -> None:
    """Read text by espeak-ng and flite, so many minutes a language, for training and as many others for measuring."""
    chosen = random.Random(SEED + 1)
    for language in SPOKEN:
        lines = (texts / f"book-{language}.txt").read_text("utf-8").splitlines()
        talk = (texts / f"talk-{language}.txt").read_text("utf-8").splitlines()
        half = len(lines) // 2
        for kind, pool in (("train", lines[:half]), ("test", lines[half:])):
            for number, text in enumerate(_portions(chosen, pool, talk if kind == "train" else [], minutes)):
                path = out / "plain" / f"{kind}-talk" / language / f"{number}.wav"
                if language == "en" and number % 3 == 0:
                    flite(text, chosen.choice(FLITE[kind].split()), chosen.uniform(0.8, 1.2), path)
                else:
                    voice = f"{chosen.choice(ESPEAK[language])}+{chosen.choice(VARIANTS[kind].split())}"
                    espeak(text, voice, chosen.randint(120, 210), chosen.randint(20, 80), path)


def plain_phrases(out: Path, texts: Path, count: int) -> None:
    """Single words and short phrases that are none of ours, with a pause after each: what is easiest mistaken."""
    chosen = random.Random(SEED + 2)
    for language in SPOKEN:
        book = (texts / f"book-{language}.txt").read_text("utf-8").splitlines()
        words = re.findall(r"[^\W\d_][\w'-]*", " ".join(book[: len(book) // 2]))
        talk = re.findall(r"[^\W\d_][\w'-]*", (texts / f"talk-{language}.txt").read_text("utf-8"))
        ours = {word for text in SPOKEN[language] for word in text.lower().split()}
        for number in range(count):
            phrases: list[str] = []
            while len(phrases) < 8:
                pool = talk if chosen.random() < 0.4 else words
                at, length = chosen.randrange(len(pool) - 3), chosen.choice([1, 1, 1, 2, 2, 3])
                phrase = pool[at : at + length]
                if not ours & {word.lower() for word in phrase} and len(" ".join(phrase)) > 2:
                    phrases.append(" ".join(phrase) if chosen.random() < 0.85 else str(chosen.randrange(60)))
            path = out / "phrases" / "train-talk" / language / f"{number}.wav"
            if language == "en" and number % 3 == 0:
                flite(".\n\n".join(phrases), chosen.choice(FLITE["train"].split()), chosen.uniform(0.8, 1.3), path)
            else:
                voice = f"{chosen.choice(ESPEAK[language])}+{chosen.choice(VARIANTS['train'].split())}"
                espeak(".\n\n".join(phrases), voice, chosen.randint(110, 200), chosen.randint(20, 80), path)


def _portions(chosen: random.Random, pool: list[str], talk: list[str], minutes: float) -> Iterator[str]:
    """Some sentences at a time, about 20 s each; every other one of everyday talk where there is some."""
    for _ in range(round(minutes * 3)):
        lines = [chosen.choice(talk if talk and chosen.random() < 0.4 else pool) for _ in range(4)]
        yield " ".join(lines)


def espeak(text: str, voice: str, speed: int, pitch: int, path: Path) -> None:
    """Say it with espeak-ng, at so many words a minute."""
    if not path.exists():
        _resampled(["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "-w"], text, path)


def flite(text: str, voice: str, stretch: float, path: Path) -> None:
    """Say it with flite, so many times as long."""
    if not path.exists():
        command = ["flite", "-voice", voice, "--setf", f"duration_stretch={stretch:.2f}", "-t", text, "-o"]
        _resampled(command, "", path)


def _resampled(command: list[str], text: str, path: Path) -> None:
    import soundfile
    from scipy.signal import resample_poly

    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "said.wav")
        subprocess.run([*command, file, *([text] if text else [])], check=True, capture_output=True)
        samples, rate = soundfile.read(file)
    write(path, resample_poly(samples, RATE_HZ, rate))


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description="Make the speech for the word spotter.")
    parser.add_argument("what", choices=("kokoro", "kokoro-talk", "plain"))
    parser.add_argument("--out", type=Path, required=True, help="folder for the speech")
    parser.add_argument("--packages", type=Path, help="folder with Kokoro's packages; see assets/voice/build.py")
    parser.add_argument("--texts", type=Path, default=HERE, help="folder with talk-LANGUAGE.txt and book-LANGUAGE.txt")
    parser.add_argument("--minutes", type=float, default=25, help="of read text a language")
    arguments = parser.parse_args()
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    if arguments.what == "kokoro":
        kokoro_words(arguments.packages, arguments.out)
    elif arguments.what == "kokoro-talk":
        kokoro_talk(arguments.packages, arguments.out, arguments.texts, 1)
    else:
        plain_words(arguments.out)
        plain_talk(arguments.out, arguments.texts, arguments.minutes)
        plain_phrases(arguments.out, arguments.texts, round(4 * arguments.minutes))


if __name__ == "__main__":
    main()
