"""Seeing: whom the tracker follows, what is judged though it is covered, and what is refused though it is good."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from formcheck.core.body.pose import Joint
from formcheck.session.registry import load_exercises
from tests.lab.bench.backs import BACK_EXERCISES
from tests.lab.bench.clips import Clip
from tests.lab.bench.match import SLACK_S, Entry
from tests.lab.bench.stats import Figure, clustered, mean, tally

WRONG_PERSON_TL = 0.6
"""Landmarks lie on somebody else when hips and shoulders are this far from the true ones, torso lengths."""
COVERED_SHARE = 0.5
"""A part counts as covered at a time when it is so in this share of the frames within a second."""
SIDE_VIEW_DEG = 20.0
VEILED = "low-back"
"""Hidden behind the near arm in the whole clip: nothing may be said about the back."""
PARTS = {"feet": "ankle", "hips": "hip", "shoulders": "shoulder", "head": "ear"}
"""What the boxes stand before, by the joint of the truth."""


def of_lock(clips: Sequence[Clip]) -> dict[str, Figure]:
    """Share of the frames with a visitor in the picture in which the landmarks lie on the wrong person."""
    groups = [_astray(c) for c in clips if c.kind == "visitor" and c.frames is not None]
    return {"wrong_person": clustered(groups, mean, "share")}


def _astray(clip: Clip) -> np.ndarray:
    """1 where hips and shoulders are far from the patient's, for every frame with a visitor and landmarks."""
    assert clip.frames is not None
    stream, frames = clip.stream, clip.frames
    names = [str(n) for n in frames["joint_names"]]
    torso = np.median(np.hypot(*_between(frames, names).T))
    rows = clip.rows[stream["present"]]
    away = [
        np.hypot(*(stream["xy_px"][stream["present"], Joint[f"{side.upper()}_{part.upper()}"]]
                   - frames["joints_px"][rows, names.index(f"{part}_{side}")]).T)
        for part in ("hip", "shoulder") for side in ("left", "right")
    ]  # fmt: skip
    is_astray = np.median(away, axis=0) > WRONG_PERSON_TL * torso
    return np.asarray(is_astray[np.isfinite(frames["visitor_px"][rows]).all(axis=1)], float)


def _between(frames: dict[str, np.ndarray], names: list[str]) -> np.ndarray:
    hip, shoulder = (
        (frames["joints_px"][:, names.index(f"{p}_left")] + frames["joints_px"][:, names.index(f"{p}_right")]) / 2
        for p in ("hip", "shoulder")
    )
    return np.asarray(shoulder - hip)


def of_covered(clips: Sequence[Clip]) -> dict[str, Figure]:
    """Wrong form cues while a part that the exercise needs is covered, and how much of that time is called unseen."""
    cues = clips_with = 0
    told = []
    for clip in clips:
        part = clip.what if clip.kind == "hidden" else ""
        exercise = load_exercises().exercises[clip.exercise]
        if clip.frames is None or part not in (*exercise.required_parts, VEILED):
            continue
        clips_with += 1
        covered, times = _covered(clip, part), clip.frames["t_s"]
        rules = exercise.all_faults if part != VEILED else (f for f in exercise.faults if f.of_back)
        about = {rule.name for rule in rules}
        for cue in clip.found["cues"]:
            around = np.abs(times - cue["t_s"]) <= 1.0
            is_hidden = around.any() and covered[around].mean() >= COVERED_SHARE
            cues += bool(is_hidden and cue["name"] in about and not _is_true(clip, cue))
        if part in PARTS:
            told.append(_unseen(clip, times, (part, "body"))[covered].astype(float))
    return {
        "wrong_cues_while_covered": tally(cues, clips_with, "cues"),
        "covered_time_told": clustered(told, mean, "share"),
    }


def _is_true(clip: Clip, cue: Entry) -> bool:
    return any(f["name"] == cue["name"] and f["start_s"] - SLACK_S <= cue["t_s"] <= f["end_s"] + 5.0
               for f in clip.truth["faults"])  # fmt: skip


def _covered(clip: Clip, part: str) -> np.ndarray:
    """Whether the part is hidden, in every true frame; the veiled low back is so throughout."""
    assert clip.frames is not None
    names = [str(n) for n in clip.frames["joint_names"]]
    if part not in PARTS:
        return np.ones(len(clip.frames["t_s"]), bool)
    return np.asarray(clip.frames["joints_hidden"][:, names.index(f"{PARTS[part]}_{clip.truth['near_side']}")])


def _unseen(clip: Clip, times: np.ndarray, parts: tuple[str, ...]) -> np.ndarray:
    """Whether one of the parts is called unseen, at each time."""
    spans = [u for u in clip.found["unseen"] if u["part"] in parts]
    return np.array([any(u["start_s"] <= t <= u["end_s"] for u in spans) for t in times], bool)


def of_refusal(clips: Sequence[Clip]) -> dict[str, Figure]:
    """Shares of good footage (within 20 degrees of side-on): with a needed part called unseen; with a known back."""
    good = [c for c in clips if c.kind == "good" and c.azimuth_deg <= SIDE_VIEW_DEG]
    needs = {c.exercise: ("body", *load_exercises().exercises[c.exercise].required_parts) for c in good}
    refused = [_unseen(c, c.stream["t_s"], needs[c.exercise]).astype(float) for c in good]
    known = [(c.stream["unknown"] == "").astype(float) for c in good if c.exercise in BACK_EXERCISES]
    return {
        "good_footage_refused": clustered(refused, mean, "share"),
        "good_footage_back_known": clustered(known, mean, "share"),
    }
