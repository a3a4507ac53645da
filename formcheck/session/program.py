"""A program: which exercises, how much of each, in which order. Written in TOML, checked before anything starts."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from formcheck.core.body.pose import Side
from formcheck.core.feedback.fading import Spoken
from formcheck.core.rules.exercise import HOLD, Exercise
from formcheck.session.registry import Registry
from formcheck.session.settings import check_overrides
from formcheck.session.texts import languages
from formcheck.session.toml import read_toml
from formcheck.system.assets import asset
from formcheck.system.errors import SettingsError

REP_S = 5.0
"""Seconds from the beginning of a repetition to that of the next, less its hold: the median of 54 of rendered and 30 of
real people is 4.5 to 5 (dead bugs 4.3-5.7, bird dogs 3.1-4.5, bridges 1.9-5.1)."""
GET_READY_S = 15.0
"""Seconds to lie or kneel down before a set, and to hold the start position, for the announced total [P]."""
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = get_args(Day)
"""Days of the week, Monday first."""

SIDES: dict[str, tuple[Side | None, ...]] = {
    "free": (None,),
    "left-first": ("left", "right"),
    "right-first": ("right", "left"),
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(_Strict):
    """One exercise of a program, with its dose."""

    name: str
    sets: int | None = Field(None, ge=1, le=20)
    """Sets; the exercise's own dose when not given. With an order of sides, each side gets so many."""
    reps: int | None = Field(None, ge=1, le=200)
    hold_s: float | None = Field(None, ge=0.5, le=180)
    """Seconds to hold, for exercises that are held."""
    rest_s: float = Field(20.0, ge=0, le=900)
    """Rest after each set."""
    sides: Literal["free", "left-first", "right-first"] = "free"
    """Whether the person changes sides as they like within a set, or each side gets its own sets."""
    days: tuple[Day, ...] = DAYS
    """Days of the week on which it is done; every day when not given."""
    settings: dict[str, float] = {}
    """Thresholds that differ for this patient; see: formcheck exercises NAME."""


class _File(_Strict):
    title: str = Field(min_length=1, max_length=60)
    language: str = "en"
    cues: Spoken = "all"
    """How many of the form cues are spoken: all, two of three, or none but the summary at the end."""
    exercise: tuple[Item, ...] = Field(min_length=1, max_length=40)


@dataclass(frozen=True)
class PlannedSet:
    """One set of a program, ready to run."""

    exercise: Exercise
    number: int
    """Of this exercise, from 1."""
    count: int
    """Sets of this exercise."""
    side: Side | None
    reps: int
    is_per_side: bool
    """Whether both sides are done in this set, each of them so often."""
    hold_s: float
    """0 where nothing is held."""
    rest_s: float
    """Rest after it; 0 after the last one of the program."""
    overrides: dict[str, float]

    @property
    def total_reps(self) -> int:
        """Repetitions of the set, of both sides where both are done."""
        return self.reps * (2 if self.is_per_side else 1)

    @property
    def length_s(self) -> float:
        """About how long it takes without its rest, seconds."""
        return GET_READY_S + self.total_reps * (REP_S + self.hold_s)

    @property
    def in_words(self) -> str:
        """The dose in a few words, e.g. "10 times, hold 5 s, left side"."""
        parts = [] if self.exercise.bout is not None else [times_in_words(self.reps, self.is_per_side)]
        parts += [f"hold {self.hold_s:g} s"] if self.hold_s else []
        return ", ".join([*parts, f"{self.side} side"] if self.side else parts)

    @property
    def content(self) -> dict[str, object]:
        """What is asked for, as plain values."""
        return {
            "exercise": self.exercise.name, "number": self.number, "side": self.side, "reps": self.reps,
            "is_per_side": self.is_per_side, "hold_s": self.hold_s, "rest_s": self.rest_s, "settings": self.overrides,
        }  # fmt: skip


