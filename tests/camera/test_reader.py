from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.camera import CameraThread, Frame, Source, Synthetic, reader
from formcheck.system.errors import SourceError

if TYPE_CHECKING:
    from tests.camera.conftest import VirtualTime

GUARD_S = 20.0
Life = Callable[[], Iterator[Frame]]
"""What one opening of a source delivers. A SourceError raised before the first frame is a failure to open."""


def frames(count: int, begin_s: float = 0.0) -> Iterator[Frame]:
    for index in range(count):
        yield Frame(np.full((2, 2, 3), index, np.uint8), begin_s + index / 8, index)


class Scripted(Source):
    """A source whose lives are written down; it notes who does what, on which thread."""

    def __init__(
        self,
        lives: list[Life],
        *,
        is_live: bool = True,
        log: list[tuple[str, int]] | None = None,
        spared: list[float] | None = None,
    ) -> None:
        self.name = "Camera 0"
        self.is_live = is_live
        self.warning = "" if is_live else "This file is cut off."
        self.log = [] if log is None else log
        self.closed = threading.Event()
        self.openings = 0
        self.spared: list[float] = [] if spared is None else spared
        self._lives = lives
        self._life: Iterator[Frame] | None = None

    def open(self) -> None:
        self._note("open")
        self.openings += 1
        self._life = self._lives.pop(0)()
        first = next(self._life, None)  # so that a life can fail to open
        if first is not None:
            self._life = _joined(first, self._life)

    def read(self) -> Frame | None:
        self._note("read")
        assert self._life is not None
        return next(self._life, None)

    def close(self) -> None:
        self._note("close")
        self.closed.set()

    def spare(self, every_s: float) -> None:
        self.spared.append(every_s)

    def fresh(self) -> Scripted:
        return Scripted(self._lives, is_live=self.is_live, log=self.log, spared=self.spared)

    def _note(self, what: str) -> None:
        self.log.append((what, threading.get_ident()))

    @property
    def opened(self) -> int:
        return [what for what, _ in self.log].count("open")


def _joined(first: Frame, rest: Iterator[Frame]) -> Iterator[Frame]:
    yield first
    yield from rest


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers that these tests leave hanging on purpose are not waited for."""
    monkeypatch.setattr(reader, "STOP_S", 0.05)


class Gate:
    """Where a scripted life stands still: `reached` when it got there, until `opened`."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def stand(self) -> None:
        self.reached.set()
        self.opened.wait(GUARD_S)


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.opened.set()


def unplugged() -> Iterator[Frame]:
    raise SourceError("No camera number 0. Plug it in.")
    yield


def torn(count: int) -> Life:
    def life() -> Iterator[Frame]:
        yield from frames(count)
        raise SourceError("Camera 0 stopped sending pictures.")

    return life


def standing(count: int, gate: Gate) -> Life:
    def life() -> Iterator[Frame]:
        yield from frames(count)
        gate.stand()
        yield from frames(1, begin_s=999.0)

    return life


def watch(source: Source, virtual: VirtualTime, *, realtime: bool = True, loop: bool = False) -> CameraThread:
    return CameraThread(source, realtime=realtime, loop=loop, clock=virtual.clock, wait=virtual.wait)


def test_the_newest_frame_wins_and_the_dropped_are_counted(virtual: VirtualTime, gate: Gate) -> None:
    with watch(Scripted([standing(10, gate)]), virtual) as camera:
        assert gate.reached.wait(GUARD_S)
        frame = camera.take(0)
        assert camera.take(0) is None
        state = camera.state
    assert frame is not None
    assert frame.index == 9
    assert (state.status, state.dropped, state.message) == ("live", 9, "")


