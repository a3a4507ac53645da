"""Imports all of the product and opens the tracker, and prints what was run and what was written meanwhile.

    python -m tests.privacy.imported [MODULE ...]

Modules that are named are imported in place of the product. A hook of the interpreter sees every program that is run
and every file that is opened to be written, or made, or moved, whichever Python code does it.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys

seen: list[str] = []
RUNS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty")
WRITES = ("os.mkdir", "os.rename", "os.link", "os.symlink", "os.remove", "os.rmdir", "shutil.move", "shutil.copyfile")
FOR_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


def note(event: str, arguments: tuple[object, ...]) -> None:
    """The hook; it is called for everything."""
    if event in RUNS or event in WRITES:
        seen.append(f"{event} {arguments[:2]}")
    elif event == "open" and arguments[0] != os.devnull and isinstance(flags := arguments[2], int):
        seen.extend([f"open {arguments[0]} to write"] if flags & FOR_WRITING else [])


SCRIPTS = ("__main__", "migrations.env")
"""Files that are run, and never imported."""


def product() -> list[str]:
    """Every module that ships."""
    names = ["formcheck", "exercises"]
    for name in tuple(names):
        package = importlib.import_module(name)
        names += [m.name for m in pkgutil.walk_packages(package.__path__, f"{name}.") if not m.name.endswith(SCRIPTS)]
    return names


if __name__ == "__main__":
    sys.addaudithook(note)
    for each in sys.argv[1:] or product():
        importlib.import_module(each)
    if not sys.argv[1:]:
        from formcheck.pose.watcher import PatientTracker

        with PatientTracker("supine", lambda *_: 1.0) as tracker:
            import numpy

            tracker.observe(numpy.full((72, 128, 3), 90, numpy.uint8), 0.0, 0)
    print(json.dumps({"seen": seen, "modules": sorted(sys.modules)}))
