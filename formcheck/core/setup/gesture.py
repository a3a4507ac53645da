"""Signs for hands-free use, by a person who can reach no key. No exercise has them. Pure.

Both hands raised and crossed above the head, sitting or standing: held for two seconds it skips what is going on; held
on, it stops the session. From the side crossing can't be seen: hands held together above the head look the same there.
One hand that waves or taps the floor, in whatever position: it hurts (`core.setup.waving`).
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from formcheck.core.body.pose import EAR, HIP, SHOULDER, SIDES, WRIST, Pose
from formcheck.core.setup.waving import SWINGS, WaveDetector

Sign = Literal["", "seen", "skip", "stop", "hurt"]
"""Nothing; held long enough to skip (and may go on); let go after that; held on; waved."""
Meaning = Literal["", "skip", "stop", "hurt"]

SKIP_S, STOP_S = 2.0, 5.0
"""Seconds from which the crossed hands skip, and from which they stop [P]."""
GAP_S = 0.3
"""A shorter gap (a lost wrist) does not interrupt the sign."""
UPRIGHT_DEG = 55.0
"""The trunk is at least this steep: lying with the arms overhead is no sign."""
ABOVE_TL = 0.15
"""Both wrists are at least this far above the ears, torso lengths."""
OVER_TL = 0.55
"""And no further than this before or behind the shoulders: reaching forward is no sign."""
CLOSE_TL = 0.40
"""And no further from each other than this: crossed wrists touch, and the tracker puts them 0.1-0.3 apart."""
FACING_TL = 0.25
"""Shoulders further apart than this are seen from the front or behind: there both wrists and their crossing are seen.
From the side one hides the other; the tracker guesses it, 0.05-0.08 from the near one: one is enough. An arm that hangs
hidden behind the body is guessed 1.2-1.9 away (renders)."""


def is_crossed(pose: Pose) -> bool:
    """Whether the hands are raised and crossed above the head of an upright person."""
    pairs = (SHOULDER, HIP, WRIST)
    if not pose.is_present or any(np.isnan(pose.point(pair[s])).any() for pair in pairs for s in SIDES):
        return False
    shoulders, hips, wrists = (np.array([pose.point(pair[s]) for s in SIDES]) for pair in pairs)
    trunk = shoulders.mean(axis=0) - hips.mean(axis=0)
    torso = float(np.hypot(*trunk))
    if not torso > 0 or math.degrees(math.atan2(-float(trunk[1]), abs(float(trunk[0])))) < UPRIGHT_DEG:
        return False
    ears = [float(y) for s in SIDES if not math.isnan(y := float(pose.point(EAR[s])[1]))]
    top = min(ears) if ears else float(shoulders[:, 1].min()) - 0.3 * torso
    is_above = bool((wrists[:, 1] < top - ABOVE_TL * torso).all())
    is_above &= abs(float(wrists[:, 0].mean() - shoulders[:, 0].mean())) <= OVER_TL * torso
    is_close = float(np.hypot(*(wrists[0] - wrists[1]))) <= CLOSE_TL * torso
    across = float(shoulders[0, 0] - shoulders[1, 0])
    is_facing = abs(across) >= FACING_TL * torso
    is_seen = (all if is_facing else any)(pose.is_measured(WRIST[s]) for s in SIDES)
    is_across = not is_facing or float(wrists[0, 0] - wrists[1, 0]) * across <= 0
    return is_above and is_close and is_seen and is_across


class SignRecognizer:
    """Watches for the signs over time."""

    def __init__(self) -> None:
        self._waving = WaveDetector()
        self._swings = 0
        self._since: float | None = None
        self._last = -math.inf
        self._was_seen = False
        """Whether the crossed hands were held long enough to skip, and still are."""

    def update(self, pose: Pose, *, is_holding: bool = False) -> Sign:
        """One picture.

        Args:
            pose: joints in pixels.
            is_holding: a hold is being counted: who stretches may raise the arms with it, and skips nothing.
        """
        self._swings = self._waving.update(pose)
        if self._swings >= SWINGS:
            self._waving, self._swings, self._since, self._was_seen = WaveDetector(), 0, None, False
            return "hurt"
        return self._held(pose.t_s, is_crossed=is_crossed(pose) and (self._was_seen or not is_holding))

    def forming(self, t_s: float) -> tuple[Meaning, float]:
        """What the sign under way will mean, and how much of it is done (0..1); nothing while there is none."""
        if self._swings > 1:
            return "hurt", min(1.0, self._swings / SWINGS)
        if self._since is None:
            return "", 0.0
        held_s = t_s - self._since
        if not self._was_seen:
            return "skip", min(1.0, held_s / SKIP_S)
        return "stop", min(1.0, (held_s - SKIP_S) / (STOP_S - SKIP_S))

    def _held(self, t: float, *, is_crossed: bool) -> Sign:
        """The crossed hands: what they mean after this picture."""
        if not is_crossed:
            if self._since is None or t - self._last <= GAP_S:
                return ""
            was_seen, self._since, self._was_seen = self._was_seen, None, False
            return "skip" if was_seen else ""
        self._since = t if self._since is None else self._since
        self._last = t
        if t - self._since >= STOP_S:
            self._since, self._was_seen = None, False
            return "stop"
        if t - self._since >= SKIP_S and not self._was_seen:
            self._was_seen = True
            return "seen"
        return ""
