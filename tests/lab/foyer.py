"""Foyer: people before a clinic's kiosk, rendered, and what the product's eyes make of them.

    python -m tests.lab.foyer render [--only NAME] [--jobs 2]     # clips and truth into the laboratory's cache
    python -m tests.lab.foyer watch [--only NAME]                 # the tracker's poses of them, as .npz beside them
    python -m tests.lab.foyer simulate --hours 4 --seed 2         # life that is posed only, with the tracker's errors
    python -m tests.lab.foyer keep                                # what the trackers saw, as a small file for the tests

Bodies, places, heights of the camera, fields of view, light and clothes are drawn from fixed seeds. Nothing in the
product imports this.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from formcheck.core.body.pose import Evidence, absent_pose
from formcheck.core.body.pose import Joint as FilmedJoint
from formcheck.core.body.pose import Pose as FilmedPose
from formcheck.core.setup.pointing import PointRecognizer
from formcheck.core.setup.standing import facing_score
from formcheck.pose import PatientTracker
from formcheck.pose.onlooker import Onlooker
from tests.lab.body import CACHE_VARIABLE, Figure, Floats, Look, RestBody, load_body
from tests.lab.foyer_scripts import LAP, LIVES, RARE, STRANGERS, Attitude, Play, at, choices, lives
from tests.lab.kinematics import Pose, Posed, cross, rotate_x, skin, solve, unit
from tests.lab.limbs import GIRDLE_SHARE, SIDES, bend_spine, place_leg, sagittal, share_rotation
from tests.lab.people import TEST_PEOPLE, TUNE_PEOPLE
from tests.lab.scene import Camera, Scene
from tests.lab.studio import Studio, find_region
from tests.lab.truth import locate_joints
from tests.lab.upright import AHEAD, bend_limb, bone_m
from tests.lab.wardrobe import breath_share, dress, find_breath

FPS = 8
SIZE = (640, 360)
CAMERA_X_M = 4.6
"""Where the camera stands; the wall is 1.6 m behind the origin, 6.2 m from the camera."""
CHILD = Figure(
    "child", 0.6, 0.36, 0.5, 0.45, 1.22, look=Look((222, 178, 150), (200, 80, 60), (60, 80, 130), (90, 60, 40))
)
FRESH = 60
"""Lives from this number on were drawn when every limit of the product stood, and were only counted."""
PEOPLE = (*TUNE_PEOPLE, *TEST_PEOPLE)


@dataclass(frozen=True, slots=True)
class Shoot:
    """One clip: who does what before which camera."""

    name: str
    kind: str
    figure: Figure
    scene: Scene
    play: Play
    seed: int
    camera_y_m: float
    look_m: float


# -- bodies ----------------------------------------------------------------------------------------------------------


def shortest(a: Floats, b: Floats) -> Floats:
    """The least rotation (3, 3) that brings one unit vector to another; never undefined but for opposite ones."""
    axis, cosine = cross(a, b), float(a @ b)
    skew = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.eye(3) + skew + skew @ skew / max(1.0 + cosine, 1e-3)


def rotate(axis: int, degrees: float) -> Floats:
    """Rotation about Y (1) or Z (2), (3, 3)."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    i, j = ((2, 0), (0, 1))[axis - 1]
    turn = np.eye(3)
    turn[i, i] = turn[j, j] = c
    turn[j, i], turn[i, j] = s, -s
    return turn


def stand(body: RestBody, attitude: Attitude) -> Posed:
    """The skeleton of somebody in an attitude, soles at their height above the floor."""
    root = rotate(1, attitude.tilt) @ rotate_x(attitude.lean)
    turns = _legs(body, attitude, root)
    for side in SIDES:
        turns |= _arm(body, side, root, attitude.left if side == "L" else attitude.right)
    spine = bend_spine(0.0, attitude.nod)
    for bone in ("neck01", "neck02", "neck03", "head"):
        spine[bone] = spine[bone] @ rotate(2, attitude.head / 4.0)
    yaw = rotate(2, 90.0 + attitude.turn)
    posed = solve(body, Pose({name: yaw @ turn for name, turn in turns.items()}, spine))
    low = min(float(posed.point(f"{end}.{side}")[2]) for end in ("heel", "toe") for side in SIDES)
    place = posed.joint("root")
    return posed.moved(np.array([attitude.x_m - place[0], attitude.y_m - place[1], -low]))


