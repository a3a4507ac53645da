"""Bird dog: on hands and knees, opposite arm and leg reach long, the back stays flat."""

from __future__ import annotations

import math
from dataclasses import replace

from formcheck.core.body.kit.lumbar import LUMBAR_LIMIT, LUMBAR_SOURCE
from formcheck.core.body.kit.quadruped import arm_reach, beyond, head_off_deg
from formcheck.core.body.measure import Limbs
from formcheck.core.body.pose import other
from formcheck.core.body.quantities import Estimate, hold_slack, share, swing, worst
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
from formcheck.core.rules.pace import Pace
from formcheck.core.rules.setting import Setting, Settings

SETTINGS = (
    Setting("trunk_max_deg", 32, "deg", 10, 50, "Trunk off horizontal: 15 [P] + long arms + camera height."),
    Setting("start_hip_low_deg", 55, "deg", 30, 90, "Hips at 90±15 [P], widened by the measured error (RMSE 9)."),
    Setting("start_hip_high_deg", 128, "deg", 90, 145, "As above: heavy thighs, a low camera."),
    Setting("start_knee_low_deg", 45, "deg", 30, 90, "Knees at 90±15 [P], sitting back a little is fine."),
    Setting("start_knee_high_deg", 125, "deg", 90, 140, "As above: knees behind the hips."),
    Setting("start_arm_low_deg", 35, "deg", 10, 90, "Arms under the shoulders: 90±15 [P]; real ones read 58-80."),
    Setting("start_arm_high_deg", 115, "deg", 90, 140, "As above: hands a little forward."),
    Setting("reach_hip_deg", 150, "deg", 120, 175, "Leg long: hip 160 [P] less the 10 deg margin."),
    Setting("reach_knee_deg", 142, "deg", 110, 175, "Leg long: knee 155 [P] less the margin and the measured error."),
    Setting("reach_arm_deg", 138, "deg", 100, 175, "Arm long: shoulder 150 [P] less the margin."),
    Setting("elbow_deg", 100, "deg", 30, 150, "Arms that bear or reach are straight [S]: one so bent is lost [P]."),
    Setting("stay_slack_deg", 10, "deg", 0, 30, "The trunk may tilt this much further while one moves [P]."),
    Setting("hold_s", 2, "s", 0, 180, "Seconds to hold: one to two are asked for [S]."),
    Setting("same_side_s", 1.0, "s", 0.1, 5, "It must last this long: the tracker swaps arms for up to 0.8 s."),
    Setting(
        "hold_share", 0.4, "share of hold", 0.1, 1, "One second of the two is fine [S], less 0.2 s of timing error."
    ),
    Setting("sag_deg", 10, "deg", 5, 40, LUMBAR_LIMIT),
    Setting("round_deg", 10, "deg", 5, 40, LUMBAR_LIMIT),
    Setting("high_deg", 200, "deg", 185, 230, "Thigh above the trunk line: 190 [P] + the measured hip bias (+7)."),
    Setting("shift_tl", 0.18, "torso lengths", 0.08, 0.5, "Hips travel: 0.12 T [P] + landmark error 0.05."),
    Setting("same_side_share", 0.5, "share of range", 0.2, 1.5, "The wrong arm reaches this much further [P]."),
    Setting("tried_share", 0.5, "share of range", 0, 0.9, "Less of the hip's way is a leg that was shifted [P]."),
    Setting("head_deg", 20, "deg", 10, 60, "Head against its start: 20 [P]; good form stays within 5 (renders)."),
    Setting("sag_hysteresis_deg", 2, "deg", 0, 10, "It ends this far below sag_deg: no flicker [P]."),
    Setting("round_hysteresis_deg", 2, "deg", 0, 10, "It ends this far below round_deg: no flicker [P]."),
    Setting("high_hysteresis_deg", 5, "deg", 0, 10, "It ends this far below high_deg: no flicker [P]."),
    Setting("shift_hysteresis_tl", 0.03, "torso lengths", 0, 0.12, "It ends this far below shift_tl: no flicker [P]."),
    Setting("head_hysteresis_deg", 5, "deg", 0, 10, "It ends this far below head_deg: no flicker [P]."),
    Setting(
        "same_side_hysteresis_share",
        0.1,
        "share of range",
        0,
        0.4,
        "It ends this far below same_side_share: no flicker [P].",
    ),
)


def start(s: Settings) -> tuple[Check, ...]:
    """Hands under shoulders, knees under hips."""
    hip, knee = (s["start_hip_low_deg"], s["start_hip_high_deg"]), (s["start_knee_low_deg"], s["start_knee_high_deg"])
    arm = (s["start_arm_low_deg"], s["start_arm_high_deg"])
    return (
        Check(
            "Hands and knees on the floor", lambda b: b.trunk_deg, -s["trunk_max_deg"], s["trunk_max_deg"], spot="trunk"
        ),
        Check("Knees under your hips", lambda b: b.limbs(b.near).hip_deg, *hip, spot="near knee"),
        Check("Other knee too", lambda b: b.limbs(b.far).hip_deg, *hip, is_optional=True, spot="far knee"),
        Check("Shins on the floor", lambda b: b.limbs(b.near).knee_deg, *knee, spot="near foot"),
        Check("Other shin too", lambda b: b.limbs(b.far).knee_deg, *knee, is_optional=True, spot="far foot"),
        Check("Hands under your shoulders", lambda b: b.limbs(b.near).shoulder_deg, *arm, spot="near hand"),
    )


