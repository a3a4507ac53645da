"""Trunk: the outline of back and belly as the eye sees it from the side, measured on the posed skin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.lab.body import Floats, Ints, RestBody
from tests.lab.kinematics import Posed, skin

SLICES = 30
"""Cuts along the low back, about 12 mm apart."""


@dataclass(frozen=True, slots=True)
class Trunk:
    """Skin of the trunk without limbs: rest vertices (K, 3), weights (K, B) and edges (E, 2)."""

    vertices_m: Floats
    weights: Floats
    edges: Ints

    def outline(self, posed: Posed, at_y_m: Floats, lower: bool) -> Floats:
        """Lowest (or highest) skin where the trunk is cut at given Y, (len(at_y_m),) metres; NaN beyond its ends."""
        points = skin(posed, self.vertices_m, self.weights)
        first, second = points[self.edges[:, 0]], points[self.edges[:, 1]]
        found = np.full(len(at_y_m), np.nan)
        for index, y in enumerate(at_y_m):
            cut = (first[:, 1] - y) * (second[:, 1] - y) <= 0.0
            if not cut.any():
                continue
            a, b = first[cut], second[cut]
            share = (y - a[:, 1]) / np.where(a[:, 1] == b[:, 1], 1.0, b[:, 1] - a[:, 1])
            heights = a[:, 2] + share * (b[:, 2] - a[:, 2])
            found[index] = heights.min() if lower else heights.max()
        return found

    def lumbar_gap_m(self, posed: Posed) -> float:
        """Height of the highest point of the lower outline between where buttocks and ribs touch, metres.

        This is the hole that an eye at floor level sees under someone who lies: per slice along the body the *lowest*
        skin counts, so muscle beside the spine closes it, as in life.
        """
        at_y = np.linspace(posed.joint("spine05")[1], posed.joint("spine01")[1], SLICES)
        outline = self.outline(posed, at_y, lower=True)
        buttocks = int(np.nanargmin(outline[: SLICES // 2]))
        ribs = SLICES // 2 + int(np.nanargmin(outline[SLICES // 2 :]))
        return float(max(np.nanmax(outline[buttocks : ribs + 1]), 0.0))


def find_trunk(body: RestBody) -> Trunk:
    """The trunk of a body, from the buttocks to the base of the neck."""
    mask = body.carried_by("root", "pelvis", "spine")
    inside = mask[body.faces].all(axis=1)
    renumber = np.cumsum(mask) - 1
    faces = renumber[body.faces[inside]]
    edges = np.unique(np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1), axis=0)
    return Trunk(body.vertices_m[mask], body.weights[mask], edges)
