"""The vocabulary in which an exercise is declared. An exercise is data plus a few pure functions of a `RuleContext`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from formcheck.core.body.back import Posture
from formcheck.core.body.baseline import Baseline
from formcheck.core.body.measure import Body, Limbs
from formcheck.core.body.pose import Pose, Side
from formcheck.core.body.quantities import Estimate, Measure
from formcheck.core.rules.demonstration import Demonstration, Film, Spot, film_of
from formcheck.core.rules.drawing import Polyline
from formcheck.core.rules.events import Severity, TimesDoubt
from formcheck.core.rules.pace import Pace
from formcheck.core.rules.positions import POSITIONS
from formcheck.core.rules.setting import COMMON, Setting, Settings
from formcheck.core.text import marked, phrase

BackFault = Literal["", "arch", "round"]
Phase = Literal["rest", "outbound", "end-range", "return"]
"""In the start pose; on the way out; in the full range; on the way back."""
HOLD, HOLD_SHARE = "hold_s", "hold_share"
"""Names of the settings that say how long a position is held, and from which share of it a hold is not short."""
MOVING: tuple[Phase, ...] = ("outbound", "end-range", "return")


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What a rule may look at: this picture, the person's own start, the moving side, the settings."""

    body: Body
    start: Baseline
    side: Side | None
    settings: Settings
    top: Body | None = None
    """The picture of the furthest reach of this cycle so far."""
    is_still: bool = False
    """Whether the movement rests (a hold) rather than goes on."""
    hold_s: float = 0.0
    """Seconds of this cycle's hold so far."""
    measures: Mapping[str, float] = field(default_factory=dict)
    """What a bout's last seconds measure, by name; NaN = unknown."""
    held: Body | None = None
    """The picture of the furthest reach of the last repetition."""
    signals: Mapping[str, Any] = field(default_factory=dict)
    """What the exercise's own measures over time say of this picture, by name; NaN or None = unknown."""
    followed: Side | None = None
    """Whose name the moving limb bears in this picture, where the tracker has swapped the sides; None: `side`."""

    @property
    def lumbar(self) -> Estimate:
        """Bend of the low back against the own start, degrees: positive = extended, negative = flexed."""
        return Estimate(self.body.lumbar_deg, self.body.lumbar_sd_deg)

    @property
    def moving(self) -> Limbs:
        """The limbs of the moving side (of the near side when the exercise has no side)."""
        return self.body.limbs(self.followed or self.side or self.body.near)

    @property
    def moving_start(self) -> Limbs:
        """The same limbs in the start pose."""
        return self.start.limbs(self.followed or self.side or self.start.body.near)


class Signal(Protocol):
    """A measure over time that an exercise brings. One object a set; fed with every picture in order of time."""

    def begin(self, start: Body) -> None:
        """The start pose has been taken: what follows is seen against it."""

    def update(self, body: Body) -> Any:
        """The value at one picture; NaN (or None, where it is no number) = unknown."""


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of the start pose: `measure` within `low`..`high`; unknown when the measure is NaN."""

    text: str
    measure: Callable[[Body], float]
    low: float
    high: float
    is_optional: bool = False
    """Whether an unknown measure is let pass (a far limb, hidden behind the near one)."""
    of_back: bool = False
    """Whether it asks for a back that shows. The set begins without it, since joints alone show some faults; what needs
    the back is not judged then, and a remedy is said."""
    spot: Spot = ""
    """Where it is on the body: marked in the picture while it isn't met."""

    def verdict(self, body: Body, slack: float = 0.0) -> bool | None:
        """True, False, or None when it can't be seen. `slack` widens the range on both ends."""
        value = self.measure(body)
        if math.isnan(value):
            return None
        return self.low - slack <= value <= self.high + slack


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a movement is out of the start pose, and into the range (`rom_fraction`, 1 = there). NaN = unknown."""

    excursion: float
    rom_fraction: float
    is_other: bool = False
    """Whether another exercise is being done (a bridge in place of a tilt): the cycle under way won't count."""
    is_good: bool = True
    """Whether it is a position to hold. A fault does not stop the clock: it is told as a fault."""
    hold_slack: float = 0.1
    """Share of the range by which a held position may drift (`quantities.hold_slack`)."""
    may_sink: bool = False
    """Whether all of the range is held alike, as in a stretch: whoever rests lower in it still holds."""


