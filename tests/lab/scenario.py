"""Scenario: one clip as data. The same scenario always renders the same clip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tests.lab.body import Figure
from tests.lab.scene import Scene
from tests.lab.tempo import Rep

Specials = Mapping[int, Mapping[str, float]]

TIMES = ("out_s", "hold_s", "back_s", "rest_s")
"""Knobs of a repetition that are times and not angles."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A clip: who does what, where, and how well. What isn't in its representation doesn't change the picture."""

    name: str
    exercise: str
    figure: Figure
    scene: Scene
    reps: tuple[Rep, ...]
    seed: int
    lead_s: float = 2.0
    tail_s: float = 1.5
    base: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Knobs that hold for the whole clip, the start pose included."""
    split: str = field(default="ship", repr=False)
    """"tune" (may be looked at while a threshold is set), "test" (the report's), or "ship"."""
    kind: str = field(default="good", repr=False)
    """"good", "plain", "over", "under" and "sizes" (of a fault), "life", "hidden", "visitor" or "room"."""
    fault: str = field(default="", repr=False)
    """The fault that the clip is about."""
    priority: int = field(default=0, repr=False)
    """Clips are rendered in this order, so that a part of them is balanced."""


def plan_reps(
    sides: str, times: Mapping[str, float], knobs: Mapping[str, float] | None = None, specials: Specials | None = None
) -> tuple[Rep, ...]:
    """Make the repetitions of a clip.

    Args:
        sides: One letter a repetition: "L", "R", or "-" where both sides work together.
        times: ``out_s``, ``hold_s``, ``back_s`` and ``rest_s`` of an ordinary repetition.
        knobs: Knobs of every repetition.
        specials: What is different in single repetitions, by index from 0; times and knobs alike.
    """
    reps = []
    for index, side in enumerate(sides):
        own = dict((specials or {}).get(index, {}))
        when = {name: own.pop(name, times[name]) for name in TIMES}
        reps.append(Rep(side.strip("-"), **when, knobs=MappingProxyType({**(knobs or {}), **own})))
    return tuple(reps)
