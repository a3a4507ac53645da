"""The clips that ship: their texts and durations, from the index that `assets/voice/build.py` writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from formcheck.core.coach.metronome import STEPS
from formcheck.core.feedback.queue import clip_name
from formcheck.session.texts import SOURCE_LANGUAGE
from formcheck.system.assets import asset
from formcheck.system.errors import FormcheckError

PACE_SOUNDS = tuple(f"pace-{n}" for n in range(1, STEPS + 1))
"""Ticks of the pace, from low to high."""
SOUNDS = ("ding", "tick", *PACE_SOUNDS)
"""Repetition counted; second of a hold; the pace."""


@dataclass(frozen=True, slots=True)
class ClipSet:
    """All clips of one language."""

    folder: Path
    durations_s: dict[str, float]
    """By clip name, seconds."""

    def path(self, name: str) -> Path:
        """Where the clip of that name lies."""
        return self.folder / f"{name}.ogg"

    @property
    def files(self) -> dict[str, Path]:
        """Every clip's file, by name."""
        return {name: self.path(name) for name in self.durations_s}


@cache
def clip_set(language: str = SOURCE_LANGUAGE) -> ClipSet:
    """The clips of `language`; none where it has no voice: what is said is shown, and nothing is said in another."""
    try:
        index = asset("voice", language, "index.json")
    except FormcheckError:
        return ClipSet(Path(), {})
    clips = json.loads(index.read_text("utf-8"))["clips"]
    return ClipSet(index.parent, {name: float(clip["duration_s"]) for name, clip in clips.items()})


def clip_duration_s(cue_name: str, language: str = SOURCE_LANGUAGE) -> float:
    """How long it takes to say a cue, seconds; 0 when it has no clip. `count.3` and `hold.3` are both "three"."""
    return clip_set(language).durations_s.get(clip_name(cue_name), 0.0)
