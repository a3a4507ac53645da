"""What the coach found: typed events in the past tense, and the cues that are made of them.

Times are seconds of the recording. Every event knows its name on the wire (`wire`), its class name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from formcheck.core.body.pose import Side

CueKind = Literal["safety", "form", "count", "praise", "setup"]
Severity = Literal[1, 2, 3]
Verdict = Literal["clean", "faulty", "not-judged"]
"""What is known of a repetition: no fault and enough seen to say so; a fault; or too little seen to say either."""
Clock = Literal["rate", "times"]
"""Why the pictures' times do not bear a verdict: they come too slowly for it, or are not those of the movement."""
TimesDoubt = Literal["slow-motion", "sped-up", "told"]
"""Why the pictures' times are not those of the movement: what runs floats, or falls too fast, or the file says so."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at `t_s` seconds. The set numbers it; the coach leaves that open."""

    t_s: float
    set_id: str = field(default="", kw_only=True)
    """UUID (version 7) of the set."""
    seq: int = field(default=-1, kw_only=True)
    """Number of the event within its set, from 0."""
    utc: str | None = field(default=None, kw_only=True)
    """UTC as ISO 8601 text; None in a recording."""

    def wire(self) -> dict[str, Any]:
        """The event as plain JSON-ready values, numbers rounded to 3 decimals, what is not a number as None."""
        out: dict[str, Any] = {"event": type(self).__name__}
        for item in fields(self):
            out[item.name] = _plain(getattr(self, item.name))
        return out


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3) if math.isfinite(value) else None
    if isinstance(value, RepState):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(v) for v in value]
    return value


@dataclass(frozen=True, slots=True)
class Armed(Event):
    """The start pose was held long enough: counting begins (or goes on after a pause)."""


@dataclass(frozen=True, slots=True)
class Paused(Event):
    """The person left the exercise; nothing is counted until the start pose returns."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class PersonChanged(Event):
    """Somebody else is exercising now: what is under way ends, and the start pose is awaited anew."""

    person: int = 0
    """Number of the person within the session, from 0; one who comes back has the number of before."""
    was: int = 0


@dataclass(frozen=True, slots=True)
class PhaseChanged(Event):
    """The movement entered a new phase: `rest`, `out`, `top` or `back`."""

    phase: str = "rest"
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class HoldTicked(Event):
    """One more full second of a good hold."""

    seconds: int = 0
    target_s: float = 0.0


@dataclass(frozen=True, slots=True)
class RepCompleted(Event):
    """A full cycle: out of the start pose, into the range, and back. `t_s` is its end."""

    index: int = 0
    side: Side | None = None
    start_s: float = 0.0
    peak_s: float = 0.0
    hold_s: float = 0.0
    faults: tuple[str, ...] = ()
    measures: dict[str, float] = field(default_factory=dict)
    """`out_s` (seconds of the way out), `out_sd_s` (its doubt), `rom_fraction` (furthest reach, 1 = the range that
    counts), `back_change_tl` (largest change of the back within the cycle, torso lengths, positive = more arched),
    `back_change_deg` and `back_change_sd_deg` (the largest bend of the low back, degrees, and its standard deviation);
    absent where unknown."""
    verdict: Verdict = "not-judged"
    not_judged: tuple[str, ...] = ()
    """Parts of the body that could not be judged for long enough, for faulty repetitions too; and `rate` or `times`
    where the pictures' times did not bear it."""
    judged: dict[str, float] = field(default_factory=dict)
    """For each fault the share (0..1) of the time in which it matters for which it could be judged."""
    why_not_judged: dict[str, Clock] = field(default_factory=dict)
    """Faults that the pictures' times did not bear, and why."""


@dataclass(frozen=True, slots=True)
class AttemptEnded(Event):
    """A movement that began and was not counted, with the reason."""

    start_s: float = 0.0
    side: Side | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HeldShort(Event):
    """Somebody has stopped on the way out and holds there, short of the range; once in a movement."""

    name: str = ""
    """The fault that it becomes if they go no further."""


@dataclass(frozen=True, slots=True)
class FaultStarted(Event):
    """A fault was confirmed. `t_s` is when it was confirmed, `onset_s` when it began."""

    name: str = ""
    onset_s: float = 0.0
    severity: Severity = 1
    magnitude: float = 0.0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class FaultEnded(Event):
    """A fault is over."""

    name: str = ""
    onset_s: float = 0.0
    severity: Severity = 1
    magnitude: float = 0.0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class UnseenStarted(Event):
    """A body part that the exercise needs can't be seen, and what to do about it."""

    part: str = ""
    advice: str = ""
    reason: str = ""
    """`cut` (out of the picture), `hidden`, for the back a `core.body.back.Unknown`; empty for the whole body."""


