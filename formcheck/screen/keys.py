"""Keys of the keyboard, and what they mean."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import pygame

from formcheck.screen.intents import Action
from formcheck.system.errors import SettingsError

KEYS: dict[int, Action] = {
    pygame.K_SPACE: Action.PAUSE,
    pygame.K_n: Action.NEXT,
    pygame.K_r: Action.RESTART,
    pygame.K_m: Action.MUTE,
    pygame.K_h: Action.HELP,
    pygame.K_F1: Action.HELP,
    pygame.K_d: Action.DEBUG,
    pygame.K_x: Action.HURT,
    pygame.K_s: Action.SAFETY,
    pygame.K_p: Action.PROGRESS,
    pygame.K_v: Action.REPLAY,
    pygame.K_a: Action.ACCEPT,
    pygame.K_l: Action.LANGUAGE,
    pygame.K_k: Action.REMEMBER,
    pygame.K_o: Action.OPTIONS,
    pygame.K_t: Action.PACE,
    pygame.K_b: Action.READ,
    pygame.K_c: Action.CAMERA,
    pygame.K_e: Action.LISTEN,
    pygame.K_f: Action.FULLSCREEN,
    pygame.K_F11: Action.FULLSCREEN,
    pygame.K_KP_PLUS: Action.VOLUME_UP,
    pygame.K_KP_MINUS: Action.VOLUME_DOWN,
    pygame.K_RETURN: Action.CONFIRM,
    pygame.K_KP_ENTER: Action.CONFIRM,
    pygame.K_BACKSPACE: Action.ERASE,
    pygame.K_F10: Action.STAFF,
    pygame.K_ESCAPE: Action.BACK,
}
"""By pygame's key code, which follows the keyboard's own layout."""

SIGNS = {"+": Action.VOLUME_UP, "=": Action.VOLUME_UP, "-": Action.VOLUME_DOWN}
"""By the sign typed: these stand on different keys in different countries."""

STEPS: dict[int, tuple[int, int]] = {
    pygame.K_LEFT: (-1, 0),
    pygame.K_RIGHT: (1, 0),
    pygame.K_UP: (0, -1),
    pygame.K_DOWN: (0, 1),
}
"""Arrows: columns and rows to go."""

TURNS: dict[int, Action] = {pygame.K_LEFT: Action.LEFT, pygame.K_RIGHT: Action.RIGHT}
"""Arrows on a page of which there are several."""

_DIGIT_ROW = {getattr(pygame, f"KSCAN_{n}"): n for n in range(10)}
"""Places of the digits: on some keyboards (French) they type other signs without Shift."""


def stand_ins(keys: Mapping[str, str]) -> dict[int, Any]:
    """Key presses by the codes of keys that stand for them: a foot pedal or a remote sends keys of its own.

    Args:
        keys: names of keys as SDL has them (`PageDown`, `F5`), and of the keys that they stand for.

    Raises:
        SettingsError: there is no key of such a name.
    """
    return {_code(name): _press(_code(meant)) for name, meant in keys.items()}


def _code(name: str) -> int:
    try:
        with warnings.catch_warnings():  # names need no window, though pygame says so
            warnings.simplefilter("ignore")
            return int(pygame.key.key_code(name))
    except ValueError as error:
        raise SettingsError(f"There is no key {name!r}. Names are SDL's, such as PageDown, F5 or Keypad 1.") from error


def _press(code: int) -> Any:
    typed = chr(code) if 32 <= code < 127 else ""
    return pygame.event.Event(pygame.KEYDOWN, key=code, unicode=typed, scancode=0, mod=0)


def digit_of(event: Any) -> int | None:
    """The number 0 to 9 that a key press means, if any."""
    if event.unicode.isdecimal():
        return int(event.unicode)
    return _DIGIT_ROW.get(event.scancode)


def action_of(event: Any) -> Action | None:
    """The action that a key press means, if any."""
    return KEYS.get(event.key) or SIGNS.get(event.unicode)
