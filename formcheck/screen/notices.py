"""What stands on and under the picture: banners, the cue, faults, sound, debug figures, keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from formcheck.core.rules.events import CueKind
from formcheck.core.text import marked
from formcheck.screen.canvas import Box, Canvas, Pixels
from formcheck.screen.figure import draw_film
from formcheck.screen.intents import Action, Hint
from formcheck.screen.layout import Layout
from formcheck.screen.lettering import CAP_SHARE, PITCH, SMALLEST_EM, fit, width_px
from formcheck.screen.palette import (
    BLUE_TEXT,
    CARD,
    GREY,
    NIGHT,
    ORANGE,
    ORANGE_TEXT,
    PANEL,
    PLATE_WORST,
    SOFT,
    TRACK,
    WHITE,
    Colour,
)
from formcheck.screen.shapes import (
    Point,
    camera,
    camera_off,
    check,
    disc,
    eye_off,
    info,
    microphone,
    pause,
    question,
    speaker,
    stop_sign,
    triangle,
)
from formcheck.screen.words import SLOW, Words
from formcheck.screen.work_view import Caption, DebugNumbers, SoundState, ViewModel

Mark = Callable[[Pixels, Point, float, Colour], None]
Crossed = Callable[[Pixels, Point, float, Colour, bool], None]
"""A mark that can be crossed out."""

_CUE_LOOKS: dict[CueKind, tuple[Mark, Colour]] = {
    "safety": (stop_sign, ORANGE),
    "form": (triangle, ORANGE),
    "count": (disc, BLUE_TEXT),
    "praise": (check, BLUE_TEXT),
    "setup": (info, WHITE),
}

CHIP_CAP = 0.44
"""Cap height of a chip's word, share of the chip's height."""

COUNT_GROWTH = 1.6
"""A number as a cue is short: it may be larger than a sentence."""

SOUND_H = 46
"""Height of the sound's chip, layout units."""

HINT_CAP = 13.5
"""Cap height of the keys' words, layout units."""

MOST_FAULTS = 2
"""Faults listed on the picture at once: more is a wall of text."""


@dataclass(frozen=True, slots=True)
class Banner:
    """Something that must be known now, across the top of the picture."""

    mark: Mark
    headline: str
    detail: str = ""
    colour: Colour = WHITE
    dims_picture: bool = False


def banner_for(view: ViewModel, words: Words) -> Banner | None:
    """The one banner to show: the camera first, then a pause, then what is too slow or can't be seen, then the end."""
    snapshot, camera = view.snapshot, view.camera
    if camera.status == "lost" and view.image is not None:
        return Banner(camera_off, words("Camera lost"), words(camera.message), ORANGE_TEXT, dims_picture=True)
    if snapshot.stage == "paused":
        return Banner(pause, words("Paused"), words.pause(snapshot.pause_reason), dims_picture=True)
    if view.slowness and snapshot.stage != "done":
        headline, detail = SLOW[view.slowness]
        return Banner(triangle, words(headline), words(detail), ORANGE_TEXT)
    if snapshot.unseen_part:
        return Banner(eye_off, words.unseen(snapshot.unseen_part), words(snapshot.advice), ORANGE_TEXT)
    if snapshot.stage == "done":
        return Banner(check, words("Set complete"), "", BLUE_TEXT, dims_picture=True)
    return None


def draw_banner(canvas: Canvas, layout: Layout, banner: Banner) -> None:
    """Icon, headline and advice on a dark plate."""
    box = layout.banner
    unit = layout.unit
    canvas.plate(box)
    radius = min(0.3 * box.h, (0.035 if layout.is_large else 0.055) * box.w)
    banner.mark(canvas.pixels, (box.x + 1.7 * radius, box.centre[1]), radius, banner.colour)
    left = round(3.2 * radius)
    room = Box(box.x + left, box.y, box.w - left - round(16 * unit), box.h).inset(0, round(0.06 * box.h))
    if not banner.detail:
        canvas.text(banner.headline, room, 43 * unit, ink=banner.colour)
        return
    canvas.text(banner.headline, room.rows(0, 0.48), (43 if layout.is_large else 36) * unit, ink=banner.colour)
    canvas.text(banner.detail, room.rows(0.50, 1.0), 30 * unit)


