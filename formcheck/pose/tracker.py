"""MediaPipe behind one small door: pictures in, raw landmarks and a mask out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.pose import Floats
from formcheck.pose.effort import LONGEST_SIDE_PX
from formcheck.pose.landmarker import BaseOptions, Image, ImageFormat, vision
from formcheck.system.assets import asset
from formcheck.system.errors import FormcheckError
from formcheck.system.quiet import quiet_native_stderr

Picture = NDArray[np.uint8]

WIDTH_MULTIPLE = 4
"""mediapipe 0.10.33 aborts the process when a mask of another width is read (measured)."""

MODELS = ("full", "lite")


Turn = Literal[-1, 0, 1]
"""Quarter turns of a picture before it is looked at, 1 = clockwise. The finder was made for heads that are up.
Of somebody who lies in plain view it finds nothing now and then, and in the turned picture at once (seen)."""
_ROTATE = {1: cv2.ROTATE_90_CLOCKWISE, -1: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, slots=True, eq=False)
class RawPose:
    """Landmarks of one person as the tracker gives them, in pixels of the original picture."""

    xy_px: Floats
    """(33, 2)."""
    visibility: Floats
    """(33,) 0..1; high for plainly hidden joints too, so never the only evidence."""
    mask: Floats | None = None
    """(h, w) share of body per pixel at the tracker's scale, or None."""
    mask_scale: float = 1.0
    """Mask pixels per picture pixel."""


def model_path(model: str) -> Path:
    """The bundle of a model by name (`full`, `lite`) or the user's own by path.

    Raises:
        FormcheckError: neither a known name nor a file.
    """
    if model in MODELS:
        return asset("models", f"pose_landmarker_{model}.task")
    path = Path(model)
    if not path.is_file():
        raise FormcheckError(f"There is no model {model!r}. Use full, lite, or the path of a .task bundle.")
    return path


class Finder(Protocol):
    """Whatever finds people in a picture; `Tracker` is the one that ships."""

    def detect(self, picture: Picture, t_s: float, turn: Turn = 0) -> list[RawPose]:
        """The people in a BGR picture that is turned before it is looked at."""

    def use(self, model: str, longest_px: int) -> None:
        """From the next picture on, look with another model, or at a smaller picture."""

    def reset(self) -> None:
        """Forget the person that was followed."""

    def close(self) -> None:
        """Free what is held."""


