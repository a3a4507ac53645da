"""The outline of the back read in the raw picture, sub-pixel; the mask says where to look.

The picture is straightened round the mask's edge: one row a ray, from inside the body outwards. Every place on a ray
gets a likelihood of being the edge: is there a change of colour, is it body inside and something else outside, how far
from the mask's edge is it, and is there no edge further in? A chain over the rays (forward-backward) then weighs all
smooth outlines at once. Its mean is the outline, its spread the standard deviation: wide where there is little contrast
or where several edges compete.

Traps, each measured on rendered people of the split `tune` (21 clips):
- Lying, the mask swallows the shadowed gap under the back, up to 0.09 torso lengths deep. So the search goes far
  inside, and the first edge counts: beyond it comes the shadow's own rim, often stronger than the edge of the shirt.
- Shade must not be taken for another thing, nor a stripe for the end of the body. Colours are compared without shade:
  in Lab, shading scales `L + 16`, `a` and `b` alike. Beyond a stripe the body's colour comes again.
Known limit: grey trousers over a grey shadow on a coloured mat have no end that colour could tell; there the outline is
read at the shadow's rim, up to 6 px too far out.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from formcheck.core.body.back import STATIONS
from formcheck.pose.mask_edge import mask_depths
from formcheck.pose.tracker import Picture, RawPose
from formcheck.pose.trunk import Reading, Trunk

Grid = NDArray[np.float64]

RAYS = 33
"""Two a station."""
ALONG = np.linspace(0.08, 0.92, RAYS)
SIDE_BY_SIDE = 3
"""Samples across each ray, averaged: weave and noise cancel."""
SEEN_SHARE_MIN = 0.6
"""Fewer rays on which the mask has an edge can't be bridged."""
CALM_RAYS = 9
"""The mask's edge is smoothed over a quarter of the torso to lay the grid: it wavers by a pixel, and jumps at a gap."""

STEP_TL = 0.0025
"""Distance of the places on a ray: 0.6 px of the raw picture at 250 px from hip to shoulder."""
DEEP_TL = {"supine": 0.12, "quadruped": 0.06, "upright": 0.06}
"""Search inside the mask's edge. On the floor the mask swallows gaps up to 0.09."""
OUT_TL = 0.05
"""Search outside it; the mask is seldom short by more than a pixel, 0.016."""
BAND_TL = 0.05
"""Beyond both ends of the search, the colour of the body and of what lies behind it is taken."""
HALF_TL = 0.010
"""Width of the two sides that are compared at an edge: 2.5 px at 250 px, more than a codec's blur."""

CONTRAST = 6.0
"""Lab distance across an edge that counts half; noise of a webcam is 2-4."""
CONTRAST_SHARE = 0.3
"""The same as a share of the usual strongest edge in this picture."""
EDGE_WEIGHT = 8.0
BODY_WEIGHT = 0.2
"""Per place on the ray that has the wrong colour."""
BODY_SEPARATION = 8.0
"""Shade-free colour distance of body and background at which it counts half."""
FIRST_WEIGHT = 0.5
"""Per edge that lies further in."""
FAINT = 0.3
"""Edges fainter than this are noise and weave; where trousers are as dark as their shadow nothing else is there."""
RISE_COST = 0.7
"""On the floor, share of an edge's strength that is taken off where the picture brightens outwards: a shadow's rim."""
MASK_SD_TL = 0.012
"""Error of a mask's edge that is right: 0.7 of its pixel."""
MASK_WRONG = {"supine": 0.1, "quadruped": 0.02, "upright": 0.02}
"""How likely, against its peak, the outline lies anywhere further in than that."""
MASK_SHORT = 0.01
"""The same further out."""
BEND_TL, BEND_WIDE_TL, BEND_WIDE_SHARE, BEND_ANY = 0.003, 0.012, 0.1, 1e-4
"""Change of the outline against the smoothed mask from ray to ray: mostly small, seldom as much as a step of cloth."""

