"""Writes a kiosk's files into a machine, explains them, and takes them back."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from formcheck.kiosk import unit
from formcheck.kiosk.machine_files import MachineFile, files
from formcheck.kiosk.wanted import PREFIX, STATE, Wanted
from formcheck.system.errors import FormcheckError, UsageError
from formcheck.system.files import cannot_write
from formcheck.system.shown import shown

RECORD = "/etc/formcheck/installed.json"
"""What was written and what it replaced, so that it can be taken back."""
SCHEMA = "formcheck.installed/1"
BACKUP = ".before-formcheck"
"""Added to the name of a file that was there before. In a folder of settings it ends the file's effect."""

Done = Literal["written", "unchanged", "left", "taken back", "restored"]


@dataclass(frozen=True, slots=True)
class Command:
    """What is left for the administrator to run, and why."""

    line: str
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """What was done with one file."""

    path: str
    done: Done
    note: str = ""


def commands(wanted: Wanted) -> tuple[Command, ...]:
    """What is to be run after the files are there, in order."""
    seat = (
        (
            Command(
                "systemctl enable --now seatd.service",
                "Hands out screen and keys (Debian: apt install cage seatd xwayland kbd).",
            ),
        )
        if wanted.display == "cage"
        else ()
    )
    return (
        Command("systemd-sysusers", "Makes the user."),
        Command("systemd-tmpfiles --create", "Makes the folders."),
        Command("systemctl daemon-reload", "systemd reads the new units."),
        Command("udevadm control --reload", "The camera's name and power, from when it is plugged in again."),
        Command("sysctl --system", "The kernel's settings."),
        *seat,
        Command("systemctl set-default graphical.target", "The machine boots into the kiosk."),
        Command(f"systemctl enable {unit.NAME} formcheck-kiosk-update.path", "Both start with the machine."),
        Command("systemctl reboot", "Everything at once; or 'systemctl start' the two."),
    )


def undoing() -> tuple[Command, ...]:
    """What is to be run to take it back, in order; the last ones delete what a kiosk has kept."""
    return (
        Command("systemctl daemon-reload", "systemd forgets the units."),
        Command("systemctl set-default multi-user.target", "Or graphical.target, where there is a desktop."),
        Command("sysctl --system", "The kernel's settings, as far as other files say them; the rest after a restart."),
        Command(f"rm -r {PREFIX}", "The program, if you want it gone."),
        Command(f"rm -r {STATE} /etc/formcheck", "What it kept and its settings. This can't be undone."),
    )


def check_machine(root: Path | None, system: str = sys.platform, user_id: int | None = None) -> None:
    """Refuse a machine on which it can't be installed.

    Args:
        root: a folder that stands for the machine's root; None = this machine.
        system: as `sys.platform` names it.
        user_id: of whoever asks; the one of this process by default.

    Raises:
        UsageError: not Linux, or no right to write there.
    """
    if system != "linux":
        raise UsageError("A kiosk is installed on Linux with systemd. On other systems run 'formcheck kiosk' by hand.")
    own = os.getuid() if user_id is None else user_id
    if root is None and own != 0:
        raise UsageError(
            "Only an administrator may do that: run it with sudo. "
            "To look at the files first, add --dry-run, or --root FOLDER to write them elsewhere."
        )


def install(wanted: Wanted, root: Path = Path("/")) -> list[Change]:
    """Write every file that is not yet as it should be. What was there before is kept beside it.

    Args:
        wanted: how.
        root: the machine's root, or a folder that stands for it.

    Raises:
        FormcheckError: a file can't be written; those before it are, and the same command goes on from there.
    """
    record = _Record.read(root)
    changes = []
    for file in files(wanted):
        changes.append(_put(file, root, record))
        record.write()
    return changes


def uninstall(root: Path = Path("/")) -> list[Change]:
    """Take back every file that was written and not changed since; what was there before comes back.

    Args:
        root: as for `install`.

    Raises:
        FormcheckError: nothing was installed, or a file can't be taken back.
    """
    record = _Record.read(root)
    if not record.written:
        raise FormcheckError(
            "No kiosk was installed here with 'formcheck kiosk install'. There is nothing to take back."
        )
    changes = []
    for path in reversed(list(record.written)):
        changes.append(_take_back(path, root, record))
        record.write()
    return changes


