"""Sessions as files to take away: how a browser is handed one, under a name that is made here."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from starlette.responses import Response

from formcheck.desk.visit import Visit
from formcheck.export.files import export_sessions, names_of
from formcheck.export.report import Paper, pdf_of
from formcheck.session.document import Kept
from formcheck.session.outcome import Answered
from formcheck.session.texts import SOURCE_LANGUAGE, languages, translate

KINDS = frozenset(("csv", "fhir", "pdf"))


def paper_of(visit: Visit) -> Paper:
    """The size of paper that was asked for."""
    return "letter" if visit.request.query_params.get("paper") == "letter" else "a4"


def language_of(visit: Visit) -> str:
    """The language of a report that was asked for; English where there is none of that name."""
    asked = visit.request.query_params.get("language", "")
    return asked if asked in languages() else SOURCE_LANGUAGE


def report_languages() -> dict[str, str]:
    """Those of reports: code and own name."""
    return {code: translate("English", code) for code in languages()}


def as_pdf(html: str, name: str) -> Response:
    """A report as PDF."""
    return _file(pdf_of(html), f"{name}.pdf", "application/pdf")


def as_file(sessions: list[Kept], kind: str, name: str, outcomes: Sequence[Answered] = ()) -> Response:
    """Sessions as CSV tables with their codebook, or as a FHIR bundle with the outcome forms of their person."""
    buffers = {each: io.BytesIO() for each in names_of([kind])}
    export_sessions(sessions, [kind], buffers, outcomes=outcomes)
    if kind == "fhir":
        (content,) = (buffer.getvalue() for buffer in buffers.values())
        return _file(content, f"{name}.fhir.json", "application/fhir+json")
    return _file(_zipped(buffers), f"{name}.csv.zip", "application/zip")


def _zipped(buffers: dict[str, io.BytesIO]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, buffer in buffers.items():
            archive.writestr(zipfile.ZipInfo(name), buffer.getvalue())
    return whole.getvalue()


def _file(content: bytes, name: str, kind: str) -> Response:
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