def _legs(body: RestBody, attitude: Attitude, root: Floats) -> dict[str, Floats]:
    swing = np.sin(np.pi * attitude.step)
    turns: dict[str, Floats] = {"root": root}
    for side, sign in SIDES.items():
        step = 24.0 * swing * sign
        knee = 90.0 * attitude.sit + max(0.0, -step) * 1.4 + 3.0
        thigh = -90.0 + step + 86.0 * attitude.sit
        turns |= place_leg(
            body, side, sagittal(thigh, spread=0.06 * sign), sagittal(thigh - knee, spread=0.03 * sign), AHEAD
        )
    return turns


def _arm(body: RestBody, side: str, thorax: Floats, spot: tuple[float, float, float]) -> dict[str, Floats]:
    """Rotations of an arm whose wrist is at a place told in arm lengths from the shoulder."""
    sign = SIDES[side]
    upper_m, fore_m = bone_m(body, "upperarm01", "lowerarm01"), bone_m(body, "lowerarm01", "wrist")
    target = thorax @ (np.array([sign * spot[0], -spot[1], spot[2]]) * (upper_m + fore_m))
    hint = thorax @ unit(np.array([0.6 * sign, 0.25, -0.8]))
    upper, fore = bend_limb(np.zeros(3), target, upper_m, fore_m, hint)
    shoulder, elbow, wrist = (body.heads_m[body.bone(f"{b}.{side}")] for b in ("upperarm01", "lowerarm01", "wrist"))
    arm = shortest(thorax @ unit(elbow - shoulder), upper) @ thorax
    forearm = shortest(arm @ unit(wrist - elbow), fore) @ arm
    girdle = thorax @ share_rotation(thorax.T @ arm, GIRDLE_SHARE)
    return {f"shoulder01.{side}": girdle, f"upperarm01.{side}": arm, f"lowerarm01.{side}": forearm}


# -- scenes ----------------------------------------------------------------------------------------------------------

FLOORS = ("wood", "carpet", "tiles", "plain")


def _figure(rng: np.random.Generator, number: int) -> Figure:
    """Somebody of the known bodies in other clothes and of another height (a mesh is built once a body)."""
    base = PEOPLE[(number * 7 + 3) % len(PEOPLE)]
    colours = [tuple(int(v) for v in rng.integers(25, 235, 3)) for _ in range(2)]
    look = replace(base.look, top=colours[0], trousers=colours[1], loose=float(rng.uniform(0, 0.8)))
    return replace(base, height_m=base.height_m + float(rng.uniform(-0.06, 0.06)), look=look)


def _scene(rng: np.random.Generator) -> Scene:
    colour = lambda: tuple(int(v) for v in rng.integers(90, 235, 3))  # noqa: E731
    return Scene(
        width=SIZE[0], height=SIZE[1], fps=FPS, camera_height_m=float(rng.uniform(0.8, 1.8)),
        horizontal_fov_deg=float(rng.uniform(58, 90)), floor=FLOORS[int(rng.integers(4))], mat=colour(), wall=colour(),
        key_light=float(rng.uniform(0.5, 0.8)), light_from=(0.9, float(rng.uniform(-1.5, 1.5)), 2.2),
        noise=float(rng.uniform(1.0, 4.0)), exposure=float(rng.uniform(0.7, 1.15)),
        light=("normal", "normal", "normal", "low", "back")[int(rng.integers(5))],
        motion_blur=0.3, furniture=bool(rng.random() < 0.4),
    )  # fmt: skip


def _home(rng: np.random.Generator, scene: Scene, figure: Figure, *, is_sitting: bool, is_reaching: bool) -> Attitude:
    """Where somebody stands: 1.2 to 3 m before the camera, as far as the arms have to be in the picture."""
    half = np.tan(np.radians(scene.horizontal_fov_deg) / 2)
    near = 1.2
    if is_reaching:  # the hand of a raised arm, a third of the height above the head's middle, and of one held out
        top = figure.height_m * (1.22 if not is_sitting else 0.95) - 1.2
        near = max(near, top / (half * 0.5625) + 0.1, 0.46 * figure.height_m / half + 0.2)
    away = float(rng.uniform(min(near, 3.0), 3.2))
    pose = Attitude(x_m=CAMERA_X_M - away, y_m=float(rng.uniform(-0.1, 0.1) * away), turn=float(rng.normal(0, 10)))
    if is_sitting:
        pose = replace(pose, sit=1.0, left=LAP, right=LAP)
    return pose


