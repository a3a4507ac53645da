"""The commands. Exit codes: 0 done, 1 other error, 2 wrong usage, 3 camera or file, 4 exercise, 5 settings."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import structlog
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from formcheck import __version__
from formcheck.cli.options import (
    CuesOption,
    ExerciseArg,
    FullscreenOption,
    ModelOption,
    MuteOption,
    SettingsOption,
    SourceOption,
    VolumeOption,
)
from formcheck.core.rules.exercise import Exercise
from formcheck.session.registry import load_exercises
from formcheck.system.errors import FormcheckError, SourceError
from formcheck.system.files import check_writable, write_text

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
out, err = Console(), Console(stderr=True)


def main() -> None:
    """Entry point: errors meant for the person are one sentence, never a traceback."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        cli()
    except FormcheckError as error:
        err.print(f"[bold red]formcheck:[/] {_plain(error)}", highlight=False, soft_wrap=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)


def _plain(error: object) -> str:
    return str(error).replace("[", r"\[")


@cli.callback(invoke_without_command=True)
def menu(
    context: typer.Context,
    source: SourceOption = "0",
    fullscreen: FullscreenOption = False,
    mute: MuteOption = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Open the menu (without a command)."""
    if version:
        out.print(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        _open_app(None, source, fullscreen=fullscreen, mute=mute)


def _open_app(exercise: Exercise | None, source: str, **options: Any) -> None:
    from formcheck.app.app import App, AppOptions
    from formcheck.app.live import LiveOptions
    from formcheck.core.feedback.fading import Fading

    live = LiveOptions(
        model=options.get("model", "full"),
        overrides=options.get("overrides", {}),
        reps=options.get("reps"),
        calibrate=options.get("calibrate", False),
        fading=Fading(options.get("cues") or "all"),
    )
    app = App(
        AppOptions(
            source=source,
            is_fullscreen=options.get("fullscreen", False),
            is_muted=options.get("mute", False),
            volume=options.get("volume", 1.0),
            live=live,
        )
    )
    app.run(exercise)


def _overrides(settings: Path | None) -> dict[str, dict[str, object]]:
    from formcheck.session.settings import load_settings

    return load_settings(settings, load_exercises()) if settings is not None else {}


@cli.command()
def run(
    exercise: ExerciseArg,
    source: SourceOption = "0",
    reps: Annotated[int | None, typer.Option("--reps", min=1, max=1000, help="Repetitions; default: the dose.")] = None,
    settings: SettingsOption = None,
    calibrate: Annotated[bool, typer.Option("--calibrate", help="Learn the span of your back first, 15 s.")] = False,
    cues: CuesOption = None,
    model: ModelOption = "full",
    fullscreen: FullscreenOption = False,
    mute: MuteOption = False,
    volume: VolumeOption = 1.0,
) -> None:
    """Coach one set of an exercise, live."""
    chosen = load_exercises().get(exercise)
    _open_app(
        chosen,
        source,
        reps=reps,
        overrides=_overrides(settings),
        calibrate=calibrate,
        cues=cues,
        model=model,
        fullscreen=fullscreen,
        mute=mute,
        volume=volume,
    )


@cli.command()
def session(
    program: Annotated[str, typer.Argument(help="A program that ships, or your own file.")] = "low-back-daily",
    source: SourceOption = "0",
    json_out: Annotated[Path | None, typer.Option("--json", help="Write what was done here.")] = None,
    cues: CuesOption = None,
    model: ModelOption = "full",
    fullscreen: FullscreenOption = False,
    mute: MuteOption = False,
    volume: VolumeOption = 1.0,
) -> None:
    """Lead through a whole program: set up, sets, rests, report."""
    from formcheck.app.daily import run_program

    check_writable(json_out)
    practice = run_program(
        program, source, is_fullscreen=fullscreen, is_muted=mute, volume=volume, model=model, cues=cues
    )
    if json_out is not None:
        write_text(json_out, json.dumps(practice.as_dict(), indent=1, ensure_ascii=False) + "\n")


@cli.command()
def analyze(
    video: Annotated[str, typer.Argument(help="Video file, picture folder, or recorded pose stream (.npz).")],
    exercise: Annotated[str, typer.Option("--exercise", "-e", help="Name of the exercise.")],
    json_out: Annotated[str, typer.Option("--json", help="Write the findings here; - for standard output.")] = "",
    events: Annotated[Path | None, typer.Option("--events", help="Write every event as a line of JSON.")] = None,
    annotate: Annotated[Path | None, typer.Option("--annotate", help="Write the annotated video (.mp4).")] = None,
    poses: Annotated[Path | None, typer.Option("--poses", help="Write the pose stream (.npz).")] = None,
    settings: SettingsOption = None,
    model: ModelOption = "full",
) -> None:
    """Judge a recording without a window, as fast as the machine allows."""
    from formcheck.cli.tables import print_findings
    from formcheck.pipeline.recorded import analyse
    from formcheck.pipeline.writers import outputs

    chosen = load_exercises().get(exercise)
    overrides = _overrides(settings).get(exercise)
    for path in (Path(json_out) if json_out not in ("", "-") else None, events, annotate, poses):
        check_writable(path)
    with outputs(events, annotate, chosen) as (on_event, listeners), _progress() as progress:
        task = progress.add_task(f"Watching {Path(video).name}", total=None)
        findings, warning = analyse(
            video,
            chosen,
            overrides=overrides,
            model=model,
            poses_to=poses,
            listeners=(*listeners, lambda *_: progress.advance(task)),
            on_start=lambda count: progress.update(task, total=count),
            on_event=on_event,
        )
    text = json.dumps(findings.as_dict(), indent=1, ensure_ascii=False) + "\n"
    if json_out == "-":
        sys.stdout.write(text)
    else:
        print_findings(findings.as_dict(), out)
    if json_out not in ("", "-"):
        write_text(Path(json_out), text)
    if warning:
        # What could be read was judged and written; the exit code still says that something is missing.
        raise SourceError(warning)


@contextmanager
def _progress() -> Iterator[Progress]:
    bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*bar, console=err, transient=True) as progress:
        yield progress


@cli.command()
def demo(
    exercise: Annotated[str, typer.Argument(help="Which demo clip.")] = "dead-bug",
    window: Annotated[
        bool | None, typer.Option("--window/--no-window", help="Play it in the window, or analyse it here.")
    ] = None,
    into: Annotated[Path, typer.Option("--into", help="Folder for the results without a window.")] = Path("demo-out"),
    mute: MuteOption = False,
) -> None:
    """Run the whole thing on a clip that ships with FormCheck."""
    from formcheck.system.assets import asset
    from formcheck.system.display import has_display

    chosen = load_exercises().get(exercise)
    clip = asset("clips", f"demo-{exercise}.mp4")
    if has_display() if window is None else window:
        _open_app(chosen, str(clip), mute=mute)
        return
    out.print("No display here: the clip is analysed instead." if window is None else "Analysing the clip.")
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FormcheckError(f"{into} can't be created ({error.strerror}). Use --into FOLDER.") from error
    findings, video = into / f"{exercise}.json", into / f"{exercise}.mp4"
    analyze(str(clip), exercise, json_out=str(findings), annotate=video)
    out.print(f"Annotated video: {video}\nFindings: {findings}")


@cli.command()
def exercises(name: Annotated[str | None, typer.Argument(help="Show this one's whole page.")] = None) -> None:
    """List the exercises, or show the page of one: steps, faults, settings."""
    from formcheck.cli.tables import print_exercise, print_exercises

    registry = load_exercises()
    if name is None:
        print_exercises(registry, out)
    else:
        print_exercise(registry.get(name), out)


@cli.command("new-exercise")
def new_exercise(
    name: Annotated[str, typer.Argument(help="Small letters and dashes, such as wall-sit.")],
    into: Annotated[Path, typer.Option("--into", help="Folder in which to make it.")] = Path(),
) -> None:
    """Write a new exercise of your own: a folder with a working example, its entry point and its tests."""
    from formcheck.cli.skeleton import write_skeleton

    if name in load_exercises().exercises:
        raise FormcheckError(f"There is an exercise {name!r} already. Choose another name.")
    folder = write_skeleton(name, into)
    out.print(f"Made {folder}. Next:\n  pip install -e {folder}\n  formcheck run {name}", highlight=False, markup=False)


@cli.command()
def cameras() -> None:
    """List the cameras of this machine."""
    from formcheck.camera import list_cameras

    found = list_cameras()
    if not found:
        out.print("No camera found. Plug one in, or use a video file or stream with --source.")
    for camera in found:
        out.print(f"{camera.index}  {camera.name}", highlight=False)


@cli.command()
def doctor() -> None:
    """Check camera, models, sound, display, versions and the speed of this machine."""
    from formcheck.cli.doctor import examine
    from formcheck.cli.tables import print_doctor

    checks = examine()
    print_doctor(checks, out)
    if any(c.verdict == "bad" for c in checks):
        raise typer.Exit(1)


if __name__ == "__main__":
    main()
