"""A picture that is turned is told from the people in it, and one that is not is left alone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from formcheck.core.body.measure import Limbs
from formcheck.core.body.pose import absent_pose
from formcheck.core.body.tracked import track
from formcheck.core.rules.events import Cue
from formcheck.core.rules.setting import Settings
from formcheck.core.setup.orientation import Orientation
from formcheck.core.setup.setup import SetupCoach
from formcheck.pipeline.recorded import analyse
from formcheck.pose.recording import Recording, save_recording
from formcheck.session.registry import load_exercises
from formcheck.session.set import start_score
from formcheck.testing import Stance, film
from formcheck.testing.stances import pose_of

FOLDER = Path(__file__).parents[2] / "recordings"
STANDING = Stance(posture="upright", trunk_deg=90, left=Limbs(hip_deg=180, knee_deg=180),
                  right=Limbs(hip_deg=180, knee_deg=180))  # fmt: skip


def turned(pose, degrees):
    """The pose in a picture that was turned clockwise."""
    for _ in range(degrees // 90):
        x, y = pose.xy_px.T
        xy = np.stack((pose.height - y, x), axis=1)
        pose = replace(pose, xy_px=xy, width=pose.height, height=pose.width)
    return pose


def watching(exercise):
    return Orientation(partial(start_score, load_exercises().get(exercise)))


def poses_of(name):
    return [pose for pose, _ in Recording(FOLDER / f"{name}.npz")]


def for_seconds(pose, start_s, seconds):
    return [replace(pose, t_s=start_s + i / 10) for i in range(round(10 * seconds) + 1)]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("name", ["dead-bug", "bird-dog", "glute-bridge"])
def test_a_turned_recording_is_told_from_its_start_position(name, degrees):
    orientation = watching(name)
    said = [orientation.update(turned(pose, degrees)) for pose in poses_of(name)]
    assert said[-1] == degrees
    assert set(said) <= {0, degrees}


def test_it_takes_three_seconds_in_the_start_position():
    start = turned(poses_of("dead-bug")[0], 180)
    orientation = watching("dead-bug")
    assert {orientation.update(pose) for pose in for_seconds(start, 0.0, 2.7)} == {0}
    assert [orientation.update(pose) for pose in for_seconds(start, 2.8, 0.6)][-1] == 180


def test_whoever_stands_shows_at_once_which_way_up_the_picture_is():
    standing, orientation = pose_of(STANDING, 0.0), watching("dead-bug")
    assert [orientation.update(p) for p in for_seconds(turned(standing, 180), 0.0, 0.7)][-1] == 180
    assert [orientation.update(p) for p in for_seconds(standing, 1.0, 0.3)][-1] == 180
    assert [orientation.update(p) for p in for_seconds(standing, 1.4, 0.5)][-1] == 0


@pytest.mark.parametrize("hip_deg", [90, 130])
def test_whoever_sits_or_bends_shows_nothing(hip_deg):
    sitting = replace(STANDING, left=Limbs(hip_deg=hip_deg, knee_deg=90), right=Limbs(hip_deg=hip_deg, knee_deg=90))
    for degrees in (0, 180):
        orientation = watching("dead-bug")
        assert {orientation.update(p) for p in for_seconds(turned(pose_of(sitting, 0.0), degrees), 0.0, 5.0)} == {0}


def test_a_dead_bug_before_a_bird_dog_is_no_turned_picture():
    """The one has the angles of the other on its head; what it rests on is level all the same."""
    dead_bug = poses_of("dead-bug")[0]
    for first in (pose_of(STANDING, 0.0), dead_bug):
        orientation = watching("dead-bug")
        seen = {orientation.update(p) for p in for_seconds(first, 0.0, 1.0)}
        orientation.score = watching("bird-dog").score
        assert seen | {orientation.update(p) for p in for_seconds(dead_bug, 2.0, 10.0)} == {0}


@pytest.mark.parametrize("degrees", [0, 180])
@pytest.mark.parametrize(("shown", "watched"), [("dead-bug", "bird-dog"), ("bird-dog", "dead-bug")])
def test_what_a_body_rests_on_tells_a_dead_bug_from_a_bird_dog_on_its_head(shown, watched, degrees):
    """Whoever does the other exercise says nothing of the picture, whichever way up it is."""
    orientation = watching(watched)
    assert {orientation.update(turned(pose, degrees)) for pose in poses_of(shown)} == {0}
    start = turned(poses_of(watched)[5], degrees)
    assert [orientation.update(p) for p in for_seconds(start, 100.0, 4.0)][-1] == degrees


def test_the_start_position_the_right_way_up_takes_a_wrong_belief_back():
    start, orientation = poses_of("dead-bug")[5], watching("dead-bug")
    assert [orientation.update(p) for p in for_seconds(turned(start, 180), 0.0, 4.0)][-1] == 180
    assert {orientation.update(p) for p in for_seconds(start, 4.2, 2.4)} == {180}
    assert [orientation.update(p) for p in for_seconds(start, 6.7, 1.0)][-1] == 0
    assert {orientation.update(p) for p in for_seconds(turned(start, 180), 9.0, 9.0)} == {0}


def test_a_turned_picture_is_not_believed_upright_because_of_a_moment():
    start, orientation = poses_of("dead-bug")[5], watching("dead-bug")
    for begin_s in (0.0, 10.0, 20.0):
        assert [orientation.update(p) for p in for_seconds(turned(start, 180), begin_s, 4.0)][-1] == 180
        assert {orientation.update(p) for p in for_seconds(start, begin_s + 4.2, 2.4)} == {180}


def test_nobody_says_nothing():
    orientation = watching("dead-bug")
    assert {orientation.update(absent_pose(t / 5, t, 640, 480, 0)) for t in range(50)} == {0}


@pytest.mark.parametrize(
    ("degrees", "cue"),
    [(180, "framing.upside-down"), (90, "framing.sideways"), (270, "framing.sideways"), (0, None)],
)
def test_the_set_up_says_it_before_anything_else_about_the_place(degrees, cue):
    exercise = load_exercises().get("dead-bug")
    coach = SetupCoach(exercise, Settings(exercise.all_settings))
    stance = Stance(left=Limbs(hip_deg=150, knee_deg=150), right=Limbs(hip_deg=150, knee_deg=150))
    said: list[Cue] = []
    for pose, back in film([(0.0, stance), (6.0, stance)], fps=10):
        said += coach.update(replace(track(pose, back, "supine"), turned_deg=degrees))
    assert ([c.name for c in said if c.name.startswith("framing.") and degrees][:1] or [None])[0] == cue
    assert not (degrees == 0 and any("upside" in c.name or "sideways" in c.name for c in said))


@pytest.mark.parametrize(("degrees", "text"), [
    (180, "Your picture is upside down. Judge it again with --rotate 180."),
    (90, "Picture lies on its side. Judge it again with --rotate 270."),
    (270, "Picture lies on its side. Judge it again with --rotate 90."),
])  # fmt: skip
def test_a_recording_of_which_nothing_was_judged_says_how_to_turn_it(tmp_path, degrees, text):
    pairs = [(turned(pose, degrees), back) for pose, back in Recording(FOLDER / "dead-bug.npz")]
    save_recording(tmp_path / "set.npz", pairs, {})
    found = analyse(str(tmp_path / "set.npz"), load_exercises().get("dead-bug")).findings.as_dict()
    assert found["reps"] == []
    assert text in [cue["text"] for cue in found["cues"]]
