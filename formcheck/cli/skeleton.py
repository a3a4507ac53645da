"""A new exercise for somebody to begin with: a folder with a working exercise, its entry point and its tests."""

from __future__ import annotations

import keyword
import re
import shutil
from contextlib import ExitStack
from pathlib import Path

from formcheck.system.assets import asset
from formcheck.system.errors import FormcheckError
from formcheck.system.files import cannot_write
from formcheck.system.shown import shown

NAME = re.compile(r"[a-z]+(-[a-z0-9]+)*")
FILES = {
    "pyproject.toml.txt": "pyproject.toml",
    "README.md.txt": "README.md",
    "exercise.py.txt": "@MODULE@.py",
    "test_exercise.py.txt": "test_@MODULE@.py",
}
"""Template under `assets/skeleton/`, and the file that it becomes."""


def write_skeleton(name: str, into: Path) -> Path:
    """Write the folder `formcheck-NAME` into a folder; returns its path.

    Raises:
        FormcheckError: a name that can't be one, a folder that is there already, or a place that can't be written.
    """
    module = name.replace("-", "_")
    if not NAME.fullmatch(name) or keyword.iskeyword(module):
        raise FormcheckError(f"{name!r} can't be the name of an exercise. Use small letters and dashes: wall-sit.")
    words = {"@NAME@": name, "@MODULE@": module, "@TITLE@": name.replace("-", " ").capitalize()}
    folder = into / f"formcheck-{name}"
    try:
        folder.mkdir(parents=True)
        with ExitStack() as undo:
            undo.callback(shutil.rmtree, folder, ignore_errors=True)
            for template, target in FILES.items():
                text = asset("skeleton", template).read_text(encoding="utf-8")
                (folder / _fill(target, words)).write_text(_fill(text, words), encoding="utf-8")
            undo.pop_all()  # it is whole
    except FileExistsError as error:
        raise FormcheckError(f"{shown(folder)} is there already. Choose another name, or remove it first.") from error
    except OSError as error:
        raise FormcheckError(f"{cannot_write(folder, error)} Use --into FOLDER.") from error
    return folder


def _fill(text: str, words: dict[str, str]) -> str:
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text