def _put(file: MachineFile, root: Path, record: _Record) -> Change:
    place = _under(root, file.path)
    there = _print_of(place)
    if there is not None and file.is_yours:
        return Change(file.path, "left", "it is yours")
    wanted = _digest(file.target.encode() if file.target else file.text.encode(), is_link=bool(file.target))
    if there == wanted and file.path in record.written:
        return Change(file.path, "unchanged")
    note = ""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if there is not None and there not in (wanted, record.written.get(file.path)):
            backup = _free_name(place)
            _copy(place, backup)
            record.backups.setdefault(file.path, f"{file.path}{backup.name.removeprefix(place.name)}")
            note = f"the one before is kept as {backup.name}"
        _write(file, place)
    except OSError as error:
        raise cannot_write(place, error) from error
    if not file.is_yours:
        record.written[file.path] = wanted
    return Change(file.path, "written", note)


def _take_back(path: str, root: Path, record: _Record) -> Change:
    place = _under(root, path)
    there = _print_of(place)
    backup = record.backups.get(path)
    if there is not None and there != record.written[path]:
        del record.written[path]
        record.backups.pop(path, None)
        return Change(path, "left", "it was changed since; delete it yourself")
    try:
        place.unlink(missing_ok=True)
        if backup is not None and _print_of(_under(root, backup)) is not None:
            _under(root, backup).replace(place)
    except OSError as error:
        raise FormcheckError(f"{shown(place)} can't be taken back ({error.strerror}). Try again as root.") from error
    del record.written[path]
    return Change(path, "restored" if record.backups.pop(path, None) else "taken back")


def _under(root: Path, path: str) -> Path:
    return root / path.lstrip("/")


def _digest(content: bytes, *, is_link: bool) -> str:
    return ("link " if is_link else "") + hashlib.sha256(content).hexdigest()


def _print_of(place: Path) -> str | None:
    """The digest of what is there; None where nothing is.

    Raises:
        FormcheckError: it can't be read, or is a folder.
    """
    try:
        if place.is_symlink():
            return _digest(os.readlink(place).encode(), is_link=True)
        return _digest(place.read_bytes(), is_link=False)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FormcheckError(f"{shown(place)} can't be read ({error.strerror}). Move it away and try again.") from error


def _write(file: MachineFile, place: Path) -> None:
    beside = place.with_name(f".{place.name}.formcheck")
    with suppress(FileNotFoundError):
        beside.unlink()
    if file.target:
        beside.symlink_to(file.target)
    else:
        with beside.open("x", encoding="utf-8") as out:
            os.fchmod(out.fileno(), file.mode)
            out.write(file.text)
            out.flush()
            os.fsync(out.fileno())
    beside.replace(place)


def _free_name(place: Path) -> Path:
    """A name for what was there before that is not taken: nothing that was kept is ever overwritten."""
    return next(name for name in _names(place) if not os.path.lexists(name))


def _names(place: Path) -> Iterator[Path]:
    yield place.with_name(place.name + BACKUP)
    number = 1
    while True:
        number += 1
        yield place.with_name(f"{place.name}{BACKUP}-{number}")


def _copy(place: Path, backup: Path) -> None:
    if place.is_symlink():
        backup.symlink_to(os.readlink(place))
        return
    content, mode = place.read_bytes(), place.stat().st_mode
    with backup.open("xb") as out:
        os.fchmod(out.fileno(), mode & 0o777)
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


@dataclass(slots=True)
class _Record:
    """What was written, by path; and what it replaced."""

    path: Path
    written: dict[str, str]
    backups: dict[str, str]

    @classmethod
    def read(cls, root: Path) -> _Record:
        path = _under(root, RECORD)
        try:
            data = json.loads(path.read_text("utf-8"))
            if data["schema"] != SCHEMA:
                raise ValueError
            return cls(path, dict(data["written"]), dict(data["backups"]))
        except FileNotFoundError:
            return cls(path, {}, {})
        except OSError as error:
            raise FormcheckError(f"{shown(path)} can't be read ({error.strerror}). Try again as root.") from error
        except (ValueError, KeyError, TypeError) as error:
            raise FormcheckError(f"{shown(path)} is damaged. Move it away and install again.") from error

    def write(self) -> None:
        text = json.dumps({"schema": SCHEMA, "written": self.written, "backups": self.backups}, indent=1) + "\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _write(MachineFile(RECORD, "", text), self.path)
        except OSError as error:
            raise cannot_write(self.path, error) from error


def explained(wanted: Wanted, todo: Sequence[Command] | None = None) -> str:
    """Every file with its reasons and the commands after them, for `--dry-run`."""
    parts = []
    for file in files(wanted):
        title = f"=== {file.path}\n    {file.why}"
        parts.append(f"{title}\n\n{file.text or f'(a link to {file.target})'}")
    lines = "\n".join(f"{command.line:<60} # {command.why}" for command in (todo or commands(wanted)))
    return "\n".join(parts) + f"\n=== Then run, as root\n\n{lines}\n"
