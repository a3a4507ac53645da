"""What there is to see at this moment: the state of the set, for the screen and for annotated videos."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from formcheck.core.body.back import Posture
from formcheck.core.body.pose import Side
from formcheck.core.coach.trace import Trace
from formcheck.core.rules.demonstration import Spot

Stage = Literal["countdown", "setup", "waiting", "working", "paused", "done"]
"""A set's course: counting down, setting up, waiting for the start pose, working, paused, done."""

BackVerdict = Literal["good", "open", "unsure", "fault", "unknown"]
"""The back now: right; at rest, where the movement is one of the back itself; perhaps wrong; wrong; not known."""


@dataclass(frozen=True, slots=True)
class ActiveFault:
    """A fault that is going on now."""

    name: str
    cue: str
    severity: int


@dataclass(frozen=True, slots=True)
class StartCheck:
    """One condition of the start pose. `is_met` is None when it can't be seen."""

    text: str
    """For example "Knees bent at a right angle"."""
    is_met: bool | None
    spot: Spot = ""
    """Where it is on the body; empty where it is nowhere."""


@dataclass(frozen=True, slots=True)
class Number:
    """One quantity of a movement that is not counted in repetitions."""

    title: str
    text: str
    """Its value; empty while it isn't known."""
    unit: str
    low: float = math.nan
    """The band that is usual for it; NaN for an end that it does not have."""
    high: float = math.nan
    is_right: bool | None = None
    """Whether it lies in the band; None while it isn't known."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The set right now."""

    stage: Stage = "waiting"
    countdown_s: float = 0.0
    """Seconds left in the `countdown` stage."""
    phase: str = "rest"
    phase_text: str = ""
    """The phase in plain words, e.g. "Lower the leg"."""
    side: Side | None = None
    reps: int = 0
    target_reps: int = 0
    clean_reps: int = 0
    not_judged_reps: int = 0
    progress: float = 0.0
    """0 in the start pose, 1 at the full range."""
    hold_s: float = 0.0
    hold_target_s: float = 0.0
    """0 when the exercise has no timed hold."""
    faults: tuple[ActiveFault, ...] = ()
    start_checks: tuple[StartCheck, ...] = ()
    setup_text: str = ""
    """The one instruction of the set-up that stands; empty when there is none."""
    setup_arrow: str = ""
    """Which way, in the unmirrored picture (`core.setup.setup.Arrow`)."""
    unseen_part: str = ""
    """The part that can't be seen (e.g. "hips"); empty when everything needed is seen."""
    advice: str = ""
    """What to do about it."""
    back: BackVerdict = "unknown"
    back_trace: Trace = field(default_factory=Trace)
    posture: Posture = "supine"
    near: Side | None = None
    """The side nearer to the camera (`Body.near_in_view`); None where it can't be told."""
    pause_reason: str = ""
    figure: str = ""
    """The number that matters now where repetitions are not counted, e.g. "168"; empty while it isn't known."""
    figure_text: str = ""
    """What `figure` is, e.g. "steps/min"; empty where repetitions are counted."""
    lines: tuple[tuple[str, str], ...] = ()
    """Further numbers: what, and how much."""
    numbers: tuple[Number, ...] = ()
    """Those that are shown large where repetitions are not counted, `figure` among them."""
