"""Choosing with a raised arm: what was meant is chosen once, in time, and nothing else chooses."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.core.body.pose import Joint, absent_pose
from formcheck.core.setup.pointing import PointRecognizer
from tests.core.setup.front import ACROSS, HANGING, LEVEL, OUT, UP, Arm, person

FPS = 10.0
LEFT, MIDDLE, RIGHT = 0, 1, 2
DOWN: dict[str, Any] = {}
WAYS = [
    ({"left": OUT}, LEFT),
    ({"right": OUT}, RIGHT),
    ({"left": UP}, MIDDLE),
    ({"right": UP}, MIDDLE),
    ({"right": ACROSS}, LEFT),
    ({"left": ACROSS}, RIGHT),
]


def play(*acts, choices=3, fps=FPS, recognizer=None, start_s=0.0):
    """What is chosen, with its time, in a row of (seconds, attitude)."""
    recognizer = recognizer or PointRecognizer(choices)
    chosen, t_s = [], start_s
    for seconds, attitude in acts:
        for _ in range(round(seconds * fps)):
            pose = attitude(t_s) if callable(attitude) else person(t_s, **attitude)
            index = recognizer.update(pose)
            if index is not None:
                chosen.append((round(t_s, 2), index))
            t_s += 1 / fps
    return chosen


def indices(*acts, **more):
    return [index for _, index in play(*acts, **more)]


# -- what is meant ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("how", "meant"), WAYS)
def test_a_straight_arm_chooses_what_it_points_to_as_the_person_sees_it(how, meant):
    assert indices((1.0, DOWN), (3.5, how)) == [meant]


def test_the_persons_left_is_the_pictures_right():
    """The camera's picture is no mirror."""
    pose = person(left=OUT)
    assert pose.point(Joint.LEFT_WRIST)[0] > pose.point(Joint.RIGHT_WRIST)[0] + pose.width / 20
    assert indices((1.0, DOWN), (3.0, {"left": OUT})) == [0]


@pytest.mark.parametrize(("how", "meant"), WAYS)
@pytest.mark.parametrize("fps", [5.0, 8.0, 15.0, 30.0])
def test_it_takes_two_to_three_seconds_at_any_rate(how, meant, fps):
    ((at_s, index),) = play((1.0, DOWN), (3.5, how), fps=fps)
    assert index == meant
    assert 1.5 <= at_s - 1.0 <= 3.1


@pytest.mark.parametrize("sizes", [{"torso_px": 80.0}, {"torso_px": 220.0, "at": (640.0, 600.0)}], ids=["far", "near"])
@pytest.mark.parametrize("pose", [{"turn_deg": 25.0}, {"turn_deg": -25.0}, {"tilt_deg": 8.0}, {}])
def test_stature_place_and_a_turned_body_matter_not(sizes, pose):
    assert indices((1.0, {**sizes, **pose}), (3.0, {**sizes, **pose, "right": OUT})) == [RIGHT]


@pytest.mark.parametrize("out_deg", [106.0, 113.0, 120.0, 127.0, 133.0])
def test_the_side_is_about_two_oclock(out_deg):
    assert indices((1.0, DOWN), (3.0, {"left": Arm(out_deg, 20.0, 4.0)})) == [LEFT]


@pytest.mark.parametrize("out_deg", [152.0, 165.0, 180.0, 195.0])
def test_the_middle_is_about_twelve_oclock(out_deg):
    assert indices((1.0, DOWN), (3.0, {"left": Arm(out_deg, 10.0, 4.0)})) == [MIDDLE]


def test_an_elbow_that_lacks_thirty_degrees_will_do():
    assert indices((1.0, DOWN), (3.0, {"left": Arm(106.0, 10.0, 30.0)})) == [LEFT]


def test_an_arm_between_the_choices_means_none():
    assert indices((1.0, DOWN), (6.0, {"left": Arm(144.0, 0.0, 0.0)})) == []


def test_the_other_arm_may_lie_in_the_lap_or_be_missing():
    lap = Arm(5.0, 20.0, -60.0)
    assert indices((1.0, {"right": lap}), (3.0, {"left": OUT, "right": lap})) == [LEFT]
    stump = {"guessed": (Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST)}
    assert indices((1.0, stump), (3.0, {"left": OUT, **stump})) == [LEFT]


def test_hands_below_the_picture_are_down():
    cut = {"gone": (Joint.RIGHT_WRIST, Joint.RIGHT_HIP, Joint.LEFT_HIP)}
    assert indices((1.0, {"gone": (*cut["gone"], Joint.LEFT_WRIST)}), (3.0, {"left": OUT, **cut})) == [LEFT]


@pytest.mark.parametrize(
    ("choices", "expected"), [(1, [None, 0, None]), (2, [0, None, 1]), (3, [0, 1, 2])], ids=["one", "two", "three"]
)
def test_where_the_choices_stand_on_pages_with_fewer(choices, expected):
    found = [indices((1.0, DOWN), (3.0, how), choices=choices) for how in ({"left": OUT}, {"left": UP}, {"right": OUT})]
    assert found == [[] if one is None else [one] for one in expected]


