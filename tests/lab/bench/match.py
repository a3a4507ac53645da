"""Match: which found repetition is which true one, and which found fault is which true one."""

from __future__ import annotations

from typing import Any

from tests.lab.bench.clips import Clip

OVERLAP_MIN = 0.3
"""Share of the two repetitions' common length that must be shared in time."""

SLACK_S = 0.7
"""A fault may be told this much beside the time at which it is true: it is confirmed late by design."""

Entry = dict[str, Any]


def overlap(a: Entry, b: Entry) -> float:
    """Intersection over union of two spans of time."""
    common = min(a["end_s"], b["end_s"]) - max(a["start_s"], b["start_s"])
    whole = max(a["end_s"], b["end_s"]) - min(a["start_s"], b["start_s"])
    return max(0.0, common / whole) if whole > 0 else 0.0


def match_reps(clip: Clip) -> list[tuple[Entry, Entry]]:
    """Pairs of a true and a found repetition, each used once, the best overlap first."""
    pairs = sorted(
        ((overlap(t, f), i, j) for i, t in enumerate(clip.truth["reps"]) for j, f in enumerate(clip.found["reps"])),
        reverse=True,
    )
    used_true: set[int] = set()
    used_found: set[int] = set()
    matched = []
    for value, i, j in pairs:
        if value >= OVERLAP_MIN and i not in used_true and j not in used_found:
            used_true.add(i)
            used_found.add(j)
            matched.append((clip.truth["reps"][i], clip.found["reps"][j]))
    return matched


def is_same(true: Entry, found: Entry) -> bool:
    """Whether a found fault is this true one (or near miss)."""
    return bool(
        true["name"] == found["name"]
        and found["start_s"] <= true["end_s"] + SLACK_S
        and found["end_s"] >= true["start_s"] - SLACK_S
    )


def cue_delay_s(true: Entry, clip: Clip) -> float | None:
    """Seconds from a true fault's beginning to its first form cue; None without one."""
    later = [
        cue["t_s"] - true["start_s"]
        for cue in clip.found["cues"]
        if cue["name"] == true["name"] and true["start_s"] - SLACK_S <= cue["t_s"] <= true["end_s"] + 5.0
    ]
    return min(later) if later else None
