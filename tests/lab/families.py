"""Families: each exercise with its ordinary repetitions and its faults, as knobs: plain, just over, just under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Knobs = Mapping[str, float]

DEAD_BUG_TIMES = {"out_s": 2.8, "hold_s": 0.3, "back_s": 2.0, "rest_s": 0.7}
BIRD_DOG_TIMES = {"out_s": 1.8, "hold_s": 1.3, "back_s": 1.6, "rest_s": 0.8}
BRIDGE_TIMES = {"out_s": 1.6, "hold_s": 4.9, "back_s": 2.0, "rest_s": 1.0}
TILT_TIMES = {"out_s": 1.3, "hold_s": 4.9, "back_s": 1.3, "rest_s": 1.6}
BRIEF = {"out_s": 1.1, "hold_s": 0.02, "back_s": 1.0}
"""A reach that is barely held: hands and leg turn round on arrival."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Knobs by which a fault is plain (about twice its threshold), just over it and just under it; None = no such."""

    name: str
    plain: Knobs
    over: Knobs | None = None
    under: Knobs | None = None
    bases: Mapping[str, Knobs] = field(default_factory=dict)
    """Knobs of the whole clip, by kind."""
    sides: str | None = None

    def knobs(self, kind: str) -> Knobs | None:
        """Knobs of one kind."""
        found: Knobs | None = {"plain": self.plain, "over": self.over, "under": self.under}[kind]
        return found


@dataclass(frozen=True, slots=True)
class Family:
    """An exercise with its ordinary repetitions and its faults."""

    exercise: str
    sides: str
    times: Knobs
    share: float
    """Of the picture's width that the movement fills."""
    width: int
    faults: tuple[Fault, ...] = ()
    height: int = 0
    """0 makes it 16:9."""
    fps: int = 15
    lead_s: float = 1.6
    tail_s: float = 1.2
    bases: tuple[Knobs, ...] = ({},)
    """Knobs of the good clips, in turn."""
    veils: Mapping[str, Knobs] = field(default_factory=dict)
    """Knobs of clips in which the body hides a part of itself, by the part's name."""
    sizes: tuple[tuple[Knobs, ...], ...] = ()
    """Knobs of the fault of the back at growing sizes, one a repetition; rows in turn for each figure of the test."""
    long: str = ""
    """Sides of a long set of correct form."""


AS_ASKED = {kind: {"arms": 2.0} for kind in ("plain", "over", "under")}
"""The arms lie overhead, as the coach asks for: only then the back can be seen in the bridge."""

FAMILIES = (
    Family("dead-bug", "LRL", DEAD_BUG_TIMES, 0.68, 848, (
        Fault("low-back-arch", {"arch_deg": 27.0}, {"arch_deg": 17.0}, {"arch_deg": 8.0}),
        Fault("holding-leg-drift", {"drift_deg": 36.0}, {"drift_deg": 25.0}, {"drift_deg": 14.0}),
        Fault("too-fast", {"out_s": 0.85}, {"out_s": 1.25}, {"out_s": 1.85}),
        Fault("arms-drop", {"arms_deg": 45.0}, {"arms_deg": 32.0}, {"arms_deg": 18.0}),
        Fault("same-side-twice", {}, sides="LRR"),
        Fault("partial-reach", {"thigh_deg": 52.0, "knee_deg": 122.0}, {"thigh_deg": 42.0, "knee_deg": 135.0},
              {"thigh_deg": 22.0, "knee_deg": 156.0}),
    ), sizes=(({"arch_deg": 14.0}, {"arch_deg": 20.0}, {"arch_deg": 28.0}),
              ({"arch_deg": 16.0}, {"arch_deg": 24.0}, {"arch_deg": 33.0})), long="LRLRLR"),
    Family("bird-dog", "LRL", BIRD_DOG_TIMES, 0.78, 640, (
        Fault("back-sag", {"sag_deg": 34.0}, {"sag_deg": 26.0}, {"sag_deg": 10.0}),
        Fault("back-round", {"sag_deg": -40.0}, {"sag_deg": -31.0}, {"sag_deg": -12.0}),
        Fault("leg-too-high", {"hip_deg": 208.0, "sag_deg": 8.0}, {"hip_deg": 198.0}, {"hip_deg": 184.0}),
        Fault("short-hold", BRIEF, {"hold_s": 0.15}, {"hold_s": 0.55}),
        Fault("same-side-limbs", {"same_side": 1.0}),
        Fault("partial-reach", {"hip_deg": 136.0, "knee_deg": 120.0}, {"hip_deg": 150.0, "knee_deg": 140.0},
              {"hip_deg": 169.0, "knee_deg": 166.0}),
        Fault("weight-shift", {"shift_pct": 26.0}, {"shift_pct": 17.0}, {"shift_pct": 7.0}),
        Fault("head-drop", {"head_deg": 44.0}, {"head_deg": 29.0}, {"head_deg": 13.0}),
    ), sizes=(({"sag_deg": 15.0}, {"sag_deg": 22.0}, {"sag_deg": 30.0}),
              ({"sag_deg": 18.0}, {"sag_deg": 26.0}, {"sag_deg": 34.0})), long="LRLRLR"),
    Family("glute-bridge", "---", BRIDGE_TIMES, 0.70, 640, (
        Fault("too-low", {"top_deg": 138.0}, {"top_deg": 151.0}, {"top_deg": 168.0}),
        Fault("over-arch", {"top_deg": 204.0, "arch_deg": 24.0}, {"top_deg": 196.0, "arch_deg": 14.0},
              {"top_deg": 183.0, "arch_deg": 3.0}, AS_ASKED),
        Fault("hips-sag", {"sag_deg": 22.0}, {"sag_deg": 15.0}, {"sag_deg": 6.0}, AS_ASKED),
        Fault("short-hold", {"hold_s": 1.4}, {"hold_s": 2.8}, {"hold_s": 4.6}),
        Fault("feet-too-far", {}, {}, {},
              {"plain": {"knee_deg": 134.0}, "over": {"knee_deg": 124.0}, "under": {"knee_deg": 105.0}}),
    ), bases=({}, {"arms": 2.0})),
    Family("pelvic-tilt", "--", TILT_TIMES, 0.72, 848, (
        Fault("hips-lift", {"rise_tl": 0.105}, {"rise_tl": 0.072}, {"rise_tl": 0.048}),
        Fault("no-flattening", {"flat_tl": 0.004}, {"flat_tl": 0.008}, {"flat_tl": 0.012}),
        Fault("tilt-lost", {"lost": 0.75}, {"lost": 0.36}, {"lost": 0.24}),
        Fault("head-lift", {"ear_tl": 0.16}, {"ear_tl": 0.096}, {"ear_tl": 0.064}),
        Fault("short-hold", {"hold_s": 1.5}, {"hold_s": 2.75}, {"hold_s": 4.2}),
    ), bases=({"arms": 1.0}, {"arms": 2.0, "press_tl": 0.016}, {"arms": 1.0, "press_tl": 0.025}, {"arms": 2.0}),
       veils={"low-back": {"arms": 0.0}}),
)  # fmt: skip
