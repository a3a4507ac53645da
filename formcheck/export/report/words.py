"""Numbers, times and verdicts in words, as the report has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo

from formcheck.core.rules.events import Verdict
from formcheck.export.codebook import COACH, with_offset
from formcheck.session.document import Kept, SetDocument
from formcheck.session.record import BreakOff, Outcome

UNKNOWN = "–"
VERDICTS: dict[Verdict, str] = {"clean": "clean", "faulty": "with a fault", "not-judged": "not judged"}
ENDED: dict[Outcome, str] = {
    "done": "done",
    "skipped": "skipped",
    "stopped": "stopped",
    "hurt": "stopped: it hurt",
    "restarted": "begun anew",
    "interrupted": "interrupted",
}
BROKEN_OFF: dict[BreakOff, str] = {
    "pain": "because of pain",
    "too-tired": "because they were too tired",
    "no-time": "for lack of time",
    "other": "for another reason",
}


def number(value: float | None, decimals: int = 0, unit: str = "") -> str:
    """A number with its unit, with a true minus; a dash where it is not known."""
    if value is None:
        return UNKNOWN
    text = f"{value:.{decimals}f}"
    text = text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")
    return f"{text}{'' if unit == '°' else ' '}{unit}" if unit else text


def share(value: float | None) -> str:
    """A share in per cent."""
    return number(None if value is None else 100 * value, 0, "%")


def times(count: int, one: str, many: str = "") -> str:
    """A count and its noun."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def repetition(index: int) -> str:
    """Which repetition; one that somebody added has a number of its own."""
    return f"repetition {index}" if index > 0 else f"added repetition {-index}"


def local(when: datetime | None, zone: tzinfo | None) -> datetime | None:
    """A time on the clock of that zone; None: of this machine."""
    known = with_offset(when)
    return known.astimezone(zone) if known else None


def moment(when: datetime | None, zone: tzinfo | None) -> str:
    """Day and time, with the offset."""
    at = local(when, zone)
    if at is None:
        return "at a time that is not known"
    offset = at.strftime("%z")
    return f"{at:%A} {at.day} {at:%B %Y}, {at:%H:%M} (UTC{offset[:3]}:{offset[3:5]})"


def day(when: datetime | None, zone: tzinfo | None) -> str:
    """Day, month and year."""
    at = local(when, zone)
    return f"{at.day} {at:%b %Y}" if at else UNKNOWN


def short_day(when: datetime | None, zone: tzinfo | None) -> str:
    """Day and month, for the foot of a chart."""
    at = local(when, zone)
    return f"{at.day} {at:%b}" if at else UNKNOWN


def pseudonym(person: str | None) -> str:
    """A person without a name; all of the pseudonym, since it is what can be looked up."""
    return f"Person {person}" if person else "Nobody was named."


def fault_name(sets: Iterable[SetDocument], name: str) -> str:
    """What a fault is called; its own name where nobody kept the words."""
    return next((one.fault_words[name].short for one in sets if name in one.fault_words), plain(name))


def plain(name: str) -> str:
    """A name of the record as words."""
    return name.replace("-", " ")


def signed(kept: Kept, zone: tzinfo | None) -> list[str]:
    """Whether the session is over and signed, by whom and when."""
    states = {
        "open": "This session is not over.",
        "interrupted": "It broke off without an end.",
        "amended": "It was corrected by an addendum after it was signed.",
    }
    lines = [states[kept.state]] if kept.state in states else []
    lines += [f"Signed by {s.by}, {moment(s.utc, zone)}. SHA-256 {s.sha256}" for s in kept.signatures]
    return lines if kept.signatures else [*lines, "Not signed."]


def who(by: str) -> str:
    """Who corrected something."""
    return by or COACH


def pairs(values: Mapping[str, object]) -> str:
    """Names and values in one line."""
    return ", ".join(f"{name} = {_value(value)}" for name, value in sorted(values.items()))


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
