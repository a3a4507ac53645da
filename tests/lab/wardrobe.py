"""Wardrobe: clothes, hair and face as colours and a little thickness on the rest mesh.

Every vertex has a *zone*, a number that runs along the skin from the feet (below 1) over trousers (1-2) and top (2-3)
to bare skin (3-4) and hair (4-5); eyes stand at 5-7. Brows and lips use a second number. Both are texture coordinates
into a palette without interpolation, so a hem is cut sharply *within* a face of the mesh; one colour per face would
leave every hem a saw.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.lab.body import RGB, Floats, RestBody

ZONES = 7
CLOTH_THICKNESS_M = 0.005
CLOTH_RAMP_ZONES = 0.05
"""Over how much of a zone cloth and hair gain their thickness; at once, the hem would tear the normals."""

BUN_M = 0.045
FOLD_M = 0.0022
"""Half the height of the folds of the loosest cloth."""

LIPS: RGB = (165, 90, 82)
EYE_WHITE: RGB = (228, 224, 220)
IRIS: RGB = (52, 38, 30)


@dataclass(frozen=True, slots=True)
class Dressed:
    """Rest vertices with clothes on (N, 3) metres, texture coordinates (N, 2), palette (3, ZONES, 3) uint8 RGB."""

    vertices_m: Floats
    zones: Floats
    palette: NDArray[np.uint8]


def dress(body: RestBody) -> Dressed:
    """Dress a body: close-fitting clothes, or loose ones over them."""
    look, scale = body.figure.look, body.figure.height_m / 1.65
    zone = _clothe(body, scale)
    zone, face = _make_up(body, scale, zone)
    cloth = np.clip(np.minimum(zone - 1.0, 3.0 - zone) / CLOTH_RAMP_ZONES, 0.0, 1.0) * CLOTH_THICKNESS_M
    hair = np.clip((zone - 4.0) / 0.2, 0.0, 1.0) * look.hair_thickness_m * (zone <= 5.0)
    if look.hair_style == "long":
        hair = hair + _bun(body, scale) * (zone > 4.0) * (zone <= 5.0)
    vertices = body.vertices_m + vertex_normals(body.vertices_m, body.faces) * (cloth + hair)[:, None]
    if look.loose > 0.0:
        vertices = hang_loose(body, vertices, zone, cloth / CLOTH_THICKNESS_M)
    middle = [look.socks or look.skin, look.trousers, look.top, look.skin, look.hair, EYE_WHITE, IRIS]
    palette = np.array([middle, middle, middle], dtype=np.uint8)
    palette[0, 3], palette[2, 3] = LIPS, look.hair
    coordinates = np.stack([zone / ZONES, (face + 1.5) / 3.0], axis=1)
    return Dressed(vertices, coordinates, look.paint(palette))


def _clothe(body: RestBody, scale: float) -> Floats:
    """Zone of every vertex as far as the clothes go; lengths are for a person of 1.65 m and grow with ``scale``."""
    y, z = body.vertices_m.T[1:]
    hem = float(body.heads_m[body.bone("foot.L"), 2]) + 0.045 * scale
    waist = float(body.heads_m[body.bone("upperleg01.L"), 2]) + 0.085 * scale
    zone = np.where(z < waist, 2.0 - (waist - z) / (waist - hem), 2.0 + (z - waist) / scale)
    neck = body.heads_m[body.bone("neck01")]
    neckline = z - neck[2] - 0.005 * scale - 0.6 * (y - neck[1])
    near_neck = body.carried_by("spine01", "clavicle", "shoulder", "neck", "head")
    zone = np.where(near_neck, np.clip(3.0 + 4.0 * neckline, 2.3, 3.5), np.minimum(zone, 2.8))
    for side in "LR":
        shoulder, elbow = (body.heads_m[body.bone(f"{bone}.{side}")] for bone in ("upperarm01", "lowerarm01"))
        along = (body.vertices_m - shoulder) @ (elbow - shoulder) / float((elbow - shoulder) @ (elbow - shoulder))
        arm = body.carried_by(f"upperarm01.{side}", f"upperarm02.{side}", f"lowerarm01.{side}")
        zone = np.where(arm, np.clip(3.0 + (along - 0.55), 2.3, 3.5), zone)
        zone = np.where(body.carried_by(f"lowerarm02.{side}", f"wrist.{side}"), 3.5, zone)
    clothed: Floats = np.maximum(zone, 0.01)
    return clothed


def _make_up(body: RestBody, scale: float, zone: Floats) -> tuple[Floats, Floats]:
    """Add hair and eyes to the zones; the second number is above 0.5 on lips and below -0.5 on brows."""
    x, y, z = body.vertices_m.T
    eyes = body.vertices_m[body.is_eye]
    eye = np.array([np.abs(eyes[:, 0]).mean(), eyes[:, 1].min(), eyes[:, 2].mean()])
    nose, ear_y = body.points["nose"], float(body.points["ear.L"][1])
    head = body.carried_by("head") & ~body.is_eye
    hairline = np.maximum(z - eye[2] - 0.060 * scale, (y - ear_y - 0.020 * scale))
    hairline = np.minimum(np.maximum(hairline, z - eye[2] - 0.085 * scale), z - eye[2] + 0.07 * scale)
    if body.figure.look.hair_style == "bald":
        hairline = np.full_like(hairline, -1.0)
    zone = np.where(head, np.clip(4.0 + hairline * 10.0, 3.2, 4.9), zone)
    pupil = np.hypot(np.abs(x) - eye[0], z - eye[2])
    zone = np.where(body.is_eye, np.clip(6.0 + (0.006 - pupil) * 60.0 - (y > eye[1] + 0.008), 5.1, 6.9), zone)
    front = head & (y < eye[1] + 0.03 * scale)
    brow_z = np.abs(z - eye[2] - 0.024 * scale) / (0.005 * scale)
    brow_x = np.abs(np.abs(x) - eye[0]) / (0.019 * scale)
    lip_z = np.abs(z - nose[2] + 0.036 * scale) / (0.008 * scale)
    lip_x = np.abs(x) / (0.024 * scale)
    brow = np.clip(1.5 - np.maximum(brow_z, brow_x), 0.0, 1.0)
    lip = np.clip(1.5 - np.maximum(lip_z, lip_x), 0.0, 1.0)
    return zone, np.where(front, lip - brow, 0.0)


def _bun(body: RestBody, scale: float) -> Floats:
    """Height of tied-up long hair over the back of the crown, (N,) metres."""
    head = body.vertices_m[body.carried_by("head")]
    crown = np.array([0.0, head[:, 1].max() - 0.03 * scale, head[:, 2].max() - 0.045 * scale])
    away = np.linalg.norm(body.vertices_m - crown, axis=1) / (0.04 * scale)
    height: Floats = BUN_M * np.exp(-(away**2))
    return height


def hang_loose(body: RestBody, vertices_m: Floats, zone: Floats, covered: Floats) -> Floats:
    """Move cloth outward along smoothed normals, (N, 3): more at belly and hem, bridging hollows, with folds.

    Args:
        body: Who wears it; ``Look.loose`` says how much.
        vertices_m: Skin with close-fitting clothes on.
        zone: Zone of every vertex.
        covered: 1 under cloth, 0 on skin, falling off at hems.
    """
    loose = body.figure.look.loose
    x, y, z = (body.vertices_m / (body.figure.height_m / 1.65)).T
    normals = smooth(vertex_normals(vertices_m, body.faces), body.faces, 8)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    trunk = body.carried_by("root", "pelvis", "spine")
    bridged = smooth(vertices_m, body.faces, 40)
    hollow = np.clip(((bridged - vertices_m) * normals).sum(axis=1), 0.0, 0.03) * trunk
    hem = np.exp(-(((zone - 2.08) / 0.16) ** 2)) * (zone >= 2.0)
    give = np.where(zone >= 2.0, 0.012 + 0.016 * hem, 0.010)
    folds = np.sin(46.0 * z + 9.0 * np.sin(17.0 * x) + 5.0 * y) + np.sin(38.0 * x - 31.0 * y + 12.0 * z)
    out = loose * (give + hollow + FOLD_M * folds) * covered
    hung: Floats = vertices_m + normals * np.maximum(out, 0.0)[:, None]
    return hung


def smooth(values: Floats, faces: NDArray[np.int64], times: int) -> Floats:
    """Average values (N, K) of vertices with their neighbours', several times."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    first, second = np.concatenate([edges, edges[:, ::-1]]).T
    count = np.maximum(np.bincount(first, minlength=len(values)), 1)[:, None]
    for _ in range(times):
        summed = [np.bincount(first, values[second, k], len(values)) for k in range(values.shape[1])]
        values = 0.5 * values + 0.5 * np.stack(summed, axis=1) / count
    return values


