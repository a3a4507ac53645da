"""One set's chain: what was seen in a picture goes to the set, what the set found goes to the observers.

Live and recorded sets run through the very same steps: `start`, `step` for every picture, `finish`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from formcheck.core.body.light import Light
from formcheck.core.body.tracked import Tracked
from formcheck.core.rules.events import Cue
from formcheck.core.setup.diagnosis import SetupDiagnosis
from formcheck.pipeline.observers import Observer, Observers, Started
from formcheck.session.record import BreakOff, Outcome, SetRecord
from formcheck.session.set import Set, Update

if TYPE_CHECKING:  # a recorded pose stream is judged without loading the tracker
    from formcheck.pose import Picturelike


class Chain:
    """A set, its record and its observers."""

    def __init__(self, current: Set, record: SetRecord, observers: Iterable[Observer] = ()) -> None:
        self.set = current
        self.record = record
        self.observers = Observers(observers)
        self.is_finished = False
        self._diagnosis = SetupDiagnosis(current.exercise)

    def start(self, source: dict[str, Any] | None = None, frame_count: int | None = None) -> None:
        """Tell the observers that the set begins."""
        current = self.set
        about = source if source is not None else {}
        self.observers.on_start(Started(current.set_id, current.exercise, about, frame_count, current.snapshot))

    def step(self, frame: Picturelike | None, tracked: Tracked, light: Light | None = None) -> Update:
        """One picture."""
        update = self.set.update(tracked, light)
        if not self.is_finished:
            self.record.note_time(tracked.t_s)
            self.record.note_view(tracked.body.side_on_deg)
        if not self.set.coach.is_armed:
            self._diagnosis.note(tracked, light)  # it explains only sets in which nothing began
        self.take(update)
        self.observers.on_frame(frame, tracked, update)
        return update

    def take(self, update: Update) -> None:
        """Keep and pass on what something else than a picture brought (a key, the end)."""
        self.record.add(update.events)
        self.record.cues += update.cues
        self.observers.on_events(update.events)

    def played(self, cue: Cue) -> None:
        """A cue is heard, or shown where there is no sound."""
        self.set.feedback.note_played(cue)
        self.observers.on_cue_played(cue)

    def lost(self, cue: Cue) -> None:
        """A cue was not heard: it counts as not said."""
        self.set.feedback.note_lost(cue)

    def finish(self, outcome: Outcome, why: BreakOff | None = None) -> Update:
        """The set is over, for whatever reason; a second call changes nothing."""
        if self.is_finished:
            return Update()
        self.is_finished = True
        last = self.set.finish()
        self.take(last)
        explained = tuple(self._diagnosis.explain(self.record.events))
        self.record.cues += explained
        self.record.finish(outcome, why)
        self.observers.on_finish()
        return Update(last.events, (*last.cues, *explained))
