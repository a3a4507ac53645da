"""The process that sees people: it loads everything, waits, shows the attract page, leads one visit, and ends.

What it knew of a person is gone with it. It tells the supervisor of each drawn picture, and nothing about anybody.
"""

from __future__ import annotations

import math
import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from formcheck.kiosk.carried import Carried
from formcheck.kiosk.config import KioskConfig, load_config
from formcheck.kiosk.link import Link
from formcheck.system.errors import SettingsError

if TYPE_CHECKING:
    from formcheck.kiosk.visit import Visit
    from formcheck.screen import View, Window

Build = Callable[[KioskConfig, Callable[[str], None], Callable[[], bool], Carried], "Visit"]
"""Puts a visit together, of the clinic's file, whom to tell, whether to end, and what the process before hands on."""
DRAWN_EVERY_S = 0.5
"""Seconds between two signs of life to the supervisor."""
FAILSAFE_S = 2.0
"""Seconds for which it is said that something went wrong."""
REST_S = 20.0
"""Seconds for which the attract page stays on the screen behind the next process."""
TURN_S = 0.1


class Line:
    """The supervisor's end as the loop sees it: what it wants, and who is told."""

    def __init__(self, link: Link | None) -> None:
        self._link = link
        self._drawn_s = -DRAWN_EVERY_S
        self._is_shown = False
        self._must_leave = False

    def wait_for_show(self) -> str:
        """Say that all is loaded, and wait until it is asked for; what is kept of wrong PINs comes with it.

        Raises:
            SystemExit: the supervisor has gone, or wants this process no more.
        """
        if self._link is None:
            return ""
        self._link.tell("ready")
        while True:
            for line in self._link.words(60.0):
                word, _, rest = line.partition(" ")
                if word == "show":
                    return rest
                if word == "leave":
                    raise SystemExit(0)
            if self._link.is_cut:
                raise SystemExit(0)

    def must_leave(self) -> bool:
        """Whether this process is to end."""
        if self._link is not None:
            self._must_leave |= "leave" in self._link.words() or self._link.is_cut
        return self._must_leave

    def tell(self, word: str) -> None:
        """Tell the supervisor; `drawn` not more often than it needs to know."""
        if self._link is None:
            return
        if word == "drawn":
            now = time.monotonic()
            if not self._is_shown:
                self._is_shown = True
                self._link.tell("shown")
            if now - self._drawn_s < DRAWN_EVERY_S:
                return
            self._drawn_s = now
        self._link.tell(word)


def work(config_path: Path | None, *, is_plain: bool = False, build: Build | None = None) -> int:
    """Be one worker, from loading to the end. Returns the exit status.

    Args:
        config_path: the clinic's file; None for the one that is installed.
        is_plain: whether only a page is shown that needs neither camera nor sound nor model.
        build: puts a visit together; the one of this machine by default.
    """
    line = Line(Link.of_worker())
    config = _plain_config(config_path) if is_plain else load_config(config_path)
    _load(is_plain)
    handed = line.wait_for_show()
    _show(
        config, line, is_plain=is_plain, visit=lambda window: _visit(config, line, window, handed, build, config_path)
    )
    return 0


def _plain_config(path: Path | None) -> KioskConfig:
    """What the plain page needs of the clinic's file, its language; the page stands even where the file is broken."""
    try:
        return KioskConfig(language=load_config(path).language)
    except SettingsError:
        return KioskConfig()


def _load(is_plain: bool) -> None:
    """Everything that takes time, before anybody waits for it."""
    import formcheck.screen

    if is_plain:
        return
    import formcheck.kiosk.house
    import formcheck.pipeline.live
    import formcheck.pose
    import formcheck.pose.onlooker  # noqa: F401
    from formcheck.session.registry import load_exercises

    for exercise in load_exercises().exercises.values():
        exercise.film()


def _show(config: KioskConfig, line: Line, *, is_plain: bool, visit: Callable[[Window], None]) -> None:
    from formcheck.screen import Window
    from formcheck.session.texts import translator

    keys = key_names(config)
    with Window(is_fullscreen=True, is_locked=True, keys=keys, translate=translator(config.language)) as window:
        if is_plain:
            _rest(window, line, _out_of_order(), math.inf)
            return
        window.show(_attract(config))  # at once: until the visit is put together its window would be black
        try:
            visit(window)
        except Exception as error:  # noqa: BLE001 - the top: people see a page, the journal a place in the code
            log_failure(error)
            line.tell("failed")
            _rest(window, line, _failed(), FAILSAFE_S)
        window.use(translator(config.language))
        _rest(window, line, _attract(config), REST_S)


def _visit(
    config: KioskConfig, line: Line, window: Window, handed: str, make: Build | None, config_path: Path | None
) -> None:
    """Lead one visit; then let go of sound and camera, before the next process takes them."""
    from formcheck.kiosk.house import build
    from formcheck.kiosk.selftest import run_self_test
    from formcheck.voice import Voice

    carried = Carried.of(handed, lambda text: line.tell(f"locked {text}"))
    is_night = config.night.has(datetime.now().astimezone().time())
    usual = config.sound.night_volume if is_night else config.sound.volume
    voice = Voice.start(config.language, volume=usual if carried.volume is None else carried.volume)

    def volume(wanted: float | None) -> float:
        if wanted is not None:
            voice.set_volume(wanted)
        return voice.status.volume

    visit = (make or build)(config, line.tell, line.must_leave, carried)
    visit.volume = volume
    visit.has_sound = lambda: voice.status.is_available
    visit.checks = lambda: run_self_test(config_path, has_devices=False).checks
    try:
        visit.app.lead(window, voice, script=lambda: visit, policy=visit.rules)
    finally:
        voice.close()
        visit.close()
    line.tell("quit" if visit.policy.end == "quit" else "finished")


def _rest(window: Window, line: Line, view: View, seconds: float) -> None:
    """Show a page that knows nothing of anybody, until the next process is in front."""
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s and not line.must_leave():
        window.poll()
        window.show(view, None, time.monotonic())
        line.tell("drawn")
        time.sleep(TURN_S)


def _attract(config: KioskConfig) -> View:
    from formcheck.kiosk.pages import attract_view

    return replace(attract_view(config), is_dim=config.night.has(datetime.now().astimezone().time()))


def _failed() -> View:
    from formcheck.screen import MessageView

    return MessageView("Something went wrong here.", "One moment, please.", hints=())


def _out_of_order() -> View:
    from formcheck.screen import MessageView

    return MessageView(
        "This screen can't be used just now.", "Please tell the staff. It tries again by itself.", hints=()
    )


def log_failure(error: BaseException) -> None:
    """One line for the journal: the kind of error and where it was raised. Its text may hold what somebody typed."""
    places = [f"{Path(f.filename).name}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)][-4:]
    place = " < ".join(reversed(places))
    structlog.get_logger(__name__).error("kiosk page failed", kind=type(error).__name__, place=place)


KEYS: dict[str, str] = {
    "one": "1", "two": "2", "three": "3", "next": "right", "back": "escape", "confirm": "return", "pause": "space",
    "hurt": "x", "staff": "F10",
}  # fmt: skip
"""Which key stands for each meaning of `KioskConfig.keys`."""


def key_names(config: KioskConfig) -> dict[str, str]:
    """Keys of pedals and remotes, and the keys that they stand for."""
    return {name: KEYS[meaning] for name, meaning in config.keys.items()}


def leave(status: int) -> None:
    """End the process at once, whatever thread still hangs in a driver."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
