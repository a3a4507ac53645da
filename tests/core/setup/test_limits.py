"""Each limit of the set-up from both sides, on a synthetic body; and how long a problem lasts until it is told."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from formcheck.core.body.back import LUMBAR
from formcheck.core.body.light import Light
from formcheck.core.body.measure import Body, Limbs
from formcheck.core.body.pose import ANKLE, HIP, KNEE, SHOULDER, Evidence, absent_pose
from formcheck.core.body.tracked import track
from formcheck.core.rules.events import AttemptEnded
from formcheck.core.rules.setting import Settings
from formcheck.core.setup.contour_jitter import ContourJitter
from formcheck.core.setup.diagnosis import SetupDiagnosis
from formcheck.core.setup.setup import SetupCoach
from formcheck.session.registry import load_exercises
from formcheck.testing import Lens, Stance, back_of, pose_of

FPS = 20
TABLE = Limbs(hip_deg=90, knee_deg=90, shoulder_deg=90, elbow_deg=170)
SUPINE, FOURS = Stance("supine", TABLE, TABLE), Stance("quadruped", TABLE, TABLE)
GOOD = Light(brightness=0.5, glare=0.0, person=0.5, edge_px=2.0)
ROOM = Lens(200.0, (640.0, 400.0))


def coach_of(name="dead-bug"):
    exercise = load_exercises().get(name)
    return SetupCoach(exercise, Settings(exercise.all_settings))


def feed(coach, pose, seconds=1.2, light=GOOD, back=None, begin_s=0.0):
    """So many seconds of a pose; returns what was said, as (time, name)."""
    said = []
    for i in range(round(seconds * FPS)):
        shot = replace(pose, t_s=begin_s + i / FPS)
        said += [(round(c.t_s, 2), c.name) for c in coach.update(track(shot, back, coach.posture), light)]
    return said


def problem(pose, light=GOOD, name="dead-bug"):
    """What stands after 1.2 seconds."""
    coach = coach_of(name)
    feed(coach, pose, light=light)
    return coach.problem.name if coach.problem else ""


def shifted(pose, joints, dx=0.0, dy=0.0):
    xy = pose.xy_px.copy()
    xy[joints] += np.array([dx, dy], np.float32)
    return replace(pose, xy_px=xy)


def turned(degrees):
    """On the back, the head to the right, turned away from the camera: the near (left) side leads."""
    pose = pose_of(SUPINE, 0.0, lens=ROOM)
    for pair, width_tl in ((SHOULDER, 0.48), (HIP, 0.27)):
        way = 100 * width_tl * math.tan(math.radians(degrees))
        pose = shifted(shifted(pose, pair["left"], way), pair["right"], -way)
    return pose


def from_above(degrees):
    """The far knee and foot stand higher in the picture by what a camera from above shows."""
    pose = pose_of(SUPINE, 0.0, lens=ROOM)
    xy = pose.xy_px.copy()
    for pair in (KNEE, ANKLE):
        xy[pair["right"]] = xy[pair["left"]] - np.array([0.0, 200 * 0.33 * math.tan(math.radians(degrees))])
    return replace(pose, xy_px=xy)


def tilted(degrees):
    turn = math.radians(degrees)
    pose = pose_of(SUPINE, 0.0, lens=ROOM)
    matrix = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]], np.float32)
    return replace(pose, xy_px=((pose.xy_px - [640, 400]) @ matrix + [640, 400]).astype(np.float32))


def with_room(stance, *, feet_tl=3.0, head_tl=3.0):
    """The body so far from the picture's edges past its feet and its head."""
    width = round((feet_tl + 1 + head_tl) * 200)
    return pose_of(stance, 0.0, lens=Lens(200.0, (feet_tl * 200, 400.0), size=(width, 720)))


@pytest.mark.parametrize(
    ("pose", "name", "wanted"),
    [
        (turned(21), "dead-bug", ""), (turned(23), "dead-bug", "framing.turn-head-in"),
        (turned(-21), "dead-bug", ""), (turned(-23), "dead-bug", "framing.turn-feet-in"),
        (from_above(25), "dead-bug", ""), (from_above(27), "dead-bug", "framing.high"),
        (tilted(11), "dead-bug", ""), (tilted(13), "dead-bug", "framing.level"),
        (tilted(-13), "dead-bug", "framing.level"),
        (pose_of(SUPINE, 0.0, lens=Lens(71)), "dead-bug", ""),
        (pose_of(SUPINE, 0.0, lens=Lens(69)), "dead-bug", "framing.far"),
        (with_room(SUPINE, feet_tl=1.47), "dead-bug", ""),
        (with_room(SUPINE, feet_tl=1.43), "dead-bug", "framing.room-headward"),
        (with_room(SUPINE, feet_tl=1.43), "glute-bridge", ""),
        (with_room(FOURS, head_tl=0.92), "bird-dog", ""),
        (with_room(FOURS, head_tl=0.88), "bird-dog", "framing.room-footward"),
        (with_room(SUPINE, head_tl=0.5), "dead-bug", ""),
    ],
)  # fmt: skip
def test_limits_of_the_place(pose, name, wanted):
    assert problem(pose, name=name) == wanted


