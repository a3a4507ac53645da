"""Catalogue: all scenarios by name."""

from __future__ import annotations

from dataclasses import replace

from tests.lab.people import ANNA, BEN, FARID
from tests.lab.scenario import Scenario, plan_reps
from tests.lab.scene import Scene

DEMO = Scene(width=1280, height=720, fps=30, camera_height_m=0.24, body_share=0.70)

DEAD_BUG_TIMES = {"out_s": 2.8, "hold_s": 0.3, "back_s": 2.0, "rest_s": 0.7}
BIRD_DOG_TIMES = {"out_s": 1.8, "hold_s": 1.3, "back_s": 1.6, "rest_s": 0.8}
BRIDGE_TIMES = {"out_s": 1.6, "hold_s": 4.9, "back_s": 2.2, "rest_s": 1.2}

SHIPPED = (
    Scenario(
        "demo-dead-bug", "dead-bug", ANNA, DEMO,
        plan_reps("LRLRLR", DEAD_BUG_TIMES, specials={2: {"arch_deg": 27.0}, 4: {"out_s": 0.9}}), seed=11,
    ),
    Scenario(
        "demo-bird-dog", "bird-dog", BEN, replace(DEMO, body_share=0.80),
        plan_reps("LRLR", BIRD_DOG_TIMES, specials={1: {"sag_deg": 28.0}, 3: {"hold_s": 0.05}}), seed=12,
    ),
    Scenario(
        "demo-glute-bridge", "glute-bridge", FARID, DEMO,
        plan_reps("----", BRIDGE_TIMES, specials={1: {"hold_s": 2.1}, 2: {"top_deg": 140.0}}), seed=13,
    ),
)  # fmt: skip


def find_scenarios(names: list[str], everything: bool) -> list[Scenario]:
    """Scenarios whose names begin with one of ``names``, or all that do not ship."""
    known = list(SHIPPED)
    return [s for s in known if (everything and s not in SHIPPED) or s.name.startswith(tuple(names) or ("\0",))]
