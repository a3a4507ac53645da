"""The command line. Exit codes: 0 done, 1 other error, 2 wrong usage, 3 camera or file, 4 exercise, 5 settings."""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import structlog
import typer

from formcheck import __version__
from formcheck.cli import analyze, archive, desk, kiosk, report, run, store_commands, study, tools
from formcheck.cli.consoles import err, out
from formcheck.cli.options import (
    CameraOption,
    DeskOption,
    FullscreenOption,
    LanguageOption,
    MirrorOption,
    MuteOption,
    NoStoreOption,
    RotateOption,
    StoreOption,
    view_of,
)
from formcheck.system.errors import FormcheckError
from formcheck.system.stopping import Stopped

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="FormCheck watches your exercise through a webcam and coaches it. Everything stays on this machine.\n\n"
    "Without a command it opens the menu.",
    epilog="Exit codes: 0 done, 1 other error, 2 wrong usage, 3 camera or file can't be read, "
    "4 unknown exercise, 5 settings make no sense.",
)
cli.command("run")(run.run)
cli.command("session")(run.session)
cli.command("analyze")(analyze.analyze)
cli.add_typer(archive.cli, name="archive")
cli.add_typer(study.cli, name="study")
cli.command("demo")(run.demo)
cli.command("report")(report.report)
cli.command("exercises")(tools.exercises)
cli.command("new-exercise")(tools.new_exercise)
cli.command("cameras")(tools.cameras)
cli.command("doctor")(tools.doctor)
cli.add_typer(store_commands.commands, name="store")
cli.add_typer(kiosk.commands, name="kiosk")
cli.add_typer(desk.commands, name="desk")


def main() -> None:
    """Entry point: errors meant for the person are one sentence, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # Names of files need not be text, and a console need not know every sign: never a traceback over a name.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
    try:
        cli()
    except FormcheckError as error:
        err.print(f"[bold red]formcheck:[/] {str(error).replace('[', chr(92) + '[')}", highlight=False, soft_wrap=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except Stopped as stop:
        sys.exit(stop.exit_code)


@cli.callback(invoke_without_command=True)
def menu(
    context: typer.Context,
    source: CameraOption = "",
    fullscreen: FullscreenOption = False,
    mute: MuteOption = False,
    rotate: RotateOption = "0",
    mirror: MirrorOption = False,
    language: LanguageOption = None,
    store: StoreOption = None,
    no_store: NoStoreOption = False,
    desk_address: DeskOption = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Open the menu (without a command)."""
    if version:
        out.print(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        diary = run.diary_of(store, no_store, None, keep_poses=False)
        run.open_menu(
            source, view_of(rotate, mirror), diary, is_fullscreen=fullscreen, is_muted=mute, language=language,
            desk=desk_address,
        )  # fmt: skip


if __name__ == "__main__":
    main()
