"""The desk's end of the stations: who is there, what was seen last, and what they are told. No web page is here.

A `Hub` belongs to one event loop: call all of it there (asyncio, no locks). Only the `Keeper` is called on a thread.
It holds nothing of a patient but the newest picture's numbers and the last events of each station, in memory.
"""

from __future__ import annotations

import asyncio
import time
import weakref
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol, Self

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from formcheck.desk import wire
from formcheck.system.errors import FormcheckError

TAIL = 400
"""Events of each station that are kept in memory."""
PATH = "/station"
"""Where stations connect."""
HELLO_S = 10.0
"""Seconds in which a station must have said who it is, and in which it answers a typed code."""
ANSWER_S = 5.0
"""Seconds for which a command is waited for."""
SILENT_S = 20.0
"""Seconds after which a station that says nothing counts as away; a status comes every two."""
PENDING_MAX, PENDING_S = 8, 900.0
"""Stations that wait to be paired at once, and for how many seconds each."""
ASKED_MAX, WRONG_MAX, WITHIN_S = 40, 10, 600.0
"""Requests to be paired, and wrong codes, in so many seconds; then it is paused. A guess is right once in a million."""
WRONG_OF_ONE = 3
"""Wrong codes after which a station shows another one."""

UpdateKind = Literal["frame", "status", "event", "set", "cue", "online", "offline", "pairing", "revoked"]


class HubError(FormcheckError):
    """What was asked of the hub can't be done; the text says why."""


@dataclass(frozen=True, slots=True)
class Known:
    """A station that was paired."""

    id: str
    """`pairing.station_id` of its key."""
    key: str
    """Its Ed25519 public key, 64 hexadecimal digits."""
    name: str
    by: str
    """Who paired it, as the server calls them."""
    utc_s: float
    """When, seconds since 1970."""


class StationKeys(Protocol):
    """Where the desk keeps the stations that it knows. The server supplies it; called on the event loop: be quick."""

    def known(self) -> tuple[Known, ...]:
        """All that are paired and not revoked."""

    def add(self, station: Known) -> None:
        """One was paired."""

    def revoke(self, id: str, by: str) -> None:
        """One is known no more."""


class Keeper(Protocol):
    """An append-only place for events. The server supplies it; called on a thread, for each station in order."""

    def keep(self, station: str, said: wire.Kept) -> bool:
        """Write one down; False where it is there already: an event is known by (set_id, seq), the beginning and the
        end of a set by (set_id, state). When this returns it must be written: the station then forgets it. An
        exception means that it is not; the station sends it again later."""


class MemoryKeys:
    """Known stations for as long as the program runs."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}

    def known(self) -> tuple[Known, ...]:
        """All that are paired and not revoked."""
        return tuple(self._known.values())

    def add(self, station: Known) -> None:
        """One was paired."""
        self._known[station.id] = station

    def revoke(self, id: str, by: str) -> None:
        """One is known no more."""
        self._known.pop(id, None)


class MemoryKeeper:
    """Events for as long as the program runs."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, wire.Kept]] = []
        """Station and what it said, in the order of arrival."""
        self._keys: set[tuple[str, int | str]] = set()

    def keep(self, station: str, said: wire.Kept) -> bool:
        """Write one down; False where it is there already."""
        key = key_of(said)
        if key in self._keys:
            return False
        self._keys.add(key)
        self.kept.append((station, said))
        return True


def key_of(said: wire.Kept) -> tuple[str, int | str]:
    """What tells one kept thing from another."""
    return (said.set_id, said.seq if isinstance(said, wire.EventSaid) else said.state)


@dataclass(frozen=True, slots=True)
class Station:
    """A station as it is now."""

    id: str
    name: str
    is_online: bool = False
    frame: wire.Frame | None = None
    """The newest; None before any, and from the end of a set to the first picture of the next one."""
    status: wire.Status | None = None
    events: tuple[wire.Kept, ...] = ()
    """The last ones, oldest first; no more than `TAIL`."""
    heard_s: float = 0.0
    """When it was last heard, seconds since 1970 by the desk's clock; 0 = never."""


@dataclass(frozen=True, slots=True)
class Update:
    """Something is new."""

    station: str
    """Its id."""
    kind: UpdateKind
    value: wire.Frame | wire.Status | wire.EventSaid | wire.SetSaid | wire.CueSaid | None = None
    missed: int = 0
    """Events and cues that this listener was too slow for, just before this one: read `Station.events` again."""


@dataclass(frozen=True, slots=True)
class PairingRequest:
    """A station that shows a code and waits for somebody to type it at the desk. Its name is only what it says."""

    station: str
    name: str
    since_s: float
    """Seconds since 1970."""


class Listening:
    """Updates for one browser, from now on. Of frames and statuses a slow one gets the newest only."""

    def __init__(self) -> None:
        self._newest: dict[tuple[str, UpdateKind], Update] = {}
        self._waiting: deque[Update] = deque()
        self._missed = 0
        self._is_new = asyncio.Event()
        self._is_closed = False

    def offer(self, update: Update) -> None:
        """The hub's side: never waits."""
        if update.kind in ("frame", "status"):
            self._newest[update.station, update.kind] = update
        else:
            if len(self._waiting) >= TAIL:
                self._waiting.popleft()
                self._missed += 1
            self._waiting.append(update)
        self._is_new.set()

    def close(self) -> None:
        """No more of it."""
        self._is_closed = True
        self._is_new.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __aiter__(self) -> AsyncIterator[Update]:
        return self

    async def __anext__(self) -> Update:
        while not self._is_closed:
            if self._waiting:
                missed, self._missed = self._missed, 0
                update = self._waiting.popleft()
                return Update(update.station, update.kind, update.value, missed)
            if self._newest:
                return self._newest.pop(next(iter(self._newest)))
            self._is_new.clear()
            await self._is_new.wait()
        raise StopAsyncIteration


