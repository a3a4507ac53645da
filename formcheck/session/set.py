"""The flow of one set: get ready, wait for the start pose, work, done. Driven by the pictures' own time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from formcheck.core.body.measure import measure
from formcheck.core.body.pose import Pose
from formcheck.core.body.tracked import Tracked, track
from formcheck.core.coach.bout import BoutCoach, coach_for
from formcheck.core.coach.calibration import Calibrator, Span
from formcheck.core.coach.coach import END_SLACK
from formcheck.core.coach.detectors import pose_holds
from formcheck.core.coach.snapshot import ActiveFault, BackVerdict, Snapshot, Stage, StartCheck
from formcheck.core.coach.trace import Trace, TraceKeeper
from formcheck.core.feedback.fading import Fading
from formcheck.core.feedback.phrases import SETUP, reason_for, remedy_for
from formcheck.core.feedback.policy import CuePolicy
from formcheck.core.rules.events import Cue, Event, SetFinished
from formcheck.core.rules.exercise import Exercise
from formcheck.core.rules.setting import Settings
from formcheck.core.setup.framing import Light
from formcheck.core.setup.setup import SetupCoach

GET_READY_S = 10.0
"""Time to get to the floor after a choice [P]."""
CAPTION_S = 4.0
"""A caption stays this long after its cue: time to read eight words twice."""
BACK_UNKNOWN_S = 3.0
"""The outline must be lost this long while working before the person is told."""
ASK_AFTER_S = 2.0
"""The start position is asked for so long after the set-up, unless the person is in it by then."""


@dataclass(frozen=True, slots=True)
class Update:
    """What one picture brought."""

    events: tuple[Event, ...]
    cues: tuple[Cue, ...]
    snapshot: Snapshot


class Set:
    """One set of one exercise."""

    def __init__(
        self,
        exercise: Exercise,
        overrides: Mapping[str, object] | None = None,
        *,
        is_live: bool,
        target_reps: int | None = None,
        get_ready_s: float = 0.0,
        calibrate: bool = False,
        set_up: bool = False,
        fading: Fading | None = None,
    ) -> None:
        """Start a set.

        Args:
            exercise: what is done.
            overrides: settings by name.
            is_live: a camera rather than a recording.
            target_reps: repetitions after which the set is done; None = never (a recording is judged whole).
            get_ready_s: countdown before anything is looked at, seconds.
            calibrate: lead through the person's own span of the back first, where the exercise judges the back.
            set_up: help with the camera and the place first, until what is needed is seen.
            fading: which form cues are spoken, through all sets of one session; None = all.

        Raises:
            ValueError: an override that makes no sense.
        """
        self.exercise = exercise
        self.coach = coach_for(exercise, overrides, is_live=is_live)
        self._overrides, self._is_live = dict(overrides or {}), is_live
        self._cues = CuePolicy(exercise, fading)
        self._target = target_reps
        self._get_ready_s = get_ready_s
        self._began: float | None = None
        self._t = 0.0
        self._is_done = False
        self._back_lost_since: float | None = None
        self._judges_back = any(f.of_back for f in exercise.faults)
        self._was_asked = False
        self._trace = TraceKeeper()
        self._setup = SetupCoach(exercise, self.coach.settings) if set_up else None
        self._asks_at_s = -math.inf
        self._calibrator = Calibrator(exercise.posture) if calibrate and self._judges_back else None

    @property
    def span(self) -> Span | None:
        """What the calibration found; None without one."""
        return self._calibrator.span if self._calibrator else None

    @property
    def is_setting_up(self) -> bool:
        """Whether the set-up is still being looked at."""
        return self._setup is not None and not self._setup.is_done

    def start_anyway(self) -> tuple[Cue, ...]:
        """The person wants to begin: the countdown and the set-up are over."""
        if self._setup is None or self._began is None:
            return ()
        self._get_ready_s = min(self._get_ready_s, self._t - self._began)
        return tuple(self._setup.start_anyway(self._t))

    def update(self, tracked: Tracked, light: Light | None = None) -> Update:
        """One picture, with its light where it is known."""
        t = tracked.t_s
        if not math.isfinite(t):
            return Update((), (), self.snapshot(self._began or 0.0))
        self._t = t
        self._began = t if self._began is None else self._began
        before = self._before(t, tracked, light)
        if before is not None:
            return Update((), tuple(before), self.snapshot(t))
        if self._calibrator is not None and self._calibrator.stage == "failed":
            # Its motion does not stand out of the noise: for this set it is unknown.
            tracked = track(tracked.pose, None, self.exercise.posture)
        events = self.coach.update(tracked)
        if self._judges_back:
            self._trace.note(t, self.coach.arch_tl())
        if self._target is not None and self.coach.is_over(self._target):
            self._is_done = True
            events.append(SetFinished(t, self.coach.reps, self.coach.clean_reps))
            events += self.coach.suggest()
        cues = self._ask_for_start(t) + self._cues.update(t, events, back_unknown=self._lost_back(t))
        return Update(tuple(events), tuple(cues), self.snapshot(t))

    def _before(self, t: float, tracked: Tracked, light: Light | None) -> list[Cue] | None:
        """The cues of what comes before (and after) the coached part; None while the coach has its turn."""
        if self._is_done:
            return []
        if self._began is not None and t - self._began < self._get_ready_s:
            return self._greet(t)
        if self._setup is not None and not self._setup.is_done:
            cues = self._setup.update(tracked, light)
            self._asks_at_s = t + ASK_AFTER_S
            return cues
        if self._calibrator is not None and self._calibrator.stage not in ("done", "failed"):
            return self._ask_for_start(t) + self._calibrate(self._calibrator, tracked)
        return None

    def finish(self) -> Update:
        """The recording or the set is over."""
        events = self.coach.finish()
        events += [] if self._is_done else self.coach.suggest()
        t = events[-1].t_s if events else 0.0
        return Update(tuple(events), tuple(self._cues.update(t, events)) if events else (), self.snapshot(t))

    def snapshot(self, t: float) -> Snapshot:
        """The set as it is at `t` seconds."""
        coach, exercise = self.coach, self.exercise
        cues = {f.name: f.cue for f in exercise.all_faults}
        left = 0.0 if self._began is None else max(0.0, self._get_ready_s - (t - self._began))
        unseen = coach.unseen_now
        body = coach.body
        problem = self._setup.problem if self._setup and not left else None
        trace = self._back_trace(t)
        figure, figure_text = coach.figure if isinstance(coach, BoutCoach) else ("", "")
        return Snapshot(
            stage=self._stage(left),
            countdown_s=left,
            phase=coach.phase,
            phase_text=exercise.phase_texts.get(coach.phase, ""),
            side=coach.side,
            reps=coach.reps,
            target_reps=self._target or exercise.dose.reps,
            clean_reps=coach.clean_reps,
            progress=min(1.0, max(0.0, coach.excursion)),
            hold_s=coach.hold_s,
            hold_target_s=exercise.dose.hold_s,
            faults=tuple(ActiveFault(s.fault.name, cues[s.fault.name], s.fault.severity) for s in coach.active_faults),
            start_checks=tuple(StartCheck(text, met) for text, met in self._checks(left)),
            setup_text=problem.text if problem else "",
            setup_arrow=problem.arrow if problem else "",
            unseen_part=unseen[0] if unseen else "",
            advice=remedy_for(unseen[0], body.cut, body.back_unknown) if unseen and body is not None else "",
            back=self._back_verdict(trace),
            back_deviation_tl=0.0 if math.isnan(coach.arch_tl()) else coach.arch_tl(),
            back_trace=trace,
            posture=exercise.posture,
            pause_reason=coach.pause_reason,
            figure=figure,
            figure_text=figure_text,
            lines=coach.lines if isinstance(coach, BoutCoach) else (),
        )

    def _back_trace(self, t: float) -> Trace:
        if self.coach.baseline is None:
            return Trace()
        limits = {f.of_back: f.outline_limit_tl(self.coach.settings) for f in self.exercise.faults if f.of_back}
        doubt_tl = self.coach.body.sagitta_sd_tl if self.coach.body else math.nan
        return self._trace.trace(t, doubt_tl, limits.get("arch", 0.0), limits.get("round", 0.0))

    def _stage(self, countdown_s: float) -> Stage:
        if self._is_done:
            return "done"
        if countdown_s > 0:
            return "countdown"
        if self.is_setting_up:
            return "setup"
        if self.coach.is_armed:
            return "working"
        return "paused" if self.coach.pause_reason else "waiting"

    def _checks(self, countdown_s: float) -> list[tuple[str, bool | None]]:
        if self._setup is not None and self.is_setting_up and not countdown_s:
            return self._setup.checks()
        return self.coach.start_checks()

    def _greet(self, t: float) -> list[Cue]:
        if t != self._began:
            return []
        return [Cue(t, "setup", "setup.get-ready", SETUP["setup.get-ready"])]

    def _ask_for_start(self, t: float) -> list[Cue]:
        """After the countdown, once: ask for the start pose."""
        if self._was_asked or not (self._get_ready_s or self._setup) or t < self._asks_at_s:
            return []
        self._was_asked = True
        if self.coach.is_armed:
            return []
        return [Cue(t, "setup", "setup.start-pose", SETUP["setup.start-pose"])]

    def _calibrate(self, calibrator: Calibrator, tracked: Tracked) -> list[Cue]:
        """One picture of the calibration; what it found becomes the limits of this set."""
        body = tracked.body
        is_start = pose_holds(self.exercise.start(self.coach.settings), body, END_SLACK)
        cues = calibrator.update(tracked.t_s, body.sagitta_tl if is_start else math.nan)
        if calibrator.span is not None:
            limits = {**calibrator.span.limits(self.exercise), **self._overrides}
            self.coach = coach_for(self.exercise, limits, is_live=self._is_live)
        return cues

    def _lost_back(self, t: float) -> str:
        """Why the back has been unknown for so long that the person is told; empty while it isn't."""
        why = self._why_lost()
        if not why:
            self._back_lost_since = None
            return ""
        self._back_lost_since = t if self._back_lost_since is None else self._back_lost_since
        return reason_for("back", back=why) if t - self._back_lost_since > BACK_UNKNOWN_S else ""

    def _why_lost(self) -> str:
        coach, body = self.coach, self.coach.body
        if body is None:
            return ""
        if not coach.is_armed:
            checks = self.exercise.start(coach.settings)
            missing = [c.of_back for c in checks if c.verdict(body) is False]
            return "outline-lost" if missing and all(missing) and body.is_present else ""  # cloth fills the gap
        if not self._judges_back or not math.isnan(coach.arch_tl()) or body.back_unknown == "no-torso":
            return ""
        return body.back_unknown or "noise"

    def _back_verdict(self, trace: Trace) -> BackVerdict:
        if not self.coach.is_armed or math.isnan(self.coach.arch_tl()):
            return "unknown"  # who has sat up is not to be told that the back lies flat
        if any(s.fault.of_back for s in self.coach.active_faults):
            return "fault"
        return "unsure" if trace.leaves_open(self.coach.arch_tl()) else "good"


def start_score(exercise: Exercise, pose: Pose) -> float:
    """How near a pose is to the exercise's start pose: the share of its checks that are met, 0..1."""
    body = replace(measure(pose, exercise.posture), steady_sagitta_tl=1.0)  # the outline isn't read yet
    checks = exercise.start(Settings(exercise.all_settings))
    return float(np.mean([bool(c.verdict(body, END_SLACK)) for c in checks]))
