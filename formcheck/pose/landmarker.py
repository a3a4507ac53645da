"""The parts of MediaPipe that are used, imported without what is not.

`import mediapipe` brings all of its tasks: a recorder of sound, which runs `ldconfig` and a C compiler to find a
library, and drawings by matplotlib, which writes a cache of fonts into the person's home and takes most of the time.
Neither is used here, and neither is loaded.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType

UNUSED: Mapping[str, bool] = {"matplotlib": True, "matplotlib.pyplot": True, "sounddevice": False}
"""What MediaPipe 0.10.33 imports and no pose needs: whether it insists on it, or goes on where it is missing."""


@contextlib.contextmanager
def without_unused() -> Iterator[None]:
    """Keep what is not used from being loaded meanwhile; whoever imports it later gets the real one."""
    stand_ins = {
        name: ModuleType(name) if is_needed else None for name, is_needed in UNUSED.items() if name not in sys.modules
    }
    sys.modules.update(stand_ins)  # type: ignore[arg-type]  # None is how Python says: not to be found
    try:
        yield
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name, stand_in) is stand_in:
                sys.modules.pop(name, None)


with without_unused():
    from mediapipe import Image, ImageFormat
    from mediapipe.tasks.python import BaseOptions, vision

__all__ = ["BaseOptions", "Image", "ImageFormat", "vision"]
