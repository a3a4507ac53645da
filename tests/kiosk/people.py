"""People who stand before a kiosk, as joints: they stand, point, turn away, change places. Poses only, no pictures."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from formcheck.camera import CameraState, Frame
from formcheck.core.body.back import unknown_back
from formcheck.core.body.pose import Evidence, Pose, absent_pose
from formcheck.pipeline.live import Strain
from formcheck.pose import Picturelike
from tests.replay import Clock, ReplayFeed, Step

WIDTH, HEIGHT, FPS = 1280, 720, 10.0
SHOULDER_Y, HIP_Y, TRUNK = 240.0, 415.0, 175.0
"""Somebody of 1.7 m, 2.6 m before a usual camera: a trunk of 175 pixels."""
ARMS: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "down": ((0.08, 0.55), (0.12, 1.05)),
    "out": ((0.50, -0.29), (0.97, -0.56)),
    "up": ((0.04, -0.58), (0.06, -1.12)),
    "head": ((0.35, 0.30), (0.05, -0.30)),
}
"""Elbow and wrist from the shoulder, in trunk lengths: outward, and down."""


def standing(left: str = "down", right: str = "down", x: float = 640.0, person: int = 0) -> Step:
    """Somebody who faces the camera. `left` and `right` say what the person's own arms do."""
    xy = np.full((33, 2), np.nan, np.float32)
    head = SHOULDER_Y - 0.55 * TRUNK
    xy[0] = (x, head)
    for i in (1, 2, 3, 4, 5, 6, 9, 10):
        xy[i] = (x + (6 if i in (1, 2, 3, 9) else -6), head - 4)
    xy[7], xy[8] = (x + 22, head), (x - 22, head)
    for sign, arm, shoulder, elbow, wrist in ((1, left, 11, 13, 15), (-1, right, 12, 14, 16)):
        at = np.array((x + sign * 0.35 * TRUNK, SHOULDER_Y))
        xy[shoulder] = at
        for joint, (out, down) in zip((elbow, wrist), ARMS[arm], strict=True):
            xy[joint] = at + np.array((sign * out, down)) * TRUNK
        for finger in (wrist + 2, wrist + 4, wrist + 6):
            xy[finger] = xy[wrist]
    for sign, hip, knee, ankle in ((1, 23, 25, 27), (-1, 24, 26, 28)):
        for joint, down in ((hip, 0.0), (knee, 0.85), (ankle, 1.7)):
            xy[joint] = (x + sign * 0.22 * TRUNK, HIP_Y + down * TRUNK)
        xy[ankle + 2] = xy[ankle + 4] = xy[ankle]
    evidence = np.full(33, Evidence.MEASURED, np.uint8)
    return Pose(0.0, 0, WIDTH, HEIGHT, xy, evidence, True, 0, person), unknown_back(0.0, "no-torso")


def nobody() -> Step:
    """An empty picture."""
    return absent_pose(0.0, 0, WIDTH, HEIGHT), unknown_back(0.0, "no-torso")


def lasting(step: Step, seconds: float) -> list[Step]:
    """The same for a while."""
    return [step] * round(seconds * FPS)


def away(seconds: float) -> list[Step]:
    """Nobody for a while."""
    return lasting(nobody(), seconds)


def pointing(choice: str) -> list[Step]:
    """Arms down, then the arm that means a choice, long enough, and down again."""
    arms = {"left": ("out", "down"), "middle": ("down", "up"), "right": ("down", "out")}[choice]
    return [*lasting(standing(), 1.5), *lasting(standing(*arms), 2.6), *lasting(standing(), 1.0)]


def timed(steps: Iterable[Step]) -> list[Step]:
    """On one time."""
    return [(replace(p, t_s=i / FPS, index=i), replace(b, t_s=i / FPS)) for i, (p, b) in enumerate(steps)]


class Foyer(ReplayFeed):
    """A camera before a kiosk: the same stream whether it is looked at or followed. Its pictures stand for the poses:
    the number of the picture is written into its first pixel."""

    def __init__(self, steps: Sequence[Step], clock: Clock, picture: np.ndarray | None = None) -> None:
        super().__init__(steps, clock, self._numbered if picture is None else lambda _: picture)
        self.is_released = False
        self.rests: list[float] = []
        self.status: Callable[[], CameraState] = lambda: CameraState("live")
        self._room = [pose for pose, _ in steps]
        self.began_s = math.nan
        """When the stream began, on the clock."""

    @property
    def now_s(self) -> float:
        """The time of its clock."""
        return self._clock.now_s

    @staticmethod
    def _numbered(at: int) -> np.ndarray:
        image = np.full((18, 32, 3), 90, np.uint8)
        image[0, 0] = at // 256 // 256, at // 256 % 256, at % 256
        return image

    @property
    def state(self) -> CameraState:
        return self.status()

    @property
    def strain(self) -> Strain:
        return Strain()

    def look(self) -> Picturelike | None:
        """The next picture of the room, at its own time."""
        if self.at >= len(self._room):
            return None
        now = self._clock.now_s
        self.began_s = now - self._room[self.at].t_s if math.isnan(self.began_s) else self.began_s
        while self.at + 1 < len(self._room) and self._room[self.at + 1].t_s + self.began_s <= now:
            self.at += 1
        return Frame(self._numbered(self.at), now, self.at)

    def newest(self, timeout_s: float):
        """The pose of now: a page without a picture does not stop the time."""
        if self._exercise is None or self.at >= len(self._room):
            self._clock.sleep(max(timeout_s, 0.01))
            return None
        return super().newest(timeout_s)

    def rest(self, every_s: float) -> None:
        self.rests.append(every_s)

    def close(self) -> None:
        pass

    def release(self) -> None:
        self.is_released = True


class Passers:
    """Stands for the onlooker: it knows who is in each numbered picture."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps

    every_s = 0.25
    """Seconds between two pictures that it wants: this room is never hurried."""

    def look(self, picture: np.ndarray, t_s: float) -> list[Pose] | None:
        image = picture
        at = int(image[0, 0, 0]) * 65536 + int(image[0, 0, 1]) * 256 + int(image[0, 0, 2])
        pose = self._steps[at][0]
        return [replace(pose, t_s=t_s)] if pose.is_present else []

    def close(self) -> None:
        pass


def chained(*parts: Sequence[Step]) -> list[Step]:
    """Parts one after the other."""
    return list(itertools.chain(*parts))
