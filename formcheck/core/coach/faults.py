"""The faults of one set: which go on now, which belong to the cycle under way, and what could be judged of it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import NormalDist

from formcheck.core.body.measure import Body
from formcheck.core.body.pose import SIDES, Side
from formcheck.core.body.quantities import NOISE, Estimate
from formcheck.core.coach.cycle import Span
from formcheck.core.coach.detectors import FaultDetector, FaultSpan
from formcheck.core.coach.rate import RateMeter
from formcheck.core.rules.events import Clock, Event, FaultEnded, FaultStarted, ReachSuggested, Severity, Verdict
from formcheck.core.rules.exercise import EndFault, Exercise, Fault, Phase, RepFacts, Rule, RuleContext
from formcheck.core.rules.rates import is_of_time, needed_rates, plain_rates
from formcheck.core.rules.setting import Settings

MARGIN_SDS = NormalDist().inv_cdf(0.95)
"""A fault is told where its measure passes the limit by so many standard deviations of its noise, and is none where it
stays so far within it. Between the two nobody can say: two recordings of one movement, each off by its own noise, then
say opposite things once in a hundred times (their difference has 1.4 times the noise, the band is 3.3 of it wide)."""

SUGGEST_MIN = 2
"""A shorter reach is suggested when the fault began this often: once is a slip."""
FORESHORTENED_DEG = 34.2
"""Degrees off side-on beyond which every reach looks short (people turned by 40 degrees read 39-50, by 20 read 6-27):
nobody is told there to reach further. It was 25 in the scale of the true widths: atan(tan 25 * 0.70 / 0.48)."""
STEP_MAX_S = 0.5
"""Longest time that one picture stands for: what lies between two pictures further apart was not seen."""
HOLD_SD_S, ROM_SD = 0.055, 0.01
"""The same noise of a hold, seconds, and of the furthest reach, shares of the range (`docs/repeatability.md`)."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a cycle or a bout was, as far as it could be seen."""

    verdict: Verdict
    faults: tuple[str, ...]
    not_judged: tuple[str, ...]
    """Parts whose faults could not be judged for long enough."""
    judged: dict[str, float]
    """Share of the time in which it matters for which each fault could be judged."""
    why: dict[str, Clock] = field(default_factory=dict)
    """Faults that were not judged because of the pictures' times rather than of what they show."""

    def without(self, names: Sequence[str], part: str) -> Judgement:
        """The same after what was judged of some faults is withdrawn, since the part that they need was misread."""
        withdrawn = [name for name in names if name in self.judged]
        if not withdrawn:
            return self
        faults = tuple(name for name in self.faults if name not in withdrawn)
        return Judgement(
            "faulty" if faults else "not-judged",
            faults,
            self.not_judged if part in self.not_judged else (*self.not_judged, part),
            self.judged | dict.fromkeys(withdrawn, 0.0),
            self.why,
        )


class _Watch:
    """The seconds in which a fault mattered, those in which its measure was known, and those in which pictures came too
    slowly for it."""

    def __init__(self) -> None:
        self.mattered_s = self.known_s = self.slow_s = 0.0

    def note(self, seconds: float, *, is_known: bool, is_borne: bool) -> None:
        self.mattered_s += seconds
        self.known_s += seconds if is_known and is_borne else 0.0
        self.slow_s += 0.0 if is_borne else seconds

    @property
    def share(self) -> float:
        return self.known_s / self.mattered_s if self.mattered_s > 0 else math.nan

    def is_too_slow(self, least: float) -> bool:
        """Whether the rate alone leaves less than the share that must be judged."""
        return self.slow_s > (1.0 - least) * self.mattered_s


