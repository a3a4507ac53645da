"""A store with ten thousand sessions, on every engine: `make bench-store`, `python -m tests.bench.store`.

It fills a store on SQLite, on SQLCipher and, where FORMCHECK_TEST_POSTGRES says where one is, on a PostgreSQL server
(`python -m tests.store.server .venv/bin/python -m tests.bench.store`), and measures what a person waits for. What
begins with a command is measured in fresh processes. Each figure is a median; seconds of the clock say little where
other programs run, seconds of the processor more, so that both stand there. `--kills` kills a program in a set, by
SIGKILL, so many times.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import mean, median, quantiles
from typing import NamedTuple

from formcheck.core.body.tracked import Tracked
from formcheck.pipeline.diary import Diary
from formcheck.session import wire
from formcheck.session.identity import uuid7
from formcheck.session.session_record import SessionRecord
from formcheck.store import create_store, open_store, upkeep
from formcheck.store.keeper import Keeper
from formcheck.store.keys import CREDENTIAL
from formcheck.store.opening import keys_at_hand
from tests import kept
from tests.bench.store_fill import Content, chain_of, content, fill, forms, place, stream
from tests.store.killing import kill_each
from tests.store.server import VARIABLE
from tests.store.sessions import batches

ENGINES = ("file", "cipher", "server")
NAMES = {"file": "SQLite", "cipher": "SQLCipher", "server": "PostgreSQL"}
GOALS = {
    "menu, added by the store s": 0.5,
    "progress, again s": 1.0,
    "report, person, 8 weeks s": 3.0,
    "report, person, 2 years s": 3.0,
    "report, session s": 3.0,
    "report, last session s": 3.0,
    "a repetition's commit, median ms": 5.0,
    "picture with store / without, processor": 1.05,
}
Figures = dict[str, float]
COMMITS = 300
PICTURES_A_SECOND = 60.0


def child(*words: str, **environment: str) -> tuple[float, float, str]:
    """A process of its own: seconds of the clock, seconds of processors, what it said."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", *words], env={**os.environ, **environment}, stdout=subprocess.PIPE, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, cpu, done.stdout.decode()


def several(name: str, count: int, *words: str) -> Figures:
    """Medians of a command, whole."""
    runs = [child(*words) for _ in range(count)]
    return {f"{name} s": median(run[0] for run in runs), f"{name}, processor s": median(run[1] for run in runs)}


# -- what is read --------------------------------------------------------------------------------------------------


