"""Samples: renders random people, tracks them as the product does, and keeps torso crops with the true outline.

Run ``python -m tests.lab.training.samples --scenes N --jobs 2 --out DIR``. Scene k is the same on every machine.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from formcheck.core.body.back import STATIONS, Posture
from formcheck.core.body.geometry import front_of
from formcheck.core.body.pose import HIP, SHOULDER
from formcheck.pose.crop import cut
from formcheck.pose.tracker import RawPose, Tracker
from formcheck.pose.trunk import Frame
from tests.lab.body import Floats
from tests.lab.kinematics import Posed, skin
from tests.lab.practice import frame_drill, start_drill
from tests.lab.scene import Camera, aim_camera
from tests.lab.sight import BackLine, find_back_line, outermost
from tests.lab.studio import Studio
from tests.lab.supine import press_on_floor
from tests.lab.tempo import Sway
from tests.lab.training.people import BODIES, HELD_OUT, build, clothe
from tests.lab.training.poses import EXERCISES, choose_exercise, make_base, make_rep
from tests.lab.training.rooms import clutter, compress, make_scene
from tests.lab.truth import locate_joints
from tests.lab.wardrobe import breath_share, find_breath

FRAMES = 8
"""Pictures a scene: building one costs as much as ten pictures."""
CROPS = 2
"""Crops a picture, each placed by landmarks with an error of their own."""
JITTER_TL = 0.03
"""Standard deviation of the ends of the hip-shoulder line beyond the tracker's own error, torso lengths."""
SHARD = 25
"""Scenes a file."""
POSTURES: dict[str, Posture] = {
    "bird-dog": "quadruped",
    "hip-flexor-stretch": "upright",
    "piriformis-stretch": "upright",
    "running": "upright",
}
LOST_TL = 0.35
"""A tracker whose hip is further from the true one is looking at something else."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A crop with the truth in its own frame."""

    crop: np.ndarray
    """(6, 96, 160) uint8."""
    offset_tl: np.ndarray
    """(17,) true dressed outline from the crop's own hip-shoulder line, torso lengths; NaN where there is none."""
    exercise: int
    body: int
    scene: int
    torso_px: float


def make_scene_samples(number: int, tracker: Tracker) -> Iterator[Sample]:
    """The samples of one scene."""
    rng = np.random.default_rng([7, number])
    exercise, person = choose_exercise(rng), int(rng.integers(BODIES))
    scene, base = make_scene(exercise, rng), make_base(exercise, rng)
    body, dressed = clothe(build(person), rng)
    drill = start_drill(exercise, body, base)
    camera = aim_camera(scene, frame_drill(drill))
    line, breath, sway = find_back_line(body, dressed.vertices_m), find_breath(body), Sway(number, 1.5)
    reps = [make_rep(exercise, base, rng) for _ in range(FRAMES)]
    times = rng.uniform(0.0, 8.0, FRAMES)
    poses = [drill.pose(rep, reach, 0.5, sway, float(t)) for (rep, reach), t in zip(reps, times, strict=True)]
    studio = Studio(scene, camera, body, dressed, number, locate_joints(poses[0]), room=clutter(scene, rng))
    for posed, t_s in zip(poses, times, strict=True):
        rest = dressed.vertices_m + breath * breath_share(float(t_s))
        cloth = press_on_floor(skin(posed, rest, body.weights))
        picture = np.ascontiguousarray(studio.shoot(cloth, float(t_s))[..., ::-1])
        picture = compress(picture, rng)
        found = tracker.detect(picture, 0.0)
        if found and is_patient(found[0], posed, camera):
            for _ in range(CROPS):
                yield _sample(picture, found[0], posed, camera, line, (exercise, person, number), rng)
    studio.close()