@pytest.mark.parametrize(
    ("light", "wanted"),
    [
        (replace(GOOD, brightness=0.13), ""), (replace(GOOD, brightness=0.11), "framing.dark"),
        (replace(GOOD, edge_px=7.9), ""), (replace(GOOD, edge_px=8.1), "framing.blurred"),
        (replace(GOOD, glare=0.19, person=0.1), ""), (replace(GOOD, glare=0.21, person=0.1), "framing.backlit"),
        (replace(GOOD, glare=0.3, person=0.16), ""), (replace(GOOD, glare=0.3, person=0.14), "framing.backlit"),
        (replace(GOOD, glare=0.54, person=0.1), "framing.backlit"), (replace(GOOD, glare=0.56, person=0.1), ""),
    ],
)  # fmt: skip
def test_limits_of_the_light(light, wanted):
    assert problem(pose_of(SUPINE, 0.0, lens=ROOM), light) == wanted


@pytest.mark.parametrize(("degrees", "stays"), [(18.0, True), (16.0, False)])
def test_a_problem_goes_only_when_it_is_well_inside_the_limit(degrees, stays):
    coach = coach_of()
    feed(coach, turned(24))
    feed(coach, turned(degrees), begin_s=1.2)
    assert (coach.problem is not None) is stays


@pytest.mark.parametrize(("seconds", "stands"), [(0.65, False), (0.8, True)])
def test_a_problem_is_told_when_it_has_lasted(seconds, stands):
    coach = coach_of()
    feed(coach, turned(30), seconds)
    assert (coach.problem is not None) is stands


@pytest.mark.parametrize(("of_five", "stands"), [(3, False), (4, True)])
def test_a_problem_is_told_when_it_fills_most_of_the_last_second(of_five, stands):
    coach = coach_of()
    for i in range(40):
        bad = i * of_five % 5 < of_five
        coach.watch(track(replace(turned(30 if bad else 0), t_s=i / FPS), None, "supine"), GOOD)
    assert (coach.problem is not None) is stands


@pytest.mark.parametrize(("seconds", "is_done"), [(0.9, False), (1.2, True)])
def test_a_second_without_anything_wrong_is_good(seconds, is_done):
    coach = coach_of()
    assert feed(coach, pose_of(SUPINE, 0.0, lens=ROOM), seconds) == []
    assert coach.is_done is is_done


def test_whoever_stands_about_is_asked_for_the_start_position_and_asked_again():
    standing = pose_of(replace(SUPINE, trunk_deg=80), 0.0, lens=Lens(150.0, (640.0, 400.0)))
    times = [t for t, name in feed(coach_of(), standing, 18) if name == "setup.start-pose"]
    assert times == [pytest.approx(2.7, abs=0.1), pytest.approx(14.7, abs=0.1)]


def test_an_empty_room_is_told_and_once_that_the_head_is_needed_and_then_there_is_silence():
    coach, nobody = coach_of(), absent_pose(0.0, 0, 1280, 720)
    spoken = feed(coach, nobody, 60)
    assert [name for _, name in spoken] == ["unseen.body", "framing.nobody"]
    assert spoken[1][0] - spoken[0][0] == pytest.approx(8.0, abs=0.1)
    feed(coach, pose_of(replace(SUPINE, trunk_deg=80), 0.0, lens=Lens(150.0, (640.0, 400.0))), 1.0, begin_s=60)
    assert [name for _, name in feed(coach, nobody, 20, begin_s=61)] == ["unseen.body", "framing.nobody"]


def test_two_instructions_leave_time_for_a_sentence():
    coach = coach_of()
    first = feed(coach, turned(30), 1.0)
    second = feed(coach, turned(-30), 5.0, begin_s=1.0)
    assert second[0][0] - first[0][0] >= 3.0


# -- clothes -----------------------------------------------------------------------------------------------------------


WAVER = (1.0, -0.5, 0.5, -1.0)
"""Of so much to both sides, in this order, 0.86 to 1.10 is the robust standard deviation in a window."""


