"""What a set was: the one reducer from events to repetitions, verdicts and counts. Pure.

Events are kept as they came. What is shown is a fold over them and over later amendments: a repetition that somebody
has corrected counts as corrected, and its original stays. Nothing else in the program counts repetitions.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from formcheck.core.body.pose import Side
from formcheck.core.coach.bout import metrics_of
from formcheck.core.rules.events import (
    AttemptEnded,
    BoutEnded,
    Cue,
    Event,
    FaultAmended,
    FaultEnded,
    FaultStarted,
    ReachSuggested,
    RepAmended,
    RepCompleted,
    SettingsChanged,
    UnseenEnded,
    UnseenStarted,
    Verdict,
)
from formcheck.core.rules.exercise import Exercise, Rule
from formcheck.session.program import PlannedSet

Outcome = Literal["done", "skipped", "stopped", "hurt", "restarted", "interrupted"]
"""How a set ended; `interrupted`: by something that nobody wanted, or not yet."""
BreakOff = Literal["pain", "too-tired", "no-time", "other"]
"""Why somebody broke off."""


@dataclass(frozen=True, slots=True)
class RepLine:
    """One repetition as it is shown: the coach's, with what was amended."""

    original: RepCompleted
    index: int
    side: Side | None
    verdict: Verdict
    faults: tuple[str, ...]
    is_counted: bool = True
    amendments: tuple[RepAmended, ...] = ()

    @property
    def rom_fraction(self) -> float:
        """Furthest reach, share of the range that counts; NaN = unknown."""
        return self.original.measures.get("rom_fraction", math.nan)

    @property
    def back_change_tl(self) -> float:
        """The back's largest change within the repetition, torso lengths, positive = more arched; NaN = unknown."""
        return self.original.measures.get("back_change_tl", math.nan)


@dataclass(frozen=True, slots=True)
class Counts:
    """Repetitions that count, by verdict."""

    clean: int = 0
    faulty: int = 0
    not_judged: int = 0

    @property
    def reps(self) -> int:
        """All of them."""
        return self.clean + self.faulty + self.not_judged

    def __add__(self, more: Counts) -> Counts:
        return Counts(self.clean + more.clean, self.faulty + more.faulty, self.not_judged + more.not_judged)


