"""The figure that shows a movement: limbs with volume, the outline of the back, and a ring where to look."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import cv2
import numpy as np

from formcheck.core.body.pose import ANKLE, ELBOW, HIP, KNEE, SHOULDER, SIDES, TOE, WRIST, Joint, Side
from formcheck.core.body.stance import HEEL, Stance, Vector
from formcheck.core.rules.demonstration import Demonstration, Film, Prop, Shown, Spot, bounds_tl, spot_tl
from formcheck.screen.canvas import Pixels
from formcheck.screen.palette import BLUE, BLUE_TEXT, CASING, ORANGE, PANEL, TRACK, WHITE, Colour
from formcheck.screen.shapes import Point, check, clock, disc, polygon, refusal, ring, stroke

FRAMES_PER_S = 12.0
"""Pictures a second of a figure that moves: slow movements need no more, and a menu costs little."""
NEAR, FAR, TRUNK, SKIN = WHITE, (112, 128, 152), (176, 190, 210), (232, 238, 246)
FAR_SHIFT_TL = (0.05, 0.05)
"""The far side lies a little off, as perspective has it: away from the eye is up."""
LEG = ((HIP, 0.16), (KNEE, 0.11), (ANKLE, 0.07))
ARM = ((SHOULDER, 0.10), (ELBOW, 0.075), (WRIST, 0.06))
FOOT_TL, HEAD_TL, NECK_TL, HAND_TL = 0.055, 0.19, 0.085, 0.07
RING_TL = 0.27
HOLLOW_TL = 0.0052
"""Depth of the drawn hollow for a degree of the low back's bend, torso lengths: two and a half times as deep as it is,
so that it is seen from 2.5 m."""
HOLLOW_GROWTH, DEEPEST_TL = 1.8, 0.20
"""By which a hollow that is declared in torso lengths is drawn deeper; and the deepest that is drawn."""
OUTLINE = ((-0.16, 0.10), (-0.08, 0.18), (0.05, 0.21), (0.20, 0.19), (0.40, 0.18), (0.60, 0.19), (0.80, 0.20),
           (0.95, 0.17), (1.06, 0.10))  # fmt: skip
"""The back of a trunk: along from hip (0) to shoulder (1), and behind that line, torso lengths."""
FRONT = ((1.08, 0.02), (1.00, 0.12), (0.80, 0.17), (0.60, 0.15), (0.35, 0.14), (0.10, 0.14), (-0.08, 0.10),
         (-0.17, 0.0))  # fmt: skip
LOW_BACK = 17
"""Which point of the drawn outline is the low back."""
CACHED_PX, CACHED, LARGE_CACHED, PACKED = 60_000, 220, 4, 1200
"""Figures of so many pixels at most are kept, so many pictures: a menu repeats a cycle of 164, beside its other cards.
Of larger ones the last few: a set is drawn anew with each picture of the camera, its figure twelve times a second. And
packed all of a page that moves for hours: 20 to 50 kB each, unpacked in a sixth of the time that drawing takes."""


@dataclass(frozen=True, slots=True)
class Frame:
    """From torso lengths to the pixels of a box."""

    scale: float
    left: float
    bottom: float
    is_flipped: bool
    """Whether x grows to the left."""

    def at(self, place: Vector) -> Point:
        """Pixels of a place."""
        x = -float(place[0]) if self.is_flipped else float(place[0])
        return self.left + x * self.scale, self.bottom - float(place[1]) * self.scale


def frame_of(film: Film, size: tuple[int, int]) -> Frame:
    """The frame in which all that a demonstration shows fits `size` pixels: nothing jumps from film to film."""
    is_flipped = film.is_flipped
    left, bottom, right, top = bounds_tl(film.of)
    left, right = (-right, -left) if is_flipped else (left, right)
    scale = min(size[0] / (right - left), size[1] / (top - bottom))
    x0 = (size[0] - (right - left) * scale) / 2 - left * scale
    y0 = size[1] - (size[1] - (top - bottom) * scale) / 2 + bottom * scale
    return Frame(scale, x0, y0, is_flipped)


def draw_film(pixels: Pixels, film: Film, t_s: float, backing: Colour, is_bare: bool = False) -> None:
    """A film's picture at a time, over all of an area; a bare one has no tick and no count."""
    height, width = pixels.shape[:2]
    if not pixels.size:
        return
    index = math.floor(t_s * FRAMES_PER_S + 1e-6) % max(1, math.ceil(film.length_s * FRAMES_PER_S))
    picture = _small if width * height <= CACHED_PX else _large
    pixels[:] = picture(film, index, (width, height), backing, is_bare)


