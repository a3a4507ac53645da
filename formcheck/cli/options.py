"""What the commands take, with the words of their `--help`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from formcheck.core.feedback.fading import Spoken
from formcheck.system.errors import UsageError

if TYPE_CHECKING:  # the camera room loads its libraries; `--help` answers without them
    from formcheck.app.languages import Languages
    from formcheck.camera import View

Quarter = Literal["0", "90", "180", "270"]

ExerciseArg = Annotated[str, typer.Argument(help="Name of the exercise; see: formcheck exercises")]
SourceOption = Annotated[
    str, typer.Option("--source", "-s", help="Camera number or name, video file, picture folder, or stream address.")
]
CameraOption = Annotated[
    str,
    typer.Option(
        "--source",
        "-s",
        help="Camera number or name, video file, picture folder, or stream address; "
        "default: the camera that was chosen in the window.",
    ),
]
PaceOption = Annotated[
    bool | None, typer.Option("--pace/--no-pace", help="Ticks that lead the pace; default: as you chose in the window.")
]
GentleOption = Annotated[
    bool, typer.Option("--gentle", help="Shorter ranges, more time, and what can be done sitting.")
]
RotateOption = Annotated[
    Quarter, typer.Option("--rotate", help="Turn the picture clockwise by so many degrees, before anything else.")
]
MirrorOption = Annotated[
    bool, typer.Option("--mirror", help="Swap left and right, for a picture that is filmed as in a mirror.")
]
ModelOption = Annotated[str, typer.Option("--model", help="full, lite, or the path of a .task bundle.")]
LiveModelOption = Annotated[
    str | None,
    typer.Option("--model", help="full, lite, or the path of a .task bundle; default: what suits this machine."),
]
SettingsOption = Annotated[
    Path | None, typer.Option("--settings", help="TOML file with thresholds; see: formcheck exercises NAME")
]
FullscreenOption = Annotated[bool, typer.Option("--fullscreen", "-f", help="Fill the screen.")]
MuteOption = Annotated[bool, typer.Option("--mute", "-m", help="Start without sound (M turns it on).")]
VolumeOption = Annotated[float, typer.Option("--volume", min=0.0, max=1.0, help="Loudness, 0 to 1.")]
NoToneOption = Annotated[
    bool, typer.Option("--no-tone", help="No soft tone while you hold a position well; the ticks stay.")
]
NoStepsOption = Annotated[bool, typer.Option("--no-steps", help="Don't tell the steps of an exercise at first.")]
CuesOption = Annotated[
    Spoken | None,
    typer.Option("--cues", help="Form cues that are spoken: all, two-thirds of them, or only the summary at the end."),
]
LanguageOption = Annotated[
    str | None,
    typer.Option("--language", help="en, fr or es; default: as chosen in the window, as the system says."),
]
ListenOption = Annotated[
    bool | None,
    typer.Option("--listen/--no-listen", hidden=True, help="Listen for words; no network for them ships."),
]
StoreOption = Annotated[
    str | None,
    typer.Option("--store", help='Remember this: "here", a file\'s path, or postgresql://… ; default: as you said.'),
]
NoStoreOption = Annotated[bool, typer.Option("--no-store", help="Remember nothing this time.")]
PersonOption = Annotated[
    str | None, typer.Option("--person", help="Whose sessions these are: a name, a number or a pseudonym in the store.")
]
PosesOption = Annotated[
    bool,
    typer.Option("--keep-poses", help="Keep the movement of this time too (joints, no picture), to score it again."),
]

DeskOption = Annotated[
    str | None,
    typer.Option("--desk", help="Show what you do to a clinician's desk: its address, such as 192.168.1.20:8443."),
]


def languages_of(asked: str | None) -> Languages:
    """What is known of the person's language.

    Raises:
        UsageError: there are no texts in the language that is asked for.
    """
    from formcheck.app.languages import Languages
    from formcheck.session.texts import languages

    if asked is not None and asked not in languages():
        raise UsageError(f"There are no texts in {asked}. Use {', '.join(languages())}.")
    return Languages.of_this_user(asked)


def view_of(rotate: Quarter, mirror: bool) -> View:
    """How the pictures are to be turned and mirrored."""
    from formcheck.camera import View

    return View.turned(int(rotate), is_mirrored=mirror)
