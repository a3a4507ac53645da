"""What a set was: the one reducer from events to repetitions, verdicts and counts. Pure.

Events are kept as they came. What is shown is a fold over them and over later amendments (`session.fold`): a repetition
that somebody has corrected counts as corrected, and its original stays. Nothing else in the program counts repetitions.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from formcheck.core.coach.bout import metrics_of
from formcheck.core.feedback.phrases import verdicts_text
from formcheck.core.rules.events import (
    AttemptEnded,
    BackWithdrawn,
    BoutEnded,
    Clock,
    Cue,
    Event,
    FaultAmended,
    FaultEnded,
    PersonChanged,
    ReachSuggested,
    RepAdded,
    RepAmended,
    RepCompleted,
    SettingsChanged,
    TimesDoubt,
    TimesDoubted,
    UnseenEnded,
)
from formcheck.core.rules.exercise import Exercise, Rule
from formcheck.session import fold
from formcheck.session.fold import Amendment, Pause, RepLine

if TYPE_CHECKING:  # programs are read with pydantic, which a set that is only judged does without
    from formcheck.session.program import PlannedSet

Outcome = Literal["done", "skipped", "stopped", "hurt", "restarted", "interrupted"]
"""How a set ended; `interrupted`: by something that nobody wanted, or not yet."""
BreakOff = Literal["pain", "too-tired", "no-time", "other"]
"""Why somebody broke off."""

UNITS_A_SECOND = 10_000


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

    @property
    def in_words(self) -> str:
        """By verdict, e.g. "4 clean · 1 with a fault · 2 I could not judge"; what there is none of is left out."""
        return verdicts_text(self.clean, self.faulty, self.not_judged)

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
    started_s: float = 0.0
    """When it began, on the clock of its pictures; 0 in a recording, whose times are its own."""
    outcome: Outcome = "interrupted"
    why: BreakOff | None = None
    events: list[Event] = field(default_factory=list)
    cues: list[Cue] = field(default_factory=list)
    first_person: int = 0
    """Who was followed before it began."""
    asked: tuple[int, bool] | None = None
    """Repetitions that were asked for, and whether of each side, in a set of no program; None: no number was."""
    _side_on: Counter[int] = field(default_factory=Counter)
    """Pictures by whole degrees off side-on."""
    _intervals: Counter[int] = field(default_factory=Counter)
    """Distances of two pictures, in whole tenths of a millisecond."""
    _t_s: float = math.nan

    @classmethod
    def begin(
        cls,
        set_id: str,
        exercise: Exercise,
        *,
        planned: PlannedSet | None = None,
        started_utc: str | None = None,
        started_s: float = 0.0,
        first_person: int = 0,
        asked: tuple[int, bool] | None = None,
    ) -> SetRecord:
        """The record of a set that begins; until it is finished it counts as interrupted."""
        return cls(set_id, exercise, planned, started_utc, started_s, first_person=first_person, asked=asked)

    @property
    def target_reps(self) -> int | None:
        """Repetitions that were asked for at last, of all sides; None where no number was."""
        changed = [change.settings["reps"] for change in self.settings_changes if "reps" in change.settings]
        if self.planned is not None:
            per_side = self.planned.total_reps // self.planned.reps
            return round(changed[-1]) * per_side if changed else self.planned.total_reps
        asked = round(changed[-1]) if changed else self.asked and self.asked[0]
        return asked and asked * (2 if self.asked and self.asked[1] else 1)

    def add(self, events: Iterable[Event]) -> None:
        """Take in what was found, or amended."""
        self.events += events

    def note_view(self, side_on_deg: float) -> None:
        """One picture: degrees off side-on (0); NaN = unknown."""
        if math.isfinite(side_on_deg):
            self._side_on[round(side_on_deg)] += 1

    def note_time(self, t_s: float) -> None:
        """One picture, at this time."""
        if t_s > self._t_s:
            self._intervals[round(UNITS_A_SECOND * (t_s - self._t_s))] += 1
        self._t_s = t_s if math.isfinite(t_s) else self._t_s

    @property
    def tallies(self) -> tuple[Mapping[int, int], Mapping[int, int]]:
        """Pictures by whole degrees off side-on, and distances of two pictures by tenths of a millisecond."""
        return self._side_on, self._intervals

    def restore_tallies(self, views: Mapping[int, int], intervals: Mapping[int, int]) -> None:
        """Take what `tallies` gave, for a record that is read again."""
        self._side_on, self._intervals = Counter(views), Counter(intervals)

    def finish(self, outcome: Outcome, why: BreakOff | None = None) -> None:
        """The set is over."""
        self.outcome, self.why = outcome, why

    # -- the fold ----------------------------------------------------------------------------------------------

    @property
    def end_s(self) -> float:
        """When the last thing happened, seconds of the recording; 0 before anything has."""
        return max((event.t_s for event in self.events), default=0.0)

    @property
    def reps(self) -> list[RepLine]:
        """The repetitions that count, in their order, as amended."""
        return [rep for rep in self.all_reps if rep.is_counted]

    @property
    def all_reps(self) -> list[RepLine]:
        """Every repetition that the coach counted or somebody added, as amended; what was taken back is marked."""
        return fold.reps_of(self.events)

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
    def fault_spans(self) -> list[FaultEnded]:
        """Every fault in the order of its beginning, those of attempts too, without those that were amended away."""
        return fold.faults_of(self.events)

    @property
    def faults(self) -> Counter[str]:
        """In how many repetitions that count (or bouts) each fault was seen, as amended."""
        return fold.fault_counts(self.events)

    @property
    def most_seen_fault(self) -> tuple[Rule, int] | None:
        """The fault that was seen in most repetitions, and in how many; None if there was none."""
        found = self.faults
        rules = [rule for rule in self.exercise.all_faults if found[rule.name]]
        worst = max(rules, key=lambda rule: (found[rule.name], rule.severity), default=None)
        return None if worst is None else (worst, found[worst.name])

    @property
    def hold_total_s(self) -> float:
        """Seconds of good holds of the repetitions that count."""
        return sum(rep.hold_s for rep in self.reps if not rep.is_added)

    @property
    def unseen(self) -> list[UnseenEnded]:
        """Spans in which a part could not be seen; one that never ended does so with the last event."""
        return fold.unseen_of(self.events, self.end_s)

    @property
    def pauses(self) -> list[Pause]:
        """Spans in which the person had left the exercise."""
        return fold.pauses_of(self.events, self.end_s)

    @property
    def judged_share(self) -> dict[str, float]:
        """For each body part that a fault needs: the share (0..1) in which it was judged, mean of what counts."""
        return fold.judged_share_of(self.events, self.exercise)

    @property
    def not_judged_parts(self) -> Counter[str]:
        """Parts that could not be judged, and in how many repetitions."""
        return Counter(part for rep in self.reps for part in rep.not_judged if rep.verdict != "clean")

    @property
    def side_on_deg(self) -> float | None:
        """How far the view was off side-on, degrees (median of all pictures); None where it was never known."""
        seen = sorted(self._side_on.elements())
        return float(seen[len(seen) // 2]) if seen else None

    @property
    def judged_fps(self) -> tuple[float | None, float | None]:
        """Pictures a second by which it was judged: the median, and of the slowest twentieth; None = unknown."""
        intervals = sorted(self._intervals.elements())
        if not intervals:
            return None, None
        usual, slow = (max(intervals[int(share * (len(intervals) - 1))], 1) for share in (0.5, 0.95))
        return round(UNITS_A_SECOND / usual, 1), round(UNITS_A_SECOND / slow, 1)

    @property
    def not_borne(self) -> dict[str, Clock]:
        """Faults that the pictures' times did not bear in some repetition or bout, and why (`rate`, `times`)."""
        ended = [e for e in self.events if isinstance(e, (RepCompleted, BoutEnded))]
        return {name: why for event in ended for name, why in sorted(event.why_not_judged.items())}

    @property
    def times_doubt(self) -> TimesDoubt | None:
        """Why the pictures' times are not those of the movement; None where nothing says so."""
        return next((event.reason for event in self.events if isinstance(event, TimesDoubted)), None)

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
        return tuple((m.title, m.in_words(v)) for m, v in known)

    @property
    def person_changes(self) -> list[PersonChanged]:
        """When somebody else began to exercise."""
        return [e for e in self.events if isinstance(e, PersonChanged)]

    @property
    def person(self) -> int:
        """Who was followed last, by number."""
        changes = self.person_changes
        return changes[-1].person if changes else self.first_person

    @property
    def suggestions(self) -> list[ReachSuggested]:
        """What the person may change."""
        return [e for e in self.events if isinstance(e, ReachSuggested)]

    @property
    def settings_changes(self) -> list[SettingsChanged]:
        """Settings that were changed while the set went on."""
        return [e for e in self.events if isinstance(e, SettingsChanged)]

    @property
    def amendments(self) -> list[Amendment]:
        """What somebody has corrected, or the coach itself, in order."""
        return [e for e in self.events if isinstance(e, (RepAdded, RepAmended, FaultAmended, BackWithdrawn))]

    # -- as JSON -----------------------------------------------------------------------------------------------

    def as_dict(self) -> dict[str, Any]:
        """The set as plain JSON-ready values; what is unknown is null, and what a person typed is left out.

        Times are seconds from the beginning of the set.
        """
        planned, counts, began_s = self.planned, self.counts, self.started_s
        named = {*(name for name, n in self.faults.items() if n), *(attempt.reason for attempt in self.attempts)}
        return {
            "set_id": self.set_id,
            "exercise": self.exercise.name,
            "title": self.exercise.title,
            "set": planned.number if planned else 1,
            "side": planned.side if planned else None,
            "outcome": self.outcome,
            "why": self.why,
            "started_utc": self.started_utc,
            "target_reps": self.target_reps,
            "target_hold_s": (planned.hold_s if planned else self.exercise.hold_s()) or None,
            "length_s": round(max(self.end_s - began_s, 0.0), 1),
            "reps": [_rep_as_dict(rep, began_s) for rep in self.reps],
            "taken_back": [_rep_as_dict(rep, began_s) for rep in self.all_reps if not (rep.is_counted or rep.is_added)],
            "attempts": [attempt_as_dict(attempt, began_s) for attempt in self.attempts],
            "clean_reps": counts.clean,
            "faulty_reps": counts.faulty,
            "not_judged_reps": counts.not_judged,
            "judged_share": self.judged_share,
            "hold_total_s": round(self.hold_total_s, 2),
            "faults": dict(sorted(self.faults.items())),
            "fault_words": {r.name: _words_of(r) for r in self.exercise.all_faults if r.name in named},
            "fault_spans": [_fault_as_dict(fault, began_s) for fault in self.fault_spans],
            "unseen": sorted({span.part for span in self.unseen}),
            "unseen_spans": [_unseen_as_dict(span, began_s) for span in self.unseen],
            "person_changes_s": [round(e.t_s - began_s, 3) for e in self.person_changes],
            "side_on_deg": self.side_on_deg,
            "rate": self.rate_as_dict(),
            "suggestions": [suggestion_as_dict(suggestion) for suggestion in self.suggestions],
            "measured": dict(self.lines),
            "settings_changes": [_without_typed(change, began_s) for change in self.settings_changes],
            "amendments": [_without_typed(amendment, began_s) for amendment in self.amendments],
        }

    def rate_as_dict(self) -> dict[str, Any]:
        """How fast pictures came, and what that did not bear."""
        median, p5 = self.judged_fps
        return {"median_fps": median, "p5_fps": p5, "not_borne": self.not_borne, "times_doubt": self.times_doubt}


