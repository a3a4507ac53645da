"""What is said in a set, and when: one cue at a time, the worst fault first, never the same thing over and over. Pure.

Safety > form > count > praise. A cue counts as said until whoever plays it says that it was lost (`note_lost`); then
it was not said: its fault may be named again at once, and is not praised. Where there is no sound, nothing is lost:
what is shown counts as said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from formcheck.core.feedback.fading import Fading
from formcheck.core.feedback.phrases import FLOW, PERSON_CHANGED, SETUP, UNSEEN, done_text, not_judged_cue, unseen_cue
from formcheck.core.rules.events import (
    Armed,
    AttemptEnded,
    Cue,
    CueKind,
    Event,
    FaultEnded,
    FaultStarted,
    HoldTicked,
    Paused,
    PersonChanged,
    PhaseChanged,
    ReachSuggested,
    RepCompleted,
    SetFinished,
    TimesDoubted,
    UnseenEnded,
    UnseenStarted,
)
from formcheck.core.rules.exercise import Exercise

SAME_FAULT_GAP_S = 8.0
"""Least seconds between two sayings of one fault: a correction needs a repetition or two to be tried [P]."""
FORM_GAP_S = 4.0
"""Least seconds between any two form cues: a sentence of 2-3 s, and a moment to do what it asks [P]."""
SPEAK_NOW = 2
"""Severity from which a cue does not wait for a turn-around."""
WAIT_MAX_S = 4.0
"""Seconds after which a cue that found no turn-around is stale: the moment that it is about is gone. A bout has no
turn-arounds: there a cue waits until the last one is long enough ago, as long as the fault goes on."""
PRAISE_GAP_S = 15.0
"""Least seconds between two praises: more would be noise [P]."""
SETUP_GAP_S = 10.0
"""Least seconds between two sayings of one setup cue; pauses and hidden parts can flicker."""
LATE_GAP_S = 60.0
"""Seconds before it is said again that it pauses because of the machine or its camera [P]: it may do so often."""
UNSEEN_GAP_S = 4.0
"""Seconds between two parts that can't be seen: a box that hides three of them is told of in three sentences."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    fault: str
    severity: int
    since_s: float
    is_again: bool = False
    """Whether it was given and lost: then it waits only as long as the fault goes on."""


@dataclass(frozen=True, slots=True)
class _Given:
    """A form cue that was given, and what to go back to when it is lost."""

    waiting: _Waiting
    said_s: float
    form_s: float


