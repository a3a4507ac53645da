"""`formcheck kiosk`: the screen of a clinic that strangers use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli import kiosk_install, kiosk_ticket

commands = typer.Typer(help="A screen in a clinic that strangers use and nobody maintains.", no_args_is_help=False)
kiosk_install.add_to(commands)
commands.add_typer(kiosk_ticket.commands, name="ticket")


@commands.callback(invoke_without_command=True)
def kiosk(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", help="The clinic's TOML file; default: /etc/formcheck/kiosk.toml.")
    ] = None,
    worker: Annotated[bool, typer.Option("--worker", hidden=True)] = False,
    plain: Annotated[bool, typer.Option("--plain", hidden=True)] = False,
) -> None:
    """Run the kiosk: the attract page, a visit, a report, the wipe, and again."""
    if context.invoked_subcommand is not None:
        return
    from formcheck.kiosk.checking import check_config
    from formcheck.kiosk.config import load_config

    if worker:
        from formcheck.kiosk.worker import leave, work

        leave(work(config, is_plain=plain))
    check_config(load_config(config))  # a mistake is told here, once
    from formcheck.kiosk.supervisor import own_command, run

    command = [*own_command(), "kiosk", "--worker", *(["--config", str(config)] if config is not None else [])]
    test = [*own_command(), "doctor", "--kiosk", "--without-devices", "--json", "-"]
    test += ["--config", str(config)] if config is not None else []
    raise typer.Exit(run(command, test))
