"""How fast this machine is: the chain as it runs live, its parts in turn, and the choice of model that follows."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from formcheck.camera import CameraThread, Frame, Source, open_source
from formcheck.core.rules.exercise import Exercise
from formcheck.pipeline.pace import Arrival, Pace, PaceState
from formcheck.pipeline.relief import LOW_MARGIN, WANTED_MAX_FPS
from formcheck.pose import PatientTracker, PoseThread
from formcheck.pose.effort import SMALL_SIDE_PX, Effort
from formcheck.screen import Painter, ViewModel
from formcheck.session.registry import load_exercises
from formcheck.session.set import Set, start_score
from formcheck.system.assets import asset
from formcheck.system.machine import MachineChoice, keep_choice, kept_choice

Value = TypeVar("Value")

CLIP = "demo-dead-bug.mp4"
"""What is looked at: a person at the size of a well set-up camera, 1280x720, 30 pictures/s."""
WARM_UP = 4
"""Pictures before the first that is measured: the model is loaded, and the person searched."""
CHOICE_PICTURES = 16
"""Measured for the choice: with a quarter of a second of a quick machine and two of a slow one, short enough for a
first start."""
CHOICE_FPS = WANTED_MAX_FPS * LOW_MARGIN
"""Poses a second that the larger model must manage on an idle machine to be chosen: below, help would begin at once."""
WORTH = 1.1
"""A smaller picture is chosen only where it is so many times as fast."""
WAIT_S = 0.1
LONGEST_WAIT_S = 30.0
"""Seconds for the first pose, and longest at all: a camera that sleeps needs ten."""

CHOICES = (Effort("full"), Effort("lite"), Effort("lite", SMALL_SIDE_PX))
"""From the best to the quickest."""


def demo_clip() -> Path:
    """The clip that machines are measured with."""
    return asset("clips", CLIP)


def pictures() -> Iterator[Frame]:
    """The pictures of the clip, as they are read."""
    with open_source(str(demo_clip())) as source:
        while (frame := source.read()) is not None:
            yield frame


def choose(fps_of: Callable[[Effort], float]) -> MachineChoice:
    """The best effort that a machine can bear, or the quickest.

    Args:
        fps_of: poses a second that it manages with an effort.
    """
    best: MachineChoice | None = None
    for effort in CHOICES:
        found = MachineChoice(effort.model, effort.longest_px, fps_of(effort))
        is_other_model = best is None or best.model != found.model
        if best is None or found.poses_fps >= best.poses_fps * (1.0 if is_other_model else WORTH):
            best = found
        if best.poses_fps >= CHOICE_FPS:
            break
    assert best is not None
    return best


def choice_of_this_machine(exercise: Exercise) -> MachineChoice:
    """What suits this machine. Measured by the time that its processor works rather than by the clock on the wall: what
    else runs just now says nothing about the machine."""
    frames = list(itertools.islice(pictures(), WARM_UP + CHOICE_PICTURES))
    return choose(lambda effort: _worked_fps(frames, exercise, effort))


def _worked_fps(frames: Sequence[Frame], exercise: Exercise, effort: Effort) -> float:
    times = []
    with PatientTracker(exercise.posture, partial(start_score, exercise), effort.model) as tracker:
        tracker.work_with(effort)
        for frame in frames:
            began_s = time.process_time()
            tracker.observe(frame.image, frame.t_s, frame.index)
            times.append(time.process_time() - began_s)
    # The quick quarter: a processor that others share works longer on the same picture, never shorter.
    return round(1.0 / max(float(np.percentile(times[WARM_UP:], 25)), 1e-3), 1)


def effort_of(model: str | None, on_check: Callable[[], None] = lambda: None) -> Effort:
    """What to put into each picture: the model that was asked for, else what was chosen for this machine. The first
    time it is measured, and kept.

    Args:
        model: `full`, `lite`, a bundle's path, or None.
        on_check: called before a measurement, which takes a second or two.
    """
    if model is not None:
        return Effort(model)
    choice = kept_choice()
    if choice is None:
        on_check()
        choice = choice_of_this_machine(next(iter(load_exercises().exercises.values())))
        keep_choice(choice)
    return Effort(choice.model, choice.longest_px)


@dataclass(frozen=True, slots=True)
class Parts:
    """Milliseconds of each part of the chain for one picture, median, measured in turn."""

    tracker_ms: float
    back_ms: float
    set_ms: float
    drawing_ms: float
    elsewhere: float
    """Share of the time in which the chain wanted to work and the processor worked for other programs, 0..1."""


def measure_parts(exercise: Exercise, effort: Effort, seconds: float) -> Parts:
    """Each part of the chain in turn, on the clip's pictures."""
    rows: list[list[float]] = []
    current, painter = Set(exercise, is_live=True), Painter()
    began_s, wall_s, worked_s = time.perf_counter(), 0.0, 0.0
    with PatientTracker(exercise.posture, partial(start_score, exercise), effort.model) as tracker:
        tracker.work_with(effort)
        for i, frame in enumerate(pictures()):
            if i > WARM_UP and time.perf_counter() - began_s > seconds:
                break
            if i == WARM_UP:
                began_s = time.perf_counter()
            turn_s, cpu_s = time.perf_counter(), time.process_time()
            follow_ms, found = _timed(partial(tracker.follow, frame.image, frame.t_s, frame.index))
            judge_ms, tracked = _timed(partial(tracker.judge, found))
            set_ms, _ = _timed(partial(current.update, tracked))
            view = ViewModel(exercise.title, current.snapshot(), frame.image, tracked.pose, tracked.back)
            draw_ms, _ = _timed(partial(painter.paint, view, (1280, 720)))
            rows.append([follow_ms, judge_ms, set_ms, draw_ms])
            wall_s, worked_s = wall_s + time.perf_counter() - turn_s, worked_s + time.process_time() - cpu_s
    follow, judge, step, draw = np.median(rows[WARM_UP:], axis=0)
    return Parts(float(follow), float(judge), float(step), float(draw), max(0.0, 1.0 - worked_s / max(wall_s, 1e-6)))


