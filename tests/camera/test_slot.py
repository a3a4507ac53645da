from __future__ import annotations

import threading

import numpy as np

from formcheck.camera import Frame, LatestFrame

GUARD_S = 20.0


def frame(index: int) -> Frame:
    return Frame(np.zeros((2, 2, 3), np.uint8), float(index), index)


def test_the_newest_wins_and_the_others_are_counted() -> None:
    slot = LatestFrame()
    for index in range(5):
        slot.put(frame(index))
    taken = slot.take(0)
    assert taken is not None
    assert taken.index == 4
    assert slot.dropped == 4


def test_a_picture_is_taken_once_and_can_still_be_looked_at() -> None:
    slot = LatestFrame()
    assert slot.newest is None
    slot.put(frame(0))
    assert slot.take(0) is not None
    assert slot.take(0) is None
    assert slot.newest is not None
    slot.put(frame(1))
    assert slot.dropped == 0


def test_who_waits_gets_the_next_picture() -> None:
    slot = LatestFrame()
    begun = threading.Event()
    taken: list[Frame | None] = []

    def consume() -> None:
        begun.set()
        taken.append(slot.take(GUARD_S))

    thread = threading.Thread(target=consume)
    thread.start()
    assert begun.wait(GUARD_S)
    slot.put(frame(7))
    thread.join(GUARD_S)
    assert [f.index for f in taken if f is not None] == [7]


def test_closing_frees_who_waits_but_not_before_the_last_picture() -> None:
    slot = LatestFrame()
    slot.put(frame(3))
    slot.close()
    last = slot.take(None)
    assert last is not None
    assert last.index == 3
    assert slot.take(None) is None
