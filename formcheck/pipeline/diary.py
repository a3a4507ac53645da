"""The diary of the window program: whether the person wants one, and each session as it happens.

Nothing is loaded and no file is made before somebody has said yes. Writing is the keeper's, on a thread of its own.
"""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.core.body.back import Back
from formcheck.core.body.pose import Pose
from formcheck.pipeline.observers import Observer
from formcheck.pipeline.scribe import Scribe
from formcheck.pose.recording import save_recording
from formcheck.session import wire
from formcheck.session.document import Figure, Kept
from formcheck.session.next_step import Accepted
from formcheck.session.record import SetRecord
from formcheck.session.session_record import SessionRecord
from formcheck.system.data import data_folder
from formcheck.system.errors import FormcheckError

if TYPE_CHECKING:  # the store loads its database; a program that remembers nothing does without
    from formcheck.store import KeySources, Store
    from formcheck.store.keeper import Keeper

WISH = "memory.json"
READ_S = 2.0
"""Longest wait at the start of a session for what was agreed to before; it has been read since the program began."""
PAST = timedelta(days=183)
"""How far back from the last session is read: progress shows eight weeks, and the rules count anew after three weeks'
pause."""


@dataclass(frozen=True, slots=True)
class DiaryState:
    """What there is to say about remembering."""

    is_on: bool = False
    is_asked: bool = False
    """Whether the person is still to be asked."""
    trouble: str = ""
    """A sentence where something can't be written."""
    moved_aside: str = ""
    """Name of the file that a damaged store was put aside as."""


