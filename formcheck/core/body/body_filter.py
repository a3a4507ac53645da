"""The body of one person from picture to picture: without frame noise, without limbs that are somebody else's."""

from __future__ import annotations

import math

from formcheck.core.body.filters import RunningMedian
from formcheck.core.body.measure import PARTS, Body, changed
from formcheck.core.body.outliers import ArmGate, JointGate

SIZE_MAX = 1.35
"""The torso of one person, seen from one side, keeps its length: it stays within 0.8 to 1.25 times its start in good
footage (70 renders). What is longer or shorter is two people in one skeleton."""
GROWN_S = 2.0
"""Seconds [P]: who has another size for longer has come nearer, or turned."""


class BodyFilter:
    """Follows one person from picture to picture."""

    def __init__(self) -> None:
        self._sagitta, self._sd = RunningMedian(), RunningMedian(math.inf)
        self._joints, self._arms = JointGate(), ArmGate()
        self._home_px = math.nan
        self._unlike_s: float | None = None

    def begin(self, start: Body) -> None:
        """The start pose has been taken: what follows is seen against it."""
        self._joints.home = start
        self._home_px = start.torso_px

    def add(self, body: Body) -> Body:
        """The body of the next picture, steadied; nothing is known of one that can't be the same person."""
        if self._is_another(body):
            return Body(body.t_s, unseen=tuple(PARTS), is_present=True)
        t = body.t_s
        steady_tl = self._sagitta.update(t, body.sagitta_tl)
        return changed(
            self._arms.update(body),
            steady_sagitta_tl=steady_tl,
            sagitta_sd_tl=self._sd.update(t, body.sagitta_sd_tl),
            back_unknown=body.back_unknown or ("noise" if self._sagitta.is_noise else ""),
            strayed=self._joints.update(body),
        )

    def _is_another(self, body: Body) -> bool:
        size = body.torso_px / self._home_px
        if not (size > SIZE_MAX or size < 1 / SIZE_MAX):
            self._unlike_s = None
        elif self._unlike_s is None:
            self._unlike_s = body.t_s
        elif body.t_s - self._unlike_s > GROWN_S:
            self._home_px, self._unlike_s = math.nan, None
        return self._unlike_s is not None
