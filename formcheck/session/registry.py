"""Finds the exercises that are installed, ours and others', through the entry-point group `formcheck.exercises`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from formcheck.core.rules.exercise import Exercise
from formcheck.system.errors import UnknownExerciseError

GROUP = "formcheck.exercises"


@dataclass(frozen=True)
class Registry:
    """What was found."""

    exercises: dict[str, Exercise]
    """By name, in alphabetical order."""
    broken: dict[str, str]
    """Name and reason of those that could not be loaded; they are reported and skipped."""

    def get(self, name: str) -> Exercise:
        """The exercise of that name.

        Raises:
            UnknownExerciseError: there is none; the text lists those there are.
        """
        if name in self.exercises:
            return self.exercises[name]
        if name in self.broken:
            raise UnknownExerciseError(f"The exercise {name!r} can't be loaded: {self.broken[name]}")
        raise UnknownExerciseError(f"There is no exercise {name!r}. Known: {', '.join(self.exercises)}.")


def load(points: list[EntryPoint]) -> Registry:
    """Load the given entry points; one that fails is reported, not raised."""
    exercises, broken = {}, {}
    for point in sorted(points, key=lambda p: p.name):
        try:
            exercise = point.load()
        except Exception as error:  # noqa: BLE001 - a stranger's package may fail in any way; it must not stop a session
            broken[point.name] = f"{type(error).__name__}: {error}"
            continue
        if isinstance(exercise, Exercise) and exercise.name == point.name:
            exercises[point.name] = exercise
        else:
            broken[point.name] = "it is not an Exercise of that name"
    return Registry(exercises, broken)


@cache
def load_exercises() -> Registry:
    """All installed exercises; looked up once."""
    return load(list(entry_points(group=GROUP)))
