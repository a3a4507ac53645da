"""Who is the patient: place, posture and the colours of clothes tell, through a whole session.

The finders are stand-ins that find drawn people; what is under test is all that `PatientTracker` makes of their finds.
"""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from formcheck.pose import PatientTracker
from formcheck.session.set import start_score
from tests.pose.people import (
    BLUE,
    CROUCHING,
    KNEELING,
    LYING,
    WHITE,
    AllFinder,
    Clothes,
    FollowingFinder,
    Person,
    World,
    paint,
)

RATE = 10.0
PATIENT = Person()
HELPER = Person(KNEELING, (350.0, 255.0), 75.0, WHITE)
"""Kneels beside the patient's trunk, so near that the trunks are half a torso apart."""
TWIN = replace(HELPER, clothes=BLUE)


class Room:
    """A room that is filmed: `play` shows it people for some seconds and keeps what was told of the patient."""

    def __init__(self, exercise):
        self.world = World()
        self.tracker = PatientTracker(
            exercise.posture,
            partial(start_score, exercise),
            tracker=FollowingFinder(self.world),
            scout=AllFinder(self.world),
        )
        self.t_s, self.index, self.light = 0.0, 0, 1.0

    def play(self, seconds, *people, leap_to=None):
        """Whom the tracker tells of in each picture (an index, None for nobody), with the number of the person."""
        self.world.people = people
        self.world.leap_to = leap_to
        told = []
        for _ in range(round(seconds * RATE)):
            seen = self.tracker.follow(paint(people, self.light), self.t_s, self.index)
            self.t_s, self.index = self.t_s + 1 / RATE, self.index + 1
            who = None
            if seen.raw is not None:
                who = min(range(len(people)), key=lambda i: np.abs(people[i].xy - seen.raw.xy_px).mean())
            told.append((who, seen.person))
        return told


@pytest.fixture
def room(dead_bug):
    return Room(dead_bug)


def who(told):
    return {person for person, _ in told}


def numbers(told):
    return [number for _, number in told]


def share_of(told, person):
    return sum(found == person for found, _ in told) / len(told)


@pytest.mark.parametrize("helper", [HELPER, TWIN, HELPER.move(-60), replace(HELPER, stance=CROUCHING)])
def test_a_tracker_that_leaps_to_a_helper_who_kneels_beside_is_brought_back(room, helper):
    room.play(3, PATIENT)
    assert who(room.play(3, PATIENT, helper)) == {0}
    told = room.play(6, PATIENT, helper, leap_to=1)
    assert 1 not in who(told)
    assert share_of(told, 0) > 0.9
    assert set(numbers(told)) == {0}


def test_a_helper_who_is_found_alone_is_not_the_patient(room):
    """The scout is blind to the patient behind the helper; the helper sits where the patient's trunk is."""
    room.play(3, PATIENT)
    room.play(2, PATIENT, HELPER)
    told = room.play(2, replace(PATIENT, is_found=False), HELPER, leap_to=1)
    assert 1 not in who(told)


def test_a_helper_who_is_followed_step_by_step_is_known_by_the_clothes(room):
    """The tracker slides over: from picture to picture the trunk goes no further than one might go."""
    room.play(3, PATIENT)
    told = []
    for share in np.linspace(0, 1, 12):
        trunk = replace(LYING, trunk_deg=80 * share)
        told += room.play(0.1, Person(trunk, PATIENT.at, 80, WHITE if share > 0.5 else BLUE))
    late = told[8:]
    assert sum(found is not None for found, _ in late) <= 2


def test_it_is_noticed_when_somebody_takes_the_place(room):
    room.play(3, PATIENT)
    left, other = Person(KNEELING, (80.0, 250.0)), replace(PATIENT, clothes=WHITE)
    room.play(1, PATIENT.move(-60), left.move(-400))
    told = room.play(6, left, other)
    assert told[-1] == (1, 1)
    changes = [i for i in range(1, len(told)) if told[i][1] != told[i - 1][1]]
    assert len(changes) == 1
    assert all(found != 1 for found, _ in told[: changes[0]])


def test_who_comes_back_is_known_again(room):
    other = replace(PATIENT, clothes=WHITE)
    room.play(3, PATIENT)
    room.play(6, *[])
    assert numbers(room.play(5, other))[-1] == 1
    room.play(6, *[])
    assert numbers(room.play(5, PATIENT))[-1] == 0


def test_a_helper_who_stays_when_the_patient_goes_is_somebody_else(room):
    room.play(3, PATIENT, HELPER.move(150))
    told = room.play(9, replace(PATIENT, at=(-300.0, 250.0)), HELPER.move(150))
    assert who(told[:50]) == {None}
    assert told[-1] == (1, 1)


