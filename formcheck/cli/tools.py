"""The small commands: exercises, new-exercise, cameras, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.consoles import out
from formcheck.session.registry import load_exercises
from formcheck.system.errors import FormcheckError
from formcheck.system.shown import shown


def exercises(name: Annotated[str | None, typer.Argument(help="Show this one's whole page.")] = None) -> None:
    """List the exercises, or show the page of one: steps, faults, settings."""
    from formcheck.cli.tables import print_exercise, print_exercises

    registry = load_exercises()
    if name is None:
        print_exercises(registry, out)
    else:
        print_exercise(registry.get(name), out)


def new_exercise(
    name: Annotated[str, typer.Argument(help="Small letters and dashes, such as wall-sit.")],
    into: Annotated[Path, typer.Option("--into", help="Folder in which to make it.")] = Path(),
) -> None:
    """Write a new exercise of your own: a folder with a working example, its entry point and its tests."""
    from formcheck.cli.skeleton import write_skeleton

    if name in load_exercises().exercises:
        raise FormcheckError(f"There is an exercise {name!r} already. Choose another name.")
    folder = write_skeleton(name, into)
    name = shown(folder)
    out.print(f"Made {name}. Next:\n  pip install -e {name}\n  formcheck run {name}", highlight=False, markup=False)


def cameras() -> None:
    """List the cameras of this machine."""
    from formcheck.camera import list_cameras

    found = list_cameras()
    if not found:
        out.print("No camera found. Plug one in, or use a video file or stream with --source.")
    for camera in found:
        out.print(f"{camera.index}  {camera.name}", highlight=False)


def doctor() -> None:
    """Check camera, models, sound, display, versions and the speed of this machine."""
    from formcheck.cli.doctor import examine
    from formcheck.cli.tables import print_doctor

    checks = examine()
    print_doctor(checks, out)
    if any(check.verdict == "bad" for check in checks):
        raise typer.Exit(1)
