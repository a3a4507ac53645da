"""One repetition at a time: out of the start pose, into the range, and back. Pure; time is what the pictures say.

rest --moved--> out --reached--> top --leaves the range--> back --start pose again--> rest   (a repetition)
                 `--start pose again--> rest   (an attempt)
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from formcheck.core.body.pose import Side
from formcheck.core.body.quantities import Estimate
from formcheck.core.coach.hold import HoldClock
from formcheck.core.rules.exercise import Phase, Reach

LEAVE, SETTLED = 0.35, 0.30
"""Shares of the range at which a movement begins, and below which the limb is back. Landmark noise in the start
pose is 3-5 degrees (measured), about 0.08 of a 60 degree range; both stay clear of it and of each other's dwell."""
RETURNED = 0.20
"""Who went further than the range by half is back when no more than this share of the way is left."""
OUTLINE_HOME = 0.25
"""The same of the back's outline [P]: who has lost 0.7 of a tilt has not let it go yet."""
TOP_EXIT = 0.85
"""Share of the range below which the top is left: 10 degrees of hysteresis on a 60 degree range."""
ONSET = 0.10
"""A movement began when it last was below this share."""
TOP_DWELL_S, REST_DWELL_S = 0.10, 0.10
"""Shorter visits are tracking glitches (a swap of the legs lasts one or two pictures)."""
OTHER_S = 0.2
"""Seconds [P] for which a cycle may look like another exercise: a visitor's leg is taken for the patient's at times.
A leg that is lowered, or hips that are lifted, take longer."""
GLITCH_S = 0.15
"""Seconds: one picture that is not known, at ten a second, is no gap."""
INTERVALS, STALL = 7, 3.0
"""The usual distance of two pictures is the median of so many; from so many times it on, pictures are missing. So few
pictures a second as five are seldom, not missing."""
UNKNOWN_MAX_S: dict[Phase, float] = {"rest": 1.0, "outbound": 1.0, "end-range": 2.5, "return": 1.0}
"""A cycle that isn't seen for longer can't be counted [P]. Who holds before and after somebody walked past has held:
nobody comes down and up again in 2.5 s."""
OUTLINE_OUT_S = 0.5
"""The same of the back's outline on its way out: what has changed behind an arm was no movement [P]."""
WAYS_MAX_S = 90.0
"""Seconds [P] that the ways out and back may take together; whoever is longer on the way has stopped. A hold may last
as long as it likes."""
BEGUN, ARRIVED = 0.05, 0.95
"""The way out is timed between these shares of it: below is the landmarks' noise, above people settle."""
APPEARS, APPEARS_RATIO, FAST_PER_S = 0.1, 3.0, 2.0
"""A step of more than this share of the way, so many times faster than the steps before and after it, is a limb that
comes into view; unless one of those makes so many ways a second: then it is fast in any case (a way of 1.5 s that ends
as slowly as a cube makes 2.0)."""
AROUND_S = 0.1
"""Seconds before and after a picture whose pictures tell its place: landmark noise comes and goes in as much."""
NOISE = 0.05
"""Share of a way by which landmark noise of 1 to 2 degrees moves its time (measured, standard deviation 3 to 8 %)."""
MIDDLE = 0.5
LOPSIDED, PART = (2.0, 2.25, 2.5, 2.7), (0.71, 0.62, 0.51, 0.44)
"""Who sets out suddenly and settles for long, or the other way round, spends so many times longer on one half than on
the other, and so much of the whole between 5 and 95 % (ways that ease as a square, a cube, fourth and fifth power)."""
LATEST_ONSET = 0.5
"""A limb that comes into view later than this share of its way can't be timed."""
UNSEEN_S = 0.3
"""Nor can one that was not seen for longer on its way, seconds [P]."""


