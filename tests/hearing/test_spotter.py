"""The word spotter as it ships: the words of each language, and what is no word."""

from __future__ import annotations

import json

import numpy as np
import pytest

from formcheck.hearing.commands import COMMANDS, HEARD, SPOKEN
from formcheck.hearing.features import RATE_HZ
from formcheck.hearing.spotter import Spotter
from formcheck.system.assets import asset
from formcheck.system.errors import FormcheckError
from tests.hearing.sounds import FOLDER, said, word

WORDS = sorted(path.stem.split("-", 1) for path in FOLDER.glob("*.wav"))


@pytest.fixture(scope="module")
def spotters():
    """One for each language."""
    return {language: Spotter(language) for language in HEARD}


def commands(spotter, samples, caution=0.0):
    spotter.forget()
    return [heard.command for heard in spotter.feed(samples, caution)]


@pytest.mark.parametrize(("language", "name"), WORDS, ids=lambda each: each)
def test_a_word_is_heard_once_and_as_what_it_asks_for(spotters, language, name):
    texts = {text.lower().replace(" ", "-").replace("'", ""): command for text, command in SPOKEN[language].items()}
    assert commands(spotters[language], said(language, name)) == [texts[name]]


def test_it_does_not_matter_how_the_sound_is_cut(spotters):
    spotter, sound = spotters["en"], said("en", "it-hurts")
    spotter.forget()
    whole = spotter.feed(sound)
    spotter.forget()
    pieces = [heard for at in range(0, len(sound), 700) for heard in spotter.feed(sound[at : at + 700])]
    assert whole == pieces
    assert len(whole) == 1


def test_the_time_is_that_of_the_sound(spotters):
    spotters["en"].forget()
    (heard,) = spotters["en"].feed(said("en", "it-hurts", before_s=4.0))
    assert 0 < heard.at_s - (4.0 + len(word("en", "it-hurts")) / RATE_HZ) < 1.2


@pytest.mark.parametrize("level", [0.0, 20.0, 3000.0])
def test_silence_and_noise_are_no_words(spotters, level):
    noise = np.random.default_rng(3).normal(0, level, 60 * RATE_HZ).astype(np.float32)
    assert all(commands(spotter, noise) == [] for spotter in spotters.values())


def test_a_word_that_breaks_off_is_not_obeyed(spotters):
    half = word("en", "it-hurts")
    half = half[: round(0.4 * len(half))]
    sound = np.pad(0.3 * half, (2 * RATE_HZ, 2 * RATE_HZ)).astype(np.float32)
    sound += np.random.default_rng(5).normal(0, 20, len(sound)).astype(np.float32)
    assert commands(spotters["en"], sound) == []


def test_a_word_in_the_middle_of_talk_is_not_obeyed_unless_it_is_the_coach_who_talks(spotters):
    talk = np.tile(0.3 * word("en", "how-many")[::-1], 5)  # backwards: as loud as speech, and no word
    sound = np.concatenate((np.zeros(2 * RATE_HZ), talk, said("en", "it-hurts", before_s=0.4))).astype(np.float32)
    sound += np.random.default_rng(9).normal(0, 20, len(sound)).astype(np.float32)
    assert commands(spotters["en"], sound) == []
    assert "hurt" in commands(spotters["en"], sound, caution=0.01)


def test_caution_asks_for_more(spotters):
    assert commands(spotters["en"], said("en", "it-hurts"), caution=1.0) == []


def test_what_was_heard_is_wiped(spotters):
    spotter, sound = spotters["en"], said("en", "it-hurts", after_s=0.1)
    spotter.forget()
    spotter.feed(sound)
    spotter.forget()
    assert spotter.feed(np.zeros(2 * RATE_HZ, np.float32)) == []


def test_each_language_has_each_command():
    for texts in SPOKEN.values():
        assert set(texts.values()) == set(COMMANDS)


def test_networks_fit_their_cards_and_stay_small():
    for language in HEARD:
        texts = SPOKEN[language]
        card = json.loads(asset("models", f"words-{language}.json").read_text("utf-8"))
        assert card["labels"] == [*texts.values(), ""]
        assert len(card["thresholds"]) == len(card["labels"])
        assert asset("models", f"words-{language}.onnx").stat().st_size < 1_000_000


def test_a_language_without_words_is_an_error():
    with pytest.raises(FormcheckError, match="words-xx"):
        Spotter("xx")
