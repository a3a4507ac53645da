"""Smooth shapes drawn into an array of pixels: the marks that stand beside every word."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from formcheck.screen.canvas import Pixels
from formcheck.screen.palette import CASING, NIGHT, Colour

SHIFT = 4
"""Binary digits of a fraction of a pixel in OpenCV's coordinates."""

FAR_PX = 20_000
"""Coordinates are held within this: OpenCV's fixed-point arithmetic overflows on wild ones."""

Point = tuple[float, float]


def _fixed(x: float, y: float) -> tuple[int, int]:
    unit = 1 << SHIFT
    return round(max(-FAR_PX, min(FAR_PX, x)) * unit), round(max(-FAR_PX, min(FAR_PX, y)) * unit)


def is_drawable(points: Sequence[Point]) -> bool:
    """Whether every coordinate is a number."""
    return all(math.isfinite(x) and math.isfinite(y) for x, y in points)


def stroke(pixels: Pixels, points: Sequence[Point], colour: Colour, thickness: float, is_closed: bool = False) -> None:
    """A smooth line through points; not drawn if a point is unknown."""
    if len(points) < 2 or not is_drawable(points):
        return
    path = np.array([_fixed(x, y) for x, y in points], np.int32).reshape(-1, 1, 2)
    cv2.polylines(pixels, [path], is_closed, colour[::-1], max(1, round(thickness)), cv2.LINE_AA, SHIFT)


def dashed(pixels: Pixels, points: Sequence[Point], colour: Colour, thickness: float, dash: float) -> None:
    """A dashed line through points: `dash` pixels on, as many off."""
    if len(points) < 2 or not is_drawable(points):
        return
    walked = 0.0
    dashes: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for (x0, y0), (x1, y1) in pairwise(points):
        length = min(math.hypot(x1 - x0, y1 - y0), float(FAR_PX))
        at = -(walked % (2 * dash))
        while length and at < length:
            a, b = max(0.0, at) / length, min(length, at + dash) / length
            if b > a:
                dashes.append(
                    (_fixed(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a), _fixed(x0 + (x1 - x0) * b, y0 + (y1 - y0) * b))
                )
            at += 2 * dash
        walked += length
    if dashes:
        paths = list(np.array(dashes, np.int32))
        cv2.polylines(pixels, paths, False, colour[::-1], max(1, round(thickness)), cv2.LINE_AA, SHIFT)


def disc(pixels: Pixels, centre: Point, radius: float, colour: Colour) -> None:
    """A filled circle."""
    if is_drawable([centre]):
        cv2.circle(pixels, _fixed(*centre), round(radius * (1 << SHIFT)), colour[::-1], cv2.FILLED, cv2.LINE_AA, SHIFT)


def ring(pixels: Pixels, centre: Point, radius: float, colour: Colour, thickness: float, share: float = 1.0) -> None:
    """A circle, or the first `share` of it, clockwise from the top."""
    if not is_drawable([centre]) or not share > 0:
        return
    size = round(radius * (1 << SHIFT))
    end = 360 * min(1.0, share)
    width = max(1, round(thickness))
    cv2.ellipse(pixels, _fixed(*centre), (size, size), -90, 0, end, colour[::-1], width, cv2.LINE_AA, SHIFT)


def polygon(pixels: Pixels, points: Sequence[Point], colour: Colour) -> None:
    """A filled polygon."""
    if is_drawable(points):
        path = np.array([_fixed(x, y) for x, y in points], np.int32).reshape(-1, 1, 2)
        cv2.fillPoly(pixels, [path], colour[::-1], cv2.LINE_AA, SHIFT)


def triangle(pixels: Pixels, centre: Point, radius: float, colour: Colour) -> None:
    """A warning triangle with its stroke and dot."""
    x, y = centre
    corners = [(x, y - radius), (x + radius, y + 0.8 * radius), (x - radius, y + 0.8 * radius)]
    polygon(pixels, corners, colour)
    stroke(pixels, [(x, y - 0.35 * radius), (x, y + 0.22 * radius)], NIGHT, 0.22 * radius)
    disc(pixels, (x, y + 0.54 * radius), 0.14 * radius, NIGHT)


def check(pixels: Pixels, centre: Point, radius: float, colour: Colour) -> None:
    """A filled circle with a check mark."""
    x, y = centre
    disc(pixels, centre, radius, colour)
    points = [(x - 0.45 * radius, y + 0.05 * radius), (x - 0.1 * radius, y + 0.4 * radius)]
    stroke(pixels, [*points, (x + 0.5 * radius, y - 0.35 * radius)], NIGHT, 0.24 * radius)


