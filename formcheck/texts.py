"""The text catalogue: every cue by name, and its translation (gettext)."""

from __future__ import annotations

from formcheck.core.phrases import NUMBERS, common_cues


def catalogue() -> dict[str, str]:
    """English text of every cue that can be spoken, by cue name: the shared ones, the exercises', the numbers."""
    from formcheck.registry import load_exercises

    cues = dict(common_cues())
    for exercise in load_exercises().exercises.values():
        cues.update({f"{exercise.name}.{fault.name}": fault.cue for fault in exercise.all_faults})
    cues.update({f"number.{n}": text for n, text in NUMBERS.items()})
    return cues
