"""The same recorded movement at several picture rates: counts, sides, verdicts, ways and holds, one line a rate.

    python -m tests.lab.bench.rates dead-bug tests/recordings/dead-bug.npz

Pictures are left out of a pose stream, evenly and with a third of a picture's jitter.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

from formcheck.core.rules.events import AttemptEnded, Event, RepCompleted
from formcheck.pose.recording import Recording
from formcheck.session.registry import load_exercises
from formcheck.testing import judge, thinned

RATES = (4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 24.0, 30.0, 60.0, 120.0, 240.0)


def line(events: list[Event]) -> str:
    """Side, seconds of the way out and of the hold, and verdict of each repetition; then what did not count."""
    reps = [e for e in events if isinstance(e, RepCompleted)]
    told = [
        f"{(r.side or '-')[0]} {r.measures.get('out_s', math.nan):.2f}/{r.hold_s:.2f} {'+'.join(r.faults) or r.verdict}"
        for r in reps
    ]
    return " · ".join([*told, *(f"({e.reason})" for e in events if isinstance(e, AttemptEnded))]) or "nothing"


def main(name: str, path: str) -> None:
    """Print the table of a pose stream."""
    exercise, frames = load_exercises().get(name), list(Recording(Path(path)))
    for fps in RATES:
        for jitter in (0.0, 0.33):
            print(f"{fps:5g} {jitter:.2f}  {line(judge(exercise, thinned(frames, fps, jitter)))}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
