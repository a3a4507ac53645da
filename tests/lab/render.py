"""Render: makes clips with their truth.

Run ``python -m tests.lab.render --out DIR NAME...``, or with ``--all`` or ``--ship`` in place of names.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.lab.body import CACHE_VARIABLE, Floats, RestBody, load_body
from tests.lab.catalogue import SHIPPED, find_scenarios, list_scenarios
from tests.lab.drill import Drill
from tests.lab.ground import Picture
from tests.lab.kinematics import Posed, skin
from tests.lab.practice import frame_drill, start_drill
from tests.lab.scenario import Scenario
from tests.lab.scene import Camera, Framing, aim_camera
from tests.lab.sight import find_back_line
from tests.lab.studio import Studio, find_region
from tests.lab.supine import press_on_floor
from tests.lab.tempo import Moment, PtsRebasing, Rep, Sway, lay_out
from tests.lab.trunk import find_trunk
from tests.lab.truth import SCHEMA, Ledger, Seen, locate_joints
from tests.lab.visitor import Guest, find_touch
from tests.lab.wardrobe import breath_share, dress, find_breath

SWAY_DEG = 1.0
RENDER_VERSION = 3
"""Part of every scenario's hash: raise it when pictures or truth change, and everything is rendered anew."""


def hash_scenario(scenario: Scenario) -> str:
    """Name a scenario's whole content, 16 hexadecimal digits."""
    return hashlib.sha256(f"{RENDER_VERSION} {scenario!r}".encode()).hexdigest()[:16]


def is_done(scenario: Scenario, folder: Path) -> bool:
    """Whether a folder holds this very clip with its truth."""
    truth = folder / f"{scenario.name}.truth.json"
    if not truth.exists() or not (folder / f"{scenario.name}.mp4").exists():
        return False
    return bool(json.loads(truth.read_text(encoding="utf-8")).get("scenario_hash") == hash_scenario(scenario))


def clips_folder() -> Path:
    """Where clips are kept: in the laboratory's cache, or in ``.lab`` of the repository, which git ignores."""
    cache = os.environ.get(CACHE_VARIABLE)
    return Path(cache) / "clips" if cache else Path(__file__).parents[2] / ".lab"


@dataclass(frozen=True, slots=True)
class Shot:
    """One frame before it is pictured."""

    t_s: float
    moment: Moment
    posed: Posed
    lumbar_deg: float
    extra: dict[str, float]


def render(scenario: Scenario, folder: Path) -> Path:
    """Render one scenario; return the path of its clip."""
    folder.mkdir(parents=True, exist_ok=True)
    timeline = lay_out(scenario.reps, scenario.lead_s, scenario.tail_s, scenario.seed)
    drill = start_drill(scenario.exercise, load_body(scenario.figure), scenario.base)
    framing = frame_drill(drill)
    camera = aim_camera(scenario.scene, framing)
    guest = _invite(scenario, drill, camera, framing)
    ledger = Ledger(drill, timeline, camera, find_trunk(drill.body))
    clip = folder / f"{scenario.name}.mp4"
    encode(clip, scenario, scenario.scene.deliver(_picture_frames(scenario, drill, timeline, ledger, guest)))
    ledger.write(folder, scenario.name, _heading(scenario, clip, ledger))
    return clip


def _invite(scenario: Scenario, drill: Drill, camera: Camera, framing: Framing) -> Guest | None:
    """The visitor of a scene, who may want to know where the patient can be touched."""
    visitor = scenario.scene.visitor
    if visitor is None:
        return None
    still = drill.pose(Rep("", 1.0, 1.0, 1.0, 1.0), 0.0, 0.0, Sway(0, 0.0), 0.0) if visitor.kind == "touches" else None
    return Guest(visitor, camera, framing, find_touch(still) if still else None)


def _picture_frames(
    scenario: Scenario, drill: Drill, timeline: PtsRebasing, ledger: Ledger, guest: Guest | None
) -> Iterator[Picture]:
    """Measure and picture every frame of a clip."""
    body: RestBody = drill.body
    dressed, breath = dress(body), find_breath(body)
    skin_line, cloth_line = find_back_line(body, body.vertices_m), find_back_line(body, dressed.vertices_m)
    shots = list(_perform(scenario, drill, timeline))
    places = np.concatenate([np.stack(list(locate_joints(shot.posed).values())) for shot in shots])
    region = find_region(ledger.camera, places)
    joints = locate_joints(shots[0].posed)
    studio = Studio(scenario.scene, ledger.camera, body, dressed, scenario.seed, joints, guest, region)
    before: Floats | None = None
    for shot in shots:
        ledger.note(shot.t_s, shot.moment, shot.posed, shot.lumbar_deg, shot.extra)
        rest = dressed.vertices_m + breath * breath_share(shot.t_s)
        cloth = press_on_floor(skin(shot.posed, rest, body.weights))
        visitor = guest.skin_at(shot.t_s) if guest else None
        ledger.note_sight(shot.posed, Seen(cloth, skin_line, cloth_line, studio.hiding(shot.t_s), visitor))
        yield studio.shoot(cloth, shot.t_s, before)
        before = cloth
    studio.close()


