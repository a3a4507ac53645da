"""`formcheck study`: blinded sheets for raters, and the report of what they handed in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from formcheck.cli.consoles import out
from formcheck.cli.opening import WhereOption, opened
from formcheck.session.registry import load_exercises
from formcheck.system.files import check_results, write_text
from formcheck.system.shown import shown

if TYPE_CHECKING:  # the chain is loaded when there is something to judge; `--help` answers without it
    from formcheck.study.clips import Clip

cli = typer.Typer(no_args_is_help=True, help="How far coach and people agree: sheets for raters, and a report.")
STORE = "store"
SEED = 1


@cli.callback()
def study() -> None:
    """How far coach and people agree: sheets for raters, and a report."""


@cli.command("sheets")
def sheets(
    clips: Annotated[
        str,
        typer.Argument(metavar="LIST|FOLDER|store", help="A CSV (file, exercise, person), a folder, or `store`."),
    ],
    to: Annotated[Path, typer.Option("--to", help="An empty folder for the key and the raters' forms.")],
    exercise: Annotated[str, typer.Option("--exercise", "-e", help="Of clips that don't say theirs.")] = "",
    raters: Annotated[int, typer.Option("--raters", min=1, max=50, help="How many forms.")] = 2,
    repeats: Annotated[
        float, typer.Option("--repeats", min=0.0, max=0.5, help="Share of the clips that each rater sees twice.")
    ] = 0.2,
    seed: Annotated[int, typer.Option("--seed", min=0, help="For the orders and for drawing people.")] = SEED,
    store: WhereOption = None,
) -> None:
    """Make a blinded form for each rater: clips in an order of its own, some twice, without a name or the coach's word.

    `key.json` says what is what and stays with whoever leads the study; `rater-1`, `rater-2`, … go to the raters.
    """
    from formcheck.study.clips import check_clips, told_of, without_doubles
    from formcheck.study.sheets import KEY, write_sheets

    found = list(without_doubles(_clips(clips, exercise, store)))
    check_clips(found)
    key = write_sheets(to, found, told_of, raters=raters, repeats=repeats, seed=seed)
    out.print(
        f"Study {key['study']}: {len(found)} clips, {key['repeats']} of them twice, {raters} forms in {shown(to)}.\n"
        f"Give each rater one folder. Keep {KEY} to yourself.",
        highlight=False, markup=False, soft_wrap=True,
    )  # fmt: skip


def _clips(where: str, exercise: str, store: str | None) -> list[Clip]:
    from formcheck.study.clips import from_folder, from_list, from_store

    registry = load_exercises()
    if exercise:
        registry.get(exercise)
    if where == STORE:
        with opened(store) as found:
            return from_store(found, registry, exercise)
    if Path(where).suffix.lower() == ".csv":
        return from_list(Path(where), registry)
    return from_folder(Path(where), registry, exercise)


@cli.command("report")
def report(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="The folder with key.json.")],
    ratings: Annotated[list[Path], typer.Argument(metavar="RATINGS…", help="What the raters have saved, as CSV.")],
    to: Annotated[Path, typer.Option("--to", help="Where to write the report: an HTML file.")],
    margin: Annotated[
        float | None,
        typer.Option(
            "--margin", min=0.0, max=1.0, help="Say whether the coach agrees less by no more than this share."
        ),
    ] = None,
) -> None:
    """Compute agreement from ratings: raters among themselves first, then coach and raters, counts, GRRAS, hashes."""
    from formcheck.study.ratings import read_ratings
    from formcheck.study.report import as_html
    from formcheck.study.sheets import KEY

    check_results({"--to": to}, [study / KEY, *ratings])
    write_text(to, as_html(read_ratings(study, ratings), margin))
    out.print(f"{shown(to)}", highlight=False, markup=False, soft_wrap=True)
