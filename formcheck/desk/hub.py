"""The desk's end of the stations: who is there, what was seen last, and what they are told. No web page is here.

A `Hub` belongs to one event loop: call all of it there (asyncio, no locks). Only the `Keeper` is called on a thread.
It holds nothing of a patient but the newest picture's numbers and the last events of each station, in memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
import weakref
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol, Self

import structlog
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from formcheck.desk import wire
from formcheck.desk.pairing import Exchange, context_of, is_signed, station_id
from formcheck.system.errors import FormcheckError

TAIL = 400
"""Entries of each station that are kept in memory."""
HELLO_S = 10.0
"""Seconds in which a station must have said who it is, and in which it answers a typed code."""
WENT_AWAY = "The station went away before it said whether it has done that. Look at its screen."
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

UpdateKind = Literal["frame", "status", "entry", "cue", "online", "offline", "pairing", "revoked"]


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

    def keep(self, station: str, said: wire.EntrySaid) -> bool:
        """Write one down; False where it is there already: an entry is known by its session and its place in it. When
        this returns it must be written: the station then forgets it. An exception means that it is not; the station
        sends it again later."""

    def settle(self, station: str, session_id: str) -> None:
        """A station that has nothing left to send is in this session, or in none (empty): others of it that have not
        ended broke off."""


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
        self.kept: list[tuple[str, wire.EntrySaid]] = []
        """Station and what it said, in the order of arrival."""
        self._keys: set[tuple[str, int]] = set()

    def settle(self, station: str, session_id: str) -> None:
        """Nothing is ended here."""

    def keep(self, station: str, said: wire.EntrySaid) -> bool:
        """Write one down; False where it is there already."""
        key = (said.session_id, said.i)
        if key in self._keys:
            return False
        self._keys.add(key)
        self.kept.append((station, said))
        return True


@dataclass(frozen=True, slots=True)
class Station:
    """A station as it is now."""

    id: str
    name: str
    is_online: bool = False
    frame: wire.Frame | None = None
    """The newest; None before any, and from the end of a set to the first picture of the next one."""
    status: wire.Status | None = None
    entries: tuple[wire.EntrySaid, ...] = ()
    """The last ones, oldest first; no more than `TAIL`."""
    heard_s: float = 0.0
    """When it was last heard, seconds since 1970 by the desk's clock; 0 = never."""


