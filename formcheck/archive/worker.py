"""What a worker does: one recording in, its results out. Light to load; a video alone brings camera and tracker."""

from __future__ import annotations

import io
import math
import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formcheck import __version__
from formcheck.archive.levels import Levels
from formcheck.archive.watchdog import Watchdog
from formcheck.core.body.tracked import Tracked
from formcheck.core.rules.setting import Settings
from formcheck.pipeline.judged import Analysis, Step, Stream, judge, pose_stream
from formcheck.pipeline.observers import Observer
from formcheck.pose.recording import Recording
from formcheck.session.record import plain
from formcheck.session.registry import load_exercises
from formcheck.session.set import Update
from formcheck.system.errors import FormcheckError

if TYPE_CHECKING:  # a pose stream is scored without loading the tracker
    from formcheck.pose import Picturelike

SCHEMA = "formcheck.archive-result/1"


@dataclass(frozen=True, slots=True)
class Task:
    """One recording, and all the ways in which it is to be scored."""

    name: str
    """What it is called in sentences."""
    path: str
    """Where it lies; empty where `data` is all there is."""
    sha256: str
    exercise: str
    key: str
    """Of the result that the settings in force give; the others are tries."""
    runs: dict[str, dict[str, object]]
    """Settings that were given, by the key of the result."""
    model: str = "full"
    limit_s: float = 60.0
    """Seconds that one picture may take."""
    data: bytes | None = None
    """Its bytes, where the worker can't read them itself."""
    notes: str = ""
    """A folder of this machine for the watchdog's notes; empty where worker and machine may differ."""

    @property
    def note(self) -> Path | None:
        """The file that the watchdog leaves behind."""
        return Path(self.notes) / self.sha256 if self.notes else None


@dataclass(frozen=True, slots=True)
class Scored:
    """What became of a task."""

    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By key."""
    reason: str = ""
    """Why there is no result, as one sentence; empty where there is."""
    is_stopped: bool = False
    """Whether somebody asked to stop before its end: it is as if it had not begun."""


_stop: list[Event] = []


def begin(stop: Event) -> None:
    """A worker of a pool begins: it hears of a stop by an event, and ends with the process that made it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal; the first one decides
    _stop[:] = [stop]
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def about() -> tuple[str, tuple[str, ...]]:
    """The version and the exercises of this worker."""
    return __version__, tuple(load_exercises().exercises)


def work(task: Task) -> Scored:
    """Score one recording; whatever it breaks by is a reason, not an error."""
    try:
        with Watchdog(task.limit_s, task.note) as watchdog, _opened(task) as stream:
            return _scored(task, stream, watchdog)
    except FormcheckError as error:
        return Scored(reason=_named(task, str(error)))
    except MemoryError:
        return Scored(reason=f"{task.name} needs more memory than there is.")
    except Exception as error:  # noqa: BLE001 - one recording must not cost the others
        return Scored(reason=f"{task.name} broke off by a mistake of FormCheck's own ({type(error).__name__}).")


@contextmanager
def _opened(task: Task) -> Iterator[Stream]:
    exercise = load_exercises().get(task.exercise)
    if task.data is not None:
        yield pose_stream(Recording(Path(task.name), io.BytesIO(task.data)), exercise, "")
    elif task.path.lower().endswith(".npz"):
        yield pose_stream(Recording(Path(task.path)), exercise, "")
    else:
        from formcheck.pipeline.recorded import open_stream

        with open_stream(task.path, exercise, task.model) as stream:
            yield stream


def _scored(task: Task, stream: Stream, watchdog: Watchdog) -> Scored:
    """All runs of a stream; where there are several, what was seen is kept and not seen anew."""
    seen = [tracked for _, tracked in watchdog.each(stream.steps)] if len(task.runs) > 1 else None
    results: dict[str, dict[str, Any]] = {}
    for key in task.runs:
        steps = watchdog.each(stream.steps if seen is None else _again(seen))
        found = _run(task, key, replace(stream, steps=steps))
        if not found.results:
            return found
        results |= found.results
    return Scored(results)


def _again(seen: list[Tracked]) -> Generator[Step, None, None]:
    return ((None, tracked) for tracked in seen)


def _run(task: Task, key: str, stream: Stream) -> Scored:
    registry, overrides = load_exercises(), task.runs[key]
    exercise = registry.get(task.exercise)
    if task.exercise in registry.guards:
        registry.guards[task.exercise].failures.clear()  # a result is of this recording, not of those before it
    levels, begin = Levels(), _Begin()
    found = judge(
        stream,
        levels.tapped(exercise),
        overrides=overrides,
        model=task.model,
        observers=[begin],
        is_stopped=_is_stopped,
    )
    if found.error is not None:
        return Scored(reason=_broken(task, found.end_s, found.error))
    if found.is_stopped:
        return Scored(is_stopped=True)
    record, settings = found.findings.record, Settings(exercise.all_settings, overrides)
    by_rep = {str(rep.index): levels.of(rep, exercise, settings) for rep in record.reps}
    return Scored({key: _result(task, found, begin.t_s, by_rep)})


class _Begin(Observer):
    """When the first picture was taken, seconds."""

    t_s = math.nan

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        if math.isnan(self.t_s):
            self.t_s = tracked.t_s


def _result(task: Task, found: Analysis, begin_s: float, levels: dict[str, dict[str, float]]) -> dict[str, Any]:
    """A result, which says nothing of where its recording lies or when it was scored: the same again is the same."""
    findings = found.findings.as_dict()
    findings["source"]["path"] = ""
    findings["amendments"] = [{**one, "set_id": ""} for one in findings["amendments"]]
    failed = findings["provenance"]["failed_rules"]
    findings["provenance"]["failed_rules"] = {n: rules for n, rules in failed.items() if n == task.exercise}
    result: dict[str, Any] = plain(
        {
            "schema": SCHEMA,
            "sha256": task.sha256,
            "exercise": task.exercise,
            "warning": found.warning.replace(task.path, "The file") if task.path else found.warning,
            "begin_s": round(begin_s, 3),
            "levels": levels,
            "findings": findings,
        }
    )
    return result


def _named(task: Task, text: str) -> str:
    """A sentence that calls the recording by its name rather than by where it lies."""
    return text.replace(task.path, task.name) if task.path else text


def _broken(task: Task, end_s: float, error: Exception) -> str:
    if isinstance(error, FormcheckError):
        return _named(task, str(error))
    return f"{task.name} broke off at {end_s:.1f} s by a mistake of FormCheck's own ({type(error).__name__})."


def _is_stopped() -> bool:
    return bool(_stop) and _stop[0].is_set()
