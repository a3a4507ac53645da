"""`formcheck desk`: the supervisor's page."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from formcheck.cli.consoles import err, out
from formcheck.cli.kiosk_ticket import opened
from formcheck.cli.opening import WhereOption, sources
from formcheck.system.data import data_folder
from formcheck.system.errors import FormcheckError, UsageError
from formcheck.system.shown import shown

if TYPE_CHECKING:  # the desk loads its server; `--help` answers without it
    from formcheck.desk.certificate import Tls
    from formcheck.desk.server import Parts
    from formcheck.desk.tickets import TicketMaker

FOLDER = "desk"
commands = typer.Typer(
    pretty_exceptions_enable=False, invoke_without_command=True, help="The supervisor's page, and forgetting a desk."
)


@commands.command()
def forget(
    address: Annotated[str, typer.Argument(help="As it was given to --desk, such as 192.168.1.20:8443.")],
) -> None:
    """Forget a desk that this computer was paired with, and what still waits for it."""
    try:
        from formcheck.desk.identity import Address, Identity
        from formcheck.desk.waiting import Waiting
    except ImportError as error:
        raise FormcheckError('The desk needs a few more packages: pip install "formcheck[desk]".') from error
    identity, desk = Identity(), Address.parse(address)
    if desk.name not in identity.desks:
        known = ", ".join(identity.desks) or "none"
        raise FormcheckError(f"This computer was not paired with {desk.name}. It was paired with: {known}.")
    identity.forget(desk)
    Waiting(identity, desk).clear()
    _say(f"{desk.name} is forgotten. Revoke this station at the desk too; with --desk it shows a new code.")


@commands.callback()
def desk(
    context: typer.Context,
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
    ticket_key: Annotated[
        Path | None, typer.Option("--ticket-key", help="Your key for tickets, as 'kiosk ticket new-key' made it.")
    ] = None,
    ticket_folder: Annotated[
        Path | None, typer.Option("--ticket-folder", help="The kiosk's folder of tickets, if numbers are to be typed.")
    ] = None,
    store: WhereOption = None,
) -> None:
    """Serve the supervisor's page: live stations, patients, corrections, signatures."""
    if context.invoked_subcommand is not None:
        return
    try:
        from formcheck.desk import server
    except ImportError as error:
        raise FormcheckError('The desk needs a few more packages: pip install "formcheck[desk]".') from error
    from formcheck.store import open_store

    has_tls = self_signed or tls_cert is not None
    server.check_host(host, has_tls=has_tls, has_accounts=True)
    place, hosts = folder or data_folder() / FOLDER, server.hosts_of(host, also_known_as or ())
    tls = _tls(place, hosts, tls_cert, tls_key, self_signed)
    parts = server.desk_of(
        place,
        lambda: open_store(store, sources=sources(), who="desk"),
        hosts=hosts,
        fingerprint=tls.fingerprint if tls else "",
        tickets=_tickets(ticket_key, ticket_folder),
    )
    try:
        server.check_host(host, has_tls=has_tls, has_accounts=bool(parts.desk.accounts.all()))
        _greet(parts, server.address_of(host, port, has_tls=has_tls), tls)
        running = server.server_of(parts, host, port, tls)
        running.run()
        if not running.started:
            raise FormcheckError(f"Port {port} of {host} can't be used. Is another desk running? Try --port.")
    finally:
        parts.close()


def _tickets(key: Path | None, folder: Path | None) -> TicketMaker | None:
    """What signs tickets for the kiosk; None where no key was given.

    Raises:
        FormcheckError: the key can't be read, or the folder is none.
    """
    if key is None and folder is None:
        return None
    if key is None:
        raise UsageError("Give --ticket-folder together with --ticket-key.")
    if folder is not None and not folder.is_dir():
        raise UsageError(f"{shown(folder)} is no folder. Make it, or check its path.")
    from formcheck.kiosk.at_desk import DeskTickets

    return DeskTickets(opened(key), folder)


def _tls(place: Path, hosts: Collection[str], cert: Path | None, key: Path | None, is_own: bool) -> Tls | None:
    """The certificate that was asked for.

    Raises:
        FormcheckError: what was asked for contradicts itself, or can't be read.
    """
    from formcheck.desk import certificate

    if (cert is None) != (key is None) or (is_own and cert is not None):
        raise UsageError("Give --tls-cert together with --tls-key, or --self-signed alone.")
    if cert is not None and key is not None:
        return certificate.given(cert, key)
    return certificate.self_made(place, hosts) if is_own else None


def _greet(parts: Parts, address: str, tls: Tls | None) -> None:
    """Say where the desk is and how it is recognised; to the first one of all, how to get in.

    Raises:
        FormcheckError: there is no store, or its key is not at hand.
    """
    from formcheck.store import StoreTroubleError

    try:
        parts.desk.records.store("desk")
    except StoreTroubleError as trouble:
        err.print(f"{trouble} The desk starts without it.", highlight=False, markup=False, soft_wrap=True)
    _say(f"The desk: {address}")
    if tls is not None:
        pairs = (tls.fingerprint[i : i + 2] for i in range(0, len(tls.fingerprint), 2))
        _say(f"SHA-256 of its certificate: {':'.join(pairs).upper()}")
    code = parts.desk.accounts.first_code()
    if code is not None:
        _say(f"Nobody has an account yet. Open {address}join and use this code, once: {code}")


def _say(text: str) -> None:
    out.print(text, highlight=False, markup=False, emoji=False, soft_wrap=True)  # ":AB:" is no picture here
