"""What every command does with its results: refuse those that would destroy something, and write JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from formcheck.session.record import plain
from formcheck.system.assets import asset
from formcheck.system.files import check_results


def check(results: Mapping[str, Path | None], *inputs: str | Path | None, model: str | None = None) -> None:
    """Refuse results before the work.

    Args:
        results: by the option that asks for them; None = not asked for.
        inputs: what is read: files, a folder of pictures, a camera's number, an address; None = nothing.
        model: `full`, `lite`, or a bundle's path; None = the machine's own choice.

    Raises:
        FormcheckError: one can't be written, is what is read or a file of FormCheck's own, or two are the same.
    """
    if any(results.values()):
        given = [Path(item) for item in inputs if item is not None]
        pictures = [file for folder in given if folder.is_dir() for file in folder.iterdir()]
        shipped = [file for file in asset("models").parent.rglob("*") if file.is_file()]
        check_results(results, [*given, *_pictures(pictures), *(Path(m) for m in (model,) if m), *shipped])


def _pictures(files: list[Path]) -> list[Path]:
    from formcheck.camera.folder import PICTURE_SUFFIXES

    return [file for file in files if file.suffix.lower() in PICTURE_SUFFIXES]


def as_json(data: Mapping[str, Any]) -> str:
    """The text of a JSON file: strict, so that every reader takes it; a number that is none becomes null."""
    return json.dumps(plain(data), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def to_stdout(text: str) -> None:
    """Write JSON to standard output, in UTF-8 whatever the terminal's own encoding is.

    Raises:
        OSError: whoever reads it has gone, or the disk behind it is full.
    """
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.stdout.write(text)
    sys.stdout.flush()
