"""The coach of a bout: an exercise without repetitions, recognised by its rhythm and measured while it goes on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from formcheck.core.body.baseline import Baseline
from formcheck.core.body.measure import Body
from formcheck.core.body.pose import Pose, Side
from formcheck.core.body.quantities import Measure
from formcheck.core.body.tracked import Tracked
from formcheck.core.coach.coach import Coach
from formcheck.core.coach.snapshot import Number
from formcheck.core.rules.events import BoutEnded, BoutStarted, Event, PhaseChanged
from formcheck.core.rules.exercise import Bout, BoutReading, Exercise, Metric, Phase, RuleContext

NUMBERS = 4
"""Quantities of a bout that are shown large while it goes on: more can't be read while running."""
LEFT_S = 1.0
"""Out of the posture for this long while nothing goes on: it pauses."""


class BoutCoach(Coach):
    """Measures and judges a bout. Standing in the start pose before it is welcome (own reference), not needed."""

    def __init__(
        self,
        exercise: Exercise,
        overrides: Mapping[str, object] | None = None,
        *,
        is_live: bool,
        side: Side | None = None,
    ) -> None:
        super().__init__(exercise, overrides, is_live=is_live, side=side)
        assert exercise.bout is not None
        self.bouts = 0
        self._bout: Bout = exercise.bout
        self._follower = self._bout.follow(self.settings)
        self._pose: Pose | None = None
        self._began_s: float | None = None
        self._found: set[str] = set()
        self._gone_since: float | None = None
        self._longest: BoutReading | None = None

    @property
    def phase(self) -> Phase:
        """`top` while the bout goes on."""
        return "end-range" if self._began_s is not None else "rest"

    @property
    def _reading(self) -> BoutReading | None:
        """What may be shown while it goes on: enough of it to know whether its times are true."""
        reading = self._follower.reading
        return reading if reading is not None and reading.is_enough else None

    @property
    def figure(self) -> tuple[str, str]:
        """The number that matters now ("" while it is not known), and what it is."""
        known = dict(known_lines(self._bout, self._reading))
        first = self._bout.metrics[0]
        return known.get(first.title, "").removesuffix(first.unit).strip(), first.unit

    @property
    def cadence_spm(self) -> float:
        """The cadence of the last seconds; NaN while nothing goes on, and where the times are not those of the run."""
        reading = self._reading
        return math.nan if reading is None else reading.measures.get("cadence_spm", Measure()).value

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The first four quantities of the bout's last seconds, known or not, each with its band."""
        measures = self._reading.measures if self._reading else {}
        return tuple(_number(m, measures.get(m.name, Measure()).value) for m in self._bout.metrics[:NUMBERS])

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """The other numbers of the bout's last seconds: what, and how much."""
        first = self._bout.metrics[0].title
        return tuple(line for line in known_lines(self._bout, self._follower.reading) if line[0] != first)

    @property
    def results(self) -> tuple[tuple[str, str], ...]:
        """The numbers of the longest bout that is over; of the one that goes on while there is none."""
        return known_lines(self._bout, self._longest or self._follower.reading)

    def update(self, tracked: Tracked) -> list[Event]:
        """One picture."""
        self._pose = tracked.pose
        return super().update(tracked)

    def finish(self) -> list[Event]:
        """The recording is over, and so is the bout."""
        return [*self._close(self._t), *super().finish()]

    def is_over(self, target: int, *, per_side: bool = False) -> bool:
        """Whether as many bouts as asked for are over."""
        return self.bouts >= target

    def _wait(self, t: float, body: Body) -> list[Event]:
        opened = self._start_pose.bodies[0].t_s if self._start_pose.bodies else t
        events = super()._wait(t, body)
        if events:
            self._follower.stand(opened)
        return events + self._follow(t, body)

    def _work(self, t: float, body: Body) -> list[Event]:
        events = self._follow(t, body)
        if self._began_s is not None:
            return events + self._judge_bout(t, body)
        is_away = not body.is_present or any(c.verdict(body) is False for c in self._invariants)
        self._gone_since = (self._gone_since if self._gone_since is not None else t) if is_away else None
        if self._gone_since is not None and t - self._gone_since > LEFT_S:
            self._gone_since = None
            return events + self._interrupt(t, "left-position" if body.is_present else "nobody")
        return events

    def _interrupt(self, t: float, reason: str) -> list[Event]:
        return [*self._close(t), *super()._interrupt(t, reason)]

    def _follow(self, t: float, body: Body) -> list[Event]:
        """Look for the bout's beginning and end."""
        assert self._pose is not None
        self._follower.update(self._pose, body)
        doubt, reading = self._follower.times_doubt, self._follower.reading
        events = self.distrust_times(t, doubt) if doubt is not None else []
        if reading is not None and self._began_s is None:
            self._began_s, self._found = reading.start_s, set()
            self.is_armed, self.pause_reason = True, ""
            return [*events, BoutStarted(t, reading.start_s), PhaseChanged(t, "end-range")]
        if reading is None and self._began_s is not None:
            return [*events, *self._close(t)]
        return events

    def _judge_bout(self, t: float, body: Body) -> list[Event]:
        reading = self._follower.reading
        values = {name: m.value for name, m in reading.measures.items()} if reading and reading.is_enough else {}
        moment = RuleContext(body, self.baseline or Baseline(body), None, self.settings, measures=values)
        events = self._faults.watch(t, moment, "end-range", self._rate, is_cycle=False, is_leaving=False)
        self._found |= {s.fault.name for s in self.active_faults}
        return events

    def _close(self, t: float) -> list[Event]:
        """End the bout, if one goes on."""
        if self._began_s is None:
            return []
        reading = self._follower.end()
        self._began_s = None
        events = self._faults.stop()
        if reading is None:
            return [*events, PhaseChanged(t, "rest")]
        self.bouts += 1
        if self._longest is None or reading.steps > self._longest.steps:
            self._longest = reading
        metrics = metrics_of(self._bout, reading)
        found = self._faults.end_bout(sorted(self._found))
        ended = BoutEnded(
            t, reading.start_s, reading.end_s, reading.steps, found.faults, metrics,
            found.verdict, found.not_judged, found.judged, found.why,
        )  # fmt: skip
        return [*events, ended, PhaseChanged(t, "rest")]


