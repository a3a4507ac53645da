"""A program as a form, and as the TOML that `formcheck session` reads: one made of the other. Pure.

What is typed is written into the TOML as it is, and the TOML is checked by the same code as a file: nothing that the
form lets pass is refused at the mat, and nothing else.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from formcheck.core.rules.setting import Setting
from formcheck.core.text import COMMAS, listed, marked, phrase
from formcheck.session.program import DAYS, Program, program_in
from formcheck.session.registry import Registry
from formcheck.session.toml_file import TomlFile, in_toml, key_in_toml
from formcheck.system.errors import FormcheckError, SettingsError

PLACE = Path("program")
"""Stands for the form in sentences, before they are turned into the form's own words."""
ITEMS_MAX, THRESHOLDS_MAX = 20, 12
"""Exercises of a form, thresholds of an exercise: more than anybody asks for."""
FIELDS_MAX = 20 + ITEMS_MAX * (16 + 3 * THRESHOLDS_MAX)
"""Fields of the largest form."""
NUMBERS = ("sets", "reps", "hold_s", "rest_s")
SIDES: dict[str, str] = marked({
    "free": "As the person likes", "left-first": "Left first, each side its own sets",
    "right-first": "Right first, each side its own sets",
})  # fmt: skip
WAYS: dict[str, dict[str, str]] = marked({
    "gentle": {"": "As the person chose", "yes": "Yes", "no": "No"},
    "pace": {"": "As the person chose", "yes": "Yes", "no": "No"},
    "tone": {"": "Yes", "no": "No"},
})  # fmt: skip
"""What can be said to each of the program's ways; empty is left out of the file."""
CUES: dict[str, str] = marked({
    "": "All at first, then fewer", "all": "All", "two-thirds": "Two of three", "summary": "Only the summary",
})  # fmt: skip
_LINE = re.compile(r"^program, line (\d+): ")
_NUMBER = re.compile(r"-?\d{1,9}([.,]\d{1,6})?")
_FLAGS = {"yes": True, "no": False}
MONDAY = date(2026, 11, 2)


