"""Scene: what the room, the light and the camera are like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.lab.body import RGB, Figure, Floats
from tests.lab.kinematics import unit


@dataclass(frozen=True, slots=True)
class Visitor:
    """A second person, who stands beside, walks through, bends over the patient or touches.

    Attributes: ``kind`` "stands", "walks", "bends" or "touches" (bends and lays both hands on); ``figure`` who it is;
    ``start_s`` and ``end_s`` when it is in the picture; ``at`` "head" or "feet" (beside that end of the patient),
    "behind" or "front" (seen from the camera).
    """

    kind: str
    figure: Figure
    start_s: float = 0.0
    end_s: float = 1e9
    at: str = "behind"


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything about the room; lengths in metres, angles in degrees.

    ``head_at`` is the side of the picture where the head lies. ``azimuth_deg`` turns the camera off side-on, towards
    the feet when positive, ``roll_deg`` turns the picture clockwise. ``body_share`` is the share of the picture's width
    that the furthest reach fills; above 1 limbs leave the picture.

    ``exposure`` is a gain, ``blur_px`` the sigma of a Gaussian, ``motion_blur`` the share of the time between two
    frames during which the shutter is open, ``crf`` the constant rate factor of H.264. ``light`` is "normal", "low"
    (dark, with noise) or "back" (a bright window behind); ``mat_pattern`` "plain" or "stripes". ``seat_height_m``
    puts a chair with its seat top at that height under the origin; ``treadmill`` a deck and a rail. ``parts_hidden``
    puts boxes before "feet", "hips", "shoulders" or "head". ``dog_box`` crosses before the patient during the clip.
    """

    width: int = 960
    height: int = 540
    fps: int = 20
    head_at: str = "right"
    azimuth_deg: float = 0.0
    camera_height_m: float = 0.30
    horizontal_fov_deg: float = 58.0
    body_share: float = 0.66
    floor: str = "wood"
    mat: RGB | None = (70, 110, 105)
    wall: RGB = (205, 200, 190)
    key_light: float = 0.75
    ambient: float = 0.32
    light_from: tuple[float, float, float] = (0.9, 0.5, 2.4)
    shadow: float = 0.45
    noise: float = 1.5
    hips_box: bool = False
    roll_deg: float = 0.0
    exposure: float = 1.0
    blur_px: float = 0.0
    motion_blur: float = 0.0
    crf: int = 23
    light: str = "normal"
    mat_pattern: str = "plain"
    seat_height_m: float | None = None
    treadmill: bool = False
    furniture: bool = False
    visitor: Visitor | None = None
    dog_box: bool = False
    parts_hidden: tuple[str, ...] = ()

    def deliver(self, pictures: Iterator[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
        """What of the pictures taken comes out of the camera: each one in its time."""
        return pictures


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera: place and target in metres, vertical view angle in degrees, picture size in pixels."""

    position_m: Floats
    target_m: Floats
    vertical_fov_deg: float
    width: int
    height: int
    roll_deg: float = 0.0

    @property
    def near_x(self) -> float:
        """Sign of the X side on which the camera stands."""
        return float(np.sign(self.position_m[0]))

    def axes(self) -> tuple[Floats, Floats, Floats]:
        """Unit vectors ahead, to the right and up, (3,) each."""
        ahead = unit(self.target_m - self.position_m)
        right = unit(np.cross(ahead, np.array([0.0, 0.0, 1.0])))
        up = np.cross(right, ahead)
        c, s = np.cos(np.radians(self.roll_deg)), np.sin(np.radians(self.roll_deg))
        return ahead, c * right + s * up, c * up - s * right

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return float(self.height / 2.0 / np.tan(np.radians(self.vertical_fov_deg) / 2.0))

    def project(self, points_m: Floats) -> tuple[Floats, Floats]:
        """Project points (N, 3) to pixels (N, 2) and to depth along the view (N,) in metres."""
        ahead, right, up = self.axes()
        offset = points_m - self.position_m
        depth = offset @ ahead
        x_px = self.width / 2.0 + self.focal_px * (offset @ right) / depth
        y_px = self.height / 2.0 - self.focal_px * (offset @ up) / depth
        return np.stack([x_px, y_px], axis=1), depth

    def floor_under(self, x_px: Floats, y_px: Floats) -> tuple[Floats, Floats]:
        """Where the rays of pixels meet the floor z = 0: X and Y in metres, NaN above the horizon."""
        ahead, right, up = self.axes()
        across = (x_px - self.width / 2.0) / self.focal_px
        along = (self.height / 2.0 - y_px) / self.focal_px
        fall = ahead[2] + across * right[2] + along * up[2]
        reach = np.where(fall < -1e-4, -self.position_m[2] / np.where(fall < -1e-4, fall, -1.0), np.nan)
        x_m, y_m = (self.position_m[i] + reach * (ahead[i] + across * right[i] + along * up[i]) for i in (0, 1))
        return x_m, y_m


@dataclass(frozen=True, slots=True)
class Framing:
    """What has to be in the picture, in metres.

    Middle and length of the movement along Y, height of its middle, and the sign of Y to which the head points.
    """

    centre_y_m: float
    span_m: float
    look_height_m: float
    head_y: float


def aim_camera(scene: Scene, framing: Framing) -> Camera:
    """Place the camera so that a movement fills its share of the picture."""
    half = np.tan(np.radians(scene.horizontal_fov_deg) / 2.0)
    distance = framing.span_m / scene.body_share / 2.0 / half
    side = 1.0 if (scene.head_at == "right") == (framing.head_y > 0) else -1.0
    angle = np.radians(scene.azimuth_deg)
    offset = np.array([side * np.cos(angle), -framing.head_y * np.sin(angle), 0.0]) * distance
    target = np.array([0.0, framing.centre_y_m, framing.look_height_m])
    position = np.array([0.0, framing.centre_y_m, scene.camera_height_m]) + offset
    vertical = 2.0 * np.degrees(np.arctan(half * scene.height / scene.width))
    return Camera(position, target, float(vertical), scene.width, scene.height, scene.roll_deg)