def test_nothing_is_dropped_while_each_frame_is_taken(virtual: VirtualTime) -> None:
    taken = threading.Semaphore(0)

    def life() -> Iterator[Frame]:
        for frame in frames(20):
            yield frame
            assert taken.acquire(timeout=GUARD_S)
        raise SourceError("The end of the test.")

    got = []
    with watch(Scripted([life]), virtual) as camera:
        for _ in range(20):
            frame = camera.take(GUARD_S)
            assert frame is not None
            got.append(frame.index)
            taken.release()
        assert camera.state.dropped == 0
    assert got == list(range(20))


def test_a_lost_camera_is_reopened_with_growing_pauses(virtual: VirtualTime, gate: Gate) -> None:
    source = Scripted([torn(3), *[unplugged] * 6, torn(2), standing(1, gate)])
    with watch(source, virtual) as camera:
        for attempt, pause_s in enumerate([0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]):
            virtual.until_waiting(pause_s)
            assert camera.state.status == "lost"
            assert source.opened == attempt + 1
            virtual.advance(pause_s)
        virtual.until_waiting(0.5)  # it was there for two pictures: the pauses begin anew
        assert camera.state.reconnects == 1
        virtual.advance(0.5)
        assert gate.reached.wait(GUARD_S)
        assert (camera.state.status, camera.state.reconnects) == ("live", 2)
        newest = camera.newest
    assert newest is not None
    assert newest.index == 5


def test_decoding_seldom_is_told_to_the_camera_at_once_and_to_it_when_it_is_opened_again(
    virtual: VirtualTime, gate: Gate
) -> None:
    at_first = Gate()

    def life() -> Iterator[Frame]:
        yield from frames(1)
        at_first.stand()
        raise SourceError("Camera 0 stopped sending pictures.")

    source = Scripted([life, standing(1, gate)])
    with watch(source, virtual) as camera:
        assert at_first.reached.wait(GUARD_S)
        camera.decode_every(0.25)
        assert source.spared == [0.0, 0.25]
        at_first.opened.set()
        virtual.until_waiting(0.5)
        virtual.advance(0.5)
        assert gate.reached.wait(GUARD_S)
        assert source.spared == [0.0, 0.25, 0.25]
        camera.decode_every(0.0)
    assert source.spared == [0.0, 0.25, 0.25, 0.0]


def test_the_screen_is_told_what_is_wrong(virtual: VirtualTime) -> None:
    with watch(Scripted([torn(1), unplugged]), virtual) as camera:
        virtual.until_waiting(0.5)
        assert camera.state.message == "Camera 0 stopped sending pictures. Trying again …"
        virtual.advance(0.5)
        virtual.until_waiting(1.0)
        assert camera.state.message == "No camera number 0. Plug it in. Trying again …"


def test_a_stalled_camera_is_left_behind_and_its_late_picture_ignored(virtual: VirtualTime, gate: Gate) -> None:
    second = Gate()
    source = Scripted([standing(2, gate), standing(1, second)])
    with watch(source, virtual) as camera:
        assert gate.reached.wait(GUARD_S)
        virtual.advance(1.875)
        virtual.until_waiting(0.125)
        before = camera.state
        virtual.advance(0.125)
        virtual.until_waiting(0.5)
        lost = camera.state
        virtual.advance(0.5)
        assert second.reached.wait(GUARD_S)
        assert (camera.state.status, camera.state.reconnects) == ("live", 1)
        assert not source.closed.is_set()
        gate.opened.set()  # the driver lets the stuck one go
        assert source.closed.wait(GUARD_S)
        newest = camera.newest
        second.opened.set()
    assert before.status == "live"
    assert lost.status == "lost"
    assert lost.message == "Camera 0 sends no new picture. Check its cable and its power. Trying again …"
    assert newest is not None
    assert (newest.t_s, newest.index) == (0.0, 2)


def frozen(begin_s: float, count: int) -> Iterator[Frame]:
    for index in range(count):
        yield Frame(np.full((40, 40, 3), 7, np.uint8), begin_s + index / 8, index)


