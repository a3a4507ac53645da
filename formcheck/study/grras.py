"""What a report of agreement should say (GRRAS, Kottner et al. 2011), and which of it the kit knows by itself."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.study.ratings import Ratings

ITEMS: tuple[str, ...] = (
    "Title or abstract says that agreement or reliability was studied.",
    "The device is named and described.",
    "The people who were judged.",
    "The raters.",
    "What is known already, and why the study was made.",
    "How the number of raters, people and repeats was chosen.",
    "How people and raters were found.",
    "How it was rated: time between, what raters knew, blinding.",
    "Whether ratings were independent.",
    "How it was computed.",
    "How many raters, people and repeats there really were.",
    "Who raters and people are: training, experience, age, complaints.",
    "Agreement and reliability, each with its uncertainty.",
    "What it means in practice.",
    "Detailed results, if possible.",
)
"""The 15 items, in short."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item: what the kit can say to it, or that it is open."""

    number: int
    text: str
    answer: str = ""
    left: str = ""
    """What whoever writes the paper still has to say to it."""


def items(ratings: Ratings, repeats: int) -> list[Item]:
    """All items."""
    key = ratings.key
    persons = len({clip.person for clip in key.clips})
    known = {
        2: (
            f"FormCheck {key.app}, by pose streams and videos of one camera.",
            "Camera, place, settings of the clinic.",
        ),
        6: (
            "",
            f"Planned were {len(key.sheets)} raters, {len(key.clips)} clips, {key.repeats} of them twice: say why.",
        ),
        8: (
            "Each rater had a form of their own, in a random order of its own, without source, person and the coach's "
            "answer; repeats were not marked.",
            "Time between first and second showing; what raters knew of the people.",
        ),
        9: ("Raters worked with separate forms.", "That they did not speak about it."),
        10: ("See “How it was computed”.", ""),
        11: (f"{len(ratings.raters)} raters, {len(key.clips)} clips of {persons} people, {repeats} repeats rated.", ""),
        13: ("See the tables.", ""),
        15: ("The key and the ratings, by their hashes below.", "Where they can be asked for."),
    }
    return [Item(n, text, *known.get(n, ("", "To be written."))) for n, text in enumerate(ITEMS, 1)]
