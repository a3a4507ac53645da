"""The one place that knows MediaPipe: pictures in, the patient's pose and back contour out.

MediaPipe is loaded when the first of these names is asked for: whoever only reads recorded streams does without it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from formcheck.pose.watcher import PatientTracker
    from formcheck.pose.worker import Picturelike, PoseThread, TrackedFrame

__all__ = ["PatientTracker", "Picturelike", "PoseThread", "TrackedFrame"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{'watcher' if name == 'PatientTracker' else 'worker'}"), name)
