"""What an exercise declares of its pace: how slowly it is done, and where one breathes out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace that ticks lead, for whoever asks for it."""

    out_s: int
    """Whole seconds of the way out; a tick each."""
    back_s: int
    """Whole seconds of the way back."""
    turn_cue: str = ""
    """What is said where the way back begins, e.g. when to breathe out; empty where nothing is."""
    source: str = ""
    """Where these come from (clinician, paper, proposal)."""
