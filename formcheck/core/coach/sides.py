"""Which side moves. Side views make trackers swap left and right, so a cycle's side is a vote over its whole course."""

from __future__ import annotations

import math
from dataclasses import replace

from formcheck.core.body.pose import SIDES, Side, other
from formcheck.core.rules.exercise import Exercise, Phase, Reach, RuleContext

SWAPPED = 0.5
"""The other side leads within a cycle only when it has moved this far: then the tracker has swapped the labels."""
BOTH_SHARE = 0.8
"""Share of the range, in every joint, from which a side counts as out: a holding leg that only drifts stays bent."""
BOTH_S = 0.3
"""Both sides out together for this long: another movement (double-leg lowering, resting the feet)."""


class SideTracker:
    """Follows the moving side of an exercise; for one without sides the side is None."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self.side: Side | None = None
        self._votes: dict[Side, float] = {"left": 0.0, "right": 0.0}
        self._both_since: float | None = None
        self._t_s = 0.0

    @property
    def is_double(self) -> bool:
        """Whether both sides have been out together for too long."""
        return self._both_since is not None and self._t_s - self._both_since > BOTH_S

    def begin(self) -> None:
        """A cycle begins: votes count from here."""
        self._votes = {"left": 0.0, "right": 0.0}
        self._both_since = None

    def reach(self, context: RuleContext, phase: Phase) -> Reach:
        """How far the moving side is; updates `side`. The context is that of the picture, of no side yet."""
        body = context.body
        self._t_s = body.t_s
        if self._exercise.sides == (None,):
            return self._exercise.reach(context)
        by_side: dict[Side, Reach] = {s: self._exercise.reach(replace(context, side=s)) for s in SIDES}
        moved: dict[Side, float] = {s: (-1.0 if math.isnan(r.excursion) else r.excursion) for s, r in by_side.items()}
        lead: Side = max(SIDES, key=lambda s: moved[s])
        if phase == "rest" or self.side is None:
            self.side = lead
        else:
            lead = self._vote(self.side, lead, moved)
        self._note_both(
            body.t_s, self._are_both_out(by_side[body.near].rom_fraction, by_side[body.far].rom_fraction), phase
        )
        if math.isnan(by_side[lead].excursion) and phase in ("outbound", "return"):
            # A leg on its way home disappears behind the other one: then the one that is seen stands for both.
            return by_side[other(lead)]
        return by_side[lead]

    def _vote(self, side: Side, lead: Side, moved: dict[Side, float]) -> Side:
        """The side whose limb is followed in this picture; the vote may change the cycle's side."""
        if moved[other(side)] < SWAPPED:
            lead = side
        self._votes[lead] += max(moved[lead] - max(moved[other(lead)], 0.0), 0.0)
        if any(self._votes.values()):
            winner: Side = max(SIDES, key=lambda s: self._votes[s])
            self.side = winner
        return lead

    def _are_both_out(self, near: float, far: float) -> bool:
        """Whether both legs are out. On the back, a far leg that is not seen lies behind the near one, if that is."""
        if math.isnan(far) and self._exercise.posture == "supine":
            far = near
        return near >= BOTH_SHARE and far >= BOTH_SHARE

    def _note_both(self, t: float, are_both_out: bool, phase: Phase) -> None:
        if phase == "rest" or not are_both_out:
            self._both_since = None
        elif self._both_since is None:
            self._both_since = t
