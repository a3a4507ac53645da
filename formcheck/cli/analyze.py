"""`formcheck analyze`: judge a recording without a window."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from formcheck.cli.consoles import err, out
from formcheck.cli.options import MirrorOption, ModelOption, RotateOption, SettingsOption, view_of
from formcheck.session.registry import load_exercises
from formcheck.system.errors import FormcheckError, SourceError
from formcheck.system.files import check_writable, write_text

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
    for path in (Path(json_out) if json_out not in ("", "-") else None, events, annotate, poses):
        check_writable(path)
    with _progress() as progress:
        task = progress.add_task(f"Watching {Path(video).name}", total=None)
        observers = _observers(events, annotate, poses, progress, task)
        view = view_of(rotate, mirror)
        found = analyse(video, chosen, overrides=overrides, model=model, view=view, observers=observers)
    _write(found, json_out)


def _write(found: Analysis, json_out: str) -> None:
    """Print or write the findings.

    Raises:
        SourceError: the recording is not whole; what could be read was judged and written.
        FormcheckError: a result could not be written.
    """
    from formcheck.cli.tables import print_findings

    data = found.findings.as_dict()
    text = json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    if json_out == "-":
        sys.stdout.write(text)
    else:
        print_findings(data, out)
    if json_out not in ("", "-"):
        write_text(Path(json_out), text)
    if found.failures:
        raise FormcheckError(" ".join(failure.text for failure in found.failures))
    if found.warning:
        raise SourceError(found.warning)


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