@dataclass(frozen=True, slots=True)
class RepFacts:
    """What is known about a cycle when it ends."""

    side: Side | None
    previous_side: Side | None
    """That of the repetition before; None for the first one, and where only one side is asked for."""
    outbound: Estimate
    """Duration of the way out, seconds, told from its part between 5 and 95 %, with its doubt."""
    hold_s: float
    peak_rom: float
    start: Baseline
    """The person's own start."""
    is_other: bool = False
    """Whether it turned into another exercise."""
    peak_excursion: float = math.inf
    """How far it went out of the start pose, share of the way."""
    faults: tuple[str, ...] = ()
    """Those that were confirmed while it went on."""
    length_s: float = 0.0
    """Seconds from its beginning to its end."""
    is_whole: bool = True
    """Whether all of it was seen."""
    interval_s: float = 0.0
    """Distance of two pictures, seconds: a time is known to that."""
    is_next: bool = True
    """Whether it surely is the one after `previous_side`: nothing between them went unseen, and the limb was home for
    so long that they are not one movement, cut in two."""

    @property
    def outbound_s(self) -> float:
        """Duration of the way out, seconds; NaN where it could not be timed."""
        return self.outbound.value

    def short_hold(self, least_s: float) -> float | None:
        """Seconds of the hold, if it was too short; NaN where it is as long as that to one picture, and where it looked
        short and was not seen whole.

        Args:
            least_s: seconds below which it is short.
        """
        short_s = below(Estimate(self.hold_s, self.interval_s), least_s)
        return short_s if self.is_whole or short_s is None else math.nan


def least_hold_s(s: Settings) -> float:
    """Seconds below which a hold is short: the share `hold_share` of the `hold_s` that is asked for."""
    return s["hold_s"] * s["hold_share"]


def below(time_s: Estimate, least_s: float) -> float | None:
    """A time if it is surely shorter than the least that is right; None if it surely is not, NaN where nobody knows."""
    if time_s.value + time_s.sd < least_s:
        return time_s.value
    return None if time_s.value - time_s.sd >= least_s else math.nan


@dataclass(frozen=True, slots=True)
class Rule:
    """A fault's page, in fixed headings."""

    name: str
    severity: Severity
    cue: str
    """3-8 words, positive."""
    checks: str
    why: str
    how: str
    limits: str
    source: str
    unit: str = ""
    short: str = ""
    """Two or three words for the screen, e.g. "Low back lifts"."""
    parts: tuple[str, ...] = ()
    """Body parts (`core.body.measure.PARTS`, and "back", the outline) without which it can't be judged."""
    fps: float = 0.0
    """Pictures a second that its measure needs, where that is more than its time asks for (`core.rules.rates`)."""
    is_of_time: bool = False
    """Whether what it measures is a time, a speed or a rhythm; one with `limit_s` is in any case."""
    again: str = ""
    """One to three words for all later times in a set, and for the moment in which somebody holds short of the range,
    e.g. "Back down."; empty takes `cue`."""
    praise: str = ""
    """What was right when it did not come back, e.g. "Your back stayed flat."; empty: nothing is said."""


@dataclass(frozen=True, slots=True)
class Fault(Rule):
    """A fault that is watched from picture to picture while the movement is in certain phases."""

    measure: Callable[[RuleContext], float | Estimate] = lambda _: float("nan")
    """The quantity, larger = worse; NaN = unknown. One with a doubt is an `Estimate`: it is a fault only where it is
    surely beyond its limit (`sure_share`), and good only where it is surely not (`sure_good_share`); between, it is not
    judged."""
    limit: str = ""
    """Name of the setting above which it is a fault."""
    hysteresis: str = ""
    """Name of the setting by which the measure must fall below the limit for the fault to end; empty = at the limit."""
    matters: Callable[[RuleContext], bool] = lambda _: True
    """Whether it can be asked for at this moment at all; elsewhere it counts neither as judged nor as not judged."""
    during: tuple[Phase, ...] = MOVING
    confirm: str = "confirm_s"
    """Name of the setting that says for how many seconds it must last to be one."""
    lag_s: float = 0.0
    """Seconds by which its measure lags behind the body (only what has come to rest counts, say): so much longer it has
    lasted than it shows. That of the back's outline is known."""
    noise: float | None = None
    """Standard deviation, in the unit of the measure, by which recordings of one movement differ that look the same to
    the eye: so near to its limit it is not judged. None: that of its unit (`core.body.quantities.NOISE`)."""
    of_back: BackFault = ""
    """Which way the back's outline leaves its own neutral, for faults that speak of it; else empty."""
    back_limit: str = ""
    """Name of the setting that limits the bend of the low back, degrees, where `limit` is another one."""
    is_least: bool = False
    """Whether the limit is the least that is right: then it is a fault below, and smaller is worse."""

    @property
    def lumbar_limit(self) -> str:
        """Name of the setting that limits the bend of the low back."""
        return self.back_limit or self.limit

    def lumbar_limit_deg(self, settings: Settings) -> float:
        """The limit itself, degrees; where both settings are given, `limit` scales the other."""
        return settings[self.lumbar_limit] * (settings[self.limit] if self.back_limit else 1.0)


