"""The report of a person over some weeks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial

from formcheck.core.text import counted, marked, phrase
from formcheck.export.codebook import in_order, with_offset
from formcheck.export.fhir.summary import largest_bend, mean_of
from formcheck.export.report import charts, parts, words
from formcheck.export.report.charts import Bar, Dot, Series
from formcheck.export.report.page import Drawing, Grid, Page, Section
from formcheck.session.document import Kept, Rep, SetDocument

Days = tuple[tuple[Kept, list[SetDocument]], ...]
"""The sessions in which an exercise was done, with its sets."""
SESSIONS, PER_WEEK, NO_SESSION, OVER_TIME = marked((
    "Sessions",
    "Sessions a week, by the week's first day",
    "No session was kept in these weeks.",
    "Pain and effort over time",
))  # fmt: skip
PAIN, NO_PAIN, EFFORT, NO_EFFORT = marked((
    "Pain, 0 to 10",
    "Pain was never asked, or never answered.",
    "Effort, 0 to 10",
    "Effort was never asked, or never answered.",
))  # fmt: skip
BEFORE, AFTER, MEAN = marked(("before", "after", "mean of the exercises"))
ENDED: dict[str, str] = marked({"complete": "complete", "open": "open", "broken off": "broken off", "none": "none"})
WHY: dict[str, str] = marked({"pain": "pain", "too-tired": "too tired", "no-time": "no time", "other": "other"})
"""Why a session was broken off, in a cell of a table."""
BY_SESSION, BY_WEEK, HOLD, RANGE, BEND, ASKED, COUNTS = marked((
    "Repetitions by session",
    "Repetitions by week, by its first day",
    "Hold, mean of the session, s",
    "Range, mean of the session, % of what counts",
    "Largest bend of the low back, °, with its standard deviation",
    "asked",
    "counts",
))  # fmt: skip
NO_REP, NO_FAULT = marked(("No repetition was counted.", "No fault was seen."))
NO_BEND, UNKNOWN_CHANGE = marked(
    ("Low back: its bend could not be measured.", "Whether that is a change is not known.")
)
MORE_THAN, NO_MORE = marked((
    "{told} (±: standard deviation). The difference of {change} is more than the least that is a change, "
    "{least} (95 %).",
    "{told} (±: standard deviation). The difference of {change} is no more than the least that is a change, "
    "{least} (95 %).",
))  # fmt: skip
BARS_MAX = 26
"""With more sessions than this a bar is a week's."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks of a report, on the clock of a zone."""

    since: datetime
    count: int
    zone: tzinfo | None

    @classmethod
    def up_to(cls, until: datetime, count: int, zone: tzinfo | None) -> Weeks:
        """So many weeks; the day of `until` is their last."""
        day = until.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return cls(day + timedelta(days=1) - timedelta(weeks=count), count, zone)

    @property
    def starts(self) -> list[datetime]:
        """The first moment of each."""
        return [self.since + timedelta(weeks=i) for i in range(self.count)]

    def of(self, kept: Kept) -> int:
        """In which of them a session began, from 0; outside of them where it is none of theirs."""
        return (began_at(kept) - self.since) // timedelta(weeks=1)

    def place(self, kept: Kept) -> float:
        """When a session began, in days."""
        return (began_at(kept) - self.since) / timedelta(days=1)

    @property
    def labels(self) -> list[tuple[float, str]]:
        """For the foot of a chart whose places are days."""
        return [(7.0 * i, words.short_day(start, self.zone)) for i, start in enumerate(self.starts)]


