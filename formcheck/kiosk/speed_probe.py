"""How fast the chain is here, measured for a few seconds in a process of its own that lets everything else go first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass

SECONDS = 3.0
"""Below two the pace is not known yet (`pipeline.pace`)."""
KINDNESS = 10
"""`nice`: whoever draws a picture meanwhile goes first."""
LONGEST_S = 40.0
"""Seconds after which it is given up."""


@dataclass(frozen=True, slots=True)
class ProbeProcess:
    """A measurement under way."""

    process: subprocess.Popen[str]

    @classmethod
    def begin(cls) -> ProbeProcess | None:
        """Start it; None where no process can be started."""
        command = [sys.executable, "-m", "formcheck.kiosk.speed_probe"]
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
        except OSError:
            return None
        return cls(process)

    def result(self) -> float | None:
        """Wait for it: poses a second; None where nothing could be measured."""
        try:
            out, _ = self.process.communicate(timeout=LONGEST_S)
            return float(json.loads(out.splitlines()[-1])["poses_fps"])
        except (subprocess.TimeoutExpired, ValueError, KeyError, TypeError, IndexError):
            return None
        finally:
            self.process.kill()
            self.process.communicate()


def main() -> None:
    """Measure and print one line of JSON."""
    os.nice(KINDNESS)
    from formcheck.pipeline.speed import measure_live
    from formcheck.pose.effort import Effort
    from formcheck.session.registry import load_exercises
    from formcheck.system.machine import kept_choice

    choice = kept_choice()
    effort = Effort(choice.model, choice.longest_px) if choice is not None else Effort("lite")
    pace = measure_live(next(iter(load_exercises().exercises.values())), effort, SECONDS)
    if pace.is_known:
        sys.stdout.write(json.dumps({"poses_fps": round(pace.poses_fps, 2), "model": effort.model}) + "\n")


if __name__ == "__main__":
    main()