class FaultMonitor:
    """Watches the faults of an exercise from picture to picture, and judges whole cycles when they end."""

    def __init__(self, exercise: Exercise, settings: Settings) -> None:
        self._exercise = exercise
        self._of_cycle: dict[str, FaultSpan] = {}
        self._near_limit: set[str] = set()
        self.trusts_times = True
        """Whether the pictures' times are those of the movement; slow motion's are not."""
        self._watched: dict[str, _Watch] = {f.name: _Watch() for f in exercise.all_faults}
        self._t_s = math.nan
        self._side_on_deg = 0.0
        self._reach_at_onset = math.nan
        self._learned: list[float] = []
        self.change_settings(settings)

    def change_settings(self, settings: Settings) -> None:
        """Put other settings in force; between repetitions, when no fault goes on."""
        self._settings = settings
        self._needed, self._plain = needed_rates(self._exercise, settings), plain_rates(self._exercise)
        self._detectors = [self._detector(fault, self._margins(fault)[0]) for fault in self._exercise.faults]
        self._nears = {f.name: self._detector(f, self._margins(f)[1]) for f in self._exercise.faults}
        """Confirmed where the limit may have been passed, as far as the noise of the measure tells."""

    def _margins(self, fault: Fault) -> tuple[float, float]:
        """By how much a measure must pass its limit to be a fault, and come near it to be perhaps one. A back must be
        beyond by its own doubt already, which is the larger one. What is measured over many steps has no such noise."""
        noise = NOISE.get(fault.unit, 0.0) if fault.noise is None else fault.noise
        margin = 0.0 if self._exercise.bout is not None else MARGIN_SDS * noise
        return (0.0, -2 * margin) if fault.of_back else (margin, -margin)

    def _detector(self, fault: Fault, margin: float) -> FaultDetector:
        settings = self._settings
        return FaultDetector(
            fault,
            settings[fault.limit],
            settings[fault.confirm],
            settings[fault.hysteresis] if fault.hysteresis else 0.0,
            settings["sure_share"],
            settings["sure_good_share"],
            margin,
            fault.lag_s,
        )

    @property
    def active(self) -> list[FaultSpan]:
        """Confirmed faults that are going on."""
        return [d.span for d in self._detectors if d.span is not None]

    @property
    def disqualified_by(self) -> str:
        """The fault that made another movement of the cycle under way; empty if none did."""
        return next((name for name in self._of_cycle if name in self._exercise.disqualifying), "")

    def begin_cycle(self) -> None:
        """A cycle begins: what goes on now belongs to it, and what could be seen of it is counted from here."""
        self._of_cycle = {s.fault.name: s for s in self.active}
        self._near_limit = {name for name, near in self._nears.items() if near.span is not None}
        self._forget(is_of_cycle=True)

    def watch(
        self,
        t: float,
        context: RuleContext,
        phase: Phase,
        rate: RateMeter,
        *,
        is_cycle: bool,
        is_leaving: bool,
        is_side_open: bool = False,
    ) -> list[Event]:
        """One picture. On the way out of the exercise (sitting up, say) nothing that is measured is about it; nor is
        anything known of a fault that would be over between two pictures, or whose times can't be trusted. While the
        side is open, the better one of both sides' measures is taken."""
        events: list[Event] = []
        sides: tuple[Side | None, ...] = SIDES if is_side_open and context.side is not None else (context.side,)
        contexts = [context if side == context.side else replace(context, side=side) for side in sides]
        seconds = min(t - self._t_s, STEP_MAX_S) if t > self._t_s else 0.0
        self._t_s = t
        self._side_on_deg = abs(context.start.body.side_on_deg)
        for detector in self._detectors:
            fault = detector.fault
            near = self._nears[fault.name]
            if phase not in fault.during:
                near.end()
                events += _ended(detector)
                continue
            is_borne = rate.bears(self._needed[fault.name])
            is_seen = rate.bears(self._plain[fault.name])
            is_known = is_seen and not is_leaving and (self.trusts_times or not is_of_time(fault))
            measured = _measured(fault, contexts) if is_known else Estimate(math.nan)
            if (phase != "rest" or fault.during == ("rest",)) and fault.matters(context):
                self._watched[fault.name].note(seconds, is_known=detector.is_told(measured), is_borne=is_borne)
            events += self._detect(t, detector, measured, context)
            if detector.span is not None and is_cycle:
                self._of_cycle[fault.name] = detector.span
            near.update(t, measured)
            if near.span is not None and is_cycle:
                self._near_limit.add(fault.name)
        for end_fault in self._exercise.end_faults if is_cycle else ():
            is_borne, is_known = rate.bears(self._needed[end_fault.name]), self._is_seen(end_fault, context.body)
            self._watched[end_fault.name].note(seconds, is_known=is_known, is_borne=is_borne)
        return events

    def _is_seen(self, rule: Rule, body: Body) -> bool:
        """Whether a picture shows what a fault of the whole movement is told by: the outline that moves, both arms."""
        is_read = not (self._exercise.is_of_outline and "back" in rule.parts and math.isnan(body.sagitta_tl))
        return is_read and not ("arms" in rule.parts and math.isnan(body.left.shoulder_deg + body.right.shoulder_deg))

    def _is_hardly_seen(self, rule: Rule) -> bool:
        """Whether too few pictures show it: what is furthest among them need not be the furthest."""
        watch = self._watched[rule.name]
        return watch.known_s + watch.slow_s < self._settings["judged_share_min"] * watch.mattered_s

    def _detect(self, t: float, detector: FaultDetector, value: Estimate, context: RuleContext) -> list[Event]:
        was_over = detector.onset_s is not None
        started, ended = detector.update(t, value)
        self._learn(detector, context, is_onset=not was_over, is_confirmed=started is not None)
        events: list[Event] = [FaultStarted(t, *_facts(started))] if started else []
        return events + ([FaultEnded(ended.end_s, *_facts(ended))] if ended else [])

    def end_cycle(self, t: float, span: Span, facts: RepFacts, *, is_rep: bool) -> tuple[list[Event], Judgement]:
        """A cycle is over. Returns the faults that only its end shows, and what it was as a whole."""
        on = "rep" if is_rep else "attempt"
        events: list[Event] = []
        names = list(self._of_cycle)
        shares = self._shares(self._exercise.faults)
        unsure = {detector.fault.name for detector in self._detectors if detector.is_unsure} | self._near_limit
        shares |= {name: 0.0 for name in unsure if name not in names and name in shares}
        facts = replace(facts, faults=tuple(names))
        for fault in self._exercise.end_faults:
            if fault.on != on or not fault.matters(facts):
                continue
            if on == "attempt" and not self._may_judge_attempt(facts):
                continue
            magnitude = self._end_magnitude(fault, facts)
            shares[fault.name] = 0.0 if magnitude is not None and math.isnan(magnitude) else 1.0
            if magnitude is not None and not math.isnan(magnitude):
                names.append(fault.name)
                events += _whole(t, fault, span, magnitude)
        judgement = self._judgement(names, shares)
        self._of_cycle, self._near_limit = {}, set()
        self._forget(is_of_cycle=False)
        return events, judgement

    def short_of_range(self, facts: RepFacts) -> str:
        """The fault that a movement is if it goes no further than this; empty where nobody can say."""
        if not self._may_judge_attempt(facts):
            return ""
        for fault in self._exercise.end_faults:
            is_asked = fault.on == "attempt" and fault.matters(facts) and not self._is_hardly_seen(fault)
            magnitude = fault.judge(facts, self._settings) if is_asked else None
            if magnitude is not None and not math.isnan(magnitude):
                return fault.name
        return ""

    def _why(self, rule: Rule) -> Clock | None:
        """Why the pictures' times do not bear a fault; None where they do."""
        if not self.trusts_times and is_of_time(rule):
            return "times"
        return "rate" if self._watched[rule.name].is_too_slow(self._settings["judged_share_min"]) else None

    def _shares(self, rules: Sequence[Rule]) -> dict[str, float]:
        watched = {rule.name: self._watched[rule.name].share for rule in rules}
        return {name: share for name, share in watched.items() if not math.isnan(share)}

    def _end_magnitude(self, fault: EndFault, facts: RepFacts) -> float | None:
        """What a fault that is judged at the end comes to; NaN where the pictures' times do not bear it, where it was
        hardly seen, or where a little less or more would say otherwise."""
        magnitude = math.nan if self._why(fault) else fault.judge(facts, self._settings)
        if magnitude is not None and self._is_hardly_seen(fault):
            return math.nan
        for sds in (-MARGIN_SDS, MARGIN_SDS):
            hold_s = max(facts.hold_s + sds * HOLD_SD_S, 0.0)
            nearly = replace(facts, hold_s=hold_s, peak_rom=facts.peak_rom + sds * ROM_SD)
            if (fault.judge(nearly, self._settings) is None) != (magnitude is None):
                return math.nan
        return magnitude

    def end_bout(self, names: Sequence[str]) -> Judgement:
        """A bout is over: what it was as a whole."""
        judgement = self._judgement(names, self._shares(self._exercise.faults))
        self._watched = {name: _Watch() for name in self._watched}
        return judgement

    def suggest(self, t: float) -> list[Event]:
        """A shorter reach, when the fault that it would keep away began often enough."""
        advice = self._exercise.range_advice
        if advice is None or len(self._learned) < SUGGEST_MIN:
            return []
        declared = next(s for s in self._exercise.all_settings if s.name == advice.setting)
        wanted = statistics.median(self._learned)
        value = float(round(min(max(wanted, declared.low), declared.high)))
        return [ReachSuggested(t, advice.fault, advice.setting, value, declared.unit, len(self._learned))]

    def forget(self, names: Sequence[str]) -> None:
        """What was told of some faults is withdrawn: no shorter reach is suggested because of them."""
        if self._exercise.range_advice is not None and self._exercise.range_advice.fault in names:
            self._learned.clear()

    def stop(self) -> list[Event]:
        """Whatever goes on ends here."""
        for near in self._nears.values():
            near.end()
        return [event for detector in self._detectors for event in _ended(detector)]

    def _judgement(self, names: Sequence[str], shares: Mapping[str, float]) -> Judgement:
        least = self._settings["judged_share_min"]
        unjudged = [rule for rule in self._exercise.all_faults if shares.get(rule.name, 1.0) < least]
        why = {rule.name: reason for rule in unjudged if (reason := self._why(rule)) is not None}
        wanted = ((why[rule.name],) if rule.name in why else rule.parts or ("body",) for rule in unjudged)
        parts = tuple(dict.fromkeys(part for each in wanted for part in each))
        verdict: Verdict = "faulty" if names else "not-judged" if parts else "clean"
        judged = {name: round(s, 3) for name, s in shares.items()}
        return Judgement(verdict, tuple(sorted(names)), parts, judged, why)

    def _forget(self, *, is_of_cycle: bool) -> None:
        """Count anew what could be seen: of the moving phases when a cycle begins, of the rest when it ends."""
        for detector in self._detectors:
            if (detector.fault.during != ("rest",)) == is_of_cycle:
                self._watched[detector.fault.name], detector.is_unsure = _Watch(), False
        if is_of_cycle:
            self._watched |= {fault.name: _Watch() for fault in self._exercise.end_faults}

    def _may_judge_attempt(self, facts: RepFacts) -> bool:
        """Whether it fell short, and was seen as a whole: then it may be told how."""
        return 0.0 < facts.peak_rom < 1.0 and facts.is_whole and not self._side_on_deg > FORESHORTENED_DEG

    def _learn(self, detector: FaultDetector, context: RuleContext, *, is_onset: bool, is_confirmed: bool) -> None:
        """Remember how far the movement was when the fault began."""
        advice = self._exercise.range_advice
        if advice is None or detector.fault.name != advice.fault:
            return
        if is_onset and detector.onset_s is not None:
            self._reach_at_onset = advice.measure(context)
        if is_confirmed and not math.isnan(self._reach_at_onset):
            self._learned.append(self._reach_at_onset)


def _measured(fault: Fault, contexts: Sequence[RuleContext]) -> Estimate:
    """The measure; of several contexts the one that is least of a fault, unknown where one of them is."""
    values = [fault.measure(context) for context in contexts]
    measured = [value if isinstance(value, Estimate) else Estimate(value) for value in values]
    if any(math.isnan(estimate.value) for estimate in measured):
        return Estimate(math.nan)
    return (max if fault.is_least else min)(measured, key=lambda estimate: estimate.value)


def _whole(t: float, fault: EndFault, span: Span, magnitude: float) -> list[Event]:
    """A fault that is known only when it is over: started and ended in one."""
    facts = (fault.name, span.start_s, fault.severity, magnitude, fault.unit)
    return [FaultStarted(t, *facts), FaultEnded(t, *facts)]


def _facts(span: FaultSpan) -> tuple[str, float, Severity, float, str]:
    return span.fault.name, span.onset_s, span.fault.severity, span.magnitude, span.fault.unit


def _ended(detector: FaultDetector) -> list[Event]:
    span = detector.end()
    return [] if span is None else [FaultEnded(span.end_s, *_facts(span))]
