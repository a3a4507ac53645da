"""Truth: what a clip holds, known exactly, written beside it.

``NAME.truth.json`` is the small part for people and rules; ``NAME.frames.npz`` has every frame. ``README.md`` of this
folder documents both.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.lab.body import Floats
from tests.lab.drill import SIDE_NAMES, Blemish, Drill
from tests.lab.held import HOLD_BAND_DEG, held_s, held_way_deg
from tests.lab.kinematics import Posed, angle_deg
from tests.lab.props import Box
from tests.lab.scene import Camera
from tests.lab.sight import BackLine, find_hidden, frame_box
from tests.lab.tempo import Moment, PtsRebasing, Span
from tests.lab.trunk import Trunk

SCHEMA = "formcheck.lab-truth/1"

HIDDEN_EVERY = 3
"""Hidden joints are looked for in every third frame."""

NOT_COUNTED = ("partial-reach", "too-low", "no-flattening", "hips-lift", "no-lean")
"""Faults that make an attempt of a repetition."""

JOINTS = ("nose", *(f"{name}_{side}" for side in ("left", "right") for name in (
    "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")))  # fmt: skip
"""Names as in the pose model, so that truth and landmarks can be laid side by side."""

_SOURCES = {"shoulder": "upperarm01", "elbow": "lowerarm01", "wrist": "wrist", "hip": "upperleg01",
            "knee": "lowerleg01", "ankle": "foot"}  # fmt: skip
_SURFACE = {"ear": "ear", "heel": "heel", "foot_index": "toe"}

ANGLES = {"hip": ("shoulder", "hip", "knee"), "knee": ("hip", "knee", "ankle"),
          "shoulder": ("hip", "shoulder", "elbow"), "elbow": ("shoulder", "elbow", "wrist")}  # fmt: skip


def locate_joints(posed: Posed) -> dict[str, Floats]:
    """Every joint of ``JOINTS``, (3,) metres each."""
    found = {"nose": posed.point("nose")}
    for side, letter in (("left", "L"), ("right", "R")):
        found |= {f"{name}_{side}": posed.joint(f"{bone}.{letter}") for name, bone in _SOURCES.items()}
        found |= {f"{name}_{side}": posed.point(f"{point}.{letter}") for name, point in _SURFACE.items()}
    return found


def measure_angles(joints: dict[str, Floats]) -> dict[str, float]:
    """True 3D joint angles in degrees, 180 is straight, by name such as ``hip_left_deg``."""
    return {
        f"{name}_{side}_deg": angle_deg(*(joints[f"{corner}_{side}"] for corner in corners))
        for name, corners in ANGLES.items()
        for side in ("left", "right")
    }


def turn_deg(joints: dict[str, Floats], side: str) -> float:
    """Shoulder-hip-knee in the side view, 0 to 360 degrees: it does not fold back where the thigh passes the trunk's
    line, as the angle in space does some degrees before 180 (knees stand apart)."""
    shoulder, hip, knee = (joints[f"{name}_{side}"][1:] for name in ("shoulder", "hip", "knee"))
    up, down = shoulder - hip, knee - hip
    return float(np.degrees(np.arctan2(down[1], down[0]) - np.arctan2(up[1], up[0])) % 360.0)


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands before the camera in one frame: the dressed skin, its back lines, what can hide it."""

    cloth_m: Floats
    skin_line: BackLine
    cloth_line: BackLine
    boxes: list[Box]
    visitor_m: Floats | None


