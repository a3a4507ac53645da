"""Choosing without touching: one straight arm that is raised to one of up to three choices side by side. Pure.

As in a mirror: who faces the screen has its left side at the own left hand. Like hands of a clock: an arm held up and
out to the own left (ten o'clock) means the left choice, to the own right (two) the right one, straight up the middle
one. The camera's picture is not mirrored, so the person's left is on the picture's right. Either arm will do for all
three: it reaches across the chest, up to the other side. The other arm hangs, lies in the lap or on a hip. Whoever can
raise no arm has touch, keys, a pedal.

What must not choose, and why it doesn't: scratching, drinking, telephoning, waving, yawning bend the elbow; stretching,
carrying, a jacket, hair use both arms; who shows somebody something looks there, not at the screen; gestures move on;
who is far off, turned away or lying is not asked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from formcheck.core.body.geometry import is_there
from formcheck.core.body.pose import ELBOW, SHOULDER, SIDES, WRIST, Pose, Side, other
from formcheck.core.setup.standing import FOV_DEG, is_facing, is_near, size_px

DWELL_S = 1.8
"""So long the arm is held [P]: raising it takes 0.5-1 s, and both together must stay below 4 s."""
ACROSS_DWELL_S = 2.7
"""And so long across the chest: a hand that is laid on the other shoulder looks the same for a moment."""
GAP_S = 0.3
"""A shorter gap (a lost wrist, a glance) neither fills the ring nor empties it."""
EMPTIES = 3.0
"""How much faster the ring empties than it fills [P]: who lets go sees it at once, in 0.6 s from full."""
STEP_MAX_S = 0.35
"""Between two pictures no more than this counts: at fewer than three a second nobody sees whether it was held."""
REARM_S = 0.3
"""So long both arms have been down before (the next) choice: an arm that is still up answers no new page."""
AWAY_S = 1.0
"""Out of sight for longer, the arms must be seen down again."""
STAY_M = 6.0
"""Who was greeted may step back further than who is greeted [P]: raised arms must fit into the picture, and a camera of
90 degrees that is taken for one of 70 makes 4.2 m of 3 m, 5 m with somebody small."""

TURNED_DEG = 40.0
"""The shoulders of who points are turned no further from the screen [P]; who reaches for a shelf beside it turns to the
shelf. The face tells it less well: the tracker shows a nose that is turned by 25 or by 45 degrees at nearly the same
place (renders)."""
OUT_DEG = (105.0, 138.0)
"""Direction of an arm that is held out and up to its side, as a clock's hand at two or ten: 0 hangs, 90 is level, 120
is two o'clock, 180 straight up. At 105 the hand is as high as the chin (0.15 m above the shoulder, 0.55 m out): lower,
hands rest on doorposts and shelves, and show people the way (level arms were mistaken for choices in rendered life)."""
UP_DEG = (150.0, 205.0)
"""Of one that is held up; beyond 180 it leans to the other side. Shoulders of 70 years and more end at about 150."""
ACROSS_DEG = (-138.0, -105.0)
"""Of one that reaches across the chest, up to the other side: lower, a hand lies on the other shoulder."""
REACH_TL = 0.80
"""Shoulder to wrist in the picture, torso lengths: a straight arm has 1.15 (0.332 of the stature over 0.288, Drillis
and Contini), so it may point 45 degrees ahead of or behind the picture's plane."""
REACH_ACROSS_TL = 0.55
"""Across the chest an arm gets 40 degrees past straight ahead (range of horizontal adduction, 130 degrees from the
side): 0.74 are seen, the wrist then is before the other shoulder, 0.70 away; 0.55 are seen at 29 degrees."""
STRAIGHT_DEG, STRAIGHT_ACROSS_DEG = 130.0, 105.0
"""Least angle of the elbow in the picture: an elbow that works in daily life lacks up to 30 degrees (Morrey 1981), and
the tracker's error of 0.09 torso lengths at the elbow turns it by 20; a hand at the head has 30-100. An arm that points
ahead by 50 degrees is foreshortened to 0.64, which makes 75 degrees of those 50."""
DOWN_TL = 0.4
"""The wrist of an arm that is down is at least this far below its shoulder: in the lap of somebody who sits 0.6, on a
hip 0.8, hanging 1.1; a hand that holds a telephone is above it, folded arms are at 0.4-0.5."""
STILL_TL = 0.2
"""Way of the wrist that still is holding still, torso lengths: 10 cm. The tracker's noise is 0.05, a raised arm sways
by 0.05; waving has 0.3 and more."""
FOLLOW_S = 0.8
"""Time constant with which a slow drift is forgiven."""
_ORDER: dict[int, tuple[int, ...]] = {1: (1,), 2: (0, 2), 3: (0, 1, 2)}
"""Which of left (0), middle (1), right (2) the choices of a page stand at."""