@dataclass(frozen=True, slots=True)
class Update:
    """Something is new."""

    station: str
    """Its id."""
    kind: UpdateKind
    value: wire.Frame | wire.Status | wire.EntrySaid | wire.CueSaid | None = None
    missed: int = 0
    """Entries and cues that this listener was too slow for, just before this one: read `Station.entries` again."""


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
    entries: deque[wire.EntrySaid] = field(default_factory=lambda: deque(maxlen=TAIL))
    heard_s: float = 0.0
    settled: str | None = None
    """The session that it was in when others of it were ended last; None before that."""

    def shown(self) -> Station:
        return Station(
            self.id, self.name, self.line is not None, self.frame, self.status, tuple(self.entries), self.heard_s
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

    def changed(self, station: str) -> None:
        """Something is to be shown otherwise, though the station has not said so."""
        self._tell(Update(station, "entry"))

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
        number = self._command
        answer = line.answers[number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(ANSWER_S):
                await line.say(command.model_copy(update={"id": number}))
                done: wire.Done = await answer
                return done
        except (TimeoutError, WebSocketDisconnect, RuntimeError) as error:
            raise HubError("This station does not answer. Look at its screen.") from error
        finally:
            line.answers.pop(number, None)

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
        self._forget_old()
        if len(self._wrong) == WRONG_MAX and self._now() - self._wrong[0] < WITHIN_S:
            raise HubError(f"Too many wrong codes. Wait {round(WITHIN_S / 60)} minutes, then try again.")
        for pending in tuple(self._pending.values()):
            if await self._try(pending, code):
                return await self._take_in(pending, by)
        self._wrong.append(self._now())
        raise HubError("No station shows this code. Look at the station's screen and type all six digits.")

    async def revoke(self, id: str, by: str) -> None:
        """Know a station no more; if it is there, it is cut off."""
        held = self._held.pop(id, None)
        self._keys.revoke(id, by)
        if held is not None:
            await _close(held.line.socket if held.line else None, "This desk does not know this station any more.")
            self._tell(Update(id, "revoked"))

    async def _try(self, pending: _Pending, code: str) -> bool:
        """Run one exchange with a station that waits; False where it has another code, or is gone."""
        exchange = Exchange("desk", code, pending.context)
        try:
            async with asyncio.timeout(HELLO_S):
                await pending.socket.send_text(wire.encode(wire.PairShare(share=exchange.share)))
                answer = wire.from_station(await pending.answers.get())
                if not isinstance(answer, wire.PairAnswer):
                    raise wire.MessageError("This is no answer.")
                agreed = exchange.agree(answer.share)
                is_right = agreed.is_proved("station", answer.proof)
                proof = agreed.proof("desk") if is_right else ""
                await pending.socket.send_text(wire.encode(wire.PairProof(proof=proof)))
        except (FormcheckError, TimeoutError, WebSocketDisconnect, RuntimeError):
            await self._drop(pending, "The exchange of keys broke off. Try again.")
            return False
        pending.wrong += not is_right
        if pending.wrong >= WRONG_OF_ONE:
            await self._drop(pending, "Wrong codes were typed.")
        return is_right

    async def _take_in(self, pending: _Pending, by: str) -> Known:
        known = Known(pending.request.station, pending.key, pending.request.name, by, self._now())
        self._keys.add(known)
        self._held[known.id] = _Held(known.id, known.name)
        waiting = self._pending.pop(known.id, None)
        self._tell(Update(known.id, "pairing"))
        if waiting is not None and waiting is not pending:  # it was back before this was written, and shows a code
            await _close(waiting.socket, "This station was paired meanwhile.")
        return known

    def _forget_old(self) -> None:
        """Stations that have waited too long are asked for a new code when they come back."""
        for pending in tuple(self._pending.values()):
            if self._now() - pending.request.since_s > PENDING_S:
                self._pending.pop(pending.request.station)

    async def _drop(self, pending: _Pending, why: str) -> None:
        if self._pending.get(pending.request.station) is pending:
            self._pending.pop(pending.request.station)
            self._tell(Update(pending.request.station, "pairing"))
        await _close(pending.socket, why)

    # -- connections -------------------------------------------------------------------------------------------

    async def serve(self, socket: WebSocket) -> None:
        """One connection of a station, from the first word to the last; `station_route` calls it."""
        await socket.accept()
        try:
            await self._serve(socket)
        except wire.MessageError as error:
            await _close(socket, error.text)
        except TimeoutError:
            await _close(socket, "Nothing was heard for too long.")
        except (WebSocketDisconnect, RuntimeError):
            pass  # it is gone; it comes back when it can

    async def _serve(self, socket: WebSocket) -> None:
        nonce = secrets.token_hex(32)
        await socket.send_text(wire.encode(wire.Challenge(nonce=nonce)))
        hello = wire.from_station(await _next(socket, HELLO_S))
        if not isinstance(hello, wire.Hello):
            raise wire.MessageError("A station says first who it is.")
        context = context_of(hello.key, nonce, self._fingerprint)
        if not is_signed(hello.key, context, hello.signature):
            raise wire.MessageError(
                "This signature is not the station's, or the station sees another certificate than the desk's."
            )
        id = station_id(hello.key)
        if id in self._held:
            await self._lead(self._held[id], socket)
        else:
            await self._wait_for_code(id, hello, socket, context)

    async def _wait_for_code(self, id: str, hello: wire.Hello, socket: WebSocket, context: bytes) -> None:
        """A station that is not known waits until somebody types its code; then it comes again, and is known."""
        self._forget_old()
        now = self._now()
        is_often = len(self._asked) == ASKED_MAX and now - self._asked[0] < WITHIN_S
        if is_often or len(self._pending) - (id in self._pending) >= PENDING_MAX:
            raise wire.MessageError("Too many stations ask to be paired. Wait some minutes.")
        self._asked.append(now)
        pending = _Pending(PairingRequest(id, hello.name, now), hello.key, socket, context)
        before, self._pending[id] = self._pending.get(id), pending
        if before is not None:
            await _close(before.socket, "This station has connected again.")
        await socket.send_text(wire.encode(wire.Unpaired()))
        self._tell(Update(id, "pairing"))
        try:
            while True:
                text = await _next(socket, PENDING_S)
                if pending.answers.full():
                    raise wire.MessageError("Nothing was asked of this station.")
                pending.answers.put_nowait(text)
        finally:
            if self._pending.get(id) is pending:
                self._pending.pop(id)
                self._tell(Update(id, "pairing"))

    async def _lead(self, held: _Held, socket: WebSocket) -> None:
        """A station that is known, until it is gone."""
        before, line = held.line, _Line(socket)
        held.line = line
        if before is not None:
            await _close(before.socket, "This station has connected again.")
        await socket.send_text(wire.encode(wire.Welcome(station=held.id, desk=self._name)))
        self._tell(Update(held.id, "online"))
        try:
            while True:
                message = line.take(await _next(socket, SILENT_S, wire.MESSAGE_MAX))
                held.heard_s = self._now()
                await self._take(held, line, message)
        finally:
            for number, answer in line.answers.items():
                if not answer.done():
                    answer.set_result(wire.Done(id=number, ok=False, text=WENT_AWAY))
            if held.line is line:
                held.line = None
                self._tell(Update(held.id, "offline"))

    async def _take(self, held: _Held, line: _Line, message: wire.FromStation) -> None:
        if isinstance(message, wire.EntrySaid):
            await self._keep(held, line, message)
        elif isinstance(message, wire.Frame):
            held.frame = message
            self._tell(Update(held.id, "frame", message))
        elif isinstance(message, wire.Status):
            held.status = message
            await self._settle(held, message)
            self._tell(Update(held.id, "status", message))
        elif isinstance(message, wire.CueSaid):
            self._tell(Update(held.id, "cue", message))
        elif isinstance(message, wire.Done):
            answer = line.answers.get(message.id)
            if answer is not None and not answer.done():
                answer.set_result(message)

    async def _settle(self, held: _Held, status: wire.Status) -> None:
        """A station that is in another session than before, and has nothing left to send, has left the one before."""
        if status.kept or status.session_id == held.settled:
            return
        try:
            await asyncio.to_thread(self._keeper.settle, held.id, status.session_id)
        except Exception as error:  # noqa: BLE001 - the server's own code; it is tried again with the next status
            structlog.get_logger(__name__).error("a session could not be ended", error=type(error).__name__)
        else:
            held.settled = status.session_id

    async def _keep(self, held: _Held, line: _Line, said: wire.EntrySaid) -> None:
        """Write it, and only then say so."""
        try:
            is_new = await asyncio.to_thread(self._keeper.keep, held.id, said)
        except Exception as error:  # noqa: BLE001 - the server's own code; the station keeps what isn't written
            structlog.get_logger(__name__).error("an entry could not be written", error=type(error).__name__)
            raise wire.MessageError("The desk can't write just now. The station keeps what it has.") from None
        if is_new:
            held.entries.append(said)
            held.frame = None if said.kind == "set-end" else held.frame
            self._tell(Update(held.id, "entry", said))
        await line.say(wire.Ack(k=said.k))

    def _tell(self, update: Update) -> None:
        for listening in tuple(self._listening):
            listening.offer(update)


async def _next(socket: WebSocket, seconds: float, longest: int = wire.GREETING_MAX) -> str:
    """The next text that comes.

    Raises:
        TimeoutError: none came in so many seconds.
        WebSocketDisconnect: it is gone.
        MessageError: it is no text, or longer than so many signs.
    """
    async with asyncio.timeout(seconds):
        got = await socket.receive()
    if got["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(got.get("code", 1000))
    text = got.get("text")
    if not isinstance(text, str) or len(text) > longest:
        raise wire.MessageError("A message is text, and not that long.")
    return text


async def _close(socket: WebSocket | None, why: str) -> None:
    """Say why, and hang up."""
    if socket is None or socket.application_state is WebSocketState.DISCONNECTED:
        return
    with contextlib.suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
        async with asyncio.timeout(ANSWER_S):
            await socket.send_text(wire.encode(wire.Refused(why=why[: wire.WHY_MAX])))
            await socket.close(1008)


def station_route(hub: Hub, path: str = wire.PATH) -> WebSocketRoute:
    """The route for stations. Serve it with `ws_max_size=wire.MESSAGE_MAX` (uvicorn)."""
    return WebSocketRoute(path, hub.serve, name="station")
