"""What a list of events says, with later amendments folded in. Pure functions; the events stay as they are."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from formcheck.core.body.pose import Side
from formcheck.core.rules.events import (
    Armed,
    BackWithdrawn,
    BoutEnded,
    BoutStarted,
    Event,
    FaultAmended,
    FaultEnded,
    FaultStarted,
    Paused,
    RepAdded,
    RepAmended,
    RepCompleted,
    RepState,
    UnseenEnded,
    UnseenStarted,
    Verdict,
)
from formcheck.core.rules.exercise import Exercise

Amendment = RepAdded | RepAmended | FaultAmended | BackWithdrawn
"""An event that corrects earlier ones: by a person, or by the coach itself."""


@dataclass(frozen=True, slots=True)
class RepLine:
    """One repetition as it is shown: the coach's, with what was amended."""

    original: RepCompleted
    """As the coach told it. Of one that somebody added: what was said of it then, and nothing measured."""
    side: Side | None
    verdict: Verdict
    faults: tuple[str, ...]
    is_counted: bool = True
    amendments: tuple[Amendment, ...] = ()
    withdrawn: tuple[str, ...] = ()
    """Faults of the back that the coach took back, judged or not: what it measured of the back is unknown."""

    @property
    def seq(self) -> int:
        """Sequence number of the original event in its set: an amendment names it so."""
        return self.original.seq

    @property
    def index(self) -> int:
        """Its number among those that the coach counted, from 1; it stays when another one is taken back. Below 0: one
        that somebody added."""
        return self.original.index

    @property
    def is_added(self) -> bool:
        """Whether the coach has not counted it, and somebody added it."""
        return self.index < 0

    @property
    def start_s(self) -> float:
        """When it left the start pose, seconds of the recording."""
        return self.original.start_s

    @property
    def peak_s(self) -> float:
        """When it was furthest in the range."""
        return self.original.peak_s

    @property
    def end_s(self) -> float:
        """When it was back in the start pose."""
        return self.original.t_s

    @property
    def hold_s(self) -> float:
        """Seconds of its good hold."""
        return self.original.hold_s

    @property
    def judged(self) -> Mapping[str, float]:
        """Share (0..1) of the time in which each fault matters that it could be judged."""
        return {name: 0.0 if name in self.withdrawn else share for name, share in self.original.judged.items()}

    @property
    def not_judged(self) -> tuple[str, ...]:
        """Body parts that the coach could not judge, whatever somebody else has amended."""
        parts = self.original.not_judged
        return (*parts, "back") if self.withdrawn and "back" not in parts else parts

    @property
    def measures(self) -> Mapping[str, float]:
        """What was measured, by name."""
        own = self.original.measures
        return {name: v for name, v in own.items() if not name.startswith("back_")} if self.withdrawn else own

    @property
    def rom_fraction(self) -> float:
        """Furthest reach, share of the range that counts; NaN = unknown."""
        return self.measures.get("rom_fraction", math.nan)

    @property
    def back_change_tl(self) -> float:
        """The back's largest change within the repetition, torso lengths, positive = more arched; NaN = unknown."""
        return self.measures.get("back_change_tl", math.nan)

    @property
    def back_change_deg(self) -> float:
        """The largest bend of the low back within the repetition, degrees, positive = extended; NaN = unknown."""
        return self.measures.get("back_change_deg", math.nan)

    @property
    def back_change_sd_deg(self) -> float:
        """Standard deviation of that bend, degrees; NaN = unknown."""
        return self.measures.get("back_change_sd_deg", math.nan)

    @property
    def is_amended(self) -> bool:
        """Whether it is now held to be something else than the coach told."""
        told = (self.original.side, self.original.verdict, self.original.faults)
        return self.is_added or not self.is_counted or told != (self.side, self.verdict, self.faults)


@dataclass(frozen=True, slots=True)
class Pause:
    """The person had left the exercise; times in seconds of the recording."""

    start_s: float
    end_s: float
    """When it went on; the end of the set where it did not."""
    reason: str


def reps_of(events: Iterable[Event]) -> list[RepLine]:
    """Every repetition that the coach counted or somebody added, as amended; one that was taken back is marked."""
    lines: dict[int, RepLine] = {}  # by the number of the event; of one that was added, by its index
    for event in events:
        if isinstance(event, RepCompleted):
            lines[event.seq] = RepLine(event, event.side, event.verdict, event.faults)
        elif isinstance(event, RepAdded) and event.now is not None and event.index not in lines:
            lines[event.index] = _added(event, event.now)
        elif isinstance(event, RepAmended):
            key = event.index if event.index < 0 else event.of_seq
            if key in lines and event.now is not None:
                lines[key] = _amended(lines[key], event, event.now)
        elif isinstance(event, FaultAmended) and event.rep is not None:
            lines |= {seq: _with_fault(line, event) for seq, line in lines.items() if line.index == event.rep}
        elif isinstance(event, BackWithdrawn):
            lines |= {seq: _without_back(line, event) for seq, line in lines.items() if line.index in event.reps}
    return list(lines.values())


