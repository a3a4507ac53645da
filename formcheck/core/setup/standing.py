"""Who stands before a screen: near, upright and facing it, long enough to be greeted. Pure.

It is judged from one picture of one person, and then over time. What keeps people out: who walks by is side-on, who
lies on the mat is not upright, who talks to somebody behind has the face elsewhere, and the room's far end is too far.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from formcheck.core.body.geometry import middle
from formcheck.core.body.pose import EAR, HIP, SHOULDER, Joint, Pose

FOV_DEG = 70.0
"""Field of view along the picture's longer side where nobody told it [P]: webcams have 55 to 90 degrees. A camera of 90
is then believed 1.4 times too far, one of 55 at 0.75 of the true distance: a kiosk's installer had better tell it."""
TORSO_M = 0.50
"""Middle of the hips to middle of the shoulders of an adult: 0.288 of the stature (Drillis and Contini 1966, in
Winter), 0.49 m at 1.70 m. A child of 1.2 m has 0.35 m, and must come to 0.7 of the distance."""
SHOULDERS_TL = 0.70
"""Width between the shoulder joints, torso lengths, seen from the front: 0.35 m (the same source gives 0.259 of the
stature for the outer width, 0.44 m; the joints lie 4-5 cm within)."""
NEAR_M = 3.5
"""Who is this near can have come for the screen: the exercises are filmed from 2 to 3 m, and an adult of 1.50 m
(trunk 0.43 m) who is 3 m away looks like one of 1.73 m at 3.5 m."""
STILL_NEAR = 1.15
"""Who has been near stays it up to so many times as far [P]: at the limit, the landmarks' noise makes 5 %."""
TURNED_MAX_DEG = 55.0
"""The shoulders may be turned so far from the screen [P]: who stands there chatting half sideways still looks at it,
who walks by is at 90."""
FORESHORTENED = 1.8
"""Shoulders this much wider than they are in proportion to the trunk: it leans or lies towards the camera or away from
it by more than 56 degrees (its cosine)."""
UPRIGHT_DEG = 25.0
"""The trunk is no further off the vertical [P]: standing and sitting people lean by 10, a camera hangs askew by 5."""
SHOULDER_SLOPE_DEG = 30.0
"""Nor the shoulders off the level: one raised arm lifts its shoulder by 10 cm, 16 degrees."""
LOOKING_DEG = 40.0
"""Nor may the face be turned further from it [P]: a screen's edge is 20-30 degrees away from its camera, and who shows
somebody something, or talks to them, turns by more."""
NOSE_EARS = 1.6
"""How far the nose stands before the line of the ears, over half of their distance: about 0.12 m over 0.075 m (heads of
adults). Turned by 32 degrees, the nose is seen before an ear."""
HEAD_TL = 0.2
"""The nose is at least this far above the shoulders: 0.4-0.5 of who holds the head up, 0.3 of who reads a telephone."""

ARRIVED_S = 1.7
"""From the first sighting: with four to five looks a second the first one comes up to 0.25 s after the person does, and
the one that completes the time up to 0.25 s after its end; so they are greeted 1.7 to 2.0 s after they stand there."""
LOST_S = 0.8
"""Longer without a sighting, it begins anew: a single miss at four looks a second lasts 0.5 s."""
MISSES_MAX = 0.34
"""Share of the looks that may miss somebody who stands there [P]: one in nine is usual, one in two is a shadow."""
STEP_TL, STEP_TL_PER_S = 0.6, 3.0
"""Who is further from the place of the last sighting, torso lengths, and that much more a second (1.5 m/s), is another
person, whose time begins anew."""


def size_px(pose: Pose) -> float:
    """Length of the trunk in pixels; from the shoulders where no hip is in the picture, NaN without those."""
    xy: list[list[float]] = pose.xy_px.tolist()
    shoulder, hip = middle(xy, SHOULDER), middle(xy, HIP)
    across = math.dist(xy[SHOULDER["left"]], xy[SHOULDER["right"]])
    if shoulder is None or math.isnan(across):
        return math.nan
    return (
        across / SHOULDERS_TL if hip is None else max(math.dist(shoulder, hip), across / SHOULDERS_TL / FORESHORTENED)
    )


def distance_m(pose: Pose, fov_deg: float = FOV_DEG) -> float:
    """How far off an adult of this size is; NaN when it can't be told.

    Args:
        pose: joints in pixels.
        fov_deg: the camera's field of view along the picture's longer side, degrees.
    """
    focal_px = max(pose.width, pose.height) / 2 / math.tan(math.radians(fov_deg) / 2)
    size = size_px(pose)
    return focal_px * TORSO_M / size if size > 0 else math.nan


