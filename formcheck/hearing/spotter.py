"""Finds the commands in what the microphone hears. Two small networks: one that knows speech, one that knows our words.

The card (`docs/developers/hearing.md`) says what they were trained on and how well they do.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.hearing.commands import Command
from formcheck.hearing.features import BANDS, HOP, RATE_HZ, WINDOW, Samples, bands
from formcheck.system.assets import asset
from formcheck.system.errors import FormcheckError

STEP = 8
"""Columns from one look to the next: 80 ms."""
SEEN = 76
"""Columns that the speech embedding sees: 0.76 s."""
EMBEDDING = 96
"""Numbers with which it describes them."""
LOOKS = 10
"""Descriptions from which a word is told: 1.48 s of sound, with the silence before and after the word."""
PEAK_OVER = 3
"""Looks over which a word's share is averaged: one look alone is chance too often."""
DEAF_S = 1.0
"""Seconds after a word in which it, and what sounds like a part of it, is not heard again."""
PAST, SAID = 400, 140
"""Columns that are looked back on, and the last of them, in which the word was said: 4 s and 1.4 s."""
AS_LOUD = 1.2
"""Bels below the word that are as loud as it: a voice goes up and down by so much."""
CHATTER = 0.25
"""Share of the time before the word that may be as loud as it: more is talk, and a word in it is none for us."""
CHUNK = STEP * HOP
"""Samples of one look."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A command that was heard."""

    command: Command
    at_s: float
    """Seconds of sound since the spotter began."""
    score: float
    """0 to 1; how sure the network is."""


def network(name: str) -> Any:
    """A network that ships, on one thread."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime as ort

    ort.set_default_logger_severity(3)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(str(asset("models", name)), options, providers=["CPUExecutionProvider"])


def is_heard(language: str) -> bool:
    """Whether there are networks for a language's words. None ship: they did not understand well enough."""
    try:
        asset("models", f"words-{language}.json")
    except FormcheckError:
        return False
    return True


class Spotter:
    """Sound in, commands out. It remembers 1.5 s, as descriptions; `forget` wipes them.

    The same samples give the same commands, however they are cut. For example:

        spotter = Spotter("en")
        for heard in spotter.feed(samples):
            print(heard.command)
    """

    def __init__(self, language: str) -> None:
        """Load the networks of a language.

        Raises:
            FormcheckError: there is none for it.
        """
        card = json.loads(asset("models", f"words-{language}.json").read_text("utf-8"))
        self._labels: list[Command | None] = [label or None for label in card["labels"]]
        self._least = np.array(card["thresholds"], np.float32)
        self._embed, self._tell = network("speech-embedding.onnx"), network(f"words-{language}.onnx")
        self.forget()

    def forget(self) -> None:
        """Wipe what was heard."""
        self._rest = np.zeros(WINDOW - HOP, np.float32)
        self._columns = np.full((SEEN, BANDS), 2.0, np.float32)
        self._levels = np.full(PAST, 2.0, np.float32)
        self._looks = np.zeros((LOOKS, EMBEDDING), np.float32)
        self._shares = np.zeros((PEAK_OVER, len(self._labels)), np.float32)
        self._count, self._deaf_until = 0, LOOKS

    def feed(self, samples: Samples, caution: float = 0.0) -> list[Heard]:
        """Go on by these samples.

        Args:
            samples: 16-bit values at 16 kHz, as float32.
            caution: 0 to 1; how much of what is missing to certainty is asked for in addition.
        """
        self._rest = np.concatenate((self._rest, samples))
        heard = []
        while len(self._rest) >= WINDOW - HOP + CHUNK:
            new = bands(self._rest[: WINDOW - HOP + CHUNK])
            self._columns = np.concatenate((self._columns[STEP:], new))
            self._levels = np.concatenate((self._levels[STEP:], new.max(axis=1)))
            self._rest = self._rest[CHUNK:]
            command = self._look(caution)
            if command is not None:
                heard.append(command)
        return heard

    @property
    def _is_chatter(self) -> bool:
        """Whether somebody, or something, has been as loud before the word as in it."""
        word = np.percentile(self._levels[-SAID:], 90)
        return bool(np.mean(self._levels[:-SAID] > word - AS_LOUD) > CHATTER)

    def _look(self, caution: float) -> Heard | None:
        (seen,) = self._embed.run(None, {"columns": self._columns[None, None]})
        return self._told(seen.reshape(EMBEDDING), caution)

    def _told(self, look: NDArray[np.float32], caution: float) -> Heard | None:
        """Whether, with this description, a word has been heard."""
        self._looks = np.concatenate((self._looks[1:], look[None]))
        self._count += 1
        (shares,) = self._tell.run(None, {"looks": self._looks[None]})
        self._shares = np.concatenate((self._shares[1:], shares))
        return self._decide(self._shares.mean(axis=0), caution)

    def _decide(self, shares: NDArray[np.float32], caution: float) -> Heard | None:
        if self._count < self._deaf_until:
            return None
        best = int(np.argmax(shares))
        label = self._labels[best]
        if label is None or shares[best] < self._least[best] + caution * (1 - self._least[best]):
            return None
        if caution == 0 and self._is_chatter:
            return None  # while the coach speaks there is always talk before the word
        self._deaf_until = self._count + round(DEAF_S * RATE_HZ / CHUNK)
        return Heard(label, self._count * CHUNK / RATE_HZ, float(shares[best]))
