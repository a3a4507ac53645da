"""The lock: who of the people in the picture is the patient, through the whole session.

A person is known by place, size, posture and appearance. Others are remembered too, so that an exchange is seen.
Whoever takes the start pose where the patient was is the patient; when that is somebody else, `person` says so. Pure:
it is told who was found, and never looks at a picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from formcheck.core.body.pose import Floats
from formcheck.pose.appearance import Appearance, Likeness, parts_within
from formcheck.pose.patient import Place, StartScore, as_pose, away_tl, body_of, choose, is_same, overlap
from formcheck.pose.tracker import RawPose

FORGET_S = 5.0
"""After so long out of sight the choice is open again."""
SWITCH_S = 1.0
"""Somebody else must be in the start pose where the patient was, and the patient not, for so long until the lock
changes: the dwell of the start pose itself."""
ADOPT_S = 2.0
"""When the patient has been gone for `FORGET_S`, somebody who looks otherwise takes over after so long."""
CONTRADICTED_S = 0.15
"""Looks may contradict for so long (an arm, a shadow) before the pose is held back."""
RELEARN_S = 2.0
"""Somebody alone in the picture, in the patient's place, who looks otherwise for so long is the patient in other
light."""
ALONE_S = 5.0
"""Nobody else was seen for so long: then there is nobody with whom the patient can have been mixed up."""
AWAY_S = 0.5
"""Seconds out of sight after which somebody who plainly looks like the patient may be found elsewhere."""
OTHER_S = 10.0
"""Others are remembered for so long."""
SAME_PLACE_TL = 0.5
"""Two trunks that are nearer in place and direction are one: two people's would be in each other."""
HOME_TL = 1.0
"""So near to the place of the start pose is where the exercise is done: a bridge lifts the trunk by half of it."""
SAME_OTHER_TL = 1.5
"""How far somebody else may have gone between two searches, torso lengths: a step."""
NEWS_S = 2.0
"""Where somebody else was seen no longer ago, nothing is learned of the patient: it may be the other's sleeve."""
EXCHANGE_S = 1.5
"""Nobody gets up, and somebody else lies down, in less: after so long out of sight whoever is there must look like the
patient once it is known what they look like, whatever a single picture says."""
IN_START, NOT_IN_START = 0.99, 0.6
"""Share of the start pose's checks that are met."""
SAME_PERSON_IOU = 0.5
"""Two boxes that overlap more are one person found twice."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Somebody in one picture."""

    raw: RawPose
    place: Place
    look: Floats
    """(6, 3), see `appearance.look_of`."""


@dataclass(slots=True, eq=False)
class Other:
    """Somebody else, as last seen."""

    place: Place
    looks: Appearance


