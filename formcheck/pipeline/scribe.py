"""Tells of sessions as they happen, entry by entry: what is told and in which order, whoever takes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from formcheck.core.body.back import Back, unknown_back
from formcheck.core.body.pose import Pose
from formcheck.core.body.tracked import Tracked
from formcheck.core.coach.snapshot import Snapshot
from formcheck.core.rules.events import (
    AttemptEnded,
    BackWithdrawn,
    BoutEnded,
    Event,
    FaultAmended,
    PersonChanged,
    ReachSuggested,
    RepAdded,
    RepAmended,
    RepCompleted,
    SetFinished,
    SettingsChanged,
)
from formcheck.pipeline.observers import Observer, Started
from formcheck.session import wire
from formcheck.session.document import Figure
from formcheck.session.record import SetRecord
from formcheck.session.session_record import SessionRecord
from formcheck.session.set import Update

if TYPE_CHECKING:  # a recorded pose stream is judged without loading the tracker
    from formcheck.pose import Picturelike

COMMITS = (
    RepCompleted, AttemptEnded, BoutEnded, SetFinished, BackWithdrawn, PersonChanged, RepAmended, FaultAmended,
    RepAdded, SettingsChanged, ReachSuggested,
)  # fmt: skip
"""Events after which what was found is committed."""
BEFORE = ("countdown", "setup")
"""Stages in which the coach is not given the body yet."""


class Scribe:
    """Tells somebody of sessions. Override what takes it: `open`, `put`, and where it is wanted `over`."""

    keeps_poses = False
    """Whether pose streams are told of too."""

    def __init__(self) -> None:
        self._begun: set[str] = set()
        self._told: dict[str, object] = {}

    def open(self, session: SessionRecord, utc: str | None) -> bool:
        """A session begins; whether it is taken. Its first entry is put here."""
        raise NotImplementedError

    def put(self, session: SessionRecord, entries: Sequence[wire.Entry]) -> None:
        """Something happened in a session that was opened."""
        raise NotImplementedError

    def put_stream(self, session: SessionRecord, record: SetRecord, poses: list[tuple[Pose, Back]]) -> None:
        """The pose stream of a set."""

    def over(self, session: SessionRecord) -> None:
        """Nothing more comes of a session."""

    def observers(
        self, session: SessionRecord, utc: Callable[[], str | None], figures: Callable[[], Sequence[Figure]] = tuple
    ) -> list[Observer]:
        """Who listens to a set of this session.

        Args:
            session: it.
            utc: what time it is.
            figures: stick figures of the set; called when it is over.
        """
        return [SetWriter(self, session, utc, figures)]

    def begin(self, session: SessionRecord, utc: str | None) -> bool:
        """A set of the session begins; True where it is told of."""
        if session.session_id not in self._begun and self.open(session, utc):
            self._begun.add(session.session_id)
        return session.session_id in self._begun

    def note(self, session: SessionRecord, utc: str | None) -> None:
        """Tell what was answered since the last time, and how sets ended after all."""
        if session.session_id not in self._begun:
            return
        now: dict[str, object] = {"answers": wire.answers_entry(session).body}
        now |= {record.set_id: record.outcome for record in session.sets if record.set_id in self._told}
        changed = [key for key, value in now.items() if self._told.get(key) != value]
        self._told |= now
        entries = [wire.answers_entry(session, utc)] if "answers" in changed else []
        entries += [wire.set_end_entry(record, utc) for record in session.sets if record.set_id in changed]
        if entries:
            self.put(session, entries)

    def set_ended(self, record: SetRecord) -> None:
        """How a set ended was told."""
        self._told[record.set_id] = record.outcome

    def end(self, session: SessionRecord, utc: str | None) -> None:
        """The session is over."""
        if session.session_id not in self._begun:
            return
        self.note(session, utc)
        last = [wire.end_entry(utc)]
        if session.proposals:
            last.insert(0, wire.proposals_entry(session, utc))
        if session.provenance is not None:
            last.insert(0, wire.provenance_entry(session.provenance, utc))
        self.put(session, last)
        self.over(session)
        self._begun.discard(session.session_id)
        self._told.clear()


class SetWriter(Observer):
    """Tells of one set while it goes on: after each repetition, what was found since the last one."""

    def __init__(
        self,
        scribe: Scribe,
        session: SessionRecord,
        utc: Callable[[], str | None],
        figures: Callable[[], Sequence[Figure]],
    ) -> None:
        self._scribe, self._session, self._utc, self._figures = scribe, session, utc, figures
        self._waiting: list[Event] = []
        self._poses: list[tuple[Pose, Back]] = []
        self._record: SetRecord | None = None
        self._snapshot: Callable[[], Snapshot] = Snapshot

    def on_start(self, started: Started) -> None:
        """The set begins, and with the first one the session."""
        record = next((one for one in self._session.sets if one.set_id == started.set_id), None)
        if record is not None and self._scribe.begin(self._session, self._utc()):
            self._record, self._snapshot = record, started.snapshot
            self._scribe.put(self._session, [wire.set_entry(record)])

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """Keep the pose, where that was agreed to: from when the coach is given it, so that it can be judged again."""
        if self._scribe.keeps_poses and self._record is not None and self._snapshot().stage not in BEFORE:
            self._poses.append((tracked.pose, tracked.back or unknown_back(tracked.t_s, "no-torso")))

    def on_events(self, events: Sequence[Event]) -> None:
        """Keep what was found; a repetition commits it."""
        self._waiting += events
        if any(isinstance(event, COMMITS) for event in events):
            self._commit()

    def on_finish(self) -> None:
        """The set is over."""
        if self._record is None:
            return
        self._commit()
        drawn = [figure.model_dump(mode="json") for figure in self._figures()]
        entries = [wire.set_end_entry(self._record, self._utc())]
        if drawn:
            entries.append(wire.Entry("figures", {"figures": drawn}, self._record.set_id, self._utc()))
        self._scribe.put(self._session, entries)
        self._scribe.set_ended(self._record)
        self._scribe.put_stream(self._session, self._record, self._poses)
        self._poses = []

    def _commit(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting and self._record is not None:
            self._scribe.put(self._session, [wire.events_entry(self._record.set_id, waiting, self._utc())])
