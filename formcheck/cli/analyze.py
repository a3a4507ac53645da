"""`formcheck analyze`: judge a recording without a window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from formcheck.cli.consoles import err, out
from formcheck.cli.options import MirrorOption, ModelOption, RotateOption, SettingsOption, view_of
from formcheck.cli.results import as_json, check, to_stdout
from formcheck.session.registry import load_exercises
from formcheck.system.errors import FormcheckError, SourceError
from formcheck.system.files import write_text
from formcheck.system.shown import shown
from formcheck.system.stopping import Stopped, stop_requests

if TYPE_CHECKING:  # the chain loads the pose model's libraries; `--help` answers without them
    from formcheck.pipeline.observers import Observer
    from formcheck.pipeline.recorded import Analysis


def analyze(
    video: Annotated[str, typer.Argument(help="Video file, picture folder, or recorded pose stream (.npz).")],
    exercise: Annotated[str, typer.Option("--exercise", "-e", help="Name of the exercise.")],
    json_out: Annotated[str, typer.Option("--json", help="Write the findings here; - for standard output.")] = "",
    events: Annotated[Path | None, typer.Option("--events", help="Write every event as a line of JSON.")] = None,
    annotate: Annotated[Path | None, typer.Option("--annotate", help="Write the annotated video (.mp4).")] = None,
    poses: Annotated[Path | None, typer.Option("--poses", help="Write the pose stream (.npz).")] = None,
    settings: SettingsOption = None,
    model: ModelOption = "full",
    rotate: RotateOption = "0",
    mirror: MirrorOption = False,
) -> None:
    """Judge a recording without a window, as fast as the machine allows."""
    from formcheck.pipeline.recorded import analyse
    from formcheck.session.settings import load_settings

    registry = load_exercises()
    chosen = registry.get(exercise)
    overrides = load_settings(settings, registry).get(exercise) if settings is not None else None
    results = {"--json": _json_file(json_out), "--events": events, "--annotate": annotate, "--poses": poses}
    check(results, video, settings, model=model)
    if annotate is not None and video.endswith(".npz"):
        raise FormcheckError("A pose stream holds no pictures to draw on. Leave --annotate out, or give the video.")
    with _progress() as progress, stop_requests() as stopped_by:
        task = progress.add_task(f"Watching {escape(shown(Path(video).name))}", total=None)
        observers = _observers(events, annotate, poses, progress, task)
        found = analyse(
            video,
            chosen,
            overrides=overrides,
            model=model,
            view=view_of(rotate, mirror),
            observers=observers,
            is_stopped=lambda: bool(stopped_by()),
        )
        _write(found, json_out)
        if found.is_stopped:
            err.print(f"Stopped at {found.end_s:.1f} s of the recording. What was judged until then is written.")
            raise Stopped(stopped_by())


def _json_file(json_out: str) -> Path | None:
    return Path(json_out) if json_out not in ("", "-") else None


def _write(found: Analysis, json_out: str) -> None:
    """Print or write the findings.

    Raises:
        SourceError: the recording is not whole; what could be read was judged and written.
        FormcheckError: a result could not be written, or the work broke off; everything else is written.
        Exception: it broke off by a mistake of ours; what was judged until then is written.
    """
    data = found.findings.as_dict()
    missing = [*(failure.text for failure in found.failures), *load_exercises().failures]
    try:
        path = _json_file(json_out)
        if path is not None:
            write_text(path, as_json(data))
    except FormcheckError as error:
        missing.append(str(error))
    try:
        _print(data, json_out)
    except OSError as error:
        missing.append(f"The findings could not be written to standard output ({error.strerror}).")
    if found.error is not None:
        err.print(*missing, highlight=False, markup=False, soft_wrap=True)
        raise found.error
    if missing:
        raise FormcheckError(" ".join(missing))
    if found.warning:
        raise SourceError(found.warning)


def _print(data: dict[str, Any], json_out: str) -> None:
    from formcheck.cli.tables import print_findings

    if json_out == "-":
        to_stdout(as_json(data))
    else:
        print_findings(data, out)


def _observers(
    events: Path | None, annotate: Path | None, poses: Path | None, progress: Progress, task: TaskID
) -> Sequence[Observer]:
    """The writers that were asked for, and the progress bar."""
    from formcheck.cli.progress import ProgressBar
    from formcheck.pipeline.writers import AnnotatedVideo, EventLines, PoseFile

    asked: list[Observer] = [EventLines(events)] if events is not None else []
    asked += [AnnotatedVideo(annotate)] if annotate is not None else []
    asked += [PoseFile(poses)] if poses is not None else []
    return [*asked, ProgressBar(progress, task)]


@contextmanager
def _progress() -> Iterator[Progress]:
    bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*bar, console=err, transient=True) as progress:
        yield progress
