"""The commands that open the window: the menu, one exercise, a whole program, the demo."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from formcheck.cli.consoles import err, out
from formcheck.cli.opening import sources
from formcheck.cli.options import (
    CameraOption,
    CuesOption,
    DeskOption,
    ExerciseArg,
    FullscreenOption,
    GentleOption,
    LanguageOption,
    ListenOption,
    LiveModelOption,
    MirrorOption,
    MuteOption,
    NoStepsOption,
    NoStoreOption,
    NoToneOption,
    PaceOption,
    PersonOption,
    PosesOption,
    RotateOption,
    SettingsOption,
    StoreOption,
    VolumeOption,
    languages_of,
    view_of,
)
from formcheck.cli.results import as_json, check
from formcheck.session.registry import load_exercises
from formcheck.system.errors import FormcheckError, UnknownExerciseError, UsageError
from formcheck.system.files import write_text
from formcheck.system.shown import shown
from formcheck.system.stopping import leaving_on_request

if TYPE_CHECKING:  # the window loads pose, sound and screen; the command line answers without them
    from formcheck.app.app import App
    from formcheck.app.ears import Listen
    from formcheck.app.remembering import Memory
    from formcheck.camera import View
    from formcheck.core.rules.exercise import Exercise
    from formcheck.desk.station import Station
    from formcheck.pipeline.diary import Diary
    from formcheck.pipeline.live import Machine
    from formcheck.pose.effort import Effort
    from formcheck.session.program import Program
    from formcheck.system.wishes import Wishing
FIRST = "0"
"""The camera that stands for whichever is opened, where only names of files are compared."""
HERE = "here"
"""Stands for this user's own store."""


def _machine(view: View) -> Machine:
    """This machine, its pictures turned and mirrored as asked for."""
    from formcheck.pipeline.live import Machine, open_live_feed

    return Machine(open_feed=partial(open_live_feed, view=view))


def open_menu(
    source: str,
    view: View,
    diary: Diary,
    *,
    is_fullscreen: bool,
    is_muted: bool,
    language: str | None = None,
    desk: str | None = None,
) -> None:
    """Open the window with its menu."""
    from formcheck.app.app import App, AppOptions

    options = AppOptions(source=source, is_fullscreen=is_fullscreen, is_muted=is_muted, effort=_effort(None))
    wishing = _wishing()
    app = App(
        options, machine=_machine(view), memory=_memory(diary), diary=diary, wishing=wishing,
        languages=languages_of(language), listen=_listen(None, wishing),
    )  # fmt: skip
    _lead(app, None, None, diary, desk)


def diary_of(store: str | None, no_store: bool, person: str | None, keep_poses: bool) -> Diary:
    """What is remembered in this run.

    Raises:
        FormcheckError: the options contradict each other, or the store that was asked for can't be opened.
    """
    from formcheck.pipeline.diary import Diary

    if no_store:
        if store is not None or keep_poses:
            raise UsageError("--no-store remembers nothing: leave the other option out.")
        return Diary(wish=False)
    asked = store or os.environ.get("FORMCHECK_STORE")
    diary = Diary(
        None if asked == HERE else asked, person=person, is_asked_for=bool(asked or keep_poses or person),
        keeps_poses=keep_poses, sources=sources(),
    )  # fmt: skip
    is_unasked = bool(asked or keep_poses) and diary.would_be_plain  # nobody has agreed to a store without a key
    if store is not None or person is not None or is_unasked:
        diary.check()
    elif diary.needs_passphrase:
        with suppress(FormcheckError):  # without it the session goes on, and says that nothing is kept
            diary.check()
    diary.read_ahead()
    return diary


def _wishing(pace: bool | None = None) -> Wishing:
    """What was chosen on this machine, and what was asked for this time."""
    from formcheck.system.wishes import Wishing, keep_wishes, kept_wishes

    wishing = Wishing(kept_wishes(), keep_wishes)
    if pace is not None:
        wishing.for_this_run(pace=pace)
    return wishing


