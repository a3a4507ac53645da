"""Whether a joint's outline is in the picture: drawn limbs and boxes with the noise of a webcam."""

import cv2
import numpy as np
import pytest

from formcheck.core.body.pose import JOINT_COUNT, Joint
from formcheck.pose.outline import HIDDEN_SHARE, plain_share
from formcheck.pose.tracker import RawPose

KNEE = Joint.LEFT_KNEE
DARK_MAT, BLACK_TROUSERS = (38, 35, 33), (30, 28, 29)
"""BGR, as in a dim room; about 8 apart in Lab."""


def noisy(picture, sd):
    noise = np.random.default_rng(3).normal(0, sd, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def raw_pose():
    """A body of 200 pixels from hip to shoulder whose leg lies along the middle of the picture, by its mask."""
    xy = np.zeros((JOINT_COUNT, 2), np.float32)
    xy[[Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER]] = 100, 240
    xy[[Joint.LEFT_HIP, Joint.RIGHT_HIP]] = 300, 240
    xy[KNEE] = 480, 240
    mask = np.zeros((480, 640), np.float32)
    cv2.line(mask, (300, 240), (560, 240), 1.0, 60)
    return RawPose(xy, np.ones(JOINT_COUNT, np.float32), cv2.GaussianBlur(mask, (0, 0), 3), 1.0)


@pytest.mark.parametrize("sd", [0, 3, 6])
def test_black_trousers_on_a_dark_mat_are_seen(sd):
    picture = np.full((480, 640, 3), DARK_MAT, np.float32)
    cv2.line(picture, (300, 240), (560, 240), BLACK_TROUSERS, 60)
    assert plain_share(noisy(picture, sd), raw_pose(), KNEE) < HIDDEN_SHARE / 2


@pytest.mark.parametrize("sd", [0, 3, 6])
def test_a_leg_imagined_on_a_plain_box_is_not(sd):
    shade = np.linspace(-10, 10, 480, dtype=np.float32)[:, None, None]
    picture = np.full((480, 640, 3), (60, 90, 120), np.float32) + shade
    assert plain_share(noisy(picture, sd), raw_pose(), KNEE) > 2 * HIDDEN_SHARE
