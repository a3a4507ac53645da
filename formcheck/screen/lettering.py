"""Text as pictures: the shipped font, sizes by cap height, balanced wrapping, and a cache of what was rendered."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pygame

from formcheck.screen.palette import Colour
from formcheck.system.assets import asset

CAP_SHARE = 0.668
"""Height of a capital letter as a share of the font's em (Atkinson Hyperlegible, OS/2 sCapHeight)."""

PITCH = 1.17
"""Distance of two lines of text, em: room for an accent over a capital and a descender under the line above."""

SHRINK = 0.94
"""Step by which a text that does not fit is made smaller."""

HAIR = 1e-6
"""An em that was made a cap height and back again is still the same em."""

SMALLEST_EM = 6
"""Below this a text is a texture; it is drawn so rather than cut."""

KEPT_PICTURES = 320
"""Rendered lines kept: several screens' worth, about 20 MB at most at 1080p."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text broken into lines at a size that fits its box."""

    lines: tuple[str, ...]
    em: int

    @property
    def cap_px(self) -> float:
        """Height of its capitals, pixels."""
        return self.em * CAP_SHARE

    @property
    def height(self) -> int:
        """Height of all lines, pixels."""
        return round(len(self.lines) * self.em * PITCH)


@lru_cache(maxsize=128)
def font(em: int, is_bold: bool) -> Any:
    """The shipped font at a size in pixels per em."""
    if not pygame.font.get_init():
        pygame.font.init()
    name = "AtkinsonHyperlegible-Bold.ttf" if is_bold else "AtkinsonHyperlegible-Regular.ttf"
    return pygame.font.Font(str(asset("fonts", name)), em)


@lru_cache(maxsize=4096)
def width_px(text: str, em: int, is_bold: bool) -> int:
    """Width of one line, pixels."""
    return int(font(em, is_bold).size(text)[0])


def break_lines(text: str, em: int, is_bold: bool, width: int) -> tuple[str, ...]:
    """Break a text greedily at spaces so that each line is at most `width` pixels, single words excepted.

    A no-break space holds what belongs together.
    """
    lines: list[str] = []
    current = ""
    for word in filter(None, text.split(" ")):
        longer = f"{current} {word}" if current else word
        if current and width_px(longer, em, is_bold) > width:
            lines.append(current)
            current = word
        else:
            current = longer
    return (*lines, current) if current else tuple(lines)


def balance(text: str, em: int, is_bold: bool, width: int) -> tuple[str, ...]:
    """Break a text into the fewest lines, of nearly equal length: easier to read than a long line and a lone word."""
    best = break_lines(text, em, is_bold, width)
    low, high = width // max(1, len(best)), width
    while low < high - 2:
        middle = (low + high) // 2
        tried = break_lines(text, em, is_bold, middle)
        if len(tried) > len(best) or any(width_px(line, em, is_bold) > middle for line in tried):
            low = middle
        else:
            best, high = tried, middle
    return best


@lru_cache(maxsize=512)
def fit(text: str, width: int, height: int, cap_px: float, is_bold: bool = True) -> Fitted:
    """The largest setting of a text in a box, capitals at most `cap_px` high. Never cuts: it shrinks."""
    em = max(SMALLEST_EM, math.ceil(cap_px / CAP_SHARE - HAIR))
    while em > SMALLEST_EM:
        lines = break_lines(text, em, is_bold, width)
        is_narrow = all(width_px(line, em, is_bold) <= width for line in lines)
        if is_narrow and len(lines) * em * PITCH <= height:
            return Fitted(balance(text, em, is_bold, width), em)
        em = min(em - 1, round(em * SHRINK))
    return Fitted(break_lines(text, SMALLEST_EM, is_bold, width), SMALLEST_EM)


@lru_cache(maxsize=256)
def figure_em(texts: tuple[str, ...], width: int, height: int, cap_px: float) -> int:
    """The em at which each of these short texts fits on one line, capitals at most `cap_px` high."""
    em = max(SMALLEST_EM, round(cap_px / CAP_SHARE))
    while em > SMALLEST_EM and (em * CAP_SHARE > height or any(width_px(t, em, True) > width for t in texts)):
        em = min(em - 1, round(em * 0.97))
    return em


def common_cap(texts: Iterable[tuple[str, int, int]], cap_px: float, is_bold: bool = True) -> float:
    """The cap height at which every text fits its own box (text, width, height): a row of equals looks calm."""
    return min((fit(text, w, h, cap_px, is_bold).cap_px for text, w, h in texts if text), default=cap_px)


def stacked(
    texts: Sequence[str], room: tuple[int, int], cap_px: float, gap: int, is_bold: bool = True
) -> tuple[float, list[int]]:
    """The largest cap height at which these texts stand one under the other in a room, and the height of each.

    Each takes as many lines as it needs: four equal rows would make the longest of them set the size of all.
    """
    width, height = room
    em = max(SMALLEST_EM, math.ceil(cap_px / CAP_SHARE))
    while True:
        lines = [break_lines(text, em, is_bold, width) for text in texts]
        heights = [math.ceil(max(1, len(broken)) * em * PITCH) for broken in lines]
        is_narrow = all(width_px(line, em, is_bold) <= width for broken in lines for line in broken)
        if em == SMALLEST_EM or (is_narrow and sum(heights) + gap * (len(texts) - 1) <= height):
            return em * CAP_SHARE, heights
        em -= 1


_pictures: OrderedDict[tuple[str, int, bool, Colour], Any] = OrderedDict()


def line_picture(text: str, em: int, is_bold: bool, ink: Colour) -> Any:
    """One line as a surface with transparency, rendered once and kept while it is used."""
    key = (text, em, is_bold, ink)
    if key in _pictures:
        _pictures.move_to_end(key)
    else:
        _pictures[key] = font(em, is_bold).render(text, True, ink)
        while len(_pictures) > KEPT_PICTURES:
            _pictures.popitem(last=False)
    return _pictures[key]


def forget() -> None:
    """Drop all cached fonts and pictures: needed when pygame is shut down and started again."""
    _pictures.clear()
    font.cache_clear()
