"""Tempo: when each repetition starts, arrives, turns and ends, and how far it has come at a given time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

import numpy as np

RISE_SHARE = 0.30
FALL_SHARE = 0.25
"""Shares of a movement spent speeding up and slowing down; people start more gently than they stop."""


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition: the moving side, its times in seconds, and what is special about it (``knobs``)."""

    side: str
    out_s: float
    hold_s: float
    back_s: float
    rest_s: float
    knobs: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def reach(self, phase: str, done: float, lasts_s: float) -> float:
        """How far it has come, 0-1, at a share ``done`` of a phase ("out", "hold" or "back") of so many seconds."""
        del lasts_s
        if phase == "hold":
            return 1.0
        return ease(done) if phase == "out" else 1.0 - ease(done)

    def seen(self, span: Span) -> Span:
        """When it is seen to leave, arrive, turn and be home: as commanded."""
        return span


@dataclass(frozen=True, slots=True)
class Span:
    """When a repetition leaves the start pose, arrives, turns back, and is home again; seconds of the clip."""

    start_s: float
    arrive_s: float
    turn_s: float
    end_s: float

    def phase_at(self, t_s: float) -> tuple[str, float, float]:
        """The phase of a time, the share of it that is done, and how long it lasts in seconds."""
        if t_s < self.arrive_s:
            return "out", (t_s - self.start_s) / (self.arrive_s - self.start_s), self.arrive_s - self.start_s
        if t_s < self.turn_s:
            return "hold", (t_s - self.arrive_s) / (self.turn_s - self.arrive_s), self.turn_s - self.arrive_s
        return "back", (t_s - self.turn_s) / (self.end_s - self.turn_s), self.end_s - self.turn_s


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a clip is: which repetition (None between them), which phase, and its reach from 0 to 1."""

    rep: int | None
    phase: str
    reach: float


@dataclass(frozen=True, slots=True)
class PtsRebasing:
    """All repetitions of a clip in order, with a still pause before and after."""

    reps: tuple[Rep, ...]
    spans: tuple[Span, ...]
    duration_s: float

    def at(self, t_s: float) -> Moment:
        """Tell where the clip is at a time."""
        for index, span in enumerate(self.spans):
            if span.start_s <= t_s < span.end_s:
                phase, done, lasts_s = span.phase_at(t_s)
                return Moment(index, phase, self.reps[index].reach(phase, done, lasts_s))
        return Moment(None, "rest", 0.0)


def lay_out(reps: tuple[Rep, ...], lead_s: float, tail_s: float, seed: int, jitter: float = 0.06) -> PtsRebasing:
    """Put repetitions one after another, each time but the hold a little off as people are (relative SD ``jitter``)."""
    rng = np.random.default_rng(seed)
    now, spans = lead_s, []
    for rep in reps:
        out, back, rest = (s * float(np.clip(rng.normal(1.0, jitter), 0.85, 1.15)) for s in (
            rep.out_s, rep.back_s, rep.rest_s))  # fmt: skip
        span = Span(now, now + out, now + out + rep.hold_s, now + out + rep.hold_s + back)
        spans.append(span)
        now = span.end_s + rest
    return PtsRebasing(reps, tuple(spans), now + tail_s)


def ease(progress: float) -> float:
    """Trapezoid of speed with rounded ends, 0-1 to 0-1: speeds up, moves steadily, slows down."""
    x = min(max(progress, 0.0), 1.0)
    top = 1.0 / (1.0 - 0.5 * (RISE_SHARE + FALL_SHARE))
    if x < RISE_SHARE:
        return 0.5 * top * x * x / RISE_SHARE
    if x > 1.0 - FALL_SHARE:
        return 1.0 - 0.5 * top * (1.0 - x) ** 2 / FALL_SHARE
    return top * (x - 0.5 * RISE_SHARE)


@dataclass(frozen=True, slots=True)
class Sway:
    """Small slow wandering of a joint, as everyone has; three sines with fixed phases per seed."""

    seed: int
    size: float = 1.0

    def of(self, name: str, t_s: float) -> float:
        """Deviation of a named joint at a time, degrees (SD about ``size`` * 0.7)."""
        waves = _waves(self.seed, name)
        return self.size * sum(math.sin(2.0 * math.pi * rate * t_s + phase) for rate, phase in waves) / math.sqrt(3.0)


@lru_cache(maxsize=1024)
def _waves(seed: int, name: str) -> tuple[tuple[float, float], ...]:
    """Three rates in hertz with their phases."""
    rng = np.random.default_rng([seed, *name.encode()])
    rates, phases = rng.uniform(0.08, 0.55, 3), rng.uniform(0.0, 2.0 * np.pi, 3)
    return tuple((float(rate), float(phase)) for rate, phase in zip(rates, phases, strict=True))
