"""What scoring again changes against what was stored: repetition by repetition, and counted by exercise and fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from formcheck.archive.told import RepTold, SetTold
from formcheck.archive.why import Sides, Why

SCHEMA = "formcheck.archive-diff/1"
Pair = tuple[RepTold | None, RepTold | None]
"""One repetition before and now; None on the side that has none."""


@dataclass(frozen=True, slots=True)
class RepChange:
    """A repetition that is told otherwise."""

    before: RepTold | None
    now: RepTold | None
    what: tuple[str, ...]
    """`gone`, `new`, or which of `verdict`, `faults`, `side`, `not_judged` differ."""
    why: tuple[Why, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "what": list(self.what),
            "before": self.before.as_dict() if self.before else None,
            "now": self.now.as_dict() if self.now else None,
            "why": [why.as_dict() for why in self.why],
        }


@dataclass(frozen=True, slots=True)
class SetChange:
    """A recording, compared with what was stored of it."""

    name: str
    sha256: str
    sides: Sides
    reps: tuple[RepChange, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything is told otherwise."""
        return bool(self.reps)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        before, now = self.sides.before, self.sides.now
        return {
            "recording": self.name,
            "sha256": self.sha256,
            "exercise": self.sides.exercise.name,
            "against": {
                "kind": before.kind,
                "schema": before.schema,
                "app": before.app,
                "models": dict(before.models),
                "settings": dict(before.settings),
            },
            "differs": [why.as_dict() for why in self.sides.origin],
            "before": before.counts,
            "now": now.counts,
            "reps": [rep.as_dict() for rep in self.reps],
        }


def matched(before: Sequence[RepTold], now: Sequence[RepTold], shift_s: float = 0.0) -> list[Pair]:
    """Repetitions of both sides by the time that they share, the longest first; in the order of their beginning.

    Args:
        before: those of before.
        now: those of now.
        shift_s: seconds that are added to the times of before.
    """
    shared = [
        (min(b.end_s + shift_s, n.end_s) - max(b.start_s + shift_s, n.start_s), i, j)
        for i, b in enumerate(before)
        for j, n in enumerate(now)
    ]
    pairs: list[Pair] = []
    left_before, left_now = set(range(len(before))), set(range(len(now)))
    for _, i, j in sorted((each for each in shared if each[0] > 0), key=lambda each: (-each[0], each[1], each[2])):
        if i in left_before and j in left_now:
            left_before.discard(i)
            left_now.discard(j)
            pairs.append((before[i], now[j]))
    pairs += [(before[i], None) for i in left_before] + [(None, now[j]) for j in left_now]
    return sorted(pairs, key=lambda pair: _begin_s(pair, shift_s))


def _begin_s(pair: Pair, shift_s: float) -> tuple[float, bool]:
    before, now = pair
    return (now.start_s, True) if now else (before.start_s + shift_s if before else 0.0, False)


def compare(name: str, sha256: str, sides: Sides, begin_s: float) -> SetChange:
    """A recording, compared with what was stored of it.

    Args:
        name: what it is called.
        sha256: of its bytes.
        sides: both sides.
        begin_s: time of its first picture.
    """
    shift_s = begin_s if sides.before.is_from_begin else 0.0
    found = (_change(pair, sides) for pair in matched(sides.before.reps, sides.now.reps, shift_s))
    return SetChange(name, sha256, sides, tuple(change for change in found if change is not None))


def _change(pair: Pair, sides: Sides) -> RepChange | None:
    before, now = pair
    if before is None or now is None:
        if now is not None:
            return RepChange(None, now, ("new",), tuple(sides.of_lone(now, sides.before)))
        return RepChange(before, None, ("gone",), tuple(sides.of_lone(before, sides.now))) if before else None
    what = differing(before, now)
    return RepChange(before, now, what, tuple(sides.of_rep(before, now))) if what else None


