"""A desk that runs: a real server on this machine, in a thread; and a cable to it that can be cut."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self, TypeVar

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from starlette.applications import Starlette

from formcheck.desk import wire
from formcheck.desk.hub import Hub, Known, Update, station_route
from formcheck.desk.identity import Address
from formcheck.desk.link import Link
from formcheck.desk.pairing import fingerprint_of

T = TypeVar("T")
PATIENCE_S = 30.0
"""How long something may take on a machine that has much to do; it is never waited for when it has happened."""
PAUSES_S = (0.02, 0.1)
"""Seconds between two attempts of a station in these tests."""


def until(happened: Callable[[], T], what: str = "it") -> T:
    """Wait until something is so, and hand it back."""
    ends_s = time.monotonic() + PATIENCE_S
    while not (found := happened()):
        assert time.monotonic() < ends_s, f"{what} never happened"
        time.sleep(0.002)
    return found


class Desk:
    """A server with a hub, on a free port of 127.0.0.1."""

    def __init__(self, hub: Hub | None = None, *, certificate: tuple[Path, Path] | None = None, port: int = 0) -> None:
        self.hub = hub or Hub(name="Desk 1")
        self._socket = socket.create_server(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        files = {"ssl_certfile": certificate[0], "ssl_keyfile": certificate[1]} if certificate else {}
        config = uvicorn.Config(
            Starlette(routes=[station_route(self.hub)]), log_config=None, ws="websockets-sansio",
            ws_max_size=wire.MESSAGE_MAX, lifespan="off", timeout_graceful_shutdown=1, **files,  # type: ignore[arg-type]
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        until(lambda: self._server.started, "the server's start")
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            await self._server.serve(sockets=[self._socket])

        asyncio.run(serve())

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something of the hub on its own loop."""
        return self.begin(work).result(PATIENCE_S)

    def begin(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin something on the hub's loop; it goes on there."""
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def ask(self, what: Callable[[], T]) -> T:
        """Ask the hub something on its own loop."""

        async def asked() -> T:
            return what()

        return self.call(asked())

    def gather(self, into: list[Update]) -> Callable[[], None]:
        """Note all updates, as a browser would; returns what ends it."""

        async def listen() -> None:
            with self.hub.listen() as listening:
                began.set()
                async for update in listening:
                    into.append(update)  # noqa: PERF401 - each one is wanted as it comes

        began = threading.Event()
        future = self.begin(listen())
        assert began.wait(PATIENCE_S)

        def end() -> None:
            future.cancel()

        return end

    @property
    def address(self) -> Address:
        return Address.parse(f"127.0.0.1:{self.port}")


def paired(desk: Desk, link: Link) -> Known:
    """Start a station, and type its code at the desk."""
    link.start()
    code = until(lambda: link.state.code, "a code")
    until(lambda: desk.ask(desk.hub.pairings), "a request")
    known = desk.call(desk.hub.pair(code, "clinician"))
    until(lambda: link.state.where == "connected", "the connection")
    return known


class Cable:
    """Between a station and a desk: all goes through, until it is cut."""

    def __init__(self, port: int) -> None:
        self.to = port
        """Where it leads, from the next connection on."""
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._lock = threading.Lock()
        self.is_open = True
        self.heard = bytearray()
        """What went from the station to the desk, framing and all."""
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End all connections at once, without a word."""
        with self._lock:
            for end in self._ends:
                with contextlib.suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
            self._ends.clear()

    def close(self) -> None:
        self.is_open = False
        self.cut()
        self._door.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
                if not self.is_open:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                return
            with self._lock:
                self._ends += [near, far]
            threading.Thread(target=self._pump, args=(near, far, self.heard), daemon=True).start()
            threading.Thread(target=self._pump, args=(far, near, None), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, note: bytearray | None) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if note is not None:
                    note += data
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)


def certificate(folder: Path, name: str = "desk") -> tuple[tuple[Path, Path], str]:
    """A self-made certificate: its files, and its fingerprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / f"{name}.crt", folder / f"{name}.key"
    files[0].write_bytes(made.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files, fingerprint_of(made.public_bytes(Encoding.DER))


def _cut(end: socket.socket) -> None:
    """End a line, and let go of it."""
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


class Between:
    """Somebody between a station and a desk: he ends the station's TLS with a certificate of his own and begins another
    one with the desk, and passes on what both say."""

    def __init__(self, port: int, own: tuple[Path, Path], desks: tuple[Path, Path]) -> None:
        self._to = port
        self._near = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._near.load_cert_chain(*own)
        self._far = ssl.create_default_context(cafile=str(desks[0]))
        self._far.check_hostname = False
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._is_over = False

    def __enter__(self) -> Self:
        self._begin(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)  # whoever waits at the door goes on
        self._door.close()
        for thread in list(self._threads):
            for end in list(self._ends):
                _cut(end)
            thread.join(PATIENCE_S)
        for end in self._ends:
            _cut(end)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while not self._is_over:
                plain, _ = self._door.accept()
                self._begin(self._serve, plain)

    def _serve(self, plain: socket.socket) -> None:
        """One station; what goes wrong with it is nobody else's trouble."""
        self._ends.append(plain)
        with contextlib.suppress(OSError):
            near = self._near.wrap_socket(plain, server_side=True)
            self._ends.append(near)
            bare = socket.create_connection(("127.0.0.1", self._to))
            self._ends.append(bare)
            far = self._far.wrap_socket(bare)
            self._ends.append(far)
            self._begin(self._pump, near, far)
            self._begin(self._pump, far, near)

    def _begin(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)
