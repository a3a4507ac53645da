"""Where the bundle starts: the command `formcheck`, also by a double click, which brings no terminal."""

import multiprocessing
import os
import sys

if sys.stderr is None:  # Windows without a terminal: what is printed goes nowhere, from native libraries too
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    sys.stdout = sys.stderr = os.fdopen(2, "w", encoding="utf-8")

from formcheck.cli.main import main

multiprocessing.freeze_support()  # a worker of `archive score` is this same program, and goes no further
main()
