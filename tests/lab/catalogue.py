"""Catalogue: all scenarios by name.

Names read ``EXERCISE.SPLIT.KIND[.WHAT].FIGURE``: ``dead-bug.test.over.arms-drop.kofi``. Kinds are ``good`` (correct
form), ``plain``, ``over`` and ``under`` (a fault: about twice its threshold, just over it, just under it), ``sizes``
(the fault of the back at growing sizes), ``life`` (what people do between sets), ``hidden``, ``visitor`` and ``room``;
``demo-...`` ship with the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.lab.body import Figure
from tests.lab.families import BIRD_DOG_TIMES, BRIEF, DEAD_BUG_TIMES, FAMILIES, TILT_TIMES, Family, Fault
from tests.lab.families_upright import FIGURE_4_TIMES, HIP_TIMES, LONG, RUN_TIMES, list_upright
from tests.lab.life import LIVES
from tests.lab.pause import PAUSE_S
from tests.lab.people import ANNA, BEN, CHIKA, DORA, EMIL, FARID, TEST_PEOPLE, TUNE_PEOPLE
from tests.lab.rooms import (
    HELPERS,
    HIDDEN,
    SIDE_VIEWS,
    SPECIAL,
    TEST_ROOMS,
    TUNE_ROOMS,
    TUNE_VIEWS,
    VIEWS,
    VISITORS,
    make_room,
    upright,
)
from tests.lab.scenario import Scenario, Specials, plan_reps
from tests.lab.scene import Scene
from tests.lab.tempo import lay_out

DEMO = Scene(width=1280, height=720, fps=30, camera_height_m=0.24, body_share=0.70)
DEMO_BRIDGE_TIMES = {"out_s": 1.6, "hold_s": 4.5, "back_s": 2.2, "rest_s": 1.2}
DEMO_UPRIGHT = Scene(width=960, height=720, fps=10, camera_height_m=0.60, body_share=0.62)
"""A person who kneels, sits or runs needs the height, and a stretch of 20 s few pictures a second."""

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
        plan_reps("----", DEMO_BRIDGE_TIMES, specials={1: {"hold_s": 1.4}, 2: {"top_deg": 140.0}}), seed=13,
    ),
    Scenario(
        "demo-pelvic-tilt", "pelvic-tilt", CHIKA, replace(DEMO, fps=20, body_share=0.72),
        plan_reps("---", TILT_TIMES, specials={1: {"rise_tl": 0.105}}), seed=14, base={"arms": 2.0},
    ),
    Scenario(
        "demo-hip-flexor-stretch", "hip-flexor-stretch", DORA, DEMO_UPRIGHT,
        plan_reps("LL", {**HIP_TIMES, **LONG}, specials={1: {"lean_deg": 31.0}}), seed=15,
        base={"side": 1.0, "hold_s": 20.0},
    ),
    Scenario(
        "demo-piriformis-stretch", "piriformis-stretch", EMIL,
        replace(DEMO_UPRIGHT, camera_height_m=0.65, seat_height_m=0.44, mat=None),
        plan_reps("RR", {**FIGURE_4_TIMES, **LONG}, specials={1: {"hold_s": 8.0}}), seed=16,
        base={"side": -1.0, "hold_s": 20.0},
    ),
    Scenario(
        "demo-running", "running", FARID,
        replace(DEMO_UPRIGHT, fps=30, camera_height_m=0.78, treadmill=True, mat=None),
        plan_reps("-", {**RUN_TIMES, "hold_s": 11.0}, specials={0: {"cadence_spm": 138.0}}), seed=17,
    ),
)  # fmt: skip

PLAIN_TWICE = ("plain", "plain", "over", "under")
"""Each fault on the test split: plainly on two bodies, then just over and just under its threshold."""

ALWAYS = ("coming-back",)
"""Life that every lying exercise has on the test split; it takes longer than the rest."""

SHORTEST = 0.85
"""Share of its nominal time that a part of a repetition lasts at least."""


class Maker:
    """Makes the scenarios of one family in one split."""

    def __init__(self, family: Family, split: str, order: int) -> None:
        self.family = family
        self.split = split
        self.is_test = split == "test"
        self._people = TEST_PEOPLE if self.is_test else TUNE_PEOPLE
        self._rooms = TEST_ROOMS if self.is_test else TUNE_ROOMS
        self._order = order

    def all(self) -> Iterator[Scenario]:
        """Every scenario of the family."""
        yield from self.good()
        yield from self.faulty()
        yield from self.hidden()
        yield from self.visitors()
        yield from self.rooms()
        yield from self.lives()
        if self.is_test:
            yield from self.long()
            yield from self.sizes()
            yield self.interrupted()
            yield from self.helped()

    def good(self) -> Iterator[Scenario]:
        """Correct form, each figure in a view and a room of its own."""
        views = VIEWS if self.is_test else TUNE_VIEWS
        for index, (azimuth, head) in enumerate(views):
            figure, scene = self._place(index, azimuth_deg=azimuth, head_at=head)
            base = self.family.bases[index % len(self.family.bases)]
            # Start pose and shape of a body come with it: a view is seen on a body, never on all.
            yield self._make("good", f"{abs(azimuth):.0f}deg", figure, scene, index, base=base)

    def long(self) -> Iterator[Scenario]:
        """A longer set of correct form on each body: how often a good back is blamed is only seen in many of them."""
        for index in range(len(self._people) if self.family.long else 0):
            azimuth, head = SIDE_VIEWS[index % len(SIDE_VIEWS)]
            figure, scene = self._place(index, room=index + 3, azimuth_deg=azimuth, head_at=head)
            yield self._make("good", "long", figure, scene, 600 + index, sides=self.family.long)

    def sizes(self) -> Iterator[Scenario]:
        """The fault of the back on each body, a repetition without it and then three that grow."""
        for index in range(len(self._people) if self.family.sizes else 0):
            azimuth, head = SIDE_VIEWS[-1 - index % len(SIDE_VIEWS)]
            figure, scene = self._place(index, room=index + 5, azimuth_deg=azimuth, head_at=head)
            row = self.family.sizes[index % len(self.family.sizes)]
            knobs = dict(enumerate(row, start=1))
            order = "LRLR" if index % 2 else "RLRL"
            yield self._make(
                "sizes", "back", figure, scene, 620 + index,
                fault=self.family.faults[0], specials=knobs, sides=order,
            )  # fmt: skip

    def helped(self) -> Iterator[Scenario]:
        """A helper lays both hands on belly or back during the repetitions."""
        for index, visitor in enumerate(HELPERS):
            figure, scene = self._place(self._order + 6, visitor=visitor)
            yield self._make("visitor", "touches", figure, scene, 650 + index)

    def interrupted(self) -> Scenario:
        """Somebody who stands up in the middle of a set and comes back: two repetitions, then two more."""
        figure, scene = self._place(self._order + 2, body_share=0.62, camera_height_m=0.35)
        scene = replace(scene, width=640, height=360)
        order = "LRLR" if "L" in self.family.sides else "----"
        specials = {1: {"rest_s": (PAUSE_S + 1.0) / SHORTEST}}
        clip = self._make("life", "standing-up", figure, scene, 640, sides=order, specials=specials)
        spans = lay_out(clip.reps, clip.lead_s, clip.tail_s, clip.seed).spans
        return replace(clip, base={**clip.base, "pause_at_s": round(spans[1].end_s + 0.5, 3)})

    def faulty(self) -> Iterator[Scenario]:
        """Every fault in the second repetition, or in all where it is one of the whole clip."""
        kinds = PLAIN_TWICE if self.is_test else ("plain", "over", "under")
        for number, fault in enumerate(self.family.faults):
            for turn, kind in enumerate(kinds):
                index = number * 3 + turn
                if fault.knobs(kind) is not None:
                    yield self._faulty(fault, kind, index, index)

    def _faulty(self, fault: Fault, kind: str, index: int, seed: int) -> Scenario:
        heads = ("right", "left")
        figure, scene = self._place(index, head_at=heads[index % 2], azimuth_deg=(0.0, 8.0, -8.0)[index % 3])
        base = {**self.family.bases[0], **fault.bases.get(kind, {})}
        return self._make(
            kind, fault.name, figure, scene, 100 + seed, base=base, fault=fault, specials={1: fault.knobs(kind) or {}}
        )

    def hidden(self) -> Iterator[Scenario]:
        """A part of the body behind a box or the near arm: a coach must not judge what needs it."""
        for index, part in enumerate(HIDDEN if self.is_test else HIDDEN[:2]):
            figure, scene = self._place(index + 1, parts_hidden=(part,), camera_height_m=0.40)
            yield self._make("hidden", part, figure, scene, 200 + index)
        for index, (part, base) in enumerate(self.family.veils.items()):
            figure, scene = self._place(index + 6)
            yield self._make("hidden", part, figure, scene, 210 + index, base=base)

    def visitors(self) -> Iterator[Scenario]:
        """A second person who stands, walks through or bends over."""
        for index, visitor in enumerate(VISITORS[self.split]):
            figure, scene = self._place(index + 2 + self._order, visitor=visitor)
            figure = figure if figure != visitor.figure else self._people[(index + 5) % len(self._people)]
            yield self._make("visitor", f"{visitor.kind}-{visitor.at}", figure, scene, 300 + index)

    def rooms(self) -> Iterator[Scenario]:
        """What light, lens and compression do."""
        for index, (name, changes) in enumerate(SPECIAL.items()):
            # A third of them per family: together they cover each on several bodies.
            if (index + self._order) % (3 if self.is_test else 6) == 0:
                figure, scene = self._place(index + 3, **changes)
                yield self._make("room", name, figure, scene, 400 + index)
        figure, scene = self._place(self._order + 4)
        yield self._make("room", "portrait", figure, upright(scene), 450)
        if self.is_test:
            figure, scene = self._place(self._order + 5, dog_box=True)
            yield self._make("room", "dog", figure, scene, 451)

    def lives(self) -> Iterator[Scenario]:
        """What people do between sets: nothing of it may be counted."""
        for index, life in enumerate(LIVES):
            if (index + self._order) % 2 == 0 or index < 2 or (self.is_test and life in ALWAYS):
                figure, scene = self._place(index + self._order, body_share=0.62, camera_height_m=0.35)
                scene = replace(scene, width=640, height=360)
                lead_s = 14.5 if life in ALWAYS else 12.0
                yield self._make(
                    "life", life, figure, scene, 500 + index, sides="", base={"life": float(index)}, lead_s=lead_s
                )

    def _place(self, index: int, *, room: int | None = None, **changes: Any) -> tuple[Figure, Scene]:
        """A figure with a room: its own, or another."""
        own = self._rooms[(index if room is None else room) % len(self._rooms)]
        return self._people[index % len(self._people)], make_room(self.family, **{**own, **changes})

    def _make(
        self,
        kind: str,
        what: str,
        figure: Figure,
        scene: Scene,
        seed: int,
        *,
        base: Any = None,
        fault: Fault | None = None,
        specials: Specials | None = None,
        sides: str | None = None,
        lead_s: float | None = None,
    ) -> Scenario:
        family = self.family
        order = sides if sides is not None else (fault.sides if fault and fault.sides else family.sides)
        name = f"{family.exercise}.{self.split}.{kind}.{what}.{figure.name}"
        return Scenario(
            name,
            family.exercise,
            figure,
            scene,
            plan_reps(order, family.times, specials=specials),
            seed=1000 * self._order + seed + (0 if self.is_test else 50_000),
            lead_s=family.lead_s if lead_s is None else lead_s,
            tail_s=family.tail_s,
            base=base if base is not None else family.bases[0],
            split=self.split,
            kind=kind,
            fault=fault.name if fault else "",
            priority=_priority(kind, self.is_test),
        )


def _priority(kind: str, is_test: bool) -> int:
    """The report's most needed clips first."""
    if not is_test:
        return 3
    return {"good": 0, "plain": 0, "over": 1, "under": 1, "sizes": 1, "life": 1}.get(kind, 2)


def list_scenarios() -> list[Scenario]:
    """Every scenario: the shipped ones first, then in the order of priority."""
    found = [
        scenario
        for split in ("test", "tune")
        for order, family in enumerate(FAMILIES)
        for scenario in Maker(family, split, order).all()
    ]
    return [*SHIPPED, *sorted([*found, *list_upright()], key=lambda scenario: scenario.priority)]


def find_scenarios(names: list[str], everything: bool) -> list[Scenario]:
    """Scenarios whose names begin with one of ``names``, or all that do not ship."""
    wanted = tuple(names)
    return [
        scenario
        for scenario in list_scenarios()
        if (everything and scenario not in SHIPPED) or (wanted and scenario.name.startswith(wanted))
    ]
