"""What is read on a mat or a treadmill is 16 arc minutes high at 2.5 m, on a small screen and a large one."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import pytest

from formcheck.core.coach.snapshot import Snapshot
from formcheck.core.feedback.phrases import common_cues
from formcheck.core.rules.events import CueKind
from formcheck.screen import CameraState, Canvas, Caption, Look, Painter, ViewModel
from formcheck.screen.layout import arrange
from formcheck.screen.notices import draw_caption
from formcheck.screen.palette import STRONG_CONTRAST, contrast
from formcheck.screen.words import SAFETY_NOTE, Words
from formcheck.session.registry import load_exercises
from formcheck.session.texts import languages, translator
from tests.screen.samples import (
    CLINIC_LINE,
    HOLDING,
    NIGHT_VIEW,
    RUNNING,
    SIZES,
    WORKING,
    kiosk_pages,
    pages,
    view,
    work_views,
)

AWAY_MM = 2500.0
LEAST_ARC_MIN = 16.0
"""ISO 9241-303: the least height of a capital; 20 to 22 are comfortable."""
SHORT_WORDS, LEAST_AT_REST = 8, 14.0
"""A sentence of more words is given at rest, and spoken too."""
EXERCISES = load_exercises().exercises.values()
FORM_CUES = sorted({fault.cue for exercise in EXERCISES for fault in exercise.all_faults})
CAPTIONS = sorted({text for name, text in common_cues().items() if name.split(".")[0] not in ("page", "tally")})
SEATED = [exercise.seated for exercise in EXERCISES]


def arc_minutes(cap_px: float, size: tuple[int, int], diagonal_inch: float) -> float:
    """How high letters look that fill the screen's own pixels, at 2.5 m."""
    mm_per_px = diagonal_inch * 25.4 / math.hypot(*size)
    return 60 * math.degrees(math.atan(cap_px * mm_per_px / AWAY_MM))


def cap_of(shown: ViewModel, text: str, size: tuple[int, int], look: Look) -> float:
    labels = Painter().paint(shown, size, look=look).labels
    return min(label.cap_px for label in labels if label.text == text)


SCREENS = [(24.0, Look()), (24.0, Look(is_large=True)), (13.3, Look(is_large=True))]
"""Diagonal in inches, and the letters: on a small screen the large ones are asked for."""


@pytest.mark.parametrize(("inch", "look"), SCREENS)
@pytest.mark.parametrize("size", SIZES)
def test_every_cue_can_be_read(size: tuple[int, int], inch: float, look: Look) -> None:
    canvas, layout = Canvas(size), arrange(size, look.is_large)
    for text in (*FORM_CUES, *CAPTIONS, *SEATED):
        draw_caption(canvas, layout, Caption(text, "form"), Words())
        least = LEAST_ARC_MIN if len(text.split()) <= SHORT_WORDS else LEAST_AT_REST
        assert arc_minutes(canvas.labels[-1].cap_px, size, inch) >= least, text


NUMBERS = [
    (view(WORKING), "3"),
    (view(HOLDING), "3"),
    (view(Snapshot(stage="countdown", countdown_s=9.6)), "10"),
    (view(RUNNING), "158"),
    (view(RUNNING), "9.8"),
    (view(replace(WORKING, stage="done")), "Set complete"),
    (view(replace(WORKING, stage="paused", pause_reason="held")), "Paused"),
    (view(camera=CameraState("lost", "Trying again.")), "Camera lost"),
]


@pytest.mark.parametrize(("inch", "look"), [(24.0, Look()), (13.3, Look()), (13.3, Look(is_large=True))])
@pytest.mark.parametrize("size", SIZES)
def test_counts_seconds_and_what_stops_the_set_can_be_read(size: tuple[int, int], inch: float, look: Look) -> None:
    found = {text: arc_minutes(cap_of(shown, text, size, look), size, inch) for shown, text in NUMBERS}
    numbers = {text: minutes for text, minutes in found.items() if text.replace(".", "").isdecimal()}
    assert min(numbers.values()) >= LEAST_ARC_MIN, numbers
    if inch > 20 or look.is_large:
        assert min(found.values()) >= LEAST_ARC_MIN, found


