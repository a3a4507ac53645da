"""Where a record comes from: versions, models, settings that differ, the camera; nothing that names anybody."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from formcheck import __version__
from formcheck.session.registry import load_exercises
from formcheck.system.assets import asset

BACK_MODEL = "back-contour"
CHUNK = 1 << 20
"""Bytes that are read at once."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record comes from."""

    models: Mapping[str, str]
    """SHA-256 of each model, by name."""
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Settings that differ from the defaults, by exercise."""
    width: int | None = None
    """Of the pictures, pixels."""
    height: int | None = None
    fps: float | None = None
    is_mirrored: bool = False
    """Whether the pictures were swapped left to right before they were looked at; else sides are as filmed."""
    side_on_deg: float | None = None
    """How far the view was off side-on, degrees (median); None where it is not known."""
    rate: Mapping[str, Any] = field(default_factory=dict)
    """How fast pictures came, and which faults that did not bear (`SetRecord.rate_as_dict`)."""
    started_utc: str | None = None
    live: Mapping[str, Any] | None = None
    """How it went live: rate and age of the poses, and the help that a slow machine was given; None for a recording."""
    ways: Mapping[str, bool] = field(default_factory=dict)
    """What was asked for beside settings: `gentle`, `pace`; what wasn't is left out."""
    app: str = __version__
    failed_rules: Mapping[str, Mapping[str, str]] | None = None
    """Rules of others' exercises that failed; None: those that have failed so far in this program."""

    def with_camera(self, about: Mapping[str, Any]) -> Provenance:
        """With `width`, `height` (pixels), `fps` and `mirrored` of the pictures, the `models` in use by name and how it
        went `live`, as far as known; nothing else of it is kept."""
        used = [models_in_use(model) for model in about.get("models", ())]
        return replace(
            self,
            models={name: digest for found in (self.models, *used) for name, digest in found.items()},
            width=about.get("width") or None,
            height=about.get("height") or None,
            fps=about.get("fps") or None,
            is_mirrored=bool(about.get("mirrored", self.is_mirrored)),
            live=about.get("live"),
        )

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON-ready values."""
        return {
            "app": self.app,
            "models": dict(self.models),
            "settings": {name: dict(values) for name, values in self.settings.items()},
            "ways": dict(self.ways),
            "camera": {"width": self.width, "height": self.height, "fps": self.fps, "mirrored": self.is_mirrored},
            "side_on_deg": self.side_on_deg,
            "rate": dict(self.rate),
            "started_utc": self.started_utc,
            "failed_rules": load_exercises().failed_rules if self.failed_rules is None else self.failed_rules,
            "live": self.live,
        }


def provenance_of(
    overrides: Mapping[str, Mapping[str, Any]],
    *,
    model: str = "full",
    source: Mapping[str, Any] | None = None,
    is_gentle: bool = False,
    is_paced: bool = False,
) -> Provenance:
    """The provenance of a record.

    Args:
        overrides: settings by exercise, as they were given.
        model: `full`, `lite`, or a bundle's path.
        source: `width`, `height` and `fps` of the pictures, as far as known.
        is_gentle: whether the ranges were the shorter ones of a gentle session.
        is_paced: whether ticks led the pace when it began.
    """
    ways = {name: True for name, is_asked in (("gentle", is_gentle), ("pace", is_paced)) if is_asked}
    settings = {name: values for name, given in overrides.items() if (values := _differing(name, given))}
    return Provenance(models_in_use(model), settings, ways=ways).with_camera(source or {})


def _differing(exercise: str, given: Mapping[str, Any]) -> dict[str, Any]:
    known = load_exercises().exercises.get(exercise)
    defaults = {s.name: s.value for s in known.all_settings} if known else {}
    return {name: value for name, value in given.items() if defaults.get(name) != value}


@cache
def models_in_use(model: str) -> dict[str, str]:
    """SHA-256 of the pose model and of the back's model, by name; a bundle of one's own is called `own`."""
    is_shipped = model in ("full", "lite")
    pose = asset("models", f"pose_landmarker_{model}.task") if is_shipped else Path(model)
    found = {f"pose-{model}" if is_shipped else "pose-own": pose}
    found |= {path.stem: path for path in asset("models").glob(f"{BACK_MODEL}.onnx")}
    return {name: _digest(path) for name, path in sorted(found.items()) if path.is_file()}


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
