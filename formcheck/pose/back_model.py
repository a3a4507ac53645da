"""The learned reader of the back's outline: our own small network, trained on rendered people only.

It reads where an arm lies beside the outline of somebody on the floor. Its card (`docs/developers/back-model.md`) says
what it was trained on, how well it does, what it can't do, and why it is not used everywhere.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import numpy as np

from formcheck.pose.crop import cut
from formcheck.pose.tracker import Picture, RawPose
from formcheck.pose.trunk import Reading, Trunk
from formcheck.system.assets import asset

THREADS = 2
"""The network takes 2 ms on two cores; more would be taken from the tracker."""


def back_model(picture: Picture, raw: RawPose, trunk: Trunk) -> Reading:
    """Read the outline at each station; a `Reader`."""
    crop = cut(picture, raw, trunk.frame)[None].astype(np.float32)
    offset, log_sd = _session().run(None, {"crop": crop})
    return np.asarray(offset[0], np.float32), np.asarray(np.exp(log_sd[0]), np.float32)


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
