"""The page as PDF, by WeasyPrint."""

from __future__ import annotations

from formcheck.system.errors import FormcheckError


def pdf_of(html: str) -> bytes:
    """The page as PDF; nothing is fetched from anywhere.

    Raises:
        FormcheckError: WeasyPrint or the system's Pango is missing.
    """
    try:
        from weasyprint import HTML, URLFetcher
    except ImportError as error:
        raise FormcheckError(
            'A PDF needs WeasyPrint: pip install "formcheck[pdf]". Or ask for an .html file.'
        ) from error
    except OSError as error:
        raise FormcheckError(
            "A PDF needs the library Pango of the system (Debian and Ubuntu: apt install libpango-1.0-0 "
            "libpangoft2-1.0-0; macOS: brew install pango). Or ask for an .html file."
        ) from error
    made: bytes = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=())).write_pdf()
    return made
