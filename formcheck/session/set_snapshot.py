"""What there is to see of a set at one moment, put together when somebody asks for it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from formcheck.core.body.pose import Side
from formcheck.core.coach.bout import BoutCoach
from formcheck.core.coach.coach import Coach
from formcheck.core.coach.snapshot import ActiveFault, BackVerdict, Snapshot, Stage, StartCheck
from formcheck.core.coach.trace import Trace, TraceKeeper
from formcheck.core.feedback.phrases import remedy_for
from formcheck.core.setup.setup import SetupCoach


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a set is at its newest picture."""

    t_s: float
    stage: Stage
    countdown_s: float
    target_reps: int | None
    is_held: bool
    near: Side | None


def snapshot_of(now: Moment, coach: Coach, setup: SetupCoach | None, keeper: TraceKeeper) -> Snapshot:
    """What there is to see of a set.

    Args:
        now: where the set is.
        coach: of the set, after its newest picture.
        setup: the coach of the set-up, if there is one.
        keeper: the back over the last seconds.
    """
    exercise, stage = coach.exercise, now.stage
    unseen, body = coach.unseen_now, coach.body
    problem = setup.problem if setup is not None and stage == "setup" else None
    trace = _back_trace(coach, keeper, now.t_s)
    figure, figure_text = coach.figure if isinstance(coach, BoutCoach) else ("", "")
    return Snapshot(
        stage=stage,
        countdown_s=now.countdown_s,
        phase=coach.phase,
        phase_text=exercise.phase_texts.get(coach.phase, ""),
        side=coach.side,
        reps=coach.reps,
        target_reps=now.target_reps or exercise.dose.reps,
        clean_reps=coach.clean_reps,
        not_judged_reps=coach.not_judged_reps,
        progress=min(1.0, max(0.0, coach.excursion)),
        hold_s=coach.hold_s,
        hold_target_s=exercise.hold_s(coach.settings),
        faults=tuple(ActiveFault(s.fault.name, s.fault.cue, s.fault.severity) for s in coach.active_faults),
        start_checks=_checks(stage, coach, setup),
        setup_text=problem.text if problem else "",
        setup_arrow=problem.arrow if problem else "",
        unseen_part=unseen[0] if unseen else "",
        advice=remedy_for(unseen[0], body.cut, body.back_unknown) if unseen and body is not None else "",
        back=_back_verdict(coach, trace),
        back_trace=trace,
        posture=exercise.posture,
        near=now.near,
        pause_reason="held" if now.is_held else coach.pause_reason,
        figure=figure,
        figure_text=figure_text,
        lines=coach.lines if isinstance(coach, BoutCoach) else (),
        numbers=coach.numbers if isinstance(coach, BoutCoach) else (),
    )


def _checks(stage: Stage, coach: Coach, setup: SetupCoach | None) -> tuple[StartCheck, ...]:
    if setup is not None and stage == "setup":
        return tuple(StartCheck(text, is_met) for text, is_met in setup.checks())
    return tuple(StartCheck(check.text, is_met, check.spot) for check, is_met in coach.start_checks())


def _back_trace(coach: Coach, keeper: TraceKeeper, t: float) -> Trace:
    if coach.baseline is None:
        return Trace()
    exercise = coach.exercise
    limits = {f.of_back: f.lumbar_limit_deg(coach.settings) for f in exercise.faults if f.of_back}
    if exercise.outline_goal:
        limits["round"] = coach.settings[exercise.outline_goal]  # the goal lies where others have their limit
    sd = coach.back_deviation.sd
    margin = NormalDist().inv_cdf(coach.settings["sure_good_share"]) * sd
    return keeper.trace(t, sd, margin, limits.get("arch", 0.0), limits.get("round", 0.0))


def _back_verdict(coach: Coach, trace: Trace) -> BackVerdict:
    deviation = coach.back_deviation.value
    if not coach.is_armed or math.isnan(deviation):
        return "unknown"  # who has sat up is not to be told that the back lies flat
    if any(s.fault.of_back for s in coach.active_faults):
        return "fault"
    if coach.exercise.is_of_outline:
        return "good" if coach.phase == "end-range" else "open"
    return "unsure" if trace.leaves_open(deviation) else "good"