def _picture(film: Film, index: int, size: tuple[int, int], backing: Colour, is_bare: bool) -> Pixels:
    pixels = np.empty((size[1], size[0], 3), np.uint8)
    _draw(pixels, film, index / FRAMES_PER_S, backing, is_bare)
    return pixels


@lru_cache(PACKED)
def _packed(film: Film, index: int, size: tuple[int, int], backing: Colour, is_bare: bool) -> bytes:
    return zlib.compress(_picture(film, index, size, backing, is_bare).tobytes(), 1)


def _unpacked(film: Film, index: int, size: tuple[int, int], backing: Colour, is_bare: bool) -> Pixels:
    data = zlib.decompress(_packed(film, index, size, backing, is_bare))
    return np.frombuffer(data, np.uint8).reshape(size[1], size[0], 3)


_small, _large = lru_cache(CACHED)(_picture), lru_cache(LARGE_CACHED)(_unpacked)


def _draw(pixels: Pixels, film: Film, t_s: float, backing: Colour, is_bare: bool) -> None:
    pixels[:] = backing[::-1]
    shown, frame = film.at(t_s), frame_of(film, (pixels.shape[1], pixels.shape[0]))
    draw_floor(pixels, film.of, frame)
    is_of_back = film.wrong is not None and film.spot == "low back"
    draw_body(pixels, shown, frame, ORANGE if is_of_back else BLUE)
    if not is_bare:
        _draw_marks(pixels, film, shown, frame)


def draw_floor(pixels: Pixels, of: Demonstration, frame: Frame) -> None:
    """The mat, and what stands on it."""
    left, _, right, _ = bounds_tl(of)
    for prop in of.props:
        PROPS[prop](pixels, of, frame)
    ends = [frame.at(np.array([x, -0.045])) for x in (left + 0.08, right - 0.08)]
    stroke(pixels, ends, TRACK, max(2.0, 0.075 * frame.scale))


def draw_body(pixels: Pixels, shown: Shown, frame: Frame, back_colour: Colour) -> None:
    """The far side, the trunk, the near side; the outline of the back last but the near arm."""
    shift = np.array(FAR_SHIFT_TL) * (-1.0 if frame.is_flipped else 1.0, 1.0)
    _draw_limb(pixels, shown.joints + shift, "right", ARM, FAR, frame)
    _draw_limb(pixels, shown.joints + shift, "right", LEG, FAR, frame)
    _draw_head(pixels, shown, frame)
    back = _draw_trunk(pixels, shown, frame)
    _draw_limb(pixels, shown.joints, "left", LEG, NEAR, frame)
    stroke(pixels, back, CASING, 0.13 * frame.scale)
    stroke(pixels, back, back_colour, 0.075 * frame.scale)
    _draw_limb(pixels, shown.joints, "left", ARM, NEAR, frame)


def fill_body(mask: Pixels, shown: Shown, frame: Frame) -> None:
    """The whole figure as one patch of 255 in a mask of zeros, (height, width)."""
    joints, ink = shown.joints, (255, 255, 255)
    bones: list[tuple[tuple[Point, float], tuple[Point, float]]] = []
    for side in SIDES:
        for parts in (LEG, ARM):
            places = [(frame.at(joints[joint[side]]), radius * frame.scale) for joint, radius in parts]
            bones += list(pairwise(places))
        heel, toe = (frame.at(joints[joint[side]]) for joint in (HEEL, TOE))
        bones.append(((heel, FOOT_TL * frame.scale), (toe, FOOT_TL * frame.scale)))
    ear, shoulder = frame.at(joints[Joint.LEFT_EAR]), frame.at(joints[SHOULDER["left"]])
    bones += [((ear, NECK_TL * frame.scale), (shoulder, NECK_TL * frame.scale))]
    for a, b in bones:
        capsule(mask, a, b, ink)
    disc(mask, ear, HEAD_TL * frame.scale, ink)
    behind, before = trunk_outline(joints, shown.stance)
    polygon(mask, [frame.at(place) for place in (*behind, *before)], ink)


