"""The hands-free signs: crossed hands above the head skip or stop, a hand that waves means pain, nothing else does."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formcheck.core.body.measure import Limbs
from formcheck.core.body.pose import Evidence, Joint, absent_pose
from formcheck.core.setup.gesture import SignRecognizer
from formcheck.pose.recording import Recording
from formcheck.testing import Lens, Stance, pose_of

ROOT = Path(__file__).parents[3]
FPS = 15.0
STREAMS = sorted(
    [*(ROOT / "tests/recordings").rglob("*.npz"), *(ROOT / "tests/lab/bench/small").glob("*.poses.npz")],
    key=lambda path: path.name,
)


def signs(poses, fps=FPS, *, is_holding=False):
    """The signs in a row of poses, each with its time in seconds."""
    recognizer = SignRecognizer()
    timed = [replace(pose, t_s=i / fps) for i, pose in enumerate(poses)]
    found = [(pose.t_s, recognizer.update(pose, is_holding=is_holding)) for pose in timed]
    return [(round(t, 1), sign) for t, sign in found if sign]


def guessed(pose, *joints):
    evidence = pose.evidence.copy()
    evidence[list(joints)] = Evidence.PREDICTED
    return replace(pose, evidence=evidence)


# -- crossed hands ---------------------------------------------------------------------------------------------------


def sitting(shoulder_deg, apart_px=20.0):
    """Somebody who sits up, arms at an angle, wrists so far from each other."""
    arms = Limbs(hip_deg=90, knee_deg=90, shoulder_deg=shoulder_deg, elbow_deg=180)
    pose = pose_of(Stance("upright", arms, arms, trunk_deg=88), 0.0)
    xy = pose.xy_px.copy()
    xy[Joint.RIGHT_WRIST] = xy[Joint.LEFT_WRIST] + np.array([apart_px, 0.0], np.float32)
    return replace(pose, xy_px=xy)


UP, DOWN = sitting(178), sitting(20)


def test_held_for_two_seconds_it_skips_when_it_is_let_go():
    assert signs([DOWN] * 15 + [UP] * 45 + [DOWN] * 15) == [(3.0, "seen"), (4.3, "skip")]


def test_held_for_less_it_means_nothing():
    assert signs([UP] * 29 + [DOWN] * 30) == []


def test_held_for_five_seconds_it_stops():
    assert signs([UP] * 80) == [(2.0, "seen"), (5.0, "stop")]


@pytest.mark.parametrize("poses", [[sitting(178, 130)] * 90, [sitting(120)] * 90], ids=["apart", "ahead"])
def test_a_stretch_of_the_arms_is_no_sign(poses):
    assert signs(poses) == []


@pytest.mark.parametrize(("lost", "first_s"), [(3, 2.0), (8, 3.9)], ids=["bridged", "anew"])
def test_a_lost_wrist_does_not_interrupt_it_for_a_third_of_a_second(lost, first_s):
    blind = replace(UP, evidence=np.zeros_like(UP.evidence))
    assert signs([*[UP] * 20, *[blind] * lost, *[UP] * 40])[0] == (first_s, "seen")


def test_from_the_side_the_far_wrist_may_hide_behind_the_near_one():
    assert signs([guessed(UP, Joint.RIGHT_WRIST)] * 40) == [(2.0, "seen")]
    assert signs([guessed(UP, Joint.LEFT_WRIST, Joint.RIGHT_WRIST)] * 40) == []


def test_from_the_front_both_wrists_are_seen_and_crossed():
    xy = UP.xy_px.copy()
    half = 0.15 * np.hypot(*(xy[Joint.LEFT_SHOULDER] - xy[Joint.LEFT_HIP]))
    for left, right in ((Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER), (Joint.RIGHT_WRIST, Joint.LEFT_WRIST)):
        middle = (xy[left] + xy[right]) / 2
        xy[left, 0], xy[right, 0] = middle[0] + half, middle[0] - half
    facing = replace(UP, xy_px=xy)
    assert signs([facing] * 40) == [(2.0, "seen")]
    assert signs([guessed(facing, Joint.RIGHT_WRIST)] * 40) == []
    xy = xy.copy()
    xy[[Joint.LEFT_WRIST, Joint.RIGHT_WRIST]] = xy[[Joint.RIGHT_WRIST, Joint.LEFT_WRIST]]
    assert signs([replace(UP, xy_px=xy)] * 40) == []


def test_one_arm_raised_is_no_sign():
    xy = UP.xy_px.copy()
    xy[Joint.RIGHT_WRIST] = DOWN.xy_px[Joint.RIGHT_WRIST]
    assert signs([guessed(replace(UP, xy_px=xy), Joint.RIGHT_WRIST)] * 90) == []


def test_lying_with_the_arms_overhead_is_no_sign():
    arms = Limbs(hip_deg=120, knee_deg=90, shoulder_deg=178, elbow_deg=180)
    assert signs([pose_of(Stance("supine", arms, arms), 0.0)] * 90) == []


def test_who_holds_a_stretch_may_raise_the_arms_with_it():
    assert signs([UP] * 90, is_holding=True) == []


def test_the_ring_says_what_it_will_mean_and_how_far_it_is():
    recognizer = SignRecognizer()
    shares = []
    for i in range(60):
        recognizer.update(replace(UP, t_s=i / FPS))
        shares.append(recognizer.forming(i / FPS))
    assert shares[15] == ("skip", 0.5)
    assert shares[30] == ("stop", 0.0)
    assert shares[45] == ("stop", pytest.approx(1 / 3))
    assert SignRecognizer().forming(0.0) == ("", 0.0)


# -- a hand that waves -----------------------------------------------------------------------------------------------

STANCES = {
    "lying": Stance("supine", Limbs(90, 90, 90, 170), Limbs(90, 90, 90, 170)),
    "on all fours": Stance("quadruped", Limbs(90, 90, 90, 170), Limbs(90, 90, 90, 170)),
    "sitting": Stance("upright", Limbs(90, 90, 30, 150), Limbs(90, 90, 30, 150), trunk_deg=88),
    "standing": Stance("upright", Limbs(178, 175, 10, 160), Limbs(178, 175, 10, 160), trunk_deg=88),
}


def waving(stance, *, side="left", half_s=0.4, swings=10, way_tl=0.5, fps=FPS, lens=None, also=()):
    """A hand that goes to and fro so often, half a swing in `half_s`; `also` are joints that go with it."""
    poses = []
    still = pose_of(stance, 0.0, lens=lens)
    size_px = way_tl * (lens or Lens()).torso_px
    for i in range(math.ceil(swings * half_s * fps) + 20):
        share = (1 - math.cos(math.pi * i / fps / half_s)) / 2 if i / fps < swings * half_s else 0.0
        xy = still.xy_px.copy()
        for joint in (Joint[f"{side.upper()}_WRIST"], *also):
            xy[joint] += np.array([0.8 * size_px * share, -0.6 * size_px * share], np.float32)
        poses.append(replace(still, xy_px=xy))
    return poses


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("stance", STANCES.values(), ids=STANCES)
@pytest.mark.parametrize("half_s", [0.2, 0.4, 0.7])
def test_a_hand_that_waves_five_times_says_that_it_hurts_in_every_position(stance, side, half_s):
    found = signs(waving(stance, side=side, half_s=half_s))
    assert [sign for _, sign in found] == ["hurt"]
    assert found[0][0] <= 8 * half_s + 0.1


@pytest.mark.parametrize("fps", [8.0, 15.0, 30.0])
@pytest.mark.parametrize("lens", [Lens(80.0, (200.0, 300.0)), Lens(400.0, is_head_right=False)], ids=["small", "large"])
def test_size_direction_and_frame_rate_do_not_matter(fps, lens):
    assert [s for _, s in signs(waving(STANCES["lying"], fps=fps, lens=lens), fps)] == ["hurt"]


@pytest.mark.parametrize(("swings", "means"), [(6, []), (8, ["hurt"])])
def test_three_times_to_and_fro_are_needed(swings, means):
    """The first half swing has no turn before it, and the last one ends where the hand comes to rest."""
    assert [sign for _, sign in signs(waving(STANCES["lying"], swings=swings))] == means


@pytest.mark.parametrize(("half_s", "means"), [(0.1, []), (0.15, ["hurt"]), (0.75, ["hurt"]), (0.9, [])])
def test_a_tracker_that_jumps_and_a_slow_exercise_are_no_wave(half_s, means):
    found = signs(waving(STANCES["lying"], half_s=half_s, swings=12, fps=60.0), 60.0)
    assert [sign for _, sign in found] == means


@pytest.mark.parametrize(("way_tl", "means"), [(0.28, []), (0.36, ["hurt"])])
def test_a_small_movement_of_the_hand_is_no_wave(way_tl, means):
    """Of the way, 0.8 lies along the picture: 0.22 and 0.29 torso lengths."""
    assert [sign for _, sign in signs(waving(STANCES["lying"], way_tl=way_tl))] == means


@pytest.mark.parametrize("also", ["LEFT_KNEE", "RIGHT_KNEE", "RIGHT_ANKLE"])
def test_who_moves_more_than_a_hand_does_not_wave(also):
    assert signs(waving(STANCES["lying"], also=(Joint[also],))) == []


def test_a_far_hand_that_the_tracker_takes_along_spoils_nothing():
    """Lying, the tracker lays the hidden wrist on the one that moves (a render of a person who waves)."""
    assert [sign for _, sign in signs(waving(STANCES["lying"], also=(Joint.RIGHT_WRIST,)))] == ["hurt"]


def test_a_trunk_that_moves_along_is_no_wave():
    trunk = (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP)
    rocking = waving(STANCES["lying"], way_tl=-0.8, also=trunk)
    arm = waving(STANCES["lying"], way_tl=0.8)
    both = [replace(a, xy_px=np.where(np.isin(np.arange(33), trunk)[:, None], b.xy_px, a.xy_px))
            for a, b in zip(arm, rocking, strict=True)]  # fmt: skip
    assert signs(both) == []


def test_a_hand_that_is_only_guessed_does_not_wave():
    assert signs([guessed(p, Joint.LEFT_WRIST) for p in waving(STANCES["lying"])]) == []


def test_a_pause_begins_the_count_anew():
    first = waving(STANCES["lying"], swings=5)
    assert signs([*first, *[first[-1]] * 30, *first]) == []


def test_nobody_in_between_begins_the_count_anew():
    first = waving(STANCES["lying"], swings=6)[:36]
    assert signs([*first, absent_pose(0.0, 0, 1280, 720), *first]) == []


def test_it_is_heard_while_a_hold_is_counted():
    assert [sign for _, sign in signs(waving(STANCES["sitting"]), is_holding=True)] == ["hurt"]


def test_after_it_has_been_heard_it_must_be_made_again():
    once = waving(STANCES["lying"], swings=12)
    assert [sign for _, sign in signs(once)] == ["hurt"]
    assert [sign for _, sign in signs([*once, *once])] == ["hurt", "hurt"]


def test_the_ring_shows_the_wave_while_it_forms():
    recognizer, shown = SignRecognizer(), []
    for i, pose in enumerate(waving(STANCES["lying"], swings=6)):
        recognizer.update(replace(pose, t_s=i / FPS))
        shown.append(recognizer.forming(i / FPS))
    assert ("hurt", pytest.approx(2 / 3)) in shown
    assert shown[-1] == ("", 0.0)


# -- what people do --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_no_exercise_set_up_or_rest_has_a_sign(path):
    recognizer = SignRecognizer()
    assert not [sign for pose, _ in Recording(path) if (sign := recognizer.update(pose))]