@dataclass(slots=True)
class Span:
    """What one cycle has shown so far."""

    start_s: float
    side: Side | None = None
    peak_s: float = 0.0
    reached_s: float | None = None
    left_top_s: float | None = None
    hold_s: float = 0.0
    end_range_s: float = 0.0
    """Seconds since the range was reached until it was left."""
    peak_excursion: float = 0.0
    peak_rom: float = 0.0
    unknown_s: float = 0.0
    """Seconds for which it was not seen."""
    other_s: float = 0.0
    """Seconds for which it was another exercise."""
    home: float = 0.0
    """Where it rested before, as excursion."""
    trail: list[tuple[float, float]] = field(default_factory=list)
    """(time, moved) from the onset on."""

    @property
    def is_other(self) -> bool:
        """Whether it turned into another exercise on the way."""
        return self.other_s > OTHER_S

    def _level(self) -> float:
        """Where it was furthest: of all that was near the furthest place the upper quarter, not the one picture that
        noise took furthest, which goes further the more pictures there are."""
        return float(np.percentile([moved for _, moved in self.trail if moved >= TOP_EXIT * self.peak_excursion], 75))

    def outbound(self) -> Estimate:
        """Duration of the whole way out in seconds, told from the part that was seen, with its doubt; NaN when it can't
        be told.

        The part is scaled as an eased movement would be (5 to 95 % take 0.71 of the time). How people ease is not
        known: an even way takes 0.90 of it, one that begins and ends very slowly 0.62. So the truth lies between 0.8
        and 1.15 times what is told. A lopsided way shows itself by its halves, and is scaled by them. The doubt is how
        far pictures and noise leave open when the shares were passed: never less than the distance of two pictures.
        """
        trail = _without_glitches(self.trail)
        span = max(self._level() - self.home, 1e-6)
        way = [(t, (moved - self.home) / span) for t, moved in trail]
        last = next((i for i, (_, share) in enumerate(way) if share >= ARRIVED), 0)
        if not last:
            return Estimate(math.nan)
        first = max(i for i, (_, share) in enumerate(way[:last]) if share <= BEGUN or not i)
        steps = range(first + 1, last + 1)
        begin, at = _crossing(way, first + 1, BEGUN), first + 1
        leaps = [i for i in steps if _appears(way, i)]
        appears = leaps if len(leaps) == 1 else []  # two are a stop on the way: a limb comes into view once
        for i in (i for i in steps if i in appears or way[i][0] - way[i - 1][0] > UNSEEN_S):
            begin, at = Crossing(*way[i], 0.0), i
        end = _crossing(way, last, ARRIVED)
        if not (begin.share <= LATEST_ONSET and end.share > begin.share):
            return Estimate(math.nan)
        middle = _crossing(way, next(i for i in range(at, last + 1) if way[i][1] >= MIDDLE), MIDDLE)
        return _whole_way(begin, middle, end)


@dataclass(frozen=True, slots=True)
class Crossing:
    """A share of the way was passed."""

    t_s: float
    share: float
    doubt_s: float
    """Seconds by which it may have been sooner or later."""


def _whole_way(begin: Crossing, middle: Crossing, end: Crossing) -> Estimate:
    """The duration of a way from when it passed three shares; its doubt is that of the worst of them."""

    def told_s(early_s: float, middle_s: float, late_s: float) -> float:
        halves_s = sorted((middle_s - early_s, late_s - middle_s))
        lopsided = halves_s[1] / max(halves_s[0], 1e-6) if begin.share <= BEGUN else 1.0
        part = min(_eased(end.share) - _eased(begin.share), float(np.interp(lopsided, LOPSIDED, PART)))
        return (late_s - early_s) / part

    value_s = told_s(begin.t_s, middle.t_s, end.t_s)
    moved = [
        told_s(begin.t_s + i * begin.doubt_s, middle.t_s + j * middle.doubt_s, end.t_s + k * end.doubt_s)
        for i, j, k in ((1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1))
    ]
    worst_s = math.hypot(*(max(abs(x - value_s) for x in moved[i : i + 2]) for i in (0, 2, 4)))
    return Estimate(value_s, max(worst_s, 2 * max(begin.doubt_s, end.doubt_s), NOISE * value_s))


