"""Families of the upright drills: hip flexor stretch, piriformis stretch, running; and their clips as data.

They are fewer than those of the lying drills, since a clip takes as long as it has frames: each fault plainly,
just over and just under its threshold on the test split, and plainly on the tune split.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from tests.lab.body import Figure
from tests.lab.families import Family, Fault, Knobs
from tests.lab.life import LIVES
from tests.lab.people import TEST_PEOPLE, TUNE_PEOPLE
from tests.lab.rooms import TEST_ROOMS, TUNE_ROOMS, VIEWS, VISITORS, make_room, upright
from tests.lab.scenario import Scenario, plan_reps
from tests.lab.scene import Scene

HIP_TIMES = {"out_s": 1.8, "hold_s": 4.5, "back_s": 1.5, "rest_s": 1.0}
FIGURE_4_TIMES = {"out_s": 3.2, "hold_s": 4.5, "back_s": 2.7, "rest_s": 1.0}
RUN_TIMES = {"out_s": 0.8, "hold_s": 6.6, "back_s": 0.8, "rest_s": 0.5}

HOLD_S = 4.0
"""Hold that the short clips ask for; ``settings`` of the truth say so to the coach."""

LONG = {"hold_s": 19.4}
"""With its ways in and out it is a stretch of 20 s and more."""

SHORT = Fault("short-hold", {"hold_s": 0.6}, {"hold_s": 2.1}, {"hold_s": 3.7, "near_short": 1.0})
"""At full reach; of the ways in and out a second and more is held too."""

FAMILIES = (
    Family("hip-flexor-stretch", "-", HIP_TIMES, 0.62, 640, (
        Fault("back-arch", {"lumbar_deg": 33.0}, {"lumbar_deg": 22.0}, {"lumbar_deg": 8.0}),
        Fault("lean-forward", {"lean_deg": 31.0}, {"lean_deg": 21.0}, {"lean_deg": 9.0}),
        Fault("knee-past-toes", {"shift_deg": 33.0}, {"shift_deg": 27.0}, {"shift_deg": 19.0},
              {kind: {"front_deg": 90.0} for kind in ("plain", "over", "under")}),
        Fault("bouncing", {"bounce_tl": 0.08}, {"bounce_tl": 0.05}, {"bounce_tl": 0.015}),
        SHORT,
    ), height=480, bases=({}, {"hands": 1.0})),
    Family("piriformis-stretch", "-", FIGURE_4_TIMES, 0.62, 640, (
        Fault("back-round", {"round_deg": 50.0}, {"round_deg": 33.0}, {"round_deg": 12.0}),
        Fault("no-lean", {"lean_deg": 4.0}, {"lean_deg": 10.0}, {"lean_deg": 22.0}),
        Fault("lean-too-far", {"lean_deg": 76.0}, {"lean_deg": 67.0}, {"lean_deg": 53.0}),
        SHORT,
    ), height=480),
    Family("running", "-", RUN_TIMES, 0.62, 640, (
        Fault("low-cadence", {"cadence_spm": 138.0}, {"cadence_spm": 153.0}, {"cadence_spm": 165.0}),
        Fault("bouncy", {"bounce_m": 0.145}, {"bounce_m": 0.115}, {"bounce_m": 0.092}),
        Fault("waist-lean", {"lean_deg": 36.0}, {"lean_deg": 30.0}, {"lean_deg": 20.0}),
        Fault("hips-tucked-back", {"back_deg": 16.0, "lean_deg": 26.0, "overstride_deg": -18.0},
              {"back_deg": 12.0, "lean_deg": 20.0, "overstride_deg": -14.0},
              {"back_deg": 10.0, "lean_deg": 13.0, "overstride_deg": -11.0}),
        Fault("overstride", {"overstride_deg": 16.0}, {"overstride_deg": 8.0}, {"overstride_deg": 1.0}),
        Fault("stiff", {"knee_deg": -20.0}, {"knee_deg": -10.0}, {"knee_deg": -5.0}),
        Fault("low-hip-extension", {"extension_deg": -18.0, "overstride_deg": 11.0},
              {"extension_deg": -9.0, "overstride_deg": 9.0}, {"extension_deg": -1.0, "overstride_deg": 7.0}),
        Fault("hunched-shoulders", {"hunch_deg": 27.0}, {"hunch_deg": 16.0}, {"hunch_deg": 6.0}),
        Fault("over-arch", {"lumbar_deg": 34.0}, {"lumbar_deg": 22.0}, {"lumbar_deg": 8.0}),
    ), height=480, fps=30, bases=({}, {}, {"gait": 1.0}, {})),
)  # fmt: skip

AT_60 = ("overstride", "stiff", "low-hip-extension")
"""Faults at the contact of the foot, which need 60 frames a second."""

RAISED_M = {"hip-flexor-stretch": 0.30, "piriformis-stretch": 0.35, "running": 0.50}
"""How much higher the camera stands than for somebody who lies."""

SEEDS = {"hip-flexor-stretch": 20_000, "piriformis-stretch": 21_000, "running": 22_000}

FACING = ("right", "left")

LIFE = {"hip-flexor-stretch": ("getting-down", "drinking", "talking"),
        "piriformis-stretch": ("getting-up", "scratching", "leaving"), "running": ()}  # fmt: skip
"""What people do between the stretches, on the test split."""

PRIORITIES = {"good": 0, "plain": 0, "over": 1, "under": 1, "life": 1}


class Clips:
    """Makes the clips of one upright family in one split."""

    def __init__(self, family: Family, split: str) -> None:
        self.family = family
        self.split = split
        self.is_test = split == "test"
        self._people = TEST_PEOPLE if self.is_test else TUNE_PEOPLE
        self._rooms = TEST_ROOMS if self.is_test else TUNE_ROOMS

    def all(self) -> Iterator[Scenario]:
        """Every clip."""
        yield from self.good()
        yield from self.faulty()
        yield from self.others()
        if self.is_test:
            yield from self.lives()

    def good(self) -> Iterator[Scenario]:
        """Correct form: each figure in a view and a room of its own, both sides and both directions."""
        views = VIEWS if self.is_test else VIEWS[2:5]
        for index, (azimuth, head) in enumerate(views):
            figure, scene = self.place(index, azimuth_deg=azimuth, head_at=head)
            yield self.make("good", f"{abs(azimuth):.0f}deg", figure, scene, index, {})

    def faulty(self) -> Iterator[Scenario]:
        """Every fault."""
        kinds = ("plain", "over", "under") if self.is_test else ("plain",)
        for number, fault in enumerate(self.family.faults):
            for turn, kind in enumerate(kinds):
                knobs = fault.knobs(kind)
                index = number * 2 + turn * 3 + 1
                azimuth = (0.0, 8.0, -8.0)[index % 3]
                figure, scene = self.place(index, head_at=FACING[(number + turn) % 2], azimuth_deg=azimuth)
                if fault.name in AT_60:
                    scene = replace(scene, fps=60)
                extra = fault.bases.get(kind, {})
                yield self.make(kind, fault.name, figure, scene, 100 + 3 * number + turn, knobs or {}, fault, extra)

    def others(self) -> Iterator[Scenario]:
        """A full hold, 60 frames a second, walking, a visitor, a telephone held upright; most on the test split."""
        is_run = self.family.exercise == "running"
        figure, scene = self.place(5)
        if is_run:
            yield self.make("good", "60fps", figure, replace(scene, fps=60), 200, {})
            for number, index in enumerate((2, 7) if self.is_test else (3,)):
                figure, scene = self.place(index, head_at=FACING[number], fps=15)
                yield self.make("life", "walking", figure, scene, 210 + number, {}, extra={"gait": 2.0})
        else:
            yield self.make("good", "long", figure, replace(scene, fps=10), 200, LONG, extra={"hold_s": 20.0})
        if self.is_test:
            figure, scene = self.place(6)
            yield self.make("room", "portrait", figure, upright(scene), 220, {})
            figure, scene = self.place(1, visitor=VISITORS["test"][2])
            yield self.make("visitor", "walks-behind", figure, scene, 221, {})

    def lives(self) -> Iterator[Scenario]:
        """What people do between the stretches: nothing of it may be counted."""
        for number, life in enumerate(LIFE[self.family.exercise]):
            figure, scene = self.place(3 * number + 1, head_at=FACING[number % 2], body_share=0.46, fps=15)
            extra = {"life": float(list(LIVES).index(life))}
            clip = self.make("life", life, figure, scene, 240 + number, {}, extra=extra)
            yield replace(clip, reps=(), lead_s=12.0)

    def place(self, index: int, **changes: Any) -> tuple[Figure, Scene]:
        """A figure with a room; every other run is on a treadmill."""
        room = {**self._rooms[index % len(self._rooms)], **changes}
        scene = make_room(self.family, **room)
        scene = replace(scene, camera_height_m=scene.camera_height_m + RAISED_M[self.family.exercise])
        if self.family.exercise == "piriformis-stretch":
            scene = replace(scene, seat_height_m=0.44, mat=None)
        if self.family.exercise == "running" and index % 2 == 0:
            scene = replace(scene, treadmill=True, mat=None)
        return self._people[index % len(self._people)], scene

    def make(
        self, kind: str, what: str, figure: Figure, scene: Scene, number: int, knobs: Knobs,
        fault: Fault | None = None, extra: Mapping[str, float] | None = None,
    ) -> Scenario:  # fmt: skip
        """One clip of one repetition (or bout)."""
        family = self.family
        is_run = family.exercise == "running"
        base: dict[str, float] = {} if is_run else {"side": 1.0 if number % 2 else -1.0, "hold_s": HOLD_S}
        base |= {**family.bases[number % len(family.bases) if kind == "good" else 0], **(extra or {})}
        side = "-" if is_run else ("L" if base["side"] > 0 else "R")
        return Scenario(
            f"{family.exercise}.{self.split}.{kind}.{what}.{figure.name}",
            family.exercise,
            figure,
            scene,
            plan_reps(side, family.times, specials={0: knobs}),
            seed=SEEDS[family.exercise] + number + (0 if self.is_test else 50_000),
            lead_s=family.lead_s,
            tail_s=family.tail_s,
            base=MappingProxyType(base),
            split=self.split,
            kind=kind,
            fault=fault.name if fault else "",
            priority=PRIORITIES.get(kind, 2) if self.is_test else 3,
        )


def list_upright() -> list[Scenario]:
    """Every clip of the upright drills."""
    return [clip for split in ("test", "tune") for family in FAMILIES for clip in Clips(family, split).all()]