def refusal(pixels: Pixels, centre: Point, radius: float, colour: Colour) -> None:
    """A filled circle with a cross: wrong."""
    x, y = centre
    disc(pixels, centre, radius, colour)
    arm = 0.42 * radius
    for sign in (-1, 1):
        stroke(pixels, [(x - arm, y - sign * arm), (x + arm, y + sign * arm)], NIGHT, 0.24 * radius)


def clock(pixels: Pixels, centre: Point, radius: float, colour: Colour) -> None:
    """A clock: the time is wrong."""
    x, y = centre
    width = 0.22 * radius
    ring(pixels, centre, radius - width / 2, colour, width)
    stroke(pixels, [(x, y - 0.55 * radius), (x, y), (x + 0.42 * radius, y + 0.1 * radius)], colour, width)


def open_ring(pixels: Pixels, centre: Point, radius: float, colour: Colour) -> None:
    """An empty circle: not yet."""
    ring(pixels, centre, 0.86 * radius, colour, max(2, 0.2 * radius))


def question(pixels: Pixels, centre: Point, radius: float, colour: Colour) -> None:
    """A dashed circle with a question mark: can't be seen."""
    x, y = centre
    for turn in range(0, 360, 45):
        size = round(0.88 * radius * (1 << SHIFT))
        width = max(2, round(0.14 * radius))
        at = _fixed(x, y)
        cv2.ellipse(pixels, at, (size, size), turn, 0, 26, colour[::-1], width, cv2.LINE_AA, SHIFT)
    arc = [math.radians(a) for a in range(170, 421, 25)]
    hook = [(x + 0.3 * radius * math.cos(a), y + (-0.2 + 0.3 * math.sin(a)) * radius) for a in arc]
    stroke(pixels, [*hook, (x, y + 0.22 * radius)], colour, max(2, 0.16 * radius))
    disc(pixels, (x, y + 0.48 * radius), 0.12 * radius, colour)


def cross(pixels: Pixels, centre: Point, radius: float, colour: Colour) -> None:
    """Two crossed strokes: it did not count."""
    x, y = centre
    for dy in (-radius, radius):
        stroke(pixels, [(x - radius, y - dy), (x + radius, y + dy)], colour, max(2, 0.4 * radius))


def info(pixels: Pixels, centre: Point, radius: float, colour: Colour) -> None:
    """A filled circle with an i: something to know."""
    x, y = centre
    disc(pixels, centre, radius, colour)
    disc(pixels, (x, y - 0.42 * radius), 0.14 * radius, NIGHT)
    stroke(pixels, [(x, y - 0.08 * radius), (x, y + 0.5 * radius)], NIGHT, 0.24 * radius)


def stop_sign(pixels: Pixels, centre: Point, radius: float, colour: Colour) -> None:
    """An octagon with a bar: stop."""
    x, y = centre
    turns = [math.radians(22.5 + 45 * i) for i in range(8)]
    polygon(pixels, [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in turns], colour)
    stroke(pixels, [(x - 0.5 * radius, y), (x + 0.5 * radius, y)], NIGHT, 0.3 * radius)


def pause(pixels: Pixels, centre: Point, radius: float, colour: Colour) -> None:
    """Two upright bars."""
    x, y = centre
    for dx in (-0.4, 0.4):
        stroke(
            pixels, [(x + dx * radius, y - 0.6 * radius), (x + dx * radius, y + 0.6 * radius)], colour, 0.36 * radius
        )


def skip(pixels: Pixels, centre: Point, radius: float, colour: Colour) -> None:
    """Two triangles that point onward."""
    x, y = centre
    for dx in (-0.8, 0.1):
        corners = [(dx, -0.7), (dx + 0.8, 0.0), (dx, 0.7)]
        polygon(pixels, [(x + a * radius, y + b * radius) for a, b in corners], colour)


def halt(pixels: Pixels, centre: Point, radius: float, colour: Colour) -> None:
    """A filled square: this ends."""
    x, y = centre
    corners = [(-0.7, -0.7), (0.7, -0.7), (0.7, 0.7), (-0.7, 0.7)]
    polygon(pixels, [(x + dx * radius, y + dy * radius) for dx, dy in corners], colour)


