"""What is heard, and when: `python -m tests.bench.cues [FOLDER…]`.

Recorded pose streams with their truth run through a live set, its feedback and the queue of the voice, in invented time
and with the true lengths of the clips. A row is a cue: when its fault began in truth, when it was decided, heard and
over, and whether it was still true when it began to be heard. Folders hold `NAME.poses.npz` and `NAME.truth.json`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.core.body.tracked import track
from formcheck.core.feedback.queue import GAP_S, SENTENCE_GAP_S, SpeechQueue, clip_name
from formcheck.core.rules.events import Cue
from formcheck.core.rules.exercise import Exercise, Fault
from formcheck.pose.recording import Recording
from formcheck.session.registry import load_exercises
from formcheck.session.set import Set, Update
from formcheck.voice.clips import clip_duration_s

ROOT = Path(__file__).parent.parent
SMALL = ROOT / "lab" / "bench" / "small"
STILL_S = 2.0
"""Seconds for which each stream's first pose is held before it: the recordings open when the start pose is taken."""
TURN_S = 0.02
"""Seconds between two turns of the window's loop."""
LATENCY_S = 0.11
"""From a picture to the first sample of sound, beside what is decided: 84 ms from the camera to the pose (median) and
a buffer of 21 ms (design.md, 7)."""
WORD_S, ENDS_S = 60 / 155, 0.11
"""Length of a clip that is not rendered yet: its words at 155 a minute, and its ends."""
SLACK_S = 0.5
"""Truth is that of the body's script; a measured repetition or fault begins and ends about so much off."""
AFTER_S = 5.0
"""Seconds after a repetition for which what is said of it is about it."""


def length_s(cue: Cue) -> float:
    """How long a cue is heard."""
    known = clip_duration_s(cue.name)
    return known or len(cue.text.split()) * WORD_S + ENDS_S


@dataclass(frozen=True, slots=True)
class Row:
    """One cue. Times are seconds of the recording, NaN where there is none."""

    clip: str
    name: str
    kind: str
    is_watched: bool
    """Whether it is about a fault of severity 2 or 3 that is watched from picture to picture."""
    onset_s: float
    decided_s: float
    spoken_s: float
    ended_s: float
    is_true: bool | None
    """Whether it was true when it began to be heard; None where truth says nothing about it, or it was not heard."""
    is_urgent: bool
    is_joined: bool

    @property
    def delay_s(self) -> float:
        """From the onset in truth to the first sample of sound."""
        return self.spoken_s - self.onset_s


@dataclass(frozen=True, slots=True)
class Report:
    """What was heard in some recordings."""

    rows: tuple[Row, ...]
    untold: tuple[tuple[str, str, float], ...]
    """Watched faults of truth that were not told while they lasted: (clip, fault, onset)."""
    length_s: float

    @property
    def delays_s(self) -> list[float]:
        """Of watched faults, told while they lasted, in order of size."""
        return sorted(row.delay_s for row in self.rows if row.is_watched and not math.isnan(row.delay_s))

    @property
    def untrue(self) -> list[Row]:
        """What was not true when it was heard."""
        return [row for row in self.rows if row.is_true is False]

    @property
    def talking(self) -> float:
        """Share of the time in which something is said."""
        return sum(row.ended_s - row.spoken_s for row in self.rows if not math.isnan(row.spoken_s)) / self.length_s

    @property
    def silences_s(self) -> list[float]:
        """Between two sentences that follow each other in one recording, where the second one is not urgent."""
        heard = [row for row in self.rows if not math.isnan(row.spoken_s) and row.kind != "count"]
        heard.sort(key=lambda row: (row.clip, row.spoken_s))
        plain = [(a, b) for a, b in itertools.pairwise(heard) if a.clip == b.clip and not (b.is_urgent or b.is_joined)]
        return sorted(b.spoken_s - a.ended_s for a, b in plain)