@dataclass(frozen=True, slots=True)
class Aim:
    """Where one arm points."""

    place: int
    """0 left, 1 middle, 2 right, as the person sees it."""
    side: Side
    """Of the arm."""
    wrist_px: tuple[float, float]
    size_px: float
    """Length of the trunk."""

    @property
    def dwell_s(self) -> float:
        """How long it is to be held."""
        return ACROSS_DWELL_S if self.place == (2 if self.side == "left" else 0) else DWELL_S


def aim_of(pose: Pose, fov_deg: float = FOV_DEG) -> Aim | None:
    """Where somebody who stands before the screen points with one straight arm, if they do.

    Only joints that were seen count: both shoulders, nose, ears, and the arm's elbow and wrist.
    """
    if not is_facing(pose, TURNED_DEG) or not is_near(pose, fov_deg, STAY_M):
        return None
    xy: list[list[float]] = pose.xy_px.tolist()
    unit = size_px(pose)
    for side in SIDES:
        if is_down(xy, other(side), unit) and pose.is_measured(ELBOW[side], WRIST[side]):
            place = _place(xy, side, unit)
            if place is not None:
                return Aim(place, side, (xy[WRIST[side]][0], xy[WRIST[side]][1]), unit)
    return None


def is_down(xy: list[list[float]], side: Side, unit: float) -> bool:
    """Whether an arm is down, guessed joints included; its wrist may be below the picture, the elbow then not.

    Args:
        xy: (33, 2) joints in pixels.
        side: of the arm.
        unit: the trunk's length, pixels.
    """
    shoulder = xy[SHOULDER[side]]
    end = xy[WRIST[side]] if is_there(xy[WRIST[side]]) else xy[ELBOW[side]]
    return is_there(end) and is_there(shoulder) and end[1] - shoulder[1] >= DOWN_TL * unit


def _place(xy: list[list[float]], side: Side, unit: float) -> int | None:
    """Which choice an arm points to; None when it is bent, short or between."""
    shoulder, elbow, wrist = (xy[joints[side]] for joints in (SHOULDER, ELBOW, WRIST))
    outward = 1.0 if side == "left" else -1.0
    out, down = outward * (wrist[0] - shoulder[0]), wrist[1] - shoulder[1]
    angle, reach_tl = math.degrees(math.atan2(out, down)), math.hypot(out, down) / unit
    elbow_deg = _elbow_deg(shoulder, elbow, wrist)
    own, far = (0, 2) if side == "left" else (2, 0)
    if ACROSS_DEG[0] <= angle <= ACROSS_DEG[1]:
        return far if reach_tl >= REACH_ACROSS_TL and elbow_deg >= STRAIGHT_ACROSS_DEG else None
    if reach_tl < REACH_TL or elbow_deg < STRAIGHT_DEG:
        return None
    if OUT_DEG[0] <= angle <= OUT_DEG[1]:
        return own
    return 1 if UP_DEG[0] <= angle % 360.0 <= UP_DEG[1] else None


def _elbow_deg(shoulder: list[float], elbow: list[float], wrist: list[float]) -> float:
    """Angle at the elbow in the picture: 180 is straight."""
    a = math.atan2(shoulder[1] - elbow[1], shoulder[0] - elbow[0])
    b = math.atan2(wrist[1] - elbow[1], wrist[0] - elbow[0])
    return abs((math.degrees(a - b) + 180.0) % 360.0 - 180.0)


