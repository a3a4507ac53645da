"""The words on the screen, in English, and the door through which a translation comes.

`Words(translate)` takes a function such as `session.texts.translator` makes; every text that reaches the screen passes
through it once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from formcheck.core.body.pose import Side
from formcheck.core.coach.snapshot import Snapshot
from formcheck.core.feedback.phrases import HELP_NOTES, SAFETY_ASK, SAFETY_STOP, UNSEEN
from formcheck.core.text import counted, marked, phrase
from formcheck.screen.wording import BACK_GOOD, Wording
from formcheck.screen.work_view import Tally

__all__ = ["HELP_NOTES", "SAFETY_ASK", "SAFETY_STOP", "Translate", "Words"]

Translate = Callable[[str], str]

DEGREE, MINUS = "°", "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"

BACK_OPEN = marked("Relaxed")
"""At rest, where the movement is one of the back itself."""
BACK_ON_THE_WAY = marked("Not flat yet")
"""On the way of such a movement."""
BACK_UNSURE = marked("Back: not sure")
BACK_UNKNOWN = marked("Back: can't judge")
BACK_MOVED = marked("Back moved")

PAUSES = marked(
    {
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
)
"""Why it pauses, by the core's reason, and what to do."""
SLOW = marked(
    {
        "some": ("This computer is too slow", "Close other programs. I can't judge everything."),
        "all": ("This computer is too slow", "Close other programs. I can't count like this."),
        "camera": ("Too few pictures", "Turn on a light. I can't judge everything."),
        "camera-all": ("Too few pictures", "Turn on a light. I can't count like this."),
    }
)
"""What comes too slowly, and what to do."""
NOTHING = marked("Nothing was counted.")
NOTHING_ADVICE = marked("Hold the start position until you hear: begin.")
ALL_CLEAN = marked("No faults seen. Nicely controlled.")
NOT_ALL_JUDGED = marked("No faults seen where I could judge.")

SIDES: dict[Side, str] = marked({"left": "Left leg", "right": "Right leg"})

SAFETY_NOTE = marked(
    "FormCheck shows how you move. It does not diagnose or treat. Mild effort and a mild stretch are fine."
)

HELP_KEYS = marked(
    (
        ("Space", "Pause, and go on"),
        ("N", "Next exercise"),
        ("X", "It hurts: stop"),
        ("R", "Restart this set"),
        ("P", "Progress; A takes a proposal"),
        ("V", "Watch a set again"),
        ("0 to 9", "Answer a question; 1, 0 for ten"),
        ("T", "Ticks that lead the pace"),
        ("O", "Options: letters, captions, ticks, gentle"),
        ("B", "Read this page aloud"),
        ("C", "In the menu: choose the camera"),
        ("M", "Sound off, sound on"),
        ("L", "Language, in the menu"),
        ("+  -", "Louder, quieter"),
        ("F", "Full screen"),
        ("D", "Numbers for experts"),
        ("H", "This page"),
        ("Esc", "Back, end or quit; a set asks first"),
        ("Arrows, Enter", "Choose, and take"),
    )
)

KIOSK_HELP_KEYS = marked(
    (
        ("Space", "Pause, and go on"),
        ("N", "Next exercise"),
        ("X", "It hurts: stop"),
        ("R", "Restart this set"),
        ("V", "Watch a set again"),
        ("0 to 9", "Answer a question; 1, 0 for ten"),
        ("T", "Ticks that lead the pace"),
        ("O", "Options: letters, captions, ticks, gentle"),
        ("B", "Read this page aloud"),
        ("M", "Sound off, sound on"),
        ("+  -", "Louder, quieter"),
        ("H", "This page"),
        ("Esc", "Back, or end; a set asks first"),
        ("Arrows, Enter", "Choose, and take"),
    )
)
"""Those that a kiosk does not keep locked."""


class Words:
    """Texts for the screen, translated."""

    def __init__(self, translate: Translate = str) -> None:
        self._translate = translate

    def use(self, translate: Translate) -> None:
        """Speak another language from now on."""
        self._translate = translate

    def __call__(self, text: str, /, **values: Any) -> str:
        """A text in the person's language, with its values filled in (`core.text.phrase`); an empty one stays empty."""
        return self._translate(phrase(text, **values) if values else text) if text else ""

    def phase(self, snapshot: Snapshot) -> str:
        """The phase in plain words, with its side."""
        if snapshot.side is None or not snapshot.phase_text:
            return self(snapshot.phase_text)
        return self("{side}: {phase:lower}", side=SIDES[snapshot.side], phase=snapshot.phase_text)

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
        return self(UNSEEN.get(part) or phrase("I can't see your {part}.", part=part))

    def target(self, count: int, is_per_side: bool) -> str:
        """How many repetitions are asked for, e.g. "10 a side"."""
        return self("{n} a side", n=count) if is_per_side else str(count)

    def verdicts(self, tally: Tally) -> str:
        """Repetitions by verdict, e.g. "4 clean · 1 with a fault · 2 not judged"; what is none is left out."""
        parts = (
            counted(tally.clean, "{n} clean", "{n} clean"),
            counted(tally.faulty, "{n} with a fault", "{n} with a fault"),
            counted(tally.not_judged, "{n} not judged", "{n} not judged"),
        )
        return f"{NO_BREAK}· ".join(self(text).replace(" ", NO_BREAK) for text in parts if text.number)

    def band(self, low: float, high: float, unit: str = "") -> str:
        """What is usual for a quantity, e.g. "usual 160 to 190 steps/min"; empty where it has no band (NaN)."""
        is_low, is_high = math.isfinite(low), math.isfinite(high)
        if not (is_low or is_high):
            return ""
        if is_low and is_high:
            text = phrase("usual {low:g} to {high:g}", low=low, high=high)
        else:
            text = phrase("usual from {low:g}", low=low) if is_low else phrase("usual up to {high:g}", high=high)
        gap = "" if unit in ("", DEGREE) else " "
        return f"{self(text).replace('-', MINUS)}{gap}{self(unit)}"

    def seconds(self, text: str, left_s: float | None, **values: Any) -> str:
        """A sentence with the whole seconds that are left in place of `{n}`; empty where nothing is counted down."""
        return "" if left_s is None else self(text, n=math.ceil(max(0.0, left_s)), **values)