def _timed(call: Callable[[], Value]) -> tuple[float, Value]:
    """Milliseconds of a call on the wall's clock, and what it returned."""
    began_s = time.perf_counter()
    value = call()
    return (time.perf_counter() - began_s) * 1000.0, value


def measure_live(exercise: Exercise, effort: Effort, seconds: float, source: Source | None = None) -> PaceState:
    """The whole chain as it runs live, without help: camera thread, pose thread, set and drawing.

    Args:
        exercise: what is coached.
        effort: what is put into each picture.
        seconds: how long, from the first pose on.
        source: the pictures; the clip at its own pace by default.
    """
    clock, pace = time.monotonic, Pace()
    current, painter = Set(exercise, is_live=True), Painter()
    make = partial(PatientTracker, exercise.posture, partial(start_score, exercise), effort.model)
    with CameraThread(source or open_source(str(demo_clip())), loop=True) as camera:
        poses = PoseThread(camera.take, make)
        poses.work_with(effort)
        end_s = clock() + LONGEST_WAIT_S
        with poses:
            while clock() < end_s and not camera.state.is_over and poses.error is None:
                seen = poses.newest(WAIT_S)
                if seen is None:
                    continue
                if not pace.has_begun:
                    end_s = clock() + seconds
                age_ms = (clock() - camera.shown_s(seen.frame.t_s)) * 1000.0
                pace.add(Arrival(clock(), seen.frame.index, seen.number, seen.took_s, age_ms))
                current.update(seen.tracked)
                view = ViewModel(
                    exercise.title, current.snapshot(), seen.frame.image, seen.tracked.pose, seen.tracked.back
                )
                painter.paint(view, (1280, 720))
            state = pace.at(clock())
        if poses.error is not None:
            raise poses.error
    return state
