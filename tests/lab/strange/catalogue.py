"""The strange split as data: three drawings from fixed seeds, each in an order of which any beginning is balanced.

The first, sixty clips, was looked into: what fell on it was mended. The second, 140 clips of other people, was drawn
after that and only counted. The third, 140 clips of people who are in neither, was drawn when the kinds of mistakes of
the second were to be mended; its first `LOOKED_INTO` clips were looked into, the others only counted. Four in ten
repetitions carry one plain fault, the others none. Names read ``EXERCISE.strange.NUMBER.FIGURE``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from tests.lab.scenario import Scenario
from tests.lab.strange.easings import FAMILIES, Stay, StrangeRep, Way
from tests.lab.strange.people import draw_people
from tests.lab.strange.rooms import draw_scene
from tests.lab.tempo import Span

FAULTY_SHARE = 0.4

Range = tuple[float, float]
Ranges = Mapping[str, Range]
"""Knobs, each with the lowest and the highest value that is drawn."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A seed, whom it draws from, and the numbers of its clips as multiples of `Kind.clips`."""

    seed: int
    people: tuple[int, int]
    first: Fraction
    last: Fraction


DRAWINGS = (
    Drawing(60_419, (0, 24), Fraction(0), Fraction(1)),
    Drawing(81_727, (24, 48), Fraction(1), Fraction(10, 3)),
    Drawing(97_301, (48, 72), Fraction(10, 3), Fraction(17, 3)),
)
LOOKED_INTO = 56
"""So many clips of the third drawing, in its order, were looked into."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A plain fault: knobs and times of the repetition, knobs of the whole clip."""

    name: str
    knobs: Ranges
    base: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """An exercise: how many clips, the sides, its times in seconds, its faults."""

    clips: int
    sides: tuple[str, ...]
    times: Ranges
    slips: tuple[Slip, ...]
    bases: tuple[Mapping[str, float], ...] = ({},)
    slowest_real_s: float = 0.0
    """A good way out takes at least this long as it is seen."""


SHORT_STRETCH = Slip("short-hold", {"hold_s": (0.5, 1.8)})
OVERHEAD = {"arms": 2.0}

