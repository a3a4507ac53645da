"""The small commands: exercises, new-exercise, cameras, doctor."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.consoles import err, out
from formcheck.cli.options import LanguageOption, LiveModelOption, SourceOption, languages_of
from formcheck.core.rules.exercise import Exercise
from formcheck.session.registry import load_exercises
from formcheck.system.checks import Diagnosis
from formcheck.system.errors import FormcheckError, UsageError
from formcheck.system.files import check_writable, write_text
from formcheck.system.shown import shown


def exercises(
    name: Annotated[str | None, typer.Argument(help="Show this one's whole page.")] = None,
    show: Annotated[bool, typer.Option("--show", help="Open a window: how it is done, then each fault.")] = False,
    to: Annotated[
        Path | None, typer.Option("--to", help="Write how it is done here: .webp, .gif or .png, which move.")
    ] = None,
    fault: Annotated[str, typer.Option("--fault", help="With --to: this fault beside it.")] = "",
    language: LanguageOption = None,
) -> None:
    """List the exercises, or show one: its page with steps, faults and settings, or in motion."""
    from formcheck.cli.tables import print_exercise, print_exercises

    registry = load_exercises()
    if name is None and (show or to is not None):
        raise typer.BadParameter("Name an exercise: formcheck exercises dead-bug --show")
    if name is not None and to is not None:
        _write_film(registry.get(name), to, fault)
    if name is not None and show:
        from formcheck.app.app import show_exercise

        show_exercise(registry.get(name), languages_of(language).best(""))
    if show or to is not None:
        return
    if name is None:
        print_exercises(registry, out)
    else:
        print_exercise(registry.get(name), out)


def _write_film(exercise: Exercise, path: Path, fault: str) -> None:
    """Write how an exercise is done, alone or with a fault beside it."""
    from formcheck.screen.film_file import write_film

    if fault and fault not in exercise.shown.faults:
        known = ", ".join(exercise.shown.faults) or "none"
        raise FormcheckError(f"{exercise.name} shows no fault {fault!r}. It shows: {known}.")
    write_film(path, exercise.pair(fault) if fault else [exercise.film()])
    out.print(f"How it is done: {shown(path)}", highlight=False, markup=False)


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


def doctor(
    source: SourceOption = "0",
    model: LiveModelOption = None,
    json_out: Annotated[str, typer.Option("--json", help="Write the findings here; - for standard output.")] = "",
    seconds: Annotated[
        float, typer.Option("--seconds", min=3.0, max=600.0, help="For how long the whole chain is measured.")
    ] = 10.0,
    kiosk: Annotated[bool, typer.Option("--kiosk", help="The clinic kiosk's self-test instead.")] = False,
    config: Annotated[Path | None, typer.Option("--config", help="With --kiosk: the clinic's file.")] = None,
    without_devices: Annotated[
        bool, typer.Option("--without-devices", help="With --kiosk: leave camera and sound alone; somebody uses them.")
    ] = False,
) -> None:
    """Check camera, models, sound, display and versions, and measure the whole chain for ten seconds."""
    from formcheck.cli.tables import print_doctor

    if not kiosk and (config is not None or without_devices):
        raise UsageError("--config and --without-devices belong to the kiosk's self-test: add --kiosk.")
    path = Path(json_out) if json_out not in ("", "-") else None
    check_writable(path)
    err.print("Measuring the machine …", highlight=False)
    found = _kiosk(config, has_devices=not without_devices) if kiosk else _machine(source, model, seconds)
    text = json.dumps(found.as_dict(), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    if json_out == "-":
        sys.stdout.write(text)
    else:
        print_doctor(found, out)
    if path is not None:
        write_text(path, text)
    if not found.is_ready:
        raise typer.Exit(1)


def _machine(source: str, model: str | None, seconds: float) -> Diagnosis:
    from formcheck.cli.doctor import examine

    return examine(source, model, seconds)


def _kiosk(config: Path | None, *, has_devices: bool) -> Diagnosis:
    from formcheck.kiosk.selftest import Circumstances, self_test, state_folder

    return self_test(config, Circumstances(state_folder(), datetime.now(UTC), has_devices=has_devices))
