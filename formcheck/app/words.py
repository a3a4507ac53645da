"""The questions of a session in words, and what is said with them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from formcheck.app.set_page import Plan
from formcheck.core.feedback.phrases import MINUTES
from formcheck.screen import ChoiceView, ConfirmView, Option, ScaleView
from formcheck.session.record import SessionRecord

ENDS = "Ends the session by itself in {n} s."


def minutes_of(plans: Sequence[Plan]) -> int:
    """Whole minutes that the plans take, rests included; the one number that menu, page and voice use."""
    return math.ceil(sum(p.planned.length_s + p.planned.rest_s for p in plans if p.planned is not None) / 60)


def opening(plans: Sequence[Plan]) -> list[str]:
    """Names of what is said before a program: about how long it takes."""
    nearest = min(MINUTES, key=lambda n: abs(n - minutes_of(plans)))
    return [f"session.minutes-{nearest}"]


def plan_in_words(plans: Sequence[Plan]) -> str:
    """The program in one sentence."""
    count = len({plan.exercise.name for plan in plans})
    return f"{count} exercises in {len(plans)} sets, about {minutes_of(plans)} minutes."


def pain_view(note: str) -> ScaleView:
    """Pain now, 0 to 10 (NPRS)."""
    return ScaleView("How is your pain now?", note, low_word="No pain", high_word="Worst pain")


def effort_view(title: str) -> ScaleView:
    """Effort of the exercise that is over, 0 to 10 (CR10)."""
    return ScaleView(f"{title}: how hard was it?", low_word="No effort", high_word="Hardest")


def rest_today_view() -> ChoiceView:
    """After strong pain: rest, or go on gently."""
    return ChoiceView(
        "That is a lot of pain. Rest today, and ask your clinician.",
        (Option("end", "Stop for today", "and rest"), Option("go-on", "Go on", "gently")),
        auto_text=ENDS,
    )


def hurt_view(can_go_on: bool) -> ChoiceView:
    """After "it hurts"."""
    go_on = (Option("go-on", "Next exercise", "when it is calm"),) if can_go_on else ()
    return ChoiceView(
        "Stop. Rest until it is calm.",
        (Option("end", "End the session", "and rest"), *go_on),
        auto_text=ENDS,
    )


def leave_view(is_program: bool) -> ConfirmView:
    """Before a set is ended by Esc."""
    what = "End the session?" if is_program else "End this set?"
    yes = Option("yes", "End it", "what was done is kept")
    return ConfirmView(what, yes, Option("no", "Go on"), auto_text="Goes on by itself in {n} s.")


def why_view() -> ChoiceView:
    """Why somebody breaks off; not answering is fine."""
    options = (
        Option("pain", "Pain"),
        Option("too-tired", "Too tired"),
        Option("no-time", "No time"),
        Option("other", "Other"),
    )
    return ChoiceView("Why do you stop?", options, "You need not say.")


def ended(session: SessionRecord) -> str:
    """How a session ended, in words after its title."""
    if any(record.outcome == "hurt" for record in session.sets) and not session.is_complete:
        return "stopped because it hurt"
    return "done" if session.is_complete else "stopped early"
