"""Seated piriformis (figure-4) stretch: ankle on the other knee, lean with a straight back, hold; each side."""

from __future__ import annotations

import math
from dataclasses import replace

from formcheck.core.body.kit.lumbar import LUMBAR_SOURCE
from formcheck.core.body.kit.upright import far_leg_is_hidden, hinge_deg, knees_over_feet_tl, standing_leg, thighs_deg
from formcheck.core.body.measure import Limbs
from formcheck.core.body.quantities import Estimate
from formcheck.core.body.signals.figure_four import Crossed, FigureFour
from formcheck.core.body.stance import Stance, limbs
from formcheck.core.rules.demonstration import Demonstration, Step, Wrong
from formcheck.core.rules.exercise import (
    Check,
    Dose,
    EndFault,
    Exercise,
    Fault,
    Reach,
    RepFacts,
    RuleContext,
    least_hold_s,
)
from formcheck.core.rules.setting import Setting, Settings

SETTINGS = (
    Setting("start_lean_deg", 20, "deg", 5, 40, "Trunk upright: 10 [P] + landmark bias and camera roll."),
    Setting("start_thigh_deg", 40, "deg", 10, 60, "Seated: a thigh about level, 15 [P] + camera height, a low chair."),
    Setting("start_steep_deg", 68, "deg", 30, 75, "The other thigh too; a turned view makes it look steep (geometry)."),
    Setting("start_shank_tl", 0.4, "torso lengths", 0.2, 0.7, "Half a shank: neither knee is on the floor."),
    Setting("lean_min_deg", 15, "deg", 5, 45, "Hinge 20-45, under 15 is none [P]; against the own upright start."),
    Setting("lean_max_deg", 60, "deg", 30, 90, "Hinge too far [P]."),
    Setting("round_deg", 15, "deg", 5, 40, "Rounding of 0.03 T is 14 degrees (geometry), a warning [P]."),
    Setting("rise_thigh_deg", 40, "deg", 10, 60, "A thigh that rises from the hip by more is on no seat [P]."),
    Setting("rise_steep_deg", 30, "deg", 10, 60, "The steeper thigh rises by no more than this [P]."),
    Setting("stay_hip_deg", 168, "deg", 140, 178, "A hip that opens further stands: straight, less the error."),
    Setting("stay_back_deg", 45, "deg", 20, 80, "Further back is lying down [P]."),
    Setting("stay_front_deg", 78, "deg", 45, 90, "Further forward is not sitting [P]; a lean too far reads to 78."),
    Setting("up_deg", 40, "deg", 15, 90, "Hips that open so far lean in order to get up [P]."),
    Setting("passing_s", 2.5, "s", 0.5, 10, "What is shorter puts a foot down: that takes 1.0-1.6 s (renders)."),
    Setting("hold_s", 20, "s", 0, 180, "Seconds to hold: 20-30 [S]."),
    Setting("hold_share", 0.95, "share of hold", 0.1, 1, "A hold of less of it is short: timing errs by 5 % [P]."),
    Setting("arm_recording_s", 0.6, "s", 0.3, 5, "Whoever sits down settles for half a second."),
    Setting("round_hysteresis_deg", 3, "deg", 0, 10, "It ends this far below round_deg: no flicker [P]."),
    Setting("lean_hysteresis_deg", 5, "deg", 0, 10, "It ends this far below lean_max_deg: no flicker [P]."),
)

WAY_DEG = 20.0
"""The hinge of a right stretch: an attempt begins at 7 degrees, and within 6 degrees of the start the trunk is up."""

CROSSED = 0.4
"""What the crossing alone counts for: it begins an attempt."""


def start(s: Settings) -> tuple[Check, ...]:
    """Seated upright, thighs level, feet below the knees."""
    return (
        Check("Sit tall", lambda b: b.lean_deg, -s["start_lean_deg"], s["start_lean_deg"], spot="trunk"),
        Check("Thighs level", lambda b: thighs_deg(b)[0], -s["rise_thigh_deg"], s["start_thigh_deg"], spot="near knee"),
        Check("Both of them", lambda b: thighs_deg(b)[1], -s["rise_steep_deg"], s["start_steep_deg"], spot="far knee"),
        Check("Knees above your feet", knees_over_feet_tl, s["start_shank_tl"], math.inf, spot="near foot"),
    )