class Diary(Scribe):
    """Writes sessions into one store, for one person."""

    def __init__(
        self,
        where: str | None = None,
        *,
        person: str | None = None,
        is_asked_for: bool = False,
        keeps_poses: bool = False,
        sources: KeySources | None = None,
        wish: bool | None = None,
    ) -> None:
        """Prepare it; nothing is opened.

        Args:
            where: of the store, as `open_store` takes it.
            person: whose the sessions are: pseudonym, name or number; None: the one this computer belongs to.
            is_asked_for: whether a command asked for it (`--store`); else the person's own wish counts.
            keeps_poses: whether the person agreed that the pose streams of this run are kept too.
            sources: where keys can be kept.
            wish: whether to remember; None takes what the person has said before, and asks where that is nothing.
        """
        super().__init__()
        self._where, self._who, self.keeps_poses, self._sources = where, person, keeps_poses, sources
        self._is_asked_for = is_asked_for
        self._wish: bool | None = True if is_asked_for else _wish() if wish is None else wish
        self._keeper: Keeper | None = None
        self._person: str | None = None
        """Whose the sessions are, as the store has it; None while that is not known, and for nobody's."""
        self._error = ""
        self._accepted: list[Accepted] = []
        self._reading: threading.Thread | None = None
        self._jobs: list[threading.Thread] = []
        self._was_there = False
        """Whether the store was opened or made in this run."""

    # -- whether ------------------------------------------------------------------------------------------------

    @property
    def state(self) -> DiaryState:
        """What there is to say about it now."""
        kept = self._keeper.state if self._keeper is not None else None
        trouble = kept.trouble if kept is not None and kept.trouble else self._error
        return DiaryState(bool(self._wish), self._wish is None, trouble, kept.moved_aside if kept else "")

    @property
    def would_be_plain(self) -> bool:
        """Whether what is kept would not be encrypted, since this computer has no place for a key."""
        from formcheck.store import KeySources, exists

        return not exists(self._where) and (self._sources or KeySources()).best() == "none"

    @property
    def needs_passphrase(self) -> bool:
        """Whether the store that is written to is opened by a passphrase."""
        if not self._wish:
            return False
        from formcheck.store.opening import kept_where

        return kept_where(self._where) == "passphrase"

    def decide(self, is_on: bool) -> None:
        """The person says whether to remember; it holds for the next times too."""
        self._wish, self._error = is_on, ""
        if not self._is_asked_for:
            _keep_wish(is_on)
        self.read_ahead()

    def check(self) -> None:
        """Open the store that a command asked for, before anybody exercises.

        Raises:
            FormcheckError: it can't be opened, or made without asking, or the person is not in it.
        """
        from formcheck.store import StoreError, create_store, exists, open_store

        if not exists(self._where):
            if self.would_be_plain:
                raise StoreError(
                    "This computer has no place for a key. Choose one first: formcheck store create --key passphrase, "
                    "or --key none to keep it without encryption."
                )
            create_store(self._where, sources=self._sources).close()
        with open_store(self._where, sources=self._sources) as store:
            self._person = _owner(store, self._who)

    # -- a session ----------------------------------------------------------------------------------------------

    def observers(
        self, session: SessionRecord, utc: Callable[[], str | None], figures: Callable[[], Sequence[Figure]] = tuple
    ) -> list[Observer]:
        """Who listens to a set of this session; nobody while nothing is remembered.

        Args:
            session: it.
            utc: what time it is.
            figures: stick figures of the set; called when it is over.
        """
        return super().observers(session, utc, figures) if self._wish else []

    def open(self, session: SessionRecord, utc: str | None) -> bool:
        """A session begins; True where it is kept. The store is made at the first time."""
        keeper = self._opened() if self._wish else None
        if keeper is None:
            return False
        keeper.begin(session.session_id, [wire.session_entry(session)], self._person, utc)
        return True

    def put(self, session: SessionRecord, entries: Sequence[wire.Entry]) -> None:
        """Something happened."""
        if self._keeper is not None and session.session_id in self._begun:
            self._keeper.put(session.session_id, entries)

    def put_stream(self, session: SessionRecord, record: SetRecord, poses: list[tuple[Pose, Back]]) -> None:
        """The pose stream of a set, where the person agreed."""
        if self._keeper is not None and poses:
            settings = dict(record.planned.overrides) if record.planned else {}
            given = session.provenance.settings.get(record.exercise.name, {}) if session.provenance else {}
            self._keeper.put_stream(
                session.session_id, record.set_id, record.exercise.name, {**given, **settings}, lambda: _stream(poses)
            )

    def over(self, session: SessionRecord) -> None:
        """Nothing more comes of a session."""
        if self._keeper is not None:
            self._keeper.end(session.session_id)

    # -- what was -----------------------------------------------------------------------------------------------

    def past(self) -> list[Kept]:
        """The person's sessions of the half year up to their last one, oldest first; none where nothing is remembered
        or can be read, or nobody was named on a server of many."""
        from formcheck.store import exists, open_store

        if not self._wish or not exists(self._where):
            return []
        try:
            if self._keeper is not None:
                self._keeper.settle(2.0)
            with open_store(self._where, sources=self._sources) as store:
                person = _owner(store, self._who)
                last = store.last(person) if person is not None else None  # nobody's past is not everybody's
                began = last.session.began_utc if last is not None else None
                return store.kept(person=person, since=began - PAST) if began is not None else []
        except FormcheckError as error:
            self._error = error.text
            return []

    def accepted(self) -> list[Accepted]:
        """What the person has agreed to for the next sessions."""
        self._wait_for_reading()
        return list(self._accepted)

    def read_ahead(self) -> None:
        """Begin to read what is needed at the start of a session, on a thread of its own."""
        if self._wish and self._reading is None:
            self._reading = threading.Thread(target=self._read, name="diary", daemon=True)
            self._reading.start()

    def _read(self) -> None:
        from formcheck.store import exists, open_store, place_of
        from formcheck.store.keeper import end_broken

        with self._told_errors():
            if not exists(self._where):
                return
            with open_store(self._where, sources=self._sources) as store:
                end_broken(store, place_of(self._where).folder)
                person = self._person = _owner(store, self._who)
                found = store.choices(person) if person is not None else []
            self._accepted += [
                Accepted(each["exercise"], each["what"], float(each["value"]), datetime.fromisoformat(each["utc"]))
                for each in found
            ]

    def keep(self, accepted: Accepted) -> None:
        """The person agrees to something for the next sessions."""
        self._accepted.append(accepted)
        body = {
            "exercise": accepted.exercise, "what": accepted.what, "value": accepted.value,
            "utc": accepted.utc.isoformat(),
        }  # fmt: skip
        self._jobs.append(threading.Thread(target=self._keep, args=(body,), name="diary"))
        self._jobs[-1].start()

    def _keep(self, body: Mapping[str, object]) -> None:
        with self._told_errors(), self._open_or_make() as store:
            person = _owner(store, self._who)
            if person is not None:
                store.add_choice(person, body)

    @contextmanager
    def _told_errors(self) -> Iterator[None]:
        try:
            yield
        except FormcheckError as error:
            self._error = error.text

    # -- the store ----------------------------------------------------------------------------------------------

    def _opened(self) -> Keeper | None:
        """The keeper, and whose the sessions are; None where there can be none: the session goes on without."""
        if self._keeper is not None:
            return self._keeper
        self._wait_for_reading()  # the database's libraries are loaded there, long before the first set
        from formcheck.store import OWNER, place_of
        from formcheck.store.keeper import Keeper
        from formcheck.store.opening import keys_at_hand

        place = place_of(self._where)
        if self._who is None and not place.is_server:
            self._person = OWNER  # who that is, is found out where the store is opened
        elif self._who is not None and self._person is None:
            return None  # whose it is can't be told: that was said when the program began
        self._keeper = Keeper(
            self._open_or_make, place.folder, lambda: keys_at_hand(self._where, self._sources)
        )  # fmt: skip
        return self._keeper

    def _open_or_make(self, moved: Callable[[Path], None] | None = None) -> Store:
        """The store, made at the first time.

        Raises:
            StoreError: it can't be opened or made.
        """
        from formcheck.store import create_store, exists, open_store

        if self._was_there or exists(self._where):
            store = open_store(self._where, sources=self._sources, on_moved_aside=moved)
        else:
            store = create_store(self._where, sources=self._sources)
        self._was_there = True  # from now on a store that is gone was taken away: no other one is made in its place
        return store

    def _wait_for_reading(self) -> None:
        if self._reading is not None:
            self._reading.join(READ_S)

    def close(self) -> None:
        """Write what is left."""
        for job in self._jobs:
            job.join(READ_S)
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None


def _stream(poses: list[tuple[Pose, Back]]) -> bytes:
    file = io.BytesIO()
    save_recording(file, poses, {"width": poses[0][0].width, "height": poses[0][0].height})
    return file.getvalue()


def _owner(store: Store, who: str | None) -> str | None:
    """Whose the sessions are: who was named, or on a computer of one's own the one it belongs to."""
    if who is not None:
        return store.person(who)
    return None if store.database.is_server else store.owner()


def _wish_path() -> Path:
    return data_folder() / WISH


def _wish() -> bool | None:
    """What the person said; None where nobody was asked."""
    try:
        data = json.loads(_wish_path().read_bytes()[:1000])
        return bool(data["remember"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep_wish(is_on: bool) -> None:
    path = _wish_path()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(json.dumps({"remember": is_on}) + "\n", "utf-8")
