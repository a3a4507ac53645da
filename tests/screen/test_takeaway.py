"""The page that a phone reads: read here as well, from what is really drawn, in every size, straight and as held."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from formcheck.screen import Action, Look, Painter, TakeawayView
from formcheck.screen.canvas import Canvas
from formcheck.screen.takeaway import QUIET, draw_code
from tests.screen.samples import SIZES, TAKEAWAY, TAKEN, code

SHORT = "BEGIN:VEVENT\r\nSUMMARY:FormCheck: Dead bug\r\nDTSTART:20261130T142830\r\nEND:VEVENT\r\n"
LARGE = [*SIZES, (3840, 2160), (1366, 768), (1024, 1366), (1000, 1000)]
Picture = NDArray[np.uint8]


def read(picture: Picture) -> str:
    return str(cv2.QRCodeDetectorAruco().detectAndDecode(picture)[0])


def square_of(picture: Picture) -> tuple[int, int, int, int]:
    """The white box around the code: left, top, width, height."""
    white = (picture == 255).all(axis=2).astype(np.uint8)
    contours, _ = cv2.findContours(white, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    x, y, w, h = cv2.boundingRect(max(contours, key=cv2.contourArea))
    return int(x), int(y), int(w), int(h)


@pytest.mark.parametrize("size", [*LARGE, (640, 480)])
@pytest.mark.parametrize("text", [TAKEN, SHORT])
@pytest.mark.parametrize("look", [Look(), Look(is_contrast=True), Look(is_large=True), Look(is_lit=True)])
def test_the_code_is_read_from_the_drawn_page(painter: Painter, size: tuple[int, int], text: str, look: Look) -> None:
    shown = replace(TAKEAWAY, matrix=code(text))
    assert read(painter.paint(shown, size, look=look).pixels) == text


def test_another_code_is_read_as_another() -> None:
    assert read(Painter().paint(replace(TAKEAWAY, matrix=code("other")), (1280, 720)).pixels) == "other"


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (1080, 1920)])
def test_the_older_reader_reads_it_too(painter: Painter, size: tuple[int, int]) -> None:
    pixels = painter.paint(replace(TAKEAWAY, matrix=code(SHORT)), size).pixels
    assert cv2.QRCodeDetector().detectAndDecode(pixels)[0] == SHORT


def as_a_phone_sees(screen: Picture, seed: int) -> Picture:
    """A picture of 1440 by 1080 that a phone takes of a screen: at an angle, not quite sharp, with noise and a haze."""
    rng = np.random.default_rng(seed)
    x, y, w, h = square_of(screen)
    around = np.array([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], np.float32)
    held = np.array([(330, 130), (1130, 180), (1080, 960), (290, 900)]) + rng.uniform(-45, 45, (4, 2))
    matrix = cv2.getPerspectiveTransform(around, held.astype(np.float32))
    picture = cv2.warpPerspective(screen, matrix, (1440, 1080), flags=cv2.INTER_AREA, borderValue=(70, 80, 90))
    picture = cv2.GaussianBlur(picture, (0, 0), 1.0).astype(np.float32)
    haze = np.linspace(0, 60, 1440, dtype=np.float32)[None, :, None]
    noisy = 0.75 * picture + haze + rng.normal(0, 6, picture.shape)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (1080, 1920)])
def test_it_is_read_as_a_phone_sees_it(painter: Painter, size: tuple[int, int]) -> None:
    screen = painter.paint(TAKEAWAY, size).pixels
    seen = [read(as_a_phone_sees(screen, seed)) for seed in range(8)]
    assert seen == [TAKEN] * 8


@pytest.mark.parametrize("size", LARGE)
@pytest.mark.parametrize("is_contrast", [False, True])
def test_modules_are_whole_pixels_of_pure_black_on_white_with_a_quiet_zone(
    painter: Painter, size: tuple[int, int], is_contrast: bool
) -> None:
    pixels = painter.paint(TAKEAWAY, size, look=Look(is_contrast=is_contrast)).pixels
    x, y, w, h = square_of(pixels)
    assert w == h
    box = pixels[y : y + h, x : x + w]
    assert set(np.unique(box)) == {0, 255}
    dark = (box == 0).all(axis=2)
    (top, bottom), (left, right) = (np.flatnonzero(dark.any(axis=axis))[[0, -1]] for axis in (1, 0))
    count = len(TAKEAWAY.matrix)
    module = (bottom + 1 - top) // count
    assert (bottom + 1 - top, right + 1 - left) == (module * count, module * count)
    assert min(top, left, h - 1 - bottom, w - 1 - right) >= QUIET * module
    middles = dark[top + module // 2 : bottom + 1 : module, left + module // 2 : right + 1 : module]
    assert (middles == np.array(TAKEAWAY.matrix)).all()
    assert (np.kron(middles, np.ones((module, module), bool)) == dark[top : bottom + 1, left : right + 1]).all()


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (1080, 1920)])
def test_it_is_as_large_as_the_screen_allows(painter: Painter, size: tuple[int, int]) -> None:
    _, _, w, _ = square_of(painter.paint(TAKEAWAY, size).pixels)
    assert w == min(size)


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (1080, 1920)])
def test_what_to_do_is_large_and_how_long_there_is_time_is_said(painter: Painter, size: tuple[int, int]) -> None:
    labels = {label.text: label for label in painter.paint(TAKEAWAY, size).labels}
    assert labels["Hold your phone's camera to this."].cap_px >= 0.05 * min(size)
    assert min(labels[line].cap_px for line in TAKEAWAY.lines) >= 0.018 * min(size)
    assert "This page goes in 42 s." in labels
    assert Action.CONFIRM in [what for _, what in painter.targets]
    calm = painter.paint(replace(TAKEAWAY, skips_in_s=None), size)
    assert not any("goes in" in label.text for label in calm.labels)


@pytest.mark.parametrize("size", SIZES)
def test_what_is_being_said_never_covers_the_code(painter: Painter, size: tuple[int, int]) -> None:
    canvas = painter.paint(TAKEAWAY, size, look=Look(said="A sentence that is said and stands nowhere on this page."))
    assert any(label.text.startswith("A sentence") for label in canvas.labels)
    assert read(canvas.pixels) == TAKEN


def test_a_box_of_too_few_pixels_stays_white() -> None:
    canvas = Canvas((96, 96))
    draw_code(canvas, canvas.box, TAKEAWAY.matrix)
    assert (canvas.pixels == 255).all()
    draw_code(canvas, canvas.box, ())
    assert (canvas.pixels == 255).all()
    assert len(TakeawayView((), "", ()).hints) == 2