class Truth:
    """What is true of a recording, at any of its times."""

    def __init__(self, exercise: Exercise, truth: dict[str, Any]) -> None:
        self._rules = {rule.name: rule for rule in exercise.all_faults}
        self._uncounted = {fault.name for fault in exercise.end_faults if fault.on == "attempt"}
        self._reps = [rep for rep in truth["reps"] if not self._uncounted & set(rep["faults"])]
        self._faults = [_shown(fault) for fault in truth["faults"]]
        self._is_life = truth.get("kind") == "life"
        self._prefix = f"{exercise.name}."

    def watched(self) -> list[dict[str, Any]]:
        """The faults that are to be told at once."""
        return [fault for fault in self._faults if self.is_watched(fault["name"])]

    def is_watched(self, name: str) -> bool:
        """Whether a fault is one of severity 2 or 3 that is watched from picture to picture."""
        rule = self._rules.get(name)
        return isinstance(rule, Fault) and rule.severity >= 2

    def fault_of(self, cue: Cue) -> str:
        """The fault that a cue names, empty for none."""
        name = cue.name.removeprefix(self._prefix).removesuffix("-again").removesuffix("-praise")
        return name if cue.name.startswith(self._prefix) and name in self._rules else ""

    def onset_s(self, cue: Cue, t: float) -> float:
        """When the fault began that a form cue at `t` is about; NaN where truth knows none."""
        name = self.fault_of(cue)
        found = [f["start_s"] for f in self._faults if f["name"] == name and _is_in(t, f, self._after(name))]
        return max(found, default=math.nan) if cue.kind in ("form", "safety") else math.nan

    def says(self, cue: Cue, t: float) -> bool | None:
        """Whether a cue that is heard at `t` is true; None where truth says nothing about it."""
        if cue.kind == "count":
            return self._counts(cue, t)
        name = self.fault_of(cue)
        if not name or self._is_life:
            return None  # of arms that have come down truth says nothing where nobody exercises
        is_there = not math.isnan(self.onset_s(replace(cue, kind="form"), t))
        return not self._is_wrong(name, t) if cue.kind == "praise" else is_there

    def _after(self, name: str) -> float:
        return SLACK_S if isinstance(self._rules[name], Fault) else AFTER_S

    def _is_wrong(self, name: str, t: float) -> bool:
        """Whether the repetition that is praised had the fault."""
        rep = max((r for r in self._reps if r["end_s"] <= t + SLACK_S), key=lambda r: r["end_s"], default=None)
        return rep is None or name in rep["faults"]

    def _counts(self, cue: Cue, t: float) -> bool | None:
        group, _, number = cue.name.partition(".")
        if group == "count":
            return sum(bool(rep["peak_s"] <= t) for rep in self._reps) == int(number)
        return bool(any(rep["start_s"] + int(number) - SLACK_S <= t <= rep["end_s"] for rep in self._reps))


def _is_in(t: float, fault: dict[str, Any], after_s: float) -> bool:
    return bool(fault["start_s"] - SLACK_S <= t <= fault["end_s"] + after_s)


def _shown(fault: dict[str, Any]) -> dict[str, Any]:
    """A fault from when it shows: truth gives the whole hold for hips that sink in the middle of it (as a squared sine
    over 0.15 to 0.90 of the hold, `tests/lab/glute_bridge.py`)."""
    if fault["name"] != "hips-sag":
        return fault
    share = math.asin(math.sqrt(fault["threshold"] / fault["magnitude"])) / math.pi
    hold_s = fault["end_s"] - fault["start_s"]
    begins, ends = (fault["start_s"] + hold_s * (0.15 + 0.75 * at) for at in (share, 1.0 - share))
    return {**fault, "start_s": begins, "end_s": ends}


def steps_of(poses: Path, exercise: Exercise) -> Iterator[tuple[float, Any]]:
    """(time in the recording, what was seen) of every picture, the still prefix first, at negative times."""
    recorded = list(Recording(poses))
    interval_s = recorded[1][0].t_s - recorded[0][0].t_s
    before = round(STILL_S / interval_s)
    first_s = recorded[0][0].t_s
    for i, (pose, back) in enumerate([recorded[0]] * before + recorded):
        t = i * interval_s if i < before else before * interval_s + pose.t_s - first_s
        seen = track(replace(pose, t_s=t, index=i), replace(back, t_s=t), exercise.posture)
        yield t - before * interval_s + first_s, seen


class _Ear:
    """Says the cues of one recording, and writes down what became of each."""

    def __init__(self, current: Set) -> None:
        self.decided: list[tuple[Cue, float]] = []
        self.spoken: dict[int, tuple[float, float]] = {}
        self._feedback = current.feedback
        self._lengths: dict[str, float] = {}
        self._queue = SpeechQueue(lambda clip: self._lengths.get(clip, 0.0))

    def hear(self, update: Update, t: float) -> None:
        """One picture's cues."""
        self._queue.withdraw(*update.untrue)
        for cue in update.cues:
            self.decided.append((cue, t))
            self._lengths[clip_name(cue.name)] = length_s(cue)
            self._queue.offer(cue)

    def go_on(self, t: float) -> None:
        """One turn of the loop."""
        order = self._queue.next_audio(t)
        for cue in order.lost:
            self._feedback.note_lost(cue)
            i = self._index(cue)
            if i in self.spoken:  # it was cut off
                self.spoken[i] = (self.spoken[i][0], t + LATENCY_S)
        for cue in order.played:
            self._feedback.note_played(cue)
            if cue.is_spoken:
                self.spoken[self._index(cue)] = (t + LATENCY_S, t + LATENCY_S + length_s(cue))

    def _index(self, cue: Cue) -> int:
        return next(i for i, (each, _) in enumerate(self.decided) if each is cue)


