"""Who stands before the screen: near, upright, facing, for long enough; nobody else is greeted."""

import math
from typing import Any

import numpy as np
import pytest

from formcheck.core.body.pose import Joint, absent_pose
from formcheck.core.setup.standing import Arrival, distance_m, facing_score, is_facing, is_near
from tests.core.setup.front import HANGING, OUT, Arm, person

FACING = {
    "straight": {},
    "turned a little": {"turn_deg": 35.0},
    "leans": {"tilt_deg": 12.0},
    "one arm out": {"left": OUT},
    "hips below the picture": {"gone": (Joint.LEFT_HIP, Joint.RIGHT_HIP)},
    "hips hidden behind a table": {"guessed": (Joint.LEFT_HIP, Joint.RIGHT_HIP)},
}
ELSEWHERE: dict[str, dict[str, Any]] = {
    "side-on": {"turn_deg": 90.0},
    "walks by and looks at the screen": {"turn_deg": 80.0, "head_deg": -80.0},
    "back to the screen": {"turn_deg": 180.0},
    "half turned away": {"turn_deg": 140.0},
    "looks over the shoulder": {"turn_deg": 150.0, "head_deg": -70.0},
    "looks aside": {"head_deg": 60.0},
    "lies on the mat": {"tilt_deg": 88.0},
    "lies with the feet to the camera": {"lean_deg": -80.0},
    "bends down": {"lean_deg": 75.0},
    "nose not seen": {"guessed": (Joint.NOSE,)},
    "an ear not seen": {"guessed": (Joint.LEFT_EAR,)},
    "a shoulder not in the picture": {"gone": (Joint.LEFT_SHOULDER,)},
}


@pytest.mark.parametrize("how", FACING)
def test_who_stands_before_the_screen_faces_it(how):
    assert is_facing(person(**FACING[how]))
    assert facing_score(person(**FACING[how])) == 1.0


@pytest.mark.parametrize("how", ELSEWHERE)
def test_nobody_else_does(how):
    assert not is_facing(person(**ELSEWHERE[how]))


def test_nobody_faces_nothing():
    assert not is_facing(absent_pose(0.0, 0, 1280, 720))
    assert math.isnan(distance_m(absent_pose(0.0, 0, 1280, 720)))
    assert not is_near(absent_pose(0.0, 0, 1280, 720))
    assert facing_score(absent_pose(0.0, 0, 1280, 720)) == 0.0


def test_who_is_upright_is_nearer_to_it_than_who_lies():
    upright, lying = (facing_score(person(**ELSEWHERE[how])) for how in ("side-on", "lies on the mat"))
    assert upright > lying


@pytest.mark.parametrize(("fov_deg", "away_m"), [(55.0, 1.2), (55.0, 3.0), (70.0, 2.0), (90.0, 1.2), (90.0, 3.0)])
@pytest.mark.parametrize("size", [(1280, 720), (640, 360), (720, 1280)], ids=["720p", "360p", "portrait"])
def test_the_distance_of_an_adult_is_told_from_the_size(fov_deg, away_m, size):
    """A trunk of half a metre, by the pinhole: the field of view is that of the longer side."""
    torso_px = 0.5 / away_m * max(size) / (2 * math.tan(math.radians(fov_deg / 2)))
    pose = person(torso_px=torso_px, size=size)
    assert distance_m(pose, fov_deg) == pytest.approx(away_m, rel=0.02)


def test_a_trunk_of_which_only_the_shoulders_are_seen_has_nearly_the_same_size():
    whole, cut = person(), person(gone=(Joint.LEFT_HIP, Joint.RIGHT_HIP))
    assert distance_m(cut) == pytest.approx(distance_m(whole), rel=0.1)


# -- over time -------------------------------------------------------------------------------------------------------


def torso_px(away_m, fov_deg=70.0):
    return 0.5 / away_m * 1280 / (2 * math.tan(math.radians(fov_deg / 2)))


HERE: dict[str, Any] = {"torso_px": torso_px(2.0)}


def woken_s(looks, rate=4.0):
    """When the kiosk wakes, for what each look finds (people, or None for no look); None if it doesn't."""
    arrival = Arrival()
    for i, found in enumerate(looks):
        people = None if found is None else [person(i / rate, **one) for one in found]
        if arrival.update(i / rate, people):
            return i / rate
    return None


@pytest.mark.parametrize("rate", [4.0, 4.5, 5.0])
@pytest.mark.parametrize("away_m", [1.2, 2.0, 3.0])
def test_who_stands_there_is_greeted_within_two_seconds(rate, away_m):
    """The person may have come right after the look before the first one that found them."""
    found_s = woken_s([[{"torso_px": torso_px(away_m)}]] * 20, rate)
    assert found_s is not None
    assert 1.5 <= found_s <= 2.0 - 1 / rate + 1e-6


@pytest.mark.parametrize("missed", range(2, 7))
def test_a_single_miss_costs_no_time(missed):
    looks = [[HERE]] * 20
    looks[missed] = []
    assert woken_s(looks) == woken_s([[HERE]] * 20)


def test_looks_that_were_left_out_are_no_misses():
    assert woken_s([[HERE], [HERE], None, [HERE], None, [HERE], [HERE], [HERE], [HERE], [HERE]]) is not None


@pytest.mark.parametrize(
    "looks",
    [
        [[HERE], []] * 20,
        [[HERE], [HERE], [], []] * 10,
        [[HERE]] * 6 + [[]] * 12 + [[HERE]] * 6,
        [[]] * 20,
        [None] * 20,
        [[{"torso_px": torso_px(6.0)}]] * 40,
        *[[[{**HERE, **how}]] * 40 for how in ELSEWHERE.values()],
    ],
)
def test_nobody_else_is_greeted(looks):
    assert woken_s(looks) is None


def test_people_who_go_by_one_after_the_other_are_not_one_who_stays():
    """Each faces the screen for a second, half a picture from where the last one was."""
    ways = [[{**HERE, "at": (200.0 + 400.0 * (i // 4 % 3), 420.0)}] for i in range(24)]
    assert woken_s(ways) is None
    assert woken_s([[{**HERE, "at": (200.0 + 15 * i, 420.0)}] for i in range(24)]) is not None  # who steps nearer is


def test_somebody_else_in_the_background_changes_nothing():
    far = {"torso_px": torso_px(6.0), "at": (300.0, 300.0)}
    back = {**HERE, "at": (1000.0, 420.0), "turn_deg": 180.0}
    assert woken_s([[far, HERE, back]] * 20) == woken_s([[HERE]] * 20)


def test_noise_of_the_tracker_greets_nobody_later():
    rng = np.random.default_rng(4)
    noisy = [[{**HERE, "noise_tl": 0.05, "rng": rng}] for _ in range(20)]
    assert woken_s(noisy) is not None


def test_the_share_grows_to_one_and_falls_to_nothing():
    arrival, shares = Arrival(), []
    for i in range(12):
        arrival.update(i / 4, [person(i / 4, **HERE)] if i < 9 else [])
        shares.append(arrival.share(i / 4))
    assert shares[:9] == sorted(shares[:9])
    assert shares[8] == 1.0
    assert shares[-1] == 0.0


def test_an_arm_that_is_raised_in_greeting_hides_nobody():
    assert is_facing(person(left=Arm(150.0, 10.0, 60.0), right=HANGING))
