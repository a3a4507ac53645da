"""Words: what the figures say in plain sentences, so that the reading of the page never disagrees with its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.lab.bench.clips import SHIPPED
from tests.lab.bench.figures import GOALS
from tests.lab.bench.stats import Figure

FAIR = 0.9
"""A share from here on is good enough not to be named."""
FEW = 10
"""A figure of fewer observations proves little either way."""


def in_words(figures: Mapping[str, Any]) -> str:
    """Where FormCheck is good and where it isn't, as two lists."""
    good = [*_goals(figures, is_met=True), *_counts(figures, is_good=True), *_faults(figures, is_good=True)]
    bad = [*_goals(figures, is_met=False), *_counts(figures, is_good=False), *_faults(figures, is_good=False)]
    good, bad = (lines + _backs(figures, is_good) for lines, is_good in ((good, True), (bad, False)))
    few = _few(figures)
    parts = ["Good:", "", *(good or ["- nothing yet"]), "", "Not good:", "", *(bad or ["- nothing that was measured"])]
    return "\n".join([*parts, *(["", few] if few else [])])


def _goals(figures: Mapping[str, Any], *, is_met: bool) -> list[str]:
    """Goals that are reached, in one line; those that aren't, each with what was measured."""
    own = [(goal, figures[goal.path[0]].get(goal.path[1])) for goal in GOALS]
    hits = [(goal, figure) for goal, figure in own if figure is not None and goal.is_met(figure) is is_met]
    if is_met:
        return [f"- {len(hits)} of {len(GOALS)} goals are reached."] if hits else []
    return [f"- Goal missed: {g.text}: {f.text()}, wanted {'≥' if g.is_least else '≤'} {g.target:g}." for g, f in hits]


def _counts(figures: Mapping[str, Any], *, is_good: bool) -> list[str]:
    """Exercises whose repetitions are counted exactly, or not."""
    rows = {name: row["exact"] for name, row in figures["by_exercise"].items() if row["exact"].count}
    hits = {name: figure for name, figure in rows.items() if (figure.value >= FAIR) is is_good}
    if not hits:
        return []
    if is_good:
        return [f"- Repetitions are counted exactly in at least {FAIR:.0%} of the clips of {_list(hits)}."]
    return [
        f"- Repetitions of {name} are counted exactly in {_share(figure)} of clips." for name, figure in hits.items()
    ]


def _faults(figures: Mapping[str, Any], *, is_good: bool) -> list[str]:
    """Plain faults that are told, missed, or called where they aren't."""
    rows = figures["by_fault"]
    if is_good:
        sure = [
            name for name, row in rows.items() if _is(row, "recall_plain", True) and not _is(row, "precision", False)
        ]
        return [f"- Plain faults that are told and not invented: {_list(sure)}."] if sure else []
    missed = [f"{n} ({_share(r['recall_plain'])})" for n, r in rows.items() if _is(r, "recall_plain", False)]
    invented = [f"{n} ({_share(r['precision'])} of calls true)" for n, r in rows.items() if _is(r, "precision", False)]
    eager = [f"{n} ({_share(r['under_flagged'])})" for n, r in rows.items() if _is(r, "under_flagged", False, most=0.1)]
    lines = (("Plain faults that are missed", missed), ("Faults that are called where there is none", invented),
             ("Faults that are called though just under their limit", eager))  # fmt: skip
    return [f"- {what}: {_list(names)}." for what, names in lines if names]


def _is(row: Mapping[str, Figure], name: str, wanted: bool, most: float | None = None) -> bool:
    """Whether a share is known and is good, or known and isn't."""
    figure = row.get(name)
    if figure is None or not figure.count:
        return False
    return (figure.value >= FAIR if most is None else figure.value <= most) is wanted


def _backs(figures: Mapping[str, Any], is_good: bool) -> list[str]:
    """In which exercises the shipped reading of the back has the smallest error of all ways, and where another has."""
    lines = []
    rows = figures["back_ways"]["by_exercise"]
    for name in sorted({row["of"] for row in rows}):
        known = [r for r in rows if r["of"] == name and r["change_rmse_where_large"].count]
        best = min(known, key=lambda r: float(r["change_rmse_where_large"].value), default=None)
        if best is None or (best["way"] == SHIPPED) is not is_good:
            continue
        own = next((r["change_rmse_where_large"] for r in known if r["way"] == SHIPPED), None)
        text = f"error {best['change_rmse_where_large'].text()} where the back truly moves"
        if is_good:
            lines.append(f"- The low back in {name}: no other way is nearer; {text}.")
        else:
            lines.append(
                f"- The low back in {name}: {best['way']} is nearer; {text}, ours {own.text() if own else '-'}."
            )
    return lines


def _few(figures: Mapping[str, Any]) -> str:
    """Goals that rest on few observations."""
    few = [g.text for g in GOALS if (f := figures[g.path[0]].get(g.path[1])) is not None and 0 < f.count < FEW]
    return f"Fewer than {FEW} observations, so read with care: {_list(few)}." if few else ""


def _share(figure: Figure) -> str:
    return f"{figure.value:.0%}, n={figure.count}"


def _list(names: Any) -> str:
    return ", ".join(names)
