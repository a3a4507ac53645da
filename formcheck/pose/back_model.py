"""The learned reader of the back's outline: our own small network, trained on rendered people only.

Its card (`docs/developers/back-model.md`) says what it was trained on, how well it does, and what it can't do.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import numpy as np

from formcheck.assets import asset
from formcheck.core.pose import Floats
from formcheck.pose.crop import Frame, cut
from formcheck.pose.tracker import Picture, RawPose

THREADS = 2


class BackModel:
    """Reads the outline in one picture at a time."""

    def __init__(self) -> None:
        self._session = _open()

    def read(self, picture: Picture, raw: RawPose, frame: Frame) -> tuple[Floats, Floats]:
        """Offsets of the outline at the stations and their standard deviations, (17,) each, torso lengths.

        Args:
            picture: BGR.
            raw: landmarks and mask of the patient in it.
            frame: where the torso lies, pixels.
        """
        crop = cut(picture, raw, frame)[None].astype(np.float32)
        offset, log_sd = self._session.run(None, {"crop": crop})
        return np.asarray(offset[0], np.float32), np.asarray(np.exp(log_sd[0]), np.float32)


@cache
def _open() -> Any:
    """The session, shared: it keeps no state between pictures."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime as ort

    ort.set_default_logger_severity(3)
    options = ort.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(str(asset("models", "back-contour.onnx")), options, providers=["CPUExecutionProvider"])
