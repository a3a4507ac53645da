"""The clips that ship: one for each cue, levelled, of its present text. And how they are made."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import pytest

from assets.voice.loudness import limited, loudness_lufs, normalised
from assets.voice.ogg import checksum, with_serial
from assets.voice.sounds import ding, tick
from formcheck.session.texts import catalogue, translate
from formcheck.system.assets import asset
from formcheck.voice import clip_duration_s
from formcheck.voice.clips import clip_set
from formcheck.voice.speaker import RATE_HZ
from tests.voice.conftest import Samples, decoded

REMEDY = "run assets/voice/build.py"
LOUDNESS_LUFS, TOLERANCE_DB = -16.0, 0.5
INDEXES: dict[str, Any] = {
    path.parent.name: json.loads(path.read_text("utf-8")) for path in sorted(asset("voice").glob("*/index.json"))
}
"""Of each language that has a voice."""
CLIPS = [(language, name) for language, index in INDEXES.items() for name in sorted(index["clips"])]


def stale(texts: dict[str, str], index: dict[str, Any]) -> list[str]:
    """Cues whose clip is missing, says another text, or belongs to no cue any more."""
    known = {name: clip["text"] for name, clip in index["clips"].items()}
    return sorted(name for name in texts.keys() | known.keys() if texts.get(name) != known.get(name))


@pytest.mark.parametrize("language", INDEXES)
def test_each_cue_has_the_clip_of_its_present_text(language: str) -> None:
    texts = {name: translate(text, language) for name, text in catalogue().items()}
    assert not stale(texts, INDEXES[language]), f"the clips are not those of the texts: {REMEDY}"


def test_a_changed_a_new_and_a_removed_text_are_noticed() -> None:
    index = {"clips": {"a": {"text": "A."}, "b": {"text": "B."}, "c": {"text": "C."}}}
    assert stale({"a": "A.", "b": "Bee.", "d": "D."}, index) == ["b", "c", "d"]


@pytest.mark.parametrize("language", INDEXES)
def test_the_folder_holds_the_clips_of_the_index_and_no_others(language: str) -> None:
    folder = clip_set(language).folder
    files = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.ogg")}
    assert files == {name: clip["sha256"] for name, clip in INDEXES[language]["clips"].items()}, REMEDY


@pytest.mark.parametrize("language", INDEXES)
def test_reps_and_seconds_are_counted_up_to_60(language: str) -> None:
    assert all(clip_duration_s(f"{group}.{n}", language) > 0.2 for group in ("count", "hold") for n in range(61))
    assert clip_duration_s("count.61", language) == 0


@pytest.mark.parametrize("language", INDEXES)
def test_a_number_is_over_before_the_next_second(language: str) -> None:
    assert max(clip_duration_s(f"number.{n}", language) for n in range(1, 61)) <= 0.9


LETTER_S = (0.03, 0.16)
"""Seconds of speech a letter, in clips of ten letters and more: below a word was cut, above one was said twice."""


@pytest.mark.parametrize("language", INDEXES)
def test_no_clip_is_much_shorter_or_longer_than_its_text(language: str) -> None:
    clips = INDEXES[language]["clips"]
    paces = {n: (c["duration_s"] - 0.11) / len(c["text"]) for n, c in clips.items() if len(c["text"]) >= 10}
    assert {name: pace for name, pace in paces.items() if not LETTER_S[0] <= pace <= LETTER_S[1]} == {}


@pytest.mark.parametrize("language", INDEXES)
def test_words_a_minute_of_the_sentences(language: str) -> None:
    sentences = [c for c in INDEXES[language]["clips"].values() if len(c["text"].split()) >= 4]
    spoken_s = sum(c["duration_s"] - 0.11 for c in sentences)
    assert 140 <= 60 * sum(len(c["text"].split()) for c in sentences) / spoken_s <= 165


def test_what_a_session_asks_and_answers_has_clips() -> None:
    asked = ("session.pain", "session.effort", "session.why", "session.end-set", "setup.camera-missing")
    answers = [
        *(f"number.{n}" for n in range(11)),
        *(f"tally.{verdict}" for verdict in ("clean", "faulty", "not-judged")),
    ]
    assert all(clip_duration_s(name) > 0.2 for name in (*asked, *answers, "set.other-side", "rep.not-judged"))


def test_a_language_without_a_voice_is_silent_rather_than_english() -> None:
    assert clip_set("xx").durations_s == {}
    assert clip_duration_s("set.done", "xx") == 0


@pytest.mark.usefixtures("mixer")
@pytest.mark.parametrize(("language", "name"), CLIPS)
def test_clip_can_be_heard(language: str, name: str) -> None:
    samples = decoded(str(clip_set(language).path(name)))
    assert 0.2 <= len(samples) / RATE_HZ <= (9 if name.startswith("page.") else 6), "pages are read when asked for"
    assert len(samples) / RATE_HZ == pytest.approx(clip_duration_s(name, language), abs=0.005)
    assert loudness_lufs(samples, RATE_HZ) == pytest.approx(LOUDNESS_LUFS, abs=TOLERANCE_DB)
    assert np.abs(samples).max() < 0.95, "clipped"
    audible = np.flatnonzero(np.abs(samples) > 0.015 * np.abs(samples).max())
    assert audible[0] < 0.1 * RATE_HZ, "silence before the speech delays the cue"
    assert len(samples) - audible[-1] < 0.2 * RATE_HZ, "silence after the speech blocks the next cue"


@pytest.mark.usefixtures("mixer")
@pytest.mark.parametrize(("name", "low_s", "high_s"), [("ding", 0.3, 1.0), ("tick", 0.05, 0.2)])
def test_short_sound_starts_soft_and_sounds_on_small_loudspeakers(name: str, low_s: float, high_s: float) -> None:
    samples = decoded(str(asset("voice", "sounds", f"{name}.ogg")))
    assert low_s <= len(samples) / RATE_HZ <= high_s
    assert 0.15 < np.abs(samples).max() < 0.3, "10 dB below the voice"
    assert share_between(samples, 600, 2000) > 0.9
    assert np.abs(samples[:12]).max() < 0.3 * np.abs(samples).max(), "starts with a click"
    assert np.abs(samples[-12:]).max() < 0.02, "ends with a click"


def share_between(samples: Samples, low_hz: float, high_hz: float) -> float:
    """Share of the sound's power between two frequencies."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    bands = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    return float(power[(bands >= low_hz) & (bands <= high_hz)].sum() / power.sum())


