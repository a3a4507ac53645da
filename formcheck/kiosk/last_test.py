"""What the last self-test left behind: when it was, and how fast the chain was. Nothing of a person."""

from __future__ import annotations

import json
import os
import platform
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from formcheck import __version__

NAME = "selftest.json"
BYTES_MAX = 10_000
"""Of the file: ours has 150."""


@dataclass(frozen=True, slots=True)
class LastTest:
    """The last self-test of this kiosk."""

    last: datetime | None = None
    """What the clock showed."""
    poses_fps: float | None = None
    """Poses a second, so that a start need not measure again; None for another version or another machine."""

    @classmethod
    def read(cls, state: Path) -> LastTest:
        """What is kept in the state folder; nothing where the file is missing or damaged."""
        try:
            with (state / NAME).open("rb") as file:
                data = json.loads(file.read(BYTES_MAX))
            last = datetime.fromisoformat(data["last"]).astimezone(UTC)
            is_ours = {**data, **_identity()} == data and data["poses_fps"] is not None
            return cls(last, float(data["poses_fps"]) if is_ours else None)
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return cls()

    def write(self, state: Path) -> bool:
        """Keep it, whole or not at all; False where the folder can't be written."""
        last = self.last.isoformat() if self.last is not None else None
        data = {"last": last, "poses_fps": self.poses_fps, **_identity()}
        beside = state / f".{NAME}.{os.getpid()}"
        try:
            state.mkdir(parents=True, exist_ok=True)
            with beside.open("w", encoding="utf-8") as file:
                file.write(json.dumps(data) + "\n")
                file.flush()
                os.fsync(file.fileno())
            beside.replace(state / NAME)
        except OSError:
            with suppress(OSError):
                beside.unlink()
            return False
        return True


def _identity() -> dict[str, Any]:
    """Of another version or another machine a measured speed says nothing."""
    return {"app": __version__, "machine": platform.machine(), "cores": os.cpu_count()}
