"""Texts for a person: English sentences that know how they were put together. Pure.

Whoever makes a text writes it in English with `phrase` (or `counted`), and gives what changes as a value:

    phrase("{title}: done", title=exercise.title)
    counted(3, "{n} set", "{n} sets")
    phrase("{name:lower} in {s:.1f} s", name="Low back lifts", s=2.5)  # "low back lifts in 2.5 s"

The result is a `str`, the English sentence, and can be logged, kept and compared as one. Where it is shown,
`session.texts.translator` takes the pattern into another language and fills in the values there: a value that is a text
is translated too, a number gets that language's decimal mark. Tables of texts without values are `marked`. Texts are
never glued together with + or an f-string: the result would be English in every language. `assets/text/extract.py`
finds `phrase`, `counted` and `marked` by their names.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any, TypeVar

T = TypeVar("T")


class Phrase(str):
    """An English text with its pattern and values."""

    pattern: str
    """The English source text, with fields in the syntax of `str.format`: the message's name for translators."""
    many: str
    """The pattern for more than one; empty where nothing is counted."""
    number: int
    """What is counted."""
    values: dict[str, Any]
    """What is filled in, by field."""


class Verbatim:
    """A value that is the same in every language, also where it happens to be a known text: a name."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Verbatim) and str(other) == self._text

    def __hash__(self) -> int:
        return hash(self._text)


def phrase(pattern: str, /, **values: Any) -> Phrase:
    """A text for a person.

    Args:
        pattern: English, with a field for each value. `{name:lower}` and `{name:upper}` change a text's first letter.
        values: texts, numbers.
    """
    return _made(pattern, "", 0, values)


def counted(n: int, one: str, many: str, /, **values: Any) -> Phrase:
    """A text that depends on a number, which is its field `{n}`."""
    return _made(one, many, n, {"n": n, **values})


def marked(texts: T, /) -> T:
    """What it is given: a table of texts without values, so that the translators' catalogue finds them."""
    return texts


AND, COMMAS, DOTTED = marked(("{first} and {second}", "{first}, {second}", "{first} · {second}"))
"""Patterns for `listed`."""


def listed(texts: Sequence[str], last: str = AND, between: str = COMMAS) -> str:
    """Texts one after the other, e.g. "knees, feet and back"; empty for none.

    Args:
        texts: translated each for itself.
        last: pattern that joins the last one on.
        between: pattern that joins the others.
    """
    if not texts:
        return ""
    whole = texts[0]
    for i, text in enumerate(texts[1:], 2):
        whole = phrase(last if i == len(texts) else between, first=whole, second=text)
    return whole


def fill(pattern: str, values: dict[str, Any], decimal_mark: str = ".") -> str:
    """A pattern with its values filled in; one without values is taken as it is."""
    return _Filler(decimal_mark).vformat(pattern, (), values) if values else pattern


def _made(one: str, many: str, number: int, values: dict[str, Any]) -> Phrase:
    made = Phrase(fill(many if many and number != 1 else one, values))
    made.pattern, made.many, made.number, made.values = one, many, number, values
    return made


class _Filler(string.Formatter):
    """Fills in values: numbers with a language's decimal mark, texts with a small or capital first letter."""

    def __init__(self, decimal_mark: str) -> None:
        self._mark = decimal_mark

    def format_field(self, value: Any, format_spec: str) -> str:
        """One value in its place."""
        if format_spec in ("lower", "upper"):
            text = str(value)
            return (text[:1].lower() if format_spec == "lower" else text[:1].upper()) + text[1:]
        shown = format(value, format_spec)
        return shown.replace(".", self._mark) if isinstance(value, float) else shown
