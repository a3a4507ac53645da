"""Settings of one run from a TOML file: one table per exercise, `name = number`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from formcheck.core.rules.exercise import Exercise
from formcheck.core.rules.setting import Settings
from formcheck.session.registry import Registry
from formcheck.session.toml_file import TomlFile
from formcheck.system.errors import SettingsError


def load_settings(path: Path, registry: Registry) -> dict[str, dict[str, object]]:
    """Overrides by exercise from a file such as

        [dead-bug]
        reach_hip_deg = 130

    Raises:
        SettingsError: unreadable, not TOML, an unknown exercise or setting, or a value that makes no sense.
    """
    file = TomlFile.read(path)
    for name, table in file.data.items():
        where = file.at((name,))
        if name not in registry.exercises:
            raise SettingsError(f"{where}: there is no exercise [{name}]. Known: {', '.join(registry.exercises)}.")
        if not isinstance(table, dict):
            raise SettingsError(f"{where}: write {name} as a table: [{name}] and below it its settings.")
        for key, value in table.items():
            check_overrides(registry.exercises[name], {key: value}, where=file.at((name, key)))
    return file.data


def check_overrides(exercise: Exercise, overrides: Mapping[str, object], where: str) -> None:
    """Make sure that the overrides make sense.

    Raises:
        SettingsError: they don't; the text says where and why.
    """
    try:
        Settings(exercise.all_settings, overrides)
    except ValueError as error:
        raise SettingsError(f"{where}: {error}") from error
