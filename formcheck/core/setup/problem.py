"""What can be wrong with a set-up: its name, the words and the arrow for it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from formcheck.core.feedback.phrases import FRAMING, UNSEEN
from formcheck.core.setup.framing import FramingMeasures

Arrow = Literal["left", "right", "up", "down", "nearer", "further", "nearer-left", "nearer-right", ""]
"""Which way something should go, in the unmirrored picture; `nearer-left`: what is on the left, toward the camera."""

ORDER = ("dark", "nobody", "upside", "sideways", "backlit", "crowd", "close", "step", "head", "feet", "hands", "knees",
         "turn", "far", "high", "level", "room", "blurred", "loose")  # fmt: skip
"""Kinds of problem, the worst first: without light, a person, or the whole body nothing else can be told."""
PART_NAMES = {"head": "head", "shoulders": "head", "arms": "hands", "hips": "knees", "knees": "knees", "feet": "feet"}
REMEDIES = {"head": "footward", "feet": "headward", "up": "up", "down": "down"}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the set-up, and what to do."""

    name: str
    """Name of the cue."""
    text: str
    arrow: Arrow = ""


def kind_of(name: str) -> str:
    """The kind of a problem, a name of `ORDER`: `feet` for `feet-headward`."""
    return name.partition("-")[0]


def cut_names(sight: FramingMeasures) -> list[str]:
    """The problem that parts outside the picture make, as a list of one; empty when there are none."""
    edges = {edge for _, edge in sight.cut}
    if {"head", "feet"} <= edges or {"up", "down"} <= edges or {"front", "behind"} <= edges:
        return ["close"]
    if edges & {"front", "behind"}:
        return ["step-back" if "front" in edges else "step-forward"]
    names = [f"{PART_NAMES[part]}-{REMEDIES[edge]}" for part, edge in sight.cut]
    return sorted(names, key=lambda n: ORDER.index(kind_of(n)))[:1]


def problem_of(name: str, sight: FramingMeasures) -> Problem:
    """A problem with its words and its arrow."""
    cue = "unseen.body" if name == "nobody" else f"framing.{name}"
    head: Arrow = "left" if sight.head_x < 0 else "right"
    feet: Arrow = "right" if sight.head_x < 0 else "left"
    arrows: Mapping[str, Arrow] = {
        "headward": head,
        "footward": feet,
        "up": "up",
        "down": "down",
        "forward": head,
        "back": feet,
    }
    whole: dict[str, Arrow] = {"close": "further", "far": "nearer", "high": "down", "upside-down": ""}
    turns: dict[str, Callable[[], Arrow]] = {
        "turn-head-in": lambda: "nearer-left" if sight.head_x < 0 else "nearer-right",
        "turn-feet-in": lambda: "nearer-right" if sight.head_x < 0 else "nearer-left",
    }
    arrow = turns[name]() if name in turns else whole.get(name, arrows.get(name.rpartition("-")[2], ""))
    return Problem(cue, UNSEEN["body"] if name == "nobody" else FRAMING[cue], arrow)
