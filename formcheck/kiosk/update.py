"""Updates from a stick: a new version beside the present one, tried, and then switched to at one stroke.

Under the prefix lie `versions/<version>-<digest>`, each a whole virtual environment, and `current`, a link to one of
them. While a version is made a file `<name>.half` lies beside it. So a power cut at any moment leaves either the old
version or the new one behind `current`, and what was half made is known by its mark and cleaned away the next time.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from formcheck.kiosk.stick import Stick, vendor_key
from formcheck.kiosk.wanted import PREFIX, VENDOR_KEY
from formcheck.system.checks import OF_THE_PLACE
from formcheck.system.errors import FormcheckError
from formcheck.system.files import DISK_IS_FULL
from formcheck.system.shown import shown

Step = Literal["checked", "marked", "made", "installed", "tested", "unmarked", "switching", "switched", "cleaned"]
HALF, CURRENT, PREVIOUS = ".half", "current", "previous-version"
ENVIRONMENT_BYTES = 150_000_000
"""For compiled files and the environment itself, beside what the wheels unpack to."""
TEST_S, INSTALL_S = 180.0, 1800.0
"""The self-test of a slow machine, and unpacking on a slow disk: longer and something hangs."""
HIDDEN = ("/home", "/root", "/run/user")
"""What the kiosk's unit doesn't let it see (`ProtectHome`): a Python in there would not start."""
FULL_WORDS = ("No space left", "Disk quota exceeded", "File too large", "[Errno 28]", "[Errno 27]", "[Errno 122]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a kiosk's versions lie."""

    prefix: Path = Path(PREFIX)
    vendor_key: Path = Path(VENDOR_KEY)
    config: Path | None = None
    """The kiosk's file that the new version must understand; the installed one by default."""
    hidden: Sequence[str] = field(default=HIDDEN)

    @property
    def versions(self) -> Path:
        """The folder of the versions."""
        return self.prefix / "versions"

    @property
    def current(self) -> str | None:
        """Name of the version that runs; None where there is none."""
        try:
            return Path(os.readlink(self.prefix / CURRENT)).name
        except OSError:
            return None

    @property
    def previous(self) -> str | None:
        """Name of the version before it, if it is still there and whole."""
        current = self.current
        with suppress(OSError, TypeError):
            name = (self.versions / str(current) / PREVIOUS).read_text("utf-8").strip()
            if name and "/" not in name and self.is_whole(name):
                return name
        return None

    def is_whole(self, name: str) -> bool:
        """Whether a version is there and was made to its end."""
        return (self.versions / name).is_dir() and not (self.versions / f"{name}{HALF}").exists()


@dataclass(frozen=True, slots=True)
class Updated:
    """What came of an update."""

    version: str
    before: str | None
    """Name of the version that ran before."""
    is_signed: bool
    was_there: bool
    """It was the present version already: nothing was done."""


def update(
    folder: Path,
    place: Place = Place(),
    *,
    needs_signature: bool = False,
    told: Callable[[Step], None] = lambda _: None,
) -> Updated:
    """Install what is on a stick, try it, and switch to it. Whatever fails, the present version stays.

    Args:
        folder: where the stick is mounted.
        place: where the versions lie.
        needs_signature: refuse to go by hashes only.
        told: is called after each step.

    Raises:
        FormcheckError: the stick is not whole, not signed or not for this machine; the disk is full; the self-test
            failed; another update is running.
    """
    key = vendor_key(place.vendor_key)
    if key is None and needs_signature:
        raise FormcheckError(
            f"There is no vendor's key in {place.vendor_key}. Without one an administrator runs the update by hand."
        )
    stick = Stick.read(folder, key)
    told("checked")
    name = f"{stick.manifest.version}-{stick.digest[:8]}"
    with _alone(place):
        clean(place)
        before = place.current
        if before == name:
            return Updated(stick.manifest.version, before, stick.is_signed, was_there=True)
        if not place.is_whole(name):
            _make(stick, name, place, told)
        else:
            _try_out(name, place)
        _switch(name, before, place, told)
        clean(place, keep={name, before})
        told("cleaned")
    return Updated(stick.manifest.version, before, stick.is_signed, was_there=False)


def rollback(place: Place = Place()) -> str:
    """Go back to the version before the present one; its name.

    Raises:
        FormcheckError: there is none.
    """
    with _alone(place):
        name = place.previous
        if name is None:
            raise FormcheckError("There is no version before this one. Update from a stick instead.")
        _point(name, place)
    return name


def clean(place: Place, keep: set[str | None] | None = None) -> None:
    """Take away what was half made and, where `keep` says what stays, older versions.

    Raises:
        FormcheckError: something can't be deleted.
    """
    try:
        if keep is not None:
            for folder in place.versions.iterdir():
                if folder.is_dir() and folder.name not in keep and folder.name != place.current:
                    _mark(folder.name, place)
        for mark in list(place.versions.glob(f"*{HALF}")):
            name = mark.name.removesuffix(HALF)
            if name != place.current and (place.versions / name).exists():
                shutil.rmtree(place.versions / name)
            mark.unlink()
    except OSError as error:
        raise FormcheckError(f"An old version can't be deleted ({error.strerror}). Run the update as root.") from error


