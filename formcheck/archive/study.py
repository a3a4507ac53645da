"""What other values of one setting would have told, of all recordings of its exercise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from formcheck.archive.difference import differing, matched
from formcheck.archive.scoring import Scoring
from formcheck.archive.told import SetTold
from formcheck.core.rules.setting import Setting
from formcheck.session.registry import Registry
from formcheck.session.settings import check_overrides
from formcheck.system.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Try:
    """Values of one setting that are tried."""

    scoring: Scoring
    """By which the values are compared: the settings in force."""
    setting: Setting
    values: tuple[float, ...]

    def runs(self) -> dict[str, dict[str, object]]:
        """Settings by the key of their result, a value each."""
        return {self.scored_by(value).key: dict(self.scored_by(value).overrides) for value in self.values}

    def scored_by(self, value: float) -> Scoring:
        """The way to score with one of the values."""
        return Scoring(self.scoring.exercise, {**self.scoring.overrides, self.setting.name: value}, self.scoring.model)


def parse_try(text: str, registry: Registry, overrides: Mapping[str, Mapping[str, object]], model: str) -> Try:
    """What `--try dead-bug.arch_deg=10,12,15` asks for.

    Raises:
        UnknownExerciseError: there is no such exercise.
        SettingsError: it can't be read, or a value makes no sense.
    """
    name, _, values = text.partition("=")
    exercise_name, _, setting_name = name.strip().partition(".")
    if not setting_name or not values.strip():
        raise SettingsError(f"--try {text}: write EXERCISE.SETTING=VALUE,VALUE, such as dead-bug.arch_deg=10,12,15.")
    exercise = registry.get(exercise_name)
    try:
        numbers = tuple(dict.fromkeys(float(value) for value in values.split(",")))
    except ValueError as error:
        raise SettingsError(f"--try {text}: {values!r} are no numbers, such as 10,12,15.") from error
    for number in numbers:
        check_overrides(exercise, {setting_name: number}, where=f"--try {text}")
    found = [setting for setting in exercise.all_settings if setting.name == setting_name]
    if not found:
        raise SettingsError(f"--try {text}: {setting_name!r} is an old name. See: formcheck exercises {exercise_name}")
    return Try(Scoring(exercise, overrides.get(exercise_name, {}), model), found[0], numbers)


@dataclass(slots=True)
class _Value:
    """What one value told."""

    verdicts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    changed: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Study:
    """The values of a setting, recording by recording."""

    asked: Try
    recordings: int = 0
    _values: dict[float, _Value] = field(default_factory=dict)

    def add(self, name: str, base: SetTold, told: Sequence[SetTold]) -> None:
        """One more recording.

        Args:
            name: what it is called.
            base: what the settings in force tell.
            told: what each of the values tells.
        """
        self.recordings += 1
        for value, one in zip(self.asked.values, told, strict=True):
            found = self._values.setdefault(value, _Value())
            found.verdicts.update(one.counts)
            found.faults.update(one.faults)
            if count := _changed(base, one):
                found.changed.append({"recording": name, "reps": count, "before": base.counts, "now": one.counts})

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        setting, scoring = self.asked.setting, self.asked.scoring
        return {
            "exercise": scoring.exercise.name,
            "setting": setting.name,
            "unit": setting.unit,
            "in_force": scoring.settings[setting.name],
            "recordings": self.recordings,
            "values": [self._as_dict(value) for value in self.asked.values],
        }

    def _as_dict(self, value: float) -> dict[str, Any]:
        found = self._values.get(value, _Value())
        return {
            "value": value,
            "reps": found.verdicts.total(),
            "clean": found.verdicts["clean"],
            "faulty": found.verdicts["faulty"],
            "not_judged": found.verdicts["not-judged"],
            "faults": dict(sorted(found.faults.items())),
            "changed": found.changed,
        }


def _changed(base: SetTold, other: SetTold) -> int:
    """In how many repetitions two ways to score differ."""
    return sum(b is None or n is None or bool(differing(b, n)) for b, n in matched(base.reps, other.reps))
