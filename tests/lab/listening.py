"""What was heard in a session's recorded sound, beside what was true: a table, and the figures that are promised."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from formcheck.core.feedback.queue import SENTENCE_GAP_S
from formcheck.voice.clips import clip_duration_s

TOLERANCE_S = 0.1
"""Of a clip found in a recorded sound."""
AFTER_S = 5.0
"""Seconds after a fault for which what is said of it is about it."""

Item = dict[str, Any]
Shown = tuple[str, float, float]
"""A fault in truth: exercise and name, from and to, seconds of the session."""


def table(heard: Sequence[Item], said: Sequence[Item], faults: Sequence[Shown], length_s: float) -> str:
    """Each clip that was heard, and the figures.

    Args:
        heard: `t_s` and `clip` of each, in order of time.
        said: `t_s` (when it was decided), `name` and `text` of each cue.
        faults: those that were shown.
        length_s: of the session.
    """
    words = [item for item in heard if "." in item["clip"]]
    rows = ["| heard, s | ended | decided | what | fault in truth since, s |", "|---|---|---|---|---|"]
    rows += [_row(item, said, faults) for item in words]
    return "\n".join([*rows, "", *_figures(words, faults, length_s)]) + "\n"


def _row(item: Item, said: Sequence[Item], faults: Sequence[Shown]) -> str:
    at, clip = item["t_s"], item["clip"]
    decided = max((s["t_s"] for s in said if s["name"] == clip and s["t_s"] <= at + TOLERANCE_S), default=None)
    onset = max(
        (since for name, since, until in faults if _is_of(clip, name) and since <= at <= until + AFTER_S), default=None
    )
    cells = (
        f"{at:.1f}",
        f"{at + _length_s(clip):.1f}",
        _number(decided),
        clip,
        _number(None if onset is None else at - onset),
    )
    return f"| {' | '.join(cells)} |"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _is_of(clip: str, fault: str) -> bool:
    return clip in (fault, f"{fault}-again")


def _length_s(clip: str) -> float:
    return clip_duration_s(clip) or 0.0


def _figures(heard: Sequence[Item], faults: Sequence[Shown], length_s: float) -> list[str]:
    talking = sum(_length_s(item["clip"]) for item in heard) / length_s
    sentences = [item for item in heard if not item["clip"].startswith("number.")]
    pairs = [(a["clip"], b["clip"], b["t_s"] - a["t_s"] - _length_s(a["clip"])) for a, b in itertools.pairwise(heard)]
    over = [f"{a} under {b} ({gap:.1f} s)" for a, b, gap in pairs if gap < -TOLERANCE_S]
    gaps = [
        (a["clip"], b["clip"], b["t_s"] - a["t_s"] - _length_s(a["clip"])) for a, b in itertools.pairwise(sentences)
    ]
    near = [f"{a} → {b} ({gap:.1f} s)" for a, b, gap in gaps if gap < SENTENCE_GAP_S - TOLERANCE_S]
    lines = [
        f"- {len(heard)} clips in {length_s:.0f} s; talking {talking:.0%} of the time.",
        f"- One over another: {', '.join(over) or 'none'}.",
        f"- Less than {SENTENCE_GAP_S:g} s between two sentences: {', '.join(near) or 'none'}.",
    ]
    for name, since, until in faults:
        told = next((i["t_s"] for i in heard if _is_of(i["clip"], name) and since <= i["t_s"] <= until + AFTER_S), None)
        lines.append(
            f"- {name} at {since:.1f}: " + ("not told." if told is None else f"told after {told - since:.1f} s.")
        )
    return lines
