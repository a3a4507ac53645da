from __future__ import annotations

import numpy as np
import pytest

from formcheck.camera import Frame
from formcheck.camera.pts_rebasing import PtsRebasing


def frame(t_s: float, index: int) -> Frame:
    return Frame(np.zeros((2, 2, 3), np.uint8), t_s, index)


def test_the_first_pass_is_left_as_it_is() -> None:
    rebasing = PtsRebasing(is_live=False)
    placed = [rebasing.place(frame(t_s, index)) for t_s, index in [(3.0, 1), (3.1, 2), (3.5, 5)]]
    assert [(f.t_s, f.index) for f in placed] == [(3.0, 1), (3.1, 2), (3.5, 5)]


def test_a_repeat_goes_on_in_time_and_number() -> None:
    rebasing = PtsRebasing(is_live=False)
    placed = []
    for _ in range(3):
        rebasing.begin_pass()
        placed += [rebasing.place(frame(t_s, index)) for index, t_s in enumerate([2.0, 2.25])]
    assert [f.t_s for f in placed] == pytest.approx([2.0, 2.25, 2.5, 2.75, 3.0, 3.25])
    assert [f.index for f in placed] == [0, 1, 2, 3, 4, 5]


def test_a_live_source_keeps_the_clocks_time_and_counts_on() -> None:
    rebasing = PtsRebasing(is_live=True)
    rebasing.place(frame(50.0, 0))
    rebasing.begin_pass()
    placed = rebasing.place(frame(73.0, 0))
    assert (placed.t_s, placed.index) == (73.0, 1)
    assert rebasing.shown_s(placed.t_s) == 73.0


def test_a_recording_is_due_at_its_own_pace() -> None:
    rebasing = PtsRebasing(is_live=False)
    assert rebasing.due_s(frame(2.0, 0), 100.0) == 100.0
    assert rebasing.due_s(frame(2.5, 1), 100.2) == 100.5
    assert rebasing.shown_s(2.5) == 100.5


def test_a_very_long_gap_is_not_waited_for() -> None:
    rebasing = PtsRebasing(is_live=False)
    assert rebasing.due_s(frame(0.0, 0), 100.0) == 100.0
    assert rebasing.due_s(frame(5.0, 1), 100.0) == 105.0
    assert rebasing.due_s(frame(60.0, 2), 105.0) == 105.0
    assert rebasing.due_s(frame(60.5, 3), 105.0) == 105.5
