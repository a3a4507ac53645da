"""Which side moves. Side views make trackers swap left and right, so a cycle's side is a vote over its whole course."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

from formcheck.core.body.pose import SIDES, Side, other
from formcheck.core.rules.exercise import Exercise, Phase, Reach, RuleContext

SWAPPED = 0.5
"""The other side leads within a cycle only when it has moved this far: then the tracker has swapped the labels."""
BOTH_SHARE = 0.8
"""Share of the range, in every joint, from which a side counts as out: a holding leg that only drifts stays bent."""
BOTH_S = 0.3
"""Both sides out together for this long: another movement (double-leg lowering, resting the feet)."""
SURE = 0.65
"""Share of the votes that a side needs to be told [P]: labels that were swapped for a third of a cycle leave its side
open, and an open side is told as unknown."""
ALTERNATES, TURN = 2, 0.2
"""Who has changed sides so many times, and each time, will probably do so again: that counts as this share of the
votes. It decides what is nearly sure, 0.58 of the votes; against it 0.78 are needed, so that it never proves a side."""
STEP_MAX_S = 0.5
"""Longest time that one picture votes for: what lies between two pictures further apart was not seen."""


class SideTracker:
    """Follows the moving side of an exercise; for one without sides the side is None."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self.side: Side | None = None
        """The side of the cycle, by what has been seen of it so far."""
        self.followed: Side | None = None
        """The side whose limb is followed in this picture: while the tracker swaps labels it bears the other's name."""
        self.is_one_unseen = False
        """Whether nothing is known of one side's limb in this picture: it may move."""
        self._told: list[Side | None] = []
        self._votes: dict[Side, float] = {"left": 0.0, "right": 0.0}
        self._both_since: float | None = None
        self._t_s = self._step_s = 0.0

    @property
    def is_double(self) -> bool:
        """Whether both sides have been out together for too long."""
        return self._both_since is not None and self._t_s - self._both_since > BOTH_S

    @property
    def is_open(self) -> bool:
        """Whether the votes so far leave the side of the cycle open."""
        return max(self._votes.values()) < SURE * sum(self._votes.values())

    def begin(self) -> None:
        """A cycle begins: votes count from here."""
        self._votes = {"left": 0.0, "right": 0.0}
        self._both_since = None

    def settle(self) -> Side | None:
        """The side of the cycle that ends here, by all that was seen of it; None where the exercise has no sides, or
        where it can't be told."""
        votes = dict(self._votes)
        total = sum(votes.values())
        if self.side is not None and not total:
            votes[self.side] = total = 1.0
        if not total:
            return None
        last = self._told[-ALTERNATES - 1 :]
        if len(last) > ALTERNATES and all(a is not None and a == other(b) for a, b in pairwise(last) if b is not None):
            usual = last[-1]
            if usual is not None:
                votes[other(usual)] += TURN * total
        side: Side = max(SIDES, key=lambda s: votes[s])
        told = side if votes[side] >= SURE * sum(votes.values()) else None
        self._told.append(told)
        return told

    def reach(self, context: RuleContext, phase: Phase) -> Reach:
        """How far the moving side is; updates `side`. The context is that of the picture, of no side yet."""
        body = context.body
        self._step_s, self._t_s = min(max(body.t_s - self._t_s, 0.0), STEP_MAX_S), body.t_s
        if self._exercise.sides == (None,):
            return self._exercise.reach(context)
        by_side: dict[Side, Reach] = {s: self._exercise.reach(replace(context, side=s)) for s in SIDES}
        moved: dict[Side, float] = {s: (-1.0 if math.isnan(r.excursion) else r.excursion) for s, r in by_side.items()}
        self.is_one_unseen = any(math.isnan(r.excursion) for r in by_side.values())
        lead: Side = max(SIDES, key=lambda s: moved[s])
        if phase == "rest" or self.side is None:
            self.side = lead
        else:
            lead = self._vote(self.side, lead, moved)
        self.followed = lead
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
        self._votes[lead] += self._step_s * max(moved[lead] - max(moved[other(lead)], 0.0), 0.0)
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
