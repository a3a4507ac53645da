"""Contrast by the WCAG formula, measured on what is really drawn, and the palette under colour blindness."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from formcheck.screen import Canvas, Painter
from formcheck.screen.canvas import Box, Label
from formcheck.screen.palette import (
    BLUE,
    BLUE_TEXT,
    BONE_FAR,
    BONE_NEAR,
    CARD,
    CASING,
    GREY,
    MARK_CONTRAST,
    NIGHT,
    ORANGE,
    ORANGE_TEXT,
    PANEL,
    PLATE_WORST,
    TEXT_CONTRAST,
    WHITE,
    Colour,
    contrast,
)
from tests.screen.samples import pages, work_views

# Machado, Oliveira and Fernandes 2009, severity 1.0, for linear RGB.
BLINDNESS = {
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    "none": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
}
# CIE76 difference that nobody overlooks; two shades of one colour are 10-20 apart.
PLAINLY_DIFFERENT = 30.0


def seen(colour: Colour, kind: str) -> NDArray[np.float32]:
    """The colour in CIE Lab as a person with this colour blindness sees it."""
    share = np.array(colour) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(BLINDNESS[kind]) @ linear, 0, 1)
    back = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(cv2.cvtColor(back.astype(np.float32).reshape(1, 1, 3), cv2.COLOR_RGB2LAB)[0, 0])


@pytest.mark.parametrize("kind", BLINDNESS)
@pytest.mark.parametrize(("one", "other"), [(BLUE, ORANGE), (ORANGE, GREY), (BLUE, WHITE), (BLUE_TEXT, ORANGE_TEXT)])
def test_meanings_stay_apart_for_every_eye(kind: str, one: Colour, other: Colour) -> None:
    assert np.linalg.norm(seen(one, kind) - seen(other, kind)) > PLAINLY_DIFFERENT


def test_known_contrasts() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21.0)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mark", [BLUE, ORANGE, GREY, WHITE, BLUE_TEXT, ORANGE_TEXT])
@pytest.mark.parametrize("backing", [PANEL, CARD, NIGHT, PLATE_WORST])
def test_marks_stand_out(mark: Colour, backing: Colour) -> None:
    assert contrast(mark, backing) >= MARK_CONTRAST


@pytest.mark.parametrize("line", [BLUE, ORANGE, GREY, WHITE, BONE_NEAR, BONE_FAR])
def test_lines_on_the_person_stand_out_from_their_casing(line: Colour) -> None:
    assert contrast(line, CASING) >= MARK_CONTRAST


def commonest(canvas: Canvas, label: Label) -> Colour:
    """The colour that most pixels around a text's letters have."""
    box = label.box
    pixels = canvas.view(Box(box.x - 2, box.y, box.w + 4, box.h)).reshape(-1, 3).astype(int)
    numbers, counts = np.unique(pixels @ (1, 256, 65536), return_counts=True)
    colours = [(n % 256, n // 256 % 256, n // 65536) for n in numbers[np.argsort(counts)[::-1]].tolist()]
    return next(rgb for rgb in ((r, g, b) for b, g, r in colours) if np.abs(np.subtract(rgb, label.ink)).max() > 60)


@pytest.mark.parametrize("name", [*work_views(), *pages()])
def test_every_text_has_seven_to_one_on_a_white_picture(painter: Painter, name: str) -> None:
    view = {**work_views(), **pages()}[name]
    if name in work_views() and work_views()[name].image is not None:
        view = replace(work_views()[name], image=np.full((720, 1280, 3), 255, np.uint8), pose=None)
    canvas = painter.paint(view, (1280, 720))
    assert canvas.labels
    for label in canvas.labels:
        assert contrast(label.ink, label.backing) >= TEXT_CONTRAST, label
        assert contrast(label.ink, commonest(canvas, label)) >= TEXT_CONTRAST, label


def test_the_plate_is_as_dark_as_it_claims() -> None:
    canvas = Canvas((40, 30))
    canvas.clear(WHITE)
    canvas.plate(canvas.box)
    assert tuple(int(v) for v in canvas.pixels[10, 10][::-1]) == pytest.approx(PLATE_WORST, abs=1)