@dataclass(slots=True)
class Ledger:
    """Collects the truth frame by frame while a clip is rendered."""

    drill: Drill
    timeline: PtsRebasing
    camera: Camera
    trunk: Trunk
    times_s: list[float] = field(default_factory=list)
    columns: dict[str, list[float]] = field(default_factory=dict)
    pixels: list[Floats] = field(default_factory=list)
    depths: list[Floats] = field(default_factory=list)
    sights: dict[str, list[Floats]] = field(default_factory=dict)

    def note_sight(self, posed: Posed, seen: Seen) -> None:
        """Write down what the camera sees in one frame."""
        joints = locate_joints(posed)
        hip, shoulder = ((joints[f"{name}_left"] + joints[f"{name}_right"]) / 2.0 for name in ("hip", "shoulder"))
        row = {"person_px": frame_box(self.camera, seen.cloth_m), "visitor_px": frame_box(self.camera, seen.visitor_m)}
        for prefix, line in (("", seen.skin_line), ("cloth_", seen.cloth_line)):
            contour, offset = line.measure(posed, self.camera, hip, shoulder)
            row |= {f"{prefix}back_px": contour, f"{prefix}back_offset_t": offset}
        frame = len(self.sights.get("joints_hidden", []))
        if frame % HIDDEN_EVERY == 0:
            places = {name: joints[name] for name in JOINTS}
            row["joints_hidden"] = find_hidden(posed, self.camera, places, seen.cloth_m, seen.boxes, seen.visitor_m)
        else:
            row["joints_hidden"] = self.sights["joints_hidden"][-1]
        for name, value in row.items():
            self.sights.setdefault(name, []).append(value)

    def note(
        self, t_s: float, moment: Moment, posed: Posed, lumbar_deg: float, extra: dict[str, float] | None = None
    ) -> None:
        """Write down one frame; ``extra`` are columns of this exercise's own."""
        joints = locate_joints(posed)
        row = measure_angles(joints) | measure_back(joints, posed, self.trunk) | {"lumbar_deg": lumbar_deg}
        row |= {f"held_{side}_deg": turn_deg(joints, side) for side in ("left", "right")} | (extra or {})
        row |= {"rep": -1.0 if moment.rep is None else float(moment.rep), "reach": moment.reach}
        self.times_s.append(t_s)
        for name, value in row.items():
            self.columns.setdefault(name, []).append(value)
        pixels, depth = self.camera.project(np.stack([joints[name] for name in JOINTS]))
        self.pixels.append(pixels)
        self.depths.append(depth)

    def near_side(self) -> str:
        """The patient's side whose shoulder and hip are nearer to the camera, "left" or "right"."""
        depth = np.median(np.array(self.depths), axis=0)
        left, right = (
            sum(float(depth[JOINTS.index(f"{name}_{side}")]) for name in ("shoulder", "hip"))
            for side in ("left", "right")
        )
        return "left" if left < right else "right"

    def write(self, folder: Path, name: str, heading: dict[str, Any]) -> None:
        """Write both truth files of a clip."""
        arrays: dict[str, Any] = {key: np.array(column, dtype=np.float32) for key, column in self.columns.items()}
        for name_of in ("held_left_deg", "held_right_deg"):  # through the front, whichever way that is
            is_behind = np.median(arrays[name_of][arrays["rep"] < 0]) > 180.0
            arrays[name_of] = 360.0 - arrays[name_of] if is_behind else arrays[name_of]
        np.savez_compressed(
            folder / f"{name}.frames.npz",
            t_s=np.array(self.times_s),
            joints_px=np.array(self.pixels, dtype=np.float32),
            joints_depth_m=np.array(self.depths, dtype=np.float32),
            joint_names=np.array(JOINTS),
            **{key: _compact(rows) for key, rows in self.sights.items()},
            **arrays,
        )
        cycles = [self._describe_rep(index, arrays) for index in range(len(self.timeline.spans))]
        faults, near = self._describe_faults(cycles)
        reps, attempts = count_reps(cycles, faults, near)
        body = heading | {"reps": reps, "attempts": attempts, "faults": faults, "near_misses": near}
        body["still"] = self._describe_still(arrays)
        summarize = getattr(self.drill, "extras", None)
        body |= summarize(body, self.timeline, np.array(self.times_s), arrays) if summarize else {}
        (folder / f"{name}.truth.json").write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")

    def _describe_rep(self, index: int, arrays: dict[str, Any]) -> dict[str, Any]:
        """One repetition with its times in seconds and its extremes."""
        rep, times = self.timeline.reps[index], np.array(self.times_s)
        span = rep.seen(self.timeline.spans[index])
        inside = arrays["rep"] == index
        side = SIDE_NAMES[rep.side] or "left"
        hip = np.where(inside, arrays[f"hip_{side}_deg"], -np.inf)
        way = held_way_deg(arrays, side)
        furthest = np.flatnonzero(inside & (way >= way[inside].max() - HOLD_BAND_DEG))
        hold = held_s(times[inside], way[inside], arrays["stretch"][inside] if "stretch" in arrays else None)
        gap, lumbar = arrays["lumbar_gap_mm"][inside], arrays["lumbar_deg"][inside]
        measures = {
            "hip_deg": float(hip.max()),
            "knee_deg": float(arrays[f"knee_{side}_deg"][furthest].mean()),
            "out_s": span.arrive_s - span.start_s,
            "back_s": span.end_s - span.turn_s,
            "lumbar_deg": float(lumbar[np.abs(lumbar).argmax()]),
            "lumbar_gap_mm": float(gap.max()),
        }
        return {
            "index": index + 1,
            "side": SIDE_NAMES[rep.side],
            **_round({"start_s": span.start_s, "peak_s": (span.arrive_s + span.turn_s) / 2.0, "end_s": span.end_s}),
            **_round({"hold_s": hold, "plateau_s": span.turn_s - span.arrive_s}),
            "faults": [],
            "measures": _round(measures),
        }

    def _describe_faults(self, reps: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Faults beyond their threshold, and near misses below it."""
        faults: list[dict[str, Any]] = []
        near: list[dict[str, Any]] = []
        for index, rep in enumerate(reps):
            for blemish in self.drill.blemishes(self.timeline.reps, index, rep["hold_s"]):
                start, end = _blemish_span(blemish, self.timeline, index)
                entry = {k: v for k, v in asdict(blemish).items() if k not in ("over", "phase", "from_share")}
                entry |= {"rep": index + 1, "start_s": round(start, 3), "end_s": round(end, 3)}
                (faults if blemish.over else near).append(entry)
        return faults, near

    def _describe_still(self, arrays: dict[str, Any]) -> dict[str, float]:
        """Medians of the measures while the person is in the start pose."""
        still = arrays["rep"] < 0
        return _round({key: float(np.median(values[still])) for key, values in arrays.items() if key != "rep"})


def count_reps(
    cycles: list[dict[str, Any]], faults: list[dict[str, Any]], near: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Tell repetitions from attempts, which turned back too early; number the former, in the faults too.

    The entries of ``faults`` and ``near`` are changed: their ``rep`` becomes the number of a repetition, None for an
    attempt.
    """
    reps: list[dict[str, Any]] = []
    attempts: list[dict[str, Any]] = []
    numbers: dict[int, int | None] = {}
    for cycle in cycles:
        own = [fault["name"] for fault in faults if fault["rep"] == cycle["index"]]
        reason = next((name for name in own if name in NOT_COUNTED), None)
        if reason:
            attempts.append(
                {"start_s": cycle["start_s"], "end_s": cycle["end_s"], "side": cycle["side"], "reason": reason}
            )
        else:
            reps.append({**cycle, "index": len(reps) + 1, "faults": own})
        numbers[cycle["index"]] = None if reason else len(reps)
    for entry in (*faults, *near):
        entry["rep"] = numbers[entry["rep"]]
    return reps, attempts


def measure_back(joints: dict[str, Floats], posed: Posed, trunk: Trunk) -> dict[str, float]:
    """The back as the eye sees it.

    ``lumbar_gap_mm``: height over the floor of the trunk's lower outline at the low back (only lying down does it mean
    a gap). ``dorsal_sagitta_pct``: how far the trunk's upper outline lies below (positive) the chord between its
    ends at 20 % and 95 % of the way from shoulder to hip, per cent of the shoulder-hip distance.
    """
    hip, shoulder = ((joints[f"{name}_left"] + joints[f"{name}_right"]) / 2.0 for name in ("hip", "shoulder"))
    shares = np.linspace(0.20, 0.95, 20)
    upper = trunk.outline(posed, shoulder[1] + shares * (hip[1] - shoulder[1]), lower=False)
    chord = np.interp(shares, [shares[0], shares[-1]], [upper[0], upper[-1]])
    dip = chord - upper
    deepest = float(dip[np.abs(dip).argmax()]) if np.isfinite(dip).all() else float("nan")
    torso = float(np.linalg.norm(shoulder - hip))
    pitch = float(np.degrees(np.arctan2(shoulder[2] - hip[2], abs(shoulder[1] - hip[1]))))
    return {
        "lumbar_gap_mm": trunk.lumbar_gap_m(posed) * 1e3,
        "dorsal_sagitta_pct": 100.0 * deepest / torso,
        "trunk_pitch_deg": pitch,
        "torso_mm": torso * 1e3,
    }


def _blemish_span(blemish: Blemish, timeline: PtsRebasing, index: int) -> tuple[float, float]:
    """When a fault shows: beyond its threshold, or past half its size for a near miss; seconds."""
    span: Span = timeline.spans[index]
    if blemish.phase == "hold":
        return span.arrive_s + blemish.from_share * (span.turn_s - span.arrive_s), span.turn_s
    if blemish.phase == "rep":
        return span.start_s, span.end_s
    share = blemish.threshold / abs(blemish.magnitude) if blemish.over else 0.5
    times = np.arange(span.start_s, span.end_s, 0.01)
    shown = times[np.array([timeline.at(float(t)).reach >= share for t in times])]
    return float(shown[0]), float(shown[-1])


def _compact(rows: list[Floats]) -> Floats:
    """Rows of all frames as one small array."""
    whole = np.array(rows)
    return whole if whole.dtype == bool else whole.astype(np.float32)


def _round(values: dict[str, float]) -> dict[str, float]:
    """Round to milliseconds and hundredths of a degree, whichever the number is."""
    return {key: round(value, 3) for key, value in values.items()}