# -- once, and only when it was held ---------------------------------------------------------------------------------


def test_a_held_arm_answers_once_and_no_second_page():
    recognizer = PointRecognizer(3)
    assert indices((1.0, DOWN), (9.0, {"left": OUT}), recognizer=recognizer) == [LEFT]
    assert indices((9.0, {"left": OUT}), recognizer=PointRecognizer(2)) == []  # the next page has a new one


def test_another_arm_answers_no_second_page_while_the_first_one_is_up():
    both_ways = (4.0, {"left": OUT}), (4.0, {"left": OUT, "right": OUT}), (4.0, {"left": UP})
    assert indices((1.0, DOWN), *both_ways) == [LEFT]


def test_after_the_arm_came_down_it_chooses_again():
    assert indices((1.0, DOWN), (3.0, {"left": OUT}), (1.0, DOWN), (3.0, {"left": UP})) == [LEFT, MIDDLE]


def test_an_arm_that_left_the_picture_has_not_come_down():
    lost = {"gone": (Joint.LEFT_WRIST, Joint.LEFT_ELBOW)}
    assert indices((1.0, DOWN), (3.0, {"left": UP}), (2.0, {"left": UP, **lost}), (3.0, {"left": UP})) == [MIDDLE]
    guess = {"guessed": (Joint.LEFT_WRIST, Joint.LEFT_ELBOW)}
    assert indices((1.0, DOWN), (3.0, {"left": UP}), (2.0, guess), (3.0, {"left": UP})) == [MIDDLE]


def test_what_is_let_go_early_chooses_nothing_however_often():
    again = [(1.2, {"left": OUT}), (1.0, DOWN)] * 6
    assert indices((1.0, DOWN), *again) == []


def test_the_ring_fills_while_it_is_held_and_empties_quickly():
    recognizer, shares = PointRecognizer(3), []
    for i in range(45):
        recognizer.update(person(i / FPS, **({"right": OUT} if 10 <= i < 25 else DOWN)))
        shares.append(recognizer.forming)
    assert shares[9] is None
    filling = [share for form in shares[12:25] if form is not None for index, share in [form] if index == RIGHT]
    assert len(filling) == 13
    assert filling == sorted(filling)
    assert filling[-1] > 0.6
    assert shares[36] is None  # 1.1 s after it was let go


def test_the_ring_starts_anew_for_another_choice():
    acts = (1.0, DOWN), (1.4, {"left": OUT}), (1.4, {"left": UP}), (1.4, {"left": OUT}), (1.0, DOWN)
    assert indices(*acts) == []


def test_a_short_loss_of_the_wrist_neither_fills_nor_empties():
    blind = {"left": OUT, "guessed": (Joint.LEFT_WRIST,)}
    ((plain_s, _),) = play((1.0, DOWN), (4.0, {"left": OUT}))
    ((lossy_s, _),) = play((1.0, DOWN), (1.0, {"left": OUT}), (0.2, blind), (3.0, {"left": OUT}))
    assert 0.2 <= lossy_s - plain_s + 1e-6 <= 0.4


@pytest.mark.parametrize("joint", [Joint.LEFT_WRIST, Joint.LEFT_ELBOW, Joint.LEFT_SHOULDER, Joint.NOSE])
def test_joints_that_were_not_seen_never_choose(joint):
    assert indices((1.0, DOWN), (5.0, {"left": OUT, "guessed": (joint,)})) == []
    assert indices((1.0, DOWN), (5.0, {"left": OUT, "gone": (joint,)})) == []


def test_only_time_between_two_pictures_that_show_it_counts():
    flicker = [(1 / 8, {"left": OUT}), (1 / 8, {"left": OUT, "guessed": (Joint.LEFT_WRIST,)})] * 40
    assert indices((1.0, DOWN), *flicker, fps=8.0) == []


def test_few_pictures_choose_nothing_in_a_leap():
    """After a gap nobody knows whether it was held."""
    recognizer = PointRecognizer(3)
    play((1.0, DOWN), (0.3, {"left": OUT}), recognizer=recognizer)
    assert recognizer.update(person(9.0, left=OUT)) is None
    assert indices((3.0, {"left": OUT}), recognizer=recognizer, start_s=9.1) == []


def test_another_person_does_not_finish_what_one_began():
    recognizer = PointRecognizer(3)
    play((1.0, DOWN), (1.6, {"left": OUT}), recognizer=recognizer)
    assert indices((3.0, {"left": OUT, "who": 1}), recognizer=recognizer, start_s=2.6) == []


def test_absent_people_choose_nothing():
    recognizer = PointRecognizer(3)
    play((1.0, DOWN), (1.5, {"left": OUT}), recognizer=recognizer)
    assert indices((3.0, lambda t_s: absent_pose(t_s, 0, 1280, 720)), recognizer=recognizer, start_s=2.5) == []
    assert recognizer.forming is None


