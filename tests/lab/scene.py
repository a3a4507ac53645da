"""Scene: the room, the camera and the light, and the renderer that takes pictures of a skin in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.lab.body import RGB, Floats, RestBody
from tests.lab.ground import EXTENT_M, MAT_THICKNESS_M, Ground, Picture, lay_ground
from tests.lab.kinematics import unit
from tests.lab.wardrobe import Dressed, vertex_normals


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything about the room; lengths in metres, angles in degrees.

    ``head_at`` is the side of the picture where the head lies. ``azimuth_deg`` turns the camera off side-on, towards
    the feet when positive. ``body_share`` is the share of the picture's width that 1.75 m at the patient fill.
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


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera: place and target in metres, vertical view angle in degrees, picture size in pixels."""

    position_m: Floats
    target_m: Floats
    vertical_fov_deg: float
    width: int
    height: int

    def project(self, points_m: Floats) -> tuple[Floats, Floats]:
        """Project points (N, 3) to pixels (N, 2) and to depth along the view (N,) in metres."""
        ahead = unit(self.target_m - self.position_m)
        right = unit(np.cross(ahead, np.array([0.0, 0.0, 1.0])))
        up = np.cross(right, ahead)
        offset = points_m - self.position_m
        depth = offset @ ahead
        focal_px = self.height / 2.0 / np.tan(np.radians(self.vertical_fov_deg) / 2.0)
        x_px = self.width / 2.0 + focal_px * (offset @ right) / depth
        y_px = self.height / 2.0 - focal_px * (offset @ up) / depth
        return np.stack([x_px, y_px], axis=1), depth


def aim_camera(scene: Scene, centre_y_m: float, head_y: float, look_height_m: float) -> Camera:
    """Place the camera for a patient whose middle is at ``centre_y_m`` and whose head points to ``head_y`` * Y."""
    half = np.tan(np.radians(scene.horizontal_fov_deg) / 2.0)
    distance = 1.75 / scene.body_share / 2.0 / half
    side = 1.0 if (scene.head_at == "right") == (head_y > 0) else -1.0
    angle = np.radians(scene.azimuth_deg)
    offset = np.array([side * np.cos(angle), -head_y * np.sin(angle), 0.0]) * distance
    target = np.array([0.0, centre_y_m, look_height_m])
    position = np.array([0.0, centre_y_m, scene.camera_height_m]) + offset
    vertical = 2.0 * np.degrees(np.arctan(half * scene.height / scene.width))
    return Camera(position, target, float(vertical), scene.width, scene.height)


