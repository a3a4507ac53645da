"""Lens: what light and camera do to a finished picture: gain, glow, blur and noise."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from tests.lab.ground import Picture
from tests.lab.scene import Scene

GRAIN_MARGIN = 64
"""Pixels by which the field of noise is larger than the picture."""

LIGHTS = {"normal": (1.0, 1.0), "low": (0.30, 3.0), "back": (0.85, 1.3)}
"""Gain and factor of the noise for each kind of light."""

GLOW_SHARE = 0.35
"""How much a bright window spills over the picture."""


class Lens:
    """The camera's own doing, the same for the same scene and seed."""

    def __init__(self, scene: Scene, seed: int) -> None:
        self._scene = scene
        self._rng = np.random.default_rng(seed)
        gain, noise = LIGHTS[scene.light]
        self._gain = gain * scene.exposure
        field = (scene.height + GRAIN_MARGIN, scene.width + GRAIN_MARGIN)
        grain = self._rng.standard_normal(field, dtype=np.float32) * (scene.noise * noise)
        self._grain = np.repeat(grain[..., None], 3, axis=2)

    def develop(self, picture: Any) -> Picture:
        """Turn a float picture (height, width, 3) 0-255 into what the camera delivers, uint8."""
        scene = self._scene
        if scene.light == "back":
            small = cv2.resize(picture, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
            glow = cv2.GaussianBlur(np.maximum(small - 170.0, 0.0), (0, 0), scene.width / 150.0)
            picture = picture + GLOW_SHARE * cv2.resize(glow, (scene.width, scene.height))
        if scene.blur_px > 0.0:
            picture = cv2.GaussianBlur(picture, (0, 0), scene.blur_px)
        down, right = self._rng.integers(0, GRAIN_MARGIN, 2)
        grain = self._grain[down : down + scene.height, right : right + scene.width]
        if self._gain != 1.0:
            picture = picture * np.float32(self._gain)
        return np.asarray(cv2.add(picture, grain, dtype=cv2.CV_8U))