_NO_PICTURE = marked(
    {
        "lost": "Camera lost",
        "opening": "Waiting for the camera",
        "ok": "One moment, getting ready",  # the pictures come; the pose model is being loaded
        "ended": "No more pictures",
    }
)


def draw_no_picture(canvas: Canvas, layout: Layout, view: ViewModel, words: Words) -> None:
    """In place of the picture: why there is none."""
    box = layout.picture
    is_lost = view.camera.status == "lost"
    headline = words(_NO_PICTURE[view.camera.status])
    colour = ORANGE_TEXT if is_lost else GREY
    mark = camera_off if is_lost else camera
    mark(canvas.pixels, (box.centre[0], box.y + 0.34 * box.h), 0.13 * box.h, colour)
    inner = box.inset(round(0.08 * box.w), 0)
    canvas.text(headline, inner.rows(0.54, 0.70), 40 * layout.unit, ink=colour, backing=NIGHT, align="centre")
    canvas.text(words(view.camera.message), inner.rows(0.71, 0.95), 28 * layout.unit, backing=NIGHT, align="centre")


def draw_caption(canvas: Canvas, layout: Layout, caption: Caption | None, words: Words) -> bool:
    """The cue in large letters, with the mark of its kind. The box stays when it is empty.

    Returns:
        Whether its film still needs a place: where there is room for it beside the words, it stands there.
    """
    box = layout.caption
    unit = layout.unit
    canvas.panel(box, CARD, round(12 * unit))
    if caption is None or not caption.text:
        return False
    mark, colour = _CUE_LOOKS[caption.kind]
    canvas.panel(Box(box.x, box.y, round(10 * unit), box.h), colour, round(5 * unit))
    radius = (18 if layout.is_large else 30) * unit
    before = (14 if layout.is_large else 26) * unit
    mark(canvas.pixels, (box.x + before + radius, box.centre[1]), radius, colour)
    left = round(before + 12 * unit + 2 * radius)
    room = Box(box.x + left, box.y, box.w - left - round(6 * unit), box.h).inset(0, round(3 * unit))
    text, cap_px = words(caption.text), layout.caption_cap_px * (COUNT_GROWTH if caption.kind == "count" else 1)
    taken = _remedy_width(layout, caption, text, room)
    if taken:
        beside = Box(box.right - taken, box.y, taken, box.h).inset(round(8 * unit))
        draw_remedy(canvas, beside, caption)
    canvas.text(text, Box(room.x, room.y, room.w - taken, room.h), cap_px, backing=CARD)
    return caption.film is not None and not taken


REMEDY_WIDTHS = ((1.5, 0.34), (1.2, 0.27), (0.95, 0.21))
"""Widths of the picture beside a caption, the widest that leaves its letters large: in heights of the box, and at most
so much of its width."""
CAPTION_LEAST = 0.0495
"""Least cap height of a caption beside a picture, share of the shorter side: 20 arc minutes at 2.5 m and 24 inches."""


def _remedy_width(layout: Layout, caption: Caption, text: str, room: Box) -> int:
    """Pixels for the right position beside a caption; 0 where there is none, or no room."""
    if caption.film is None or layout.is_large:
        return 0
    box, least_px = layout.caption, CAPTION_LEAST * min(layout.whole.w, layout.whole.h)
    widths = [min(round(tall * box.h), round(wide * box.w)) for tall, wide in REMEDY_WIDTHS]
    fits = (w for w in widths if fit(text, room.w - w, room.h, layout.caption_cap_px).cap_px >= least_px)
    return next(fits, 0)


def draw_remedy(canvas: Canvas, room: Box, caption: Caption) -> None:
    """How what a caption speaks of is done rightly."""
    if caption.film is not None:
        draw_film(canvas.view(room), caption.film, caption.film.telling_s, canvas.tone(CARD))


