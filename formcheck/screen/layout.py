"""Where everything stands: fixed places for each window size, so that nothing jumps."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.screen.canvas import Box

WIDEST = 2.1
NARROWEST = 0.5
"""Beyond these shapes (width over height) of the window, bars are left at its edges."""

PICTURE_ASPECT = 16 / 9

LARGE = 1.3
"""Letters and strokes where large letters were asked for, times the usual ones."""
CAPTION_SHARE, CAPTION_SHARE_LARGE = 0.254, 0.49
"""Height of the cue's place, share of the window's: three lines of the longest cue in its letters."""

CAPTION_CAP = 0.0605
"""Cap height of the cue, share of the shorter side: 65 px at 1920x1080, which is 18 mm on a 24 inch screen."""

INKED = 0.95
"""Cap height of a number in a box, at most: round digits are higher than capitals."""
CAPTION_CAP_LARGE = 0.0715
"""The same in large letters: 16 arc minutes at 2.5 m (11.6 mm) on a 13.3 inch screen, whose height is 166 mm."""

COUNT_CAP = 0.186
"""Cap height of the count, share of the height: readable at 3 m (at least 0.18)."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes of the working screen, pixels."""

    whole: Box
    picture: Box
    side: Box
    """The panel beside (or, upright, under) the picture."""
    title: Box
    phase: Box
    bar: Box
    count: Box
    tally: Box
    ring: Box
    back: Box
    checklist: Box
    checklist_tally: Box
    countdown: Box
    caption: Box
    hints: Box
    banner: Box
    unit: float
    """Pixels per 1/720 of the shorter side: the scale of strokes and small text."""
    is_upright: bool
    is_large: bool = False

    @property
    def count_cap_px(self) -> float:
        """Cap height of the count."""
        return min(COUNT_CAP * self.whole.h, INKED * self.count.h)

    @property
    def caption_cap_px(self) -> float:
        """Cap height of the cue."""
        return (CAPTION_CAP_LARGE if self.is_large else CAPTION_CAP) * min(self.whole.w, self.whole.h)


def content_box(size: tuple[int, int]) -> Box:
    """The part of the window that is used: all of it, unless its shape is extreme."""
    width, height = size
    w, h = min(width, round(height * WIDEST)), min(height, round(width / NARROWEST))
    return Box((width - w) // 2, (height - h) // 2, max(1, w), max(1, h))


def arrange(size: tuple[int, int], is_large: bool = False) -> Layout:
    """The layout for a window of `size` (width, height) pixels; in large letters the picture is smaller."""
    whole = content_box(size)
    return _upright(whole, is_large) if whole.w < whole.h else _wide(whole, is_large)


def _wide(whole: Box, is_large: bool) -> Layout:
    unit = whole.h / 720 * (LARGE if is_large else 1)
    gap = round(10 * unit)
    hints = whole.rows(1 - 0.046 * (LARGE if is_large else 1), 1)
    side_w = min(round(0.48 * whole.h), round(0.36 * whole.w))
    body = Box(whole.x, whole.y, whole.w, whole.h - hints.h)
    side = Box(body.x, body.y, side_w, body.h).inset(gap)
    right = Box(body.x + side_w, body.y, body.w - side_w, body.h)
    share = CAPTION_SHARE_LARGE if is_large else CAPTION_SHARE
    caption_h = max(round(share * whole.h), body.h - round(right.w / PICTURE_ASPECT))
    picture = Box(right.x, right.y, right.w, right.h - caption_h)
    return Layout(
        whole=whole,
        picture=picture,
        side=side,
        title=side.rows(0.0, 0.06).inset(gap, 0),
        phase=side.rows(0.062, 0.187).inset(gap, 0),
        bar=side.rows(0.192, 0.213).inset(gap, 0),
        count=side.rows(0.222, 0.444 if is_large else 0.434).inset(gap, 0),
        tally=side.rows(0.45 if is_large else 0.44, 0.575).inset(gap, 0),
        ring=side.rows(0.585, 0.84).inset(gap, 0),
        back=side.rows(0.855, 1.0).inset(gap, round(0.4 * gap)),
        checklist=side.rows(0.08, 0.90).inset(gap, 0),
        checklist_tally=side.rows(0.91, 1.0).inset(gap, 0),
        countdown=side.rows(0.25, 0.95).inset(gap, 0),
        caption=Box(right.x, picture.bottom, right.w, caption_h).inset(gap),
        hints=hints,
        banner=_banner(picture, is_large),
        unit=unit,
        is_upright=False,
        is_large=is_large,
    )


def _upright(whole: Box, is_large: bool) -> Layout:
    unit = whole.w / 720 * (LARGE if is_large else 1)
    gap = round(10 * unit)
    hints_h = round(0.046 * whole.w * (LARGE if is_large else 1))
    header = whole.rows(0.0, 0.115)
    picture_end, side_end = (0.35, 0.61) if is_large else (0.435, 0.74)
    picture = whole.rows(0.115, picture_end)
    caption = whole.rows(side_end, 1.0)
    side = whole.rows(picture_end, side_end).inset(gap)
    left, right = side.columns(0, 0.6), side.columns(0.6, 1)
    return Layout(
        whole=whole,
        picture=picture,
        side=side,
        title=header.rows(0.0, 0.42).inset(gap, 0),
        phase=header.rows(0.42, 0.86).inset(gap, 0),
        bar=header.rows(0.88, 0.98).inset(gap, 0),
        count=left.rows(0.0, 0.68).inset(gap, 0),
        tally=left.rows(0.70, 0.99).inset(gap, 0),
        ring=right.rows(0.02, 0.70).inset(gap, 0),
        back=right.rows(0.72, 1.0).inset(gap, 0),
        checklist=side.rows(0.0, 0.86).inset(gap, 0),
        checklist_tally=side.rows(0.87, 1.0).inset(gap, 0),
        countdown=side.inset(gap, 0),
        caption=Box(caption.x, caption.y, caption.w, caption.h - hints_h).inset(gap),
        hints=Box(whole.x, whole.bottom - hints_h, whole.w, hints_h),
        banner=_banner(picture, is_large),
        unit=unit,
        is_upright=True,
        is_large=is_large,
    )


def _banner(picture: Box, is_large: bool) -> Box:
    return picture.rows(0.0, 0.78 if is_large else 0.30)
