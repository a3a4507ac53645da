"""Dead bug: on the back, hips and knees at 90, one leg straightens toward the floor, the low back stays down."""

from __future__ import annotations

import math
from dataclasses import replace

from formcheck.core.body.kit.lumbar import LUMBAR_LIMIT, LUMBAR_SOURCE
from formcheck.core.body.kit.supine import resting_leg_deg
from formcheck.core.body.measure import Limbs
from formcheck.core.body.pose import other
from formcheck.core.body.quantities import hold_slack, share, worst
from formcheck.core.body.stance import Stance, limbs
from formcheck.core.rules.demonstration import Demonstration, Step, Wrong
from formcheck.core.rules.exercise import (
    Check,
    Dose,
    EndFault,
    Exercise,
    Fault,
    RangeAdvice,
    Reach,
    RepFacts,
    RuleContext,
    below,
)
from formcheck.core.rules.pace import Pace
from formcheck.core.rules.setting import Setting, Settings

SETTINGS = (
    Setting("trunk_max_deg", 25, "deg", 5, 45, "Lying: trunk line off horizontal; 10 [P] + camera height and roll."),
    Setting("start_hip_low_deg", 60, "deg", 30, 90, "Hips at 90±15 [S+P], widened by the measured error (RMSE 7)."),
    Setting("start_hip_high_deg", 118, "deg", 90, 140, "As above; heavy thighs and the camera's height add."),
    Setting("start_knee_low_deg", 50, "deg", 30, 90, "Knees at 90±15 [S+P]; relaxed shins hang to 60 (real clips)."),
    Setting("start_knee_high_deg", 125, "deg", 90, 140, "As above; RMSE 4-6 measured."),
    Setting("start_arm_low_deg", 50, "deg", 20, 90, "Arms up: about 90 [S+P]; upright arms read 64-85 on real clips."),
    Setting("start_arm_high_deg", 130, "deg", 90, 170, "As above; further back it is the overhead position."),
    Setting("reach_hip_deg", 140, "deg", 110, 175, "Leg out: hip 150 [S+P] less the 10 deg margin; lower to cap it."),
    Setting("reach_knee_deg", 140, "deg", 110, 175, "Leg out: knee 150 [S+P] less the 10 deg margin."),
    Setting("arch_deg", 10, "deg", 5, 40, LUMBAR_LIMIT),
    Setting("drift_deg", 20, "deg", 10, 60, "Hip angle of the leg that should stay [P]."),
    Setting("out_min_s", 1.5, "s", 0.3, 5, "A faster way down is too fast [P]."),
    Setting(
        "fast_share",
        0.9,
        "share of out_min_s",
        0.5,
        1,
        "Only below it is a way too fast: how people ease is not known, and other ways read -14 to +26 % [P].",
    ),
    Setting("tried_share", 0.4, "share of range", 0, 0.9, "Less is a leg that was shifted, no short reach [P]."),
    Setting("arm_drop_deg", 25, "deg", 10, 60, "Shoulder angle against the own start [P]."),
    Setting("stay_slack_deg", 10, "deg", 0, 30, "The trunk may tilt this much further while one moves [P]."),
    Setting("advice_margin_deg", 10, "deg", 0, 30, "A shorter reach ends this far before the back began to lift [P]."),
    Setting("arch_hysteresis_deg", 2, "deg", 0, 10, "It ends this far below arch_deg: no flicker [P]."),
    Setting("drift_hysteresis_deg", 5, "deg", 0, 10, "It ends this far below drift_deg: no flicker [P]."),
    Setting("arm_drop_hysteresis_deg", 5, "deg", 0, 10, "It ends this far below arm_drop_deg: no flicker [P]."),
)


def start(s: Settings) -> tuple[Check, ...]:
    """On the back, both legs in tabletop, arms up."""
    hip, knee = (s["start_hip_low_deg"], s["start_hip_high_deg"]), (s["start_knee_low_deg"], s["start_knee_high_deg"])
    arm = (s["start_arm_low_deg"], s["start_arm_high_deg"])
    return (
        Check("Lie on your back", lambda b: b.trunk_deg, -s["trunk_max_deg"], s["trunk_max_deg"], spot="trunk"),
        Check("Knees over your hips", lambda b: b.limbs(b.near).hip_deg, *hip, spot="near knee"),
        Check("Other knee over your hip", lambda b: b.limbs(b.far).hip_deg, *hip, is_optional=True, spot="far knee"),
        Check("Shins level with the floor", lambda b: b.limbs(b.near).knee_deg, *knee, spot="near foot"),
        Check("Other shin level too", lambda b: b.limbs(b.far).knee_deg, *knee, is_optional=True, spot="far foot"),
        Check("Arms straight up", lambda b: b.best(lambda x: x.shoulder_deg), *arm, spot="near hand"),
    )


