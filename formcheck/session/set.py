"""One set of one exercise: get ready, set up, calibrate, wait for the start pose, work, done.

It is driven by the pictures' own time and reads no clock; live and recorded sets are the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from formcheck.core.body.light import Light
from formcheck.core.body.measure import measure
from formcheck.core.body.pose import Pose, Side
from formcheck.core.body.tracked import Tracked, track
from formcheck.core.coach.bout import coach_for
from formcheck.core.coach.calibration import Calibrator, Span
from formcheck.core.coach.coach import END_SLACK
from formcheck.core.coach.detectors import pose_holds
from formcheck.core.coach.snapshot import Snapshot, Stage
from formcheck.core.coach.trace import TraceKeeper
from formcheck.core.feedback.fading import Fading
from formcheck.core.feedback.feedback import Feedback
from formcheck.core.feedback.phrases import PERSON_CHANGED, SETUP, reason_for
from formcheck.core.rules.events import Cue, Event, PersonChanged, RepAdded, RepAmended, SetFinished, SettingsChanged
from formcheck.core.rules.exercise import Exercise
from formcheck.core.rules.setting import Settings
from formcheck.core.setup.setup import SetupCoach
from formcheck.session.set_snapshot import Moment, snapshot_of

GET_READY_S = 10.0
"""Seconds to get to the floor after a choice [P]; with less, people are asked for the start pose on their way down."""
BACK_UNKNOWN_S = 3.0
"""Seconds for which the outline must be lost while working before the person is told; an arm that passes takes less."""
ASK_AFTER_S = 2.0
"""Seconds after the set-up at which the start position is asked for, unless the person is in it by then."""


@dataclass(frozen=True, slots=True)
class Update:
    """What one picture brought."""

    events: tuple[Event, ...] = ()
    cues: tuple[Cue, ...] = ()
    untrue: tuple[str, ...] = ()
    """Names of cues of before that are no longer true: whoever has not said them yet drops them."""


@dataclass(frozen=True, slots=True)
class SetOptions:
    """How a set is run."""

    side: Side | None = None
    """The side that is asked for; a repetition of the other one is not counted. None = as the person likes."""
    target_reps: int | None = None
    """Repetitions after which the set is done; None = never (a recording is judged whole)."""
    is_per_side: bool = False
    """Whether each side has to do so many."""
    get_ready_s: float = 0.0
    """Seconds of countdown before anything is looked at."""
    set_up: bool = False
    """Whether to help with the camera and the place first, until what is needed is seen."""
    trusts_times: bool = True
    """Whether the pictures' times are those of the movement; not where a recording is known to be slowed down or sped
    up by an unknown factor. Then no speed, hold or rhythm is judged."""
    calibrate: bool = False
    """Whether to lead through the person's own span of the back first, where the exercise judges the back."""
    is_mirrored: bool = False
    """Whether the pictures are swapped left to right before they are looked at; the set-up tells it once."""
    person: int = 0
    """Who was followed last before this set; somebody else is told of."""


