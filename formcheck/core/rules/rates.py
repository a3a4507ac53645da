"""How many pictures a second an exercise needs: to be counted at all, and for each of its faults to be judged. Pure."""

from __future__ import annotations

from formcheck.core.rules.exercise import EndFault, Exercise, Rule
from formcheck.core.rules.setting import Settings

PICTURES = 3
"""So many pictures must fall into the shortest thing that is to be seen, wherever they fall: two that agree, and one
that may be a glitch of the tracker."""
TIMED = 5
"""A time that is judged must hold so many pictures: its ends are known to less than a picture each, together to a third
of the time at worst. What is nearer to the limit than its own doubt is not judged at any rate."""


def needed_rate(exercise: Exercise) -> float:
    """Pictures a second below which repetitions (or steps) can be missed, so that nothing is counted."""
    return PICTURES / exercise.shortest_s


def plain_rates(exercise: Exercise) -> dict[str, float]:
    """Pictures a second that a fault needs, by name, to be told where it shows in `PICTURES` pictures for as long as it
    must last. That it was none asks for more (`needed_rates`): what falls between the pictures was not seen."""
    least = needed_rate(exercise)
    return {rule.name: max(least, rule.fps) for rule in exercise.all_faults}


def needed_rates(exercise: Exercise, settings: Settings | None = None) -> dict[str, float]:
    """Pictures a second that each fault needs, by name; below it nobody can say that there was none.

    Args:
        exercise: what is done.
        settings: those in force; those declared where not given.
    """
    settings = settings or Settings(exercise.all_settings)
    least = needed_rate(exercise)
    return {rule.name: max(least, rule.fps, _of(rule, settings)) for rule in exercise.all_faults}


def is_of_time(rule: Rule) -> bool:
    """Whether a fault judges a time, a speed or a rhythm, and so can't be told from pictures whose times are wrong."""
    return rule.is_of_time or (isinstance(rule, EndFault) and rule.limit_s is not None)


def _of(rule: Rule, settings: Settings) -> float:
    if isinstance(rule, EndFault):
        return TIMED / rule.limit_s(settings) if rule.limit_s is not None else 0.0
    return PICTURES / settings[rule.confirm]  # type: ignore[attr-defined]
