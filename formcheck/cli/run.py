"""The commands that open the window: the menu, one exercise, a whole program, the demo."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from formcheck.cli.consoles import err, out
from formcheck.cli.options import (
    CuesOption,
    ExerciseArg,
    FullscreenOption,
    LiveModelOption,
    MuteOption,
    SettingsOption,
    SourceOption,
    VolumeOption,
)
from formcheck.session.registry import load_exercises
from formcheck.system.errors import FormcheckError, UnknownExerciseError
from formcheck.system.files import check_writable, write_text

if TYPE_CHECKING:  # the window loads pose, sound and screen; the command line answers without them
    from formcheck.app.app import App
    from formcheck.pose.effort import Effort


def open_menu(source: str, *, is_fullscreen: bool, is_muted: bool) -> None:
    """Open the window with its menu."""
    from formcheck.app.app import App, AppOptions

    app = App(AppOptions(source=source, is_fullscreen=is_fullscreen, is_muted=is_muted, effort=_effort(None)))
    try:
        app.run()
    finally:
        _say_failures(app)


def run(
    exercise: ExerciseArg,
    source: SourceOption = "0",
    reps: Annotated[int | None, typer.Option("--reps", min=1, max=1000, help="Repetitions; default: the dose.")] = None,
    settings: SettingsOption = None,
    calibrate: Annotated[bool, typer.Option("--calibrate", help="Learn the span of your back first, 15 s.")] = False,
    json_out: Annotated[Path | None, typer.Option("--json", help="Write what was done here.")] = None,
    cues: CuesOption = None,
    model: LiveModelOption = None,
    fullscreen: FullscreenOption = False,
    mute: MuteOption = False,
    volume: VolumeOption = 1.0,
) -> None:
    """Coach one set of an exercise, live."""
    from formcheck.app.app import App, AppOptions
    from formcheck.session.settings import load_settings

    registry = load_exercises()
    chosen = registry.get(exercise)
    check_writable(json_out)
    overrides = load_settings(settings, registry) if settings is not None else {}
    options = AppOptions(
        source, fullscreen, mute, volume, False, _effort(model), model is None, overrides, reps, calibrate, cues
    )
    app = App(options)
    try:
        app.run(chosen)
    finally:
        _write_session(app, json_out)


def session(
    program: Annotated[str, typer.Argument(help="A program that ships, or your own file.")] = "low-back-daily",
    source: SourceOption = "0",
    json_out: Annotated[Path | None, typer.Option("--json", help="Write what was done here.")] = None,
    cues: CuesOption = None,
    model: LiveModelOption = None,
    fullscreen: FullscreenOption = False,
    mute: MuteOption = False,
    volume: VolumeOption = 1.0,
) -> None:
    """Lead through a whole program: set up, sets, rests, report."""
    from formcheck.app.app import App, AppOptions
    from formcheck.session.program import load_program

    check_writable(json_out)
    plan = load_program(program, load_exercises(), datetime.now().astimezone())
    app = App(
        AppOptions(source, fullscreen, mute, volume, effort=_effort(model), may_change_model=model is None, cues=cues)
    )
    try:
        app.run(plan)
    finally:
        _write_session(app, json_out)


def _effort(model: str | None) -> Effort:
    """What to put into each picture on this machine; a model that was asked for goes before what was measured."""
    from formcheck.pipeline.speed import effort_of

    return effort_of(model, lambda: err.print("Measuring this machine, once …", highlight=False))


def _write_session(app: App, path: Path | None) -> None:
    """Write what was done, whatever ended it: the end, a closed window, an error, Ctrl-C."""
    if path is not None and app.session is not None:
        write_text(path, json.dumps(app.session.as_dict(), indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    _say_failures(app)


def _say_failures(app: App) -> None:
    for text in app.failures:
        err.print(f"[yellow]formcheck:[/] {text}", highlight=False, soft_wrap=True)


def demo(
    exercise: Annotated[str, typer.Argument(help="Which demo clip.")] = "dead-bug",
    window: Annotated[
        bool | None, typer.Option("--window/--no-window", help="Play it in the window, or analyse it here.")
    ] = None,
    into: Annotated[Path, typer.Option("--into", help="Folder for the results without a window.")] = Path("demo-out"),
    mute: MuteOption = False,
) -> None:
    """Run the whole thing on a clip that ships with FormCheck."""
    from formcheck.system.display import has_display

    chosen = load_exercises().get(exercise)
    clip = _demo_clip(exercise)
    if has_display() if window is None else window:
        from formcheck.app.app import App, AppOptions

        App(AppOptions(source=str(clip), is_muted=mute, effort=_effort(None))).run(chosen)
        return
    _analyse_demo(exercise, clip, into, is_asked=window is not None)


def _demo_clip(exercise: str) -> Path:
    """The clip of an exercise.

    Raises:
        UnknownExerciseError: it has none; the text lists those that have.
    """
    from formcheck.system.assets import asset

    clips = {path.stem.removeprefix("demo-"): path for path in sorted(asset("clips").glob("demo-*.mp4"))}
    if exercise not in clips:
        raise UnknownExerciseError(f"There is no demo clip of {exercise}. There are: {', '.join(clips)}.")
    return clips[exercise]


def _analyse_demo(exercise: str, clip: Path, into: Path, *, is_asked: bool) -> None:
    from formcheck.cli.analyze import analyze

    out.print("Analysing the clip." if is_asked else "No display here: the clip is analysed instead.")
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FormcheckError(f"{into} can't be created ({error.strerror}). Use --into FOLDER.") from error
    findings, video = into / f"{exercise}.json", into / f"{exercise}.mp4"
    analyze(str(clip), exercise, json_out=str(findings), annotate=video)
    out.print(f"Annotated video: {video}\nFindings: {findings}")
