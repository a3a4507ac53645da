"""What is drawn on: one array of pixels that OpenCV and pygame share, and a list of the texts placed on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import cv2
import numpy as np
import pygame
from numpy.typing import NDArray

from formcheck.core.rules.demonstration import Film
from formcheck.screen.lettering import CAP_SHARE, PITCH, Fitted, figure_em, fit, line_picture
from formcheck.screen.palette import (
    CONTRAST_EDGE,
    IN_CONTRAST,
    NIGHT,
    PLATE_ALPHA,
    PLATE_WORST,
    WHITE,
    Colour,
)

Pixels = NDArray[np.uint8]
Align = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels: left, top, width, height."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """First column right of the box."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """First row below the box."""
        return self.y + self.h

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the box."""
        return self.x + self.w / 2, self.y + self.h / 2

    def inset(self, dx: int, dy: int | None = None) -> Box:
        """The box made smaller on every side."""
        dy = dx if dy is None else dy
        return Box(self.x + dx, self.y + dy, max(1, self.w - 2 * dx), max(1, self.h - 2 * dy))

    def rows(self, top: float, bottom: float) -> Box:
        """A horizontal band of the box, shares of its height."""
        y0, y1 = self.y + round(self.h * top), self.y + round(self.h * bottom)
        return Box(self.x, y0, self.w, max(1, y1 - y0))

    def columns(self, left: float, right: float) -> Box:
        """A vertical band of the box, shares of its width."""
        x0, x1 = self.x + round(self.w * left), self.x + round(self.w * right)
        return Box(x0, self.y, max(1, x1 - x0), self.h)

    def contains(self, other: Box) -> bool:
        """Whether the other box lies wholly inside."""
        return self.x <= other.x and self.y <= other.y and other.right <= self.right and other.bottom <= self.bottom

    def overlaps(self, other: Box) -> bool:
        """Whether another box covers a part of this one."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def has_point(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.x <= x < self.right and self.y <= y < self.bottom


@dataclass(frozen=True, slots=True)
class Label:
    """A text that was placed: for tests of clipping, overlap, size and contrast."""

    text: str
    box: Box
    """Where its ink may be: from the top of the capitals' line to its bottom."""
    room: Box
    """The box that it was given."""
    cap_px: float
    ink: Colour
    backing: Colour


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a figure moves."""

    box: Box
    film: Film
    backing: Colour
    is_bare: bool = False


class Canvas:
    """A picture of `size` (width, height) pixels, BGR in memory.

    `pixels` and `surface` are the same memory: OpenCV draws lines and pictures into the one, pygame text into the
    other.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = (max(1, size[0]), max(1, size[1]))
        width, height = self.size
        self.pixels: Pixels = np.zeros((height, width, 3), np.uint8)
        self.surface: Any = pygame.image.frombuffer(self.pixels.data, self.size, "BGR")
        self.labels: list[Label] = []
        self.stages: list[Stage] = []
        self.is_contrast = False
        """Whether what is drawn from now on is drawn white on black."""

    def tone(self, colour: Colour) -> Colour:
        """The colour in which a plain area is drawn for this person."""
        return IN_CONTRAST.get(colour, colour) if self.is_contrast else colour

    @property
    def box(self) -> Box:
        """The whole canvas."""
        return Box(0, 0, *self.size)

    def clear(self, colour: Colour = NIGHT) -> None:
        """Paint everything in one colour and forget the labels and figures."""
        self.surface.fill(self.tone(colour))
        self.labels, self.stages = [], []

    def stage(self, box: Box, film: Film, backing: Colour = NIGHT, *, is_bare: bool = False) -> None:
        """Keep a box for a figure that moves; whoever shows the canvas draws it there (`Painter.move`)."""
        self.stages.append(Stage(box, film, self.tone(backing), is_bare))

    def view(self, box: Box) -> Pixels:
        """The pixels of a box, shared, cut at the canvas's edge: drawing into it can't leave it."""
        return self.pixels[max(0, box.y) : max(0, box.bottom), max(0, box.x) : max(0, box.right)]

    def panel(self, box: Box, colour: Colour, radius: int = 0) -> None:
        """A filled box with round corners."""
        tone, place = self.tone(colour), (box.x, box.y, box.w, box.h)
        pygame.draw.rect(self.surface, tone, place, border_radius=radius)
        if tone != colour:  # black on black: its edge shows it
            pygame.draw.rect(
                self.surface, CONTRAST_EDGE, place, max(1, round(self.size[1] / 360)), border_radius=radius
            )

    def frame(self, box: Box, colour: Colour, thickness: int, radius: int = 0) -> None:
        """The outline of a box."""
        pygame.draw.rect(self.surface, colour, (box.x, box.y, box.w, box.h), thickness, border_radius=radius)

    def plate(self, box: Box, alpha: float = PLATE_ALPHA, colour: Colour = NIGHT) -> None:
        """Darken a box of the picture so that text can stand on it."""
        area = self.view(box)
        if area.size:
            cv2.LUT(
                area, _veil(1.0 if self.is_contrast and alpha == PLATE_ALPHA else alpha, self.tone(colour)), dst=area
            )

    def text(
        self,
        text: str,
        room: Box,
        cap_px: float,
        *,
        ink: Colour = WHITE,
        backing: Colour = PLATE_WORST,
        align: Align = "left",
        valign: Align = "centre",
        is_bold: bool = True,
    ) -> Box:
        """Set a text in a box, as large as fits, capitals at most `cap_px` high.

        Args:
            text: wraps at spaces; an empty one draws nothing.
            room: where it may stand.
            cap_px: height of its capitals.
            ink: its colour.
            backing: what lies behind it, at its brightest.
            align: left, centre or right.
            valign: "left" is the top, "right" the bottom.
            is_bold: bold or regular.

        Returns:
            The box that the lines take.
        """
        ink, backing = self.tone(ink), self.tone(backing)
        fitted = fit(text, room.w, room.h, cap_px, is_bold)
        if not fitted.lines:
            return Box(room.x, room.y, 0, 0)
        top = room.y + round((room.h - fitted.height) * _SHARES[valign])
        boxes = [self._line(fitted, i, room, top, ink, align, is_bold) for i in range(len(fitted.lines))]
        left, right = min(b.x for b in boxes), max(b.right for b in boxes)
        taken = Box(left, boxes[0].y, right - left, boxes[-1].bottom - boxes[0].y)
        self.labels.append(Label(text, taken, room, fitted.cap_px, ink, backing))
        return taken

    def _line(self, fitted: Fitted, i: int, room: Box, top: int, ink: Colour, align: Align, is_bold: bool) -> Box:
        picture = line_picture(fitted.lines[i], fitted.em, is_bold, ink)
        width, height = picture.get_size()
        x = room.x + round((room.w - width) * _SHARES[align])
        y = top + round(i * fitted.em * PITCH)
        self.surface.blit(picture, (x, y - round((height - fitted.em * PITCH) / 2)))
        return Box(x, y, width, round(fitted.em * PITCH))

    def figure(self, text: str, room: Box, cap_px: float, ink: Colour = WHITE, backing: Colour = NIGHT) -> Box:
        """A number set by its ink, centred in the box, without room for accents: the large counts."""
        ink, backing = self.tone(ink), self.tone(backing)
        em = figure_em((text,), room.w, room.h, cap_px)
        picture = line_picture(text, em, True, ink)
        inked = picture.get_bounding_rect()
        x = room.x + round((room.w - inked.w) / 2)
        y = room.y + round((room.h - inked.h) / 2)
        self.surface.blit(picture, (x, y), inked)
        box = Box(x, y, inked.w, inked.h)
        self.labels.append(Label(text, box, room, em * CAP_SHARE, ink, backing))
        return box


@lru_cache(maxsize=16)
def _veil(alpha: float, colour: Colour) -> Pixels:
    """What each brightness of each channel becomes under a colour of opacity `alpha`: (1, 256, 3), BGR."""
    brightness = np.arange(256, dtype=np.float32)[None, :, None]
    tint = np.array(colour[::-1], np.float32)
    return np.asarray(np.rint(brightness * (1 - alpha) + tint * alpha), np.uint8)


_SHARES: dict[Align, float] = {"left": 0.0, "centre": 0.5, "right": 1.0}