def invariants(s: Settings) -> tuple[Check, ...]:
    """Seated, whatever the trunk does."""
    return (
        Check("Stay seated", lambda b: b.limbs(standing_leg(b)).hip_deg, -math.inf, s["stay_hip_deg"]),
        Check("Stay on your chair", lambda b: b.lean_deg, -s["stay_back_deg"], s["stay_front_deg"]),
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


def rounding(m: RuleContext) -> Estimate:
    """Flexion of the low back against the own upright start, degrees."""
    return m.lumbar.scaled(-1.0)


def is_hinge_alone(m: RuleContext) -> bool:
    """Whether only the hinge can tell: the far leg is hidden, and if one is crossed, it is that."""
    is_asked = crossing(m).side is None and m.side == m.body.far
    return is_asked and far_leg_is_hidden(m.body, has_begun=m.top is not None)


def reach(m: RuleContext) -> Reach:
    """Crossing begins it, then the trunk hinges."""
    crossed, lean = crossing(m).side, hinge(m)
    if is_hinge_alone(m):  # seen exactly from the side: the hinge alone tells
        moved = lean / WAY_DEG if lean >= m.settings["lean_min_deg"] else 0.0
    elif crossed != m.side:
        is_seen = not math.isnan(m.body.best(lambda x: x.ankle_y_px)) and lean < m.settings["lean_min_deg"]
        return Reach(0.0 if crossed is None and is_seen else math.nan, 0.0)  # nobody uncrosses while leaning
    else:
        moved = lean / WAY_DEG if has_leaned(m) else max(lean / WAY_DEG, CROSSED)
    is_up = m.body.best(lambda x: x.hip_deg) - m.start.body.best(lambda x: x.hip_deg) > m.settings["up_deg"]
    slack = m.settings["hold_drift_deg"] / WAY_DEG
    return Reach(moved, lean / m.settings["lean_min_deg"], is_other=is_up, hold_slack=slack, may_sink=True)


def short_hold(f: RepFacts, s: Settings) -> float | None:
    """Seconds in the stretch, whatever the back did, if too few."""
    return f.short_hold(least_hold_s(s))


# fmt: off
FAULTS = (
    Fault("back-round", 2, "Lift your chest, back straight.",
          short="Back rounds", again="Chest up.", praise="Your back stayed straight.", parts=("back",),
          checks="The back rounds in place of the hips folding.", why="A round back takes the stretch off the hip.",
          how="Bend of the low back against the own upright start.",
          limits="An arm beside the body, a chair's back or a turned view hide the outline: then it is not judged.",
          source=LUMBAR_SOURCE, unit="deg", measure=rounding, limit="round_deg", hysteresis="round_hysteresis_deg",
          during=("end-range",), of_back="round"),
    Fault("lean-too-far", 1, "Come up a little, back straight.",
          short="Leans too far", again="Come up.", praise="You did not lean too far.", parts=("shoulders",),
          checks="The trunk leans very far.", why="Beyond that it is the back that bends.",
          how="Lean against the own upright start.", limits="Within 5 degrees from the side, 10 from the front.",
          source="[P]; Movement Control Tests", unit="deg", measure=hinge,
          limit="lean_max_deg", hysteresis="lean_hysteresis_deg"),
)

END_FAULTS = (
    EndFault("short-hold", 1, "Stay there until the count ends.",
          short="Short hold", again="Stay longer.", praise="You held long enough.", parts=("shoulders",),
             checks="The stretch ends too soon.", why="20 to 30 seconds are asked for.",
             how="Time with the trunk leaning, whatever the back does.",
             limits="Timed to about 0.3 s.", source="[S]", unit="s", judge=short_hold, limit_s=least_hold_s),
    EndFault("no-lean", 1, "Lean forward from your hips.",
          short="No lean", again="Lean more.", praise="You leaned far enough.", parts=("shoulders",),
             checks="The ankle is crossed, and the trunk stays upright until it comes down.",
             why="The hinge is what stretches the piriformis.", how="Largest lean of the attempt.",
             limits="The crossed ankle is badly seen; that the foot has left the floor tells. A far leg hidden by the "
                    "near one counts as crossed when the trunk leans.", source="[P]",
             unit="share of range", on="attempt",
             judge=lambda f, s: f.peak_rom if f.length_s > s["passing_s"] else None),
)
# fmt: on

SITTING = Limbs(hip_deg=92, knee_deg=92, shoulder_deg=40, elbow_deg=150)
START = Stance("upright", SITTING, SITTING, trunk_deg=88, sagitta_tl=0.02)
FOLDED = replace(limbs(START, "left", hip_deg=78, knee_deg=172), turned_out=0.48)
LEANING = replace(limbs(limbs(FOLDED, "left", hip_deg=44, shoulder_deg=62), "right", shoulder_deg=62), trunk_deg=54)

DEMONSTRATION = Demonstration(
    START,
    (Step(FOLDED, 1.6, 0.5), Step(LEANING, 2.2, 4.0, count=20), Step(FOLDED, 1.8, 0.3), Step(START, 1.4)),
    planted=("far foot",),
    props=("chair",),
    faults={
        "back-round": Wrong("low back", {2: replace(LEANING, lumbar_deg=-75, neck_deg=20)}),
        "lean-too-far": Wrong("shoulders", {2: replace(limbs(LEANING, "left", hip_deg=12), trunk_deg=20)}),
        "short-hold": Wrong("time", stay=0.3),
        "no-lean": Wrong("trunk", {2: FOLDED}),
    },
)

EXERCISE = Exercise(
    name="piriformis-stretch",
    title="Piriformis stretch",
    line="Seated, ankle on the other knee: lean with a straight back.",
    dose=Dose(reps=1, per_side=True),
    posture="upright",
    stance="seated",
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
        "Sit at the front of a chair, feet flat.",
        "Turn your side to the camera.",
        "Put one ankle on the other knee.",
        "Lean forward from your hips, back straight.",
        "Hold, then sit up and change sides.",
        "Stop if your leg hurts or tingles.",
    ),
    gentle={"lean_min_deg": 8, "hold_share": 0.7, "hold_drift_deg": 8, "pause_s": 6},
    seated="Or keep both feet down and lean a little.",
    demonstration=DEMONSTRATION,
    signals={"crossed": FigureFour},
    faults=FAULTS,
    end_faults=END_FAULTS,
)
