"""A program: which exercises, how much of each, in which order. Written in TOML, checked before anything starts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from formcheck.core.body.pose import Side
from formcheck.core.feedback.fading import Spoken
from formcheck.core.rules.exercise import Exercise
from formcheck.session.registry import Registry
from formcheck.session.settings import check_overrides
from formcheck.session.texts import languages
from formcheck.system.assets import asset
from formcheck.system.errors import SettingsError

HOLD_SETTING = "hold_min_s"
"""The setting of an exercise below which a hold is too short."""
HOLD_SHARE = 0.9
"""Share of the hold that a person must keep who was asked for all of it: counting aloud is no clock [P]."""
REP_S = 5.0
"""Seconds of a repetition beside its hold, for the announced total: two slow ways and a breath [P]."""
GET_READY_S = 15.0
"""Seconds to lie or kneel down before a set, for the announced total [P]."""

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
    hold_s: float
    """0 where nothing is held."""
    rest_s: float
    """Rest after it; 0 after the last one of the program."""
    overrides: dict[str, float]

    @property
    def length_s(self) -> float:
        """About how long it takes without its rest, seconds."""
        return GET_READY_S + self.reps * (REP_S + self.hold_s)


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


def program_names() -> tuple[str, ...]:
    """Names of the programs that ship with FormCheck."""
    return tuple(sorted(path.stem for path in asset("programs").glob("*.toml")))


def load_program(name: str, registry: Registry) -> Program:
    """A program that ships with FormCheck, by name, or the user's own, by path.

    Raises:
        SettingsError: there is none, or something in it makes no sense; the text names the line.
    """
    path = asset("programs", f"{name}.toml") if name in program_names() else Path(name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(program_names())
        raise SettingsError(f"There is no program {name!r}. Use {known}, or the path of a TOML file.") from error
    try:
        file = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from error
    except ValidationError as error:
        raise SettingsError(_first_problem(path, text, error)) from error
    if file.language not in languages():
        where = f"{path}, line {_line(text, ('language',))}"
        raise SettingsError(f"{where}: there are no texts in {file.language!r}. Use {', '.join(languages())}.")
    sets = [planned for index, item in enumerate(file.exercise) for planned in _plan(path, text, index, item, registry)]
    sets[-1] = _without_rest(sets[-1])
    return Program(file.title, file.language, tuple(sets), file.cues)


def _without_rest(planned: PlannedSet) -> PlannedSet:
    return PlannedSet(**{**planned.__dict__, "rest_s": 0.0})


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
                hold_s=item.hold_s or exercise.dose.hold_s,
                rest_s=item.rest_s,
                overrides=overrides,
            )


def _hold(path: Path, text: str, index: int, item: Item, exercise: Exercise) -> dict[str, float]:
    """What the asked hold means for the exercise's own setting."""
    if item.hold_s is None:
        return {}
    where = f"{path}, line {_line(text, ('exercise', index, 'hold_s'))}"
    if HOLD_SETTING not in {s.name for s in exercise.settings}:
        raise SettingsError(f"{where}: {exercise.name} is not held. Leave hold_s out.")
    hold = {HOLD_SETTING: round(item.hold_s * HOLD_SHARE, 2)}
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
    more = len(error.errors()) - 1
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