def strongest_hz(samples: Samples) -> float:
    return float(np.fft.rfftfreq(len(samples), 1 / RATE_HZ)[np.abs(np.fft.rfft(samples)).argmax()])


def test_ding_and_tick_are_told_apart_by_pitch_and_length() -> None:
    assert strongest_hz(tick(RATE_HZ)) / strongest_hz(ding(RATE_HZ)) > 1.25
    assert len(ding(RATE_HZ)) > 3 * len(tick(RATE_HZ))


def sine(hz: float, length_s: float, peak: float) -> Samples:
    return np.asarray(peak * np.sin(2 * np.pi * hz * np.arange(round(length_s * RATE_HZ)) / RATE_HZ))


def test_loudness_is_that_of_the_standard() -> None:
    assert loudness_lufs(sine(997, 2, 1.0), RATE_HZ) == pytest.approx(-3.01, abs=0.05)
    assert loudness_lufs(sine(997, 2, 0.1), RATE_HZ) == pytest.approx(-23.01, abs=0.05)
    assert loudness_lufs(sine(40, 2, 0.1), RATE_HZ) < -27, "a rumble is hardly heard"


def test_pauses_do_not_count() -> None:
    with_pause = np.concatenate([sine(997, 1, 0.1), sine(997, 1, 0.001), sine(997, 1, 0.1)])
    assert loudness_lufs(with_pause, RATE_HZ) == pytest.approx(-23.0, abs=0.3)
    assert loudness_lufs(np.zeros(RATE_HZ), RATE_HZ) == -np.inf


def test_normalising_meets_level_and_peak() -> None:
    spiky = sine(997, 1, 0.05)
    spiky[RATE_HZ // 2] = 1.0
    out = normalised(spiky, RATE_HZ, -18.0, -2.0)
    assert loudness_lufs(out, RATE_HZ) == pytest.approx(-18, abs=0.2)
    assert np.abs(out).max() <= 10 ** (-2 / 20) + 1e-9
    assert np.array_equal(limited(sine(997, 1, 0.5), RATE_HZ, 0.6), sine(997, 1, 0.5)), "quiet sound is left alone"


def test_an_ogg_page_keeps_a_true_checksum_with_its_new_number() -> None:
    stream = asset("voice", "sounds", "tick.ogg").read_bytes()
    page = with_serial(stream, 77)[:58]
    assert page[14:18] == b"M\0\0\0"
    assert int.from_bytes(page[22:26], "little") == checksum(page[:22] + bytes(4) + page[26:])
    assert with_serial(with_serial(stream, 77), 1) == stream
    with pytest.raises(ValueError, match="no Ogg page at byte 0"):
        with_serial(b"RIFF" + stream, 1)
