"""After a gap in the pictures: is the body where it was?"""

import math
from dataclasses import replace

import pytest

from formcheck.core.body.measure import Body, Limbs
from formcheck.core.coach.gap import Gap

LEG = Limbs(hip_deg=90, knee_deg=90)
BODY = Body(5.0, LEG, LEG, trunk_deg=0.0, torso_px=200.0, hip_x_px=100.0, hip_y_px=-300.0, is_present=True)


def finding(now, *, length_s=4.0, is_asked_for=False, after_s=0.0, before=BODY):
    return Gap(before, 9.0, length_s, is_asked_for=is_asked_for).compare(replace(now, t_s=9.0 + after_s))


def test_the_same_position_is_told_from_another_one():
    assert finding(BODY) == "same"
    assert finding(replace(BODY, trunk_deg=80.0)) == "other"


@pytest.mark.parametrize(
    ("near", "far"),
    [
        ({"trunk_deg": 14.0}, {"trunk_deg": 16.0}),
        ({"left": Limbs(hip_deg=109, knee_deg=90)}, {"left": Limbs(hip_deg=111, knee_deg=90)}),
        ({"right": Limbs(hip_deg=90, knee_deg=71)}, {"right": Limbs(hip_deg=90, knee_deg=69)}),
        ({"hip_x_px": 148.0}, {"hip_x_px": 152.0}),
        ({"hip_y_px": -252.0}, {"hip_y_px": -248.0}),
    ],
    ids=["trunk", "hip", "knee", "along", "up"],
)
def test_each_measure_has_its_limit(near, far):
    assert finding(replace(BODY, **near)) == "same"
    assert finding(replace(BODY, **far)) == "other"


@pytest.mark.parametrize(
    ("length_s", "is_asked_for", "expected"), [(9.9, False, "same"), (10.1, False, "other"), (999.0, True, "same")]
)
def test_only_a_gap_that_was_asked_for_may_be_longer_than_ten_seconds(length_s, is_asked_for, expected):
    assert finding(BODY, length_s=length_s, is_asked_for=is_asked_for) == expected


@pytest.mark.parametrize(
    "unseen", [{"trunk_deg": math.nan}, {"left": Limbs(), "right": Limbs()}], ids=["trunk", "legs"]
)
def test_a_body_that_is_not_found_is_waited_for(unseen):
    blind = replace(BODY, **unseen)
    assert finding(blind, after_s=1.4) == "waiting"
    assert finding(blind, after_s=1.6) == "other"


def test_one_leg_that_is_seen_is_enough():
    assert finding(replace(BODY, right=Limbs())) == "same"


def test_without_a_body_before_there_is_nothing_to_compare():
    assert finding(BODY, before=None) == "other"
