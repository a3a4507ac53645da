"""Figures as they are printed; what is unknown is a dash."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from formcheck.core.rules.exercise import Exercise
from formcheck.core.text import marked
from formcheck.study.answers import ANY
from formcheck.study.statistics import Estimate

UNKNOWN = "–"
ANY_FAULT = marked("any fault")


def percent(share: float) -> str:
    """A share, e.g. "85 %"."""
    return f"{number(100 * share, 0)} %" if math.isfinite(share) else UNKNOWN


def number(value: float, digits: int = 2) -> str:
    """A figure, with a true minus."""
    if not math.isfinite(value):
        return UNKNOWN
    text = f"{value:.{digits}f}"
    return (text.removeprefix("-") if not float(text) else text).replace("-", "−")


def with_interval(one: Estimate, digits: int = 2) -> str:
    """A figure and its interval, e.g. "0.68 (0.51 to 0.85)"; without the interval where that is unknown."""
    return _with(one, lambda value: number(value, digits))


def percent_with_interval(one: Estimate) -> str:
    """A share and its interval, e.g. "85 % (71 % to 93 %)"."""
    return _with(one, percent)


def _with(one: Estimate, written: Callable[[float], str]) -> str:
    if not (math.isfinite(one.low) and math.isfinite(one.high)):
        return written(one.value)
    return f"{written(one.value)} ({written(one.low)} to {written(one.high)})"


def title_of(exercise: str, installed: Mapping[str, Exercise]) -> str:
    """An exercise in words; its name where it is not installed here."""
    known = installed.get(exercise)
    return known.title if known is not None else exercise


def fault_of(exercise: str, fault: str, installed: Mapping[str, Exercise]) -> str:
    """A fault in words; its name where it is not known here."""
    if fault == ANY:
        return ANY_FAULT
    known = installed.get(exercise)
    rules = {rule.name: rule.short or rule.name for rule in (known.all_faults if known is not None else ())}
    return rules.get(fault, fault)