def _without_typed(event: Event, began_s: float) -> dict[str, Any]:
    """An event of a set that began then, without what the person who caused it typed: who it was, and why."""
    event = replace(event, t_s=event.t_s - began_s)
    if isinstance(event, BackWithdrawn):
        event = replace(event, since_s=event.since_s - began_s)
    return {key: value for key, value in event.wire().items() if key not in ("by", "why")}


def _words_of(rule: Rule) -> dict[str, Any]:
    """What a fault is called and what is said about it, for whoever reads the record without the exercise."""
    return {"short": rule.short or rule.name, "cue": rule.cue, "severity": rule.severity, "parts": list(rule.parts)}


def suggestion_as_dict(suggestion: ReachSuggested) -> dict[str, Any]:
    """A shorter reach."""
    names = ("fault", "setting", "value", "unit", "times")
    return {name: plain(getattr(suggestion, name)) for name in names}


def _fault_as_dict(fault: FaultEnded, began_s: float) -> dict[str, Any]:
    return {
        "name": fault.name,
        "start_s": round(fault.onset_s - began_s, 3),
        "end_s": round(fault.t_s - began_s, 3),
        "severity": fault.severity,
        "magnitude": plain(fault.magnitude),
        "unit": fault.unit,
    }


def _unseen_as_dict(span: UnseenEnded, began_s: float) -> dict[str, Any]:
    start_s, end_s = round(span.start_s - began_s, 3), round(span.t_s - began_s, 3)
    return {"part": span.part, "start_s": start_s, "end_s": end_s, "advice": span.advice}


