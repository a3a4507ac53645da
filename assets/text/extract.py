"""Write the text catalogue for translators, and compile what they sent back. Run by hand, from the root:

    python assets/text/extract.py [LANGUAGE]

It needs Babel (a development dependency; the product reads the compiled files with the standard library). It finds
every text that a person reads or hears: what stands in the calls of `MARKS` in the code, what is spoken, and the texts
of the exercises. It writes `formcheck.pot`, brings every `<language>/LC_MESSAGES/formcheck.po` up to date with it, and
compiles those to `.mo`. With a new LANGUAGE (a code such as `de`) it begins that one.
"""

from __future__ import annotations

import ast
import io
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from formcheck.session.registry import load_exercises  # noqa: E402 - found through the line above
from formcheck.session.texts import DOMAIN, catalogue, texts_of  # noqa: E402

DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""A fixed date, so that the file changes only when a text does."""
ROOMS = (
    "system",
    "core",
    "session",
    "camera",
    "pose",
    "voice",
    "hearing",
    "screen",
    "pipeline",
    "store",
    "app",
    "desk",
    "kiosk",
    "export",
)
"""Rooms whose texts reach the window, or a report."""
WEB = frozenset(
    f"desk/{name}.py"
    for name in (
        "accounts", "correcting", "file_pages", "history_pages", "house_pages", "live", "moving", "people_pages",
        "prescribing", "program_pages", "roles", "security", "session_pages", "visit",
    )
)  # fmt: skip
"""Modules of the desk's web pages: their texts are marked, and English for now."""
MARKS: dict[str, tuple[int, ...]] = {
    "phrase": (0,),
    "counted": (1, 2),
    "marked": (0,),
    "listed": (1, 2),
    "words": (0,),
    "_words": (0,),
    "self": (0,),
    "seconds": (0,),
    "Hint": (0, 1),
    "Option": (1, 2),
    "MessageView": (0, 1),
    "ChoiceView": (0, 2),
    "ConfirmView": (0,),
    "ScaleView": (0, 1),
    "Switch": (1, 2, 3),
    "switch": (2,),
    "Banner": (1, 2),
    "Chart": (0,),
}
"""Calls by name, and which of their arguments are texts for a person."""
KEYWORDS = frozenset({"note", "auto_text", "low_word", "high_word", "advice", "last", "between"})
"""Arguments by name that are texts in those calls."""
Message = str | tuple[str, str]
"""An English text, or one for one and one for many."""


def messages() -> dict[Message, list[str]]:
    """Every text, and where it is used: rooms and modules, names of cues, exercises."""
    found: defaultdict[Message, list[str]] = defaultdict(list)
    for text, where in (*_told(), *_in_files()):
        found[text].append(where)
    counted = {text for pair in found if isinstance(pair, tuple) for text in pair}
    return {text: list(dict.fromkeys(where)) for text, where in found.items() if text not in counted}


def _told() -> Iterator[tuple[str, str]]:
    """What is spoken, the exercises, and the titles of the programs that ship."""
    for name, text in sorted(catalogue().items()):
        if not name.startswith("number."):
            pattern = str(getattr(text, "pattern", text))
            if _is_text(pattern):
                yield pattern, f"spoken: {name}"
    for exercise in load_exercises().exercises.values():
        yield from ((text, f"exercise: {exercise.name}") for text in texts_of(exercise) if text)
    for path in sorted((HERE.parent / "programs").glob("*.toml")):
        yield tomllib.loads(path.read_text("utf-8"))["title"], f"program: {path.stem}"


def _in_files() -> Iterator[tuple[Message, str]]:
    for room in ROOMS:
        for path in sorted((ROOT / "formcheck" / room).rglob("*.py")):
            if path.relative_to(ROOT / "formcheck").as_posix() in WEB:
                continue
            for text in _in_code(ast.parse(path.read_text("utf-8"))):
                yield text, path.relative_to(ROOT).as_posix()


def _in_code(tree: ast.AST) -> Iterator[Message]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called not in MARKS:
            continue
        given = [node.args[i] for i in MARKS[called] if i < len(node.args)]
        given += [keyword.value for keyword in node.keywords if keyword.arg in KEYWORDS]
        texts = [text for each in given for text in _constants(each)]
        if called == "counted" and len(texts) == 2:  # else it is something else of that name
            yield (texts[0], texts[1])
        else:
            yield from filter(_is_text, texts)


def _is_text(text: str) -> bool:
    """Whether there is something to translate: more than values, commas, and a key of one letter. Before a colon, too,
    other languages leave a space."""
    literal = "".join(literal for literal, *_ in Formatter().parse(text))
    return len(text) > 1 and (":" in literal or any(map(str.isalpha, literal)))


def _constants(node: ast.AST) -> Iterator[str]:
    """The texts of an argument: of a table its values; what a call inside it gives is that call's business."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _constants(value)
    elif not isinstance(node, (ast.Call, ast.JoinedStr, ast.Subscript, ast.Compare)):
        for child in ast.iter_child_nodes(node):
            yield from _constants(child)


def template() -> Catalog:
    """The message catalogue of all texts but the numbers, whose digits are the same in every language."""
    whole = Catalog(project="FormCheck", version="0.1", copyright_holder="the FormCheck authors", creation_date=DATE)
    whole.header_comment = "# Texts of FormCheck. What is spoken: 2-8 words, as said to a person who is exercising.\n#"
    for text, where in sorted(messages().items(), key=lambda item: str(item[0])):
        whole.add(text, auto_comments=where, flags=["python-brace-format"] if "{" in str(text) else [])
    return whole


def as_po(whole: Catalog) -> bytes:
    """The catalogue in gettext's text format."""
    buffer = io.BytesIO()
    write_po(buffer, whole, width=120, no_location=True, ignore_obsolete=True)
    return buffer.getvalue()


def refresh(po: Path, whole: Catalog) -> None:
    """Bring one language up to date with the template, or begin it, and compile it."""
    language = po.parent.parent.name
    translated = Catalog(locale=language, creation_date=DATE, revision_date=DATE)
    if po.exists():
        with po.open("rb") as source:
            translated = read_po(source, locale=language, domain=DOMAIN)
    translated.update(whole, no_fuzzy_matching=True)
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_bytes(as_po(translated))
    with po.with_suffix(".mo").open("wb") as target:
        write_mo(target, translated)


def main() -> None:
    """Entry point."""
    whole = template()
    (HERE / f"{DOMAIN}.pot").write_bytes(as_po(whole))
    begun = {HERE / language / "LC_MESSAGES" / f"{DOMAIN}.po" for language in sys.argv[1:2]}
    for po in sorted({*HERE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"), *begun}):
        refresh(po, whole)
    print(f"{len(whole)} messages")


if __name__ == "__main__":
    main()