def invariants(s: Settings) -> tuple[Check, ...]:
    """On all fours all the time."""
    most = s["trunk_max_deg"] + s["stay_slack_deg"]
    return (Check("Stay on hands and knees", lambda b: b.trunk_deg, -most, most),)


def arm_share(m: RuleContext, opposite: bool) -> float:
    """How far an arm is on its way forward, of the side of the leg or of the other."""
    if m.side is None:
        return math.nan
    side = other(m.side) if opposite else m.side
    return arm_reach(m.body, m.start, side, m.settings["reach_arm_deg"], m.settings["elbow_deg"])


def reach(m: RuleContext) -> Reach:
    """Leg and one arm arrive together; the leg begins. Where the opposite arm isn't seen, the leg alone counts."""
    hip = share(m.moving.hip_deg, m.moving_start.hip_deg, m.settings["reach_hip_deg"])
    knee = share(m.moving.knee_deg, m.moving_start.knee_deg, m.settings["reach_knee_deg"])
    opposite, own = arm_share(m, opposite=True), arm_share(m, opposite=False)
    arm = worst(opposite, own) if not math.isnan(opposite) else math.inf if not math.isnan(own) else math.nan
    slack = hold_slack(m.settings["hold_drift_deg"], m.moving_start.hip_deg, m.settings["reach_hip_deg"])
    return Reach(hip, min(hip, knee, arm) if not math.isnan(arm) else math.nan, hold_slack=slack)


def same_side(m: RuleContext) -> float:
    """How much further the arm of the leg's own side reaches than the opposite one, shares of the range."""
    own, opposite = arm_share(m, opposite=False), arm_share(m, opposite=True)
    if math.isnan(own) and opposite >= 1.0:
        return 0.0  # the opposite arm is long, so the own one bears
    return own - max(0.0, opposite)  # not seen: as if at rest


def head_off_line(m: RuleContext) -> Estimate:
    """Degrees that the head left its line with the upper back, against the start."""
    return head_off_deg(m.body, m.start, 0.0 if math.isnan(m.body.lumbar_deg) else m.body.lumbar_deg)


def sag(m: RuleContext) -> Estimate:
    """Degrees by which the low back hollows."""
    return beyond(m.lumbar, m.settings["sag_deg"], m.start)


def rounding(m: RuleContext) -> Estimate:
    """Degrees by which it rounds."""
    return beyond(m.lumbar.scaled(-1.0), m.settings["round_deg"], m.start)


def partial_reach(f: RepFacts, s: Settings) -> float | None:
    """Share of the range that was reached, if the leg was lifted at all."""
    return f.peak_rom if f.peak_excursion >= s["tried_share"] else None


def weight_shift(m: RuleContext) -> float:
    """Travel of the hips along the floor, torso lengths."""
    return swing(m.body.hip_x_px, m.start.body.hip_x_px) / m.start.body.torso_px


# fmt: off
# One fault, one paragraph: its page is read as a whole.
FAULTS = (
    Fault("back-sag", 2, "Pull your belly up, back flat.",
          short="Back sags", again="Belly up.", praise="Your back stayed flat.", parts=("back",),
          checks="The low back sags.", why="A still back is what the exercise trains.",
          how="Bend of the low back against the own start, from the back's outline and the limbs.",
          limits="Loose shirts hide it; seen from aside, up to 7 degrees more are needed.", source=LUMBAR_SOURCE,
          unit="deg", measure=sag, limit="sag_deg", hysteresis="sag_hysteresis_deg", of_back="arch"),
    Fault("back-round", 1, "Make your back flat, like a table.",
          short="Back rounds", again="Back flat.", praise="Your back stayed flat.", parts=("back",),
          checks="The back rounds upward.", why="As for sagging.",
          how="The same bend, the other way.",
          limits="Loose shirts hide it; seen from aside, up to 7 degrees more are needed.", source=LUMBAR_SOURCE,
          unit="deg", measure=rounding,
          limit="round_deg", hysteresis="round_hysteresis_deg", of_back="round"),
    Fault("leg-too-high", 2, "Lower the leg. Push the heel back.",
          short="Leg too high", again="Leg lower.", praise="Your leg stayed level.", parts=("knees",),
          checks="The thigh rises above the trunk line.", why="A high leg drives the back into an arch.",
          how="Hip angle through the front, more than straight.", limits="An oblique camera adds to it.",
          source="[P]", unit="deg", measure=lambda m: m.moving.hip_deg,
          limit="high_deg", hysteresis="high_hysteresis_deg"),
    Fault("weight-shift", 1, "Keep your weight over your hand.",
          short="Weight shifts", again="Over your hand.", praise="You stayed over your hand.", parts=("hips",),
          checks="The hips shift forward or back.", why="Shifting unloads the trunk.",
          how="Travel of the hips along the picture.", limits="Not seen across the picture.",
          source="[P]", unit="torso lengths", measure=weight_shift, limit="shift_tl", hysteresis="shift_hysteresis_tl"),
    Fault("head-drop", 1, "Look down at the mat.",
          short="Head drops", again="Look down.", praise="Your head stayed in line.", parts=("head",),
          checks="The head drops or lifts.", why="The neck goes on in the line of the back.",
          how="Ears off the trunk line, against the own start, less what a bend of the low back and an arm add.",
          limits="An arm beside the ear hides it: it reads 7 degrees low.", source="[P]", unit="deg",
          measure=head_off_line, limit="head_deg", hysteresis="head_hysteresis_deg"),
    Fault("same-side-limbs", 1, "Lift one arm and the other leg.",
          short="Same-side arm and leg", again="Other arm.", praise="Arm and leg went well together.", parts=("arms",),
          checks="Arm and leg of the same side reach.", why="The diagonal is what loads the trunk.",
          how="Which arm reaches further while the leg is long, for 1 s.", limits="The tracker swaps arms for 0.8 s.",
          source="[S]", unit="share of range", measure=same_side,
          limit="same_side_share", hysteresis="same_side_hysteresis_share",
          confirm="same_side_s", during=("end-range",)),
)

