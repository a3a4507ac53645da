"""A recording through the chain, as fast as the machine allows: a video, a picture folder, or a pose stream."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from formcheck.camera import AS_IT_IS, Frame, Source, View, open_source
from formcheck.core.body.tracked import Tracked, track
from formcheck.core.rules.exercise import Exercise
from formcheck.core.setup.orientation import Orientation
from formcheck.pipeline.chain import Chain
from formcheck.pipeline.observers import Failure, Observer
from formcheck.pose import PatientTracker
from formcheck.pose.recording import Recording
from formcheck.session.findings import Findings
from formcheck.session.identity import uuid7
from formcheck.session.provenance import Provenance, provenance_of
from formcheck.session.record import Outcome, SetRecord
from formcheck.session.set import Set, start_score
from formcheck.system.errors import SourceError
from formcheck.system.shown import shown

Item = TypeVar("Item")

Step = tuple[Frame | None, Tracked]
"""One picture (None when a recorded pose stream is replayed), and what was seen in it."""


@dataclass(slots=True)
class Stream:
    """A recording that is about to be watched: its pictures, and what is known about it."""

    steps: Generator[Step, None, None]
    frame_count: int | None
    about: dict[str, Any]
    """The contract's `source`; complete only when the steps are used up."""
    warning: Callable[[], str] = lambda: ""


@contextlib.contextmanager
def open_stream(spec: str, exercise: Exercise, model: str = "full", view: View = AS_IT_IS) -> Iterator[Stream]:
    """A video, picture folder, or recorded pose stream (`.npz`).

    Raises:
        SourceError: it can't be opened, or has not one readable picture.
    """
    if spec.endswith(".npz"):
        if view != AS_IT_IS:
            raise SourceError(f"{shown(spec)} is a pose stream: only pictures can be turned or mirrored.")
        recording = Recording(Path(spec))
        turned = Orientation(partial(start_score, exercise))
        steps = (
            (None, replace(track(pose, back, exercise.posture), turned_deg=turned.update(pose)))
            for pose, back in recording
        )
        yield Stream(steps, len(recording), {**recording.source, "path": shown(spec)})
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


@dataclass(frozen=True, slots=True)
class Analysis:
    """A recording that was judged."""

    findings: Findings
    """Up to where it was stopped or broke off; the record's outcome is `interrupted` then."""
    warning: str = ""
    """What is wrong with the file, as one sentence; empty if nothing is."""
    failures: Sequence[Failure] = ()
    """Observers that had to be dropped."""
    error: Exception | None = None
    """What broke it off in the midst."""
    end_s: float = 0.0
    """Time of the last picture that was judged, seconds of the recording."""

    @property
    def is_stopped(self) -> bool:
        """Whether somebody stopped it before its end."""
        return self.findings.record.outcome == "interrupted" and self.error is None


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
    set_id = uuid7()
    current = Set(exercise, overrides, is_live=False, set_id=set_id)
    chain = Chain(current, SetRecord.begin(set_id, exercise), observers)
    try:
        with open_stream(spec, exercise, model, view) as stream:
            chain.start(stream.about, stream.frame_count)
            end_s, error = _judge(chain, stream.steps, is_stopped)
            findings = Findings(chain.record, stream.about, _provenance(exercise, overrides, model, stream.about))
            return Analysis(findings, stream.warning(), chain.observers.failures, error, end_s)
    except BaseException:
        chain.observers.on_drop()
        raise


def _judge(
    chain: Chain, steps: Generator[Step, None, None], is_stopped: Callable[[], object]
) -> tuple[float, Exception | None]:
    """All pictures, or those before it was stopped or broke off; the time of the last one, and what broke it off.

    Raises:
        Exception: what broke it off, where there was not one picture.
    """
    end_s = math.nan
    broken: Exception | None = None
    outcome: Outcome = "done"
    try:
        for frame, tracked in steps:
            chain.step(frame, tracked)
            end_s = tracked.t_s
            if is_stopped():
                outcome = "interrupted"
                break
    except Exception as error:
        if math.isnan(end_s):
            raise
        broken, outcome = error, "interrupted"
    steps.close()  # what is known of the source is complete only then
    chain.finish(outcome)
    return end_s, broken


def _provenance(
    exercise: Exercise, overrides: Mapping[str, object] | None, model: str, about: Mapping[str, Any]
) -> Provenance:
    return provenance_of({exercise.name: dict(overrides or {})}, model=model, source=about)
