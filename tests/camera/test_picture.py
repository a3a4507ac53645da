from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from formcheck.camera import to_bgr
from formcheck.system.errors import SourceError


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        pytest.param(np.full((3, 5), 7, np.uint8), (7, 7, 7), id="grey"),
        pytest.param(np.full((3, 5, 1), 7, np.uint8), (7, 7, 7), id="grey with a channel axis"),
        pytest.param(np.full((3, 5), 0x1234, np.uint16), (0x12, 0x12, 0x12), id="grey of 16 bits"),
        pytest.param(np.full((3, 5, 3), 0x1234, np.uint16), (0x12, 0x12, 0x12), id="colour of 16 bits"),
        pytest.param(np.full((3, 5, 4), (1, 2, 3, 99), np.uint8), (1, 2, 3), id="transparent"),
        pytest.param(np.full((3, 5, 3), (1, 2, 3), np.uint8)[:, ::-1], (1, 2, 3), id="not contiguous"),
    ],
)
def test_any_picture_becomes_bgr_bytes(image: NDArray[Any], expected: tuple[int, int, int]) -> None:
    bgr = to_bgr(image)
    assert bgr.shape == (3, 5, 3)
    assert bgr.dtype == np.uint8
    assert bgr.flags.c_contiguous
    assert np.all(bgr == expected)


def test_a_good_picture_is_not_copied() -> None:
    image = np.zeros((4, 4, 3), np.uint8)
    assert to_bgr(image) is image


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(np.zeros((3, 5), np.float32), id="floating point"),
        pytest.param(np.zeros((3, 5, 2), np.uint8), id="two channels"),
        pytest.param(np.zeros((0, 5, 3), np.uint8), id="no pixels"),
    ],
)
def test_an_impossible_picture_is_refused_with_advice(image: NDArray[Any]) -> None:
    with pytest.raises(SourceError, match="set the camera to"):
        to_bgr(image)
