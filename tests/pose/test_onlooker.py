"""The onlooker: finds who steps near at once, and leaves a still or habitually moving room alone."""

import math

import numpy as np
import pytest

from formcheck.core.body.pose import Evidence, Joint
from formcheck.pose.onlooker import Onlooker
from formcheck.pose.tracker import RawPose
from tests.core.setup.front import person

SIZE = (320, 180)
RATE = 4.0
MODEL_CPU_S = 0.016
"""What a look of the small model costs with people in the picture (measured on this project's machines)."""


class Room:
    """A room of grey noise in which people and things are painted; a finder that knows who is there."""

    def __init__(self, noise=7.0):
        self._rng = np.random.default_rng(3)
        self._grain = self._rng.normal(0.0, noise, (5, SIZE[1], SIZE[0], 3)).astype(np.float32)
        self.people = []
        self.patches = []
        self.light, self.skin = 110.0, 200.0
        self.fails = 0

    def picture(self):
        grain = self._grain[self._rng.integers(len(self._grain))]
        picture = np.roll(grain, self._rng.integers(0, SIZE[1]), axis=0) + self.light
        for (left, top, right, bottom), level in self.patches:
            picture[top:bottom, left:right] = level
        for one in self.people:
            xy = one.xy_px[~np.isnan(one.xy_px[:, 0])]
            (left, top), (right, bottom) = xy.min(axis=0).astype(int), xy.max(axis=0).astype(int)
            picture[max(0, top) : bottom, max(0, left) : right] += self.skin - self.light
        return picture.clip(0, 255).astype(np.uint8)

    def detect(self, picture, t_s, turn=0):
        if self.fails:
            self.fails -= 1
            return []
        return [
            RawPose(np.nan_to_num(one.xy_px, nan=-50.0), np.where(one.evidence == Evidence.MEASURED, 0.99, 0.1))
            for one in self.people
        ]

    def use(self, model, longest_px):
        pass

    def reset(self):
        pass

    def close(self):
        pass


def somebody(away_m, x=160.0, **how):
    """Somebody before a camera of 70 degrees."""
    torso_px = 0.5 / away_m * SIZE[0] / (2 * math.tan(math.radians(35.0)))
    return person(torso_px=torso_px, at=(x, 120.0), size=SIZE, **how)


def watch(room, seconds, change=lambda _t: None, onlooker=None, start_s=0.0):
    """What each picture gives, with its time, and the onlooker."""
    onlooker = onlooker or Onlooker(room)
    seen = []
    for i in range(round(seconds * RATE)):
        t_s = start_s + i / RATE
        change(t_s)
        seen.append((t_s, onlooker.look(room.picture(), t_s)))
    return seen, onlooker


def looks(seen, from_s=0.0):
    return sum(people is not None for t_s, people in seen if t_s >= from_s)


@pytest.mark.parametrize("noise", [2.0, 7.0, 10.0])
def test_an_empty_still_room_is_looked_at_once(noise):
    seen, onlooker = watch(Room(noise), 120.0)
    assert looks(seen) == onlooker.looks == 1


@pytest.mark.parametrize("after_s", [2.0, 60.0])
def test_who_steps_in_is_seen_in_the_same_picture_and_in_each_one_from_then_on(after_s):
    room = Room()

    def step_in(t_s):
        room.people = [somebody(2.0)] if t_s >= after_s else []

    seen, _ = watch(room, after_s + 6.0, step_in)
    there = [people for t_s, people in seen if t_s >= after_s]
    assert all(people is not None and len(people) == 1 for people in there)


def test_what_is_found_is_a_pose_with_what_was_seen_of_it():
    room = Room()
    room.people = [somebody(2.0, guessed=(Joint.LEFT_WRIST,), gone=(Joint.RIGHT_ANKLE,))]
    people = Onlooker(room).look(room.picture(), 5.0)
    assert people is not None
    (pose,) = people
    assert (pose.t_s, pose.width, pose.height, pose.is_present) == (5.0, *SIZE, True)
    assert pose.is_measured(Joint.NOSE, Joint.LEFT_SHOULDER)
    assert pose.evidence[Joint.LEFT_WRIST] == Evidence.PREDICTED
    assert pose.evidence[Joint.RIGHT_ANKLE] == Evidence.ABSENT
    assert np.isnan(pose.point(Joint.RIGHT_ANKLE)).all()
    assert pose.point(Joint.NOSE) == pytest.approx(room.people[0].point(Joint.NOSE))


def test_pictures_are_wanted_more_often_while_something_is_going_on():
    room, wanted = Room(), {}
    onlooker = Onlooker(room)

    def come_and_go(t_s):
        room.people = [somebody(2.0)] if 30.0 <= t_s < 40.0 else []
        wanted[t_s] = onlooker.every_s

    watch(room, 70.0, come_and_go, onlooker)
    assert {every_s for t_s, every_s in wanted.items() if 31.0 <= t_s < 45.0} == {wanted[31.0]}
    assert wanted[31.0] <= 0.25  # as `Arrival` counts on
    assert wanted[25.0] == wanted[65.0] >= 2 * wanted[31.0]


