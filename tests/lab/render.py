"""Render: makes clips with their truth.

Run ``python -m tests.lab.render --out DIR NAME...``, or with ``--all`` or ``--ship`` in place of names.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from tests.lab.body import RestBody, load_body
from tests.lab.catalogue import SHIPPED, find_scenarios
from tests.lab.drill import Drill
from tests.lab.ground import Picture
from tests.lab.kinematics import skin
from tests.lab.practice import frame_drill, start_drill
from tests.lab.scenario import Scenario
from tests.lab.scene import aim_camera
from tests.lab.studio import Studio
from tests.lab.supine import press_on_floor
from tests.lab.tempo import Rep, Sway, Timeline, lay_out
from tests.lab.trunk import find_trunk
from tests.lab.truth import SCHEMA, Ledger
from tests.lab.wardrobe import breath_share, dress, find_breath

SWAY_DEG = 1.0
CRF = 23
"""Constant rate factor of the H.264 encoder: 40 s of 1280x720 stay under 5 MB."""


def render(scenario: Scenario, folder: Path) -> Path:
    """Render one scenario; return the path of its clip."""
    folder.mkdir(parents=True, exist_ok=True)
    timeline = lay_out(scenario.reps, scenario.lead_s, scenario.tail_s, scenario.seed)
    drill = start_drill(scenario.exercise, load_body(scenario.figure), scenario.base)
    camera = aim_camera(scenario.scene, frame_drill(drill))
    ledger = Ledger(drill, timeline, camera, find_trunk(drill.body))
    clip = folder / f"{scenario.name}.mp4"
    encode(clip, scenario, _picture_frames(scenario, drill, timeline, ledger))
    ledger.write(folder, scenario.name, _heading(scenario, clip, len(ledger.times_s)))
    return clip


def _picture_frames(scenario: Scenario, drill: Drill, timeline: Timeline, ledger: Ledger) -> Iterator[Picture]:
    """Pose, measure and picture every frame of a clip."""
    body: RestBody = drill.body
    dressed, breath = dress(body), find_breath(body)
    sway = Sway(scenario.seed, SWAY_DEG)
    studio = Studio(scenario.scene, ledger.camera, body, dressed, scenario.seed)
    for frame in range(round(timeline.duration_s * scenario.scene.fps)):
        t_s = frame / scenario.scene.fps
        moment = timeline.at(t_s)
        rep = timeline.reps[moment.rep] if moment.rep is not None else Rep("", 1.0, 1.0, 1.0, 1.0)
        held = 0.0
        if moment.rep is not None:
            span = timeline.spans[moment.rep]
            held = float(np.clip((t_s - span.arrive_s) / max(span.turn_s - span.arrive_s, 0.1), 0.0, 1.0))
        posed = drill.pose(rep, moment.reach, held, sway, t_s)
        ledger.note(t_s, moment, posed, drill.lumbar_deg(rep, moment.reach, sway, t_s))
        rest = dressed.vertices_m + breath * breath_share(t_s)
        yield studio.shoot(press_on_floor(skin(posed, rest, body.weights)))
    studio.close()


def encode(clip: Path, scenario: Scenario, frames: Iterator[Picture]) -> None:
    """Pipe frames through ffmpeg into an H.264 file."""
    scene = scenario.scene
    command = ["ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24",
               "-s", f"{scene.width}x{scene.height}", "-r", str(scene.fps), "-i", "-", "-an",
               "-c:v", "libx264", "-preset", "fast", "-crf", str(CRF), "-threads", "1", "-pix_fmt", "yuv420p",
               "-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart", str(clip)]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        for frame in frames:
            encoder.stdin.write(np.ascontiguousarray(frame).tobytes())
        encoder.stdin.close()
        if encoder.wait() != 0:
            raise RuntimeError(f"ffmpeg failed on {clip.name}")


def _heading(scenario: Scenario, clip: Path, frames: int) -> dict[str, Any]:
    """What the truth file says about the clip as a whole."""
    scene = scenario.scene
    source = {"path": clip.name, "width": scene.width, "height": scene.height, "fps": scene.fps,
              "frames": frames, "duration_s": round(frames / scene.fps, 3)}  # fmt: skip
    return {
        "schema": SCHEMA,
        "scenario": scenario.name,
        "exercise": scenario.exercise,
        "source": source,
        "seed": scenario.seed,
        "near_side": _near_side(scenario),
        "figure": asdict(scenario.figure),
        "scene": asdict(scene),
    }


def _near_side(scenario: Scenario) -> str:
    """The side of the body that the camera sees best; face up the head is at +Y, face down at -Y."""
    face_up = scenario.exercise != "bird-dog"
    return "left" if (scenario.scene.head_at == "right") == face_up else "right"


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="scenarios, or the beginnings of their names")
    parser.add_argument("--out", type=Path, required=True, help="folder for clips and truth")
    parser.add_argument("--all", action="store_true", help="every scenario that does not ship")
    parser.add_argument("--ship", action="store_true", help="the demo clips of assets/clips")
    parser.add_argument("--skip-done", action="store_true", help="leave clips alone that are already there")
    parser.add_argument("--share", default="1/1", help="render only part I of N, for several processes")
    parser.add_argument("--list", action="store_true", help="only list the names")
    choice = parser.parse_args()
    scenarios = list(SHIPPED) if choice.ship else find_scenarios(choice.names, everything=choice.all)
    part, parts = (int(number) for number in choice.share.split("/"))
    for scenario in scenarios[part - 1 :: parts]:
        done = (choice.out / f"{scenario.name}.truth.json").exists()
        if choice.list or (choice.skip_done and done):
            print(scenario.name, "(there)" if done else "")
            continue
        print(render(scenario, choice.out), flush=True)
    return 0 if scenarios else 1


if __name__ == "__main__":
    sys.exit(main())