def vertex_normals(vertices_m: Floats, faces: NDArray[np.int64]) -> Floats:
    """Area-weighted unit normals of vertices, (N, 3)."""
    a, b, c = (vertices_m[faces[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    index = faces.ravel()
    summed = np.stack([np.bincount(index, np.repeat(across[:, axis], 3), len(vertices_m)) for axis in range(3)], axis=1)
    normals: Floats = summed / np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-12)
    return normals


BREATH_S = 4.2
BREATH_RISE_M = 0.007
"""Quiet breathing: 14 a minute (exercises.md, 5), the belly rising by 7 mm and the chest by a third of that."""


def find_breath(body: RestBody) -> Floats:
    """How far each rest vertex moves at the top of a breath, (N, 3) metres."""
    x, y, z = body.vertices_m.T
    belly_z = float(body.heads_m[body.bone("spine03"), 2])
    chest_z = float(body.heads_m[body.bone("spine01"), 2])
    size = body.figure.height_m
    front = np.clip((float(np.median(y)) - y) / (0.08 * size), 0.0, 1.0) * (np.abs(x) < 0.1 * size)
    belly = np.exp(-(((z - belly_z) / (0.055 * size)) ** 2))
    chest = 0.35 * np.exp(-(((z - chest_z) / (0.06 * size)) ** 2))
    moved = np.zeros_like(body.vertices_m)
    moved[:, 1] = -BREATH_RISE_M * (belly + chest) * front * body.carried_by("root", "pelvis", "spine")
    return moved


def breath_share(t_s: float) -> float:
    """How full the lungs are at a time, 0-1."""
    return 0.5 * (1.0 - math.cos(2.0 * math.pi * t_s / BREATH_S))
