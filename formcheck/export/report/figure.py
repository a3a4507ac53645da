"""A stick figure as SVG: the left side solid, the right side dashed, the outline of the back thick."""

from __future__ import annotations

from itertools import pairwise

from markupsafe import Markup

from formcheck.core.body.pose import Joint
from formcheck.core.text import marked
from formcheck.session.document import Figure

Point = tuple[float, float]
WIDTH, HEIGHT_MAX, MARGIN = 200.0, 150.0, 10.0
HEAD_TL = 0.13
"""Radius of the head, torso lengths."""
CHAINS = (
    ("SHOULDER", "ELBOW", "WRIST"),
    ("SHOULDER", "HIP", "KNEE", "ANKLE", "TOE"),
    ("ANKLE", "HEEL"),
)
LEGEND = marked("left side solid, right side dashed, the outline of the back thick")


def stick(figure: Figure, title: str) -> Markup | None:
    """The figure of a moment; None where too little was seen to draw one."""
    left, right = _bones(figure, "LEFT"), _bones(figure, "RIGHT")
    if len(left) + len(right) < len(CHAINS):
        return None
    seen = [point for pair in (*left, *right) for point in pair] + [point for point in figure.back if point]
    head = _head(figure)
    around = [(head[0] + dx, head[1] + dy) for dx in (-HEAD_TL, HEAD_TL) for dy in (-HEAD_TL, HEAD_TL)] if head else []
    fit = _Fit([*seen, *around])
    shoulders = [p for joint in (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER) if (p := _joint(figure, joint))]
    neck = [(shoulders[0], head)] if head and shoulders else []
    parts = [_limbs(fit, [*left, *neck])] + ([_limbs(fit, right, ' stroke-dasharray="4 3"')] if right else [])
    if head:
        x, y = fit.at(head)
        parts.append(
            Markup('<circle cx="{:.1f}" cy="{:.1f}" r="{:.1f}" fill="#fff" stroke="#111" stroke-width="1.8"/>').format(
                x, y, HEAD_TL * fit.scale
            )
        )
    parts.append(_outline(fit, figure.back))
    return Markup('<svg viewBox="0 0 {:g} {:g}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, fit.height, title, Markup().join(parts)
    )


class _Fit:
    """From torso lengths to the drawing, the same scale both ways."""

    def __init__(self, points: list[Point]) -> None:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        wide, tall = max(max(xs) - min(xs), 0.1), max(max(ys) - min(ys), 0.1)
        self.scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT_MAX - 2 * MARGIN) / tall)
        self.height = tall * self.scale + 2 * MARGIN
        self._middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2

    def at(self, point: Point) -> Point:
        across, down = point[0] - self._middle[0], point[1] - self._middle[1]
        return WIDTH / 2 + across * self.scale, self.height / 2 + down * self.scale


def _joint(figure: Figure, joint: Joint) -> Point | None:
    return figure.joints[joint] if joint < len(figure.joints) else None


def _bones(figure: Figure, side: str) -> list[tuple[Point, Point]]:
    found = []
    for chain in CHAINS:
        points = [_joint(figure, Joint[f"{side}_{name}"]) for name in chain]
        found += [(a, b) for a, b in pairwise(points) if a and b]
    return found


def _head(figure: Figure) -> Point | None:
    points = [p for joint in (Joint.LEFT_EAR, Joint.RIGHT_EAR, Joint.NOSE) if (p := _joint(figure, joint))]
    if not points:
        return None
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _limbs(fit: _Fit, bones: list[tuple[Point, Point]], extra: str = "") -> Markup:
    """All limbs of one side, as one path."""
    ends = [(*fit.at(a), *fit.at(b)) for a, b in bones]
    path = "".join(f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" for x1, y1, x2, y2 in ends)
    return Markup('<path d="{}" fill="none" stroke="#555" stroke-width="1.8" stroke-linecap="round"{}/>').format(
        path, Markup(extra)
    )


def _outline(fit: _Fit, back: tuple[Point | None, ...]) -> Markup:
    """The outline in pieces: a gap where it was not seen."""
    path, is_open = "", False
    for point in back:
        if point is not None:
            x, y = fit.at(point)
            path += f"{'L' if is_open else 'M'}{x:.1f} {y:.1f}"
        is_open = point is not None
    if not path:
        return Markup()
    return Markup(
        '<path d="{}" fill="none" stroke="#111" stroke-width="4.5" stroke-linecap="round" stroke-linejoin="round"/>'
    ).format(path)
