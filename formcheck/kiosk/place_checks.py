"""The single checks of a kiosk: camera, sound, speed, clips, disk, clock, printer. Each can fail, none raises."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from formcheck.camera import CameraThread, Source, View, list_cameras, open_source
from formcheck.core.rules.exercise import Exercise
from formcheck.kiosk.config import KioskConfig
from formcheck.pipeline.speed_check import rate_check
from formcheck.system.checks import Check
from formcheck.system.errors import FormcheckError
from formcheck.voice import Voice
from formcheck.voice.clips import clip_set

BUILT = datetime(2026, 11, 30, tzinfo=UTC)
"""No clock that is right shows an earlier day than this version was written on; raised with each release."""
BACK_S = 3600.0
"""A clock so much behind the last self-test was set back: clocks drift by seconds, and summer time is no UTC."""
FREE_BAD_BYTES, FREE_NOTE_BYTES = 200_000_000, 1_000_000_000
"""A day of records takes less than a tenth of the first; an update needs the second."""
FIRST_PICTURE_S, WATCH_S = 2.5, 1.2
"""For the first picture, and for looking whether others follow."""
BLACK_MEAN, BLACK_SPREAD = 10.0, 4.0
"""Of 255. A covered lens shows 0 to 6 with noise of 1 to 3 [P]; a dark room with one lamp has bright spots."""
BUSY = 1.5
"""Of the system's load, for each processor: what we start ourselves makes 1."""
LPSTAT_S = 3.0


def camera_check(config: KioskConfig, source: Source | None = None) -> Check:
    """Whether the camera shows a picture that moves and is not black.

    Args:
        config: says which camera.
        source: another than that.
    """
    try:
        frames = _watched(source or _source(config))
    except FormcheckError as error:
        return Check("camera", "bad", str(error))
    if not frames:
        return Check("camera", "bad", "It sends no pictures. Check its cable, and that nothing else uses it.")
    newest = frames[-1]
    if newest.mean() < BLACK_MEAN and newest.std() < BLACK_SPREAD:
        return Check("camera", "bad", "Its picture is black. Take off its cover, and turn on a light.")
    if all(np.array_equal(frame, newest) for frame in frames[:-1]):
        return Check("camera", "bad", "Its picture stands still. Pull its cable and plug it in again.")
    height, width = newest.shape[:2]
    if width < height:
        return Check("camera", "note", f"a picture of {width} x {height}: it stands upright; set 'rotate' in [camera]")
    return Check("camera", "good", f"a picture of {width} x {height} that moves")


def _source(config: KioskConfig) -> Source:
    chosen = config.camera
    cameras = list_cameras()
    view = View.turned(chosen.rotate, is_mirrored=chosen.mirror)
    return open_source(chosen.source or str(cameras[0].index if cameras else 0), view)


def _watched(source: Source) -> list[NDArray[np.uint8]]:
    """Pictures of a second; fewer where they do not come."""
    frames = []
    with CameraThread(source, loop=True) as camera:
        first = camera.take(FIRST_PICTURE_S)
        if first is None:
            if camera.state.message and camera.state.is_over:
                raise FormcheckError(camera.state.message)
            return []
        frames.append(first.image)
        end_s = time.monotonic() + WATCH_S
        while (left_s := end_s - time.monotonic()) > 0 and not camera.state.is_over:
            frame = camera.take(left_s)
            if frame is not None:
                frames.append(frame.image)
    return frames


def sound_check() -> Check:
    """Whether there is a sound card. It opens pygame's mixer and closes it: only where no window speaks."""
    voice = Voice.start()
    status = voice.status
    voice.close()
    if status.is_available:
        return Check("sound", "good", "a sound card answers")
    return Check("sound", "note", "No sound card. What is said stands on the screen. Check the loudspeaker's cable.")


