"""The one loop of the window program: intents to the page, the page's view to the window, time to the voice.

What every page shares is here: the idle limit, volume and mute with a visible answer, help, and quitting.
"""

from __future__ import annotations

from typing import Protocol

from formcheck.app.ears import Ears, Listen, Meaning
from formcheck.app.speech import Speech
from formcheck.core.text import phrase
from formcheck.hearing import Command
from formcheck.pipeline.live import Machine
from formcheck.screen import Action, HelpView, Intent, MenuView, SoundState, View, ViewModel, Window
from formcheck.voice import Voice

VOLUME_STEP = 0.1
"""Change of the volume with one key press, of 1."""
SOUND_SHOWN_S = 2.5
"""Seconds for which a changed volume is shown: time to look up and read it [P]."""


class Page(Protocol):
    """One page: what it shows, and what it does with intents and time. It has no loop of its own."""

    outcome: str
    """Why the page is left; empty while it is not."""
    idle_s: float | None
    """Seconds without an intent after which it is left by itself; None = never."""

    def enter(self, now: float) -> None:
        """The page is shown from now on (again, when it was covered by another one)."""

    def handle(self, intent: Intent, now: float) -> None:
        """The person wants something of this page."""

    def meaning(self, command: Command) -> Meaning:
        """What a word that was heard means here; None where it means nothing."""

    def turn(self, now: float) -> None:
        """Time goes on; a page that shows pictures waits here for the next one, shortly."""

    def view(self, now: float) -> View:
        """What is shown."""

    def shown(self) -> None:
        """The view is on the screen now."""

    def leave(self) -> None:
        """The page is no longer shown."""


class Script(Protocol):
    """Decides which page follows which."""

    def first(self) -> Page | None:
        """The first page."""

    def after(self, page: Page) -> Page | None:
        """The page that follows one that was left; None ends the program."""


class Loop:
    """Runs pages until a script has none left, or the window is closed."""

    def __init__(
        self, window: Window, voice: Voice, speech: Speech, machine: Machine, ears: Ears | None = None
    ) -> None:
        self._window = window
        self._voice = voice
        self._speech = speech
        self._machine = machine
        self._ears = ears or Ears(Listen(), speech)
        self._is_helping = False
        self._sound_until_s = 0.0

    def run(self, script: Script) -> None:
        """Show page after page. Returns when there is none left or the window was closed."""
        page = script.first()
        self._ears.begin(self._machine.clock())
        try:
            while page is not None:
                if not self._show(page):
                    return
                page = script.after(page)
        finally:
            self._ears.close()

    def _show(self, page: Page) -> bool:
        """One page from its beginning to its end; False when the window was closed."""
        now = acted_s = self._machine.clock()
        self._is_helping = False
        page.enter(now)
        try:
            while not page.outcome:
                for intent in (*self._window.poll(), *self._ears.intents(page.meaning, now)):
                    acted_s = now
                    if intent is Action.QUIT:
                        return False
                    if not self._handle_shared(intent, now):
                        page.handle(intent, now)
                page.turn(now)
                now = self._machine.clock()
                if page.idle_s is not None and now - acted_s > page.idle_s:
                    page.outcome = page.outcome or "idle"
                self._speech.update(now)
                view = page.view(now)
                self._window.show(
                    self._help(view) if self._is_helping else view, self._ears.told(self._sound(now), now), now
                )
                page.shown()
        finally:
            page.leave()
            self._ears.left()
        return True

    def _handle_shared(self, intent: Intent, now: float) -> bool:
        """Do what means the same on every page; False for what is the page's own."""
        if self._is_helping and intent in (Action.BACK, Action.CONFIRM, Action.HELP):
            self._is_helping = False
            return True
        if intent is Action.HELP:
            self._is_helping = True
        elif intent is Action.LISTEN:
            self._ears.toggle(now)
            return True
        elif intent is Action.MUTE:
            self._voice.toggle_mute()
        elif intent in (Action.VOLUME_UP, Action.VOLUME_DOWN):
            step = VOLUME_STEP if intent is Action.VOLUME_UP else -VOLUME_STEP
            self._voice.set_volume(self._voice.status.volume + step)
        else:
            return False
        self._sound_until_s = now + SOUND_SHOWN_S
        return True

    def _help(self, view: View) -> HelpView:
        """Help, with the exercise that the page is about."""
        if isinstance(view, MenuView):
            return HelpView(view.cards[self._window.selected].film if view.cards else None)
        return HelpView(view.film if isinstance(view, ViewModel) else None)

    def _sound(self, now: float) -> SoundState:
        """What the screen says about the sound."""
        status = self._voice.status
        if not status.is_available:
            return SoundState("none", status.message)
        if status.is_muted:
            return SoundState("muted", status.message)
        is_new = now < self._sound_until_s
        return SoundState("on", phrase("Volume {n} %", n=round(100 * status.volume)) if is_new else "")