def _memory(diary: Diary) -> Memory:
    """What the window knows of former sessions."""
    from formcheck.app.remembering import Memory

    return Memory(diary.past, diary.accepted, diary.keep)


def _listen(asked: bool | None, wishing: Wishing) -> Listen:
    """Whether it is listened for words: as asked for now, else as the last time; off until somebody wants it."""
    from formcheck.app.ears import Listen

    wanted = wishing.now.listen if asked is None else asked
    return Listen(wanted, lambda is_on: wishing.change(listen=is_on))


def _close(diary: Diary) -> None:
    """Write what is left, and say what could not be."""
    diary.close()
    state = diary.state
    if state.moved_aside:
        err.print(f"[yellow]formcheck:[/] The store was damaged; it was put aside as {shown(state.moved_aside)}.")
    if state.trouble:
        err.print(f"[yellow]formcheck:[/] {state.trouble}", highlight=False, soft_wrap=True)


def run(
    exercise: ExerciseArg,
    source: CameraOption = "",
    reps: Annotated[int | None, typer.Option("--reps", min=1, max=1000, help="Repetitions; default: the dose.")] = None,
    settings: SettingsOption = None,
    calibrate: Annotated[bool, typer.Option("--calibrate", help="Learn the span of your back first, 15 s.")] = False,
    json_out: Annotated[Path | None, typer.Option("--json", help="Write what was done here.")] = None,
    cues: CuesOption = None,
    model: LiveModelOption = None,
    fullscreen: FullscreenOption = False,
    mute: MuteOption = False,
    volume: VolumeOption = 1.0,
    language: LanguageOption = None,
    listen: ListenOption = None,
    no_tone: NoToneOption = False,
    no_steps: NoStepsOption = False,
    rotate: RotateOption = "0",
    mirror: MirrorOption = False,
    store: StoreOption = None,
    no_store: NoStoreOption = False,
    person: PersonOption = None,
    keep_poses: PosesOption = False,
    pace: PaceOption = None,
    gentle: GentleOption = False,
    desk: DeskOption = None,
) -> None:
    """Coach one set of an exercise, live."""
    from formcheck.app.app import App, AppOptions
    from formcheck.session.settings import load_settings

    registry = load_exercises()
    chosen = registry.get(exercise)
    check({"--json": json_out}, source or FIRST, settings, model=model)
    overrides = load_settings(settings, registry) if settings is not None else {}
    options = AppOptions(
        source, fullscreen, mute, volume, False, _effort(model), model is None, overrides, reps, calibrate, gentle,
        cues, tells_steps=not no_steps, has_tone=not no_tone,
    )  # fmt: skip
    diary = diary_of(store, no_store, person, keep_poses)
    wishing = _wishing(pace=pace)
    app = App(
        options, machine=_machine(view_of(rotate, mirror)), memory=_memory(diary), diary=diary, wishing=wishing,
        languages=languages_of(language), listen=_listen(listen, wishing),
    )  # fmt: skip
    _lead(app, chosen, json_out, diary, desk)


def session(
    program: Annotated[str, typer.Argument(help="A program that ships, or your own file.")] = "low-back-daily",
    source: CameraOption = "",
    json_out: Annotated[Path | None, typer.Option("--json", help="Write what was done here.")] = None,
    cues: CuesOption = None,
    model: LiveModelOption = None,
    fullscreen: FullscreenOption = False,
    mute: MuteOption = False,
    volume: VolumeOption = 1.0,
    language: LanguageOption = None,
    listen: ListenOption = None,
    no_tone: NoToneOption = False,
    no_steps: NoStepsOption = False,
    rotate: RotateOption = "0",
    mirror: MirrorOption = False,
    store: StoreOption = None,
    no_store: NoStoreOption = False,
    person: PersonOption = None,
    keep_poses: PosesOption = False,
    pace: PaceOption = None,
    gentle: GentleOption = False,
    desk: DeskOption = None,
) -> None:
    """Lead through a whole program: set up, sets, rests, report."""
    from formcheck.app.app import App, AppOptions
    from formcheck.session.program import load_program

    check({"--json": json_out}, source or FIRST, program, model=model)
    plan = load_program(
        program, load_exercises(), datetime.now().astimezone(), is_gentle=gentle or _wishing().now.gentle
    )
    options = AppOptions(
        source, fullscreen, mute, volume, effort=_effort(model), may_change_model=model is None, cues=cues,
        is_gentle=gentle, tells_steps=not no_steps, has_tone=not no_tone,
    )  # fmt: skip
    diary = diary_of(store, no_store, person, keep_poses)
    wishing = _wishing(pace=pace)
    app = App(
        options, machine=_machine(view_of(rotate, mirror)), memory=_memory(diary), diary=diary, wishing=wishing,
        languages=languages_of(language), listen=_listen(listen, wishing),
    )  # fmt: skip
    _lead(app, plan, json_out, diary, desk)


