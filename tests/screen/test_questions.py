"""The pages that ask: what happens by itself is said in words, and nothing on a page contradicts another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.screen import ChoiceView, Number, Option, Painter, View
from formcheck.screen.palette import WHITE
from tests.screen.samples import CONFIRM, HURT, PAIN, SIZES, WHY


def shown(view: View, size: tuple[int, int] = (1280, 720)) -> list[str]:
    return [label.text for label in Painter().paint(view, size).labels]


@pytest.mark.parametrize("size", SIZES)
def test_the_scale_has_eleven_numbers_and_words_at_its_ends(size: tuple[int, int]) -> None:
    written = shown(PAIN, size)
    assert [text for text in written if text.isdigit()] == [str(n) for n in range(11)]
    assert {"How is your pain now?", "0 = No pain", "10 = Worst pain"} <= set(written)


def test_the_marked_number_is_framed_and_enter_says_that_it_takes_it() -> None:
    painter = Painter()
    canvas = painter.paint(replace(PAIN, chosen=7), (1280, 720))
    framed = [
        what.value
        for box, what in painter.targets
        if isinstance(what, Number) and (canvas.view(box)[2, box.w // 2] == WHITE[::-1]).all()
    ]
    assert framed == [7]
    assert {"Enter", "Take 7"} <= {label.text for label in canvas.labels}
    assert {"Enter", "Skip"} <= set(shown(PAIN))


@pytest.mark.parametrize(
    ("view", "text"),
    [
        (PAIN, "Goes on by itself in 20 s."),
        (replace(PAIN, chosen=7, auto_text="Takes 7 by itself in {n} s."), "Takes 7 by itself in 20 s."),
        (HURT, "Ends the session by itself in 20 s."),
        (CONFIRM, "Goes on by itself in 12 s."),
        (WHY, "You need not say. Goes on by itself in 29 s."),
        (replace(WHY, skips_in_s=-0.2), "You need not say. Goes on by itself in 0 s."),
    ],
)
def test_what_happens_by_itself_is_said(view: View, text: str) -> None:
    assert text in shown(view)


def test_nothing_happens_by_itself_without_a_time() -> None:
    assert not any("itself" in text for text in shown(replace(HURT, skips_in_s=None)))


def test_after_it_hurts_no_key_promises_to_skip() -> None:
    written = shown(HURT)
    assert {"Enter", "Esc", "End the session", "and rest"} <= set(written)
    assert written.count("End") == 2, "both keys end it"
    assert not any("Skip" in text or "Goes on" in text for text in written)


def test_the_keys_of_a_confirmation_say_what_they_do() -> None:
    assert {"End the session?", "what was done is kept"} <= set(shown(CONFIRM))
    assert shown(CONFIRM)[-4:] == ["Enter", "End it", "Esc", "Go on"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_up_to_five_answers_have_room(size: tuple[int, int], count: int) -> None:
    options = tuple(Option(f"o{n}", "Something else entirely", "and a line about what follows") for n in range(count))
    canvas = Painter().paint(ChoiceView("Why do you stop?", options), size)
    for label in canvas.labels:
        assert label.room.contains(label.box), label
        assert label.cap_px >= 0.0098 * min(size), label


def test_the_number_marked_is_told_by_more_than_its_colour() -> None:
    plain, marked = (Painter().paint(replace(PAIN, chosen=n), (1280, 720)).pixels.max(axis=2) for n in (None, 7))
    assert np.count_nonzero(np.abs(plain.astype(int) - marked) > 100) > 1000, "the frame shows in shades of grey"
