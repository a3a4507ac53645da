"""The staff's menu, behind the PIN: sound, camera, self-test, language, updates, log, and the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from formcheck import __version__
from formcheck.app.pages.page import StillPage
from formcheck.app.speech import Speech
from formcheck.app.tongue import Tongue
from formcheck.core.text import Verbatim, marked, phrase
from formcheck.kiosk.carried import Carried
from formcheck.kiosk.company import WatchingFeed
from formcheck.kiosk.machine_files import UPDATE_RESULT, UPDATE_WANTED
from formcheck.screen import Action, ChoiceView, Choose, ConsentView, Hint, Intent, Option, OptionsView, Switch, View
from formcheck.system.checks import Check

FROM_STICK = marked("Put in a stick that is called FORMCHECK, then choose this.")
ASKED = marked("The stick is being looked at. The kiosk starts anew when it is done.")
NO_UPDATE = marked("This kiosk was not installed by formcheck kiosk install.")
RESULT_MAX = 200
"""Letters of what came of an update that are shown."""
HINTS = (Hint("Esc", "Done", Action.BACK),)
STATES = marked({"good": "Good", "note": "Look at it", "bad": "Mend it", "running": "One moment"})
VOLUMES = (0.25, 0.5, 0.75, 1.0)
"""Loudnesses that the row goes through."""
ROWS_MAX = 9
"""Findings that are shown: each has a number."""


def _as_it_is(text: str) -> str:
    return phrase("{text}", text=Verbatim(text))


def menu_of(volume: float, language: str, update: str = FROM_STICK, *, has_desk: bool = False) -> OptionsView:
    """The staff's menu, with how loud it is, of 1, and the code of the language that is spoken first."""
    forget = Switch("desk", "Supervisor's desk", "Forget", "Then a code is shown, to pair this kiosk anew.")
    version = phrase("Version {version}", version=Verbatim(__version__))
    loud = phrase("{n} %", n=round(100 * volume))
    rows = (
        Switch("sound", "Sound", loud, "Louder, then quiet; says a word."),
        Switch("camera", "Camera", "Look", "Shows what the camera sees."),
        Switch("test", "Self-test", "Begin", "Camera, sound, files, disk, clock and speed."),
        Switch("language", "Language", _as_it_is(language), "Spoken until somebody has chosen."),
        Switch("updates", "Updates", version, update),
        *((forget,) if has_desk else ()),
        Switch("log", "Log", "", "journalctl -u formcheck-kiosk: kinds of errors and times, nobody's name."),
        Switch("quit", "End the kiosk", "", "The screen goes dark until it is started again."),
    )  # fmt: skip
    return OptionsView(rows, HINTS, marked("Staff"))


class StaffPage(StillPage):
    """The staff's menu. Left as `left`, `camera` or `quit`."""

    def __init__(
        self,
        speech: Speech,
        tongue: Tongue,
        volume: Callable[[float | None], float],
        carried: Carried,
        codes: Sequence[str],
        checks: Callable[[], Sequence[Check]],
        sleep: Callable[[float], None],
        forget_desk: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(OptionsView(()), {Action.BACK: "left", Action.CONFIRM: "left"}, sleep)
        self._speech, self._tongue, self._volume, self._checks = speech, tongue, volume, checks
        self._carried, self._codes, self._forget_desk = carried, codes, forget_desk
        self._update = _last_update() or FROM_STICK
        self._findings: Sequence[Check] | None = None
        self._thread: threading.Thread | None = None

    def handle(self, intent: Intent, now: float) -> None:
        """Do what a row says; Esc leaves the findings, then the menu."""
        if self._thread is not None and intent in (Action.BACK, Action.CONFIRM):
            self._thread = None
        elif isinstance(intent, Choose) and self._thread is None:
            self._do(intent.name)
        elif not isinstance(intent, Choose):
            super().handle(intent, now)

    def view(self, now: float) -> View:
        """The menu, or what the self-test has found."""
        if self._thread is None:
            has_desk = self._forget_desk is not None
            return menu_of(self._volume(None), self._tongue.language, self._update, has_desk=has_desk)
        found = self._findings
        if found is None:
            return OptionsView((Switch("none", "Self-test", STATES["running"]),), HINTS, "Self-test")
        order = sorted(found, key=lambda finding: ("bad", "note", "good").index(finding.verdict))
        rows = tuple(
            Switch(f.what, _as_it_is(f.what), STATES[f.verdict], _as_it_is(f.finding)) for f in order[:ROWS_MAX]
        )
        return OptionsView(rows, HINTS, "Self-test")

    def _do(self, name: str) -> None:
        if name == "sound":
            now = self._volume(None)
            self._carried.volume = self._volume(next((v for v in VOLUMES if v > now + 0.01), VOLUMES[0]))
            self._carried.hand_on()
            self._speech.plan("kiosk.still-there")
        elif name == "test":
            self._findings, self._thread = None, threading.Thread(target=self._test, daemon=True)
            self._thread.start()
        elif name == "language":
            at = self._codes.index(self._tongue.language) if self._tongue.language in self._codes else -1
            self._carried.language = self._codes[(at + 1) % len(self._codes)]
            self._carried.hand_on()
            self._tongue.choose(self._carried.language)
        elif name == "updates":
            self._update = _ask_for_update()
        elif name == "desk" and self._forget_desk is not None:
            self._forget_desk()
        elif name in ("camera", "quit"):
            self.outcome = name

    def _test(self) -> None:
        try:
            self._findings = tuple(self._checks())
        except Exception as error:  # noqa: BLE001 - the staff see that it failed, and the kiosk goes on
            self._findings = (Check("self-test", "bad", type(error).__name__),)


def _last_update() -> str:
    """The last line of what came of the last update; empty where there was none."""
    try:
        lines = Path(UPDATE_RESULT).read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return _as_it_is(lines[-1][:RESULT_MAX]) if lines else ""


def _ask_for_update() -> str:
    """Ask the machine's own service for the update on the stick; it takes nothing that is not signed."""
    try:
        Path(UPDATE_WANTED).touch()
    except OSError:
        return NO_UPDATE
    return ASKED


class PicturePage(StillPage):
    """What the camera sees, for whoever places it."""

    def __init__(self, feed: WatchingFeed | None, sleep: Callable[[float], None]) -> None:
        choice = ChoiceView("Camera", (Option("left", "Back"),), hints=())
        super().__init__(choice, {Action.BACK: "left", Action.CONFIRM: "left"}, sleep)
        self._choice, self._feed = choice, feed
        self._image: NDArray[np.uint8] | None = None
        if feed is not None:
            feed.rest(0.0)

    def handle(self, intent: Intent, now: float) -> None:
        """Back."""
        if isinstance(intent, Choose):
            self.outcome = "left"
        else:
            super().handle(intent, now)

    def view(self, now: float) -> View:
        """The newest picture."""
        frame = self._feed.look() if self._feed is not None else None
        if frame is not None:
            self._image = frame.image
        line = "" if self._feed is not None else marked("No camera was found. Plug one in.")
        return ConsentView(self._choice, (line,), self._image)
