"""How much work is put into a picture: what a slow machine can be spared."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_SIDE_PX = 1280
"""Larger pictures are shrunk for the tracker: its own crop is 256 px, and the mask of a 1080p picture costs 13 ms."""
SMALL_SIDE_PX = 640
"""Of a smaller picture: half of a 720p camera's. The tracker's crop of a body that fills it has as many pixels still;
mask and conversion cost a quarter (measured: 4-6 ms of CPU a picture)."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What one picture may cost."""

    model: str = "full"
    """`full`, `lite`, or a bundle's path."""
    longest_px: int = LONGEST_SIDE_PX
    """The tracker's picture has no longer side, pixels."""
    is_scouting: bool = True
    """Whether the whole picture is searched for further people now and then while the patient is followed."""
