"""Where recordings come from: a folder, or the store. Each says which exercise it is, and what was told of it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from formcheck.archive.told import READS, SetTold, of_analysis, of_set
from formcheck.pose.recording import BYTES_MAX, Recording
from formcheck.system.errors import FormcheckError, SourceError
from formcheck.system.shown import shown

if TYPE_CHECKING:
    from formcheck.store import Store, StoredRecording

POSES = ".npz"
VIDEOS = frozenset({".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".mpg", ".mpeg", ".wmv", ".mts", ".3gp"})
CHUNK = 1 << 20
SIDECAR_MAX = 64 << 20
"""Bytes of a sidecar that is read: an analysis of an hour has one or two million."""


@dataclass(frozen=True, slots=True)
class Found:
    """One recording."""

    name: str
    sha256: str = ""
    exercise: str = ""
    """Empty where nothing says which it is."""
    before: SetTold | None = None
    """What was told of it; None where nothing was stored."""
    path: Path | None = None
    data: bytes | None = None
    overrides: Mapping[str, object] = field(default_factory=dict)
    """The person's own settings at that time."""
    reason: str = ""
    """Why it can't be read, as one sentence; empty where it can."""

    def read(self) -> bytes:
        """Its bytes, for workers that can't read this machine's files.

        Raises:
            OSError: the file has gone.
        """
        return self.data if self.data is not None else self.path.read_bytes() if self.path else b""


class Source(Protocol):
    """Many recordings."""

    @property
    def count(self) -> int | None:
        """How many; None where that is not known before."""

    def recordings(self) -> Iterator[Found]:
        """All of them, in the order of their names; those that can't be read say why."""


class FolderSource:
    """The pose streams and videos of a folder and of those in it."""

    def __init__(self, folder: Path, exercises: frozenset[str], otherwise: str = "") -> None:
        """Look through a folder.

        Args:
            folder: which.
            exercises: names that a folder may have.
            otherwise: the exercise of recordings of which nothing says which it is.

        Raises:
            SourceError: it is no folder, can't be read, or holds no recording.
        """
        if not folder.is_dir():
            raise SourceError(f"There is no folder {shown(folder)}. Name one that holds recordings.")
        try:
            os.listdir(folder)
        except OSError as error:
            raise SourceError(f"{shown(folder)} can't be read ({error.strerror}).") from error
        self._folder, self._exercises, self._otherwise = folder, exercises, otherwise
        self._files = sorted(p for p in folder.rglob("*") if _is_recording(p))
        if not self._files:
            raise SourceError(
                f"{shown(folder)} holds no recording. Pose streams end in .npz (formcheck analyze --poses), "
                f"videos in {', '.join(sorted(VIDEOS))}."
            )

    @property
    def count(self) -> int | None:
        """How many files."""
        return len(self._files)

    def recordings(self) -> Iterator[Found]:
        """All files, each read once for its hash."""
        for path in self._files:
            name = shown(path.relative_to(self._folder))
            try:
                yield self._found(path, name)
            except OSError as error:
                yield Found(name, reason=f"{name} can't be read ({error.strerror or error}).")
            except SourceError as error:
                yield Found(name, reason=str(error))

    def _found(self, path: Path, name: str) -> Found:
        is_poses = path.suffix.lower() == POSES
        if is_poses and path.stat().st_size > BYTES_MAX:
            raise SourceError(f"{name} is larger than any recording of a session. Record it again.")
        told = self._sidecar(path)
        before = _told_of(told)
        said = _header(path) if is_poses else ""
        if before is not None:
            said = said or str(told.get("exercise", ""))
        folders = [part.name for part in path.relative_to(self._folder).parents] + [self._folder.resolve().name]
        exercise = said or next((part for part in folders if part in self._exercises), self._otherwise)
        return Found(name, _hash(path), exercise, before if _is_of(told, exercise) else None, path)

    def _sidecar(self, path: Path) -> dict[str, Any]:
        """The JSON of `analyze --json` beside a recording; empty where there is none that can be read."""
        beside = path.with_suffix(".json")
        try:
            if not beside.is_file() or beside.stat().st_size > SIDECAR_MAX:
                return {}
            read = json.loads(beside.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return read if isinstance(read, dict) and read.get("schema") in READS else {}


def _is_recording(path: Path) -> bool:
    return path.suffix.lower() in VIDEOS | {POSES} and not path.name.startswith(".") and path.is_file()


def _told_of(told: Mapping[str, Any]) -> SetTold | None:
    try:
        return of_analysis(told, "sidecar") if told else None
    except ValueError:
        return None


def _is_of(told: Mapping[str, Any], exercise: str) -> bool:
    return told.get("exercise") == exercise


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _header(path: Path) -> str:
    """The exercise that a pose stream's header names; empty where it names none.

    Raises:
        SourceError: it is no pose stream.
    """
    named = Recording.source_of(path).get("exercise")
    return named if isinstance(named, str) else ""


class StoreSource:
    """The pose streams that were kept with their sessions."""

    def __init__(self, store: Store, person: str | None = None) -> None:
        self._store, self._person = store, person

    @property
    def count(self) -> int | None:
        """Not known before they are read."""
        return None

    def recordings(self) -> Iterator[Found]:
        """All streams, with the set as it is held to be now."""
        for stored in self._store.recordings(self._person):
            name = f"{stored.session_id}/{stored.set_id}"
            try:
                yield self._found(stored, name)
            except FormcheckError as error:
                yield Found(name, stored.sha256, reason=f"{name}: {error}")

    def _found(self, stored: StoredRecording, name: str) -> Found:
        sessions = self._store.kept(session_id=stored.session_id)
        told = (of_set(kept, one) for kept in sessions for one in kept.session.sets if one.set_id == stored.set_id)
        overrides = dict(stored.overrides)
        return Found(name, stored.sha256, stored.exercise, next(told, None), data=stored.read(), overrides=overrides)
