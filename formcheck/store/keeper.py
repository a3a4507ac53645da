"""Writes sessions to the store while they happen, on a thread of its own: a slow disk never slows the picture.

Whatever can't be written waits: in memory, and in the outbox of this machine, until it can be. Nothing is written
twice: every entry has its place.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from formcheck.core.text import phrase
from formcheck.session.identity import utc_text, uuid7
from formcheck.session.wire import Entry
from formcheck.store.errors import KEPT, TEXTS, NoStoreError, StoreError, StoreTroubleError
from formcheck.store.keys import Keys
from formcheck.store.log import SessionRow, StoredEntry
from formcheck.store.opening import begin_anew
from formcheck.store.outbox import Batch, Outbox, Stream
from formcheck.store.store import Store
from formcheck.system.held import Held, hold, is_held

_log = structlog.get_logger(__name__)

RETRY_S = (2.0, 4.0, 8.0, 20.0)
"""Seconds before the next try, and the one after it, …: a server that restarts is back within a minute [P]."""
CLOSE_S = 5.0
"""Seconds that closing may take; what is not written by then waits in the outbox."""
LIVE = "live"


@dataclass(frozen=True, slots=True)
class KeeperState:
    """How it goes."""

    trouble: str = ""
    """What is wrong, as a sentence for the person; empty while all is written."""
    waiting: int = 0
    """Batches that are not in the store yet."""
    moved_aside: str = ""
    """Name of the file that a damaged store was put aside as."""


@dataclass(slots=True)
class _Live:
    """A session under way."""

    row: SessionRow
    held: Held | None
    n: int = 0
    batches: list[Batch] = field(default_factory=list)
    """All of it so far, for a store that has to begin anew."""


class Keeper:
    """The writer. All methods return at once; call them from one thread."""

    def __init__(
        self,
        open_store: Callable[[Callable[[Path], None]], Store],
        folder: Path,
        keys: Callable[[], Keys],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin; the store is opened on the thread.

        Args:
            open_store: opens it; is given what to call when a damaged file was put aside.
            folder: for the outbox, the station's id and the marks of sessions under way.
            keys: what opens the outbox.
            clock: seconds.
        """
        self._open_store, self._folder, self._keys, self._clock = open_store, folder, keys, clock
        self._queue: queue.SimpleQueue[Batch | None] = queue.SimpleQueue()
        self._live: dict[str, _Live] = {}
        self._mine: set[str] = set()
        """Sessions that were begun here: none of them is broken off, though its end may still wait in the queue."""
        self._memory: deque[Batch] = deque()
        self._store: Store | None = None
        self._outbox: Outbox | None = None
        self._tries = 0
        self._retry_s: float | None = None
        self._sent = self._seen = 0
        self._settled = threading.Condition()
        self._has_tried = self._has_closed = False
        self.state = KeeperState()
        """How it goes; a new object whenever that changes."""
        self.station = station_of(folder)
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
        self._thread.start()

    # -- what is called while somebody exercises ----------------------------------------------------------------

    def begin(self, session_id: str, entries: Iterable[Entry], person: str | None, utc: str | None) -> None:
        """A session begins."""
        row = SessionRow(session_id, self.station, utc or utc_text(time.time()), person)
        held = None
        self._mine.add(session_id)
        with contextlib.suppress(OSError):
            held = hold(self._folder / LIVE / session_id)
        self._live[session_id] = _Live(row, held)
        self.put(session_id, entries)

    def put(self, session_id: str, entries: Iterable[Entry]) -> None:
        """Something happened; it is committed as one."""
        live = self._live[session_id]
        listed = []
        for entry in entries:
            listed.append(StoredEntry(session_id, self.station, live.n, entry))
            live.n += 1
        if listed:
            batch = Batch(live.row, tuple(listed))
            live.batches.append(batch)
            self._send(batch)

    def put_stream(
        self, session_id: str, set_id: str, exercise: str, settings: Mapping[str, Any], body: Callable[[], bytes]
    ) -> None:
        """A pose stream that the person agreed to keep; `body` is called on the keeper's thread."""
        self._send(Batch(self._live[session_id].row, (), Stream(set_id, exercise, settings, body)))

    def end(self, session_id: str) -> None:
        """Nothing more comes of this session."""
        live = self._live.pop(session_id, None)
        if live is not None and live.held is not None:
            live.held.release()

    def _send(self, batch: Batch) -> None:
        self._sent += 1
        self._queue.put(batch)

    def settle(self, timeout_s: float) -> bool:
        """Wait until all is in the store or in the outbox; False where it took longer."""
        with self._settled:
            return self._settled.wait_for(lambda: self._seen >= self._sent and self._has_tried, timeout_s)

    def close(self, timeout_s: float = CLOSE_S) -> None:
        """Write what is left, or let it wait in the outbox."""
        for session_id in list(self._live):
            self.end(session_id)
        self._queue.put(None)
        self._thread.join(timeout_s)

    # -- the thread ---------------------------------------------------------------------------------------------

    def _run(self) -> None:
        is_last, taken = False, 0
        while not is_last:
            before = len(self._memory)
            is_last = self._gather()
            taken += len(self._memory) - before
            if is_last or self._retry_s is None or self._clock() >= self._retry_s:
                self._try()
            else:
                self._let_wait()  # it is not time to try again; what came meanwhile is safe
            with self._settled:
                self._seen, self._has_tried = taken, True
                self._settled.notify_all()
        if self._store is not None:
            self._store.close()

    def _gather(self) -> bool:
        """Take what has come, waiting for it; True when nothing more will."""
        wait_s = None if self._retry_s is None else max(0.05, self._retry_s - self._clock())
        if self._store is None and self._retry_s is None:
            wait_s = 0.0  # the store is opened at once, so that what was broken off is ended
        try:
            batch = self._queue.get(timeout=wait_s) if wait_s != 0.0 else self._queue.get_nowait()
            while batch is not None:
                self._memory.append(batch)
                batch = self._queue.get_nowait()
        except queue.Empty:
            return False
        return True

    def _try(self) -> None:
        """Write everything: what waits on the disk first, then what is in memory."""
        try:
            store = self._opened()
            self._empty_outbox(store)
            while self._memory:
                self._write(store, self._memory[0])
                self._memory.popleft()
            self._close_broken(store)
        except StoreTroubleError as trouble:
            if trouble.kind == "corrupt" and self._begin_anew():
                self._try()
            else:
                self._failed(phrase("{trouble} {kept}", trouble=trouble.text, kept=KEPT))
        except NoStoreError:
            self._failed(phrase("{trouble} {kept}", trouble=TEXTS["missing"], kept=KEPT))
        except StoreError as error:
            self._failed(error.text)
        except Exception as error:  # noqa: BLE001 - a thread that dies in silence would lose what follows
            _log.error("keeper failed", error=type(error).__name__)
            self._failed(phrase("{trouble} {kept}", trouble=TEXTS["other"], kept=KEPT))
        else:
            self._tries, self._retry_s = 0, None
            self.state = KeeperState(moved_aside=self.state.moved_aside)

    def _opened(self) -> Store:
        if self._store is not None and self._store.database.is_displaced:
            self._store.close()
            self._store = None
            self._write_again()
        if self._store is None:
            self._store, self._has_closed = self._open_store(self._note_aside), False
            self._write_again()
        return self._store

    def _close_broken(self, store: Store) -> None:
        """End what was broken off before; what waited is written by then, and may say how it ended."""
        if not self._has_closed:
            end_broken(store, self._folder, self._mine)
            self._has_closed = True

    def _note_aside(self, path: Path) -> None:
        self.state = KeeperState(self.state.trouble, self.state.waiting, path.name)
        self._write_again()

    def _write_again(self) -> None:
        """The sessions under way, from their beginning: a store that is another one now may lack it."""
        known = {id(batch) for batch in self._memory}
        batches = [batch for live in list(self._live.values()) for batch in list(live.batches)]
        self._memory.extendleft(batch for batch in reversed(batches) if id(batch) not in known)

    def _write(self, store: Store, batch: Batch) -> None:
        store.append(batch.row, batch.entries)
        stream = batch.stream
        if stream is not None:
            store.keep_recording(batch.row.session_id, stream.set_id, stream.exercise, stream.overrides, stream.body())
        if any(each.entry.kind == "end" for each in batch.entries):
            store.kept(session_id=batch.row.session_id)  # folds it once, for whoever looks later

    def _empty_outbox(self, store: Store) -> None:
        outbox = self._box()
        for number, batch in outbox.waiting():
            self._write(store, batch)
            outbox.take_off([number])

    def _box(self) -> Outbox:
        if self._outbox is None:
            self._outbox = Outbox(self._folder, self._keys())
        return self._outbox

    def _begin_anew(self) -> bool:
        """The file is damaged: put it aside, begin a new one, and write the sessions under way once more."""
        if self._store is None or self._store.database.is_server:
            return False
        try:
            aside = begin_anew(self._store.database)
        except StoreError:
            return False
        if aside is not None:
            self._note_aside(aside)
        return True

    def _failed(self, text: str) -> None:
        self._retry_s = self._clock() + RETRY_S[min(self._tries, len(RETRY_S) - 1)]
        self._tries += 1
        self._let_wait()
        waiting = len(self._memory) + len(self._box().waiting())
        self.state = KeeperState(text, waiting, self.state.moved_aside)

    def _let_wait(self) -> None:
        while self._memory and self._box().put(self._memory[0]):
            self._memory.popleft()


def end_broken(store: Store, folder: Path, going: Container[str] = ()) -> int:
    """End the sessions of this station that broke off (a power cut, a kill); returns how many.

    Args:
        store: the store.
        folder: of the station.
        going: sessions that this program goes on with.
    """
    return store.close_broken(
        lambda each: each in going or is_held(folder / LIVE / each), station_of(folder), utc_text(time.time())
    )


def station_of(folder: Path) -> str:
    """The id of this machine's part of a store: random, made once, and no name."""
    path = folder / "station"
    try:
        found = path.read_text("ascii").strip()
        if len(found) == len(uuid7()):
            return found
    except (OSError, ValueError):
        pass
    station = uuid7()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(station, "ascii")
    return station