class Feedback:
    """Turns the events of one set into cues, and learns which of them were not heard.

    For example:

        feedback = Feedback(exercise)
        for cue in feedback.update(t, events):
            queue.offer(cue)
        for cue in queue.next_audio(now).lost:
            feedback.note_lost(cue)
    """

    def __init__(self, exercise: Exercise, fading: Fading | None = None) -> None:
        """Begin a set; `fading` is that of the session, all cues are spoken without one."""
        self._fading = fading or Fading()
        self._rules = {rule.name: rule for rule in exercise.all_faults}
        self._exercise = exercise
        bout = exercise.bout
        self._form_gap_s = FORM_GAP_S if bout is None else bout.cue_gap_s
        self._wait_max_s = WAIT_MAX_S if bout is None else math.inf
        self._speak_now = SPEAK_NOW if bout is None else 1
        self._t = 0.0
        self._waiting: list[_Waiting] = []
        self._going_on: set[str] = set()
        self._given: dict[str, _Given] = {}
        self._unseen: dict[str, str] = {}
        """Parts that can't be seen and were not told of yet, with the reason."""
        self._unseen_s = -math.inf
        self._back_reason = ""
        self._said: dict[str, float] = {}
        self._paused_s: dict[str, float] = {}
        """When a pause was last told, by its reason."""
        self._form_s = -math.inf
        self._praise_s = -math.inf
        self._to_correct: set[str] = set()

    def update(self, t: float, events: Sequence[Event], *, back_unknown: str = "") -> list[Cue]:
        """The cues of one picture, in the order in which they are to be heard; they are shown at once.

        Args:
            t: its time, seconds.
            events: what was found in it.
            back_unknown: why the back can't be judged, where that has lasted long enough to be told; said once a set.
        """
        self._t = t
        cues: list[Cue] = []
        for event in events:
            cues += self._from_event(event)
        if back_unknown:
            self._back_reason = back_unknown
            cues += self._about_back(t, back_unknown)
        is_turn = any(isinstance(e, (PhaseChanged, RepCompleted)) for e in events)
        form = self._form(t, is_turn)
        if any(isinstance(e, SetFinished) for e in events):
            return _as_ending(cues, form)
        return form + cues + self._about_unseen(t)

    def note_played(self, cue: Cue) -> None:
        """A cue is heard now: its gaps run from here."""
        if cue.name in self._given:
            self._said[self._given[cue.name].waiting.fault] = self._form_s = self._t
        elif cue.name in self._said:
            self._said[cue.name] = self._t

    def note_lost(self, cue: Cue) -> None:
        """A cue was not heard, or cut off: it counts as not said, and is said again while it is still true."""
        if cue.kind == "praise":
            self._praise_s = -math.inf
        given = self._given.pop(cue.name, None)
        if given is None:
            self._said.pop(cue.name, None)
            return
        fault = given.waiting.fault
        self._said[fault], self._form_s = given.said_s, given.form_s
        self._to_correct.discard(fault)
        self._fading.take_back(given.waiting.severity)
        if fault in self._going_on:
            self._waiting.append(replace(given.waiting, since_s=self._t, is_again=True))

    def _from_event(self, event: Event) -> list[Cue]:
        t = event.t_s
        if isinstance(event, RepCompleted):
            number = Cue(t, "count", f"count.{event.index}", str(event.index), "ding")
            return [number, *self._about_rep(event)]
        if isinstance(event, HoldTicked):
            return [Cue(t, "count", f"hold.{event.seconds}", str(event.seconds), "tick")]
        if isinstance(event, (FaultStarted, FaultEnded)):
            self._note_fault(event)
        if isinstance(event, AttemptEnded) and event.reason == "other-side":
            return self._once(t, "set.other-side", FLOW["set.other-side"])
        if isinstance(event, SetFinished):
            return [Cue(t, "setup", f"{self._exercise.name}.done", done_text(self._exercise)), *_tally(event)]
        if isinstance(event, ReachSuggested) and self._exercise.range_advice is not None:
            return [Cue(t, "setup", f"{self._exercise.name}.shorter-reach", self._exercise.range_advice.cue)]
        return self._about_setup(event)

    def _note_fault(self, event: FaultStarted | FaultEnded) -> None:
        is_start = isinstance(event, FaultStarted)
        ends_all = is_start or self._exercise.bout is not None
        self._waiting = [w for w in self._waiting if w.fault != event.name or not (ends_all or w.is_again)]
        if is_start:
            self._going_on.add(event.name)
            self._waiting.append(_Waiting(event.name, event.severity, event.t_s))
        else:
            self._going_on.discard(event.name)

    def _about_setup(self, event: Event) -> list[Cue]:
        if isinstance(event, Armed):
            return self._setup(event.t_s, "setup.armed", SETUP["setup.armed"])
        if isinstance(event, PersonChanged):
            self._to_correct.clear()
            name = "setup.who-lying" if self._exercise.posture == "supine" else "setup.who"
            return [Cue(event.t_s, "setup", name, SETUP[name], must_be_heard=True)]
        if isinstance(event, Paused):
            self._waiting.clear()
            self._going_on.clear()
            return self._about_pause(event)
        if isinstance(event, TimesDoubted):
            return self._once(event.t_s, "setup.times", SETUP["setup.times"])
        if isinstance(event, UnseenStarted) and event.part in UNSEEN:
            self._unseen[event.part] = event.reason
            self._back_reason = event.reason if event.part == "back" else self._back_reason
        if isinstance(event, UnseenEnded):
            self._unseen.pop(event.part, None)
        return []

    def _about_pause(self, event: Paused) -> list[Cue]:
        """That it pauses; of what is late or comes too slowly again and again, now and then."""
        if event.reason == PERSON_CHANGED:
            return []  # who it is was asked already
        told = {"late-poses": ("setup.paused-late", SETUP["setup.paused-late"]), "rate": unseen_cue("rate", "")}
        name, text = told.get(event.reason, ("setup.paused", SETUP["setup.paused"]))
        if event.reason in told and event.t_s - self._paused_s.get(event.reason, -math.inf) < LATE_GAP_S:
            return []
        self._paused_s[event.reason] = event.t_s
        return self._setup(event.t_s, name, text)

    def _about_back(self, t: float, reason: str) -> list[Cue]:
        """That the back can't be seen, once a set."""
        if any(name.startswith("unseen.back") for name in self._said):
            return []
        self._unseen.pop("back", None)
        return self._setup(t, *unseen_cue("back", reason))

    def _about_unseen(self, t: float) -> list[Cue]:
        """The next part that is still unseen, with its remedy: one sentence at a time."""
        if not self._unseen or t - self._unseen_s < UNSEEN_GAP_S:
            return []
        part = next(iter(self._unseen))
        name, text = unseen_cue(part, self._unseen.pop(part))
        if part == "body":
            self._unseen.clear()  # nobody is there: no part is worth a word
        elif name in self._said:
            return self._about_unseen(t)
        self._unseen_s = t
        return self._setup(t, name, text)

    def _setup(self, t: float, name: str, text: str) -> list[Cue]:
        last = self._said.get(name, -math.inf)
        if t - last < SETUP_GAP_S:
            return []
        self._said[name] = t
        return [Cue(t, "setup", name, text)]

    def _once(self, t: float, name: str, text: str) -> list[Cue]:
        """A sentence that is said at most once in a set."""
        return [] if name in self._said else self._setup(t, name, text)

    def _form(self, t: float, is_turn: bool) -> list[Cue]:
        """The worst waiting fault, if now is the moment."""
        self._waiting = [w for w in self._waiting if t - w.since_s <= self._wait_max_s]
        if t - self._form_s < self._form_gap_s:
            return []
        due = [
            w
            for w in self._waiting
            if (is_turn or w.severity >= self._speak_now) and t - self._said.get(w.fault, -math.inf) >= SAME_FAULT_GAP_S
        ]
        if not due:
            return []
        worst = max(due, key=lambda w: (w.severity, -w.since_s))
        self._waiting.remove(worst)
        given = _Given(worst, self._said.get(worst.fault, -math.inf), self._form_s)
        self._said[worst.fault] = self._form_s = t
        if not self._fading.speaks(worst.severity):
            return []
        self._to_correct.add(worst.fault)
        kind: CueKind = "safety" if worst.severity > SPEAK_NOW else "form"
        cue = Cue(t, kind, f"{self._exercise.name}.{worst.fault}", self._rules[worst.fault].cue)
        self._given[cue.name] = given
        return [cue]

    def _about_rep(self, rep: RepCompleted) -> list[Cue]:
        """What is said of a repetition beside its number."""
        if rep.verdict != "not-judged":
            return self._praise(rep)
        if any(name.startswith("rep.not-judged") for name in self._said):
            return []
        is_told = any(name.startswith("unseen.back") for name in self._said)
        return self._setup(rep.t_s, *not_judged_cue(rep.not_judged, "" if is_told else self._back_reason))

    def _praise(self, rep: RepCompleted) -> list[Cue]:
        """Praise when a fault that was spoken of was judged, and did not come back."""
        corrected = {
            fault
            for fault in self._to_correct
            if fault not in rep.faults
            and not set(self._rules[fault].parts) & set(rep.not_judged)
            and fault not in rep.why_not_judged
            and rep.start_s >= self._said.get(fault, math.inf)
        }
        self._to_correct -= corrected
        praised = [self._rules[fault] for fault in corrected if self._rules[fault].praise]
        if not praised or rep.t_s - self._praise_s < PRAISE_GAP_S:
            return []
        self._praise_s = rep.t_s
        best = max(praised, key=lambda rule: (rule.severity, rule.name))
        return [Cue(rep.t_s, "praise", f"{self._exercise.name}.{best.name}-praise", best.praise)]


