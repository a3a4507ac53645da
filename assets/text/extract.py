"""Write the text catalogue for translators, and compile what they sent back. Run by hand, from the root:

    python assets/text/extract.py

It needs Babel (a development dependency; the product reads the compiled files with the standard library). It writes
`formcheck.pot`, one message a cue with the cue's name as context, brings every `<language>/LC_MESSAGES/formcheck.po`
up to date with it, and compiles those to `.mo`. A new language: copy the `.pot` there under that name, translate it,
run this again, and render its clips with `assets/voice/build.py --language`.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from formcheck.session.texts import DOMAIN, catalogue  # noqa: E402 - found through the line above

DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""A fixed date, so that the file changes only when a text does."""


def template(cues: dict[str, str]) -> Catalog:
    """The message catalogue of all cues but the numbers, whose digits are the same in every language."""
    messages = Catalog(project="FormCheck", version="0.1", copyright_holder="the FormCheck authors", creation_date=DATE)
    messages.header_comment = "# Cues of FormCheck. 3-8 words, positive, as said to a person who is exercising.\n#"
    for name, text in sorted(cues.items()):
        if not name.startswith("number."):
            messages.add(text, context=name, auto_comments=[name])
    return messages


def as_po(messages: Catalog) -> bytes:
    """The catalogue in gettext's text format."""
    buffer = io.BytesIO()
    write_po(buffer, messages, width=120, no_location=True)
    return buffer.getvalue()


def refresh(po: Path, messages: Catalog) -> None:
    """Bring one language up to date with the template, and compile it."""
    with po.open("rb") as source:
        translated = read_po(source, locale=po.parent.parent.name, domain=DOMAIN)
    translated.update(messages, no_fuzzy_matching=True)
    po.write_bytes(as_po(translated))
    with po.with_suffix(".mo").open("wb") as target:
        write_mo(target, translated)


def main() -> None:
    """Entry point."""
    messages = template(catalogue())
    (HERE / f"{DOMAIN}.pot").write_bytes(as_po(messages))
    for po in sorted(HERE.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        refresh(po, messages)
    print(f"{len(messages)} messages")


if __name__ == "__main__":
    main()