class Studio:
    """Takes pictures: one plotter and one mesh, reused from frame to frame (that is what makes it fast)."""

    def __init__(self, scene: Scene, camera: Camera, body: RestBody, dressed: Dressed, seed: int) -> None:
        import pyvista

        self._pv: Any = pyvista
        self._scene, self._faces = scene, body.faces
        self._rng = np.random.default_rng(seed)
        self._plotter: Any = pyvista.Plotter(off_screen=True, window_size=[scene.width, scene.height], lighting="none")
        self._mesh: Any = pyvista.PolyData.from_regular_faces(dressed.vertices_m.copy(), body.faces)
        self._mesh.active_texture_coordinates = dressed.zones
        self._mesh.point_data["Normals"] = vertex_normals(dressed.vertices_m, body.faces)
        self._mesh.GetPointData().SetActiveNormals("Normals")
        cloth = pyvista.Texture(dressed.palette)
        cloth.interpolate = False
        cloth.repeat = False
        actor = self._plotter.add_mesh(
            self._mesh, texture=cloth, ambient=scene.ambient, diffuse=0.8, specular=0.06, specular_power=12
        )
        actor.prop.interpolation = "Phong"
        self._light = -unit(np.array(scene.light_from) * np.array([np.sign(camera.position_m[0]), 1.0, 1.0]))
        self._ground: Ground = lay_ground(scene.floor, scene.mat, (0.0, float(camera.target_m[1])), seed)
        self._floor_image: Any = self._build_room(camera)
        self._set_lights()
        self._point(camera)

    def shoot(self, vertices_m: Floats) -> Picture:
        """Take a picture of a skin, (height, width, 3) uint8 RGB."""
        self._mesh.points[:] = vertices_m
        self._mesh.point_data["Normals"][:] = vertex_normals(vertices_m, self._faces)
        self._mesh.GetPoints().Modified()
        self._mesh.GetPointData().GetNormals().Modified()
        shaded = self._ground.shaded(vertices_m, self._light, self._scene.shadow)
        self._floor_image.point_data["rgb"][:] = shaded.reshape(-1, 3)
        self._floor_image.Modified()
        self._plotter.render()
        picture: Picture = np.asarray(self._plotter.screenshot(return_img=True))[..., :3]
        if self._scene.noise <= 0.0:
            return picture
        grain = self._rng.normal(0.0, self._scene.noise, picture.shape[:2]).astype(np.float32)[..., None]
        return np.clip(picture + grain, 0, 255).astype(np.uint8)

    def close(self) -> None:
        """Free the plotter."""
        self._plotter.close()

    def _build_room(self, camera: Camera) -> Any:
        """Add floor, mat edge, wall and what hides the hips; return the floor's picture, which shadows change."""
        pv, ambient = self._pv, self._scene.ambient
        rows, columns = self._ground.texture.shape[:2]
        image = pv.ImageData(dimensions=(columns, rows, 1))
        image.point_data["rgb"] = self._ground.texture.reshape(-1, 3).copy()
        texture = pv.Texture(self._ground.texture)
        texture.SetInputDataObject(image)
        texture.interpolate = True
        centre = (0.0, self._ground.centre_m[1], 0.0)
        plane = pv.Plane(center=centre, i_size=EXTENT_M[0], j_size=EXTENT_M[1])
        self._plotter.add_mesh(plane, texture=texture, ambient=ambient + 0.15, diffuse=0.6)
        side = -np.sign(camera.position_m[0])
        wall = pv.Plane(center=(side * 1.6, centre[1], 1.5), direction=(1, 0, 0), i_size=3.0, j_size=12.0)
        self._plotter.add_mesh(wall, color=self._tint(self._scene.wall), ambient=0.65, diffuse=0.3)
        skirting = pv.Box((side * 1.6 - 0.015, side * 1.6 + 0.015, centre[1] - 6, centre[1] + 6, 0.0, 0.09))
        self._plotter.add_mesh(skirting, color=(0.9, 0.9, 0.88), ambient=0.5, diffuse=0.4)
        far = pv.Plane(center=(0, centre[1], -MAT_THICKNESS_M), i_size=12.0, j_size=14.0)
        self._plotter.add_mesh(far, color=(0.58, 0.48, 0.36), ambient=0.4, diffuse=0.5)
        if self._scene.hips_box:
            near = np.sign(camera.position_m[0])
            box = pv.Cube(center=(near * 0.55, centre[1], 0.22), x_length=0.3, y_length=0.5, z_length=0.44)
            self._plotter.add_mesh(box, color=(0.55, 0.42, 0.28), ambient=ambient)
        return image

    def _set_lights(self) -> None:
        """A key light above the camera's side, a weak one from the camera."""
        pv = self._pv
        key = pv.Light(position=tuple(-self._light * 6.0), focal_point=(0, 0, 0), intensity=self._scene.key_light)
        fill = pv.Light(light_type="headlight", intensity=0.30)
        for light in (key, fill):
            self._plotter.add_light(light)

    def _point(self, camera: Camera) -> None:
        """Aim the plotter's camera."""
        view = self._plotter.camera
        view.position, view.focal_point, view.up = tuple(camera.position_m), tuple(camera.target_m), (0, 0, 1)
        view.view_angle = camera.vertical_fov_deg
        view.clipping_range = (0.1, 30.0)
        self._plotter.enable_anti_aliasing("msaa", multi_samples=4)
        self._plotter.show(auto_close=False, interactive=False)

    @staticmethod
    def _tint(colour: RGB) -> tuple[float, float, float]:
        """Colour from 0-255 to 0-1."""
        return (colour[0] / 255.0, colour[1] / 255.0, colour[2] / 255.0)