@pytest.mark.parametrize("size", SIZES)
def test_with_large_letters_and_high_contrast_nothing_is_cut(size: tuple[int, int]) -> None:
    look, painter = Look(is_large=True, is_contrast=True), Painter()
    for name, shown in {**work_views(), **pages()}.items():
        canvas = painter.paint(shown, size, look=look)
        for label in canvas.labels:
            assert label.room.contains(label.box), (name, label)
            assert contrast(label.ink, label.backing) >= STRONG_CONTRAST, (name, label)


def test_what_is_said_is_shown_on_a_page_that_does_not_say_it() -> None:
    said = Look(said="This takes about 10 minutes.")
    painter = Painter()
    for name, shown in pages().items():
        labels = [label.text for label in painter.paint(shown, (800, 600), look=said).labels]
        assert any(said.said in text for text in labels), name
    asked = Look(said="How is your pain now?")
    labels = [label.text for label in painter.paint(pages()["pain"], (800, 600), look=asked).labels]
    assert labels.count(asked.said) == 1


@pytest.mark.parametrize("kind", ["count", "form"])
def test_a_tick_lights_the_edge_of_the_screen(kind: CueKind) -> None:
    shown = view(caption=Caption("3", kind))
    dark, lit = (Painter().paint(shown, (800, 600), look=Look(is_lit=is_lit)).pixels for is_lit in (False, True))
    assert lit[300, :3].min() == 255 > dark[300, :3].max()


WALL_INCH, LEAST_ON_THE_WALL = 32.0, 12.0
"""A kiosk's screen, and the least height of letters on it for somebody who stands 2.5 m away and takes the time."""
AT_ARMS_LENGTH = ("staff", "kiosk-help", "pin", "pin-unset", "number")
"""Pages that are read by whoever stands at the keys."""
BESIDE = (CLINIC_LINE, SAFETY_NOTE)
"""What nobody needs to read for an answer."""


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
@pytest.mark.parametrize("name", [name for name in kiosk_pages() if name not in AT_ARMS_LENGTH])
def test_a_kiosk_can_be_read_from_where_people_stand(size: tuple[int, int], name: str, language: str) -> None:
    translate = translator(language)
    beside = [translate(text) for text in BESIDE]
    for label in Painter(translate).paint(kiosk_pages()[name], size).labels:
        if label.text not in beside:
            assert arc_minutes(label.cap_px, size, WALL_INCH) >= LEAST_ON_THE_WALL, label


@pytest.mark.parametrize("look", [Look(), Look(is_large=True), Look(is_contrast=True)])
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("size", [*SIZES, (800, 480)])
def test_a_kiosks_pages_fit_in_every_language(size: tuple[int, int], language: str, look: Look) -> None:
    painter = Painter(translator(language))
    for name, shown in kiosk_pages().items():
        canvas = painter.paint(shown, size, look=look)
        for label in canvas.labels:
            assert canvas.box.contains(label.box), (name, label)
            assert label.room.contains(label.box), (name, label)
        for one, other in combinations(canvas.labels, 2):
            assert not one.box.overlaps(other.box), (name, one, other)


@pytest.mark.parametrize("size", SIZES)
def test_at_night_the_page_is_dark_on_purpose_and_fits(size: tuple[int, int]) -> None:
    canvas = Painter().paint(NIGHT_VIEW, size)
    assert canvas.labels
    for label in canvas.labels:
        assert label.room.contains(label.box), label
        assert 1.2 <= contrast(label.ink, label.backing) < 4.5, label  # to be found by who comes near, not to light up
    assert canvas.pixels.mean() < 20


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_what_is_said_covers_nothing_that_can_be_touched(size: tuple[int, int], is_large: bool) -> None:
    said = Look(is_large=is_large, said="This takes about 10 minutes.")
    painter = Painter()
    for name, shown in pages().items():
        canvas = painter.paint(shown, size, look=said)
        (caption,) = [label for label in canvas.labels if label.text == said.said]
        assert caption.room.contains(caption.box), name
        for box, _ in painter.targets:
            assert box == canvas.box or not box.overlaps(caption.room), (name, box, caption)