def test_a_picture_that_stands_still_is_no_new_one_until_something_moves(virtual: VirtualTime, gate: Gate) -> None:
    taken = threading.Semaphore(0)

    def life() -> Iterator[Frame]:
        for frame in (*frozen(0.0, 80), Frame(np.full((40, 40, 3), 8, np.uint8), 10.0, 80)):
            yield frame
            if frame.t_s < 1.0 or frame.t_s == 10.0:
                assert taken.acquire(timeout=GUARD_S)
        gate.stand()

    got = []
    with watch(Scripted([life]), virtual) as camera:
        for _ in range(9):
            frame = camera.take(GUARD_S)
            assert frame is not None
            got.append((frame.t_s, frame.index))
            taken.release()
        assert camera.state.dropped == 0
        gate.opened.set()
    assert got == [(index / 8, index) for index in range(8)] + [(10.0, 8)]


@pytest.mark.parametrize("row", [0, 16, 32])
def test_one_row_that_changes_is_a_new_picture(virtual: VirtualTime, gate: Gate, row: int) -> None:
    def life() -> Iterator[Frame]:
        for frame in frozen(0.0, 40):
            frame.image[row] = frame.index
            yield frame
        gate.stand()

    with watch(Scripted([life]), virtual) as camera:
        assert gate.reached.wait(GUARD_S)
        newest = camera.newest
        gate.opened.set()
    assert newest is not None
    assert newest.index == 39


def test_a_camera_that_sends_the_same_picture_is_lost_until_another_one_comes(virtual: VirtualTime, gate: Gate) -> None:
    hanging, last = Gate(), Gate()

    def stuck() -> Iterator[Frame]:
        for frame in frozen(0.0, 20):
            yield frame
            virtual.advance(0.125)
        hanging.stand()

    def again() -> Iterator[Frame]:
        yield from frozen(5_000.0, 20)
        gate.stand()
        yield from frames(1, begin_s=5_010.0)
        last.stand()

    with watch(Scripted([stuck, unplugged, again]), virtual) as camera:
        assert hanging.reached.wait(GUARD_S)
        virtual.until_waiting(0.375)  # the eighth picture, after 0.875 s, was the last that counted as a new one
        virtual.advance(0.375)
        virtual.until_waiting(0.5)
        lost = camera.state
        virtual.advance(0.5)
        virtual.until_waiting(1.0)
        assert camera.state == lost  # what it was lost by stands
        virtual.advance(1.0)
        assert gate.reached.wait(GUARD_S)
        still = camera.state
        gate.opened.set()
        assert last.reached.wait(GUARD_S)
        back = camera.state
        last.opened.set()
        hanging.opened.set()
    assert (lost.status, still.status, back.status) == ("lost", "lost", "live")
    assert lost.message == "The picture of Camera 0 stands still. Check its cover and its cable. Trying again …"


@pytest.mark.parametrize("loop", [False, True])
def test_a_recording_may_stand_still(virtual: VirtualTime, loop: bool) -> None:
    camera = watch(Scripted([lambda: frozen(0.0, 40)] * 2, is_live=False), virtual, realtime=False, loop=loop)
    with camera:
        while camera.state.dropped < 38 and not camera.state.is_over:
            pass
        newest = camera.newest
    assert newest is not None
    assert newest.index >= 38


def test_frames_keep_a_camera_from_counting_as_stalled(virtual: VirtualTime, gate: Gate) -> None:
    def life() -> Iterator[Frame]:
        for frame in frames(5):
            yield frame
            virtual.advance(1.5)
        gate.stand()

    source = Scripted([life])
    with watch(source, virtual) as camera:
        assert gate.reached.wait(GUARD_S)
        virtual.advance(0.25)
        virtual.until_waiting(0.25)  # 2 s after the last picture, not after the first
        assert camera.state.status == "live"
        gate.opened.set()
    assert source.opened == 1