def menus(where: str, count: int) -> Figures:
    """From the command to the menu, in turn without and with the full store."""
    with tempfile.TemporaryDirectory() as empty:
        drawn = {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy", "XDG_DATA_HOME": empty}
        runs: dict[str, list[dict[str, float]]] = {"": [], where: []}
        for _ in range(count):
            for store, found in runs.items():
                words = ("tests.bench.start", "opening", str(time.monotonic()))
                said = child(*words, **drawn, FORMCHECK_STORE=store)[2]
                found.append(json.loads(next(line for line in said.splitlines() if line.startswith("{"))))
    wall, cpu = ([median(each[key] for each in found) for found in runs.values()] for key in ("wall", "cpu"))
    return {
        "menu, without a store s": wall[0],
        "menu, added by the store s": wall[1] - wall[0],
        "menu, added by the store, processor s": cpu[1] - cpu[0],
    }


def progress(where: str, me: str, count: int) -> Figures:
    """The page of progress."""
    runs = [
        json.loads(child("tests.bench.store_looks", "progress", where, me)[2].splitlines()[-1]) for _ in range(count)
    ]
    found: Figures = {}
    for when in ("first", "again"):
        for key, unit in (("wall", " s"), ("cpu", ", processor s")):
            found[f"progress, {when}{unit}"] = median(run[when][key] for run in runs)
    return found


def reports(where: str, folder: Path, me: str, count: int) -> Figures:
    """Reports, as commands."""
    with open_store(where) as store:
        last = store.kept(person=me)[-1].session.session_id
    to = str(folder / "report.html")
    whose = {
        "person, 8 weeks": (me, "--weeks", "8"), "person, 2 years": (me, "--weeks", "104"),
        "session": (last,), "last session": (),
    }  # fmt: skip
    found: Figures = {}
    for name, words in whose.items():
        found |= several(f"report, {name}", count, "formcheck.cli", "report", *words, "--to", to, "--store", where)
    return found


def export(where: str, me: str, count: int) -> Figures:
    """All sessions, as an export takes them."""
    runs = [json.loads(child("tests.bench.store_looks", "export", where, me)[2].splitlines()[-1]) for _ in range(count)]
    return {
        "all sessions s": median(run["all"]["wall"] for run in runs),
        "all sessions, processor s": median(run["all"]["cpu"] for run in runs),
        "all sessions, memory MB": median(run["peak_mb"] for run in runs),
    }


def upkeeping(where: str, count: int, *, is_verified: bool) -> Figures:
    """What a clinic's IT calls."""
    found = several("store status", count, "formcheck.cli", "store", "status", "--store", where)
    if is_verified:
        found |= several("store verify", 1, "formcheck.cli", "store", "verify", "--store", where)
    return found


# -- what is written -----------------------------------------------------------------------------------------------


def commits(where: str, folder: Path) -> Figures:
    """Repetitions through the keeper: what the caller waits, and how long until each is committed."""
    began = time.perf_counter()
    keeper = Keeper(lambda _: open_store(where), folder, lambda: keys_at_hand(where))
    assert keeper.settle(600)
    opening_s = time.perf_counter() - began
    put_us: list[float] = []
    done_ms: list[float] = []
    cpu_ms: list[float] = []
    while len(done_ms) < COMMITS:
        session = kept.session_record(("dead-bug",))
        session.session_id = uuid7()
        keeper.begin(session.session_id, [wire.session_entry(session)], None, session.started_utc)
        for batch in list(batches(session))[1:-1]:
            cpu, at = time.process_time(), time.perf_counter()
            keeper.put(session.session_id, batch)
            put_us.append((time.perf_counter() - at) * 1e6)
            assert keeper.settle(600)
            done_ms.append((time.perf_counter() - at) * 1e3)
            cpu_ms.append((time.process_time() - cpu) * 1e3)
        keeper.put(session.session_id, list(batches(session))[-1])
        assert keeper.settle(600)
        keeper.end(session.session_id)
    assert not keeper.state.trouble, keeper.state.trouble
    keeper.close(600)
    return {
        "keeper ready s": opening_s,
        "a repetition's put us": median(put_us),
        "a repetition's put, p95 us": quantiles(put_us, n=20)[-1],
        "a repetition's commit, median ms": median(done_ms),
        "a repetition's commit, p95 ms": quantiles(done_ms, n=20)[-1],
        "a repetition's commit, processor ms": median(cpu_ms),
    }


def pictures(where: str, count: int) -> Figures:
    """One set's pictures through the chain, without and with what writes them, in turn; all but the tracker."""
    tracked = stream("dead-bug")
    took: dict[bool, list[Took]] = {False: [], True: []}
    for i in range(count + 1):
        for is_kept in (False, True) if i % 2 else (True, False):
            figures = run_set(where if is_kept else None, tracked)
            if i:  # the first is warm-up
                took[is_kept].append(figures)
    pairs = list(zip(took[False], took[True], strict=True))
    found = {
        "picture with store / without, processor": median(b.cpu_s / a.cpu_s for a, b in pairs),
        "picture with store / without": median(b.wall_s / a.wall_s for a, b in pairs),
    }
    for name, runs in (("without", took[False]), ("with store", took[True])):
        found |= {
            f"picture, {name}, processor us": 1e6 * median(run.cpu_s for run in runs),
            f"picture, {name}, p99 ms": 1e3 * median(run.p99_s for run in runs),
            f"begin of a set, {name} ms": 1e3 * median(run.start_s for run in runs),
            f"end of a set, {name} ms": 1e3 * median(run.finish_s for run in runs),
        }
    return found


class Took(NamedTuple):
    """Seconds on the thread of the pictures; of one picture the mean."""

    start_s: float
    wall_s: float
    cpu_s: float
    p99_s: float
    finish_s: float


def run_set(where: str | None, tracked: Sequence[Tracked]) -> Took:
    """The pictures of a set, as many a second as a quick camera sends: the keeper works beside them, not after them."""
    diary = Diary(where, wish=where is not None)
    session = SessionRecord.begin(uuid7(), None)
    chain = chain_of(session, "dead-bug", kept.BEGAN, diary)
    began = time.perf_counter()
    chain.start()
    start_s, walls, cpus = time.perf_counter() - began, [], []
    for each in tracked:
        time.sleep(1 / PICTURES_A_SECOND)
        wall, cpu = time.perf_counter(), time.thread_time()
        chain.step(None, each)
        cpus.append(time.thread_time() - cpu)
        walls.append(time.perf_counter() - wall)
    began = time.perf_counter()
    chain.finish("done")
    finish_s = time.perf_counter() - began
    diary.end(session, None)
    diary.close()
    assert not diary.state.trouble, diary.state.trouble
    return Took(start_s, mean(walls), mean(cpus), quantiles(walls, n=100)[-1], finish_s)


# -- all of it -----------------------------------------------------------------------------------------------------


@contextmanager
def key_at_hand(folder: Path) -> Iterator[None]:
    """A key that a fresh process finds, as a service does."""
    (folder / CREDENTIAL).write_bytes(os.urandom(32).hex().encode())
    os.environ["CREDENTIALS_DIRECTORY"] = str(folder)
    try:
        yield
    finally:
        del os.environ["CREDENTIALS_DIRECTORY"]


def measured(engine: str, folder: Path, full: Content, runs: int, *, is_verified: bool) -> Figures:
    """All figures of one engine."""
    with place(engine, folder) as where:
        began = time.perf_counter()
        store = create_store(where, "none" if engine == "file" else "credential")
        fill(store, full)
        found: Figures = {"fill s": time.perf_counter() - began}
        size = upkeep.status(store).bytes or 0
        store.close()
        found |= show(
            engine, {"kB a session": size / len(full.made) / 1000, "kB a repetition": size / full.reps / 1000}
        )
        parts: list[Callable[[], Figures]] = [
            partial(menus, where, runs), partial(progress, where, full.people[0], runs),
            partial(reports, where, folder, full.people[0], runs), partial(commits, where, folder),
            partial(pictures, where, runs), partial(export, where, full.people[0], 1),
            partial(upkeeping, where, runs, is_verified=is_verified),
        ]  # fmt: skip
        for part in parts:
            found |= show(engine, part())
    return found


def show(engine: str, figures: Figures) -> Figures:
    """Print as it comes."""
    for name, value in figures.items():
        goal = f"   goal {GOALS[name]:g}" if name in GOALS else ""
        print(f"{engine:8s}{name:46s} {value:10.3f}{goal}", flush=True)
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sessions", nargs="?", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--mine", type=int, default=300, help="sessions of the person who is looked at")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--engine", action="append", choices=ENGINES)
    parser.add_argument("--verify", action="store_true", help="time `store verify` too, which folds every session")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    engines = options.engine or [each for each in ENGINES if each != "server" or os.environ.get(VARIABLE)]
    results: dict[str, Figures] = {"machine": {"load before": os.getloadavg()[0], "cores": os.cpu_count() or 0}}
    with tempfile.TemporaryDirectory(prefix="formcheck-bench-") as name, key_at_hand(Path(name)):
        folder = Path(name)
        if options.sessions:
            full = content(forms(folder), options.sessions, options.people, options.mine)
            for engine in engines:
                own = folder / engine
                own.mkdir()
                (own / "station").write_text(full.station, "ascii")
                results[NAMES[engine]] = measured(engine, own, full, options.runs, is_verified=options.verify)
        if options.kills:
            results["kills"] = show("kills", kill_each(folder, options.kills))
    results["machine"]["load after"] = os.getloadavg()[0]
    print(results["machine"])
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
