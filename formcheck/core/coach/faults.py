"""The judge of one set: which faults go on now, which belong to the cycle under way, how often each was confirmed."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import replace

from formcheck.core.coach.cycle import Span
from formcheck.core.coach.detectors import FaultDetector, FaultSpan
from formcheck.core.rules.events import Event, FaultEnded, FaultStarted, ReachSuggested, Severity
from formcheck.core.rules.exercise import EndFault, Exercise, Phase, RepFacts, RuleContext
from formcheck.core.rules.setting import Settings

SUGGEST_MIN = 2
"""A shorter reach is suggested when the fault began this often: once is a slip."""


FORESHORTENED_DEG = 25.0
"""In a more oblique view every reach looks short (measured at 40 degrees, which read 29-39; 20 read 4-19): nobody is
told to reach further."""


class FaultMonitor:
    """Watches the faults of an exercise from picture to picture, and judges whole cycles when they end."""

    def __init__(self, exercise: Exercise, settings: Settings) -> None:
        self.counts: dict[str, int] = {}
        """How often each fault was confirmed."""
        self._exercise = exercise
        self._settings = settings
        self._watches = [
            FaultDetector(f, settings[f.limit], f.confirm_s or settings["confirm_s"]) for f in exercise.faults
        ]
        self._of_cycle: dict[str, FaultSpan] = {}
        self._oblique_deg = 0.0
        self._reach_at_onset = math.nan
        self._learned: list[float] = []

    @property
    def active(self) -> list[FaultSpan]:
        """Confirmed faults that are going on."""
        return [w.span for w in self._watches if w.span is not None]

    @property
    def is_spoiled(self) -> bool:
        """Whether the cycle under way has turned into another movement."""
        return not self._exercise.disqualifying.isdisjoint(self._of_cycle)

    def most_seen(self) -> tuple[str, int]:
        """Name and count of the fault confirmed most often; ("", 0) if there was none."""
        name = max(sorted(self.counts), key=lambda n: self.counts[n], default="")
        return name, self.counts.get(name, 0)

    def begin_cycle(self) -> None:
        """A cycle begins: what goes on now belongs to it."""
        self._of_cycle = {s.fault.name: s for s in self.active}

    def watch(self, t: float, moment: RuleContext, phase: Phase, *, is_cycle: bool, is_leaving: bool) -> list[Event]:
        """One picture. On the way out of the exercise (sitting up, say) nothing that is measured is about it."""
        events: list[Event] = []
        self._oblique_deg = moment.start.body.oblique_deg
        for watch in self._watches:
            if phase not in watch.fault.during:
                events += _ended(watch)
                continue
            value = float("nan") if is_leaving else watch.fault.measure(moment)
            was_over = watch.onset_s is not None
            started, ended = watch.update(t, value)
            self._learn(watch, moment, is_onset=not was_over, is_confirmed=started is not None)
            if started:
                events.append(self._confirm(FaultStarted(t, *_facts(started))))
            if ended:
                events.append(FaultEnded(ended.end_s, *_facts(ended)))
            if watch.span is not None and is_cycle:
                self._of_cycle[watch.fault.name] = watch.span
        return events

    def end_cycle(self, t: float, span: Span, facts: RepFacts, *, is_rep: bool) -> tuple[list[Event], Sequence[str]]:
        """A cycle is over. Returns the faults that only its end shows, and the names of all its faults."""
        on = "rep" if is_rep else "attempt"
        events: list[Event] = []
        names = list(self._of_cycle)
        facts = replace(facts, faults=tuple(names))
        for fault in self._exercise.end_faults:
            if fault.on != on or (on == "attempt" and not self._may_judge_attempt(facts)):
                continue
            magnitude = fault.judge(facts, self._settings)
            if magnitude is not None:
                names.append(fault.name)
                events += self._whole(t, fault, span, magnitude)
        self._of_cycle = {}
        return events, names

    def _may_judge_attempt(self, facts: RepFacts) -> bool:
        """Whether it fell short, and was seen as a whole: then it may be told how."""
        return 0.0 < facts.peak_rom < 1.0 and facts.is_whole and not self._oblique_deg > FORESHORTENED_DEG

    def suggest(self, t: float) -> list[Event]:
        """A shorter reach, when the fault that it would keep away began often enough."""
        shorten = self._exercise.range_advice
        if shorten is None or len(self._learned) < SUGGEST_MIN:
            return []
        declared = next(s for s in self._exercise.all_settings if s.name == shorten.setting)
        wanted = statistics.median(self._learned) + shorten.margin
        value = float(round(min(max(wanted, declared.low), declared.high)))
        return [ReachSuggested(t, shorten.fault, shorten.setting, value, declared.unit, len(self._learned))]

    def _learn(self, watch: FaultDetector, moment: RuleContext, *, is_onset: bool, is_confirmed: bool) -> None:
        """Remember how far the movement was when the fault began."""
        shorten = self._exercise.range_advice
        if shorten is None or watch.fault.name != shorten.fault:
            return
        if is_onset and watch.onset_s is not None:
            self._reach_at_onset = shorten.measure(moment)
        if is_confirmed and not math.isnan(self._reach_at_onset):
            self._learned.append(self._reach_at_onset)

    def stop(self) -> list[Event]:
        """Whatever goes on ends here."""
        return [event for watch in self._watches for event in _ended(watch)]

    def _whole(self, t: float, fault: EndFault, span: Span, magnitude: float) -> list[Event]:
        """A fault that is known only when it is over: started and ended in one."""
        started = FaultStarted(t, fault.name, span.start_s, fault.severity, magnitude, fault.unit)
        ended = FaultEnded(t, fault.name, span.start_s, fault.severity, magnitude, fault.unit)
        return [self._confirm(started), ended]

    def _confirm(self, event: FaultStarted) -> FaultStarted:
        self.counts[event.name] = self.counts.get(event.name, 0) + 1
        return event


def _facts(span: FaultSpan) -> tuple[str, float, Severity, float, str]:
    return span.fault.name, span.onset_s, span.fault.severity, span.magnitude, span.fault.unit


def _ended(watch: FaultDetector) -> list[Event]:
    span = watch.end()
    return [] if span is None else [FaultEnded(span.end_s, *_facts(span))]
