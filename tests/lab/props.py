"""Props: things in the room that can hide the patient or carry them, all made of boxes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.lab.body import RGB, Floats
from tests.lab.scene import Camera, Scene

NEAR_M = 0.55
"""How far towards the camera things stand that hide the patient."""

CARDBOARD: RGB = (140, 107, 71)
DOG: RGB = (96, 72, 50)
DOG_STARTS_S, DOG_CROSSES_S = 3.0, 4.0

PART_JOINTS = {"feet": "ankle", "hips": "hip", "shoulders": "shoulder", "head": "ear"}


@dataclass(frozen=True, slots=True)
class Box:
    """A box along the axes: lowest and highest corner (3,) in metres, its colour, and whether it can hide someone."""

    low_m: Floats
    high_m: Floats
    colour: RGB
    hides: bool = False

    def covers(self, eye_m: Floats, points_m: Floats) -> Floats:
        """Whether it lies between an eye (3,) and points (N, 3), (N,) bool."""
        way = points_m - eye_m
        way = np.where(np.abs(way) < 1e-9, 1e-9, way)
        first, second = (self.low_m - eye_m) / way, (self.high_m - eye_m) / way
        enters = np.minimum(first, second).max(axis=1)
        leaves = np.maximum(first, second).min(axis=1)
        covered: Floats = (enters < leaves) & (enters > 0.0) & (enters < 1.0)
        return covered


def make_box(centre: tuple[float, float, float], size: tuple[float, float, float], colour: RGB, hides: bool) -> Box:
    """A box by its middle and its size, metres."""
    middle, half = np.array(centre), np.array(size) / 2.0
    return Box(middle - half, middle + half, colour, hides)


def set_props(scene: Scene, camera: Camera, joints: dict[str, Floats]) -> list[Box]:
    """Everything that stands still among or before the patient; ``joints`` are those of the start pose."""
    near, middle = camera.near_x, float(camera.target_m[1])
    found: list[Box] = []
    if scene.hips_box:
        found.append(make_box((near * NEAR_M, middle, 0.22), (0.3, 0.5, 0.44), CARDBOARD, True))
    for joint in (PART_JOINTS[part] for part in scene.parts_hidden):
        found += [_hide(camera, (joints[f"{joint}_left"] + joints[f"{joint}_right"]) / 2.0)]
    if scene.seat_height_m is not None:
        found += _chair(scene.seat_height_m)
    if scene.treadmill:
        found += _treadmill(near)
    return found


def walk_dog(scene: Scene, camera: Camera, t_s: float) -> Box | None:
    """The dog-sized box that crosses before the patient, at a time; None while it is away."""
    share = (t_s - DOG_STARTS_S) / DOG_CROSSES_S
    if not scene.dog_box or not 0.0 <= share <= 1.0:
        return None
    place = float(camera.target_m[1]) + (share - 0.5) * 3.6
    return make_box((camera.near_x * 0.8, place, 0.24), (0.22, 0.6, 0.48), DOG, True)


def furnish(near_x: float, middle_y: float) -> list[Box]:
    """A sofa and a shelf along the wall."""
    x, sofa, wood = -near_x, (112, 92, 98), (122, 92, 66)
    found = [make_box((x * 1.15, middle_y - 0.5, 0.22), (0.7, 1.7, 0.44), sofa, False),
             make_box((x * 1.42, middle_y - 0.5, 0.55), (0.2, 1.7, 0.5), sofa, False)]  # fmt: skip
    found += [
        make_box((x * 1.42, middle_y + 1.3, level), (0.3, 1.0, 0.04), wood, False) for level in (0.25, 0.65, 1.05)
    ]
    books = ((150, 60, 50), (60, 80, 120), (200, 190, 160), (60, 100, 80))
    found += [make_box((x * 1.4, middle_y + 0.95 + 0.12 * i, 0.38), (0.2, 0.07, 0.22 + 0.01 * i), colour, False)
              for i, colour in enumerate(books)]  # fmt: skip
    return found


def _hide(camera: Camera, point_m: Floats) -> Box:
    """A box on the line from the camera to a point, standing on the floor."""
    share = (abs(camera.position_m[0]) - NEAR_M) / abs(camera.position_m[0] - point_m[0])
    x, y, z = camera.position_m + (point_m - camera.position_m) * share
    high = float(z) + 0.16
    return make_box((float(x), float(y), high / 2.0), (0.25, 0.42, high), CARDBOARD, True)


def _chair(seat_m: float) -> list[Box]:
    """A stool; the middle of its seat is over the origin."""
    wood: RGB = (150, 112, 78)
    legs = [make_box((x, y, (seat_m - 0.04) / 2.0), (0.04, 0.04, seat_m - 0.04), wood, False)
            for x in (-0.19, 0.19) for y in (-0.19, 0.19)]  # fmt: skip
    return [make_box((0.0, 0.0, seat_m - 0.02), (0.42, 0.42, 0.04), wood, False), *legs]


def _treadmill(near_x: float) -> list[Box]:
    """A belt at floor level, its edges, the far rail and the console at -Y, the way the runner faces."""
    dark, grey = (38, 38, 42), (120, 122, 128)
    return [
        make_box((0.0, -0.05, -0.001), (0.55, 1.7, 0.006), dark, False),
        *(make_box((0.32 * side, -0.05, 0.02), (0.08, 1.75, 0.06), grey, False) for side in (-1.0, 1.0)),
        make_box((-near_x * 0.36, -0.8, 0.6), (0.06, 0.06, 1.2), grey, False),
        make_box((-near_x * 0.36, -0.5, 0.98), (0.04, 0.65, 0.04), grey, False),
        make_box((0.0, -0.85, 1.2), (0.7, 0.06, 0.22), dark, False),
    ]
