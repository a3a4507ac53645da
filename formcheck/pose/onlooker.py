"""Looks now and then whether somebody is there, at next to no cost while nobody is: the eyes of a page that attracts.

Each picture is compared with the room, as a few hundred grey cells. The small model looks only where that says so: at
once where something changes that has been still, as when somebody comes; at ever longer distances where the same
places go on changing, as a television, a fan, a tree or somebody who exercises at the back do; and again and again
while somebody is near. Whoever was seen further off, and stands still, is looked at now and then.
"""

from __future__ import annotations

import math
from types import TracebackType

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.pose import Evidence, Pose
from formcheck.core.setup.standing import FOV_DEG, NEAR_M, STILL_NEAR, is_facing, is_near
from formcheck.pose.evidence import JointVisibility
from formcheck.pose.tracker import Finder, Picture, RawPose, Tracker

MODEL = "lite"
PEOPLE_MAX = 4
LONGEST_PX = 640
"""The model is shown a picture of this size: the trunk of somebody 3 m before the widest camera (90 degrees) has 53 of
its pixels, and smaller pictures save nothing (measured: 15-17 ms of CPU with people in it, 8 without)."""
CELLS = 40
"""Cells across the picture: 3 m before a camera of 70 degrees one is 10 cm wide, a head has six, a trunk two dozen."""
SAMPLES = 4
"""Points across a cell that are averaged: a webcam's noise in a dim room, sd 7 grey levels, becomes 1 to 2."""
CHANGED_SD = 6.0
"""A cell must change by so many times the noise of this very camera and light: of 880 cells, normal noise then moves
none in a day."""
CHANGED_MIN, CHANGED_MAX = 4.0, 12.0
"""Grey levels, of 255, between which that lies: a compressed picture flickers by 1-2; a room of which half moves is no
noise."""
NEW_CELLS = 6
"""So many cells that were still until now make a look worth while at once: a head that comes into the picture."""
DARK, GAIN_MAX = 60.0, 4.0
"""A picture of a darker mean is brightened to it for the model, at most so many times: people in rooms of 20 grey
levels are missed every other time, and found at twice the brightness (renders)."""
LAMP = 0.6
"""Share of all cells from which the camera was moved, or a blind drawn: one look, and the room is learned anew."""
ROOM_S = 2.0
"""Time constant of what counts as the room: who stands still becomes part of it."""
HABIT_S = 60.0
"""Cells in which something moved while nobody was near are expected to move for so long: a tree rests between gusts."""
NEXT_S, HABIT_NEXT_S = 0.15, 2.0
"""Time between two looks: the least, and where only the expected cells move. 8 to 16 ms in 2 s are 0.4-0.8 % of a core;
each fruitless look doubles it from the one to the other."""
IDLE_S, ALERT_S, CALM_S = 0.5, 0.2, 10.0
"""How often a picture is wanted while nothing has moved for `CALM_S`, and else: to decode one of 720p costs 4 ms of CPU
(measured), 0.8 and 2 % of a core. Who steps in front walks through the picture for longer than half a second."""
LATELY_S = 1.2
"""Who was near a moment ago is looked for, moving or not: a face turned down is missed for a picture or two."""
STAYS_S, STAYS_NEXT_S = 10.0, 1.0
"""Who is near for longer and doesn't face the screen is looked at this often only: they may talk there all day."""


