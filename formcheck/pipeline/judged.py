"""A stream of pictures that were seen, through the chain: what a video and a pose stream have in common.

It loads neither camera nor tracker: whoever judges pose streams only, by the thousands, need not wait for them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from formcheck.core.body.tracked import Tracked, track
from formcheck.core.rules.exercise import Exercise
from formcheck.core.setup.orientation import Orientation
from formcheck.pipeline.chain import Chain
from formcheck.pipeline.observers import Failure, Observer
from formcheck.pose.recording import Recording
from formcheck.session.findings import Findings
from formcheck.session.identity import uuid7
from formcheck.session.provenance import Provenance, provenance_of
from formcheck.session.record import Outcome, SetRecord
from formcheck.session.set import Set, Update, start_score

if TYPE_CHECKING:
    from formcheck.camera import Frame

Step = tuple["Frame | None", Tracked]
"""One picture (None when a recorded pose stream is replayed), and what was seen in it."""


@dataclass(slots=True)
class Stream:
    """A recording that is about to be watched: its pictures, and what is known about it."""

    steps: Generator[Step, None, None]
    frame_count: int | None
    about: dict[str, Any]
    """The contract's `source`; complete only when the steps are used up."""
    warning: Callable[[], str] = lambda: ""


def pose_stream(recording: Recording, exercise: Exercise, path: str) -> Stream:
    """A recorded pose stream, measured for an exercise.

    Args:
        recording: the stream.
        exercise: what is done in it.
        path: what it is called in the findings.
    """
    turned = Orientation(partial(start_score, exercise))
    steps: Generator[Step, None, None] = (
        (None, replace(track(pose, back, exercise.posture), turned_deg=turned.update(pose))) for pose, back in recording
    )
    return Stream(steps, len(recording), {**recording.source, "path": path})


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


def judge(
    stream: Stream,
    exercise: Exercise,
    *,
    overrides: Mapping[str, object] | None = None,
    model: str = "full",
    observers: Sequence[Observer] = (),
    is_stopped: Callable[[], object] = lambda: False,
) -> Analysis:
    """Judge a stream; the arguments and errors are those of `recorded.analyse`."""
    set_id = uuid7()
    current = Set(exercise, overrides, is_live=False, set_id=set_id)
    chain = Chain(current, SetRecord.begin(set_id, exercise), observers)
    try:
        chain.start(stream.about, stream.frame_count)
        end_s, error = _judge(chain, stream.steps, is_stopped)
        findings = Findings(chain.record, stream.about, _provenance(exercise, overrides, model, stream.about))
        return Analysis(findings, stream.warning(), chain.observers.failures, error, end_s)
    except BaseException:
        chain.observers.on_drop()
        raise


def _hear(chain: Chain, update: Update) -> None:
    """What is written down counts as heard."""
    for cue in update.cues:
        chain.played(cue)


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
            _hear(chain, chain.step(frame, tracked))
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