def _without_glitches(trail: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Each picture with the median of those around it: what goes one way stays as it is.

    Of `AROUND_S`, whatever their number, so that noise weighs the same at any rate; of its neighbours at least.
    """
    times = [t for t, _ in trail]
    out = []
    for i, (t, _) in enumerate(trail):
        reach = max(1, min(i - bisect_left(times, t - AROUND_S), bisect_right(times, t + AROUND_S) - 1 - i))
        out.append((t, median(moved for _, moved in _mirrored(trail, i, reach))))
    return out


def _mirrored(trail: list[tuple[float, float]], i: int, reach: int) -> list[tuple[float, float]]:
    """As many pictures before one as after it; the last one stands for those that are not there."""
    return [trail[min(max(k, 0), len(trail) - 1)] for k in range(i - reach, i + reach + 1)]


def _appears(way: list[tuple[float, float]], i: int) -> bool:
    """Whether the step to a picture of a way is one of a limb that came into view."""
    if way[i][1] - way[i - 1][1] <= APPEARS:
        return False
    around = max(_speed(way, i - 1), _speed(way, i + 1))
    return around < FAST_PER_S and _speed(way, i) > APPEARS_RATIO * around and not _catches_up(way, i)


def _catches_up(way: list[tuple[float, float]], i: int) -> bool:
    """Whether a step makes good what the picture before it held back, since it came twice or by noise: the limb went on
    about as fast before. One that comes into view was taken to be at rest for longer."""
    if i < 2:
        return False
    (before_s, before), (t, share) = way[i - 2], way[i]
    return share - before <= APPEARS_RATIO * _speed(way, i - 2) * (t - before_s)


def _speed(way: list[tuple[float, float]], i: int) -> float:
    """Shares a second at which a picture of a way was reached; none outside of the way."""
    if not 0 < i < len(way):
        return 0.0
    (before_s, before), (t, share) = way[i - 1], way[i]
    return (share - before) / max(t - before_s, 1e-6)


def _crossing(way: list[tuple[float, float]], i: int, share: float) -> Crossing:
    """When a share of the way was passed before its picture `i`; it may have been passed before the one before."""
    (t0, low), (t1, high) = way[i - 1], way[i]
    if not low < share < high:
        t, at = (t0, max(low, 0.0)) if low >= share else (t1, min(high, 1.0))
        return Crossing(t, at, (t1 - t0) / 2)
    return Crossing(t0 + (t1 - t0) * (share - low) / (high - low), share, (t1 - t0) / 2)


def _eased(share: float) -> float:
    """Share of the time at which an eased movement has gone this share of its way."""
    return math.acos(1.0 - 2.0 * share) / math.pi


@dataclass(frozen=True, slots=True)
class Step:
    """What one picture changed."""

    phase: Phase
    entered: Phase | None = None
    ended: Span | None = None
    """The cycle that ended with this picture."""
    is_rep: bool = False


class Cycle:
    """Follows `Reach` values through the phases. Feed every picture once, in order of time."""

    def __init__(self, hold_gap_s: float, *, is_of_outline: bool = False) -> None:
        self.phase: Phase = "rest"
        self.span: Span | None = None
        self._is_of_outline = is_of_outline
        self._steps: dict[Phase, Callable[[float, Reach, Side | None, bool], Step]] = {
            "rest": self._in_rest,
            "outbound": self._in_outbound,
            "end-range": self._in_end_range,
            "return": self._in_return,
        }
        self._is_astray = False
        self._home_share = OUTLINE_HOME if is_of_outline else SETTLED
        self._hold_gap_s = hold_gap_s
        self._history: list[tuple[float, float]] = []
        self._since: float | None = None
        self._known_s = self._t_s = -math.inf
        self._intervals: deque[float] = deque(maxlen=INTERVALS)
        self._has_missed = False
        """Whether pictures in which nothing was known lie behind the last one in which something was."""
        self._hold = self._clock()

    @property
    def hold_s(self) -> float:
        """Seconds of the hold so far."""
        return self._hold.total_s

    @property
    def is_held(self) -> bool:
        """Whether the clock of the hold runs."""
        return self._hold.is_running

    @property
    def is_still(self) -> bool:
        """Whether the movement rests in or near the range."""
        return self._hold.is_still

    def _clock(self) -> HoldClock:
        return HoldClock(self._hold_gap_s, is_of_outline=self._is_of_outline)

    def drop(self) -> Span | None:
        """Forget the cycle under way (a pause); returns it."""
        span, self.span, self.phase, self._since = self.span, None, "rest", None
        self._history.clear()
        self._hold = self._clock()
        return span

    def update(self, t: float, reach: Reach, side: Side | None, at_start: bool) -> Step:
        """One picture: how far the movement is, of which side, and whether the start pose holds."""
        if self._t_s < t < math.inf and math.isfinite(self._t_s):
            self._intervals.append(t - self._t_s)
        self._t_s = t
        if math.isnan(reach.excursion):
            self._has_missed = True
            return self._unknown(t)
        since_s, self._known_s = t - self._known_s, t
        self._is_astray |= self._is_of_outline and OUTLINE_OUT_S < since_s < math.inf
        if self.span is not None and self._is_gap(since_s):
            self.span.unknown_s += since_s - self._usual_s()
        self._has_missed = False
        while self._history and t - self._history[0][0] > 3.0:
            self._history.pop(0)
        self._history.append((t, reach.excursion))
        if self.span is not None:
            self._follow(t, reach, side, since_s)
            self.span.end_range_s += min(since_s, 1.0) if self.phase == "end-range" else 0.0
            if t - self.span.start_s - self.span.end_range_s > WAYS_MAX_S:
                return Step("rest", "rest", self.drop())
        return self._steps[self.phase](t, reach, side, at_start)

    def change_gap(self, hold_gap_s: float) -> None:
        """From the next cycle on, a hold survives a gap of this length."""
        self._hold_gap_s = hold_gap_s

    def resume(self, t: float) -> None:
        """The pictures stood still, and the body is where it was: the cycle goes on, its clocks leave the gap out."""
        if self.span is not None and math.isfinite(self._known_s):
            self.span.unknown_s += t - self._known_s
        self._known_s = self._t_s = t
        self._since = None
        self._history.clear()
        self._hold.pause()

    def _is_gap(self, since_s: float) -> bool:
        """Whether so long without anything known is more than the distance of two pictures."""
        if self._has_missed:
            return since_s > GLITCH_S
        return since_s > max(GLITCH_S, STALL * self._usual_s())

    def _usual_s(self) -> float:
        """The usual distance of two pictures, seconds."""
        return median(self._intervals) if self._intervals else GLITCH_S

    def _unknown(self, t: float) -> Step:
        unknown_s = t - self._known_s
        limit_s = OUTLINE_OUT_S if self._is_of_outline and self.phase == "outbound" else UNKNOWN_MAX_S[self.phase]
        if self.span is not None and unknown_s > limit_s:
            self.span.unknown_s += unknown_s
            return Step("rest", "rest", self.drop())
        return Step(self.phase)

    def _follow(self, t: float, reach: Reach, side: Side | None, since_s: float) -> None:
        span = self.span
        assert span is not None
        lasting = (
            min(reach.excursion, span.trail[-1][1]) if span.trail else reach.excursion
        )  # one picture may be a glitch
        span.trail.append((t, reach.excursion))
        span.side = side if side is not None else span.side
        span.other_s += min(since_s, GLITCH_S) * reach.is_other
        if lasting > span.peak_excursion:
            span.peak_excursion, span.peak_s = lasting, t
        if not math.isnan(reach.rom_fraction):
            span.peak_rom = max(span.peak_rom, reach.rom_fraction)

    def _dwelt(self, t: float, is_true: bool, dwell_s: float) -> bool:
        """Whether a condition has held for its dwell."""
        if not is_true:
            self._since = None
            return False
        if self._since is None:
            self._since = t
        return t - self._since >= dwell_s - 1e-9

    def _enter(self, phase: Phase) -> Step:
        self.phase, self._since = phase, None
        return Step(phase, phase)

    def _in_rest(self, t: float, reach: Reach, side: Side | None, _at_start: bool) -> Step:
        self._is_astray &= reach.excursion >= SETTLED  # what is seen again half way up did not begin here
        if self._is_astray or not self._dwelt(t, reach.excursion > LEAVE, 0.0):
            return Step("rest")
        quiet = [i for i, (_, moved) in enumerate(self._history) if moved <= ONSET]
        trail = self._history[self._onset(quiet[-1]) :] if quiet else self._history[-1:]
        home = median(m for s, m in self._history if m <= ONSET and s <= trail[0][0]) if quiet else 0.0
        self.span = Span(trail[0][0], side, t, home=home, trail=list(trail), peak_excursion=reach.excursion)
        self._hold = self._clock()
        return self._enter("outbound")

    def _onset(self, i: int) -> int:
        """The last picture of rest, from one that is quiet: back down to where the movement set out."""
        while i and self._history[i - 1][1] < self._history[i][1]:
            i -= 1
        return i

    def _in_outbound(self, t: float, reach: Reach, _side: Side | None, at_start: bool) -> Step:
        span = self.span
        assert span is not None
        if reach.rom_fraction >= 1.0:
            self._time(t, reach, is_in_range=True)
            if self._dwelt(t, True, TOP_DWELL_S):
                span.reached_s = t
                return self._enter("end-range")
            return Step("outbound")
        self._hold.approach(t, reach)
        if self._dwelt(t, at_start and reach.excursion < SETTLED, REST_DWELL_S):
            return self._finish(span, is_rep=False)
        return Step("outbound")

    def _in_end_range(self, t: float, reach: Reach, _side: Side | None, _at_start: bool) -> Step:
        span = self.span
        assert span is not None
        self._time(t, reach, is_in_range=self._is_where_it_was_held(reach))
        is_home = math.isnan(reach.rom_fraction) and reach.excursion < SETTLED  # whatever of it is not seen
        if self._dwelt(t, is_home or reach.rom_fraction < TOP_EXIT, TOP_DWELL_S):
            span.left_top_s = t
            return self._enter("return")
        return Step("end-range")

    def _in_return(self, t: float, reach: Reach, _side: Side | None, at_start: bool) -> Step:
        span = self.span
        assert span is not None
        self._time(t, reach, is_in_range=self._is_where_it_was_held(reach))
        if reach.rom_fraction >= 1.0:
            return self._enter("end-range") if self._dwelt(t, True, TOP_DWELL_S) else Step("return")
        settled = max(self._home_share, RETURNED * span.peak_excursion)
        if self._dwelt(t, at_start and reach.excursion < settled, REST_DWELL_S):
            return self._finish(span, is_rep=True)
        return Step("return")

    def _is_where_it_was_held(self, reach: Reach) -> bool:
        """Whether the clock may run once the range was reached. The limb that is held decides by its place: of another
        one that is misread or out of sight (an arm before the head) nobody knows whether it has left the range. A
        stretch is held in all of its range alike, and nowhere else."""
        return not (reach.may_sink and reach.rom_fraction < TOP_EXIT)

    def _time(self, t: float, reach: Reach, *, is_in_range: bool) -> None:
        self._hold.update(t, reach, is_good=is_in_range and reach.is_good)
        if self.span is not None:
            self.span.hold_s = self._hold.total_s

    def _finish(self, span: Span, *, is_rep: bool) -> Step:
        self.drop()
        return Step("rest", "rest", span, is_rep and not span.is_other)
