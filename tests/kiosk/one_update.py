"""One update in a process of its own: `python -m tests.kiosk.one_update STICK PREFIX` prints what came of it."""

from __future__ import annotations

import sys
from pathlib import Path

from formcheck.kiosk.update import Place, update
from formcheck.system.errors import FormcheckError

if __name__ == "__main__":
    stick, prefix = map(Path, sys.argv[1:])
    try:
        print(update(stick, Place(prefix, prefix / "vendor.pub", hidden=())))
    except FormcheckError as error:
        print(error)
