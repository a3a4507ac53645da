"""`formcheck archive`: score recordings by the thousands again, and see what that changes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from formcheck.cli.consoles import err, out
from formcheck.cli.opening import opened
from formcheck.cli.options import ModelOption, SettingsOption
from formcheck.session.registry import load_exercises
from formcheck.system.errors import FormcheckError, SourceError
from formcheck.system.files import check_results, write_text
from formcheck.system.shown import shown
from formcheck.system.stopping import Stopped, stop_requests

if TYPE_CHECKING:  # the chain is loaded when there is something to score; `--help` answers without it
    from formcheck.archive.archive import Archive, Order
    from formcheck.archive.sources import Source

cli = typer.Typer(no_args_is_help=True, help="Score recordings by the thousands again, and see what that changes.")
STORE = "store"
FAILED_SHOWN = 10


@cli.callback()
def archive() -> None:
    """Score recordings by the thousands again, and see what that changes."""


@cli.command("score")
def score(
    where: Annotated[
        str,
        typer.Argument(metavar="FOLDER|STORE", help="A folder of recordings, `store`, or a store's file or address."),
    ],
    exercise: Annotated[
        str, typer.Option("--exercise", "-e", help="Only this exercise; also of recordings that don't say theirs.")
    ] = "",
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes; default: one a core.")] = None,
    scheduler: Annotated[
        str, typer.Option("--scheduler", help="A Dask cluster: its address (tcp://HOST:PORT), or `local`.")
    ] = "",
    to: Annotated[Path, typer.Option("--to", help="Folder for the results; what is there is not done again.")] = Path(
        "formcheck-archive"
    ),
    settings: SettingsOption = None,
    tries: Annotated[
        list[str] | None, typer.Option("--try", help="What other values would tell: EXERCISE.SETTING=VALUE,VALUE.")
    ] = None,
    model: ModelOption = "full",
    limit_s: Annotated[
        float, typer.Option("--limit", min=1.0, help="Seconds that one picture may take; then its recording is left.")
    ] = 60.0,
) -> None:
    """Score recordings again, with this version and these settings, and tell what that changes.

    Pose streams (.npz) are judged again, videos tracked again. It may be stopped at any time: the same command goes on.
    """
    from formcheck.archive.archive import Archive
    from formcheck.archive.crews import crew
    from formcheck.archive.shelf import Shelf

    order = _order(exercise, settings, tries or [], model, limit_s)
    with ExitStack() as stack:
        source = stack.enter_context(_source(where, to, order))
        shelf = Shelf(to)
        shelf.prepare()
        check_results({"--to": to / "difference.json"}, [settings] if settings else [])
        workers = stack.enter_context(crew(jobs or os.cpu_count() or 1, scheduler))
        with stop_requests() as stopped_by, _progress(source.count) as show:
            archive = Archive(source, shelf, order, workers, show, stopped_by)
            archive.score()
        if stopped_by():
            err.print(_how_to_go_on(archive, to), highlight=False, markup=False, soft_wrap=True)
            raise Stopped(stopped_by())
    _tell(archive, to)


def _order(exercise: str, settings: Path | None, tries: list[str], model: str, limit_s: float) -> Order:
    from formcheck.archive.archive import Order
    from formcheck.archive.study import parse_try
    from formcheck.session.settings import load_settings

    registry = load_exercises()
    if exercise:
        registry.get(exercise)
    if model not in ("full", "lite") and not Path(model).is_file():
        raise FormcheckError(f"There is no model {model!r}. Use full, lite, or the path of a .task bundle.")
    overrides = load_settings(settings, registry) if settings is not None else {}
    asked = tuple(parse_try(text, registry, overrides, model) for text in tries)
    return Order(registry, exercise, overrides, asked, model, limit_s)


@contextmanager
def _source(where: str, to: Path, order: Order) -> Iterator[Source]:
    """The folder or the store that is meant.

    Raises:
        FormcheckError: there is none, it holds nothing, or the results would lie among what is read.
    """
    from formcheck.archive.sources import FolderSource, StoreSource

    if where == STORE or "://" in where or Path(where).is_file():
        with opened(None if where == STORE else where) as store:
            yield StoreSource(store)
        return
    folder = Path(where)
    if folder.is_dir() and to.resolve().is_relative_to(folder.resolve()):
        raise FormcheckError(f"{shown(to)} lies in {shown(folder)}, which is read. Name another folder with --to.")
    yield FolderSource(folder, frozenset(order.registry.exercises), order.exercise)


def _how_to_go_on(archive: Archive, to: Path) -> str:
    return (
        f"Stopped. {archive.scored} were scored now and are kept in {shown(to)}. The same command goes on from there."
    )


def _tell(archive: Archive, to: Path) -> None:
    """Write the difference and print its summary.

    Raises:
        SourceError: some recordings could not be scored; all else is written.
    """
    from formcheck.archive.page import as_html
    from formcheck.archive.shelf import as_json

    found = archive.difference()
    write_text(to / "difference.json", as_json(found))
    write_text(to / "difference.html", as_html(found))
    _print(found, archive.scored)
    out.print(f"{shown(to / 'difference.html')}", highlight=False, markup=False, soft_wrap=True)
    if found["failed"]:
        raise SourceError(_failures(found["failed"], to))


def _failures(failed: list[dict[str, Any]], to: Path) -> str:
    listed = "".join(f"\n  {each['reason']}" for each in failed[:FAILED_SHOWN])
    more = f"\n  and {len(failed) - FAILED_SHOWN} more" if len(failed) > FAILED_SHOWN else ""
    return f"{len(failed)} could not be scored. They are listed in {shown(to / 'difference.json')}.{listed}{more}"


def _print(found: dict[str, Any], scored_now: int) -> None:
    counts = found["recordings"]
    unknown = f", {counts['unknown_exercise']} of an unknown exercise" if counts["unknown_exercise"] else ""
    out.print(
        f"{counts['found']} found: {scored_now} scored now, {counts['scored']} in all, {counts['failed']} failed"
        f"{unknown}. {counts['compared']} compared, {counts['changed']} changed.",
        highlight=False,
    )
    table = Table("exercise", "compared", "changed", "repetitions", "clean", "with a fault", "not judged")
    for name, each in found["exercises"].items():
        counts = (_moved(each, key) for key in ("reps", "clean", "faulty", "not_judged"))
        table.add_row(escape(name), str(each["compared"]), str(each["changed"]), *counts)
    out.print(table)
    for study in found["tries"]:
        _print_study(study)


def _moved(each: dict[str, Any], key: str) -> str:
    """Repetitions before and now; those of which nothing was stored after a plus."""
    moved = f"{each['before'][key]} → {each['now'][key]}" if each["compared"] else ""
    alone = f"+{each['not_compared'][key]}" if each["nothing_stored"] else ""
    return f"{moved} {alone}".strip()


def _print_study(study: dict[str, Any]) -> None:
    title = f"{study['exercise']}.{study['setting']}, {study['unit']} (in force: {study['in_force']:g})"
    table = Table("value", "repetitions", "clean", "with a fault", "not judged", "faults", "recordings changed")
    for each in study["values"]:
        counts = (str(each[key]) for key in ("reps", "clean", "faulty", "not_judged"))
        faults = ", ".join(f"{name} {count}" for name, count in each["faults"].items())
        table.add_row(f"{each['value']:g}", *counts, escape(faults) or "-", str(len(each["changed"])))
    out.print(escape(title), table, sep="\n", highlight=False)


class _Rate(ProgressColumn):
    """How many a minute."""

    def render(self, task: Task) -> Text:
        """As a text."""
        return Text(f"{60 * (task.speed or 0.0):.0f} a minute")


@contextmanager
def _progress(total: int | None) -> Iterator[Any]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("Scoring", total=total)
        yield lambda done, total: progress.update(task, completed=done, total=total)
