"""Readings of the back as the product makes them, beside the true bend of the low back, on random rendered people.

Run ``python -m tests.lab.training.lumbar_samples --scenes N --jobs 2 --out DIR``. Scene k is the same on every machine.
A scene is one person in one room: two pictures of the start pose, then pictures of repetitions with random knobs.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from formcheck.core.body.back import STATIONS
from formcheck.core.body.measure import Limbs, measure
from formcheck.pose.arms import distance_to_arms_tl
from formcheck.pose.back_model import back_model
from formcheck.pose.contour import contour
from formcheck.pose.crop import cut
from formcheck.pose.patient import as_pose
from formcheck.pose.picture_edge import picture_edge
from formcheck.pose.tracker import RawPose, Tracker
from formcheck.pose.trunk import trunk_of
from tests.lab.body import RGB
from tests.lab.kinematics import Posed, skin
from tests.lab.limbs import LUMBAR_BONES, lumbar_shares
from tests.lab.practice import frame_drill, start_drill
from tests.lab.scene import Scene, aim_camera
from tests.lab.sight import find_back_line
from tests.lab.studio import Studio
from tests.lab.supine import press_on_floor
from tests.lab.tempo import Rep, Sway
from tests.lab.training.people import build, clothe, shape
from tests.lab.training.poses import EXERCISES, choose_exercise, make_base, make_rep
from tests.lab.training.rooms import clutter, compress, make_scene
from tests.lab.training.samples import POSTURES, is_patient, true_offsets
from tests.lab.truth import locate_joints
from tests.lab.wardrobe import breath_share, find_breath

STARTS, MOVES = 2, 8
"""Pictures of the start pose and of repetitions in a scene."""
SHARD = 10
"""Scenes a file."""
SEED = 11
PEOPLE = 256
"""Builds in all: what one degree does to an outline differs from body to body."""
CAMOUFLAGE = 0.3
"""Share of the rooms whose floor or mat has a colour of the clothes."""
LOOSEST = 0.3
"""Share of the people in the loosest clothes: those hide most of a bend, and the model has to know how much."""
LIMBS = ("hip_deg", "knee_deg", "shoulder_deg", "elbow_deg")
TRUNK = ("trunk_deg", "neck_deg", "side_on_deg", "torso_px")


def lumbar_extension_deg(posed: Posed) -> float:
    """Extension of the low back, degrees: turn of the lowest thoracic bone against the pelvis, about the hips' axis."""
    names = posed.body.names
    turn = posed.rotations[names.index("root")].T @ posed.rotations[names.index(LUMBAR_BONES[-1])]
    return -float(np.degrees(np.arctan2(turn[2, 1], turn[1, 1])))


def make_scene_rows(number: int, tracker: Tracker, exercises: Sequence[str] = ()) -> list[dict[str, object]]:
    """One row for each picture of a scene in which the tracker found the patient."""
    rng = np.random.default_rng([SEED, number])
    exercise, person = choose_exercise(rng), int(rng.integers(PEOPLE))
    exercise = str(rng.choice(exercises)) if exercises else exercise
    scene, base = make_scene(exercise, rng), make_base(exercise, rng)
    body, dressed = clothe(shape(build(person), rng), rng, LOOSEST)
    scene = _light(_camouflage(scene, dressed.palette, rng), rng)
    drill = start_drill(exercise, body, base)
    camera = aim_camera(scene, frame_drill(drill))
    line, breath, sway = find_back_line(body, dressed.vertices_m), find_breath(body), Sway(number, 1.5)
    still = (Rep("L" if base.get("side", 1.0) > 0 else "R", 2.0, 2.0, 2.0, 1.0), 0.0)
    if exercise in ("glute-bridge", "pelvic-tilt", "running"):
        still = (replace(still[0], side=""), 0.0)
    reps = [still] * STARTS + [make_rep(exercise, base, rng) for _ in range(MOVES)]
    times = rng.uniform(0.0, 8.0, len(reps))
    with lumbar_shares(rng.dirichlet((2.0, 5.0, 5.0, 3.0)).tolist()):
        poses = [drill.pose(rep, reach, 0.5, sway, float(t)) for (rep, reach), t in zip(reps, times, strict=True)]
    studio = Studio(scene, camera, body, dressed, number, locate_joints(poses[0]), room=clutter(scene, rng))
    rows: list[dict[str, object]] = []
    for index, (posed, t_s) in enumerate(zip(poses, times, strict=True)):
        cloth = press_on_floor(skin(posed, dressed.vertices_m + breath * breath_share(float(t_s)), body.weights))
        picture = compress(np.ascontiguousarray(studio.shoot(cloth, float(t_s))[..., ::-1]), rng)
        found = tracker.detect(picture, 0.0)
        if not found or not is_patient(found[0], posed, camera):
            continue
        row = _read(picture, found[0], exercise)
        if row is None:
            continue
        trunk = row.pop("trunk_")
        row |= {
            "true_tl": true_offsets(line, posed, camera, trunk.frame),  # type: ignore[attr-defined]
            "lumbar_deg": lumbar_extension_deg(posed),
            "exercise": EXERCISES.index(exercise),
            "person": person,
            "scene": number,
            "index": index,
            "loose": body.figure.look.loose,
        }
        rows.append(row)
    studio.close()
    return rows


