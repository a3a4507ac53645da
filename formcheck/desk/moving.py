"""A repetition as it moved: stick figures over time out of the pose stream, where the patient agreed to keep it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from formcheck.core.text import phrase
from formcheck.export.report.figure import stick
from formcheck.pose.recording import Recording
from formcheck.session.document import Kept
from formcheck.session.figures import figure_from, scale_of
from formcheck.session.fold import RepLine, reps_of
from formcheck.store import Store, StoredRecording

AROUND_S = 0.4
"""Seconds before and after a repetition that are shown with it."""
GAP_S = 1 / 16
"""Seconds between two figures, at least: as many as the wire has."""
FRAMES_MAX = 2000
"""Figures of one repetition: two minutes."""


def sets_of(store: Store, kept: Kept) -> frozenset[str]:
    """The sets of a session whose pose stream was kept."""
    return frozenset(each.set_id for each in _streams(store, kept))


def _streams(store: Store, kept: Kept) -> list[StoredRecording]:
    return [each for each in store.recordings(kept.person) if each.session_id == kept.session.session_id]


def movement_of(store: Store, kept: Kept, set_id: str, index: int) -> dict[str, Any] | None:
    """One repetition, JSON-ready; None where its movement was not kept.

    Lengths are torso lengths from the middle of the hips in its first picture, x to the right, y downward, as filmed.

    Raises:
        LockedError: the store's key is not at hand.
        SourceError: the stream is damaged.
    """
    stream = next((each for each in _streams(store, kept) if each.set_id == set_id), None)
    record = next((each for each in store.record(kept.session.session_id).sets if each.set_id == set_id), None)
    lines = reps_of(record.events) if record is not None else []
    line = next((each for each in lines if each.index == index), None)
    if stream is None or line is None:
        return None
    frames = _frames(stream, line)
    return {"frames": frames, "start_s": 0.0, "peak_s": round(line.peak_s - line.start_s, 3)} if frames else None


def _frames(stream: StoredRecording, line: RepLine) -> list[dict[str, Any]]:
    frames: list[dict[str, Any]] = []
    scale, last_s = None, -1e9
    for pose, back in Recording(Path("the movement"), io.BytesIO(stream.read())):
        is_in = line.start_s - AROUND_S <= pose.t_s <= line.end_s + AROUND_S
        if not is_in or pose.t_s - last_s < GAP_S or len(frames) >= FRAMES_MAX:
            continue
        scale = scale or scale_of(pose)
        figure = figure_from(pose, back, stream.set_id, scale=scale) if scale is not None else None
        if figure is not None:
            last_s = pose.t_s
            frames.append({"t_s": round(pose.t_s - line.start_s, 3), "joints": figure.joints, "back": figure.back})
    return frames


def drawings(kept: Kept) -> Mapping[str, list[tuple[str, Markup]]]:
    """By set, the single moments that the record keeps: a sentence and a drawing each."""
    words = {one.set_id: one.fault_words for one in kept.session.sets}
    found: dict[str, list[tuple[str, Markup]]] = {}
    for figure in kept.figures:
        named = words.get(figure.set_id, {})
        what = named[figure.fault].short if figure.fault in named else figure.fault or "Furthest reach"
        title = str(phrase("{what}, repetition {n}", what=what, n=figure.rep) if figure.rep is not None else what)
        drawn = stick(figure, title)
        if drawn is not None:
            found.setdefault(figure.set_id, []).append((title, drawn))
    return found
