"""The text catalogue: what is said by name, every text of an exercise, and the translations of both (gettext)."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from formcheck.core.coach.calibration import calibration_cues
from formcheck.core.feedback.phrases import NUMBERS, common_cues, exercise_cues
from formcheck.core.rules.exercise import Exercise
from formcheck.core.rules.setting import Settings
from formcheck.core.text import Phrase, fill
from formcheck.system.assets import asset

SOURCE_LANGUAGE = "en"
"""The language in which the texts stand in the code."""
DOMAIN = "formcheck"
"""Name of the message files: `assets/text/<language>/LC_MESSAGES/formcheck.mo`."""
DECIMAL_MARKS = {"fr": ",", "es": ","}
"""By language; a point elsewhere."""

Translate = Callable[[str], str]


def catalogue() -> dict[str, str]:
    """English text of every cue that can be spoken, by cue name: the shared ones, the exercises', the numbers."""
    from formcheck.session.registry import load_exercises

    cues = {**common_cues(), **calibration_cues()}
    for exercise in load_exercises().exercises.values():
        cues.update(exercise_cues(exercise))
    cues.update({f"number.{n}": text for n, text in NUMBERS.items()})
    return cues


def texts_of(exercise: Exercise) -> Iterator[str]:
    """Every text of an exercise that a person sees or hears: all but its documentation, which is for professionals."""
    settings = Settings(exercise.all_settings)
    yield from (exercise.title, exercise.line, exercise.back_good, *exercise.phase_texts.values(), *exercise.steps)
    yield from (check.text for check in (*exercise.start(settings), *exercise.invariants(settings)))
    yield from (text for f in exercise.all_faults for text in (f.short, f.cue, f.again, f.praise) if text)
    if exercise.range_advice is not None:
        yield exercise.range_advice.cue
    yield from (exercise.seated, exercise.pace.turn_cue if exercise.pace is not None else "")
    if exercise.bout is not None:
        yield exercise.bout.dose
        yield from (text for metric in exercise.bout.metrics for text in (metric.title, metric.unit))


def translate(text: str, language: str, folder: Path | None = None) -> str:
    """A text in `language`; English where there is no translation. The arguments are those of `translator`."""
    return translator(language, folder)(text)


@cache
def translator(language: str, folder: Path | None = None) -> Translate:
    """What turns the English texts of the program into `language`; English stays where there is no translation.

    Args:
        language: a code such as `fr` or `pt_BR`.
        folder: where the message files lie; the shipped ones by default.
    """
    if language == SOURCE_LANGUAGE:
        return str
    messages = gettext.translation(DOMAIN, str(folder or asset("text")), [language], fallback=True)
    return translator_of(messages, DECIMAL_MARKS.get(language, "."))


def translator_of(messages: gettext.NullTranslations, decimal_mark: str = ".") -> Translate:
    """A translator with these messages."""

    def translated(text: str) -> str:
        if not isinstance(text, Phrase):
            return messages.gettext(text) if text else ""
        if text.many:
            pattern = messages.ngettext(text.pattern, text.many, text.number)
        else:
            pattern = messages.gettext(text.pattern) if text.pattern else ""
        values = {name: translated(each) if isinstance(each, str) else each for name, each in text.values.items()}
        return fill(pattern, values, decimal_mark)

    return translated


def best_language(wanted: Iterable[str], folder: Path | None = None) -> str | None:
    """The first of these codes that has texts (`fr_CA` has those of `fr`); None where none has."""
    known = languages(folder)
    codes = (code for each in wanted for code in (each, each.partition("_")[0]))
    return next((code for code in codes if code in known), None)


def languages(folder: Path | None = None) -> tuple[str, ...]:
    """Codes of the languages that have texts: English first, the others in alphabetical order."""
    found = (folder or asset("text")).glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    others = {path.parent.parent.name for path in found} - {SOURCE_LANGUAGE}
    return (SOURCE_LANGUAGE, *sorted(others))
