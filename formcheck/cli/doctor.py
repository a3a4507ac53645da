"""Looks over the machine: camera, models, sound, display, versions, speed."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import time
from dataclasses import dataclass
from typing import Literal

import numpy as np

from formcheck.camera import list_cameras
from formcheck.pose.tracker import Tracker
from formcheck.session.registry import load_exercises
from formcheck.system.assets import asset
from formcheck.system.display import has_display
from formcheck.system.errors import FormcheckError
from formcheck.voice import Voice

Verdict = Literal["good", "note", "bad"]

QUIET_VERSIONS = {"mediapipe": (0, 10, 35), "onnxruntime": (1, 29, 0)}
"""First version of each that contacts its maker when used (seen with strace, November 2026)."""
REAL_TIME_MS, USABLE_MS = 33.0, 66.0
"""A picture of a 30 frames/s camera, and of a 15 frames/s one, below which quick movements are missed."""
SPEED_PICTURES = 20


@dataclass(frozen=True, slots=True)
class Check:
    """One finding, with what to do in its text if it is not good."""

    what: str
    verdict: Verdict
    finding: str


def examine() -> list[Check]:
    """All checks, in the order in which a person would ask."""
    return [
        _camera(),
        *_models(),
        _sound(),
        _display(),
        *(_version(p, v) for p, v in QUIET_VERSIONS.items()),
        _exercises(),
        _speed(),
    ]


def _camera() -> Check:
    found = list_cameras()
    if not found:
        return Check("camera", "note", "None found. Plug one in, or use a video or stream with --source.")
    return Check("camera", "good", ", ".join(f"{c.index} {c.name}" for c in found))


def _models() -> list[Check]:
    """Compare the pose models with the manifest."""
    entries = {e["path"]: e["sha256"] for e in json.loads(asset("manifest.json").read_text())["files"]}
    checks = []
    for name in ("full", "lite"):
        path = f"models/pose_landmarker_{name}.task"
        try:
            digest = hashlib.sha256(asset(*path.split("/")).read_bytes()).hexdigest()
        except FormcheckError as error:
            checks.append(Check(f"model {name}", "bad", str(error)))
            continue
        if digest == entries[path]:
            checks.append(Check(f"model {name}", "good", "checksum is right"))
        else:
            checks.append(Check(f"model {name}", "bad", "checksum is wrong: install FormCheck again"))
    return checks


def _sound() -> Check:
    voice = Voice.start()
    status = voice.status
    voice.close()
    if status.is_available:
        return Check("sound", "good", "a sound card answers")
    return Check("sound", "note", status.message or "No sound card. Cues are shown on screen only.")


def _display() -> Check:
    if has_display():
        return Check("display", "good", "found")
    return Check("display", "note", "None. 'analyze' works without; 'run' needs one.")


def _version(package: str, first_talkative: tuple[int, int, int]) -> Check:
    version = importlib.metadata.version(package)
    numbers = tuple(int(n) for n in version.split(".")[:3] if n.isdigit())
    if numbers < first_talkative:
        return Check(package, "good", f"{version}, contacts nobody")
    return Check(package, "bad", f"{version} contacts its maker. Install FormCheck with its constraints file.")


def _exercises() -> Check:
    registry = load_exercises()
    if registry.broken:
        return Check("exercises", "bad", "; ".join(f"{n}: {r}" for n, r in registry.broken.items()))
    return Check("exercises", "good", ", ".join(registry.exercises))


def _speed() -> Check:
    """Median time of the tracker on noise pictures at 1280x720 (the worst case: it searches every one)."""
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 255, (720, 1280, 3), np.uint8)
    times = []
    with Tracker("full") as tracker:
        for i in range(SPEED_PICTURES):
            begin = time.perf_counter()
            tracker.detect(picture, i / 30)
            times.append((time.perf_counter() - begin) * 1000)
    ms = float(np.median(times[2:]))
    if ms <= REAL_TIME_MS:
        return Check("speed", "good", f"{ms:.0f} ms a picture: keeps up with 30 frames/s")
    if ms <= USABLE_MS:
        return Check("speed", "note", f"{ms:.0f} ms a picture: 15 frames/s. Try --model lite.")
    return Check("speed", "bad", f"{ms:.0f} ms a picture is too slow for live use. Use --model lite.")
