"""What is said from the mat: commands become what keys ask for, after a question if they would end something."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from formcheck.app.speech import Speech
from formcheck.core.text import marked, phrase
from formcheck.hearing import SPOKEN, Command, Ear, Heard, MicrophoneError, is_heard
from formcheck.screen import Action, Intent, SoundState
from formcheck.session.texts import SOURCE_LANGUAGE, translate

ASK_S = 8.0
"""Seconds for which "Next? Say yes." waits: the question is said in two, and thought about [P]."""
SHOWN_S = 3.0
"""Seconds for which it is shown what was understood [P]."""
CAUTION = 0.5
"""What a word needs in addition, of what is missing to certainty, while the coach speaks: half of it."""
ECHO_S = 0.5
"""Seconds after the coach's speech for which it is still in the room, and in the spotter."""
NOT_YET = marked("I don't understand spoken words in this language yet.")
LOST = marked("The microphone is gone. Press E to try again.")


@dataclass(frozen=True, slots=True)
class Ask:
    """A command that would end something: it is done when the person says yes, or the word again."""

    command: Command
    intent: Intent


@dataclass(frozen=True, slots=True)
class Tell:
    """A command that wants to be told something."""

    name: str
    text: str


Meaning = Intent | Ask | Tell | None


class Listening(Protocol):
    """The ear, as far as the window needs it."""

    caution: float

    @property
    def is_deaf(self) -> bool:
        """Whether no sound comes any more."""

    def start(self) -> None:
        """Listen; may raise a `MicrophoneError`."""

    def heard(self) -> Sequence[Heard]:
        """The commands since the last call."""

    def close(self) -> None:
        """Stop listening."""


@dataclass(slots=True)
class Listen:
    """How it is listened: whether, in which language, with what."""

    is_wanted: bool = False
    keep: Callable[[bool], None] = lambda _: None
    """Keeps for the next time whether it is wanted."""
    open_ear: Callable[[str], Listening] = Ear
    is_heard: Callable[[str], bool] = is_heard
    """Whether a language's words can be listened for."""


class Ears:
    """Listens for the loop. The main thread alone calls it. It never raises: without a microphone there are keys."""

    def __init__(self, listen: Listen, speech: Speech, language: Callable[[], str] = lambda: SOURCE_LANGUAGE) -> None:
        """Prepare them; `language` says which one is spoken now."""
        self._listen, self._speech, self._spoken = listen, speech, language
        self._language = ""
        self._ear: Listening | None = None
        self._asked: tuple[Ask, float] | None = None
        self._shown: tuple[str, float] = ("", 0.0)
        self._coach_until_s = 0.0
        self._saying = ""

    def begin(self, now: float) -> None:
        """Listen, if it is wanted."""
        if self._listen.is_wanted:
            self._open(now)

    def toggle(self, now: float) -> None:
        """Listen from now on, or no longer; it holds for the next times too."""
        if self._ear is None:
            self._open(now)
        else:
            self.close()
            self._show(phrase("Not listening"), now)
        self._listen.is_wanted = self._ear is not None
        self._listen.keep(self._listen.is_wanted)

    def close(self) -> None:
        """Stop listening."""
        if self._ear is not None:
            self._ear.close()
        self._ear, self._asked = None, None

    def told(self, sound: SoundState, now: float) -> SoundState:
        """What the screen shows about the sound, with what it shows about listening."""
        text, since_s = self._shown
        is_shown = self._asked is not None or now - since_s < SHOWN_S
        return replace(sound, is_listening=self._ear is not None, heard=text if is_shown else "")

    def intents(self, meaning: Callable[[Command], Meaning], now: float) -> list[Intent]:
        """What the person asked for by voice since the last call.

        Args:
            meaning: what a command means on the page that is shown.
            now: seconds of the loop's clock.
        """
        if self._ear is None:
            return []
        if self._language != self._spoken():
            self.close()
            self._open(now)
            return []
        if self._ear.is_deaf:
            self.close()
            self._show(LOST, now)
            return []
        self._mind_the_coach(now)
        if self._asked is not None and now - self._asked[1] > ASK_S:
            self._asked = None
        found = [self._intent(heard.command, meaning, now) for heard in self._ear.heard()]
        return [intent for intent in found if intent is not None]

    def left(self) -> None:
        """The page is left; what was asked on it is void."""
        self._asked = None

    # -- one command ---------------------------------------------------------------------------------------------

    def _intent(self, command: Command, meaning: Callable[[Command], Meaning], now: float) -> Intent | None:
        if self._is_echo(command, now):
            return None
        asked, self._asked = self._asked, None
        if asked is not None and command in ("yes", asked[0].command):
            self._show(phrase("Heard: {word}", word=self._word(command)), now)
            return asked[0].intent
        means = meaning(command)
        if command == "yes" and means is None:
            return None
        self._show(phrase("Heard: {word}", word=self._word(command)), now)
        if isinstance(means, Ask):
            self._ask(means, now)
            return None
        if isinstance(means, Tell):
            self._speech.plan(means.name, means.text, "count")
            return None
        return means

    def _ask(self, ask: Ask, now: float) -> None:
        self._asked = (ask, now)
        self._show(phrase("{word}? Say {yes}.", word=self._word(ask.command), yes=self._word("yes").lower()), now)
        self._speech.plan(f"listen.{ask.command}")

    def _word(self, command: Command) -> str:
        """The command as it is said."""
        return next(text for text, each in SPOKEN[self._language].items() if each == command)

    def _show(self, text: str, now: float) -> None:
        self._shown = (text, now)

    # -- the coach's own voice -------------------------------------------------------------------------------------

    def _mind_the_coach(self, now: float) -> None:
        assert self._ear is not None
        if self._speech.saying:
            said = translate(self._speech.saying, self._language)
            self._saying, self._coach_until_s = said.lower(), now + ECHO_S
        self._ear.caution = CAUTION if now < self._coach_until_s else 0.0

    def _is_echo(self, command: Command, now: float) -> bool:
        """Whether the coach itself says that word now."""
        return now < self._coach_until_s and any(
            re.search(rf"\b{re.escape(text.lower())}\b", self._saying)
            for text, each in SPOKEN[self._language].items()
            if each == command
        )

    def _open(self, now: float) -> None:
        self._language = self._spoken()
        if not self._listen.is_heard(self._language):
            self._show(NOT_YET, now)
            return
        ear = self._listen.open_ear(self._language)
        try:
            ear.start()
        except MicrophoneError as error:
            self._show(phrase("{why} Plug one in, then press E.", why=error.args[0]), now)
            return
        self._ear = ear
        self._show(phrase("Listening"), now)


NUMBER = "count.{n}"


def how_many(reps: int) -> Tell:
    """The number of repetitions, as it is said."""
    return Tell(NUMBER.format(n=reps), str(reps))


def on_page(outcomes: dict[Action, str], command: Command) -> Intent | None:
    """What a command means on a page that is left by keys: as its keys, where nothing is ended by it."""
    wanted: dict[Command, Action] = {
        "go-on": Action.CONFIRM, "next": Action.NEXT, "again": Action.RESTART,
    }  # fmt: skip
    action = wanted.get(command)
    return action if action in outcomes else None
