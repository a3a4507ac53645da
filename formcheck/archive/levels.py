"""How far each fault's measure went in each repetition, fault or not: so that a changed verdict can be explained."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from formcheck.core.body.quantities import Estimate
from formcheck.core.rules.exercise import Exercise, Fault, RuleContext
from formcheck.core.rules.setting import Settings
from formcheck.session.fold import RepLine

Sample = tuple[float, float]
"""Time in seconds, value in the unit of the fault."""


class Levels:
    """Listens to the measures of an exercise; what they say passes unchanged."""

    def __init__(self) -> None:
        self._samples: defaultdict[str, list[Sample]] = defaultdict(list)

    def tapped(self, exercise: Exercise) -> Exercise:
        """The exercise, listened to."""
        return replace(exercise, faults=tuple(replace(f, measure=self._tap(f)) for f in exercise.faults))

    def _tap(self, fault: Fault) -> Callable[[RuleContext], float | Estimate]:
        measure, samples, is_least = fault.measure, self._samples[fault.name], fault.is_least

        def tapped(context: RuleContext) -> float | Estimate:
            found = measure(context)
            value = found.value if isinstance(found, Estimate) else found
            t_s = context.body.t_s
            if samples and samples[-1][0] == t_s:  # both sides are asked: the one that is less of a fault counts
                value = (max if is_least else min)(value, samples.pop()[1])
            samples.append((t_s, value))
            return found

        return tapped

    def of(self, rep: RepLine, exercise: Exercise, settings: Settings) -> dict[str, float]:
        """By fault: the worst that its measure kept to or passed in a repetition for as long as a fault must last."""
        found = {}
        for fault in exercise.faults:
            within = [(t, v) for t, v in self._samples[fault.name] if rep.start_s <= t <= rep.end_s and v == v]
            level = kept_level(within, settings[fault.confirm], is_least=fault.is_least)
            if not math.isnan(level):
                found[fault.name] = round(level, 3)
        return found


def kept_level(samples: Sequence[Sample], for_s: float, *, is_least: bool) -> float:
    """The worst value that was kept to or passed for so many seconds; NaN where there are too few samples."""
    sign = -1.0 if is_least else 1.0
    best = math.nan
    for i, (begin_s, _) in enumerate(samples):
        window: list[float] = []
        for t_s, value in samples[i:]:
            window.append(sign * value)
            if t_s - begin_s >= for_s - 1e-9:
                least = min(window)
                best = least if math.isnan(best) else max(best, least)
                break
    return sign * best
