"""Seated piriformis (figure-4) stretch: ankle on the other knee, lean with a straight back, hold; each side."""

from __future__ import annotations

import math

from formcheck.core.body.baseline import arch_tl
from formcheck.core.body.kit.upright import hinge_deg, knees_over_feet_tl, standing_leg, thighs_deg
from formcheck.core.body.signals.figure_four import Crossed, FigureFour
from formcheck.core.rules.drawing import FLOOR, head
from formcheck.core.rules.exercise import Check, Dose, EndFault, Exercise, Fault, Reach, RepFacts, RuleContext
from formcheck.core.rules.setting import Setting, Settings

SETTINGS = (
    Setting("start_lean_deg", 20, "deg", 5, 40, "Trunk upright: 10 [P] + landmark bias and camera roll."),
    Setting("start_thigh_deg", 40, "deg", 10, 60, "Seated: a thigh about level, 15 [P] + camera height, a low chair."),
    Setting("start_steep_deg", 68, "deg", 30, 75, "The other thigh too; a turned view makes it look steep (geometry)."),
    Setting("start_shank_tl", 0.4, "torso lengths", 0.2, 0.7, "Half a shank: neither knee is on the floor."),
    Setting("lean_min_deg", 15, "deg", 5, 45, "Hinge 20-45, under 15 is none [P]; against the own upright start."),
    Setting("lean_max_deg", 60, "deg", 30, 90, "Hinge too far [P]."),
    Setting("round_tl", 0.03, "torso lengths", 0.015, 0.2, "0.05 [P]; the windows read half (renders), leaning 0.02."),
    Setting("hold_s", 20, "s", 0, 180, "Seconds to hold: 20-30 [S]."),
    Setting("hold_share", 0.95, "share of hold", 0.1, 1, "A hold of less of it is short: timing errs by 5 % [P]."),
    Setting("arm_recording_s", 0.6, "s", 0.3, 5, "Whoever sits down settles for half a second."),
    Setting("round_hysteresis_tl", 0.005, "torso lengths", 0, 0.02, "It ends this far below round_tl: no flicker [P]."),
    Setting("lean_hysteresis_deg", 5, "deg", 0, 10, "It ends this far below lean_max_deg: no flicker [P]."),
)

WAY_DEG = 20.0
"""The hinge of a right stretch: an attempt begins at 7 degrees, and within 6 degrees of the start the trunk is up."""

UP_DEG, PASSING_S = 40.0, 2.5
"""Hips that open so far lean in order to get up [P]; to put a foot down takes 1.0 to 1.6 s (renders)."""
CROSSED = 0.4
"""What the crossing alone counts for: it begins an attempt."""


def start(s: Settings) -> tuple[Check, ...]:
    """Seated upright, thighs level, feet below the knees."""
    return (
        Check("Sit tall", lambda b: b.lean_deg, -s["start_lean_deg"], s["start_lean_deg"]),
        Check("Thighs level", lambda b: thighs_deg(b)[0], -40, s["start_thigh_deg"]),
        Check("Both of them", lambda b: thighs_deg(b)[1], -30, s["start_steep_deg"]),
        Check("Knees above your feet", knees_over_feet_tl, s["start_shank_tl"], math.inf),
    )


def invariants(_: Settings) -> tuple[Check, ...]:
    """Seated, whatever the trunk does."""
    return (
        Check("Stay seated", lambda b: b.limbs(standing_leg(b)).hip_deg, -90, 168),
        Check("Stay on your chair", lambda b: b.lean_deg, -45, 75),
    )


def hinge(m: RuleContext) -> float:
    """Lean of the trunk against the own upright start, degrees."""
    return hinge_deg(m.body, m.start.body)


def crossing(m: RuleContext) -> Crossed:
    """Which ankle lies on the other knee, and since when."""
    return m.signals.get("crossed", Crossed())  # type: ignore[no-any-return]


def has_leaned(m: RuleContext) -> bool:
    """Whether the trunk has leaned since the ankle was crossed."""
    tops = (b for b in (m.top, m.held) if b is not None and b.t_s >= crossing(m).since_s)
    return any(hinge_deg(b, m.start.body) >= m.settings["lean_min_deg"] for b in tops)


def rounding(m: RuleContext) -> float:
    """Loss of hollow against the own upright start, torso lengths."""
    return -arch_tl(m.body, m.start)


def is_veiled(m: RuleContext) -> bool:
    """Whether the near foot is seen, the far leg not: if one is crossed, it is the far one. Later its foot may show."""
    far, near = m.body.limbs(m.body.far), m.body.limbs(m.body.near)
    is_hidden = math.isnan(far.knee_y_px) and (m.top is not None or math.isnan(far.ankle_y_px))
    return crossing(m).side is None and m.side == m.body.far and is_hidden and not math.isnan(near.ankle_y_px)


