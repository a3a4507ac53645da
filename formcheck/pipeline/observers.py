"""Who listens to a set while it goes on: voice, screen, record, writers, and later store and desk."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from formcheck.core.body.tracked import Tracked
from formcheck.core.coach.snapshot import Snapshot
from formcheck.core.rules.events import Cue, Event
from formcheck.core.rules.exercise import Exercise
from formcheck.session.set import Update
from formcheck.system.errors import FormcheckError

if TYPE_CHECKING:  # a recorded pose stream is judged without loading the tracker
    from formcheck.pose import Picturelike


@dataclass(frozen=True, slots=True)
class Started:
    """What an observer is told when a set begins."""

    set_id: str
    exercise: Exercise
    source: dict[str, Any]
    """What is known of the pictures: `path`, `width`, `height`, `fps`, … of a recording; empty for a camera."""
    frame_count: int | None = None
    """Pictures that the recording announces; None for a camera, and where it is not known."""
    snapshot: Callable[[], Snapshot] = Snapshot
    """What there is to see of the set; ask for it only where it is drawn."""


class Observer:
    """Somebody who listens to a set. Override what is wanted; nothing of it may change the set."""

    def on_start(self, started: Started) -> None:
        """A set begins."""

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """One picture (None where a recorded pose stream is replayed), what was seen in it, and what it brought."""

    def on_events(self, events: Sequence[Event]) -> None:
        """What was found; never empty."""

    def on_cue_played(self, cue: Cue) -> None:
        """A cue was heard, or shown where there is no sound."""

    def on_finish(self) -> None:
        """The set is over; nothing comes after this."""

    def on_drop(self) -> None:
        """This observer raised, or the work broke off in the midst: nothing comes after this, nothing half may stay."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An observer that raised, and what it said."""

    name: str
    error: BaseException

    @property
    def text(self) -> str:
        """One sentence for the person."""
        if isinstance(self.error, FormcheckError):
            return str(self.error)
        return f"{self.name} stopped working ({type(self.error).__name__}); the set went on without it."


class Observers(Observer):
    """All observers of a set. One that raises is reported once and dropped; the set goes on."""

    def __init__(self, observers: Iterable[Observer] = ()) -> None:
        self.failures: list[Failure] = []
        self._observers = list(observers)

    def on_start(self, started: Started) -> None:
        """Tell all that a set begins."""
        self._tell("on_start", started)

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """Show all one picture."""
        self._tell("on_frame", frame, tracked, update)

    def on_events(self, events: Sequence[Event]) -> None:
        """Tell all what was found, if anything was."""
        if events:
            self._tell("on_events", events)

    def on_cue_played(self, cue: Cue) -> None:
        """Tell all that a cue was heard."""
        self._tell("on_cue_played", cue)

    def on_finish(self) -> None:
        """Tell all that the set is over."""
        self._tell("on_finish")

    def on_drop(self) -> None:
        """Tell all that the work broke off."""
        for observer in self._observers:
            _drop(observer)
        self._observers.clear()

    def _tell(self, what: str, *values: object) -> None:
        for observer in list(self._observers):
            try:
                getattr(observer, what)(*values)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - somebody else's code; it must not stop a set
                self._observers.remove(observer)
                _drop(observer)
                failure = Failure(type(observer).__name__, error)
                self.failures.append(failure)
                _report(failure)


def _report(failure: Failure) -> None:
    import structlog  # it takes longer to load than all of the coach, and most sets need no line of log

    error = type(failure.error).__name__
    structlog.get_logger(__name__).error("observer dropped", observer=failure.name, error=error)


def _drop(observer: Observer) -> None:
    with contextlib.suppress(Exception):  # it has failed once already, and that was said
        observer.on_drop()
