"""Poses for training: every exercise with knobs anywhere between flat, round and arched, and arms in every place."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from tests.lab.tempo import Rep

EXERCISES = ("dead-bug", "pelvic-tilt", "glute-bridge", "bird-dog", "hip-flexor-stretch", "piriformis-stretch",
             "running")  # fmt: skip
SHARES = (0.26, 0.20, 0.10, 0.20, 0.09, 0.08, 0.07)
"""How often each exercise is drawn: the lying ones are hardest, their gap is smallest."""

BASES: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "glute-bridge": {"knee_deg": (75.0, 130.0)},
    "hip-flexor-stretch": {"front_deg": (88.0, 104.0)},
}
KNOBS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "dead-bug": {"arch_deg": (-4.0, 34.0), "thigh_deg": (6.0, 60.0), "knee_deg": (110.0, 172.0),
                 "drift_deg": (0.0, 40.0), "arms_deg": (-10.0, 80.0)},
    "bird-dog": {"sag_deg": (-45.0, 38.0), "hip_deg": (130.0, 205.0), "knee_deg": (110.0, 174.0),
                 "arm_deg": (120.0, 172.0), "shift_pct": (0.0, 26.0), "head_deg": (-10.0, 45.0)},
    "glute-bridge": {"top_deg": (125.0, 206.0), "arch_deg": (-8.0, 28.0)},
    "pelvic-tilt": {"flat_tl": (-0.012, 0.036), "rise_tl": (0.0, 0.06)},
    "hip-flexor-stretch": {"shift_deg": (0.0, 34.0), "lumbar_deg": (-20.0, 36.0), "lean_deg": (-10.0, 34.0)},
    "piriformis-stretch": {"lean_deg": (0.0, 70.0), "round_deg": (-10.0, 55.0)},
    "running": {"cadence_spm": (140.0, 185.0), "lean_deg": (-2.0, 34.0), "lumbar_deg": (-14.0, 36.0),
                "hunch_deg": (0.0, 28.0)},
}  # fmt: skip
CHOICES: Mapping[str, Mapping[str, tuple[float, ...]]] = {
    "glute-bridge": {"arms": (0.0, 2.0)},
    "pelvic-tilt": {"arms": (0.0, 1.0, 2.0)},
    "hip-flexor-stretch": {"hands": (0.0, 1.0), "side": (-1.0, 1.0)},
    "piriformis-stretch": {"side": (-1.0, 1.0)},
    "running": {"gait": (0.0, 1.0)},
}


def choose_exercise(rng: np.random.Generator) -> str:
    """One of the seven."""
    return str(rng.choice(EXERCISES, p=SHARES))


def make_base(exercise: str, rng: np.random.Generator) -> Mapping[str, float]:
    """Knobs of a whole scene."""
    base = {name: float(rng.uniform(*span)) for name, span in BASES.get(exercise, {}).items()}
    return base | {name: float(rng.choice(values)) for name, values in CHOICES.get(exercise, {}).items()}


def make_rep(exercise: str, base: Mapping[str, float], rng: np.random.Generator) -> tuple[Rep, float]:
    """One repetition with random knobs (each is left out now and then), and how far it has come."""
    knobs = {n: float(rng.uniform(*span)) for n, span in KNOBS[exercise].items() if rng.random() < 0.75}
    side = "L" if base.get("side", rng.choice([-1.0, 1.0])) > 0 else "R"
    if exercise in ("glute-bridge", "pelvic-tilt", "running"):
        side = ""
    reach = 0.0 if rng.random() < 0.15 else float(rng.uniform(0.0, 1.0) ** 0.6)
    return Rep(side, 2.0, 2.0, 2.0, 1.0, MappingProxyType(knobs)), reach
