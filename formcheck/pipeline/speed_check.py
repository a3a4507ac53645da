"""What a measured speed means: for which exercises it does, and what it waits for."""

from __future__ import annotations

from collections.abc import Sequence

from formcheck.core.rules.exercise import Exercise
from formcheck.core.rules.rates import needed_rate, needed_rates
from formcheck.pipeline.pace import PaceState
from formcheck.pipeline.relief import WANTED_MAX_FPS
from formcheck.pipeline.speed import Parts
from formcheck.system.checks import Check

ELSEWHERE = 0.3
"""Share of the time taken by other programs from which it is they that are to be closed [P]: an idle machine loses a
tenth to the system."""


def speed_check(pace: PaceState, parts: Parts, exercises: Sequence[Exercise]) -> Check:
    """What the chain manages now, for which exercises that does, and what it waits for."""
    if not pace.is_known:
        return Check("speed", "bad", "No pose came in half a minute: this machine is too slow for live use.")
    rate = f"{pace.poses_fps:.0f}" if pace.poses_fps >= 10 else f"{pace.poses_fps:.1f}"
    numbers = f"{rate} poses/s, {pace.age_ms:.0f} ms after the picture"
    return rate_check(numbers, pace.poses_fps, exercises, _remedy(pace, parts), _shares(parts))


def rate_check(numbers: str, poses_fps: float, exercises: Sequence[Exercise], remedy: str, more: str = "") -> Check:
    """For which exercises a rate does.

    Args:
        numbers: the rate in words, before the verdict.
        poses_fps: poses a second.
        exercises: those that are wanted.
        remedy: what to do where it is too slow.
        more: after the verdict where it is not.
    """
    too_slow = [e.name for e in exercises if needed_rate(e) > poses_fps]
    if len(too_slow) == len(exercises):
        return Check("speed", "bad", f"{numbers}: too slow to count by. {remedy}")
    if too_slow:
        return Check("speed", "note", f"{numbers}: too slow for {', '.join(too_slow)}. {remedy}")
    missed = sorted(
        {name for e in exercises for name, fps in needed_rates(e).items() if poses_fps < fps <= WANTED_MAX_FPS}
    )
    if missed:
        return Check("speed", "note", f"{numbers}: can't judge {', '.join(missed)}. {remedy}")
    return Check("speed", "good", f"{numbers}: fast enough for every exercise. {more}".rstrip())


def _remedy(pace: PaceState, parts: Parts) -> str:
    """What it waits for, and what to do about that."""
    if parts.elsewhere >= ELSEWHERE:
        return f"Other programs take {100 * parts.elsewhere:.0f} % of the processor: close them."
    if pace.bottleneck == "window" or parts.drawing_ms > parts.tracker_ms + parts.back_ms:
        return f"It waits for the drawing ({parts.drawing_ms:.0f} ms a picture): make the window smaller."
    if parts.back_ms > parts.tracker_ms:
        return f"It waits for the reader of the back ({parts.back_ms:.0f} ms a picture): use a faster computer."
    return f"It waits for the tracker ({parts.tracker_ms:.0f} ms a picture): use a faster computer."


def _shares(parts: Parts) -> str:
    return (
        f"Of each picture the tracker takes {parts.tracker_ms:.0f} ms, the back {parts.back_ms:.0f}, "
        f"the coach {parts.set_ms:.1f}, the drawing {parts.drawing_ms:.0f}."
    )
