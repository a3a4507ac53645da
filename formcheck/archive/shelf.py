"""Where results are kept: one file a recording and way to score it, whole or not there. What is there is not redone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formcheck.archive.worker import SCHEMA
from formcheck.system.errors import FormcheckError
from formcheck.system.files import cannot_write, write_text
from formcheck.system.shown import shown

RESULTS, TRIES = "results", "tries"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of results."""

    folder: Path

    def prepare(self) -> None:
        """Make the folder.

        Raises:
            FormcheckError: it can't be written.
        """
        if self.folder.exists() and not self.folder.is_dir():
            raise FormcheckError(f"{shown(self.folder)} is a file. Name a folder for the results with --to.")
        try:
            for kind in (RESULTS, TRIES):
                (self.folder / kind).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(self.folder, error) from error

    def read(self, sha256: str, key: str) -> dict[str, Any] | None:
        """A result; None where there is none, or where what is there is none of ours."""
        found = (_read(self._path(kind, sha256, key)) for kind in (RESULTS, TRIES))
        return next((result for result in found if result is not None), None)

    def has(self, sha256: str, key: str, *, is_try: bool = False) -> bool:
        """Whether it is there and whole."""
        kinds = (RESULTS, TRIES) if is_try else (RESULTS,)
        return any(_read(self._path(kind, sha256, key)) is not None for kind in kinds)

    def write(self, key: str, result: dict[str, Any], *, is_try: bool = False) -> None:
        """Keep a result.

        Raises:
            FormcheckError: it can't be written.
        """
        path = self._path(TRIES if is_try else RESULTS, result["sha256"], key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(path.parent, error) from error
        write_text(path, as_json(result))

    def earlier(self, sha256: str, exercise: str, key: str) -> dict[str, Any] | None:
        """The newest result of a recording by another version or with other settings; None where there is none."""
        own = self._path(RESULTS, sha256, key)
        others = [path for path in own.parent.glob(f"{sha256}-*.json") if path.name != own.name]
        for path in sorted(others, key=lambda p: (p.stat().st_mtime_ns, p.name), reverse=True):
            result = _read(path)
            if result is not None and result["exercise"] == exercise:
                return result
        return None

    def _path(self, kind: str, sha256: str, key: str) -> Path:
        return self.folder / kind / sha256[:2] / f"{sha256}-{key}.json"


def as_json(data: dict[str, Any]) -> str:
    """The text of a JSON file: strict."""
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        result = json.loads(path.read_bytes())
        return result if isinstance(result, dict) and result.get("schema") == SCHEMA else None
    except (OSError, ValueError, RecursionError):
        return None