@dataclass(frozen=True, slots=True)
class EndFault(Rule):
    """A fault that is judged once, when a cycle ends (`rep`) or when it ends without counting (`attempt`)."""

    judge: Callable[[RepFacts, Settings], float | None] = lambda _f, _s: None
    """The magnitude if it is a fault, None if it is none, NaN if it can't be told."""
    on: Literal["rep", "attempt"] = "rep"
    matters: Callable[[RepFacts], bool] = lambda _: True
    """Whether it can be asked for at all; elsewhere it counts neither as judged nor as not judged."""
    limit_s: Callable[[Settings], float] | None = None
    """Seconds that it is judged by, where it judges a time: the shorter they are, the more pictures a second it
    needs."""


@dataclass(frozen=True, slots=True)
class RangeAdvice:
    """How a person's own reach is learned: the one up to which a fault stays away."""

    fault: str
    setting: str
    """The number of the range that a shorter reach would set."""
    measure: Callable[[RuleContext], float]
    """The reach to suggest where the fault begins in this picture, in the unit of the setting."""
    cue: str


@dataclass(frozen=True, slots=True)
class Dose:
    """What a clinician would ask for."""

    reps: int
    sets: int = 1
    per_side: bool = False
    """Whether each side gets so many."""

    @property
    def total_reps(self) -> int:
        """Repetitions of a set in which both sides are done."""
        return self.reps * (2 if self.per_side else 1)


@dataclass(frozen=True, slots=True)
class Metric:
    """One quantity of a bout, and the band that is usual for it."""

    name: str
    title: str
    unit: str
    low: float | None
    high: float | None
    source: str
    decimals: int = 0

    def in_words(self, value: float) -> str:
        """A value with its unit, e.g. "9.8 cm"."""
        number = f"{{value:.{self.decimals}f}}"
        if self.unit == "deg":
            return phrase(f"{number}°", value=value)
        return phrase(f"{number} {{unit}}", value=value, unit=self.unit)


@dataclass(frozen=True, slots=True)
class BoutReading:
    """A bout that is over, or goes on."""

    start_s: float
    end_s: float
    steps: int
    measures: Mapping[str, Measure]
    is_enough: bool = True
    """Whether it is long enough to be judged."""
    cycle: tuple[tuple[tuple[float, float] | None, ...], ...] = ()
    """The average step as moments of a body, where the follower draws one (`core.gait.cycle`); empty where not."""


class ActivityTracker(Protocol):
    """Recognises a bout in what is seen, and measures its last seconds."""

    @property
    def times_doubt(self) -> TimesDoubt | None:
        """Why the pictures' times are not those of the movement; None while nothing says so."""

    def update(self, pose: Pose, body: Body) -> None:
        """One picture."""

    def stand(self, since_s: float) -> None:
        """The person has stood in the start pose since then: their own reference."""

    @property
    def reading(self) -> BoutReading | None:
        """The bout that goes on, measured over its last seconds; None while there is none."""

    def end(self) -> BoutReading | None:
        """The bout ends here; returns it, measured over all of it."""


