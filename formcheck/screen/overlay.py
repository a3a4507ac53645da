"""The annotated picture without a window, for videos: exactly what the window would show."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import Back
from formcheck.core.body.pose import Pose
from formcheck.core.coach.snapshot import Snapshot
from formcheck.screen.painter import Painter
from formcheck.screen.wording import Wording
from formcheck.screen.words import Translate
from formcheck.screen.work_view import Caption, ViewModel

WIDE = (1280, 720)
UPRIGHT = (720, 1280)


class Overlay:
    """Draws picture, skeleton, back, counts and cue into an array.

    Example:
        overlay = Overlay("Dead bug")
        writer.write(overlay.draw_on(frame.image, pose, back, snapshot, Caption("Slower", "form")))
    """

    def __init__(
        self,
        title: str = "",
        *,
        size: tuple[int, int] | None = None,
        is_mirrored: bool = True,
        wording: Wording | None = None,
        is_per_side: bool = False,
        translate: Translate | None = None,
    ) -> None:
        """Prepare it.

        Args:
            title: the exercise's.
            size: (width, height) of the result; None chooses 1280x720, or 720x1280 for an upright video.
            is_mirrored: whether left and right are swapped, as in a mirror.
            wording: the exercise's own words.
            is_per_side: whether its target is one for each side.
            translate: gettext's function; None leaves English.
        """
        self._wording = wording or Wording()
        self._is_per_side = is_per_side
        self._title = title
        self._size = size
        self._is_mirrored = is_mirrored
        self._painter = Painter(translate)

    def size_for(self, width: int, height: int) -> tuple[int, int]:
        """The size (width, height) of the annotated pictures of a video of this size."""
        return self._size or (UPRIGHT if height > width else WIDE)

    def draw_on(
        self,
        image_bgr: NDArray[np.uint8],
        pose: Pose | None = None,
        back: Back | None = None,
        snapshot: Snapshot | None = None,
        caption: Caption | None = None,
    ) -> NDArray[np.uint8]:
        """The annotated picture, (height, width, 3) BGR. The array is reused: copy it to keep it.

        Args:
            image_bgr: the camera's picture, not mirrored.
            pose: in pixels of that picture.
            back: likewise.
            snapshot: the state of the set.
            caption: the cue to show.
        """
        view = ViewModel(
            title=self._title,
            snapshot=snapshot or Snapshot(),
            image=image_bgr,
            pose=pose,
            back=back,
            caption=caption,
            hints=(),
            is_mirrored=self._is_mirrored,
            wording=self._wording,
            is_per_side=self._is_per_side,
        )
        return self._painter.paint(view, self.size_for(image_bgr.shape[1], image_bgr.shape[0])).pixels
