"""Studio: takes pictures of a skin in a scene.

The room never moves, so it is rendered once; each frame renders the body alone (half again as large as the picture
and shrunk, which is cheaper in software than multisampling), and puts it over the room with its shadow.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from tests.lab.body import RGB, Floats, RestBody
from tests.lab.ground import EXTENT_M, Picture, lay_ground
from tests.lab.kinematics import unit
from tests.lab.scene import Camera, Scene
from tests.lab.shadow import watch_floor
from tests.lab.wardrobe import Dressed, vertex_normals

BODY_OVERSAMPLING = 1.5
ROOM_OVERSAMPLING = 3
WALL_AWAY_M = 1.6
FILL_LIGHT = 0.30
"""Strength of the light at the camera, against 1 for full."""

GRAIN_MARGIN = 64
"""Pixels by which the field of noise is larger than the picture."""


class Studio:
    """One plotter and one mesh, reused from frame to frame (that is what makes it fast)."""

    def __init__(self, scene: Scene, camera: Camera, body: RestBody, dressed: Dressed, seed: int) -> None:
        import pyvista

        self._pv: Any = pyvista
        self._scene, self._camera, self._faces = scene, camera, body.faces
        self._rng = np.random.default_rng(seed)
        self._light = -unit(np.array(scene.light_from) * np.array([camera.near_x, 1.0, 1.0]))
        field = (scene.height + GRAIN_MARGIN, scene.width + GRAIN_MARGIN)
        self._grain = self._rng.standard_normal(field, dtype=np.float32) * scene.noise
        self._shadow = watch_floor(camera, self._light, scene.shadow)
        self._room = self._picture_room(lay_ground(scene.floor, scene.mat, seed))
        self._front = self._picture_front()
        self._mesh: Any = None
        self._plotter = self._stage_body(dressed)

    def shoot(self, vertices_m: Floats) -> Picture:
        """Take a picture of a skin (N, 3), (height, width, 3) uint8 RGB."""
        self._mesh.points[:] = vertices_m
        self._mesh.point_data["Normals"][:] = vertex_normals(vertices_m, self._faces)
        self._mesh.GetPoints().Modified()
        self._mesh.GetPointData().GetNormals().Modified()
        self._plotter.render()
        body = np.asarray(self._plotter.screenshot(return_img=True, transparent_background=True))
        picture: Any = self._shadow.darken(self._room, vertices_m)
        self._lay_over(picture, body)
        if self._front is not None:
            picture = picture * (1.0 - self._front[..., 3:] / 255.0) + self._front[..., :3]
        return np.asarray(cv2.convertScaleAbs(picture + self._draw_grain()))

    def _lay_over(self, picture: Any, body: Picture) -> None:
        """Put the oversampled body (RGBA on black) over the picture, working only where the body is."""
        left, top, width, height = cv2.boundingRect(cv2.extractChannel(body, 3))
        # Blocks of 3 oversampled pixels are 2 pixels of the picture: the crop must start and end on them.
        rows = (top // 3, (top + height - 1) // 3 + 1)
        columns = (left // 3, (left + width - 1) // 3 + 1)
        crop = body[rows[0] * 3 : rows[1] * 3, columns[0] * 3 : columns[1] * 3]
        size = ((columns[1] - columns[0]) * 2, (rows[1] - rows[0]) * 2)
        layer: Any = cv2.resize(crop, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        area = picture[rows[0] * 2 : rows[1] * 2, columns[0] * 2 : columns[1] * 2]
        area *= 1.0 - layer[..., 3:] / 255.0
        area += layer[..., :3]

    def _draw_grain(self) -> Any:
        """Sensor noise of one frame: a big still field seen through a window that jumps, (height, width, 1)."""
        down, right = self._rng.integers(0, GRAIN_MARGIN, 2)
        window: Any = self._grain[down : down + self._scene.height, right : right + self._scene.width, None]
        return window

    def close(self) -> None:
        """Free the plotter."""
        self._plotter.close()

    def _shrink(self, picture: Picture) -> Floats:
        """Scale an oversampled picture to the size of the scene."""
        size = (self._scene.width, self._scene.height)
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32))

    def _open(self, oversampling: float) -> Any:
        """Open a plotter with camera and lights but nothing in it."""
        size = [round(self._scene.width * oversampling), round(self._scene.height * oversampling)]
        plotter = self._pv.Plotter(off_screen=True, window_size=size, lighting="none")
        plotter.disable_anti_aliasing()
        plotter.set_background("black")
        key = self._pv.Light(position=tuple(-self._light * 6.0), focal_point=(0, 0, 0))
        key.intensity = self._scene.key_light
        for light in (key, self._pv.Light(light_type="headlight", intensity=FILL_LIGHT)):
            plotter.add_light(light)
        return plotter

    def _aim(self, plotter: Any) -> None:
        """Point a plotter's camera, once everything is in place."""
        view, camera = plotter.camera, self._camera
        view.position, view.focal_point, view.up = tuple(camera.position_m), tuple(camera.target_m), (0, 0, 1)
        view.view_angle = camera.vertical_fov_deg
        view.clipping_range = (0.1, 30.0)
        plotter.show(auto_close=False, interactive=False)

    def _stage_body(self, dressed: Dressed) -> Any:
        """Put the body before the camera."""
        pv, plotter = self._pv, self._open(BODY_OVERSAMPLING)
        self._mesh = pv.PolyData.from_regular_faces(dressed.vertices_m.copy(), self._faces)
        self._mesh.active_texture_coordinates = dressed.zones
        self._mesh.point_data["Normals"] = vertex_normals(dressed.vertices_m, self._faces)
        self._mesh.GetPointData().SetActiveNormals("Normals")
        cloth = pv.Texture(dressed.palette)
        cloth.interpolate = cloth.repeat = False
        actor = plotter.add_mesh(
            self._mesh, texture=cloth, ambient=self._scene.ambient, diffuse=0.8, specular=0.06, specular_power=12
        )
        actor.prop.interpolation = "Phong"
        self._aim(plotter)
        return plotter

    def _picture_room(self, ground: Picture) -> Floats:
        """Render floor, mat, wall and skirting once, (height, width, 3) float RGB 0-255."""
        pv, plotter, ambient = self._pv, self._open(ROOM_OVERSAMPLING), self._scene.ambient
        middle = float(self._camera.target_m[1])
        texture = pv.Texture(np.ascontiguousarray(ground[::-1]))
        texture.interpolate = True
        plane = pv.Plane(center=(0.0, middle, 0.0), i_size=EXTENT_M[0], j_size=EXTENT_M[1])
        plotter.add_mesh(plane, texture=texture, ambient=ambient + 0.15, diffuse=0.6)
        wall_x = -self._camera.near_x * WALL_AWAY_M
        wall = pv.Plane(center=(wall_x, middle, 1.5), direction=(1, 0, 0), i_size=3.0, j_size=16.0)
        plotter.add_mesh(wall, color=_tint(self._scene.wall), ambient=0.6, diffuse=0.3)
        skirting = pv.Box((wall_x - 0.015, wall_x + 0.015, middle - 8, middle + 8, 0.0, 0.09))
        plotter.add_mesh(skirting, color=(0.9, 0.9, 0.88), ambient=0.5, diffuse=0.4)
        far = pv.Plane(center=(0, middle, -0.01), i_size=12.0, j_size=16.0)
        plotter.add_mesh(far, color=_tint(_tone(ground)), ambient=ambient + 0.15, diffuse=0.6)
        self._aim(plotter)
        room = self._shrink(np.asarray(plotter.screenshot(return_img=True))[..., :3])
        plotter.close()
        return room

    def _picture_front(self) -> Floats | None:
        """Render what stands between camera and patient (a box that hides the hips), RGBA; None when nothing does."""
        if not self._scene.hips_box:
            return None
        plotter, middle = self._open(ROOM_OVERSAMPLING), float(self._camera.target_m[1])
        place = (self._camera.near_x * 0.55, middle, 0.22)
        box = self._pv.Cube(center=place, x_length=0.3, y_length=0.5, z_length=0.44)
        plotter.add_mesh(box, color=(0.55, 0.42, 0.28), ambient=self._scene.ambient)
        self._aim(plotter)
        front = self._shrink(np.asarray(plotter.screenshot(return_img=True, transparent_background=True)))
        plotter.close()
        return front


def _tone(ground: Picture) -> RGB:
    """Mean colour along the edge of the floor."""
    edge = ground[:, :20].reshape(-1, 3).mean(axis=0)
    return (int(edge[0]), int(edge[1]), int(edge[2]))


def _tint(colour: RGB) -> tuple[float, float, float]:
    """Colour from 0-255 to 0-1."""
    return (colour[0] / 255.0, colour[1] / 255.0, colour[2] / 255.0)
