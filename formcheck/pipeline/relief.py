"""What is done for a machine that is too slow, by itself, before the person is asked to do something. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from formcheck.core.rules.exercise import Exercise
from formcheck.core.rules.rates import needed_rate, needed_rates
from formcheck.pipeline.pace import BUSY_SHARE, WINDOW_S, PaceState
from formcheck.pose.effort import SMALL_SIDE_PX, Effort

Help = Literal["drawing", "scout", "lite", "small"]
"""Draw every other pose; no search for further people while the patient is followed; the small model; a smaller
picture for the tracker."""
Slow = Literal["", "some", "all"]
"""Whether the poses come too slowly though all help is given: for `some` faults, or for counting (`all`)."""

WANTED_MAX_FPS = 15.0
"""Faults that need more than a webcam gives in poor light are no reason to help: nothing brings the tracker there."""
LOW_MARGIN = 1.2
"""Help begins so far above the rate that is wanted, and a word of slowness ends there: a rate over a few seconds sways
by a tenth under load (measured)."""
LOW_S = 2.0
"""For so many seconds without a break: one hiccup is none."""
HIGH_MARGIN = 2.0
"""Help is taken back where the rate is so many times the one that is wanted: more than any one help brings (measured:
the small model 1.25, the smaller picture 1.1, no scout 1.3 at four poses a second, every other drawing 1.3)."""
HIGH_S = 30.0
"""For so many seconds without a break; each help that was needed again waits twice as long."""
MID_SET: tuple[Help, ...] = ("drawing", "scout")
"""What may be taken back within an exercise. Another model sees another body, by a few degrees."""


@dataclass(frozen=True, slots=True)
class HelpGiven:
    """A help, and when; seconds on the clock."""

    what: Help
    began_s: float
    ended_s: float | None = None


class _Since:
    """For how long something has been so."""

    def __init__(self) -> None:
        self._since_s: float | None = None

    def update(self, is_so: bool, now_s: float) -> None:
        """Look again."""
        self._since_s = (now_s if self._since_s is None else self._since_s) if is_so else None

    def is_for(self, seconds: float, now_s: float) -> bool:
        """Whether it has been so for so long, when last looked at."""
        return self._since_s is not None and now_s - self._since_s >= seconds


class Relief:
    """Gives one help after the other, each with the time to show whether it did, and takes them back with caution."""

    def __init__(self, effort: Effort, *, may_change_model: bool = True) -> None:
        """Begin without help.

        Args:
            effort: what is put into a picture where the machine is fast enough.
            may_change_model: False where the person asked for this model.
        """
        self._effort = effort
        self._may_change_model = may_change_model
        self._exercise = ""
        self._needed_fps = self._wanted_fps = 0.0
        self._changed_s = float("-inf")
        self._low, self._high = _Since(), _Since()
        self._wait_s: dict[Help, float] = {}
        self.given: list[HelpGiven] = []
        """All help so far, in order; what goes on has no end."""
        self.slow: Slow = ""
        self.is_of_camera = False
        """Whether it is the camera that sends too few pictures; the machine would manage more."""

    @property
    def now(self) -> tuple[Help, ...]:
        """The help that is given now."""
        return tuple(each.what for each in self.given if each.ended_s is None)

    @property
    def effort(self) -> Effort:
        """What to put into a picture now."""
        helps = self.now
        return Effort(
            "lite" if "lite" in helps else self._effort.model,
            SMALL_SIDE_PX if "small" in helps else self._effort.longest_px,
            "scout" not in helps,
        )

    def watch_for(self, exercise: Exercise, now_s: float) -> None:
        """An exercise begins or goes on: its own need. The larger model comes back only to another exercise."""
        is_other, self._exercise = exercise.name != self._exercise, exercise.name
        if is_other and self._high.is_for(HIGH_S, now_s):
            for what in self.now:
                self._end(what, now_s)
        self._needed_fps = needed_rate(exercise)
        rates = needed_rates(exercise).values()
        self._wanted_fps = max((r for r in rates if r <= WANTED_MAX_FPS), default=self._needed_fps)
        self._low, self._high = _Since(), _Since()

    def update(self, pace: PaceState, now_s: float) -> bool:
        """The pace now; whether the help has changed."""
        if not pace.is_known or now_s - self._changed_s < WINDOW_S:
            return False
        # A tracker that could not keep up with a better camera either is no reason to ask for light: a processor that
        # others use starves the camera's thread, too (seen).
        could_keep_up = pace.tracker_ms * self._wanted_fps < 1000.0 * BUSY_SHARE
        self.is_of_camera = pace.bottleneck == "camera" and could_keep_up
        self._low.update(not self.is_of_camera and pace.poses_fps < self._wanted_fps * LOW_MARGIN, now_s)
        self._high.update(pace.poses_fps >= self._wanted_fps * HIGH_MARGIN, now_s)
        if self._give(pace, now_s) or self._take_back(now_s):
            return True
        self.slow = "" if self._left and not self.is_of_camera else self._slow(pace)
        return False

    def _slow(self, pace: PaceState) -> Slow:
        margin = LOW_MARGIN if self.slow else 1.0
        if pace.poses_fps < self._needed_fps * (margin if self.slow == "all" else 1.0):
            return "all"
        return "some" if pace.poses_fps < self._wanted_fps * margin else ""

    @property
    def _left(self) -> list[Help]:
        """The help that is left; what takes least from the person comes first."""
        possible: dict[Help, bool] = {
            "drawing": True,
            "scout": True,
            "lite": self._may_change_model and self._effort.model == "full",
            "small": self._effort.longest_px > SMALL_SIDE_PX,
        }
        return [what for what, is_possible in possible.items() if is_possible and what not in self.now]

    def _give(self, pace: PaceState, now_s: float) -> bool:
        """The next help, if it is time for it; all that is left where one alone can't be enough."""
        left = self._left
        if not left or not self._low.is_for(LOW_S, now_s):
            return False
        for what in left if pace.poses_fps < self._needed_fps / 2 else left[:1]:
            if any(each.what == what for each in self.given):
                self._wait_s[what] = 2 * self._wait_s.get(what, HIGH_S)
            self.given.append(HelpGiven(what, now_s))
        self._changed_s = now_s
        return True

    def _take_back(self, now_s: float) -> bool:
        """End the last help that may end within a set, where the machine has been fast for long enough."""
        for what in reversed([each for each in self.now if each in MID_SET]):
            waits_s = self._wait_s.get(what, HIGH_S)
            if self._high.is_for(waits_s, now_s) and now_s - self._changed_s >= waits_s:
                self._end(what, now_s)
                self._changed_s = now_s
                return True
        return False

    def _end(self, what: Help, now_s: float) -> None:
        at = next(i for i, each in enumerate(self.given) if each.what == what and each.ended_s is None)
        self.given[at] = replace(self.given[at], ended_s=now_s)