def invariants(s: Settings) -> tuple[Check, ...]:
    """Lying all the time."""
    most = s["trunk_max_deg"] + s["stay_slack_deg"]
    return (Check("Stay on your back", lambda b: b.trunk_deg, -most, most),)


def reach(m: RuleContext) -> Reach:
    """The hip opens, the knee straightens: both must arrive; lowering is the hip's way."""
    hip = share(m.moving.hip_deg, m.moving_start.hip_deg, m.settings["reach_hip_deg"])
    knee = share(m.moving.knee_deg, m.moving_start.knee_deg, m.settings["reach_knee_deg"])
    slack = hold_slack(m.settings["hold_drift_deg"], m.moving_start.hip_deg, m.settings["reach_hip_deg"])
    return Reach(hip, min(hip, knee), hold_slack=slack)


def holding_leg(m: RuleContext) -> float:
    """Degrees that the hip of the other leg left its start; unknown while the tracker has the legs swapped: where they
    pass each other it tears one of them away."""
    if m.side is None or m.followed not in (None, m.side):
        return math.nan
    return resting_leg_deg(m.body, m.start, other(m.side))


def arms(m: RuleContext) -> float:
    """Degrees that the worse arm left the vertical. The opposite one may go overhead with the leg, a variant."""
    if m.side is None:
        return math.nan
    same, opposite = (m.body.limbs(x).shoulder_deg - m.start.limbs(x).shoulder_deg for x in (m.side, other(m.side)))
    is_variant = opposite > 0 and not same > m.settings["arm_drop_deg"]
    return worst(abs(same), -opposite if is_variant else abs(opposite))


def least_way_s(s: Settings) -> float:
    """Seconds of the way out below which it is plainly too fast."""
    return s["out_min_s"] * s["fast_share"]


def too_fast(f: RepFacts, s: Settings) -> float | None:
    """Seconds of the way out, if plainly fewer than asked for; NaN where it could not be timed well enough to tell."""
    return below(f.outbound, least_way_s(s))


def same_side(f: RepFacts, _: Settings) -> float | None:
    """1 where the leg is that of the repetition before; NaN where it is not known which leg moved, or whether another
    repetition lies between."""
    if f.side is None:
        return math.nan
    return None if f.side != f.previous_side else 1.0 if f.is_next else math.nan


def partial_reach(f: RepFacts, s: Settings) -> float | None:
    """Share of the range that was reached, if the leg was lowered at all."""
    return f.peak_rom if f.peak_rom >= s["tried_share"] else None


# fmt: off
# One fault, one paragraph: its page is read as a whole.
FAULTS = (
    Fault("low-back-arch", 2, "Press your low back down.",
          short="Low back lifts", again="Back down.", praise="Your back stayed flat.", parts=("back",),
          checks="The low back leaves the floor while the leg is lowered.",
          why="The exercise trains a still back; an arching one does the work in its place.",
          how="Bend of the low back against the own start, from the back's outline and the limbs.",
          limits="Unknown when an arm lies in front, the view is oblique, or the outline is lost.",
          source="Sahrmann levels; Monnier 2012 (cuff, <5 mmHg); " + LUMBAR_SOURCE,
          unit="deg", measure=lambda m: m.lumbar, limit="arch_deg", hysteresis="arch_hysteresis_deg",
          of_back="arch"),
    Fault("holding-leg-drift", 1, "Keep the other knee over your hip.",
          short="Resting leg drifts", again="Knee over hip.", praise="The other leg stayed still.", parts=("knees",),
          checks="The leg that should stay sinks or folds.", why="A drifting leg takes the load off the trunk.",
          how="Hip angle of the other leg against its start.", limits="Unknown while the far leg is hidden.",
          source="[P]", unit="deg", measure=holding_leg, limit="drift_deg", hysteresis="drift_hysteresis_deg"),
    Fault("arms-drop", 1, "Reach up to the ceiling.",
          short="Arms drop", again="Arms up.", praise="Your arms stayed up.", parts=("arms",),
          checks="An arm leaves the vertical.", why="Still arms keep the ribs down.",
          how="Shoulder angle against its start; one arm may go overhead (the variant).",
          limits="The two arms cover each other from the side.", source="[P]",
          unit="deg", measure=arms, limit="arm_drop_deg", hysteresis="arm_drop_hysteresis_deg"),
)

