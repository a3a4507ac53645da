"""`formcheck store`: what is in the store, backups, checks, and forgetting."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.progress import Progress

from formcheck.cli import export
from formcheck.cli.consoles import err, out
from formcheck.cli.opening import WhereOption, opened, sources
from formcheck.system.errors import FormcheckError, UsageError
from formcheck.system.files import check_results, write_text
from formcheck.system.shown import shown

commands = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, help="What is remembered: look, back up, check, forget."
)

commands.command("export")(export.export)

YesOption = Annotated[bool, typer.Option("--yes", help="Don't ask.")]
PersonArg = Annotated[str, typer.Argument(help="A name, a number, or a pseudonym (its beginning is enough).")]
Key = Literal["keyring", "credential", "passphrase", "none"]


@commands.command()
def create(
    store: WhereOption = None,
    key: Annotated[
        Key | None,
        typer.Option("--key", help="Where its key is kept; default: the safest place here."),
    ] = None,
) -> None:
    """Make a new store."""
    from formcheck.store import create_store
    from formcheck.store.upkeep import KEPT_WHERE

    at_hand = sources()
    kind = key or at_hand.best()
    if key is None and kind == "none":
        raise UsageError(
            "This machine has no place for a key. Use --key passphrase, or --key none to keep it without encryption."
        )
    with create_store(store, kind, at_hand) as made:
        out.print(
            f"A new store: {made.database.place.name}, {KEPT_WHERE[kind]}.",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )


@commands.command()
def status(
    store: WhereOption = None,
    json_out: Annotated[Path | None, typer.Option("--json", help="Write it here.")] = None,
) -> None:
    """What is in it, in numbers; no name is shown."""
    from formcheck.store import upkeep

    check_results({"--json": json_out}, [])
    with opened(store) as found:
        told = upkeep.status(found)
        people = found.people()
    if json_out is not None:
        write_text(json_out, json.dumps({"schema": "formcheck.store/1", **asdict(told)}, indent=2) + "\n")
    rows = {
        "Place": told.place,
        "Protection": "encrypted" if told.is_encrypted else "NOT encrypted",
        "Sessions": f"{told.sessions}, {told.open_sessions} of them going on",
        "People": str(told.people),
        "Pose streams": str(told.recordings),
        "Size": "not known" if told.bytes is None else f"{told.bytes / 1e6:.1f} MB",
        "Kept for": f"{told.retention_years} years" if told.retention_years else "as long as nobody erases it",
        "Schema": told.revision,
        "Audit": told.audit_head or "empty",
    }
    for what, value in rows.items():
        out.print(f"{what:<13} {value}", highlight=False, markup=False, soft_wrap=True)
    for person in people[:50]:
        held = ", held" if person.held else ""
        out.print(
            f"  {person.pseudonym}  since {person.created_utc[:10]}{held}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    _tell_what_lies_aside(told.place)


def _tell_what_lies_aside(place: str) -> None:
    path = Path(place)
    for aside in sorted(path.parent.glob(f"{path.name}.corrupt.*")) if path.is_file() else []:
        if not aside.name.endswith(("-wal", "-shm")):
            out.print(f"Put aside     {shown(aside)}: it was damaged", highlight=False, markup=False, soft_wrap=True)


@commands.command()
def verify(store: WhereOption = None) -> None:
    """Check the database, the schema, the audit's chain, every entry and every signature."""
    from formcheck.store import upkeep

    with opened(store) as found, Progress(console=err, transient=True) as progress:
        task = progress.add_task("Checking", total=None)
        report = upkeep.verify(found, lambda done, total: progress.update(task, completed=done, total=total))
    for problem in report.problems:
        err.print(f"[yellow]formcheck:[/] {problem}", highlight=False, soft_wrap=True)
    if not report.is_sound:
        raise FormcheckError(f"The store is not sound: {len(report.problems)} problems. Nothing was changed.")
    out.print(
        f"Sound: {report.sessions} sessions. Last row of the audit: {report.audit_head or 'none'}",
        highlight=False,
        soft_wrap=True,
    )


@commands.command()
def backup(
    to: Annotated[Path, typer.Argument(help="The file to write.")],
    store: WhereOption = None,
) -> None:
    """Write all of it to one file, as it is now; it may be in use."""
    from formcheck.store import backup as backups

    check_results({"TO": to}, [])
    with opened(store) as found:
        manifest = backups.save(found.database, to)
        found.note("backup", detail=f"{manifest.rows} rows")
    protection = "encrypted with the store's key" if found.keys.is_encrypted else "NOT encrypted"
    out.print(f"{shown(to)}: {manifest.rows} rows, {protection}.", highlight=False, markup=False, soft_wrap=True)


