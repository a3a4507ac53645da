"""The window: shows views, hands back what the person asked for. Only the main thread may touch it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import Any

import pygame

from formcheck.screen.canvas import Label
from formcheck.screen.intents import Action, Choose, Intent, Number
from formcheck.screen.keys import STEPS, TURNS, action_of, digit_of, stand_ins
from formcheck.screen.lettering import forget
from formcheck.screen.menu import Selection
from formcheck.screen.pages import Target
from formcheck.screen.painter import Painter
from formcheck.screen.questions import SCALE_TOP
from formcheck.screen.view import (
    AttractView,
    CamerasView,
    ChoiceView,
    ConfirmView,
    ConsentView,
    DemonstrationView,
    KeypadView,
    MenuView,
    OptionsView,
    ProgressView,
    ReplayView,
    SafetyView,
    ScaleView,
    StillThereView,
    View,
)
from formcheck.screen.words import Translate
from formcheck.screen.work_view import Look, SoundState
from formcheck.system.errors import FormcheckError

DEFAULT_SIZE = (1280, 720)
UNCOVERED = frozenset({pygame.WINDOWEXPOSED, pygame.WINDOWSHOWN, pygame.WINDOWRESTORED, pygame.WINDOWSIZECHANGED})
"""The system wants the window's content again: it was hidden, covered, or has another size."""

UNACCELERATED = ("SDL_FRAMEBUFFER_ACCELERATION", "0")
"""Without it SDL brings the whole window to the screen through a texture, however small the part that has changed: on a
machine without a graphics card a small figure that moves takes 7 ms a picture in place of 0.05 (measured)."""
BARE = frozenset({"x11", "windows"})
"""SDL's drivers that can do without that texture. Wayland and KMS can not: with it forbidden they open no window."""

UNSEEN_CURSOR = ((8, 8), (0, 0), (0,) * 8, (0,) * 8)
"""Of a window that has all keys for itself: a mouse that is held and hidden tells ways and no places, and a touch would
land in the middle of the screen; so it is shown, as nothing."""
UNSEEN = "offscreen"
"""SDL's driver where it finds no display: it draws, and nobody sees it."""
KEPT = ("SDL_ALLOW_ALT_TAB_WHILE_GRABBED", "0")
"""Without it SDL itself takes a window that has all keys for itself off the screen at Alt and Tab."""

FRAME_PX = (0, 90)
"""Pixels of a screen that frame, title and task bar of a usual desktop take."""


def fitting(screen: tuple[int, int]) -> tuple[int, int]:
    """The window for a screen: all of a small one, nearly all of a large one: the person is 2.5 m away."""
    width, height = screen
    is_small = min(screen) < min(DEFAULT_SIZE) + FRAME_PX[1]
    return (width, height) if is_small else (width - FRAME_PX[0], height - FRAME_PX[1])


TURNED = (CamerasView, ChoiceView, ConsentView, DemonstrationView, ProgressView, ReplayView, SafetyView)
"""Pages on which the arrows go from one thing to the next."""
CORNER, KNOCKS, KNOCK_S = 0.12, 5, 2.5
"""The staff's door: so many touches within so many seconds, in a corner of this share of the shorter side [P]."""


class DisplayError(FormcheckError):
    """No window can be opened here."""


