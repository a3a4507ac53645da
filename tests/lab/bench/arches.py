"""Arches: repetitions in which the low back gives way: how many are told, and how often a good one is blamed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tests.lab.bench.backs import LEAD_S, SIDE_VIEW_DEG, true_hollow_mm
from tests.lab.bench.clips import Clip
from tests.lab.bench.faults import JUDGED
from tests.lab.bench.match import Entry, is_same
from tests.lab.bench.stats import Figure, share

EXERCISES = frozenset({"dead-bug", "bird-dog"})
ARCHES = frozenset({"low-back-arch", "back-sag"})
OF_BACK = ARCHES | {"back-round"}
LEAST_MM = 12.0
"""Arches from here on must be told."""
SIZES_MM = (0.0, 4.0, 8.0, 12.0, 16.0, 24.0, 99.0)
REPS = 200
"""False arches are given in so many good repetitions."""


@dataclass(frozen=True, slots=True)
class Spell:
    """One repetition's low back."""

    clip: Clip
    rep: Entry
    is_arch: bool
    """Whether an arch or a sag was put into it beyond its threshold."""
    is_good: bool
    """Whether nothing at all was done to the back."""
    hollow_mm: float
    """Largest true change of the dressed hollow against the start pose."""
    gap_mm: float
    """The same of the gap under a lying back; on all fours, that of the hollow."""
    is_told: bool
    is_blamed: bool
    """Whether any fault of the back was called."""


def spells(clips: Sequence[Clip]) -> list[Spell]:
    """Every repetition of dead bug and bird dog with the truth of every frame."""
    own = [c for c in clips if c.exercise in EXERCISES and c.kind in JUDGED and c.frames is not None]
    return [_spell(clip, rep) for clip in own for rep in clip.truth["reps"]]


def _spell(clip: Clip, rep: Entry) -> Spell:
    assert clip.frames is not None
    frames = clip.frames
    still, inside = frames["t_s"] < LEAD_S, (frames["t_s"] >= rep["start_s"]) & (frames["t_s"] <= rep["end_s"])
    lines = [true_hollow_mm(frames)]
    lines.append(frames["lumbar_gap_mm"] if clip.exercise == "dead-bug" else lines[0])
    hollow, gap = (float(np.nanmax(line[inside]) - np.nanmedian(line[still])) for line in lines)
    put = [f["name"] for f in (*clip.truth["faults"], *clip.truth["near_misses"]) if f["rep"] == rep["index"]]
    calls = {f["name"] for f in clip.found["faults"] for name in OF_BACK if is_same({**rep, "name": name}, f)}
    is_arch = bool(ARCHES & set(rep["faults"]))
    return Spell(clip, rep, is_arch, not OF_BACK & set(put), hollow, gap, bool(ARCHES & calls), bool(calls))


def figures(clips: Sequence[Clip]) -> dict[str, Figure]:
    """Arches of at least 12 mm told; good repetitions blamed, in 200.

    Arches count in views within 20 degrees of side-on, false ones in every view.
    """
    rows = spells(clips)
    arches = [s for s in rows if s.is_arch and s.clip.azimuth_deg <= SIDE_VIEW_DEG]
    by_gap, by_hollow = ([s for s in arches if getattr(s, name) >= LEAST_MM] for name in ("gap_mm", "hollow_mm"))
    good = [s for s in rows if s.is_good]
    blamed = share(sum(s.is_blamed for s in good), len(good))
    return {
        "arches_told": share(sum(s.is_told for s in by_gap), len(by_gap)),
        "arches_told_by_hollow": share(sum(s.is_told for s in by_hollow), len(by_hollow)),
        "false_in_200_good_reps": replace(
            blamed, value=blamed.value * REPS, low=blamed.low * REPS, high=blamed.high * REPS, unit="false"
        ),
    }


def by_size(clips: Sequence[Clip]) -> dict[str, dict[str, Figure]]:
    """Share of repetitions in which an arch was told, by the true change of the hollow, whatever was put into them."""
    rows = [s for s in spells(clips) if s.clip.azimuth_deg <= SIDE_VIEW_DEG]
    found: dict[str, dict[str, Figure]] = {}
    for name in sorted({s.clip.exercise for s in rows}):
        own = [s for s in rows if s.clip.exercise == name]
        for low, high in itertools.pairwise(SIZES_MM):
            told = [s.is_told for s in own if max(s.hollow_mm, 0.0) >= low and max(s.hollow_mm, 0.0) < high]
            if told:
                size = f"{low:g}-{high:g} mm" if high < 99 else f"over {low:g} mm"
                found.setdefault(name, {})[size] = share(sum(told), len(told))
    return found
