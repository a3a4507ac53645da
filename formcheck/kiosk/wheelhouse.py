"""Makes an update on a stick: on an office computer with a network, of the same kind as the kiosk."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from formcheck.kiosk.stick import MANIFEST, REQUIREMENTS, SIGNATURE, Manifest, here
from formcheck.system.errors import FormcheckError
from formcheck.system.files import cannot_write
from formcheck.system.shown import shown

_BLOCK = re.compile(r"^(?P<pin>(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==[^\n\\]+)\\?(?:\n[ \t]+[^\n]+)*", re.MULTILINE)
"""A package as `uv` writes it: name and version, for which systems, and the hashes on lines of their own. One that is
pinned differently for different Pythons stands there twice."""
_WHEEL = re.compile(r"(?P<name>[A-Za-z0-9_.]+)-(?P<version>[0-9][A-Za-z0-9.+_]*)-[^-]+-[^-]+-[^-]+\.whl")


@dataclass(frozen=True, slots=True)
class Wheelhouse:
    """What a stick is made from."""

    wheel: Path
    """FormCheck's own, from `make dist`."""
    constraints: Sequence[Path]
    """The versions and hashes that were tested: `constraints.txt` and `packaging/pip.txt` of the same source."""
    extras: Sequence[str] = field(default=())
    find_links: Path | None = None
    """Take wheels from this folder, and touch no network."""
    signing_key: Path | None = None
    """The vendor's secret key; made where there is no such file."""


def make_wheelhouse(folder: Path, source: Wheelhouse, today: date) -> tuple[Manifest, str]:
    """Fill a folder with all that a kiosk needs for one version.

    Args:
        folder: an empty one, or one that was filled so before.
        source: from what.
        today: goes into the manifest.

    Returns:
        The manifest, and the public key that it was signed with; empty = not signed.

    Raises:
        FormcheckError: a wheel can't be had, its hash is not the tested one, or the folder can't be written.
    """
    match = _WHEEL.fullmatch(source.wheel.name)
    if match is None or match["name"] != "formcheck" or not source.wheel.is_file():
        raise FormcheckError(f"{shown(source.wheel)} is no wheel of FormCheck. Make one with 'make dist'.")
    try:
        _empty(folder)
        own = folder / source.wheel.name
        own.write_bytes(source.wheel.read_bytes())
        requirements = _requirements(source, own)
        (folder / REQUIREMENTS).write_text(requirements, "utf-8")
        _fetch(source, folder)
        manifest = _manifest(folder, match["version"], today)
        content = manifest.to_json()
        key = _sign(folder, content, source.signing_key)
        (folder / MANIFEST).write_bytes(content)  # last: a stick without it is no stick
        os.sync()
    except OSError as error:
        raise cannot_write(folder, error) from error
    return manifest, key


def _empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    there = [path for path in folder.iterdir() if not path.name.startswith((".", "System Volume"))]
    ours = {MANIFEST, SIGNATURE, REQUIREMENTS}
    if any(path.name not in ours and path.suffix != ".whl" for path in there):
        raise FormcheckError(f"{shown(folder)} holds other files. Name an empty folder.")
    for path in there:
        path.unlink()


def _requirements(source: Wheelhouse, own: Path) -> str:
    """Every package that this version needs, pinned, with the hashes that were tested; FormCheck's own first."""
    digest = hashlib.sha256(own.read_bytes()).hexdigest()
    version = own.name.split("-")[1]
    lines = [f"formcheck=={version} \\\n    --hash=sha256:{digest}"]
    text = _text(source.constraints)
    blocks: dict[str, list[str]] = {}
    for found in _BLOCK.finditer(text):
        blocks.setdefault(_plain(found["name"]), []).append(found[0].rstrip())
    for name in _needed(source, text):
        if name not in blocks:
            raise FormcheckError(f"{name} is not in the constraints. Make them anew with 'make constraints'.")
        lines += blocks[name]
    return "\n".join(lines) + "\n"


def _needed(source: Wheelhouse, constraints: str) -> list[str]:
    """Names of all packages that pip would install for this wheel, sorted, and pip, which the next update needs."""
    with tempfile.TemporaryDirectory() as own:
        pins, report = Path(own) / "pins.txt", Path(own) / "report.json"
        pins.write_text("".join(f"{found['pin']}\n" for found in _BLOCK.finditer(constraints)), "utf-8")
        wanted = f"{source.wheel.resolve()}" + (f"[{','.join(source.extras)}]" if source.extras else "")
        _pip(source, ["install", "--dry-run", "--ignore-installed", "--report", str(report), "-c", str(pins), wanted])
        installed = json.loads(report.read_text("utf-8"))["install"]
    return sorted({"pip", *(_plain(each["metadata"]["name"]) for each in installed)} - {"formcheck"})


def _fetch(source: Wheelhouse, folder: Path) -> None:
    """The wheels of the list; pip refuses one with another hash."""
    links = ["--find-links", str(folder)]
    listed = ["--require-hashes", "-r", str(folder / REQUIREMENTS)]
    _pip(source, ["download", "--no-deps", "--dest", str(folder), *links, *listed])


def _pip(source: Wheelhouse, what: list[str]) -> None:
    command = [sys.executable, "-m", "pip", *what, "--quiet", "--no-input", "--disable-pip-version-check"]
    command += ["--only-binary", ":all:"]
    if source.find_links is not None:
        command += ["--no-index", "--find-links", str(source.find_links)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "no reason was given")
        raise FormcheckError(f"The wheels can't be had: {last.strip()[:300]}")


def _manifest(folder: Path, version: str, today: date) -> Manifest:
    files, unpacked = {}, 0
    for path in sorted([*folder.glob("*.whl"), folder / REQUIREMENTS]):
        files[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel:
                unpacked += sum(item.file_size for item in wheel.infolist())
    python, system, machine = here()
    return Manifest(version, python, system, machine, today.isoformat(), unpacked, files)


def _sign(folder: Path, content: bytes, key_file: Path | None) -> str:
    if key_file is None:
        return ""
    if not key_file.exists():
        made = Ed25519PrivateKey.generate()
        with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(base64.b64encode(made.private_bytes_raw()) + b"\n")
    try:
        key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(key_file.read_bytes(), validate=False))
    except ValueError as error:
        raise FormcheckError(f"{shown(key_file)} is no key of ours. Name a new file, and one is made.") from error
    (folder / SIGNATURE).write_bytes(base64.b64encode(key.sign(content)) + b"\n")
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def _text(paths: Sequence[Path]) -> str:
    texts = []
    for path in paths:
        try:
            texts.append(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise FormcheckError(f"{shown(path)} can't be read. Name the constraints of the same source.") from error
    return "\n".join(texts)


def _plain(name: str) -> str:
    """A package's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()
