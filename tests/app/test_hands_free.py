"""The hands-free signs while an exercise goes on: arms that belong to a stretch, and pain in the middle of a hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.core.body.pose import Joint
from formcheck.core.setup.gesture import is_crossed
from formcheck.session.program import load_program
from formcheck.session.registry import load_exercises
from formcheck.testing import film
from tests import replay
from tests.app.people import Person
from tests.app.signs import waving
from tests.exercises.scripts import hip_flexor_stretch

FPS = 15
STRETCH = """
title = "One stretch"
[[exercise]]
name = "hip-flexor-stretch"
reps = 1
hold_s = {hold_s}
sides = "left-first"
sets = 1
"""


@pytest.fixture
def stretch(tmp_path):
    """Leads through one stretch of the left side, in which the pose is changed between two times of the film."""

    def run(hold_s, change, begin_s, end_s):
        path = tmp_path / "stretch.toml"
        path.write_text(STRETCH.format(hold_s=round(hold_s - 1)), encoding="utf-8")
        keys = hip_flexor_stretch("L", hold_s=hold_s)
        steps = [(change(pose) if begin_s < pose.t_s < end_s else pose, back) for pose, back in film(keys, FPS)]
        ready = film([(0.0, keys[0][1]), (16.0, keys[0][1])], FPS)
        program = load_program(str(path), load_exercises())
        return replay.run(program, replay.joined([ready, steps], FPS), on_view=Person(2, 2))

    return run


def arms_raised(pose):
    """Both wrists a hand's breadth above the head."""
    xy = pose.xy_px.copy()
    xy[[Joint.LEFT_WRIST, Joint.RIGHT_WRIST]] = xy[Joint.NOSE] - np.array([0.0, 60.0], np.float32)
    return replace(pose, xy_px=xy)


def test_arms_raised_in_a_stretch_that_is_held_are_no_sign(stretch):
    keys = hip_flexor_stretch("L", hold_s=9.0)
    assert any(is_crossed(arms_raised(pose)) for pose, _ in film(keys, FPS)), "they look like the sign"
    ran = stretch(9.0, arms_raised, 5.0, 11.0)
    assert ran.session.sets[0].outcome == "done"
    assert "session.skipping" not in ran.log.names


def test_a_hand_that_waves_in_a_stretch_that_is_held_means_that_it_hurts(stretch):
    ran = stretch(20.0, lambda pose: waving(pose, pose.t_s), 9.0, 18.0)
    assert ran.session.sets[0].outcome == "hurt"
