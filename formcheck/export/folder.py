"""The folder of an export: every file whole, or none of them; nothing that is there is touched."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from formcheck.system.errors import FormcheckError
from formcheck.system.files import Draft, cannot_write
from formcheck.system.shown import shown


def check_folder(folder: Path, names: Iterable[str]) -> None:
    """Refuse a folder before the work: whatever has one of the names is somebody's, an older export too.

    Raises:
        FormcheckError: it is no folder, can't be made, or holds one of the names.
    """
    if not os.path.isdir(folder):
        if os.path.lexists(folder) or not os.path.isdir(folder.parent):
            raise FormcheckError(
                f"{shown(folder)} can't be made a folder. Choose another name, in a folder that exists."
            )
        return
    taken = [name for name in names if os.path.lexists(folder / name)]
    if taken:
        raise FormcheckError(f"{shown(folder)} holds {taken[0]} already. Choose another folder, or move that one away.")


def write_files(folder: Path, names: Collection[str], write: Callable[[Mapping[str, BinaryIO]], None]) -> None:
    """Write files into a folder, which is made where there is none; all of them, or none.

    Args:
        folder: where.
        names: of the files.
        write: fills the open files, by name.

    Raises:
        FormcheckError: the folder is refused (`check_folder`), or something can't be written.
    """
    check_folder(folder, names)
    is_new = not os.path.isdir(folder)
    kept: list[Path] = []
    try:
        folder.mkdir(exist_ok=True)
        with ExitStack() as stack:
            drafts = {name: stack.enter_context(Draft(folder / name)) for name in names}
            with ExitStack() as opened:
                write({name: opened.enter_context(draft.path.open("wb")) for name, draft in drafts.items()})
            for name, draft in drafts.items():
                draft.keep()
                kept.append(folder / name)
    except BaseException as error:
        for path in kept:
            path.unlink(missing_ok=True)
        if is_new and os.path.isdir(folder):
            folder.rmdir()
        if isinstance(error, OSError):
            raise cannot_write(folder, error) from error
        raise
