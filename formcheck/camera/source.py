"""What every source of pictures has in common."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from formcheck.camera.frame import Frame


class Source(Protocol):
    """Pictures, one after the other. Open, read and close it on one thread.

    Example:
        >>> with Synthetic(frame_count=2) as source:  # doctest: +SKIP
        ...     while (frame := source.read()) is not None:
        ...         print(frame.t_s)
    """

    name: str
    """What the person calls it: shown on the screen, never with a password in it."""
    is_live: bool = False
    """Whether it has no end and its times are the clock's."""
    fps: float | None = None
    """Nominal pictures a second; a hint only, times come from the frames."""
    capture_fps: float | None = None
    """Pictures a second that the camera took, where the file names it; then the times are the true ones, even if the
    file plays in slow motion."""
    is_mirrored: bool = False
    """Whether the picture is shown as in a mirror because the file or the person asks for it: left and right are those
    of the picture."""
    frame_count: int | None = None
    """Pictures that a finite source announces, for progress bars; may be wrong by a few."""
    warning: str = ""
    """One sentence on what is wrong with the source although it could be read; empty if nothing is."""

    def open(self) -> None:
        """Get ready to read; opening again starts from the beginning.

        Raises:
            SourceError: it can't be opened; the text says what to do.
        """
        ...

    def read(self) -> Frame | None:
        """The next picture, or None at the end of a finite source.

        Raises:
            SourceError: a live source stopped, or the source isn't open.
        """
        ...

    def spare(self, every_s: float) -> None:
        """From the next picture on, decode at most one in so many seconds, 0 = all; may be called from any thread.

        Only a live source leaves pictures out: it goes on taking them, so that the next one is always new.
        """
        return

    def close(self) -> None:
        """Release the device or file; harmless when it isn't open."""
        ...

    def fresh(self) -> Source:
        """An unopened source of the same thing: reconnecting takes one, since the old one may hang in `read`."""
        ...

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