def test_the_same_person_may_leave_and_come_back_elsewhere(room):
    room.play(3, PATIENT)
    assert who(room.play(6)) == {None}
    told = room.play(3, Person(KNEELING, (520.0, 255.0)))
    assert share_of(told, 0) > 0.8
    assert set(numbers(told)) == {0}


def test_before_anybody_was_in_position_a_change_is_none(room):
    """The helper sets the camera up; then the patient lies down."""
    room.play(3, HELPER)
    told = room.play(5, HELPER.move(-200), PATIENT)
    assert told[-1] == (1, 0)
    assert set(numbers(told)) == {0}


def test_a_mirror_image_is_not_taken_for_the_patient(room):
    """It wears the same, and it is all that is seen while somebody stands before the patient."""
    mirror = Person(LYING, (150.0, 90.0), 45.0)
    room.play(4, PATIENT, mirror)
    told = room.play(3, mirror)
    assert who(told) == {None}
    assert room.play(2, PATIENT, mirror)[-1] == (0, 0)


@pytest.mark.parametrize("factor", [0.45, 1.5])
def test_a_lamp_that_is_switched_makes_nobody_a_stranger(room, factor):
    room.light = 0.6
    room.play(4, PATIENT)
    room.light = 0.6 * factor
    told = room.play(4, PATIENT)
    assert share_of(told, 0) > 0.9
    assert set(numbers(told)) == {0}


def test_a_shirt_that_is_pulled_over_is_no_other_person(room):
    """Alone in the picture and never out of sight: it can only be the same one."""
    room.play(8, PATIENT)
    told = room.play(5, replace(PATIENT, clothes=Clothes((60, 200, 220))))
    assert told[-1] == (0, 0)
    assert set(numbers(told)) == {0}


def test_another_exercise_keeps_who_it_is(room, registry):
    bird_dog = registry.get("bird-dog")
    room.play(3, PATIENT)
    room.tracker.watch_for(bird_dog.posture, partial(start_score, bird_dog))
    told = room.play(4, PATIENT, HELPER, leap_to=1)
    assert 1 not in who(told)
    assert set(numbers(told)) == {0}


def test_a_still_room_is_hardly_searched(room):
    room.play(2, PATIENT)
    before = room.world.searches
    room.play(12, PATIENT)
    assert room.world.searches - before <= 3


def test_somebody_who_comes_in_is_seen_within_a_second(room):
    room.play(4, PATIENT)
    before = room.world.searches
    room.play(1, PATIENT, HELPER.move(180))
    assert room.world.searches > before


def test_a_television_is_not_searched_all_the_time(room):
    """A patch of the picture changes and changes, and nobody is ever found in it."""
    room.play(4, PATIENT)
    before = room.world.searches
    for i in range(12):
        room.play(
            1,
            PATIENT,
            Person(LYING, (70.0 + 20 * (i % 2), 80.0), 40.0, replace(WHITE, shirt=(20 * i, 90, 250 - 20 * i)), False),
        )
    assert room.world.searches - before <= 6


def test_who_lies_the_other_way_round_takes_the_place_too(room):
    other = replace(PATIENT, at=(365.0, 250.0), clothes=WHITE, is_head_right=False)
    room.play(3, PATIENT)
    room.play(1, Person(KNEELING, (560.0, 250.0), clothes=BLUE))
    assert room.play(4, other)[-1] == (0, 1)


def test_who_comes_back_in_the_same_shirt_and_other_trousers_is_somebody_else(room):
    """A single picture does not tell, since a trunk may have got the other's legs; half a second of them does."""
    room.play(4, PATIENT)
    room.play(2)
    told = room.play(4, replace(PATIENT, clothes=replace(BLUE, trousers=(190, 180, 170))))
    assert told[-1] == (0, 1)
    numbers_told = numbers(told)
    assert numbers_told == sorted(numbers_told)


def test_a_patient_who_was_never_seen_alone_is_known(room):
    """The helper kneels there from the start, so near that the boxes overlap."""
    beside = replace(HELPER, at=(450.0, 255.0))
    room.play(4, beside, PATIENT)
    room.play(2, beside)
    told = room.play(4, beside, replace(PATIENT, clothes=WHITE))
    assert told[-1] == (1, 1)


def test_a_search_that_finds_only_the_helper_moves_nobody(room):
    """The patient lies, so the search of the whole picture does not find them; the tracker does."""
    room.play(1, PATIENT)
    told = room.play(5, replace(PATIENT, is_found=False), HELPER.move(60))
    assert who(told) == {0}