class Onlooker:
    """Looks for people in the pictures of a room, as seldom as will do."""

    def __init__(self, finder: Finder | None = None, fov_deg: float = FOV_DEG) -> None:
        """Prepare it; the model is loaded at the first look.

        Args:
            finder: finds all people in a picture; the small model if None.
            fov_deg: the camera's field of view along the picture's longer side, degrees.
        """
        self._finder = finder or Tracker(MODEL, people=PEOPLE_MAX, is_video=False, with_mask=False)
        if finder is None:
            self._finder.use(MODEL, LONGEST_PX)
        self._fov_deg = fov_deg
        self._gate = _Gate()
        self._index = 0
        self._looked_s = self._seen_s = self._near_s = self._news_s = -math.inf
        self._t_s = -math.inf
        self._since_s: float | None = None
        """Since when somebody has been near without facing the screen."""
        self._wait_s = NEXT_S
        self.looks = 0
        """How often the model has looked."""

    def __enter__(self) -> Onlooker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Free the model."""
        self._finder.close()

    @property
    def every_s(self) -> float:
        """How often it wants to be shown a picture now, seconds: for `CameraThread.decode_every`."""
        return ALERT_S if self._t_s - max(self._news_s, self._near_s) <= CALM_S else IDLE_S

    def look(self, picture: Picture, t_s: float) -> list[Pose] | None:
        """Everybody in a BGR picture; None when nobody looked, since nothing speaks for anybody's being there.

        Args:
            picture: (h, w, 3) as it was filmed, a few a second.
            t_s: its time.
        """
        self._index += 1
        moved, new = self._gate.update(picture, t_s)
        self._t_s, self._news_s = t_s, t_s if new else self._news_s
        if t_s - self._looked_s < (NEXT_S if new else self._every_s(t_s, is_moving=moved)):
            return None
        self._looked_s = t_s
        self.looks += 1
        people = [self._pose(picture, raw, t_s) for raw in self._finder.detect(self._lit(picture), t_s)]
        self._note(people, t_s)
        return people

    def _every_s(self, t_s: float, *, is_moving: bool) -> float:
        """How long to wait between two looks, nothing new having moved."""
        if t_s - self._near_s <= LATELY_S:
            return STAYS_NEXT_S if self._is_staying(t_s) else NEXT_S
        if is_moving:
            return self._wait_s
        return HABIT_NEXT_S if t_s - self._seen_s <= STAYS_S else math.inf

    def _note(self, people: list[Pose], t_s: float) -> None:
        """What a look has found decides when the next one is due."""
        self._seen_s = t_s if people else self._seen_s
        near = [pose for pose in people if is_near(pose, self._fov_deg, NEAR_M * STILL_NEAR)]
        if not near:
            self._gate.expect(t_s)
            self._wait_s = min(2 * self._wait_s, HABIT_NEXT_S)
            return
        if any(is_facing(pose) for pose in near):
            self._since_s = None
        elif self._since_s is None or t_s - self._near_s > LATELY_S + STAYS_NEXT_S:
            self._since_s = t_s
        self._near_s, self._wait_s = t_s, NEXT_S
        if self._is_staying(t_s):
            self._gate.expect(t_s)

    def _is_staying(self, t_s: float) -> bool:
        """Whether somebody has long been near without facing the screen."""
        return self._since_s is not None and t_s - self._since_s > STAYS_S

    def _lit(self, picture: Picture) -> Picture:
        """The picture as the model likes it: not too dark."""
        if self._gate.brightness >= DARK:
            return picture
        gain = min(GAIN_MAX, DARK / max(self._gate.brightness, 1.0))
        return np.asarray(cv2.convertScaleAbs(picture, alpha=gain), np.uint8)

    def _pose(self, picture: Picture, raw: RawPose, t_s: float) -> Pose:
        """One of the people, with what of them was seen."""
        height, width = picture.shape[:2]
        evidence = JointVisibility().judge(raw, t_s, width, height)
        xy = raw.xy_px.copy()
        xy[evidence == Evidence.ABSENT] = np.nan
        return Pose(t_s, self._index, width, height, xy, evidence)


class _Gate:
    """Compares each picture with the room as it was, cell by cell."""

    def __init__(self) -> None:
        self._room: NDArray[np.float32] | None = None
        self._changed: NDArray[np.bool_] = np.zeros((1, 1), bool)
        self._expected_s: NDArray[np.float64] = np.zeros((1, 1))
        """Until when each cell is expected to move."""
        self._t_s = 0.0
        self.brightness = 0.0
        """Mean grey of the newest picture."""

    def update(self, picture: Picture, t_s: float) -> tuple[bool, bool]:
        """Look at one BGR picture. Returns whether anything moves, and whether it does where nothing did."""
        now = _cells(picture)
        dt, self._t_s, self.brightness = t_s - self._t_s, t_s, float(now.mean())
        if self._room is None or self._room.shape != now.shape:
            self._learn(now)
            return True, True
        change = now - self._room
        change = np.abs(change - np.median(change))  # a cloud, and a camera's exposure, change all cells alike
        noise = 1.48 * float(np.median(change))
        self._changed = change > min(max(CHANGED_SD * noise, CHANGED_MIN), CHANGED_MAX)
        if float(self._changed.mean()) > LAMP:
            self._learn(now)
            return True, True
        self._room += np.float32(1 - math.exp(-max(dt, 0.0) / ROOM_S)) * (now - self._room)
        new = int(np.count_nonzero(self._changed & (self._expected_s < t_s)))
        return int(np.count_nonzero(self._changed)) >= NEW_CELLS, new >= NEW_CELLS

    def expect(self, t_s: float) -> None:
        """What moves now, and its neighbours, may go on moving: it was nobody."""
        around = cv2.dilate(self._changed.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        self._expected_s[around] = t_s + HABIT_S

    def _learn(self, now: NDArray[np.float32]) -> None:
        """Take this picture for the room."""
        self._room = now
        self._changed = np.zeros(now.shape, bool)
        self._expected_s = np.full(now.shape, -math.inf)


def _cells(picture: Picture) -> NDArray[np.float32]:
    """(about 23, 40) grey levels of a picture's cells, each the mean of a few points."""
    height, width = picture.shape[:2]
    step = max(1, max(height, width) // (CELLS * SAMPLES))
    points = picture[step // 2 :: step, step // 2 :: step].mean(axis=2, dtype=np.float32)
    size = max(1, points.shape[1] // SAMPLES), max(1, points.shape[0] // SAMPLES)
    return np.asarray(cv2.resize(points, size, interpolation=cv2.INTER_AREA), np.float32)
