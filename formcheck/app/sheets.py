"""Progress in words and charts: one sheet an exercise, formatted from the fold of what was kept. It counts nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from formcheck.core.feedback.phrases import NUMBERS
from formcheck.core.rules.exercise import Exercise
from formcheck.core.text import COMMAS, listed, marked, phrase
from formcheck.screen import Chart, ProgressView, Series, WeekBar
from formcheck.session.document import Kept, Proposal
from formcheck.session.next_step import Accepted, is_of_clinician, propose, text_of
from formcheck.session.program import Program, shipped_programs
from formcheck.session.progress import (
    JUDGED_MIN,
    ExerciseProgress,
    Said,
    Week,
    WeekPlan,
    days_in_words,
    in_words,
    progress_of,
    sentence_of,
)
from formcheck.session.registry import Registry

NO_REPS = marked("It has no repetitions to count. You see how often you did it.")
RESTED = marked("You rested when it hurt. That was right.")
REACH_TOP = 1.6
"""Times the range that counts at which the chart of the range ends."""
BACK_TOP_DEG = 20.0
"""Degrees up to which the chart of the back reaches at least."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One exercise: what is shown, said and proposed."""

    view: ProgressView
    spoken: tuple[tuple[str, str], ...] = ()
    """Names and texts of what is said, one after the other."""
    proposal: Proposal | None = None
    """What may be taken; None where nothing is proposed, or only to a clinician."""


def sheets_of(
    past: Sequence[Kept], now: datetime, registry: Registry, program: Program | None = None,
    accepted: Sequence[Accepted] = (),
) -> tuple[Sheet, ...]:  # fmt: skip
    """One sheet for each exercise of the last weeks, what was done last first.

    Args:
        past: one person's sessions.
        now: local date and time.
        registry: the exercises that are installed; one that is not is shown all the same.
        program: the one that is done now; else the last one that ships is the plan.
        accepted: the proposals that were taken.
    """
    shipped = shipped_programs(registry)
    progress = progress_of(past, now, _week_plan(past, shipped, program))
    found = []
    for each in progress.exercises:
        exercise = registry.exercises.get(each.name)
        is_free = exercise is not None and not is_of_clinician(past, each.name, shipped, now)
        proposal = propose(past, exercise, now, accepted) if is_free and exercise is not None else None
        found.append(_sheet(each, exercise, proposal, is_praised=progress.is_rest_praised))
    return tuple(found)


def _week_plan(past: Sequence[Kept], shipped: Mapping[str, Program], program: Program | None) -> WeekPlan | None:
    """The days of the program that is done now, or was last done, as far as it is known."""
    if program is not None:
        return program.week
    done = [kept.session.program.hash for kept in past if kept.session.program is not None]
    return shipped[done[-1]].week if done and done[-1] in shipped else None


def _sheet(each: ExerciseProgress, exercise: Exercise | None, proposal: Proposal | None, *, is_praised: bool) -> Sheet:
    said = sentence_of(each)
    newest = next((week for week in reversed(each.weeks) if week.reps), each.this_week)
    tiles = [(phrase("Done this week"), days_in_words(each))]
    tiles += [(phrase("Judged"), phrase("{n} of {m}", n=newest.judged, m=newest.reps))] if newest.reps else []
    view = ProgressView(
        title=exercise.title if exercise is not None else each.title,
        sentence=in_words(said, exercise.posture if exercise is not None else "upright") if newest.reps else NO_REPS,
        tiles=tuple(tiles),
        charts=tuple(_charts(each, newest)),
        praise=RESTED if is_praised else "",
        proposal=text_of(proposal) if proposal is not None else "",
    )
    spoken = (("progress.rested", ""),) if is_praised else ()
    return Sheet(view, (*spoken, *(_spoken(said) if newest.reps else ())), proposal)


def _spoken(said: Said) -> tuple[tuple[str, str], ...]:
    """The sentence in clips: numbers have their own. What is more than can be said is shown only."""
    if not said.what:
        return (("progress.unjudged", ""),)
    then = said.then
    numbers = (said.good, said.of, *(then[:2] if then is not None else ()))
    if max(numbers) not in NUMBERS:
        return ()
    of = ("progress.of", "")
    now = ((f"progress.{said.what}", ""), _number(said.good), of, _number(said.of))
    if then is None:
        return now
    return (*now, ("progress.earlier", ""), _number(then[0]), of, _number(then[1]))


