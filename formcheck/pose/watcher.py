"""The pose room's front door: a picture in, the patient's pose and back out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import Posture, unknown_back
from formcheck.core.body.measure import measure, with_back
from formcheck.core.body.pose import Evidence, Pose, absent_pose
from formcheck.core.body.tracked import Tracked, track
from formcheck.core.setup.orientation import Orientation
from formcheck.pose.back_model import KeptReader
from formcheck.pose.contour import contour
from formcheck.pose.effort import Effort
from formcheck.pose.evidence import JointVisibility
from formcheck.pose.legs import SideKeeper
from formcheck.pose.outline import ContourVisibility
from formcheck.pose.patient import (
    FORGET_S,
    Place,
    StartScore,
    as_pose,
    blank_others,
    choose,
    is_same,
    overlap,
    place_of,
)
from formcheck.pose.tracker import Picture, RawPose, Tracker, Turn

SCOUT_MODEL = "lite"
"""The scout only asks who is where; the small model answers that in half the time."""
PEOPLE_MAX = 4
"""People looked for when the patient is chosen."""
SCOUT_EVERY_S = 2.0
"""How often the whole picture is searched for further people. Only the lock's change to another person waits for it;
a tracker that leaves the patient is noticed at once. A search costs two pictures' tracking."""
SCOUT_LOST_S = 0.2
"""The same while nobody is followed."""
SAME_PERSON_IOU = 0.5
"""Two boxes that overlap more are one person found twice."""
SWITCH_S = 2.0
"""Somebody else must be in the start pose, and the patient not, for this long before the lock changes."""
DOUBTS = (2, 4, 8, 16)
"""Searches running that found the one person elsewhere, after which the tracker starts over: ever more rarely, so that
a scout that errs for good disturbs little."""
TURNS: tuple[Turn, ...] = (0, 1, -1)
TURNED_EVERY_S = 0.6
"""How often at most: an empty room is not searched in three ways five times a second."""
BETTER_TURN = 0.2
"""A turned picture must show somebody so much nearer to the start pose, of 1, that it is taken."""
IN_START, NOT_IN_START = 0.99, 0.6


@dataclass(frozen=True, slots=True, eq=False)
class TrackedPicture:
    """A picture, and the patient as the tracker found them in it."""

    picture: Picture
    t_s: float
    index: int
    raw: RawPose | None
    """None when the patient isn't there."""
    others: int
    """How many further people were seen last."""


