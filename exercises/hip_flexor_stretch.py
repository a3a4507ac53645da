"""Half-kneeling hip flexor stretch: tuck the tailbone, shift the hips forward, stay tall, hold; each side."""

from __future__ import annotations

import math
from dataclasses import replace

from formcheck.core.body.kit.lumbar import LUMBAR_LIMIT, LUMBAR_SOURCE
from formcheck.core.body.kit.upright import (
    FAR_FOOT_DEG,
    hips_shift_tl,
    knee_above_foot_deg,
    kneeling_side,
    knees_are_level,
    thigh_deg,
)
from formcheck.core.body.measure import Limbs
from formcheck.core.body.pose import other
from formcheck.core.body.quantities import Estimate, decides, worst
from formcheck.core.body.signals.oscillation import Oscillation
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
    Setting("start_lean_deg", 18, "deg", 5, 40, "Trunk upright: 10 [P] + landmark bias and camera roll."),
    Setting("start_thigh_deg", 25, "deg", 10, 45, "Kneeling thigh upright; sitting back is more."),
    Setting("floor_deg", 25, "deg", 10, 45, "Knee and front foot on one floor: 15 from 1 m up (geometry) + 10."),
    Setting("front_low_deg", 55, "deg", 30, 90, "Front knee 90±15 [P] less the measured error and a turned view."),
    Setting("front_high_deg", 130, "deg", 90, 150, "As above: a foot far ahead."),
    Setting("shift_tl", 0.10, "torso lengths", 0.05, 0.5, "Hips forward by 0.1 T [P]."),
    Setting("stay_back_deg", 45, "deg", 20, 80, "Further back is lying down [P]."),
    Setting("stay_front_deg", 60, "deg", 30, 85, "Further forward is on hands and knees [P]."),
    Setting("stay_slack_deg", 15, "deg", 0, 30, "Knee and foot may look this much further off one floor [P]."),
    Setting("hold_s", 20, "s", 0, 180, "Seconds to hold: 20-30 [S]."),
    Setting("hold_share", 0.95, "share of hold", 0.1, 1, "A hold of less of it is short: timing errs by 5 % [P]."),
    Setting("arch_deg", 10, "deg", 5, 40, LUMBAR_LIMIT),
    Setting("back_deg", 10, "deg", 5, 40, "Trunk leaning back against the start [P]; it counts as arch_deg does."),
    Setting("lean_deg", 15, "deg", 5, 45, "Trunk leaning forward [P]."),
    Setting("knee_deg", 68, "deg", 30, 90, "Front knee bent more than 65 [P]; it reads 2-8 straighter (renders)."),
    Setting("past_tl", 0.15, "torso lengths", 0.05, 0.5, "Front knee past the toes [P]."),
    Setting("past_share", 1.0, "share of limit", 0.5, 3, "The limits are knee_deg and past_tl; this scales both."),
    Setting("arm_recording_s", 0.6, "s", 0.3, 5, "Whoever kneels down settles for half a second."),
    Setting("bounce_tl", 0.03, "torso lengths", 0.015, 0.2, "Hips to and fro at more than 0.5 Hz [P]."),
    Setting("arch_hysteresis_deg", 2, "deg", 0, 10, "It ends this far below arch_deg: no flicker [P]."),
    Setting("lean_hysteresis_deg", 5, "deg", 0, 10, "It ends this far below lean_deg: no flicker [P]."),
    Setting(
        "past_hysteresis_share", 0.2, "share of limit", 0, 0.8, "It ends this far below past_share: no flicker [P]."
    ),
    Setting(
        "bounce_hysteresis_tl", 0.01, "torso lengths", 0, 0.04, "It ends this far below bounce_tl: no flicker [P]."
    ),
)

WAY = 2.0
"""The way is so many times the least shift: a stretch begins at 0.07 torso lengths, and noise is 0.01."""
BOUNCE_FPS = 12.0
"""Three pictures a swing of 0.25 s: nobody bounces faster than twice a second [P]. With fewer its ends are cut off."""
THIGH_TL = 0.8
"""Length of a thigh, torso lengths (anthropometric average: 0.245 and 0.30 of the height)."""