def draw_chips(canvas: Canvas, layout: Layout, view: ViewModel, sound: SoundState, words: Words, area: Box) -> None:
    """In the picture's lower left corner: faults that go on now, above them what is true for a moment.

    Faults of the back stand in the panel's own place for it.
    """
    unit, wording = layout.unit, view.wording
    taken = min(sound_width(sound, words, unit), area.w // 2)
    taken = max(taken, debug_width(area, unit)) if view.debug is not None else taken
    free = Box(area.x, area.y, area.w - taken, area.h)
    in_panel = frozenset() if view.snapshot.figure_text else wording.back_faults
    names = [fault.name for fault in view.snapshot.faults if fault.name not in in_panel][:MOST_FAULTS]
    chips: list[tuple[str, tuple[Mark, Colour]]] = [(words.fault(name, wording), (triangle, ORANGE)) for name in names]
    chips += [(words(view.notice), (question, WHITE))] if view.notice else []
    chips += [(words(view.trouble), (triangle, ORANGE))] if view.trouble else []
    chips += [(words(view.news), (info, BLUE_TEXT))] if view.news else []
    height = round(50 * unit)
    for i, (text, look) in enumerate(chips):
        y = area.bottom - round(12 * unit) - (i + 1) * (height + round(6 * unit))
        _draw_chip(canvas, area.x + round(12 * unit), y, height, text, look, unit, free)


def _draw_chip(
    canvas: Canvas, x: int, y: int, height: int, text: str, look: tuple[Mark, Colour], unit: float, area: Box
) -> Box:
    cap_px = CHIP_CAP * height
    width = max(height, min(area.w - round(24 * unit), _chip_width(text, height)))
    box = Box(x, y, width, height)
    canvas.plate(box)
    mark, colour = look
    mark(canvas.pixels, (x + 0.55 * height, y + 0.5 * height), 0.32 * height, colour)
    room = Box(x + round(1.1 * height), y, width - round(1.25 * height), height)
    canvas.text(text, room, cap_px)
    return box


def draw_sound(canvas: Canvas, sound: SoundState, words: Words, area: Box, unit: float) -> None:
    """In the lower right corner: that nothing can be heard, or the volume just chosen; above it that it is
    listened, or what was heard. Nothing when all is well and nobody asked to be listened to."""
    height, margin = round(SOUND_H * unit), round(12 * unit)
    for row, (text, mark, is_off) in enumerate(_sound_chips(sound, words)):
        width = min(area.w - 2 * margin, _sound_width(text, unit))
        room = Box(area.right - width - 2 * margin, area.y, width + 2 * margin, area.h)
        y = area.bottom - margin - height - row * (height + round(6 * unit))
        look = (_crossed(mark, is_off), ORANGE if is_off else WHITE)
        _draw_chip(canvas, room.x + margin, y, height, text, look, unit, room)


def _crossed(mark: Crossed, is_off: bool) -> Mark:
    return lambda pixels, centre, radius, colour: mark(pixels, centre, radius, colour, is_off)


def draw_page_sound(canvas: Canvas, sound: SoundState, words: Words, whole: Box, unit: float) -> None:
    """As `draw_sound`, in the upper right corner of a page (`whole`), in at most half of its width."""
    rows = max(1, len(_sound_chips(sound, words)))
    height = rows * round(SOUND_H * unit) + (rows - 1) * round(6 * unit) + 2 * round(12 * unit)
    draw_sound(canvas, sound, words, Box(whole.right - whole.w // 2, whole.y, whole.w // 2, height), unit)


SAID_H = 64
"""Height of what is being said on a page, layout units."""
LIGHT = 0.018
"""Width of the light around the screen, share of its shorter side: seen from the corner of the eye."""


def draw_said(canvas: Canvas, text: str, heading: Box, hints: Box, unit: float, touched: Iterable[Box]) -> None:
    """What is being said, for whoever can't hear it: over the page's last lines, or over its heading where there is
    something to touch."""
    height = round(SAID_H * unit)
    box = Box(hints.x, hints.y - height, hints.w, height)
    if any(place.overlaps(box) and not place.contains(box) for place in touched):
        box = Box(heading.x, heading.y, heading.w, height)
    canvas.panel(box, CARD)
    canvas.text(text, box.inset(round(16 * unit), round(4 * unit)), 30 * unit, backing=CARD, align="centre")


def draw_light(canvas: Canvas) -> None:
    """A white frame around everything."""
    canvas.frame(canvas.box, WHITE, max(4, round(LIGHT * min(canvas.size))))


def sound_width(sound: SoundState, words: Words, unit: float) -> int:
    """Pixels that the word about the sound takes at the right edge; 0 where there is none."""
    widths = [_sound_width(text, unit) for text, _, _ in _sound_chips(sound, words)]
    return max(widths) + 2 * round(12 * unit) if widths else 0


def _sound_chips(sound: SoundState, words: Words) -> list[tuple[str, Crossed, bool]]:
    """Text, mark and whether it is crossed out, from below."""
    silent = {"muted": words("Sound off"), "none": words("No sound card")}
    chips: list[tuple[str, Crossed, bool]] = [
        (silent.get(sound.status) or words(sound.message), speaker, sound.status != "on"),
        (words(sound.heard or ("Listening" if sound.is_listening else "")), microphone, not sound.is_listening),
    ]
    return [chip for chip in chips if chip[0]]


def _sound_width(text: str, unit: float) -> int:
    return _chip_width(text, round(SOUND_H * unit))


def _chip_width(text: str, height: int) -> int:
    return width_px(text, round(CHIP_CAP * height / CAP_SHARE), True) + round(1.5 * height)


def debug_width(area: Box, unit: float) -> int:
    """Pixels that the figures under the hood take at the right edge."""
    return min(area.w // 2, round(330 * unit))


def draw_debug(canvas: Canvas, layout: Layout, numbers: DebugNumbers, words: Words, area: Box) -> None:
    """Figures under the hood, small, on the picture's right."""
    lines = (
        words("{fps:.1f} pictures/s, {n} dropped", fps=numbers.fps, n=numbers.dropped),
        words("latency {half:.0f} ms, p95 {most:.0f} ms", half=numbers.latency_p50_ms, most=numbers.latency_p95_ms),
        words("people seen: {n}", n=numbers.people),
        *map(words, numbers.lines),
    )
    unit = layout.unit
    row = round(24 * unit)
    width = debug_width(area, unit)
    bottom = area.bottom - round(70 * unit)
    box = Box(
        area.right - width, bottom - row * len(lines) - round(8 * unit), width, row * len(lines) + round(8 * unit)
    )
    canvas.plate(box)
    for i, line in enumerate(lines):
        room = Box(box.x + round(8 * unit), box.y + round(4 * unit) + i * row, width - round(16 * unit), row)
        canvas.text(line, room, 12 * unit, ink=SOFT, backing=PLATE_WORST, is_bold=False)


def draw_hints(
    canvas: Canvas, box: Box, hints: tuple[Hint, ...], words: Words, unit: float
) -> list[tuple[Box, Action]]:
    """The keys as small buttons in a row.

    Returns:
        Where each stands, for the mouse.
    """
    if not hints:
        return []
    gap, pad = round(6 * unit), round(8 * unit)
    keys, labels = [words(hint.key) for hint in hints], [words(hint.label) for hint in hints]
    em = _hint_em(keys, labels, box, unit)
    places = []
    x = box.x + gap
    for key, label, hint in zip(keys, labels, hints, strict=True):
        key_w, label_w = width_px(key, em, True), width_px(label, em, False)
        width = key_w + label_w + 3 * pad
        button = Box(x, box.y + round(2 * unit), width, box.h - round(4 * unit))
        canvas.panel(button, PANEL, round(6 * unit))
        canvas.frame(button, TRACK, max(1, round(unit)), round(6 * unit))
        rooms = (Box(x + pad, button.y, key_w, button.h), Box(x + 2 * pad + key_w, button.y, label_w, button.h))
        canvas.text(key, rooms[0], em * CAP_SHARE, backing=PANEL)
        canvas.text(label, rooms[1], em * CAP_SHARE, ink=SOFT, backing=PANEL, is_bold=False)
        places.append((button, hint.action))
        x = button.right + gap
    return places


def _hint_em(keys: list[str], labels: list[str], box: Box, unit: float) -> int:
    """The em at which all buttons stand side by side: each is as wide as its own words."""
    gap, pad = round(6 * unit), round(8 * unit)
    em = max(SMALLEST_EM, min(round(HINT_CAP * unit / CAP_SHARE), int((box.h - round(4 * unit)) / PITCH)))
    taken = gap + len(keys) * (gap + 3 * pad)
    while em > SMALLEST_EM:
        words_w = sum(width_px(k, em, True) + width_px(t, em, False) for k, t in zip(keys, labels, strict=True))
        if words_w + taken <= box.w:
            break
        em -= 1
    return em