def test_time_that_runs_backwards_starts_anew():
    recognizer = PointRecognizer(3)
    play((1.0, DOWN), (1.6, {"left": OUT}), recognizer=recognizer, start_s=50.0)
    assert indices((3.0, {"left": OUT}), recognizer=recognizer) == []


# -- life ------------------------------------------------------------------------------------------------------------

BENT = Arm(60.0, 40.0, 110.0)
LIFE = {
    "scratches the head": {"right": Arm(120.0, 20.0, 120.0)},
    "leans on a doorpost, looking at the screen": {"left": LEVEL},
    "leans on a shelf": {"right": Arm(85.0, 10.0, 20.0)},
    "rubs the other shoulder": {"right": Arm(-92.0, 50.0, 15.0)},
    "telephones": {"left": Arm(35.0, 30.0, 130.0)},
    "drinks": {"right": Arm(20.0, 40.0, 120.0)},
    "stretches both arms up": {"left": UP, "right": UP},
    "stretches both arms out": {"left": OUT, "right": OUT},
    "one up, one out": {"left": UP, "right": OUT},
    "points while the other hand holds a telephone": {"left": OUT, "right": BENT},
    "holds one arm across the chest with the other": {"left": ACROSS, "right": Arm(20.0, 50.0, 70.0)},
    "folds the arms": {"left": Arm(-25.0, 30.0, -70.0), "right": Arm(-25.0, 30.0, -70.0)},
    "shows somebody something": {"left": OUT, "head_deg": 60.0},
    "shows something to somebody on the other side": {"left": OUT, "head_deg": -60.0},
    "raises the hand as in class": {"right": Arm(100.0, 10.0, 75.0)},
    "points at the screen": {"right": Arm(90.0, 80.0, 0.0)},
    "hands on hips": {"left": Arm(45.0, 0.0, -80.0), "right": Arm(45.0, 0.0, -80.0)},
    "arms away from the body": {"left": Arm(40.0), "right": Arm(40.0)},
    "bends to the side": {"left": Arm(165.0, 0.0, 10.0), "tilt_deg": -30.0},
    "reaches for a shelf beside the screen": {"right": UP, "turn_deg": -50.0, "head_deg": 35.0},
    "points ahead and up": {"right": Arm(120.0, 60.0, 0.0)},
    "side-on": {"left": OUT, "turn_deg": 75.0},
    "back turned": {"left": OUT, "turn_deg": 180.0},
    "lies": {"left": OUT, "tilt_deg": 85.0},
    "far off": {"left": OUT, "torso_px": 30.0},
}


@pytest.mark.parametrize("what", LIFE)
def test_life_chooses_nothing(what):
    how = LIFE[what]
    rest = {key: value for key, value in how.items() if key not in ("left", "right")}
    assert indices((1.0, rest), (1.0, DOWN), (10.0, how)) == []


@pytest.mark.parametrize("arm", [OUT, UP], ids=["out", "up"])
@pytest.mark.parametrize("hertz", [0.5, 1.0, 2.0])
def test_waving_chooses_nothing(arm, hertz):
    def wave(t_s):
        swing = 18.0 * math.sin(2 * math.pi * hertz * t_s)
        return person(t_s, left=Arm(arm.out_deg + swing - 5.0, 10.0, 10.0))

    assert indices((1.0, DOWN), (8.0, wave)) == []


def test_walking_with_an_arm_out_chooses_nothing():
    assert indices((1.0, DOWN), (6.0, lambda t_s: person(t_s, left=OUT, at=(300.0 + 60.0 * t_s, 420.0)))) == []


@given(seed=st.integers(0, 10_000), fps=st.sampled_from([6.0, 12.0, 25.0]), how=st.sampled_from(WAYS))
@settings(max_examples=30, deadline=None)
def test_the_trackers_noise_changes_nothing_in_what_is_chosen(seed, fps, how):
    """0.03 torso lengths from picture to picture: what the tracker does to a still body, and half as much again."""
    noise = {"noise_tl": 0.03, "rng": np.random.default_rng(seed)}
    attitude, meant = how
    found = indices((1.0, noise), (3.8, {**attitude, **noise}), (2.0, noise), fps=fps)
    assert found == [meant]


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_gestures_choose_nothing(seed):
    """Hands that go somewhere else every half second."""
    rng = np.random.default_rng(seed)
    acts = [
        (0.5, {side: Arm(*rng.uniform((0, 0, 0), (180, 60, 120))) for side in ("left", "right")}) for _ in range(30)
    ]
    assert indices((1.0, DOWN), *acts) == []


def test_arms_that_hang_form_nothing():
    recognizer = PointRecognizer(3)
    assert play((5.0, {"left": HANGING, "right": HANGING}), recognizer=recognizer) == []
    assert recognizer.forming is None