def start(s: Settings) -> tuple[Check, ...]:
    """One knee on the floor, the other foot in front, trunk upright."""
    front = (s["front_low_deg"], s["front_high_deg"])
    return (
        Check("Trunk upright", lambda b: b.lean_deg, -s["start_lean_deg"], s["start_lean_deg"], spot="trunk"),
        Check(
            "One knee on the floor",
            knee_above_foot_deg,
            -s["floor_deg"] - FAR_FOOT_DEG,
            s["floor_deg"],
            spot="near knee",
        ),
        Check("Hips over that knee", thigh_deg, -s["start_thigh_deg"], s["start_thigh_deg"], spot="hips"),
        Check(
            "Front foot flat, knee bent",
            lambda b: b.limbs(other(kneeling_side(b) or b.near)).knee_deg,
            *front,
            spot="far knee",
        ),
    )


def invariants(s: Settings) -> tuple[Check, ...]:
    """Kneeling, and not lying down."""
    most = s["floor_deg"] + s["stay_slack_deg"]
    return (
        Check("Stay upright", lambda b: b.lean_deg, -s["stay_back_deg"], s["stay_front_deg"]),
        Check("Stay on your knee", knee_above_foot_deg, -most - FAR_FOOT_DEG, most),
    )


def lean_forward(m: RuleContext) -> float:
    """Trunk forward of the vertical, or of the own start where that leans back in the picture; degrees."""
    return m.body.lean_deg - min(m.start.body.lean_deg, 0.0)


def arch(m: RuleContext) -> Estimate:
    """Bend of the low back against the own start, or the lean back on its scale; degrees."""
    s = m.settings
    lean_back = (m.start.body.lean_deg - m.body.lean_deg) * s["arch_deg"] / s["back_deg"]
    return decides(lean_back, m.lumbar, s["arch_deg"])


def oscillation(m: RuleContext) -> float:
    """The smallest of the hips' last swings, torso lengths."""
    return float(m.signals.get("oscillation_tl", math.nan))


def knee_past_toes(m: RuleContext) -> float:
    """Front knee bent too far or past the toes, each as a share of its limit; the worse one."""
    side = kneeling_side(m.body)
    if side is None:
        return math.nan
    front, s = m.body.limbs(other(side)), m.settings
    past = (front.knee_x_px - front.toe_x_px) / m.start.body.torso_px
    return worst(past / s["past_tl"], (90.0 - front.knee_deg) / (90.0 - s["knee_deg"]))


def reach(m: RuleContext) -> Reach:
    """The hips shift forward over the knee that is on the floor."""
    side = kneeling_side(m.body)
    if m.side != side:
        is_up = side is None and knees_are_level(m.body) and abs(m.body.lean_deg) <= m.settings["start_lean_deg"]
        return Reach(0.0 if is_up else math.nan, 0.0)
    shift = hips_shift_tl(m.body, m.start.body) / m.settings["shift_tl"]
    drift_tl = THIGH_TL * math.sin(math.radians(m.settings["hold_drift_deg"]))
    slack = drift_tl / (WAY * m.settings["shift_tl"])
    return Reach(shift / WAY, shift, hold_slack=slack, may_sink=True)


def short_hold(f: RepFacts, s: Settings) -> float | None:
    """Seconds in the stretch, whatever the trunk did, if too few."""
    return f.short_hold(least_hold_s(s))


# fmt: off
# One fault, one paragraph: its page is read as a whole.
FAULTS = (
    Fault("back-arch", 2, "Pull your tailbone under you.",
          short="Back arches", again="Tailbone under.", praise="Your back stayed straight.", parts=("back",),
          checks="The low back hollows, or the trunk leans back, in place of the hip.",
          why="The tuck is what stretches: without it the pull on the hip flexors stays the same.",
          how="Bend of the low back against the own start, or the trunk's lean back on the same scale.",
          limits="Hands on the hips, an arm beside the body or a loose shirt hide the outline. The tuck hardly shows.",
          source="10.1186/s12891-024-07988-9; " + LUMBAR_SOURCE, unit="deg", measure=arch, limit="arch_deg",
          hysteresis="arch_hysteresis_deg", of_back="arch"),
    Fault("lean-forward", 1, "Keep your body straight up.",
          short="Leans forward", again="Body up.", praise="Your body stayed straight up.", parts=("shoulders",),
          checks="The trunk leans forward.", why="Leaning forward closes the hip that should open.",
          how="Trunk off the vertical, against the own start where that leans back.",
          limits="A turned view is put right by the width of shoulders and hips, to about 5 degrees.",
          source="[P]", unit="deg", measure=lean_forward, limit="lean_deg", hysteresis="lean_hysteresis_deg"),
    Fault("knee-past-toes", 1, "Step the front foot forward.",
          short="Knee past toes", again="Foot forward.", praise="Your front foot stayed well ahead.", parts=("feet",),
          checks="The front knee is far ahead of its foot.", why="It loads the knee and not the hip.",
          how="Bend of the front knee, and its place against the toes; each as a share of its limit.",
          limits="A knee across the picture's depth looks straighter.", source="[P]", unit="share of limit",
          measure=knee_past_toes, limit="past_share", hysteresis="past_hysteresis_share"),
    Fault("bouncing", 1, "Stay still in the stretch.",
          short="Bouncing", again="Stay still.", praise="You stayed still.", parts=("hips",),
          checks="The hips bounce during the hold.", why="A stretch works by time, not by pushes.",
          how="The smallest of three swings in a row, each under a second.", limits="Nothing under 1 cm.",
          source="[P]", unit="torso lengths", measure=oscillation, limit="bounce_tl", hysteresis="bounce_hysteresis_tl",
          during=("end-range",), fps=BOUNCE_FPS, is_of_time=True),
)

