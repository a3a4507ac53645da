"""Faults: what was called, what was missed, what was called wrongly; and how soon."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.lab.bench.clips import Clip
from tests.lab.bench.match import Entry, cue_delay_s, is_same
from tests.lab.bench.stats import Figure, median, share, spread, tally

BINS = (0.0, 0.5, 0.8, 1.0, 1.25, 1.6, 2.2, 99.0)
"""Edges of the detection curve: the true magnitude as a multiple of its threshold."""

JUDGED = frozenset({"good", "plain", "over", "under", "sizes", "room", "visitor"})


@dataclass
class Tally:
    """What happened to one fault of one exercise."""

    told: dict[str, list[bool]] = field(default_factory=lambda: {"plain": [], "over": [], "under": []})
    """By kind of clip: whether each true fault (under: each near miss) of a clip about it was called."""
    right: int = 0
    wrong: int = 0
    near: int = 0
    """Calls where it was true, where it was not, and where it was there but below its threshold."""
    curve: list[tuple[float, bool]] = field(default_factory=list)
    """True magnitude over threshold, and whether it was called."""
    delays_s: list[float] = field(default_factory=list)
    cue_delays_s: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, Figure]:
        """Recall by kind, precision, delays."""
        found = {f"recall_{kind}": share(sum(self.told[kind]), len(self.told[kind])) for kind in ("plain", "over")}
        found["under_flagged"] = share(sum(self.told["under"]), len(self.told["under"]))
        found["precision"] = share(self.right, self.right + self.wrong)
        found["delay"] = spread(self.delays_s, median, "s")
        found["cue_delay"] = spread(self.cue_delays_s, median, "s")
        return found

    def detection(self) -> list[tuple[str, Figure]]:
        """Share called by true magnitude."""
        rows = []
        for low, high in itertools.pairwise(BINS):
            inside = [hit for ratio, hit in self.curve if low <= ratio < high]
            if inside:
                rows.append((f"{low:g}-{high:g}" if high < 99 else f"over {low:g}", share(sum(inside), len(inside))))
        return rows


def tally_faults(clips: Sequence[Clip]) -> dict[tuple[str, str], Tally]:
    """Every fault by (exercise, name)."""
    tallies: dict[tuple[str, str], Tally] = {}
    for clip in clips:
        if clip.kind in JUDGED:
            _note(clip, tallies)
    return dict(sorted(tallies.items()))


def _note(clip: Clip, tallies: dict[tuple[str, str], Tally]) -> None:
    def of(name: str) -> Tally:
        return tallies.setdefault((clip.exercise, name), Tally())

    for true in clip.truth["faults"]:
        calls = [f for f in clip.found["faults"] if is_same(true, f)]
        own = of(true["name"])
        if clip.kind in ("plain", "over"):
            own.told[clip.kind].append(bool(calls))
        own.curve.append((ratio_of(true), bool(calls)))
        if calls:
            own.delays_s.append(min(f["start_s"] for f in calls) - true["start_s"])
            delay = cue_delay_s(true, clip)
            own.cue_delays_s += [] if delay is None else [delay]
    for near in clip.truth["near_misses"]:
        is_called = any(is_same(near, f) for f in clip.found["faults"])
        if clip.kind == "under" and near["name"] == clip.truth["fault"]:
            of(near["name"]).told["under"].append(is_called)
        of(near["name"]).curve.append((ratio_of(near), is_called))
    for call in clip.found["faults"]:
        _judge_call(call, clip, of(call["name"]))


def _judge_call(call: Entry, clip: Clip, own: Tally) -> None:
    """Write down whether a call was true."""
    if any(is_same(true, call) for true in clip.truth["faults"]):
        own.right += 1
    elif any(is_same(near, call) for near in clip.truth["near_misses"]):
        own.near += 1
    else:
        own.wrong += 1


def ratio_of(entry: dict[str, Any]) -> float:
    """How far beyond (over 1) or short of its threshold a magnitude is, whichever way the fault grows."""
    magnitude, threshold = abs(entry["magnitude"]), abs(entry["threshold"])
    if not threshold or not magnitude:
        return 2.0
    is_least = entry["name"] in LEAST
    return float(min(threshold / magnitude if is_least else magnitude / threshold, 50.0))


LEAST = frozenset({"short-hold", "too-fast", "partial-reach", "too-low", "no-flattening", "low-cadence", "stiff",
                   "low-hip-extension", "no-lean"})  # fmt: skip
"""Faults that are worse the smaller their magnitude."""


def overall(clips: Sequence[Clip], tallies: dict[tuple[str, str], Tally]) -> dict[str, Figure]:
    """All faults together; and how often somebody who does it well is told that they don't."""
    told = {kind: [hit for t in tallies.values() for hit in t.told[kind]] for kind in ("plain", "over", "under")}
    right, wrong, near = (sum(getattr(t, name) for t in tallies.values()) for name in ("right", "wrong", "near"))
    good = [c for c in clips if c.kind == "good"]
    return {
        "plain_recall": share(sum(told["plain"]), len(told["plain"])),
        "over_recall": share(sum(told["over"]), len(told["over"])),
        "precision": share(right, right + wrong),
        "precision_with_near_misses": share(right, right + wrong + near),
        "under_flagged": share(sum(told["under"]), len(told["under"])),
        "good_reps_called_faulty": _blamed(good),
        "wrong_form_cues_in_good_clips": _wrong_cues(good),
        "delay": spread([d for t in tallies.values() for d in t.delays_s], median, "s"),
        "cue_delay": spread([d for t in tallies.values() for d in t.cue_delays_s], median, "s"),
    }


def _blamed(good: Sequence[Clip]) -> Figure:
    """Share of found repetitions of correct form that carry a fault which isn't true."""
    reps = [rep["faults"] for c in good for rep in c.found["reps"] if not c.truth["faults"]]
    return share(sum(bool(faults) for faults in reps), len(reps))


def _wrong_cues(good: Sequence[Clip]) -> Figure:
    cues = 0
    for clip in good:
        true = {f["name"] for f in clip.truth["faults"]}
        cues += sum(cue["kind"] in ("form", "safety") and cue["name"] not in true for cue in clip.found["cues"])
    return tally(cues, len(good), "cues")
