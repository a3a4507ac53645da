"""Who is there: nobody, somebody who steps in front, the visitor, somebody else. Told of pictures, keeps none."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.pose import Joint, Pose
from formcheck.core.body.tracked import Tracked
from formcheck.core.rules.exercise import Check, Dose, Exercise, Reach, RuleContext
from formcheck.core.rules.setting import Settings
from formcheck.core.setup.pointing import PointRecognizer
from formcheck.core.setup.standing import FOV_DEG, Arrival, size_px
from formcheck.pipeline.live import Feed
from formcheck.pose import Picturelike

EXCHANGED_S = 1.5
"""Seconds for which somebody else must be followed until the visit is over: the lock itself takes one to be sure."""
MOVED, MOVED_TL = (Joint.NOSE, Joint.LEFT_WRIST, Joint.RIGHT_WRIST), 0.5
"""What a sign of life moves, and how far, torso lengths: the tracker's noise is a tenth of it [P]."""
UPRIGHT_DEG = 65.0
"""Who stands and reads has a trunk at least so steep; the lock chooses the visitor by it [P]."""


def _upright(_: Settings) -> tuple[Check, ...]:
    return (Check("Stand", lambda body: body.trunk_deg, UPRIGHT_DEG, 90.0),)


def _nothing(_: RuleContext) -> Reach:
    return Reach(math.nan, math.nan)


STANDING = Exercise(
    name="standing", title="", line="", dose=Dose(1), posture="upright", required_parts=(), start=_upright,
    invariants=lambda _: (), reach=_nothing, faults=(),
)  # fmt: skip
"""Somebody who stands before the screen, reads and points: followed between the exercises, never judged."""


class Company:
    """Who stands before the kiosk. `watch` while nobody has been greeted, `follow` from then on."""

    def __init__(self, clock: Callable[[], float], onlooker: Looking, fov_deg: float = FOV_DEG) -> None:
        """Nobody is there yet.

        Args:
            clock: seconds, the same that stamps the camera's pictures.
            onlooker: looks for people while nobody is greeted.
            fov_deg: the camera's field of view along the picture's longer side, degrees.
        """
        self._clock, self._onlooker = clock, onlooker
        self._arrival, self._fov_deg = Arrival(fov_deg), fov_deg
        self._pointing: PointRecognizer | None = None
        self._other_since = math.inf
        self._every_s = math.nan
        self.seen_s = -math.inf
        """When the visitor was last seen."""
        self.moved_s = -math.inf
        """When the visitor last moved head or arms: a picture on the wall never does."""
        self._still_px: NDArray[np.float32] | None = None
        self.is_exchanged = False
        """Whether somebody else has taken the visitor's place."""
        self.picture: Picturelike | None = None
        """The newest picture, for the page that shows what the camera sees."""
        self.forming: tuple[int, float] | None = None
        """Index of the choice that is pointed to, and the share of its ring."""

    def watch(self, feed: WatchingFeed) -> bool:
        """Look at the newest picture of an empty room; whether somebody has stepped in front."""
        frame = feed.look()
        if frame is None:
            return False
        is_here = self._arrival.update(frame.t_s, self._onlooker.look(frame.image, frame.t_s))
        if self._onlooker.every_s != self._every_s:
            self._every_s = self._onlooker.every_s
            feed.rest(self._every_s)
        return is_here

    def is_somebody(self, now: float) -> bool:
        """Whether somebody stands there who may be about to be greeted."""
        return 0 < self._arrival.share(now) < 1

    def greet(self, feed: WatchingFeed) -> None:
        """Somebody has come: they are followed from now on, in all pictures."""
        self._onlooker.close()
        feed.rest(0.0)
        feed.watch_for(STANDING)

    def follow(self, feed: Feed) -> int | None:
        """Look at the newest pose of the visitor, if there is one; the index of what was chosen by pointing."""
        seen = feed.newest(0.0)
        if seen is None:
            return None
        self.picture = seen.frame
        self.note(seen.tracked)
        if self._pointing is None or self.is_exchanged:
            return None
        chosen = self._pointing.update(seen.tracked.pose)
        self.forming = self._pointing.forming
        return chosen

    def offer(self, choices: int) -> None:
        """So many choices can be pointed to from now on; 0 ends it."""
        self._pointing = PointRecognizer(choices, self._fov_deg) if choices else None
        self.forming = None

    def note(self, tracked: Tracked) -> None:
        """What was seen in one picture: whether the visitor is there, or somebody else."""
        pose, now = tracked.pose, self._clock()
        if not pose.is_present:
            return
        if pose.person != 0:
            self._other_since = min(self._other_since, now)
            self.is_exchanged |= now - self._other_since >= EXCHANGED_S
            return
        self._other_since = math.inf
        self.seen_s = now
        self._see_moves(pose, now)

    def _see_moves(self, pose: Pose, now: float) -> None:
        here = pose.xy_px[list(MOVED)]
        still = here if self._still_px is None else np.where(np.isnan(self._still_px), here, self._still_px)
        ways = np.hypot(*(here - still).T)
        is_moved = bool((ways > MOVED_TL * size_px(pose)).any())
        self._still_px = here if is_moved else still
        self.moved_s = now if is_moved else self.moved_s


class WatchingFeed(Feed, Protocol):
    """A feed whose pictures can be looked at while nobody is followed."""

    def look(self) -> Picturelike | None:
        """The newest picture that was not taken yet; None if there is none."""

    def rest(self, every_s: float) -> None:
        """Look at a picture only so often, to spare the machine; 0 = at all of them."""

    def release(self) -> None:
        """The visit is over: camera and model are let go."""


class Looking(Protocol):
    """Looks for people in the pictures of a room (`pose.onlooker`)."""

    @property
    def every_s(self) -> float:
        """How often it wants a picture now, seconds."""

    def look(self, picture: NDArray[np.uint8], t_s: float) -> list[Pose] | None:
        """Everybody in a BGR picture; None when nobody looked."""

    def close(self) -> None:
        """Free the model."""