@dataclass(slots=True)
class SetRecord:
    """One set while it goes on, and after it."""

    set_id: str
    exercise: Exercise
    planned: PlannedSet | None = None
    started_utc: str | None = None
    """ISO 8601; None in a recording."""
    outcome: Outcome = "interrupted"
    why: BreakOff | None = None
    events: list[Event] = field(default_factory=list)
    cues: list[Cue] = field(default_factory=list)

    @classmethod
    def begin(
        cls,
        set_id: str,
        exercise: Exercise,
        *,
        planned: PlannedSet | None = None,
        started_utc: str | None = None,
    ) -> SetRecord:
        """The record of a set that begins; until it is finished it counts as interrupted."""
        return cls(set_id, exercise, planned, started_utc)

    def add(self, events: Iterable[Event]) -> None:
        """Take in what was found, or amended."""
        self.events += events

    def finish(self, outcome: Outcome, why: BreakOff | None = None) -> None:
        """The set is over."""
        self.outcome, self.why = outcome, why

    # -- the fold ----------------------------------------------------------------------------------------------

    @property
    def reps(self) -> list[RepLine]:
        """The repetitions that count, in their order, as amended."""
        return [rep for rep in self.all_reps if rep.is_counted]

    @property
    def all_reps(self) -> list[RepLine]:
        """Every repetition that the coach counted, as amended; those that were taken back are marked."""
        lines: dict[int, RepLine] = {}
        for event in self.events:
            if isinstance(event, RepCompleted):
                lines[event.seq] = RepLine(event, event.index, event.side, event.verdict, event.faults)
            elif isinstance(event, RepAmended) and event.of_seq in lines and event.now is not None:
                now, line = event.now, lines[event.of_seq]
                lines[event.of_seq] = replace(
                    line, side=now.side, verdict=now.verdict, faults=now.faults, is_counted=now.is_counted,
                    amendments=(*line.amendments, event),
                )  # fmt: skip
            elif isinstance(event, FaultAmended) and event.rep is not None:
                _amend_fault(lines, event)
        return list(lines.values())

    @property
    def counts(self) -> Counts:
        """Repetitions that count, by verdict."""
        verdicts = Counter(rep.verdict for rep in self.reps)
        return Counts(verdicts["clean"], verdicts["faulty"], verdicts["not-judged"])

    @property
    def attempts(self) -> list[AttemptEnded]:
        """Movements that began and did not count."""
        return [e for e in self.events if isinstance(e, AttemptEnded)]

    @property
    def faults(self) -> Counter[str]:
        """How often each fault was confirmed, as amended."""
        found = Counter(e.name for e in self.events if isinstance(e, FaultStarted))
        for event in self.events:
            if isinstance(event, FaultAmended):
                found[event.name] += int(event.now) - int(event.was)
        return +found

    @property
    def hold_total_s(self) -> float:
        """Seconds of good holds of the repetitions that count."""
        return sum(rep.original.hold_s for rep in self.reps)

    @property
    def unseen(self) -> list[UnseenEnded]:
        """Spans in which a part could not be seen; one that never ended does so with the last event."""
        ended = [e for e in self.events if isinstance(e, UnseenEnded)]
        closed = {(e.part, e.t_s) for e in ended}
        last_s = self.events[-1].t_s if self.events else 0.0
        open_ones = [
            UnseenEnded(last_s, e.part, e.advice, e.t_s)
            for e in self.events
            if isinstance(e, UnseenStarted) and not any(p == e.part and end_s >= e.t_s for p, end_s in closed)
        ]
        return ended + open_ones

    @property
    def judged_share(self) -> dict[str, float]:
        """For each part of the body that a fault needs: share of the time, over all repetitions, that it was judged.

        Of several faults that need a part the one that was judged least counts.
        """
        parts: dict[str, list[float]] = {}
        for rep in self.reps:
            least: dict[str, float] = {}
            for rule in self.exercise.all_faults:
                share = rep.original.judged.get(rule.name)
                for part in rule.parts if share is not None else ():
                    least[part] = min(least.get(part, 1.0), share or 0.0)
            for part, share in least.items():
                parts.setdefault(part, []).append(share)
        return {part: round(sum(shares) / len(shares), 3) for part, shares in sorted(parts.items())}

    @property
    def not_judged_parts(self) -> Counter[str]:
        """Parts that could not be judged, and in how many repetitions."""
        return Counter(part for rep in self.reps for part in rep.original.not_judged if rep.verdict != "clean")

    @property
    def metrics(self) -> dict[str, Any]:
        """What the longest bout measured; nothing for an exercise that counts repetitions."""
        if self.exercise.bout is None:
            return {}
        bouts = [e for e in self.events if isinstance(e, BoutEnded)]
        longest = max(bouts, key=lambda e: e.end_s - e.start_s, default=None)
        return longest.metrics if longest else metrics_of(self.exercise.bout, None)

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """The bout's quantities that are known, as a title and a text such as "9.8 cm"."""
        bout, details = self.exercise.bout, self.metrics.get("details", {})
        if bout is None:
            return ()
        known = [
            (m, details[m.name]["value"]) for m in bout.metrics if details.get(m.name, {}).get("value") is not None
        ]
        return tuple((m.title, f"{v:.{m.decimals}f} {m.unit}".replace(" deg", "°")) for m, v in known)

    @property
    def suggestions(self) -> list[ReachSuggested]:
        """What the person may change."""
        return [e for e in self.events if isinstance(e, ReachSuggested)]

    @property
    def settings_changes(self) -> list[SettingsChanged]:
        """Settings that were changed while the set went on."""
        return [e for e in self.events if isinstance(e, SettingsChanged)]

    @property
    def ended_faults(self) -> list[FaultEnded]:
        """Ended faults in the order of their beginning; one that was never ended ends when it was confirmed."""
        ended = [e for e in self.events if isinstance(e, FaultEnded)]
        known = {(e.name, e.onset_s) for e in ended}
        ended += [
            FaultEnded(e.t_s, e.name, e.onset_s, e.severity, e.magnitude, e.unit)
            for e in self.events
            if isinstance(e, FaultStarted) and (e.name, e.onset_s) not in known
        ]
        return sorted(ended, key=lambda e: (e.onset_s, e.name))

    @property
    def most_seen_fault(self) -> tuple[Rule, int] | None:
        """The fault that was confirmed most often, and how often; None if there was none."""
        found = self.faults
        rules = [rule for rule in self.exercise.all_faults if found[rule.name]]
        worst = max(rules, key=lambda rule: (found[rule.name], rule.severity), default=None)
        return None if worst is None else (worst, found[worst.name])

    def as_dict(self) -> dict[str, Any]:
        """The set as plain JSON-ready values; what is unknown is null."""
        planned, counts = self.planned, self.counts
        return {
            "set_id": self.set_id,
            "exercise": self.exercise.name,
            "set": planned.number if planned else 1,
            "side": planned.side if planned else None,
            "outcome": self.outcome,
            "why": self.why,
            "started_utc": self.started_utc,
            "target_reps": planned.total_reps if planned else None,
            "reps": [rep_as_dict(rep) for rep in self.reps],
            "attempts": [attempt_as_dict(attempt) for attempt in self.attempts],
            "clean_reps": counts.clean,
            "faulty_reps": counts.faulty,
            "not_judged_reps": counts.not_judged,
            "judged_share": self.judged_share,
            "hold_total_s": round(self.hold_total_s, 2),
            "faults": dict(sorted(self.faults.items())),
            "unseen": sorted({span.part for span in self.unseen}),
            "measured": dict(self.lines),
            "settings_changes": [change.wire() for change in self.settings_changes],
            "amendments": [e.wire() for e in self.events if isinstance(e, (RepAmended, FaultAmended))],
        }


