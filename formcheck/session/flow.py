"""The flow of a session as one declared state machine: which page follows which, and why.

Our own table rather than a library: fifty rows that read like a picture, with no callbacks, no hidden state, and a
drawing for the handbook that is made from the very same rows (`as_mermaid`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

State = Literal[
    "camera",
    "safety",
    "remember",
    "remember-plain",
    "pain-before",
    "rest-today",
    "set",
    "leave-set",
    "effort",
    "hurt",
    "why",
    "pain-after",
    "message",
    "summary",
    "report",
    "replay",
    "progress",
    "end",
]
"""What is on the screen: a page of its own each. `end` is no page: the session is over."""

Outcome = Literal[
    "ready", "gone", "read", "left", "skipped", "answered", "strong", "go-on", "stop", "done", "skip-set", "hurt",
    "leave", "stay", "broken", "again", "next", "last", "replay", "progress", "yes", "no", "plain", "idle",
]  # fmt: skip
"""Why a page is left."""

Row = tuple[State, Outcome, State]

PROGRAM: tuple[Row, ...] = (
    ("camera", "ready", "safety"),
    ("camera", "left", "end"),
    ("safety", "read", "remember"),
    ("safety", "left", "end"),
    ("remember", "yes", "pain-before"),
    ("remember", "no", "pain-before"),
    ("remember", "skipped", "pain-before"),
    ("remember", "plain", "remember-plain"),
    ("remember-plain", "yes", "pain-before"),
    ("remember-plain", "no", "pain-before"),
    ("remember-plain", "skipped", "pain-before"),
    ("pain-before", "answered", "set"),
    ("pain-before", "skipped", "set"),
    ("pain-before", "strong", "rest-today"),
    ("pain-before", "left", "end"),
    ("rest-today", "go-on", "set"),
    ("rest-today", "stop", "report"),
    ("set", "done", "effort"),
    ("set", "skip-set", "effort"),
    ("set", "hurt", "hurt"),
    ("set", "leave", "leave-set"),
    ("set", "stop", "why"),
    ("set", "gone", "report"),
    ("set", "broken", "message"),
    ("message", "left", "report"),
    ("leave-set", "stay", "set"),
    ("leave-set", "stop", "why"),
    ("leave-set", "hurt", "hurt"),
    ("effort", "next", "set"),
    ("effort", "last", "pain-after"),
    ("hurt", "go-on", "effort"),
    ("hurt", "stop", "pain-after"),
    ("why", "answered", "pain-after"),
    ("why", "skipped", "pain-after"),
    ("pain-after", "answered", "report"),
    ("pain-after", "strong", "report"),
    ("pain-after", "skipped", "report"),
    ("pain-after", "left", "report"),
    ("report", "replay", "replay"),
    ("report", "progress", "progress"),
    ("report", "left", "end"),
    ("replay", "left", "report"),
    ("progress", "left", "report"),
)
"""A whole program: safety, pain, sets with their rests and efforts, pain again, report."""

SINGLE: tuple[Row, ...] = (
    ("camera", "ready", "safety"),
    ("camera", "left", "end"),
    ("safety", "read", "remember"),
    ("safety", "left", "end"),
    ("remember", "yes", "set"),
    ("remember", "no", "set"),
    ("remember", "skipped", "set"),
    ("remember", "plain", "remember-plain"),
    ("remember-plain", "yes", "set"),
    ("remember-plain", "no", "set"),
    ("remember-plain", "skipped", "set"),
    ("set", "done", "summary"),
    ("set", "skip-set", "summary"),
    ("set", "hurt", "hurt"),
    ("set", "leave", "leave-set"),
    ("set", "stop", "summary"),
    ("set", "gone", "summary"),
    ("set", "broken", "message"),
    ("message", "left", "summary"),
    ("leave-set", "stay", "set"),
    ("leave-set", "stop", "summary"),
    ("leave-set", "hurt", "hurt"),
    ("hurt", "go-on", "summary"),
    ("hurt", "stop", "summary"),
    ("summary", "again", "set"),
    ("summary", "next", "set"),
    ("summary", "replay", "replay"),
    ("summary", "progress", "progress"),
    ("summary", "left", "end"),
    ("replay", "left", "summary"),
    ("progress", "left", "summary"),
)
"""One exercise: safety, the set, its summary, and again or the next one."""


class Flow:
    """Where a session is. `follow` goes on by the table; whatever is not in it is an error of the program."""

    def __init__(self, table: Iterable[Row], first: State = "camera") -> None:
        self.state: State = first
        self._table = {(state, outcome): after for state, outcome, after in table}

    def follow(self, outcome: Outcome) -> State:
        """Leave the state for that reason; an idle or closed page ends the session.

        Raises:
            ValueError: the table has no such row.
        """
        if outcome == "idle":
            self.state = self._table.get((self.state, "left"), "end")
            return self.state
        try:
            self.state = self._table[self.state, outcome]
        except KeyError as error:
            raise ValueError(f"The flow has no way from {self.state!r} by {outcome!r}.") from error
        return self.state


def as_mermaid(table: Iterable[tuple[str, str, str]], first: str = "camera") -> str:
    """A table as a Mermaid state diagram, for the handbook."""
    rows: dict[tuple[str, str], list[str]] = {}
    for state, outcome, after in table:
        rows.setdefault((state, after), []).append(outcome)

    def name(state: str) -> str:
        return "[*]" if state == "end" else state.replace("-", "_")

    lines = [f"    {name(a)} --> {name(b)}: {', '.join(why)}" for (a, b), why in rows.items()]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {name(first)}", *lines]) + "\n"
