"""A station's end of the line to the desk: a thread that sends what it is handed and takes what it is told.

Whoever exercises never waits for it: what is handed over lies in memory, frames only the newest, events until the desk
has acknowledged them. When the desk is away it is tried again; what was kept is sent then, and may arrive twice.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Literal, get_args

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidState
from websockets.sync.client import ClientConnection, connect

from formcheck import __version__
from formcheck.core.text import marked
from formcheck.desk import wire
from formcheck.desk.identity import Address, Identity
from formcheck.desk.pairing import Exchange, context_of, fingerprint_of, new_code
from formcheck.desk.shared_socket import SharedSocket
from formcheck.desk.waiting import Waiting
from formcheck.system.errors import FormcheckError

KEPT_MAX = 20_000
"""Entries that are kept while the desk is away: some days of sets. Beyond it the oldest are given up and counted."""
WINDOW = 128
"""Entries that are sent ahead of their acknowledgement."""
WAITING_MAX = 64
"""Cues, answers and commands that wait at most."""
PAUSES_S = (1.0, 20.0)
"""Seconds between two attempts to reach the desk: at first, doubled each time, at most."""
CONNECT_S, ANSWER_S, CLOSE_S = 5.0, 10.0, 3.0
"""Seconds for a connection, for an answer in the greeting, and for what is left at the end."""
STALLED_MS = 10_000
"""Milliseconds after which a network that takes nothing counts as cut."""
EXCHANGES_OF_CODE, EXCHANGES_MAX = 3, 20
"""Codes that may be tried at one code, and in all before this program stops to ask."""
IDLE_S, SAVE_S = 0.5, 1.0
"""Seconds of one look at the line, and between two of what is put into the box while the desk is away."""

OTHER_DESK = marked("The desk shows another certificate than before. Somebody may stand between: ask the clinic's IT.")
FORGOTTEN = marked("The desk knows this station, but not the other way round. Revoke the station at the desk.")
TOO_MANY = marked("Too many wrong codes were tried. Start this program again.")

Where = Literal["away", "pairing", "connected", "refused", "closed"]
_GONE = (OSError, ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidState, TimeoutError, EOFError)


class RefusedError(FormcheckError):
    """The desk will not have this station, or the station not this desk."""


@dataclass(frozen=True, slots=True)
class LinkState:
    """How the line is."""

    where: Where = "away"
    code: str = ""
    """What is typed at the desk, while it is `pairing`."""
    text: str = ""
    """A sentence for the person where it is `refused`; where it is `away`, what the desk has said last."""
    desk: str = ""
    """What the desk calls itself, while it is `connected`."""


class Link:
    """The line of one station to one desk. Nothing is opened before `start`."""

    def __init__(
        self,
        address: Address,
        identity: Identity,
        *,
        name: str = "",
        pauses_s: tuple[float, float] = PAUSES_S,
        box: Waiting | None = None,
    ) -> None:
        """Prepare it.

        Args:
            address: of the desk.
            identity: the station's own key, and the desks that it knows.
            name: what the station calls itself at the desk; never a person's name.
            pauses_s: seconds between two attempts, the first and the longest.
            box: where what the desk has not taken waits on the disk; it waits in memory only, by default.
        """
        self._address, self._identity, self._pauses_s = address, identity, pauses_s
        self._name = name[: wire.NAME_MAX]
        self._new = threading.Condition()
        self._kept: deque[wire.EntrySaid] = deque()
        self._k = self._sent_k = 0
        self._box = box
        self._boxing = threading.Lock()
        self._rows: dict[int, int] = {}
        """Which row of the box an entry has, by its number."""
        self._boxed_k = 0
        """Up to which number the entries have been looked at for the box."""
        self._erased: list[int] = []
        """Rows that the desk has taken."""
        self._lost = 0
        self._frame: wire.Frame | None = None
        self._status: wire.Status | None = None
        self._short: deque[wire.CueSaid | wire.Done] = deque(maxlen=WAITING_MAX)
        self._commands: deque[wire.AnyCommand] = deque(maxlen=WAITING_MAX)
        self._state = LinkState()
        self._exchanges = 0
        self._is_cut = self._is_greeted = False
        self._until_s = float("inf")
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    # -- for the coach: none of it waits -----------------------------------------------------------------------

    @property
    def state(self) -> LinkState:
        """How the line is now."""
        return self._state

    @property
    def waiting(self) -> tuple[int, int]:
        """Entries that wait for the desk, and those that were given up."""
        return len(self._kept), self._lost

    def start(self) -> None:
        """Reach for the desk from now on; a second call changes nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="desk", daemon=True)
            self._thread.start()

    def forget(self) -> None:
        """Know the desk no more, erase what waits for it on the disk, and begin anew with a code.

        Raises:
            IdentityError: that can't be written.
        """
        self._identity.forget(self._address)
        if self._box is not None:
            self._box.clear()
        with self._new:
            self._rows, self._erased, self._boxed_k, self._exchanges = {}, [], 0, 0
        if self._state.where == "refused" and self._thread is not None:
            self._thread.join()
            self._set(LinkState())
            self._thread = None
            self.start()

    def show(self, frame: wire.Frame) -> None:
        """The newest picture's numbers; one that was not sent yet is dropped."""
        with self._new:
            self._frame = frame
            self._new.notify()

    def tell(self, status: wire.Status) -> None:
        """How the station is now, in place of how it was."""
        with self._new:
            self._status = status
            self._new.notify()

    def keep(self, said: wire.EntrySaid) -> None:
        """An entry, which must arrive; its number is given here."""
        with self._new:
            self._kept.append(said.model_copy(update={"k": self._k}))
            self._k += 1
            if len(self._kept) > KEPT_MAX:
                self._taken(self._kept.popleft())
                self._lost += 1
            self._new.notify()

    def pass_on(self, said: wire.CueSaid | wire.Done) -> None:
        """A cue that was heard, or what became of a command; lost where the desk is away."""
        with self._new:
            self._short.append(said)
            self._new.notify()

    def commands(self) -> list[wire.AnyCommand]:
        """What the desk wants, since the last call."""
        if not self._commands:
            return []
        with self._new:
            wanted = list(self._commands)
            self._commands.clear()
        return wanted

    def close(self, wait_s: float = CLOSE_S) -> None:
        """Send what is left for so many seconds, if the desk is there; what then is left waits in the box, if there is
        one."""
        if self._thread is None:
            return
        with self._new:
            self._until_s = time.monotonic() + wait_s
            self._closing.set()
            self._new.notify()
        self._thread.join(wait_s + IDLE_S)
        self._save()

    # -- the thread --------------------------------------------------------------------------------------------

    def _run(self) -> None:
        """Reach for the desk until it is enough."""
        self._load()
        first_s, most_s = self._pauses_s
        pause_s = first_s / 2
        while not self._closing.is_set() and self._state.where != "refused":
            self._is_greeted = False
            try:
                self._visit()
            except RefusedError as error:
                self._set(LinkState("refused", text=error.text))
                break
            except wire.MessageError as error:
                self._set(LinkState("away", text=error.text))
            except _GONE:
                self._set(LinkState("away"))
            else:
                self._set(LinkState("away"))
            pause_s = first_s if self._is_greeted else min(2 * pause_s, most_s)
            self._wait(pause_s)
        if self._state.where != "refused":
            self._set(LinkState("closed"))

    def _wait(self, seconds: float) -> None:
        """Wait for the next attempt; what comes meanwhile is put into the box."""
        until_s = time.monotonic() + seconds
        while not self._closing.is_set() and (left_s := until_s - time.monotonic()) > 0:
            self._save()
            self._closing.wait(min(left_s, SAVE_S))

    def _load(self) -> None:
        """What waited in the box since an earlier run comes first."""
        found = self._box.waiting() if self._box is not None else []
        with self._new:
            entries = [*(said for _, said in found), *self._kept]
            self._kept = deque(said.model_copy(update={"k": k}) for k, said in enumerate(entries))
            self._rows = {k: row for k, (row, _) in enumerate(found)}
            self._k, self._boxed_k = len(self._kept), len(found)

    def _save(self) -> None:
        """Put what the desk has not taken into the box, and take out of it what it has."""
        if self._box is None:
            return
        with self._boxing:
            with self._new:
                erased, self._erased = self._erased, []
                fresh = [said for said in self._kept if said.k >= self._boxed_k and said.is_kept]
                until = self._k
            self._box.take_off(erased)
            rows = self._box.put(fresh)
            with self._new:
                if rows is None:
                    return
                self._rows |= {said.k: row for said, row in zip(fresh, rows, strict=True)}
                self._boxed_k = until
                kept = {said.k for said in self._kept}
                for said in fresh:
                    if said.k not in kept:  # the desk has taken it meanwhile
                        self._taken(said)

    def _taken(self, said: wire.EntrySaid) -> None:
        """An entry is kept no more: the desk has it, or too many wait."""
        row = self._rows.pop(said.k, None)
        if row is not None:
            self._erased.append(row)

    def _set(self, state: LinkState) -> None:
        self._state = state

    def _visit(self) -> None:
        """One connection, from its beginning to its end."""
        plain, fingerprint = _reach(self._address)
        try:
            pinned = self._identity.pinned(self._address)
            if pinned is not None and pinned != fingerprint:
                raise RefusedError(OTHER_DESK)
            host = f"[{self._address.host}]" if ":" in self._address.host else self._address.host
            uri = f"ws://{host}{wire.PATH}"
            with connect(
                uri, sock=plain, proxy=None, compression=None, max_size=wire.MESSAGE_MAX, open_timeout=ANSWER_S,
                close_timeout=1.0, ping_interval=5.0, ping_timeout=10.0,
            ) as line:  # fmt: skip
                self._greet(line, fingerprint, is_pinned=pinned is not None)
        finally:
            plain.close()

    def _greet(self, line: ClientConnection, fingerprint: str, *, is_pinned: bool) -> None:
        challenge = _told(line)
        if not isinstance(challenge, wire.Challenge):
            raise wire.MessageError("A desk says first what is to be signed.")
        context = context_of(self._identity.key, challenge.nonce, fingerprint)
        hello = wire.Hello(
            key=self._identity.key, name=self._name, app=__version__, signature=self._identity.sign(context)
        )
        line.send(wire.encode(hello))
        answer = _told(line)
        if isinstance(answer, wire.Unpaired):
            self._is_greeted = self._pair(line, context, fingerprint)
        elif not isinstance(answer, wire.Welcome):
            raise wire.MessageError("A desk says whether it knows the station.")
        elif not is_pinned:
            raise RefusedError(FORGOTTEN)
        else:
            self._is_greeted = True
            self._set(LinkState("connected", desk=answer.desk))
            self._work(line)

    def _pair(self, line: ClientConnection, context: bytes, fingerprint: str) -> bool:
        """Show a code until somebody types it at the desk; whether both ends have proved it."""
        code = new_code()
        self._set(LinkState("pairing", code=code))
        for _ in range(EXCHANGES_OF_CODE):
            share = self._await_share(line)
            if share is None:
                return False
            self._exchanges += 1
            if self._exchanges > EXCHANGES_MAX:
                raise RefusedError(TOO_MANY)
            exchange = Exchange("station", code, context)
            agreed = exchange.agree(share.share)
            line.send(wire.encode(wire.PairAnswer(share=exchange.share, proof=agreed.proof("station"))))
            proof = _told(line)
            if not isinstance(proof, wire.PairProof):
                raise wire.MessageError("A desk proves that it has the code.")
            if agreed.is_proved("desk", proof.proof):
                self._identity.pin(self._address, fingerprint)
                return True
        return False

    def _await_share(self, line: ClientConnection) -> wire.PairShare | None:
        """What the desk sends once a code was typed; None where this program ends before."""
        while not self._closing.is_set():
            with contextlib.suppress(TimeoutError):
                share = _told(line, IDLE_S)
                if not isinstance(share, wire.PairShare):
                    raise wire.MessageError("A desk sends its share first.")
                return share
        return None

    # -- a line that is open -----------------------------------------------------------------------------------

    def _work(self, line: ClientConnection) -> None:
        with self._new:
            self._sent_k = self._kept[0].k if self._kept else self._k
            self._is_cut, self._frame = False, None
            self._short.clear()  # they belong to what was asked on another line
            self._commands.clear()
        reader = threading.Thread(target=self._listen, args=(line,), name="desk-reader", daemon=True)
        reader.start()
        try:
            self._write(line)
        finally:
            with contextlib.suppress(*_GONE):
                line.close()
            reader.join(2.0)

    def _write(self, line: ClientConnection) -> None:
        n = 0
        while not self._is_cut:
            with self._new:
                self._new.wait_for(self._has_work, IDLE_S)
                if self._is_over():
                    return
                said, has_erased = self._take(), bool(self._erased)
            if has_erased:
                self._save()
            for each in said:
                line.send(wire.encode(wire.numbered(each, n)))
                n += 1

    def _is_over(self) -> bool:
        is_done = not self._kept or time.monotonic() > self._until_s
        return self._closing.is_set() and is_done

    def _has_work(self) -> bool:
        may_send = bool(self._kept) and self._sent_k < min(self._k, self._kept[0].k + WINDOW)
        return bool(may_send or self._frame or self._status or self._short or self._is_cut or self._is_over())

    def _take(self) -> list[wire.Numbered]:
        """What is to be said now, events first."""
        said: list[wire.Numbered] = []
        if self._kept:
            first = self._kept[0].k
            self._sent_k = max(self._sent_k, first)  # what was given up meanwhile is not sent
            until = min(self._k, first + WINDOW)
            said += [self._kept[k - first] for k in range(self._sent_k, until)]
            self._sent_k = max(self._sent_k, until)
        said += self._short
        self._short.clear()
        if self._status is not None:
            kept, lost = len(self._kept), self._lost
            said.append(self._status.model_copy(update={"kept": kept, "lost": lost}))
        said += [self._frame] if self._frame is not None else []
        self._frame = self._status = None
        return said

    def _listen(self, line: ClientConnection) -> None:
        """Take what the desk says, until the line is cut."""
        n = 0
        try:
            for text in line:
                message = wire.from_desk(text)
                if isinstance(message, wire.Refused):
                    break
                if not isinstance(message, wire.Numbered) or message.n != n:
                    raise wire.MessageError("A message came twice, or out of turn.")
                n += 1
                self._hear(message)
        except (*_GONE, wire.MessageError):
            pass
        finally:
            with self._new:
                self._is_cut = True
                self._new.notify()

    def _hear(self, message: wire.Numbered) -> None:
        with self._new:
            if isinstance(message, wire.Ack):
                while self._kept and self._kept[0].k <= message.k:
                    self._taken(self._kept.popleft())
                self._new.notify()
            elif isinstance(message, get_args(wire.AnyCommand)):
                self._commands.append(message)


def _told(line: ClientConnection, seconds: float = ANSWER_S) -> wire.FromDesk:
    """What the desk says next.

    Raises:
        TimeoutError: nothing, in so many seconds.
        MessageError: it makes no sense, or the desk refuses; of the latter the text is told.
    """
    message = wire.from_desk(line.recv(timeout=seconds))
    if isinstance(message, wire.Refused):
        raise wire.MessageError(message.why)
    return message


def _reach(address: Address) -> tuple[socket.socket, str]:
    """A connection to the desk, and the fingerprint of the certificate that it shows; nothing was said to it yet.

    Who made the certificate is not asked: which one it is was proved when the station was paired.
    """
    plain = socket.create_connection((address.host, address.port), CONNECT_S)
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED_MS)
        if not address.is_secure:
            plain.settimeout(None)
            return plain, ""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.sslsocket_class = SharedSocket
        secure = context.wrap_socket(plain, server_hostname=address.host)
        assert isinstance(secure, SharedSocket)
        secure.share()
        return secure, fingerprint_of(secure.getpeercert(binary_form=True) or b"")
    except BaseException:
        plain.close()
        raise
