"""The annotated picture for videos: no window, a steady size, the same drawing as the window."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from formcheck.screen import Caption, Overlay, Painter, ViewModel
from tests.screen.samples import WORKING, body, outline, room


def test_it_draws_what_the_window_draws() -> None:
    caption = Caption("Other leg.", "form")
    image = room()
    drawn = Overlay("Dead bug").draw_on(image, body(), outline(body()), WORKING, caption)
    shown = ViewModel("Dead bug", WORKING, image, body(), outline(body()), caption, hints=())
    assert (drawn == Painter().paint(shown, (1280, 720)).pixels).all()


def test_the_camera_picture_is_left_as_it_was() -> None:
    image = room()
    Overlay().draw_on(image, body(), outline(body()), WORKING)
    assert (image == room()).all()


@pytest.mark.parametrize(
    ("size", "expected"),
    [((161, 121), (1280, 720)), ((405, 720), (720, 1280)), ((3840, 2160), (1280, 720)), ((500, 500), (1280, 720))],
)
def test_the_size_of_the_result(size: tuple[int, int], expected: tuple[int, int]) -> None:
    overlay = Overlay()
    drawn = overlay.draw_on(room(*size), body(*size))
    assert overlay.size_for(*size) == expected
    assert drawn.shape == (expected[1], expected[0], 3)
    assert drawn.dtype == np.uint8


def test_a_size_of_ones_own() -> None:
    assert Overlay(size=(640, 360)).draw_on(room()).shape == (360, 640, 3)


def test_unmirrored_when_asked() -> None:
    plain, mirrored = Overlay(is_mirrored=False).draw_on(room()), Overlay().draw_on(room())
    assert not (plain == mirrored).all()


def test_no_window_is_opened() -> None:
    program = (
        "import numpy as np, pygame\n"
        "from formcheck.screen import Overlay\n"
        "Overlay().draw_on(np.zeros((90, 160, 3), np.uint8))\n"
        "assert not pygame.display.get_init() and not pygame.mixer.get_init()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
