"""Gait from the side: what was seen of a person over some seconds, and whether it is running.

Running is a bouncing gait: the hips are highest while the feet are far apart (flight) and lowest in the middle of
stance. Walking is the other way round: the hips vault over the standing leg (Cavagna 1976; measured here: the two
waves lie 10-40 degrees apart in running, 150-180 in walking).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.measure import Body
from formcheck.core.body.pose import ANKLE, EAR, HIP, KNEE, SHOULDER, SIDES, Floats, Joint, Pose
from formcheck.core.gait.rhythm import Rhythm, Signal, phase_between_deg, rhythm_of, wave_of

PLACES = 12
HIPS, SHOULDERS, HEAD, NECK = 0, 1, 2, 3
"""Rows of a sample: middle of the hips and of the shoulders, near ear, near shoulder; then, left before right, ..."""
HIP_OF, KNEE_OF, ANKLE_OF = slice(4, 6), slice(6, 8), slice(8, 10)
BACK, VIEW = 10, 11
"""... and as the last rows (lumbar sagitta, torso lengths; near side, 0 left or 1 right), (degrees off
side-on; bend of the low back against the own standing, degrees)."""

UPRIGHT_DEG = 50.0
"""Least trunk line above the horizontal: nobody runs more bent."""
KNOWN_SHARE = 0.6
"""Share of pictures in which hips and shoulders must be seen, and in which both ankles must be."""
FPS_MIN = 10.0
"""Three pictures a step, at least."""
BOUNCE_MIN_TL = 0.02
"""Least amplitude of the hips' wave, torso lengths: 2 cm from top to bottom. Noise leaves 0.005 (standing)."""
NOISE_MAX = 0.8
"""Most noise, as a share of the wave's amplitude."""
SEPARATION_MIN_TL = 0.15
"""Least amplitude of the feet's separation along the ground. Running: 0.45-0.7; in place: hardly any."""
IN_STEP_DEG = 75.0
"""Hips and feet in step: measured 7-41 in running, 150-180 in walking."""
TRAVEL_MIN_TL = 0.5
"""Feet that part less than this run in place (running: 1 and more)."""
FLIGHT_TL, KICK_FLIGHT_TL = 0.02, 0.05
"""In place the feet don't separate: there the lower foot must leave the ground with the hips, by this amplitude; where
the heels are kicked back, by the second one (walking, whose feet separate too: 0.02-0.03)."""
IN_PLACE_BOUNCE_TL = 0.04
"""Least amplitude of the hips' wave there: marching has less."""
GRAVITY_TL_PER_S2 = 9.81 / 0.49
"""Gravity in torso lengths: of an adult 1.70 m tall, 0.288 of it (Winter 2009)."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What was seen over some seconds, in torso lengths, y up, x towards where the person faces."""

    t_s: Signal
    """(n,) times."""
    xy_tl: NDArray[np.float64]
    """(n, 10, 2) places by the rows above, NaN where not measured."""
    sagitta_tl: Signal
    """(n,) depth of the low back's hollow."""
    side_on_deg: Signal
    """(n,) off side-on, signed."""
    lumbar_deg: Signal
    """(n,) bend of the low back against the own standing, positive = extended."""
    near: int
    """0 = the left side is near, 1 = the right one."""

    @property
    def fps(self) -> float:
        """Pictures a second (median)."""
        return float(1 / np.median(np.diff(self.t_s))) if len(self.t_s) > 1 else 0.0

    @property
    def feet_tl(self) -> NDArray[np.float64]:
        """(n, 2) the left foot seen from the right one."""
        return np.asarray(self.xy_tl[:, ANKLE_OF][:, 0] - self.xy_tl[:, ANKLE_OF][:, 1])

    @property
    def is_in_place(self) -> bool:
        """Whether the feet hardly part along the ground."""
        ahead = np.abs(self.feet_tl[:, 0])
        return not np.isnan(ahead).all() and float(np.nanpercentile(ahead, 90)) < TRAVEL_MIN_TL

    @property
    def oblique_deg(self) -> float:
        """How far the view is off side-on, over whole steps, in which swinging shoulders cancel; NaN when unknown."""
        return abs(median_of_known(self.side_on_deg))

    def sped_up(self, times: float) -> Trace:
        """The same movement in a shorter time."""
        return replace(self, t_s=self.t_s / times)

    def between(self, begin_s: float, end_s: float) -> Trace:
        """The part from `begin_s` to `end_s`."""
        keep = (self.t_s >= begin_s - 1e-9) & (self.t_s <= end_s + 1e-9)
        sagitta_tl, side_on_deg, lumbar_deg = (s[keep] for s in (self.sagitta_tl, self.side_on_deg, self.lumbar_deg))
        return Trace(self.t_s[keep], self.xy_tl[keep], sagitta_tl, side_on_deg, lumbar_deg, self.near)


