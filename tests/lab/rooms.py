"""Rooms: where clips are made. No room of the one split occurs in the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.lab.families import Family
from tests.lab.people import BEN, CHIKA, GITA, JIN, LENA
from tests.lab.scene import Scene, Visitor

Room = Mapping[str, Any]

TUNE_ROOMS: tuple[Room, ...] = (
    {"floor": "wood", "mat": (70, 110, 105), "wall": (205, 200, 190)},
    {"floor": "carpet", "mat": (150, 60, 70), "wall": (176, 190, 200), "camera_height_m": 0.45},
    {"floor": "tiles", "mat": (60, 80, 140), "wall": (222, 216, 204), "key_light": 0.55, "furniture": True},
    {"floor": "plain", "mat": (120, 118, 60), "wall": (150, 140, 132), "camera_height_m": 0.35, "crf": 30},
)

TEST_ROOMS: tuple[Room, ...] = (
    {"floor": "tiles", "mat": (90, 60, 110), "wall": (196, 204, 196), "camera_height_m": 0.25},
    {"floor": "wood", "mat": None, "wall": (216, 222, 214), "light_from": (0.9, -1.2, 2.0), "horizontal_fov_deg": 66.0},
    {"floor": "carpet", "mat": (58, 58, 66), "wall": (188, 178, 170), "camera_height_m": 0.60, "noise": 3.0},
    {"floor": "plain", "mat": (40, 120, 90), "wall": (232, 228, 220), "furniture": True, "roll_deg": 2.0},
    {"floor": "tiles", "mat": (170, 150, 120), "wall": (120, 130, 150), "mat_pattern": "stripes", "crf": 29},
    {"floor": "wood", "mat": (30, 34, 40), "wall": (170, 150, 130), "camera_height_m": 0.40, "exposure": 0.75},
    {"floor": "carpet", "mat": (180, 170, 160), "wall": (150, 120, 110), "horizontal_fov_deg": 50.0, "blur_px": 0.8},
    {"floor": "plain", "mat": (200, 90, 40), "wall": (205, 210, 222), "furniture": True, "motion_blur": 0.5},
)

VIEWS = ((0.0, "right"), (10.0, "left"), (-10.0, "right"), (20.0, "left"), (0.0, "left"), (-20.0, "right"),
         (40.0, "right"), (10.0, "left"))  # fmt: skip
"""Azimuth and the side where the head lies, one for each figure: both directions and all views occur."""

SIDE_VIEWS = ((0.0, "left"), (10.0, "right"), (-15.0, "left"), (0.0, "right"), (20.0, "right"), (-10.0, "left"),
              (5.0, "right"), (-20.0, "left"))  # fmt: skip
"""Views in which a back is judged."""

TUNE_VIEWS = ((0.0, "left"), (10.0, "right"), (-20.0, "left"), (0.0, "right"))

SPECIAL: Mapping[str, Room] = {
    "low-light": {"light": "low"},
    "back-light": {"light": "back"},
    "blurred": {"blur_px": 2.2, "motion_blur": 0.8},
    "compressed": {"crf": 38, "noise": 4.0},
    "rolled": {"roll_deg": 7.0},
    "high-camera": {"camera_height_m": 1.15},
    "small": {"body_share": 0.38},
    "leaving-frame": {"body_share": 1.12},
}
"""What a room can do to a picture, by name."""

HIDDEN = ("feet", "hips", "shoulders", "head")

VISITORS: Mapping[str, tuple[Visitor, ...]] = {
    "tune": (Visitor("stands", BEN, at="behind"), Visitor("walks", CHIKA, start_s=3.0, end_s=8.0, at="front")),
    "test": (
        Visitor("stands", JIN, at="feet"),
        Visitor("walks", LENA, start_s=3.0, end_s=8.0, at="front"),
        Visitor("walks", GITA, start_s=2.5, end_s=7.5, at="behind"),
        Visitor("bends", JIN, start_s=3.0, end_s=8.0, at="behind"),
    ),
}

HELPERS = (Visitor("touches", LENA, start_s=3.0, end_s=9.0, at="behind"),)
"""Somebody who lays the hands on, on the test split."""


def make_room(family: Family, **changes: Any) -> Scene:
    """The ordinary picture of a family; finer where the signal is finer (the gap under a lying back)."""
    height = family.height or family.width * 9 // 16 // 2 * 2
    plain = Scene(width=family.width, height=height, fps=family.fps, camera_height_m=0.28, body_share=family.share)
    return replace(plain, **changes)


def upright(scene: Scene) -> Scene:
    """The same scene filmed with a telephone held upright."""
    return replace(scene, width=scene.height, height=scene.width, horizontal_fov_deg=42.0, body_share=0.84)
