"""The learned reader of the back's outline: our own small network, trained on rendered people only.

It reads where an arm lies beside the outline of somebody on the floor. Its card (`docs/developers/back-model.md`) says
what it was trained on, how well it does, what it can't do, and why it is not used everywhere.
"""

from __future__ import annotations

import os
from functools import cache, partial
from typing import Any

import numpy as np

from formcheck.pose.crop import cut
from formcheck.pose.tracker import Picture, RawPose
from formcheck.pose.trunk import Reader, Reading, Trunk
from formcheck.system.assets import asset

THREADS = 2
"""The network takes 2 ms on two cores; more would be taken from the tracker."""
KEPT_S = 0.07
"""Seconds for which a reading stands [P]: a third of the running median's lag. Places are counted from the hip-shoulder
line of each picture, so that a trunk that moves takes its outline along."""


def back_model(picture: Picture, raw: RawPose, trunk: Trunk) -> Reading:
    """Read the outline at each station; a `Reader`."""
    crop = cut(picture, raw, trunk.frame)[None].astype(np.float32)
    offset, log_sd = _session().run(None, {"crop": crop})
    return np.asarray(offset[0], np.float32), np.asarray(np.exp(log_sd[0]), np.float32)


class KeptReader:
    """A reader that looks at a picture only now and then; between, what it read last stands.

    Args:
        reader: what looks; it sees one trunk at a time.
        kept_s: seconds for which a reading stands.
    """

    def __init__(self, reader: Reader = back_model, kept_s: float = KEPT_S) -> None:
        self._reader, self._kept_s = reader, kept_s
        self._last: tuple[float, tuple[object, ...], Reading] | None = None

    def at(self, t_s: float) -> Reader:
        """The reader for the picture of this time, seconds on the stream's clock."""
        return partial(self._read, t_s)

    def _read(self, t_s: float, picture: Picture, raw: RawPose, trunk: Trunk) -> Reading:
        if self._last is not None:
            read_s, seen, reading = self._last
            if 0.0 <= t_s - read_s < self._kept_s and seen == trunk.layout:
                return reading
        reading = self._reader(picture, raw, trunk)
        self._last = (t_s, trunk.layout, reading)
        return reading


@cache
def _session() -> Any:
    """The network; it keeps no state between pictures."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime as ort

    ort.set_default_logger_severity(3)
    options = ort.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(str(asset("models", "back-contour.onnx")), options, providers=["CPUExecutionProvider"])
