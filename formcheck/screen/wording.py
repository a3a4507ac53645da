"""An exercise's own words for the screen, and the words for what did not count or was not judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from formcheck.core.body.back import Posture
from formcheck.core.rules.exercise import Exercise
from formcheck.core.text import listed, marked, phrase

BACK_GOOD: dict[Posture, str] = marked({"supine": "Back flat", "quadruped": "Back level", "upright": "Back good"})
"""Words when the back is right, by posture, where the exercise brings none."""

ATTEMPTS = marked(
    {
        "not-seen": "Could not see all of it",
        "other-exercise": "Another movement",
        "short-hold": "Held too briefly",
        "other-side": "The other leg's turn",
        "person-changed": "Another person",
        "picture-gap": "The picture stood still",
        "rate": "Too few pictures",
        "late-poses": "The computer was too slow",
        "left-position": "Left the position",
        "left-start-pose": "Left the position",
        "nobody": "Nobody in the picture",
        "both-sides": "Both sides at once",
        "recording-ended": "The set ended",
    }
)
"""Why a movement did not count, by the reason of `AttemptEnded`; a reason that is a fault has the fault's words."""


YOURS = marked(
    {
        "body": "your body",
        "head": "your head",
        "shoulders": "your shoulders",
        "arms": "your arms",
        "hips": "your hips",
        "knees": "your knees",
        "feet": "your feet",
        "back": "your back",
        "rate": "what is quick: too few pictures",
        "times": "times",
    }
)
"""What could not be judged; what is no part of the body comes last."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What the screen has to know of an exercise to speak of its back and its faults."""

    back_good: str = ""
    """Words when the back is right; empty takes those of the posture."""
    faults: Mapping[str, str] = field(default_factory=dict)
    """A fault's name, and its two or three words."""
    back_faults: frozenset[str] = frozenset()
    """Faults that the back's own place on the screen names."""
    is_of_outline: bool = False
    """Whether the back itself is what moves: the line of its trace is a goal then, not a limit."""

    @classmethod
    def of(cls, exercise: Exercise) -> Wording:
        """The words of an exercise."""
        return cls(
            back_good=exercise.back_good,
            faults={rule.name: rule.short for rule in exercise.all_faults},
            back_faults=frozenset(rule.name for rule in exercise.all_faults if "back" in rule.parts),
            is_of_outline=exercise.is_of_outline,
        )

    def fault(self, name: str) -> str:
        """A fault in two or three words; its own name made readable where the exercise brings none."""
        return self.faults.get(name, "") or name.replace("-", " ").capitalize()

    def attempt(self, reason: str) -> str:
        """Why a movement did not count, in a few words."""
        return ATTEMPTS.get(reason) or self.fault(reason)


def withdrawn_text(indices: tuple[int, ...]) -> str:
    """What the screen says when the coach takes back what it said of the back, e.g. "1, 2: your back was misread"."""
    return phrase("{numbers}: your back was misread", numbers=", ".join(map(str, indices)))


def not_judged_text(index: int, parts: tuple[str, ...]) -> str:
    """What the screen says when a repetition could not be judged, e.g. "3: could not judge your back"."""
    names = [text for part, text in YOURS.items() if part in parts]
    if not names:
        return phrase("{n}: could not judge all of it", n=index)
    return phrase("{n}: could not judge {parts}", n=index, parts=listed(names))
