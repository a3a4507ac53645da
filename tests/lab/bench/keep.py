"""Keep: clips of the laboratory as small recorded pose streams with their truth, for the tests.

Run ``python -m tests.lab.bench.keep --clips DIR --cache DIR NAME...``. Points are rounded to an eighth of a pixel, the
contour as pixels is left out (only the screen draws it); of the truth is kept what the bench reads, and of its frames
only which joints are hidden, in clips that are about that.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

SMALL = Path(__file__).with_name("small")
"""The recorded pose streams that are part of the repository."""

KEPT = ("schema", "scenario", "exercise", "split", "kind", "fault", "azimuth_deg", "near_side", "reps", "attempts",
        "faults", "near_misses", "settings", "bouts", "metrics")  # fmt: skip


def shrink(poses: Path, out: Path) -> None:
    """Write a pose stream with as little in it as the rules need."""
    data = dict(np.load(poses))
    data["xy_px"] = (np.round(data["xy_px"] * 8) / 8).astype(np.float32)
    for name in ("offset_t", "sd_t"):
        data[name] = (np.round(data[name] * 2**13) / 2**13).astype(np.float32)
    data["contour_px"] = np.full_like(data["contour_px"], np.nan)
    header = json.loads(str(data["header"]))
    header["source"]["path"] = out.name.replace(".poses.npz", ".mp4")
    data["header"] = np.array(json.dumps(header))
    np.savez_compressed(out, **data)


def main() -> int:
    """Copy the named clips into the small set."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.lab.bench.keep")
    parser.add_argument("names", nargs="+")
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=SMALL)
    choice = parser.parse_args()
    choice.out.mkdir(parents=True, exist_ok=True)
    for name in choice.names:
        poses = [*choice.clips.glob(f"{name}.poses.npz"), *choice.cache.glob(f"{name}.????????????????.????????.npz")]
        truth = json.loads((choice.clips / f"{name}.truth.json").read_text(encoding="utf-8"))
        kept = {key: truth[key] for key in KEPT if key in truth} | {"figure": {"name": truth["figure"]["name"]}}
        (choice.out / f"{name}.truth.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        if truth["kind"] == "hidden":
            frames = np.load(choice.clips / f"{name}.frames.npz")
            seen = {key: frames[key] for key in ("t_s", "joint_names", "joints_hidden")}
            np.savez_compressed(choice.out / f"{name}.frames.npz", **seen)
        shrink(max(poses, key=lambda path: path.stat().st_mtime), choice.out / f"{name}.poses.npz")
    return 0


if __name__ == "__main__":
    sys.exit(main())