class _Line:
    """One connection of a station that was let in."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self.heard = 0
        """Number that the next message must have."""
        self.answers: dict[int, asyncio.Future[wire.Done]] = {}
        self._said = 0
        self._turn = asyncio.Lock()

    async def say(self, message: wire.Numbered) -> None:
        async with self._turn:
            text = wire.encode(wire.numbered(message, self._said))
            self._said += 1
            await self.socket.send_text(text)

    def take(self, text: str) -> wire.FromStation:
        """The next message.

        Raises:
            MessageError: it makes no sense, or is not the next one.
        """
        message = wire.from_station(text)
        if not isinstance(message, wire.Numbered) or message.n != self.heard:
            raise wire.MessageError("A message came twice, or out of turn.")
        self.heard += 1
        return message


@dataclass(slots=True)
class _Held:
    """What the hub knows of a station."""

    id: str
    name: str
    line: _Line | None = None
    frame: wire.Frame | None = None
    status: wire.Status | None = None
    events: deque[wire.Kept] = field(default_factory=lambda: deque(maxlen=TAIL))
    heard_s: float = 0.0

    def shown(self) -> Station:
        return Station(
            self.id, self.name, self.line is not None, self.frame, self.status, tuple(self.events), self.heard_s
        )


@dataclass(slots=True)
class _Pending:
    """A station that waits to be paired."""

    request: PairingRequest
    key: str
    socket: WebSocket
    context: bytes
    answers: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(1))
    wrong: int = 0


class Hub:
    """All stations of a desk."""

    def __init__(
        self,
        keys: StationKeys | None = None,
        keeper: Keeper | None = None,
        *,
        name: str = "",
        fingerprint: str = "",
        now: Callable[[], float] = time.time,
    ) -> None:
        """Make it.

        Args:
            keys: stations that are known; for this run only, by default.
            keeper: where events are written; in memory, by default.
            name: what the desk calls itself, for the stations' screens.
            fingerprint: SHA-256 of its TLS certificate, 64 hexadecimal digits (`pairing.fingerprint_of`); empty
                without TLS. A wrong one lets no station in.
            now: seconds since 1970.
        """
        self._keys, self._keeper = keys or MemoryKeys(), keeper or MemoryKeeper()
        self._name, self._fingerprint, self._now = name[: wire.NAME_MAX], fingerprint, now
        self._held = {each.id: _Held(each.id, each.name) for each in self._keys.known()}
        self._pending: dict[str, _Pending] = {}
        self._listening: weakref.WeakSet[Listening] = weakref.WeakSet()
        self._command = 0
        self._asked: deque[float] = deque(maxlen=ASKED_MAX)
        self._wrong: deque[float] = deque(maxlen=WRONG_MAX)

    # -- for the pages -----------------------------------------------------------------------------------------

    def stations(self) -> tuple[Station, ...]:
        """All that are paired, in the order in which they were."""
        return tuple(held.shown() for held in self._held.values())

    def station(self, id: str) -> Station | None:
        """One of them; None where there is none."""
        held = self._held.get(id)
        return None if held is None else held.shown()

    def listen(self) -> Listening:
        """Updates from now on: `async for update in hub.listen()`. Whoever lets go of it is forgotten."""
        listening = Listening()
        self._listening.add(listening)
        return listening

    async def send(self, station: str, command: wire.AnyCommand) -> wire.Done:
        """Have a station do something, and wait for what it says to it. Its `id` is given here.

        Raises:
            HubError: it is not there, or does not answer.
        """
        held = self._held.get(station)
        if held is None or held.line is None:
            raise HubError("This station is not connected. It goes on by itself, and comes back when it can.")
        line = held.line
        self._command += 1
        answer = line.answers[self._command] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(ANSWER_S):
                await line.say(command.model_copy(update={"id": self._command}))
                return await answer
        except (TimeoutError, WebSocketDisconnect, RuntimeError) as error:
            raise HubError("This station does not answer. Look at its screen.") from error
        finally:
            line.answers.pop(command.id, None)

    # -- pairing -----------------------------------------------------------------------------------------------

    def pairings(self) -> tuple[PairingRequest, ...]:
        """Stations that show a code and wait."""
        return tuple(pending.request for pending in self._pending.values())

    async def pair(self, code: str, by: str) -> Known:
        """Take in the station that shows this code.

        Args:
            code: six digits as somebody has typed them.
            by: who did.

        Raises:
            HubError: no station that waits shows it, or there were too many wrong ones.
        """
        raise NotImplementedError

    async def revoke(self, id: str, by: str) -> None:
        """Know a station no more; if it is there, it is cut off."""
        raise NotImplementedError


def station_route(hub: Hub, path: str = PATH) -> WebSocketRoute:
    """The route for stations. Serve it with `ws_max_size=wire.MESSAGE_MAX` (uvicorn)."""
    raise NotImplementedError