def _amend_fault(lines: dict[int, RepLine], event: FaultAmended) -> None:
    """A fault that was none, or one that the coach had not seen, in the repetition it belongs to."""
    seq, line = next(((seq, line) for seq, line in lines.items() if line.index == event.rep), (None, None))
    if seq is None or line is None:
        return
    others = tuple(name for name in line.faults if name != event.name)
    faults = tuple(sorted((*others, event.name))) if event.now else others
    unjudged: Verdict = "not-judged" if line.original.not_judged else "clean"
    lines[seq] = replace(line, faults=faults, verdict="faulty" if faults else unjudged)


def rep_as_dict(rep: RepLine) -> dict[str, Any]:
    """A repetition of a session's record."""
    event = rep.original
    return {
        "index": rep.index,
        "side": rep.side,
        "verdict": rep.verdict,
        "not_judged": list(event.not_judged),
        "judged": plain(event.judged),
        "reach": plain(round(rep.rom_fraction, 3)) if not math.isnan(rep.rom_fraction) else None,
        "back_t": plain(rep.back_change_tl),
        "hold_s": round(event.hold_s, 2),
        "faults": list(rep.faults),
    }


def attempt_as_dict(attempt: AttemptEnded) -> dict[str, Any]:
    """A movement that did not count."""
    start_s, end_s = round(attempt.start_s, 3), round(attempt.t_s, 3)
    return {"start_s": start_s, "end_s": end_s, "side": attempt.side, "reason": attempt.reason}


def plain(value: Any) -> Any:
    """JSON-ready: numbers that are none become null, in whatever they stand."""
    if isinstance(value, float):
        return round(value, 4) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return value