def _effort(model: str | None) -> Effort:
    """What to put into each picture on this machine; a model that was asked for goes before what was measured."""
    from formcheck.pipeline.speed import effort_of

    return effort_of(model, lambda: err.print("Measuring this machine, once …", highlight=False))


def _station(address: str | None, app: App) -> Station | None:
    """This window's end of a clinician's desk; None where none was named: then nothing of a network is even loaded.

    Raises:
        FormcheckError: it is no address, the station's key can't be read, or the extra is not installed.
    """
    if address is None:
        return None
    try:
        from formcheck.desk.identity import Address
        from formcheck.desk.station import Station
    except ImportError as error:
        raise UsageError("--desk needs more than was installed: pip install 'formcheck[desk]'") from error

    def session_id() -> str:
        return app.session.session_id if app.session is not None else ""

    station = Station(Address.parse(address), lambda: app.speech, session_id, name="Laptop", is_saving=True)
    app.observe(station.observer)
    app.tell(station.scribe)
    return station


def _lead(app: App, what: Exercise | Program | None, path: Path | None, diary: Diary, desk: str | None = None) -> None:
    """Run the window, and write what was done, whatever ended it: the end, a closed window, an error, Ctrl-C, a signal.

    Raises:
        FormcheckError: the window could not be run, or the result not be written.
    """
    station = None
    try:
        station = _station(desk, app)
        with leaving_on_request():
            app.run(what, station.policy if station is not None else None)
    finally:
        if station is not None:
            station.close()
        _close(diary)
        _say_failures(app)
        if path is not None and app.session is not None:
            write_text(path, as_json(app.session.as_dict()))


def _say_failures(app: App) -> None:
    for text in (*app.failures, *load_exercises().failures):
        err.print(f"[yellow]formcheck:[/] {text}", highlight=False, soft_wrap=True)


def demo(
    exercise: Annotated[str, typer.Argument(help="Which demo clip.")] = "dead-bug",
    window: Annotated[
        bool | None, typer.Option("--window/--no-window", help="Play it in the window, or analyse it here.")
    ] = None,
    into: Annotated[Path, typer.Option("--into", help="Folder for the results without a window.")] = Path("demo-out"),
    mute: MuteOption = False,
    language: LanguageOption = None,
) -> None:
    """Run the whole thing on a clip that ships with FormCheck."""
    from formcheck.system.display import has_display

    chosen = load_exercises().get(exercise)
    clip = _demo_clip(exercise)
    if has_display() if window is None else window:
        from formcheck.app.app import App, AppOptions

        options = AppOptions(source=str(clip), is_muted=mute, effort=_effort(None))
        App(options, languages=languages_of(language)).run(chosen)
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
        raise FormcheckError(f"{shown(into)} can't be created ({error.strerror}). Use --into FOLDER.") from error
    findings, video = into / f"{exercise}.json", into / f"{exercise}.mp4"
    analyze(str(clip), exercise, json_out=str(findings), annotate=video)
    out.print(f"Annotated video: {shown(video)}\nFindings: {shown(findings)}", highlight=False, markup=False)
