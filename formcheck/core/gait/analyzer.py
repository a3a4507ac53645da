"""Follows a run: recognises its beginning and end, and measures its last seconds twice a second."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from formcheck.core.body.measure import Body
from formcheck.core.body.pose import Floats, Pose
from formcheck.core.body.quantities import Measure
from formcheck.core.gait import strides
from formcheck.core.gait.cycle import mean_cycle
from formcheck.core.gait.gait import Trace, gravity_share, median_of_known, running_rhythm, sample, trace_of
from formcheck.core.gait.rhythm import Rhythm
from formcheck.core.gait.strides import STEPS_MIN, Strides, hunch_tl, strides_of
from formcheck.core.rules.events import TimesDoubt
from formcheck.core.rules.exercise import BoutReading
from formcheck.core.rules.setting import Settings

LOOK_EVERY_S = 0.5
SENSE_S = 2.4
"""Running is told from this much: six steps."""
WINDOW_S = 10.0
"""Measures are taken over this much, or over the bout so far."""
OBLIQUE_MAX_DEG = 36.1
"""Further off side-on, lines that lean forwards look a seventh shorter, and more: too little to be told apart. It was
30 by the sine of the shoulders' true width: atan(sin 30 * 0.70 / 0.48), see `core.body.geometry`."""
SLOWED = (2.0, 3.0, 4.0, 8.0)
"""How much slower than life a run is looked for: 60, 90, 120 and 240 pictures a second that are played at 30."""
KEPT_S = SENSE_S * max(SLOWED)
FALLS = (0.2, 2.8)
"""Acceleration of the hips' wave in running, share of gravity: 0.67 to 2 for the body's centre; the hips go up to 1.2
times as far, torsos differ by a sixth, and a shuffle that never flies, 3 cm at 130 steps a minute, has 0.28 (geometry).
A man on a treadmill has 1.45."""
BOUT_STEPS_MIN = 5
"""Fewer steps are no run. Its cadence is told from then on; all else needs 7, and so does every judgement."""
CONTACT_FPS = 55.0
"""Least frames a second for what happens at contact: 60, less the cameras' tolerance."""
TORSO_OF_HEIGHT = 0.288
"""Hip to shoulder as a share of the body's height (Winter 2009: 0.818 - 0.530)."""
FULL = 0.9
"""Readings over at least this share of the longest window make up the whole bout's."""

Reading = Callable[[Strides], Measure]
CONTACT: dict[str, Reading] = {
    "overstride_deg": strides.overstride_deg,
    "stance_knee_deg": strides.stance_knee_deg,
}
ANY_RATE: dict[str, Reading] = {
    "trunk_lean_deg": strides.trunk_lean_deg,
    "ankle_lean_deg": strides.ankle_lean_deg,
    "hips_behind_t": strides.hips_behind_tl,
    "hip_extension_deg": strides.hip_extension_deg,
}
OF_TRAVEL = ("hips_behind_t", "hip_extension_deg", "overstride_deg")
OWN = ("shoulder_hunch_t", "hollow_t")
"""What is compared with the own standing."""
LUMBAR = "lumbar_extension_deg"
"""What is told against it from the first (`core.body.lumbar_angle`)."""
UNTIMED = Measure(reason="the pictures' times are not those of the run")


