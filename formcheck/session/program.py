"""A program: which exercises, how much of each, on which days. Written in TOML, checked before anything starts."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from formcheck.core.body.pose import Side
from formcheck.core.feedback.fading import Spoken
from formcheck.core.rules.exercise import HOLD, Exercise
from formcheck.core.rules.setting import Settings
from formcheck.core.text import COMMAS, counted, listed, marked, phrase
from formcheck.session.registry import Registry
from formcheck.session.settings import check_overrides
from formcheck.session.texts import languages
from formcheck.session.toml_file import TomlFile
from formcheck.system.assets import asset
from formcheck.system.errors import SettingsError

REP_S = 4.5
"""Seconds from one repetition to the next beside the hold that is asked for, for the announced length: 3.5 (bird dog)
to 5.7 (dead bug) in the clips that ship, 4.1-4.9 in the recorded streams, 4.2-6.9 in the laboratory's tilts and
stretches."""
BOUT_S = 30.0
"""Seconds of a movement that is not counted (a run), for the announced length: a short clip [S]."""
SET_S = 12.0
"""Seconds of a set beside its repetitions, for the announced length: two to see that the camera stands well, two in the
start pose, four on the page that says it is done, and a share of getting down."""

GENTLE_REST = 1.5
"""Rests of a gentle program, times those that it asks for [P]."""

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = get_args(Day)
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

ORDERS: dict[str, tuple[Side | None, ...]] = {
    "free": (None,),
    "left-first": ("left", "right"),
    "right-first": ("right", "left"),
}
"""The sets of each round, by `sides`."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Item(_Strict):
    """One exercise of a program, with its dose."""

    name: str
    days: list[Day] = Field(list(DAYS), min_length=1)
    """When it is done; every day when not given."""
    sets: int | None = Field(None, ge=1, le=20)
    """Sets; the exercise's own dose when not given. With an order of sides, each side gets so many."""
    reps: int | None = Field(None, ge=1, le=200)
    """Repetitions of a set; where the exercise's dose is per side, of each side."""
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
    language: str = ""
    """Of what is shown and said; as the person or the system says when not given."""
    cues: Spoken | None = None
    """How many of the form cues are spoken: all, two of three, or none but the summary at the end; by how often it was
    done when not given."""
    gentle: bool = False
    """Shorter ranges and longer rests; what an item sets by itself goes before it."""
    pace: bool | None = None
    """Whether ticks lead the pace; as the person likes when not given."""
    tone: bool = True
    """Whether a soft tone sounds in the good range of a hold."""
    exercise: list[Item] = Field(min_length=1, max_length=40)


@dataclass(frozen=True, slots=True)
class PlannedSet:
    """One set of a program, ready to run."""

    exercise: Exercise
    number: int
    """Of this exercise, from 1."""
    side: Side | None
    """The side that it is for; None = as the person likes."""
    reps: int
    """Repetitions; of each side where `is_per_side`."""
    rest_s: float
    """Rest after it; 0 after the last one of the day."""
    overrides: dict[str, float]
    is_gentle: bool = False
    """Whether the gentle settings are among them."""

    @property
    def is_per_side(self) -> bool:
        """Whether each side gets so many repetitions within this set."""
        return self.exercise.dose.per_side and self.side is None

    @property
    def total_reps(self) -> int:
        """Repetitions of all sides."""
        return self.reps * (2 if self.is_per_side else 1)

    @property
    def hold_s(self) -> float:
        """Seconds to hold; 0 where nothing is held."""
        return self.exercise.hold_s(Settings(self.exercise.all_settings, self.overrides))

    @property
    def length_s(self) -> float:
        """About how long it takes without its rest, seconds."""
        if self.exercise.bout is not None:
            return SET_S + self.reps * BOUT_S
        return SET_S + self.total_reps * (REP_S + self.hold_s)

    @property
    def in_words(self) -> str:
        """The dose in a few words, e.g. "8 a side, hold 2 s"; for one side "2 times, hold 20 s, left side"."""
        return _in_words(self.exercise, 1, self.reps, self.is_per_side, self.hold_s, self.side)


