"""Practice: makes the drill of an exercise for a body, and says how to frame it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.lab.bird_dog import kneel
from tests.lab.body import RestBody
from tests.lab.dead_bug import lie_as_dead_bug
from tests.lab.drill import Drill
from tests.lab.glute_bridge import lie_for_bridge
from tests.lab.hip_flexor import half_kneel
from tests.lab.life import life_of, live
from tests.lab.pause import interrupt
from tests.lab.pelvic_tilt import lie_for_tilt
from tests.lab.piriformis import sit_down
from tests.lab.running import stand_tall
from tests.lab.scene import Framing


def start_drill(exercise: str, body: RestBody, base: Mapping[str, float]) -> Drill:
    """Bring a body into the start pose of an exercise."""
    starters: dict[str, Callable[[RestBody, Mapping[str, float]], Drill]] = {
        "dead-bug": lie_as_dead_bug,
        "bird-dog": kneel,
        "glute-bridge": lie_for_bridge,
        "hip-flexor-stretch": half_kneel,
        "pelvic-tilt": lie_for_tilt,
        "piriformis-stretch": sit_down,
        "running": stand_tall,
    }
    if "life" in base:
        return live(exercise, body, life_of(base))
    drill = starters[exercise](body, base)
    return interrupt(drill, body, base) if "pause_at_s" in base else drill


def frame_drill(drill: Drill) -> Framing:
    """Where the camera should look."""
    size = drill.body.figure.height_m / 1.66
    if drill.name == "running":
        return Framing(0.0, 1.55 * size, 0.90 * size, -1.0)
    if drill.name == "piriformis-stretch":
        return Framing(-0.2 * size, 1.25 * size, 0.66 * size, -1.0)
    if drill.name == "hip-flexor-stretch":
        return Framing(-0.1 * size, 1.3 * size, 0.64 * size, -1.0)
    if drill.name == "bird-dog":
        return Framing(0.0, 2.1 * size, 0.42 * size, -1.0)
    if drill.name == "dead-bug":
        return Framing(-0.53 * size, 1.72 * size, 0.36 * size, 1.0)
    return Framing(-0.46 * size, 1.75 * size, 0.32 * size, 1.0)
