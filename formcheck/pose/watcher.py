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
from formcheck.pose.appearance import look_of
from formcheck.pose.back_model import KeptReader
from formcheck.pose.contour import contour
from formcheck.pose.effort import Effort
from formcheck.pose.evidence import JointVisibility
from formcheck.pose.legs import SideKeeper
from formcheck.pose.lock import IN_START, SAME_PERSON_IOU, Lock, Seen
from formcheck.pose.motion import Motion
from formcheck.pose.outline import ContourVisibility
from formcheck.pose.patient import StartScore, as_pose, blank_others, blank_people, is_same, overlap, place_of
from formcheck.pose.tracker import Finder, Picture, RawPose, Tracker, Turn

SCOUT_MODEL = "lite"
"""The scout only asks who is where; the small model answers that in half the time."""
PEOPLE_MAX = 4
"""People looked for when the patient is chosen."""
QUIET_S, CROWD_S, NEAR_S, MOVED_S, LOST_S = 6.0, 2.0, 1.0, 0.5, 0.2
"""How often the whole picture is searched: while nothing moves beside the patient; while somebody else is there; while
they are so near that the tracker could leap over; when something begins to move; while nobody is followed. A search
costs two pictures' tracking, and a tracker that leaps is noticed without one."""
MOVED_MAX_S = 4.0
"""A fan or a television moves on and on: each search that finds nobody new doubles the time to the next, up to this."""
HOLD_S = 1.5
"""Others are blanked out for so long after the tracker leaped to them; each leap soon after it doubles the time."""
HOLD_MAX_S = 6.0
START_EVERY_S = 0.5
"""How often it is looked whether the patient is in the start pose."""
DOUBTS = (2, 4, 8, 16)
"""Searches running that found the one person elsewhere, after which the tracker starts over: ever more rarely, so that
a scout that errs for good disturbs little."""
TURNS: tuple[Turn, ...] = (0, 1, -1)
TURNED_EVERY_S = 0.6
"""How often at most: an empty room is not searched in three ways five times a second."""
BETTER_TURN = 0.2
"""A turned picture must show somebody so much nearer to the start pose, of 1, that it is taken."""


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
    person: int = 0
    """Who it is: another number is another person."""