class Tracker:
    """One PoseLandmarker in VIDEO mode that follows one person, or in IMAGE mode that finds several."""

    def __init__(
        self,
        model: str = "full",
        *,
        people: int = 1,
        is_video: bool = True,
        with_mask: bool = True,
        is_on_gpu: bool = False,
    ) -> None:
        self._path = model_path(model)
        self._people = people
        self._is_video = is_video
        self._with_mask = with_mask
        self._delegate = BaseOptions.Delegate.GPU if is_on_gpu else BaseOptions.Delegate.CPU
        self._longest_px = LONGEST_SIDE_PX
        self._last_ms = -1
        self._landmarker: Any = None
        self._is_warm = False

    def __enter__(self) -> Tracker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Free the native task. Must be called before the interpreter ends."""
        if self._landmarker is not None:
            self._landmarker.close()
            self._landmarker = None
        self._is_warm = False
        self._last_ms = -1

    reset = close
    """Forget the person that was followed: the next picture is searched anew."""

    def use(self, model: str, longest_px: int) -> None:
        """From the next picture on, another model or size of the picture (longest side, pixels).

        Another model searches anew; whoever knows where the patient was still does.

        Raises:
            FormcheckError: there is no such model.
        """
        path = model_path(model)
        if path != self._path:
            self.close()
        self._path, self._longest_px = path, longest_px

    def detect(self, picture: Picture, t_s: float, turn: Turn = 0) -> list[RawPose]:
        """The people in a BGR picture, at most as many as asked for.

        Args:
            picture: as it was filmed.
            t_s: its time. It must not run backwards; if it does by more than a second, the search begins anew.
            turn: how the picture is turned before it is looked at; what is found is in the picture as it was filmed.
        """
        ms = round(t_s * 1000)
        if self._is_video and ms <= self._last_ms:
            if ms < self._last_ms - 1000:
                self.reset()
            else:
                ms = self._last_ms + 1
        small, scale = shrink(picture, self._longest_px)
        small = small if turn == 0 else np.asarray(cv2.rotate(small, _ROTATE[turn]), np.uint8)
        height, width = small.shape[:2]
        image = Image(ImageFormat.SRGB, cv2.cvtColor(pad_to_multiple(small), cv2.COLOR_BGR2RGB))
        with quiet_native_stderr(is_active=not self._is_warm):
            task = self._open()
            result = task.detect_for_video(image, ms) if self._is_video else task.detect(image)
        self._is_warm, self._last_ms = True, ms
        found = [
            self._raw(person, result.segmentation_masks, i, (image.width, image.height), (width, height), scale)
            for i, person in enumerate(result.pose_landmarks)
        ]
        return found if turn == 0 else [_turn_back(raw, turn, picture) for raw in found]

    def _open(self) -> Any:
        if self._landmarker is None:
            mode = vision.RunningMode.VIDEO if self._is_video else vision.RunningMode.IMAGE
            options = vision.PoseLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=str(self._path), delegate=self._delegate),
                running_mode=mode,
                num_poses=self._people,
                output_segmentation_masks=self._with_mask,
            )
            try:
                self._landmarker = vision.PoseLandmarker.create_from_options(options)
            except (RuntimeError, ValueError) as error:
                text = f"The pose model {self._path.name} can't be loaded. Is it a .task bundle?"
                raise FormcheckError(text) from error
        return self._landmarker

    def _raw(
        self, person: Any, masks: Any, i: int, padded: tuple[int, int], size: tuple[int, int], scale: float
    ) -> RawPose:
        values = np.array([(p.x, p.y, p.visibility) for p in person], np.float32)
        mask = None
        if masks:
            # A copy: the native image must be freed on the thread that made it. Kept alive for a view, and freed by
            # whoever judged the picture last, it crashed the process now and then (measured: twice in 60 recordings).
            view = masks[i].numpy_view()
            mask = np.array(view.reshape(view.shape[:2])[: size[1], : size[0]])
        pixels = values[:, :2] * np.array(padded, np.float32) / np.float32(scale)
        return RawPose(pixels, values[:, 2], mask, scale)


def _turn_back(raw: RawPose, turn: Turn, picture: Picture) -> RawPose:
    """What was found in the turned picture, as it lies in the picture."""
    height, width = picture.shape[:2]
    across, down = raw.xy_px.T
    xy = (down, height - across) if turn == 1 else (width - down, across)  # a corner of the picture is (0, 0)
    mask = None if raw.mask is None else np.asarray(cv2.rotate(raw.mask, _ROTATE[-turn]), np.float32)
    return RawPose(np.stack(xy, axis=1), raw.visibility, mask, raw.mask_scale)


def shrink(picture: Picture, longest_px: int = LONGEST_SIDE_PX) -> tuple[Picture, float]:
    """The picture with its longest side at most so many pixels, and the factor applied."""
    longest = max(picture.shape[:2])
    if longest <= longest_px:
        return picture, 1.0
    factor = longest_px / longest
    size = (round(picture.shape[1] * factor), round(picture.shape[0] * factor))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8), factor


def pad_to_multiple(picture: Picture) -> Picture:
    """The picture with its right edge repeated until the width is a multiple of `WIDTH_MULTIPLE`."""
    missing = -picture.shape[1] % WIDTH_MULTIPLE
    if not missing:
        return picture
    return np.asarray(cv2.copyMakeBorder(picture, 0, 0, 0, missing, cv2.BORDER_REPLICATE), np.uint8)
