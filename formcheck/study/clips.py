"""The clips of a study: where they come from, whose they are, what the coach tells of each."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from formcheck.archive.sources import POSES, VIDEOS, FolderSource, Found, StoreSource
from formcheck.core.rules.events import BoutEnded
from formcheck.core.rules.exercise import Exercise
from formcheck.export.fhir.summary import JUDGED_SHARE_MIN
from formcheck.pipeline.judged import judge, pose_stream
from formcheck.pipeline.recorded import analyse
from formcheck.pose.recording import Recording
from formcheck.session.record import SetRecord
from formcheck.session.registry import Registry
from formcheck.store import Store
from formcheck.study.answers import ANY, Answer
from formcheck.system.errors import FormcheckError, SourceError
from formcheck.system.shown import shown

LIST_COLUMNS = ("file", "exercise", "person")
LIST_MAX = 1 << 20
"""Bytes of a list of clips."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip, as those who lead the study know it."""

    name: str
    sha256: str
    exercise: Exercise
    person: str
    """Whose movement it is: the same text for the same person; the clip's own name where nobody said."""
    path: Path | None = None
    data: bytes | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_figure(self) -> bool:
        """Whether it is a pose stream, and shown as a stick figure; else it is a video."""
        return self.path is None or self.path.suffix.lower() == POSES

    def recording(self) -> Recording:
        """The pose stream.

        Raises:
            SourceError: it can't be read.
        """
        if self.data is not None:
            return Recording(Path(self.name), io.BytesIO(self.data))
        return Recording(self.path or Path(self.name))


@dataclass(frozen=True, slots=True)
class Told:
    """What the coach told of a clip."""

    reps: int
    answers: Mapping[str, Answer]
    """By fault, and of any fault."""


# -- where they come from --------------------------------------------------------------------------------------------


def from_list(path: Path, registry: Registry) -> list[Clip]:
    """Clips of a CSV with the columns file, exercise, person; files are looked for beside it.

    Raises:
        SourceError: it can't be read, is no such list, or a clip of it is missing.
    """
    try:
        if path.stat().st_size > LIST_MAX:
            raise SourceError(f"{shown(path)} is too large for a list of clips.")
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{shown(path)} can't be read as CSV in UTF-8.") from error
    if not rows or not set(LIST_COLUMNS) <= set(rows[0]):
        raise SourceError(f"{shown(path)}: a list of clips has the columns {', '.join(LIST_COLUMNS)} and a row a clip.")
    return [_of_row(path, n, row, registry) for n, row in enumerate(rows, 2)]


def _of_row(path: Path, n: int, row: Mapping[str, str | None], registry: Registry) -> Clip:
    name, exercise, person = ((row.get(column) or "").strip() for column in LIST_COLUMNS)
    file = path.parent / name
    if not name or not file.is_file() or file.suffix.lower() not in VIDEOS | {POSES}:
        raise SourceError(f"{shown(path)}, row {n}: there is no clip {shown(name) if name else '(empty)'} beside it.")
    return Clip(name, _hash(file), registry.get(exercise), person or name, file)


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def from_folder(folder: Path, registry: Registry, otherwise: str = "") -> list[Clip]:
    """All clips of a folder, each of a person of its own.

    Raises:
        SourceError: there is none, one can't be read, or nothing says which exercise it is.
    """
    found = FolderSource(folder, frozenset(registry.exercises), otherwise).recordings()
    return [_of_found(each, registry, each.name) for each in found]


def from_store(store: Store, registry: Registry, exercise: str = "") -> list[Clip]:
    """The pose streams that were kept with sessions.

    Raises:
        SourceError: there is none, or one can't be read.
    """
    persons = {row.session_id: row.pseudonym or row.session_id for row in store.listed()}
    found = [each for each in StoreSource(store).recordings() if exercise in ("", each.exercise)]
    if not found:
        raise SourceError("The store holds no pose stream of it. Keep some with --keep-poses.")
    return [_of_found(each, registry, persons[each.name.partition("/")[0]]) for each in found]


def _of_found(each: Found, registry: Registry, person: str) -> Clip:
    if each.reason:
        raise SourceError(each.reason)
    if not each.exercise:
        raise SourceError(f"Nothing says which exercise {each.name} is. Name it with --exercise, or use a list.")
    return Clip(each.name, each.sha256, registry.get(each.exercise), person, each.path, each.data, dict(each.overrides))


def without_doubles(clips: Iterable[Clip]) -> Iterator[Clip]:
    """Each recording once, whatever copies there are of it."""
    seen: set[str] = set()
    for clip in clips:
        if clip.sha256 not in seen:
            seen.add(clip.sha256)
            yield clip


# -- what the coach tells --------------------------------------------------------------------------------------------


def told_of(clip: Clip) -> Told:
    """What this version of the coach tells of a clip, with the person's settings of that time.

    Raises:
        SourceError: it can't be judged.
    """
    if clip.is_figure:
        found = judge(pose_stream(clip.recording(), clip.exercise, clip.name), clip.exercise, overrides=clip.overrides)
    else:
        found = analyse(str(clip.path), clip.exercise, overrides=clip.overrides)
    if found.error is not None:
        raise SourceError(f"{clip.name} could not be judged to its end. Leave it out.") from found.error
    least = clip.overrides.get("judged_share_min", JUDGED_SHARE_MIN)
    return Told(len(found.findings.record.reps), answers_of(found.findings.record, float(least)))


def answers_of(record: SetRecord, least: float) -> dict[str, Answer]:
    """What the coach told of a whole clip: a fault is there where it was told once, and not there only where each
    repetition (or bout) could be judged for it."""
    bouts = [event for event in record.events if isinstance(event, BoutEnded)]
    shares = [rep.judged for rep in record.reps] + [bout.judged for bout in bouts]
    told = {span.name for span in record.fault_spans} | set(record.faults)
    found: dict[str, Answer] = {}
    for rule in record.exercise.all_faults:
        is_judged = bool(shares) and all(each.get(rule.name, 1.0) >= least for each in shares)
        found[rule.name] = "yes" if rule.name in told else "no" if is_judged else "unsure"
    answers = set(found.values())
    found[ANY] = "yes" if "yes" in answers else "unsure" if "unsure" in answers else "no"
    return found


def check_clips(clips: list[Clip]) -> None:
    """Refuse a study of nothing.

    Raises:
        FormcheckError: there are fewer than two clips.
    """
    if len(clips) < 2:
        raise FormcheckError("A study needs at least two different clips.")
