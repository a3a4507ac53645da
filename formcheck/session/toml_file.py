"""Files that a clinician writes (TOML): read, checked against a model, and every mistake told in one sentence."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import zip_longest
from pathlib import Path
from reprlib import Repr
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from formcheck.system.errors import SettingsError

Model = TypeVar("Model", bound=BaseModel)
Key = tuple[int | str, ...]

NUMBER_MAX = 10**300
"""Beyond this no number of ours is meant; Python itself gives up at 4300 digits, a float at 308."""
LONG = re.compile(r"[=\[,]\s*[-+]?(0[xob])?[0-9A-Fa-f_]{240,}")
"""Where such a number stands, in whatever base: 10^300 has 250 digits as a hexadecimal."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")
BYTES_MAX = 1 << 20
"""A file of settings or a program has a few kB; what is larger is another file."""
SHOWN_MAX = 40
"""Characters of a wrong value that are shown: the sentence must stay readable."""


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A file that is TOML, though its content may still make no sense."""

    path: Path
    text: str
    data: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> TomlFile:
        """Read a file; a byte order mark at its beginning is let pass.

        Raises:
            SettingsError: it can't be read, is not UTF-8, or is not TOML.
        """
        try:
            with path.open("rb") as file:
                content = file.read(BYTES_MAX + 1)
        except (OSError, ValueError) as error:  # a name may hold what no name can
            raise SettingsError(
                f"{path} can't be read ({getattr(error, 'strerror', error)}). Check its path."
            ) from error
        if b"\0" in content:  # no text has one; every second byte of English in UTF-16 is one
            raise SettingsError(f"{path} is UTF-16, not UTF-8 text. Save it as UTF-8 in your editor.")
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise SettingsError(f"{path} is not UTF-8 text. Save it as UTF-8 in your editor.") from error
        if len(content) > BYTES_MAX:
            raise SettingsError(f"{path} is far too large for a file of settings. Is it the right one?")
        return cls.of(path, text)

    @classmethod
    def of(cls, path: Path, text: str) -> TomlFile:
        """A text that came in another way than as a file; `path` stands for it in sentences.

        Raises:
            SettingsError: it is not TOML.
        """
        return cls(path, text, _parsed(path, text))

    def at(self, key: Key) -> str:
        """Where a key is, for the beginning of a sentence, such as `plan.toml, line 7`."""
        return f"{self.path}, line {line_of(self.text, key)}"

    def check(self, model: type[Model]) -> Model:
        """The content as a model.

        Raises:
            SettingsError: it makes no sense; the text names the line of the first mistake and how many follow.
        """
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            raise SettingsError(self._told(model, error.errors(include_url=False))) from error

    def _told(self, model: type[BaseModel], errors: list[ErrorDetails]) -> str:
        errors = sorted(_without_misspelled(errors), key=lambda e: line_of(self.text, e["loc"]))
        first, more = errors[0], len(errors) - 1
        further = f" {more} more mistake{'s' if more > 1 else ''} after it." if more else ""
        return f"{self.at(first['loc'])}: {_sentence(model, first)}.{further}"


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        data = tomllib.loads(text)
        is_long = any(isinstance(value, int) and abs(value) > NUMBER_MAX for value in _values(data))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from error
    except RecursionError as error:
        raise SettingsError(f"{path} is not valid TOML: it is nested far too deeply.") from error
    except ValueError:  # Python gives up on numbers of so many digits
        is_long = True
    if is_long:
        place = LONG.search(text)
        line = f", line {text.count(chr(10), 0, place.end()) + 1}" if place else ""
        raise SettingsError(f"{path}{line}: this number is far too long.")
    return data


def _values(data: dict[str, Any]) -> Iterator[object]:
    """All values of tables and arrays, however deep."""
    waiting: list[object] = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        else:
            yield value


def _without_misspelled(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """The mistakes; a key that is missing since it is misspelled in the same table is one mistake, not two."""
    unknown = Counter(e["loc"][:-1] for e in errors if e["type"] == "extra_forbidden")
    kept = []
    for error in errors:
        table = error["loc"][:-1]
        if error["type"] == "missing" and unknown[table]:
            unknown[table] -= 1
        else:
            kept.append(error)
    return kept


def _sentence(model: type[BaseModel], error: ErrorDetails) -> str:
    name = next((part for part in reversed(error["loc"]) if isinstance(part, str)), "the file")
    if error["type"] == "missing":
        return f"{name} is missing"
    if error["type"] == "extra_forbidden":
        known = _known_keys(model, error["loc"])
        meant = get_close_matches(str(name), known, 1)
        hint = f"did you mean {meant[0]}?" if meant else f"known: {', '.join(known)}"
        return f"{name!r} is not known here; {hint}".removesuffix("?")
    return f"{name} = {_shown(error['input'])} makes no sense: {error['msg']}"


def _known_keys(model: type[BaseModel], key: Key) -> list[str]:
    """Keys of the table in which a key stands."""
    for part in key[:-1]:
        if isinstance(part, str):
            inner = model.model_fields[part].annotation
            among = (inner, *getattr(inner, "__args__", ()))
            model = next(a for a in among if isinstance(a, type) and issubclass(a, BaseModel))
    return sorted(model.model_fields)


def _shown(value: object) -> str:
    short = Repr()
    short.maxlong = short.maxstring = short.maxother = SHOWN_MAX
    return short.repr(value)


def in_toml(value: object) -> str:
    """A value as TOML on one line: strings, numbers, truth, lists, and one storey of a table."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key_in_toml(str(key))}={in_toml(each)}" for key, each in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\x7f", "\\u007f")


def key_in_toml(key: str) -> str:
    """A key as TOML: bare where it can be."""
    return key if _BARE.fullmatch(key) else in_toml(key)


def line_of(text: str, key: Key) -> int:
    """Line of a key, from 1; of its table where the key is not written, 1 when neither is.

    Args:
        text: the file.
        key: its path, such as `("exercise", 2, "reps")`, in which `exercise` is an array of tables.
    """
    lines = text.splitlines()
    start, end = 0, len(lines)
    for part, following in zip_longest(key, key[1:]):
        if isinstance(part, int):
            continue
        tables = [n for n, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{re.escape(part)}\s*\]\]", line)]
        if isinstance(following, int) and following < len(tables):
            start, end = (*tables, end)[following : following + 2]
            continue
        pattern = rf"\s*(\[.*)?[\"']?\b{re.escape(part)}\b[\"']?\s*[=\].]"
        found = next((n for n in range(start, end) if re.match(pattern, lines[n])), None)
        if found is None:
            break
        start = found
        if lines[found].lstrip().startswith("["):
            end = next((n for n in range(found + 1, end) if lines[n].lstrip().startswith("[")), end)
    return start + 1
