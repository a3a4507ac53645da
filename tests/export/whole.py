"""Files of an export in memory, by name: as the product writes them into its folder."""

import io

from formcheck.export.files import export_sessions, names_of


def export_files(sessions, formats, *, is_with_notes=False):
    files = {name: io.BytesIO() for name in names_of(formats)}
    export_sessions(sessions, formats, files, is_with_notes=is_with_notes)
    return {name: file.getvalue() for name, file in files.items()}


def csv_files(sessions, is_with_notes=False):
    return export_files(sessions, ["csv"], is_with_notes=is_with_notes)


def parquet_files(sessions, is_with_notes=False):
    return export_files(sessions, ["parquet"], is_with_notes=is_with_notes)


def fhir_files(sessions, *, is_with_notes=False):
    return export_files(sessions, ["fhir"], is_with_notes=is_with_notes)