DARK_RIM_TL = 0.0055
"""Facing the floor, the last 3 mm of a body are as dark as their shadow; the edge is found that much too far in."""
BASE_SD_TL = 0.002
"""What no contrast improves: with it the 90 % intervals hold the truth at 81 (hands and knees) to 95 % of stations."""
CALIBRATION = 1.1
"""All doubts, times this: the 90 % intervals held the truth at 87 % of stations without it (tune clips)."""
SHORT_MAX_TL = 0.024
"""An edge so far outside the mask's, twice its error, is not the body's: a mat's, a shadow's, in the shirt's colour."""
CLEAR = 0.5
"""Strength of an edge that needs no doubt; where it is fainter the mask's own error comes in. The chain takes the
mask's errors on neighbouring rays for independent, and they aren't."""


def picture_edge(picture: Picture, raw: RawPose, trunk: Trunk) -> Reading:
    """Read the outline at each station; a `Reader`."""
    found = mask_depths(raw, trunk, ALONG)
    is_seen = np.isfinite(found)
    if is_seen.mean() < SEEN_SHARE_MIN:
        nothing = np.full(len(STATIONS), np.nan, np.float32)
        return nothing, nothing.copy()
    mask = np.interp(ALONG, ALONG[is_seen], found[is_seen])
    calm = _smooth(mask)
    shift = _search(trunk)
    lab = _straighten(picture, trunk, calm)
    strength = _edges(lab, len(shift), trunk.posture == "supine")
    weight = _smoothest(_likelihood(lab, strength, shift, mask - calm, trunk), shift)
    mean = weight @ shift
    faint = np.clip(1.0 - (weight * strength).sum(axis=1) / CLEAR, 0.0, 1.0)
    sd = CALIBRATION * np.sqrt(np.maximum(weight @ shift**2 - mean**2, 0.0) + BASE_SD_TL**2 + (MASK_SD_TL * faint) ** 2)
    depth = calm + mean + (DARK_RIM_TL if trunk.posture == "supine" else 0.0)
    depth[~is_seen | (mean > SHORT_MAX_TL)] = np.nan
    offset, spread = np.interp(STATIONS, ALONG, depth), np.interp(STATIONS, ALONG, sd)
    return offset.astype(np.float32), np.where(np.isnan(offset), np.nan, spread).astype(np.float32)


def _search(trunk: Trunk) -> Grid:
    """(n,) where an edge may lie on a ray, torso lengths outwards from the calm mask's edge."""
    return np.asarray(np.arange(-round(DEEP_TL[trunk.posture] / STEP_TL), round(OUT_TL / STEP_TL) + 1) * STEP_TL)


_BAND = round(BAND_TL / STEP_TL)
_HALF = round(HALF_TL / STEP_TL)


def _straighten(picture: Picture, trunk: Trunk, calm: Grid) -> Grid:
    """(3, RAYS, n + 2 bands) Lab colours along the rays, from inside the body outwards, half a step off the search."""
    shift = _search(trunk)
    first = shift[0] - (_BAND - 0.5) * STEP_TL
    places = first + np.arange(len(shift) + 2 * _BAND - 1) * STEP_TL
    beside = (np.arange(SIDE_BY_SIDE) - (SIDE_BY_SIDE - 1) / 2) * (ALONG[1] - ALONG[0]) / SIDE_BY_SIDE
    begin = trunk.frame.to_picture((ALONG[:, None] + beside).ravel(), np.repeat(calm, SIDE_BY_SIDE))
    out = places[:, None] * trunk.frame.dorsal
    x, y = (np.add.outer(begin[:, i], out[:, i]).astype(np.float32) for i in (0, 1))
    colours = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    lab = cv2.cvtColor(np.asarray(colours, np.float32) / np.float32(255.0), cv2.COLOR_BGR2LAB)
    averaged = lab.reshape(RAYS, SIDE_BY_SIDE, len(places), 3).mean(axis=1)
    return np.asarray(averaged.transpose(2, 0, 1), np.float64, order="C")