def listen(poses: Path, truth: dict[str, Any]) -> tuple[list[Row], list[tuple[str, str, float]], float]:
    """The cues of one recording, its faults that were not told, and its length in seconds."""
    exercise = load_exercises().exercises[truth["exercise"]]
    current, known = Set(exercise, is_live=True), Truth(exercise, truth)
    ear, name, last_s, first_s = _Ear(current), poses.name.partition(".poses")[0], math.nan, math.nan
    for t, seen in steps_of(poses, exercise):
        first_s = t if math.isnan(first_s) else first_s
        for turn in np.arange(last_s, t, TURN_S) if not math.isnan(last_s) else ():
            ear.go_on(float(turn))
        ear.hear(current.update(seen), t)
        ear.go_on(t)
        last_s = t
    rows = [_row(name, cue, decided_s, ear.spoken.get(i), known) for i, (cue, decided_s) in enumerate(ear.decided)]
    told = [row.onset_s for row in rows if row.is_watched and not math.isnan(row.spoken_s)]
    untold = [(name, f["name"], f["start_s"]) for f in known.watched() if f["start_s"] not in told]
    return rows, untold, last_s - first_s


def _row(clip: str, cue: Cue, decided_s: float, spoken: tuple[float, float] | None, known: Truth) -> Row:
    spoken_s, ended_s = spoken or (math.nan, math.nan)
    is_form = cue.kind in ("form", "safety")
    at_s = decided_s if spoken is None else spoken_s
    return Row(
        clip, cue.name, cue.kind, is_form and known.is_watched(known.fault_of(cue)),
        known.onset_s(cue, at_s), decided_s, spoken_s, ended_s,
        None if spoken is None else known.says(cue, spoken_s), cue.is_urgent, cue.is_joined,
    )  # fmt: skip


def measure(recordings: Sequence[tuple[Path, Path]]) -> Report:
    """What is heard in recordings, given as (pose stream, truth)."""
    rows: list[Row] = []
    untold: list[tuple[str, str, float]] = []
    whole_s = 0.0
    for poses, truth in recordings:
        heard, missed, length = listen(poses, json.loads(truth.read_text("utf-8")))
        rows, untold, whole_s = [*rows, *heard], [*untold, *missed], whole_s + length
    return Report(tuple(rows), tuple(untold), whole_s)


def recorded(folders: Sequence[Path] = ()) -> list[tuple[Path, Path]]:
    """The recordings of some folders; without any, the small set and the demo clips that are kept as pose streams."""
    found = [(path, path.with_name(path.name.replace(".poses.npz", ".truth.json")))
             for folder in folders or [SMALL] for path in sorted(folder.glob("*.poses.npz"))]  # fmt: skip
    if not folders:
        clips = ROOT.parent / "assets" / "clips"
        names = sorted(path.stem for path in (ROOT / "recordings").glob("*.npz"))
        found += [(ROOT / "recordings" / f"{name}.npz", clips / f"demo-{name}.truth.json") for name in names]
    return [(poses, truth) for poses, truth in found if truth.exists()]


def as_text(report: Report) -> str:
    """The table, and the figures below it."""
    lines = [f"{'clip':34} {'cue':38} {'onset':>7} {'decided':>7} {'spoken':>7} {'ended':>7}  true"]
    for row in report.rows:
        times = " ".join(f"{'-' if math.isnan(t) else f'{t:.2f}':>7}" for t in
                         (row.onset_s, row.decided_s, row.spoken_s, row.ended_s))  # fmt: skip
        verdict = "not said" if math.isnan(row.spoken_s) else {True: "yes", False: "NO", None: ""}[row.is_true]
        lines.append(f"{row.clip[:34]:34} {row.name:38} {times}  {verdict}")
    delays, silences = report.delays_s, report.silences_s
    lines += [
        "",
        f"onset to sound, severity 2 and 3: median {np.median(delays or [math.nan]):.2f} s, "
        f"p95 {np.percentile(delays or [math.nan], 95):.2f} s, n = {len(delays)}",
        *(f"not told while it lasted: {clip} {name} at {onset:.2f} s" for clip, name, onset in report.untold),
        f"untrue when heard: {len(report.untrue)}; "
        f"praise of what was wrong or unseen: {sum(row.kind == 'praise' for row in report.untrue)}",
        f"talking {100 * report.talking:.0f} % of {report.length_s:.0f} s; least silence between two sentences "
        f"{min(silences, default=math.nan):.2f} s (wanted {SENTENCE_GAP_S} s; urgent and joined ones {GAP_S} s)",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="*", type=Path)
    print(as_text(measure(recorded(parser.parse_args().folder))))
