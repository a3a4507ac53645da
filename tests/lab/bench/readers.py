"""Readers: other ways to read the outline of the back, run on the very frames that FormCheck sees.

A way is a callable ``(picture, pose, raw, posture) -> Back``. A clip is decoded and tracked once; every way reads each
picture over the shoulder of FormCheck's own watcher, and what it read is kept beside the pose stream.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from unittest.mock import patch

import numpy as np

from formcheck.core.body.back import Back, Posture, unknown_back
from formcheck.core.body.measure import measure
from formcheck.core.body.pose import Pose
from formcheck.core.body.tracked import Tracked
from formcheck.core.rules.exercise import Exercise
from formcheck.pipeline.recorded import analyse
from formcheck.pipeline.writers import PoseFile
from formcheck.pose import PatientTracker
from formcheck.pose.contour import contour
from formcheck.pose.tracker import Picture, RawPose
from formcheck.pose.trunk import Reader
from formcheck.pose.watcher import TrackedPicture

POSE_ROOM = Path(__file__).parents[3] / "formcheck" / "pose"
WEIGHTS = POSE_ROOM.parents[1] / "assets" / "models" / "back-contour.onnx"


Way = Callable[[Picture, Pose, RawPose, Posture], Back]


def _mask_edge() -> Reader:
    from formcheck.pose.mask_edge import mask_edge

    return mask_edge


def _picture_edge() -> Reader:
    from formcheck.pose.picture_edge import picture_edge

    return picture_edge


def _learned() -> Reader:
    from formcheck.pose.back_model import back_model

    return back_model


READERS: dict[str, Callable[[], Reader]] = {
    "mask edge": _mask_edge,
    "mask and picture": _picture_edge,
    "learned": _learned,
}
"""Ways to read the outline once FormCheck knows where the trunk is, by name; one that can't be loaded is left out."""

MODULES = ("back_model", "contour", "mask_edge", "picture_edge")
"""What they are made of."""

FIELDS = ("offset_tl", "sd_tl", "contour_px", "unknown")


def find_ways() -> dict[str, Way]:
    """Every way that is there."""
    found: dict[str, Way] = {}
    for name, make in READERS.items():
        try:
            found[name] = partial(_read, make())
        except ImportError:
            continue
    return found


def _read(reader: Reader, picture: Picture, pose: Pose, raw: RawPose, posture: Posture) -> Back:
    """A back read by one reader, with what FormCheck says on arms and on what can't be seen."""
    return contour(pose, raw, measure(pose, posture), picture, reader, None)


def modules_behind(names: Iterable[str]) -> list[Path]:
    """Modules of the pose room, and all of that room that they import, directly or not."""
    found: dict[str, Path] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        path = POSE_ROOM / f"{name}.py"
        if name in found or not path.exists():
            continue
        found[name] = path
        tree = ast.parse(path.read_text(encoding="utf-8"))
        sources = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        waiting += [s.rpartition(".")[2] for s in sources if s.startswith("formcheck.pose.")]
    return [found[name] for name in sorted(found)]


def name_code(names: Iterable[str]) -> str:
    """Names the tracker and the code behind some modules: other ones need another stream."""
    paths = [*modules_behind(names), WEIGHTS]
    digest = hashlib.sha256(version("mediapipe").encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def name_ways() -> str:
    """Names all ways together."""
    digest = hashlib.sha256(f"{sorted(find_ways())} {name_code(MODULES)}".encode())
    return digest.hexdigest()[:8]


class Shoulder(PatientTracker):
    """FormCheck's own watcher, with every other way looking over its shoulder."""

    def __init__(self, kept: dict[str, list[Back]], posture: Posture, *rest: object) -> None:
        super().__init__(posture, *rest)  # type: ignore[arg-type]
        self._ways = find_ways()
        self._kept = kept

    def judge(self, seen: TrackedPicture) -> Tracked:
        """What FormCheck sees; the other ways' readings are kept."""
        tracked = super().judge(seen)
        for name, way in self._ways.items():
            read = unknown_back(seen.t_s, "no-torso")
            if seen.raw is not None:
                read = way(seen.picture, tracked.pose, seen.raw, self._posture)
            self._kept.setdefault(name, []).append(read)
        return tracked


def watch(video: Path, exercise: Exercise, poses: Path, readings: Path) -> None:
    """Watch a clip as FormCheck does; keep its pose stream and what the other ways read."""
    kept: dict[str, list[Back]] = {}
    with patch("formcheck.pipeline.recorded.PatientTracker", partial(Shoulder, kept)):
        failures = analyse(str(video), exercise, observers=[PoseFile(poses)]).failures
    for failure in failures:
        raise failure.error
    columns = {
        f"{name}/{field}": np.array([getattr(back, field) for back in backs])
        for name, backs in kept.items()
        for field in FIELDS
    }
    np.savez_compressed(readings, **columns)  # type: ignore[arg-type]


def load(readings: Path) -> dict[str, dict[str, np.ndarray]]:
    """What each way read: its fields by name, as in a pose stream."""
    found: dict[str, dict[str, np.ndarray]] = {}
    with np.load(readings) as data:
        for key in data.files:
            name, _, field = key.rpartition("/")
            found.setdefault(name, {})[field] = data[key]
    return found
