"""Where nothing moves nothing is drawn; where something does, everything is: through the real window program."""

from __future__ import annotations

from itertools import pairwise

import pygame
import pytest

from formcheck.screen import MenuView, MessageView, ReportView, SafetyView, ScaleView, ViewModel
from formcheck.session.program import load_program
from formcheck.session.registry import load_exercises
from tests import replay
from tests.app.people import Person, day, press

MARK = (1, 2, 3)
"""A colour that no page has: where it stands, nothing was drawn since."""


class Painter:
    """Paints over the whole window as soon as something was drawn on it, and counts how often that was by page.

    Args:
        person: sits in front of it.
    """

    def __init__(self, person):
        self.turns, self.drawn = {}, {}
        self._person = person

    def __call__(self, now_s, view):
        surface, kind = pygame.display.get_surface(), type(view)
        self.turns[kind] = self.turns.get(kind, 0) + 1
        if surface.get_at((240, 135))[:3] != MARK:
            self.drawn[kind] = self.drawn.get(kind, 0) + 1
            surface.fill(MARK)
        self._person(now_s, view)


def test_a_menu_that_nobody_touches_is_drawn_once():
    painter = Painter(lambda now_s, _: press(pygame.K_ESCAPE) if now_s > 20 else None)
    replay.run(None, day()[:30], on_view=painter)
    assert painter.turns[MenuView] > 500
    assert painter.drawn == {MenuView: 1}


@pytest.fixture(scope="module")
def whole_day(tmp_path_factory):
    path = tmp_path_factory.mktemp("idle") / "day.toml"
    path.write_text('title = "Short day"\n[[exercise]]\nname = "glute-bridge"\nreps = 2\nhold_s = 5\nrest_s = 12\n')
    painter = Painter(Person(None, 4))
    ran = replay.run(load_program(str(path), load_exercises(), replay.BEGAN), day(), on_view=painter, drawn=1)
    return ran, painter


def test_pages_of_a_session_are_drawn_as_often_as_they_change(whole_day):
    _, painter = whole_day
    assert painter.drawn[SafetyView] == 1
    assert painter.drawn[ReportView] <= 3, "once, and when something else is said"
    assert painter.turns[ReportView] > 50
    asked_s = 30 + 8 + 3  # nobody answers the first two, the last after three seconds
    assert asked_s <= painter.drawn[ScaleView] <= asked_s + 12, "once a second, and when something is said"
    assert painter.turns[ScaleView] > 10 * asked_s
    assert painter.drawn.get(MessageView, 1) == 1


def test_each_picture_of_a_set_is_drawn(whole_day):
    ran, painter = whole_day
    taken = [view.image for _, view in ran.log.shown if isinstance(view, ViewModel) and view.image is not None]
    pictures = 1 + sum(a is not b for a, b in pairwise(taken))
    assert pictures > 100
    assert painter.drawn[ViewModel] >= pictures