class Lock:
    """Tells the patient from everybody else. Feed it every picture's candidate, and every search."""

    def __init__(self, start_score: StartScore) -> None:
        self.score = start_score
        self.place: Place | None = None
        """Where the patient was last; None while nobody is followed."""
        self.person = 0
        """Who is followed: 0 is the session's first patient; a number is never given to two people."""
        self.others: list[Other] = []
        self._known = {0: Appearance()}
        self._is_established = False
        self._home: Place | None = None
        self._crowd_s = -np.inf
        self._contradicted_since = self._other_since = self._rival_since = np.inf
        self._unlike_s = -np.inf
        """When looks contradicted last."""
        self._own: Seen | None = None
        self._returned: Appearance | None = None
        """What whoever came back looks like, until it is known."""
        self._size, self._t_s = (1, 1), -np.inf

    @property
    def looks(self) -> Appearance:
        """What the patient looks like."""
        return self._known[self.person]

    @property
    def is_away(self) -> bool:
        """Whether whoever is followed is elsewhere than the patient was in the start pose; False before that."""
        return self._home is not None and self.place is not None and away_tl(self._home, self.place) > HOME_TL

    def is_crowded(self, t_s: float) -> bool:
        """Whether somebody beside the patient was seen lately."""
        return t_s - self._crowd_s <= ALONE_S

    def _is_apart(self, seen: Seen) -> bool:
        """Whether a body is another than the one that is followed, by its box."""
        return self.place is None or overlap(self.place, seen.place) < SAME_PERSON_IOU / 2

    def is_lost(self, t_s: float) -> bool:
        """Whether the patient was followed and was not seen in the picture before."""
        return self.place is not None and t_s - self.place.t_s > AWAY_S

    def watch_for(self, start_score: StartScore) -> None:
        """Another exercise: the patient stays, the start pose is another."""
        self.score, self._home = start_score, None

    def tick(self, t_s: float, width: int, height: int) -> None:
        """The time of the next picture, and its size in pixels."""
        self._size = (width, height)
        if t_s < self._t_s:  # a recording that begins again
            self._crowd_s = self._unlike_s = -np.inf
            self._contradicted_since = self._other_since = self._rival_since = np.inf
        self._t_s = t_s
        if self.place is not None and not 0 <= t_s - self.place.t_s <= FORGET_S:
            self.place = None
        self.others = [other for other in self.others if 0 <= t_s - other.place.t_s <= OTHER_S]

    def relearn(self) -> None:
        """The light has changed: what everybody looks like must be seen anew."""
        self._known[self.person], self._returned = Appearance(), None
        for other in self.others:
            other.looks = Appearance()

    def likeness(self, seen: Seen) -> Likeness:
        """What looks say of somebody."""
        return self.looks.compare(seen.look, [other.looks for other in self.others if other.looks.is_seen])

    def fits(self, seen: Seen) -> bool:
        """Whether the tracker's find is the patient for sure; if not, ask `settle` with all who are there."""
        likeness, t_s = self.likeness(seen), seen.place.t_s
        if likeness != "other":
            self._contradicted_since = self._other_since = np.inf
        if self.place is None:
            return likeness != "other"
        if not is_same(self.place, seen.place):
            return False
        if likeness != "other":
            return True
        if t_s - max(self._unlike_s, self.place.t_s) > AWAY_S:
            self._contradicted_since = t_s  # nobody was there in between: it need not be the one from before
        self._contradicted_since, self._unlike_s = min(self._contradicted_since, t_s), t_s
        return max(t_s - self._contradicted_since, t_s - self.place.t_s) < CONTRADICTED_S

    def settle(self, seen: Seen, people: Sequence[Seen]) -> bool:
        """Whether the tracker's find is the patient, given all who are in the picture."""
        if self.place is None:
            return self._adopts(seen)
        found = self.patient_among(people)
        if found is not None:
            return is_same(found.place, seen.place) and self.likeness(seen) != "other"
        return self._is_found_again(seen, people)

    def patient_among(self, people: Sequence[Seen]) -> Seen | None:
        """Who of the people is the patient; None when that can't be said, or nobody is followed."""
        if self.place is None:
            return None
        worth = [(self._worth(person, self.place), i) for i, person in enumerate(people)]
        best = max(worth, default=(0.0, -1))
        return people[best[1]] if best[0] > 0 else None

    def meet(self, people: Sequence[Seen], t_s: float) -> Seen | None:
        """All who were found in a picture; whoever takes over as the patient, if somebody does."""
        is_elsewhere = self.place is not None and not self.is_lost(t_s)
        if len(people) > 1 or (is_elsewhere and any(self._is_apart(person) for person in people)):
            self._crowd_s = t_s
        if self.place is None:
            return self._choose(people)
        patient = self.patient_among(people) or self._unlike_themselves(people)
        rest = [person for person in people if person is not patient]
        is_there = patient is not None or not self.is_lost(t_s)
        self._note_others([seen for seen in rest if is_there or self.likeness(seen) == "other"], t_s)
        return self._rival(rest, t_s)

    def follow(self, seen: Seen) -> None:
        """This is the patient now; one whose looks contradict for a moment does not move the place."""
        likeness, t_s = self.likeness(seen), seen.place.t_s
        if likeness == "other":
            return
        if self._own is not None and t_s - self._own.place.t_s > EXCHANGE_S and self.looks.is_known:
            self._returned = Appearance()
        self.place, self._own = seen.place, seen
        if self.is_away:
            return
        look = self._own_parts(seen)
        if self._returned is not None:
            self._returned.learn(look)
            self._tell_who_returned()
        elif likeness == "same" or not self.looks.is_known:
            self.looks.learn(look)

    def note_start(self, seen: Seen) -> bool:
        """Whether the patient is in the start pose; then their place is where the patient is looked for."""
        is_in_start = self._score_of(seen) >= IN_START
        if is_in_start:
            self._home, self._is_established = seen.place, True
        return is_in_start

    def take_over(self, seen: Seen) -> None:
        """Somebody takes the patient's place; whether it is somebody else is told by looks, if they tell."""
        self._rival_since = self._other_since = self._contradicted_since = np.inf
        before, looks, self.place = self.place, self.looks, seen.place
        if before is not None:
            self.others.append(Other(before, looks if not self._is_established else Appearance()))
        self.others = [other for other in self.others if away_tl(other.place, seen.place) > SAME_PLACE_TL]
        if not self._is_established:
            self._known[self.person] = Appearance()
        elif self.looks.compare(seen.look) == "other":
            self._rename(seen.look, [n for n, known in self._known.items() if known.compare(seen.look) == "same"])

    # -- who is who --------------------------------------------------------------------------------------------

    def _rename(self, look: Floats, old: Sequence[int]) -> None:
        """Whoever is followed is somebody else than before: one who is known by number, or a new one."""
        self.person = old[0] if old else len(self._known)
        self._known.setdefault(self.person, Appearance()).learn(look)

    def _own_parts(self, seen: Seen) -> Floats:
        """(6, 3) look without the parts that may be somebody else's, who is in the way."""
        look = seen.look.copy()
        for other in self.others:
            is_news = seen.place.t_s - other.place.t_s < NEWS_S
            if is_news and overlap(other.place, seen.place) > 0:
                look[parts_within(seen.raw.xy_px, body_of(other.place, *self._size))] = np.nan
        return look

    def _tell_who_returned(self) -> None:
        """Whether whoever came back is the patient, once enough was seen of them."""
        if self._returned is None or not self._returned.is_known:
            return
        back, self._returned = self._returned, None
        if self._is_established and self.looks.is_another(back):
            old = [n for n, looks in self._known.items() if looks.is_known and not looks.is_another(back)]
            self._rename(back.mean, old)

    def _worth(self, seen: Seen, before: Place) -> float:
        """How much speaks for somebody being the patient; not above 0 where something speaks against it."""
        likeness, away = self.likeness(seen), away_tl(before, seen.place)
        is_near = is_same(before, seen.place)
        is_there = is_near or overlap(before, seen.place) > SAME_PERSON_IOU / 2
        is_elsewhere = any(away_tl(other.place, seen.place) < away for other in self.others)
        if likeness == "other" or (is_elsewhere and not is_near):
            return 0.0
        if not is_there and (likeness != "same" or self._has_double() or not self.is_lost(seen.place.t_s)):
            return 0.0
        return 1.0 + is_near + (likeness == "same") + max(0.0, 1.0 - away) + self._is_home(seen)

    def _has_double(self) -> bool:
        """Whether somebody else looks like the patient, a mirror for one: then looks say nothing."""
        return any(self.looks.is_like(other.looks) for other in self.others)

    def _is_home(self, seen: Seen) -> bool:
        return self._home is not None and away_tl(self._home, seen.place) < HOME_TL

    def _score_of(self, seen: Seen) -> float:
        return self.score(as_pose(seen.raw, seen.place.t_s, *self._size))

    def _is_found_again(self, seen: Seen, people: Sequence[Seen]) -> bool:
        """Whether a find that leaped, or looks otherwise, is the patient when no search found them."""
        assert self.place is not None
        t_s, likeness = seen.place.t_s, self.likeness(seen)
        is_alone = len(people) <= 1 and not self.is_crowded(t_s)
        if likeness == "other":
            is_long = t_s - self._contradicted_since >= RELEARN_S
            if is_long and self._unlike_themselves(people) is not None:
                self.relearn()
                return True
            return False
        if likeness == "same" and self.is_lost(t_s) and not self._has_double():
            return True
        return is_alone and self.is_lost(t_s) and overlap(self.place, seen.place) > 0

    def _unlike_themselves(self, people: Sequence[Seen]) -> Seen | None:
        """The patient who has changed looks: alone for long, and never out of sight before the looks changed."""
        if len(people) != 1 or self.place is None:
            return None
        [seen] = people
        is_alone = not self.is_crowded(seen.place.t_s)
        is_unbroken = self._contradicted_since - self.place.t_s < AWAY_S
        return seen if is_alone and is_unbroken and is_same(self.place, seen.place) else None

    def _adopts(self, seen: Seen) -> bool:
        """Whether somebody who looks otherwise takes over, long after the patient has gone."""
        self._other_since = min(self._other_since, seen.place.t_s)
        if self._is_established and seen.place.t_s - self._other_since < ADOPT_S:
            return False
        self.take_over(seen)
        return True

    def _choose(self, people: Sequence[Seen]) -> Seen | None:
        """Nobody is followed: the patient who is known, or whoever is nearest to the start pose."""
        own = [person for person in people if self.likeness(person) == "same"] if self._is_established else []
        among = own or people
        if len(people) < 2:
            return None
        best = among[choose([person.raw for person in among], among[0].place.t_s, *self._size, self.score)]
        if self._is_established and not own and self.likeness(best) == "other" and not self._adopts(best):
            return None
        self._note_others([person for person in people if person is not best], best.place.t_s)
        return best

    def _note_others(self, people: Sequence[Seen], t_s: float) -> None:
        """Remember who else is there, and what they look like."""
        for person in people:
            near = min(self.others, key=lambda other: away_tl(other.place, person.place), default=None)
            if near is None or away_tl(near.place, person.place) > SAME_OTHER_TL:
                near = Other(person.place, Appearance())
                self.others.append(near)
            near.place = person.place
            if self.place is None or overlap(self.place, person.place) < SAME_PERSON_IOU:
                near.looks.learn(person.look)

    def _rival(self, rest: Sequence[Seen], t_s: float) -> Seen | None:
        """Whoever else has been in the start pose where the patient was, and the patient not, for long enough."""
        found = [seen for seen in rest if self._may_take_over(seen) and self._score_of(seen) >= IN_START]
        is_held = self._own is not None and not self.is_lost(t_s) and self._score_of(self._own) > NOT_IN_START
        if not found or is_held:
            self._rival_since = np.inf
            return None
        self._rival_since = min(self._rival_since, t_s)
        needs_s = SWITCH_S if self._is_established else 0.0
        return found[0] if t_s - self._rival_since >= needs_s else None

    def _may_take_over(self, seen: Seen) -> bool:
        """Whether somebody is where the patient was, whichever way round they lie there."""
        is_on_the_spot = self._home is not None and overlap(self._home, seen.place) > SAME_PERSON_IOU / 2
        return is_on_the_spot or self._is_home(seen) or not self._is_established