@commands.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A backup.")],
    store: WhereOption = None,
) -> None:
    """Put a backup into a new place: a file that is not there yet, or an empty database."""
    from formcheck.store.opening import restore_store

    with restore_store(source, store, sources()) as made:
        count = len(made.people())
        place = made.database.place.name
    out.print(f"Restored to {place}: {count} people.", highlight=False, markup=False, soft_wrap=True)


@commands.command()
def migrate(store: WhereOption = None) -> None:
    """Bring the schema up to date; a backup is written first."""
    with opened(store) as found:
        out.print(f"{found.database.place.name} is up to date.", highlight=False, markup=False, soft_wrap=True)


@commands.command("add-person")
def add_person(
    name: Annotated[str, typer.Argument(help="Kept in the vault only, encrypted.")] = "",
    number: Annotated[str, typer.Option("--number", help="Of the clinic's own file.")] = "",
    contact: Annotated[str, typer.Option("--contact")] = "",
    store: WhereOption = None,
) -> None:
    """Add somebody; prints the pseudonym under which their sessions are kept."""
    from formcheck.store import Identity

    with opened(store) as found:
        out.print(found.add_person(Identity(name, contact, number)), highlight=False, markup=False, soft_wrap=True)


@commands.command()
def hold(
    person: PersonArg,
    why: Annotated[str, typer.Option("--why", help="Why nothing of them may be deleted.")] = "",
    end: Annotated[bool, typer.Option("--end", help="The hold is over.")] = False,
    store: WhereOption = None,
) -> None:
    """Forbid that anything of somebody is deleted (legal hold)."""
    from formcheck.store import upkeep

    if bool(why) == end:
        raise UsageError("Say why with --why, or that it is over with --end.")
    with opened(store) as found:
        upkeep.hold(found, found.person(person), why or None)
    out.print("Held: nothing of this person is deleted." if why else "The hold is over.", highlight=False)


@commands.command()
def erase(
    person: PersonArg,
    keep_numbers: Annotated[
        bool, typer.Option("--keep-numbers", help="Keep what was measured, without anything that leads to them.")
    ] = False,
    yes: YesOption = False,
    store: WhereOption = None,
) -> None:
    """Forget somebody for good: key, name and sessions. Backups made before still hold them."""
    from formcheck.store import upkeep

    with opened(store) as found:
        pseudonym = found.person(person)
        count = len(found.kept(person=pseudonym))
        what = "the name, and the numbers stay without it" if keep_numbers else f"the name and {count} sessions"
        _ask(f"Erase {what} for good?", yes)
        upkeep.erase(found, pseudonym, keep_numbers=keep_numbers)
    out.print("Erased. Backups that were made before still hold it.", highlight=False)


@commands.command()
def purge(
    years: Annotated[int | None, typer.Option("--years", min=1, max=100, help="Default: as was set.")] = None,
    keep: Annotated[int | None, typer.Option("--set-years", min=0, max=100, help="From now on; 0 = for ever.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")] = False,
    yes: YesOption = False,
    store: WhereOption = None,
) -> None:
    """Delete the sessions of people whose last one is older than so many years."""
    from formcheck.store import upkeep

    with opened(store) as found:
        if keep is not None:
            upkeep.set_retention(found, keep or None)
            out.print(f"Kept for {keep} years." if keep else "Kept until somebody is erased.", highlight=False)
            return
        trial = upkeep.purge(found, years, is_trial=True)
        told = f"{len(trial.sessions)} sessions of {len(trial.people)} people, from before {trial.before_utc[:10]}"
        held = f" ({trial.held} more are held)" if trial.held else ""
        if dry_run or not trial.sessions:
            out.print(f"To delete: {told}{held}.", highlight=False)
            return
        _ask(f"Delete {told} for good?", yes)
        upkeep.purge(found, years, now=datetime.now(UTC))
    out.print(f"Deleted: {told}{held}.", highlight=False)


def _ask(question: str, is_agreed: bool) -> None:
    """Go on only if the person says so.

    Raises:
        FormcheckError: no, or there is nobody to ask.
    """
    if is_agreed:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError("Nobody is here to ask. Add --yes.")
    if not typer.confirm(question):
        raise FormcheckError("Nothing was changed.")
