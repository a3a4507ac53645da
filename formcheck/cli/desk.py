"""`formcheck desk`: the supervisor's page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.consoles import err, out
from formcheck.cli.opening import WhereOption, sources
from formcheck.system.data import data_folder
from formcheck.system.errors import FormcheckError, UsageError

FOLDER = "desk"


def desk(
    host: Annotated[str, typer.Option("--host", help="Address to listen on; another one than this needs TLS.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8443,
    tls_cert: Annotated[Path | None, typer.Option("--tls-cert", help="Certificate, PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option("--tls-key", help="Its key, PEM.")] = None,
    self_signed: Annotated[
        bool, typer.Option("--self-signed", help="Make a certificate and keep it; its fingerprint is printed.")
    ] = False,
    also_known_as: Annotated[
        list[str] | None, typer.Option("--also-known-as", help="Another name of this computer in the network.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Where accounts and stations are kept; default: your data folder.")
    ] = None,
    store: WhereOption = None,
) -> None:
    """Serve the supervisor's page: live stations, patients, corrections, signatures."""
    try:
        from formcheck.desk import certificate, server
    except ImportError as error:
        raise FormcheckError('The desk needs a few more packages: pip install "formcheck[desk]".') from error
    from formcheck.store import Store, StoreTroubleError, open_store

    if (tls_cert is None) != (tls_key is None) or (self_signed and tls_cert is not None):
        raise UsageError("Give --tls-cert together with --tls-key, or --self-signed alone.")
    server.check_host(host, has_tls=self_signed or tls_cert is not None, has_accounts=True)
    place, hosts = folder or data_folder() / FOLDER, server.hosts_of(host, also_known_as or ())
    tls = certificate.self_made(place, hosts) if self_signed else None
    if tls_cert is not None and tls_key is not None:
        tls = certificate.given(tls_cert, tls_key)

    def opening() -> Store:
        return open_store(store, sources=sources(), who="desk")

    parts = server.desk_of(place, opening, hosts=hosts, fingerprint=tls.fingerprint if tls else "")
    try:
        server.check_host(host, has_tls=tls is not None, has_accounts=bool(parts.desk.accounts.all()))
        try:
            parts.desk.records.store("desk")
        except StoreTroubleError as trouble:
            _say(f"{trouble} The desk starts without it.", is_result=False)
        _say(f"The desk: {server.address_of(host, port, has_tls=tls is not None)}")
        if tls is not None:
            pairs = (tls.fingerprint[i : i + 2] for i in range(0, len(tls.fingerprint), 2))
            _say(f"SHA-256 of its certificate: {':'.join(pairs).upper()}")
        code = parts.desk.accounts.first_code()
        if code is not None:
            _say(f"Nobody has an account yet. Open /join there and use this code, once: {code}")
        running = server.server_of(parts, host, port, tls)
        running.run()
        if not running.started:
            raise FormcheckError(f"Port {port} of {host} can't be used. Is another desk running? Try --port.")
    finally:
        parts.close()


def _say(text: str, is_result: bool = True) -> None:
    (out if is_result else err).print(text, highlight=False, markup=False, soft_wrap=True)