END_FAULTS = (
    EndFault("short-hold", 1, "Hold longer before you come back.",
          short="Short hold", again="Hold longer.", praise="You held long enough.", parts=("feet",),
             checks="The hold is too short.", why="The hold is where the back is trained.",
             how="Time within five degrees of the furthest.", limits="Timed to about 0.2 s.", source="[S]", unit="s",
             judge=lambda f, s: f.short_hold(least_hold_s(s)), limit_s=least_hold_s),
    EndFault("partial-reach", 1, "Make your arm and leg longer.",
          short="Short reach", again="Longer.", praise="You made a long line.", parts=("arms",),
             checks="Arm or leg turn back before they are long.", why="The lever is the exercise.",
             how="Hip, knee and shoulder angle at the furthest point.", limits="As their joints are seen.",
             source="[P]", unit="share of range", judge=partial_reach, on="attempt"),
)
# fmt: on

FOURS = Limbs(hip_deg=100, knee_deg=90, shoulder_deg=80, elbow_deg=175)
START = Stance("quadruped", FOURS, FOURS, trunk_deg=10)
LEG = limbs(START, "left", hip_deg=188, knee_deg=172)
LONG = limbs(LEG, "right", shoulder_deg=178)
SHORT = limbs(limbs(START, "left", hip_deg=135, knee_deg=112), "right", shoulder_deg=118)

DEMONSTRATION = Demonstration(
    START,
    (Step(LONG, 2.0, 2.0, count=2), Step(START, 2.0)),
    anchor="far knee",
    planted=("near hand", "far hand", "near foot", "far foot"),
    is_alternating=True,
    faults={
        "back-sag": Wrong("low back", {1: replace(LONG, lumbar_deg=34)}),
        "back-round": Wrong("low back", {1: replace(LONG, lumbar_deg=-34)}),
        "leg-too-high": Wrong("near foot", {1: replace(limbs(LONG, "left", hip_deg=216), lumbar_deg=14)}),
        "weight-shift": Wrong("hips", {1: limbs(LONG, "right", hip_deg=124, knee_deg=114)}),
        "head-drop": Wrong("head", {1: replace(LONG, neck_deg=48)}),
        "same-side-limbs": Wrong("near hand", {1: limbs(LEG, "left", shoulder_deg=178)}),
        "short-hold": Wrong("time", pace=0.7, stay=0.1),
        "partial-reach": Wrong("near foot", {1: SHORT}),
    },
)

EXERCISE = Exercise(
    name="bird-dog",
    title="Bird dog",
    line="Reach opposite arm and leg long, keep your back flat.",
    dose=Dose(reps=8, sets=3, per_side=True),
    posture="quadruped",
    required_parts=("shoulders", "hips", "knees", "feet", "arms"),
    sides=("left", "right"),
    start=start,
    invariants=invariants,
    reach=reach,
    settings=SETTINGS,
    phase_texts={
        "rest": "Ready",
        "outbound": "Reach long",
        "end-range": "Hold, back flat",
        "return": "Down with control",
    },
    steps=(
        "Kneel on your hands and knees, back flat.",
        "Lift one arm and the other leg together.",
        "Make both long and keep your back still.",
        "Hold, then lower both and change sides.",
    ),
    pace=Pace(3, 3, "", "With control [S]; 3 s each way [P]"),
    gentle={"reach_hip_deg": 130, "reach_arm_deg": 115, "reach_knee_deg": 125, "pause_s": 6},
    seated="Or stand, hold a chair, and lift one leg back.",
    demonstration=DEMONSTRATION,
    faults=FAULTS,
    end_faults=END_FAULTS,
)
