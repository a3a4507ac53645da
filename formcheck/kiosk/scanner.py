"""Reading a ticket that is held to the camera, on paper or on a phone. All else is nobody's business.

Measured on rendered pictures of 1280 by 720 (`tests/kiosk/held.py`): OpenCV's reader by ArUco's finder reads more than
the older one, which also can't read one in fifty codes of ours even from a perfect picture. Codes are looked for in a
smaller picture; what was found and not read is read again in a close-up, larger and sharpened. Of 128 pictures at 27 to
45 cm that reads 125; without sharpening 111, without a close-up 84.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.kiosk.ticket import is_ticket

PAUSE_S = 0.25
"""Between two pictures that are looked at: somebody holds still for longer, and each costs about 30 ms."""
LOOKED_AT_PX = 960
"""Width to which a picture is made smaller before it is searched."""
WIDEST_PX = 4096
"""Pictures that are wider or higher are not looked at."""
LARGER, SHARPER = 2.0, 2.0
"""What was found is read at twice its size, and its edges by twice what a soft picture lacks of it."""
SOFT_PX = 2.4
"""Standard deviation of that soft picture, at twice the size: 1.2 pixels of the camera."""
CLOSE_UP_PX = 720
"""A close-up is no larger, so that it costs no more than the search."""
MARGIN = 0.25
"""Of the code's side around it: the finder's corners are rough where it is tilted."""
CODES_MAX = 3
"""Codes of one picture that are read again."""

Grey = NDArray[np.uint8]


class TicketScanner:
    """Finds tickets in pictures. It keeps none, and says nothing of what it read in other codes."""

    def __init__(self) -> None:
        self._reader: Any = cv2.QRCodeDetectorAruco()
        self._looked_s = -math.inf

    def look(self, image: NDArray[np.uint8], now_s: float) -> str | None:
        """As `read`, a few times a second; None in between.

        Args:
            image: (height, width, 3) BGR, not mirrored.
            now_s: seconds of a clock that only grows.
        """
        if now_s - self._looked_s < PAUSE_S:
            return None
        self._looked_s = now_s
        return self.read(image)

    def read(self, image: NDArray[np.uint8]) -> str | None:
        """The text of a ticket in a picture; its signature is still to be checked. None where there is none.

        Args:
            image: (height, width, 3) BGR, not mirrored.
        """
        if image.ndim != 3 or image.dtype != np.uint8 or min(image.shape) < 3 or max(image.shape) > WIDEST_PX:
            return None
        grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
        share = min(1.0, LOOKED_AT_PX / grey.shape[1])
        small = cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_AREA) if share < 1 else grey
        found = self._codes(np.asarray(small, np.uint8))
        texts = (text for text, _ in found)
        return next((text for text in (*texts, *self._closer(grey, found, share)) if is_ticket(text)), None)

    def _closer(self, grey: Grey, found: list[tuple[str, NDArray[np.float32]]], share: float) -> Iterator[str]:
        """What is read in close-ups of codes that were found and not read."""
        unread = [corners / share for text, corners in found if not text]
        for corners in unread[:CODES_MAX]:
            close = _close_up(grey, corners)
            if close is not None:
                yield from (text for text, _ in self._codes(close))

    def _codes(self, grey: Grey) -> list[tuple[str, NDArray[np.float32]]]:
        """Codes with their text, empty where it can't be read, and their corners (4, 2).

        OpenCV raises on some pictures, and where a text is not UTF-8 (opencv, issue 23728): there is no ticket then.
        """
        try:
            is_found, texts, corners, _ = self._reader.detectAndDecodeMulti(grey)
        except (cv2.error, UnicodeDecodeError):
            return []
        return list(zip(texts, np.asarray(corners, np.float32), strict=False)) if is_found else []


def _close_up(grey: Grey, corners: NDArray[np.float32]) -> Grey | None:
    """The part of a picture with a code, larger and sharper; None where it lies outside."""
    if not np.isfinite(corners).all():
        return None
    low, high = corners.min(axis=0), corners.max(axis=0)
    margin = MARGIN * float((high - low).max())
    x0, y0 = (max(0, int(value - margin)) for value in low)
    x1, y1 = (max(0, int(value + margin)) for value in high)
    part = grey[y0:y1, x0:x1]
    if min(part.shape) < 21:  # a code of the least size has as many modules
        return None
    larger = min(LARGER, CLOSE_UP_PX / max(part.shape))
    big = cv2.resize(part, None, fx=larger, fy=larger, interpolation=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(big, (0, 0), SOFT_PX)
    return np.asarray(cv2.addWeighted(big, 1 + SHARPER, soft, -SHARPER, 0), np.uint8)
