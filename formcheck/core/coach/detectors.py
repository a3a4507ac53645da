"""Watchers over time: a fault with margin, confirmation and hysteresis; a start pose; a part that can't be seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from formcheck.core.body.baseline import BACK_FRAMES_MIN
from formcheck.core.body.measure import Body
from formcheck.core.body.quantities import Estimate
from formcheck.core.rules.exercise import Check, Fault
from formcheck.core.rules.rates import PICTURES

UNKNOWN_ENDS_S = 0.5
"""A fault that can't be seen for longer is over: nobody is told off for what isn't seen."""
GLITCH_S, GLITCH_PICTURES = 0.1, 1.5
"""A shorter dip below the limit doesn't interrupt the confirmation: one or two pictures of tracking noise; where they
come more seldom, one."""
STEADY_TL = 0.10
"""Largest hip travel while the start pose is being held, torso lengths: landmark noise is 0.04-0.06 (measured)."""


@dataclass(frozen=True, slots=True)
class FaultSpan:
    """A confirmed fault so far."""

    fault: Fault
    onset_s: float
    magnitude: float
    end_s: float


class FaultDetector:
    """One fault from picture to picture: over its limit for long enough, and in three pictures at least."""

    def __init__(
        self,
        fault: Fault,
        limit: float,
        confirm_s: float,
        hysteresis: float = 0.0,
        sure_share: float = 0.5,
        sure_good_share: float = 0.5,
        margin: float = 0.0,
        lag_s: float = 0.0,
    ) -> None:
        """Watch for a fault.

        Args:
            fault: which.
            limit: what its measure must pass.
            confirm_s: for how long.
            hysteresis: by how much it must fall below the limit to end.
            sure_share: how likely a measure with a doubt must be beyond the limit.
            sure_good_share: how likely it must be within it so that it tells that there is no fault.
            margin: by how much it must pass the limit to begin, in the unit of the measure; negative: how near it must
                come.
            lag_s: by how much its measure lags behind the body, seconds: so much longer it has lasted than it shows.
        """
        self.fault = fault
        self.span: FaultSpan | None = None
        self._sign = -1.0 if fault.is_least else 1.0
        self._limit = self._sign * limit
        self._margin = margin
        self._confirm_s = confirm_s - lag_s
        self._hysteresis = hysteresis
        self._sure_sds, self._good_sds = (NormalDist().inv_cdf(share) for share in (sure_share, sure_good_share))
        self.is_unsure = False
        """Whether it was over its limit for a time that the pictures leave open: long enough to be a fault, or not
        quite. Stays until somebody clears it."""
        self._onset: float | None = None
        self._last_over = self._last_known = self._peak = -math.inf
        self._pictures = 0
        self._under_s, self._under = math.nan, math.nan
        """When it was under its limit since it was last over it, and by how much in the last picture."""

    @property
    def onset_s(self) -> float | None:
        """Since when the measure is over its limit, confirmed or not; None while it isn't."""
        return self._onset

    def is_told(self, measured: Estimate) -> bool:
        """Whether a picture tells if it is a fault: surely beyond the limit, or surely not."""
        over = self._sign * measured.value - self._limit
        return over >= self._sure_sds * measured.sd or -over >= self._good_sds * measured.sd

    def update(self, t: float, measured: Estimate) -> tuple[FaultSpan | None, FaultSpan | None]:
        """One picture's measure. Returns (just confirmed, just ended)."""
        value = measured.value
        if math.isnan(value):
            if t - self._last_known > UNKNOWN_ENDS_S:
                return None, self.end()
            return None, None
        step_s, self._last_known = t - self._last_known, t
        value *= self._sign
        begins = self._limit + self._sure_sds * measured.sd + self._margin
        floor = min(self._limit - self._hysteresis, begins) if self.span else begins
        if value > floor:
            over, under = value - floor, self._under
            return self._over(t, value, step_s * over / (over + under) if under >= 0 else 0.0), None
        self._under_s, self._under = t if math.isnan(self._under) else self._under_s, floor - value
        if t - self._last_over <= max(GLITCH_S, GLITCH_PICTURES * step_s):
            return None, None
        if self.span is None and self._onset is not None:
            self.is_unsure |= self._under_s - self._onset >= self._confirm_s
        return None, self._end()

    def end(self) -> FaultSpan | None:
        """End it now (the phase changed); returns the span if it was confirmed."""
        self._under = math.nan
        return self._end()

    def _end(self) -> FaultSpan | None:
        span, self.span, self._onset, self._peak, self._pictures = self.span, None, None, -math.inf, 0
        return span

    def _over(self, t: float, value: float, since_s: float) -> FaultSpan | None:
        """One picture over the limit, which was passed so many seconds before."""
        self._onset = t - since_s if self._onset is None else self._onset
        self._last_over, self._under = t, math.nan
        self._peak, self._pictures = max(self._peak, value), self._pictures + 1
        is_plain = self._pictures >= PICTURES and t - self._onset >= self._confirm_s - 1e-9
        is_new = self.span is None and is_plain
        if self.span is not None or is_new:
            self.span = FaultSpan(self.fault, self._onset, self._sign * self._peak, t)
        return self.span if is_new else None