@dataclass(frozen=True, slots=True)
class Bout:
    """What an exercise without repetitions has instead: it goes on, and is measured while it does."""

    follow: Callable[[Settings], ActivityTracker]
    metrics: tuple[Metric, ...]
    """The first one is shown large."""
    dose: str = marked("10 s or longer")
    cue_gap_s: float = 60.0
    """At least this long between two form cues: nobody can mind several things while moving."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise, whole. See `docs/adding-an-exercise.md`."""

    name: str
    title: str
    line: str
    """One line for the menu."""
    dose: Dose
    posture: Posture
    """Where the back faces: the floor (`supine`), the ceiling (`quadruped`), behind (`upright`)."""
    required_parts: tuple[str, ...]
    """Parts (`core.body.measure.PARTS`, and "back", the outline) without which it can't be judged."""
    start: Callable[[Settings], tuple[Check, ...]]
    invariants: Callable[[Settings], tuple[Check, ...]]
    """Conditions that hold throughout; broken for long, the set pauses."""
    reach: Callable[[RuleContext], Reach]
    """How far the moving side is."""
    faults: tuple[Fault, ...]
    end_faults: tuple[EndFault, ...] = ()
    settings: tuple[Setting, ...] = ()
    shortest_s: float = 0.6
    """Seconds of the shortest visit of the range, or of the start, by which a repetition is told: that of somebody who
    takes 0.8 s for the way and does not stop (eased, 1.5 times the range) [P]. Pictures that come too slowly for it
    can't be counted by (`core.rules.rates`)."""
    sides: tuple[Side | None, ...] = (None,)
    disqualifying: frozenset[str] = frozenset()
    """Faults that make a repetition another movement: it is an attempt, however far it went."""
    ends_at_start: bool = True
    """Whether a repetition ends only in the start pose; a stretch ends when it is let go, whatever comes then."""
    outline_goal: str = ""
    """Name of the setting that says by how much the movement closes the hollow of the low back, torso lengths; empty
    where the movement is not one of the outline."""
    least_hold: str = ""
    """Name of the setting that says how long a position must be held to be a repetition at all; empty = not."""
    phase_texts: dict[Phase, str] = field(default_factory=dict)
    demonstration: Demonstration | None = None
    """How it is shown, right and wrong; None shows somebody in the position that `stance` and `posture` name."""
    figure: tuple[Polyline, ...] = ()
    """A drawing for the menu, as lines, of an exercise without a demonstration; one that ends where it began is
    filled."""
    back_good: str = ""
    """Words when the back is right, e.g. "Back flat"; empty takes those of the posture."""
    stance: str = ""
    """Name of a model of the low back's bend that was learned for its way of lying or standing
    (`core.body.lumbar_weights`); empty takes the one of its posture."""
    signals: Mapping[str, Callable[[], Signal]] = field(default_factory=dict)
    """Measures over time of its own, by the name under which its rules read them (`RuleContext.signals`)."""
    range_advice: RangeAdvice | None = None
    bout: Bout | None = None
    """Set for an exercise that has no repetitions."""
    steps: tuple[str, ...] = ()
    """What the person is asked to do."""
    pace: Pace | None = None
    """The pace that ticks lead where somebody asks for them; None where none is led (a bout has its own rhythm)."""
    gentle: Mapping[str, float] = field(default_factory=dict)
    """Settings of a gentle session: shorter ranges, more time. Each within its own range."""
    seated: str = ""
    """What one can do sitting, or with a chair, in its place: named before a gentle set, never judged."""

    @property
    def all_faults(self) -> tuple[Rule, ...]:
        """Every fault it can report."""
        return (*self.faults, *self.end_faults)

    @property
    def shown(self) -> Demonstration:
        """Its demonstration, or the still position in which it begins."""
        return self.demonstration or POSITIONS.get(self.stance) or POSITIONS[self.posture]

    def film(self, fault: str = "", side: Side | None = None, *, is_remedy: bool = False) -> Film:
        """How it is shown.

        Args:
            fault: the name of one that is to be seen; one that no picture shows gives the right movement.
            side: the side that moves, where only one does.
            is_remedy: whether the right movement is to be seen, marked where the fault is.
        """
        of = self.shown
        return film_of(of, fault if fault in of.faults else "", side, is_remedy)

    def pair(self, fault: str) -> tuple[Film, Film]:
        """The right movement and a fault, to be seen side by side: of one side, unless the turns are what is wrong."""
        is_of_turns = fault in self.shown.faults and self.shown.faults[fault].is_same_side
        side: Side | None = None if is_of_turns or self.sides == (None,) else "left"
        return self.film(side=side), self.film(fault, side)

    @property
    def lumbar_model(self) -> str:
        """Name of the model that tells the bend of the low back."""
        return self.stance or self.posture

    @property
    def is_of_outline(self) -> bool:
        """Whether the movement itself is one of the outline: its neutral is taken anew in each rest
        (`core.coach.neutral`), and the clock of a hold runs for all that is in the range, at rest or not."""
        return bool(self.outline_goal)

    @property
    def judges_back(self) -> bool:
        """Whether the outline of the back is judged: by a fault, or because the movement is one of it."""
        return self.is_of_outline or "back" in self.required_parts or any(f.of_back for f in self.faults)

    @property
    def short_of_range(self) -> str:
        """The reason of an attempt that did not reach the range: the name of the fault that says so."""
        return next((fault.name for fault in self.end_faults if fault.on == "attempt"), "partial-reach")

    def hold_s(self, settings: Mapping[str, float] | None = None) -> float:
        """Seconds to hold, by the settings in force or those declared; 0 where nothing is held.

        Ring, ticks, dose and the fault of a short hold all go by this one number (`hold_s`).
        """
        if settings is not None:
            return settings.get(HOLD, 0.0)
        return next((s.value for s in self.settings if s.name == HOLD), 0.0)

    @property
    def all_settings(self) -> tuple[Setting, ...]:
        """Its own numbers and the common ones."""
        own = {s.name for s in self.settings}
        return (*self.settings, *(s for s in COMMON if s.name not in own))
