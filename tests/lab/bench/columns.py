"""Columns: the same clips through several codes, side by side, with the figures of the split `strange`.

    python -m tests.lab.bench.columns --clips DIR --found NEW --found OLD [--misses]

A folder of findings has one `NAME.json` a clip, as `formcheck analyze CLIP --json` writes it. `--watch FOLDER=CODE`
fills one first, with the checkout CODE, so that no code judges with another's rules.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.lab.bench import counting
from tests.lab.bench.clips import Clip
from tests.lab.bench.match import Entry, is_same, match_reps
from tests.lab.bench.stats import Figure, share

JUDGED_MIN = 0.5
"""A fault counts as judged when it could be seen for this share of the time in which it matters."""

METRIC_OF = {"low-cadence": "cadence_spm", "bouncy": "vertical_oscillation_cm", "waist-lean": "ankle_lean_deg",
             "overstride": "overstride_deg", "hunched-shoulders": "shoulder_hunch_t",
             "over-arch": "lumbar_extension_deg"}  # fmt: skip
"""What a fault of a run is judged by: where it is unknown, nothing can be told."""

WORDS = {
    "exact": "count exact",
    "found_in_time": "true repetitions found",
    "true_in_time": "found repetitions that are true",
    "side_right": "side right",
    "recalled": "plain faults recalled",
    "could_judge": "of those, the code could judge",
    "recalled_where_judged": "recalled where it could",
    "verdicts": "found repetitions with a verdict",
    "precision": "faults called rightly (precision)",
    "good_blamed": "good repetitions and runs called faulty",
    "faulty_clean": "faulty repetitions shown as clean",
    "hold_error_median": "hold error, median",
    "hold_error_p95": "hold error, p95",
    "bouts": "runs found",
}


def read(clips: Path, found: Path) -> list[Clip]:
    """Clips with what a code found in them; clips that it has not seen are left out."""
    rows = []
    for path in sorted(clips.glob("*.truth.json")):
        name = path.name.removesuffix(".truth.json")
        findings = found / f"{name}.json"
        if findings.exists():
            truth, seen = (json.loads(p.read_text(encoding="utf-8")) for p in (path, findings))
            rows.append(Clip(name, clips, truth, seen, found / f"{name}.npz"))
    return rows


def measure(clips: Sequence[Clip]) -> dict[str, Figure]:
    """The figures of one column."""
    reps = counting.of_reps(clips)
    holds = counting.of_holds(clips)
    faults = [(c, f) for c in clips for f in c.truth["faults"]]
    called = [is_called(c, f) for c, f in faults]
    judged = [could_judge(c, f) for c, f in faults]
    pairs = [(t, f) for c in clips for t, f in match_reps(c)]
    verdicts = [f for c in clips for f in c.found["reps"]]
    calls = [_is_true(c, f) for c in clips for f in c.found["faults"]]
    known = [call for call in calls if call is not None]
    runs = [c for c in clips if c.truth.get("bouts")]
    good = [f["verdict"] == "faulty" for t, f in pairs if not t["faults"]]
    good += [bool(c.found["faults"]) for c in runs if not c.truth["faults"] and _is_run(c)]
    bad = [f for t, f in pairs if t["faults"]]
    return {
        **{name: reps[name] for name in ("exact", "found_in_time", "true_in_time", "side_right")},
        "bouts": share(sum(map(_is_run, runs)), len(runs)),
        "recalled": share(sum(called), len(called)),
        "could_judge": share(sum(judged), len(judged)),
        "recalled_where_judged": share(sum(a and b for a, b in zip(called, judged, strict=True)), sum(judged)),
        "verdicts": share(sum(f["verdict"] != "not-judged" for f in verdicts), len(verdicts)),
        "precision": share(sum(known), len(known)),
        "good_blamed": share(sum(good), len(good)),
        "faulty_clean": share(sum(f["verdict"] == "clean" for f in bad), len(bad)),
        "hold_error_median": holds["hold_error_median"],
        "hold_error_p95": holds["hold_error_p95"],
    }


def is_called(clip: Clip, true: Entry) -> bool:
    """Whether a fault was told; a turn that came too early also as an attempt."""
    told = any(is_same(true, found) for found in clip.found["faults"])
    tried = true["rep"] is None and not clip.truth.get("bouts")
    return told or (tried and any(_meet(true, attempt) for attempt in clip.found["attempts"]))


def could_judge(clip: Clip, true: Entry) -> bool:
    """Whether the repetition of a fault was found and that fault could be seen in it."""
    if is_called(clip, true):
        return True
    if clip.truth.get("bouts"):
        return clip.found["metrics"].get(METRIC_OF[true["name"]]) is not None
    return any(_meet(true, rep) and rep["judged"].get(true["name"], 1.0) >= JUDGED_MIN for rep in clip.found["reps"])


def _is_true(clip: Clip, call: Entry) -> bool | None:
    """Whether a call is right; None for one that is there but below its threshold."""
    if any(is_same(true, call) for true in clip.truth["faults"]):
        return True
    return None if any(is_same(near, call) for near in clip.truth["near_misses"]) else False


def _meet(a: Entry, b: Entry) -> bool:
    return bool(a["start_s"] < b["end_s"] and b["start_s"] < a["end_s"])


def _is_run(clip: Clip) -> bool:
    """Whether a bout was found."""
    return bool(clip.found["metrics"].get("steps"))


def misses(clips: Sequence[Clip]) -> Iterator[str]:
    """What differs from the truth, a line each, with its times."""
    for clip in clips:
        reps, found = clip.truth["reps"], clip.found["reps"]
        if len(reps) != len(found):
            yield f"{clip.name}: {len(reps)} repetitions, found {len(found)} {_times(found)} of {_times(reps)}"
        for true in clip.truth["faults"]:
            if not is_called(clip, true):
                seen = "judged" if could_judge(clip, true) else "not judged"
                yield f"{clip.name}: missed {true['name']} {true['magnitude']:.3g} at {true['start_s']:.1f} s, {seen}"
        for call in clip.found["faults"]:
            if _is_true(clip, call) is False:
                yield f"{clip.name}: wrong {call['name']} {call['magnitude']} at {call['start_s']:.1f} s"


def _times(reps: Sequence[Entry]) -> str:
    return " ".join(f"{rep['start_s']:.1f}-{rep['end_s']:.1f}" for rep in reps) or "none"


def watch(clips: Path, found: Path, code: Path) -> None:
    """Analyse every clip with one checkout, in a process of its own."""
    found.mkdir(parents=True, exist_ok=True)
    for path in sorted(clips.glob("*.truth.json"), key=lambda p: p.stat().st_mtime):
        name, truth = path.name.removesuffix(".truth.json"), json.loads(path.read_text(encoding="utf-8"))
        out, settings = found / f"{name}.json", found / f"{name}.toml"
        if out.exists():
            continue
        command = [sys.executable, "-c", "from formcheck.cli.main import main; main()", "analyze"]
        command += [str(clips / f"{name}.mp4"), "-e", truth["exercise"], "--json", str(out)]
        command += ["--poses", str(found / f"{name}.npz")]
        if truth.get("settings"):
            lines = [f"[{truth['exercise']}]", *(f"{key} = {value}" for key, value in truth["settings"].items())]
            settings.write_text("\n".join(lines) + "\n", encoding="utf-8")
            command += ["--settings", str(settings)]
        environment = {**os.environ, "PYTHONPATH": str(code.resolve())}
        done = subprocess.run(command, cwd=code, env=environment, capture_output=True, text=True, check=False)
        print(name, done.stderr[-300:] if done.returncode else "", flush=True)


def table(columns: dict[str, dict[str, Figure]]) -> str:
    """Figures as a table in Markdown, a column for each code."""
    lines = ["| figure | " + " | ".join(columns) + " |", "|---|" + "---|" * len(columns)]
    first = next(iter(columns.values()))
    cells = {name: " | ".join(column[name].text() for column in columns.values()) for name in first}
    lines += [f"| {WORDS[name]} | {row} |" for name, row in cells.items()]
    return "\n".join(lines)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.lab.bench.columns")
    parser.add_argument("--clips", type=Path, required=True, help="folder of clips with their truth")
    parser.add_argument("--found", type=Path, action="append", default=[], help="folder of findings: a column")
    parser.add_argument("--watch", action="append", default=[], metavar="FOLDER=CODE", help="fill a folder first")
    parser.add_argument("--misses", action="store_true", help="list what differs from the truth")
    parser.add_argument("--exercises", action="store_true", help="a table for each exercise too")
    choice = parser.parse_args()
    for pair in choice.watch:
        folder, code = pair.split("=", 1)
        watch(choice.clips, Path(folder), Path(code))
    columns = {folder.name: read(choice.clips, folder) for folder in choice.found}
    common = set.intersection(*({c.name for c in clips} for clips in columns.values())) if columns else set()
    same = {name: [c for c in clips if c.name in common] for name, clips in columns.items()}
    if not common:
        return 0 if choice.watch else 1
    some = next(iter(same.values()))
    people = {c.truth["figure"]["name"] for c in some}
    print(f"{len(some)} clips, {len(people)} bodies, {sum(len(c.truth['reps']) for c in some)} repetitions, "
          f"{sum(len(c.truth['faults']) for c in some)} faults\n")  # fmt: skip
    print(table({name: measure(clips) for name, clips in same.items()}))
    for exercise in sorted({c.exercise for c in some}) if choice.exercises else []:
        own = {name: [c for c in clips if c.exercise == exercise] for name, clips in same.items()}
        print(f"\n{exercise}\n\n{table({name: measure(clips) for name, clips in own.items()})}")
    for name, clips in same.items() if choice.misses else []:
        print(f"\n{name}\n", *misses(clips), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
