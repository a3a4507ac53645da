"""The coach of one set: bodies in, events out. The same stream gives the same events, to the byte."""

from __future__ import annotations

import math
from collections.abc import Mapping

from formcheck.core.body.baseline import Baseline, arch_tl, baseline_of
from formcheck.core.body.body_filter import BodyFilter
from formcheck.core.body.measure import Body
from formcheck.core.body.pose import Side
from formcheck.core.body.tracked import Tracked
from formcheck.core.coach.cycle import Cycle, Span, Step
from formcheck.core.coach.detectors import FaultSpan, StartPoseDetector, VisibilityMonitor, may_hold, pose_holds
from formcheck.core.coach.end_range import EndRange
from formcheck.core.coach.faults import FaultMonitor
from formcheck.core.coach.neutral import NeutralEstimator
from formcheck.core.coach.sides import SideTracker
from formcheck.core.feedback.phrases import advice_for, reason_for
from formcheck.core.rules.events import (
    Armed,
    AttemptEnded,
    Event,
    HoldTicked,
    Paused,
    PhaseChanged,
    RepCompleted,
    UnseenEnded,
    UnseenStarted,
)
from formcheck.core.rules.exercise import Exercise, Phase, RepFacts, RuleContext
from formcheck.core.rules.setting import Settings

END_SLACK = 12.0
"""Degrees by which the start pose is widened at the end of a cycle: nobody returns exactly, and the landmarks' own
frame-to-frame spread is 3-5 degrees (measured)."""
OPENING_SHARE = 0.5
"""Share of the dwell that suffices when a recording opens in the start pose."""
STAY_BROKEN_S = 1.0
"""The trunk may leave its posture this long (a glitch, a wriggle) before the set pauses."""
TORN_S = 0.3
"""Seconds [P]: a cycle that could not be seen for longer was not seen whole."""
GAP_S = 1.0
"""A longer gap between two pictures interrupts whatever was going on."""