def person_page(
    sessions: Sequence[Kept],
    *,
    person: str | None,
    until: datetime,
    weeks: int = 8,
    name: str | None = None,
    zone: tzinfo | None = None,
) -> Page:
    """The report of a person over some weeks.

    Args:
        sessions: all that are known of this person; those of the weeks are taken.
        person: pseudonym.
        until: the end of the weeks, with an offset.
        weeks: how many, at least 1.
        name: of the person, where it is to be shown.
        zone: whose clock the days follow; None: this machine's.
    """
    span = Weeks.up_to(until, weeks, zone)
    known = [one for one in in_order(sessions) if one.session.started_utc]
    kept = [one for one in known if 0 <= span.of(one) < weeks]
    title = counted(
        weeks,
        "{n} week: {since} to {until}",
        "{n} weeks: {since} to {until}",
        since=words.day(span.since, zone),
        until=words.day(until, zone),
    )
    lines = (words.typed(name) if name else words.pseudonym(person),)
    if not kept:
        return Page(title, lines, (), (_nothing(known, zone),))
    exercises = parts.by_exercise(_sets(kept))
    return Page(
        title=title,
        lines=(*lines, _states(kept)),
        tiles=_tiles(kept),
        sections=(
            _sessions(kept, span),
            _pain(kept, span),
            *(_exercise(kept, exercise, span) for exercise in exercises),
            parts.not_seen(kept, is_by_set=False),
            parts.corrections(kept, zone),
            parts.thresholds(kept),
            *parts.changes(kept, zone),
            parts.sources(kept),
        ),
    )


def began_at(kept: Kept) -> datetime:
    """When a session that has a date began."""
    began = with_offset(kept.session.started_utc)
    assert began is not None
    return began


def _nothing(known: Sequence[Kept], zone: tzinfo | None) -> Section:
    said = [NO_SESSION]
    if known:
        day = words.day(known[-1].session.started_utc, zone)
        said.append(phrase("The last one that was kept is of {day}.", day=day))
    return Section(SESSIONS, tuple(said))


def _states(kept: Sequence[Kept]) -> str:
    is_signed = sum(bool(one.signatures) for one in kept)
    amended = sum(bool(one.amended) for one in kept)
    return counted(
        len(kept),
        "{signed} of {n} session signed, {amended} corrected.",
        "{signed} of {n} sessions signed, {amended} corrected.",
        signed=is_signed,
        amended=amended,
    )


def _sets(kept: Sequence[Kept]) -> list[SetDocument]:
    return [one for each in kept for one in each.session.shown_sets]


def _bar(label: str, sets: Sequence[SetDocument]) -> Bar:
    clean, faulty = sum(one.clean_reps for one in sets), sum(one.faulty_reps for one in sets)
    return Bar(label, clean, faulty, sum(one.not_judged_reps for one in sets))


def _tiles(kept: Sequence[Kept]) -> tuple[tuple[str, str], ...]:
    all_of_it = _bar("", _sets(kept))
    pains = [one.session.pain.before for one in kept if one.session.pain.before is not None]
    pain = phrase("{first} → {last}", first=pains[0], last=pains[-1]) if pains else words.UNKNOWN
    labels = marked(("sessions", "repetitions", "clean", "with a fault", "not judged", "pain, first → last"))
    counts = (len(kept), all_of_it.total, all_of_it.clean, all_of_it.faulty, all_of_it.not_judged)
    return tuple(zip(labels, (*map(str, counts), pain), strict=True))


def _sessions(kept: Sequence[Kept], span: Weeks) -> Section:
    per_week = Counter(span.of(one) for one in kept)
    counts = [(words.short_day(start, span.zone), per_week[i]) for i, start in enumerate(span.starts)]
    head = marked(("Day", "Exercises", "How it ended", "Repetitions", "Clean", "With a fault", "Not judged", "Pain"))
    return Section(
        title=SESSIONS,
        grid=Grid(head, tuple(_session_row(one, span.zone) for one in kept), text_columns=3),
        charts=(Drawing(PER_WEEK, partial(charts.columns, title=PER_WEEK, bars=counts)),),
    )


