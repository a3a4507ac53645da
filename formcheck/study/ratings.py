"""What raters have handed in, read against the key: every cell is checked, nothing is dropped without a word."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from formcheck.study.answers import ANSWERS, Answer
from formcheck.study.sheets import COUNT, KEY, SCHEMA
from formcheck.system.errors import FormcheckError
from formcheck.system.shown import shown

COLUMNS = ("study", "sheet", "rater", "place", "question", "answer", "at")
RATINGS_MAX = 8 << 20
"""Bytes of one rater's file: a thousand clips have less than one million."""
KEY_MAX = 64 << 20
COUNT_MAX = 999


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class KeyCoach(_Read):
    """What the coach told of a clip."""

    reps: int
    answers: dict[str, Answer]


class KeyClip(_Read):
    """One clip."""

    clip: int
    name: str
    sha256: str
    exercise: str
    title: str
    person: str
    kind: str
    questions: dict[str, str]
    coach: KeyCoach


class KeyPlace(_Read):
    """One place on a sheet."""

    place: int
    clip: int = Field(ge=1)
    is_repeat: bool


class KeySheet(_Read):
    """One rater's sheet."""

    rater: str
    sheet: str
    sha256: str
    order: tuple[KeyPlace, ...]


class Key(_Read):
    """The key of a study."""

    app: str
    seed: int
    repeats: int
    study: str
    clips: tuple[KeyClip, ...] = Field(min_length=1)
    sheets: tuple[KeySheet, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Rated:
    """A rater's answer to one question about one clip; `answer` is None where it was left open."""

    rater: str
    clip: int
    is_repeat: bool
    question: str
    answer: str | None


@dataclass(slots=True)
class Ratings:
    """All that was handed in."""

    key: Key
    key_sha256: str
    rated: list[Rated] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    """SHA-256 by the file's name."""

    @property
    def raters(self) -> list[str]:
        """Who has handed something in, in order of the key."""
        given = {each.rater for each in self.rated}
        return [sheet.rater for sheet in self.key.sheets if sheet.rater in given]

    @property
    def missing(self) -> list[str]:
        """Who has not."""
        given = set(self.raters)
        return [sheet.rater for sheet in self.key.sheets if sheet.rater not in given]

    def clip(self, number: int) -> KeyClip:
        """A clip by its number."""
        return self.key.clips[number - 1]


def read_key(folder: Path) -> tuple[Key, str]:
    """The key of a study, and its SHA-256.

    Raises:
        FormcheckError: there is none, or it is damaged.
    """
    path = folder / KEY
    try:
        if path.stat().st_size > KEY_MAX:
            raise FormcheckError(f"{shown(path)} is too large for the key of a study.")
        content = path.read_bytes()
        read = json.loads(content)
        if not isinstance(read, dict) or read.get("schema") != SCHEMA:
            raise ValueError("of another kind")
        key = Key.model_validate(read)
        if [clip.clip for clip in key.clips] != list(range(1, len(key.clips) + 1)):
            raise ValueError("clips are missing")
        if any(place.clip > len(key.clips) for sheet in key.sheets for place in sheet.order):
            raise ValueError("a sheet has a clip that there is not")
    except OSError as error:
        raise FormcheckError(
            f"There is no {KEY} in {shown(folder)}. Name the folder that formcheck study sheets wrote."
        ) from error
    except (ValueError, ValidationError, RecursionError) as error:
        raise FormcheckError(f"{shown(path)} is not the key of a study, or it is damaged.") from error
    return key, sha256(content).hexdigest()


def read_ratings(folder: Path, files: Sequence[Path]) -> Ratings:
    """The key and all files of ratings.

    Raises:
        FormcheckError: one can't be read, does not belong to this study, or rates something twice.
    """
    key, digest = read_key(folder)
    found = Ratings(key, digest)
    for path in files:
        content = _content(path)
        rated = _read_file(key, path, content)
        twice = {each.rater for each in rated} & {each.rater for each in found.rated}
        if twice:
            raise FormcheckError(f"{shown(path)}: {min(twice)} has handed in twice. Give the last file only.")
        found.rated += rated
        found.files[path.name] = sha256(content).hexdigest()
    return found


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > RATINGS_MAX:
            raise FormcheckError(f"{shown(path)} is too large for ratings.")
        return path.read_bytes()
    except OSError as error:
        raise FormcheckError(f"{shown(path)} can't be read ({error.strerror or error}). Check the path.") from error


def _read_file(key: Key, path: Path, content: bytes) -> list[Rated]:
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise FormcheckError(
            f"{shown(path)} can't be read as CSV in UTF-8. Take the file that the form saved."
        ) from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise FormcheckError(
            f"{shown(path)}: ratings have the columns {', '.join(COLUMNS)}. Take the file that the form saved."
        )
    rated, seen = [], set()
    for n, row in enumerate(rows, 2):
        one = _rated(key, row, f"{shown(path)}, row {n}")
        place = (one.rater, row["place"], one.question)
        if place in seen:
            raise FormcheckError(f"{shown(path)}, row {n}: this was rated before in the same file.")
        seen.add(place)
        rated.append(one)
    return rated


def _rated(key: Key, row: Mapping[str, str | None], where: str) -> Rated:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if None in row or cells["study"] != key.study:
        raise FormcheckError(f"{where}: this belongs to another study, or was changed.")
    sheet = next((each for each in key.sheets if (each.sheet, each.rater) == (cells["sheet"], cells["rater"])), None)
    if sheet is None:
        raise FormcheckError(f"{where}: this study has no such sheet.")
    place = next((each for each in sheet.order if str(each.place) == cells["place"]), None)
    questions = {COUNT, *key.clips[place.clip - 1].questions} if place else set()
    if place is None or cells["question"] not in questions:
        raise FormcheckError(f"{where}: that was not asked.")
    answer = cells["answer"] or None
    if answer is not None and not _is_answer(cells["question"], answer):
        raise FormcheckError(f"{where}: {shown(answer[:40])} is no answer to that.")
    return Rated(sheet.rater, place.clip, place.is_repeat, cells["question"], answer)


def _is_answer(question: str, answer: str) -> bool:
    if question != COUNT:
        return answer in ANSWERS
    is_number = answer.isascii() and answer.isdecimal() and len(answer) <= len(str(COUNT_MAX))
    return answer == "unsure" or is_number


def by_question(rated: Iterable[Rated]) -> dict[tuple[int, str], dict[str, str]]:
    """First showings: by clip and question what each rater answered; what was left open is not in it."""
    found: dict[tuple[int, str], dict[str, str]] = {}
    for each in rated:
        if not each.is_repeat and each.answer is not None:
            found.setdefault((each.clip, each.question), {})[each.rater] = each.answer
    return found