def _read(picture: np.ndarray, raw: RawPose, exercise: str) -> dict[str, object] | None:
    """What the product reads in one picture."""
    height, width = picture.shape[:2]
    pose = as_pose(raw, 0.0, width, height)
    body = measure(pose, POSTURES.get(exercise, "supine"))
    if body.geometry is None or raw.mask is None:
        return None
    trunk = trunk_of(body.geometry)
    back = contour(pose, raw, body, picture)
    edge, net = picture_edge(picture, raw, trunk), back_model(picture, raw, trunk)
    points = trunk.frame.to_picture(np.array(STATIONS, np.float32), edge[0])
    near, far = body.limbs(body.near), body.limbs(body.far)
    return {
        "trunk_": trunk,
        "crop": cut(picture, raw, trunk.frame),
        "offset_tl": back.offset_tl,
        "sd_tl": back.sd_tl,
        "unknown": back.unknown,
        "edge_tl": edge[0],
        "edge_sd_tl": edge[1],
        "net_tl": net[0],
        "net_sd_tl": net[1],
        "arms_tl": distance_to_arms_tl(pose, points, body.torso_px, body.near),
        "near_deg": _angles(near),
        "far_deg": _angles(far),
        "trunk": np.array([getattr(body, name) for name in TRUNK], np.float32),
        "is_left_near": body.near == "left",
    }


def _angles(limbs: Limbs) -> np.ndarray:
    return np.array([getattr(limbs, name) for name in LIMBS], np.float32)


def _camouflage(scene: Scene, palette: np.ndarray, rng: np.random.Generator) -> Scene:
    """In some rooms the floor or the mat is of the shirt's or the trousers' colour."""
    if rng.random() > CAMOUFLAGE:
        return scene
    shade = palette.reshape(3, -1, 3)[0, int(rng.integers(palette.reshape(3, -1, 3).shape[1]))]
    r, g, b = (int(v) for v in np.clip(shade + rng.normal(0, 12, 3), 5, 250))
    colour: RGB = (r, g, b)
    return replace(scene, mat=colour)


def _light(scene: Scene, rng: np.random.Generator) -> Scene:
    """Hard and soft shadows, from every side."""
    return replace(scene, shadow=float(rng.uniform(0.1, 0.9)))


def write_shard(first: int, count: int, folder: Path, exercises: Sequence[str]) -> int:
    """Make the rows of some scenes into one file; return how many."""
    path = folder / f"lumbar-{first:05d}.npz"
    if path.exists():
        return len(np.load(path)["person"])
    cv2.setNumThreads(1)
    rows: list[dict[str, object]] = []
    with Tracker("full", is_video=False) as tracker:
        for number in range(first, first + count):
            rows += make_scene_rows(number, tracker, exercises)
    scratch = path.with_suffix(f".{os.getpid()}.tmp.npz")
    np.savez_compressed(scratch, **{name: np.array([r[name] for r in rows]) for name in rows[0]})  # type: ignore[arg-type]
    scratch.replace(path)
    return len(rows)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.lab.training.lumbar_samples")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--scenes", type=int, default=1500)
    parser.add_argument("--exercises", nargs="*", default=(), help="only these; all where none is given")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[3] / ".lab" / "lumbar")
    choice = parser.parse_args()
    choice.out.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("LP_NUM_THREADS", "1")
    begun, total = time.monotonic(), 0
    firsts = range(choice.first, choice.first + choice.scenes, SHARD)
    with ProcessPoolExecutor(choice.jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        tasks = [pool.submit(write_shard, first, SHARD, choice.out, choice.exercises) for first in firsts]
        for done, future in enumerate(as_completed(tasks), 1):
            total += future.result()
            print(f"[{done}/{len(tasks)}] {total} rows, {time.monotonic() - begun:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