class Set:
    """One set. Feed every picture in order of time."""

    def __init__(
        self,
        exercise: Exercise,
        overrides: Mapping[str, object] | None = None,
        *,
        is_live: bool,
        options: SetOptions | None = None,
        fading: Fading | None = None,
        set_id: str = "",
        utc_at: Callable[[float], str | None] = lambda _: None,
    ) -> None:
        """Start a set.

        Args:
            exercise: what is done.
            overrides: settings by name.
            is_live: a camera rather than a recording.
            options: how it is run.
            fading: which form cues are spoken, through all sets of one session; None = all.
            set_id: UUID that its events carry.
            utc_at: UTC, as ISO 8601 text, of a time of the pictures; None for a recording.

        Raises:
            ValueError: an override that makes no sense.
        """
        self.exercise = exercise
        self.set_id = set_id
        self.options = options or SetOptions()
        self.is_held = False
        """Whether the person has paused it; then nothing is looked at and no countdown runs."""
        self.person = self.options.person
        """Who is followed: the number of `Pose.person`."""
        self._is_live = is_live
        self._overrides = dict(overrides or {})
        self.coach = coach_for(exercise, overrides, is_live=is_live, side=self.options.side)
        self.feedback = Feedback(exercise, fading)
        """What is said of it; told by whoever plays the cues which of them were heard."""
        self._utc_at = utc_at
        self._seq = 0
        self._get_ready_s = self.options.get_ready_s
        self._began: float | None = None
        self._t = 0.0
        self._near: Side | None = None
        self._held_since: float | None = None
        self._was_held = False
        self._is_done = False
        self._back_lost_since: float | None = None
        self._was_asked = False
        self._trace = TraceKeeper()
        self._setup = self._begin_setup() if self.options.set_up else None
        self._asks_at_s = -math.inf
        self._calibrator = (
            Calibrator(exercise.posture, exercise.lumbar_model)
            if self.options.calibrate and exercise.judges_back
            else None
        )

    def _begin_setup(self) -> SetupCoach:
        return SetupCoach(self.exercise, self.coach.settings, is_mirrored=self.options.is_mirrored)

    @property
    def span(self) -> Span | None:
        """What the calibration found; None without one."""
        return self._calibrator.span if self._calibrator else None

    @property
    def is_setting_up(self) -> bool:
        """Whether the set-up is still being looked at."""
        return self._setup is not None and not self._setup.is_done

    @property
    def stage(self) -> Stage:
        """Where the set is."""
        if self._is_done:
            return "done"
        if self.is_held:
            return "paused"
        if self.countdown_s > 0:
            return "countdown"
        if self.is_setting_up:
            return "setup"
        if self.coach.is_armed:
            return "working"
        return "paused" if self.coach.pause_reason else "waiting"

    @property
    def countdown_s(self) -> float:
        """Seconds left of the countdown."""
        if self._began is None:
            return self._get_ready_s
        return max(0.0, self._get_ready_s - (self._t - self._began))

    @property
    def is_held_well(self) -> bool:
        """Whether a position that is to be held is held now, without a fault."""
        return self.stage == "working" and self.coach.is_held_well

    # -- what the person wants ---------------------------------------------------------------------------------

    def pause(self) -> None:
        """The person pauses: the countdown stands, and what is under way waits."""
        self.is_held = True

    def resume(self) -> None:
        """The person goes on; who is still in the same position goes on where it was."""
        self.is_held, self._was_held = False, True

    def start_anyway(self) -> Update:
        """The person wants to begin: the countdown and the set-up are over."""
        if self._began is None:
            return Update()
        self._get_ready_s = min(self._get_ready_s, self._t - self._began)
        cues = self._setup.start_anyway(self._t) if self._setup is not None else []
        return Update((), tuple(cues))

    def hasten(self, left_s: float) -> None:
        """The person is in place already: of the countdown no more is left than so many seconds."""
        if self._began is not None:
            self._get_ready_s = min(self._get_ready_s, self._t - self._began + left_s)

    def change_settings(self, values: Mapping[str, float], *, by: str, why: str) -> None:
        """Put other settings in force from the next repetition on; the change is an event of the set.

        Raises:
            ValueError: a value that makes no sense; nothing is changed then.
        """
        self.coach.change_settings(values, by=by, why=why)

    def amend(self, amendment: Event) -> Update:
        """A correction that somebody has made, as the next event of this set; what is counted aloud follows."""
        if isinstance(amendment, RepAdded) and amendment.now is not None:
            self._recount(amendment.now.side, is_taken=False)
        if isinstance(amendment, RepAmended) and amendment.was is not None and amendment.now is not None:
            is_taken = amendment.was.is_counted and not amendment.now.is_counted
            if amendment.was.is_counted != amendment.now.is_counted:
                self._recount(amendment.was.side, is_taken=is_taken)
        return Update(self._stamp([replace(amendment, t_s=self._t)]))

    def _recount(self, side: Side | None, *, is_taken: bool) -> None:
        """One repetition less, or one more, than the coach has counted."""
        self.coach.take_back(side, is_taken=is_taken)
        self.feedback.taken_back += 1 if is_taken else -1

    def change_dose(self, reps: int, *, by: str, why: str) -> Update:
        """So many repetitions are asked for from now on (of each side, where that is meant)."""
        was = {"reps": float(self.options.target_reps)} if self.options.target_reps is not None else {}
        self.options = replace(self.options, target_reps=reps)
        return Update(self._stamp([SettingsChanged(self._t, {"reps": float(reps)}, by, why, was)]))

    # -- pictures ----------------------------------------------------------------------------------------------

    def update(self, tracked: Tracked, light: Light | None = None) -> Update:
        """One picture, with its light where it is known."""
        t = tracked.t_s
        self._near = tracked.body.near_in_view
        if not math.isfinite(t) or self._waits(t):
            return Update()
        self._began = t if self._began is None else self._began
        changed = self._look_who(t, tracked.pose.person)
        before = self._before(t, tracked, light)
        if before is not None:
            stamped = self._stamp(changed)
            cues = self.feedback.update(t, stamped) if stamped else []
            return Update(stamped, (*cues, *before), self.feedback.untrue if stamped else ())
        if self._calibrator is not None and self._calibrator.stage == "failed":
            # Its motion does not stand out of the noise: for this set it is unknown.
            tracked = track(tracked.pose, None, self.exercise.posture)
        events = changed if self.options.trusts_times else [*changed, *self.coach.distrust_times(t, "told")]
        events += self.coach.update(tracked)
        if self.exercise.judges_back:
            self._trace.note(t, self.coach.back_deviation.value)
        if self._target_reached():
            self._is_done = True
            coach = self.coach
            events.append(SetFinished(t, coach.reps, coach.clean_reps, coach.not_judged_reps))
            events += coach.suggest()
        stamped = self._stamp(events)
        cues = self._ask_for_start(t) + self.feedback.update(t, stamped, back_unknown=self._lost_back(t))
        return Update(stamped, tuple(cues), self.feedback.untrue)

    def finish(self) -> Update:
        """The recording or the set is over: what is still open ends here."""
        events = self.coach.finish()
        events += [] if self._is_done else self.coach.suggest()
        t = events[-1].t_s if events else self._t
        stamped = self._stamp(events)
        return Update(stamped, tuple(self.feedback.update(t, stamped)) if events else ())

    def snapshot(self) -> Snapshot:
        """What there is to see at the newest picture."""
        now = Moment(
            self._t, self.stage, self.countdown_s, self.options.target_reps, self.is_held, self._near
        )  # fmt: skip
        return snapshot_of(now, self.coach, self._setup, self._trace)

    def _waits(self, t: float) -> bool:
        """Whether this picture falls into a pause; keeps the countdown where it was."""
        if self.is_held:
            self._held_since = self._t if self._held_since is None else self._held_since
            return True
        if self._was_held:
            self._was_held = False
            if self._held_since is not None and self._began is not None:
                self._get_ready_s += t - self._held_since if self.countdown_s > 0 else 0.0
                self.coach.resume()
            self._held_since = None
        self._t = t
        return False

    def _look_who(self, t: float, person: int) -> list[Event]:
        """Whether somebody else is there: then what was measured of the one before holds no more."""
        if person == self.person:
            return []
        was, self.person = self.person, person
        if self.span is not None:
            names = self.span.limits(self.exercise)
            plain = Settings(self.exercise.all_settings, self._overrides)
            self.coach.change_settings({name: plain[name] for name in names}, by="formcheck", why=PERSON_CHANGED)
        return [PersonChanged(t, person, was), *self.coach.change_person(t)]

    def _target_reached(self) -> bool:
        target = self.options.target_reps
        if self._is_done or target is None:
            return False
        return self.coach.is_over(target, per_side=self.options.is_per_side)

    def _stamp(self, events: Sequence[Event]) -> tuple[Event, ...]:
        """The events with the set's identity, their number, and UTC where there is one."""
        out = []
        for event in events:
            out.append(replace(event, set_id=self.set_id, seq=self._seq, utc=self._utc_at(event.t_s)))
            self._seq += 1
        return tuple(out)

    def _before(self, t: float, tracked: Tracked, light: Light | None) -> list[Cue] | None:
        """The cues of what comes before (and after) the coached part; None while the coach has its turn."""
        if self._is_done:
            return []
        if self.countdown_s > 0:
            return []
        if self._setup is not None and not self._setup.is_done:
            cues = self._setup.update(tracked, light)
            self._asks_at_s = t + ASK_AFTER_S
            return cues
        if self._calibrator is not None and self._calibrator.stage not in ("done", "failed"):
            return self._ask_for_start(t) + self._calibrate(self._calibrator, tracked)
        return None

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
        cues = calibrator.update(tracked.t_s, body if is_start else replace(body, sagitta_tl=math.nan, contour=None))
        if calibrator.span is not None:
            limits = {**calibrator.span.limits(self.exercise), **self._overrides}
            self.coach = coach_for(self.exercise, limits, is_live=self._is_live, side=self.options.side)
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
        if not coach.is_armed or not self.exercise.judges_back:
            return ""
        return "" if coach.back_unknown == "no-torso" else coach.back_unknown


def start_score(exercise: Exercise, pose: Pose) -> float:
    """How near a pose is to the exercise's start pose: the share of its checks that are met, 0..1."""
    body = replace(measure(pose, exercise.posture), steady_sagitta_tl=1.0)  # the outline isn't read yet
    checks = exercise.start(Settings(exercise.all_settings))
    return float(np.mean([bool(c.verdict(body, END_SLACK)) for c in checks])) if checks else 0.0
