"""The coach of one set: bodies in, events out. The same stream gives the same events, to the byte."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from formcheck.core.body.back import Unknown
from formcheck.core.body.baseline import Baseline, arch_tl, baseline_of
from formcheck.core.body.body_filter import BodyFilter
from formcheck.core.body.lumbar_angle import LumbarEstimator
from formcheck.core.body.measure import Body, changed
from formcheck.core.body.pose import SIDES, Side
from formcheck.core.body.quantities import Estimate
from formcheck.core.body.tracked import Tracked
from formcheck.core.coach.cycle import Cycle, Span, Step
from formcheck.core.coach.detectors import FaultSpan, StartPoseDetector, VisibilityMonitor, may_hold, pose_holds
from formcheck.core.coach.end_range import EndRange
from formcheck.core.coach.faults import ROM_SD, FaultMonitor, Judgement
from formcheck.core.coach.gap import GAP_S, Gap
from formcheck.core.coach.neutral import FirstRest, NeutralEstimator, RestNeutral
from formcheck.core.coach.order import Order
from formcheck.core.coach.rate import RateMeter
from formcheck.core.coach.shortfall import ShortfallDetector
from formcheck.core.coach.sides import SideTracker
from formcheck.core.feedback.phrases import PERSON_CHANGED, advice_for, reason_for
from formcheck.core.rules.events import (
    Armed,
    AttemptEnded,
    BackWithdrawn,
    Event,
    HeldShort,
    HoldTicked,
    Paused,
    PhaseChanged,
    RepCompleted,
    SettingsChanged,
    TimesDoubt,
    TimesDoubted,
    UnseenEnded,
    UnseenStarted,
)
from formcheck.core.rules.exercise import Check, Exercise, Phase, Reach, RepFacts, RuleContext
from formcheck.core.rules.rates import PICTURES, needed_rate
from formcheck.core.rules.setting import Settings

END_SLACK = 12.0
"""Degrees by which the start pose is widened at the end of a cycle: nobody returns exactly, and the landmarks' own
frame-to-frame spread is 3-5 degrees (measured)."""
OPENING_SHARE = 0.5
"""Share of the dwell that suffices when a recording opens in the start pose."""
INVARIANT_BROKEN_S = 1.0
"""Seconds for which the trunk may leave its posture (a glitch, a wriggle) before the set pauses."""
TORN_S = 0.3
"""Seconds [P]: a cycle that could not be seen for longer was not seen whole."""
DIGITS = {
    "out_s": 2, "out_sd_s": 2, "rom_fraction": 3, "back_change_tl": 4, "back_change_deg": 1, "back_change_sd_deg": 1,
}  # fmt: skip
"""Decimals of a repetition's measures: what is below is noise."""


