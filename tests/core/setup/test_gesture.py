"""The hands-free signs: what is one, for how long, from where, and what is none."""

from dataclasses import replace

import numpy as np
import pytest

from formcheck.core.body.measure import Limbs
from formcheck.core.body.pose import Evidence, Joint
from formcheck.core.setup.gesture import AWAY_S, GAP_S, HURT_ASKED_S, HURT_S, SKIP_S, STOP_S, SignRecognizer
from formcheck.testing.stances import Stance, pose_of
from tests import replay
from tests.app.signs import RAISED, hands_on_head, sitting

FPS = 15.0
DOWN = sitting(20)
ON_HEAD = hands_on_head(DOWN)
ARMS = Limbs(hip_deg=120, knee_deg=90, shoulder_deg=20, elbow_deg=180)
LYING = pose_of(Stance("supine", ARMS, ARMS), 0.0)


def lasting(pose, seconds):
    return [pose] * round(seconds * FPS)


def signs(*parts):
    """The signs with their times, tenths of a second, of somebody who is so for a while, then so."""
    watch = SignRecognizer()
    poses = [pose for part in parts for pose in part]
    found = [(i / FPS, watch.update(replace(pose, t_s=i / FPS))) for i, pose in enumerate(poses)]
    return [(round(t, 1), sign) for t, sign in found if sign]


def guessed(pose, *joints):
    """The same pose, with joints that the tracker only guesses."""
    evidence = pose.evidence.copy()
    evidence[list(joints)] = Evidence.PREDICTED
    return replace(pose, evidence=evidence)


def test_the_pose_that_hands_are_laid_on_the_head_from_is_no_sign_itself():
    assert signs(lasting(DOWN, 8)) == []
    assert signs(lasting(LYING, 8)) == []


# -- above the head ------------------------------------------------------------------------------------------------


def test_the_sign_held_for_two_seconds_skips_when_it_is_let_go():
    found = signs(lasting(DOWN, 1), lasting(RAISED, 3), lasting(DOWN, 1))
    assert found == [(1 + SKIP_S, "seen"), (pytest.approx(4 + GAP_S, abs=0.1), "skip")]


def test_the_sign_held_on_stops():
    assert signs(lasting(RAISED, 6)) == [(SKIP_S, "seen"), (STOP_S, "stop")]


@pytest.mark.parametrize(
    "parts",
    [
        [lasting(RAISED, SKIP_S - 0.3), lasting(DOWN, 2)],
        [lasting(sitting(178, 130), 6)],
        [lasting(sitting(120), 6)],
    ],
    ids=["let go too early", "hands apart", "arms forward"],
)
def test_a_stretch_of_the_arms_is_no_sign(parts):
    assert signs(*parts) == []


def test_a_lost_wrist_does_not_interrupt_the_sign():
    blind = replace(RAISED, evidence=np.zeros_like(RAISED.evidence))
    assert signs(lasting(RAISED, 1.3), lasting(blind, 0.2), lasting(RAISED, 1.3))[0] == (SKIP_S, "seen")
    assert signs(lasting(RAISED, 1.3), lasting(blind, 0.6), lasting(RAISED, 1.3)) == []


def test_from_the_side_the_far_wrist_may_hide_behind_the_near_one():
    assert signs(lasting(guessed(RAISED, Joint.RIGHT_WRIST), 2.5)) == [(SKIP_S, "seen")]
    assert signs(lasting(guessed(RAISED, Joint.LEFT_WRIST, Joint.RIGHT_WRIST), 2.5)) == []


def test_from_the_front_both_wrists_are_seen_and_crossed():
    xy = RAISED.xy_px.copy()
    half = 0.15 * np.hypot(*(xy[Joint.LEFT_SHOULDER] - xy[Joint.LEFT_HIP]))
    for left, right in ((Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER), (Joint.RIGHT_WRIST, Joint.LEFT_WRIST)):
        middle = (xy[left] + xy[right]) / 2
        xy[left, 0], xy[right, 0] = middle[0] + half, middle[0] - half
    facing = replace(RAISED, xy_px=xy)
    assert signs(lasting(facing, 2.5)) == [(SKIP_S, "seen")]
    assert signs(lasting(guessed(facing, Joint.RIGHT_WRIST), 2.5)) == []
    xy = xy.copy()
    xy[[Joint.LEFT_WRIST, Joint.RIGHT_WRIST]] = xy[[Joint.RIGHT_WRIST, Joint.LEFT_WRIST]]
    assert signs(lasting(replace(RAISED, xy_px=xy), 2.5)) == []


