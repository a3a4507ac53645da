"""How somebody gets on: what was kept of their sessions, folded into weeks and exercises. Pure.

It claims only what was judged, and says where too little was. There is no streak: a day without exercise costs nothing,
and one after pain is praised.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean, median

from formcheck.core.body.back import Posture
from formcheck.core.rules.events import Verdict
from formcheck.core.text import counted, marked, phrase
from formcheck.session.document import Kept, Rep, SessionDocument, SetDocument
from formcheck.session.session_record import RISE, pain_band

WEEKS = 8
"""Weeks that are shown, this one included."""
JUDGED_MIN = 5
"""Repetitions of a week that must be judged before a share of them is told [P]: of four, each one is a quarter."""
PRAISED_DAYS = 14
"""Days for which a rest because of pain is praised [P]."""
PAUSE_DAYS = 21
"""Days without an exercise after which its sessions are counted anew: what was learned has to be said again [P]."""

WeekPlan = Mapping[str, frozenset[int]]
"""By exercise: the days of the week on which it is planned, Monday = 0."""
AGO = marked(("", "last week", "two weeks ago", "three weeks ago", "four weeks ago", "five weeks ago", "six weeks ago",
              "seven weeks ago"))  # fmt: skip
BACK_STAYED: dict[Posture, str] = marked({
    "supine": "your back stayed flat in {n} of {m}",
    "quadruped": "your back stayed level in {n} of {m}",
    "upright": "your back stayed good in {n} of {m}",
})  # fmt: skip
"""What a back without a fault is called, by posture."""


@dataclass(frozen=True, slots=True)
class Week:
    """One exercise in one week. Numbers that are not known are NaN."""

    monday: date
    days: int = 0
    """On how many of its days something of the exercise was done."""
    clean: int = 0
    faulty: int = 0
    not_judged: int = 0
    back_good: int = 0
    """Repetitions whose back was judged, and had no fault."""
    back_judged: int = 0
    hold_s: float = math.nan
    """Mean of the repetitions that were to be held."""
    hold_target_s: float = math.nan
    """What was asked for, the last time."""
    reach: float = math.nan
    """Median, share of the range that counts."""
    back_deg: float = math.nan
    """Median of the largest bend of the low back, where it was judged; degrees, positive = extended."""
    back_sd_deg: float = math.nan
    """Its doubt: that of a single repetition, since a misread start errs in all of them alike."""
    pain_before: float = math.nan
    """Mean of the sessions in which the exercise was done, 0 to 10; so are the next two."""
    pain_after: float = math.nan
    effort: float = math.nan

    @property
    def judged(self) -> int:
        """Repetitions with a verdict."""
        return self.clean + self.faulty

    @property
    def reps(self) -> int:
        """All that counted."""
        return self.judged + self.not_judged

    @property
    def clean_share(self) -> float:
        """Of those that were judged, 0..1; NaN where too few were."""
        return self.clean / self.judged if self.judged >= JUDGED_MIN else math.nan


@dataclass(frozen=True, slots=True)
class ExerciseProgress:
    """One exercise over the last weeks."""

    name: str
    title: str
    weeks: tuple[Week, ...]
    """`WEEKS` of them, the oldest first, this one last."""
    planned_days: int | None = None
    """Days of a week on which it is planned; None without a plan."""
    last_utc: datetime | None = None

    @property
    def this_week(self) -> Week:
        """The week that goes on."""
        return self.weeks[-1]


@dataclass(frozen=True, slots=True)
class Progress:
    """How somebody gets on."""

    exercises: tuple[ExerciseProgress, ...] = ()
    """What was done last comes first."""
    is_rest_praised: bool = False
    """Whether they rested lately because it hurt."""


def progress_of(past: Iterable[Kept], now: datetime, plan: WeekPlan | None = None) -> Progress:
    """Fold one person's sessions.

    Args:
        past: their sessions, in any order; a session without a date (of a recording) is left out.
        now: local date and time, with its offset: days and weeks are those of the person.
        plan: what is planned in a week; None = nothing is.
    """
    first = monday_of(now.date()) - timedelta(weeks=WEEKS - 1)
    sessions = sorted((item for item in dated(past, now) if item[0].date() >= first), key=lambda item: item[0])
    names = dict.fromkeys(one.exercise for _, session in reversed(sessions) for one in reversed(done_sets(session)))
    return Progress(
        tuple(_exercise(name, sessions, first, plan) for name in names), _is_rest_praised(sessions, now.date())
    )


def dated(past: Iterable[Kept], now: datetime) -> list[tuple[datetime, SessionDocument]]:
    """Sessions with their local times, as far as they have one."""
    known = ((kept.session.began_utc, kept.session) for kept in past)
    return [(at.astimezone(now.tzinfo), session) for at, session in known if at is not None]


def done_sets(session: SessionDocument, exercise: str | None = None) -> list[SetDocument]:
    """The sets (of one exercise) in which something counted or was measured."""
    sets = [one for one in session.shown_sets if one.reps or one.measured]
    return [one for one in sets if exercise in (None, one.exercise)]


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def times_done(past: Iterable[Kept], exercise: str, now: datetime) -> int:
    """How often an exercise was done since it last paused for `PAUSE_DAYS`: in how many sessions."""
    when = sorted(at for at, session in dated(past, now) if done_sets(session, exercise))
    count, until = 0, now
    for at in reversed(when):
        if (until - at).days >= PAUSE_DAYS:
            break
        count, until = count + 1, at
    return count


# -- the fold ----------------------------------------------------------------------------------------------------------

Dated = Sequence[tuple[datetime, SessionDocument]]


def _exercise(name: str, sessions: Dated, first: date, plan: WeekPlan | None) -> ExerciseProgress:
    own = [(at, session) for at, session in sessions if done_sets(session, name)]
    mondays = [first + timedelta(weeks=i) for i in range(WEEKS)]
    weeks = [_week(name, monday, [item for item in own if monday_of(item[0].date()) == monday]) for monday in mondays]
    last_at, last = own[-1]
    title = done_sets(last, name)[-1].name
    planned = None if plan is None or name not in plan else len(plan[name])
    return ExerciseProgress(name, title, tuple(weeks), planned, last_at)


def _week(name: str, monday: date, sessions: Dated) -> Week:
    if not sessions:
        return Week(monday)
    sets = [one for _, session in sessions for one in done_sets(session, name)]
    reps = [rep for one in sets for rep in one.reps]
    verdicts: Counter[Verdict] = Counter(rep.verdict for rep in reps)
    backs = [(one, rep) for one in sets for rep in one.reps if is_back_judged(one, rep)]
    bends = [(rep.back_deg, rep.back_sd_deg) for _, rep in backs if rep.back_deg is not None]
    held = [one for one in sets if one.target_hold_s]
    return Week(
        monday,
        days=len({at.date() for at, _ in sessions}),
        clean=verdicts["clean"],
        faulty=verdicts["faulty"],
        not_judged=verdicts["not-judged"],
        back_good=sum(not has_back_fault(one, rep) for one, rep in backs),
        back_judged=len(backs),
        hold_s=_mean(rep.hold_s for one in held for rep in one.reps),
        hold_target_s=(held[-1].target_hold_s or math.nan) if held else math.nan,
        reach=_middle(rep.reach for rep in reps),
        back_deg=_middle(deg for deg, _ in bends),
        back_sd_deg=_middle(sd for _, sd in bends),
        pain_before=_mean(session.pain.before for _, session in sessions),
        pain_after=_mean(session.pain.after for _, session in sessions),
        effort=_mean(session.effort.get(name) for _, session in sessions),
    )


def is_back_judged(one: SetDocument, rep: Rep) -> bool:
    """Whether the back of a repetition was judged; never where the exercise does not ask for it."""
    return has_back_fault(one, rep) or ("back" in one.judged_share and "back" not in rep.not_judged)


def has_back_fault(one: SetDocument, rep: Rep) -> bool:
    """Whether a fault of the back was seen in a repetition."""
    return any("back" in one.fault_words[name].parts for name in rep.faults if name in one.fault_words)


def _mean(values: Iterable[float | None]) -> float:
    known = [value for value in values if value is not None]
    return fmean(known) if known else math.nan


def _middle(values: Iterable[float | None]) -> float:
    known = [value for value in values if value is not None]
    return float(median(known)) if known else math.nan


def hurt(session: SessionDocument) -> bool:
    """Whether it hurt: broken off by pain, strong pain, or pain that rose."""
    before, after = session.pain.before, session.pain.after
    is_rising = before is not None and after is not None and after >= before + RISE
    is_strong = any(pain is not None and pain_band(pain) == "strong" for pain in (before, after))
    return session.is_stopped_by_pain or is_rising or is_strong


def _is_rest_praised(sessions: Dated, today: date) -> bool:
    """Whether the day after the last session that hurt passed without one. Today is not over yet."""
    days = {at.date() for at, session in sessions if done_sets(session)}
    hurting = [at.date() for at, session in sessions if hurt(session)]
    if not hurting:
        return False
    after = hurting[-1] + timedelta(days=1)
    return after not in days and after < today <= after + timedelta(days=PRAISED_DAYS)


# -- in words ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """The one sentence about an exercise, as numbers: so many of so many, now and then."""

    what: str
    """`back` (it was good), `clean`, or empty where too little was judged to say either."""
    good: int = 0
    of: int = 0
    weeks_ago: int = 0
    """Of which week it is told; 0 = this one."""
    then: tuple[int, int, int] | None = None
    """The oldest week with enough: good, of how many, weeks ago; None where there is none but the one."""


def sentence_of(progress: ExerciseProgress) -> Said:
    """What can be said: of the back where it was judged often enough, or else of what was clean."""
    for what, counts in (
        ("back", [(week.back_good, week.back_judged) for week in progress.weeks]),
        ("clean", [(week.clean, week.judged) for week in progress.weeks]),
    ):
        enough = [(*pair, len(counts) - 1 - i) for i, pair in enumerate(counts) if pair[1] >= JUDGED_MIN]
        if enough:
            good, of, ago = enough[-1]
            return Said(what, good, of, ago, enough[0] if len(enough) > 1 else None)
    return Said("")


def in_words(said: Said, posture: Posture = "upright") -> str:
    """The sentence, e.g. "Your back stayed flat in 9 of 12; three weeks ago in 5 of 12."

    Args:
        said: what can be said.
        posture: where the back faces: a back without a fault is called by it.
    """
    if not said.what:
        return phrase("Too little was judged to say how it goes.")
    is_back = said.what == "back"
    told = phrase(BACK_STAYED[posture] if is_back else "{n} of {m} were clean", n=said.good, m=said.of)
    if said.weeks_ago:
        told = phrase("{ago} {told}", ago=AGO[said.weeks_ago], told=told)
    if said.then is None:
        return phrase("{told:upper}.", told=told)
    was, of, ago = said.then
    then = marked("{told:upper}; {ago} in {n} of {m}." if is_back else "{told:upper}; {ago} {n} of {m}.")
    return phrase(then, told=told, ago=AGO[ago], n=was, m=of)


def days_in_words(progress: ExerciseProgress) -> str:
    """How often it was done this week, e.g. "2 of 3 days"; never what was missed."""
    done, planned = progress.this_week.days, progress.planned_days
    if planned and done <= planned:
        return counted(planned, "{done} of {n} day", "{done} of {n} days", done=done)
    return counted(done, "{n} day", "{n} days")