@dataclass(frozen=True, slots=True)
class UnseenEnded(Event):
    """The part can be seen again; `start_s` is when it was lost."""

    part: str = ""
    advice: str = ""
    start_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ReachSuggested(Event):
    """A fault began again and again at about the same reach: a shorter one would keep it away."""

    fault: str = ""
    setting: str = ""
    value: float = 0.0
    unit: str = ""
    times: int = 0
    """How often the fault began, and was seen to begin."""


@dataclass(frozen=True, slots=True)
class TimesDoubted(Event):
    """The pictures' times are not those of the movement: from here on no speed, hold or rhythm is judged."""

    reason: TimesDoubt = "told"


@dataclass(frozen=True, slots=True)
class BoutStarted(Event):
    """A movement without repetitions (a run) was recognised; `start_s` is when it began."""

    start_s: float = 0.0


@dataclass(frozen=True, slots=True)
class BoutEnded(Event):
    """The bout is over (`end_s`), with what it measured: the contract's `metrics`."""

    start_s: float = 0.0
    end_s: float = 0.0
    steps: int = 0
    faults: tuple[str, ...] = ()
    metrics: dict[str, Any] = field(default_factory=dict)
    verdict: Verdict = "not-judged"
    not_judged: tuple[str, ...] = ()
    """Parts of the body whose faults could not be judged for long enough; `rate` and `times` as in a repetition."""
    judged: dict[str, float] = field(default_factory=dict)
    """For each fault the share (0..1) of the bout for which it could be judged."""
    why_not_judged: dict[str, Clock] = field(default_factory=dict)
    """Faults that the pictures' times did not bear, and why."""


@dataclass(frozen=True, slots=True)
class SetFinished(Event):
    """The number of repetitions asked for is reached."""

    reps: int = 0
    clean_reps: int = 0
    not_judged_reps: int = 0


@dataclass(frozen=True, slots=True)
class SettingsChanged(Event):
    """Other settings, or another dose (`reps`), are in force from the next repetition on."""

    settings: dict[str, float] = field(default_factory=dict)
    by: str = ""
    """Who changed them, as a role or a pseudonym; never a name."""
    why: str = ""
    was: dict[str, float] = field(default_factory=dict)
    """What was in force until then; what is not known is left out. `reps` stands for the repetitions asked for."""


@dataclass(frozen=True, slots=True)
class RepState:
    """What a repetition is held to be."""

    is_counted: bool
    verdict: Verdict
    side: Side | None
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RepAmended(Event):
    """Somebody corrects a repetition. The event that is amended stays as it is; what is shown is a fold over both."""

    of_seq: int = -1
    """Number of the `RepCompleted` in the set."""
    index: int = 0
    was: RepState | None = None
    now: RepState | None = None
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class RepAdded(Event):
    """Somebody adds a repetition that the coach has not counted. `t_s` is when that was said: nothing was measured."""

    index: int = 0
    """-1 for the first one that is added in a set, -2 for the next: those that the coach counts are numbered from 1. A
    `RepAmended` names it by its index."""
    now: RepState | None = None
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class FaultAmended(Event):
    """Somebody corrects a fault: it was none, or there was one. The event that is amended stays as it is."""

    of_seq: int = -1
    """Number of the `FaultStarted` in the set; -1 where the coach had seen none."""
    name: str = ""
    rep: int | None = None
    """Index of its repetition; None where it belongs to none."""
    was: bool = True
    now: bool = False
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class BackWithdrawn(Event):
    """The coach takes back what it judged of the back: the outline of the start, with which it compared, was misread.

    The repetitions stay as they were told; what is shown is a fold over both.
    """

    since_s: float = math.nan
    """From when the wrong outline was the one to compare with."""
    reps: tuple[int, ...] = ()
    """Indices of the repetitions that were judged by it."""
    names: tuple[str, ...] = ()
    """The faults that need the back."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing to say. `name` is stable (`dead-bug.low-back-arch`, `count.3`) and names the voice clip too."""

    t_s: float
    kind: CueKind
    name: str
    text: str
    """English source text; the screen and the voice translate it."""
    sound: Literal["", "ding", "tick", "voice"] = "voice"
    """What is heard: a spoken clip, or a short sound."""
    must_be_heard: bool = False
    """Whether it waits for its turn, in order, for as long as it takes, and only a safety cue cuts it off."""
    is_urgent: bool = False
    """Whether it is about what goes on at this moment: it needs no silence before it, and cuts off what can wait."""
    is_joined: bool = False
    """Whether it goes on with the sentence before it, without a pause."""
    is_spoken: bool = True
    """Whether its words are said, beside its short sound."""
