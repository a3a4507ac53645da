"""Builders of synthetic poses: a stick figure with known joint angles, moved through key poses."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Protocol

import numpy as np

from formcheck.core.body.back import BUTTOCK, LUMBAR, RIBS, STATIONS, Back, unknown_back
from formcheck.core.body.lumbar_weights import WEIGHTS
from formcheck.core.body.pose import MIRROR, Evidence, Joint, Pose, Side, other
from formcheck.core.body.stance import Stance, Vector, between, joints_tl
from formcheck.core.body.tracked import Tracked, track
from formcheck.core.rules.demonstration import film_of
from formcheck.core.rules.events import Event
from formcheck.core.rules.exercise import Exercise
from formcheck.session.set import Set

OUTLINE_SD_TL = 0.004
"""Doubt of an outline that is seen well, torso lengths."""
FAR_SHIFT_TL = 0.03
"""The far side lies a little off, as perspective has it."""
STILL_S = 2.0
"""Before and after a demonstration nobody moves for so long."""
_HALF_WAY = [i for i in range(len(STATIONS)) if i not in (*BUTTOCK, *LUMBAR, *RIBS)]
"""Stations between the hollow and its two ends."""


@dataclass(frozen=True, slots=True)
class Lens:
    """How a stance is seen."""

    torso_px: float = 200.0
    hip_px: tuple[float, float] = (640.0, 480.0)
    is_head_right: bool = True
    size: tuple[int, int] = (1280, 720)


Filmed = tuple[Pose, Back]


def pose_of(stance: Stance, t_s: float, index: int = 0, lens: Lens | None = None) -> Pose:
    """The pose of a stance, every joint measured."""
    return pose_from(joints_tl(stance), stance.near, t_s, index, lens)


def pose_from(xy_tl: Vector, near: Side, t_s: float, index: int = 0, lens: Lens | None = None) -> Pose:
    """The pose of joints in torso lengths, every one measured; `near` is the near side with the head to the right."""
    lens = lens or Lens()
    far = other(near) if lens.is_head_right else near
    xy = xy_tl.copy()
    xy[[joint for joint in Joint if joint.name.startswith(far.upper())]] += (0.0, FAR_SHIFT_TL)
    toward = 1.0 if lens.is_head_right else -1.0
    pixels = np.array(lens.hip_px) + xy * (toward, -1.0) * lens.torso_px
    evidence = np.full(len(xy), Evidence.MEASURED, np.uint8)
    return Pose(t_s, index, *lens.size, pixels.astype(np.float32), evidence)


def back_of(stance: Stance, t_s: float) -> Back:
    """The outline of a stance: flat, with its lumbar hollow, and bent as the product has learned that backs bend."""
    offset = (0.2 + stance.lumbar_deg * bend_tl(stance.lumbar_model or stance.posture)).astype(np.float32)
    offset[LUMBAR] -= np.float32(stance.sagitta_tl)
    offset[_HALF_WAY] -= np.float32(stance.sagitta_tl / 2)
    points = np.full((len(STATIONS), 2), np.nan, np.float32)
    return Back(t_s, offset, np.full(len(STATIONS), OUTLINE_SD_TL, np.float32), points)


@cache
def bend_tl(model: str) -> Vector:
    """(17,) how the outline changes on average when the low back extends by one degree, torso lengths."""
    mean, upper, _ = WEIGHTS[model]
    covariance = np.zeros((len(mean), len(mean)))
    covariance[np.triu_indices(len(mean))] = upper
    return np.asarray(covariance[: len(STATIONS), -1] / covariance[-1, -1])


def film(keys: Sequence[tuple[float, Stance]], fps: float = 30.0, lens: Lens | None = None) -> list[Filmed]:
    """The pictures of a movement through timed key poses (seconds, stance), at a frame rate."""
    begin, end = keys[0][0], keys[-1][0]
    frames: list[Filmed] = []
    for index in range(math.floor((end - begin) * fps + 1e-6) + 1):
        t = begin + index / fps
        later = next((i for i, (when, _) in enumerate(keys) if when >= t - 1e-9 and i > 0), len(keys) - 1)
        (t0, a), (t1, b) = keys[later - 1], keys[later]
        stance = between(a, b, min(1.0, max(0.0, (t - t0) / (t1 - t0))) if t1 > t0 else 1.0)
        frames.append((pose_of(stance, t, index, lens), back_of(stance, t)))
    return frames


def thinned(frames: Sequence[Filmed], fps: float, jitter: float = 0.0, seed: int = 1) -> list[Filmed]:
    """The same movement in fewer pictures, each with its own time.

    Args:
        frames: the pictures, at a higher rate.
        fps: about so many a second are left.
        jitter: share of their distance by which each comes early or late.
        seed: of that.
    """
    times = np.array([pose.t_s for pose, _ in frames])
    ticks = np.arange(times[0], times[-1], 1.0 / fps)
    ticks += np.random.default_rng(seed).uniform(-jitter, jitter, len(ticks)) / fps
    return [frames[i] for i in np.unique(np.clip(np.searchsorted(times, ticks - 1e-9), 0, len(times) - 1))]


def mirrored(frames: Iterable[Filmed]) -> list[Filmed]:
    """The same movement by a person whose left and right are exchanged, seen in a mirrored picture."""
    out = []
    for pose, back in frames:
        xy = pose.xy_px[list(MIRROR)].copy()
        xy[:, 0] = pose.width - 1 - xy[:, 0]
        out.append((replace(pose, xy_px=xy, evidence=pose.evidence[list(MIRROR)]), back))
    return out


def hidden(frames: Iterable[Filmed], *joints: Joint, evidence: Evidence = Evidence.PREDICTED) -> list[Filmed]:
    """The same pictures with some joints guessed (or absent) instead of seen."""
    out = []
    for pose, back in frames:
        changed = pose.evidence.copy()
        changed[list(joints)] = evidence
        out.append((replace(pose, evidence=changed), back))
    return out


def without_back(frames: Iterable[Filmed]) -> list[Filmed]:
    """The same pictures with the back's outline unknown."""
    return [(pose, unknown_back(pose.t_s, "outline-lost")) for pose, _ in frames]


