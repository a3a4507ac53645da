"""Wiring for recordings: a source through the pose room and a session, as fast as the machine allows."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from formcheck.camera import Frame, Source, open_source
from formcheck.core.body.back import Back
from formcheck.core.body.pose import Pose
from formcheck.core.body.tracked import track
from formcheck.core.rules.events import Event
from formcheck.core.rules.exercise import Exercise
from formcheck.core.setup.diagnosis import SetupDiagnosis
from formcheck.pose import PatientTracker
from formcheck.pose.recording import Recording, save_recording
from formcheck.session.findings import Findings
from formcheck.session.set import Set, Update, start_score
from formcheck.system.errors import SourceError

Item = TypeVar("Item")

Step = tuple[Frame | None, Pose, Back]
"""One picture (None when a recorded pose stream is replayed), and what was seen in it."""


class Listener(Protocol):
    """Somebody who wants every picture with its findings, for example the writer of the annotated video."""

    def __call__(self, frame: Frame | None, pose: Pose, back: Back, update: Update) -> None:
        """One picture."""


@dataclass(slots=True)
class Stream:
    """A recording that is about to be watched: its pictures' poses, and what is known about it."""

    steps: Iterator[Step]
    frame_count: int | None
    about: dict[str, Any]
    """The contract's `source`; complete only when the steps are used up."""
    warning: Callable[[], str] = lambda: ""


@contextlib.contextmanager
def open_stream(spec: str, exercise: Exercise, model: str = "full") -> Iterator[Stream]:
    """A video, picture folder, or recorded pose stream (`.npz`).

    Raises:
        SourceError: it can't be opened, or has not one readable picture.
    """
    if spec.endswith(".npz"):
        recording = Recording(Path(spec))
        steps = ((None, pose, back) for pose, back in recording)
        yield Stream(steps, len(recording), {**recording.source, "path": spec})
        return
    source = open_source(spec)
    if source.is_live:
        raise SourceError("analyze takes a recording. For a camera use: formcheck run EXERCISE --source ...")
    with source, PatientTracker(exercise.posture, partial(start_score, exercise), model) as watcher:
        about: dict[str, Any] = {"path": spec, "width": 0, "height": 0, "fps": 0.0, "frames": 0, "duration_s": 0.0}
        yield Stream(_watch(source, watcher, about), source.frame_count, about, lambda: source.warning)


def _ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items; the next one is made on a thread of its own while this one is being used."""
    with ThreadPoolExecutor(1, "formcheck-ahead") as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item


def _watch(source: Source, watcher: PatientTracker, about: dict[str, Any]) -> Iterator[Step]:
    first_s = last_s = 0.0
    frames = _ahead(iter(source.read, None))
    sightings = _ahead((frame, watcher.follow(frame.image, frame.t_s, frame.index)) for frame in frames)
    for frame, sighting in sightings:
        if not about["frames"]:
            about["height"], about["width"] = frame.image.shape[:2]
            first_s = frame.t_s
        about["frames"] += 1
        last_s = frame.t_s
        yield frame, *watcher.judge(sighting)
    count = about["frames"]
    if not count:
        raise SourceError(f"{about['path']} has no readable picture. Record it again or convert it to MP4.")
    span = last_s - first_s
    about["fps"] = round((count - 1) / span if span > 0 else source.fps or 0.0, 3)
    about["duration_s"] = round(span + (span / (count - 1) if count > 1 else 0.0), 3)


def analyse(
    spec: str,
    exercise: Exercise,
    *,
    overrides: Mapping[str, object] | None = None,
    model: str = "full",
    poses_to: Path | None = None,
    listeners: tuple[Listener, ...] = (),
    on_start: Callable[[int | None], None] = lambda _: None,
    on_event: Callable[[Event], None] = lambda _: None,
) -> tuple[Findings, str]:
    """Watch a whole recording.

    Args:
        spec: path of a video, of a picture folder, or of a recorded pose stream.
        exercise: what is done in it.
        overrides: settings by name.
        model: `full`, `lite`, or a bundle's path.
        poses_to: where to keep the pose stream, if at all.
        listeners: called with every picture.
        on_start: called once with the number of pictures, if known.
        on_event: called with every event.

    Returns:
        The findings, and a sentence on what is wrong with the file (empty if nothing is).

    Raises:
        SourceError: the recording can't be read.
        ValueError: an override makes no sense.
    """
    session = Set(exercise, overrides, is_live=False)
    hindsight = SetupDiagnosis(exercise)
    kept: list[tuple[Pose, Back]] = []
    with open_stream(spec, exercise, model) as stream:
        findings = Findings(exercise, stream.about)
        on_start(stream.frame_count)
        for frame, pose, back in stream.steps:
            tracked = track(pose, back, exercise.posture)
            update = session.update(tracked)
            findings.add(update)
            hindsight.note(tracked)
            if poses_to is not None:
                kept.append((pose, back))
            for listener in listeners:
                listener(frame, pose, back, update)
            for event in update.events:
                on_event(event)
        last = session.finish()
        findings.add(last)
        findings.cues += hindsight.explain(findings.events)
        for event in last.events:
            on_event(event)
        if poses_to is not None:
            save_recording(poses_to, kept, stream.about)
        return findings, stream.warning()
