"""The one loop of the window program: intents to the page, the page's view to the window, time to the voice.

What every page shares is here: the idle limit, volume and mute with a visible answer, help, and quitting.
"""

from __future__ import annotations

from typing import Protocol

from formcheck.app import options
from formcheck.app.aloud import lines_of
from formcheck.app.ears import Ears, Listen, Meaning
from formcheck.app.pages.page import TURN_S
from formcheck.app.policy import Policy
from formcheck.app.speech import Speech
from formcheck.core.text import marked, phrase
from formcheck.hearing import Command
from formcheck.pipeline.live import Machine
from formcheck.screen import (
    Action,
    Choose,
    HelpView,
    Intent,
    Look,
    MenuView,
    SoundState,
    View,
    ViewModel,
    Window,
)
from formcheck.system.wishes import Wishing
from formcheck.voice import Voice

VOLUME_STEP = 0.1
"""Change of the volume with one key press, of 1."""
TICKS = marked({True: "Ticks on", False: "Ticks off"})
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
        self,
        window: Window,
        voice: Voice,
        speech: Speech,
        machine: Machine,
        wishing: Wishing | None = None,
        ears: Ears | None = None,
        policy: Policy | None = None,
    ) -> None:
        self._window = window
        self._voice = voice
        self._speech = speech
        self._machine = machine
        self._wishing = wishing or Wishing()
        self._ears = ears or Ears(Listen(), speech)
        self._policy = policy or Policy()
        self._is_helping = False
        self._is_choosing = False
        """Whether the options cover the page; it stands still as long."""
        self._sound_until_s = 0.0
        self._note = ""
        """What is shown in place of the volume: a switch that a key has just changed."""

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
        self._is_helping = self._is_choosing = False
        page.enter(now)
        try:
            while not page.outcome:
                for intent in (*self._window.poll(), *self._ears.intents(page.meaning, now)):
                    acted_s = now
                    if self._policy.takes(intent, page, now):
                        continue
                    if intent is Action.QUIT:
                        return False
                    if not (self._choose(intent, page, now) or self._handle_shared(intent, page, now)):
                        page.handle(intent, now)
                if self._is_choosing:
                    self._machine.sleep(TURN_S)
                else:
                    page.turn(now)
                now = self._machine.clock()
                if page.idle_s is not None and now - acted_s > page.idle_s:
                    page.outcome = page.outcome or "idle"
                self._policy.turn(page, now)
                self._speech.update(now)
                sound = self._ears.told(self._sound(now), now)
                view = self._policy.cover(self._view(page, now), page, now)
                self._window.show(view, sound, now, self._look(now, page))
                page.shown()
                self._policy.drawn(now)
        finally:
            page.leave()
            self._ears.left()
        return True

    def _view(self, page: Page, now: float) -> View:
        """What is on the screen: the page, or what covers it."""
        if self._is_choosing:
            is_heard = self._voice.status.is_available and not self._voice.status.is_muted
            return options.options_view(self._wishing, is_fullscreen=self._window.is_fullscreen, is_heard=is_heard)
        view = page.view(now)
        return self._help(view) if self._is_helping else view

    def _look(self, now: float, page: Page) -> Look:
        wishes, view_said = self._wishing.now, ""
        if self._speech.said is not None and now - self._speech.said[1] < wishes.captions_s:
            view_said = self._speech.said[0].text
        is_lit = wishes.flash and bool(getattr(page, "is_lit", False))
        return Look(wishes.large, wishes.contrast, is_lit, view_said)

    def _choose(self, intent: Intent, page: Page, now: float) -> bool:
        """Open the options, change one, or close them; the page under them stands still meanwhile."""
        if intent is Action.OPTIONS or (self._is_choosing and intent in (Action.BACK, Action.CONFIRM)):
            self._is_choosing = not self._is_choosing
            if self._is_choosing:
                page.leave()
            else:
                page.enter(now)
            return True
        if self._is_choosing and isinstance(intent, Choose):
            if intent.name == options.SOUND:
                self._voice.toggle_mute()
            elif intent.name == options.FULLSCREEN:
                self._window.toggle_fullscreen()
            elif intent.name == options.CAMERA:
                self._is_choosing = False
                page.enter(now)
                page.handle(Action.CAMERA, now)
            else:
                options.change(self._wishing, intent)
            return True
        return False

    def _handle_shared(self, intent: Intent, page: Page, now: float) -> bool:
        """Do what means the same on every page; False for what is the page's own."""
        if self._is_helping and intent in (Action.BACK, Action.CONFIRM, Action.HELP):
            self._is_helping = False
            return True
        if intent is Action.HELP:
            self._is_helping = True
        elif intent is Action.READ:
            self._speech.drop()
            for i, (name, text) in enumerate(lines_of(self._view(page, now))):
                self._speech.plan(name, text, is_joined=i > 0)
        elif intent is Action.LISTEN:
            self._ears.toggle(now)
        else:
            return self._handle_sound(intent, now)
        return True

    def _handle_sound(self, intent: Intent, now: float) -> bool:
        """Change what is heard, and show for a while how it is now."""
        note = ""
        if intent is Action.PACE:
            self._wishing.change(pace=not self._wishing.now.pace)
            note = TICKS[self._wishing.now.pace]
        elif intent is Action.MUTE:
            self._voice.toggle_mute()
        elif intent in (Action.VOLUME_UP, Action.VOLUME_DOWN):
            step = VOLUME_STEP if intent is Action.VOLUME_UP else -VOLUME_STEP
            self._voice.set_volume(self._voice.status.volume + step)
        else:
            return False
        self._sound_until_s, self._note = now + SOUND_SHOWN_S, note
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
        told = self._note or phrase("Volume {n} %", n=round(100 * status.volume))
        return SoundState("on", told if now < self._sound_until_s else "")
