"""Clips: a rendered recording, what is true of it, and what FormCheck found in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np

from formcheck.core.rules.exercise import Exercise
from formcheck.pipeline.recorded import analyse
from formcheck.session.registry import load_exercises
from formcheck.system.errors import FormcheckError
from tests.lab.bench.readers import load, name_code, name_ways, watch

SEEING = ("watcher",)
"""Modules of ``formcheck/pose`` that decide, with all that they import, what a pose stream holds."""

SHIPPED = "FormCheck"
"""Name of the way to read the back that FormCheck ships: the one in the pose stream."""

FIELD_OF = {"offset_t": "offset_tl", "sd_t": "sd_tl"}
"""Fields of a `Back` by their names in a pose stream's file, where the two differ."""

When = Literal["new", "all", "none"]
Task = tuple[Path, Path, tuple[str, str], When]
"""A truth file, the cache, the names of the code, and when to watch."""

POOLS_MAX = 3
"""A process that dies (MediaPipe: once in a hundred clips) ends its pool: so many are begun before a clip is left."""

NOT_REPS = frozenset({"hidden", "life"})
"""Kinds of clips in which repetitions aren't what is asked for."""


@dataclass(frozen=True, eq=False)
class Clip:
    """One clip, watched."""

    name: str
    folder: Path
    truth: dict[str, Any]
    found: dict[str, Any]
    poses: Path
    readings: Path | None = None
    """What other ways read of the back, if they were asked."""

    @property
    def exercise(self) -> str:
        """Its name."""
        return str(self.truth["exercise"])

    @property
    def kind(self) -> str:
        """What it is for."""
        return str(self.truth["kind"])

    @property
    def azimuth_deg(self) -> float:
        """How far the camera stands off side-on."""
        return abs(float(self.truth["azimuth_deg"]))

    @property
    def what(self) -> str:
        """What is special in it: the fourth word of its name."""
        words = self.name.split(".")
        return words[3] if len(words) > 4 else ""

    @cached_property
    def frames(self) -> dict[str, np.ndarray] | None:
        """The truth of every frame; None in the small set."""
        path = self.folder / f"{self.name}.frames.npz"
        return dict(np.load(path)) if path.exists() else None

    @cached_property
    def stream(self) -> dict[str, np.ndarray]:
        """What the pose room saw in every frame; the outline by the names of a `Back`'s fields."""
        return {FIELD_OF.get(name, name): values for name, values in np.load(self.poses).items()}

    @cached_property
    def ways(self) -> dict[str, dict[str, np.ndarray]]:
        """What each way read of the back, by name: FormCheck's own first."""
        own = {name: self.stream[name] for name in ("offset_tl", "sd_tl", "contour_px", "unknown")}
        return {SHIPPED: own, **(load(self.readings) if self.readings else {})}

    @property
    def is_loose(self) -> bool:
        """Whether the clothes are loose."""
        return bool(self.truth["figure"].get("look", {}).get("loose", 0.0) > 0.0)

    @cached_property
    def rows(self) -> np.ndarray:
        """Row of the truth that is nearest in time to each frame of the stream."""
        assert self.frames is not None
        return np.asarray(np.abs(self.stream["t_s"][:, None] - self.frames["t_s"]).argmin(axis=1))


def find_clips(folder: Path, split: str) -> list[Path]:
    """Truth files of a split whose clip or pose stream is there."""
    found = []
    for path in sorted(folder.glob("*.truth.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        name = path.name.removesuffix(".truth.json")
        is_there = (folder / f"{name}.mp4").exists() or (folder / f"{name}.poses.npz").exists()
        if is_there and truth.get("split") == split:
            found.append(path)
    return found


def watch_clips(paths: Iterable[Path], cache: Path, jobs: int, when: When = "new") -> list[Clip]:
    """Run the chain over clips, in several processes; what was watched before comes from the cache.

    Args:
        paths: truth files.
        cache: folder of pose streams.
        jobs: processes.
        when: watch ``new`` clips, ``all`` of them again, or ``none``: only those in the cache are judged.
    """
    codes = (name_code(SEEING), name_ways())
    tasks = [(path, cache, codes, when) for path in paths]
    if jobs <= 1 or len(tasks) < 2:
        return [clip for clip in map(_watch, tasks) if clip]
    clips: dict[int, Clip | None] = {}
    for _ in range(POOLS_MAX):
        left = [i for i in range(len(tasks)) if i not in clips]
        if left:
            clips |= _watch_together({i: tasks[i] for i in left}, jobs)
    for i in range(len(tasks)):
        if i not in clips:
            print(f"left out: {tasks[i][0].name}: every process that watched it died")
    return [clip for _, clip in sorted(clips.items()) if clip]


def _watch_together(tasks: dict[int, Task], jobs: int) -> dict[int, Clip | None]:
    """Watch in processes; what a process that dies takes with it is left out, and the next pool has it again."""
    found = {}
    with ProcessPoolExecutor(jobs) as pool:
        running = {pool.submit(_watch, task): i for i, task in tasks.items()}
        for future in as_completed(running):
            with suppress(BrokenProcessPool):
                found[running[future]] = future.result()
    return found


def judge_stream(poses: Path, exercise: Exercise, truth: dict[str, Any]) -> dict[str, Any]:
    """The findings of a recorded pose stream, as `formcheck analyze` writes them."""
    return analyse(str(poses), exercise, overrides=truth.get("settings") or None).findings.as_dict()


def _watch(task: Task) -> Clip | None:
    """Watch one clip; None (with a note) where its exercise isn't installed or it can't be read."""
    path, cache, codes, when = task
    name = path.name.removesuffix(".truth.json")
    truth = json.loads(path.read_text(encoding="utf-8"))
    exercise = load_exercises().exercises.get(truth["exercise"])
    if exercise is None:
        print(f"{name}: there is no exercise {truth['exercise']!r}; skipped", flush=True)
        return None
    poses, readings = path.with_name(f"{name}.poses.npz"), None
    try:
        if not poses.exists():
            poses, readings = _places(path.with_name(f"{name}.mp4"), cache, codes)
            is_kept = poses.exists() and readings.exists()
            if when == "all" or (when == "new" and not is_kept):
                cache.mkdir(parents=True, exist_ok=True)
                watch(path.with_name(f"{name}.mp4"), exercise, poses, readings)
                print(f"watched {name}", flush=True)
            if not poses.exists():
                return None
            readings = readings if readings.exists() else None
        return Clip(name, path.parent, truth, judge_stream(poses, exercise, truth), poses, readings)
    except FormcheckError as error:
        print(f"{name}: {error}", flush=True)
        return None


def _places(video: Path, cache: Path, codes: tuple[str, str]) -> tuple[Path, Path]:
    """Where the pose stream of a clip and the readings of the other ways are kept."""
    digest = hashlib.sha256(video.read_bytes()).hexdigest()[:16]
    seeing, ways = codes
    stem = f"{video.stem}.{digest}.{seeing}"
    return cache / f"{stem}.npz", cache / f"{stem}.{ways}.ways.npz"