def test_the_first_picture_may_take_its_time(virtual: VirtualTime, gate: Gate) -> None:
    def life() -> Iterator[Frame]:
        gate.stand()
        yield from frames(1)

    with watch(Scripted([life]), virtual) as camera:
        assert gate.reached.wait(GUARD_S)
        virtual.advance(14.875)
        virtual.until_waiting(0.125)
        assert camera.state.status == "opening"
        gate.opened.set()
        assert camera.take(GUARD_S) is not None


def test_a_camera_that_never_opens_has_failed(virtual: VirtualTime, gate: Gate) -> None:
    def life() -> Iterator[Frame]:
        gate.stand()
        yield from frames(1)

    with watch(Scripted([life]), virtual) as camera:
        assert gate.reached.wait(GUARD_S)
        virtual.advance(15.0)
        assert camera.take(GUARD_S) is None
        assert camera.state.status == "failed"
        gate.opened.set()


def test_stuck_readers_do_not_pile_up(virtual: VirtualTime) -> None:
    gates = [Gate() for _ in range(4)]
    source = Scripted([standing(1, gate) for gate in gates])
    with watch(source, virtual) as camera:
        for gate in gates[:3]:
            assert gate.reached.wait(GUARD_S)
            virtual.advance(2.0)
            virtual.until_waiting(0.5)  # each came back with a picture, so the pause is the short one
            virtual.advance(0.5)
        for pause_s in (1.0, 2.0, 4.0):
            virtual.until_waiting(pause_s)
            assert source.opened == 3
            virtual.advance(pause_s)
        virtual.until_waiting(8.0)
        gates[0].opened.set()
        assert source.closed.wait(GUARD_S)
        virtual.advance(8.0)
        while not gates[3].reached.wait(0.05):  # the freed thread may not have ended yet: then one more pause
            virtual.advance(8.0)
        assert (camera.state.status, source.opened) == ("live", 4)
        for gate in gates:
            gate.opened.set()


def test_the_first_failure_to_open_is_final(virtual: VirtualTime) -> None:
    source = Scripted([unplugged])
    with watch(source, virtual) as camera:
        assert camera.take(GUARD_S) is None
        state = camera.state
    assert (state.status, state.message) == ("failed", "No camera number 0. Plug it in.")
    assert state.is_over
    assert source.opened == 1


def test_one_thread_opens_reads_and_releases(virtual: VirtualTime) -> None:
    source = Scripted([torn(3)])
    with watch(source, virtual):
        virtual.until_waiting(0.5)
    assert len({thread for _, thread in source.log}) == 1
    assert threading.get_ident() not in {thread for _, thread in source.log}


def test_the_device_is_released_before_it_is_opened_again(virtual: VirtualTime, gate: Gate) -> None:
    source = Scripted([torn(1), standing(1, gate)])
    with watch(source, virtual):
        virtual.until_waiting(0.5)
        virtual.advance(0.5)
        assert gate.reached.wait(GUARD_S)
        gate.opened.set()
    assert [what for what, _ in source.log][:5] == ["open", "read", "read", "close", "open"]
    assert source.openings == 1  # the second opening is a fresh source's: the first may still hang


@pytest.mark.parametrize(("is_live", "status"), [(True, "lost"), (False, "ended")])
def test_a_drivers_surprise_is_shown(virtual: VirtualTime, is_live: bool, status: str) -> None:
    def life() -> Iterator[Frame]:
        yield from frames(1)
        raise ZeroDivisionError

    with watch(Scripted([life, unplugged], is_live=is_live), virtual) as camera:
        if is_live:
            virtual.until_waiting(0.5)
        while not is_live and camera.take(GUARD_S) is not None:
            pass
        assert camera.state.status == status
        assert "Camera 0 could not be read (ZeroDivisionError)." in camera.state.message


def test_stopping_ends_a_pause_at_once(virtual: VirtualTime) -> None:
    camera = watch(Scripted([torn(1)]), virtual)
    camera.start()
    virtual.until_waiting(0.5)
    camera.stop()  # virtual time stands still: only the stop can end the pause
    assert camera.state.status == "ended"
    assert camera.state.is_over


