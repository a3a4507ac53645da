"""Readable tables on the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from formcheck.core.rules.exercise import Exercise
from formcheck.session.program import dose_in_words
from formcheck.session.record import Counts
from formcheck.session.registry import Registry, load_exercises
from formcheck.system.checks import Diagnosis

MARKS = {"good": "[green]✓ good[/]", "note": "[yellow]• note[/]", "bad": "[red]✗ bad[/]"}

VERDICTS = {"clean": "[green]✓ clean[/]", "faulty": "[yellow]• with a fault[/]", "not-judged": "? not judged"}


def print_findings(data: dict[str, Any], console: Console) -> None:
    """Reps, attempts, faults, cues and what could not be seen."""
    from formcheck.screen.wording import Wording

    wording = Wording.of(load_exercises().get(data["exercise"]))
    console.print(f"[bold]{data['exercise']}[/]: {_in_short(data)}", highlight=False)
    _print_metrics(data["metrics"], console)
    _rows(
        console,
        "Repetitions",
        ("#", "side", "start", "peak", "end", "hold", "verdict", "why"),
        [
            (
                r["index"],
                r["side"] or "-",
                _s(r["start_s"]),
                _s(r["peak_s"]),
                _s(r["end_s"]),
                f"{r['hold_s']:.1f} s",
                VERDICTS[r["verdict"]],
                ", ".join([*r["faults"], *(f"{part} not judged" for part in r["not_judged"])]) or "-",
            )
            for r in data["reps"]
        ],
    )
    _rows(
        console,
        "Not counted",
        ("start", "end", "side", "reason"),
        [(_s(a["start_s"]), _s(a["end_s"]), a["side"] or "-", wording.attempt(a["reason"])) for a in data["attempts"]],
    )
    _rows(
        console,
        "Faults",
        ("name", "start", "end", "severity", "magnitude"),
        [
            (f["name"], _s(f["start_s"]), _s(f["end_s"]), f["severity"], f"{f['magnitude']:.3g} {f['unit']}".strip())
            for f in data["faults"]
        ],
    )
    _rows(
        console,
        "To try next time",
        ("setting", "value", "why"),
        [
            (x["setting"], f"{x['value']:g} {x['unit']}", f"{x['fault']} began near there {x['times']} times")
            for x in data["suggestions"]
        ],
    )
    _rows(console, "Cues", ("time", "kind", "text"), [(_s(c["t_s"]), c["kind"], c["text"]) for c in data["cues"]])
    _rows(
        console,
        "Could not be seen",
        ("part", "start", "end", "what to do"),
        [(u["part"], _s(u["start_s"]), _s(u["end_s"]), u["advice"]) for u in data["unseen"]],
    )


def _in_short(data: dict[str, Any]) -> str:
    metrics, summary = data["metrics"], data["summary"]
    if metrics:
        return f"{metrics['steps']} steps in {metrics['duration_s']:.1f} s."
    counts = Counts(summary["clean_reps"], summary["faulty_reps"], summary["not_judged_reps"])
    verdicts = f": {counts.in_words}" if counts.reps else ""
    attempts = summary["attempts"]
    return (
        f"{counts.reps} {'repetition' if counts.reps == 1 else 'repetitions'}{verdicts}; "
        f"{attempts} {'attempt' if attempts == 1 else 'attempts'} that did not count; "
        f"held {summary['hold_total_s']:.1f} s."
    )


def _print_metrics(metrics: dict[str, Any], console: Console) -> None:
    """Each quantity of a bout with its spread and usual band, or why it is not known."""
    rows = []
    for name, m in metrics.get("details", {}).items():
        is_known = m["value"] is not None
        value = f"{m['value']:.4g} {m['unit']}" if is_known else "unknown"
        spread = f"± {m['spread']:.2g}, {m['n']} steps" if is_known and m["spread"] is not None else ""
        rows.append((name.replace("_", " "), value, spread if is_known else m["reason"], band(*m["band"])))
    _rows(console, "Measured", ("what", "median", "from step to step", "usual"), rows)


def band(low: float | None, high: float | None) -> str:
    """A usual range in words; None = open."""
    if low is None:
        return "-" if high is None else f"up to {high:g}"
    return f"from {low:g}" if high is None else f"{low:g} to {high:g}"


def _s(seconds: float) -> str:
    return f"{seconds:.1f} s"


def _rows(console: Console, title: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    table = Table(title=title, title_justify="left", expand=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    console.print(table)


def print_exercises(registry: Registry, console: Console) -> None:
    """One line an exercise."""
    _rows(
        console,
        "Exercises",
        ("name", "what", "dose"),
        [(e.name, e.line, dose_in_words(e)) for e in registry.exercises.values()],
    )
    for name, reason in registry.broken.items():
        console.print(f"[yellow]{escape(name)} could not be loaded:[/] {escape(reason)}")


def print_exercise(exercise: Exercise, console: Console) -> None:
    """The page of one exercise: what to do, what is looked at, and every number."""
    console.print(f"[bold]{exercise.title}[/] ({exercise.name})\n{exercise.line}\n")
    for i, step in enumerate(exercise.steps, 1):
        console.print(f"  {i}. {step}")
    for fault in exercise.all_faults:
        console.print(f"\n[bold]{fault.name}[/] (severity {fault.severity})", highlight=False)
        page = (
            ("What it checks", fault.checks),
            ("Why it matters", fault.why),
            ("How it is measured", fault.how),
            ("Known limits", fault.limits),
            ("Cue", fault.cue),
            ("Source", fault.source),
        )
        for heading, text in page:
            console.print(f"  {heading}: {text}", highlight=False, markup=False)
    console.print()
    metrics = exercise.bout.metrics if exercise.bout else ()
    rows = [(m.name, m.title, m.unit, band(m.low, m.high), m.source.replace("[", r"\[")) for m in metrics]
    _rows(console, "Measured", ("name", "what", "unit", "usual", "source"), rows)
    _rows(
        console,
        f"Settings, for a TOML file under [{exercise.name}]".replace("[", r"\["),
        ("name", "value", "unit", "range", "why"),
        [
            (s.name, f"{s.value:g}", s.unit, f"{s.low:g} to {s.high:g}", s.why.replace("[", r"\["))
            for s in exercise.all_settings
        ],
    )


def print_doctor(found: Diagnosis, console: Console) -> None:
    """One line a check, and a verdict."""
    table = Table(title="FormCheck doctor", title_justify="left")
    for column in ("what", "verdict", "finding"):
        table.add_column(column)
    for check in found.checks:
        table.add_row(check.what, MARKS[check.verdict], escape(check.finding))
    console.print(table)
    bad = [check.what for check in found.checks if check.verdict == "bad"]
    console.print("This machine is ready." if not bad else f"Not ready. To mend before a session: {', '.join(bad)}.")
