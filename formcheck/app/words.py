"""The questions of a session in words, and what is said with them."""

from __future__ import annotations

from formcheck.core.feedback.phrases import MINUTES
from formcheck.core.text import counted, marked, phrase
from formcheck.screen import END_HINTS, ONLY_SKIP_HINTS, ChoiceView, ConfirmView, Option, ScaleView
from formcheck.session.program import Program
from formcheck.session.session_record import SessionRecord

ASKED_AGAIN = marked("Without an answer nothing is kept. Goes on in {n} s.")
ENDS = marked("Ends the session by itself in {n} s.")


def opening(program: Program) -> list[str]:
    """Names of what is said before a program: about how long it takes."""
    nearest = min(MINUTES, key=lambda n: abs(n - program.minutes))
    return [f"session.minutes-{nearest}"]


def program_in_words(program: Program) -> str:
    """The program in one sentence."""
    about = counted(program.minutes, "about {n} minute", "about {n} minutes")
    return phrase("{title}: {extent}, {about}.", title=program.title, extent=extent(program), about=about)


def extent(program: Program) -> str:
    """How much there is to do, e.g. "3 exercises in 5 sets"."""
    exercises = len({planned.exercise.name for planned in program.sets})
    return phrase(
        "{exercises} in {sets}",
        exercises=counted(exercises, "{n} exercise", "{n} exercises"),
        sets=counted(len(program.sets), "{n} set", "{n} sets"),
    )


def pain_view(note: str) -> ScaleView:
    """Pain now, 0 to 10 (NPRS)."""
    return ScaleView("How is your pain now?", note, low_word="No pain", high_word="Worst pain")


def effort_view(title: str) -> ScaleView:
    """Effort of the exercise that is over, 0 to 10 (CR10)."""
    return ScaleView(phrase("{title}: how hard was it?", title=title), low_word="No effort", high_word="Hardest")


def rest_today_view() -> ChoiceView:
    """After strong pain: rest, or go on gently."""
    return ChoiceView(
        "That is a lot of pain. Rest today, and ask your clinician.",
        (Option("end", "Stop for today", "and rest"), Option("go-on", "Go on", "gently")),
        auto_text=ENDS,
        hints=END_HINTS,
    )


def hurt_view(can_go_on: bool) -> ChoiceView:
    """After "it hurts"."""
    go_on = (Option("go-on", "Next exercise", "when it is calm"),) if can_go_on else ()
    return ChoiceView(
        "Stop. Rest until it is calm.",
        (Option("end", "End the session", "and rest"), *go_on),
        auto_text=ENDS,
        hints=END_HINTS,
    )


def leave_view(is_program: bool) -> ConfirmView:
    """Before a set is ended by Esc."""
    what = marked("End the session?" if is_program else "End this set?")
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
    return ChoiceView("Why do you stop?", options, "You need not say.", hints=ONLY_SKIP_HINTS)


def fewer_cues(time: int) -> str:
    """That fewer corrections are spoken, and why; `time` is the how manieth time of the exercise."""
    return phrase("Fewer cues today: you have done this {n} times.", n=time - 1)


def ended(session: SessionRecord) -> str:
    """How a session ended, in words after its title."""
    if any(record.outcome == "hurt" for record in session.sets) and not session.is_complete:
        return marked("stopped because it hurt")
    return marked("done" if session.is_complete else "stopped early")


def remember_view() -> ChoiceView:
    """Whether sessions are to be remembered; asked once."""
    options = (
        Option("yes", "Yes, remember", "numbers and stick figures, on this computer"),
        Option("no", "No", "nothing is kept"),
    )
    note = marked("Never a picture. You can change this in the menu, and delete everything.")
    return ChoiceView("Remember your sessions?", options, note, auto_text=ASKED_AGAIN, hints=ONLY_SKIP_HINTS)


def remember_plain_view() -> ChoiceView:
    """Whether they are to be kept without encryption, where this computer has no place for a key."""
    options = (
        Option("yes", "Keep them anyway", "whoever uses this computer could read them"),
        Option("no", "Don't keep them", "nothing is kept"),
    )
    note = marked(
        "This computer has no place for a key, so they would not be encrypted. Or use a passphrase: see the help."
    )
    return ChoiceView("Keep them without a lock?", options, note, auto_text=ASKED_AGAIN, hints=ONLY_SKIP_HINTS)