def _number(number: int) -> tuple[str, str]:
    return f"tally.{number}", str(number)


# -- charts ------------------------------------------------------------------------------------------------------------


def _charts(each: ExerciseProgress, newest: Week) -> list[Chart]:
    """Repetitions first; then what is known of range, hold, back, pain and effort."""
    weeks = each.weeks
    if not newest.reps:
        return [_pain_and_effort(weeks)] if _is_known(weeks, lambda w: w.pain_after, lambda w: w.effort) else []
    bars = tuple(WeekBar(week.clean, week.faulty, week.not_judged) for week in weeks)
    is_told = newest.judged >= JUDGED_MIN
    shown = phrase("{n} of {m} clean", n=newest.clean, m=newest.judged)
    shown = shown if is_told else phrase("{n} of {m} judged", n=newest.judged, m=newest.reps)
    charts = [Chart("Repetitions a week", shown, bars=bars)]
    if _is_known(weeks, lambda w: w.reach):
        shown = phrase("{n} %", n=round(100 * _newest(weeks, lambda w: w.reach)))
        top = max(REACH_TOP, *(1.1 * week.reach for week in weeks if not math.isnan(week.reach)))
        charts.append(Chart("Range (line: counts)", shown, (), _series(weeks, lambda w: w.reach), 0, top, 1.0))
    if _is_known(weeks, lambda w: w.hold_s):
        target = _newest(weeks, lambda w: w.hold_target_s)
        top = 1.3 * max(target, *(week.hold_s for week in weeks if not math.isnan(week.hold_s)))
        shown = phrase("{s:.1f} s", s=_newest(weeks, lambda w: w.hold_s))
        charts.append(Chart("Hold (line: asked for)", shown, (), _series(weeks, lambda w: w.hold_s), 0, top, target))
    if _is_known(weeks, lambda w: w.back_deg):
        charts.append(_back(weeks))
    if _is_known(weeks, lambda w: w.pain_after, lambda w: w.effort):
        charts.append(_pain_and_effort(weeks))
    return charts


def _back(weeks: Sequence[Week]) -> Chart:
    """The bend of the low back with its doubt."""
    deg, sd = (_newest(weeks, of) for of in (lambda w: w.back_deg, lambda w: w.back_sd_deg))
    shown = f"{deg:+.0f}°" + ("" if math.isnan(sd) else f" ± {sd:.0f}°")
    top = max(BACK_TOP_DEG, *(abs(w.back_deg) + w.back_sd_deg for w in weeks if not math.isnan(w.back_sd_deg)), 0.0)
    series = Series(tuple(week.back_deg for week in weeks), tuple(week.back_sd_deg for week in weeks))
    return Chart("Back's bend (line: none)", shown, (), (series,), -top, top, 0.0)


def _pain_and_effort(weeks: Sequence[Week]) -> Chart:
    effort, pain = (_newest(weeks, of) for of in (lambda w: w.effort, lambda w: w.pain_after))
    known = [phrase("pain {n:.0f}", n=pain)] if pain == pain else []
    known += [phrase("effort {n:.0f}", n=effort)] if effort == effort else []
    series = (
        Series(tuple(week.effort for week in weeks), name=phrase("Effort, 0 to 10")),
        Series(tuple(week.pain_after for week in weeks), name=phrase("Pain after")),
    )
    return Chart("Pain and effort", listed(known, COMMAS), (), series, 0, 10)


Measure = Callable[[Week], float]


def _series(weeks: Sequence[Week], of: Measure) -> tuple[Series, ...]:
    return (Series(tuple(of(week) for week in weeks)),)


def _is_known(weeks: Sequence[Week], *of: Measure) -> bool:
    return any(not math.isnan(each(week)) for each in of for week in weeks)


def _newest(weeks: Sequence[Week], of: Measure) -> float:
    return next((of(week) for week in reversed(weeks) if not math.isnan(of(week))), math.nan)