END_FAULTS = (
    EndFault("too-fast", 1, "Lower the leg slowly.",
          short="Too fast", again="Slowly.", praise="You lowered the leg slowly.", parts=("knees",),
             checks="The leg goes down too fast.", why="Speed hides a lost back.",
             how="5-95 % of the way out, taken for an eased way; below fast_share of what is asked for.",
             limits="Needs 10 pictures a second. Other ways of easing read 14 % short to 26 % long.",
             source="[P]; 4 s are taught (Rexum)", unit="s", judge=too_fast, limit_s=least_way_s),
    EndFault("same-side-twice", 1, "Now the other leg.",
          short="Same side twice", again="Other leg.", praise="You changed legs.", parts=("knees",),
             checks="The same leg moves twice in a row.", why="Both sides get the same dose.",
             how="Side of this repetition and of the one before.", limits="Sides can swap in oblique views.",
             source="[S]", judge=same_side,
             matters=lambda f: f.previous_side is not None),
    EndFault("partial-reach", 1, "Make the leg longer.",
          short="Short reach", again="Longer.", praise="Your leg was long.", parts=("knees",),
             checks="The leg turns back before it is long.", why="The lever of the long leg is the exercise.",
             how="Hip and knee angle at the furthest point.", limits="A shorter reach may be right.",
             source="[P]; lower reach_hip_deg", unit="share of range", judge=partial_reach, on="attempt"),
)
# fmt: on

RANGE_ADVICE = RangeAdvice(
    "low-back-arch",
    "reach_hip_deg",
    lambda m: m.moving.hip_deg - m.settings["advice_margin_deg"],
    "Lower the leg less far next time.",
)

TABLETOP = Limbs(hip_deg=90, knee_deg=90, shoulder_deg=90, elbow_deg=175)
START = Stance("supine", TABLETOP, TABLETOP)
LONG = limbs(START, "left", hip_deg=160, knee_deg=168)

DEMONSTRATION = Demonstration(
    START,
    (Step(LONG, 3.0, 0.8), Step(START, 2.2)),
    is_alternating=True,
    faults={
        "low-back-arch": Wrong("low back", {1: replace(LONG, lumbar_deg=32)}),
        "holding-leg-drift": Wrong("far knee", {1: limbs(LONG, "right", hip_deg=135, knee_deg=80)}),
        "arms-drop": Wrong("near hand", {1: limbs(limbs(LONG, "left", shoulder_deg=45), "right", shoulder_deg=45)}),
        "too-fast": Wrong("time", pace=0.2),
        "same-side-twice": Wrong("near knee", is_same_side=True),
        "partial-reach": Wrong("near foot", {1: limbs(START, "left", hip_deg=122, knee_deg=118)}),
    },
)

EXERCISE = Exercise(
    name="dead-bug",
    title="Dead bug",
    line="Lower one straight leg, keep your low back on the mat.",
    dose=Dose(reps=12, sets=3),
    posture="supine",
    stance="tabletop",
    required_parts=("shoulders", "hips", "knees", "feet"),
    sides=("left", "right"),
    start=start,
    invariants=invariants,
    reach=reach,
    settings=SETTINGS,
    phase_texts={
        "rest": "Ready",
        "outbound": "Lower the leg slowly",
        "end-range": "Long leg, flat back",
        "return": "Breathe out, back up",
    },
    steps=(
        "Lie on your back, arms straight up.",
        "Lift your legs, knees bent over your hips.",
        "Press your low back into the mat.",
        "Lower one leg slowly and make it long.",
        "Breathe out, bring it back, then change legs.",
    ),
    pace=Pace(4, 4, "Breathe out, back up.", "Breathe out on the way back [S]; 4 s out, 4 s back are taught (Rexum)"),
    gentle={"reach_hip_deg": 120, "reach_knee_deg": 120, "start_knee_low_deg": 45, "pause_s": 6},
    seated="Or sit on a chair and make one leg long.",
    demonstration=DEMONSTRATION,
    faults=FAULTS,
    end_faults=END_FAULTS,
    range_advice=RANGE_ADVICE,
)