class GaitAnalyzer:
    """The follower of a run that is seen from the side."""

    def __init__(self, settings: Settings) -> None:
        self.reading: BoutReading | None = None
        self._torso_cm = TORSO_OF_HEIGHT * settings["height_cm"]
        self._quit_s = settings["pause_s"]
        self._t_s: deque[float] = deque()
        self._samples: deque[Floats] = deque()
        self._stood: dict[str, float] = {}
        self._due_s = -math.inf
        self._began_s = self._last_s = math.nan
        self._steps = 0.0
        self._readings: list[dict[str, Measure]] = []
        self.times_doubt: TimesDoubt | None = None
        """Why the pictures' times are not those of the movement; None while nothing says so."""

    def update(self, pose: Pose, body: Body) -> None:
        """One picture."""
        self._t_s.append(pose.t_s)
        self._samples.append(sample(pose, body))
        while self._t_s[0] < pose.t_s - KEPT_S:
            self._t_s.popleft()
            self._samples.popleft()
        if pose.t_s >= self._due_s:
            self._due_s = pose.t_s + LOOK_EVERY_S
            self._look(pose.t_s)

    def stand(self, since_s: float) -> None:
        """Standing tall since then: the reference for what only changes tell."""
        trace = trace_of(self._t_s, self._samples)
        if trace is not None:
            self._stood = _posture(trace.between(since_s, math.inf))

    def end(self) -> BoutReading | None:
        """The run ends here; returns it whole, or None if it was no run: too few steps."""
        if not self._readings:
            return None
        if self.reading is not None and self._t_s[-1] > self._last_s:
            self._look(self._t_s[-1])
        measures = _over_all(self._readings)
        if self.times_doubt is not None:
            measures["cadence_spm"] = UNTIMED
        whole = BoutReading(self._began_s, self._last_s, round(self._steps), measures, cycle=self._cycle())
        self.reading, self._readings, self._steps = None, [], 0.0
        return whole if whole.steps >= BOUT_STEPS_MIN else None

    def _cycle(self) -> tuple[tuple[tuple[float, float] | None, ...], ...]:
        """The average step of the run's last seconds; empty where too little was seen, or not from the side."""
        trace = trace_of(self._t_s, self._samples)
        window = trace.between(max(self._began_s, self._last_s - WINDOW_S), self._last_s) if trace is not None else None
        rhythm = running_rhythm(window) if window is not None and len(window.t_s) else None
        if window is None or rhythm is None or window.oblique_deg > OBLIQUE_MAX_DEG:
            return ()
        cycle = mean_cycle(strides_of(window, rhythm))
        if cycle is None:
            return ()
        return tuple(
            tuple(
                None if np.isnan(place).any() else (round(float(place[0]), 3), round(float(place[1]), 3))
                for place in row
            )
            for row in cycle
        )

    def _look(self, t: float) -> None:
        trace = trace_of(self._t_s, self._samples)
        recent = trace.between(t - SENSE_S, t) if trace is not None else None
        rhythm = running_rhythm(recent) if recent is not None and len(recent.t_s) else None
        if trace is None or recent is None or rhythm is None:
            if self.reading is not None and t - self._last_s > self._quit_s:
                self.reading = None
            if trace is not None and self.reading is None and self.times_doubt is None:
                self.times_doubt = _slow_motion(trace, t)
            return
        if self.reading is None:
            self._began_s = self._last_s = _onset(recent, 30 / rhythm.cadence_spm)
        self._steps += (t - self._last_s) * rhythm.cadence_spm / 60
        self._last_s = t
        window = trace.between(max(self._began_s, t - WINDOW_S), t)
        self._readings.append(self._measure(window, running_rhythm(window) or rhythm))
        self.reading = BoutReading(self._began_s, t, round(self._steps), self._readings[-1], self._steps >= STEPS_MIN)

    def _measure(self, trace: Trace, rhythm: Rhythm) -> dict[str, Measure]:
        s = strides_of(trace, rhythm)
        bounce = strides.bounce_tl(s, trace)
        scaled = replace(bounce, value=bounce.value * self._torso_cm, spread=bounce.spread * self._torso_cm)
        cadence = replace(strides.cadence_spm(s), value=rhythm.cadence_spm, reason="")
        if not FALLS[0] <= gravity_share(rhythm) <= FALLS[1] and len(s.steps) >= STEPS_MIN:
            self.times_doubt = "slow-motion" if gravity_share(rhythm) < FALLS[0] else "sped-up"
        if self.times_doubt is not None:
            cadence = UNTIMED
        return {"cadence_spm": cadence, "vertical_oscillation_cm": scaled, **self._of_side_view(trace, s)}

    def _of_side_view(self, trace: Trace, s: Strides) -> dict[str, Measure]:
        """What only a side view shows; refused, with the reason, where this is none."""
        if trace.oblique_deg > OBLIQUE_MAX_DEG:
            refused = Measure(reason=f"needs a side view; this one is about {trace.oblique_deg:.0f} degrees off")
            return dict.fromkeys((*ANY_RATE, *CONTACT, *OWN, LUMBAR, "waist_lean_deg"), refused)
        out = {name: read(s) for name, read in ANY_RATE.items()}
        slow = Measure(reason=f"needs 60 frames/s; this recording has {trace.fps:.0f}")
        out |= {name: read(s) if trace.fps >= CONTACT_FPS else slow for name, read in CONTACT.items()}
        if trace.is_in_place:
            out |= dict.fromkeys(OF_TRAVEL, Measure(reason="running in place: the feet do not travel"))
        lean, ankle = out["trunk_lean_deg"], out["ankle_lean_deg"]
        out["waist_lean_deg"] = Measure(lean.value - ankle.value, lean.spread, ankle.n, lean.reason or ankle.reason)
        now = _posture(trace)
        out[LUMBAR] = self._against_own(
            median_of_known(trace.lumbar_deg), 0.0 if self._stood else math.nan, len(s.steps)
        )
        return out | {name: self._against_own(now[name], self._stood.get(name, math.nan), len(s.steps)) for name in OWN}

    def _against_own(self, now: float, stood: float, steps: int) -> Measure:
        if steps < STEPS_MIN:
            return Measure(n=steps, reason=f"needs {STEPS_MIN} steps; seen in {steps}")
        if math.isnan(stood):
            return Measure(n=steps, reason="stand tall for a moment before the run: it is compared with that")
        return Measure(now - stood, n=steps, reason="can't be seen" if math.isnan(now) else "")


def _slow_motion(trace: Trace, t: float) -> TimesDoubt | None:
    """Whether a run is slower than life: one that floats, and would fall with gravity if it went faster."""
    for times in SLOWED:
        recent = trace.between(t - SENSE_S * times, t).sped_up(times)
        rhythm = running_rhythm(recent) if len(recent.t_s) else None
        if rhythm is not None and 2 * FALLS[0] <= gravity_share(rhythm) <= FALLS[1]:
            return "slow-motion"
    return None


def _posture(trace: Trace) -> dict[str, float]:
    return dict(zip(OWN, (median_of_known(hunch_tl(trace.xy_tl)), median_of_known(trace.sagitta_tl)), strict=True))


def _onset(recent: Trace, half_step_s: float) -> float:
    """When the feet begin to part: half a step before they have gone half of their usual way."""
    apart = np.hypot(*recent.feet_tl.T)
    if np.isnan(apart).all():
        return float(recent.t_s[0])
    parted = float(recent.t_s[int(np.argmax(apart > 0.5 * np.nanpercentile(apart, 90)))])
    return max(float(recent.t_s[0]), parted - half_step_s)


def _over_all(readings: list[dict[str, Measure]]) -> dict[str, Measure]:
    """One reading of many: the median of those that rest on the most steps."""
    out = {}
    for name in readings[-1]:
        known = [r[name] for r in readings if not math.isnan(r[name].value)]
        most = max((m.n for m in known), default=0)
        full = [m for m in known if m.n >= FULL * most]
        values, spreads = [m.value for m in full], [m.spread for m in full]
        out[name] = Measure(float(np.median(values)), float(np.median(spreads)), most) if full else readings[-1][name]
    return out
