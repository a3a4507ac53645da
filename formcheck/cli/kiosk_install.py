"""`formcheck kiosk install`, `uninstall`, `update`, `rollback`, `wheelhouse` and `pin`: what an administrator does."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from formcheck.cli.consoles import err, out
from formcheck.system.errors import FormcheckError, UsageError
from formcheck.system.shown import shown

if TYPE_CHECKING:  # `--help` answers without loading what signs, hashes and checks
    from collections.abc import Iterable

    from formcheck.kiosk.install import Change, Command
    from formcheck.kiosk.update import Place
    from formcheck.kiosk.wanted import Display

commands = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The clinic's kiosk: install it, update it from a stick, make the staff's PIN.",
)


CONSTRAINTS = (Path("constraints.txt"), Path("packaging", "pip.txt"))
"""Of the source that is built from, in whose folder the command is given."""

RootOption = Annotated[Path | None, typer.Option("--root", help="A folder that stands for the machine's root.")]
PrefixOption = Annotated[Path | None, typer.Option("--prefix", help="Where the versions lie; default: /opt/formcheck.")]


def _print(text: str) -> None:
    out.print(text, highlight=False, markup=False, soft_wrap=True)


@commands.command()
def install(
    user: Annotated[str, typer.Option("--user", help="The system user that it runs as; it is made.")] = "formcheck",
    config: Annotated[str, typer.Option("--config", help="The clinic's file.")] = "/etc/formcheck/kiosk.toml",
    display: Annotated[
        str, typer.Option("--display", help="cage (a compositor for one window), kms (none), x11 (a server at :0).")
    ] = "cage",
    tty: Annotated[str, typer.Option("--tty", help="The console that it takes.")] = "tty1",
    camera: Annotated[str, typer.Option("--camera", help="USB vendor:product, as lsusb shows it; default: any.")] = "",
    desk_address: Annotated[str, typer.Option("--desk-address", help="Allow this one address: the desk's.")] = "",
    store_address: Annotated[str, typer.Option("--store-address", help="Allow this one address: the store's.")] = "",
    root: RootOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show every file and why; change nothing.")] = False,
) -> None:
    """Write the system user, the unit with its fences, and the files around it; say what to run then."""
    from formcheck.kiosk import install as installing
    from formcheck.kiosk.wanted import Wanted

    addresses = tuple(dict.fromkeys(address for address in (desk_address, store_address) if address))
    wanted = Wanted(user, config, _display(display), tty, addresses, camera)
    if dry_run:
        _print(installing.explained(wanted))
        return
    installing.check_machine(root)
    _tell(installing.install(wanted, root or Path("/")), installing.commands(wanted))


def _display(text: str) -> Display:
    from formcheck.kiosk.wanted import Display

    found = next((name for name in get_args(Display) if name == text), None)
    if found is None:
        raise UsageError("--display is cage, kms or x11.")
    return cast("Display", found)


@commands.command()
def uninstall(root: RootOption = None) -> None:
    """Take back every file that install wrote; what was there before comes back."""
    from formcheck.kiosk import install as installing

    installing.check_machine(root)
    if root is None:
        _print("First, if it runs: systemctl disable --now formcheck-kiosk.service formcheck-kiosk-update.path")
    _tell(installing.uninstall(root or Path("/")), installing.undoing())


def _tell(changes: Iterable[Change], todo: Iterable[Command]) -> None:
    for change in changes:
        _print(f"{change.done:<11} {change.path}{f' ({change.note})' if change.note else ''}")
    _print("\nThen run, as root:\n")
    for command in todo:
        _print(f"  {command.line:<62} # {command.why}")


@commands.command()
def update(
    stick: Annotated[Path, typer.Argument(help="Where the stick is mounted.")],
    signed: Annotated[bool, typer.Option("--signed", help="Take nothing that the vendor has not signed.")] = False,
    config: Annotated[Path | None, typer.Option("--config", help="The clinic's file.")] = None,
    prefix: PrefixOption = None,
    vendor_key: Annotated[
        Path | None, typer.Option("--vendor-key", help="The vendor's public key; default: /etc/formcheck/vendor.pub.")
    ] = None,
) -> None:
    """Install the version on a stick beside the present one, try it, and switch to it. What fails changes nothing."""
    from formcheck.kiosk.update import update as updating

    place = _place(prefix, vendor_key, config)
    found = updating(stick, place, needs_signature=signed, told=lambda step: err.print(f"{step} …", highlight=False))
    if not found.is_signed:
        _print("Checked by its hashes only: no vendor's key is set. Whoever made the stick is trusted.")
    if found.was_there:
        _print(f"FormCheck {found.version} is installed already. Nothing was changed.")
        return
    _print(f"FormCheck {found.version} is installed. Run: systemctl restart formcheck-kiosk")
    if found.before is not None:
        _print("The version before it is kept: 'formcheck kiosk rollback' goes back.")


@commands.command()
def rollback(prefix: PrefixOption = None) -> None:
    """Go back to the version before the present one."""
    from formcheck.kiosk.update import rollback as going_back

    name = going_back(_place(prefix))
    _print(f"FormCheck {name} is in use again. Run: systemctl restart formcheck-kiosk")


def _place(prefix: Path | None, vendor_key: Path | None = None, config: Path | None = None) -> Place:
    if sys.platform != "linux":
        raise UsageError("A kiosk is updated on Linux. On other systems install FormCheck again.")
    from formcheck.kiosk import update as updating

    usual = updating.Place()
    return updating.Place(prefix or usual.prefix, vendor_key or usual.vendor_key, config)


@commands.command()
def wheelhouse(
    folder: Annotated[Path, typer.Argument(help="An empty folder on the stick.")],
    wheel: Annotated[Path, typer.Option("--wheel", help="FormCheck's wheel, from 'make dist'.")],
    constraints: Annotated[
        list[Path] | None,
        typer.Option(
            "--constraints", help="Tested versions and hashes; default: constraints.txt and packaging/pip.txt."
        ),
    ] = None,
    extra: Annotated[list[str] | None, typer.Option("--extra", help="Such as clinic, for PostgreSQL.")] = None,
    find_links: Annotated[
        Path | None, typer.Option("--find-links", help="Take wheels from this folder and touch no network.")
    ] = None,
    sign: Annotated[
        Path | None, typer.Option("--sign", help="The vendor's secret key; made where there is no such file.")
    ] = None,
) -> None:
    """Make an update on a stick, on a computer with a network that is like the kiosk."""
    from formcheck.kiosk.wheelhouse import Wheelhouse, make_wheelhouse

    source = Wheelhouse(wheel, constraints or CONSTRAINTS, tuple(extra or ()), find_links, sign)
    manifest, key = make_wheelhouse(folder, source, date.today())
    _print(f"FormCheck {manifest.version}: {len(manifest.files) - 1} wheels in {shown(folder)}.")
    if key:
        _print(f"Signed. This line belongs into /etc/formcheck/vendor.pub of each kiosk:\n{key}")
    else:
        _print("Not signed: a kiosk checks it by its hashes only. With --sign FILE only your sticks are taken.")


@commands.command()
def pin() -> None:
    """Ask for a new PIN twice, and print the line for the clinic's file."""
    from formcheck.kiosk.pin import hash_pin

    first = typer.prompt("New PIN, 4 to 12 digits", hide_input=True, err=True)
    made = hash_pin(first)
    if typer.prompt("The same again", hide_input=True, err=True) != first:
        raise FormcheckError("These were two PINs. Try again.")
    err.print("Put this under [staff] in the clinic's file:", highlight=False)
    _print(f'pin = "{made}"')


def add_to(app: typer.Typer) -> None:
    """Put these commands among those of `formcheck kiosk`."""
    app.registered_commands.extend(commands.registered_commands)
