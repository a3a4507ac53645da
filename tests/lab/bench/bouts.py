"""Bouts: what a run measured against what is true of it."""

from __future__ import annotations

from collections.abc import Sequence

from tests.lab.bench.clips import Clip
from tests.lab.bench.stats import Figure, mean, rmse, share, spread

KINDS = frozenset({"good", "plain", "over", "under", "room"})
FACING_DEG = 20.0


def of_metrics(clips: Sequence[Clip]) -> dict[str, dict[str, Figure]]:
    """By quantity: share of runs in which it is known, mean error (found less true) and RMSE over runs."""
    runs = [c for c in clips if c.kind in KINDS and c.truth.get("bouts") and c.azimuth_deg <= FACING_DEG]
    names = sorted({n for c in runs for n in c.truth["metrics"] if n in c.found["metrics"]})
    rows = {}
    for name in names:
        pairs = [(c.found["metrics"][name], c.truth["metrics"][name]) for c in runs if name in c.truth["metrics"]]
        errors = [found - true for found, true in pairs if found is not None and true is not None]
        unit = name.rsplit("_", 1)[-1]
        rows[name] = {
            "known": share(len(errors), len(pairs)),
            "bias": spread(errors, mean, unit),
            "rmse": spread(errors, rmse, unit),
        }
    return rows
