"""What is said in a set, and when: one cue at a time, the worst fault first, never the same thing over and over. Pure.

Safety > form > count > praise. A cue counts as said until whoever plays it says that it was lost (`note_lost`); then
it was not said: its fault may be named again at once, and is not praised. Where there is no sound, nothing is lost:
what is shown counts as said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from formcheck.core.feedback.closing import Closing
from formcheck.core.feedback.corrections import Corrections
from formcheck.core.feedback.fading import Fading
from formcheck.core.feedback.phrases import (
    FLOW,
    PERSON_CHANGED,
    SETUP,
    UNSEEN,
    UNSEEN_SAID,
    not_judged_cue,
    unseen_cue,
)
from formcheck.core.rules.events import (
    Armed,
    AttemptEnded,
    Cue,
    Event,
    FaultEnded,
    FaultStarted,
    HeldShort,
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

SETUP_GAP_S = 10.0
"""Least seconds between two sayings of one setup cue; pauses and hidden parts can flicker."""
LATE_GAP_S = 60.0
"""Seconds before it is said again that it pauses because of the machine or its camera [P]: it may do so often."""
COUNTED_S = 10.0
"""Seconds of a hold up to which each of them is said [P], and nothing that can wait is said over them; in a stretch
that lasts longer there is time for both."""
FIRST_LAST, EVERY = 3, 5
"""Of the seconds of a long hold the first and the last so many are said, and between them every fifth [P]; all tick."""
BEFORE_START = ("setup.start-pose", "setup.paused", "setup.paused-late")
"""What is not true any more once somebody has taken the start pose."""
UNSEEN_GAP_S = 4.0
"""Seconds between two parts that can't be seen: a box that hides three of them is told of in three sentences."""


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
        self._exercise = exercise
        self._corrections = Corrections(exercise, fading or Fading())
        self._closing = Closing(exercise)
        self.untrue: tuple[str, ...] = ()
        """Names of cues of before that are no longer true since the last picture: whoever has not said them yet drops
        them, and tells that they were lost."""
        self.taken_back = 0
        """Repetitions that somebody has taken back: the count that is said is lower by so many."""
        self._t = 0.0
        self._phase = "rest"
        self._unseen: dict[str, str] = {}
        """Parts that can't be seen and were not told of yet, with the reason."""
        self._unseen_s = -math.inf
        self._back_reason = ""
        self._said: dict[str, float] = {}
        self._paused_s: dict[str, float] = {}
        """When a pause was last told, by its reason."""

    def update(self, t: float, events: Sequence[Event], *, back_unknown: str = "") -> list[Cue]:
        """The cues of one picture, in the order in which they are to be heard; they are shown at once.

        Args:
            t: its time, seconds.
            events: what was found in it.
            back_unknown: why the back can't be judged, where that has lasted long enough to be told; said once a set.
        """
        self._t, self.untrue = t, ()
        cues: list[Cue] = []
        for event in events:
            cues += self._from_event(event)
        done = next((event for event in events if isinstance(event, SetFinished)), None)
        if done is not None:
            return self._ending(done, cues, events)
        if back_unknown:
            self._back_reason = back_unknown
            cues += self._about_back(t, back_unknown)
        is_turn = any(isinstance(e, (PhaseChanged, RepCompleted)) for e in events)
        is_moment = is_turn or (self._phase == "end-range" and self._is_long)
        return self._corrections.due(t, is_moment=is_moment) + cues + self._about_unseen(t)

    def note_played(self, cue: Cue) -> None:
        """A cue is heard now: its gaps run from here."""
        if not self._corrections.played(cue, self._t) and cue.name in self._said:
            self._said[cue.name] = self._t

    def note_lost(self, cue: Cue) -> None:
        """A cue was not heard, or cut off: it counts as not said, and is said again while it is still true."""
        if not self._corrections.lost(cue, self._t):
            self._said.pop(cue.name, None)

    def _from_event(self, event: Event) -> list[Cue]:
        t = event.t_s
        if isinstance(event, RepCompleted):
            self._closing.note(event)
            count = max(0, event.index - self.taken_back)
            number = Cue(t, "count", f"count.{count}", str(count), "ding")
            return [number, *self._about_rep(event)]
        if isinstance(event, HoldTicked):
            second, is_spoken = event.seconds, _is_said(event.seconds, event.target_s)
            return [Cue(t, "count", f"hold.{second}", str(second), "tick", is_spoken=is_spoken)]
        if isinstance(event, (FaultStarted, FaultEnded, HeldShort)):
            self.untrue += self._corrections.note(event)
        if isinstance(event, PhaseChanged):
            self._change_phase(event.phase)
        if isinstance(event, AttemptEnded) and event.reason == "other-side":
            return self._once(t, "set.other-side", FLOW["set.other-side"])
        return self._about_setup(event)

    def _change_phase(self, phase: str) -> None:
        self._phase = phase
        self.untrue += self._corrections.end_shortfall()
        if phase == "outbound":
            self._corrections.begin_rep()
            self.untrue += ("setup.armed",)

    def _ending(self, done: SetFinished, cues: list[Cue], events: Sequence[Event]) -> list[Cue]:
        """The cues of the picture that ends a set, each to be heard: the number, and the last words. What was wrong or
        right in the last repetition is among those, if it is the one thing."""
        self.untrue += self._corrections.forget()
        numbers = [replace(cue, must_be_heard=True) for cue in cues if cue.kind == "count"]
        suggested = next((event for event in events if isinstance(event, ReachSuggested)), None)
        return [*numbers, *self._closing.words(done, suggested)]

    def _about_setup(self, event: Event) -> list[Cue]:
        if isinstance(event, Armed):
            self.untrue += BEFORE_START
            return self._setup(event.t_s, "setup.armed", SETUP["setup.armed"])
        if isinstance(event, PersonChanged):
            self.untrue += self._corrections.forget(is_other_person=True)
            name = "setup.who-lying" if self._exercise.posture == "supine" else "setup.who"
            return [Cue(event.t_s, "setup", name, SETUP[name], must_be_heard=True)]
        if isinstance(event, Paused):
            self.untrue += self._corrections.forget()
            return self._about_pause(event)
        if isinstance(event, TimesDoubted):
            return self._once(event.t_s, "setup.times", SETUP["setup.times"])
        if isinstance(event, UnseenStarted) and event.part in UNSEEN:
            self._unseen[event.part] = event.reason
            self._back_reason = event.reason if event.part == "back" else self._back_reason
        if isinstance(event, UnseenEnded):
            self._unseen.pop(event.part, None)
            self.untrue += tuple(name for name in UNSEEN_SAID if name.partition("-")[0] == f"unseen.{event.part}")
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
        """That the back can't be seen, once a set, and not over the numbers of a hold."""
        if not self._may_tell_back:
            return []
        self._unseen.pop("back", None)
        return self._setup(t, *unseen_cue("back", reason))

    @property
    def _is_long(self) -> bool:
        return self._exercise.hold_s() > COUNTED_S

    @property
    def _may_tell_back(self) -> bool:
        is_told = any(name.startswith(("unseen.back", "rep.not-judged-back")) for name in self._said)
        return not is_told and (self._phase == "rest" or self._is_long or self._exercise.bout is not None)

    def _about_unseen(self, t: float) -> list[Cue]:
        """The next part that is still unseen, with its remedy: one sentence at a time."""
        if t - self._unseen_s < UNSEEN_GAP_S:
            return []
        part = next((part for part in self._unseen if part != "back" or self._may_tell_back), "")
        if not part:
            return []
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

    def _about_rep(self, rep: RepCompleted) -> list[Cue]:
        """What is said of a repetition beside its number."""
        if rep.verdict != "not-judged":
            return self._corrections.praise(rep)
        if any(name.startswith("rep.not-judged") for name in self._said):
            return []
        is_told = any(name.startswith("unseen.back") for name in self._said)
        return self._setup(rep.t_s, *not_judged_cue(rep.not_judged, "" if is_told else self._back_reason))


def _is_said(number: int, target_s: float) -> bool:
    """Whether a second of a hold is said aloud."""
    is_end = number <= FIRST_LAST or number > target_s - FIRST_LAST
    return target_s <= COUNTED_S or is_end or number % EVERY == 0
