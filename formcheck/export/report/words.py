"""Numbers, times and verdicts in words, as the report has them: texts that can be translated (`core.text`)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo

from formcheck.core.rules.events import Verdict
from formcheck.core.text import Verbatim, counted, listed, marked, phrase
from formcheck.export.codebook import COACH, with_offset
from formcheck.session.document import Kept, SetDocument
from formcheck.session.record import BreakOff, Outcome

UNKNOWN = "–"
VERDICTS: dict[Verdict, str] = marked({"clean": "clean", "faulty": "with a fault", "not-judged": "not judged"})
ENDED: dict[Outcome, str] = marked({
    "done": "done",
    "skipped": "skipped",
    "stopped": "stopped",
    "hurt": "stopped: it hurt",
    "restarted": "begun anew",
    "interrupted": "interrupted",
})  # fmt: skip
BROKEN_OFF: dict[BreakOff, str] = marked({
    "pain": "It was broken off because of pain.",
    "too-tired": "It was broken off because they were too tired.",
    "no-time": "It was broken off for lack of time.",
    "other": "It was broken off for another reason.",
})  # fmt: skip
SIDES: dict[str, str] = marked({"left": "left", "right": "right", "both": "both"})
PARTS: dict[str, str] = marked({
    "shoulders": "shoulders",
    "hips": "hips",
    "arms": "arms",
    "knees": "knees",
    "feet": "feet",
    "head": "head",
    "back": "back",
})  # fmt: skip
"""Of the body, by their names in the record."""
ROLES: dict[str, str] = marked({"coach": "coach", "clinician": "clinician", "assistant": "assistant"})
"""Of who corrected something, where no more of them is known."""
STATES: dict[str, str] = marked({
    "open": "This session is not over.",
    "interrupted": "It broke off without an end.",
    "amended": "It was corrected by an addendum after it was signed.",
})  # fmt: skip
NOBODY, NOT_SIGNED = marked(("Nobody was named.", "Not signed."))
UNDATED = marked("at a time that is not known")
WEEKDAYS = marked(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))
MONTHS = marked((
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
))  # fmt: skip
SHORT_MONTHS = marked(("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"))
_NUMBERS = ("{sign}{value:.0f}{unit}", "{sign}{value:.1f}{unit}")
_MEASURED = ("{value:.0f} {unit}", "{value:.1f} {unit}")
"""By the number of decimals."""


def number(value: float | None, decimals: int = 0, unit: str = "") -> str:
    """A number with its unit, with a true minus; a dash where it is not known.

    Args:
        value: the number.
        decimals: 0 or 1.
        unit: the same in every language.
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    gap = "" if unit in ("", "°") else " "
    sign = "−" if round(value, decimals) < 0 else ""
    return phrase(_NUMBERS[decimals], sign=sign, value=abs(float(value)), unit=gap + unit)


def share(value: float | None) -> str:
    """A share in per cent."""
    return number(None if value is None else 100 * value, 0, "%")


def repetitions(count: int) -> str:
    """A count and its noun."""
    return counted(count, "{n} repetition", "{n} repetitions")


def sessions(count: int) -> str:
    """A count and its noun."""
    return counted(count, "{n} session", "{n} sessions")


def typed(text: str) -> str:
    """What somebody wrote, or a name: the same in every language."""
    return phrase("{text}", text=Verbatim(text))


def together(texts: Iterable[str]) -> str:
    """Texts one after the other with commas."""
    return listed(list(texts), last="{first}, {second}", between="{first}, {second}")


def repetition(index: int) -> str:
    """Which repetition; one that somebody added has a number of its own."""
    return phrase("repetition {n}", n=index) if index > 0 else phrase("added repetition {n}", n=-index)


def local(when: datetime | None, zone: tzinfo | None) -> datetime | None:
    """A time on the clock of that zone; None: of this machine."""
    known = with_offset(when)
    return known.astimezone(zone) if known else None


def moment(when: datetime | None, zone: tzinfo | None) -> str:
    """Day and time, with the offset."""
    at = local(when, zone)
    if at is None:
        return UNDATED
    offset = at.strftime("%z")
    return phrase(
        "{weekday} {day} {month} {year}, {time} (UTC{offset})",
        weekday=WEEKDAYS[at.weekday()],
        day=at.day,
        month=MONTHS[at.month - 1],
        year=at.year,
        time=f"{at:%H:%M}",
        offset=f"{offset[:3]}:{offset[3:5]}",
    )


def day(when: datetime | None, zone: tzinfo | None) -> str:
    """Day, month and year."""
    at = local(when, zone)
    if at is None:
        return UNKNOWN
    return phrase(
        "{day}\N{NO-BREAK SPACE}{month}\N{NO-BREAK SPACE}{year}",
        day=at.day,
        month=SHORT_MONTHS[at.month - 1],
        year=at.year,
    )


def short_day(when: datetime | None, zone: tzinfo | None) -> str:
    """Day and month, for the foot of a chart."""
    at = local(when, zone)
    return phrase("{day} {month}", day=at.day, month=SHORT_MONTHS[at.month - 1]) if at else UNKNOWN


def pseudonym(person: str | None) -> str:
    """A person without a name; all of the pseudonym, since it is what can be looked up."""
    return phrase("Person {pseudonym}", pseudonym=Verbatim(person)) if person else NOBODY


def fault_name(sets: Iterable[SetDocument], name: str) -> str:
    """What a fault is called; its own name where nobody kept the words."""
    return next((one.fault_words[name].short for one in sets if name in one.fault_words), plain(name))


def plain(name: str) -> str:
    """A name of the record as words."""
    return name.replace("-", " ")


def title_of(kept: Iterable[Kept], exercise: str) -> str:
    """What an exercise is called; its own name where nobody kept the words."""
    sets = (one for each in kept for one in each.session.sets)
    return next((one.name for one in sets if one.exercise == exercise), plain(exercise))


def measured(text: str) -> str:
    """What a run measured, as it was kept ("168 steps/min"): number and unit each for itself."""
    value, _, unit = text.partition(" ")
    try:
        decimals = min(len(value.partition(".")[2]), 1)
        return phrase(_MEASURED[decimals], value=float(value), unit=unit)
    except ValueError:
        return text


def signed(kept: Kept, zone: tzinfo | None) -> list[str]:
    """Whether the session is over and signed, by whom and when."""
    lines = [STATES[kept.state]] if kept.state in STATES else []
    lines += [
        phrase("Signed by {who}, {when}. SHA-256 {digest}", who=who(s.by), when=moment(s.utc, zone), digest=s.sha256)
        for s in kept.signatures
    ]
    return lines if kept.signatures else [*lines, NOT_SIGNED]


def who(by: str) -> str:
    """Who corrected something."""
    return ROLES.get(by or COACH) or typed(by)


def pairs(values: Mapping[str, object]) -> str:
    """Names and values in one line."""
    return ", ".join(f"{name} = {_value(value)}" for name, value in sorted(values.items()))


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
