"""One page an exercise, from the text that the exercise itself carries; `conf.py` writes them at each build."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from formcheck.cli.tables import band
from formcheck.core.rules.exercise import Exercise, Rule
from formcheck.session.program import dose_in_words
from formcheck.session.registry import load_exercises

HEADINGS = (
    ("What it checks", "checks"),
    ("Why it matters", "why"),
    ("How it is measured", "how"),
    ("Known limits", "limits"),
    ("Source", "source"),
)


def page_of(exercise: Exercise, films: Container[str] = ()) -> str:
    """The page of one exercise, in Markdown, with those of its `films` that were made (`demonstrations.py`)."""
    dose = dose_in_words(exercise)
    lines = [
        f"# {exercise.title}",
        "",
        exercise.line,
        "",
        *_film(exercise.name, exercise.title, films),
        f"Usual dose: {dose}. A clinician may change it.",
        "",
    ]
    lines += [f"{number}. {step}" for number, step in enumerate(exercise.steps, 1)]
    lines += ["", f"It needs to see: {', '.join(exercise.required_parts)}.", "", "## What it looks at", ""]
    for rule in exercise.all_faults:
        lines += _rule(rule, _film(f"{exercise.name}-{rule.name}", f"Right, and wrong: {rule.short}", films))
    lines += _metrics(exercise)
    lines += ["## Numbers", "", f"Set them in a TOML file under `[{exercise.name}]`.", ""]
    lines += ["| name | value | range | unit | why |", "|---|---|---|---|---|"]
    lines += [
        f"| `{s.name}` | {s.value:g} | {s.low:g} to {s.high:g} | {s.unit} | {s.why} |" for s in exercise.all_settings
    ]
    return "\n".join(lines) + "\n"


def _film(name: str, text: str, films: Container[str]) -> list[str]:
    return [f"![{text}]({name}.webp)", ""] if f"{name}.webp" in films else []


def _rule(rule: Rule, film: list[str]) -> list[str]:
    lines = [f"### {rule.name}", "", f"Cue: “{rule.cue}” (severity {rule.severity})", "", *film]
    for heading, name in HEADINGS:
        lines += [heading, f": {getattr(rule, name)}", ""]
    return lines


def _metrics(exercise: Exercise) -> list[str]:
    """What an exercise without repetitions measures."""
    if exercise.bout is None:
        return []
    rows = [
        f"| `{m.name}` | {m.title} | {m.unit} | {band(m.low, m.high)} | {m.source} |" for m in exercise.bout.metrics
    ]
    return ["## What it measures", "", "| name | what | unit | usual | source |", "|---|---|---|---|---|", *rows, ""]


def write_pages(folder: Path) -> None:
    """Write every page and their index; a page whose text is unchanged is left alone."""
    folder.mkdir(exist_ok=True)
    exercises = load_exercises().exercises
    index = [
        "# The exercises",
        "",
        "```{toctree}",
        ":maxdepth: 1",
        "",
        *exercises,
        "```",
        "",
        "[P] marks a number that is",
        "a proposal: derived from geometry and measured noise, not published.",
    ]
    films = {path.name for path in folder.glob("*.webp")}
    pages = {
        "index": "\n".join(index) + "\n",
        **{name: page_of(exercise, films) for name, exercise in exercises.items()},
    }
    for stale in set(folder.glob("*.md")) - {folder / f"{name}.md" for name in pages}:
        stale.unlink()
    for name, text in pages.items():
        path = folder / f"{name}.md"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
