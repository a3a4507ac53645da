"""One person over time: another size is another person, an arm that is guessed and a leg that leaps say nothing."""

import math
from dataclasses import replace

import pytest

from formcheck.core.body.body_filter import BodyFilter
from formcheck.core.body.measure import Body, Limbs
from formcheck.core.body.outliers import JointGate

LEG = Limbs(hip_deg=90, shoulder_deg=90, elbow_deg=170, knee_x_px=0, knee_y_px=0, ankle_x_px=0, ankle_y_px=0)
BODY = Body(0.0, LEG, LEG, torso_px=200.0, sagitta_tl=0.02, sagitta_sd_tl=0.004, is_present=True)


def begun():
    known = BodyFilter()
    known.begin(BODY)
    return known


def feed(known, *parts, fps=20, begin_s=0.0):
    """Parts of (seconds, changes of the body); returns what is known of the last picture."""
    t, out = begin_s, None
    for seconds, changes in parts:
        for _ in range(round(seconds * fps)):
            out = known.add(replace(BODY, t_s=t, **changes))
            t += 1 / fps
    return out


@pytest.mark.parametrize(("torso_px", "is_known"), [(265, True), (275, False), (150, True), (146, False)])
def test_a_torso_of_another_length_is_another_body(torso_px, is_known):
    found = feed(begun(), (1, {}), (0.1, {"torso_px": torso_px}))
    assert math.isnan(found.torso_px) is not is_known
    assert (found.unseen == ()) is is_known
    assert found.is_present


@pytest.mark.parametrize(("seconds", "is_known"), [(1.9, False), (2.3, True)])
def test_who_has_another_size_for_long_has_come_nearer(seconds, is_known):
    assert math.isnan(feed(begun(), (1, {}), (seconds, {"torso_px": 300})).torso_px) is not is_known


def test_before_the_start_pose_any_size_is_right():
    assert feed(BodyFilter(), (1, {}), (1, {"torso_px": 600})).torso_px == 600


def test_the_hollow_is_steadied_and_says_why_it_is_unknown():
    assert feed(begun(), (1, {})).steady_sagitta_tl == pytest.approx(0.02)
    lost = feed(begun(), (1, {}), (0.5, {"sagitta_tl": math.nan, "back_unknown": "dark"}))
    assert math.isnan(lost.steady_sagitta_tl)
    assert lost.back_unknown == "dark"
    known = begun()
    for i in range(40):
        found = known.add(replace(BODY, t_s=i / 20, sagitta_tl=0.02 + 0.03 * (-1) ** i))
    assert math.isnan(found.steady_sagitta_tl)
    assert found.back_unknown == "noise"


# -- an arm that is guessed ----


@pytest.mark.parametrize(("jump_deg", "is_known"), [(18, True), (25, False)])
def test_an_arm_that_leaps_from_picture_to_picture_is_guessed(jump_deg, is_known):
    """At 20 pictures a second 300 degrees a second are 15: the 20 of the single jump decide."""
    found = feed(begun(), (1, {}), (0.05, {"left": replace(LEG, shoulder_deg=90 + jump_deg)}))
    assert math.isnan(found.left.shoulder_deg) is not is_known
    assert math.isnan(found.left.elbow_deg) is not is_known
    assert found.right == LEG
    assert found.left.hip_deg == 90


@pytest.mark.parametrize(("fps", "is_known"), [(5, True), (20, False)])
def test_a_quick_arm_in_few_pictures_is_not_guessed(fps, is_known):
    found = feed(begun(), (1, {}), (1 / fps, {"left": replace(LEG, shoulder_deg=140)}), fps=fps)
    assert math.isnan(found.left.shoulder_deg) is not is_known


@pytest.mark.parametrize(("seconds", "is_known"), [(0.3, False), (0.5, True)])
def test_it_is_known_again_when_it_is_calm(seconds, is_known):
    found = feed(begun(), (1, {}), (seconds, {"left": replace(LEG, shoulder_deg=150)}))
    assert math.isnan(found.left.shoulder_deg) is not is_known


def test_an_arm_that_comes_back_into_view_has_not_leaped():
    hidden, back = replace(LEG, shoulder_deg=math.nan), replace(LEG, shoulder_deg=150)
    assert feed(begun(), (1, {}), (0.6, {"left": hidden}), (0.05, {"left": back})).left.shoulder_deg == 150


@pytest.mark.parametrize(("losses", "since_s", "is_known"), [(1, 0.1, True), (2, 0.1, False), (2, 1.7, False),
                                                             (2, 2.2, True), (9, 1.5, False)])  # fmt: skip
def test_an_arm_that_comes_and_goes_is_guessed_until_it_stays(losses, since_s, is_known):
    """A far arm is found on the near one, lost, and found there again: once is chance, twice is not seeing it."""
    gone = {"left": replace(LEG, shoulder_deg=math.nan)}
    parts = [part for _ in range(losses) for part in ((0.3, {}), (0.2, gone))]
    found = feed(begun(), (1, {}), *parts, (since_s, {}))
    assert math.isnan(found.left.shoulder_deg) is not is_known


def test_an_arm_that_is_lost_now_and_then_is_known_in_between():
    gone = {"left": replace(LEG, shoulder_deg=math.nan)}
    assert feed(begun(), (1, {}), (0.2, gone), (2.5, {}), (0.2, gone), (0.1, {})).left.shoulder_deg == LEG.shoulder_deg


# -- a leg that is somebody else's ----


def legs(left_tl=0.0, right_tl=0.0):
    """Legs so many torso lengths from where they were."""
    left, right = (
        replace(LEG, ankle_x_px=200 * x, knee_x_px=200 * x) for x in (left_tl, right_tl)
    )  # fmt: skip
    return {"left": left, "right": right}


@pytest.mark.parametrize(("travel_tl", "strayed"), [(0.19, ()), (0.21, ("left",))])
def test_a_foot_that_leaps_has_strayed(travel_tl, strayed):
    assert feed(begun(), (1, {}), (0.05, legs(travel_tl))).strayed == strayed


def test_a_foot_that_goes_its_way_has_not():
    known = begun()
    for i in range(20):
        found = known.add(replace(BODY, t_s=i / 20, **legs(0.1 * i)))
    assert found.strayed == ()


@pytest.mark.parametrize(("back_tl", "strayed"), [(0.14, ()), (0.17, ("left",))])
def test_it_is_its_own_again_nearer_to_where_it_was(back_tl, strayed):
    known = JointGate()
    for t, travel_tl in ((0.0, 0.0), (0.1, 0.0), (0.2, 0.5), (0.3, back_tl)):
        found = known.update(replace(BODY, t_s=t, **legs(travel_tl)))
    assert found == strayed


def test_who_is_back_at_the_start_has_not_strayed():
    known = begun()
    feed(known, (0.5, {}))
    for i in range(10):
        known.add(replace(BODY, t_s=1 + i / 20, **legs(0.1 * i)))
    assert known.add(replace(BODY, t_s=1.6, **legs(0.05))).strayed == ()


@pytest.mark.parametrize(("seconds", "strayed"), [(1.9, ("left", "right")), (2.3, ())])
def test_both_feet_elsewhere_for_long_are_a_body_that_moved(seconds, strayed):
    assert feed(begun(), (1, {}), (seconds, legs(1.0, 1.0))).strayed == strayed


def test_one_foot_elsewhere_is_somebody_elses_for_as_long_as_it_takes():
    assert feed(begun(), (1, {}), (5.0, legs(1.0))).strayed == ("left",)