def _session_row(kept: Kept, zone: tzinfo | None) -> tuple[str, ...]:
    session, bar = kept.session, _bar("", kept.session.shown_sets)
    names = words.together(dict.fromkeys(one.name for one in session.shown_sets)) or ENDED["none"]
    pain = phrase("{first} → {last}", first=words.number(session.pain.before), last=words.number(session.pain.after))
    ended = ENDED["complete" if session.is_complete else "open" if kept.state == "open" else "broken off"]
    if session.break_off:
        ended = phrase("{how}: {why}", how=ended, why=WHY[session.break_off])
    return (
        words.day(session.started_utc, zone),
        names,
        ended,
        str(bar.total),
        str(bar.clean),
        str(bar.faulty),
        str(bar.not_judged),
        pain,
    )


def _pain(kept: Sequence[Kept], span: Weeks) -> Section:
    at = [span.place(one) for one in kept]
    pains = [
        _series(BEFORE, "ring", at, [one.session.pain.before for one in kept]),
        _series(AFTER, "square", at, [one.session.pain.after for one in kept]),
    ]
    efforts = [_series(MEAN, "disc", at, [mean_of(one.session.effort.values()) for one in kept])]
    drawn, said = [], []
    for caption, nothing, series in (
        (PAIN, NO_PAIN, pains),
        (EFFORT, NO_EFFORT, efforts),
    ):
        if any(one.dots for one in series):
            drawn.append(_dots(caption, series, span, low=0.0, high=10.0))
        else:
            said.append(nothing)
    hurt = [one for one in kept if one.session.break_off == "pain"]
    if hurt:
        days = words.together(words.day(one.session.started_utc, span.zone) for one in hurt)
        said.append(phrase("Broken off because of pain: {days}.", days=days))
    return Section(OVER_TIME, tuple(said), charts=tuple(drawn))


def _dots(
    caption: str,
    series: Sequence[Series],
    span: Weeks,
    *,
    line: tuple[float, str] | None = None,
    low: float | None = None,
    high: float | None = None,
) -> Drawing:
    draw = partial(charts.dots, title=caption, series=series, labels=span.labels, line=line, low=low, high=high)
    return Drawing(caption, draw)


def _series(label: str, shape: charts.Shape, places: Sequence[float], values: Sequence[float | None]) -> Series:
    dots = tuple(Dot(x, y) for x, y in zip(places, values, strict=True) if y is not None)
    return Series(label, shape, dots, is_joined=True)


def _exercise(kept: Sequence[Kept], exercise: str, span: Weeks) -> Section:
    days: Days = tuple(
        (one, sets) for one in kept if (sets := [s for s in one.session.shown_sets if s.exercise == exercise])
    )
    sets = [one for _, group in days for one in group]
    return Section(
        title=sets[0].name,
        sentences=tuple(_sentences(days, sets)),
        grid=_faults(days, sets, span),
        charts=tuple(_trends(days, sets, span)),
        figures=parts.examples(kept, sets),
    )


def _reps(sets: Sequence[SetDocument]) -> list[Rep]:
    return [rep for one in sets for rep in one.reps]


def _sentences(days: Days, sets: Sequence[SetDocument]) -> list[str]:
    if not _reps(sets):
        measured: list[str] = [
            phrase("Last measured: {title}: {value}.", title=title, value=words.measured(text))
            for title, text in sets[-1].measured.items()
        ]
        return measured or [NO_REP]
    said: list[str] = []
    counted = [_bar("", group) for _, group in days if _reps(group)]
    first, last = counted[0], counted[-1]
    if len(counted) > 1:
        shares = [phrase("{n} of {total}", n=bar.clean, total=bar.total) for bar in (first, last)]
        said.append(phrase("Clean: {first} in the first session, {last} in the last.", first=shares[0], last=shares[1]))
    said += [held] if (held := parts.held(sets)) else []
    if parts.judges_back(sets):
        said.append(_back_change([largest_bend(_reps(group)) for _, group in days]))
    if not any(one.faults for one in sets):
        said.append(NO_FAULT)
    return said