class Watcher(Protocol):
    """Whatever watches one exercise: a set, or a coach alone."""

    exercise: Exercise


def seen(watcher: Watcher, pose: Pose, back: Back | None) -> Tracked:
    """A picture as the watcher of an exercise is handed it."""
    return track(pose, back, watcher.exercise.posture)


def demonstrated(exercise: Exercise, fault: str = "", reps: int = 2, fps: float = 15.0) -> list[Filmed]:
    """The exercise's own demonstration, right or with a fault, as somebody would do it: each hold in full length."""
    of = exercise.shown
    whole = replace(of, steps=tuple(replace(s, stay_s=max(s.stay_s, float(s.count))) for s in of.steps))
    film = film_of(whole, fault)
    near, length_s = of.start.near, reps * film.cycle_s
    lens = Lens(torso_px=150.0, hip_px=(640.0, 600.0), is_head_right=not film.is_flipped)
    frames = []
    for index in range(math.ceil((length_s + 2 * STILL_S) * fps)):
        t = index / fps
        shown = film.at(min(max(t - STILL_S, 0.0), length_s - 1e-6))
        stance = replace(shown.stance, lumbar_model=exercise.lumbar_model)
        frames.append((pose_from(shown.joints, near, t, index, lens), back_of(stance, t)))
    return frames


def judge(exercise: Exercise, frames: Iterable[Filmed], **overrides: float) -> list[Event]:
    """The events of a recording."""
    session = Set(exercise, overrides, is_live=False)
    events: list[Event] = []
    for pose, back in frames:
        events += session.update(seen(session, pose, back)).events
    return events + list(session.finish().events)
