"""The page on which the best and the worst repetition of a set move again, both at the same point of their way."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from formcheck.app.ears import Meaning
from formcheck.app.pages.page import IDLE_S, TURN_S
from formcheck.core.text import marked, phrase
from formcheck.hearing import Command
from formcheck.screen import REPLAY_HINTS, TURN_HINTS, Action, Intent, Pane, ReplayView, Wording
from formcheck.session.program import SIDES
from formcheck.session.replay import END, PEAK, START, Clip, SetReplay, Shown

SLOWER = 2.0
"""Times the length of the repetition: half speed."""
PART_MAX_S = 8.0
"""Longest way out, and back, on the screen: a hold of half a minute is not sat through again."""
STILL_S = 0.8
"""Rest at the end of each round."""
DRAWN_FPS = 15.0
"""Drawings a second, as many as were kept."""
PAD = 0.10
"""Room around the body, share of its size."""


class ReplayPage:
    """Left as `left`. Its view is a new one only while something moves."""

    def __init__(self, sets: Sequence[SetReplay], sleep: Callable[[float], None]) -> None:
        """Make the page.

        Args:
            sets: at least one; the last one is shown first.
            sleep: waits so many seconds.
        """
        self.outcome = ""
        self.idle_s: float | None = IDLE_S
        self._sets, self._sleep = list(sets), sleep
        self._at = len(self._sets) - 1
        self._moved_s = 0.0
        self._now_s = 0.0
        self._is_held = False
        self._drawn: tuple[tuple[int, int], ReplayView] | None = None

    def enter(self, now: float) -> None:
        """Begin to move."""
        self.outcome, self._now_s = "", now

    def handle(self, intent: Intent, now: float) -> None:
        """Hold still or go on, turn to another set, or leave."""
        if intent in (Action.BACK, Action.CONFIRM):
            self.outcome = "left"
        elif intent is Action.PAUSE:
            self._is_held = not self._is_held
        elif intent in (Action.LEFT, Action.RIGHT):
            self._at = (self._at + (1 if intent is Action.RIGHT else -1)) % len(self._sets)
            self._moved_s = 0.0

    def meaning(self, command: Command) -> Meaning:
        """ "Go on" and "stop" leave it."""
        return Action.BACK if command in ("go-on", "stop") else None

    def turn(self, now: float) -> None:
        """Time goes on."""
        self._sleep(TURN_S)

    def view(self, now: float) -> ReplayView:
        """The bodies at this moment."""
        self._moved_s += 0.0 if self._is_held else max(0.0, now - self._now_s)
        self._now_s = now
        key = (self._at, math.floor(self._moved_s * DRAWN_FPS))
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, self._draw(key[1] / DRAWN_FPS))
        return self._drawn[1]

    def shown(self) -> None:
        """The view is on the screen."""

    def leave(self) -> None:
        """Stop showing it."""

    def _draw(self, at_s: float) -> ReplayView:
        one = self._sets[self._at]
        hints = (*(TURN_HINTS if len(self._sets) > 1 else ()), *(REPLAY_HINTS if one.shown else REPLAY_HINTS[1:]))
        if not one.shown:
            return ReplayView(one.exercise.title, (), note_of(one), hints)
        phase = phase_at(at_s, [shown.clip for shown in one.shown])
        size = _size([shown.clip for shown in one.shown])
        panes = tuple(_pane(shown, phase, size, one) for shown in one.shown)
        return ReplayView(one.exercise.title, panes, note_of(one), hints)


def note_of(one: SetReplay) -> str:
    """What there is to say of what is shown, or of why nothing is."""
    if not one.reps:
        return phrase("No repetition counted, so there is nothing to show.")
    if not one.judged:
        return phrase("Nothing could be judged, so no repetition is the best or the worst.")
    if not one.shown:
        return phrase("No movement was kept.")
    if one.worst is None:
        if one.judged == one.reps:
            return phrase("No fault was seen. {pace}", pace=_pace(one))
        return phrase("No fault was seen in the {n} that I could judge. {pace}", n=one.judged, pace=_pace(one))
    if one.best is None:
        return phrase("No repetition was clean. {pace}", pace=_pace(one))
    return phrase("Both at the same point of their way. {pace}", pace=_pace(one))


def _pace(one: SetReplay) -> str:
    longest_s = max(max(s.clip.peak_s - s.clip.start_s, s.clip.end_s - s.clip.peak_s) for s in one.shown)
    return marked("At half speed." if SLOWER * longest_s <= PART_MAX_S else "Long holds are shortened.")


def phase_at(at_s: float, clips: Sequence[Clip]) -> float:
    """Where all of them are after so many seconds of the replay: round after round, the longest one at half speed."""
    out_s = min(SLOWER * max(clip.peak_s - clip.start_s for clip in clips), PART_MAX_S)
    back_s = min(SLOWER * max(clip.end_s - clip.peak_s for clip in clips), PART_MAX_S)
    t = at_s % (out_s + back_s + STILL_S)
    if t < out_s:
        return START + t / out_s * (PEAK - START)
    return min(END, PEAK + (t - out_s) / max(back_s, 1e-6) * (END - PEAK))


def _box(clip: Clip) -> tuple[float, float, float, float]:
    """Where the body is in the whole repetition, pixels: left, top, right, bottom."""
    seen = [frame.pose.xy_px[frame.pose.evidence > 0] for frame in clip.frames]
    seen += [frame.back.contour_px for frame in clip.frames if frame.back is not None]
    points = np.concatenate(seen)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return 0.0, 0.0, 1.0, 1.0
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


def _size(clips: Sequence[Clip]) -> tuple[int, int]:
    """One size for all, so that bodies are as large as one another."""
    boxes = [_box(clip) for clip in clips]
    width, height = max(b[2] - b[0] for b in boxes), max(b[3] - b[1] for b in boxes)
    return math.ceil((1 + 2 * PAD) * width) + 1, math.ceil((1 + 2 * PAD) * height) + 1


def _pane(shown: Shown, phase: float, size: tuple[int, int], one: SetReplay) -> Pane:
    clip, moment = shown.clip, shown.clip.at(phase)
    x0, y0, x1, y1 = _box(clip)
    shift = np.array([(x0 + x1 - size[0]) / 2, (y0 + y1 - size[1]) / 2], np.float32)
    pose = replace(moment.pose, width=size[0], height=size[1], xy_px=moment.pose.xy_px - shift)
    back = moment.back
    back = replace(back, contour_px=back.contour_px - shift) if back is not None and back.is_known else None
    wording = Wording.of(one.exercise)
    title = phrase("With a fault: number {n}" if shown.fault else "Best: number {n}", n=shown.rep.index)
    if shown.rep.side is not None:
        title = phrase("{title}, {side}", title=title, side=SIDES[shown.rep.side])
    return Pane(
        title=title,
        pose=pose,
        back=back,
        near=moment.near,
        at=phase / END,
        fault=wording.fault(shown.fault) if shown.fault else "",
        mark=clip.phase_at(shown.moment_s) / END if shown.fault else None,
        is_fault_now=bool(shown.fault) and shown.since_s <= clip.time_at(phase) <= shown.until_s,
        is_of_back=shown.fault in wording.back_faults,
    )
