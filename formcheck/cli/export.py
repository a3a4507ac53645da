"""What was kept, for research and for other systems: tables, or a FHIR bundle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from rich.progress import track

from formcheck.cli.consoles import err, out
from formcheck.cli.opening import WhereOption, opened
from formcheck.system.errors import FormcheckError
from formcheck.system.shown import shown

if TYPE_CHECKING:
    from formcheck.session.outcome import Answered
    from formcheck.store import Store


class ExportFormat(StrEnum):
    """What can be written."""

    CSV = "csv"
    PARQUET = "parquet"
    FHIR = "fhir"


def export(
    folder: Annotated[Path, typer.Argument(help="Where to write the files; it is made where there is none.")],
    person: Annotated[
        str | None, typer.Option("--person", help="Only this one: pseudonym, its beginning, or a name in the vault.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="Only sessions from this day on.")
    ] = None,
    formats: Annotated[
        list[ExportFormat] | None,
        typer.Option("--format", help="csv (default), parquet or fhir; give it again for several."),
    ] = None,
    with_notes: Annotated[
        bool, typer.Option("--with-notes", help="What people typed too: why something was corrected.")
    ] = False,
    store: WhereOption = None,
) -> None:
    """Write what was kept as tables with a codebook, or as a FHIR bundle. Pseudonyms only, no name."""
    from formcheck.export.files import export_sessions, names_of
    from formcheck.export.folder import check_folder, write_files

    wanted = [each.value for each in formats or [ExportFormat.CSV]]
    names = names_of(wanted)
    check_folder(folder, names)
    with opened(store) as found:
        whose = found.person(person) if person is not None else None
        listed = found.listed(person=whose, since=since.astimezone() if since else None)
        found.note("export", whose or "", f"{len(listed)} sessions as {', '.join(wanted)}")
        if not listed:
            raise FormcheckError("There is no such session in the store: nothing was written.")

        outcomes = _outcomes(found, whose) if ExportFormat.FHIR in wanted else []

        def write(files: Mapping[str, BinaryIO]) -> None:
            sessions = track(found.read(listed), "Writing", len(listed), console=err, transient=True)
            export_sessions(sessions, wanted, files, is_with_notes=with_notes, outcomes=outcomes)

        write_files(folder, names, write)
    count = "1 session" if len(listed) == 1 else f"{len(listed)} sessions"
    out.print(f"{count} in {shown(folder)}: {', '.join(names)}", highlight=False, markup=False, soft_wrap=True)


def _outcomes(store: Store, person: str | None) -> list[Answered]:
    """Outcome forms of whom is exported; that they are sealed is told where the store's key is not at hand."""
    from formcheck.store import LockedError

    try:
        return store.outcomes(person)
    except LockedError:
        err.print("Outcome forms are left out: the store's key is not on this computer.", highlight=False)
        return []
