"""Whether the safety page has been read: an empty file in the user's own state folder, and nothing else."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_state_path

NAME = "safety-page-read"


def flag_path() -> Path:
    """Where the flag lies."""
    return user_state_path("formcheck", appauthor=False) / NAME


def is_safety_read() -> bool:
    """Whether the page has been confirmed on this machine."""
    return flag_path().is_file()


def note_safety_read() -> None:
    """Remember it. Where nothing can be written the page is simply shown again."""
    try:
        flag_path().parent.mkdir(parents=True, exist_ok=True)
        flag_path().touch()
    except OSError:
        return
