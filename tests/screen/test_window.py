"""The window on the dummy driver: keys and mouse become intents, sizes change, and nothing is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pygame
import pytest

from formcheck.screen import (
    Action,
    ChoiceView,
    Choose,
    ConfirmView,
    DisplayError,
    HelpView,
    Intent,
    MenuView,
    MessageView,
    Number,
    Painter,
    SoundState,
    View,
    Window,
)
from tests.screen.samples import CONFIRM, PAIN, WHY, cards, pages, view

MENU = MenuView(cards(7))


def press(key: int, typed: str = "", scancode: int = 0) -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=typed, scancode=scancode, mod=0))


def click(x: float, y: float, button: int = 1) -> None:
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(int(x), int(y)), button=button))


KEYS = [
    (pygame.K_SPACE, " ", Action.PAUSE),
    (pygame.K_n, "n", Action.NEXT),
    (pygame.K_r, "R", Action.RESTART),
    (pygame.K_m, "m", Action.MUTE),
    (pygame.K_PLUS, "+", Action.VOLUME_UP),
    (pygame.K_EQUALS, "=", Action.VOLUME_UP),
    (pygame.K_KP_PLUS, "+", Action.VOLUME_UP),
    (pygame.K_MINUS, "-", Action.VOLUME_DOWN),
    (pygame.K_6, "-", Action.VOLUME_DOWN),
    (pygame.K_h, "h", Action.HELP),
    (pygame.K_F1, "", Action.HELP),
    (pygame.K_f, "f", Action.FULLSCREEN),
    (pygame.K_d, "d", Action.DEBUG),
    (pygame.K_p, "p", Action.PROGRESS),
    (pygame.K_v, "v", Action.REPLAY),
    (pygame.K_a, "a", Action.ACCEPT),
    (pygame.K_ESCAPE, "\x1b", Action.BACK),
    (pygame.K_RETURN, "\r", Action.CONFIRM),
]


@pytest.mark.parametrize(("key", "typed", "action"), KEYS)
def test_keys_while_working(window: Window, key: int, typed: str, action: Action) -> None:
    window.show(view())
    window.poll()
    press(key, typed)
    assert window.poll() == [action]


@pytest.mark.parametrize("name", ["progress", "replay"])
def test_arrows_turn_pages_where_there_are_several(window: Window, name: str) -> None:
    window.show(pages()[name])
    window.poll()
    for key in (pygame.K_RIGHT, pygame.K_LEFT, pygame.K_UP):
        press(key)
    assert window.poll() == [Action.RIGHT, Action.LEFT]


def test_other_keys_mean_nothing(window: Window) -> None:
    window.show(view())
    window.poll()
    for key in (pygame.K_q, pygame.K_3, pygame.K_LEFT, pygame.K_TAB):
        press(key)
    assert window.poll() == []


def test_intents_keep_their_order(window: Window) -> None:
    window.poll()
    press(pygame.K_SPACE)
    press(pygame.K_m)
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    assert window.poll() == [Action.PAUSE, Action.MUTE, Action.QUIT]
    assert window.poll() == []


@pytest.mark.parametrize(
    ("key", "typed", "scancode", "expected"),
    [
        (pygame.K_1, "1", pygame.KSCAN_1, [Choose("dead-bug")]),
        (pygame.K_KP3, "3", 0, [Choose("glute-bridge")]),
        (pygame.K_QUOTEDBL, '"', pygame.KSCAN_3, [Choose("glute-bridge")]),
        (pygame.K_8, "8", pygame.KSCAN_8, []),
        (pygame.K_0, "0", pygame.KSCAN_0, []),
        (pygame.K_RETURN, "\r", 0, [Choose("dead-bug")]),
        (pygame.K_ESCAPE, "\x1b", 0, [Action.BACK]),
        (pygame.K_m, "m", 0, [Action.MUTE]),
    ],
)
def test_keys_in_the_menu(window: Window, key: int, typed: str, scancode: int, expected: list[Intent]) -> None:
    window.show(MENU)
    window.poll()
    press(key, typed, scancode)
    assert window.poll() == expected


def test_arrows_and_enter(window: Window) -> None:
    window.show(MENU)
    window.poll()
    press(pygame.K_RIGHT)
    press(pygame.K_RIGHT)
    press(pygame.K_DOWN)
    press(pygame.K_RETURN)
    assert window.poll() == [Choose(MENU.cards[6].name)]
    assert window.selected == 6


def test_enter_in_an_empty_menu(window: Window) -> None:
    window.show(MenuView())
    window.poll()
    for key in (pygame.K_DOWN, pygame.K_RIGHT):
        press(key)
    assert window.poll() == []
    press(pygame.K_RETURN)
    assert window.poll() == [Action.CONFIRM]


def test_the_mouse_chooses_cards_and_presses_keys(window: Window) -> None:
    window.show(MENU)
    window.poll()
    places = {what: box for box, what in window.targets}
    third = Choose(MENU.cards[2].name)
    pygame.event.post(
        pygame.event.Event(pygame.MOUSEMOTION, pos=tuple(int(v) for v in places[third].centre), rel=(0, 0), buttons=())
    )
    assert window.poll() == []
    assert window.selected == 2
    click(*places[third].centre)
    click(*places[third].centre, button=3)
    click(*places[Action.HELP].centre)
    click(1, 1)
    assert window.poll() == [third, Action.HELP]


def test_the_choice_survives_a_help_page_and_a_shorter_menu(window: Window) -> None:
    window.show(MENU)
    window.poll()
    for _ in range(5):
        press(pygame.K_RIGHT)
    window.poll()
    window.show(HelpView())
    window.show(MENU)
    assert window.selected == 5
    window.show(MenuView(cards(3)))
    assert window.selected == 2


@pytest.mark.parametrize(
    ("chosen", "key", "typed", "expected"),
    [
        (None, pygame.K_0, "0", [Number(0)]),
        (None, pygame.K_9, "9", [Number(9)]),
        (1, pygame.K_0, "0", [Number(10)]),
        (10, pygame.K_0, "0", [Number(0)]),
        (3, pygame.K_KP7, "7", [Number(7)]),
        (None, pygame.K_RIGHT, "", [Number(5)]),
        (5, pygame.K_RIGHT, "", [Number(6)]),
        (5, pygame.K_LEFT, "", [Number(4)]),
        (5, pygame.K_UP, "", [Number(6)]),
        (5, pygame.K_DOWN, "", [Number(4)]),
        (10, pygame.K_RIGHT, "", [Number(10)]),
        (0, pygame.K_LEFT, "", [Number(0)]),
        (5, pygame.K_RETURN, "\r", [Action.CONFIRM]),
        (5, pygame.K_ESCAPE, "\x1b", [Action.BACK]),
        (5, pygame.K_PLUS, "+", [Action.VOLUME_UP]),
    ],
)
def test_a_number_is_marked_by_digits_and_arrows(
    window: Window, chosen: int | None, key: int, typed: str, expected: list[Intent]
) -> None:
    window.show(replace(PAIN, chosen=chosen))
    window.poll()
    press(key, typed)
    assert window.poll() == expected


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280)])
def test_every_number_can_be_touched(size: tuple[int, int]) -> None:
    with Window(size) as window:
        window.show(PAIN)
        window.poll()
        places = {what.value: box for box, what in window.targets if isinstance(what, Number)}
        for box in places.values():
            assert min(box.w, box.h) >= 0.06 * min(size), "too small for a finger at arm's length"
            click(*box.centre)
        assert window.poll() == [Number(n) for n in range(11)]


@pytest.mark.parametrize(
    ("shown", "key", "typed", "expected"),
    [
        (WHY, pygame.K_4, "4", [Choose("other")]),
        (WHY, pygame.K_5, "5", []),
        (WHY, pygame.K_0, "0", []),
        (CONFIRM, pygame.K_1, "1", [Choose("yes")]),
        (CONFIRM, pygame.K_2, "2", [Choose("no")]),
        (CONFIRM, pygame.K_3, "3", []),
        (CONFIRM, pygame.K_RETURN, "\r", [Action.CONFIRM]),
        (CONFIRM, pygame.K_ESCAPE, "\x1b", [Action.BACK]),
    ],
)
def test_answers_are_chosen_by_number(
    window: Window, shown: ChoiceView | ConfirmView, key: int, typed: str, expected: list[Intent]
) -> None:
    window.show(shown)
    window.poll()
    press(key, typed)
    assert window.poll() == expected


def test_the_volume_is_shown_beside_any_view(window: Window) -> None:
    window.show(PAIN)
    surface = pygame.display.get_surface()
    assert surface is not None
    plain = pygame.surfarray.array3d(surface)
    window.show(PAIN, SoundState("on", "Volume 60 %"))
    assert (pygame.surfarray.array3d(surface) != plain).any()


def test_full_screen_and_back(window: Window) -> None:
    window.show(view())
    window.poll()
    before = window.size
    press(pygame.K_f)
    assert Action.FULLSCREEN in window.poll()
    assert window.is_fullscreen
    window.show(view())
    press(pygame.K_f)
    assert Action.FULLSCREEN in window.poll()
    assert not window.is_fullscreen
    assert window.size == before


@pytest.mark.parametrize("size", [(1280, 720), (800, 600), (720, 1280), (1921, 1079)])
def test_what_is_shown_fills_the_window(size: tuple[int, int]) -> None:
    with Window(size) as window:
        assert window.size == size
        window.show(view())
        shown = pygame.display.get_surface()
        assert shown is not None
        expected = Painter().paint(view(), size).pixels[..., ::-1].transpose(1, 0, 2)
        assert (pygame.surfarray.array3d(shown) == expected).all()


def test_a_window_can_be_opened_again_after_it_was_closed() -> None:
    for _ in range(2):
        with Window((640, 480)) as window:
            window.show(view())
    assert not pygame.display.get_init()


@pytest.mark.parametrize(("driver", "kept"), [("x11", "0"), ("windows", "0"), ("wayland", None), ("KMSDRM", None)])
def test_the_texture_is_forbidden_only_where_sdl_can_do_without(
    monkeypatch: pytest.MonkeyPatch, driver: str, kept: str | None
) -> None:
    """Under Wayland (a kiosk in cage) SDL opens no window then: "Window framebuffer support not available"."""
    monkeypatch.delenv("SDL_FRAMEBUFFER_ACCELERATION", raising=False)
    monkeypatch.setattr(pygame.display, "get_driver", lambda: driver)
    with Window():
        assert os.environ.get("SDL_FRAMEBUFFER_ACCELERATION") == kept
    monkeypatch.delenv("SDL_FRAMEBUFFER_ACCELERATION", raising=False)


def test_no_display_is_a_sentence_not_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "no-such-driver")
    with pytest.raises(DisplayError, match="No window can be opened here"):
        Window()


MARK = (1, 2, 3)
"""A colour that no page has: where it stands, nothing was drawn since."""


def is_drawn_by(window: Window, what: View, sound: SoundState | None = None) -> bool:
    """Whether showing it draws anything over a window that somebody has painted."""
    surface = pygame.display.get_surface()
    assert surface is not None
    surface.fill(MARK)
    window.show(what, sound)
    surface = pygame.display.get_surface()  # another one after a change of size
    assert surface is not None
    return surface.get_at((600, 300))[:3] != MARK


SHOWN = view()


@pytest.mark.parametrize(
    ("first", "second", "is_drawn"),
    [
        (MENU, MenuView(cards(7)), False),
        (MENU, MenuView(cards(6)), True),
        (MENU, HelpView(), True),
        (PAIN, replace(PAIN), False),
        (PAIN, replace(PAIN, chosen=3), True),
        (PAIN, replace(PAIN, skips_in_s=3), True),
        (SHOWN, replace(SHOWN), False),
        (SHOWN, replace(SHOWN, title=SHOWN.title.upper().lower().capitalize()), False),
        (SHOWN, view(), True),
        (SHOWN, replace(SHOWN, image=np.array(SHOWN.image)), True),
        (SHOWN, replace(SHOWN, notice="3: could not judge your back"), True),
        (SHOWN, replace(SHOWN, snapshot=replace(SHOWN.snapshot, reps=9)), True),
    ],
)
def test_only_what_is_not_on_the_screen_yet_is_drawn(window: Window, first: View, second: View, is_drawn: bool) -> None:
    window.show(first)
    assert is_drawn_by(window, second) is is_drawn


def test_another_sound_another_choice_and_another_size_are_drawn(window: Window) -> None:
    window.poll()  # that it was opened
    window.show(MENU, SoundState())
    assert not is_drawn_by(window, MENU, SoundState())
    assert is_drawn_by(window, MENU, SoundState("muted"))
    press(pygame.K_RIGHT)
    window.poll()
    assert is_drawn_by(window, MENU, SoundState("muted"))
    window.toggle_fullscreen()
    assert is_drawn_by(window, MENU, SoundState("muted"))
    window.toggle_fullscreen()
    assert is_drawn_by(window, MENU, SoundState("muted"))


@pytest.mark.parametrize(
    ("happened", "is_drawn"),
    [
        (pygame.WINDOWEXPOSED, True),
        (pygame.WINDOWSHOWN, True),
        (pygame.WINDOWRESTORED, True),
        (pygame.WINDOWSIZECHANGED, True),
        (pygame.WINDOWENTER, False),
    ],
)
def test_a_window_that_was_covered_is_drawn_again(window: Window, happened: int, is_drawn: bool) -> None:
    window.show(MENU)
    window.poll()
    window.show(MENU)
    pygame.event.post(pygame.event.Event(happened))
    window.poll()
    assert is_drawn_by(window, MENU) is is_drawn


def test_a_full_screen_of_the_windows_own_size_is_drawn() -> None:
    pygame.display.init()
    with Window(pygame.display.get_desktop_sizes()[0]) as window:
        window.show(MENU)
        size = window.size
        window.toggle_fullscreen()
        assert window.size == size
        assert is_drawn_by(window, MENU)


@pytest.mark.parametrize(("knocks", "opens"), [(4, 0), (5, 1), (9, 1), (10, 2)])
def test_five_knocks_in_the_corner_of_a_locked_window_are_the_staffs_door(knocks: int, opens: int) -> None:
    with Window((640, 360), is_locked=True) as window:
        window.show(MessageView("Nothing"))
        for _ in range(knocks):
            pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(8, 8), button=pygame.BUTTON_LEFT))
        assert window.poll().count(Action.STAFF) == opens


@pytest.mark.parametrize("pos", [(60, 8), (8, 60), (320, 180)])
def test_knocks_elsewhere_open_nothing(pos: tuple[int, int]) -> None:
    with Window((640, 360), is_locked=True) as window:
        window.show(MessageView("Nothing"))
        for _ in range(10):
            pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=pos, button=pygame.BUTTON_LEFT))
        assert Action.STAFF not in window.poll()


def test_knocks_between_touches_elsewhere_are_no_knocks() -> None:
    with Window((640, 360), is_locked=True) as window:
        window.show(MessageView("Nothing"))
        for i in range(12):
            pos = (320, 180) if i % 4 == 3 else (8, 8)
            pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=pos, button=pygame.BUTTON_LEFT))
        assert Action.STAFF not in window.poll()


def test_without_a_display_it_is_said_and_nothing_is_drawn_for_nobody() -> None:
    code = "from formcheck.screen import Window; Window((64, 64))"
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert "No window can be opened here" in done.stderr


@pytest.mark.parametrize(("every_s", "opens"), [(0.3, 1), (0.5, 1), (1.0, 0), (60.0, 0)])
def test_only_quick_knocks_open_the_door(every_s: float, opens: int) -> None:
    now = [0.0]
    with Window((640, 360), is_locked=True, clock=lambda: now[0]) as window:
        window.show(MessageView("Nothing"))
        asked = []
        for _ in range(6):
            now[0] += every_s
            pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(8, 8), button=pygame.BUTTON_LEFT))
            asked += window.poll()
    assert asked.count(Action.STAFF) == opens


def test_a_locked_window_has_all_keys_and_leaves_the_mouse_its_places() -> None:
    with Window((640, 360), is_fullscreen=True, is_locked=True):
        assert pygame.event.get_grab()
        assert not pygame.mouse.get_relative_mode()
        assert pygame.mouse.get_visible()
