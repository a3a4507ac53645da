"""The text catalogue: every cue by name, and its translation (gettext)."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path

from formcheck.core.coach.calibration import calibration_cues
from formcheck.core.feedback.phrases import NUMBERS, common_cues
from formcheck.core.rules.exercise import Exercise
from formcheck.system.assets import asset

SOURCE_LANGUAGE = "en"
"""The language in which the cues stand in the code."""
DOMAIN = "formcheck"
"""Name of the message files: `assets/text/<language>/LC_MESSAGES/formcheck.mo`."""


def catalogue() -> dict[str, str]:
    """English text of every cue that can be spoken, by cue name: the shared ones, the exercises', the numbers."""
    from formcheck.session.registry import load_exercises

    cues = {**common_cues(), **calibration_cues()}
    for exercise in load_exercises().exercises.values():
        cues.update({f"{exercise.name}.{fault.name}": fault.cue for fault in exercise.all_faults})
        cues[f"{exercise.name}.title"] = exercise.title
        cues[f"{exercise.name}.next"] = next_text(exercise)
        cues |= {f"{exercise.name}.seated": exercise.seated} if exercise.seated else {}
        if exercise.pace is not None and exercise.pace.turn_cue:
            cues[f"{exercise.name}.turn"] = exercise.pace.turn_cue
        if exercise.range_advice is not None:
            cues[f"{exercise.name}.shorter-reach"] = exercise.range_advice.cue
    cues.update({f"number.{n}": text for n, text in NUMBERS.items()})
    return cues


def next_text(exercise: Exercise) -> str:
    """What is said before an exercise of a session."""
    return f"Next: {exercise.title.lower()}."


def translate(cue_name: str, text: str, language: str, folder: Path | None = None) -> str:
    """The cue's text in `language`; the English `text` where there is no translation.

    Args:
        cue_name: tells apart equal English texts that other languages say differently (gettext's context).
        text: the English source text.
        language: a code such as `fr` or `pt_BR`.
        folder: where the message files lie; the shipped ones by default.
    """
    return _messages(language, folder or asset("text")).pgettext(cue_name, text)


def translator(language: str, folder: Path | None = None) -> Callable[[str], str]:
    """What turns the English texts of a program into `language`; English stays where there is no translation.

    A cue's text is found by what it says: two cues that say the same in English are said the same.

    Args:
        language: a code such as `fr` or `pt_BR`.
        folder: where the message files lie; the shipped ones by default.
    """
    if language == SOURCE_LANGUAGE:
        return str
    messages = _messages(language, folder or asset("text"))
    cues = {text: messages.pgettext(name, text) for name, text in catalogue().items()}
    return lambda text: cues.get(text) or messages.gettext(text)


def languages(folder: Path | None = None) -> tuple[str, ...]:
    """Codes of the languages that have texts: English first, the others in alphabetical order."""
    found = (folder or asset("text")).glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    others = {path.parent.parent.name for path in found} - {SOURCE_LANGUAGE}
    return (SOURCE_LANGUAGE, *sorted(others))


@cache
def _messages(language: str, folder: Path) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, str(folder), [language], fallback=True)
