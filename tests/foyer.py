"""What the trackers saw of rendered people before a kiosk (`tests.lab.foyer`), read back from one small file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.core.body.pose import JOINT_COUNT, Evidence, Pose

FILE = Path(__file__).parent / "core" / "setup" / "foyer.npz"
FOLLOWED = ("choose", "life")
ABSENT_PX = -9000
"""What is further left is no place."""


@dataclass(frozen=True)
class Clip:
    """One clip: its name, the poses of each picture with its time (None: nobody looked), and what was meant."""

    name: str
    kind: str
    fov_deg: float
    looks: tuple[tuple[float, list[Pose] | None], ...]
    choices: tuple[dict[str, Any], ...]
    stands_s: float | None

    @property
    def poses(self) -> list[Pose]:
        return [pose for _, people in self.looks for pose in people or []]

    @property
    def length_s(self) -> float:
        return self.looks[-1][0]


@cache
def clips() -> tuple[Clip, ...]:
    """All of them."""
    with np.load(FILE, allow_pickle=False) as data:
        arrays = {name: data[name] for name in data.files}
    found, begin = [], 0
    for about in json.loads(str(arrays["clips"])):
        rows = slice(begin, begin + about["rows"])
        begin = rows.stop
        found.append(_clip(about, {name: arrays[name][rows] for name in ("t_s", "people", "xy", "evidence")}, arrays))
    return tuple(found)


def of_kind(*kinds: str) -> list[Clip]:
    """The clips of some kinds."""
    return [clip for clip in clips() if clip.kind in kinds]


def _clip(about, rows, arrays):
    width, height = (int(v) for v in arrays["size"])
    places = np.cumsum(rows["xy"].astype(np.int32), axis=0)
    looks: dict[float, list[Pose] | None] = {}
    for i, (t_s, count) in enumerate(zip(rows["t_s"].tolist(), rows["people"].tolist(), strict=True)):
        xy = np.full((JOINT_COUNT, 2), np.nan, np.float32)
        evidence = np.zeros(JOINT_COUNT, np.uint8)
        evidence[arrays["joints"]] = rows["evidence"][i]
        is_there = (places[i] > ABSENT_PX).all(axis=1)
        xy[arrays["joints"][is_there]] = places[i][is_there]
        is_present = bool((evidence > Evidence.ABSENT).any())
        pose = Pose(t_s, i, width, height, xy, evidence, is_present)
        if about["kind"] in FOLLOWED or count > 0:
            people = looks.setdefault(t_s, [])
            assert people is not None
            people.append(pose)
        else:
            looks[t_s] = None if count < 0 else []
    return Clip(about["name"], about["kind"], about["fov_deg"], tuple(looks.items()), tuple(about["choices"]),
                about["stands_s"])  # fmt: skip
