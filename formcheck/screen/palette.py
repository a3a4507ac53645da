"""The colours of the screen, and the arithmetic that proves their contrast.

Meaning is carried by blue against orange, which every common colour blindness keeps apart, and always by a shape
and a word as well.
"""

from __future__ import annotations

Colour = tuple[int, int, int]
"""Red, green, blue, 0..255."""

TEXT_CONTRAST = 7.0
"""Least contrast of text against its backing (WCAG 2 level AAA, normal text)."""

MARK_CONTRAST = 3.0
"""Least contrast of a shape against its backing (WCAG 2, 1.4.11)."""

NIGHT: Colour = (9, 14, 22)
PANEL: Colour = (18, 26, 39)
CARD: Colour = (24, 35, 52)
CARD_CHOSEN: Colour = (14, 46, 82)
PICTURE_EDGE: Colour = (5, 8, 13)

WHITE: Colour = (255, 255, 255)
SOFT: Colour = (211, 220, 232)
GREY: Colour = (190, 200, 212)
BLUE: Colour = (77, 163, 255)
BLUE_TEXT: Colour = (140, 198, 255)
ORANGE: Colour = (255, 148, 48)
ORANGE_TEXT: Colour = (255, 178, 102)
TRACK: Colour = (62, 78, 102)
BONE_NEAR: Colour = (255, 255, 255)
BONE_FAR: Colour = (168, 182, 200)
CASING: Colour = (6, 10, 16)

PLATE_ALPHA = 0.86
"""Opacity of the dark plates behind text that stands on the camera picture."""


def luminance(colour: Colour) -> float:
    """Relative luminance of a colour, 0 black to 1 white (WCAG 2)."""

    def linear(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(value) for value in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(ink: Colour, backing: Colour) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2)."""
    brighter, darker = sorted((luminance(ink), luminance(backing)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def blend(over: Colour, under: Colour, alpha: float) -> Colour:
    """`over` laid on `under` with opacity `alpha`, 0..1."""
    red, green, blue = (round(o * alpha + u * (1 - alpha)) for o, u in zip(over, under, strict=True))
    return red, green, blue


PLATE_WORST: Colour = blend(NIGHT, WHITE, PLATE_ALPHA)
"""A plate over the brightest possible picture: the backing that light text on plates is judged against."""

BLACK: Colour = (0, 0, 0)
CONTRAST_EDGE: Colour = WHITE
STRONG_CONTRAST = 14.0
"""Least contrast of text where high contrast was asked for: twice that of WCAG 2's level AAA [P]."""
IN_CONTRAST: dict[Colour, Colour] = {
    NIGHT: BLACK,
    PANEL: BLACK,
    CARD: BLACK,
    CARD_CHOSEN: (0, 0, 64),
    PICTURE_EDGE: BLACK,
    PLATE_WORST: BLACK,
    SOFT: WHITE,
    GREY: WHITE,
    BLUE_TEXT: (190, 225, 255),
    ORANGE_TEXT: (255, 220, 170),
}
"""What each colour becomes where high contrast was asked for; marks keep theirs, and their shapes."""