def pose_holds(checks: Sequence[Check], body: Body, slack: float = 0.0) -> bool:
    """Whether all checks are met; an unknown one counts as met only where the check is optional."""
    verdicts = [(check, check.verdict(body, slack)) for check in checks]
    return all(v or (v is None and check.is_optional) for check, v in verdicts)


def may_hold(checks: Sequence[Check], body: Body, slack: float = 0.0) -> bool:
    """Whether no check is broken: at the end of a repetition the movement itself tells that it is over."""
    return all(check.verdict(body, slack) is not False for check in checks)


class StartPoseDetector:
    """The start pose, held steadily for its dwell. Keeps the pictures of the hold for the baseline."""

    def __init__(self, dwell_s: float, opening_share: float = 1.0) -> None:
        self.bodies: list[Body] = []
        self.dwell_s = dwell_s
        self._opening_share = opening_share
        """A recording that opens in the start pose was cut there: part of the hold lies before its first picture."""
        self._is_opening = True

    def update(self, checks: Sequence[Check], body: Body) -> bool:
        """Whether the start pose has now been steady for long enough."""
        if not pose_holds(checks, body):
            self.bodies.clear()
            self._is_opening = False
            return False
        self.bodies.append(body)
        while self.bodies and not _is_steady(self.bodies):
            self.bodies.pop(0)
        dwell = self.dwell_s * (self._opening_share if self._is_opening else 1.0)
        return len(self.bodies) >= BACK_FRAMES_MIN and body.t_s - self.bodies[0].t_s >= dwell - 1e-9

    def reset(self) -> None:
        """Begin anew."""
        self.bodies.clear()
        self._is_opening = False


def _is_steady(bodies: Sequence[Body]) -> bool:
    first, last = bodies[0], bodies[-1]
    travel = math.hypot(last.hip_x_px - first.hip_x_px, last.hip_y_px - first.hip_y_px)
    return travel <= STEADY_TL * last.torso_px


class VisibilityMonitor:
    """A part that is needed and not seen for long enough."""

    def __init__(self, dwell_s: float) -> None:
        self.active: dict[str, float] = {}
        self.dwell_s = dwell_s
        self._lost: dict[str, float] = {}
        self._seen: dict[str, float] = {}

    def update(self, t: float, needed: Sequence[str], unseen: Sequence[str]) -> tuple[list[str], list[str]]:
        """Returns (parts just reported as unseen, parts just seen again)."""
        started, ended = [], []
        for part in needed:
            if part in unseen:
                self._seen.pop(part, None)
                lost = self._lost.setdefault(part, t)
                if part not in self.active and t - lost >= self.dwell_s:
                    self.active[part] = lost
                    started.append(part)
            else:
                self._lost.pop(part, None)
                seen = self._seen.setdefault(part, t)
                if part in self.active and t - seen >= self.dwell_s / 2:
                    ended.append(part)
        return started, ended