@dataclass(frozen=True, slots=True)
class Program:
    """A checked program, as it is on one day."""

    title: str
    """What the clinician wrote; it may hold a name, so no record keeps it."""
    language: str
    sets: tuple[PlannedSet, ...]
    cues: Spoken | None = None
    """How many of the form cues are spoken; None = fewer by and by."""
    hash: str = ""
    """SHA-256 of all its days: exercises, doses, sides, settings and rests, without title, language and cues."""
    pace: bool | None = None
    """Whether ticks lead the pace; None = as the person likes."""
    is_gentle: bool = False
    """Whether it is one of shorter ranges and longer rests."""
    week: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """By exercise: the days of the week on which it is planned, Monday = 0; without what may be done on any day."""
    tone: bool = True
    """Whether a soft tone sounds in the good range of a hold."""

    @property
    def length_s(self) -> float:
        """About how long it takes, rests included, seconds."""
        return sum(s.length_s + s.rest_s for s in self.sets)

    @property
    def minutes(self) -> int:
        """Its length in whole minutes: the one number that is shown and said."""
        return math.ceil(self.length_s / 60)


def program_names() -> tuple[str, ...]:
    """Names of the programs that ship with FormCheck."""
    return tuple(sorted(path.stem for path in asset("programs").glob("*.toml")))


def load_program(name: str, registry: Registry, today: date | None = None, *, is_gentle: bool = False) -> Program:
    """A program that ships with FormCheck, by name, or the user's own, by path.

    Args:
        name: a name of `program_names()` or the path of a TOML file.
        registry: the exercises that are installed.
        today: only what is for its day of the week is planned; None = all of it.
        is_gentle: whether it is to be gentle though its file does not say so.

    Raises:
        SettingsError: there is none, something in it makes no sense (the text names the line), or it has nothing for
            this day.
    """
    names = program_names()
    path = asset("programs", f"{name}.toml") if name in names else Path(name)
    if not path.is_file():
        raise SettingsError(f"There is no program {name!r}. Use {', '.join(names)}, or the path of a TOML file.")
    return program_in(TomlFile.read(path), registry, today, is_gentle=is_gentle)


def program_in(file: TomlFile, registry: Registry, today: date | None = None, *, is_gentle: bool = False) -> Program:
    """The program that a text holds: as `load_program`, for one that came in another way than by a name.

    Raises:
        SettingsError: something in it makes no sense, or it has nothing for this day.
    """
    content = file.check(_File)
    if content.language and content.language not in languages():
        known = ", ".join(languages())
        raise SettingsError(f"{file.at(('language',))}: there are no texts in {content.language!r}. Use {known}.")
    gentle = content.gentle or is_gentle
    plans = [(item, list(_plan(file, index, item, registry, gentle))) for index, item in enumerate(content.exercise)]
    sets = [p for item, of_item in plans for p in of_item if today is None or DAYS[today.weekday()] in item.days]
    if today is not None and not sets:
        day = DAY_NAMES[today.weekday()]
        raise SettingsError(f"{file.path} has no exercise for a {day}. Have a rest, or choose another program.")
    sets[-1] = replace(sets[-1], rest_s=0.0)
    return Program(
        content.title, content.language, tuple(sets), content.cues, _hash(plans), content.pace, gentle,
        _week(content.exercise), content.tone,
    )  # fmt: skip


def shipped_programs(registry: Registry) -> dict[str, Program]:
    """The programs that ship, with all their days, by their hash; without those whose exercises are not installed."""
    found = {}
    for name in program_names():
        for is_gentle in (False, True):
            with suppress(SettingsError):
                program = load_program(name, registry, is_gentle=is_gentle)
                found[program.hash] = program
    return found


