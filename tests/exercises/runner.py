"""A synthetic runner (or walker) of known cadence, lean, bounce and joint angles, as a stream of poses."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from formcheck.core.body import Limbs
from formcheck.core.pose import MIRROR
from formcheck.testing import Lens, Performance, Stance, back_of, pose_of
from formcheck.testing.stances import Seen

TORSO_CM = 0.288 * 170
STAND = Limbs(hip_deg=178, knee_deg=175, shoulder_deg=10, elbow_deg=160)


@dataclass(frozen=True)
class Gait:
    """One way of moving; degrees and centimetres of a person 170 cm tall."""

    cadence_spm: float = 168.0
    lean_deg: float = 6.0
    bounce_cm: float = 8.0
    forward_deg: float = 32.0
    """Thigh furthest ahead of the vertical."""
    extension_deg: float = 12.0
    """Thigh furthest behind it."""
    stance_knee_deg: float = 42.0
    swing_knee_deg: float = 85.0
    neck_deg: float = 5.0
    hollow_t: float = 0.02
    is_walking: bool = False


RUN = Gait()
WALK = Gait(112, 3, 4, 25, 20, stance_knee_deg=15, swing_knee_deg=60, is_walking=True)
TALL = Stance("behind", STAND, STAND, trunk_deg=88, neck_deg=RUN.neck_deg, hollow_t=RUN.hollow_t)


def leg(gait: Gait, phase: float) -> Limbs:
    """One leg at a phase of its stride: thigh furthest ahead at 0, furthest behind at pi."""
    ahead, behind = gait.forward_deg, gait.extension_deg
    thigh = (ahead - behind) / 2 + (ahead + behind) / 2 * math.cos(phase)
    in_stance = math.sin(phase) > 0
    peak = gait.stance_knee_deg if in_stance else gait.swing_knee_deg
    knee = 12 + (peak - 12) * abs(math.sin(phase))
    return Limbs(180 - thigh - gait.lean_deg, 180 - knee, 20 - 25 * math.cos(phase), 95)


def stance_of(gait: Gait, t_s: float) -> tuple[Stance, float]:
    """The body at a time, and the height of its hips over their middle, torso lengths."""
    phase = math.pi * gait.cadence_spm / 60 * t_s
    sign = -1.0 if gait.is_walking else 1.0
    height = sign * gait.bounce_cm / TORSO_CM / 2 * math.cos(2 * phase)
    legs = (leg(gait, phase % (2 * math.pi)), leg(gait, (phase + math.pi) % (2 * math.pi)))
    body = Stance("behind", *legs, trunk_deg=90 - gait.lean_deg, neck_deg=gait.neck_deg, hollow_t=gait.hollow_t)
    return body, height


def times(duration_s: float, fps: float, jitter: float = 0.0, seed: int = 1) -> list[float]:
    """Times of pictures; `jitter` is the share of the interval by which they come early or late."""
    even = np.arange(0, duration_s, 1 / fps)
    shift = np.random.default_rng(seed).uniform(-jitter, jitter, len(even)) / fps
    return [float(t) for t in even + shift - shift[0]]


def record(
    gait: Gait = RUN, at_s: list[float] | None = None, *, stand_s: float = 0.0, lens: Lens | None = None
) -> list[Seen]:
    """The stream of poses and backs; it may begin with standing tall."""
    lens = lens or Lens(torso_px=150)
    frames = []
    for index, t in enumerate(at_s or times(10, 30)):
        body, height = stance_of(gait, t - stand_s) if t >= stand_s else (TALL, 0.0)
        moved = replace(lens, hip_px=(lens.hip_px[0], lens.hip_px[1] - height * lens.torso_px))
        frames.append((pose_of(body, t, index, moved), back_of(body, t)))
    return frames


def noisy(frames: list[Seen], sd_t: float = 0.02, swaps: float = 0.1, seed: int = 7) -> list[Seen]:
    """The same stream with jittering joints, and with left and right exchanged in a share of the pictures."""
    rng = np.random.default_rng(seed)
    out = []
    for pose, back in frames:
        xy = pose.xy_px + rng.normal(0, sd_t * 150, pose.xy_px.shape).astype(np.float32)
        out.append((replace(pose, xy_px=xy[list(MIRROR)] if rng.random() < swaps else xy), back))
    return out


class Running(Performance):
    """A right run, for the conformance suite. It counts as a bout from its seventh step."""

    def cycle_ends_s(self) -> list[float]:
        return [1.0 + 7 * 60 / RUN.cadence_spm]

    def frames(self, fps: float = 30.0, lens: Lens | None = None) -> list[Seen]:
        return record(RUN, times(8, fps), stand_s=1.0, lens=lens)


RIGHT_RUN = Running([(0.0, TALL), (8.0, TALL)], reps=1)
