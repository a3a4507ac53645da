"""What was found out about this machine and is kept on it: numbers only, nothing of a person."""

from __future__ import annotations

import contextlib
import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import platformdirs

from formcheck import __version__

SCHEMA = "formcheck.machine/1"
SIZE_MAX = 10_000
"""Bytes of a file that is read: ours has 200."""


@dataclass(frozen=True, slots=True)
class MachineChoice:
    """How this machine looks at pictures."""

    model: str
    """`full` or `lite`."""
    longest_px: int
    """The tracker's picture has no longer side, pixels."""
    poses_fps: float
    """Poses a second that it was measured to manage with this choice, when nothing else runs."""


def choice_path() -> Path:
    """Where the choice is kept."""
    return platformdirs.user_config_path("formcheck", appauthor=False) / "machine.json"


def kept_choice() -> MachineChoice | None:
    """What was chosen for this machine; None where nothing was, or for another version or another machine."""
    try:
        data = json.loads(choice_path().read_bytes()[:SIZE_MAX])
        if {**data, **_identity()} != data or data["model"] not in ("full", "lite"):
            return None
        return MachineChoice(str(data["model"]), int(data["longest_px"]), float(data["poses_fps"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None  # a file that is missing or damaged is measured anew


def keep_choice(choice: MachineChoice) -> bool:
    """Keep it; False where this machine's folder can't be written, and it is measured again next time."""
    path = choice_path()
    text = json.dumps({**_identity(), **asdict(choice)}, indent=1) + "\n"
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, "utf-8")
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        return False
    return True


def _identity() -> dict[str, Any]:
    """What a choice was measured with: of another version or another machine it says nothing."""
    return {
        "schema": SCHEMA,
        "app": __version__,
        "processor": f"{platform.system()} {platform.machine()} {platform.processor()}".strip(),
        "cores": os.cpu_count(),
    }
