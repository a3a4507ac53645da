"""Where the files that ship with FormCheck are: models, voice clips, fonts, texts, demo clips."""

from __future__ import annotations

from pathlib import Path

from formcheck.system.errors import FormcheckError

_PACKAGED = Path(__file__).parent.parent / "_assets"
_CHECKOUT = Path(__file__).parent.parent.parent / "assets"


def asset(*parts: str) -> Path:
    """Path of a shipped file, for example `asset("models", "pose_landmarker_full.task")`.

    Raises:
        FormcheckError: the file is missing from this installation.
    """
    for root in (_PACKAGED, _CHECKOUT):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FormcheckError(f"The file {'/'.join(parts)} is missing from this installation. Install FormCheck again.")
