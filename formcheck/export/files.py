"""The files of an export, by format."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from formcheck.export.codebook import TABLES
from formcheck.export.fhir.write import FILE, fhir_files
from formcheck.export.tables import CODEBOOK, codebook_file, csv_files, parquet_files
from formcheck.session.document import Kept


def names_of(formats: Iterable[str]) -> list[str]:
    """The names of the files that an export in these formats writes."""
    wanted = set(formats)
    names = [f"{table.name}.{kind}" for kind in ("csv", "parquet") if kind in wanted for table in TABLES]
    names += [CODEBOOK] if names else []
    return [*names, FILE] if "fhir" in wanted else names


def export_files(
    sessions: Iterable[Kept], formats: Collection[str], *, is_with_notes: bool = False
) -> dict[str, bytes]:
    """All files of an export, by name; the same sessions give the same bytes.

    Args:
        sessions: what to write.
        formats: of `csv`, `parquet` and `fhir`.
        is_with_notes: whether what people typed is written too.

    Raises:
        FormcheckError: a library for a format is not installed.
    """
    given = list(sessions)
    files: dict[str, bytes] = {}
    if "csv" in formats:
        files |= csv_files(given, is_with_notes)
    if "parquet" in formats:
        files |= parquet_files(given, is_with_notes)
    if files:
        files |= codebook_file(is_with_notes)
    return files | fhir_files(given, is_with_notes=is_with_notes) if "fhir" in formats else files
