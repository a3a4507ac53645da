"""Which repetitions of a set are shown again, and how a repetition that was kept moves. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np

from formcheck.core.body.back import Back
from formcheck.core.body.pose import Pose, Side
from formcheck.core.rules.events import FaultEnded
from formcheck.core.rules.exercise import Exercise, Fault
from formcheck.session.fold import RepLine

START, PEAK, END = 0.0, 1.0, 2.0
"""Phases of a repetition: leaving the start pose, furthest, back again."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One picture that was kept."""

    pose: Pose
    back: Back | None
    near: Side | None
    """The side nearer to the camera; None where it can't be told."""


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A repetition that can be shown again."""

    frames: tuple[Moment, ...]
    """In order of time; at least one."""
    start_s: float
    peak_s: float
    end_s: float

    def at(self, phase: float) -> Moment:
        """The body at a phase (`START`..`PEAK`..`END`), between two pictures on the straight way between them."""
        t = self.time_at(phase)
        times = [frame.pose.t_s for frame in self.frames]
        after = int(np.searchsorted(times, t))
        if after == 0 or after == len(times):
            return self.frames[min(after, len(times) - 1)]
        one, other = self.frames[after - 1], self.frames[after]
        return _between(one, other, (t - times[after - 1]) / (times[after] - times[after - 1]))

    def time_at(self, phase: float) -> float:
        """Seconds at a phase."""
        if phase <= PEAK:
            return self.start_s + phase * (self.peak_s - self.start_s)
        return self.peak_s + (phase - PEAK) * (self.end_s - self.peak_s)

    def phase_at(self, t_s: float) -> float:
        """Phase at a time; outside the repetition the nearer end."""
        if t_s <= self.peak_s:
            return max(START, (t_s - self.start_s) / max(self.peak_s - self.start_s, 1e-6))
        return min(END, PEAK + (t_s - self.peak_s) / max(self.end_s - self.peak_s, 1e-6))


def _between(one: Moment, other: Moment, share: float) -> Moment:
    if one.pose.person != other.pose.person:
        return one
    xy = (1 - share) * one.pose.xy_px + share * other.pose.xy_px
    evidence = np.minimum(one.pose.evidence, other.pose.evidence)
    t_s = (1 - share) * one.pose.t_s + share * other.pose.t_s
    pose = replace(one.pose, t_s=t_s, xy_px=np.asarray(xy, np.float32), evidence=evidence)
    back = one.back if share < 0.5 else other.back
    if one.back is not None and other.back is not None and one.back.is_known and other.back.is_known:
        line = (1 - share) * one.back.contour_px + share * other.back.contour_px
        back = replace(one.back, contour_px=np.asarray(line, np.float32))
    return Moment(pose, back, one.near if share < 0.5 else other.near)


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One repetition as it is shown again."""

    rep: RepLine
    clip: Clip
    fault: str = ""
    """Name of its worst fault; empty for the best one."""
    since_s: float = 0.0
    """When that fault was confirmed."""
    until_s: float = 0.0
    moment_s: float = 0.0
    """The moment that stands for it."""


@dataclass(frozen=True, slots=True, eq=False)
class SetReplay:
    """What of a set can be shown again."""

    exercise: Exercise
    best: Shown | None = None
    """None where no repetition was clean, or its movement was not kept."""
    worst: Shown | None = None
    """None where no fault was seen in one."""
    reps: int = 0
    """Repetitions that counted."""
    judged: int = 0
    """Repetitions with a verdict."""
    faulty: int = 0

    @property
    def shown(self) -> tuple[Shown, ...]:
        """The best one and the worst one, as far as there are."""
        return tuple(each for each in (self.best, self.worst) if each is not None)


def best_of(reps: Sequence[RepLine]) -> RepLine | None:
    """The clean one that was judged best, of equals the one that came furthest; None where none was clean."""
    clean = [rep for rep in reps if rep.is_counted and rep.verdict == "clean" and not rep.is_added]
    return max(clean, key=lambda rep: (*_judged(rep), _known(rep.rom_fraction)), default=None)


def worst_of(
    reps: Sequence[RepLine], faults: Sequence[FaultEnded], exercise: Exercise
) -> tuple[RepLine, FaultEnded] | None:
    """The one with the most severe fault, of equals the largest, of equals the first; with that fault.

    Only what is watched from picture to picture has a size that grows with the fault: a short hold is as large as it is
    long.

    Args:
        reps: the repetitions as amended.
        faults: the faults that stand.
        exercise: which they are of.
    """
    pairs = [
        (rep, fault)
        for rep in reps
        if rep.is_counted
        for fault in faults
        if fault.name in rep.faults and fault.onset_s <= rep.end_s and fault.t_s >= rep.start_s
    ]
    return max(pairs, key=lambda pair: badness(pair[1], exercise), default=None)


def badness(fault: FaultEnded, exercise: Exercise) -> tuple[int, float]:
    """Severity, and size where it is one that grows with the fault."""
    is_watched = any(rule.name == fault.name and isinstance(rule, Fault) for rule in exercise.all_faults)
    return fault.severity, _known(fault.magnitude) if is_watched else 0.0


def moment_of(rep: RepLine, fault: FaultEnded, exercise: Exercise) -> tuple[float, float, float]:
    """From when until when a fault is to be seen in a repetition, and the moment that stands for it: of the time in
    which it went on, that which is nearest to the furthest reach. What only the end shows (a short hold) is there."""
    watched = next((rule for rule in exercise.all_faults if rule.name == fault.name), None)
    if not isinstance(watched, Fault):
        return rep.peak_s, rep.end_s, rep.peak_s
    since, until = max(fault.onset_s, rep.start_s), min(fault.t_s, rep.end_s)
    return since, until, min(max(rep.peak_s, since), until)


def _judged(rep: RepLine) -> tuple[float, float]:
    """How well it was judged: the fault that was judged least, and the mean."""
    shares = list(rep.judged.values())
    return (min(shares), fmean(shares)) if shares else (0.0, 0.0)


def _known(value: float) -> float:
    return 0.0 if math.isnan(value) else value
