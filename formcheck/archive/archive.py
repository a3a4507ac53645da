"""Scores what a source holds, keeps the results, and tells what that changes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from formcheck import __version__
from formcheck.archive.crews import Crew
from formcheck.archive.difference import SCHEMA, SetChange, compare, tallied
from formcheck.archive.engine import Engine
from formcheck.archive.scoring import Scoring
from formcheck.archive.shelf import Shelf
from formcheck.archive.sources import Found, Source
from formcheck.archive.study import Study, Try
from formcheck.archive.told import SetTold, of_analysis
from formcheck.archive.why import Sides
from formcheck.archive.worker import Task
from formcheck.session.provenance import models_in_use
from formcheck.session.registry import Registry


class Progress(Protocol):
    """Whoever shows how it goes on."""

    def __call__(self, done: int, total: int | None) -> None:
        """So many recordings are dealt with."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for."""

    registry: Registry
    exercise: str = ""
    """The only one that is scored; empty for all."""
    overrides: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Settings by exercise."""
    tries: Sequence[Try] = ()
    model: str = "full"
    limit_s: float = 60.0
    """Seconds that one picture may take."""

    def scoring(self, found: Found) -> Scoring:
        """How a recording is scored: by the settings given, over those that its person had."""
        given = {**found.overrides, **self.overrides.get(found.exercise, {})}
        return Scoring(self.registry.get(found.exercise), given, self.model)

    def tries_of(self, found: Found) -> list[Try]:
        """The studies that a recording takes part in, with its own settings."""
        base = self.scoring(found)
        return [replace(one, scoring=base) for one in self.tries if one.scoring.exercise.name == found.exercise]


@dataclass(slots=True)
class Archive:
    """One pass over a source."""

    source: Source
    shelf: Shelf
    order: Order
    crew: Crew
    show: Progress
    is_stopped: Callable[[], object] = lambda: False
    seen: int = 0
    """Recordings that the source held."""
    found: list[Found] = field(default_factory=list)
    """Recordings whose exercise is known, in the order of the source."""
    scored: int = 0
    """Recordings that were scored now."""
    failed: list[dict[str, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    left_out: int = 0
    """Recordings of another exercise than the one that was asked for."""
    _earlier: dict[tuple[str, str], SetTold] = field(default_factory=dict)
    _begun: set[tuple[str, str]] = field(default_factory=set)
    _done: int = 0

    def score(self) -> None:
        """Score what is not there yet.

        Raises:
            FormcheckError: a result can't be written.
        """
        with tempfile.TemporaryDirectory(prefix="formcheck-") as notes:
            engine = Engine(self.crew, self._tasks(notes), self.is_stopped)
            for task, scored in engine.run():
                for key, result in scored.results.items():
                    self.shelf.write(key, result, is_try=key != task.key)
                self.scored += bool(scored.results)
                if scored.reason:
                    self.failed.append({"recording": task.name, "sha256": task.sha256, "reason": scored.reason})
                self._show_next()

    def _show_next(self) -> None:
        self._done += 1
        self.show(self._done, self.source.count)

    def _tasks(self, notes: str) -> Iterator[Task]:
        """What is to be done; what is there, unknown or can't be read is noted meanwhile."""
        for found in self.source.recordings():
            self.seen += 1
            task = self._task(found, notes)
            if task is None:
                self._show_next()
            else:
                yield task

    def _task(self, found: Found, notes: str) -> Task | None:
        if not self._is_asked_for(found):
            return None
        self.found.append(found)
        runs = self._missing(found)
        if (found.sha256, found.exercise) in self._begun or not runs:
            return None
        self._begun.add((found.sha256, found.exercise))
        try:
            data = found.data if self.crew.is_here else found.read()
        except OSError as error:
            self._fail(found, f"{found.name} can't be read ({error.strerror}).")
            return None
        return Task(
            found.name,
            str(found.path or ""),
            found.sha256,
            found.exercise,
            self.order.scoring(found).key,
            runs,
            self.order.model,
            self.order.limit_s,
            data if found.path is None or found.path.suffix.lower() == ".npz" else None,
            notes if self.crew.is_here else "",
        )

    def _is_asked_for(self, found: Found) -> bool:
        """Whether a recording can be scored and is to be; what stands against it is noted."""
        if found.reason:
            self._fail(found, found.reason)
        elif not found.exercise:
            self.unknown.append(found.name)
        elif self.order.exercise not in ("", found.exercise):
            self.left_out += 1
        elif found.exercise not in self.order.registry.exercises:
            self._fail(found, f"{found.name} is of the exercise {found.exercise!r}, which is not installed.")
        else:
            return self._makes_sense(found)
        return False

    def _makes_sense(self, found: Found) -> bool:
        """Whether the settings that were kept with a recording make sense to this version."""
        try:
            self.order.scoring(found).settings  # noqa: B018 - asked for its errors only
        except ValueError as error:
            self._fail(found, f"{found.name}: of the settings kept with it, {error}")
            return False
        return True

    def _fail(self, found: Found, reason: str) -> None:
        self.failed.append({"recording": found.name, "sha256": found.sha256, "reason": reason})

    def _missing(self, found: Found) -> dict[str, dict[str, object]]:
        """The ways to score a recording that have no result yet, by key."""
        base = self.order.scoring(found)
        before = self.shelf.earlier(found.sha256, found.exercise, base.key)
        if before is not None:
            told = of_analysis(before["findings"], "archive", before["levels"])
            self._earlier[found.sha256, found.exercise] = told
        runs = {} if self.shelf.has(found.sha256, base.key) else {base.key: dict(base.overrides)}
        for one in self.order.tries_of(found):
            runs |= {k: v for k, v in one.runs().items() if not self.shelf.has(found.sha256, k, is_try=True)}
        return runs

    def difference(self) -> dict[str, Any]:
        """What changes, as `formcheck.archive-diff/1`."""
        changes: list[SetChange] = []
        alone: list[tuple[str, SetTold]] = []
        warnings: list[dict[str, str]] = []
        studies = [Study(one) for one in self.order.tries]
        for found in self.found:
            told = self._told(found, self.order.scoring(found).key)
            if told is None:
                continue
            now, begin_s, warning = told
            if warning:
                warnings.append({"recording": found.name, "warning": warning})
            before = found.before or self._earlier.get((found.sha256, found.exercise))
            if before is None:
                alone.append((found.exercise, now))
            else:
                scoring = self.order.scoring(found)
                sides = Sides.of(scoring.exercise, before, now, scoring.overrides)
                changes.append(compare(found.name, found.sha256, sides, begin_s))
            self._study(found, now, studies)
        return self._as_dict(changes, alone, studies) | {"warnings": warnings}

    def _told(self, found: Found, key: str) -> tuple[SetTold, float, str] | None:
        """What a result tells, the time of its first picture, and what is wrong with its file."""
        result = self.shelf.read(found.sha256, key)
        if result is None:
            return None
        told = of_analysis(result["findings"], "archive", result["levels"])
        return told, float(result["begin_s"] or 0.0), str(result["warning"])

    def _study(self, found: Found, now: SetTold, studies: Sequence[Study]) -> None:
        own = iter(self.order.tries_of(found))
        for study in studies:
            if study.asked.scoring.exercise.name != found.exercise:
                continue
            one = next(own)
            told = [self._told(found, one.scored_by(value).key) for value in one.values]
            if all(told):
                study.add(found.name, now, [each[0] for each in told if each is not None])

    def _as_dict(
        self, changes: Sequence[SetChange], alone: Sequence[tuple[str, SetTold]], studies: Sequence[Study]
    ) -> dict[str, Any]:
        scored = len(changes) + len(alone)
        return {
            "schema": SCHEMA,
            "app": __version__,
            "models": models_in_use(self.order.model),
            "settings": {name: dict(values) for name, values in self.order.overrides.items()},
            "recordings": {
                "found": self.seen,
                "scored": scored,
                "failed": len(self.failed),
                "unknown_exercise": len(self.unknown),
                "left_out": self.left_out,
                "compared": len(changes),
                "changed": sum(change.is_changed for change in changes),
            },
            "exercises": tallied(changes, alone),
            "changes": [change.as_dict() for change in changes if change.is_changed],
            "failed": sorted(self.failed, key=lambda each: each["recording"]),
            "unknown_exercise": sorted(self.unknown),
            "tries": [study.as_dict() for study in studies],
        }
