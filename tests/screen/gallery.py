"""Draw every screen in every size, to be looked at: `python -m tests.screen.gallery FOLDER [CLIP [SECOND]]`.

With a clip, one picture of it and the pose that the tracker finds in it stand in for the drawn room.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from formcheck.core.body.pose import JOINT_COUNT, Evidence, Pose
from formcheck.screen import Painter, View
from tests.screen.samples import SIZES, SOUNDS, outline, pages, work_views

DRAWS = 30
SEEN = 0.5
"""Visibility above which a joint is drawn as measured: for this gallery only."""


def from_clip(path: str, second: float) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.uint8]], Pose]:
    """One picture of a clip, and its pose."""
    from formcheck.pose.tracker import Tracker

    capture = cv2.VideoCapture(path)
    capture.set(cv2.CAP_PROP_POS_MSEC, second * 1000)
    is_read, image = capture.read()
    if not is_read:
        raise SystemExit(f"{path} has no picture at {second} s.")
    with Tracker(is_video=False, with_mask=False) as tracker:
        people = tracker.detect(image, 0.0)
    xy, evidence = np.full((JOINT_COUNT, 2), np.nan, np.float32), np.zeros(JOINT_COUNT, np.uint8)
    if people:
        xy = people[0].xy_px
        evidence = np.where(people[0].visibility > SEEN, Evidence.MEASURED, Evidence.PREDICTED).astype(np.uint8)
    return np.asarray(image, np.uint8), Pose(0.0, 0, image.shape[1], image.shape[0], xy, evidence)


def views(clip: list[str]) -> dict[str, View]:
    """All views by name, the clip's picture in place of the drawn one."""
    work = work_views()
    if clip:
        image, pose = from_clip(clip[0], float(clip[1]) if len(clip) > 1 else 3.0)
        work = {
            name: replace(v, image=image, pose=pose, back=outline(pose)) if v.image is not None else v
            for name, v in work.items()
        }
    return {**work, **pages()}


def main(folder: Path, clip: list[str]) -> None:
    """Write the pictures, and the milliseconds that each takes to draw."""
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        painter = Painter()
        for i, (name, shown) in enumerate(views(clip).items()):
            sound = [None, *SOUNDS.values()][i % (1 + len(SOUNDS))]
            painter.paint(shown, size, sound=sound)
            begin = time.perf_counter()
            for _ in range(DRAWS):
                canvas = painter.paint(shown, size, sound=sound)
            took_ms = (time.perf_counter() - begin) / DRAWS * 1000
            cv2.imwrite(str(folder / f"{size[0]}x{size[1]}-{name}.png"), canvas.pixels)
            print(f"{size[0]}x{size[1]:<5} {name:<16} {took_ms:5.1f} ms")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2:])
