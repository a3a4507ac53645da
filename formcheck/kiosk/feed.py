"""The camera of a visit: opened by the attract page, kept through all of the visit, released at its end."""

from __future__ import annotations

from formcheck.pipeline.live import LiveFeed
from formcheck.pose import Picturelike


class KioskFeed(LiveFeed):
    """A live feed whose pictures can be looked at while nobody is followed, and which every page may use."""

    def look(self) -> Picturelike | None:
        """The newest picture that was not taken yet; None if there is none."""
        return self.camera.take(0.0)

    def rest(self, every_s: float) -> None:
        """Look at a picture only so often, to spare the machine; 0 = at all of them."""
        self.camera.decode_every(every_s)

    def close(self) -> None:
        """A page is done with it; the visit goes on."""

    def release(self) -> None:
        """The visit is over: camera and model are let go."""
        super().close()
