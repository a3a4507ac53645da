"""Sight: what of the patient the camera can see: the contour of the back, hidden joints, boxes round people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import STATIONS
from tests.lab.body import Floats, Ints, RestBody
from tests.lab.kinematics import Posed, skin
from tests.lab.props import Box
from tests.lab.scene import Camera

Flags = NDArray[np.bool_]

HIDDEN_BEYOND_M = 0.03
"""A joint counts as hidden when something lies this much nearer to the camera than the joint's own surface."""

FACE_DEPTH_M = 0.07
"""The same for nose and ears, which stand beside round cheeks."""

RAY_RADIUS_M = 0.025
"""Half the distance between neighbouring vertices of the skin, about."""

OWN_BONES = {
    "nose": (), "ear": (), "shoulder": ("clavicle", "shoulder01", "upperarm01"),
    "elbow": ("upperarm01", "upperarm02", "lowerarm01"), "wrist": ("lowerarm01", "lowerarm02", "wrist"),
    "hip": ("pelvis", "upperleg01"), "knee": ("upperleg01", "upperleg02", "lowerleg01"),
    "ankle": ("lowerleg01", "lowerleg02", "foot"), "heel": ("lowerleg02", "foot"), "foot_index": ("foot",),
}  # fmt: skip
"""Bones whose skin lies round a joint and doesn't hide it."""


@dataclass(frozen=True, slots=True)
class BackLine:
    """The dorsal skin of a trunk: rest vertices (K, 3), weights (K, B) and edges (E, 2)."""

    vertices_m: Floats
    weights: Floats
    edges: Ints

    def measure(self, posed: Posed, camera: Camera, hip_m: Floats, shoulder_m: Floats) -> tuple[Floats, Floats]:
        """The back's outermost contour in the picture at the product's stations.

        Args:
            posed: The pose.
            camera: The camera.
            hip_m: Middle of the hip joints, (3,).
            shoulder_m: Middle of the shoulder joints, (3,).

        Returns:
            The contour in pixels (17, 2), and its offsets from the hip-shoulder line in torso lengths, positive
            towards the back, (17,). NaN where the trunk isn't cut.
        """
        points = skin(posed, self.vertices_m, self.weights)
        points[:, 2] = np.maximum(points[:, 2], 0.0)
        flat, _ = camera.project(points)
        rear = posed.rotations[posed.body.bone("spine02")] @ np.array([0.0, 0.05, 0.0])
        middle = (hip_m + shoulder_m) / 2.0
        ends, _ = camera.project(np.stack([hip_m, shoulder_m, middle, middle + rear]))
        torso = float(np.linalg.norm(ends[1] - ends[0]))
        along = (ends[1] - ends[0]) / torso
        out = np.array([along[1], -along[0]])
        out *= np.sign(out @ (ends[3] - ends[2])) or 1.0
        share, offset = (flat - ends[0]) @ along / torso, (flat - ends[0]) @ out / torso
        found = np.array([outermost(share, offset, self.edges, at) for at in STATIONS])
        contour = ends[0] + (np.array(STATIONS)[:, None] * along + found[:, None] * out) * torso
        return contour, found


def find_back_line(body: RestBody, vertices_m: Floats) -> BackLine:
    """The dorsal skin of a body, naked (``body.vertices_m``) or dressed."""
    y = body.vertices_m[:, 1]
    hip_y = float(body.heads_m[body.bone("upperleg01.L"), 1])
    behind = (y > hip_y) & body.carried_by("upperleg01", "clavicle", "shoulder01")
    mask = body.carried_by("root", "pelvis", "spine") | behind
    inside = mask[body.faces].all(axis=1)
    faces = (np.cumsum(mask) - 1)[body.faces[inside]]
    edges = np.unique(np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1), axis=0)
    return BackLine(vertices_m[mask], body.weights[mask], edges)


def outermost(share: Floats, offset: Floats, edges: Ints, at: float) -> float:
    """Greatest offset where edges cross a share of the torso; NaN where none does."""
    first, second = share[edges[:, 0]] - at, share[edges[:, 1]] - at
    cut = np.flatnonzero(first * second <= 0.0)
    if not len(cut):
        return float("nan")
    a, b = first[cut], second[cut]
    where = a / np.where(a == b, 1.0, a - b)
    start, end = offset[edges[cut, 0]], offset[edges[cut, 1]]
    return float((start + where * (end - start)).max())


def frame_box(camera: Camera, vertices_m: Floats | None) -> Floats:
    """Left, top, right and bottom of a skin in the picture, pixels (4,), clipped; NaN when outside or away."""
    if vertices_m is None:
        return np.full(4, np.nan)
    pixels, depth = camera.project(vertices_m)
    pixels = pixels[depth > 0.1]
    if not len(pixels):
        return np.full(4, np.nan)
    low = np.maximum(pixels.min(axis=0), 0.0)
    high = np.minimum(pixels.max(axis=0), [camera.width, camera.height])
    return np.concatenate([low, high]) if (low < high).all() else np.full(4, np.nan)


def find_hidden(
    posed: Posed, camera: Camera, joints: dict[str, Floats], cloth_m: Floats, boxes: list[Box], visitor_m: Floats | None
) -> Flags:
    """Whether each joint is out of the camera's sight, (joints,).

    A joint is hidden outside the picture, behind a box or a visitor, or behind another part of the body that lies
    more than ``HIDDEN_BEYOND_M`` before the joint's own skin.
    """
    places = np.stack(list(joints.values()))
    pixels, depth = camera.project(places)
    size = np.array([camera.width, camera.height])
    hidden = ((pixels < 0.0) | (pixels >= size)).any(axis=1)
    for box in boxes:
        hidden |= box.covers(camera.position_m, places).astype(bool)
    skin_px, skin_depth = camera.project(cloth_m)
    others = camera.project(visitor_m) if visitor_m is not None else None
    for index, name in enumerate(joints):
        radius = RAY_RADIUS_M * camera.focal_px / depth[index]
        own = _near_bones(posed.body, name)
        before = _front_depth(skin_px, skin_depth, pixels[index], radius, ~own)
        surface = min(_front_depth(skin_px, skin_depth, pixels[index], radius, own), depth[index])
        hidden[index] |= before < surface - (HIDDEN_BEYOND_M if own.any() else FACE_DEPTH_M)
        if others is not None:
            everybody = np.ones(len(others[1]), bool)
            hidden[index] |= _front_depth(*others, pixels[index], radius, everybody) < surface
    return np.asarray(hidden)


def _near_bones(body: RestBody, joint: str) -> Flags:
    """Vertices that belong to a joint's own surroundings."""
    name = joint.removesuffix("_left").removesuffix("_right")
    letter = "L" if joint.endswith("_left") else "R"
    own = {f"{bone}.{letter}" for bone in OWN_BONES[name]}
    wanted = [i for i, bone in enumerate(body.names) if bone in own]
    return np.asarray(np.isin(body.dominant, wanted))


def _front_depth(pixels: Floats, depth: Floats, at_px: Floats, radius_px: float, among: Flags) -> float:
    """Smallest depth of marked points near a pixel, metres; infinite when there are none."""
    near = among & (np.abs(pixels[:, 0] - at_px[0]) < radius_px) & (np.abs(pixels[:, 1] - at_px[1]) < radius_px)
    return float(depth[near].min()) if near.any() else float("inf")
