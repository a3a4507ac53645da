"""Where the bundle starts: the command `formcheck`, also by a double click, which brings no terminal."""

import os
import sys

if sys.stdout is None or sys.stderr is None:  # Windows without a terminal: what is printed goes nowhere
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)

from formcheck.cli.main import main

main()
