"""Write the moving pictures of the handbook's exercise pages: `make docs`. Needs no display, camera or tracker.

For each exercise the right movement, and for each fault that a picture can show, right beside wrong. What
is there already and drawn from the same declaration is left alone: all of them take a minute.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from formcheck.core.rules.demonstration import Film
from formcheck.core.rules.exercise import Exercise
from formcheck.screen import figure
from formcheck.screen.film_file import write_film
from formcheck.session.registry import load_exercises

HERE = Path(__file__).parent
ALONE, BESIDE = (480, 300), (320, 200)
"""Size of each figure, pixels: the right movement, and one of a pair."""


def films_of(exercise: Exercise) -> dict[str, Sequence[Film]]:
    """The films of an exercise's page, by the name of their file."""
    right = exercise.film()
    pairs = {f"{exercise.name}-{fault}": exercise.pair(fault) for fault in exercise.shown.faults}
    return {exercise.name: (right,), **pairs}


def write_films(folder: Path, names: list[str]) -> None:
    """Write the films of some exercises into a folder."""
    folder.mkdir(exist_ok=True)
    drawing = Path(figure.__file__).read_text(encoding="utf-8")
    for exercise in (load_exercises().get(name) for name in names):
        stamp = folder / f"{exercise.name}.stamp"
        now = hashlib.sha256(f"{exercise.shown}{drawing}{ALONE}{BESIDE}".encode()).hexdigest()
        if stamp.exists() and stamp.read_text(encoding="utf-8") == now:
            continue
        for name, films in films_of(exercise).items():
            write_film(folder / f"{name}.webp", films, BESIDE if len(films) > 1 else ALONE)
        stamp.write_text(now, encoding="utf-8")
        sys.stdout.write(f"{folder / exercise.name}*.webp\n")


if __name__ == "__main__":
    write_films(HERE / "exercises", sys.argv[1:] or list(load_exercises().exercises))