def loose(exercise, waver_tl, seconds=1.6):
    """What stands of an outline whose hollow is deeper and flatter by so much from picture to picture."""
    coach = coach_of(exercise)
    stance = SUPINE if coach.posture == "supine" else FOURS
    for i in range(round(seconds * FPS)):
        t = i / FPS
        back = back_of(stance, t)
        back.offset_tl[LUMBAR] += waver_tl * WAVER[i % 4]
        coach.watch(track(pose_of(stance, t, lens=ROOM), back, coach.posture), GOOD)
    return coach


@pytest.mark.parametrize("exercise", ["dead-bug", "bird-dog", "glute-bridge", "pelvic-tilt"])
def test_loose_clothes_are_told_wherever_the_back_is_judged(exercise):
    """The pelvic tilt is judged by its outline alone, though none of its faults is one of the back."""
    assert loose(exercise, 0.02).problem.name == "framing.loose"
    assert dict(loose(exercise, 0.02).checks())["Clothes keep still"] is False
    assert dict(loose(exercise, 0.0).checks())["Clothes keep still"] is True


def test_where_no_back_is_judged_clothes_are_nobodys_business():
    assert "Clothes keep still" not in dict(coach_of("running").checks())
    assert "Clothes keep still" in dict(coach_of("piriformis-stretch").checks())


@pytest.mark.parametrize(("waver_tl", "is_loose"), [(0.0105, False), (0.0145, True)])
def test_the_limit_of_the_waver(waver_tl, is_loose):
    assert (loose("dead-bug", waver_tl).problem is not None) is is_loose


def jitter(rows):
    watch, found = ContourJitter(), math.nan
    for t, sagitta_tl, x_px in rows:
        found = watch.update(Body(t, hip_x_px=x_px, hip_y_px=0.0, torso_px=200.0, sagitta_tl=sagitta_tl))
    return found


def test_the_waver_is_taken_about_the_trend_of_six_tenths_of_a_second():
    wavering = [(i / 20, 0.03 + 0.01 * WAVER[i % 4] + 0.02 * i, 0.0) for i in range(40)]
    assert jitter(wavering) == pytest.approx(0.0098, abs=0.0015)
    calm = [(t, 0.03 + 0.4 * t, x) for t, _, x in wavering]
    assert jitter(wavering[:26] + calm[26:]) == pytest.approx(0.0, abs=1e-3)
    assert jitter(wavering[:36] + calm[36:]) > 0.004


@pytest.mark.parametrize(("travel_px", "is_known"), [(9.0, True), (11.0, False)])
def test_who_moves_has_no_waver(travel_px, is_known):
    assert math.isnan(jitter([(i / 20, 0.03, travel_px * i / 12) for i in range(13)])) is not is_known


@pytest.mark.parametrize(("known", "is_known"), [(4, False), (5, True)])
def test_too_few_outlines_say_nothing(known, is_known):
    rows = [(i * 0.09, 0.03 if i < known else math.nan, 0.0) for i in range(7)]
    assert math.isnan(jitter(rows)) is not is_known


# -- afterwards --------------------------------------------------------------------------------------------------------


def diagnose(poses):
    diagnosis = SetupDiagnosis(load_exercises().get("dead-bug"))
    for pose in poses:
        diagnosis.note(track(pose, None, "supine"), GOOD)
    return diagnosis


def lasting(pose, begin_s, seconds, fps=10.0):
    return [replace(pose, t_s=begin_s + i / fps) for i in range(round(seconds * fps))]


@pytest.mark.parametrize(("bad_s", "explained"), [(4.5, []), (6.5, ["framing.turn-head-in"])])
def test_a_recording_is_explained_by_what_stood_most_of_the_time(bad_s, explained):
    poses = lasting(turned(30), 0.0, bad_s) + lasting(turned(0), bad_s, 10 - bad_s)
    assert [c.name for c in diagnose(poses).explain([])] == explained


def test_many_pictures_do_not_weigh_more_than_few():
    poses = lasting(turned(30), 0.0, 6.5) + lasting(turned(0), 6.5, 3.5, fps=200.0)
    assert [c.name for c in diagnose(poses).explain([])] == ["framing.turn-head-in"]


def test_where_something_was_judged_nothing_is_explained():
    assert diagnose(lasting(turned(30), 0.0, 8.0)).explain([AttemptEnded(1.0, "partial-reach")]) == []


def test_a_part_outside_the_picture_is_told_with_the_way_to_move():
    pose = pose_of(SUPINE, 0.0, lens=ROOM)
    xy, evidence = pose.xy_px.copy(), pose.evidence.copy()
    feet = list(ANKLE.values())
    xy[feet], evidence[feet] = np.nan, Evidence.ABSENT
    assert problem(replace(pose, xy_px=xy, evidence=evidence)) in ("framing.feet-headward", "framing.feet-up")