class Window:
    """A window or the full screen.

    Example:
        with Window() as window:
            window.show(MenuView(cards))
            for intent in window.poll(): ...
    """

    def __init__(
        self,
        size: tuple[int, int] | None = None,
        *,
        is_fullscreen: bool = False,
        title: str = "FormCheck",
        translate: Translate | None = None,
        is_locked: bool = False,
        keys: Mapping[str, str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open the window.

        Args:
            size: width and height, pixels; what suits the screen when not given.
            is_fullscreen: whether it fills the screen.
            title: in its frame.
            translate: turns the English texts into the person's language.
            is_locked: whether it stays as it is: full screen for good, with all keys for itself.
            keys: further keys by SDL's name, and the name of the key of ours that each stands for.
            clock: seconds, for what is quick.

        Raises:
            DisplayError: there is no display.
            SettingsError: there is no key of such a name.
        """
        self._is_locked, self._clock = is_locked, clock
        self._corner_s: list[float] = []
        self._windowed_size = size or DEFAULT_SIZE
        self.is_fullscreen = is_fullscreen
        self._painter = Painter(translate)
        self._selection = Selection()
        self._view: View | None = None
        self._shown: tuple[object, ...] | None = None
        """What is on the screen now; None where it must be drawn anew."""
        self._display: Any = None
        try:
            os.environ.setdefault(*KEPT)
            pygame.display.init()
            if pygame.display.get_driver() in BARE:
                os.environ.setdefault(*UNACCELERATED)
            if pygame.display.get_driver() == UNSEEN != os.environ.get("SDL_VIDEODRIVER"):
                raise pygame.error("there is no display")
            self._windowed_size = size or fitting(pygame.display.get_desktop_sizes()[0])
            self._open()
        except pygame.error as error:
            raise DisplayError(
                f"No window can be opened here ({error}). Start FormCheck on a desktop, or use 'formcheck analyze'."
            ) from error
        pygame.display.set_caption(title)
        self._stands_for = stand_ins(keys or {})
        if is_locked:
            os.environ["SDL_GRAB_KEYBOARD"] = "1"
            pygame.event.set_grab(True)
            with suppress(pygame.error):
                pygame.mouse.set_cursor(*UNSEEN_CURSOR)

    def __enter__(self) -> Window:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the window and let go of fonts."""
        forget()
        pygame.font.quit()
        pygame.display.quit()

    def _open(self) -> None:
        if self.is_fullscreen:
            if self._display is not None:
                pygame.display.set_window_position((0, 0))  # without a window manager (a kiosk) it would stay put
            self._display = pygame.display.set_mode(pygame.display.get_desktop_sizes()[0], pygame.FULLSCREEN)
        else:
            self._display = pygame.display.set_mode(self._windowed_size, pygame.RESIZABLE)
        pygame.mouse.set_visible(self._is_locked or not self.is_fullscreen)
        self._shown = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what can be drawn on, pixels."""
        width, height = self._display.get_size()
        return int(width), int(height)

    @property
    def selected(self) -> int:
        """Index of the chosen card of the menu."""
        return self._selection.index

    @property
    def labels(self) -> list[Label]:
        """The texts of what is shown now, and where they stand."""
        return self._painter.canvas.labels

    @property
    def targets(self) -> list[Target]:
        """Where a click means something, in what is shown now."""
        return self._painter.targets

    def use(self, translate: Translate) -> None:
        """Speak another language from now on."""
        self._painter.words.use(translate)
        self._shown = None

    def toggle_fullscreen(self) -> None:
        """From window to full screen, or back to the window as it was."""
        if not self.is_fullscreen:
            self._windowed_size = self.size
        self.is_fullscreen = not self.is_fullscreen
        self._open()

    def show(self, view: View, sound: SoundState | None = None, now_s: float = 0.0, look: Look | None = None) -> None:
        """Bring a view to the screen, with what there is to say about the sound, at a time of the session's clock,
        as this person wants it drawn.

        What is there already isn't drawn; only figures move on.
        """
        self._view = view
        if isinstance(view, MenuView):
            self._selection.keep_within(len(view.cards))
        wanted = (view, self._selection.index, sound, look)
        if wanted == self._shown:
            boxes = [(box.x, box.y, box.w, box.h) for box in self._painter.move(now_s)]
            for box in boxes:
                self._display.blit(self._painter.canvas.surface, box, box)
            if boxes:
                pygame.display.update(boxes)
            return
        self._shown = wanted
        canvas = self._painter.paint(view, self.size, self._selection.index, sound, now_s, look)
        self._display.blit(canvas.surface, (0, 0))
        pygame.display.flip()

    def poll(self) -> list[Intent]:
        """What the person asked for since the last call, in order. Call it in every turn of the main loop.

        F has already changed the window when `Action.FULLSCREEN` is returned; arrows and the mouse have already
        moved the menu's choice, which is seen at the next `show`.
        """
        intents = [self._intent(event) for event in pygame.event.get()]
        return [intent for intent in intents if intent is not None]

    def _intent(self, event: Any) -> Intent | None:
        if event.type in UNCOVERED:
            self._shown = None
        intent = self._asked(event)
        if intent is Action.FULLSCREEN:
            if self._is_locked:
                return None
            self.toggle_fullscreen()
        return intent

    def _asked(self, event: Any) -> Intent | None:
        if event.type == pygame.QUIT:
            return Action.QUIT
        if event.type == pygame.KEYDOWN:
            return self._key(event)
        if event.type == pygame.MOUSEMOTION:
            self._hover(event.pos)
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == pygame.BUTTON_LEFT:
            is_knock = self._is_locked and self._is_knock(event)
            return Action.STAFF if is_knock else self._painter.target_at(*event.pos)
        return None

    def _is_knock(self, event: Any) -> bool:
        """Whether a touch is the last of a few quick ones in the corner at the left above, the staff's door."""
        is_corner = max(event.pos) <= CORNER * min(self.size)
        now_s = self._clock()
        self._corner_s = [at_s for at_s in self._corner_s if now_s - at_s <= KNOCK_S] if is_corner else []
        self._corner_s += [now_s] if is_corner else []
        is_door = len(self._corner_s) >= KNOCKS
        self._corner_s = [] if is_door else self._corner_s  # one knock too many must not knock again
        return is_door

    def _key(self, event: Any) -> Intent | None:
        event = self._stands_for.get(event.key, event)
        view, digit = self._view, digit_of(event)
        if isinstance(view, (AttractView, StillThereView)):
            return action_of(event) or Action.CONFIRM  # any key will do
        chosen = self._menu_key(event, view) if isinstance(view, MenuView) else None
        if chosen is not None:
            return chosen
        if isinstance(view, ScaleView):
            marked = _marked(event, view.chosen)
            if marked is not None:
                self._view = replace(view, chosen=marked)  # the next key may come before the next picture
                return Number(marked)
        if isinstance(view, KeypadView) and digit is not None:
            return Number(digit)
        if isinstance(view, TURNED) and event.key in TURNS:
            return TURNS[event.key]
        names = _numbered(view)
        if digit and digit <= len(names):
            return Choose(names[digit - 1])
        return action_of(event)

    def _menu_key(self, event: Any, menu: MenuView) -> Choose | None:
        digit = digit_of(event)
        if digit and digit <= len(menu.cards):
            self._selection.index = digit - 1
            return Choose(menu.cards[digit - 1].name)
        if event.key in STEPS:
            self._selection.step(*STEPS[event.key], self._painter.columns, len(menu.cards))
        if action_of(event) is Action.CONFIRM and menu.cards:
            return Choose(menu.cards[self._selection.index].name)
        return None

    def _hover(self, position: tuple[int, int]) -> None:
        target = self._painter.target_at(*position)
        if isinstance(self._view, MenuView) and isinstance(target, Choose):
            names = [card.name for card in self._view.cards]
            self._selection.index = names.index(target.name)


def _numbered(view: View | None) -> tuple[str, ...]:
    """Names of what the digits choose."""
    if isinstance(view, ConfirmView):
        return view.yes.name, view.no.name
    if isinstance(view, (ConsentView, SafetyView)):
        view = view.choice
    if isinstance(view, ChoiceView):
        return tuple(option.name for option in view.options)
    if isinstance(view, OptionsView):
        return tuple(switch.name for switch in view.switches)
    return tuple(camera.name for camera in view.cameras) if isinstance(view, CamerasView) else ()


def _marked(event: Any, chosen: int | None) -> int | None:
    """The number of the scale that a key press marks: typed (ten as 1, 0), or one step from the marked one."""
    digit = digit_of(event)
    if digit is not None:
        return SCALE_TOP if digit == 0 and chosen == 1 else digit
    if event.key not in STEPS:
        return None
    dx, dy = STEPS[event.key]
    middle = SCALE_TOP // 2
    return middle if chosen is None else max(0, min(SCALE_TOP, chosen + dx - dy))
