"""Delays and rates of the live picture, for the debug figures and the benchmark."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from formcheck.core.body.tracked import Tracked
from formcheck.core.text import COMMAS, listed, marked, phrase
from formcheck.pipeline.live import Feed
from formcheck.pipeline.observers import Observer
from formcheck.pose import Picturelike, TrackedFrame
from formcheck.screen import DebugNumbers
from formcheck.session.set import Update

KEPT = 300
"""Delays kept: ten seconds at 30 pictures/s."""
BOTTLENECKS: dict[str, str] = marked(
    {"": "nothing yet", "camera": "the camera", "tracker": "the tracker", "window": "the window"}
)
HELP: dict[str, str] = marked(
    {
        "": "none",
        "drawing": "fewer drawings",
        "scout": "no look at others",
        "lite": "small model",
        "small": "smaller picture",
    }
)


class Figures(Observer):
    """Measures how late what is shown and said is, milliseconds after the camera's grab."""

    def __init__(self, feed: Feed, clock: Callable[[], float]) -> None:
        self.to_screen_ms: deque[float] = deque(maxlen=KEPT)
        self.to_sound_ms: deque[float] = deque(maxlen=KEPT)
        self.frames = 0
        self.began_s = clock()
        self.first_skeleton_s: float | None = None
        """Seconds from the beginning to the first picture with a person."""
        self._feed, self._clock = feed, clock

    def on_frame(self, frame: Picturelike | None, tracked: Tracked, update: Update) -> None:
        """Note the delay of what one picture made the coach say."""
        if frame is not None and update.cues:
            self.to_sound_ms.extend([self._feed.age_ms(frame)] * len(update.cues))

    def shown(self, seen: TrackedFrame) -> None:
        """Note the delay of a picture that has just been drawn."""
        self.frames += 1
        if seen.tracked.pose.is_present:
            self.to_screen_ms.append(self._feed.age_ms(seen.frame))
            if self.first_skeleton_s is None:
                self.first_skeleton_s = self._clock() - self.began_s

    def numbers(self, now: float, seen: TrackedFrame | None) -> DebugNumbers:
        """The figures for the screen."""
        delays = list(self.to_screen_ms) or [0.0]
        pose = seen.tracked.pose if seen else None
        strain = self._feed.strain
        pace = strain.pace
        help_now = listed([HELP[each] for each in strain.help], COMMAS) or HELP[""]
        return DebugNumbers(
            fps=self.frames / max(now - self.began_s, 1e-6),
            dropped=self._feed.state.dropped,
            latency_p50_ms=float(np.percentile(delays, 50)),
            latency_p95_ms=float(np.percentile(delays, 95)),
            people=pose.others + pose.is_present if pose else 0,
            lines=(
                phrase(
                    "poses {fps:.1f}/s of {camera:.1f}, {ms:.0f} ms",
                    fps=pace.poses_fps,
                    camera=pace.camera_fps,
                    ms=pace.tracker_ms,
                ),
                phrase(
                    "waits for {what}; help: {help}",
                    what=BOTTLENECKS[pace.bottleneck],
                    help=help_now,
                ),
            )
            if pace.is_known
            else (),
        )