@dataclass(frozen=True)
class Program:
    """A checked program."""

    title: str
    language: str
    sets: tuple[PlannedSet, ...]
    cues: Spoken = "all"

    @property
    def length_s(self) -> float:
        """About how long it takes, rests included, seconds."""
        return sum(s.length_s + s.rest_s for s in self.sets)

    @property
    def minutes(self) -> int:
        """The same in whole minutes: the one number that menu, page and voice tell."""
        return math.ceil(self.length_s / 60)

    @property
    def hash(self) -> str:
        """SHA-256 of what is asked for; the title is not in it, since it may hold a name."""
        text = json.dumps([planned.content for planned in self.sets], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def times_in_words(reps: int, is_per_side: bool) -> str:
    """How often, e.g. "10 times" or "8 times a side"."""
    text = "once" if reps == 1 else f"{reps} times"
    return f"{text} a side" if is_per_side else text


def dose_in_words(exercise: Exercise) -> str:
    """An exercise's own dose in a few words, e.g. "3 × 8 a side, hold 2 s"."""
    dose, hold_s = exercise.dose, exercise.hold_s()
    if exercise.bout is not None:
        return exercise.bout.dose
    side = " a side" if dose.per_side else ""
    text = f"{dose.sets} × {dose.reps}{side}" if dose.sets > 1 else times_in_words(dose.reps, dose.per_side)
    return f"{text}, hold {hold_s:g} s" if hold_s else text


def program_names() -> tuple[str, ...]:
    """Names of the programs that ship with FormCheck."""
    return tuple(sorted(path.stem for path in asset("programs").glob("*.toml")))


def load_program(name: str, registry: Registry, now: datetime | None = None) -> Program:
    """A program that ships with FormCheck, by name, or the user's own, by path.

    Args:
        name: of the program, or its path.
        registry: the exercises that are installed.
        now: local date; only what is for its day of the week is planned. None = all of it.

    Raises:
        SettingsError: there is none, or something in it makes no sense; the text names the line.
    """
    path = asset("programs", f"{name}.toml") if name in program_names() else Path(name)
    known = ", ".join(program_names())
    data, text = read_toml(path, f"There is no program {name!r}. Use {known}, or the path of a TOML file.")
    try:
        file = _File.model_validate(data)
    except ValidationError as error:
        raise SettingsError(_first_problem(path, text, error)) from error
    if file.language not in languages():
        where = f"{path}, line {_line(text, ('language',))}"
        raise SettingsError(f"{where}: there are no texts in {file.language!r}. Use {', '.join(languages())}.")
    planned = [(item, list(_plan(path, text, i, item, registry))) for i, item in enumerate(file.exercise)]
    day = DAYS[now.weekday()] if now is not None else None
    sets = [each for item, of_item in planned for each in of_item if day is None or day in item.days]
    if not sets:
        raise SettingsError(f"{path}: nothing is planned for today ({day}). Add the day to an exercise's days.")
    sets[-1] = replace(sets[-1], rest_s=0.0)
    return Program(file.title, file.language, tuple(sets), file.cues)


def _plan(path: Path, text: str, index: int, item: Item, registry: Registry) -> Iterator[PlannedSet]:
    """The sets of one exercise."""
    where = f"{path}, line {_line(text, ('exercise', index, 'name'))}"
    exercise = registry.exercises.get(item.name)
    if exercise is None:
        reason = registry.broken.get(item.name)
        known = f"it can't be loaded: {reason}" if reason else f"known: {', '.join(registry.exercises)}"
        raise SettingsError(f"{where}: there is no exercise {item.name!r}; {known}.")
    for key, value in item.settings.items():
        at_key = f"{path}, line {_line(text, ('exercise', index, 'settings', key))}"
        check_overrides(exercise, {key: value}, where=at_key)
    overrides = {**_hold(path, text, index, item, exercise), **item.settings}
    order = SIDES[item.sides]
    if order != (None,) and exercise.sides == (None,):
        at_sides = f"{path}, line {_line(text, ('exercise', index, 'sides'))}"
        raise SettingsError(f"{at_sides}: {item.name} has no sides. Leave the line out.")
    count = item.sets or exercise.dose.sets
    for number in range(1, count + 1):
        for side in order:
            yield PlannedSet(
                exercise=exercise,
                number=number,
                count=count,
                side=side,
                reps=item.reps or exercise.dose.reps,
                is_per_side=side is None and exercise.dose.per_side,
                hold_s=overrides.get(HOLD, exercise.hold_s()),
                rest_s=item.rest_s,
                overrides=overrides,
            )


def _hold(path: Path, text: str, index: int, item: Item, exercise: Exercise) -> dict[str, float]:
    """What the asked hold means for the exercise's own setting."""
    if item.hold_s is None:
        return {}
    where = f"{path}, line {_line(text, ('exercise', index, 'hold_s'))}"
    if HOLD not in {s.name for s in exercise.settings}:
        raise SettingsError(f"{where}: {exercise.name} is not held. Leave hold_s out.")
    hold = {HOLD: item.hold_s}
    check_overrides(exercise, dict(hold), where=where)
    return hold


def _first_problem(path: Path, text: str, error: ValidationError) -> str:
    """The first thing that is wrong, in one sentence with its line."""
    first = error.errors()[0]
    loc = tuple(first["loc"])
    name = loc[-1] if loc else "the file"
    said = {
        "missing": f"{name} is missing",
        "extra_forbidden": f"{name!r} is not known here; known: {', '.join(_known(loc))}",
    }
    message = said.get(first["type"]) or f"{name} = {first['input']!r} makes no sense: {first['msg']}"
    more = len({problem["loc"] for problem in error.errors()}) - 1
    return f"{path}, line {_line(text, loc)}: {message}." + (f" {more} more after it." if more else "")


def _known(loc: tuple[int | str, ...]) -> list[str]:
    return sorted((Item if loc[0] == "exercise" else _File).model_fields)


def _line(text: str, loc: tuple[int | str, ...]) -> int:
    """Line of a key, from 1; of its table where the key is not written, 1 when neither is.

    Args:
        text: the file.
        loc: the key's path, such as `("exercise", 2, "reps")`: `exercise` is an array of tables.
    """
    lines = text.splitlines()
    start, end = 0, len(lines)
    if len(loc) > 1 and isinstance(loc[1], int):
        headers = [i for i, line in enumerate(lines) if re.match(r"\s*\[\[\s*exercise\s*\]\]", line)]
        if loc[1] < len(headers):
            start = headers[loc[1]]
            end = headers[loc[1] + 1] if loc[1] + 1 < len(headers) else end
    for key in reversed([str(part) for part in loc if isinstance(part, str)]):
        pattern = rf"\s*(\[.*)?\b{re.escape(key)}\b[\"']?\s*[=\]]"
        for number in range(start, end):
            if re.match(pattern, lines[number]):
                return number + 1
    return start + 1