class PointRecognizer:
    """Watches one person for a choice. It goes by the times of the pictures, however many there are."""

    def __init__(self, choices: int, fov_deg: float = FOV_DEG) -> None:
        """Watch for choices.

        Args:
            choices: how many stand side by side: 3 are left, middle and right, 2 left and right, 1 is in the middle.
            fov_deg: the camera's field of view along the picture's longer side, degrees.
        """
        self._order = _ORDER[choices]
        self._fov_deg = fov_deg
        self._last_s = self._seen_s = -math.inf
        self._person: int | None = None
        self._is_armed = False
        self._chose: Side | None = None
        """Arm of the last choice, which must be seen down before the next one."""
        self._down_s: float | None = None
        """Since when both arms have been down."""
        self._place: int | None = None
        self._anchor: tuple[float, float] | None = None
        """Where the hand is held, pixels."""
        self._filled_s, self._dwell_s = 0.0, DWELL_S
        self._was_aiming = False

    @property
    def forming(self) -> tuple[int, float] | None:
        """Which choice is forming, and how full its ring is, 0..1; None while none is."""
        if self._place is None or not self._filled_s > 0:
            return None
        return self._order.index(self._place), min(1.0, self._filled_s / self._dwell_s)

    @property
    def is_armed(self) -> bool:
        """Whether the arms have been down, so that raising one can choose."""
        return self._is_armed

    def update(self, pose: Pose) -> int | None:
        """One picture of the person who is asked. Returns the choice, from their left to their right, once.

        Args:
            pose: joints in pixels, evidence as the tracker's judge gave it.
        """
        dt, self._last_s = pose.t_s - self._last_s, pose.t_s
        if pose.person != self._person or not 0 <= dt <= AWAY_S:
            self._person = pose.person
            self._start_over(None)
            dt = 0.0
        if not self._is_armed:
            self._is_armed = self._arms_were_down(pose)
            return None
        aim = aim_of(pose, self._fov_deg)
        if aim is None or aim.place not in self._order:
            self._let_go(dt if pose.t_s - self._seen_s > GAP_S else 0.0)
            return None
        if not self._holds(aim, dt):
            return None
        self._filled_s += min(dt, STEP_MAX_S) if self._was_aiming else 0.0
        self._was_aiming, self._seen_s = True, pose.t_s
        if self._filled_s < aim.dwell_s - 1e-6:
            return None
        self._start_over(aim.side)
        return self._order.index(aim.place)

    def _start_over(self, chose: Side | None) -> None:
        """Nothing is forming, and the arms must be seen down first."""
        self._is_armed, self._chose, self._down_s = False, chose, None
        self._place, self._anchor = None, None
        self._filled_s, self._was_aiming = 0.0, False

    def _arms_were_down(self, pose: Pose) -> bool:
        """Whether both arms have been down for a moment, and the one that chose was seen so.

        Of the other one a guess is enough: it may be behind the back, or missing.
        """
        xy: list[list[float]] = pose.xy_px.tolist()
        unit = size_px(pose)
        seen = [side for side in SIDES if pose.is_measured(ELBOW[side])]
        is_seen = bool(seen) if self._chose is None else self._chose in seen
        if not (is_seen and unit > 0 and all(is_down(xy, side, unit) for side in SIDES)):
            self._down_s = None
            return False
        self._down_s = pose.t_s if self._down_s is None else self._down_s
        return pose.t_s - self._down_s >= REARM_S

    def _holds(self, aim: Aim, dt: float) -> bool:
        """Whether the arm points where it pointed, and the hand is still; notes where it is."""
        x, y = aim.wrist_px
        if aim.place != self._place or aim.dwell_s != self._dwell_s or self._anchor is None:
            self._place, self._dwell_s, self._anchor = aim.place, aim.dwell_s, (x, y)
            self._filled_s, self._was_aiming = 0.0, False
            return True
        if math.dist(self._anchor, (x, y)) > STILL_TL * aim.size_px:
            self._let_go(dt)
            return False
        share = min(1.0, dt / FOLLOW_S)
        self._anchor = self._anchor[0] + share * (x - self._anchor[0]), self._anchor[1] + share * (y - self._anchor[1])
        return True

    def _let_go(self, dt: float) -> None:
        """Empty the ring by so many seconds; an empty one may be filled at another place."""
        self._was_aiming = False
        self._filled_s = max(0.0, self._filled_s - EMPTIES * dt)
        if not self._filled_s:
            self._place = self._anchor = None