def test_stopping_does_not_wait_for_a_reader_that_hangs(virtual: VirtualTime, gate: Gate) -> None:
    source = Scripted([standing(1, gate)])
    with watch(source, virtual) as camera:
        assert gate.reached.wait(GUARD_S)
        assert camera.take(0) is not None
    assert not source.closed.is_set()
    assert camera.take(None) is None
    gate.opened.set()
    assert source.closed.wait(GUARD_S)
    assert camera.take(0) is None


def test_stopping_what_was_never_started_is_harmless(virtual: VirtualTime) -> None:
    watch(Synthetic(), virtual).stop()


def test_a_recording_is_played_at_its_own_pace(virtual: VirtualTime) -> None:
    with watch(Synthetic(fps=8.0, frame_count=3), virtual) as camera:
        for index in range(3):
            frame = camera.take(GUARD_S)
            assert frame is not None
            assert (frame.index, frame.t_s) == (index, index / 8)
            assert camera.shown_s(frame.t_s) == 100.0 + index / 8
            if index < 2:
                virtual.until_waiting(0.125)
                assert camera.take(0) is None
                virtual.advance(0.125)
        assert camera.take(GUARD_S) is None
        assert (camera.state.status, camera.state.dropped) == ("ended", 0)


def test_a_recording_can_be_read_as_fast_as_possible(virtual: VirtualTime) -> None:
    with watch(Synthetic(fps=8.0, frame_count=200), virtual, realtime=False) as camera:
        taken = [frame for frame in iter(lambda: camera.take(GUARD_S), None) if frame is not None]
    assert taken[-1].index == 199
    assert len(taken) + camera.state.dropped == 200


def test_a_recording_can_be_repeated(virtual: VirtualTime) -> None:
    with watch(Synthetic(fps=8.0, frame_count=2), virtual, loop=True) as camera:
        for index in range(5):
            frame = camera.take(GUARD_S)
            assert frame is not None
            assert (frame.index, frame.t_s) == (index, index / 8)
            virtual.until_waiting(0.125)
            virtual.advance(0.125)


def test_repeating_an_empty_recording_ends(virtual: VirtualTime) -> None:
    with watch(Synthetic(frame_count=0), virtual, loop=True) as camera:
        assert camera.take(GUARD_S) is None
        assert camera.state.status == "ended"


def test_the_end_of_a_cut_off_recording_says_so(virtual: VirtualTime) -> None:
    source = Scripted([lambda: frames(2)], is_live=False)
    with watch(source, virtual, realtime=False) as camera:
        while camera.take(GUARD_S) is not None:
            pass
        assert (camera.state.status, camera.state.message) == ("ended", "This file is cut off.")


def test_it_is_opening_until_the_first_picture(virtual: VirtualTime, gate: Gate) -> None:
    camera = watch(Scripted([standing(1, gate)]), virtual)
    assert camera.state.status == "opening"
    assert camera.state.message == "Opening Camera 0 …"
    with camera:
        assert camera.take(GUARD_S) is not None
        assert (camera.state.status, camera.state.message) == ("live", "")
        gate.opened.set()


def test_a_recording_that_breaks_in_the_middle_has_ended_and_says_why(virtual: VirtualTime) -> None:
    with watch(Scripted([torn(2)], is_live=False), virtual, realtime=False) as camera:
        while camera.take(GUARD_S) is not None:
            pass
        assert (camera.state.status, camera.state.is_over) == ("ended", True)
        assert camera.state.message == "Camera 0 stopped sending pictures."


def test_a_recording_of_which_nothing_can_be_read_has_failed(virtual: VirtualTime) -> None:
    with watch(Scripted([unplugged], is_live=False), virtual, realtime=False) as camera:
        assert camera.take(GUARD_S) is None
        assert camera.state.status == "failed"
