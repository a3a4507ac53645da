"""The desk as one process: the pages, the stations' socket, and who may listen where."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp
from websockets.exceptions import InvalidState

from formcheck.desk import (
    agreement_pages,
    file_pages,
    history_pages,
    house_pages,
    live,
    nobodys,
    people_pages,
    program_pages,
    session_pages,
    wire,
)
from formcheck.desk.accounts import Accounts
from formcheck.desk.book import Book
from formcheck.desk.certificate import Tls
from formcheck.desk.hub import Hub, station_route
from formcheck.desk.keeping import BookKeys, StoreKeeper
from formcheck.desk.patience import PatientProtocol, Rate
from formcheck.desk.records import Records
from formcheck.desk.security import Guard
from formcheck.desk.tickets import TicketMaker
from formcheck.desk.tile import Board
from formcheck.desk.visit import Desk, broken, environment, missing
from formcheck.session.registry import load_exercises
from formcheck.store import Store
from formcheck.system.errors import UsageError

LOCAL = frozenset(("127.0.0.1", "::1", "localhost"))
ANY = frozenset(("0.0.0.0", "::"))
BOOK = "desk.db"
CLOSING_S = 2
"""Seconds that browsers have to let go when the desk ends."""
HEADERS_MAX = 16 * 1024
"""Bytes of a request's line and headers."""
AT_ONCE = 200
"""Connections at once."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A desk that is put together, and what it is made of."""

    app: ASGIApp
    routes: Starlette
    """The same, without the guard around it: for whoever wants to know which pages there are."""
    desk: Desk
    hub: Hub
    book: Book

    def close(self) -> None:
        """Let go of store and book."""
        self.desk.records.close()
        self.book.close()


def desk_of(
    folder: Path,
    opening: Callable[[], Store],
    *,
    hosts: Collection[str] = LOCAL,
    fingerprint: str = "",
    now: Callable[[], float] = time.time,
    hasher: PasswordHasher | None = None,
    rate: Rate | None = None,
    tickets: TicketMaker | None = None,
) -> Parts:
    """Put a desk together. Nothing listens yet, and the store is opened when it is first needed.

    Args:
        folder: where accounts, stations and the certificate are kept.
        opening: opens the store.
        hosts: names under which the desk may be asked for.
        fingerprint: of its certificate; empty without TLS.
        now: seconds since 1970.
        hasher: argon2id with its costs; the library's where none is given.
        rate: how often one device may ask.
        tickets: signs tickets for the kiosk; None: this desk makes none.

    Raises:
        FormcheckError: the folder can't be used.
    """
    book = Book(folder / BOOK)
    records = Records(opening, book)
    installed = load_exercises().exercises
    keeper = StoreKeeper(records, book, installed)
    hub = Hub(
        BookKeys(book),
        keeper,
        name=socket.gethostname(),
        fingerprint=fingerprint,
        now=now,
    )
    board = Board(hub, keeper, installed)
    desk = Desk(Accounts(book, now, hasher), records, board, environment(), tickets)
    pages = [*house_pages.routes(desk), *live.routes(desk), *nobodys.routes(desk), *people_pages.routes(desk)]
    pages += [*session_pages.routes(desk), *program_pages.routes(desk), *file_pages.routes(desk)]
    pages += [*history_pages.routes(desk), *agreement_pages.routes(desk)]
    routes = Starlette(
        routes=[*pages, station_route(hub)],
        exception_handlers={HTTPException: missing, 404: missing, Exception: broken},
    )
    return Parts(Guard(routes, hosts, rate), routes, desk, hub, book)


def check_host(host: str, *, has_tls: bool, has_accounts: bool) -> None:
    """Refuse to listen where others could, without TLS and an account.

    Raises:
        UsageError: it is refused.
    """
    if host in LOCAL:
        return
    if not has_tls:
        raise UsageError(
            f"On {host} others can listen: use --self-signed, or --tls-cert and --tls-key. Without them the desk "
            "stays on 127.0.0.1."
        )
    if not has_accounts:
        raise UsageError(
            f"Nobody has an account yet. Start formcheck desk without --host first, make yours, then open it on {host}."
        )


def hosts_of(host: str, more: Collection[str] = ()) -> frozenset[str]:
    """Under which names and addresses a desk that listens there may be asked for."""
    names = {*LOCAL, host.lower(), *(each.lower() for each in more)} - ANY
    if host in LOCAL:
        return frozenset(names)
    own = socket.gethostname().lower()
    names.add(own)
    if host in ANY:
        with contextlib.suppress(OSError):
            names |= {str(each[4][0]).partition("%")[0] for each in socket.getaddrinfo(own, None)}
    return frozenset(names)


class Server(uvicorn.Server):
    """The server, which ends quietly also where a station hangs up at that very moment (uvicorn 0.54 raises then)."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let go of everybody."""
        with contextlib.suppress(InvalidState):
            await super().shutdown(sockets)


def server_of(parts: Parts, host: str, port: int, tls: Tls | None) -> uvicorn.Server:
    """What listens. It logs nothing: an address in a log says who was looked at, and when."""
    return Server(
        uvicorn.Config(
            parts.app,
            host=host,
            port=port,
            ssl_certfile=tls.certificate if tls else None,
            ssl_keyfile=tls.key if tls else None,
            access_log=False,
            log_config=None,
            log_level="critical",
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            http=PatientProtocol,
            ws="websockets-sansio",
            ws_max_size=wire.MESSAGE_MAX,
            h11_max_incomplete_event_size=HEADERS_MAX,
            limit_concurrency=AT_ONCE,
            timeout_graceful_shutdown=CLOSING_S,
        )
    )


def address_of(host: str, port: int, *, has_tls: bool) -> str:
    """What is typed into a browser."""
    name = socket.gethostname() if host in ANY else host
    with contextlib.suppress(ValueError):
        name = f"[{name}]" if ipaddress.ip_address(name).version == 6 else name
    return f"{'https' if has_tls else 'http'}://{name}:{port}/"