def reach(m: RuleContext) -> Reach:
    """Crossing begins it, then the trunk hinges; the clock runs while the back is straight, the hinge not too deep."""
    crossed, lean = crossing(m).side, hinge(m)
    if is_veiled(m):  # seen exactly from the side: the hinge alone tells
        moved = lean / WAY_DEG if lean >= m.settings["lean_min_deg"] else 0.0
    elif crossed != m.side:
        is_seen = not math.isnan(m.body.best(lambda x: x.ankle_y_px)) and lean < m.settings["lean_min_deg"]
        return Reach(0.0 if crossed is None and is_seen else math.nan, 0.0)  # nobody uncrosses while leaning
    else:
        moved = lean / WAY_DEG if has_leaned(m) else max(lean / WAY_DEG, CROSSED)
    is_good = not (lean > m.settings["lean_max_deg"] or rounding(m) > m.settings["round_tl"])
    is_up = m.body.best(lambda x: x.hip_deg) - m.start.body.best(lambda x: x.hip_deg) > UP_DEG
    return Reach(moved, lean / m.settings["lean_min_deg"], is_good=is_good, is_other=is_up)


def short_hold(f: RepFacts, s: Settings) -> float | None:
    """Seconds in the stretch, if too few."""
    return f.stay_s if f.stay_s < s["hold_s"] * s["hold_share"] else None


# fmt: off
FAULTS = (
    Fault("back-round", 2, "Proud chest. Bring your breastbone to your shin.",
          short="Back rounds", parts=("back",),
          checks="The back rounds in place of the hips folding.", why="A round back takes the stretch off the hip.",
          how="The outline's hollow against the own upright start.",
          limits="An arm beside the body, a chair's back or a turned view hide the outline: then it is not judged.",
          source="[P]", unit="torso lengths", measure=rounding, limit="round_tl", hysteresis="round_hysteresis_tl",
          during=("end-range",), of_back="round"),
    Fault("lean-too-far", 1, "Come up a little, chest proud.",
          short="Leans too far", parts=("shoulders",),
          checks="The trunk leans very far.", why="Beyond that it is the back that bends.",
          how="Lean against the own upright start.", limits="Within 5 degrees from the side, 10 from the front.",
          source="[P]; Movement Control Tests", unit="deg", measure=hinge,
          limit="lean_max_deg", hysteresis="lean_hysteresis_deg"),
)

END_FAULTS = (
    EndFault("short-hold", 1, "Stay in the stretch for the full count.",
          short="Short hold", parts=("shoulders",),
             checks="The stretch ends too soon.", why="20 to 30 seconds are asked for.",
             how="Time with the trunk leaning; the count itself stops while the back is round.",
             limits="Timed to about 0.3 s.", source="[S]", unit="s", judge=short_hold),
    EndFault("no-lean", 1, "Hinge like a closing laptop.",
          short="No lean", parts=("shoulders",),
             checks="The ankle is crossed, and the trunk stays upright until it comes down.",
             why="The hinge is what stretches the piriformis.", how="Largest lean of the attempt.",
             limits="The crossed ankle is badly seen; that the foot has left the floor tells. A far leg hidden by the "
                    "near one counts as crossed when the trunk leans.", source="[P]",
             unit="share of range", on="attempt",
             judge=lambda f, _: f.peak_rom if f.length_s > PASSING_S else None),
)
# fmt: on

FIGURE = (
    FLOOR,
    head(0.50, 0.17),
    ((0.47, 0.28), (0.40, 0.58)),
    ((0.47, 0.32), (0.56, 0.48)),
    ((0.40, 0.58), (0.60, 0.58), (0.60, 0.87), (0.68, 0.87)),
    ((0.40, 0.58), (0.56, 0.46), (0.64, 0.57), (0.70, 0.60)),
    ((0.28, 0.34), (0.28, 0.64), (0.52, 0.64)),
    ((0.30, 0.64), (0.30, 0.88)),
    ((0.50, 0.64), (0.50, 0.88)),
)

EXERCISE = Exercise(
    name="piriformis-stretch",
    title="Piriformis stretch",
    line="Seated: ankle on the other knee, lean with a straight back, hold 20 seconds a side.",
    dose=Dose(reps=1, per_side=True),
    posture="upright",
    required_parts=("shoulders", "hips", "knees", "feet"),
    sides=("left", "right"),
    ends_at_start=False,
    start=start,
    invariants=invariants,
    reach=reach,
    settings=SETTINGS,
    phase_texts={
        "rest": "Ankle on the other knee",
        "outbound": "Lean, back straight",
        "end-range": "Hold",
        "return": "Sit up slowly",
    },
    steps=(
        "Sit at the front of a chair, side-on to the camera, feet flat.",
        "Lay one ankle on the other knee. Let the knee float.",
        "Lean forward from the hips with a straight back until the buttock pulls.",
        "Hold 20 to 30 seconds, sit up, change sides. Stop if it tingles below the knee.",
    ),
    figure=FIGURE,
    signals={"crossed": FigureFour},
    faults=FAULTS,
    end_faults=END_FAULTS,
)
