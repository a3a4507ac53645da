"""Whether the graphics card could run the tracker: tried and told, and not used.

MediaPipe offers its GPU delegate to Python on Linux alone. Where it was tried here (November 2026, no graphics card)
it fails cleanly, with a sentence about EGL. No machine with a card was at hand, so that nobody has compared its
landmarks and its mask with those of the processor, by which every limit was measured: until then it is not used.
"""

from __future__ import annotations

import sys

import numpy as np

from formcheck.pose.tracker import Tracker
from formcheck.system.errors import FormcheckError

PICTURE = (256, 256, 3)


def try_gpu(platform: str = sys.platform) -> str:
    """What came of trying it, in a sentence."""
    if platform != "linux":
        return "Not tried: the tracker can use one on Linux alone. The processor is used."
    try:
        with Tracker("lite", is_on_gpu=True) as tracker:
            tracker.detect(np.zeros(PICTURE, np.uint8), 0.0)
    except FormcheckError:
        return "Tried: the tracker can't use one here. The processor is used."
    return "Tried: the tracker could use one. The processor is used: with a card its measures were never compared."