class PatientTracker:
    """Follows one patient through a stream of pictures.

    `observe` does it in one go, on one thread. `follow` (the tracker) and `judge` (everything after it) are its two
    halves: nothing flows back from the second to the first, so that a recording can run them on a thread each.
    """

    def __init__(
        self,
        posture: Posture,
        start_score: StartScore,
        model: str = "full",
        *,
        tracker: Finder | None = None,
        scout: Finder | None = None,
    ) -> None:
        """Watch for an exercise.

        Args:
            posture: how the body lies or stands in it.
            start_score: how near a pose is to its start pose, 0..1.
            model: `full`, `lite`, or the path of a bundle.
            tracker: follows one person; the one of the model if None.
            scout: finds all people in a picture; the small model if None.
        """
        self._posture = posture
        self._tracker = tracker or Tracker(model)
        self._scout = scout or Tracker(SCOUT_MODEL, people=PEOPLE_MAX, is_video=False, with_mask=False)
        self._judge = JointVisibility()
        self._sides = SideKeeper()
        self._outline = ContourVisibility()
        self._beside_arm = KeptReader()
        self._orientation = Orientation(start_score)
        self._lock = Lock(start_score)
        self._motion = Motion()
        self._scouted_s = self._started_s = self._turned_s = self._blank_until = -np.inf
        self._hold_s, self._moved_s = HOLD_S, MOVED_S
        self._people: list[Seen] = []
        self._others = 0
        self._doubts = 0
        self._is_lost = False
        self._turn: Turn = 0
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
        self._posture = posture
        self._lock.watch_for(start_score)
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
        lock, (height, width) = self._lock, picture.shape[:2]
        lock.tick(t_s, width, height)
        self._motion.update(picture, t_s, lock.place)
        if self._motion.is_lamp:
            lock.relearn()
        self._look_around(picture, t_s)
        seen = self._find(picture, t_s)
        self._is_lost = seen is None
        if seen is not None:
            lock.follow(seen)
            self._note_start(seen, t_s)
        return TrackedPicture(picture, t_s, index, seen.raw if seen else None, self._others, lock.person)

    def judge(self, seen: TrackedPicture) -> Tracked:
        """Which joints were really seen, the back, and the measures, of the next picture that was followed."""
        t_s, (height, width) = seen.t_s, seen.picture.shape[:2]
        if seen.raw is None:
            self._judge, self._sides, self._outline = JointVisibility(), SideKeeper(), ContourVisibility()
            self._beside_arm = KeptReader()
            pose = absent_pose(t_s, seen.index, width, height, seen.others, seen.person)
            return track(pose, unknown_back(t_s, "no-torso"), self._posture)
        raw = self._sides.keep(seen.raw, t_s)
        evidence = self._judge.judge(raw, t_s, width, height, self._outline.hidden(seen.picture, raw, t_s))
        who = seen.others, seen.person
        pose = Pose(t_s, seen.index, width, height, _without_absent(raw, evidence), evidence, True, *who)
        body = measure(pose, self._posture)
        back = contour(pose, raw, body, seen.picture, beside_arm=self._beside_arm.at(t_s))
        return Tracked(pose, back, with_back(body, back), self._orientation.update(pose))

    def _find(self, picture: Picture, t_s: float) -> Seen | None:
        """The patient in this picture, or None when the tracker finds nobody or somebody else."""
        lock = self._lock
        found = self._tracker.detect(self._view(picture, t_s), t_s, self._turn)
        if not found:
            return None
        seen = _seen(picture, found[0], t_s)
        if lock.fits(seen):
            return seen
        people = self._look_around(picture, t_s, is_urgent=True)
        if people is None:
            return None  # searched a moment ago: who isn't surely the patient is nobody until the next search
        if lock.settle(seen, people):
            return seen
        patient = lock.patient_among(people)
        if patient is not None:
            lock.place = patient.place
        if lock.place is not None:
            self._start_over(t_s)
        return None

    def _view(self, picture: Picture, t_s: float) -> Picture:
        """What the tracker is shown: the picture, or after a leap the picture without the others."""
        lock = self._lock
        if lock.place is None or t_s >= self._blank_until:
            return picture
        return blank_others(picture, lock.place, [other.place for other in lock.others])

    def _start_over(self, t_s: float) -> None:
        """Send the tracker back to the patient: it searches anew with everybody else blanked out."""
        self._tracker.reset()
        is_again = t_s - self._blank_until < HOLD_S
        self._hold_s = min(2 * self._hold_s, HOLD_MAX_S) if is_again else HOLD_S
        self._blank_until = t_s + self._hold_s

    def _note_start(self, seen: Seen, t_s: float) -> None:
        if 0 <= t_s - self._started_s < START_EVERY_S:
            return
        self._started_s = t_s
        self._has_started |= self._lock.note_start(seen)

    def _every_s(self, t_s: float) -> float:
        """How often the whole picture is searched now, seconds."""
        lock = self._lock
        if lock.place is None or self._is_lost:
            return LOST_S
        if not self._is_scouting:
            return float("inf")
        near = [overlap(other.place, lock.place) > 0 for other in lock.others]
        if t_s < self._blank_until:
            return MOVED_S
        if any(near) or lock.is_away or self._doubts == 1:
            return NEAR_S
        if self._motion.is_somebody:
            return min(self._moved_s, CROWD_S) if near else self._moved_s
        self._moved_s = MOVED_S
        return CROWD_S if near else QUIET_S

    def _look_around(self, picture: Picture, t_s: float, *, is_urgent: bool = False) -> list[Seen] | None:
        """Search for all people, if it is time to, and tell the lock, which may change; None = not searched."""
        since_s = t_s - self._scouted_s
        if is_urgent and since_s == 0:
            return self._people
        if 0 <= since_s < (LOST_S if is_urgent else self._every_s(t_s)):
            return None
        self._scouted_s = t_s
        people = self._people = [_seen(picture, raw, t_s) for raw in self._search(picture, t_s)]
        is_news = len(people) - 1 != self._others
        self._moved_s = MOVED_S if is_news else min(2 * self._moved_s, MOVED_MAX_S)
        self._others = max(0, len(people) - 1)
        self._doubt(people)
        new = self._lock.meet(people, t_s)
        if new is not None:
            self._lock.take_over(new)
            self._start_over(t_s)
        elif t_s < self._blank_until and len(people) == 1 and self._lock.patient_among(people) is not None:
            self._blank_until = t_s  # nobody is left to be blanked out: an old hole would hide the patient's own limbs
            self._tracker.reset()
        return people

    def _search(self, picture: Picture, t_s: float) -> list[RawPose]:
        """The people in the whole picture. Until somebody was in the start pose, and while nobody is followed, it is
        searched turned, too, and the tracker goes on in the turn that shows somebody nearest to the start pose."""
        people = _distinct(self._scout.detect(picture, t_s, self._turn), t_s)
        if people and (not self._has_started or self._is_lost or self._lock.is_away):
            people = self._search_behind(picture, people, t_s)
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
            self._lock.place = self._lock.place if self._is_lost else None  # who is only hidden is waited for
            self._tracker.reset()
        return found

    def _search_behind(self, picture: Picture, people: list[RawPose], t_s: float) -> list[RawPose]:
        """The people and, where none of them is in the start pose, whoever is found once they are blanked out.

        Of two people who are near to each other the finder tells one, mostly the one whose head is up.
        """
        height, width = picture.shape[:2]
        if self._best_score(people, t_s, width, height) >= IN_START:
            return people
        bare = blank_people(picture, [place_of(raw, t_s) for raw in people])
        return _distinct([*people, *self._scout.detect(bare, t_s, self._turn)], t_s)

    def _best_score(self, people: list[RawPose], t_s: float, width: int, height: int) -> float:
        """How near somebody is to the start pose; who is in the picture at all is nearer than nobody."""
        return max((self._lock.score(as_pose(p, t_s, width, height)) for p in people), default=-1.0)

    def _doubt(self, people: list[Seen]) -> None:
        """Search anew when the patient is, twice running, found elsewhere than the tracker says.

        Somebody who turned round may leave the tracker with a skeleton that lies across the legs, for good (measured).
        """
        here = self._lock.place
        if self._is_lost or here is None:
            return  # the tracker says nothing now: the one who is seen may be a helper, the patient hidden
        found = people[0] if len(people) == 1 else self._lock.patient_among(people)
        may_be_else = found is not None and self._lock.is_crowded(found.place.t_s)
        if (
            found is None
            or (may_be_else and self._lock.likeness(found) != "same")
            or is_same(here, replace(found.place, t_s=here.t_s))
        ):
            self._doubts = 0
            return
        self._doubts += 1
        if self._doubts in DOUBTS:
            self._tracker.reset()
            self._lock.place = found.place


def _seen(picture: Picture, raw: RawPose, t_s: float) -> Seen:
    return Seen(raw, place_of(raw, t_s), look_of(picture, raw.xy_px))


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