def sample(pose: Pose, body: Body) -> Floats:
    """(12, 2) one picture as a row of a trace, pixels, y up; NaN where not measured."""
    xy = np.full((PLACES, 2), np.nan, np.float32)
    if not body.is_present:
        return xy
    joints: list[Joint] = [EAR[body.near], SHOULDER[body.near]]
    joints += [pair[side] for pair in (HIP, KNEE, ANKLE) for side in SIDES]
    for row, joint in enumerate(joints, HEAD):
        if pose.is_measured(joint):
            xy[row] = pose.point(joint)
    for row, pair in ((HIPS, HIP), (SHOULDERS, SHOULDER)):
        if pose.is_measured(pair[body.near]):
            xy[row] = np.mean([pose.point(pair[s]) for s in SIDES], axis=0)
    xy[:, 1] *= -1
    xy[BACK] = body.sagitta_tl, 0.0 if body.near == "left" else 1.0
    xy[VIEW] = body.side_on_deg, body.lumbar_deg
    return xy


def trace_of(t_s: Sequence[float], samples: Sequence[Floats]) -> Trace | None:
    """The samples of some seconds as a trace; None when no torso is seen in them."""
    xy = np.array(samples, np.float64).reshape(-1, PLACES, 2)
    torso = np.hypot(*(xy[:, SHOULDERS] - xy[:, HIPS]).T)
    if np.isnan(torso).all():
        return None
    near = int(np.nanmean(xy[:, BACK, 1]) > 0.5)
    places = xy[:, :BACK] / float(np.nanmedian(torso))
    places[..., 0] *= 1.0 if near else -1.0
    return Trace(np.array(t_s, np.float64), places, xy[:, BACK, 0], xy[:, VIEW, 0], xy[:, VIEW, 1], near)


def lean_deg(low: Signal, high: Signal) -> Signal:
    """Lines from `low` to `high` (..., 2) off the vertical, degrees, positive forwards."""
    way = high - low
    return np.asarray(np.degrees(np.arctan2(way[..., 0], way[..., 1])))


def running_rhythm(trace: Trace) -> Rhythm | None:
    """The hips' rhythm if the trace shows running, None if it shows anything else or too little."""
    hips, feet = trace.xy_tl[:, HIPS], trace.feet_tl
    known = ~np.isnan(hips[:, 0]) & ~np.isnan(trace.xy_tl[:, SHOULDERS, 0])
    if trace.fps < FPS_MIN or min(known.mean(), (~np.isnan(feet[:, 0])).mean()) < KNOWN_SHARE:
        return None
    if not abs(float(np.nanmedian(lean_deg(hips, trace.xy_tl[:, SHOULDERS])))) < 90 - UPRIGHT_DEG:
        return None
    rhythm = rhythm_of(trace.t_s, np.where(known, hips[:, 1], np.nan), np.hypot(*feet.T))
    if rhythm is None or not abs(rhythm.wave) >= max(BOUNCE_MIN_TL, rhythm.noise / NOISE_MAX):
        return None
    return rhythm if _flies(trace, rhythm) else None


def gravity_share(rhythm: Rhythm) -> float:
    """Acceleration of the hips' wave, share of gravity.

    Whoever flies falls with gravity: the wave of a body that bounces without a stop comes to 2, that of a jog whose
    flights are all but nothing to 0.67 (a half sine of force over all of the step; mean force = weight).
    """
    turns_per_s = rhythm.cadence_spm / 60.0
    return float(abs(rhythm.wave) * (2 * math.pi * turns_per_s) ** 2 / GRAVITY_TL_PER_S2)


def _flies(trace: Trace, rhythm: Rhythm) -> bool:
    """Whether the hips are highest in flight: with the feet far apart, or, in place, with both feet off the ground."""
    apart = wave_of(trace.t_s, np.abs(trace.feet_tl[:, 0]), rhythm.cadence_spm)
    if abs(apart) >= SEPARATION_MIN_TL and phase_between_deg(apart, rhythm.wave) <= IN_STEP_DEG:
        return True
    lower = wave_of(trace.t_s, trace.xy_tl[:, ANKLE_OF, 1].min(axis=1), rhythm.cadence_spm)
    lifts = wave_of(trace.t_s, np.abs(trace.feet_tl[:, 1]), rhythm.cadence_spm)
    least = FLIGHT_TL if abs(apart) < SEPARATION_MIN_TL else KICK_FLIGHT_TL
    is_high = abs(lower) >= least and abs(rhythm.wave) >= IN_PLACE_BOUNCE_TL
    return is_high and abs(lifts) >= least and phase_between_deg(lower, rhythm.wave) <= IN_STEP_DEG


def median_of_known(values: Signal) -> float:
    """Median without NaN; NaN when fewer than a third are known."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) * 3 >= max(len(values), 1) else math.nan
