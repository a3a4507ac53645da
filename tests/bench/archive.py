"""Recordings by the thousand, scored again: `python -m tests.bench.archive [COUNT] [--dask] [--json FILE]`.

The copies are made in a temporary folder, each some milliseconds later than the last, so that no two are the same file.
Times of the clock say how it scales only where nothing else runs; processor time a recording says it in any case.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from formcheck.archive.archive import Archive, Order
from formcheck.archive.crews import LOCAL, crew
from formcheck.archive.shelf import Shelf
from formcheck.archive.sources import FolderSource
from formcheck.pose.recording import Recording, save_recording
from formcheck.session.registry import load_exercises

STREAMS = Path(__file__).parents[1] / "recordings"
NAMES = ("dead-bug", "bird-dog", "glute-bridge")
RATE_FPS = 30.0
GOALS = {"times real time a core, as recorded": 50.0, "2 workers / 1 worker": 0.5 * 1.15}


def copies(folder: Path, count: int) -> tuple[float, int]:
    """So many recordings of the tests' streams, of 15 pictures a second; returns how many seconds and pictures they
    hold."""
    pictures, seconds = 0, 0.0
    for name in NAMES:
        recording = Recording(STREAMS / f"{name}.npz")
        stream = list(recording)
        for i in range(NAMES.index(name), count, len(NAMES)):
            later = [(replace(p, t_s=p.t_s + i / 1000), replace(b, t_s=b.t_s + i / 1000)) for p, b in stream]
            (folder / name).mkdir(exist_ok=True)
            with (folder / name / f"{i:05}.npz").open("wb") as file:
                save_recording(file, later, recording.source)
            pictures += len(stream)
            seconds += stream[-1][0].t_s - stream[0][0].t_s
    return seconds, pictures


def processor_s() -> float:
    """Seconds of processor time of this process and of those that it began and that are over."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def score(folder: Path, to: Path, jobs: int, scheduler: str) -> tuple[float, float, int]:
    """Score a folder: seconds of the clock, seconds of processors, recordings."""
    registry = load_exercises()
    shelf = Shelf(to)
    shelf.prepare()
    began, used = time.perf_counter(), processor_s()
    with crew(jobs, scheduler) as workers:
        archive = Archive(FolderSource(folder, frozenset(registry.exercises)), shelf, Order(registry), workers, _show)
        archive.score()
    took = time.perf_counter() - began, processor_s() - used
    archive.difference()
    return *took, archive.scored


def _show(done: int, total: int | None) -> None:
    if done % 100 == 0:
        print(f"  {done} of {total}", file=sys.stderr)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=1000)
    parser.add_argument("--dask", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results: dict[str, float] = {"recordings": options.count, "load": os.getloadavg()[0]}
    with tempfile.TemporaryDirectory(prefix="formcheck-bench-") as place:
        folder = Path(place) / "in"
        folder.mkdir()
        seconds, pictures = copies(folder, options.count)
        for jobs in (1, 2):
            clock_s, used_s, scored = score(folder, Path(place) / f"out{jobs}", jobs, LOCAL if options.dask else "")
            assert scored == options.count
            results |= {
                f"{jobs} workers, clock s": clock_s,
                f"{jobs} workers, processor s": used_s,
                f"{jobs} workers, processor ms a recording": 1000 * used_s / scored,
            }
        began = time.perf_counter()
        score(folder, Path(place) / "out1", 1, "")
        results["all there already, clock s"] = time.perf_counter() - began
    used_s = results["1 workers, processor s"]
    results["processor ms a picture"] = 1000 * used_s / pictures
    results["times real time a core, as recorded"] = seconds / used_s
    results["times real time a core, at 30 pictures/s"] = pictures / RATE_FPS / used_s
    results["2 workers / 1 worker"] = results["2 workers, clock s"] / results["1 workers, clock s"]
    for name, value in results.items():
        goal = f"   goal {GOALS[name]:g}" if name in GOALS else ""
        print(f"{name:42s} {value:9.2f}{goal}")
    if options.json:
        options.json.write_text(json.dumps({k: round(v, 3) for k, v in results.items()}, indent=1) + "\n")


if __name__ == "__main__":
    main()
