"""Rivals: the rules that others use, written plainly and run on the same recorded poses.

Most open counters take one joint angle and one or two thresholds, without a start pose, sides, or a check of what is
seen. Open code that claims to see the back takes the shoulder-hip-knee angle or the pitch of the trunk. The numbers are
those of the code that was read: ExerSights' bridge counts at 140 degrees; "back arch" of a dead bug is shoulder and hip
more than 0.18 of the picture's height apart; "keep back flat" of a bird dog is a hip angle of 160 to 200 degrees.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from formcheck.core.body.pose import Joint
from tests.lab.bench.backs import change_of, usable
from tests.lab.bench.clips import NOT_REPS, Clip
from tests.lab.bench.match import match_reps
from tests.lab.bench.stats import Figure, area_under_curve, share
from tests.lab.bench.ways import ANGLES, names, read_by_all

ONE_DEG = 140.0
UP_DEG, DOWN_DEG = 160.0, 120.0
"""Straight and bent, as in the counters: a repetition is bent, then straight, then bent."""
ARCH_HEIGHT = 0.18
FLAT_DEG = (160.0, 200.0)
COUNTABLE = frozenset({"dead-bug", "bird-dog", "glute-bridge"})
ARCHABLE = frozenset({"dead-bug", "bird-dog"})
ARCHES = frozenset({"low-back-arch", "back-sag"})


def hip_angles(clip: Clip, side: str) -> np.ndarray:
    """Shoulder-hip-knee angle of one side in every frame, degrees."""
    xy = clip.stream["xy_px"]
    shoulder, hip, knee = (xy[:, Joint[f"{side}_{part}"]] for part in ("SHOULDER", "HIP", "KNEE"))
    u, v = shoulder - hip, knee - hip
    return np.asarray(np.degrees(np.arctan2(np.abs(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]), (u * v).sum(axis=1))))


def _widest(clip: Clip) -> np.ndarray:
    """The larger hip angle of both sides: that of the leg that moves."""
    return np.asarray(np.fmax(hip_angles(clip, "LEFT"), hip_angles(clip, "RIGHT")))


def count_by_one(clip: Clip) -> int:
    """Repetitions by one threshold: every rise above it counts."""
    is_up = _widest(clip) > ONE_DEG
    return int((is_up[1:] & ~is_up[:-1]).sum())


def count_by_two(clip: Clip) -> int:
    """Repetitions by two thresholds: straight, then bent again."""
    count, is_up = 0, False
    for angle in _widest(clip):
        if angle > UP_DEG:
            is_up = True
        elif angle < DOWN_DEG and is_up:
            is_up, count = False, count + 1
    return count


def of_counts(clips: Sequence[Clip]) -> dict[str, dict[str, Figure]]:
    """Exact counts, counts off by at most one, and clips of the suite of life without a count."""
    own = [c for c in clips if c.exercise in COUNTABLE]
    work = [c for c in own if c.kind not in NOT_REPS and c.truth["reps"]]
    life = [c for c in own if c.kind == "life"]
    rules = {
        "FormCheck": lambda clip: len(clip.found["reps"]),
        f"one threshold, {ONE_DEG:.0f} degrees": count_by_one,
        f"two thresholds, {UP_DEG:.0f} and {DOWN_DEG:.0f} degrees": count_by_two,
    }
    rows = {}
    for name, rule in rules.items():
        errors = [rule(c) - len(c.truth["reps"]) for c in work]
        rows[name] = {
            "exact": share(sum(e == 0 for e in errors), len(errors)),
            "off_by_one": share(sum(abs(e) <= 1 for e in errors), len(errors)),
            "life_without_a_count": share(sum(rule(c) == 0 for c in life), len(life)),
        }
    return rows


def _backs(clips: Sequence[Clip]) -> list[tuple[Clip, np.ndarray, bool, bool]]:
    """Repetitions with an arch or sag and without any fault: clip, frames of it, whether it is one, whether we told."""
    rows = []
    for clip in usable(clips):
        if clip.exercise not in ARCHABLE:
            continue
        times = clip.stream["t_s"]
        told = {id(t): bool(ARCHES & set(f["faults"])) for t, f in match_reps(clip)}
        for true in clip.truth["reps"]:
            is_arch = bool(ARCHES & set(true["faults"]))
            if is_arch or not true["faults"]:
                inside = (times >= true["start_s"]) & (times <= true["end_s"])
                rows.append((clip, inside, is_arch, told.get(id(true), False)))
    return rows


def arch_areas(clips: Sequence[Clip]) -> dict[str, Figure]:
    """How well three measures tell repetitions with an arch or a sag of the back from good ones: area under the curve.

    Each way is judged by its largest change from the start pose within the repetition: of the outline's hollow, or of
    the shoulder-hip-knee angle or the pitch of the trunk.
    """
    clips = read_by_all(clips)
    rows, found = _backs(clips), {}
    for way in names(clips):
        sides: dict[bool, list[float]] = {True: [], False: []}
        for clip, inside, is_arch, _ in rows:
            is_angle = way in ANGLES
            values = np.abs(getattr(change_of(clip), ANGLES[way])) if is_angle else change_of(clip, way).found_mm
            sides[is_arch].append(float(np.nanmax(np.append(values[inside], -99.0))))
        found[way] = _boot_area(sides[True], sides[False])
    return found


def arch_rules(clips: Sequence[Clip]) -> dict[str, dict[str, Figure]]:
    """The rules as they stand in the code of others, and ours: arches told, and good repetitions blamed."""
    rows = _backs(clips)
    calls = {
        "FormCheck": [told for *_, told in rows],
        "shoulder-hip-knee angle outside 160-200 degrees": [_is_bent(clip, inside) for clip, inside, *_ in rows],
        "shoulder and hip 0.18 of the picture apart": [_is_pitched(clip, inside) for clip, inside, *_ in rows],
    }
    found = {}
    for name, called in calls.items():
        arches = [call for call, row in zip(called, rows, strict=True) if row[2]]
        good = [call for call, row in zip(called, rows, strict=True) if not row[2]]
        found[name] = {
            "arches_told": share(sum(arches), len(arches)),
            "good_reps_blamed": share(sum(good), len(good)),
        }
    return found


def _is_bent(clip: Clip, inside: np.ndarray) -> bool:
    """The rule of the bird dog, on the left side as it is written there."""
    angles = hip_angles(clip, "LEFT")[inside]
    return bool(((angles < FLAT_DEG[0]) | (angles > FLAT_DEG[1])).any())


def _is_pitched(clip: Clip, inside: np.ndarray) -> bool:
    """The rule of the dead bug, on the nearer side."""
    side = clip.truth["near_side"].upper()
    xy, height = clip.stream["xy_px"][inside], float(clip.stream["size"][0, 1])
    apart = np.abs(xy[:, Joint[f"{side}_SHOULDER"], 1] - xy[:, Joint[f"{side}_HIP"], 1]) / height
    return bool((apart > ARCH_HEIGHT).any())


def _boot_area(yes: list[float], no: list[float]) -> Figure:
    value = area_under_curve(yes, no)
    if not yes or not no:
        return Figure(value, value, value, 0, "area")
    rng = np.random.default_rng(0)
    again = [area_under_curve(rng.choice(yes, len(yes)).tolist(), rng.choice(no, len(no)).tolist()) for _ in range(300)]
    low, high = np.percentile(again, [2.5, 97.5])
    return Figure(value, float(low), float(high), len(yes) + len(no), "area")
