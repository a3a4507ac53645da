"""Sheet: frames of clips side by side, to be looked at.

Run ``python -m tests.lab.sheet CLIP... --out PNG``.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np


def choose(clip: Path, frames: int, count: int) -> list[int]:
    """Frames to be looked at: the start and the peak of each repetition, if the truth tells them, and more between."""
    truth = clip.with_name(f"{clip.stem}.truth.json")
    reps = json.loads(truth.read_text(encoding="utf-8"))["reps"] if truth.exists() else []
    fps = json.loads(truth.read_text(encoding="utf-8"))["source"]["fps"] if reps else 1.0
    peaks = [int(rep["peak_s"] * fps) for rep in reps]
    wanted = [int(0.05 * frames), *peaks] if peaks else []
    rest = [int(i) for i in np.linspace(0.05, 0.95, count) * frames]
    return sorted([*wanted, *rest[: max(0, count - len(wanted))]][:count])


def sample(clip: Path, count: int, width: int) -> Any:
    """Frames of a clip in one row, (height, count * width, 3) BGR."""
    capture = cv2.VideoCapture(str(clip))
    found = []
    for index in choose(clip, int(capture.get(cv2.CAP_PROP_FRAME_COUNT)), count):
        capture.set(cv2.CAP_PROP_POS_FRAMES, index)
        read, picture = capture.read()
        if read:
            height = round(picture.shape[0] * width / picture.shape[1])
            found.append(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))
    row = np.concatenate(found, axis=1)
    cv2.putText(row, clip.stem, (6, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 2, cv2.LINE_AA)
    cv2.putText(row, clip.stem, (6, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255), 1, cv2.LINE_AA)
    return row


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="PNG")
    parser.add_argument("--count", type=int, default=4, help="frames of each clip")
    parser.add_argument("--width", type=int, default=320, help="pixels of each frame")
    choice = parser.parse_args()
    rows = [sample(clip, choice.count, choice.width) for clip in choice.clips]
    cv2.imwrite(str(choice.out), np.concatenate(rows, axis=0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
