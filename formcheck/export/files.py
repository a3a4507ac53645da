"""The files of an export, by format: written block by block, so that a whole clinic's years need little memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import BinaryIO, ClassVar, Protocol

from formcheck.export.fhir.write import FhirBundle
from formcheck.export.tables import Codebook, CsvTables, ParquetTables
from formcheck.session.document import Kept
from formcheck.session.outcome import Answered

BLOCK = 100
"""Sessions that are written as one."""


class Format(Protocol):
    """One format: begun with its open files, then given the sessions in their order."""

    names: ClassVar[tuple[str, ...]]

    def __init__(self, files: Mapping[str, BinaryIO], is_with_notes: bool = False) -> None:
        """Begin the files of these names."""

    def add(self, sessions: Sequence[Kept]) -> None:
        """Some sessions more."""

    def close(self) -> None:
        """Nothing more comes."""


FORMATS: Mapping[str, tuple[type[Format], ...]] = {
    "csv": (CsvTables, Codebook),
    "parquet": (ParquetTables, Codebook),
    "fhir": (FhirBundle,),
}


def _wanted(formats: Collection[str]) -> list[type[Format]]:
    return list(dict.fromkeys(kind for name in FORMATS if name in formats for kind in FORMATS[name]))


def names_of(formats: Collection[str]) -> list[str]:
    """The names of the files that an export in these formats writes."""
    return [name for kind in _wanted(formats) for name in kind.names]


def export_sessions(
    sessions: Iterable[Kept],
    formats: Collection[str],
    files: Mapping[str, BinaryIO],
    *,
    is_with_notes: bool = False,
    outcomes: Sequence[Answered] = (),
) -> None:
    """Write sessions in their order; the same sessions give the same bytes.

    Args:
        sessions: what to write; read once.
        formats: of `csv`, `parquet` and `fhir`.
        files: open files, by the names of `names_of`.
        is_with_notes: whether what people typed is written too.
        outcomes: outcome forms of the same people; they are in the FHIR bundle only.

    Raises:
        FormcheckError: a library for a format is not installed.
    """
    begun = [kind(files, is_with_notes) for kind in _wanted(formats)]
    left = iter(sessions)
    while block := list(islice(left, BLOCK)):
        for each in begun:
            each.add(block)
    for each in begun:
        if isinstance(each, FhirBundle):
            each.add_outcomes(outcomes)
        each.close()
