"""People of sticks in colours, and finders that find them: streams of poses with looks, for the tests of the lock.

The pictures are drawn, so that looks can be read off them and somebody who is blanked out is gone for the finders too.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np

from formcheck.core.body.measure import Limbs
from formcheck.core.body.pose import Joint
from formcheck.pose.patient import GREY
from formcheck.pose.tracker import RawPose
from formcheck.testing import Lens, Stance, pose_of

SIZE = (640, 360)
ROOM = (200, 205, 200)
BONES = {
    "legs": ((23, 25), (25, 27), (24, 26), (26, 28)),
    "arms": ((11, 13), (13, 15), (12, 14), (14, 16)),
}
TABLETOP = Limbs(90, 90, 90, 180)
LYING = Stance("supine", TABLETOP, TABLETOP)
KNEELING = Stance("upright", Limbs(175, 95, 20, 150), Limbs(175, 95, 20, 150), trunk_deg=88)
CROUCHING = Stance("upright", Limbs(100, 60, 60, 150), Limbs(100, 60, 60, 150), trunk_deg=60)


@dataclass(frozen=True)
class Clothes:
    """Colours, BGR."""

    shirt: tuple[int, int, int] = (160, 80, 50)
    trousers: tuple[int, int, int] = (60, 45, 40)
    skin: tuple[int, int, int] = (120, 150, 200)
    hair: tuple[int, int, int] = (30, 45, 70)


BLUE = Clothes()
WHITE = Clothes((235, 235, 235), (60, 60, 60), (90, 110, 160), (20, 20, 20))


@dataclass(frozen=True)
class Person:
    """Somebody in one picture: how they lie or stand, where their hips are, how big, and what they wear."""

    stance: Stance = LYING
    at: tuple[float, float] = (330.0, 250.0)
    torso_px: float = 80.0
    clothes: Clothes = BLUE
    is_found: bool = True
    """Whether the scout finds them."""
    is_head_right: bool = True

    @cached_property
    def xy(self):
        lens = Lens(self.torso_px, self.at, self.is_head_right, SIZE)
        return pose_of(self.stance, 0.0, 0, lens).xy_px

    @property
    def middle(self):
        return self.xy[[11, 12, 23, 24]].mean(axis=0)

    def move(self, x, y=0.0):
        return replace(self, at=(self.at[0] + x, self.at[1] + y))

    def draw(self, picture):
        def line(a, b, colour, width):
            points = [tuple(int(v) for v in np.rint(self.xy[j])) for j in (a, b)]
            cv2.line(picture, *points, colour, max(1, round(width * self.torso_px)))

        for a, b in BONES["legs"]:
            line(a, b, self.clothes.trousers, 0.22)
        for a, b in ((11, 23), (12, 24)):
            line(a, b, self.clothes.shirt, 0.4)
        for a, b in BONES["arms"]:
            line(a, b, self.clothes.skin, 0.14)
        centre = tuple(int(v) for v in np.rint(self.xy[Joint.LEFT_EAR]))
        cv2.circle(picture, centre, round(0.2 * self.torso_px), self.clothes.hair, -1)


def paint(people, light=1.0):
    """A picture of people, the first at the back."""
    picture = np.full((SIZE[1], SIZE[0], 3), ROOM, np.uint8)
    for person in people:
        person.draw(picture)
    return (picture * light).clip(0, 255).astype(np.uint8)


@dataclass
class World:
    """What is there at this moment; both finders look at it through the picture that they are shown."""

    people: tuple[Person, ...] = ()
    leap_to: int | None = None
    """Whom the tracker leaps to at the next picture, if they are not blanked out."""
    searches: int = 0
    favourite: int = 0
    """Whom the tracker finds first when it searches anew."""


def is_shown(picture, person):
    """Whether somebody's trunk is in the picture, and not blanked out."""
    x, y = (int(v) for v in np.rint(person.middle))
    inside = 0 <= x < picture.shape[1] and 0 <= y < picture.shape[0]
    return inside and tuple(picture[y, x]) != (GREY, GREY, GREY)


def raw_of(person):
    return RawPose(person.xy.astype(np.float32), np.ones(33, np.float32))


@dataclass
class FollowingFinder:
    """Follows one person as the tracker does: stays with them wherever they go, and leaps when the world says so."""

    world: World
    who: int | None = None

    def detect(self, picture, t_s, turn=0):
        people = self.world.people
        if self.world.leap_to is not None and is_shown(picture, people[self.world.leap_to]):
            self.who, self.world.leap_to = self.world.leap_to, None
        if self.who is None or self.who >= len(people) or not is_shown(picture, people[self.who]):
            order = sorted(range(len(people)), key=lambda i: i != self.world.favourite)
            self.who = next((i for i in order if is_shown(picture, people[i])), None)
        return [] if self.who is None else [raw_of(people[self.who])]

    def reset(self):
        self.who = None

    def close(self):
        pass


@dataclass
class AllFinder:
    """Finds everybody, as the scout does."""

    world: World

    def detect(self, picture, t_s, turn=0):
        self.world.searches += turn == 0
        return [raw_of(p) for p in self.world.people if p.is_found and is_shown(picture, p)] if turn == 0 else []

    def reset(self):
        pass

    def close(self):
        pass
