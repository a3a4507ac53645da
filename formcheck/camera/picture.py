"""One form for all pictures: (height, width, 3) BGR bytes."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.system.errors import SourceError


def to_bgr(image: NDArray[Any]) -> NDArray[np.uint8]:
    """Bring a grey, 16-bit or transparent picture into the one form that the pose room takes.

    Args:
        image: (h, w), (h, w, 1), (h, w, 3) BGR or (h, w, 4) BGRA; 8 or 16 bits a channel.

    Returns:
        (h, w, 3) BGR, uint8, contiguous; the same array if it already is that.

    Raises:
        SourceError: pixels of any other kind.
    """
    if image.dtype == np.uint16:
        image = (image >> 8).astype(np.uint8)
    channels = 1 if image.ndim == 2 else image.shape[-1]
    if image.dtype != np.uint8 or image.ndim not in (2, 3) or channels not in (1, 3, 4) or image.size == 0:
        raise SourceError(
            f"The pictures have a form that FormCheck can't use ({image.shape}, {image.dtype}): "
            "set the camera to colour or grey, 8 or 16 bits."
        )
    if channels == 1:
        image = cv2.cvtColor(np.ascontiguousarray(image).reshape(image.shape[:2]), cv2.COLOR_GRAY2BGR)
    elif channels == 4:
        image = cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_BGRA2BGR)
    return np.ascontiguousarray(image)
