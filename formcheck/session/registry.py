"""Finds the exercises that are installed, ours and others', through the entry-point group `formcheck.exercises`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from formcheck.core.rules.exercise import Exercise
from formcheck.session.guard import Guard, NoExerciseError, check_exercise
from formcheck.system.errors import UnknownExerciseError

GROUP = "formcheck.exercises"
OURS = "formcheck"
"""Name of our own package: its exercises are tested here, all others are checked and guarded."""


@dataclass(frozen=True)
class Registry:
    """What was found."""

    exercises: dict[str, Exercise]
    """By name, in alphabetical order."""
    broken: dict[str, str]
    """Name and reason of those that could not be loaded; they are reported and skipped."""
    guards: Mapping[str, Guard] = field(default_factory=dict)
    """What stands between the product and the exercises of others, by name."""

    @property
    def failed_rules(self) -> dict[str, dict[str, str]]:
        """Rules of others' exercises that have failed so far: by exercise and rule, what they did."""
        return {name: dict(guard.failures) for name, guard in self.guards.items() if guard.failures}

    @property
    def failures(self) -> list[str]:
        """The same, one sentence an exercise."""
        told = {name: ", ".join(map(" ".join, rules.items())) for name, rules in self.failed_rules.items()}
        return [
            f"The exercise {name} has mistakes of its own: {what}. What depends on them was not judged."
            for name, what in told.items()
        ]

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
    """Load the given entry points; one that fails is reported. Of two of one name ours stays, or else the first."""
    exercises: dict[str, Exercise] = {}
    broken: dict[str, str] = {}
    guards: dict[str, Guard] = {}
    for point in sorted(points, key=lambda p: (p.name, _package(p) != OURS, _package(p))):
        if point.name in exercises:
            broken[f"{point.name} of {_package(point)}"] = (
                "there is another exercise of that name; this one is left out"
            )
            continue
        try:
            exercise = point.load()
            if not isinstance(exercise, Exercise) or exercise.name != point.name:
                raise NoExerciseError("it is not an Exercise of that name")
            if _package(point) != OURS:
                check_exercise(exercise)
                guards[point.name] = Guard()
                exercise = guards[point.name].wrap(exercise)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's package may fail in any way; it must not stop a session
            broken[point.name] = (
                str(error) if isinstance(error, NoExerciseError) else f"{type(error).__name__}: {error}"
            )
            continue
        exercises[point.name] = exercise
    return Registry(exercises, broken, guards)


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else ""


@cache
def load_exercises() -> Registry:
    """All installed exercises; looked up once."""
    return load(list(entry_points(group=GROUP)))
