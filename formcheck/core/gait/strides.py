"""Steps of a run, and what is measured in them: medians over steps, with their spread, so that one step is no fault."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.quantities import Measure
from formcheck.core.gait.gait import ANKLE_OF, HEAD, HIP_OF, HIPS, KNEE_OF, NECK, SHOULDERS, Trace, lean_deg
from formcheck.core.gait.rhythm import Rhythm, Signal

GRID_S = 0.01
"""Steps are looked at in even steps of time, interpolated between pictures."""
GAP_S = 0.12
"""Nothing is interpolated over a longer gap: a third of a step."""
STEPS_MIN = 7
"""Fewer steps say nothing (Dingenen 2018)."""
NEAR_STEPS_MIN = 3
"""Of them on the near leg, for what is measured on one leg."""
MAD_TO_SD = 1.4826
SMOOTH = 0.08
"""Width of the smoothing that finds the tops, share of a step."""
LANDING = 10
"""Grid places before the landing in which the shank is furthest ahead: it is so 0.04 s before (renders)."""
LANDED_TL = 0.04
"""A foot has landed when its ankle is this near to where it is in the middle of stance (motion capture: 0.3-4 cm)."""
LASTS = 7
"""Grid places over which a highest value must last: a leg that is swapped in one picture of 60 a second doesn't."""


@dataclass(frozen=True, slots=True)
class Step:
    """From one flight to the next, as places on the grid."""

    begin: int
    middle: int
    """Middle of stance: the swinging foot passes the standing one; in place, the hips are lowest."""
    end: int
    leg: int
    """The standing leg, 0 = left; -1 when its ankle is not seen."""


@dataclass(frozen=True, slots=True, eq=False)
class Strides:
    """A trace on an even grid of times, cut into steps."""

    xy_tl: NDArray[np.float64]
    """(m, 10, 2) as in the trace."""
    steps: tuple[Step, ...]
    period: int
    """Steps last about this many grid places."""
    near: int

    def each(self, read: Callable[[Step], float], *, near_only: bool = False) -> Measure:
        """Median of a reading over the steps (over those of the near leg)."""
        values = np.array([read(s) for s in self.steps if not near_only or s.leg == self.near], float)
        return measure_of(values, NEAR_STEPS_MIN if near_only else STEPS_MIN)


def measure_of(values: Signal, least: int) -> Measure:
    """Median and spread of one value a step; NaN values don't count."""
    known = values[~np.isnan(values)]
    if len(known) < least:
        return Measure(n=len(known), reason=f"needs {least} steps; seen in {len(known)}")
    middle = float(np.median(known))
    return Measure(middle, MAD_TO_SD * float(np.median(np.abs(known - middle))), len(known))


def strides_of(trace: Trace, rhythm: Rhythm) -> Strides:
    """Cut a trace of running into steps."""
    grid = np.arange(trace.t_s[0], trace.t_s[-1], GRID_S)
    flat = trace.xy_tl.reshape(len(trace.t_s), -1)
    xy = np.stack([_interpolated(grid, trace.t_s, column) for column in flat.T], axis=1).reshape(len(grid), -1, 2)
    period = round(60 / rhythm.cadence_spm / GRID_S)
    tops, height = _tops(xy[:, HIPS, 1], period)
    feet = xy[:, ANKLE_OF, 0][:, 0] - xy[:, ANKLE_OF, 0][:, 1]
    steps = []
    for begin, end in itertools.pairwise(tops):
        is_whole = 0.7 * period < end - begin < 1.4 * period and not np.isnan(xy[begin:end, HIPS, 1]).any()
        if is_whole:
            middle = begin + _passing(np.abs(feet[begin:end]), height[begin:end], is_in_place=trace.is_in_place)
            steps.append(Step(begin, middle, end, _standing_leg(xy, middle)))
    return Strides(xy, tuple(steps), period, trace.near)


def _interpolated(grid: Signal, t_s: Signal, values: Signal) -> Signal:
    known = ~np.isnan(values)
    if known.sum() < 2:
        return np.full(len(grid), math.nan)
    times = t_s[known]
    out = np.interp(grid, times, values[known], left=math.nan, right=math.nan)
    after = np.clip(np.searchsorted(times, grid), 1, len(times) - 1)
    out[times[after] - times[after - 1] > GAP_S] = math.nan
    return out


