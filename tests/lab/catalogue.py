"""Catalogue: all scenarios by name.

Names read ``EXERCISE.good.FIGURE...``, ``EXERCISE.plain.FAULT``, ``EXERCISE.under.FAULT`` (a near miss, just under its
threshold) and ``EXERCISE.hidden-hips``; ``demo-...`` ship with the product.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.lab.people import ANNA, BEN, CHIKA, DORA, EMIL, EVERYONE, FARID
from tests.lab.scenario import Scenario, Specials, plan_reps
from tests.lab.scene import Scene

DEMO = Scene(width=1280, height=720, fps=30, camera_height_m=0.24, body_share=0.70)
STUDY = Scene(width=848, height=480, fps=15, camera_height_m=0.26, body_share=0.68)
"""Enough for rules; the frame rate is what a loaded laptop gives."""

DEAD_BUG_TIMES = {"out_s": 2.8, "hold_s": 0.3, "back_s": 2.0, "rest_s": 0.7}
BIRD_DOG_TIMES = {"out_s": 1.8, "hold_s": 1.3, "back_s": 1.6, "rest_s": 0.8}
BRIEF = {"out_s": 1.1, "hold_s": 0.02, "back_s": 1.0}
"""A reach that is barely held: hands and leg turn round on arrival."""

BRIDGE_TIMES = {"out_s": 1.6, "hold_s": 4.5, "back_s": 2.2, "rest_s": 1.2}

SHIPPED = (
    Scenario(
        "demo-dead-bug", "dead-bug", ANNA, DEMO,
        plan_reps("LRLRLR", DEAD_BUG_TIMES, specials={2: {"arch_deg": 27.0}, 4: {"out_s": 0.9}}), seed=11,
    ),
    Scenario(
        "demo-bird-dog", "bird-dog", BEN, replace(DEMO, body_share=0.80),
        plan_reps("LRLR", BIRD_DOG_TIMES, specials={1: {"sag_deg": 28.0}, 3: BRIEF}), seed=12,
    ),
    Scenario(
        "demo-glute-bridge", "glute-bridge", FARID, DEMO,
        plan_reps("----", BRIDGE_TIMES, specials={1: {"hold_s": 1.4}, 2: {"top_deg": 140.0}}), seed=13,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """Knobs that make a fault plain, and knobs that stay just under its threshold; None when there is no such thing."""

    name: str
    plain: Mapping[str, float]
    under: Mapping[str, float] | None
    base: Mapping[str, float] = field(default_factory=dict)
    base_under: Mapping[str, float] = field(default_factory=dict)
    sides: str | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """An exercise with its ordinary repetitions and its faults."""

    exercise: str
    sides: str
    times: Mapping[str, float]
    share: float
    width: int
    faults: tuple[Fault, ...]


FAMILIES = (
    Family("dead-bug", "LRLR", DEAD_BUG_TIMES, 0.68, 848, (
        Fault("low-back-arch", {"arch_deg": 27.0}, {"arch_deg": 8.0}),
        Fault("holding-leg-drift", {"drift_deg": 33.0}, {"drift_deg": 14.0}),
        Fault("too-fast", {"out_s": 0.9}, {"out_s": 1.85}),
        Fault("arms-drop", {"arms_deg": 42.0}, {"arms_deg": 18.0}),
        Fault("same-side-twice", {}, None, sides="LRRL"),
        Fault("partial-reach", {"thigh_deg": 50.0, "knee_deg": 122.0}, {"thigh_deg": 22.0, "knee_deg": 156.0}),
    )),
    Family("bird-dog", "LRLR", BIRD_DOG_TIMES, 0.78, 640, (
        Fault("back-sag", {"sag_deg": 32.0}, {"sag_deg": 9.0}),
        Fault("back-round", {"sag_deg": -36.0}, {"sag_deg": -10.0}),
        Fault("leg-too-high", {"hip_deg": 207.0, "sag_deg": 8.0}, {"hip_deg": 184.0}),
        Fault("short-hold", BRIEF, {"hold_s": 0.55}),
        Fault("same-side-limbs", {"same_side": 1.0}, None),
        Fault("partial-reach", {"hip_deg": 138.0, "knee_deg": 122.0}, {"hip_deg": 169.0, "knee_deg": 164.0}),
        Fault("weight-shift", {"shift_pct": 24.0}, {"shift_pct": 7.0}),
        Fault("head-drop", {"head_deg": 42.0}, {"head_deg": 13.0}),
    )),
    Family("glute-bridge", "---", BRIDGE_TIMES, 0.70, 640, (
        Fault("too-low", {"top_deg": 140.0}, {"top_deg": 167.0}),
        Fault("over-arch", {"top_deg": 202.0, "arch_deg": 24.0}, {"top_deg": 184.0, "arch_deg": 4.0}),
        Fault("hips-sag", {"sag_deg": 20.0}, {"sag_deg": 6.0}),
        Fault("short-hold", {"hold_s": 1.4}, {"hold_s": 3.75}),
        Fault("feet-too-far", {}, {}, base={"knee_deg": 131.0}, base_under={"knee_deg": 106.0}),
    )),
)  # fmt: skip

VIEWS = ((0.0, "right"), (10.0, "left"), (20.0, "right"), (-10.0, "left"), (0.0, "left"), (-20.0, "right"))
"""Azimuth and the side where the head lies, one for each figure, so that both directions and all views occur."""

ROOMS: tuple[Mapping[str, object], ...] = (
    {},
    {"floor": "carpet", "mat": (150, 60, 70), "wall": (176, 190, 200), "camera_height_m": 0.45},
    {"floor": "tiles", "mat": (60, 80, 140), "wall": (222, 216, 204), "key_light": 0.55},
    {"floor": "plain", "mat": (120, 118, 60), "wall": (150, 140, 132), "camera_height_m": 0.35},
    {"floor": "wood", "mat": None, "wall": (216, 222, 214), "light_from": (0.9, -1.2, 2.0)},
    {"floor": "carpet", "mat": (58, 58, 66), "wall": (188, 178, 170), "camera_height_m": 0.60},
)


def make_room(family: Family) -> Scene:
    """The ordinary room of a family; finer where the signal is finer (the gap under a lying back)."""
    return replace(STUDY, width=family.width, height=family.width * 9 // 16 // 2 * 2, body_share=family.share)


def make_good(family: Family) -> list[Scenario]:
    """Correct form by every figure, each in a view and a room of its own."""
    found = []
    for index, figure in enumerate(EVERYONE):
        azimuth, head = VIEWS[index]
        view = replace(make_room(family), azimuth_deg=azimuth, head_at=head)
        room = replace(view, **ROOMS[index])  # type: ignore[arg-type]
        name = f"{family.exercise}.good.{figure.name}.{head}.{azimuth:+.0f}"
        reps = plan_reps(family.sides, family.times)
        found.append(Scenario(name, family.exercise, figure, room, reps, seed=100 + index))
    return found


def make_plain(family: Family) -> list[Scenario]:
    """Each fault plainly, in repetitions 2 and 4 (or in all, set by ``base``)."""
    return _make_faulty(family, "plain")


def make_under(family: Family) -> list[Scenario]:
    """Each fault just under its threshold: near misses."""
    return _make_faulty(family, "under")


def _make_faulty(family: Family, kind: str) -> list[Scenario]:
    """One clip for each fault of a family, of one kind."""
    found = []
    people, heads = (ANNA, BEN, CHIKA, FARID, DORA, EMIL), ("right", "left")
    for index, fault in enumerate(family.faults):
        scene = replace(make_room(family), head_at=heads[index % 2])
        figure = people[index % len(people)]
        plain = kind == "plain"
        knobs, base = (fault.plain, fault.base) if plain else (fault.under, fault.base_under)
        if knobs is None:
            continue
        specials: Specials = {1: knobs, 3: knobs}
        reps = plan_reps(fault.sides or family.sides, family.times, specials=specials)
        name = f"{family.exercise}.{kind}.{fault.name}"
        found.append(Scenario(name, family.exercise, figure, scene, reps, seed=200 + index, base=base))
    return found


def make_hidden(family: Family) -> list[Scenario]:
    """Hips behind a box: a coach must not judge."""
    scene = replace(make_room(family), hips_box=True, camera_height_m=0.40)
    reps = plan_reps(family.sides[:3], family.times)
    return [Scenario(f"{family.exercise}.hidden-hips", family.exercise, CHIKA, scene, reps, seed=300)]


def list_scenarios() -> list[Scenario]:
    """Every scenario, the shipped ones first."""
    found = list(SHIPPED)
    for make in (make_plain, make_good, make_under, make_hidden):
        for family in FAMILIES:
            found += make(family)
    return found


def find_scenarios(names: list[str], everything: bool) -> list[Scenario]:
    """Scenarios whose names begin with one of ``names``, or all that do not ship."""
    wanted = tuple(names)
    return [
        scenario
        for scenario in list_scenarios()
        if (everything and scenario not in SHIPPED) or (wanted and scenario.name.startswith(wanted))
    ]
