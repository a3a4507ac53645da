"""A reading of the outline stands for a moment, and not longer, and only for the same trunk."""

import numpy as np
import pytest

from formcheck.pose.back_model import KeptReader
from formcheck.pose.tracker import RawPose
from formcheck.pose.trunk import Frame, Trunk

PICTURE = np.zeros((4, 4, 3), np.uint8)
RAW = RawPose(np.zeros((33, 2), np.float32), np.zeros(33, np.float32))


def trunk(axis=(100, 0), dorsal=(0, 100), posture="supine"):
    return Trunk(Frame(*(np.array(v, np.float32) for v in ((0, 0), axis, dorsal))), posture)


def places(*looks, kept_s=0.07):
    """What is told at each (time, trunk); the reader counts how often it looked."""
    count = iter(range(100))

    def reader(*_):
        return np.full(17, next(count), np.float32), np.full(17, 0.01, np.float32)

    kept = KeptReader(reader, kept_s)
    return [int(kept.at(t_s)(PICTURE, RAW, seen)[0][0]) for t_s, seen in looks]


def test_a_reading_stands_for_a_moment():
    looks = [(i / 30, trunk()) for i in range(7)]
    assert places(*looks) == [0, 0, 0, 1, 1, 1, 2]


def test_a_slow_camera_has_every_picture_read():
    assert places(*[(i / 10, trunk()) for i in range(4)]) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "other", [trunk(axis=(-100, 0)), trunk(dorsal=(0, -100)), trunk(posture="upright")], ids=["turned", "over", "up"]
)
def test_another_layout_is_read_anew(other):
    assert places((0.0, trunk()), (0.03, other), (0.05, other)) == [0, 1, 1]


def test_a_trunk_that_only_moves_takes_its_reading_along():
    assert places((0.0, trunk()), (0.03, trunk(axis=(90, 40), dorsal=(-40, 90)))) == [0, 0]


def test_a_clock_that_goes_back_reads_anew():
    assert places((5.0, trunk()), (1.0, trunk())) == [0, 1]
