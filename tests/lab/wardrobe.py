"""Wardrobe: clothes, hair and face as colours and a little thickness on the rest mesh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.lab.body import RGB, Floats, RestBody

Mask = NDArray[np.bool_]

TOP_THICKNESS_M = 0.006
TROUSER_THICKNESS_M = 0.005
LIP_COLOUR: RGB = (165, 85, 80)
EYE_WHITE: RGB = (235, 232, 228)
IRIS: RGB = (55, 40, 30)


@dataclass(frozen=True, slots=True)
class Dressed:
    """Rest vertices with clothes on, (N, 3) metres, and a colour per face, (F, 3) uint8."""

    vertices_m: Floats
    colours: NDArray[np.uint8]


def dress(body: RestBody) -> Dressed:
    """Dress a body in close-fitting clothes."""
    look, unit = body.figure.look, body.figure.height_m / 1.65
    layers = _layers(body, unit)
    colours = np.tile(np.array(look.skin, dtype=np.uint8), (len(body.vertices_m), 1))
    thickness = np.zeros(len(body.vertices_m))
    paint: list[tuple[Mask, RGB, float]] = [
        (layers["lips"], LIP_COLOUR, 0.0),
        (layers["brows"], look.hair, 0.0),
        (layers["hair"], look.hair, look.hair_thickness_m),
        (layers["trousers"], look.trousers, TROUSER_THICKNESS_M),
        (layers["top"], look.top, TOP_THICKNESS_M),
        (body.is_eye, EYE_WHITE, 0.0),
        (layers["iris"], IRIS, 0.0),
    ]
    if look.socks is not None:
        paint.append((layers["socks"], look.socks, 0.003))
    for mask, colour, depth in paint:
        colours[mask] = colour
        thickness[mask] = depth
    vertices = body.vertices_m + vertex_normals(body.vertices_m, body.faces) * thickness[:, None]
    return Dressed(vertices, _face_colours(body, colours))


def _face_colours(body: RestBody, colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Colour of each face: that of the majority of its corners."""
    corners = colours[body.faces].astype(np.int64)
    code = corners[..., 0] * 65536 + corners[..., 1] * 256 + corners[..., 2]
    pick = np.where(code[:, 1] == code[:, 2], 1, 0)
    chosen: NDArray[np.uint8] = corners[np.arange(len(pick)), pick].astype(np.uint8)
    return chosen


def _layers(body: RestBody, unit: float) -> dict[str, Mask]:
    """Which vertices belong to each piece; distances are for a person of 1.65 m and scale with ``unit``."""
    x, y, z = body.vertices_m.T
    hip_z = float(body.heads_m[body.bone("upperleg01.L"), 2])
    ankle_z = float(body.heads_m[body.bone("foot.L"), 2])
    waist = z > hip_z + 0.085 * unit
    trunk = body.carried_by("root", "pelvis", "spine", "clavicle", "shoulder", "neck01")
    neck = body.heads_m[body.bone("neck01")]
    away = np.hypot(x - neck[0], y - neck[1] - 0.015)
    collar = (z > neck[2] - 0.045 * unit) & (away < 0.080 * unit)
    sleeve = np.zeros(len(x), dtype=bool)
    for side in "LR":
        shoulder, elbow = (body.heads_m[body.bone(f"{bone}.{side}")] for bone in ("upperarm01", "lowerarm01"))
        along = (body.vertices_m - shoulder) @ (elbow - shoulder) / float((elbow - shoulder) @ (elbow - shoulder))
        sleeve |= body.carried_by(f"upperarm01.{side}", f"upperarm02.{side}") & (along < 0.55)
    leg = body.carried_by("upperleg", "lowerleg", "pelvis", "root", "spine05", "spine04")
    foot = body.carried_by("foot", "lowerleg02")
    return {
        "trousers": leg & ~waist & (z > ankle_z + 0.045 * unit),
        "top": (trunk & waist & ~collar) | sleeve,
        "socks": foot & (z < ankle_z + 0.06 * unit),
        **_head_layers(body, unit),
    }


def _head_layers(body: RestBody, unit: float) -> dict[str, Mask]:
    """Hair, brows, lips and iris."""
    x, y, z = body.vertices_m.T
    head = body.carried_by("head") & ~body.is_eye
    eyes = body.vertices_m[body.is_eye]
    eye = np.array([np.abs(eyes[:, 0]).mean(), eyes[:, 1].min(), eyes[:, 2].mean()])
    ear_y = float(body.points["ear.L"][1])
    nose = body.points["nose"]
    scalp = (z > eye[2] + 0.062 * unit - 0.25 * (y - eye[1])) | (y > ear_y + 0.025 * unit)
    front = head & (y < eye[1] + 0.025 * unit)
    brow = np.abs(z - eye[2] - 0.022 * unit - 0.1 * (np.abs(x) - eye[0])) < 0.004 * unit
    lip = (np.abs(x) < 0.022 * unit) & (np.abs(z - nose[2] + 0.035 * unit) < 0.007 * unit)
    iris = body.is_eye & (y < eye[1] + 0.003) & (np.hypot(np.abs(x) - eye[0], z - eye[2]) < 0.006)
    return {
        "hair": head & scalp & (z > eye[2] - 0.065 * unit),
        "brows": front & brow & (np.abs(np.abs(x) - eye[0]) < 0.02 * unit),
        "lips": front & lip & (y < nose[1] + 0.03 * unit),
        "iris": iris,
    }


def vertex_normals(vertices_m: Floats, faces: NDArray[np.int64]) -> Floats:
    """Area-weighted unit normals of vertices, (N, 3)."""
    a, b, c = (vertices_m[faces[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    index = faces.ravel()
    summed = np.stack(
        [np.bincount(index, np.repeat(across[:, axis], 3), len(vertices_m)) for axis in range(3)], axis=1
    )
    normals: Floats = summed / np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-12)
    return normals
