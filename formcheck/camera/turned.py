"""A source whose pictures are turned or mirrored because the person asked for it."""

from __future__ import annotations

from dataclasses import replace

from formcheck.camera.frame import Frame
from formcheck.camera.source import Source
from formcheck.camera.view import View


class Turned(Source):
    """Another source, seen in another view. What is known of that source is known here too."""

    def __init__(self, source: Source, view: View) -> None:
        """Prepare it.

        Args:
            source: not yet open.
            view: how its pictures are turned and mirrored, after what their file asks for.
        """
        self._source, self._view = source, view
        self._copy()

    def open(self) -> None:
        """Open the source.

        Raises:
            SourceError: it can't be opened.
        """
        self._source.open()
        self._copy()

    def read(self) -> Frame | None:
        """The next picture, turned; None at the end.

        Raises:
            SourceError: the source stopped, or isn't open.
        """
        frame = self._source.read()
        self.warning = self._source.warning
        return None if frame is None else replace(frame, image=self._view.apply(frame.image))

    def spare(self, every_s: float) -> None:
        """Decode at most one picture in so many seconds, 0 = all."""
        self._source.spare(every_s)

    def close(self) -> None:
        """Close the source."""
        self._source.close()

    def fresh(self) -> Turned:
        """An unopened source of the same, in the same view."""
        return Turned(self._source.fresh(), self._view)

    def _copy(self) -> None:
        source = self._source
        self.name, self.is_live, self.warning = source.name, source.is_live, source.warning
        self.fps, self.capture_fps, self.frame_count = source.fps, source.capture_fps, source.frame_count
        self.is_mirrored = source.is_mirrored != self._view.is_mirrored
