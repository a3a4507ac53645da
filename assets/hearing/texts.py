"""Sentences to be read for training and measuring: `book-LANGUAGE.txt` out of Debian's handbook, which Debian packages
(debian-handbook) in many languages. `talk-LANGUAGE.txt` beside this file is everyday talk of our own, full of the
words themselves and of words that sound like them. See `train.py` for how to run it.
"""

from __future__ import annotations

import argparse
import html
import random
import re
import shutil
from pathlib import Path

HERE = Path(__file__).parent
BOOK = Path("/usr/share/doc/debian-handbook/html")
FOLDERS = {"en": "en-US", "fr": "fr-FR", "es": "es-ES"}


def sentences(folder: Path) -> list[str]:
    """Sentences of ordinary length without code or addresses, in a random order."""
    found = []
    for path in sorted(folder.glob("*.html")):
        page = re.sub(r"<(pre|code|script|style)[^>]*>.*?</\1>", "x", path.read_text("utf-8"), flags=re.S)
        for paragraph in re.findall(r'<div class="para">(.*?)</div>', page, flags=re.S):
            text = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", paragraph))).strip()
            found += [line for line in re.split(r"(?<=[.!?]) ", text) if 30 < len(line) < 160]
    kept = [line for line in found if not re.search(r"[/@_<>|\\{}=]", line)]
    random.Random(1).shuffle(kept)
    return kept


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description="Make the texts that are read.")
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for language, folder in FOLDERS.items():
        (out / f"book-{language}.txt").write_text("\n".join(sentences(BOOK / folder)) + "\n", "utf-8")
        shutil.copy(HERE / f"talk-{language}.txt", out)


if __name__ == "__main__":
    main()