def is_patient(raw: RawPose, posed: Posed, camera: Camera) -> bool:
    """Whether the tracker found the person at all."""
    joints = locate_joints(posed)
    true, _ = camera.project(np.stack([joints[f"{n}_{s}"] for n in ("hip", "shoulder") for s in ("left", "right")]))
    hip, shoulder = true[:2].mean(axis=0), true[2:].mean(axis=0)
    torso = float(np.hypot(*(shoulder - hip)))
    away = [np.hypot(*(_middle(raw, pair) - at)) for pair, at in ((HIP, hip), (SHOULDER, shoulder))]
    return max(away) < LOST_TL * torso


def _middle(raw: RawPose, pair: dict) -> np.ndarray:  # type: ignore[type-arg]
    return np.asarray((raw.xy_px[pair["left"]] + raw.xy_px[pair["right"]]) / 2)


def _sample(
    picture: np.ndarray, raw: RawPose, posed: Posed, camera: Camera, line: BackLine,
    names: tuple[str, int, int], rng: np.random.Generator,
) -> Sample:  # fmt: skip
    """One crop, placed with an error, and the true outline as seen from there."""
    exercise, person, number = names
    hip, shoulder = _middle(raw, HIP), _middle(raw, SHOULDER)
    torso = float(np.hypot(*(shoulder - hip)))
    hip, shoulder = (end + rng.normal(0.0, JITTER_TL * torso, 2) for end in (hip, shoulder))
    axis = shoulder - hip
    along = axis / np.hypot(*axis)
    back = -np.array(front_of(raw.xy_px.tolist(), tuple(along.tolist()), POSTURES.get(exercise, "supine")))
    frame = Frame(hip.astype(np.float32), axis.astype(np.float32), (back * np.hypot(*axis)).astype(np.float32))
    offset = true_offsets(line, posed, camera, frame)
    return Sample(cut(picture, raw, frame), offset, EXERCISES.index(exercise), person, number, torso)


def true_offsets(line: BackLine, posed: Posed, camera: Camera, frame: Frame) -> Floats:
    """(17,) outermost dorsal skin at the stations of a frame, torso lengths of that frame; NaN where there is none."""
    points = skin(posed, line.vertices_m, line.weights)
    points[:, 2] = np.maximum(points[:, 2], 0.0)
    flat, _ = camera.project(points)
    length = float(frame.axis @ frame.axis)
    share, offset = (flat - frame.hip) @ frame.axis / length, (flat - frame.hip) @ frame.dorsal / length
    return np.array([outermost(share, offset, line.edges, at) for at in STATIONS])


def write_shard(first: int, count: int, folder: Path) -> int:
    """Make the samples of a row of scenes into one file; return how many."""
    path = folder / f"scenes-{first:05d}.npz"
    if path.exists():
        return len(np.load(path)["body"])
    cv2.setNumThreads(1)
    samples: list[Sample] = []
    with Tracker("full", is_video=False) as tracker:
        for number in range(first, first + count):
            samples += make_scene_samples(number, tracker)
    scratch = path.with_suffix(f".{os.getpid()}.tmp.npz")
    np.savez(
        scratch,
        crop=np.stack([s.crop for s in samples]),
        offset_t=np.stack([s.offset_tl for s in samples]).astype(np.float32),
        exercise=np.array([s.exercise for s in samples]),
        body=np.array([s.body for s in samples]),
        scene=np.array([s.scene for s in samples]),
        torso_px=np.array([s.torso_px for s in samples], np.float32),
    )
    scratch.replace(path)
    return len(samples)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.lab.training.samples")
    parser.add_argument("--scenes", type=int, default=1200)
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[3] / ".lab" / "training")
    choice = parser.parse_args()
    choice.out.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("LP_NUM_THREADS", "1")
    begun, total = time.monotonic(), 0
    print(f"{BODIES} bodies, {HELD_OUT} of them held out; {choice.scenes} scenes", flush=True)
    with ProcessPoolExecutor(choice.jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        tasks = {pool.submit(write_shard, first, SHARD, choice.out): first for first in range(0, choice.scenes, SHARD)}
        for done, future in enumerate(as_completed(tasks), 1):
            total += future.result()
            print(f"[{done}/{len(tasks)}] {total} samples, {time.monotonic() - begun:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
