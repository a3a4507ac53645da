"""The sheets of a study: for each rater a form of their own with the clips in an order of its own, some of them twice.

A form says nothing of where a clip comes from, whose it is, what the coach told, or that it was shown before. What does
is in `key.json`, which stays with whoever leads the study. The same clips and seed give the same files, to the byte.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from numpy.typing import NDArray

from formcheck import __version__
from formcheck.core.body.pose import Evidence, Pose
from formcheck.core.rules.exercise import Exercise
from formcheck.study.answers import ANY
from formcheck.study.clips import Clip, Told
from formcheck.system.errors import FormcheckError, SourceError
from formcheck.system.files import cannot_write, write_text
from formcheck.system.shown import shown

SCHEMA = "formcheck.study-key/1"
KEY = "key.json"
FORM = "form.html"
COUNT = "count"
"""Question for the number of repetitions, beside the faults and `any-fault`."""
FIGURES_A_SECOND = 12.0
JOINTS = (0, *range(11, 17), *range(23, 33))
"""Joints that are drawn, by their index: no face."""
CODECS: Mapping[str, str] = {"h264": "mp4", "av1": "mp4", "vp8": "webm", "vp9": "webm"}
"""What browsers play without anything else, and in which container."""


Figure = dict[str, Any]
"""A pose stream as the form draws it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One place on a rater's sheet."""

    place: int
    """From 1."""
    clip: int
    """Number of the clip in the key, from 1."""
    is_repeat: bool


def order_of(clips: int, repeats: int, seed: int, rater: int) -> list[Shown]:
    """The order for one rater: all clips, then some of the first half again, strewn among the second half.

    Args:
        clips: how many there are.
        repeats: how many of them come twice.
        seed: of the study.
        rater: number of the rater, from 1; each has an order of their own.
    """
    draw = np.random.default_rng([seed, rater])
    first = (draw.permutation(clips) + 1).tolist()
    half = math.ceil(clips / 2)
    again = draw.permutation(first[:half])[:repeats].tolist()
    rest = [(clip, False) for clip in first[half:]] + [(clip, True) for clip in again]
    order = [(clip, False) for clip in first[:half]] + [rest[i] for i in draw.permutation(len(rest))]
    return [Shown(place, clip, is_repeat) for place, (clip, is_repeat) in enumerate(order, 1)]


def questions_of(exercise: Exercise) -> dict[str, str]:
    """What is asked of each clip, beside the count: by name, in words."""
    return {ANY: "Any fault at all"} | {rule.name: rule.short or rule.name for rule in exercise.all_faults}


def write_sheets(
    to: Path,
    clips: Sequence[Clip],
    told: Callable[[Clip], Told],
    *,
    raters: int,
    repeats: float,
    seed: int,
) -> dict[str, Any]:
    """Write the key and a form for each rater; returns the key.

    Args:
        to: a folder that is empty or not there yet.
        clips: what is rated, each once.
        told: what the coach tells of a clip.
        raters: how many.
        repeats: share of the clips that come twice, 0 to 0.5.
        seed: for the orders.

    Raises:
        FormcheckError: the folder is not empty, can't be written, or a clip can't be used.
    """
    _prepare(to)
    key: dict[str, Any] = {
        "schema": SCHEMA,
        "app": __version__,
        "seed": seed,
        "repeats": round(repeats * len(clips)),
        "clips": [_about(n, clip, told(clip)) for n, clip in enumerate(clips, 1)],
    }
    key["study"] = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:16]
    figures = [figure_of(clip) if clip.is_figure else None for clip in clips]
    key["sheets"] = [_write_sheet(to, clips, figures, key, rater) for rater in range(1, raters + 1)]
    write_text(to / KEY, json.dumps(key, indent=1, ensure_ascii=False) + "\n")
    return key


def _prepare(to: Path) -> None:
    try:
        if to.exists() and (not to.is_dir() or any(to.iterdir())):
            raise FormcheckError(f"{shown(to)} is not an empty folder. Name another one with --to.")
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(to, error) from error


def _about(n: int, clip: Clip, told: Told) -> dict[str, Any]:
    return {
        "clip": n,
        "name": clip.name,
        "sha256": clip.sha256,
        "exercise": clip.exercise.name,
        "title": clip.exercise.title,
        "person": clip.person,
        "kind": "figure" if clip.is_figure else "video",
        "questions": questions_of(clip.exercise),
        "coach": {"reps": told.reps, "answers": dict(told.answers)},
    }


