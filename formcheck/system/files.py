"""Files that the person asked for: refused before the work when they can't be, and whole or not there after it."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from formcheck.system.errors import FormcheckError
from formcheck.system.shown import shown

DISK_IS_FULL = frozenset(getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name))
"""What the system says where there is no more room: on the disk, of the own share of it, in one file."""


class Draft:
    """A result that is written beside its name, and takes it only when it is whole.

    What is no ordinary file (a pipe, a device) is written as it is.

    Example:
        >>> with Draft(Path("out.json")) as draft:  # doctest: +SKIP
        ...     draft.path.write_text("{}")
        ...     draft.keep()
    """

    def __init__(self, path: Path) -> None:
        """Make the file that is written to.

        Raises:
            FormcheckError: nothing can be written there.
        """
        self.name = path
        self._final = Path(os.path.realpath(path))  # a link stays a link: what it points to is replaced
        self.path = self._final
        """Where to write."""
        self._is_beside = os.path.isfile(self._final) or not os.path.exists(self._final)
        if self._is_beside:
            self.path = self._final.with_name(f".formcheck-{secrets.token_hex(4)}{self._final.suffix}")
        try:
            if os.path.isdir(self._final) or (os.path.isfile(self._final) and not os.access(self._final, os.W_OK)):
                raise PermissionError(errno.EACCES, "it is a folder, or locked")
            self.path.open("xb" if self._is_beside else "wb").close()
        except OSError as error:
            raise cannot_write(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.drop()

    def keep(self) -> None:
        """It is whole: it takes its name, and what had that name before is gone.

        Raises:
            FormcheckError: it can't.
        """
        if not self._is_beside:
            return
        try:
            if self._final.exists():
                shutil.copymode(self._final, self.path)
            with self.path.open("r+b") as file:
                os.fsync(file.fileno())
            os.replace(self.path, self._final)
        except OSError as error:
            self.drop()
            raise cannot_write(self.name, error) from error
        self._is_beside = False

    def drop(self) -> None:
        """It will not be whole: it goes, unless it was kept."""
        if self._is_beside:
            self._is_beside = False
            self.path.unlink(missing_ok=True)


def cannot_write(path: Path, error: Exception) -> FormcheckError:
    """The sentence for a result that is missing, from what the system or a library says."""
    if getattr(error, "errno", None) in DISK_IS_FULL:
        return FormcheckError(f"The disk is full: {shown(path)} was not written. Make room and try again.")
    return FormcheckError(
        f"{shown(path)} can't be written ({getattr(error, 'strerror', None) or error}). "
        "Choose a folder that exists and that you may write to."
    )


def check_writable(path: Path | None) -> None:
    """Refuse a result's place before the work rather than after it.

    Raises:
        FormcheckError: nothing can be written there.
    """
    if path is not None and (os.path.isfile(path) or os.path.isdir(path) or not os.path.exists(path)):
        Draft(path).drop()


def check_results(results: Mapping[str, Path | None], inputs: Iterable[Path]) -> None:
    """Refuse results before the work: each must be a file of its own that can be written.

    Links of any kind, another spelling and another case count as the file that they lead to.

    Args:
        results: by the option that asks for them, such as `--json`; None = not asked for.
        inputs: files that must stay as they are.

    Raises:
        FormcheckError: one can't be written, is an input, or two are the same.
    """
    asked = {option: path for option, path in results.items() if path is not None}
    kept = {_identity(path) for path in inputs if path.is_file()}
    taken: dict[object, str] = {}
    for option, path in asked.items():
        check_writable(path)
        if path.exists() and not path.is_file():
            continue  # a pipe or a device takes as much as one likes
        if path.exists() and _identity(path) in kept:
            raise FormcheckError(f"{option} {shown(path)} would overwrite a file that is read. Choose another name.")
        for key in _identities(path):
            if taken.setdefault(key, option) != option:
                raise FormcheckError(
                    f"{option} and {taken[key]} are the same file, at least on some disks. Give each a name of its own."
                )


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _identities(path: Path) -> list[object]:
    """What two results share if they are one file: the file itself, or its folder and its name in any case."""
    final = Path(os.path.realpath(path))
    name = unicodedata.normalize("NFC", final.name).casefold()
    place: list[object] = [(_identity(final.parent), name)]
    return [*place, _identity(final)] if final.exists() else place


def write_text(path: Path, text: str) -> None:
    """Write a text file, whole or not at all.

    Raises:
        FormcheckError: it can't be written.
    """
    with Draft(path) as draft:
        try:
            draft.path.write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise cannot_write(path, error) from error
        draft.keep()
