"""The menu: programs and exercises as cards."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from formcheck.app import words
from formcheck.app.pages.page import StillPage
from formcheck.core.rules.exercise import Exercise
from formcheck.core.text import phrase
from formcheck.screen import Action, Card, Choose, Intent, MenuView, menu_hints
from formcheck.session.program import Program, dose_in_words, load_program, program_names
from formcheck.session.registry import Registry
from formcheck.system.errors import SettingsError

PROGRAM = "program:"
"""Names of the programs' cards begin so."""
PROGRAM_FIGURE = (
    ((0.20, 0.22), (0.25, 0.30), (0.34, 0.10)),
    ((0.44, 0.20), (0.82, 0.20)),
    ((0.20, 0.52), (0.25, 0.60), (0.34, 0.40)),
    ((0.44, 0.50), (0.82, 0.50)),
    ((0.20, 0.82), (0.25, 0.90), (0.34, 0.70)),
    ((0.44, 0.80), (0.82, 0.80)),
)
"""The drawing of a program: a list."""


class MenuPage(StillPage):
    """Left as `chosen`, `safety`, `progress`, `remember`, `language`, `camera` or `quit`."""

    def __init__(
        self, cards: tuple[Card, ...], notice: str, is_remembering: bool, sleep: Callable[[float], None]
    ) -> None:
        outcomes = {
            Action.BACK: "quit", Action.SAFETY: "safety", Action.PROGRESS: "progress", Action.REMEMBER: "remember",
            Action.LANGUAGE: "language", Action.CAMERA: "camera",
        }  # fmt: skip
        super().__init__(MenuView(cards, notice, menu_hints(is_remembering)), outcomes, sleep)
        self.idle_s = None
        self.chosen = ""

    def handle(self, intent: Intent, now: float) -> None:
        """Choose a card, or leave."""
        if isinstance(intent, Choose):
            self.chosen, self.outcome = intent.name, "chosen"
        else:
            super().handle(intent, now)


def menu_cards(registry: Registry, today: datetime) -> tuple[Card, ...]:
    """The programs that ship, as far as their exercises are installed, and all exercises."""
    programs = []
    for name in program_names():
        with suppress(SettingsError):
            programs.append(program_card(name, load_program(name, registry, today)))
    return (*programs, *(card_of(e) for e in registry.exercises.values()))


def program_card(name: str, program: Program) -> Card:
    """A program's card in the menu."""
    line = phrase("A whole session, hands free: {extent}.", extent=words.extent(program))
    return Card(PROGRAM + name, program.title, line, phrase("about {n} min", n=program.minutes), figure=PROGRAM_FIGURE)


def card_of(exercise: Exercise) -> Card:
    """An exercise's card in the menu."""
    film = exercise.film() if exercise.demonstration or not exercise.figure else None
    figure = exercise.figure if film is None else ()
    return Card(exercise.name, exercise.title, exercise.line, dose_in_words(exercise), film, figure)