def _tops(height: Signal, period: int) -> tuple[list[int], Signal]:
    """Grid places where the hips are highest, and the smoothed height around its running mean."""
    filled = np.nan_to_num(height, nan=float(np.nanmean(height)))
    width = max(1.0, SMOOTH * period)
    bell = np.exp(-0.5 * (np.arange(-3 * width, 3 * width + 1) / width) ** 2)
    smooth = _filtered(filled, bell / bell.sum())
    wave = smooth - _filtered(filled, np.ones(period) / period)
    reach = max(1, period // 3)
    tops = [
        i
        for i in range(reach, len(wave) - reach)
        if wave[i] > 0 and wave[i] == wave[i - reach : i + reach + 1].max() and wave[i] > wave[i - 1]
    ]
    return tops, wave


def _filtered(values: Signal, kernel: Signal) -> Signal:
    half = len(kernel) // 2
    padded = np.pad(values, (half, len(kernel) - 1 - half), mode="edge")
    return np.asarray(np.convolve(padded, kernel, "valid"))


def _passing(apart: Signal, height: Signal, *, is_in_place: bool) -> int:
    """Where in a step the feet pass each other; where the hips are lowest if that can't be told."""
    if is_in_place or np.isnan(apart).any():
        return int(np.argmin(height))
    return int(np.argmin(apart))


def _standing_leg(xy: NDArray[np.float64], middle: int) -> int:
    ankles = xy[middle, ANKLE_OF, 1]
    return -1 if np.isnan(ankles).any() else int(np.argmin(ankles))


def cadence_spm(s: Strides) -> Measure:
    """Steps a minute, from each step together with the one before: left and right differ."""
    ends = {step.end: step for step in s.steps}
    pairs = [(ends[step.begin], step) for step in s.steps if step.begin in ends]
    values = np.array([120 / ((b.end - a.begin) * GRID_S) for a, b in pairs], float)
    return replace(measure_of(values, STEPS_MIN - 1), n=len(s.steps))


def trunk_lean_deg(s: Strides) -> Measure:
    """Trunk off the vertical in stance (hips in the lower half of their wave)."""
    lean = lean_deg(s.xy_tl[:, HIPS], s.xy_tl[:, SHOULDERS])
    return s.each(lambda step: _median(lean[_stance(step, s)]))


def ankle_lean_deg(s: Strides) -> Measure:
    """Line from the standing ankle to the shoulders off the vertical, in the middle of stance."""

    def read(step: Step) -> float:
        if step.leg < 0:
            return math.nan
        return float(lean_deg(s.xy_tl[step.middle, ANKLE_OF][step.leg], s.xy_tl[step.middle, SHOULDERS]))

    return s.each(read)


def hips_behind_tl(s: Strides) -> Measure:
    """How far the hips are behind the standing ankle in the middle of stance, torso lengths."""

    def read(step: Step) -> float:
        if step.leg < 0:
            return math.nan
        return float(s.xy_tl[step.middle, ANKLE_OF][step.leg, 0] - s.xy_tl[step.middle, HIPS, 0])

    return s.each(read)


def bounce_tl(s: Strides, trace: Trace) -> Measure:
    """Way of the hips from lowest to highest, torso lengths: a wave fitted to each step and its neighbours' halves."""
    times = (trace.t_s - trace.t_s[0]) / GRID_S
    known = ~np.isnan(trace.xy_tl[:, HIPS, 1])

    def read(step: Step) -> float:
        span = step.end - step.begin
        near = known & (times >= step.begin - span / 2) & (times <= step.end + span / 2)
        return _travel((times[near] - step.begin) / span, trace.xy_tl[near, HIPS, 1])

    return s.each(read)


def _travel(share: Signal, y: Signal) -> float:
    """Highest less lowest of the wave of period 1 in values that may drift."""
    orders = (1, 2) if len(y) >= 14 else (1,)
    if len(y) < 7:
        return math.nan

    def waves(x: Signal) -> list[Signal]:
        return [part for k in orders for part in (np.cos(2 * math.pi * k * x), np.sin(2 * math.pi * k * x))]

    terms = np.stack([*waves(share), np.ones_like(share), share], axis=1)
    weights = np.linalg.lstsq(terms, y, rcond=None)[0]
    fitted = np.stack(waves(np.linspace(0, 1, 64)), axis=1) @ weights[:-2]
    return float(np.ptp(fitted))


def hip_extension_deg(s: Strides) -> Measure:
    """Thigh of the near leg behind the vertical at the end of its stance."""

    def read(step: Step) -> float:
        part = slice(step.middle, step.end + s.period // 8)
        thigh = lean_deg(s.xy_tl[part, KNEE_OF][:, step.leg], s.xy_tl[part, HIP_OF][:, step.leg])
        return _highest(thigh)

    return s.each(read, near_only=True)


def stance_knee_deg(s: Strides) -> Measure:
    """Most bent near knee in stance, 0 = straight."""

    def read(step: Step) -> float:
        part = s.xy_tl[step.begin : step.middle + s.period // 3]
        knee, hip, ankle = (part[:, rows][:, step.leg] for rows in (KNEE_OF, HIP_OF, ANKLE_OF))
        return _highest(lean_deg(ankle, knee) - lean_deg(knee, hip))

    return s.each(read, near_only=True)


def overstride_deg(s: Strides) -> Measure:
    """Shank of the near leg just before it lands: ankle ahead of the knee, off the vertical; the most of it that lasts.

    A heel that strikes leaves the ankle coming down while the shank turns back by 0.8 degrees a millisecond: read at
    the landing it was late, and off by as much as the overstride itself (renders).
    """

    def read(step: Step) -> float:
        ankle, knee = s.xy_tl[:, ANKLE_OF][:, step.leg], s.xy_tl[:, KNEE_OF][:, step.leg]
        height = ankle[step.begin : step.middle + 1, 1]
        if np.isnan(height).any():
            return math.nan
        landed = step.begin + int(np.argmax(height <= height[-1] + LANDED_TL))
        part = slice(max(0, landed - LANDING), landed + 1)
        return _highest(-lean_deg(ankle, knee)[part], LANDING // 2)

    return s.each(read, near_only=True)


def hunch_tl(xy_tl: NDArray[np.float64]) -> Signal:
    """(n,) ear ahead of the shoulder, across the trunk: leaning is no hunching. Torso lengths."""
    trunk = xy_tl[:, SHOULDERS] - xy_tl[:, HIPS]
    across = np.stack([trunk[:, 1], -trunk[:, 0]], axis=1) / np.hypot(*trunk.T)[:, None]
    return np.asarray(((xy_tl[:, HEAD] - xy_tl[:, NECK]) * across).sum(axis=1))


def _stance(step: Step, s: Strides) -> slice:
    return slice(step.middle - s.period // 4, step.middle + s.period // 4 + 1)


def _median(values: Signal) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else math.nan


def _highest(values: Signal, lasts: int = LASTS) -> float:
    """The highest value that lasts for a few pictures; NaN when a part is unknown."""
    if len(values) < lasts or np.isnan(values).any():
        return math.nan
    return float(np.median(np.lib.stride_tricks.sliding_window_view(values, lasts), axis=1).max())
