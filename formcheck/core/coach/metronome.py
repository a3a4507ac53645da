"""Which ticks are due: on the floor one a second, with the movement; in running the own cadence and a little. Pure.

On the floor the ticks begin with each way, so that nobody is ever out of step with them: they rise on the way out and
fall on the way back. In running they go on evenly; the cadence that they start from is measured before the first tick,
or it would rise with what it leads.
"""

from __future__ import annotations

import math
from statistics import median

from formcheck.core.rules.exercise import Phase
from formcheck.core.rules.pace import Pace

STEPS = 5
"""Pitches of the ticks, from low to high."""
OWN_S = 10.0
"""Seconds over which the own cadence is measured: that of its reading (`core.gait.analyzer.WINDOW_S`)."""
UP_MAX_SHARE = 0.10
"""Most by which a run is led above the own cadence (Heiderscheit 2011: 5 to 10 %)."""


class FloorMetronome:
    """The ticks of a movement with a way out and a way back."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._phase: Phase = "rest"
        self._since_s = 0.0
        self._told = 0

    def follow(self, t_s: float, phase: Phase) -> int:
        """The tick that is due at one picture: 1 (low) to `STEPS` (high), 0 for none.

        Whoever turns early hears the ticks of the way out go on until its time is over.
        """
        if phase != self._phase and not (phase == "end-range" and self._phase == "outbound"):
            self._since_s, self._told = t_s, 0
        self._phase = phase if phase != "end-range" or self._phase != "outbound" else "outbound"
        length_s = {"outbound": self._pace.out_s, "return": self._pace.back_s}.get(self._phase, 0)
        due = math.floor(t_s - self._since_s)
        if not length_s or due < self._told or due > length_s:
            return 0
        self._told = due + 1
        share = due / length_s
        return 1 + round((STEPS - 1) * (share if self._phase == "outbound" else 1 - share))


class RunMetronome:
    """The beat of a run: the own cadence, raised by a share of it."""

    def __init__(self, up_share: float) -> None:
        """Args: `up_share`, by how much of the own cadence it is raised; never more than `UP_MAX_SHARE`."""
        self._up_share = min(max(up_share, 0.0), UP_MAX_SHARE)
        self._own: list[float] = []
        self._since_s = math.nan
        self.own_spm = math.nan
        """The own cadence, before any tick; NaN while it isn't known."""

    def follow(self, t_s: float, cadence_spm: float) -> float:
        """Beats a minute from now on: 0 while nobody runs, while the own cadence isn't known, and where the pictures'
        times are not those of the run.

        Args:
            t_s: time of the picture.
            cadence_spm: that of the newest reading; NaN while it isn't known, or must not be told.
        """
        if math.isnan(cadence_spm):
            self._own = []
            return 0.0
        if math.isnan(self.own_spm):
            self._since_s = t_s if not self._own else self._since_s
            self._own.append(cadence_spm)
            if t_s - self._since_s < OWN_S:
                return 0.0
            self.own_spm = median(self._own)
        return self.own_spm * (1 + self._up_share)