def _added(event: RepAdded, now: RepState) -> RepLine:
    """A repetition that the coach has not counted: nothing was measured of it."""
    nothing = RepCompleted(
        event.t_s, event.index, now.side, math.nan, math.nan, math.nan, now.faults, verdict=now.verdict,
        set_id=event.set_id, seq=event.seq, utc=event.utc,
    )  # fmt: skip
    return RepLine(nothing, now.side, now.verdict, now.faults, now.is_counted, (event,))


def _amended(line: RepLine, event: RepAmended, now: RepState) -> RepLine:
    return replace(
        line, side=now.side, verdict=now.verdict, faults=now.faults, is_counted=now.is_counted,
        amendments=(*line.amendments, event),
    )  # fmt: skip


def _with_fault(line: RepLine, event: FaultAmended) -> RepLine:
    """A repetition with a fault that the coach had not seen, or without one that was none; the verdict follows."""
    others = {name for name in line.faults if name != event.name}
    faults = tuple(sorted(others | {event.name} if event.now else others))
    verdict: Verdict = "faulty" if faults else "not-judged" if line.not_judged else "clean"
    return replace(line, faults=faults, verdict=verdict, amendments=(*line.amendments, event))


def _without_back(line: RepLine, event: BackWithdrawn) -> RepLine:
    """A repetition of which the coach takes back what it said of the back; what somebody has amended stays."""
    withdrawn = tuple(name for name in event.names if name in line.original.judged)
    if not withdrawn:
        return line
    line = replace(line, withdrawn=withdrawn, amendments=(*line.amendments, event))
    if any(not isinstance(amendment, BackWithdrawn) for amendment in line.amendments):
        return line
    faults = tuple(name for name in line.faults if name not in withdrawn)
    return replace(line, faults=faults, verdict="faulty" if faults else "not-judged")


def faults_of(events: Sequence[Event]) -> list[FaultEnded]:
    """The faults in the order of their beginning, without those that were none; an open one ends when confirmed."""
    ended = {(e.name, e.onset_s): e for e in events if isinstance(e, FaultEnded)}
    stands: dict[int, bool] = {e.of_seq: e.now for e in events if isinstance(e, FaultAmended)}
    withdrawn = [e for e in events if isinstance(e, BackWithdrawn)]
    found = [
        ended.get((e.name, e.onset_s)) or FaultEnded(e.t_s, e.name, e.onset_s, e.severity, e.magnitude, e.unit)
        for e in events
        if isinstance(e, FaultStarted) and stands.get(e.seq, True) and not any(_takes_back(w, e) for w in withdrawn)
    ]
    return sorted(found, key=lambda e: (e.onset_s, e.name))


def _takes_back(withdrawn: BackWithdrawn, fault: FaultStarted) -> bool:
    return fault.name in withdrawn.names and withdrawn.since_s <= fault.t_s <= withdrawn.t_s


def fault_counts(events: Sequence[Event]) -> Counter[str]:
    """In how many counted repetitions (or bouts) each fault was seen, as amended."""
    found = Counter(name for rep in reps_of(events) if rep.is_counted for name in rep.faults)
    found.update(name for event in events if isinstance(event, BoutEnded) for name in event.faults)
    for event in events:
        if isinstance(event, FaultAmended) and event.rep is None:
            found[event.name] += int(event.now) - int(event.was)
    return +found


def unseen_of(events: Sequence[Event], end_s: float) -> list[UnseenEnded]:
    """Spans in which a part could not be seen; one that is still open ends at `end_s` seconds."""
    closed: list[UnseenEnded] = []
    open_ones: dict[str, UnseenStarted] = {}
    for event in events:
        if isinstance(event, UnseenStarted):
            open_ones[event.part] = event
        elif isinstance(event, UnseenEnded):
            open_ones.pop(event.part, None)
            closed.append(event)
    return closed + [UnseenEnded(end_s, e.part, e.advice, e.t_s) for e in open_ones.values()]


def pauses_of(events: Sequence[Event], end_s: float) -> list[Pause]:
    """Pauses with their reasons; one that is still open ends at `end_s` seconds."""
    pauses: list[Pause] = []
    began: Paused | None = None
    for event in events:
        if isinstance(event, Paused) and began is None:
            began = event
        elif isinstance(event, (Armed, BoutStarted)) and began is not None:
            pauses.append(Pause(began.t_s, event.t_s, began.reason))
            began = None
    return pauses if began is None else [*pauses, Pause(began.t_s, end_s, began.reason)]


def judged_share_of(events: Sequence[Event], exercise: Exercise) -> dict[str, float]:
    """For each body part that a fault needs: how well it was judged, 0..1, the mean of all repetitions that count.

    Of several faults that need a part the one that was judged least counts; a bout counts as a repetition.
    """
    judged = [rep.judged for rep in reps_of(events) if rep.is_counted]
    judged += [event.judged for event in events if isinstance(event, BoutEnded)]
    shares: defaultdict[str, list[float]] = defaultdict(list)
    for each in judged:
        for part, share in _least_by_part(each, exercise).items():
            shares[part].append(share)
    return {part: round(fmean(shares[part]), 3) for part in sorted(shares)}


def _least_by_part(judged: Mapping[str, float], exercise: Exercise) -> dict[str, float]:
    least: dict[str, float] = {}
    for rule in exercise.all_faults:
        if rule.name in judged:
            least |= {part: min(least.get(part, 1.0), judged[rule.name]) for part in rule.parts}
    return least
