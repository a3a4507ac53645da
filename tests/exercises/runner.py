"""A synthetic runner (or walker) of known cadence, lean, bounce and joint angles, as a stream of poses."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from formcheck.core.body.measure import Limbs
from formcheck.core.body.pose import MIRROR
from formcheck.core.body.stance import SHANK_TL, THIGH_TL
from formcheck.testing import Lens, Performance, Stance, back_of, pose_of
from formcheck.testing.stances import Filmed

TORSO_CM = 0.288 * 170
STAND = Limbs(hip_deg=178, knee_deg=175, shoulder_deg=10, elbow_deg=160)


@dataclass(frozen=True)
class Gait:
    """One way of moving, of a person 170 cm tall: the feet's way is given, the legs follow from it."""

    cadence_spm: float = 168.0
    lean_deg: float = 6.0
    bounce_cm: float = 6.0
    contact_tl: float = 0.22
    """Ankle ahead of the hip when the foot lands, torso lengths."""
    off_tl: float = 0.75
    """Ankle behind the hip when it leaves the ground."""
    knee_deg: float = 42.0
    """Bend of the knee in the middle of stance."""
    lift_tl: float = 0.45
    """Height of the swinging ankle."""
    duty: float = 0.40
    """Share of the stride that a foot stands; more than a half is walking."""
    neck_deg: float = 5.0
    sagitta_tl: float = 0.02
    lumbar_deg: float = 0.0


RUN = Gait()
IN_PLACE = Gait(170, lean_deg=2, bounce_cm=8, contact_tl=0.02, off_tl=0.02, knee_deg=45)
WALK = Gait(112, 3, 4, contact_tl=0.5, off_tl=0.6, knee_deg=10, lift_tl=0.2, duty=0.62)
MARCH = Gait(116, 2, 3, contact_tl=0.02, off_tl=0.02, knee_deg=10, lift_tl=0.5, duty=0.62)
TALL = Stance("upright", STAND, STAND, trunk_deg=88, neck_deg=RUN.neck_deg, sagitta_tl=RUN.sagitta_tl)
LEG_TL = THIGH_TL + SHANK_TL


def height_tl(gait: Gait, u: float) -> float:
    """Hips over the ground at a share of the left leg's stride: running is lowest in mid-stance, walking highest."""
    middle = (gait.contact_tl - gait.off_tl) / 2
    mid_stance = math.sqrt((LEG_TL * math.cos(math.radians(gait.knee_deg / 2))) ** 2 - middle**2)
    wave = gait.bounce_cm / TORSO_CM / 2 * (1 - math.cos(4 * math.pi * (u - gait.duty / 2)))
    return mid_stance - wave if gait.duty > 0.5 else mid_stance + wave


def leg(gait: Gait, u: float, hips_tl: float) -> tuple[float, float]:
    """Thigh ahead of the vertical and bend of the knee, degrees, at a share of the leg's own stride (0 = contact)."""
    u %= 1.0
    if u < gait.duty:
        way = u / gait.duty
        x = gait.contact_tl - (gait.contact_tl + gait.off_tl) * way
        y = 0.05 * max(0.0, 1 - 4 * way) + 0.2 * max(0.0, 2 * way - 1) ** 2
    else:
        way = (u - gait.duty) / (1 - gait.duty)
        x = -gait.off_tl + (gait.contact_tl + gait.off_tl) * (1 - math.cos(math.pi * way)) / 2
        y = 0.2 * (1 - way) + 0.05 * way + gait.lift_tl * math.sin(math.pi * way) ** 2
    down = hips_tl - y
    reach = min(math.hypot(x, down), 0.998 * LEG_TL)
    bend = math.acos((THIGH_TL**2 + SHANK_TL**2 - reach**2) / (2 * THIGH_TL * SHANK_TL))
    at_hip = math.acos((THIGH_TL**2 + reach**2 - SHANK_TL**2) / (2 * THIGH_TL * reach))
    return math.degrees(math.atan2(x, down) + at_hip), 180 - math.degrees(bend)


def stance_of(gait: Gait, t_s: float) -> tuple[Stance, float]:
    """The body at a time, and the height of its hips, torso lengths."""
    u = gait.cadence_spm / 120 * t_s
    hips_tl = height_tl(gait, u)
    limbs = []
    for each in (u, u + 0.5):
        thigh, bend = leg(gait, each, hips_tl)
        limbs.append(Limbs(180 - thigh - gait.lean_deg, 180 - bend, 20 - 25 * math.cos(2 * math.pi * each), 95))
    lean, neck, hollow = 90 - gait.lean_deg, gait.neck_deg, gait.sagitta_tl
    return Stance(
        "upright", limbs[0], limbs[1], trunk_deg=lean, neck_deg=neck, sagitta_tl=hollow, lumbar_deg=gait.lumbar_deg
    ), hips_tl


def overstride_deg(gait: Gait) -> float:
    """Ankle ahead of the knee just after contact, as the body is posed."""
    thigh, bend = leg(gait, 0.02, height_tl(gait, 0.02))
    return thigh - bend


def extension_deg(gait: Gait) -> float:
    """Thigh furthest behind the vertical."""
    return max(-leg(gait, u, height_tl(gait, u))[0] for u in np.linspace(0, 1, 200))


def times(duration_s: float, fps: float, jitter: float = 0.0, seed: int = 1) -> list[float]:
    """Times of pictures; `jitter` is the share of the interval by which they come early or late."""
    even = np.arange(0, duration_s, 1 / fps)
    shift = np.random.default_rng(seed).uniform(-jitter, jitter, len(even)) / fps
    return [float(t) for t in even + shift - shift[0]]


def record(
    gait: Gait = RUN, at_s: list[float] | None = None, *, stand_s: float = 0.0, lens: Lens | None = None
) -> list[Filmed]:
    """The stream of poses and backs; it may begin with standing tall."""
    lens = lens or Lens(torso_px=150)
    frames = []
    for index, t in enumerate(at_s or times(10, 30)):
        body, height = stance_of(gait, t - stand_s) if t >= stand_s else (TALL, 1.5)
        moved = replace(lens, hip_px=(lens.hip_px[0], lens.hip_px[1] - height * lens.torso_px))
        frames.append((pose_of(body, t, index, moved), back_of(body, t)))
    return frames


def noisy(frames: list[Filmed], sd_tl: float = 0.02, swaps: float = 0.1, seed: int = 7) -> list[Filmed]:
    """The same stream with jittering joints, and with left and right exchanged in a share of the pictures."""
    rng = np.random.default_rng(seed)
    out = []
    for pose, back in frames:
        xy = pose.xy_px + rng.normal(0, sd_tl * 150, pose.xy_px.shape).astype(np.float32)
        out.append((replace(pose, xy_px=xy[list(MIRROR)] if rng.random() < swaps else xy), back))
    return out


class Running(Performance):
    """A right run, for the conformance suite. It counts as a bout from its fifth step."""

    def cycle_ends_s(self) -> list[float]:
        return [1.0 + 5 * 60 / RUN.cadence_spm]

    def frames(self, fps: float = 30.0, lens: Lens | None = None) -> list[Filmed]:
        return record(RUN, times(8, fps), stand_s=1.0, lens=lens)


RIGHT_RUN = Running([(0.0, TALL), (8.0, TALL)], reps=1)