END_FAULTS = (
    EndFault("short-hold", 1, "Stay there until the count ends.",
          short="Short hold", again="Stay longer.", praise="You held long enough.", parts=("hips",),
             checks="The stretch ends too soon.", why="20 to 30 seconds are asked for.",
             how="Time with the hips forward, whatever the trunk does.",
             limits="Timed to about 0.3 s. The side bend is not judged: it needs a view from the front.", source="[S]",
             unit="s", judge=short_hold, limit_s=least_hold_s),
)
# fmt: on

KNEELING = Limbs(hip_deg=172, knee_deg=85, shoulder_deg=35, elbow_deg=165)
IN_FRONT = Limbs(hip_deg=95, knee_deg=95, shoulder_deg=35, elbow_deg=165)
START = Stance("upright", KNEELING, IN_FRONT, trunk_deg=88, sagitta_tl=0.03)
SHIFTED = replace(limbs(START, "left", hip_deg=192, knee_deg=105), sagitta_tl=0.0)
LESS = replace(limbs(START, "left", hip_deg=180, knee_deg=93), sagitta_tl=0.0)

DEMONSTRATION = Demonstration(
    START,
    (Step(replace(START, sagitta_tl=0.0), 1.0, 0.4), Step(SHIFTED, 2.0, 4.0, count=20), Step(START, 1.8)),
    anchor="near knee",
    planted=("far foot",),
    props=("cushion",),
    faults={
        "back-arch": Wrong("low back", {2: replace(limbs(SHIFTED, "left", hip_deg=206), trunk_deg=102, lumbar_deg=32)}),
        "lean-forward": Wrong("shoulders", {2: replace(limbs(SHIFTED, "left", hip_deg=164), trunk_deg=60)}),
        "knee-past-toes": Wrong("far knee", {2: limbs(SHIFTED, "left", hip_deg=213, knee_deg=126)}),
        "bouncing": Wrong(
            "hips", steps=(Step(SHIFTED, 1.6), *(Step(x, 0.35) for x in (LESS, SHIFTED) * 4), Step(START, 1.6))
        ),
        "short-hold": Wrong("time", stay=0.3),
    },
)

EXERCISE = Exercise(
    name="hip-flexor-stretch",
    title="Hip flexor stretch",
    line="Half-kneeling: tuck, then shift your hips forward.",
    dose=Dose(reps=2, per_side=True),
    posture="upright",
    stance="half-kneeling",
    required_parts=("shoulders", "hips", "knees", "feet"),
    sides=("left", "right"),
    ends_at_start=False,
    start=start,
    invariants=invariants,
    reach=reach,
    settings=SETTINGS,
    phase_texts={
        "rest": "Tuck your tailbone",
        "outbound": "Shift forward, stay tall",
        "end-range": "Hold",
        "return": "Back slowly",
    },
    steps=(
        "Kneel on one knee, the other foot in front.",
        "Put a cushion under your knee.",
        "Put both hands on your front leg.",
        "Pull your tailbone under you.",
        "Move your hips forward until you feel the stretch.",
        "Hold, then change sides.",
    ),
    gentle={"shift_tl": 0.06, "hold_share": 0.7, "hold_drift_deg": 8, "pause_s": 6},
    seated="Or stand, hold a chair, one foot far back.",
    demonstration=DEMONSTRATION,
    signals={"oscillation_tl": Oscillation},
    faults=FAULTS,
    end_faults=END_FAULTS,
)
