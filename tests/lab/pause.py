"""Pause: a set in whose middle the patient stands up and comes back; the repetitions before and after it count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.lab.body import RestBody
from tests.lab.drill import Drill, mix
from tests.lab.kinematics import Pose, Posed, solve
from tests.lab.life import Life, live, up_and_down
from tests.lab.limbs import share_rotation
from tests.lab.tempo import Rep, Sway, ease

BLEND_S = 0.8
"""In which the start pose of the exercise becomes that of the script, and back."""

PAUSE_S = 11.0


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A drill that gives way to a script of life for a while."""

    drill: Drill
    life: Life
    from_s: float

    def __getattr__(self, name: str) -> Any:
        """Everything but the pose is the drill's own."""
        return getattr(self.drill, name)

    def pose(self, rep: Rep, reach: float, hold_progress: float, sway: Sway, t_s: float) -> Posed:
        """Pose the body."""
        own = self.drill.pose(rep, reach, hold_progress, sway, t_s)
        inside_s = min(t_s - self.from_s, self.from_s + PAUSE_S - t_s)
        if inside_s <= 0.0:
            return own
        away = self.life.pose(rep, reach, hold_progress, sway, t_s - self.from_s)
        return blend_posed(own, away, ease(inside_s / BLEND_S))


def blend_posed(start: Posed, end: Posed, share: float) -> Posed:
    """Between two poses of one body: every bone turns along the shorter way, the root moves straight."""
    if share >= 1.0:
        return end
    body = start.body
    turns = {
        name: start.rotations[bone] @ share_rotation(start.rotations[bone].T @ end.rotations[bone], share)
        for bone, name in enumerate(body.names)
    }
    root = np.array([mix(a, b, share) for a, b in zip(start.joints_m[0], end.joints_m[0], strict=True)])
    return solve(body, Pose(turns, root_m=root))


def interrupt(drill: Drill, body: RestBody, base: Mapping[str, float]) -> Interrupted:
    """Somebody who stands up in the middle of a set; ``base["pause_at_s"]`` says when."""
    return Interrupted(drill, live(drill.name, body, up_and_down), base["pause_at_s"])
