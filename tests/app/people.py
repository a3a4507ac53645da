"""People who sit in front of the window in tests: they read pages, answer questions and press keys."""

from __future__ import annotations

import pygame

from formcheck.screen import ChoiceView, ConfirmView, ReportView, SafetyView, ScaleView, SummaryView, ViewModel
from tests import replay

THINK_S = 3.0
"""Seconds for which they look at a page before they answer."""


def press(key: int, typed: str = "") -> None:
    """A key press, as the keyboard sends it."""
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=typed, scancode=0, mod=0))


def press_digit(number: int) -> None:
    """A number from 0 to 9 on the keyboard."""
    press(getattr(pygame, f"K_{number}"), str(number))


class Person:
    """Confirms the safety page, answers each question in turn, reads the last page and closes it.

    Answers: a number marks it on the scale and takes it (or chooses that option); None does nothing at all.
    """

    def __init__(self, *answers: int | None, keys: dict[float, int] | None = None, efforts: tuple[int, ...] = ()):
        self._answers = list(answers)
        self._efforts = list(efforts)
        self._keys = dict(keys or {})
        self._page: tuple[str, float] = ("", 0.0)
        self._is_done = False

    def __call__(self, now_s, view):
        self._press_keys(now_s, view)
        name = type(view).__name__ + str(getattr(view, "question", ""))
        if name != self._page[0]:
            self._page, self._is_done = (name, now_s), False
        if self._is_done or now_s - self._page[1] < THINK_S:
            return
        if isinstance(view, (SafetyView, ReportView, SummaryView)):
            press(pygame.K_RETURN)
            self._is_done = True
        elif isinstance(view, (ScaleView, ChoiceView, ConfirmView)):
            self._answer(view)

    def _answer(self, view):
        is_effort = isinstance(view, ScaleView) and "hard" in view.question
        answers = self._efforts if is_effort else self._answers
        self._is_done = True
        if not answers:
            return
        answer = answers.pop(0)
        if answer is None:
            return
        press_digit(answer)
        if isinstance(view, ScaleView):
            press(pygame.K_RETURN)

    def _press_keys(self, now_s, view):
        if isinstance(view, ViewModel):
            for at_s in [at_s for at_s in self._keys if now_s >= at_s]:
                press(self._keys.pop(at_s))


def day():
    """Getting ready, two bridges, a rest, lying wrongly, two dead bugs."""
    fps = 10
    bridge, bug = (replay.recorded(name, fps) for name in ("glute-bridge", "dead-bug"))
    wrong = replay.recorded("setup/dead-bug.crop-feet")
    parts = [
        replay.still(bridge[0], 14, fps),
        bridge[: 19 * fps],
        replay.empty(16, bug[0][0], fps),
        wrong[:1] * (7 * fps),
        replay.still(bug[0], 5, fps),
        bug[: 16 * fps],
        replay.still(bug[0], 6, fps),
    ]
    return replay.joined(parts, fps)