def shoots() -> list[Shoot]:
    """All clips."""
    made: list[Shoot] = []
    made += [_make("choose", number, 100 + number) for number in range(22)]
    made += [_make("life", number, 200 + number) for number in range(60)]
    made += [_make("life", number, 900 + number) for number in range(FRESH, FRESH + 45)]
    for kind, count in (("passing", 6), ("back", 5), ("side", 4), ("far", 5), ("stepping-up", 10)):
        made += [_make(kind, number, 300 + 20 * list(STRANGERS).index(kind) + number) for number in range(count)]
    return sorted(made, key=lambda shoot: shoot.name.rpartition("-")[2])


def _make(kind: str, number: int, seed: int) -> Shoot:
    rng = np.random.default_rng(seed)
    figure = CHILD if kind in ("choose", "stepping-up") and number % 9 == 4 else _figure(rng, number + seed // 20)
    is_sitting = kind in ("choose", "life", "stepping-up") and number % 6 == 5
    scene = _scene(rng)
    home = _home(rng, scene, figure, is_sitting=is_sitting, is_reaching=kind == "choose")
    if kind == "choose":
        arms = (("left",), ("right",))[number % 2] if number % 4 == 3 else ("left", "right")
        play = choices(rng, home, arms)
    elif kind == "life":
        names = list(LIVES) if number < FRESH else [*LIVES, *RARE]
        mine = [names[(number * 3 + i) % len(names)] for i in range(3)]
        play = lives(rng, home, mine if number < FRESH else [str(name) for name in rng.choice(names, 4)])
    else:
        if kind == "far":
            home = replace(home, x_m=float(rng.uniform(-1.3, -0.6)), y_m=float(rng.uniform(-1, 1)))
        play = STRANGERS[kind](rng, home)
    return Shoot(f"{kind}-{number:02d}", kind, figure, scene, play, seed, float(rng.uniform(-0.1, 0.1)), 1.2)


def aim(shoot: Shoot) -> Camera:
    """The camera of a clip: level with its screen's edge, tilted so that it looks at a chest 2.2 m away."""
    half = np.tan(np.radians(shoot.scene.horizontal_fov_deg) / 2)
    vertical = float(2 * np.degrees(np.arctan(half * SIZE[1] / SIZE[0])))
    position = np.array([CAMERA_X_M, shoot.camera_y_m, shoot.scene.camera_height_m])
    return Camera(position, np.array([CAMERA_X_M - 2.2, 0.0, shoot.look_m]), vertical, *SIZE)


def folder() -> Path:
    """Where clips and poses are kept."""
    return Path(os.environ.get(CACHE_VARIABLE, ".lab")) / "foyer"


def render(shoot: Shoot) -> Path:
    """Render a clip with its truth."""
    out = folder() / f"{shoot.name}.mp4"
    if out.with_suffix(".json").exists():
        return out
    out.parent.mkdir(parents=True, exist_ok=True)
    body, camera = load_body(shoot.figure), aim(shoot)
    dressed, breath = dress(body), find_breath(body)
    times = np.arange(int(shoot.play.length_s * FPS)) / FPS
    posed = [stand(body, at(shoot.play.script, float(t))) for t in times]
    places = [np.stack(list(locate_joints(p).values())) for p in posed]
    studio = Studio(
        shoot.scene, camera, body, dressed, shoot.seed, {}, None, find_region(camera, np.concatenate(places))
    )
    command = ["ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24",
               "-s", f"{SIZE[0]}x{SIZE[1]}", "-r", str(FPS), "-i", "-", "-c:v", "libx264",
               "-preset", "veryfast", "-crf", "20", "-threads", "1",
               "-pix_fmt", "yuv420p", str(out)]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        before = None
        for t_s, one in zip(times, posed, strict=True):
            cloth = skin(one, dressed.vertices_m + breath * breath_share(float(t_s)), body.weights)
            encoder.stdin.write(np.ascontiguousarray(studio.shoot(cloth, float(t_s), before)).tobytes())
            before = cloth
        encoder.stdin.close()
        encoder.wait()
    studio.close()
    joints = np.stack([camera.project(p)[0] for p in places]).astype(np.float32)
    np.savez_compressed(out.with_suffix(".truth.npz"), t_s=times, joints_px=joints)
    truth = {"kind": shoot.kind, "stands_s": shoot.play.stands_s, "choices": [asdict(c) for c in shoot.play.choices]}
    out.with_suffix(".json").write_text(json.dumps(truth), encoding="utf-8")
    return out


TRUTH = ("nose", *(f"{side}_{name}" for side in ("LEFT", "RIGHT") for name in (
    "SHOULDER", "ELBOW", "WRIST", "HIP", "KNEE", "ANKLE", "EAR", "HEEL", "TOE")))  # fmt: skip
"""The order of `locate_joints`."""
BIAS_TL, SLOW_TL, FAST_TL, SLOW_S = 0.05, 0.04, 0.02, 1.0
"""Errors of the posed landmarks, sd of each coordinate: of a person, slow (within a second), of a picture. A half more
than was measured on the rendered clips, 0.02-0.05, 0.02-0.03, and 0.005-0.015."""
EARS_TL = 0.06
"""The tracker puts each ear so much further in than the skin's outermost point (measured on the same clips)."""
LOST_SHARE, LOST_S = 0.01, 0.5
"""How much of the time a joint isn't seen, and for how long at once."""


def simulate(hours: float, seed: int) -> dict[str, float | list[str]]:
    """Life before the kiosk, posed but not rendered: how often something is chosen that nobody meant."""
    rng = np.random.default_rng(seed)
    seconds, false = 0.0, list[str]()
    while seconds < 3600 * hours:
        figure, scene = _figure(rng, int(rng.integers(16))), _scene(rng)
        home = _home(rng, scene, figure, is_sitting=bool(rng.random() < 0.15), is_reaching=bool(rng.random() < 0.5))
        acts = [str(name) for name in rng.choice([*LIVES, *RARE], 12)]
        play = lives(rng, home, acts)
        shoot = Shoot("", "life", figure, scene, play, 0, float(rng.uniform(-0.1, 0.1)), 1.2)
        recognizer = PointRecognizer(3, scene.horizontal_fov_deg)
        for pose in _posed(shoot, rng):
            if recognizer.update(pose) is not None:
                false.append([act for t_s, act in play.acts if t_s <= pose.t_s][-1])
        seconds += play.length_s
    return {"hours": seconds / 3600, "false": false}


def _posed(shoot: Shoot, rng: np.random.Generator) -> Iterator[FilmedPose]:
    """The landmarks that a tracker might give of a script, with its errors."""
    body, camera = load_body(shoot.figure), aim(shoot)
    index = [FilmedJoint[name.upper()] for name in TRUTH]
    bias, slow = rng.normal(0, BIAS_TL, (19, 2)), np.zeros((19, 2))
    lost_s = np.zeros(19)
    bias[TRUTH.index("LEFT_EAR"), 0] -= EARS_TL
    bias[TRUTH.index("RIGHT_EAR"), 0] += EARS_TL
    keep = float(np.exp(-1 / FPS / SLOW_S))
    for i in range(int(shoot.play.length_s * FPS)):
        joints = locate_joints(stand(body, at(shoot.play.script, i / FPS)))
        places = camera.project(np.stack(list(joints.values())))[0]
        torso_px = float(np.hypot(*(places[[1, 10]].mean(axis=0) - places[[4, 13]].mean(axis=0))))
        slow = keep * slow + np.sqrt(1 - keep**2) * rng.normal(0, SLOW_TL, slow.shape)
        xy = np.full((33, 2), np.nan, np.float32)
        xy[index] = places + torso_px * (bias + slow + rng.normal(0, FAST_TL, slow.shape))
        lost_s = np.where(rng.random(19) < LOST_SHARE / LOST_S / FPS, LOST_S, lost_s - 1 / FPS)
        evidence = np.zeros(33, np.uint8)
        evidence[index] = np.where(lost_s > 0, Evidence.PREDICTED, Evidence.MEASURED)
        is_out = ~((xy >= 0) & (xy < SIZE)).all(axis=1)
        evidence[is_out], xy[is_out] = Evidence.ABSENT, np.nan
        yield FilmedPose(i / FPS, i, *SIZE, xy, evidence)


KEPT_JOINTS = [0, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24]
"""Nose, ears, shoulders, elbows, wrists, hips."""
LOOK_EVERY = 2
"""The onlooker is shown every second picture: four a second."""
WATCHED = ("choose", "life")
"""Kinds that are followed as on a page with choices; the others are looked at as on the page that attracts."""


def watch(clip: Path) -> Path:
    """What the product's trackers see in a clip, as arrays beside it."""
    out = clip.with_suffix(".poses.npz")
    if out.exists():
        return out
    source, rows = cv2.VideoCapture(str(clip)), []
    is_followed = clip.name.startswith(WATCHED)
    began, index = time.process_time(), 0
    fov_deg = next(shoot for shoot in shoots() if shoot.name == clip.stem).scene.horizontal_fov_deg
    with PatientTracker("upright", facing_score) as tracker, Onlooker(fov_deg=fov_deg) as onlooker:
        while (picture := source.read()[1]) is not None:
            t_s = index / FPS
            if is_followed:
                rows.append((t_s, 1, tracker.observe(picture, t_s, index).pose))
            elif index % LOOK_EVERY == 0:
                people = onlooker.look(picture, t_s)
                rows += [(t_s, len(people), pose) for pose in people or []]
                if not people:
                    rows.append((t_s, -1 if people is None else 0, absent_pose(t_s, index, *SIZE)))
            index += 1
    save_poses(
        out,
        rows,
        {"cpu_s": time.process_time() - began, "looks": onlooker.looks, "pictures": index, "fov_deg": fov_deg},
    )
    return out


def save_poses(path: Path, rows: list[tuple[float, int, FilmedPose]], more: dict[str, float]) -> None:
    """Poses, each with its time and how many people there were (-1: nobody looked, 0: nobody), in whole half pixels."""
    xy = np.array([pose.xy_px for _, _, pose in rows])
    np.savez_compressed(
        path, t_s=np.array([t for t, _, _ in rows], np.float32), people=np.array([n for _, n, _ in rows], np.int8),
        xy_2px=np.where(np.isnan(xy), -30000, np.clip(np.rint(2 * xy), -9999, 9999)).astype(np.int16),
        evidence=np.array([pose.evidence for _, _, pose in rows], np.uint8),
        person=np.array([pose.person for _, _, pose in rows], np.int8),
        **{name: np.array(value) for name, value in more.items()},
    )  # fmt: skip


def keep(out: Path) -> None:
    """All watched clips in one small file for the tests: whole pixels of the joints that count, as steps in time."""
    rows: dict[str, list[np.ndarray]] = {"t_s": [], "people": [], "xy": [], "evidence": []}
    clips, fovs_deg = [], {shoot.name: shoot.scene.horizontal_fov_deg for shoot in shoots()}
    for path in sorted(folder().glob("*.poses.npz")):
        name = path.name.partition(".")[0]
        with np.load(path) as data:
            xy = data["xy_2px"][:, KEPT_JOINTS].astype(np.int32)
            whole = np.where(xy <= -30000, -9999, np.clip(xy // 2, -9000, 9000))
            rows["xy"].append(np.diff(whole, axis=0, prepend=0).astype(np.int16))
            rows["evidence"].append(data["evidence"][:, KEPT_JOINTS])
            rows["t_s"].append(data["t_s"])
            rows["people"].append(data["people"])
        truth = json.loads((folder() / f"{name}.json").read_text(encoding="utf-8"))
        clips.append({"name": name, "rows": len(rows["t_s"][-1]), "fov_deg": round(fovs_deg[name], 1), **truth})
    arrays = {key: np.concatenate(value) for key, value in rows.items()}
    np.savez_compressed(
        out, clips=np.array(json.dumps(clips)), size=np.array(SIZE), joints=np.array(KEPT_JOINTS), **arrays
    )


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("render", "list", "watch", "simulate", "keep"))
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("tests/core/setup/foyer.npz"))
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    choice = parser.parse_args()
    doing = {"simulate": _simulate, "list": _list, "watch": _watch, "render": _render, "keep": _keep}
    doing[choice.what](choice)
    return 0


def _mine(choice: argparse.Namespace) -> list[Shoot]:
    return [shoot for shoot in shoots() if shoot.name.startswith(tuple(choice.only.split(",")))]


def _keep(choice: argparse.Namespace) -> None:
    keep(choice.out)


def _simulate(choice: argparse.Namespace) -> None:
    print(json.dumps(simulate(choice.hours, choice.seed)))


def _list(choice: argparse.Namespace) -> None:
    for shoot in _mine(choice):
        print(shoot.name, round(shoot.play.length_s, 1), shoot.figure.name)


def _watch(choice: argparse.Namespace) -> None:
    for shoot in _mine(choice):
        clip = folder() / f"{shoot.name}.mp4"
        if clip.with_suffix(".json").exists():
            print(watch(clip), flush=True)


def _render(choice: argparse.Namespace) -> None:
    os.environ.setdefault("LP_NUM_THREADS", "1")
    if choice.jobs == 1:
        for shoot in _mine(choice):
            print(render(shoot), flush=True)
        return
    with ProcessPoolExecutor(choice.jobs) as pool:
        for done in pool.map(render, _mine(choice)):
            print(done, flush=True)


if __name__ == "__main__":
    sys.exit(main())