def is_facing(pose: Pose, turned_deg: float = TURNED_MAX_DEG) -> bool:
    """Whether somebody upright has shoulders and face towards the camera; all of these must have been seen.

    Args:
        pose: joints in pixels.
        turned_deg: so far the shoulders may be turned from it, degrees.
    """
    if not pose.is_present or not pose.is_measured(*SHOULDER.values(), *EAR.values(), Joint.NOSE):
        return False
    xy: list[list[float]] = pose.xy_px.tolist()
    left, right, nose = xy[SHOULDER["left"]], xy[SHOULDER["right"]], xy[Joint.NOSE]
    across, unit = left[0] - right[0], size_px(pose)
    if not across >= SHOULDERS_TL * math.cos(math.radians(turned_deg)) * unit:
        return False
    is_level = abs(left[1] - right[1]) <= math.tan(math.radians(SHOULDER_SLOPE_DEG)) * across
    is_head_up = nose[1] <= (left[1] + right[1]) / 2 - HEAD_TL * unit
    return (
        is_level
        and is_head_up
        and _is_looking(nose[0], xy[EAR["left"]][0], xy[EAR["right"]][0])
        and _is_upright(xy, across)
    )


def _is_looking(nose: float, left_ear: float, right_ear: float) -> bool:
    """Whether the face is turned to the camera, from the places across the picture."""
    off, half = nose - (left_ear + right_ear) / 2, (left_ear - right_ear) / 2
    return half > 0 and abs(off) <= NOSE_EARS * math.tan(math.radians(LOOKING_DEG)) * half


def _is_upright(xy: list[list[float]], across: float) -> bool:
    """Whether the trunk stands; also where no hip is in the picture, as of somebody very near."""
    shoulder, hip = middle(xy, SHOULDER), middle(xy, HIP)
    if shoulder is None or hip is None:
        return shoulder is not None
    x, y = shoulder[0] - hip[0], hip[1] - shoulder[1]
    is_lying_away = across > FORESHORTENED * SHOULDERS_TL * math.hypot(x, y)
    return not is_lying_away and math.degrees(math.atan2(abs(x), y)) <= UPRIGHT_DEG


def is_near(pose: Pose, fov_deg: float = FOV_DEG, within_m: float = NEAR_M) -> bool:
    """Whether somebody is so near, as far as size tells it."""
    return distance_m(pose, fov_deg) <= within_m


def facing_score(pose: Pose) -> float:
    """How much somebody looks like one who stands before the screen, 0..1: a start score for the tracker."""
    if is_facing(pose):
        return 1.0
    xy: list[list[float]] = pose.xy_px.tolist()
    return 0.5 if _is_upright(xy, 0.0) else 0.0


class Arrival:
    """Tells when somebody has stood before the screen long enough to be greeted."""

    def __init__(self, fov_deg: float = FOV_DEG) -> None:
        self._fov_deg = fov_deg
        self._since_s: float | None = None
        self._last: Pose | None = None
        self._hits = self._misses = self._missed_running = 0

    def update(self, t_s: float, people: Sequence[Pose] | None) -> bool:
        """One look. Returns whether somebody has been near and facing for the whole time.

        Args:
            t_s: time of the picture, seconds.
            people: everybody in it; None when nobody looked, which tells nothing.
        """
        if people is None:
            return False
        within_m = NEAR_M if self._last is None else NEAR_M * STILL_NEAR
        here = self._nearest([pose for pose in people if is_near(pose, self._fov_deg, within_m) and is_facing(pose)])
        if here is None:
            self._misses, self._missed_running = self._misses + 1, self._missed_running + 1
            if self._missed_running > 1:
                self._since_s = self._last = None
            return False
        if self._since_s is None or not self._is_same(here, t_s):
            self._since_s, self._hits, self._misses = t_s, 0, 0
        self._last, self._missed_running, self._hits = here, 0, self._hits + 1
        is_steady = self._misses <= MISSES_MAX * (self._hits + self._misses)
        return is_steady and t_s - self._since_s >= ARRIVED_S - 1e-6

    def share(self, t_s: float) -> float:
        """How much of the time is over, 0..1."""
        return 0.0 if self._since_s is None else min(1.0, (t_s - self._since_s) / ARRIVED_S)

    def _nearest(self, people: list[Pose]) -> Pose | None:
        """Who was here before, or else who is nearest."""
        if self._last is not None:
            people = [pose for pose in people if self._is_same(pose, pose.t_s)] or people
        return max(people, key=size_px, default=None)

    def _is_same(self, pose: Pose, t_s: float) -> bool:
        """Whether this can be who was seen last."""
        if self._last is None or not 0 <= t_s - self._last.t_s <= LOST_S:
            return False
        places = [middle(one.xy_px.tolist(), SHOULDER) for one in (self._last, pose)]
        if places[0] is None or places[1] is None:
            return False
        way_tl = STEP_TL + STEP_TL_PER_S * (t_s - self._last.t_s)
        return math.dist(places[0], places[1]) <= way_tl * max(size_px(self._last), size_px(pose))