class FormError(FormcheckError):
    """What was typed makes no sense; the form stays as it was typed."""

    def __init__(self, text: str, item: int | None = None) -> None:
        super().__init__(text)
        self.item = item
        """Which exercise of the form it is about, from 0."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold that differs for this patient, as typed."""

    name: str
    value: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class FormItem:
    """One exercise of the form, as typed."""

    name: str
    days: tuple[str, ...] = DAYS
    numbers: Mapping[str, str] = field(default_factory=dict)
    """By the keys of `NUMBERS`; empty: the exercise's own."""
    sides: str = "free"
    thresholds: tuple[Threshold, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgramForm:
    """The whole form, as typed."""

    title: str = ""
    language: str = ""
    cues: str = ""
    gentle: str = ""
    pace: str = ""
    tone: str = ""
    items: tuple[FormItem, ...] = ()


# -- what was typed ----------------------------------------------------------------------------------------------------


def typed(fields: Mapping[str, str]) -> ProgramForm:
    """The form that a browser has sent."""
    items = []
    for i in range(ITEMS_MAX):
        at = f"item-{i}-"
        if at + "name" not in fields:
            break
        found = (
            Threshold(*(fields.get(f"{at}set-{j}-{part}", "").strip() for part in ("name", "value", "why")))
            for j in range(THRESHOLDS_MAX)
        )
        items.append(
            FormItem(
                fields[at + "name"],
                tuple(day for day in DAYS if fields.get(f"{at}day-{day}") == "on"),
                {name: fields.get(at + name, "").strip() for name in NUMBERS},
                fields.get(at + "sides", "free"),
                tuple(each for each in found if each.name),
            )
        )
    head = {name: fields.get(name, "").strip() for name in ("title", "language", "cues", "gentle", "pace", "tone")}
    return ProgramForm(**head, items=tuple(items))


def changed(form: ProgramForm, do: str, fields: Mapping[str, str]) -> ProgramForm:
    """The form after one of its buttons: add, up, down, remove, a threshold more or fewer. Others change nothing."""
    what, _, place = do.partition("-")
    items = list(form.items)
    i, _, j = (int(part) if part.isdecimal() and len(part) < 4 else -1 for part in place.partition("-"))
    if what == "add" and len(items) < ITEMS_MAX:
        items.append(FormItem(fields.get("add", "")))
    elif 0 <= i < len(items):
        items = _moved(items, what, i) if what in ("up", "down", "remove") else items
        if what in ("more", "fewer"):
            items[i] = _with_thresholds(items[i], what, fields.get(f"item-{i}-more", ""), j)
    return replace(form, items=tuple(items))


def _moved(items: list[FormItem], what: str, i: int) -> list[FormItem]:
    rest = [*items[:i], *items[i + 1 :]]
    if what == "remove":
        return rest
    to = min(max(i + (1 if what == "down" else -1), 0), len(rest))
    return [*rest[:to], items[i], *rest[to:]]


def _with_thresholds(item: FormItem, what: str, name: str, j: int) -> FormItem:
    there = item.thresholds
    if what == "fewer":
        return replace(item, thresholds=tuple(each for k, each in enumerate(there) if k != j))
    is_new = name and name not in {each.name for each in there} and len(there) < THRESHOLDS_MAX
    return replace(item, thresholds=(*there, Threshold(name))) if is_new else item


# -- as TOML and back --------------------------------------------------------------------------------------------------


def toml_of(form: ProgramForm) -> str:
    """The program's file; why a threshold differs stands above it as a comment."""
    head: dict[str, Any] = {"title": form.title}
    head |= {name: value for name, value in (("language", form.language), ("cues", form.cues)) if value}
    given = {"gentle": form.gentle, "pace": form.pace, "tone": form.tone}
    head |= {name: _FLAGS.get(value, value) for name, value in given.items() if value}
    lines = [f"{key} = {in_toml(value)}" for key, value in head.items()]
    for item in form.items:
        lines += ["", "[[exercise]]", *_item_lines(item)]
    return "\n".join(lines) + "\n"


def _item_lines(item: FormItem) -> Iterator[str]:
    yield f"name = {in_toml(item.name)}"
    if item.days != DAYS:
        yield f"days = {in_toml(list(item.days))}"
    for name in NUMBERS:
        if given := item.numbers.get(name, ""):
            yield f"{name} = {_number(given)}"
    if item.sides != "free":
        yield f"sides = {in_toml(item.sides)}"
    if item.thresholds:
        yield "[exercise.settings]"
    for each in item.thresholds:
        if each.why:
            yield f"# {_comment(each.why)}"
        yield f"{key_in_toml(each.name)} = {_number(each.value)}"


def _number(given: str) -> str:
    """A number as TOML; what is none stays a text, so that the sentence about it shows what was typed."""
    if not _NUMBER.fullmatch(given):
        return in_toml(given)
    sign, digits = ("-", given[1:]) if given.startswith("-") else ("", given)
    whole, point, part = digits.replace(",", ".").partition(".")
    return f"{sign}{int(whole)}{point}{part}"


def _comment(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def form_of(toml: str, reasons: Sequence[Mapping[str, str]] = ()) -> ProgramForm:
    """The form of a program that was checked.

    Args:
        toml: its file.
        reasons: by exercise, why its thresholds differ.
    """
    data = tomllib.loads(toml)
    items = []
    for i, table in enumerate(data["exercise"]):
        why = reasons[i] if i < len(reasons) else {}
        items.append(
            FormItem(
                table["name"],
                tuple(day for day in DAYS if day in table.get("days", DAYS)),
                {name: _shown(table[name]) for name in NUMBERS if name in table},
                table.get("sides", "free"),
                tuple(Threshold(k, _shown(v), why.get(k, "")) for k, v in table.get("settings", {}).items()),
            )
        )
    flags = {name: _way(data, name) for name in WAYS}
    return ProgramForm(data["title"], data.get("language", ""), data.get("cues", ""), **flags, items=tuple(items))


def _way(data: Mapping[str, Any], name: str) -> str:
    given = {"True": "yes", "False": "no"}.get(str(data.get(name)), "")
    return given if given in WAYS[name] else ""


def _shown(value: float) -> str:
    return f"{value:g}"


def reasons_of(form: ProgramForm) -> list[dict[str, str]]:
    """By exercise, why its thresholds differ."""
    return [{each.name: each.why for each in item.thresholds} for item in form.items]


# -- checked -----------------------------------------------------------------------------------------------------------


def checked(form: ProgramForm, registry: Registry) -> tuple[str, Program]:
    """The program's file and what it says, if it makes sense.

    Raises:
        FormError: it does not; in one sentence, with the exercise that it is about.
    """
    if not form.items:
        raise FormError("The program has no exercise yet. Add one.")
    for i, item in enumerate(form.items):
        for each in item.thresholds:
            if each.value and not each.why:
                raise FormError(_in_words(form, i, registry, phrase("say why {name} differs.", name=each.name)), i)
    toml = toml_of(form)
    try:
        return toml, program_in(TomlFile.of(PLACE, toml), registry)
    except SettingsError as error:
        raise _told(form, registry, toml, error.text) from error


def _told(form: ProgramForm, registry: Registry, toml: str, text: str) -> FormError:
    """The sentence about a line of the file as one about an exercise of the form."""
    found = _LINE.match(text)
    if found is None:
        return FormError(text)
    before = toml.splitlines()[: int(found[1])]
    i, rest = before.count("[[exercise]]") - 1, text[found.end() :]
    return FormError(rest) if i < 0 else FormError(_in_words(form, i, registry, rest), i)


def _in_words(form: ProgramForm, i: int, registry: Registry, text: str) -> str:
    exercise = registry.exercises.get(form.items[i].name)
    name = exercise.title if exercise is not None else form.items[i].name
    return phrase("Exercise {n}, {name}: {text}", n=i + 1, name=name, text=text)


def settings_of(registry: Registry, name: str) -> dict[str, Setting]:
    """The thresholds of an exercise, by name; none where it is not installed."""
    exercise = registry.exercises.get(name)
    return {each.name: each for each in exercise.all_settings} if exercise is not None else {}


def dose_of(item: FormItem, registry: Registry) -> str:
    """How much of an exercise is asked for, in words: what is left out is the exercise's own."""
    exercise = registry.exercises.get(item.name)
    if exercise is None:
        return phrase("The exercise {name} is not installed here.", name=item.name)
    if exercise.bout is not None:
        return exercise.bout.dose
    given, is_per_side = item.numbers, exercise.dose.per_side and item.sides == "free"
    sets, reps = given.get("sets") or exercise.dose.sets, given.get("reps") or exercise.dose.reps
    hold = given.get("hold_s") or (_shown(exercise.hold_s()) if exercise.hold_s() else "")
    parts: list[str] = [phrase("{sets} × {reps} a side" if is_per_side else "{sets} × {reps}", sets=sets, reps=reps)]
    parts += [phrase("hold {s} s", s=hold)] if hold else []
    parts += [phrase("rest {s} s", s=given["rest_s"])] if given.get("rest_s") else []
    parts += [SIDES[item.sides]] if item.sides != "free" else []
    return listed(parts, COMMAS, COMMAS)


def week_of(toml: str, registry: Registry) -> dict[str, int]:
    """Minutes by day of the week, without the days of rest."""
    file = TomlFile.of(PLACE, toml)
    found: dict[str, int] = {}
    for n, day in enumerate(DAYS):
        try:
            found[day] = program_in(file, registry, MONDAY + timedelta(days=n)).minutes
        except SettingsError:
            continue
    return found