class Coach:
    """Counts, times and judges one exercise."""

    def __init__(
        self,
        exercise: Exercise,
        overrides: Mapping[str, object] | None = None,
        *,
        is_live: bool,
        side: Side | None = None,
    ) -> None:
        """Start a set.

        Args:
            exercise: what is done.
            overrides: settings by name.
            is_live: whether a camera is watched (a longer start dwell) rather than a recording.
            side: the only side that counts; None = both.

        Raises:
            ValueError: an override that makes no sense; the text says which.
        """
        self.exercise = exercise
        self.baseline: Baseline | None = None
        self.body: Body | None = None
        self.is_armed = False
        self.pause_reason = ""
        self.reps = self.clean_reps = self.not_judged_reps = 0
        self.excursion = 0.0
        self._overrides, self._is_live, self._wanted = dict(overrides or {}), is_live, side
        self._pending: list[SettingsChanged] = []
        self._filter = BodyFilter()
        self._signals = {name: make() for name, make in exercise.signals.items()}
        self._values: dict[str, Any] = {}
        self._apply(Settings(exercise.all_settings, overrides))
        self._start_pose = StartPoseDetector(self._dwell_s, 1.0 if is_live else OPENING_SHARE)
        self._unseen, self._parts = VisibilityMonitor(self.settings["unseen_s"]), _parts_of(exercise)
        self._cycle = Cycle(self.settings["hold_gap_s"], is_of_outline=exercise.is_of_outline)
        self._faults = FaultMonitor(exercise, self.settings)
        self._sides = SideTracker(exercise)
        self._neutral = NeutralEstimator(exercise.is_of_outline)
        self._by_side, self._taken_back = dict.fromkeys(SIDES, 0), Counter[Side | None]()
        self._order = Order(exercise.shortest_s)
        self._out_of_start: float | None = None
        self._out_of_posture: float | None = None
        self._gap: Gap | None = None
        self._rate, self._needed_fps = RateMeter(), needed_rate(exercise)
        self._missed_s, self._gap_reason, self._index = 0.0, "", -1
        """Seconds since the last cycle in which one could have been missed: with too few pictures, or none."""
        self._is_resuming, self._ticked = False, 0
        self._shortfall: ShortfallDetector | None = None
        self._end_range = EndRange()
        self._held: Body | None = None
        self._back_change_tl = self._back_change_deg = self._back_change_sd_deg = math.nan
        self._lumbar = LumbarEstimator()
        self._rests, self._first_rest = RestNeutral(), FirstRest()
        self._turn, self._has_moved = 0, False
        self._judged: list[tuple[int, Judgement]] = []
        self._compared_since, self._starts_without_back = -math.inf, False
        self._t = -math.inf

    def _apply(self, settings: Settings) -> None:
        """Put settings in force for what is made of them here."""
        exercise = self.exercise
        self.settings = settings
        self._start_checks = exercise.start(settings)
        self._arming = tuple(check for check in self._start_checks if not check.of_back)
        self._invariants = exercise.invariants(settings)
        self._least_hold_s = settings[exercise.least_hold] if exercise.least_hold else 0.0

    @property
    def _dwell_s(self) -> float:
        """Seconds for which the start pose must be steady."""
        return self.settings["arm_live_s" if self._is_live else "arm_recording_s"]

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
        """Seconds of the hold that is going on; none for the side that does not count."""
        return self._cycle.hold_s if self._cycle.phase == "end-range" and not self._is_other_side else 0.0

    @property
    def is_held_well(self) -> bool:
        """Whether a position that is to be held is held now, in the range and without a fault."""
        is_held = self._cycle.phase == "end-range" and self._cycle.is_held and not self._is_other_side
        return is_held and self.exercise.hold_s(self.settings) > 0 and not self.active_faults

    @property
    def _is_other_side(self) -> bool:
        """Whether the side that moves is not the one that counts."""
        return self._wanted is not None and self.side not in (None, self._wanted)

    @property
    def active_faults(self) -> list[FaultSpan]:
        """Confirmed faults that are going on."""
        return self._faults.active

    @property
    def unseen_now(self) -> list[str]:
        """What is reported as unseen, and without which nothing is counted: required parts, the body, and `rate` where
        pictures come too slowly."""
        return [part for part in self._unseen.active if part in ("rate", "body", *self.exercise.required_parts)]

    @property
    def fps(self) -> float:
        """Pictures a second of the last seconds (`core.coach.rate`); NaN while not known."""
        return self._rate.fps

    def is_over(self, target: int, *, per_side: bool = False) -> bool:
        """Whether as many repetitions as asked for are done; of each side, where that is meant. One whose side was not
        told may have been of either: nobody is kept for one more because of it."""
        reps = self.reps - self._taken_back.total()
        if not per_side:
            return reps >= target
        by_side = [count - self._taken_back[side] for side, count in self._by_side.items()]
        return reps >= 2 * target and min(by_side) + reps - sum(by_side) >= target

    def take_back(self, side: Side | None, *, is_taken: bool) -> None:
        """Somebody took back a repetition of this side, or gave it back: one more, or one less, is to be done."""
        self._taken_back[side] += 1 if is_taken else -1

    def start_checks(self) -> list[tuple[Check, bool | None]]:
        """Each condition of the start pose with its verdict on the newest picture."""
        body = self.body
        return [(c, None if body is None else c.verdict(body)) for c in self._start_checks]

    @property
    def back_deviation(self) -> Estimate:
        """How far the back has left its own start, with its doubt: bend of the low back, degrees, or where the movement
        is one of the outline, change of the hollow, torso lengths. Positive = arched; NaN if unknown."""
        if self.baseline is None or self.body is None:
            return Estimate(math.nan, math.nan)
        if self.exercise.is_of_outline:
            return Estimate(arch_tl(self.body, self.baseline), self.body.sagitta_sd_tl)
        return Estimate(self.body.lumbar_deg, self.body.lumbar_sd_deg)

    def change_settings(self, values: Mapping[str, float], *, by: str, why: str) -> None:
        """Put other settings in force from the next repetition on.

        Args:
            values: by name.
            by: who wants it, as a role or a pseudonym.
            why: the reason, for the record.

        Raises:
            ValueError: a value that makes no sense; nothing is changed then.
        """
        Settings(self.exercise.all_settings, {**self._overrides, **values})
        was = {name: self.settings[name] for name in values if name in self.settings}
        self._pending.append(SettingsChanged(self._t, dict(values), by, why, was))

    @property
    def trusts_times(self) -> bool:
        """Whether the pictures' times are those of the movement."""
        return self._faults.trusts_times

    def distrust_times(self, t: float, reason: TimesDoubt) -> list[Event]:
        """The pictures' times are not those of the movement: no speed, hold or rhythm is judged from here on."""
        if not self.trusts_times:
            return []
        self._faults.trusts_times = False
        return [TimesDoubted(t, reason)]

    def resume(self) -> None:
        """The next gap between two pictures was asked for: whoever is where they were goes on, however long it was."""
        self._is_resuming = True

    def change_person(self, t_s: float) -> list[Event]:
        """Somebody else is there: what is under way ends, and nothing of the one before is compared with."""
        self._order.previous = self._held = None
        if self.is_armed:
            return self._interrupt(t_s, PERSON_CHANGED)
        self.pause_reason = PERSON_CHANGED if self.pause_reason else ""
        self._start_pose.reset()
        return []

    def update(self, tracked: Tracked) -> list[Event]:
        """One picture. A time that doesn't advance (or is not a number) is ignored."""
        t = tracked.t_s
        if not t > self._t:
            return []
        gap_s, before, self._t = t - self._t, self.body, t
        self._note_rate(t, gap_s)
        passed_over, self._index = tracked.pose.index - self._index - 1, tracked.pose.index
        body = self.body = self._bend(self._filter.add(tracked.body))
        if not math.isnan(body.torso_px):
            self._values = {name: signal.update(body) for name, signal in self._signals.items()}
        events = self._see(t, body)
        if self.is_armed and gap_s > GAP_S:
            self._gap = Gap(before, t, gap_s, is_asked_for=self._is_resuming)
            # Pictures that came and were not looked at: the camera went on, and the machine was late.
            is_late = passed_over > 0 and not self._is_resuming
            self._gap_reason = "late-poses" if is_late else "picture-gap"
        self._is_resuming = False
        if self._gap is not None and self.is_armed:
            finding = self._gap.compare(body)
            if finding == "waiting":
                return events
            self._gap = None
            events += self._go_on(t) if finding == "same" else self._interrupt(t, self._gap_reason)
        if self._pending and self._cycle.span is None:
            events += self._change_settings(t)
        return events + self._go(t, body)

    def _go(self, t: float, body: Body) -> list[Event]:
        """Work, or wait for it; where pictures come too slowly nothing is counted."""
        if not self.is_armed:
            return self._wait(t, body)
        return self._interrupt(t, "rate") if "rate" in self._unseen.active else self._work(t, body)

    def _note_rate(self, t: float, gap_s: float) -> None:
        self._rate.note(t)
        if gap_s > GAP_S or not self._rate.bears(self._needed_fps):
            self._missed_s += gap_s

    def _bend(self, body: Body) -> Body:
        """The body with the bend of its low back against the own start, where it is known surely enough."""
        if self.baseline is None or self._rests.is_doubted:
            return body
        change = self._lumbar.update(body, self.baseline.body, self.exercise.lumbar_model)
        is_seen = change.is_seen(self.settings["back_sd_max_deg"])
        return changed(body, lumbar_deg=change.deg, lumbar_sd_deg=change.sd_deg) if is_seen else body

    @property
    def back_unknown(self) -> Unknown:
        """Why the back can't be judged now, empty where it can; cloth that fills the gap of the start pose loses it."""
        if self.body is None or not self._is_back_unknown(self.body):
            return ""
        return self.body.back_unknown or ("outline-lost" if self._starts_without_back else "noise")

    def suggest(self) -> list[Event]:
        """What the person may change after this set."""
        return self._faults.suggest(self._t)

    def finish(self) -> list[Event]:
        """The recording or the set is over: what is still open ends here."""
        t, body = self._t, self.body
        if body is None:
            return []
        events = [*self._drop(t, "recording-ended"), *self._faults.stop()]
        why = (body.cut, self.back_unknown)
        events += [UnseenEnded(t, p, advice_for(p, *why), since) for p, since in self._unseen.active.items()]
        self._unseen.active.clear()
        return events

    # -- seeing ------------------------------------------------------------------------------------------------

    def _see(self, t: float, body: Body) -> list[Event]:
        unseen = body.unseen if body.is_present else ("body",)
        if not math.isnan(body.torso_px) and self._is_back_unknown(body):
            unseen = (*unseen, "back")
        if not self._rate.bears(self._needed_fps):
            unseen = (*unseen, "rate")
        started, ended = self._unseen.update(t, self._parts, unseen)
        why = (body.cut, self.back_unknown)
        events: list[Event] = [UnseenStarted(t, p, advice_for(p, *why), reason_for(p, *why)) for p in started]
        return events + [UnseenEnded(t, p, advice_for(p, *why), self._unseen.active.pop(p)) for p in ended]

    def _is_back_unknown(self, body: Body) -> bool:
        """Whether the back can't be judged: its outline is not seen now, or was not in the start pose."""
        if self.exercise.is_of_outline:
            return math.isnan(body.steady_sagitta_tl) or (self.is_armed and self._starts_without_back)
        if not self.is_armed:
            return body.contour is None
        return math.isnan(body.lumbar_deg)

    def _go_on(self, t: float) -> list[Event]:
        """After a gap in the same position the cycle and the count go on."""
        self._cycle.resume(t)
        self._out_of_start = self._out_of_posture = None
        return self._faults.stop()  # what goes on is confirmed anew: nobody saw it go on

    def _change_settings(self, t: float) -> list[Event]:
        """Put what was asked for in force; a fault that goes on in the rest ends with the limit it was seen by."""
        changes, self._pending = self._pending, []
        for change in changes:
            self._overrides |= change.settings
        self._apply(Settings(self.exercise.all_settings, self._overrides))
        ended = self._faults.stop()
        self._faults.change_settings(self.settings)
        self._cycle.change_gap(self.settings["hold_gap_s"])
        self._start_pose.dwell_s, self._unseen.dwell_s = self._dwell_s, self.settings["unseen_s"]
        return [*ended, *(replace(change, t_s=t) for change in changes)]

    # -- waiting for the start pose ----------------------------------------------------------------------------

    def _wait(self, t: float, body: Body) -> list[Event]:
        if self.unseen_now or not self._rate.bears(self._needed_fps):
            self._start_pose.reset()  # what can't be seen can't be in its place
            return []
        if not self._start_pose.update(self._arming, body):
            return []
        self._take(baseline_of(self._start_pose.bodies))
        self.body = self._bend(body)
        self.is_armed, self.pause_reason = True, ""
        self._out_of_start = self._out_of_posture = None
        return [Armed(t), PhaseChanged(t, "rest")]

    def _take(self, baseline: Baseline) -> None:
        """What the person looks like in the start pose."""
        self.baseline = baseline
        self._filter.begin(baseline.body)
        for signal in self._signals.values():
            signal.begin(baseline.body)
        self._start_pose.reset()
        self._neutral = NeutralEstimator(self.exercise.is_of_outline)
        self._lumbar = LumbarEstimator()
        self._rests, self._first_rest = RestNeutral(), FirstRest()
        self._has_moved = False
        self._judged, self._compared_since = [], self._t
        self._starts_without_back = any(c.of_back and c.verdict(baseline.body) is not True for c in self._start_checks)

    def _settle(self, baseline: Baseline) -> None:
        """What the person looks like in the start pose, from more of the first rest."""
        if baseline is not self.baseline:
            self.baseline = baseline
            self._filter.begin(baseline.body)

    def _look_for_back(self, body: Body) -> None:
        """A set that began without a back in view takes its start anew once the back shows in the start pose."""
        if self._starts_without_back and self._cycle.span is None and self._start_pose.update(self._start_checks, body):
            self._take(baseline_of(self._start_pose.bodies))

    def _interrupt(self, t: float, reason: str) -> list[Event]:
        """Leave the exercise: what was under way is not counted."""
        events = [*self._faults.stop(), *self._drop(t, reason)]
        self.is_armed, self.pause_reason = False, reason
        self.excursion = 0.0
        self._start_pose.reset()
        return [*events, Paused(t, reason)]

    # -- working -----------------------------------------------------------------------------------------------

    def _work(self, t: float, body: Body) -> list[Event]:
        reason = self._left(t, body)
        if reason:
            return self._interrupt(t, reason)
        self._look_for_back(body)
        assert self.baseline is not None
        top = None if self._cycle.span is None else self._end_range.body  # one of this cycle
        self.baseline = self._neutral.update(body, self.baseline, self._cycle.phase, top)
        is_rest = self._cycle.span is None and pose_holds(self._arming, body, END_SLACK)
        self.baseline, is_wrong = self._rests.update(
            body, self.baseline, is_rest=is_rest, turn=self._turn, model=self.exercise.lumbar_model
        )
        events: list[Event] = self._withdraw(t) if is_wrong else []
        context = RuleContext(body, self.baseline, None, self.settings, top, held=self._held, signals=self._values)
        reach = self._sides.reach(context, self._cycle.phase)
        self._order.note(t, is_resting=self._cycle.span is None, is_one_unseen=self._sides.is_one_unseen)
        if self._sides.is_double:
            return [*events, *self._interrupt(t, "both-sides")]
        self.excursion = 0.0 if math.isnan(reach.excursion) else reach.excursion
        if is_rest and not self._has_moved and not self.exercise.is_of_outline:
            self._settle(self._first_rest.update(body, self.baseline, self.excursion))
        self._end_range.update(body, reach.rom_fraction, is_still=self._cycle.is_still)
        at_start = may_hold(self._start_checks, body, END_SLACK)
        before = self._cycle.phase
        is_home = at_start or not self.exercise.ends_at_start
        step = self._cycle.update(t, reach, self._sides.side, is_home)
        if step.entered == "outbound":
            self._begin()
        if step.entered and step.entered != before:
            events.append(PhaseChanged(t, step.entered, self._sides.side))
        if step.phase == "end-range":
            events += self._tick(t)
        events += self._look_short(t, reach, step.phase)
        events += self._watch_faults(t, body, step.phase)
        return events if step.ended is None else events + self._end(t, step, step.ended)

    def _left(self, t: float, body: Body) -> str:
        """Why the person has left the exercise, or nothing."""
        if not body.is_present:
            self._out_of_posture = self._out_of_posture if self._out_of_posture is not None else t
            return "nobody" if t - self._out_of_posture > INVARIANT_BROKEN_S else ""
        if any(c.verdict(body) is False for c in self._invariants):
            self._out_of_posture = self._out_of_posture if self._out_of_posture is not None else t
            if t - self._out_of_posture > INVARIANT_BROKEN_S:
                return "left-position"
        else:
            self._out_of_posture = None
        if self._cycle.phase == "end-range" or pose_holds(self._arming, body, END_SLACK):
            self._out_of_start = None
        elif self._out_of_start is None:
            self._out_of_start = t
        limit = self.settings["pause_s"] * (1.0 if self._cycle.phase == "rest" else 3.0)
        return "left-start-pose" if self._out_of_start is not None and t - self._out_of_start > limit else ""

    def _begin(self) -> None:
        self._turn, self._has_moved = self._turn + 1, True
        self._sides.begin()
        self._faults.begin_cycle()
        self._ticked, self._shortfall = 0, ShortfallDetector(ROM_SD)
        self._end_range = EndRange()
        self._back_change_tl = self._back_change_deg = self._back_change_sd_deg = math.nan

    def _look_short(self, t: float, reach: Reach, phase: Phase) -> list[Event]:
        """Whether somebody holds short of the range, and it is the fault of an attempt."""
        span, detector = self._cycle.span, self._shortfall
        if span is None or detector is None or phase != "outbound" or self._is_other_side or self._out_of_posture:
            return []
        if span.is_other or self._faults.disqualified_by or not detector.update(t, reach):
            return []
        assert self.baseline is not None
        facts = RepFacts(
            self._sides.side, None, Estimate(math.nan), 0.0, span.peak_rom, self.baseline,
            length_s=t - span.start_s, is_whole=span.unknown_s < TORN_S, interval_s=self._rate.interval_s,
            peak_excursion=span.peak_excursion,
        )  # fmt: skip
        name = self._faults.short_of_range(facts)
        self._shortfall = None
        return [HeldShort(t, name)] if name else []

    def _tick(self, t: float) -> list[Event]:
        if self._is_other_side or not self.trusts_times:
            return []
        target = self.exercise.hold_s(self.settings)
        whole = math.floor(min(self._cycle.hold_s, target) + 1e-9)
        if whole <= self._ticked:
            return []
        self._ticked = whole
        return [HoldTicked(t, whole, target)]

    def _watch_faults(self, t: float, body: Body, phase: Phase) -> list[Event]:
        assert self.baseline is not None
        cycle = self._cycle
        context = RuleContext(
            body, self.baseline, self._sides.side, self.settings, self._end_range.body, cycle.is_still, cycle.hold_s,
            signals=self._values, followed=self._sides.followed,
        )  # fmt: skip
        if cycle.span is not None:
            change_tl = arch_tl(body, self.baseline)
            if not math.isnan(change_tl) and not abs(change_tl) <= abs(self._back_change_tl):
                self._back_change_tl = change_tl
            if not math.isnan(body.lumbar_deg) and not abs(body.lumbar_deg) <= abs(self._back_change_deg):
                self._back_change_deg, self._back_change_sd_deg = body.lumbar_deg, body.lumbar_sd_deg
        is_leaving = self._out_of_posture is not None
        return self._faults.watch(
            t, context, phase, self._rate,
            is_cycle=cycle.span is not None, is_leaving=is_leaving, is_side_open=self._sides.is_open,
        )  # fmt: skip

    # -- the end of a cycle ------------------------------------------------------------------------------------

    def _end(self, t: float, step: Step, span: Span) -> list[Event]:
        assert self.baseline is not None
        span.side = self._sides.settle()
        reason = self._why_not(step, span)
        is_sure_of_last = self._wanted is None and self._missed_s < self.exercise.shortest_s
        is_next = self._order.is_next(span.start_s, self.settings["confirm_s"])
        facts = RepFacts(
            span.side, self._order.previous if is_sure_of_last else None, span.outbound(), span.hold_s, span.peak_rom,
            self.baseline, is_other=span.is_other or bool(self._faults.disqualified_by),
            length_s=t - span.start_s, is_whole=span.unknown_s < TORN_S, interval_s=self._rate.interval_s,
            is_next=is_next, peak_excursion=span.peak_excursion,
        )  # fmt: skip
        self._missed_s = 0.0
        events, judgement = self._faults.end_cycle(t, span, facts, is_rep=not reason)
        self._order.end(t, span.side, is_seen=reason not in ("not-seen", "rate"))
        if reason:
            return [*events, AttemptEnded(t, span.start_s, span.side, reason)]
        return [*events, self._count(t, span, facts.outbound, judgement)]

    def _why_not(self, step: Step, span: Span) -> str:
        """Why a cycle that has ended is no repetition; empty where it is one."""
        if span.is_other:
            return "other-exercise"
        if self._faults.disqualified_by:
            return self._faults.disqualified_by
        if not step.is_rep and not self._rate.bears(2 * PICTURES / (self._t - span.start_s)):
            return "rate"  # there and back in so few pictures: it may have been further between two of them
        if not step.is_rep:
            return self.exercise.short_of_range if span.unknown_s < TORN_S else "not-seen"
        if self._wanted is not None and span.side not in (None, self._wanted):
            return "other-side"
        return "short-hold" if self.trusts_times and span.hold_s < self._least_hold_s else ""

    def _count(self, t: float, span: Span, outbound: Estimate, judgement: Judgement) -> RepCompleted:
        self.reps, self._held = self.reps + 1, self._end_range.body
        self._judged.append((self.reps, judgement))
        self.clean_reps += judgement.verdict == "clean"
        self.not_judged_reps += judgement.verdict == "not-judged"
        if span.side is not None:
            self._by_side[span.side] += 1
        known = {
            "out_s": outbound.value,
            "out_sd_s": outbound.sd if outbound.sd else math.nan,
            "rom_fraction": span.peak_rom,
            "back_change_tl": self._back_change_tl,
            "back_change_deg": self._back_change_deg,
            "back_change_sd_deg": self._back_change_sd_deg,
        }
        measures = {name: round(value, DIGITS[name]) for name, value in known.items() if not math.isnan(value)}
        return RepCompleted(
            t, self.reps, span.side, span.start_s, span.peak_s, span.hold_s, judgement.faults, measures,
            judgement.verdict, judgement.not_judged, judgement.judged, judgement.why,
        )  # fmt: skip

    def _withdraw(self, t: float) -> list[Event]:
        """Take back what was judged of the back by a start that proved wrong, and begin anew with the one of now."""
        names = [] if self.exercise.is_of_outline else [fault.name for fault in self.exercise.faults if fault.of_back]
        since_s, self._compared_since, self._lumbar = self._compared_since, t, LumbarEstimator()
        judged, self._judged = self._judged, []
        if not names:
            return []
        self._faults.forget(names)
        for _, was in judged:
            now = was.without(names, "back")
            self.clean_reps += (now.verdict == "clean") - (was.verdict == "clean")
            self.not_judged_reps += (now.verdict == "not-judged") - (was.verdict == "not-judged")
        return [BackWithdrawn(t, since_s, tuple(index for index, _ in judged), tuple(names))]

    def _drop(self, t: float, reason: str) -> list[Event]:
        """Give up the cycle under way, an attempt if it had reached anything."""
        span = self._cycle.drop()
        self._order.lose()
        return [] if span is None or span.reached_s is None else [AttemptEnded(t, span.start_s, span.side, reason)]


def _parts_of(exercise: Exercise) -> tuple[str, ...]:
    """What is told when it can't be seen, each once."""
    needed = ("body", "rate", *exercise.required_parts, *(["back"] * exercise.judges_back))
    return tuple(dict.fromkeys(needed))
