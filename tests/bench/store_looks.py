"""What is read from a full store, in a process of its own: `python -m tests.bench.store_looks WHAT WHERE PERSON`."""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from datetime import datetime


def timed(call: Callable[[], object]) -> dict[str, float]:
    """Seconds of the clock and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def progress(where: str, person: str) -> None:
    """All that the page of progress waits for; first with the store's libraries still to be loaded, then without."""
    from formcheck.app.sheets import sheets_of
    from formcheck.pipeline.diary import Diary
    from formcheck.session.registry import load_exercises

    registry, diary = load_exercises(), Diary(where, person=person, wish=True)

    def look() -> None:
        sheets = sheets_of(diary.past(), datetime.now().astimezone(), registry)
        assert len(sheets) == 3, diary.state

    first, second = timed(look), timed(look)
    _say({"first": first, "again": second})


def export(where: str, _: str) -> None:
    """Every session of everybody, one after the other, as an export reads them."""
    from formcheck.store import open_store

    with open_store(where) as store:
        found = timed(lambda: sum(1 for _ in store.read(store.listed())))
    _say({"all": found, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})


def _say(figures: dict[str, object]) -> None:
    print(json.dumps(figures), flush=True)


LOOKS = {"progress": progress, "export": export}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=LOOKS)
    parser.add_argument("where")
    parser.add_argument("person")
    asked = parser.parse_args()
    LOOKS[asked.what](asked.where, asked.person)