def _back_change(largest: Sequence[Rep | None]) -> str:
    """From the first session to the last, and whether that is more than noise."""
    known = [rep for rep in largest if rep is not None]
    if not known:
        return NO_BEND
    first, last = known[0], known[-1]
    if len(known) == 1:
        return phrase("Low back: largest bend {bend}, in one session (±: standard deviation).", bend=parts.bend(first))
    said = phrase(
        "Low back: largest bend {first} in the first session, {last} in the last",
        first=parts.bend(first),
        last=parts.bend(last),
    )
    least = parts.least_change_deg(first, last)
    if least is None:
        return phrase("{told}. {unknown}", told=said, unknown=UNKNOWN_CHANGE)
    change = abs((last.back_deg or 0.0) - (first.back_deg or 0.0))
    known_change, known_least = (words.number(value, 1, "°") for value in (change, least))
    return phrase(MORE_THAN if change > least else NO_MORE, told=said, change=known_change, least=known_least)


def _faults(days: Days, sets: Sequence[SetDocument], span: Weeks) -> Grid | None:
    """How often each fault was seen in the earlier and in the later half of the weeks."""
    names = dict.fromkeys(name for one in sets for name in one.faults)
    if not names:
        return None
    half = span.since + timedelta(weeks=span.count) / 2
    earlier = [one for kept, group in days if began_at(kept) < half for one in group]
    later = [one for kept, group in days if began_at(kept) >= half for one in group]
    rows = []
    for name in names:
        cells = [
            phrase("{n} of {total}", n=sum(one.faults.get(name, 0) for one in part), total=len(_reps(part)))
            for part in (earlier, later)
        ]
        rows.append((words.fault_name(sets, name), *cells))
    return Grid(marked(("Fault, repetitions with it", "Earlier half", "Later half")), tuple(rows))


def _trends(days: Days, sets: Sequence[SetDocument], span: Weeks) -> list[Drawing]:
    if not _reps(sets):
        return []
    drawn = [_counts(days, span)]
    target = next((one.target_hold_s for one in reversed(sets) if one.target_hold_s), None)
    if target:
        drawn += _trend(HOLD, days, span, lambda rep: rep.hold_s, (target, ASKED))
    drawn += _trend(RANGE, days, span, lambda rep: None if rep.reach is None else 100 * rep.reach, (100.0, COUNTS))
    if parts.judges_back(sets):
        drawn += _back_trend(days, span)
    return drawn


def _counts(days: Days, span: Weeks) -> Drawing:
    """The verdicts of each session; of each week where there are many."""
    if len(days) <= BARS_MAX:
        caption = BY_SESSION
        bars = [_bar(words.short_day(kept.session.started_utc, span.zone), group) for kept, group in days]
    else:
        caption = BY_WEEK
        weekly: dict[int, list[SetDocument]] = defaultdict(list)
        for kept, group in days:
            weekly[span.of(kept)] += group
        bars = [_bar(words.short_day(start, span.zone), weekly[i]) for i, start in enumerate(span.starts)]
    return Drawing(caption, partial(charts.stacked, title=caption, bars=bars))


def _trend(
    caption: str, days: Days, span: Weeks, value: Callable[[Rep], float | None], line: tuple[float, str]
) -> list[Drawing]:
    means = [mean_of(value(rep) for rep in _reps(group)) for _, group in days]
    series = _series("", "disc", [span.place(kept) for kept, _ in days], means)
    return [_dots(caption, [series], span, line=line, low=0.0)] if series.dots else []


def _back_trend(days: Days, span: Weeks) -> list[Drawing]:
    largest = [(span.place(kept), largest_bend(_reps(group))) for kept, group in days]
    dots = tuple(
        Dot(place, rep.back_deg, rep.back_sd_deg)
        for place, rep in largest
        if rep is not None and rep.back_deg is not None
    )
    return [_dots(BEND, [Series("", "disc", dots)], span)] if dots else []
