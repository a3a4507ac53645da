"""The listening thread: what the microphone hands over is understood, and nothing of it stays."""

from __future__ import annotations

import sys
import threading

import numpy as np
import pytest

from formcheck.hearing import Ear, Heard, MicrophoneError
from formcheck.hearing.ear import KEPT_S
from formcheck.hearing.features import RATE_HZ
from formcheck.hearing.microphone import CardMicrophone


class Tape:
    """A microphone that hands over a sound as fast as it is taken, and keeps hold of what it handed over."""

    def __init__(self, samples, chunk=1024):
        self.handed, self.is_open = [], False
        self._samples, self._chunk, self._take = samples, chunk, None

    def start(self, take):
        self.is_open, self._take = True, take

    def play(self):
        for at in range(0, len(self._samples), self._chunk):
            self.handed.append(self._samples[at : at + self._chunk].copy())
            self._take(self.handed[-1])

    def close(self):
        self.is_open = False


def until(happened, ear):
    """Wait for the thread, not for a clock: it is told in small waits, and fails when the thread is over."""
    found = []
    for _ in range(2000):
        found += ear.heard()
        if happened(found):
            return found
        threading.Event().wait(0.01)
    raise AssertionError(f"only {found} was heard")


class Loud:
    """Understands "it hurts" in whatever is loud, once."""

    def __init__(self, language):
        assert language == "en"
        self._has_heard = False

    def feed(self, samples, caution):
        if self._has_heard or np.abs(samples).max() < 100:
            return []
        self._has_heard = True
        return [Heard("hurt", 0.5, 1.0)]

    def forget(self):
        pass


def test_a_word_that_is_said_is_heard_and_nothing_of_the_sound_is_left():
    tape = Tape(np.full(round(1.5 * RATE_HZ), 900, np.float32))
    ear = Ear("en", tape, Loud)
    ear.start()
    tape.play()
    found = until(lambda words: words, ear)
    ear.close()
    assert [heard.command for heard in found] == ["hurt"]
    assert not tape.is_open
    assert not any(chunk.any() for chunk in tape.handed)


def test_what_still_waits_is_wiped_when_it_is_closed():
    tape = Tape(np.full(round(1.5 * RATE_HZ), 900, np.float32))
    ear = Ear("en", tape)
    tape.start(ear._take)  # the thread never runs: all of it waits
    tape.play()
    ear.close()
    assert tape.handed
    assert not any(chunk.any() for chunk in tape.handed)
    tape.play()
    assert not ear._waiting


def test_a_machine_that_is_too_slow_drops_the_oldest_sound():
    tape = Tape(np.full(round(2 * KEPT_S * RATE_HZ), 900, np.float32))
    ear = Ear("en", tape)
    tape.start(ear._take)
    tape.play()
    assert sum(map(len, ear._waiting)) <= KEPT_S * RATE_HZ
    assert not tape.handed[0].any()
    assert tape.handed[-1].any()


def test_an_ear_whose_thread_is_over_is_deaf():
    ear = Ear("en", Tape(np.zeros(10, np.float32)), Loud)
    ear.start()
    assert not ear.is_deaf
    ear.close()
    assert ear.is_deaf


def test_without_a_sound_system_there_is_no_microphone(monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(MicrophoneError, match="can't be opened"):
        CardMicrophone().start(lambda _: None)
