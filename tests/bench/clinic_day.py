"""A whole day of a clinic's kiosk, and how it stood it.

    python -m tests.bench.clinic_day [--visitors 40] [--kills 50] [--seed 1]

Visitors are drawn at random; the supervisor, its processes, pages, rules and records are the real ones. Their joints
are those of the laboratory's recorded people, and time is invented: a day takes minutes.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from formcheck.session.registry import load_exercises
from tests.kiosk.running import PSEUDONYM, Day, run_day


def main() -> None:
    """Run a day and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visitors", type=int, default=40)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as home:
        (Path(home) / "tmp").mkdir()
        before = files(Path(home))
        day = run_day(Path(folder), Path(home), str(asked.visitors), seed=asked.seed, kills=asked.kills, said=print)
        report(day, sorted(files(Path(home)) - before))


def files(folder: Path) -> set[str]:
    """Every file, with its size and time."""
    return {
        f"{p.relative_to(folder)} {p.stat().st_size} {p.stat().st_mtime_ns}" for p in folder.rglob("*") if p.is_file()
    }


def report(day: Day, changed: list[str]) -> None:
    """The figures of the issue."""
    print(f"\n{len(day.visits)} visits seen to the end, {len(day.lost)} killed in the midst")
    print("kinds:", dict(Counter(visit["kind"] for visit in day.visits)))
    wrong = [v["file"] for v in day.visits if not is_right(v)]
    print("results that are not right:", wrong or "none")
    print(
        "visits that ended otherwise than they may:",
        [v["file"] for v in day.visits if v["end"] not in v["ends"]] or "none",
    )
    print("leaks to somebody else:", leaks(day) or "none")
    print("files that changed:", changed or "none")
    if day.killed:
        slowest = sorted(day.killed)
        median, most = slowest[len(slowest) // 2], slowest[-1]
        print(f"killed {len(slowest)} times: page again after {median:.2f} s (median), {most:.2f} s (most)")
    if day.rss_kb:
        print(f"memory of the supervisor: {day.rss_kb[0]} kB at the first visit, {day.rss_kb[-1]} kB at the last")


def is_right(visit: dict[str, Any]) -> bool:
    """Whether the record holds what the person has done."""
    reps = sum(each["reps"] for each in visit["sets"])
    return bool(reps == visit["reps"] if visit["reps"] is not None else reps <= visit["most"])


def leaks(day: Day) -> list[str]:
    """What was shown to somebody and belongs to somebody else."""
    usual = {exercise.title for exercise in load_exercises().exercises.values()} | {str(n) for n in range(61)}
    usual |= set().union(*(visit["labels"] for visit in day.visits[:3]))
    usual |= {"Still there?", "Press any key, or step into the picture."}
    numbers = {number for text in usual for number in re.findall(r"\d+", text)}
    found = [
        f"{v['file']}: {text}"
        for v in day.visits
        for text in v["labels"]
        if set(re.findall(r"\d+", text)) - numbers  # the pages themselves come in the language that somebody chose
    ]
    for visit in day.visits:
        for secret in (PSEUDONYM, *visit["secrets"]):
            for other in day.visits:
                if other is not visit and other["secrets"] != visit["secrets"]:
                    found += [f"{other['file']}: {text}" for text in other["all"] if secret in text.replace(" ", "")]
    return found


if __name__ == "__main__":
    main()