def _draw_limb(
    pixels: Pixels, joints: Vector, side: Side, parts: tuple[tuple[dict[Side, Joint], float], ...], colour: Colour,
    frame: Frame,
) -> None:  # fmt: skip
    """Tapered bones, each with a dark edge, and a hand or a foot."""
    places = [(frame.at(joints[joint[side]]), radius * frame.scale) for joint, radius in parts]
    if parts is LEG:
        heel, toe = (frame.at(joints[joint[side]]) for joint in (HEEL, TOE))
        places_of_foot = [(heel, FOOT_TL * frame.scale), (toe, 0.8 * FOOT_TL * frame.scale)]
        bones = [(places_of_foot[0], places_of_foot[1]), (places[1], places[2]), (places[0], places[1])]
    else:
        bones = [(places[0], places[1]), (places[1], (places[2][0], places[2][1]))]
    edge = max(1.0, 0.022 * frame.scale)
    for a, b in bones:
        capsule(pixels, a, b, CASING, edge)
    for a, b in bones:
        capsule(pixels, a, b, colour)
    if parts is ARM:
        disc(pixels, places[2][0], HAND_TL * frame.scale, colour)


def capsule(
    pixels: Pixels, a: tuple[Point, float], b: tuple[Point, float], colour: Colour, edge: float = 0.0
) -> None:  # fmt: skip
    """A bone with volume: two discs and what lies between; `edge` makes it so many pixels thicker."""
    (p, r0), (q, r1) = a, b
    disc(pixels, p, r0 + edge, colour)
    disc(pixels, q, r1 + edge, colour)
    dx, dy = q[0] - p[0], q[1] - p[1]
    length = math.hypot(dx, dy)
    if length > 1e-6:
        nx, ny = -dy / length, dx / length
        polygon(
            pixels,
            [(p[0] + s * nx * (r0 + edge), p[1] + s * ny * (r0 + edge)) for s in (1, -1)]
            + [(q[0] + s * nx * (r1 + edge), q[1] + s * ny * (r1 + edge)) for s in (-1, 1)],
            colour,
        )


def _draw_head(pixels: Pixels, shown: Shown, frame: Frame) -> None:
    """Neck and head; the nose says where it looks."""
    joints = shown.joints
    shoulder, ear, nose = joints[SHOULDER["left"]], joints[Joint.LEFT_EAR], joints[Joint.NOSE]
    middle = ear + 0.25 * (nose - ear)
    tip = ear + 1.75 * (nose - ear)
    for colour, edge in ((CASING, max(1.0, 0.022 * frame.scale)), (SKIN, 0.0)):
        capsule(pixels, (frame.at(shoulder), NECK_TL * frame.scale), (frame.at(middle), NECK_TL * frame.scale), colour,
                edge)  # fmt: skip
        disc(pixels, frame.at(middle), HEAD_TL * frame.scale + edge, colour)
        disc(pixels, frame.at(tip), 0.045 * frame.scale + edge, colour)


def _draw_trunk(pixels: Pixels, shown: Shown, frame: Frame) -> list[Point]:
    """The trunk; returns the line of the back."""
    behind, before = trunk_outline(shown.joints, shown.stance)
    points = [frame.at(place) for place in (*behind, *before)]
    polygon(pixels, points, TRUNK)
    stroke(pixels, points, CASING, max(1.0, 0.022 * frame.scale), is_closed=True)
    return [frame.at(place) for place in behind[4:-4]]


