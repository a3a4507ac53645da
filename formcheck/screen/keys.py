"""Keys of the keyboard, and what they mean."""

from __future__ import annotations

from typing import Any

import pygame

from formcheck.screen.intents import Action

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


def digit_of(event: Any) -> int | None:
    """The number 0 to 9 that a key press means, if any."""
    if event.unicode.isdecimal():
        return int(event.unicode)
    return _DIGIT_ROW.get(event.scancode)


def action_of(event: Any) -> Action | None:
    """The action that a key press means, if any."""
    return KEYS.get(event.key) or SIGNS.get(event.unicode)
