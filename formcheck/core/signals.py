"""Measures of a body that take more than one picture: the back's steady hollow, breathing, bouncing, crossed legs."""

from __future__ import annotations

from dataclasses import replace

from formcheck.core.back import Steady
from formcheck.core.body import Body
from formcheck.core.breath import Breathing
from formcheck.core.crossing import Crossing
from formcheck.core.sway import Sway


class Signals:
    """Follows one person from picture to picture."""

    def __init__(self) -> None:
        self._hollow, self._belly, self._breathing = Steady(), Steady(), Breathing()
        self._sway, self._crossing = Sway(), Crossing()

    def begin(self, start: Body) -> None:
        """The start pose has been taken: what follows is seen against it."""
        self._crossing.home = start

    def add(self, body: Body) -> Body:
        """The body of the next picture, with what only time shows."""
        t, hip_x_t = body.t_s, body.hip_x_px / body.torso_px
        return replace(
            body,
            steady_hollow_t=self._hollow.update(t, body.hollow_t),
            breathless_s=self._breathing.update(t, self._belly.update(t, body.belly_t), hip_x_t),
            sway_t=self._sway.update(t, body),
            crossed=self._crossing.update(t, body),
            crossed_at_s=self._crossing.since_s,
        )
