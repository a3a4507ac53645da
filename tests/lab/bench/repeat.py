"""Repeatability: is a recording judged the same after a change that nobody sees?

    python -m tests.lab.bench.repeat --cache DIR [--out docs/repeatability.md] [--changes 4] [EXERCISE=CLIP...]

Every clip is watched as it is and after each change of `changes.py`; the pose streams are kept in the cache, so that
other rules can be tried on them without a tracker (`--kept`). What is compared is the findings of the whole product.
With `--wobble 3` the streams themselves are changed, three times, by the noise that such changes were measured to make
(`wobble.py`): EXERCISE=STREAM.npz; default: those of the demo clips and of the small set.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

from formcheck.camera import Source, open_source
from formcheck.core.rules.exercise import Exercise
from formcheck.pipeline.recorded import analyse
from formcheck.pose import PatientTracker
from formcheck.pose.recording import Recording, save_recording
from formcheck.session.registry import load_exercises
from formcheck.session.set import start_score
from tests.lab.bench.changes import AS_IT_IS, CHANGES, Change, encode
from tests.lab.bench.keep import SMALL
from tests.lab.bench.match import Entry, overlap
from tests.lab.bench.stats import share
from tests.lab.bench.wobble import wobbled

ROOT = Path(__file__).parents[3]
SAME_MIN = 0.3
"""Share of their common time that two repetitions share when they are one."""
JUDGED_MIN = 0.6
"""Share of the time from which a fault that was not told is one that was not there."""

Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sameness:
    """What stayed the same after changes, of how many repetitions; sums of several add up."""

    reps: int = 0
    """Repetitions found in either of two."""
    counted: int = 0
    """Found in both."""
    sides: int = 0
    """Of those, with the same side."""
    verdicts: int = 0
    faults: int = 0
    """With the same faults told."""
    contradictions: int = 0
    """Of those found in both, with a fault that is told in one and surely not there in the other."""
    opposite_sides: int = 0
    """Of those found in both, with one side in one and the other in the other."""

    def __add__(self, other: Sameness) -> Sameness:
        return Sameness(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Sameness)))


def compare(one: Found, two: Found) -> Sameness:
    """Two findings of one recording."""
    pairs = match(one["reps"], two["reps"])
    return Sameness(
        len(one["reps"]) + len(two["reps"]) - len(pairs),
        len(pairs),
        sum(a["side"] == b["side"] for a, b in pairs),
        sum(a["verdict"] == b["verdict"] for a, b in pairs),
        sum(set(a["faults"]) == set(b["faults"]) for a, b in pairs),
        sum(_contradicts(a, b) or _contradicts(b, a) for a, b in pairs),
        sum({a["side"], b["side"]} == {"left", "right"} for a, b in pairs),
    )


def match(one: Sequence[Entry], two: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """Pairs of repetitions that are the same movement, each used once, the best overlap first."""
    ranked = sorted(
        ((overlap(a, b), i, j) for i, a in enumerate(one) for j, b in enumerate(two)), key=lambda x: (-x[0], *x[1:])
    )
    left, right = set(range(len(one))), set(range(len(two)))
    pairs = []
    for value, i, j in ranked:
        if value >= SAME_MIN and i in left and j in right:
            left.remove(i)
            right.remove(j)
            pairs.append((one[i], two[j]))
    return pairs


def _contradicts(a: Entry, b: Entry) -> bool:
    """Whether a fault of one repetition is surely none in the other."""
    return any(name not in b["faults"] and b["judged"].get(name, 0.0) >= JUDGED_MIN for name in a["faults"])


def watch(clip: Path, exercise: Exercise, change: Change, out: Path) -> None:
    """Watch a clip after a change as the product does, and keep its pose stream."""
    with tempfile.TemporaryDirectory() as folder:
        source = open_source(str(encode(clip, change, Path(folder))))
        with source, PatientTracker(exercise.posture, partial(start_score, exercise)) as tracker:
            stream = []
            for index, frame in _pictures(source, change):
                tracked = tracker.observe(change.paint(frame.image, index), frame.t_s, frame.index)
                stream.append((tracked.pose, tracked.back))
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("wb") as file:
        save_recording(file, [(pose, back) for pose, back in stream if back is not None], {"path": clip.name})


def _pictures(source: Source, change: Change) -> Iterator[tuple[int, Any]]:
    for index, frame in enumerate(iter(source.read, None)):
        if index >= change.drop:
            yield index, frame


def findings(poses: Path, exercise: Exercise) -> Found:
    """What the rules of today find in a kept pose stream."""
    return analyse(str(poses), exercise).findings.as_dict()


@dataclass(frozen=True, slots=True)
class Row:
    """One clip after one change, against itself."""

    clip: str
    exercise: str
    change: str
    same: Sameness
    differences: tuple[str, ...] = ()


def rows_of(clips: Iterable[tuple[Path, str]], cache: Path, changes: Sequence[Change], *, is_kept: bool) -> list[Row]:
    """Watch (unless only what is kept is asked for) and compare."""
    rows = []
    exercises = load_exercises().exercises
    for clip, name in clips:
        exercise = exercises[name]
        found = {}
        for change in (AS_IT_IS, *changes):
            poses = cache / f"{clip.stem}@{change.name}.npz"
            if not poses.exists() and not is_kept:
                try:
                    watch(clip, exercise, change, poses)
                except subprocess.CalledProcessError:
                    print(f"{clip.stem}: this ffmpeg can't make {change.name}; left out", file=sys.stderr)
            if poses.exists():
                found[change.name] = findings(poses, exercise)
        if AS_IT_IS.name in found:
            own = found.pop(AS_IT_IS.name)
            rows += [Row(clip.stem, name, c, compare(own, f), tuple(_differences(own, f))) for c, f in found.items()]
    return rows


def rows_of_streams(streams: Iterable[tuple[Path, str]], times: int) -> list[Row]:
    """The same of pose streams with so many draws of noise."""
    rows = []
    exercises = load_exercises().exercises
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder) / "stream.npz"
        for path, name in streams:
            own, stream = findings(path, exercises[name]), list(Recording(path))
            for seed in range(times):
                with changed.open("wb") as file:
                    save_recording(file, wobbled(stream, seed), {"path": path.name})
                found = findings(changed, exercises[name])
                told = tuple(_differences(own, found))
                rows.append(Row(path.stem, name, "noise of a re-encoding", compare(own, found), told))
    return rows


def _differences(own: Found, other: Found) -> Iterator[str]:
    """In words, what is not the same."""
    pairs = match(own["reps"], other["reps"])
    kept = [id(e) for pair in pairs for e in pair]
    yield from (f"lost {e['start_s']:.1f} s" for e in own["reps"] if id(e) not in kept)
    yield from (f"new {e['start_s']:.1f} s" for e in other["reps"] if id(e) not in kept)
    for a, b in pairs:
        for what in ("side", "verdict", "faults"):
            if a[what] != b[what]:
                yield f"{a['start_s']:.1f} s {what}: {a[what]} -> {b[what]}"


HEAD = ("repetitions", "count", "side", "verdict", "faults", "contradicted", "other side")


def as_table(rows: Sequence[Row], by: str) -> str:
    """Markdown: one line a value of a field of `Row`, and one of all."""
    lines = [f"| {by} | " + " | ".join(HEAD) + " |", "|---" * (len(HEAD) + 1) + "|"]
    values = dict.fromkeys(getattr(row, by) for row in rows)
    lines += [_line(value, [row.same for row in rows if getattr(row, by) == value]) for value in values]
    return "\n".join([*lines, _line("**all**", [row.same for row in rows])])


def _line(name: str, parts: Sequence[Sameness]) -> str:
    total = sum(parts, Sameness())
    shares = [
        share(hits, count).value
        for hits, count in (
            (total.counted, total.reps),
            (total.sides, total.counted),
            (total.verdicts, total.counted),
            (total.faults, total.counted),
        )
    ]
    numbers = [f"{value:.3f}" for value in shares]
    return f"| {name} | {total.reps} | {' | '.join(numbers)} | {total.contradictions} | {total.opposite_sides} |"


def main() -> int:
    """Watch, compare, print, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.lab.bench.repeat")
    parser.add_argument("clips", nargs="*", help="EXERCISE=CLIP; default: the clips that ship")
    parser.add_argument("--cache", type=Path, default=ROOT / ".lab" / "repeat", help="folder of pose streams")
    parser.add_argument("--changes", type=int, default=len(CHANGES), help="only so many of the changes")
    parser.add_argument("--kept", action="store_true", help="judge only the pose streams that are there")
    parser.add_argument("--wobble", type=int, default=0, help="change pose streams, so many times each")
    parser.add_argument("--differences", action="store_true", help="list what is not the same")
    parser.add_argument("--out", type=Path, help="also write the figures there, as JSON")
    choice = parser.parse_args()
    inputs = choice.clips or (_streams() if choice.wobble else _shipped())
    clips = [(Path(path), name) for name, _, path in (text.partition("=") for text in inputs)]
    if choice.wobble:
        rows = rows_of_streams(clips, choice.wobble)
    else:
        rows = rows_of(clips, choice.cache, CHANGES[: choice.changes], is_kept=choice.kept)
    print(as_table(rows, "change"), as_table(rows, "exercise"), sep="\n\n")
    if choice.differences:
        print(*(f"{row.clip} {row.change}: {text}" for row in rows for text in row.differences), sep="\n")
    if choice.out:
        choice.out.write_text(json.dumps([_plain(row) for row in rows], indent=1) + "\n", encoding="utf-8")
    return 0


def _shipped() -> list[str]:
    """The demo clips, each with its exercise."""
    return [f"{p.stem.removeprefix('demo-')}={p}" for p in sorted((ROOT / "assets" / "clips").glob("demo-*.mp4"))]


def _streams() -> list[str]:
    """The pose streams of the repository in which something is counted, each with its exercise."""
    demo = [f"{p.stem}={p}" for p in sorted((ROOT / "tests" / "recordings").glob("*.npz"))]
    small = [p for p in sorted(SMALL.glob("*.poses.npz")) if ".life." not in p.name and ".hidden." not in p.name]
    return demo + [f"{p.name.partition('.')[0]}={p}" for p in small]


def _plain(row: Row) -> dict[str, Any]:
    same = {f.name: getattr(row.same, f.name) for f in fields(Sameness)}
    return {"clip": row.clip, "exercise": row.exercise, "change": row.change, **same}


if __name__ == "__main__":
    sys.exit(main())
