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
from formcheck.session.texts import catalogue
from formcheck.system.assets import asset
from formcheck.voice import clip_duration_s
from formcheck.voice.clips import clip_set
from formcheck.voice.speaker import RATE_HZ
from tests.voice.conftest import Samples, decoded

REMEDY = "run assets/voice/build.py"
LOUDNESS_LUFS, TOLERANCE_DB = -16.0, 0.5
INDEX: dict[str, Any] = json.loads(asset("voice", "en", "index.json").read_text("utf-8"))
NAMES = sorted(INDEX["clips"])


def stale(texts: dict[str, str], index: dict[str, Any]) -> list[str]:
    """Cues whose clip is missing, says another text, or belongs to no cue any more."""
    known = {name: clip["text"] for name, clip in index["clips"].items()}
    return sorted(name for name in texts.keys() | known.keys() if texts.get(name) != known.get(name))


def test_each_cue_has_the_clip_of_its_present_text() -> None:
    assert not stale(catalogue(), INDEX), f"the clips are not those of the texts: {REMEDY}"


def test_a_changed_a_new_and_a_removed_text_are_noticed() -> None:
    index = {"clips": {"a": {"text": "A."}, "b": {"text": "B."}, "c": {"text": "C."}}}
    assert stale({"a": "A.", "b": "Bee.", "d": "D."}, index) == ["b", "c", "d"]


def test_the_folder_holds_the_clips_of_the_index_and_no_others() -> None:
    files = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in clip_set().folder.glob("*.ogg")}
    assert files == {name: clip["sha256"] for name, clip in INDEX["clips"].items()}, REMEDY


def test_reps_and_seconds_are_counted_up_to_60() -> None:
    assert all(clip_duration_s(f"{group}.{n}") > 0.2 for group in ("count", "hold") for n in range(61))
    assert clip_duration_s("count.61") == 0


def test_a_number_is_over_before_the_next_second() -> None:
    assert max(clip_duration_s(f"number.{n}") for n in range(1, 61)) <= 0.9


def test_words_a_minute_of_the_sentences() -> None:
    sentences = [c for c in INDEX["clips"].values() if len(c["text"].split()) >= 4]
    spoken_s = sum(c["duration_s"] - 0.11 for c in sentences)
    assert 150 <= 60 * sum(len(c["text"].split()) for c in sentences) / spoken_s <= 160


def test_what_a_session_asks_and_answers_has_clips() -> None:
    asked = ("session.pain", "session.effort", "session.why", "session.end-set", "setup.camera-missing")
    answers = [
        *(f"number.{n}" for n in range(11)),
        *(f"tally.{verdict}" for verdict in ("clean", "faulty", "not-judged")),
    ]
    assert all(clip_duration_s(name) > 0.2 for name in (*asked, *answers, "set.other-side", "rep.not-judged"))


def test_a_language_without_clips_speaks_english() -> None:
    assert clip_set("xx") == clip_set("en")


@pytest.mark.usefixtures("mixer")
@pytest.mark.parametrize("name", NAMES)
def test_clip_can_be_heard(name: str) -> None:
    samples = decoded(str(clip_set().path(name)))
    assert 0.2 <= len(samples) / RATE_HZ <= 5
    assert len(samples) / RATE_HZ == pytest.approx(clip_duration_s(name), abs=0.005)
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
    assert 0.2 < np.abs(samples).max() < 0.95
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
