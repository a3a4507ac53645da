"""How many poses a second reach the coach, how late, and what they wait for: told by times alone."""

from __future__ import annotations

import math

import pytest

from formcheck.pipeline.pace import Arrival, Pace, PaceState


def fed(
    poses_fps: float,
    *,
    seconds: float = 10.0,
    camera_fps: float = 30.0,
    busy: float = 1.0,
    taken: int = 1,
    age_ms: float = 120.0,
) -> tuple[Pace, float]:
    """A pace after some seconds: the tracker is busy for a share of the time, and of `taken` results one is taken."""
    pace, now_s = Pace(), 0.0
    for i in range(round(seconds * poses_fps) + 1):
        now_s = i / poses_fps
        took_s = busy / (poses_fps * taken)
        pace.add(Arrival(now_s, round(now_s * camera_fps), 1 + i * taken, took_s, age_ms))
    return pace, now_s


@pytest.mark.parametrize("fps", [0.5, 3.0, 7.5, 30.0])
def test_the_rate_is_that_of_the_poses_that_came(fps: float) -> None:
    pace, now_s = fed(fps)
    state = pace.at(now_s)
    assert state.poses_fps == pytest.approx(fps, rel=0.01)
    assert state.camera_fps == pytest.approx(30.0, rel=0.05)
    assert state.age_ms == 120.0


def test_a_rate_is_not_told_before_there_are_two_seconds_of_poses() -> None:
    assert not Pace().at(5.0).is_known
    early, at_s = fed(10.0, seconds=1.9)
    assert not early.at(at_s).is_known
    late, at_s = fed(10.0, seconds=2.0)
    assert late.at(at_s).is_known


def test_a_rate_falls_while_no_pose_comes() -> None:
    pace, now_s = fed(10.0)
    waiting = [pace.at(now_s + s).poses_fps for s in (0.05, 1.0, 3.0, 9.0)]
    assert waiting[0] == pytest.approx(10.0, rel=0.01)
    assert waiting == sorted(waiting, reverse=True)
    assert waiting[-1] == pytest.approx(31 / 12, rel=0.05)


def test_what_came_before_a_break_says_nothing_about_the_pace() -> None:
    pace, now_s = fed(10.0)
    pace.begin()
    assert not pace.has_begun
    assert not pace.at(now_s + 60.0).is_known
    for i in range(40):
        pace.add(Arrival(now_s + 60.0 + i / 4.0, i, i, 0.2, 100.0))
        assert pace.at(now_s + 60.0 + i / 4.0).is_known == (i >= 8), "two seconds of the new stretch"
    assert pace.at(now_s + 60.0 + 39 / 4.0).poses_fps == pytest.approx(4.0, rel=0.01)


def test_only_the_last_seconds_count() -> None:
    pace, now_s = fed(30.0)
    for i in range(1, 13):
        pace.add(Arrival(now_s + i / 3.0, 300 + i * 10, 301 + i, 0.3, 400.0))
    state = pace.at(now_s + 4.0)
    assert state.poses_fps == pytest.approx(3.0, rel=0.02)
    assert state.age_ms == 400.0


@pytest.mark.parametrize(
    ("busy", "taken", "waits_for"),
    [(0.95, 1, "tracker"), (0.72, 1, "tracker"), (0.68, 1, "camera"), (0.1, 1, "camera"), (0.95, 2, "window")],
    ids=["busy all the time", "busy mostly", "waits now and then", "waits for pictures", "every other one is lost"],
)
def test_what_the_poses_wait_for(busy: float, taken: int, waits_for: str) -> None:
    pace, now_s = fed(6.0, busy=busy, taken=taken)
    assert pace.at(now_s).bottleneck == waits_for


def test_one_result_in_ten_that_nobody_took_is_not_the_windows_fault() -> None:
    pace = Pace()
    for i in range(60):
        pace.add(Arrival(i / 10, 3 * i, i + i // 9, 0.09, 100.0))
    assert pace.at(5.9).bottleneck == "tracker"


def test_the_summary_tells_the_usual_and_the_worst() -> None:
    assert set(Pace().summary().values()) == {None}
    pace, at_s, number = Pace(), 0.0, 0
    for fps in [10.0] * 30 + [2.0] * 4:
        for _ in range(round(3 * fps)):
            at_s, number = at_s + 1 / fps, number + 1
            pace.add(Arrival(at_s, number, number, 0.9 / fps, 1000 / fps))
            pace.at(at_s)
    told = pace.summary()
    assert told["poses_fps"] == pytest.approx(10.0, abs=0.2)
    assert told["poses_fps_p5"] == pytest.approx(2.0, abs=0.3)
    assert told["age_ms"] == pytest.approx(100.0, abs=5)
    assert told["age_ms_p95"] == pytest.approx(500.0, abs=5)


def test_nothing_is_known_of_no_poses() -> None:
    state = PaceState()
    assert math.isnan(state.poses_fps)
    assert not state.is_known
