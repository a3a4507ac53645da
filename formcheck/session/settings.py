"""Settings of one run from a TOML file: one table per exercise, `name = number`."""

from __future__ import annotations

from pathlib import Path

from formcheck.core.rules.exercise import Exercise
from formcheck.core.rules.setting import Settings
from formcheck.session.registry import Registry
from formcheck.session.toml import read_toml
from formcheck.system.errors import SettingsError


def load_settings(path: Path, registry: Registry) -> dict[str, dict[str, object]]:
    """Overrides by exercise from a file such as

        [dead-bug]
        reach_hip_deg = 130

    Raises:
        SettingsError: unreadable, not TOML, an unknown exercise or setting, or a value that makes no sense.
    """
    data, _ = read_toml(path, f"The settings file {path} can't be read. Check its path.")
    out: dict[str, dict[str, object]] = {}
    for name, table in data.items():
        if name not in registry.exercises:
            raise SettingsError(f"{path}: there is no exercise [{name}]. Known: {', '.join(registry.exercises)}.")
        if not isinstance(table, dict):
            raise SettingsError(f"{path}: write {name} as a table: [{name}] and below it its settings.")
        check_overrides(registry.exercises[name], table, where=f"{path}, [{name}]")
        out[name] = table
    return out


def check_overrides(exercise: Exercise, overrides: dict[str, object], where: str) -> None:
    """Make sure that the overrides make sense.

    Raises:
        SettingsError: they don't; the text says where and why.
    """
    try:
        Settings(exercise.all_settings, overrides)
    except ValueError as error:
        raise SettingsError(f"{where}: {error}") from error
