"""Outcome forms: what a patient answers about pain and what they can do, and how it is scored. Pure.

| form | asks | score |
|---|---|---|
| `nprs` | pain, one number | 0 (none) to 10 |
| `rmdq` | 24 sentences that are ticked or not | how many are ticked |
| `psfs` | one to five activities of one's own, a number each | their mean, 0 (unable) to 10 |

Sources: numeric pain rating scale, LOINC 72514-3; Roland and Morris, Spine 1983; 8: 141-144; Stratford and others,
Physiotherapy Canada 1995; 47: 258-263.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import fmean
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from formcheck.system.errors import FormcheckError

FormName = Literal["nprs", "rmdq", "psfs"]
FORMS: tuple[FormName, ...] = get_args(FormName)
SCALE_MAX = 10
ACTIVITIES_MAX = 5
ACTIVITY_MAX = 100
"""Letters of an activity."""

RMDQ = (
    "I stay at home most of the time because of my back.",
    "I change position frequently to try and get my back comfortable.",
    "I walk more slowly than usual because of my back.",
    "Because of my back I am not doing any of the jobs that I usually do around the house.",
    "Because of my back, I use a handrail to get upstairs.",
    "Because of my back, I lie down to rest more often.",
    "Because of my back, I have to hold on to something to get out of an easy chair.",
    "Because of my back, I try to get other people to do things for me.",
    "I get dressed more slowly than usual because of my back.",
    "I only stand for short periods of time because of my back.",
    "Because of my back, I try not to bend or kneel down.",
    "I find it difficult to get out of a chair because of my back.",
    "My back is painful almost all the time.",
    "I find it difficult to turn over in bed because of my back.",
    "My appetite is not very good because of my back pain.",
    "I have trouble putting on my socks (or stockings) because of the pain in my back.",
    "I only walk short distances because of my back.",
    "I sleep less well because of my back.",
    "Because of my back pain, I get dressed with help from someone else.",
    "I sit down for most of the day because of my back.",
    "I avoid heavy jobs around the house because of my back.",
    "Because of my back pain, I am more irritable and bad tempered with people than usual.",
    "Because of my back, I go upstairs more slowly than usual.",
    "I stay in bed most of the time because of my back.",
)
"""Word by word as its authors give it out; "then" in the ninth, a misprint there, is "than" here. When used in this
form no permission is required (Roland and Fairbank, Spine 2000; 25: 3115-3124)."""


class OutcomeError(FormcheckError):
    """A form is not filled in so that it can be scored; the sentence says what is missing."""


class Answered(BaseModel):
    """One form that somebody has answered."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    id: str
    person: str
    """Pseudonym."""
    form: FormName
    utc: datetime
    """When it was entered."""
    by: str
    """Role and account, never a name."""
    answers: tuple[int, ...]
    """NPRS: the number. RMDQ: 24 times 1 (ticked) or 0. PSFS: a number for each activity."""
    activities: tuple[str, ...] = ()
    """PSFS: what they are, in the patient's words."""
    withdrawn: str = ""
    """Why it does not stand, where somebody has said so; it stays on record."""

    @property
    def score(self) -> float:
        """What it comes to."""
        return score_of(self.form, self.answers)

    @property
    def most(self) -> int:
        """The highest score that its form has."""
        return len(RMDQ) if self.form == "rmdq" else SCALE_MAX


def score_of(form: FormName, answers: Sequence[int]) -> float:
    """The score of a form that was checked."""
    return fmean(answers) if form == "psfs" else float(sum(answers))


def checked(form: FormName, fields: Mapping[str, str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The answers and activities out of a form's fields.

    Args:
        form: which form.
        fields: NPRS: `pain`. RMDQ: `item-1` … `item-24` (`on`), and `whole` (`on`): all of them were gone through, so
            that none ticked means none, and not that nobody asked. PSFS: `activity-1`, `rating-1` … up to 5.

    Raises:
        OutcomeError: it can't be scored.
    """
    if form == "nprs":
        return (_number(fields.get("pain", ""), "Choose a number from 0 to 10 for the pain."),), ()
    if form == "rmdq":
        if fields.get("whole") != "on":
            raise OutcomeError("Say that all 24 sentences were gone through; one that is not ticked counts as no.")
        return tuple(int(fields.get(f"item-{n}") == "on") for n in range(1, len(RMDQ) + 1)), ()
    return _psfs(fields)


def _psfs(fields: Mapping[str, str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    answers, activities = [], []
    for n in range(1, ACTIVITIES_MAX + 1):
        activity, rating = fields.get(f"activity-{n}", "").strip(), fields.get(f"rating-{n}", "").strip()
        if not activity and not rating:
            continue
        if not activity or len(activity) > ACTIVITY_MAX:
            raise OutcomeError(f"Name activity {n} in {ACTIVITY_MAX} letters or fewer.")
        answers.append(_number(rating, f"Choose a number from 0 to 10 for activity {n}."))
        activities.append(activity)
    if not answers:
        raise OutcomeError("Name at least one activity, with a number from 0 to 10.")
    return tuple(answers), tuple(activities)


def _number(text: str, otherwise: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 3 and int(text) <= SCALE_MAX):
        raise OutcomeError(otherwise)
    return int(text)
