"""Plain charts as SVG. Shapes and stripes tell things apart, never a colour; every text is escaped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from formcheck.core.rules.events import Verdict
from formcheck.core.text import phrase
from formcheck.export.report.words import VERDICTS
from formcheck.session.texts import Translate

Shape = Literal["disc", "ring", "triangle", "square"]
SHAPES: dict[Verdict, Shape] = {"clean": "disc", "faulty": "triangle", "not-judged": "square"}

Box = tuple[float, float, float, float]
"""Left, top, width, height."""

WIDTH, HEIGHT = 300.0, 162.0
LEFT, RIGHT, TOP, BOTTOM = 34.0, 6.0, 24.0, 22.0
"""Room around the field, in units of the drawing."""
FONT = "Atkinson Hyperlegible, Helvetica Neue, Arial, Liberation Sans, sans-serif"
LETTER = 6.0
"""About how wide a letter is."""
STRIPE = 4.0
MARKS: dict[Shape, tuple[tuple[float, float], str, str]] = {
    "disc": ((-3.6, 0.0), "a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0z", "#111"),
    "ring": ((-3.6, 0.0), "a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0z", "#fff"),
    "triangle": ((0.0, -5.0), "l4.6 8h-9.2z", "#bbb"),
    "square": ((-3.5, -3.5), "h7v7h-7z", "#fff"),
}
"""Where the path of a mark begins, how it goes on, and its filling."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One value."""

    x: float
    y: float
    sd: float | None = None
    """Whiskers of this length, where its doubt is known."""


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one kind."""

    label: str
    shape: Shape
    dots: tuple[Dot, ...]
    is_joined: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """Counts of one moment, one upon the other."""

    label: str
    clean: int = 0
    faulty: int = 0
    not_judged: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.clean + self.faulty + self.not_judged


@dataclass(frozen=True, slots=True)
class _Field:
    """From values to places."""

    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        across = (x - self.x[0]) / (self.x[1] - self.x[0] or 1.0)
        up = (y - self.y[0]) / (self.y[1] - self.y[0] or 1.0)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)


def dots(
    translate: Translate,
    title: str,
    series: Sequence[Series],
    labels: Sequence[tuple[float, str]],
    *,
    line: tuple[float, str] | None = None,
    low: float | None = None,
    high: float | None = None,
) -> Markup:
    """Values as marks, with whiskers where their doubt is known.

    Args:
        translate: takes its words into a language.
        title: what it shows, for whoever can't see it.
        series: what to draw.
        labels: places along the bottom and what stands there.
        line: a value that was asked for, and its name.
        low: the least value of the scale, where it is given.
        high: the largest, likewise.
    """
    shown = [one for one in series if one.dots]
    values = [dot.y + sign * (dot.sd or 0.0) for one in shown for dot in one.dots for sign in (-1, 1)]
    values += [line[0]] if line else []
    steps = _steps(min(values) if low is None else low, max(values) if high is None else high)
    places = [x for x, _ in labels] + [dot.x for one in shown for dot in one.dots]
    margin = max(0.5, (max(places) - min(places)) * 0.03)
    field = _Field((min(places) - margin, max(places) + margin), (steps[0], steps[-1]))
    parts = [_scale(translate, field, steps), _along(field, [(x, translate(label)) for x, label in labels])]
    parts.append(_legend([(one.shape, translate(one.label)) for one in shown]))
    if line:
        parts.append(_asked(field, line[0], translate(line[1])))
    parts += [_series(field, one) for one in shown]
    return _svg(translate(title), parts)


def stacked(translate: Translate, title: str, bars: Sequence[Bar]) -> Markup:
    """Counts by verdict: clean is solid, with a fault striped, not judged empty."""
    steps = _steps(0.0, float(max((bar.total for bar in bars), default=1)), is_whole=True)
    field = _Field((-0.5, len(bars) - 0.5), (0.0, steps[-1]))
    parts = [_scale(translate, field, steps), _along(field, list(enumerate(translate(bar.label) for bar in bars)))]
    blocks: dict[Verdict, list[Box]] = {verdict: [] for verdict in VERDICTS}
    for place, bar in enumerate(bars):
        below = 0
        for verdict, count in _counts(bar).items():
            blocks[verdict] += [_block(field, place, below, below + count)] if count else []
            below += count
    parts.append(_bar_legend(translate, [verdict for verdict, boxes in blocks.items() if boxes]))
    parts += [_filled(boxes, verdict) for verdict, boxes in blocks.items() if boxes]
    return _svg(translate(title), parts)


def columns(translate: Translate, title: str, bars: Sequence[tuple[str, int]]) -> Markup:
    """One number each, written above its bar."""
    steps = _steps(0.0, float(max((count for _, count in bars), default=1)), is_whole=True)
    field = _Field((-0.5, len(bars) - 0.5), (0.0, steps[-1]))
    parts = [
        _scale(translate, field, steps),
        _along(field, [(i, translate(label)) for i, (label, _) in enumerate(bars)]),
    ]
    blocks = [_block(field, place, 0, count) for place, (_, count) in enumerate(bars) if count]
    parts += [_filled(blocks, "clean")] if blocks else []
    for place, (_, count) in enumerate(bars):
        x, y = field.at(place, count)
        parts.append(_text(x, y - 4, str(count), "middle"))
    return _svg(translate(title), parts)


def _counts(bar: Bar) -> dict[Verdict, int]:
    return {"clean": bar.clean, "faulty": bar.faulty, "not-judged": bar.not_judged}


def _svg(title: str, parts: Iterable[Markup]) -> Markup:
    return Markup('<svg viewBox="0 0 {:g} {:g}" font-family="{}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, HEIGHT, FONT, title, Markup().join(parts)
    )


def _text(x: float, y: float, text: str, anchor: str, size: float = 12) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" font-size="{:g}" fill="#111">{}</text>').format(
        x, y, anchor, size, text
    )


def _path(points: str, width: float, extra: str = "", colour: str = "#111") -> Markup:
    return Markup('<path d="{}" fill="none" stroke="{}" stroke-width="{:g}"{}/>').format(
        points, colour, width, Markup(extra)
    )


def _steps(low: float, high: float, *, is_whole: bool = False) -> list[float]:
    """Round values from below the least to above the largest, five to seven of them."""
    span = max(high - low, 1e-6)
    rough = span / 5
    unit = 10.0 ** math.floor(math.log10(rough))
    factors = (1, 2, 5, 10) if is_whole else (1, 2, 2.5, 5, 10)
    step = next(factor * unit for factor in factors if factor * unit >= rough * (1 - 1e-9))
    step = max(1.0, step) if is_whole else step
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [i * step for i in range(first, max(last, first + 1) + 1)]


def _scale(translate: Translate, field: _Field, steps: Sequence[float]) -> Markup:
    """Lines across with their values; the one at zero is stronger."""
    heights = {value: field.at(field.x[0], value)[1] for value in steps}
    lines = {value: f"M{LEFT:g} {y:.1f}H{WIDTH - RIGHT:g}" for value, y in heights.items()}
    parts = [_path("".join(line for value, line in lines.items() if value), 0.4, colour="#888")]
    parts += [_path(lines[0.0], 1.0)] if 0.0 in lines else []
    parts += [
        _text(LEFT - 4, y + 4, translate(phrase("{value:g}", value=value)).replace("-", "−"), "end")
        for value, y in heights.items()
    ]
    return Markup().join(parts)


def _along(field: _Field, labels: Sequence[tuple[float, str]]) -> Markup:
    """What stands along the bottom; where there are many, not each of them."""
    wanted = sum(LETTER * len(label) + 12 for _, label in labels)
    every = max(1, math.ceil(wanted / (WIDTH - LEFT - RIGHT)))
    parts = []
    for x, label in list(labels)[::every]:
        half = LETTER * len(label) / 2
        parts.append(_text(min(field.at(x, 0)[0], WIDTH - half), HEIGHT - 6, label, "middle"))
    return Markup().join(parts)


def _legend(entries: Sequence[tuple[Shape, str]]) -> Markup:
    parts, x = [], LEFT
    for shape, label in entries:
        if label:
            parts += [_marks([(x + 4, 9)], shape), _text(x + 12, 13, label, "start")]
            x += 24 + LETTER * len(label)
    return Markup().join(parts)


def _bar_legend(translate: Translate, kinds: Sequence[Verdict]) -> Markup:
    parts, x = [], LEFT
    for verdict in kinds:
        label = translate(VERDICTS[verdict])
        parts += [_filled([(x, 4, 10, 10)], verdict), _text(x + 14, 13, label, "start")]
        x += 26 + LETTER * len(label)
    return Markup().join(parts)


def _asked(field: _Field, value: float, name: str) -> Markup:
    _, y = field.at(field.x[0], value)
    dashed = _path(f"M{LEFT:.1f} {y:.1f}H{WIDTH - RIGHT:.1f}", 1.2, ' stroke-dasharray="6 3"')
    return dashed + _text(WIDTH - RIGHT, y - 3, name, "end")


def _series(field: _Field, series: Series) -> Markup:
    places = [field.at(dot.x, dot.y) for dot in series.dots]
    parts = []
    if series.is_joined and len(places) > 1:
        parts.append(_path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places), 0.8, colour="#666"))
    ends = ""
    for dot, (x, _) in zip(series.dots, places, strict=True):
        if dot.sd is not None:
            top, bottom = field.at(dot.x, dot.y + dot.sd)[1], field.at(dot.x, dot.y - dot.sd)[1]
            ends += f"M{x - 3:.1f} {top:.1f}h6M{x:.1f} {top:.1f}V{bottom:.1f}M{x - 3:.1f} {bottom:.1f}h6"
    parts += [_path(ends, 0.8)] if ends else []
    return Markup().join([*parts, _marks(places, series.shape)])


def _marks(places: Sequence[tuple[float, float]], shape: Shape) -> Markup:
    """All marks of one kind, as one path."""
    start, rest, fill = MARKS[shape]
    path = "".join(f"M{x + start[0]:.1f} {y + start[1]:.1f}{rest}" for x, y in places)
    return Markup('<path class="{}" d="{}" fill="{}" stroke="#111" stroke-width="1.2"/>').format(shape, path, fill)


def _block(field: _Field, place: float, low: float, high: float) -> Box:
    x, bottom = field.at(place, low)
    _, top = field.at(place, high)
    width = min(24.0, 0.7 * (WIDTH - LEFT - RIGHT) / (field.x[1] - field.x[0]))
    return x - width / 2, top, width, bottom - top


def _filled(boxes: Sequence[Box], verdict: Verdict) -> Markup:
    """Blocks that say their verdict by how they are filled."""
    path = "".join(f"M{x:.1f} {y:.1f}h{width:.1f}v{height:.1f}h{-width:.1f}z" for x, y, width, height in boxes)
    drawn = Markup('<path class="{}" d="{}" fill="{}" stroke="#111" stroke-width="0.8"/>').format(
        verdict, path, "#333" if verdict == "clean" else "#fff"
    )
    if verdict != "faulty":
        return drawn
    lines = (
        f"M{x:.1f} {y + STRIPE * i:.1f}h{width:.1f}"
        for x, y, width, height in boxes
        for i in range(1, math.ceil(height / STRIPE))
    )
    return drawn + _path("".join(lines), 1.4)