def _perform(scenario: Scenario, drill: Drill, timeline: PtsRebasing) -> Iterator[Shot]:
    """Pose every frame of a clip."""
    sway = Sway(scenario.seed, SWAY_DEG)
    for frame in range(round(timeline.duration_s * scenario.scene.fps)):
        t_s = frame / scenario.scene.fps
        moment = timeline.at(t_s)
        rep = timeline.reps[moment.rep] if moment.rep is not None else Rep("", 1.0, 1.0, 1.0, 1.0)
        held = 0.0
        if moment.rep is not None:
            span = timeline.spans[moment.rep]
            held = float(np.clip((t_s - span.arrive_s) / max(span.turn_s - span.arrive_s, 0.1), 0.0, 1.0))
        posed = drill.pose(rep, moment.reach, held, sway, t_s)
        row = getattr(drill, "row", None)
        extra = row(rep, moment.reach, held) if row else {}
        measure = getattr(drill, "measures", None)
        extra |= measure(posed, rep) if measure else {}
        yield Shot(t_s, moment, posed, drill.lumbar_deg(rep, moment.reach, sway, t_s), extra)


def encode(clip: Path, scenario: Scenario, frames: Iterator[Picture]) -> None:
    """Pipe frames through ffmpeg into an H.264 file."""
    scene = scenario.scene
    command = ["ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24",
               "-s", f"{scene.width}x{scene.height}", "-r", str(scene.fps), "-i", "-", "-an",
               "-c:v", "libx264", "-preset", "fast", "-crf", str(scene.crf), "-threads", "1", "-pix_fmt", "yuv420p",
               "-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart", str(clip)]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        for frame in frames:
            encoder.stdin.write(np.ascontiguousarray(frame).tobytes())
        encoder.stdin.close()
        if encoder.wait() != 0:
            raise RuntimeError(f"ffmpeg failed on {clip.name}")


def _heading(scenario: Scenario, clip: Path, ledger: Ledger) -> dict[str, Any]:
    """What the truth file says about the clip as a whole."""
    scene, frames = scenario.scene, len(ledger.times_s)
    source = {"path": clip.name, "width": scene.width, "height": scene.height, "fps": scene.fps,
              "frames": frames, "duration_s": round(frames / scene.fps, 3)}  # fmt: skip
    return {
        "schema": SCHEMA,
        "scenario": scenario.name,
        "exercise": scenario.exercise,
        "split": scenario.split,
        "kind": scenario.kind,
        "fault": scenario.fault,
        "azimuth_deg": scene.azimuth_deg,
        "source": source,
        "seed": scenario.seed,
        "scenario_hash": hash_scenario(scenario),
        "near_side": ledger.near_side(),
        "figure": asdict(scenario.figure),
        "scene": asdict(scene),
    }


def _render_all(scenarios: list[Scenario], folder: Path, jobs: int) -> int:
    """Render clips in several processes; return how many failed."""
    os.environ.setdefault("LP_NUM_THREADS", "1")  # software rendering must not fight over the cores
    if jobs == 1:
        for index, scenario in enumerate(scenarios):
            print(f"[{index + 1}/{len(scenarios)}] {render(scenario, folder)}", flush=True)
        return 0
    failed = 0
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        pending = {pool.submit(_render_named, scenario.name, folder): scenario.name for scenario in scenarios}
        for index, future in enumerate(as_completed(pending)):
            problem = future.exception()
            failed += problem is not None
            print(f"[{index + 1}/{len(scenarios)}] {pending[future]} {problem or ''}", flush=True)
    return failed


def _render_named(name: str, folder: Path) -> Path:
    """Render a scenario by its name: knobs are read-only views, which don't travel between processes."""
    return render(next(s for s in list_scenarios() if s.name == name), folder)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="scenarios, or the beginnings of their names")
    parser.add_argument("--out", type=Path, default=clips_folder(), help="folder for clips and truth")
    parser.add_argument("--all", action="store_true", help="every scenario that does not ship")
    parser.add_argument("--ship", action="store_true", help="the demo clips of assets/clips")
    parser.add_argument("--force", action="store_true", help="render again what is already there unchanged")
    parser.add_argument("--skip-done", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--share", default="1/1", help="render only part I of N, for several machines")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--list", action="store_true", help="only list the names")
    choice = parser.parse_args()
    scenarios = list(SHIPPED) if choice.ship else find_scenarios(choice.names, everything=choice.all)
    part, parts = (int(number) for number in choice.share.split("/"))
    mine = scenarios[part - 1 :: parts]
    done = [] if choice.force else [scenario for scenario in mine if is_done(scenario, choice.out)]
    if choice.list:
        for scenario in mine:
            print(scenario.name, "(there)" if scenario in done else "")
        return 0 if scenarios else 1
    if done:
        print(f"{len(done)} unchanged")
    failed = _render_all([scenario for scenario in mine if scenario not in done], choice.out, choice.jobs)
    return 0 if scenarios and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