def speed_check(poses_fps: float | None, exercises: Sequence[Exercise], load: float = 0.0) -> Check:
    """Whether the chain is fast enough.

    Args:
        poses_fps: as it was measured; None = it could not be.
        exercises: those that are offered.
        load: programs that wanted a processor meanwhile, for each that there is; the measurement lets all go first.
    """
    if poses_fps is None and load > BUSY:
        return Check("speed", "note", "Not measured: other programs had the processor. Test again without them.")
    if poses_fps is None:
        return Check("speed", "bad", "It could not be measured: the tracker does not start. Install FormCheck again.")
    found = rate_check(f"{poses_fps:.0f} poses/s", poses_fps, exercises, "Use a faster computer.")
    if found.verdict == "bad" and load > BUSY:
        return Check(
            "speed", "note", f"{poses_fps:.0f} poses/s while other programs worked. Test again when they don't."
        )
    return found


def clips_check(languages: Sequence[str]) -> Check:
    """Whether every spoken word is there.

    Args:
        languages: those that can be chosen.
    """
    missing, silent = [], []
    for code in languages:
        clips = clip_set(code).files
        if not clips:
            silent.append(code)
        missing += [f"{code}/{path.name}" for path in clips.values() if not _is_sound(path)]
    if missing:
        return Check("clips", "bad", f"{len(missing)} can't be read, such as {missing[0]}. Install FormCheck again.")
    if silent:
        return Check("clips", "note", f"No voice for {', '.join(silent)}: what is said stands on the screen.")
    return Check("clips", "good", "every word is there")


def _is_sound(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == b"OggS"
    except OSError:
        return False


def disk_check(folder: Path, free_bytes: int | None = None) -> Check:
    """Whether there is room where the kiosk writes.

    Args:
        folder: the state folder.
        free_bytes: bytes that are free; looked up by default.
    """
    try:
        while not folder.exists():
            folder = folder.parent
        free = shutil.disk_usage(folder).free if free_bytes is None else free_bytes
    except OSError as error:
        return Check("disk", "bad", f"It can't be read ({error.strerror}). Restart the machine.")
    text = f"{free / 1e9:.1f} GB free"
    if free < FREE_BAD_BYTES:
        return Check("disk", "bad", f"{text}: nothing more can be kept. Make room.")
    if free < FREE_NOTE_BYTES:
        return Check("disk", "note", f"{text}: too little for an update. Make room.")
    return Check("disk", "good", text)


def clock_check(now: datetime, last: datetime | None) -> Check:
    """Whether the clock can be right.

    Args:
        now: what it shows.
        last: what it showed at the last self-test; None = there was none.
    """
    shown = f"{now:%Y-%m-%d %H:%M} UTC"
    if now < BUILT:
        return Check(
            "clock", "bad", f"It shows {shown}, before this version was made. Set it; its battery may be empty."
        )
    if last is not None and (last - now).total_seconds() > BACK_S:
        return Check("clock", "bad", f"It shows {shown}, and {last:%Y-%m-%d %H:%M} last time. Set it if it is wrong.")
    return Check("clock", "good", shown)


def printer_check(name: str) -> Check:
    """Whether the printing system knows a printer and lets it print.

    Args:
        name: as `lpstat -p` names it.
    """
    command = ["lpstat", "-p", name]
    try:
        done = subprocess.run(
            command, env={**os.environ, "LC_ALL": "C"}, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            errors="replace", check=False, timeout=LPSTAT_S,
        )  # fmt: skip
    except FileNotFoundError:
        return Check("printer", "bad", "This machine has no printing system. Install CUPS.")
    except (OSError, subprocess.TimeoutExpired):
        return Check("printer", "bad", "The printing system does not answer. Restart CUPS.")
    if done.returncode != 0:
        return Check("printer", "bad", f"There is no printer {name!r}. Take a name that 'lpstat -p' shows.")
    if "disabled" in done.stdout:
        return Check("printer", "note", f"{name} is stopped. Look for paper, then 'cupsenable {name}'.")
    return Check("printer", "good", f"{name} is there")
