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
    check: Annotated[
        bool, typer.Option("--check", help="Look over the file, say what is wrong in it, and end.")
    ] = False,
    worker: Annotated[bool, typer.Option("--worker", hidden=True)] = False,
    plain: Annotated[bool, typer.Option("--plain", hidden=True)] = False,
    sweep: Annotated[bool, typer.Option("--sweep", hidden=True)] = False,
) -> None:
    """Run the kiosk: the attract page, a visit, a report, the wipe, and again."""
    if context.invoked_subcommand is not None:
        return
    if worker:
        from formcheck.kiosk.worker import leave, work

        leave(work(config, is_plain=plain))
    if sweep:
        from formcheck.kiosk.config import load_config
        from formcheck.kiosk.spooler import sweep as sweep_printer

        sweep_printer(load_config(config).printer.name)
        return
    if check:
        from formcheck.kiosk.checking import check_config
        from formcheck.kiosk.config import load_config

        check_config(load_config(config))
        return
    from formcheck.kiosk.supervisor import is_in_order, own_command, run

    file = ["--config", str(config)] if config is not None else []
    if not is_in_order([*own_command(), "kiosk", "--check", *file]):  # a mistake is told here, once
        raise typer.Exit(1)
    command = [*own_command(), "kiosk", "--worker", *file]
    test = [*own_command(), "doctor", "--kiosk", "--without-devices", "--json", "-"]
    test += file
    raise typer.Exit(run(command, test, [*own_command(), "kiosk", "--sweep", *file]))