def _make(stick: Stick, name: str, place: Place, told: Callable[[Step], None]) -> None:
    """A whole version of that name, tried out; or nothing of it."""
    _check_python(place)
    _check_room(stick, place)
    try:
        _mark(name, place)
        told("marked")
        _environment(place.versions / name)
        told("made")
        _install(stick, place.versions / name)
        told("installed")
        _try_out(name, place)
        told("tested")
        _sync(place.versions / name)
        (place.versions / f"{name}{HALF}").unlink()
        _sync(place.versions)
        told("unmarked")
    except BaseException as error:
        with suppress(FormcheckError):
            clean(place)
        if isinstance(error, OSError):
            raise _failed(str(error), error.errno in DISK_IS_FULL) from error
        raise


def _check_python(place: Place) -> None:
    for hidden in place.hidden:
        if Path(sys.base_prefix).resolve().is_relative_to(hidden):
            raise FormcheckError(
                f"This Python lies under {hidden}, which the kiosk can't see. "
                "Install the system's own (Debian: apt install python3) and begin with that."
            )


def _check_room(stick: Stick, place: Place) -> None:
    need = stick.manifest.unpacked_bytes + ENVIRONMENT_BYTES
    try:
        place.versions.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(place.versions).free
    except OSError as error:
        raise FormcheckError(f"{shown(place.versions)} can't be written ({error.strerror}). Run it as root.") from error
    if free < need:
        raise FormcheckError(
            f"The update needs {need / 1e6:.0f} MB, and {free / 1e6:.0f} MB are free. Make room and try again; "
            "nothing was changed."
        )


def _environment(folder: Path) -> None:
    base = getattr(sys, "_base_executable", sys.executable)
    done = _run([base, "-I", "-m", "venv", "--without-pip", str(folder)], INSTALL_S)
    if done.returncode != 0:
        raise _failed(done.stderr or done.stdout)


def _install(stick: Stick, folder: Path) -> None:
    listed = folder / "requirements.txt"
    listed.write_bytes(stick.requirements)
    command = [sys.executable, "-I", "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet"]
    command += ["--isolated", "--no-input"]
    command += ["--disable-pip-version-check", "--no-cache-dir", "--no-index", "--no-deps", "--only-binary", ":all:"]
    command += ["--find-links", str(stick.folder), "--require-hashes", "-r", str(listed)]
    done = _run(command, INSTALL_S)
    if done.returncode != 0:
        raise _failed(done.stderr or done.stdout)


def _try_out(name: str, place: Place) -> None:
    """Let the new version examine itself; what is bad about the place and not the version is no reason to refuse it."""
    program = place.versions / name / "bin" / "formcheck"
    command = [str(program), "doctor", "--kiosk", "--without-devices", "--json", "-"]
    command += ["--config", str(place.config)] if place.config is not None else []
    try:
        done = _run(command, TEST_S)
        checks = json.loads(done.stdout)["checks"]
        bad = [
            f"{c['what']}: {c['finding']}" for c in checks if c["verdict"] == "bad" and c["what"] not in OF_THE_PLACE
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _refused("it doesn't start") from error
    if bad:
        raise _refused(bad[0])


def _refused(why: str) -> FormcheckError:
    return FormcheckError(f"The new version failed its self-test ({why.rstrip('.')}). The present one stays.")


def _failed(said: str, is_full: bool = False) -> FormcheckError:
    if is_full or any(word in said for word in FULL_WORDS):
        return FormcheckError(
            "The disk is full: the update was not installed, and nothing was lost. Make room and try again."
        )
    last = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "no reason was given")
    return FormcheckError(f"The update could not be installed, and the present version stays: {last[:300]}")


def _run(command: list[str], seconds: float) -> subprocess.CompletedProcess[str]:
    """Run a program with nothing of our environment that could change what it does."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "PIP_CONFIG_FILE": os.devnull}
    environment |= {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}
    try:
        return subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
            check=False, timeout=seconds,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise _failed(f"a step took longer than {seconds:.0f} s") from error


def _switch(name: str, before: str | None, place: Place, told: Callable[[Step], None]) -> None:
    if before is not None:
        _write(place.versions / name / PREVIOUS, before)
    told("switching")
    _point(name, place)
    told("switched")


def _point(name: str, place: Place) -> None:
    """The one moment at which the version changes: a link takes the place of another, whole."""
    beside = place.prefix / f".{CURRENT}.new"
    try:
        beside.unlink(missing_ok=True)
        beside.symlink_to(Path("versions") / name)
        beside.replace(place.prefix / CURRENT)
        _sync(place.prefix)
    except OSError as error:
        raise _failed(str(error), error.errno in DISK_IS_FULL) from error


def _mark(name: str, place: Place) -> None:
    _write(place.versions / f"{name}{HALF}", "")


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """What was written in a folder is on the disk, not only in memory; all of the disk's, for a tree."""
    if (folder / "bin").is_dir():
        os.sync()
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    try:
        place.prefix.mkdir(parents=True, exist_ok=True)
        place.versions.mkdir(exist_ok=True)
        lock = (place.prefix / ".lock").open("w")
    except OSError as error:
        raise FormcheckError(f"{shown(place.prefix)} can't be written ({error.strerror}). Run it as root.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise FormcheckError("Another update is running. Wait for it to end.") from error
        yield
