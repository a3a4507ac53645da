"""The pose thread with a tracker of ours: the newest result, another exercise, an error, and a tracker that hangs."""

import queue
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest

from formcheck.core.body.back import unknown_back
from formcheck.core.body.tracked import track
from formcheck.pose import PoseThread
from formcheck.pose.effort import Effort
from formcheck.testing import Stance, pose_of

GUARD_S = 5.0
"""Longest wait for what must happen at once."""


class OurTracker:
    """Answers with a pose at the picture's time; waits where it is told to."""

    def __init__(self):
        self.postures = ["supine"]
        self.entered, self.passes = threading.Semaphore(0), threading.Semaphore(99)
        self.closed = threading.Event()
        self.efforts = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed.set()

    def watch_for(self, posture, start_score):
        self.postures.append(posture)
        assert start_score(None) == 1.0

    def work_with(self, effort):
        self.efforts.append(effort)

    def observe(self, picture, t_s, index):
        self.entered.release()
        assert self.passes.acquire(timeout=GUARD_S)
        if t_s < 0:
            raise RuntimeError("broken")
        return track(pose_of(Stance(), t_s, index), unknown_back(t_s, "small"), self.postures[-1])


def picture(t_s):
    return SimpleNamespace(image=np.zeros((4, 4, 3), np.uint8), t_s=t_s, index=round(t_s * 10))


class Feed:
    """Pictures that the test hands out one by one."""

    def __init__(self):
        self._frames = queue.Queue()

    def give(self, t_s):
        self._frames.put(picture(t_s))

    def take(self, timeout_s):
        try:
            return self._frames.get(timeout=timeout_s)
        except queue.Empty:
            return None


@pytest.fixture
def feed():
    return Feed()


@pytest.fixture
def tracker():
    return OurTracker()


def test_each_picture_comes_with_what_was_seen_in_it(feed, tracker):
    with PoseThread(feed.take, lambda: tracker) as poses:
        feed.give(0.5)
        seen = poses.newest(GUARD_S)
        assert (seen.frame.t_s, seen.tracked.t_s, seen.tracked.body.t_s) == (0.5, 0.5, 0.5)
        assert poses.newest(0.0) is None
    assert tracker.closed.is_set()


def test_a_newer_result_replaces_one_that_nobody_took(feed, tracker):
    with PoseThread(feed.take, lambda: tracker) as poses:
        for t_s in (0.1, 0.2, 0.3):
            feed.give(t_s)
        feed.give(0.4)
        for _ in range(4):
            assert tracker.entered.acquire(timeout=GUARD_S)
        assert poses.newest(GUARD_S).tracked.t_s in (0.3, 0.4)
        assert poses.dropped >= 2


def test_what_was_seen_for_the_exercise_before_is_not_delivered(feed, tracker):
    """Both kinds of it: the result that waits to be taken, and the picture that is being looked at."""
    tracker.passes = threading.Semaphore(1)
    with PoseThread(feed.take, lambda: tracker) as poses:
        feed.give(0.1)
        feed.give(0.2)
        for _ in range(2):
            assert tracker.entered.acquire(timeout=GUARD_S)
        poses.watch_for("quadruped", lambda _: 1.0)
        assert poses.newest(0.0) is None
        tracker.passes.release(2)
        feed.give(0.3)
        seen = poses.newest(GUARD_S)
        assert seen.tracked.t_s == 0.3
        assert seen.tracked.body.geometry.posture == "quadruped"
    assert tracker.postures == ["supine", "quadruped"]


def test_an_effort_holds_from_the_next_picture_on_and_is_told_once(feed, tracker):
    with PoseThread(feed.take, lambda: tracker) as poses:
        feed.give(0.1)
        assert poses.newest(GUARD_S).tracked.t_s == 0.1
        assert tracker.efforts == []
        poses.work_with(Effort("full"))
        poses.work_with(Effort("lite", 640, is_scouting=False))
        for t_s in (0.2, 0.3):
            feed.give(t_s)
            assert poses.newest(GUARD_S).tracked.t_s == t_s
    assert tracker.efforts == [Effort("lite", 640, is_scouting=False)]


def test_each_result_tells_how_long_it_took_and_how_many_were_passed_over(feed, tracker):
    seconds = iter([10.0, 10.25, 20.0, 20.5, 30.0, 30.125])
    with PoseThread(feed.take, lambda: tracker, lambda: next(seconds)) as poses:
        feed.give(0.1)
        first = poses.newest(GUARD_S)
        for t_s in (0.2, 0.3):
            feed.give(t_s)
            assert tracker.entered.acquire(timeout=GUARD_S)
        assert tracker.entered.acquire(timeout=GUARD_S)
        while (last := poses.newest(GUARD_S)).tracked.t_s < 0.3:
            pass
    assert (first.took_s, first.number) == (0.25, 1)
    assert (last.took_s, last.number) == (0.125, 3)


def test_an_error_is_kept_for_the_main_thread(feed, tracker):
    poses = PoseThread(feed.take, lambda: tracker)
    poses.start()
    feed.give(-1.0)
    assert tracker.closed.wait(GUARD_S)
    poses.close()
    assert isinstance(poses.error, RuntimeError)


def test_a_model_that_cannot_be_loaded_is_an_error(feed):
    def make():
        raise OSError("no model")

    poses = PoseThread(feed.take, make)
    poses.start()
    poses.close()
    assert isinstance(poses.error, OSError)


def test_a_tracker_that_hangs_does_not_keep_the_program(feed, tracker):
    tracker.passes = threading.Semaphore(0)
    poses = PoseThread(feed.take, lambda: tracker)
    poses.start()
    feed.give(0.1)
    assert tracker.entered.acquire(timeout=GUARD_S)
    began = time.monotonic()
    poses.close(0.05)
    assert time.monotonic() - began < 1.0
    hanging = next(t for t in threading.enumerate() if t.name == "formcheck-pose")
    assert hanging.daemon
    tracker.passes.release()
    hanging.join(GUARD_S)
    assert not hanging.is_alive()


def test_closing_one_that_never_began_is_harmless(feed, tracker):
    PoseThread(feed.take, lambda: tracker).close()