def _number(metric: Metric, value: float) -> Number:
    text = "" if math.isnan(value) else f"{value:.{metric.decimals}f}"
    low = math.nan if metric.low is None else metric.low
    high = math.nan if metric.high is None else metric.high
    is_right = None if math.isnan(value) else not (value < low or value > high)
    return Number(metric.title, text, metric.unit.replace("deg", "°"), low, high, is_right)


def known_lines(bout: Bout, reading: BoutReading | None) -> tuple[tuple[str, str], ...]:
    """The quantities that are known, as a title and a text such as "9.8 cm"."""
    measures = reading.measures if reading else {}
    known = [(m, measures[m.name].value) for m in bout.metrics if m.name in measures]
    return tuple((m.title, m.in_words(v)) for m, v in known if not math.isnan(v))


def metrics_of(bout: Bout, reading: BoutReading | None) -> dict[str, Any]:
    """The contract's `metrics`: plain numbers (None = unknown) by name, and how sure each is under `details`."""
    measures = reading.measures if reading else {}
    out: dict[str, Any] = {m.name: _plain(measures.get(m.name, Measure()).value) for m in bout.metrics}
    out["steps"] = reading.steps if reading else 0
    out["duration_s"] = round(reading.end_s - reading.start_s, 3) if reading else 0.0
    nothing = Measure(reason="nothing of the kind was seen")
    out["cycle"] = [list(moment) for moment in reading.cycle] if reading else []
    out["details"] = {m.name: _details(m, measures.get(m.name, nothing)) for m in bout.metrics}
    return out


def _details(metric: Metric, measure: Measure) -> dict[str, Any]:
    return {
        "value": _plain(measure.value),
        "unit": metric.unit,
        "spread": _plain(measure.spread),
        "n": measure.n,
        "band": [metric.low, metric.high],
        "source": metric.source,
        "reason": measure.reason,
    }


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 3)


def coach_for(
    exercise: Exercise,
    overrides: Mapping[str, object] | None = None,
    *,
    is_live: bool,
    side: Side | None = None,
) -> Coach:
    """The coach that an exercise needs: one that counts repetitions, or one that follows a bout."""
    kind = BoutCoach if exercise.bout is not None else Coach
    return kind(exercise, overrides, is_live=is_live, side=side)
