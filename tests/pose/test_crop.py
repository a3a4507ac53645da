"""The torso's crop: whatever way somebody lies and posture, hips left, shoulders right, the back down."""

from __future__ import annotations

import math

import numpy as np
import pytest

from formcheck.core.body.pose import JOINT_COUNT, Joint
from formcheck.pose.crop import CHANNELS, HEIGHT, LEFT_TL, PX_PER_TL, TOP_TL, WIDTH, cut, to_crop
from formcheck.pose.tracker import RawPose
from formcheck.pose.trunk import Frame

SIZE = (720, 1280)


def frame(turn_deg: float, torso_px: float, *, mirrored: bool) -> Frame:
    turn = math.radians(turn_deg)
    axis = np.array([math.cos(turn), math.sin(turn)], np.float32) * torso_px
    dorsal = np.array([-axis[1], axis[0]], np.float32) * (-1 if mirrored else 1)
    return Frame(np.array([600, 360], np.float32), axis, dorsal)


def raw(at: Frame, mask: np.ndarray | None = None, scale: float = 1.0) -> RawPose:
    """Hips and shoulders in their places, arms straight away from the back, legs likewise."""
    xy = np.tile(at.hip, (JOINT_COUNT, 1)).astype(np.float32)
    xy[[Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER]] = at.hip + at.axis
    xy[[Joint.LEFT_ELBOW, Joint.RIGHT_ELBOW, Joint.LEFT_WRIST, Joint.RIGHT_WRIST]] = at.hip + at.axis - at.dorsal
    xy[[Joint.LEFT_KNEE, Joint.RIGHT_KNEE, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE]] = at.hip - at.dorsal
    return RawPose(xy, np.ones(JOINT_COUNT, np.float32), mask, scale)


def below(at: Frame, depth_tl: float) -> np.ndarray:
    """(720, 1280) 1 in front of a line that runs this far behind hip and shoulder, 0 behind it; smooth over a pixel."""
    y, x = np.mgrid[: SIZE[0], : SIZE[1]].astype(np.float32)
    unit = at.dorsal / np.hypot(*at.dorsal)
    away = (x - at.hip[0]) * unit[0] + (y - at.hip[1]) * unit[1] - depth_tl * np.hypot(*at.axis)
    return np.asarray(np.clip(0.5 - away, 0, 1))


def edge_row(sheet: np.ndarray) -> float:
    """Row at which a sheet that falls from 255 to 0 crosses the middle, averaged over the columns."""
    return float((sheet.astype(float) / 255.0).sum(axis=0).mean() - 0.5)


@pytest.mark.parametrize("mirrored", [False, True], ids=["back down", "back up"])
@pytest.mark.parametrize("turn_deg", [0, 90, 173, -31])
@pytest.mark.parametrize("torso_px", [90, 250])
def test_a_line_behind_the_torso_lies_at_its_depth_in_the_crop(turn_deg, torso_px, mirrored):
    at = frame(turn_deg, torso_px, mirrored=mirrored)
    inside = below(at, 0.25)
    picture = np.repeat((inside * 255)[..., None], 3, axis=2).astype(np.uint8)
    small = np.ascontiguousarray(inside[::2, ::2])
    crop = cut(picture, raw(at, small, 0.5), at)
    wanted = (0.25 + TOP_TL) * PX_PER_TL - 0.5
    assert crop.shape == (len(CHANNELS), HEIGHT, WIDTH)
    assert edge_row(crop[1]) == pytest.approx(wanted, abs=0.35)
    assert edge_row(crop[3]) == pytest.approx(wanted, abs=1.5)


def test_points_go_there_and_back():
    at = frame(-31, 180, mirrored=True)
    share, depth = np.linspace(0, 1, 5), np.linspace(-0.1, 0.5, 5)
    there = to_crop(at, at.to_picture(share, depth))
    assert there[:, 0] == pytest.approx((share + LEFT_TL) * PX_PER_TL - 0.5, abs=0.01)
    assert there[:, 1] == pytest.approx((depth + TOP_TL) * PX_PER_TL - 0.5, abs=0.01)


def test_the_limbs_are_drawn_where_they_are():
    at = frame(0, 200, mirrored=False)
    crop = cut(np.zeros((*SIZE, 3), np.uint8), raw(at), at)
    hips, shoulders = (round((share + LEFT_TL) * PX_PER_TL) for share in (0, 1))
    assert crop[4, 2, shoulders] == 255
    assert crop[4, 2, hips] == 0
    assert crop[5, 2, hips] == 255
    assert crop[4, -1].max() == crop[5, -1].max() == 0
    assert crop[3].max() == 0, "without a mask its channel is empty"


def test_a_torso_at_the_edge_of_the_picture_is_cut_all_the_same():
    at = Frame(np.array([2, 718], np.float32), np.array([200, 0], np.float32), np.array([0, 200], np.float32))
    crop = cut(np.full((*SIZE, 3), 77, np.uint8), raw(at), at)
    assert (crop[:3] == 77).all()


def test_limbs_that_are_not_known_are_left_out():
    at = frame(0, 200, mirrored=False)
    seen = raw(at)
    seen.xy_px[[Joint.LEFT_ELBOW, Joint.RIGHT_ELBOW]] = np.nan
    crop = cut(np.zeros((*SIZE, 3), np.uint8), seen, at)
    assert crop[4].max() == 0
    assert crop[5].max() == 255