class Coach:
    """Counts, times and judges one exercise."""

    def __init__(self, exercise: Exercise, overrides: Mapping[str, object] | None = None, *, is_live: bool) -> None:
        """Start a set.

        Args:
            exercise: what is done.
            overrides: settings by name.
            is_live: whether a camera is watched (a longer start dwell) rather than a recording.

        Raises:
            ValueError: an override that makes no sense; the text says which.
        """
        self.exercise = exercise
        self.settings = Settings(exercise.all_settings, overrides)
        self._start_checks = exercise.start(self.settings)
        self._invariant_checks = exercise.invariants(self.settings)
        dwell = self.settings["arm_live_s" if is_live else "arm_recording_s"]
        self._start_watch = StartPoseDetector(dwell, 1.0 if is_live else OPENING_SHARE)
        self._unseen = VisibilityMonitor(self.settings["unseen_s"])
        self._signals = BodyFilter()
        self._cycle = Cycle(self.settings["hold_gap_s"], is_of_outline=exercise.is_of_outline)
        self._judge = FaultMonitor(exercise, self.settings)
        self.baseline: Baseline | None = None
        self.body: Body | None = None
        self.is_armed = False
        self.pause_reason = ""
        self.reps = self.clean_reps = self.attempts = 0
        self.hold_total_s = 0.0
        self.excursion = 0.0
        self._least_hold_s = self.settings[exercise.least_hold] if exercise.least_hold else 0.0
        self._sides = SideTracker(exercise, self.settings)
        self._previous_side: Side | None = None
        self._out_of_start: float | None = None
        self._out_of_posture: float | None = None
        self._ticked = 0
        self._top = EndRange()
        self._held: Body | None = None
        self._t = -math.inf

    @property
    def phase(self) -> Phase:
        """The phase of the movement."""
        return self._cycle.phase

    @property
    def side(self) -> Side | None:
        """The moving side, while something moves."""
        return self._sides.side if self._cycle.span is not None else None

    @property
    def hold_s(self) -> float:
        """Seconds of the hold that is going on."""
        return self._cycle.hold_s if self._cycle.phase == "end-range" else 0.0

    @property
    def active_faults(self) -> list[FaultSpan]:
        """Confirmed faults that are going on."""
        return self._judge.active

    @property
    def unseen_now(self) -> list[str]:
        """Parts reported as unseen."""
        return list(self._unseen.active)

    def is_over(self, target: int) -> bool:
        """Whether as much as asked for is done."""
        return self.reps >= target

    def start_checks(self) -> list[tuple[str, bool | None]]:
        """Each condition of the start pose with its verdict on the newest picture."""
        body = self.body
        return [(c.text, None if body is None else c.verdict(body)) for c in self._start_checks]

    def arch_tl(self) -> float:
        """Change of the back's hollow against the own start, torso lengths; NaN if unknown."""
        return math.nan if self.baseline is None or self.body is None else arch_tl(self.body, self.baseline)

    def most_seen_fault(self) -> tuple[str, int]:
        """Name and count of the fault confirmed most often; ("", 0) if there was none."""
        return self._judge.most_seen()

    def update(self, tracked: Tracked) -> list[Event]:
        """One picture. A time that doesn't advance (or is not a number) is ignored."""
        t = tracked.t_s
        if not t > self._t:
            return []
        gap = t - self._t
        self._t = t
        body = self.body = self._signals.add(tracked.body)
        events = self._see(t, body)
        if gap > GAP_S and self.is_armed:
            events += self._interrupt(t, "picture-gap")
        if not self.is_armed:
            return events + self._wait(t, body)
        return events + self._work(t, body)

    def suggest(self) -> list[Event]:
        """What the person may change after this set."""
        return self._judge.suggest(self._t)

    def finish(self) -> list[Event]:
        """The recording is over: what is still open ends here."""
        t = self._t
        if not math.isfinite(t):
            return []
        events = [*self._drop(t, "recording-ended"), *self._judge.stop()]
        why = (self.body.cut, self.body.back_unknown) if self.body else ((), "")
        events += [UnseenEnded(t, p, advice_for(p, *why), since) for p, since in self._unseen.active.items()]
        self._unseen.active.clear()
        return events

    # -- seeing ------------------------------------------------------------------------------------------------

    def _see(self, t: float, body: Body) -> list[Event]:
        unseen = body.unseen if body.is_present else ("body",)
        if not math.isnan(body.torso_px) and math.isnan(body.steady_sagitta_tl):
            unseen = (*unseen, "back")
        started, ended = self._unseen.update(t, ("body", *self.exercise.required_parts), unseen)
        why = (body.cut, body.back_unknown)
        events: list[Event] = [UnseenStarted(t, p, advice_for(p, *why), reason_for(p, *why)) for p in started]
        return events + [UnseenEnded(t, p, advice_for(p, *why), self._unseen.active.pop(p)) for p in ended]

    # -- waiting for the start pose ----------------------------------------------------------------------------

    def _wait(self, t: float, body: Body) -> list[Event]:
        if not self._unseen.active.keys().isdisjoint(("body", *self.exercise.required_parts)):
            self._start_watch.reset()  # what can't be seen can't be in its place
            return []
        if not self._start_watch.update(self._start_checks, body):
            return []
        self.baseline = baseline_of(self._start_watch.bodies)
        self._signals.begin(self.baseline.body)
        self._start_watch.reset()
        self._renewal = NeutralEstimator(self.exercise.is_of_outline)
        self.is_armed, self.pause_reason = True, ""
        self._out_of_start = self._out_of_posture = None
        return [Armed(t), PhaseChanged(t, "rest")]

    def _interrupt(self, t: float, reason: str) -> list[Event]:
        """Leave the exercise: what was under way is not counted."""
        events = [*self._judge.stop(), *self._drop(t, reason)]
        self.is_armed, self.pause_reason = False, reason
        self.excursion = 0.0
        self._start_watch.reset()
        return [*events, Paused(t, reason)]

    # -- working -----------------------------------------------------------------------------------------------

    def _work(self, t: float, body: Body) -> list[Event]:
        reason = self._left(t, body)
        if reason:
            return self._interrupt(t, reason)
        assert self.baseline is not None
        top = None if self._cycle.span is None else self._top.body  # one of this cycle
        self.baseline = self._renewal.update(body, self.baseline, self._cycle.phase, top)
        reach = self._sides.reach(body, self.baseline, self._cycle.phase, top, self._held)
        if self._sides.is_double:
            return self._interrupt(t, "both-sides")
        self.excursion = 0.0 if math.isnan(reach.excursion) else reach.excursion
        self._top.update(body, reach.rom_fraction, is_still=self._cycle.is_still)
        at_start = may_hold(self._start_checks, body, END_SLACK)
        before = self._cycle.phase
        is_home = at_start or not self.exercise.ends_at_start
        step = self._cycle.update(t, reach, self._sides.side, is_home)
        events: list[Event] = []
        if step.entered == "outbound":
            self._begin()
        if step.entered and step.entered != before:
            events.append(PhaseChanged(t, step.entered, self._sides.side))
        if step.phase == "end-range":
            events += self._tick(t)
        events += self._judge_picture(t, body, step.phase)
        if step.ended is not None:
            events += self._end(t, step, step.ended)
        return events

    def _left(self, t: float, body: Body) -> str:
        """Why the person has left the exercise, or nothing."""
        if not body.is_present:
            self._out_of_posture = self._out_of_posture if self._out_of_posture is not None else t
            return "nobody" if t - self._out_of_posture > STAY_BROKEN_S else ""
        verdicts = [c.verdict(body) for c in self._invariant_checks]
        if any(v is False for v in verdicts):
            self._out_of_posture = self._out_of_posture if self._out_of_posture is not None else t
            if t - self._out_of_posture > STAY_BROKEN_S:
                return "left-position"
        else:
            self._out_of_posture = None
        if self._cycle.phase == "end-range" or pose_holds(self._start_checks, body, END_SLACK):
            self._out_of_start = None
        elif self._out_of_start is None:
            self._out_of_start = t
        limit = self.settings["pause_s"] * (1.0 if self._cycle.phase == "rest" else 3.0)
        if self._out_of_start is not None and t - self._out_of_start > limit:
            return "left-start-pose"
        return ""

    def _begin(self) -> None:
        self._sides.begin()
        self._judge.begin_cycle()
        self._ticked = 0
        self._top = EndRange()

    def _tick(self, t: float) -> list[Event]:
        target = self.exercise.dose.hold_s
        whole = math.floor(min(self._cycle.hold_s, target) + 1e-9)
        if whole <= self._ticked:
            return []
        self._ticked = whole
        return [HoldTicked(t, whole, target)]

    def _judge_picture(self, t: float, body: Body, phase: Phase) -> list[Event]:
        assert self.baseline is not None
        cycle = self._cycle
        moment = RuleContext(
            body, self.baseline, self._sides.side, self.settings, self._top.body, cycle.is_still, cycle.hold_s
        )
        is_leaving = self._out_of_posture is not None
        return self._judge.watch(t, moment, phase, is_cycle=self._cycle.span is not None, is_leaving=is_leaving)

    # -- the end of a cycle ------------------------------------------------------------------------------------

    def _end(self, t: float, step: Step, span: Span) -> list[Event]:
        assert self.baseline is not None
        is_other = span.is_other or self._judge.is_spoiled
        facts = RepFacts(
            span.side, self._previous_side, span.outbound_s(), span.hold_s, span.peak_rom, self.baseline,
            is_other=is_other, stay_s=span.stay_s, length_s=t - span.start_s, is_whole=span.unknown_s < TORN_S,
        )  # fmt: skip
        is_rep = step.is_rep and not self._judge.is_spoiled and span.hold_s >= self._least_hold_s
        events, names = self._judge.end_cycle(t, span, facts, is_rep=is_rep)
        self._previous_side = span.side
        if not is_rep:
            reason = "other-exercise" if span.is_other else names[-1] if names else "partial-reach"
            return [*events, self._attempt(t, span, reason)]
        self.reps, self._held = self.reps + 1, self._top.body
        self.clean_reps += not names
        self.hold_total_s += span.hold_s
        measures = {"out_s": round(span.outbound_s(), 2)} if not math.isnan(span.outbound_s()) else {}
        faults = tuple(sorted(names))
        rep = RepCompleted(t, self.reps, span.side, span.start_s, span.peak_s, span.hold_s, faults, measures)
        return [*events, rep]

    def _drop(self, t: float, reason: str) -> list[Event]:
        """Give up the cycle under way, an attempt if it had reached anything."""
        span = self._cycle.drop()
        return [] if span is None or span.reached_s is None else [self._attempt(t, span, reason)]

    def _attempt(self, t: float, span: Span, reason: str) -> AttemptEnded:
        self.attempts += 1
        return AttemptEnded(t, span.start_s, span.side, reason)
