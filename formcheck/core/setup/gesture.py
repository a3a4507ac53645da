"""Signs for hands-free use. No exercise has them. Pure.

Sit or stand up and hold both hands crossed above the head: held for two seconds that skips what is going on; held on,
it stops the session. From the side crossing can't be seen: hands held together above the head look the same there.

Lay both hands on the head, lying, sitting or standing: "it hurts". It needs no getting up. After two seconds it is
asked about ("keep your hands on your head if it hurts"), and after five it counts. The two can't be taken for each
other: the hands are at the ears in one and clear above them in the other. Some people lie with their hands under the
head all along (a real bridge clip shows one): that is no sign, because it counts only after the hands were elsewhere
for three seconds.

One hand that waves, or taps the floor, three times to and fro while the rest keeps still says at once that it hurts: in
every position, on all fours too (`core.setup.waving`).
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.pose import EAR, ELBOW, HIP, SHOULDER, SIDES, WRIST, Pose
from formcheck.core.setup.waving import SWINGS, WaveDetector

Sign = Literal["", "seen", "skip", "stop", "hurt-seen", "hurt"]
"""Nothing. Above the head: long enough to skip, let go after that, held on. On the head: asked about, kept there.
A hand that waves: it hurts."""
Meaning = Literal["", "skip", "stop", "hurt"]
"""What a sign that is being held is going to mean."""

SKIP_S, STOP_S = 2.0, 5.0
HURT_ASKED_S, HURT_S = 2.0, 5.0
"""Both hands on the head: after the first it is asked about, after the second it counts. A brow is wiped sooner."""
AWAY_S = 3.0
"""The hands were away from the head for this long before: who rests the head on them means nothing by it."""
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
ON_HEAD_TL = 0.42
"""Hands lie on the head when both wrists are this close to the middle of the ears. Half a head's breadth and the palm
come to 0.19 m, with a torso (shoulder to hip) of 0.50 m to 0.38 torso lengths. Arms that hang, lie beside the body or
overhead, or point to the ceiling keep the wrists more than 0.6 away."""
BENT_DEG = 110.0
"""And both elbows are bent further than this: in a picture that is foreshortened a straight arm can pass the head."""
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


def _elbow_deg(shoulder: NDArray[np.float64], elbow: NDArray[np.float64], wrist: NDArray[np.float64]) -> float:
    upper, lower = shoulder - elbow, wrist - elbow
    return abs(math.degrees(math.atan2(upper[0] * lower[1] - upper[1] * lower[0], float(upper @ lower))))


def is_on_head(pose: Pose) -> bool:
    """Whether both hands lie on the head, in any posture. One of the wrists must be measured, not guessed."""
    pairs = (SHOULDER, HIP, ELBOW, WRIST, EAR)
    if not pose.is_present or any(np.isnan(pose.point(pair[s])).any() for pair in pairs for s in SIDES):
        return False
    shoulders, hips, elbows, wrists, ears = (np.array([pose.point(pair[s]) for s in SIDES]) for pair in pairs)
    torso = float(np.hypot(*(shoulders.mean(axis=0) - hips.mean(axis=0))))
    if not torso > 0 or not any(pose.is_measured(WRIST[s]) for s in SIDES):
        return False
    is_near = (np.hypot(*(wrists - ears.mean(axis=0)).T) <= ON_HEAD_TL * torso).all()
    return bool(is_near) and all(_elbow_deg(*arm) <= BENT_DEG for arm in zip(shoulders, elbows, wrists, strict=True))


class SignRecognizer:
    """Watches for the signs over time."""

    def __init__(self) -> None:
        self._waving = WaveDetector()
        self._swings = 0
        self._since: float | None = None
        self._last = -math.inf
        self._hurt_since: float | None = None
        self._hurt_last = -math.inf
        self._away_since: float | None = None
        self._is_armed = self._is_hurt_asked = False
        self.was_seen = False
        """Whether the sign above the head was held long enough to skip, and still is."""

    def forming(self, t_s: float) -> tuple[Meaning, float]:
        """What the sign being made is going to mean, and how much of it is done (0..1)."""
        if self._swings > 1:
            return "hurt", min(1.0, self._swings / SWINGS)
        if self._since is not None:
            held = t_s - self._since
            return ("stop", min(1.0, held / STOP_S)) if self.was_seen else ("skip", min(1.0, held / SKIP_S))
        if self._hurt_since is not None:
            return "hurt", min(1.0, (t_s - self._hurt_since) / HURT_S)
        return "", 0.0

    def held_s(self, t_s: float) -> float:
        """How long the sign has been held."""
        return 0.0 if self._since is None else t_s - self._since

    def forget_raised(self) -> None:
        """The hands above the head belong to an exercise: they mean nothing yet, unless they were told already."""
        if not self.was_seen:
            self._since = None

    def update(self, pose: Pose) -> Sign:
        """One picture."""
        t = pose.t_s
        hurting = self._waves(pose) or self._hurting(pose)
        if hurting:
            return hurting
        if is_crossed(pose):
            self._since = t if self._since is None else self._since
            self._last = t
            return self._holding(t)
        if self._since is None or t - self._last <= GAP_S:
            return ""
        was_seen = self.was_seen
        self._since, self.was_seen = None, False
        return "skip" if was_seen else ""

    def _waves(self, pose: Pose) -> Sign:
        """Follow the hands that wave."""
        self._swings = self._waving.update(pose)
        if self._swings < SWINGS:
            return ""
        self._waving, self._swings = WaveDetector(), 0
        return "hurt"

    def _hurting(self, pose: Pose) -> Sign:
        """Follow the hands on the head."""
        t = pose.t_s
        if is_on_head(pose) and not is_crossed(pose):
            self._away_since, self._hurt_last = None, t
            if not self._is_armed:
                return ""
            self._hurt_since = t if self._hurt_since is None else self._hurt_since
            if t - self._hurt_since >= HURT_S:
                self._forget_hurt()
                return "hurt"
            if t - self._hurt_since >= HURT_ASKED_S and not self._is_hurt_asked:
                self._is_hurt_asked = True
                return "hurt-seen"
        elif t - self._hurt_last > GAP_S:
            if self._hurt_since is not None:
                self._forget_hurt()
            self._away_since = t if self._away_since is None else self._away_since
            self._is_armed = self._is_armed or t - self._away_since >= AWAY_S
        return ""

    def _forget_hurt(self) -> None:
        self._hurt_since, self._away_since, self._is_armed, self._is_hurt_asked = None, None, False, False

    def _holding(self, t: float) -> Sign:
        held = self.held_s(t)
        if held >= STOP_S:
            self._since, self.was_seen = None, False
            return "stop"
        if held >= SKIP_S and not self.was_seen:
            self.was_seen = True
            return "seen"
        return ""
