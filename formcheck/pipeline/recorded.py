"""A recording through the chain, as fast as the machine allows: a video, a picture folder, or a pose stream."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from formcheck.camera import AS_IT_IS, Source, View, open_source
from formcheck.core.rules.exercise import Exercise
from formcheck.pipeline.judged import Analysis, Step, Stream, judge, pose_stream
from formcheck.pipeline.observers import Observer
from formcheck.pose import PatientTracker
from formcheck.pose.recording import Recording
from formcheck.session.set import start_score
from formcheck.system.errors import SourceError
from formcheck.system.shown import shown

__all__ = ["Analysis", "Stream", "analyse", "open_stream"]

Item = TypeVar("Item")


@contextlib.contextmanager
def open_stream(spec: str, exercise: Exercise, model: str = "full", view: View = AS_IT_IS) -> Iterator[Stream]:
    """A video, picture folder, or recorded pose stream (`.npz`).

    Raises:
        SourceError: it can't be opened, or has not one readable picture.
    """
    if spec.endswith(".npz"):
        if view != AS_IT_IS:
            raise SourceError(f"{shown(spec)} is a pose stream: only pictures can be turned or mirrored.")
        yield pose_stream(Recording(Path(spec)), exercise, shown(spec))
        return
    source = open_source(spec, view)
    if source.is_live:
        raise SourceError("analyze takes a recording. For a camera use: formcheck run EXERCISE --source ...")
    with source, PatientTracker(exercise.posture, partial(start_score, exercise), model) as tracker:
        about: dict[str, Any] = {
            "path": shown(spec),
            "width": 0,
            "height": 0,
            "fps": 0.0,
            "frames": 0,
            "duration_s": 0.0,
        }
        about |= {"capture_fps": source.capture_fps, "mirrored": source.is_mirrored}
        yield Stream(_watch(source, tracker, about), source.frame_count, about, lambda: source.warning)


def _ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The items; the next one is made on a thread of its own while this one is being used."""
    with ThreadPoolExecutor(1, "formcheck-ahead") as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item


def _watch(source: Source, tracker: PatientTracker, about: dict[str, Any]) -> Generator[Step, None, None]:
    first_s = last_s = 0.0
    frames = _ahead(iter(source.read, None))
    found = _ahead((frame, tracker.follow(frame.image, frame.t_s, frame.index)) for frame in frames)
    try:
        for frame, in_picture in found:
            if not about["frames"]:
                about["height"], about["width"] = frame.image.shape[:2]
                first_s = frame.t_s
            about["frames"] += 1
            last_s = frame.t_s
            yield frame, tracker.judge(in_picture)
    finally:  # also where it is stopped before its end
        count, span = about["frames"], last_s - first_s
        about["fps"] = round((count - 1) / span if span > 0 else source.fps or 0.0, 3)
        about["duration_s"] = round(span + (span / (count - 1) if count > 1 else 0.0), 3)
    if not count:
        raise SourceError(f"{about['path']} has no readable picture. Record it again or convert it to MP4.")


def analyse(
    spec: str,
    exercise: Exercise,
    *,
    overrides: Mapping[str, object] | None = None,
    model: str = "full",
    view: View = AS_IT_IS,
    observers: Sequence[Observer] = (),
    is_stopped: Callable[[], object] = lambda: False,
) -> Analysis:
    """Judge a whole recording.

    What was judged when it is stopped, or when something breaks in the midst of it, is kept: the set ends there.

    Args:
        spec: path of a video, of a picture folder, or of a recorded pose stream.
        exercise: what is done in it.
        overrides: settings by name.
        model: `full`, `lite`, or a bundle's path.
        view: how the pictures are to be turned and mirrored.
        observers: who listens to the set.
        is_stopped: asked after each picture, whether to end here.

    Raises:
        SourceError: the recording can't be read.
        ValueError: an override makes no sense.
    """
    with open_stream(spec, exercise, model, view) as stream:
        return judge(stream, exercise, overrides=overrides, model=model, observers=observers, is_stopped=is_stopped)
