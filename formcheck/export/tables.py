"""The tables as files: CSV as RFC 4180 has it, and Parquet with the same columns, typed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO, ClassVar

from formcheck.export.codebook import CODEBOOK_COLUMNS, TABLES, Column, Table, Value, codebook_rows
from formcheck.session.document import Kept
from formcheck.system.errors import FormcheckError

CODEBOOK = "codebook.csv"
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""Signs with which a cell begins that a spreadsheet takes for a formula."""


class CsvTables:
    """The three tables as CSV: UTF-8, CRLF, an empty cell where something is unknown."""

    names: ClassVar[tuple[str, ...]] = tuple(f"{table.name}.csv" for table in TABLES)

    def __init__(self, files: Mapping[str, BinaryIO], is_with_notes: bool = False) -> None:
        """Begin them with their headers, each in the file of its name."""
        self._files, self._is_with_notes = files, is_with_notes
        for table in TABLES:
            header = [column.name for column in table.shown(is_with_notes)]
            files[f"{table.name}.csv"].write(_csv([header]))

    def add(self, sessions: Sequence[Kept]) -> None:
        """The rows of some sessions more."""
        for table in TABLES:
            rows = ([_cell(value) for value in row] for row in table.rows(sessions, self._is_with_notes))
            self._files[f"{table.name}.csv"].write(_csv(rows))

    def close(self) -> None:
        """Nothing more comes."""


class Codebook:
    """The codebook of the columns that are written, as CSV."""

    names: ClassVar[tuple[str, ...]] = (CODEBOOK,)

    def __init__(self, files: Mapping[str, BinaryIO], is_with_notes: bool = False) -> None:
        """Write it: it says nothing of the sessions."""
        files[CODEBOOK].write(_csv([CODEBOOK_COLUMNS, *codebook_rows(is_with_notes)]))

    def add(self, sessions: Sequence[Kept]) -> None:
        """It stays as it is."""

    def close(self) -> None:
        """Nothing more comes."""


class ParquetTables:
    """The three tables as Parquet; unit and meaning stand with each column."""

    names: ClassVar[tuple[str, ...]] = tuple(f"{table.name}.parquet" for table in TABLES)

    def __init__(self, files: Mapping[str, BinaryIO], is_with_notes: bool = False) -> None:
        """Begin them.

        Raises:
            FormcheckError: pyarrow is not installed.
        """
        try:
            from pyarrow import parquet
        except ImportError as error:
            raise FormcheckError('Parquet needs pyarrow: pip install "formcheck[research]".') from error
        self._is_with_notes = is_with_notes
        self._writers = {
            table.name: parquet.ParquetWriter(files[f"{table.name}.parquet"], _schema(table, is_with_notes))
            for table in TABLES
        }

    def add(self, sessions: Sequence[Kept]) -> None:
        """The rows of some sessions more: a row group of each table that has any."""
        import pyarrow as pa

        for table in TABLES:
            columns, schema = table.shown(self._is_with_notes), self._writers[table.name].schema
            rows = list(table.rows(sessions, self._is_with_notes))
            arrays = [
                pa.array([_typed(column, row[i]) for row in rows], schema.field(i).type)
                for i, column in enumerate(columns)
            ]
            if rows:
                self._writers[table.name].write_table(pa.table(arrays, schema=schema))

    def close(self) -> None:
        """Nothing more comes."""
        for writer in self._writers.values():
            writer.close()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else repr(value)


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _schema(table: Table[Any], is_with_notes: bool) -> Any:
    import pyarrow as pa

    kinds = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "time": pa.timestamp("us", tz="UTC"),
    }
    columns = table.shown(is_with_notes)
    return pa.schema(
        [pa.field(c.name, kinds[c.kind], metadata={"unit": c.unit, "meaning": c.meaning}) for c in columns]
    )


def _typed(column: Column[Any], value: Value) -> Value:
    if value is None or (column.kind == "text" and value == ""):
        return None
    return harmless(value) if isinstance(value, str) else float(value) if column.kind == "number" else value  # type: ignore[arg-type]