def hatched(pixels: Pixels, box: tuple[float, float, float, float], colour: Colour, width: float) -> None:
    """The outline of a box (left, top, right, bottom), filled with slanted lines: not known."""
    x0, y0, x1, y1 = box
    part = pixels[max(0, round(y0)) : max(0, round(y1)), max(0, round(x0)) : max(0, round(x1))]
    height, across = part.shape[:2]
    pitch = max(6.0, 4.5 * width)
    for i in range(math.ceil((height + across) / pitch)):
        stroke(part, [(0.0, i * pitch), (i * pitch, 0.0)], colour, width)
    if height and across:
        cv2.rectangle(part, (0, 0), (across - 1, height - 1), colour[::-1], max(1, round(width)))


def slash(pixels: Pixels, centre: Point, radius: float, colour: Colour) -> None:
    """The stroke that negates an icon."""
    x, y = centre
    ends = [(x - 0.85 * radius, y - 0.85 * radius), (x + 0.85 * radius, y + 0.85 * radius)]
    stroke(pixels, ends, CASING, 0.42 * radius)
    stroke(pixels, ends, colour, 0.18 * radius)


def eye_off(pixels: Pixels, centre: Point, radius: float, colour: Colour) -> None:
    """A crossed-out eye: can't see."""
    x, y = centre
    arch = [math.radians(a) for a in range(20, 161, 14)]
    upper = [(x + 1.06 * radius * math.cos(a), y + radius * (0.34 - math.sin(a))) for a in reversed(arch)]
    lower = [(x + 1.06 * radius * math.cos(a), y + radius * (math.sin(a) - 0.34)) for a in arch]
    stroke(pixels, upper + lower, colour, 0.16 * radius, is_closed=True)
    disc(pixels, centre, 0.3 * radius, colour)
    slash(pixels, centre, radius, colour)


def camera(pixels: Pixels, centre: Point, radius: float, colour: Colour) -> None:
    """A camera."""
    x, y = centre
    body = [(-0.95, -0.5), (0.35, -0.5), (0.35, 0.5), (-0.95, 0.5)]
    lens = [(0.45, -0.1), (0.95, -0.42), (0.95, 0.42), (0.45, 0.1)]
    for part in (body, lens):
        polygon(pixels, [(x + dx * radius, y + dy * radius) for dx, dy in part], colour)


def camera_off(pixels: Pixels, centre: Point, radius: float, colour: Colour) -> None:
    """A crossed-out camera."""
    camera(pixels, centre, radius, colour)
    slash(pixels, centre, radius, colour)


def speaker(pixels: Pixels, centre: Point, radius: float, colour: Colour, is_off: bool = False) -> None:
    """A loudspeaker, crossed out when nothing is heard."""
    x, y = centre
    horn = [(-0.85, -0.28), (-0.4, -0.28), (0.05, -0.7), (0.05, 0.7), (-0.4, 0.28), (-0.85, 0.28)]
    polygon(pixels, [(x + dx * radius, y + dy * radius) for dx, dy in horn], colour)
    if is_off:
        slash(pixels, centre, radius, colour)
        return
    for size in (0.4, 0.75):
        arc = [math.radians(a) for a in range(-45, 46, 15)]
        wave = [(x + radius * (0.1 + size * math.cos(a)), y + size * radius * math.sin(a)) for a in arc]
        stroke(pixels, wave, colour, 0.16 * radius)


def microphone(pixels: Pixels, centre: Point, radius: float, colour: Colour, is_off: bool = False) -> None:
    """A microphone, crossed out when nothing is listened to."""
    x, y = centre
    stroke(pixels, [(x, y - 0.55 * radius), (x, y + 0.05 * radius)], colour, 0.6 * radius)
    bow = [math.radians(a) for a in range(0, 181, 20)]
    arc = [(x + 0.6 * radius * math.cos(a), y + radius * (0.1 + 0.5 * math.sin(a))) for a in bow]
    stroke(pixels, arc, colour, 0.16 * radius)
    stroke(pixels, [(x, y + 0.6 * radius), (x, y + 0.95 * radius)], colour, 0.16 * radius)
    if is_off:
        slash(pixels, centre, radius, colour)


def brackets(pixels: Pixels, box: tuple[float, float, float, float], arm: float, colour: Colour, width: float) -> None:
    """The four corners of a box (left, top, right, bottom)."""
    x0, y0, x1, y1 = box
    for x, dx in ((x0, arm), (x1, -arm)):
        for y, dy in ((y0, arm), (y1, -arm)):
            corner = [(x + dx, y), (x, y), (x, y + dy)]
            stroke(pixels, corner, CASING, width + 3)
            stroke(pixels, corner, colour, width)
