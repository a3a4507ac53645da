"""Report: the figures as tables in Markdown, between the paragraphs of ``reading.md``, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.lab.bench.clips import Clip
from tests.lab.bench.figures import GOALS
from tests.lab.bench.stats import Figure
from tests.lab.bench.words import in_words

READING = Path(__file__).with_name("reading.md")

WORDS = {
    "off_by_one": "off by at most one",
    "exact": "exact",
    "mean_absolute_error": "mean absolute error",
    "side_right": "side right",
    "hold_error_median": "hold error, median",
    "hold_error_p95": "hold error, p95",
    "hold_bias": "hold, mean error",
    "recall_plain": "recall, plain",
    "recall_over": "recall, just over",
    "under_flagged": "flagged just under",
    "arches_told": "arches of at least 12 mm told (gap under the back, sag of the outline)",
    "arches_told_by_hollow": "the same, 12 mm of the outline's hollow",
    "false_in_200_good_reps": "false calls about the back in 200 good repetitions",
    "contour_held": "contour held",
    "change_held": "change held",
    "change_rmse_at_250_px": "change rmse at 250 px",
}


def write(figures: dict[str, Any], clips: Sequence[Clip], folder: Path) -> None:
    """Write ``accuracy.md`` and ``accuracy.json`` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "accuracy.json").write_text(json.dumps(as_json(figures), indent=1) + "\n", encoding="utf-8")
    (folder / "accuracy.md").write_text(as_markdown(figures, clips), encoding="utf-8")


def as_json(value: Any) -> Any:
    """The figures as plain values."""
    if isinstance(value, Figure):
        return value.as_dict()
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    return value


def as_markdown(figures: dict[str, Any], clips: Sequence[Clip]) -> str:
    """The whole page: every ``{{ name }}`` of the reading becomes a table."""
    people = {c.truth["figure"]["name"] for c in clips}
    tables = {
        "goals": goals_table(figures),
        "words": in_words(figures),
        "clips": f"{len(clips)} clips, {len(people)} bodies, {sum(len(c.truth['reps']) for c in clips)} repetitions, "
        f"{sum(len(c.truth['faults']) for c in clips)} faults, {len({c.exercise for c in clips})} exercises",
        "by_exercise": _figure_table(figures["by_exercise"], "exercise"),
        "by_fault": _figure_table(figures["by_fault"], "fault"),
        "attempts": _flat(figures["attempts"]),
        "life": _flat(figures["life"]),
        "detection": detection_table(figures["detection"]),
        "back": _figure_table({"judged by the outline": figures["back"], **figures["back_by_exercise"]}, "exercise"),
        "back_risk": _rows(
            ("share of frames judged", "wrong sign"), [(f"{c:.0%}", f) for c, f in figures["back_risk"]]
        ),
        "ways_by_exercise": _dict_rows(figures["back_ways"]["by_exercise"]),
        "ways_by_view": _dict_rows(figures["back_ways"]["by_view"]),
        "ways_by_clothing": _dict_rows(figures["back_ways"]["by_clothing"]),
        "ways_held": _figure_table(figures["back_ways_held"], "way"),
        "arches": _flat(figures["arches"]),
        "arches_by_size": _figure_table(figures["arches_by_size"], "true change of the hollow"),
        "rivals_arch": _flat(figures["rivals_arch"]),
        "rivals_rules": _figure_table(figures["rivals_rules"], "rule"),
        "rivals_count": _figure_table(figures["rivals_count"], "rule"),
        "running": _figure_table(figures["running"], "quantity"),
        "faults": _flat(figures["faults"]),
        "reps": _flat({**figures["reps"], **figures["holds"]}),
        "seeing": _flat(figures["seeing"]),
        "angles": _dict_rows(figures["angles_brief"]),
        "thresholds": _dict_rows(figures["thresholds"]),
    }
    page = READING.read_text(encoding="utf-8")
    for name, table in tables.items():
        page = page.replace("{{ " + name + " }}", table)
    return page


def goals_table(figures: dict[str, Any]) -> str:
    """Every goal, what was measured, and whether it is reached."""
    rows = []
    for goal in GOALS:
        figure = figures[goal.path[0]].get(goal.path[1])
        is_met = goal.is_met(figure) if figure else None
        sign = "≥" if goal.is_least else "≤"
        met = {True: "yes", False: "**no**", None: "no data"}[is_met]
        rows.append((goal.text, f"{sign} {goal.target:g}", figure or "no data", met))
    return _rows(("goal", "wanted", "measured (95 % interval)", "reached"), rows)


def detection_table(curves: dict[str, list[tuple[str, Figure]]]) -> str:
    """Share of a fault that is called, by its true size over its threshold."""
    bins = ["0-0.5", "0.5-0.8", "0.8-1", "1-1.25", "1.25-1.6", "1.6-2.2", "over 2.2"]
    rows = []
    for name, curve in curves.items():
        known = dict(curve)
        if known:
            rows.append((name, *(f"{known[b].value:.2f} ({known[b].count})" if b in known else "" for b in bins)))
    return _rows(("fault", *bins), rows)


def _figure_table(groups: dict[str, dict[str, Figure]], what: str) -> str:
    columns = list(dict.fromkeys(name for group in groups.values() for name in group))
    rows = [(name, *(group.get(column, "") for column in columns)) for name, group in groups.items()]
    return _rows((what, *(WORDS.get(c, c.replace("_", " ")) for c in columns)), rows)


def _flat(group: dict[str, Figure]) -> str:
    return _rows(("figure", "value"), [(WORDS.get(n, n.replace("_", " ")), f) for n, f in group.items()])


def _dict_rows(rows: Sequence[dict[str, Any]]) -> str:
    if not rows:
        return "no data"
    columns = tuple(rows[0])
    return _rows(tuple(c.replace("_", " ") for c in columns), [tuple(r[c] for c in columns) for r in rows])


def _rows(columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> str:
    if not rows:
        return "no data"
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if isinstance(value, Figure):
        return value.text()
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