def _week(items: list[Item]) -> dict[str, frozenset[int]]:
    names = dict.fromkeys(item.name for item in items)
    days = {name: frozenset(DAYS.index(day) for i in items if i.name == name for day in i.days) for name in names}
    return {name: planned for name, planned in days.items() if len(planned) < len(DAYS)}


SIDES: dict[Side, str] = marked({"left": "left side", "right": "right side"})


def dose_in_words(exercise: Exercise) -> str:
    """The dose that an exercise asks for, e.g. "3 × 10 a side, hold 2 s"."""
    dose = exercise.dose
    return _in_words(exercise, dose.sets, dose.reps, dose.per_side, exercise.hold_s(), None)


def _in_words(exercise: Exercise, sets: int, reps: int, is_per_side: bool, hold_s: float, side: Side | None) -> str:
    if exercise.bout is not None:
        return exercise.bout.dose
    much = f"{sets} × {reps}" if sets > 1 else f"{reps}"
    parts = [phrase("{n} a side", n=much) if is_per_side else much if sets > 1 else counted(reps, "once", "{n} times")]
    parts += [phrase("hold {s:g} s", s=hold_s)] if hold_s else []
    parts += [SIDES[side]] if side else []
    return listed(parts, COMMAS, COMMAS)


def _plan(file: TomlFile, index: int, item: Item, registry: Registry, is_gentle: bool) -> Iterator[PlannedSet]:
    """The sets of one exercise."""
    exercise = _exercise(file, index, item, registry)
    overrides = _overrides(file, index, item, exercise)
    rest_s = item.rest_s
    if is_gentle:
        gentle = {name: float(value) for name, value in exercise.gentle.items()}
        overrides, rest_s = {**gentle, **overrides}, GENTLE_REST * rest_s
    if item.sides != "free" and exercise.sides == (None,):
        where = file.at(("exercise", index, "sides"))
        raise SettingsError(f"{where}: {item.name} has no sides. Leave the line out.")
    for number in range(1, (item.sets or exercise.dose.sets) + 1):
        for side in ORDERS[item.sides]:
            reps = item.reps or exercise.dose.reps
            yield PlannedSet(exercise, number, side, reps, rest_s, overrides, is_gentle)


def _exercise(file: TomlFile, index: int, item: Item, registry: Registry) -> Exercise:
    found = registry.exercises.get(item.name)
    if found is None:
        reason = registry.broken.get(item.name)
        known = f"it can't be loaded: {reason}" if reason else f"known: {', '.join(registry.exercises)}"
        where = file.at(("exercise", index, "name"))
        raise SettingsError(f"{where}: there is no exercise {item.name!r}; {known}.")
    return found


def _overrides(file: TomlFile, index: int, item: Item, exercise: Exercise) -> dict[str, float]:
    """The settings of one exercise, the hold that was asked for among them."""
    for key, value in item.settings.items():
        check_overrides(exercise, {key: value}, where=file.at(("exercise", index, "settings", key)))
    if item.hold_s is None:
        return dict(item.settings)
    where = file.at(("exercise", index, "hold_s"))
    if HOLD not in {s.name for s in exercise.settings}:
        raise SettingsError(f"{where}: {exercise.name} is not held. Leave hold_s out.")
    if HOLD in item.settings:
        raise SettingsError(f"{where}: hold_s stands among the settings too. Leave one of them out.")
    check_overrides(exercise, {HOLD: item.hold_s}, where=where)
    return {HOLD: item.hold_s, **item.settings}


def _hash(plans: list[tuple[Item, list[PlannedSet]]]) -> str:
    """SHA-256 of what is asked for, in one canonical form."""
    plan = [
        [p.exercise.name, sorted(item.days, key=DAYS.index), p.side, p.reps, p.hold_s, p.rest_s, dict(p.overrides)]
        for item, sets in plans
        for p in sets
    ]
    return hashlib.sha256(json.dumps(plan, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