def test_one_arm_raised_is_no_sign():
    xy = RAISED.xy_px.copy()
    xy[Joint.RIGHT_WRIST] = DOWN.xy_px[Joint.RIGHT_WRIST]
    assert signs(lasting(guessed(replace(RAISED, xy_px=xy), Joint.RIGHT_WRIST), 6)) == []


def test_lying_with_the_arms_overhead_is_no_sign():
    arms = Limbs(hip_deg=120, knee_deg=90, shoulder_deg=178, elbow_deg=180)
    assert signs(lasting(pose_of(Stance("supine", arms, arms), 0.0), 6)) == []


# -- on the head ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", [DOWN, LYING], ids=["sitting", "lying"])
def test_hands_kept_on_the_head_are_asked_about_and_then_mean_that_it_hurts(rest):
    before = AWAY_S + 0.5
    found = signs(lasting(rest, before), lasting(hands_on_head(rest), HURT_S + 0.5))
    assert found == [
        (pytest.approx(before + HURT_ASKED_S, abs=0.1), "hurt-seen"),
        (pytest.approx(before + HURT_S, abs=0.1), "hurt"),
    ]


def test_hands_taken_off_after_the_question_mean_nothing():
    found = signs(lasting(DOWN, 4), lasting(ON_HEAD, HURT_S - 1), lasting(DOWN, 4))
    assert [sign for _, sign in found] == ["hurt-seen"]


def test_a_brow_that_is_wiped_is_not_asked_about():
    assert signs(lasting(DOWN, 4), lasting(ON_HEAD, HURT_ASKED_S - 0.5), lasting(DOWN, 2)) == []


def test_who_lies_with_the_hands_under_the_head_means_nothing_by_it():
    assert signs(lasting(ON_HEAD, 12)) == []
    assert signs(lasting(ON_HEAD, 2), lasting(DOWN, AWAY_S - 0.7), lasting(ON_HEAD, 12)) == []


def test_it_can_be_told_again_after_the_hands_were_away():
    once = (lasting(LYING, 4), lasting(hands_on_head(LYING), HURT_S + 0.5))
    assert [sign for _, sign in signs(*once, *once)] == ["hurt-seen", "hurt"] * 2


def test_a_lost_picture_does_not_interrupt_hands_on_the_head():
    blind = replace(ON_HEAD, evidence=np.zeros_like(ON_HEAD.evidence))
    found = signs(lasting(DOWN, 4), lasting(ON_HEAD, 2.5), lasting(blind, 0.2), lasting(ON_HEAD, 2.8))
    assert [sign for _, sign in found] == ["hurt-seen", "hurt"]


def test_hands_that_are_only_guessed_mean_nothing():
    hidden = guessed(ON_HEAD, Joint.LEFT_WRIST, Joint.RIGHT_WRIST)
    assert signs(lasting(DOWN, 4), lasting(hidden, HURT_S + 1)) == []


def test_one_hand_on_the_head_means_nothing():
    xy = ON_HEAD.xy_px.copy()
    xy[[Joint.RIGHT_WRIST, Joint.RIGHT_ELBOW]] = DOWN.xy_px[[Joint.RIGHT_WRIST, Joint.RIGHT_ELBOW]]
    assert signs(lasting(DOWN, 4), lasting(replace(ON_HEAD, xy_px=xy), HURT_S + 1)) == []


def test_the_two_signs_are_not_taken_for_each_other():
    assert {sign for _, sign in signs(lasting(DOWN, 4), lasting(RAISED, 6))} == {"seen", "stop"}
    assert {sign for _, sign in signs(lasting(DOWN, 4), lasting(ON_HEAD, 6))} == {"hurt-seen", "hurt"}


# -- while exercising ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["dead-bug", "bird-dog", "glute-bridge", "setup/dead-bug.good", "setup/bird-dog.high"])
def test_no_exercise_has_a_sign(name):
    watch = SignRecognizer()
    assert {watch.update(pose) for pose, _ in replay.recorded(name)} == {""}