def _told(rep: RepLine) -> dict[str, Any] | None:
    """What the coach told of a repetition that is now held to be something else; nothing of one that was added."""
    if rep.is_added or not rep.is_amended:
        return None
    return {"side": rep.original.side, "verdict": rep.original.verdict, "faults": list(rep.original.faults)}


def _rep_as_dict(rep: RepLine, began_s: float) -> dict[str, Any]:
    return {
        "index": rep.index,
        "start_s": plain(round(rep.start_s - began_s, 3)),
        "peak_s": plain(round(rep.peak_s - began_s, 3)),
        "end_s": None if rep.is_added else round(rep.end_s - began_s, 3),
        "side": rep.side,
        "verdict": rep.verdict,
        "not_judged": list(rep.not_judged),
        "judged": plain(rep.judged),
        "reach": plain(rep.rom_fraction),
        "back_t": plain(rep.back_change_tl),
        "back_deg": plain(rep.back_change_deg),
        "back_sd_deg": plain(rep.back_change_sd_deg),
        "out_s": plain(rep.measures.get("out_s", math.nan)),
        "hold_s": plain(round(rep.hold_s, 2)),
        "faults": list(rep.faults),
        "told": _told(rep),
        "is_added": rep.is_added,
    }


def attempt_as_dict(attempt: AttemptEnded, began_s: float = 0.0) -> dict[str, Any]:
    """A movement that did not count, with its times from `began_s`."""
    start_s, end_s = round(attempt.start_s - began_s, 3), round(attempt.t_s - began_s, 3)
    return {"start_s": start_s, "end_s": end_s, "side": attempt.side, "reason": attempt.reason}


def plain(value: Any) -> Any:
    """JSON-ready: numbers with 4 decimals, those that are none become null, in whatever they stand."""
    if isinstance(value, float):
        return round(value, 4) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return value
