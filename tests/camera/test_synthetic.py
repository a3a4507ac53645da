from __future__ import annotations

import numpy as np
import pytest

from formcheck.camera import Synthetic, moving_picture
from formcheck.system.errors import SourceError


def test_the_test_picture_moves_and_is_the_same_each_time() -> None:
    def play(source: Synthetic) -> list[bytes]:
        with source:
            return [frame.image.tobytes() for frame in iter(source.read, None) if frame is not None]

    source = Synthetic(moving_picture(160, 120), frame_count=64)
    first = play(source)
    assert len(set(first)) == 64
    assert play(source) == play(source.fresh()) == first


@pytest.mark.parametrize(("width", "height"), [(160, 120), (321, 243), (360, 640), (3840, 2160)])
def test_the_test_picture_has_any_size(width: int, height: int) -> None:
    with Synthetic(moving_picture(width, height)) as source:
        frame = source.read()
    assert frame is not None
    assert frame.image.shape == (height, width, 3)


def test_a_painter_is_told_number_and_time() -> None:
    told: list[tuple[int, float]] = []

    def paint(index: int, t_s: float) -> np.ndarray:
        told.append((index, t_s))
        return np.full((120, 160), index, np.uint8)

    with Synthetic(paint, fps=4.0, frame_count=3) as source:
        frames = [frame for frame in iter(source.read, None) if frame is not None]
    assert told == [(0, 0.0), (1, 0.25), (2, 0.5)]
    assert [(f.index, f.t_s, f.image[0, 0, 0], f.image.shape) for f in frames] == [
        (i, i / 4, i, (120, 160, 3)) for i in range(3)
    ]


def test_reading_without_opening_is_refused() -> None:
    source = Synthetic()
    with pytest.raises(SourceError, match="not open"):
        source.read()
    with source:
        pass
    with pytest.raises(SourceError, match="not open"):
        source.read()