KEPT = "\N{NO-BREAK SPACE}"
"""Between a number and what it counts: a line of the screen never ends there."""


def _tally(done: SetFinished) -> list[Cue]:
    """The repetitions by verdict, each number and what it is; all of them show the whole sentence."""
    faulty = done.reps - done.clean_reps - done.not_judged_reps
    parts = (
        (done.clean_reps, "clean", "clean"),
        (faulty, "faulty", "with a fault"),
        (done.not_judged_reps, "not-judged", "I could not judge"),
    )
    told = [part for part in parts if part[0]]
    text = " · ".join(f"{count} {words}".replace(" ", KEPT) for count, _, words in told)
    names = [name for count, verdict, _ in told for name in (f"tally.{count}", f"tally.{verdict}")]
    return [Cue(done.t_s, "setup", name, text) for name in names]


def _as_ending(cues: list[Cue], form: list[Cue]) -> list[Cue]:
    """The cues of the picture that ends a set, each to be heard: number, correction, what else there is, that it ends.

    No praise for the repetition itself: "well done" follows.
    """
    counts = [cue for cue in cues if cue.kind == "count"]
    rest = [cue for cue in cues if cue.kind not in ("count", "praise")]
    return [replace(cue, must_be_heard=True) for cue in (*counts, *form, *rest)]
