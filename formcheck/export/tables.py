"""The tables as files: CSV as RFC 4180 has it, and Parquet with the same columns, typed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from formcheck.export.codebook import CODEBOOK_COLUMNS, TABLES, Column, Table, Value, codebook_rows, in_order
from formcheck.session.document import Kept
from formcheck.system.errors import FormcheckError

CODEBOOK = "codebook.csv"
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""Signs with which a cell begins that a spreadsheet takes for a formula."""


def csv_files(sessions: Iterable[Kept], is_with_notes: bool = False) -> dict[str, bytes]:
    """The three tables as CSV, by file name: UTF-8, CRLF, an empty cell where something is unknown."""
    ordered = in_order(sessions)
    return {
        f"{table.name}.csv": _csv(
            [column.name for column in table.shown(is_with_notes)],
            ([_cell(value) for value in row] for row in table.rows(ordered, is_with_notes)),
        )
        for table in TABLES
    }


def codebook_file(is_with_notes: bool = False) -> dict[str, bytes]:
    """The codebook of the columns that are written, as CSV."""
    return {CODEBOOK: _csv(CODEBOOK_COLUMNS, codebook_rows(is_with_notes))}


def parquet_files(sessions: Iterable[Kept], is_with_notes: bool = False) -> dict[str, bytes]:
    """The three tables as Parquet, by file name; unit and meaning stand with each column.

    Raises:
        FormcheckError: pyarrow is not installed.
    """
    ordered = in_order(sessions)
    return {f"{table.name}.parquet": _parquet(table, ordered, is_with_notes) for table in TABLES}


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


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _parquet(table: Table[Any], sessions: Sequence[Kept], is_with_notes: bool) -> bytes:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise FormcheckError('Parquet needs pyarrow: pip install "formcheck[research]".') from error
    kinds = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "time": pa.timestamp("us", tz="UTC"),
    }
    columns = table.shown(is_with_notes)
    rows = list(table.rows(sessions, is_with_notes))
    schema = pa.schema(
        [pa.field(c.name, kinds[c.kind], metadata={"unit": c.unit, "meaning": c.meaning}) for c in columns]
    )
    arrays = [
        pa.array([_typed(column, row[i]) for row in rows], schema.field(i).type) for i, column in enumerate(columns)
    ]
    buffer = io.BytesIO()
    parquet.write_table(pa.table(arrays, schema=schema), buffer)
    return buffer.getvalue()


def _typed(column: Column[Any], value: Value) -> Value:
    if value is None or (column.kind == "text" and value == ""):
        return None
    return harmless(value) if isinstance(value, str) else float(value) if column.kind == "number" else value  # type: ignore[arg-type]