def _likelihood(lab: Grid, strength: Grid, shift: Grid, mask: Grid, trunk: Trunk) -> Grid:
    """(RAYS, n) how likely the outline lies at each place of each ray, 1 at the best one."""
    further_in = np.cumsum(np.maximum(strength - FAINT, 0.0), axis=1) / (_HALF * (1.0 - FAINT))
    log = EDGE_WEIGHT * strength + BODY_WEIGHT * _sides(lab, len(shift)) - FIRST_WEIGHT * further_in
    off = shift - mask[:, None]
    wrong = np.where(off < 0, MASK_WRONG[trunk.posture], MASK_SHORT)
    log += np.log(np.exp(-0.5 * (off / MASK_SD_TL) ** 2) + wrong)
    return np.asarray(np.exp(log - log.max(axis=1, keepdims=True)))


def _edges(lab: Grid, n: int, is_floor: bool) -> Grid:
    """(RAYS, n) strength 0..1 of the change of colour at each place."""
    total = _sums(lab)
    before, at, after = (total[..., _BAND + off : _BAND + off + n] for off in (-_HALF, 0, _HALF))
    change = (after - 2 * at + before) / _HALF
    size = np.sqrt(change[0] ** 2 + change[1] ** 2 + change[2] ** 2)
    strength = size / (size + max(CONTRAST, CONTRAST_SHARE * float(np.median(size.max(axis=1)))))
    if is_floor:
        strength *= 1.0 - RISE_COST * np.clip(change[0] / (size + 1e-3), 0.0, 1.0)
    return np.asarray(strength)


def _sides(lab: Grid, n: int) -> Grid:
    """(RAYS, n) places inside that have the body's colour and outside that have another, less the contrary.

    Each ray has colours of its own: beyond a hem or a belt the next one's would be another body's.
    """
    colour = lab[1:] * (66.0 / (lab[:1] + 16.0))
    body, behind = (part.mean(axis=2, keepdims=True) for part in (colour[..., :_BAND], colour[..., -_BAND:]))
    way = behind - body
    apart = way[0] ** 2 + way[1] ** 2
    along = (colour - body) * way
    share = (along[0] + along[1]) / (apart + 1e-3)
    is_body = np.clip(1.0 - 2.0 * share, -1.0, 1.0) * (apart / (apart + BODY_SEPARATION**2))
    inside = _sums(is_body)
    return np.asarray(2.0 * inside[:, _BAND : _BAND + n] - inside[:, -1:])


def _sums(values: Grid) -> Grid:
    """(..., n + 1) running sums along the last axis, from 0."""
    total = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    np.cumsum(values, axis=-1, out=total[..., 1:])
    return total


def _smoothest(likelihood: Grid, shift: Grid) -> Grid:
    """(RAYS, n) share of all smooth paths, weighed by their likelihood, that cross each ray at each place."""
    bend = _bends(len(shift))
    reached = np.stack([likelihood, likelihood[::-1]], axis=1)
    for i in range(1, RAYS):
        reached[i] *= reached[i - 1] @ bend
        reached[i] /= np.add.reduce(reached[i], axis=1, keepdims=True)
    weight = reached[:, 0] * reached[::-1, 1] / np.maximum(likelihood, 1e-30)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


@cache
def _bends(n: int) -> Grid:
    """(n, n) how likely the outline goes from one place on a ray to another on the next."""
    apart = np.subtract.outer(np.arange(n), np.arange(n)) * STEP_TL
    bend = np.exp(-0.5 * (apart / BEND_TL) ** 2) / BEND_TL + BEND_ANY
    return np.asarray(bend + BEND_WIDE_SHARE * np.exp(-0.5 * (apart / BEND_WIDE_TL) ** 2) / BEND_WIDE_TL)


def _smooth(values: Grid) -> Grid:
    """(RAYS,) weighted running mean that keeps the slope at both ends."""
    weights = np.hanning(CALM_RAYS + 2)[1:-1]
    half = CALM_RAYS // 2
    left, right = 2 * values[0] - values[half:0:-1], 2 * values[-1] - values[-2 : -half - 2 : -1]
    return np.convolve(np.concatenate([left, values, right]), weights / weights.sum(), "valid")