def trunk_outline(joints: Vector, stance: Stance) -> tuple[Vector, Vector]:
    """The back's outline from the buttock to the neck, and the front's back again: (n, 2) torso lengths each."""
    hip, shoulder = joints[HIP["left"]], joints[SHOULDER["left"]]
    along, (_, front) = shoulder - hip, stance.axes
    depth = HOLLOW_TL * stance.lumbar_deg + HOLLOW_GROWTH * stance.sagitta_tl
    depth = max(-DEEPEST_TL, min(DEEPEST_TL, depth))

    def line(outline: tuple[tuple[float, float], ...], sign: float, share: float) -> Vector:
        s, out = np.array(outline).T
        fine = np.linspace(s[0], s[-1], 40)
        order = np.argsort(s)
        offset = np.interp(fine, s[order], out[order])
        offset = np.convolve(np.pad(offset, 3, mode="edge"), np.ones(7) / 7, mode="valid")
        hollow = share * depth * np.exp(-(((fine - 0.38) / 0.23) ** 2))
        return np.asarray(hip + fine[:, None] * along + (sign * offset + hollow)[:, None] * front)

    return line(OUTLINE, -1.0, 1.0), line(FRONT, 1.0, 0.7)


def _draw_marks(pixels: Pixels, film: Film, shown: Shown, frame: Frame) -> None:
    """What is counted, and a ring with a tick or a cross at the place to look at."""
    height, width = pixels.shape[:2]
    is_wrong = film.wrong is not None
    size = max(9.0, min(0.09 * height, 0.06 * width))
    corner = (width - 1.4 * size, 1.4 * size)
    colour, badge = (ORANGE, refusal) if is_wrong else (BLUE_TEXT, check)
    if shown.share > 0 and shown.count:
        _draw_count(pixels, shown, (2.0 * size, 2.0 * size), size)
    if is_wrong or shown.is_marked:
        badge(pixels, corner, size, colour)
    if film.spot == "time":
        clock(pixels, (corner[0] - 2.6 * size, corner[1]), size, colour)
    elif film.spot and shown.is_marked:
        centre = _place_of(film.spot, shown, frame)
        radius = max(0.9 * size, RING_TL * frame.scale)
        ring(pixels, centre, radius, CASING, max(4.0, 0.085 * frame.scale))
        ring(pixels, centre, radius, colour, max(2.0, 0.05 * frame.scale))


def _place_of(spot: Spot, shown: Shown, frame: Frame) -> Point:
    """Where a spot is drawn: the low back on its own line."""
    if spot == "low back":
        behind, _ = trunk_outline(shown.joints, shown.stance)
        return frame.at(behind[LOW_BACK])
    return frame.at(spot_tl(shown, spot))


def _draw_count(pixels: Pixels, shown: Shown, centre: Point, size: float) -> None:
    ring(pixels, centre, 1.4 * size, TRACK, 0.4 * size)
    ring(pixels, centre, 1.4 * size, BLUE, 0.4 * size, shown.share)
    _number(pixels, str(max(1, math.ceil(shown.share * shown.count - 1e-6))), centre, size)


def _number(pixels: Pixels, text: str, centre: Point, size: float) -> None:
    scale = size / 16
    thick = max(1, round(size / 7))
    (w, h), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, thick)
    at = (round(centre[0] - w / 2), round(centre[1] + h / 2))
    cv2.putText(pixels, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, WHITE, thick, cv2.LINE_AA)


def _chair(pixels: Pixels, of: Demonstration, frame: Frame) -> None:
    hips = Film(of).at(0.0).joints[HIP["left"]]
    seat = hips[1] - 0.22
    back, front = hips[0] - 0.42, hips[0] + 0.40
    edge = max(2.0, 0.06 * frame.scale)
    for x in (back + 0.05, front - 0.05):
        stroke(pixels, [frame.at(np.array([x, seat])), frame.at(np.array([x, 0.0]))], TRACK, edge)
    stroke(pixels, [frame.at(np.array([x, seat])) for x in (back, front)], TRACK, 1.6 * edge)


def _cushion(pixels: Pixels, of: Demonstration, frame: Frame) -> None:
    knee = Film(of).at(0.0).joints[KNEE["left"]]
    ends = [frame.at(np.array([knee[0] + dx, 0.02])) for dx in (-0.28, 0.24)]
    stroke(pixels, ends, PANEL if frame.scale < 20 else TRACK, max(2.0, 0.14 * frame.scale))


PROPS: dict[Prop, Callable[[Pixels, Demonstration, Frame], None]] = {"chair": _chair, "cushion": _cushion}