KINDS: Mapping[str, Kind] = {
    "dead-bug": Kind(12, ("LRL", "RLR"), {"out_s": (2.2, 4.2), "hold_s": (0.1, 1.0), "back_s": (0.6, 3.0)}, (
        Slip("low-back-arch", {"arch_deg": (18.0, 30.0)}),
        Slip("low-back-arch", {"arch_deg": (18.0, 30.0)}),
        Slip("holding-leg-drift", {"drift_deg": (28.0, 40.0)}),
        Slip("too-fast", {"out_s": (0.4, 0.9)}),
        Slip("arms-drop", {"arms_deg": (34.0, 48.0)}),
        Slip("partial-reach", {"thigh_deg": (45.0, 55.0), "knee_deg": (118.0, 132.0)}),
    ), slowest_real_s=2.1),
    "bird-dog": Kind(12, ("LRL", "RLR"), {"out_s": (0.5, 3.2), "hold_s": (1.6, 2.6), "back_s": (0.4, 2.6)}, (
        Slip("back-sag", {"sag_deg": (25.0, 34.0)}),
        Slip("back-round", {"sag_deg": (-40.0, -30.0)}),
        Slip("leg-too-high", {"hip_deg": (199.0, 208.0), "sag_deg": (5.0, 9.0)}),
        Slip("short-hold", {"out_s": (0.5, 0.9), "hold_s": (0.02, 0.15), "back_s": (0.5, 0.9)}),
        Slip("same-side-limbs", {"same_side": (1.0, 1.0)}),
        Slip("weight-shift", {"shift_pct": (18.0, 26.0)}),
        Slip("head-drop", {"head_deg": (30.0, 44.0)}),
    )),
    "glute-bridge": Kind(9, ("--",), {"out_s": (0.5, 3.0), "hold_s": (5.9, 7.0), "back_s": (0.5, 3.0)}, (
        Slip("too-low", {"top_deg": (136.0, 148.0)}),
        Slip("over-arch", {"top_deg": (196.0, 204.0), "arch_deg": (16.0, 24.0)}, OVERHEAD),
        Slip("hips-sag", {"sag_deg": (16.0, 22.0)}, OVERHEAD),
        Slip("short-hold", {"hold_s": (0.6, 2.4)}),
    ), bases=({}, OVERHEAD)),
    "pelvic-tilt": Kind(9, ("--",), {"out_s": (0.3, 3.0), "hold_s": (5.6, 6.6), "back_s": (0.3, 3.0)}, (
        Slip("hips-lift", {"rise_tl": (0.085, 0.105)}),
        Slip("no-flattening", {"flat_tl": (0.003, 0.006)}),
        Slip("tilt-lost", {"lost": (0.55, 0.85)}),
        Slip("head-lift", {"ear_tl": (0.12, 0.16)}),
        Slip("short-hold", {"hold_s": (0.6, 2.2)}),
    ), bases=({"arms": 1.0}, {"arms": 2.0})),
    "hip-flexor-stretch": Kind(6, ("-",), {"out_s": (0.8, 4.0), "hold_s": (4.6, 6.0), "back_s": (0.8, 4.0)}, (
        Slip("back-arch", {"lumbar_deg": (23.0, 33.0)}),
        Slip("lean-forward", {"lean_deg": (22.0, 31.0)}),
        Slip("knee-past-toes", {"shift_deg": (28.0, 33.0)}, {"front_deg": 90.0}),
        Slip("bouncing", {"bounce_tl": (0.055, 0.08)}),
        SHORT_STRETCH,
    ), bases=({}, {"hands": 1.0})),
    "piriformis-stretch": Kind(6, ("-",), {"out_s": (2.0, 6.0), "hold_s": (4.6, 5.4), "back_s": (1.8, 4.0)}, (
        Slip("back-round", {"round_deg": (34.0, 50.0)}),
        Slip("no-lean", {"lean_deg": (3.0, 8.0)}),
        Slip("lean-too-far", {"lean_deg": (68.0, 76.0)}),
        SHORT_STRETCH,
    )),
    "running": Kind(6, ("-",), {"out_s": (0.5, 1.4), "hold_s": (6.0, 7.0), "back_s": (0.5, 1.2)}, (
        Slip("low-cadence", {"cadence_spm": (136.0, 150.0)}),
        Slip("bouncy", {"bounce_m": (0.12, 0.145)}),
        Slip("waist-lean", {"lean_deg": (31.0, 36.0)}),
        Slip("overstride", {"overstride_deg": (10.0, 16.0)}),
        Slip("hunched-shoulders", {"hunch_deg": (18.0, 27.0)}),
        Slip("over-arch", {"lumbar_deg": (24.0, 34.0)}),
    )),
}  # fmt: skip

STRETCHES = ("hip-flexor-stretch", "piriformis-stretch")
ASKED_HOLD_S = 4.0
TIMES = ("out_s", "hold_s", "back_s")
LEAD_S, TAIL_S, REST_S = (1.7, 2.4), (1.0, 1.4), (0.5, 1.3)
TIRED = 1.5
"""Factor of tremor and drift of the last repetition of who tires."""


def list_strangers() -> list[Scenario]:
    """Every clip, drawing after drawing; of each, the first ones of all exercises first."""
    return [clip for drawing in DRAWINGS for clip in _draw_clips(drawing)]


def _draw_clips(drawing: Drawing) -> list[Scenario]:
    seed, people = drawing.seed, draw_people()[slice(*drawing.people)]
    turns: list[tuple[float, Scenario]] = []
    for place, (exercise, kind) in enumerate(KINDS.items()):
        first, last = (int(times * kind.clips) for times in (drawing.first, drawing.last))
        for number in range(first, last):
            rng = np.random.default_rng([seed, place, number])
            figure = people[int(rng.integers(len(people)))]
            base = _base(exercise, kind, number)
            reps, base = _draw_reps(exercise, kind, base, rng)
            clip = Scenario(
                f"{exercise}.strange.{number:02d}.{figure.name}",
                exercise,
                figure,
                draw_scene(exercise, figure, rng),
                reps,
                seed=seed + 100 * place + number,
                lead_s=_pick(LEAD_S, rng),
                tail_s=_pick(TAIL_S, rng),
                base=MappingProxyType(base),
                split="strange",
                kind="strange",
            )
            turns.append(((number - first + 0.5 + 0.01 * place) / (last - first), clip))
    return [clip for _, clip in sorted(turns, key=lambda turn: turn[0])]


