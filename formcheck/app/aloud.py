"""Which lines of a page can be read aloud: those for which there is a spoken text, in the order in which they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from formcheck.core.feedback.phrases import FLOW, HELP_NOTES, PAGES, SAFETY_ASK, SAFETY_STOP, SETUP
from formcheck.screen import CamerasView, HelpView, MenuView, MessageView, OptionsView, SafetyView, SummaryView, View
from formcheck.session.texts import catalogue

LINES_MAX = 16
"""Lines of a page that are read: nobody minds more."""
UNREAD = frozenset({"name", "hints", "debug", "image", "pose", "back", "cycle", "panes", "wording", "snapshot"})
"""Fields that hold no line of the page."""
ASKED = {
    "How is your pain now?": "session.pain",
    "how hard was it?": "session.effort",
    "Remember your sessions?": "memory.ask",
    "Keep them without a lock?": "memory.ask-plain",
    "Why do you stop?": "session.why",
    "End this set?": "session.end-set",
    "End the session?": "session.end-set",
    "That is a lot of pain. Rest today, and ask your clinician.": "pain.rest-today",
    "Hold your phone's camera to this.": "kiosk.take-along",
}
"""Questions that are asked in other words aloud, by the end of what is shown."""


def lines_of(view: View) -> list[tuple[str, str]]:
    """What is read of a page: names of cues and their texts."""
    found: list[tuple[str, str]] = []
    for text in _texts(view):
        line = _line(text)
        if line is not None and line not in found[-1:]:
            found.append(line)
    return found[:LINES_MAX]


def _texts(view: View) -> Iterator[str]:
    """The texts of a view in their order; those that the screen adds by itself first."""
    if isinstance(view, (SafetyView, HelpView, CamerasView)):
        yield from _written(view)
    elif isinstance(view, MenuView):
        yield PAGES["page.menu"]
        yield from (card.title for card in view.cards)
    elif isinstance(view, OptionsView):
        for switch in view.switches:
            yield from (switch.title, switch.value)
    elif isinstance(view, SummaryView):
        yield from _tally(view)
    else:
        yield from _strings(view)
        if isinstance(view, MessageView) and view.is_error:
            yield SETUP["setup.camera-missing"]


def _written(view: SafetyView | HelpView | CamerasView) -> Iterator[str]:
    """What the screen itself writes on a page."""
    if isinstance(view, SafetyView):
        yield from (
            PAGES["page.safety"],
            PAGES["page.safety-ask"],
            *SAFETY_ASK,
            PAGES["page.safety-stop"],
            *SAFETY_STOP,
        )
    elif isinstance(view, HelpView):
        yield from HELP_NOTES
    else:
        yield from (PAGES["page.cameras"], view.note)


def _tally(view: SummaryView) -> Iterator[str]:
    yield view.title
    counts = ((view.tally.clean, "clean"), (view.tally.faulty, "faulty"), (view.tally.not_judged, "not-judged"))
    for count, verdict in counts:
        if count:
            yield from (str(count), FLOW[f"tally.{verdict}"])
    yield from (view.cue, *(text for pair in view.unjudged for text in pair))


def _strings(part: Any) -> Iterator[str]:
    """Every text in a view, as deep as it goes."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for inner in part:
            yield from _strings(inner)
    elif is_dataclass(part):
        for item in fields(part):
            if item.name not in UNREAD:
                yield from _strings(getattr(part, item.name))


def _line(text: str) -> tuple[str, str] | None:
    for shown, name in ASKED.items():
        if text.endswith(shown):
            return name, catalogue()[name]
    name = _names().get(text.rstrip("."), "")
    return (name, catalogue()[name]) if name else None


@cache
def _names() -> dict[str, str]:
    """Names of the cues by what they say."""
    return {text.rstrip("."): name for name, text in reversed(catalogue().items())}