def test_a_television_does_not_keep_it_awake():
    room = Room()
    _, onlooker = watch(room, 60.0, television(room))
    assert onlooker.every_s == Onlooker(room).every_s


def test_who_stands_as_still_as_the_room_stays_seen():
    room = Room()
    room.people = [somebody(2.0)]
    seen, _ = watch(room, 30.0)
    assert looks(seen) == len(seen)


def test_a_miss_or_two_does_not_make_it_look_away():
    room = Room()

    def come_and_be_missed(t_s):
        room.people = [somebody(2.0)] if t_s >= 2.0 else []
        room.fails = 1 if t_s in (4.0, 6.0, 6.25) else 0

    seen, _ = watch(room, 10.0, come_and_be_missed)
    assert all(people is not None for t_s, people in seen if t_s >= 2.0)


def television(room, at=(20, 20, 100, 70)):
    def play(t_s):
        room.patches = [(at, 60.0 + 40.0 * (round(t_s * RATE) % 3))]

    return play


def test_a_television_is_looked_at_ever_more_seldom():
    room = Room()
    seen, _ = watch(room, 300.0, television(room))
    assert looks(seen, 20.0) / 280.0 * MODEL_CPU_S <= 0.010
    assert looks(seen) > 20  # it may hide somebody who comes from there


def test_a_fan_that_rests_now_and_then_is_not_news_each_time():
    room = Room()
    play = television(room, (200, 50, 260, 110))

    def blow(t_s):
        if t_s % 30.0 < 5.0:
            play(t_s)

    seen, _ = watch(room, 300.0, blow)
    assert looks(seen, 30.0) / 270.0 * MODEL_CPU_S <= 0.005


def test_who_comes_while_a_television_runs_is_seen_at_once():
    room = Room()
    play = television(room)

    def both(t_s):
        play(t_s)
        room.people = [somebody(2.5, x=210.0)] if t_s >= 60.0 else []

    seen, _ = watch(room, 66.0, both)
    assert all(people for t_s, people in seen if t_s >= 60.0)


def test_who_exercises_at_the_back_costs_little():
    room = Room()

    def exercise(t_s):
        room.people = [somebody(6.0, x=240.0 + 4.0 * (round(t_s * RATE) % 2), turn_deg=90.0)]

    seen, _ = watch(room, 300.0, exercise)
    assert looks(seen, 20.0) / 280.0 * MODEL_CPU_S <= 0.010


def test_who_stands_still_far_off_is_looked_at_now_and_then():
    room = Room()
    room.people = [somebody(6.0)]
    seen, _ = watch(room, 60.0)
    assert 20 <= looks(seen) <= 40


def test_who_stands_near_with_the_back_to_it_costs_less_after_a_while_and_is_seen_when_they_turn():
    room = Room()

    def chat(t_s):
        room.people = [somebody(2.0, x=160.0 + 6.0 * (round(t_s * RATE) % 2), turn_deg=0.0 if t_s >= 90.0 else 180.0)]

    seen, _ = watch(room, 95.0, chat)
    assert looks([s for s in seen if 20.0 <= s[0] < 90.0]) <= 71
    assert looks(seen, 91.25) == len([t for t, _ in seen if t >= 91.25])


def test_light_that_changes_all_of_the_room_alike_is_nobody():
    room = Room()

    def switch(t_s):
        room.light = 110.0 if t_s < 10.0 or t_s >= 20.0 else 60.0

    seen, _ = watch(room, 40.0, switch)
    assert looks(seen) == 1


def test_a_picture_of_another_shape_is_a_new_room():
    room = Room()
    _, onlooker = watch(room, 5.0)
    assert onlooker.look(room.picture(), 5.0) is None
    assert onlooker.look(np.rot90(room.picture()), 6.0) is not None


def test_a_camera_that_is_moved_is_looked_through_once():
    room = Room()
    levels = [40.0, 90.0, 150.0, 60.0, 200.0, 110.0, 30.0, 170.0, 80.0, 130.0]

    def move(t_s):
        seen = levels if t_s < 5.0 else levels[3:] + levels[:3]
        room.patches = [((32 * i, 0, 32 * i + 32, 180), level) for i, level in enumerate(seen)]

    seen, _ = watch(room, 20.0, move)
    assert 2 <= looks(seen) <= 4


def test_somebody_in_a_dark_room_is_seen_and_shown_to_the_model_brighter():
    """Where a webcam gives 20 grey levels of 255, a person may be 10 darker or brighter than the wall."""
    room, shown = Room(noise=5.0), []
    room.light, found = 22.0, room.detect

    def detect(picture, t_s):
        shown.append(float(picture.mean()))
        return found(picture, t_s)

    room.detect, room.skin = detect, 32.0

    def step_in(t_s):
        room.people = [somebody(2.0)] if t_s >= 10.0 else []

    seen, _ = watch(room, 14.0, step_in)
    assert all(people for t_s, people in seen if t_s >= 10.0)
    assert min(shown) > 50.0


def test_the_small_model_finds_a_rendered_person(patient):
    with Onlooker() as onlooker:
        people = onlooker.look(patient[0][0], 0.0)
    assert people is not None
    assert len(people) == 1