def _base(exercise: str, kind: Kind, number: int) -> dict[str, float]:
    """Knobs of a clip before its faults."""
    base = dict(kind.bases[number % len(kind.bases)])
    if exercise in STRETCHES:
        base |= {"side": 1.0 if number % 2 else -1.0, "hold_s": ASKED_HOLD_S}
    return base


def _draw_reps(
    exercise: str, kind: Kind, base: dict[str, float], rng: np.random.Generator
) -> tuple[tuple[StrangeRep, ...], dict[str, float]]:
    """The repetitions of a clip, and its knobs."""
    sides = kind.sides[int(rng.integers(len(kind.sides)))]
    slower = dict(zip("LR", (1.0, _pick((1.0, 1.35), rng)), strict=True))
    stay, is_tired = _draw_stay(exercise, rng), rng.random() < 0.35
    reps = []
    for index, side in enumerate(sides):
        slip = kind.slips[int(rng.integers(len(kind.slips)))] if rng.random() < FAULTY_SHARE else None
        own = {name: _pick(limits, rng) for name, limits in (slip.knobs if slip else {}).items()}
        base |= slip.base if slip else {}
        when = {name: own.pop(name, None) or slower.get(side, 1.0) * _pick(kind.times[name], rng) for name in TIMES}
        if exercise in STRETCHES:
            side = "L" if base["side"] > 0 else "R"
        tires = TIRED if is_tired and index == len(sides) - 1 else 1.0
        ways = list(_draw_ways(exercise, rng))
        rep = StrangeRep(
            side.strip("-"),
            when["out_s"],
            when["hold_s"],
            when["back_s"],
            _pick(REST_S, rng),
            MappingProxyType(own),
            *ways,
            Stay(tires * stay.drift, stay.breath, tires * stay.tremor, stay.tremor_hz),
        )
        if slip is None or slip.name != "too-fast":
            rep = _slow_down(rep, kind.slowest_real_s)
        reps.append(rep)
    return tuple(reps), base


def _draw_ways(exercise: str, rng: np.random.Generator) -> Iterator[Way]:
    """Two ways, out and back; a runner gets up to speed smoothly."""
    for _ in range(2):
        family = "smooth" if exercise == "running" else str(rng.choice(list(FAMILIES)))
        yield Way(family, round(float(rng.random()), 3))


def _draw_stay(exercise: str, rng: np.random.Generator) -> Stay:
    """What the holds of a clip do."""
    if exercise == "running":
        return Stay()
    drift = float(rng.choice([0.0, rng.uniform(0.01, 0.06)]))
    breath = float(rng.choice([0.0, rng.uniform(0.004, 0.015)]))
    tremor = float(rng.choice([0.0, rng.uniform(0.003, 0.012)]))
    return Stay(drift, breath, tremor, float(rng.uniform(3.0, 7.0)))


def _slow_down(rep: StrangeRep, least_s: float) -> StrangeRep:
    """The repetition with a way out that is not seen to be quicker than ``least_s``, whatever its easing."""
    span = rep.seen(Span(0.0, rep.out_s, rep.out_s + rep.hold_s, rep.out_s + rep.hold_s + rep.back_s))
    out_s = rep.out_s * max(1.0, least_s / max(span.arrive_s - span.start_s, 1e-3))
    return StrangeRep(rep.side, out_s, rep.hold_s, rep.back_s, rep.rest_s, rep.knobs, rep.out, rep.back, rep.stay)


def _pick(limits: Range, rng: np.random.Generator) -> float:
    """A number from a range."""
    return round(float(rng.uniform(*limits)), 3)
