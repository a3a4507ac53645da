"""Light and focus, on pictures of the demo clip as they are, darkened, blurred, and against a window."""

from dataclasses import replace
from functools import partial

import cv2
import numpy as np
import pytest

from formcheck.core.body.light import BLURRED, DARK
from formcheck.core.setup.setup import BACKLIT_GLARE, BACKLIT_PERSON
from formcheck.pose import PatientTracker
from formcheck.pose.light import edge_width, light_of
from formcheck.session.set import start_score


@pytest.fixture(scope="module")
def shot(patient, dead_bug):
    with PatientTracker(dead_bug.posture, partial(start_score, dead_bug)) as watcher:
        for picture, t_s in patient[:4]:
            pose = watcher.observe(picture, t_s, 0).pose
    return picture, pose


def test_an_ordinary_room_is_light_and_sharp(shot):
    light = light_of(*shot)
    assert light.brightness > 0.3
    assert light.glare < 0.05
    assert light.edge_px < 4


def test_a_dark_room(shot):
    picture, pose = shot
    assert light_of((picture * 0.1).astype(np.uint8), pose).brightness < DARK[0]


@pytest.mark.parametrize("size", [(848, 480), (1280, 720), (1920, 1080)])
def test_a_lens_out_of_focus_at_any_size_of_picture(shot, size):
    picture, pose = shot
    scale = size[0] / picture.shape[1]
    sized = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    placed = replace(pose, xy_px=pose.xy_px * np.float32(scale))
    assert light_of(sized, placed).edge_px < 4
    assert light_of(cv2.GaussianBlur(sized, (0, 0), size[1] / 80), placed).edge_px > BLURRED[0]


def test_noise_does_not_look_sharp_nor_blurred(shot):
    picture, pose = shot
    noise = np.random.default_rng(1).normal(0, 4, picture.shape)
    blurred = cv2.GaussianBlur(picture, (0, 0), 9) + noise
    assert light_of(np.clip(blurred, 0, 255).astype(np.uint8), pose).edge_px > BLURRED[1]


def test_a_bright_window_behind(shot):
    picture, pose = shot
    lit = (picture * 0.2).astype(np.uint8)
    lit[:250, :] = 255
    light = light_of(lit, pose)
    assert light.glare > BACKLIT_GLARE[0]
    assert light.person < BACKLIT_PERSON[0]


def test_a_plain_wall_has_no_edges_to_judge():
    assert np.isnan(edge_width(np.full((160, 160), 120, np.uint8)))
