"""How a person wants the window: letters, contrast, captions, ticks, camera. Kept on this machine, and nothing else."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import platformdirs

SIZE_MAX = 10_000
"""Bytes of a file that is read: ours has 200."""
CAPTIONS_S = (4, 8, 15)
"""Seconds for which a caption can stay: time to read eight words twice; slowly; until one has come closer."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person can choose for all sessions."""

    large: bool = False
    """Larger letters, and a smaller picture."""
    contrast: bool = False
    """White on black, nothing between."""
    captions_s: int = CAPTIONS_S[0]
    """Seconds for which what was said stays on the screen; one of `CAPTIONS_S`."""
    flash: bool = False
    """A light around the screen with each tick and each count."""
    pace: bool = False
    """Ticks that lead the pace."""
    gentle: bool = False
    """More time and shorter ranges."""
    listen: bool = False
    """Words that are said are listened for."""
    camera: str = ""
    """Name of the camera that was chosen; empty for the first one."""


class Wishing:
    """What is wished for now. Whoever shows or plays something asks `now`; what changes is kept."""

    def __init__(self, now: Wishes | None = None, keep: Callable[[Wishes], object] = lambda _: None) -> None:
        """Begin with `now`; `keep` is told of each change."""
        self.now = now or Wishes()
        self._keep = keep

    def change(self, **values: Any) -> None:
        """Wish for something else from now on."""
        self.now = replace(self.now, **values)
        self._keep(self.now)

    def for_this_run(self, **values: Any) -> None:
        """What was asked for on the command line: it holds until it is changed, and is not kept; None leaves it."""
        self.now = replace(self.now, **{name: value for name, value in values.items() if value is not None})


def wishes_path() -> Path:
    """Where they are kept."""
    return platformdirs.user_config_path("formcheck", appauthor=False) / "wishes.json"


def kept_wishes() -> Wishes:
    """What was chosen on this machine; what is missing or makes no sense is as it ships."""
    try:
        data = json.loads(wishes_path().read_bytes()[:SIZE_MAX])
        given = {item.name: data[item.name] for item in fields(Wishes) if item.name in data}
    except (OSError, ValueError, TypeError, RecursionError):
        return Wishes()
    plain = asdict(Wishes())
    known = {name: value for name, value in given.items() if type(value) is type(plain[name])}
    if known.get("captions_s", CAPTIONS_S[0]) not in CAPTIONS_S:
        del known["captions_s"]
    return Wishes(**known)


def keep_wishes(wishes: Wishes) -> bool:
    """Keep them; False where the folder can't be written, and they hold for this time alone."""
    path = wishes_path()
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(asdict(wishes), indent=1) + "\n", "utf-8")
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        return False
    return True
