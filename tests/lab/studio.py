"""Studio: takes pictures of a skin in a scene.

The room never moves, so it is rendered once; each frame renders the body alone (half again as large as the picture
and shrunk, which is cheaper in software than multisampling), and puts it over the room with its shadow.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from tests.lab.body import RGB, Floats, RestBody
from tests.lab.ground import EXTENT_M, Picture, lay_ground
from tests.lab.kinematics import unit
from tests.lab.lens import Lens
from tests.lab.props import DOG_STARTS_S, Box, furnish, set_props, walk_dog
from tests.lab.scene import Camera, Scene
from tests.lab.shadow import watch_floor
from tests.lab.visitor import Guest
from tests.lab.wardrobe import Dressed, vertex_normals

BODY_OVERSAMPLING = 1.5
ROOM_OVERSAMPLING = 3
WALL_AWAY_M = 1.6
FILL_LIGHT = 0.30
"""Strength of the light at the camera, against 1 for full."""

WINDOW_M = (1.5, 1.1)
"""Width and height of the window behind the patient in back light."""

LIGHTS = {"normal": (1.0, 1.0), "low": (0.8, 0.9), "back": (0.25, 0.75)}
"""Factors of the key light and of the ambient light."""


Region = tuple[int, int, int, int]
"""Left, top, right and bottom of a part of the picture, pixels."""

REGION_MARGIN_M = 0.28
"""How far skin reaches beyond the joints: a hand, a belly, the crown of the head."""


def find_region(camera: Camera, joints_m: Floats) -> Region:
    """The part of the picture that skin round joints (N, 3) can reach, on multiples of 16 pixels."""
    pixels, depth = camera.project(joints_m)
    margin = REGION_MARGIN_M * camera.focal_px / (float(depth.min()) - REGION_MARGIN_M)
    low, high = pixels.min(axis=0) - margin, pixels.max(axis=0) + margin
    left, top = (max(int(v) // 16 * 16, 0) for v in low)
    right = min((int(high[0]) // 16 + 1) * 16, camera.width)
    bottom = min((int(high[1]) // 16 + 1) * 16, camera.height)
    return (
        (left, top, right, bottom) if left + 32 < right and top + 32 < bottom else (0, 0, camera.width, camera.height)
    )


class Studio:
    """One plotter and one mesh, reused from frame to frame (that is what makes it fast)."""

    def __init__(
        self,
        scene: Scene,
        camera: Camera,
        body: RestBody,
        dressed: Dressed,
        seed: int,
        joints: dict[str, Floats] | None = None,
        guest: Guest | None = None,
        region_px: Region | None = None,
        room: Floats | None = None,
    ) -> None:
        import pyvista

        self._pv: Any = pyvista
        self._scene, self._camera, self._faces, self._guest = scene, camera, body.faces, guest
        key, self._ambient = (a * b for a, b in zip((scene.key_light, scene.ambient), LIGHTS[scene.light], strict=True))
        self._key = key
        whole = (0, 0, scene.width, scene.height)
        static = region_px is None or guest or scene.dog_box or scene.seat_height_m is not None or scene.treadmill
        self._region: Region = whole if static or scene.hips_box or scene.parts_hidden else region_px or whole
        self._lens = Lens(scene, seed)
        self._light = -unit(np.array(scene.light_from) * np.array([camera.near_x, 1.0, 1.0]))
        self._shadow = watch_floor(camera, self._light, scene.shadow)
        ground = lay_ground(scene.floor, scene.mat, seed, scene.mat_pattern) if room is None else None
        self._room = self._picture_room(ground) if ground is not None else np.asarray(room)
        self.props = set_props(scene, camera, joints or {})
        self._mesh: Any = None
        self._plotter = self._stage_body(dressed)

    def shoot(self, vertices_m: Floats, t_s: float = 0.0, before_m: Floats | None = None) -> Picture:
        """Take a picture of a skin (N, 3), (height, width, 3) uint8 RGB.

        Args:
            vertices_m: The patient's skin.
            t_s: Time in the clip, for everything else that moves.
            before_m: The skin in the frame before, for motion blur.
        """
        visitor = self._place_guest(t_s)
        self._place_dog(t_s)
        solid = vertices_m if visitor is None else np.concatenate([vertices_m, visitor])
        picture: Any = self._shadow.darken(self._room, solid)
        if before_m is None or self._scene.motion_blur <= 0.0:
            self._lay_over(picture, self._picture_body(vertices_m))
        else:
            earlier = vertices_m + (before_m - vertices_m) * self._scene.motion_blur
            other = picture.copy()
            self._lay_over(picture, self._picture_body(vertices_m))
            self._lay_over(other, self._picture_body(earlier))
            picture = 0.5 * (picture + other)
        return self._lens.develop(picture)

    def hiding(self, t_s: float) -> list[Box]:
        """Boxes that can hide the patient at a time."""
        dog = walk_dog(self._scene, self._camera, t_s)
        return [box for box in self.props if box.hides] + ([dog] if dog else [])

    def _picture_body(self, vertices_m: Floats) -> Picture:
        """The patient with everything before and around them, oversampled, RGBA on black."""
        self._move(self._mesh, vertices_m, self._faces)
        self._plotter.render()
        return np.asarray(self._plotter.screenshot(return_img=True, transparent_background=True))

    def _move(self, mesh: Any, vertices_m: Floats, faces: Any) -> None:
        """Give a mesh its skin of this frame."""
        mesh.points[:] = vertices_m
        mesh.point_data["Normals"][:] = vertex_normals(vertices_m, faces)
        mesh.GetPoints().Modified()
        mesh.GetPointData().GetNormals().Modified()

    def _place_guest(self, t_s: float) -> Floats | None:
        """Move the visitor; return its skin, or None while it is away."""
        if self._guest is None:
            return None
        visitor = self._guest.skin_at(t_s)
        self._guest_actor.SetVisibility(visitor is not None)
        if visitor is not None:
            self._move(self._guest_mesh, visitor, self._guest.body.faces)
        return visitor

    def _place_dog(self, t_s: float) -> None:
        """Move the dog-sized box."""
        if self._scene.dog_box:
            box = walk_dog(self._scene, self._camera, t_s)
            self._dog_actor.SetVisibility(box is not None)
            if box is not None:
                self._dog_actor.SetPosition(0.0, float(box.low_m[1]), 0.0)

    def _lay_over(self, picture: Any, body: Picture) -> None:
        """Put the oversampled body (RGBA on black) over the picture, working only where the body is."""
        left, top, width, height = cv2.boundingRect(cv2.extractChannel(body, 3))
        # Blocks of 3 oversampled pixels are 2 pixels of the picture: the crop must start and end on them.
        rows = (top // 3, (top + height - 1) // 3 + 1)
        columns = (left // 3, (left + width - 1) // 3 + 1)
        crop = body[rows[0] * 3 : rows[1] * 3, columns[0] * 3 : columns[1] * 3]
        size = ((columns[1] - columns[0]) * 2, (rows[1] - rows[0]) * 2)
        if 0 in size:
            return
        layer: Any = cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
        clear = (255 - layer[..., 3:]) * np.float32(1.0 / 255.0)
        x, y = columns[0] * 2 + self._region[0], rows[0] * 2 + self._region[1]
        area = picture[y : y + size[1], x : x + size[0]]
        area *= clear
        area += layer[..., :3]

    def close(self) -> None:
        """Free the plotter."""
        self._plotter.close()

    def _shrink(self, picture: Picture) -> Floats:
        """Scale an oversampled picture to the size of the scene."""
        size = (self._scene.width, self._scene.height)
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32))

    def _open(self, oversampling: float, region: Region) -> Any:
        """Open a plotter for a part of the picture, with lights but nothing in it."""
        size = [round((region[2] - region[0]) * oversampling), round((region[3] - region[1]) * oversampling)]
        plotter = self._pv.Plotter(off_screen=True, window_size=size, lighting="none")
        plotter.disable_anti_aliasing()
        plotter.set_background("black")
        key = self._pv.Light(position=tuple(-self._light * 6.0), focal_point=(0, 0, 0))
        key.intensity = self._key
        for light in (key, self._pv.Light(light_type="headlight", intensity=FILL_LIGHT)):
            plotter.add_light(light)
        return plotter

    def _aim(self, plotter: Any, region: Region) -> None:
        """Point a plotter's camera at a part of the picture, once everything is in place."""
        view, camera = plotter.camera, self._camera
        view.position, view.focal_point, view.up = (
            tuple(camera.position_m),
            tuple(camera.target_m),
            tuple(camera.axes()[2]),
        )
        half = np.array([region[2] - region[0], region[3] - region[1]]) / 2.0
        view.view_angle = float(2.0 * np.degrees(np.arctan(half[1] / camera.focal_px)))
        view.SetWindowCenter(
            float((region[0] + half[0] - camera.width / 2.0) / half[0]),
            float((camera.height / 2.0 - region[1] - half[1]) / half[1]),
        )
        view.clipping_range = (0.1, 30.0)
        plotter.show(auto_close=False, interactive=False)

    def _stage_body(self, dressed: Dressed) -> Any:
        """Put the body before the camera."""
        plotter = self._open(BODY_OVERSAMPLING, self._region)
        self._mesh, _ = self._add_person(plotter, dressed, self._faces)
        for box in self.props:
            self._add_box(plotter, box)
        if self._guest is not None:
            self._guest_mesh, self._guest_actor = self._add_person(plotter, self._guest.dressed, self._guest.body.faces)
        if self._scene.dog_box:
            dog = walk_dog(self._scene, self._camera, DOG_STARTS_S)
            assert dog is not None
            way = np.array([0.0, dog.low_m[1], 0.0])
            self._dog_actor = self._add_box(plotter, replace(dog, low_m=dog.low_m - way, high_m=dog.high_m - way))
        self._aim(plotter, self._region)
        return plotter

    def _add_box(self, plotter: Any, box: Box) -> Any:
        """Put a box before the camera."""
        low, high = box.low_m, box.high_m
        mesh = self._pv.Box((low[0], high[0], low[1], high[1], low[2], high[2]))
        return plotter.add_mesh(mesh, color=_tint(box.colour), ambient=self._ambient, diffuse=0.7)

    def _add_person(self, plotter: Any, dressed: Dressed, faces: Any) -> tuple[Any, Any]:
        """Put a dressed body before the camera: its mesh and its actor."""
        pv = self._pv
        mesh = pv.PolyData.from_regular_faces(dressed.vertices_m.copy(), faces)
        mesh.active_texture_coordinates = dressed.zones
        mesh.point_data["Normals"] = vertex_normals(dressed.vertices_m, faces)
        mesh.GetPointData().SetActiveNormals("Normals")
        cloth = pv.Texture(dressed.palette)
        cloth.interpolate = cloth.repeat = False
        actor = plotter.add_mesh(
            mesh, texture=cloth, ambient=self._ambient, diffuse=0.8, specular=0.06, specular_power=12
        )
        actor.prop.interpolation = "Phong"
        return mesh, actor

    def _picture_room(self, ground: Picture) -> Floats:
        """Render floor, mat, wall and skirting once, (height, width, 3) float RGB 0-255."""
        whole = (0, 0, self._scene.width, self._scene.height)
        pv, plotter, ambient = self._pv, self._open(ROOM_OVERSAMPLING, whole), self._ambient
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
        if self._scene.light == "back":
            window = pv.Plane(
                center=(wall_x * 0.98, middle, 1.25), direction=(1, 0, 0), i_size=WINDOW_M[1], j_size=WINDOW_M[0]
            )
            plotter.add_mesh(window, color="white", ambient=1.0, diffuse=0.0)
        for box in furnish(self._camera.near_x, middle) if self._scene.furniture else []:
            self._add_box(plotter, box)
        self._aim(plotter, whole)
        room = self._shrink(np.asarray(plotter.screenshot(return_img=True))[..., :3])
        plotter.close()
        return room


def _tone(ground: Picture) -> RGB:
    """Mean colour along the edge of the floor."""
    edge = ground[:, :20].reshape(-1, 3).mean(axis=0)
    return (int(edge[0]), int(edge[1]), int(edge[2]))


def _tint(colour: RGB) -> tuple[float, float, float]:
    """Colour from 0-255 to 0-1."""
    return (colour[0] / 255.0, colour[1] / 255.0, colour[2] / 255.0)