def differing(before: RepTold, now: RepTold) -> tuple[str, ...]:
    """Which of `verdict`, `faults`, `side`, `not_judged` differ; what was not kept before does not."""
    told = before.verdict is not None and now.verdict is not None
    found = {
        "verdict": told and before.verdict != now.verdict,
        "faults": before.faults != now.faults,
        "side": before.side != now.side,
        "not_judged": told and before.not_judged != now.not_judged,
    }
    return tuple(name for name, is_so in found.items() if is_so)


@dataclass(slots=True)
class Tally:
    """What changes in all recordings of one exercise."""

    compared: int = 0
    changed: int = 0
    nothing_stored: int = 0
    alone: Counter[str] = field(default_factory=Counter)
    """Repetitions by verdict, of the recordings of which nothing was stored."""
    before: Counter[str] = field(default_factory=Counter)
    """Repetitions by verdict, of the recordings that could be compared."""
    now: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Repetitions by their verdict before and now; `none` where there was or is none."""
    faults_before: Counter[str] = field(default_factory=Counter)
    faults_now: Counter[str] = field(default_factory=Counter)
    appeared: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    sides: int = 0
    why: Counter[str] = field(default_factory=Counter)
    """Repetitions that are told otherwise, by kind of reason; one may have several."""

    def add(self, change: SetChange) -> None:
        """One more recording."""
        self.compared += 1
        self.changed += change.is_changed
        self.before.update(change.sides.before.counts)
        self.now.update(change.sides.now.counts)
        self.faults_before.update(change.sides.before.faults)
        self.faults_now.update(change.sides.now.faults)
        for rep in change.reps:
            self._add_rep(rep)

    def add_alone(self, now: SetTold) -> None:
        """One more recording of which nothing was stored."""
        self.nothing_stored += 1
        self.alone.update(now.counts)

    def _add_rep(self, rep: RepChange) -> None:
        was, is_now = (_verdict(one) for one in (rep.before, rep.now))
        if was != is_now:
            self.verdicts[was, is_now] += 1
        before, now = (set(one.faults) if one else set() for one in (rep.before, rep.now))
        self.appeared.update(now - before)
        self.gone.update(before - now)
        self.sides += "side" in rep.what
        self.why.update({why.kind for why in rep.why})

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        names = sorted({*self.faults_before, *self.faults_now})
        return {
            "compared": self.compared,
            "changed": self.changed,
            "nothing_stored": self.nothing_stored,
            "not_compared": _counts(self.alone),
            "before": _counts(self.before),
            "now": _counts(self.now),
            "verdicts": [{"before": b, "now": n, "reps": count} for (b, n), count in sorted(self.verdicts.items())],
            "faults": {
                name: {
                    "before": self.faults_before[name],
                    "now": self.faults_now[name],
                    "appeared": self.appeared[name],
                    "gone": self.gone[name],
                }
                for name in names
            },
            "sides": self.sides,
            "why": dict(sorted(self.why.items())),
        }


def _verdict(rep: RepTold | None) -> str:
    return "none" if rep is None else rep.verdict or "unknown"


def _counts(verdicts: Counter[str]) -> dict[str, int]:
    """Repetitions by verdict; `unknown` are those of files that kept none."""
    kinds = {"clean": "clean", "faulty": "faulty", "not_judged": "not-judged", "unknown": "unknown"}
    return {"reps": verdicts.total(), **{name: verdicts[verdict] for name, verdict in kinds.items()}}


def tallied(changes: Iterable[SetChange], alone: Iterable[tuple[str, SetTold]]) -> dict[str, dict[str, Any]]:
    """All recordings, counted by exercise.

    Args:
        changes: those that could be compared.
        alone: exercise of those that could not, and what is told of them now.
    """
    found: dict[str, Tally] = {}
    for change in changes:
        found.setdefault(change.sides.exercise.name, Tally()).add(change)
    for exercise, now in alone:
        found.setdefault(exercise, Tally()).add_alone(now)
    return {name: tally.as_dict() for name, tally in sorted(found.items())}
