"""`formcheck kiosk ticket`: the clinician's desk makes tickets for "My program" at the kiosk."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from formcheck.cli.consoles import out
from formcheck.system.errors import UsageError
from formcheck.system.files import check_results
from formcheck.system.shown import shown

if TYPE_CHECKING:  # loaded where it is used: `--help` answers without
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

commands = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, help="Tickets: programs for one person, signed by your desk."
)

PASSPHRASE = "FORMCHECK_TICKET_PASSPHRASE"
"""Where the passphrase of the key is, for whoever can't type it."""
KeyOption = Annotated[Path, typer.Option("--key", help="Your desk's key file, as new-key made it.")]


@commands.command("new-key")
def new_key(
    file: Annotated[Path, typer.Argument(help="The file to make. Whoever has it can make tickets.")],
    passphrase: Annotated[bool, typer.Option("--passphrase", help="Encrypt it; asks for a passphrase.")] = False,
) -> None:
    """Make your desk's key, once. Nothing is overwritten."""
    from formcheck.kiosk import desk

    desk.new_key(file, _asked(is_new=True) if passphrase else "")
    _say(f"Made {shown(file)}. Keep it at your desk, and a copy in a safe place.")
    _say("Next, for tickets.key of the kiosk's file: formcheck kiosk ticket key " + shown(file))


@commands.command("key")
def show_key(file: Annotated[Path, typer.Argument(help="Your desk's key file.")]) -> None:
    """Print the public key, for `tickets.key` of the kiosk's file. It is no secret."""
    from formcheck.kiosk import desk

    _say(desk.public_text(opened(file)))


@commands.command("make")
def make(
    program: Annotated[str, typer.Argument(help="A program's TOML file, or the name of one that ships.")],
    key: KeyOption,
    slip: Annotated[Path, typer.Option("--out", help="The slip to print: .png, .svg or .pdf.")],
    person: Annotated[
        str, typer.Option("--person", help="Pseudonym from the store (32 digits), never a name; default: nobody's.")
    ] = "",
    valid_days: Annotated[int, typer.Option("--valid-days", min=1, max=400, help="For how many days it holds.")] = 90,
    language: Annotated[str, typer.Option("--language", help="Of the person: en, fr or es; default: is asked.")] = "",
    title: Annotated[
        str, typer.Option("--title", help="What the kiosk's screen calls it, for all to see; no name.")
    ] = "",
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Where the ticket's file goes; default: beside the slip.")
    ] = None,
) -> None:
    """Make a ticket: a slip to hand over, and a file for the kiosk's folder so that its number can be typed."""
    from formcheck.kiosk import desk
    from formcheck.kiosk.slip import WRITERS, write_slip
    from formcheck.session.registry import load_exercises
    from formcheck.session.texts import languages

    if slip.suffix.lower() not in WRITERS:
        raise UsageError(f"{shown(slip)}: a slip is a .png, .svg or .pdf. Choose such a name.")
    if language and language not in languages():
        raise UsageError(f"There are no texts in {language}. Use {', '.join(languages())}.")
    check_results({"--out": slip}, [key, Path(program)])
    place = folder or slip.parent
    made = desk.make_ticket(
        program, opened(key), load_exercises(), date.today(),
        valid_days=valid_days, person=person, language=language, title=title, folder=place,
    )  # fmt: skip
    kept = desk.keep_ticket(made, place)
    write_slip(slip, made)
    _say(f"{shown(slip)}: print it and hand it over. Number {made.ticket.code}, valid until {made.ticket.expires}.")
    _say(f"{shown(kept)}: copy it to the kiosk's folder, if the number is to be typed there.")


def opened(file: Path) -> Ed25519PrivateKey:
    """The desk's key; its passphrase is asked for where it has one."""
    from formcheck.kiosk import desk

    try:
        return desk.read_key(file)
    except desk.NeedsPassphraseError:
        return desk.read_key(file, _asked(is_new=False))


def _asked(*, is_new: bool) -> str:
    """A passphrase: that of the environment, or one that is typed."""
    given = os.environ.get(PASSPHRASE)
    if given:
        return given
    if sys.stdin is None or sys.stdin.closed:
        raise UsageError(f"Nobody is here to type the passphrase. Set {PASSPHRASE}.")
    return str(typer.prompt("Passphrase of the desk's key", hide_input=True, confirmation_prompt=is_new))


def _say(text: str) -> None:
    out.print(text, highlight=False, markup=False, soft_wrap=True)