def _write_sheet(
    to: Path, clips: Sequence[Clip], figures: Sequence[Figure | None], key: Mapping[str, Any], rater: int
) -> dict[str, Any]:
    folder = to / f"rater-{rater}"
    order = order_of(len(clips), key["repeats"], key["seed"], rater)
    try:
        folder.mkdir()
        items = [_item(folder, each, clips[each.clip - 1], figures[each.clip - 1]) for each in order]
    except OSError as error:
        raise cannot_write(folder, error) from error
    sheet = {"study": key["study"], "rater": f"rater-{rater}", "clips": items}
    packed = json.dumps(sheet, separators=(",", ":"), sort_keys=True, ensure_ascii=True)
    digest = hashlib.sha256(packed.encode()).hexdigest()
    write_text(folder / FORM, form_of(packed, digest[:16]))
    places = [{"place": each.place, "clip": each.clip, "is_repeat": each.is_repeat} for each in order]
    return {"rater": f"rater-{rater}", "sheet": digest[:16], "sha256": digest, "order": places}


def _item(folder: Path, each: Shown, clip: Clip, figure: Figure | None) -> dict[str, Any]:
    item: dict[str, Any] = {
        "place": each.place, "title": clip.exercise.title, "questions": list(questions_of(clip.exercise).items()),
    }  # fmt: skip
    return item | ({"figure": figure} if figure else {"video": bare_video(clip, folder, each.place)})


def form_of(packed: str, sheet: str) -> str:
    """A rating form that works without a network: its own style and script by their hashes, and nothing from elsewhere.

    Args:
        packed: the sheet as JSON.
        sheet: its hash.
    """
    folder = Path(__file__).parent
    style, script = ((folder / name).read_text(encoding="utf-8") for name in ("form.css", "form.js"))
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("form.html").render(
        data=packed.replace("<", "\\u003c"),
        sheet=sheet,
        style=style,
        script=script,
        allowed=(_hashed(style), _hashed(script)),
    )


def _hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# -- what is shown ---------------------------------------------------------------------------------------------------


def figure_of(clip: Clip) -> Figure:
    """A pose stream as a moving figure: pixels of the picture, joints that were seen, and the outline of the back.

    Raises:
        SourceError: it can't be read, or nobody is in it.
    """
    frames: list[list[Any]] = []
    points: list[list[int]] = []
    next_s = -math.inf
    for pose, back in clip.recording():
        if not math.isfinite(pose.t_s) or pose.t_s < next_s:
            continue
        next_s = pose.t_s + 1 / FIGURES_A_SECOND - 1e-6
        joints = _joints(pose)
        points += [point for point in joints if point]
        frames.append(
            [round(pose.t_s, 2), joints, [_rounded(point) for point in back.contour_px] if back.is_known else []]
        )
    if not points:
        raise SourceError(f"{clip.name}: nobody is seen in it. Leave it out.")
    low, high = np.min(points, 0).tolist(), np.max(points, 0).tolist()
    return {"joints": list(JOINTS), "box": [*low, *high], "frames": frames}


def _joints(pose: Pose) -> list[list[int] | None]:
    seen = pose.evidence == Evidence.MEASURED
    return [_rounded(pose.xy_px[joint]) if seen[joint] else None for joint in JOINTS]


def _rounded(point: NDArray[np.float32]) -> list[int] | None:
    """Whole pixels; None where it is not known."""
    return [round(float(value)) for value in point] if np.isfinite(point).all() else None


def bare_video(clip: Clip, folder: Path, place: int) -> str:
    """A video's pictures as they are, without its sound, its name, and what cameras write beside; returns its name.

    Raises:
        SourceError: it can't be read, or browsers can't play it.
    """
    try:
        with av.open(str(clip.path)) as source:
            stream = source.streams.video[0]
            codec = stream.codec_context.name
            if codec not in CODECS:
                raise SourceError(f"{clip.name}: browsers may not play {codec}. Convert it to H.264 first.")
            name = f"clip-{place:03d}.{CODECS[codec]}"
            with av.open(str(folder / name), "w", options={"fflags": "+bitexact"}) as target:
                copied = target.add_stream_from_template(stream)
                for packet in source.demux(stream):
                    if packet.dts is not None:
                        packet.stream = copied
                        target.mux(packet)
    except (av.FFmpegError, IndexError) as error:
        raise SourceError(f"{clip.name} can't be read as a video. Leave it out.") from error
    return name