class PatientTracker:
    """Follows one patient through a stream of pictures.

    `observe` does it in one go, on one thread. `follow` (the tracker) and `judge` (everything after it) are its two
    halves: nothing flows back from the second to the first, so that a recording can run them on a thread each.
    """

    def __init__(self, posture: Posture, start_score: StartScore, model: str = "full") -> None:
        """Watch for an exercise.

        Args:
            posture: how the body lies or stands in it.
            start_score: how near a pose is to its start pose, 0..1.
            model: `full`, `lite`, or the path of a bundle.
        """
        self._posture = posture
        self._score = start_score
        self._tracker = Tracker(model)
        self._scout = Tracker(SCOUT_MODEL, people=PEOPLE_MAX, is_video=False, with_mask=False)
        self._judge = JointVisibility()
        self._sides = SideKeeper()
        self._outline = ContourVisibility()
        self._beside_arm = KeptReader()
        self._orientation = Orientation(start_score)
        self._place: Place | None = None
        self._scouted_s = -np.inf
        self._rival_since: float | None = None
        self._blank_until = -np.inf
        self._others = 0
        self._doubts = 0
        self._is_lost = False
        self._turn: Turn = 0
        self._turned_s = -np.inf
        self._has_started = False
        self._is_scouting = True

    def __enter__(self) -> PatientTracker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Free the trackers."""
        self._tracker.close()
        self._scout.close()

    def watch_for(self, posture: Posture, start_score: StartScore) -> None:
        """From the next picture on, look for another exercise; models and patient stay."""
        self._posture, self._score = posture, start_score
        self._orientation.score = start_score
        self._has_started = False

    def work_with(self, effort: Effort) -> None:
        """From the next picture on, put so much work into each; the patient stays the same."""
        self._tracker.use(effort.model, effort.longest_px)
        self._is_scouting = effort.is_scouting

    def observe(self, picture: Picture, t_s: float, index: int) -> Tracked:
        """The patient in one BGR picture: pose, back and measures; absent when there is nobody."""
        return self.judge(self.follow(picture, t_s, index))

    def follow(self, picture: Picture, t_s: float, index: int) -> TrackedPicture:
        """Find the patient in one BGR picture."""
        if self._place is not None and t_s - self._place.t_s > FORGET_S:
            self._place = None
        self._look_around(picture, t_s)
        raw = self._find(picture, t_s)
        self._is_lost = raw is None
        if raw is not None:
            self._place = place_of(raw, t_s)
        return TrackedPicture(picture, t_s, index, raw, self._others)

    def judge(self, seen: TrackedPicture) -> Tracked:
        """Which joints were really seen, the back, and the measures, of the next picture that was followed."""
        t_s, (height, width) = seen.t_s, seen.picture.shape[:2]
        if seen.raw is None:
            self._judge, self._sides, self._outline = JointVisibility(), SideKeeper(), ContourVisibility()
            self._beside_arm = KeptReader()
            pose = absent_pose(t_s, seen.index, width, height, seen.others)
            return track(pose, unknown_back(t_s, "no-torso"), self._posture)
        raw = self._sides.keep(seen.raw, t_s)
        evidence = self._judge.judge(raw, t_s, width, height, self._outline.hidden(seen.picture, raw, t_s))
        pose = Pose(t_s, seen.index, width, height, _without_absent(raw, evidence), evidence, True, seen.others)
        body = measure(pose, self._posture)
        back = contour(pose, raw, body, seen.picture, beside_arm=self._beside_arm.at(t_s))
        return Tracked(pose, back, with_back(body, back), self._orientation.update(pose))

    def _find(self, picture: Picture, t_s: float) -> RawPose | None:
        """The patient in this picture, or None when the tracker finds nobody or somebody else."""
        is_blanked = self._place is not None and t_s < self._blank_until
        view = blank_others(picture, self._place) if is_blanked and self._place is not None else picture
        found = self._tracker.detect(view, t_s, self._turn)
        if not found:
            return None
        place = place_of(found[0], t_s)
        if self._place is None or is_same(self._place, place):
            return found[0]
        self._look_around(picture, t_s, is_urgent=True)
        if not self._others and overlap(self._place, place) > 0:
            return found[0]
        self._start_over(t_s)
        return None

    def _start_over(self, t_s: float) -> None:
        """Send the tracker back to the patient: it searches anew with everybody else blanked out."""
        self._tracker.reset()
        self._blank_until = t_s + 1.0

    def _look_around(self, picture: Picture, t_s: float, *, is_urgent: bool = False) -> None:
        """Count the people; choose the patient if none is followed, or if another one has taken the start pose."""
        is_following = self._place is not None and not self._is_lost
        every = SCOUT_EVERY_S if is_following else SCOUT_LOST_S
        is_spared = is_following and not self._is_scouting
        if not is_urgent and (is_spared or t_s - self._scouted_s < every):
            return
        self._scouted_s = t_s
        people = self._search(picture, t_s)
        self._others = max(0, len(people) - 1)
        if len(people) < 2:
            self._rival_since = None
            self._doubt(people, t_s)
            return
        height, width = picture.shape[:2]
        best = place_of(people[choose(people, t_s, width, height, self._score)], t_s)
        is_elsewhere = self._place is None or overlap(self._place, best) < SAME_PERSON_IOU / 2
        if self._place is None or (is_elsewhere and self._is_rival_in_start(people, best, t_s, (width, height))):
            self._lock(best, t_s)

    def _search(self, picture: Picture, t_s: float) -> list[RawPose]:
        """The people in the whole picture. Until somebody was in the start pose, and while nobody is followed, it is
        searched turned, too, and the tracker goes on in the turn that shows somebody nearest to the start pose."""
        people = _distinct(self._scout.detect(picture, t_s, self._turn), t_s)
        if (self._has_started and not self._is_lost) or t_s - self._turned_s < TURNED_EVERY_S:
            return people
        self._turned_s = t_s
        height, width = picture.shape[:2]
        found, best, score = people, self._turn, self._best_score(people, t_s, width, height)
        self._has_started |= score >= IN_START
        for turn in TURNS:
            if turn == self._turn or len(people) > 1 or score >= IN_START:
                continue
            others = _distinct(self._scout.detect(picture, t_s, turn), t_s)
            other_score = self._best_score(others, t_s, width, height)
            if other_score > score + BETTER_TURN:
                found, best, score = others, turn, other_score
        if best != self._turn:
            self._turn = best
            self._place = self._place if self._is_lost else None  # who is only hidden is waited for
            self._tracker.reset()
        return found

    def _best_score(self, people: list[RawPose], t_s: float, width: int, height: int) -> float:
        """How near somebody is to the start pose; who is in the picture at all is nearer than nobody."""
        return max((self._score(as_pose(p, t_s, width, height)) for p in people), default=-1.0)

    def _doubt(self, people: list[RawPose], t_s: float) -> None:
        """Search anew when the only person in the picture is, twice running, elsewhere than the tracker says.

        Somebody who turned round may leave the tracker with a skeleton that lies across the legs, for good (measured).
        """
        here, found = self._place, place_of(people[0], t_s) if people else None
        if self._is_lost:
            return  # the tracker says nothing now: the one who is seen may be a helper, the patient hidden
        if here is None or found is None or is_same(here, replace(found, t_s=here.t_s)):
            self._doubts = 0
            return
        self._doubts += 1
        if self._doubts in DOUBTS:
            self._tracker.reset()
            self._place = found

    def _lock(self, place: Place, t_s: float) -> None:
        self._place, self._rival_since = place, None
        self._start_over(t_s)

    def _is_rival_in_start(self, people: list[RawPose], best: Place, t_s: float, size: tuple[int, int]) -> bool:
        """Whether somebody else has been in the start pose, and the patient not, for long enough."""
        scores = [(place_of(p, t_s), self._score(as_pose(p, t_s, *size))) for p in people]
        rival = max((s for place, s in scores if overlap(place, best) >= SAME_PERSON_IOU), default=0.0)
        here = self._place
        own = max((s for place, s in scores if here and overlap(place, here) >= SAME_PERSON_IOU / 2), default=1.0)
        if rival < IN_START or own > NOT_IN_START:
            self._rival_since = None
            return False
        self._rival_since = self._rival_since if self._rival_since is not None else t_s
        return t_s - self._rival_since >= SWITCH_S


def _distinct(people: list[RawPose], t_s: float) -> list[RawPose]:
    """The people, each of them once."""
    kept: list[RawPose] = []
    for raw in people:
        place = place_of(raw, t_s)
        if all(overlap(place, place_of(k, t_s)) < SAME_PERSON_IOU for k in kept):
            kept.append(raw)
    return kept


def _without_absent(raw: RawPose, evidence: NDArray[np.uint8]) -> NDArray[np.float32]:
    xy = raw.xy_px.copy()
    xy[evidence == Evidence.ABSENT] = np.nan
    return xy
