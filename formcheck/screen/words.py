"""The words on the screen, in English, and the door through which a translation comes.

`Words(translate)` takes gettext's function; every text that reaches the screen passes through it once.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from formcheck.core.body.pose import Side
from formcheck.core.coach.snapshot import Snapshot
from formcheck.core.feedback.phrases import HELP_NOTES, SAFETY_ASK, SAFETY_STOP, UNSEEN
from formcheck.screen.wording import BACK_GOOD, Wording
from formcheck.screen.work_view import Tally

__all__ = ["HELP_NOTES", "SAFETY_ASK", "SAFETY_STOP", "Translate", "Words"]

Translate = Callable[[str], str]

DEGREE = "°"
NO_BREAK = "\N{NO-BREAK SPACE}"

BACK_OPEN = "Relaxed"
"""At rest, where the movement is one of the back itself."""
BACK_ON_THE_WAY = "Not flat yet"
"""On the way of such a movement."""
BACK_UNSURE = "Back: not sure"
BACK_UNKNOWN = "Back: can't judge"
BACK_MOVED = "Back moved"

PAUSES = {
    "held": "Press Space to go on.",
    "left-position": "You left the position. Take it again to go on.",
    "left-start-pose": "You were away for a while. Take the start position to go on.",
    "nobody": "Nobody was in the picture. Take the start position to go on.",
    "both-sides": "Both sides moved at once. Take the start position to go on.",
    "rate": "Too few pictures come to count. Turn on a light, close other programs.",
    "person-changed": "Somebody else is here. Who is exercising? Take the start position and hold still.",
    "picture-gap": "The picture stood still. Take the start position to go on.",
    "late-poses": "This computer was too slow for a moment. Take the start position to go on.",
}
"""Why it pauses, by the core's reason, and what to do."""
SLOW = {
    "some": ("This computer is too slow", "Close other programs. I can't judge everything."),
    "all": ("This computer is too slow", "Close other programs. I can't count like this."),
    "camera": ("Too few pictures", "Turn on a light. I can't judge everything."),
    "camera-all": ("Too few pictures", "Turn on a light. I can't count like this."),
}
"""What comes too slowly, and what to do."""
NOTHING = "Nothing was counted."
NOTHING_ADVICE = "Hold the start position until you hear: begin."
ALL_CLEAN = "No faults seen. Nicely controlled."
NOT_ALL_JUDGED = "No faults seen where I could judge."

SIDES: dict[Side, str] = {"left": "Left leg", "right": "Right leg"}

SAFETY_NOTE = "FormCheck shows how you move. It does not diagnose or treat. Mild effort and a mild stretch are fine."

HELP_KEYS = (
    ("Space", "Pause, and go on"),
    ("N", "Next exercise"),
    ("X", "It hurts: stop"),
    ("R", "Restart this set"),
    ("P", "Progress; A takes a proposal"),
    ("V", "Watch a set again"),
    ("0 to 9", "Answer a question; 1, 0 for ten"),
    ("T", "Ticks that lead the pace"),
    ("O", "Options: letters, captions, ticks, gentle"),
    ("L", "Read this page aloud"),
    ("C", "In the menu: choose the camera"),
    ("M", "Sound off, sound on"),
    ("+  -", "Louder, quieter"),
    ("F", "Full screen"),
    ("D", "Numbers for experts"),
    ("H", "This page"),
    ("Esc", "Back, end or quit; a set asks first"),
    ("Arrows, Enter", "Choose, and take"),
)


def _same(text: str) -> str:
    return text


class Words:
    """Texts for the screen, translated."""

    def __init__(self, translate: Translate = _same) -> None:
        self._translate = translate

    def __call__(self, text: str) -> str:
        """A text in the person's language; an empty one stays empty (gettext would return its header)."""
        return self._translate(text) if text else ""

    def phase(self, snapshot: Snapshot) -> str:
        """The phase in plain words, with its side."""
        text = self(snapshot.phase_text)
        if snapshot.side is None or not text:
            return text
        return f"{self(SIDES[snapshot.side])}: {text[0].lower()}{text[1:]}"

    def fault(self, name: str, wording: Wording) -> str:
        """A fault in a few words."""
        return self(wording.fault(name))

    def back(self, snapshot: Snapshot, wording: Wording) -> str:
        """The state of the back in a few words."""
        if snapshot.back == "good":
            return self(wording.back_good or BACK_GOOD[snapshot.posture])
        if snapshot.back == "open":
            return self(BACK_OPEN if snapshot.phase == "rest" else BACK_ON_THE_WAY)
        if snapshot.back == "fault":
            named = [fault.name for fault in snapshot.faults if fault.name in wording.back_faults]
            return self.fault(named[0], wording) if named else self(BACK_MOVED)
        return self(BACK_UNSURE if snapshot.back == "unsure" else BACK_UNKNOWN)

    def pause(self, reason: str) -> str:
        """Why it pauses, and what to do."""
        return self(PAUSES.get(reason, reason))

    def unseen(self, part: str) -> str:
        """A sentence for a body part that can't be seen."""
        return self(UNSEEN.get(part, f"I can't see your {part}."))

    def target(self, count: int, is_per_side: bool) -> str:
        """How many repetitions are asked for, e.g. "10 a side"."""
        return self("{n} a side" if is_per_side else "{n}").format(n=count)

    def verdicts(self, tally: Tally) -> str:
        """Repetitions by verdict, e.g. "4 clean · 1 with a fault · 2 not judged"; what is none is left out."""
        parts = ((tally.clean, "{n} clean"), (tally.faulty, "{n} with a fault"), (tally.not_judged, "{n} not judged"))
        return f"{NO_BREAK}· ".join(self(text).format(n=n).replace(" ", NO_BREAK) for n, text in parts if n)

    def band(self, low: float, high: float, unit: str = "") -> str:
        """What is usual for a quantity, e.g. "usual 160 to 190 steps/min"; empty where it has no band (NaN)."""
        is_low, is_high = math.isfinite(low), math.isfinite(high)
        if not (is_low or is_high):
            return ""
        text = "usual {low} to {high}" if is_low and is_high else "usual from {low}" if is_low else "usual up to {high}"
        ends = self(text).format(low=f"{low:g}", high=f"{high:g}").replace("-", "\N{MINUS SIGN}")
        return f"{ends}{'' if unit in ('', DEGREE) else ' '}{self(unit)}"

    def seconds(self, text: str, left_s: float | None) -> str:
        """A sentence with the whole seconds that are left in place of `{n}`; empty where nothing is counted down."""
        return "" if left_s is None else self(text).format(n=math.ceil(max(0.0, left_s)))
