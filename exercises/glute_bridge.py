"""Glute bridge: on the back, feet flat, lift the hips to a straight line and hold."""

from __future__ import annotations

import math
from dataclasses import replace

from formcheck.core.body.kit.lumbar import LUMBAR_LIMIT
from formcheck.core.body.kit.supine import feet_travel_tl, foot_deg, rise_share
from formcheck.core.body.measure import Limbs
from formcheck.core.body.quantities import Estimate, decides, hold_slack, share
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
    Setting("trunk_max_deg", 20, "deg", 5, 45, "Lying: 10 [P] + camera height and roll."),
    Setting("start_hip_low_deg", 90, "deg", 60, 120, "Hips on the floor: 105-140 [P] less the measured error."),
    Setting("start_hip_high_deg", 166, "deg", 120, 172, "As above; feet far away open it to 155, and the bias is +5."),
    Setting("start_knee_low_deg", 38, "deg", 20, 80, "Knees bent, 45-110 [P] less the measured error."),
    Setting("start_knee_high_deg", 140, "deg", 100, 160, "Wider than 110, so that feet too far can be told."),
    Setting("foot_deg", 25, "deg", 5, 40, "Feet on the floor, seen from the hip: level; in tabletop at 45 (geometry)."),
    Setting("feet_tl", 0.36, "torso lengths", 0.1, 1.0, "Feet stay: they read 0.23 off at most, legs lift by 0.49."),
    Setting("stay_trunk_deg", 48, "deg", 30, 70, "Shoulders stay down: the trunk tilts 20-35 in a full bridge."),
    Setting("top_hip_deg", 160, "deg", 140, 178, "Top: below 160 is too low [P; an open-source trainer uses it too]."),
    Setting(
        "full_hip_deg", 165, "deg", 150, 178, "The whole way; an attempt begins a third of it off the floor, 10 deg."
    ),
    Setting("least_open_deg", 12, "deg", 5, 40, "With far feet the hip is wide from the start; it must open by this."),
    Setting("down_share", 0.7, "share of way", 0.55, 0.95, "Hips this far down are on the floor [P]; a sag takes 0.5."),
    Setting("foot_low_deg", -45, "deg", -80, 0, "Feet further below the hips are not on the same floor [P]."),
    Setting("stay_slack_deg", 10, "deg", 0, 30, "The trunk may tilt this much further while one moves [P]."),
    Setting("hold_s", 5, "s", 0, 180, "Seconds to hold [S]."),
    Setting(
        "hold_share", 0.9, "share of hold", 0.1, 1, "A hold of less of it is short: counting aloud is no clock [P]."
    ),
    Setting("over_deg", 196, "deg", 185, 220, "Hips above the line: 190 [P] + the measured hip bias (+5)."),
    Setting("arch_deg", 10, "deg", 5, 40, LUMBAR_LIMIT),
    Setting(
        "sure_share",
        0.8,
        "probability",
        0.5,
        0.99,
        "Hips that open bulge the buttocks: with 0.6 one good bridge in 25 would be told to arch (renders).",
    ),
    Setting(
        "sure_good_share",
        0.8,
        "probability",
        0.5,
        0.99,
        "The same doubt: with 0.9 six good bridges in ten would not be judged (renders).",
    ),
    Setting("over_share", 1.0, "share of limit", 0.5, 3, "The limits are over_deg and arch_deg; this scales both."),
    Setting("sag_deg", 10, "deg", 5, 30, "Hip angle lost in the hold [P]."),
    Setting("feet_deg", 115, "deg", 100, 150, "Knee angle in the start pose: heels far [P]."),
    Setting(
        "over_hysteresis_share", 0.2, "share of limit", 0, 0.8, "It ends this far below over_share: no flicker [P]."
    ),
    Setting("sag_hysteresis_deg", 4, "deg", 0, 8, "It ends this far below sag_deg: no flicker [P]."),
    Setting("feet_hysteresis_deg", 5, "deg", 0, 10, "It ends this far below feet_deg: no flicker [P]."),
)


def near_hip(m: RuleContext) -> float:
    """Hip angle of the side that is seen best."""
    return m.body.best_leg(lambda x: x.hip_deg)


def start(s: Settings) -> tuple[Check, ...]:
    """On the back, knees bent, hips on the floor."""
    hip, knee = (s["start_hip_low_deg"], s["start_hip_high_deg"]), (s["start_knee_low_deg"], s["start_knee_high_deg"])
    return (
        Check("Lie on your back", lambda b: b.trunk_deg, -s["trunk_max_deg"], s["trunk_max_deg"], spot="trunk"),
        Check("Hips on the floor", lambda b: b.best(lambda x: x.hip_deg), *hip, spot="hips"),
        Check("Knees bent, feet flat", lambda b: b.best(lambda x: x.knee_deg), *knee, spot="near knee"),
        Check(
            "Both feet on the floor", lambda b: foot_deg(b, b.near), s["foot_low_deg"], s["foot_deg"], spot="near foot"
        ),
        Check(
            "Other foot too",
            lambda b: foot_deg(b, b.far),
            s["foot_low_deg"],
            s["foot_deg"],
            is_optional=True,
            spot="far foot",
        ),
        Check(
            "Near arm on your chest or overhead",
            lambda b: b.steady_sagitta_tl,
            -math.inf,
            math.inf,
            is_optional=True,
            spot="near hand",
        ),
    )


def invariants(s: Settings) -> tuple[Check, ...]:
    """Shoulders on the floor all the time."""
    most = s["trunk_max_deg"] + s["stay_slack_deg"]
    return (Check("Shoulders stay down", lambda b: b.trunk_deg, -s["stay_trunk_deg"], most),)


def reach(m: RuleContext) -> Reach:
    """The hips rise from the floor to the line from shoulder to knee."""
    s, hip, floor = m.settings, near_hip(m), m.start.body.best(lambda x: x.hip_deg)
    full, top = (max(s[name], floor + s["least_open_deg"]) for name in ("full_hip_deg", "top_hip_deg"))
    moved = max(share(hip, floor, full), rise_share(m.body, m.start))
    is_other = feet_travel_tl(m.body, m.start) > s["feet_tl"]
    slack = hold_slack(s["hold_drift_deg"], floor, full)
    return Reach(moved, share(hip, floor, top), is_other=is_other, hold_slack=slack)


def sag(m: RuleContext) -> float:
    """Degrees lost against the best of this hold, while the hips are held up: lowering is not sagging."""
    return lost(m)[0] if is_held_up(m) else math.nan


def lost(m: RuleContext) -> tuple[float, bool]:
    """Degrees lost against the best of this hold, and whether so many that the hips are on the floor again."""
    if m.top is None:
        return math.nan, False
    top, floor = m.top.best(lambda x: x.hip_deg), m.start.body.best(lambda x: x.hip_deg)
    lost_deg = top - near_hip(m)
    return lost_deg, lost_deg >= m.settings["down_share"] * (top - floor)


def is_held_up(m: RuleContext) -> bool:
    """Whether the hips are held up, as far as is seen: still, and not on the floor. Who has held for as long as was
    asked and leaves the range comes down: a stop on that way is no sag."""
    is_coming_down = m.hold_s >= least_hold_s(m.settings) and reach(m).rom_fraction < 1.0
    return m.top is not None and m.is_still and not is_coming_down and not lost(m)[1]


def over(m: RuleContext) -> Estimate:
    """Hips beyond straight, or a hollow back, each as a share of its own limit."""
    s = m.settings
    hips = (near_hip(m) - 180.0) / (s["over_deg"] - 180.0)
    return decides(hips, m.lumbar.share_of(s["arch_deg"]), s["over_share"])


def short_hold(f: RepFacts, s: Settings) -> float | None:
    """Seconds of the hold, if too few; hips that sink end a hold, and are told as that."""
    return None if "hips-sag" in f.faults else f.short_hold(least_hold_s(s))


# fmt: off
# One fault, one paragraph: its page is read as a whole.
FAULTS = (
    Fault("over-arch", 2, "Lower your hips a little.",
          short="Back arches", again="Hips lower.", praise="Your body stayed straight.", parts=("back",),
          checks="The hips go beyond the line, or the low back hollows.", why="The back does the glutes' work.",
          how="Hip angle beyond straight, or the bend of the low back against the start; each as a share of its limit.",
          limits="Arms beside the body hide the outline; then the hips alone decide.",
          source="[P]", unit="share of limit", measure=over,
          limit="over_share", hysteresis="over_hysteresis_share", during=("end-range",), noise=0.1,
          of_back="arch", back_limit="arch_deg"),
    Fault("hips-sag", 2, "Keep your hips up.",
          short="Hips sag", again="Hips up.", praise="Your hips stayed up.", parts=("hips",),
          checks="The hips sink during the hold.", why="The hold is the exercise.",
          how="Hip angle against the best of this hold.", limits="Landmark noise is 3 degrees.",
          source="[P]", unit="deg", measure=sag, matters=is_held_up,
          limit="sag_deg", hysteresis="sag_hysteresis_deg", during=("end-range", "return"),
          lag_s=0.2),
    Fault("feet-too-far", 1, "Bring your feet closer to you.",
          short="Feet too far away", again="Feet closer.", praise="Your feet are close enough.", parts=("feet",),
          checks="The heels are far from the buttocks.", why="Far feet make the hamstrings cramp.",
          how="Knee angle in the start pose.", limits="Knee error is 3-5 degrees.", source="[P]; Lehecka 2017",
          unit="deg", measure=lambda m: m.body.best(lambda x: x.knee_deg),
          limit="feet_deg", hysteresis="feet_hysteresis_deg",
          during=("rest",)),
)

END_FAULTS = (
    EndFault("short-hold", 1, "Stay up until the count ends.",
          short="Short hold", again="Stay up longer.", praise="You held long enough.", parts=("hips",),
             checks="The hold is too short.", why="Five seconds are asked for.",
             how="Time within five degrees of the highest.", limits="Timed to about 0.2 s.", source="[P]", unit="s",
             judge=short_hold, limit_s=least_hold_s),
    EndFault("too-low", 1, "Lift your hips higher.",
          short="Hips too low", again="Higher.", praise="Your hips were high enough.", parts=("hips",),
             checks="The hips don't reach the line.", why="Below it the glutes hardly work.",
             how="Largest hip angle of the attempt.", limits="Hip bias is +5 degrees.", source="[P]",
             unit="share of range", judge=lambda f, _: f.peak_rom, on="attempt"),
)
# fmt: on

HOOK = Limbs(hip_deg=128, knee_deg=57, shoulder_deg=188, elbow_deg=178)
START = Stance("supine", HOOK, HOOK, sagitta_tl=0.02, lumbar_model="bridge")
TOP = replace(START, trunk_deg=-21, sagitta_tl=0.0)
FAR = limbs(limbs(START, "left", hip_deg=154, knee_deg=121), "right", hip_deg=154, knee_deg=121)

DEMONSTRATION = Demonstration(
    START,
    (Step(TOP, 1.8, 5.0, count=5), Step(START, 2.2)),
    anchor="shoulders",
    planted=("near foot", "far foot", "near hand", "far hand"),
    faults={
        "over-arch": Wrong("low back", {1: replace(TOP, trunk_deg=-30, lumbar_deg=30)}),
        "hips-sag": Wrong(
            "hips", steps=(Step(TOP, 1.8, 1.2), Step(replace(TOP, trunk_deg=-11), 1.0, 2.6), Step(START, 1.8))
        ),
        "feet-too-far": Wrong("near foot", {0: FAR, 1: replace(FAR, trunk_deg=-15, sagitta_tl=0.0), 2: FAR}),
        "short-hold": Wrong("time", stay=0.2),
        "too-low": Wrong("hips", {1: replace(TOP, trunk_deg=-8)}),
    },
)

EXERCISE = Exercise(
    name="glute-bridge",
    title="Glute bridge",
    line="Lift your hips to a straight line and hold five seconds.",
    dose=Dose(reps=10),
    posture="supine",
    stance="bridge",
    required_parts=("shoulders", "hips", "knees", "feet"),
    start=start,
    invariants=invariants,
    reach=reach,
    settings=SETTINGS,
    phase_texts={"rest": "Ready", "outbound": "Squeeze, lift your hips", "end-range": "Hold", "return": "Lower slowly"},
    steps=(
        "Lie on your back, knees bent, feet flat.",
        "Put the arm near the camera on your chest.",
        "Pull your belly in and tighten your buttocks.",
        "Lift your hips until your body is straight.",
        "Hold, then lower slowly.",
    ),
    pace=Pace(2, 4, "", "Up in 1-2 s [M]; lowering in 4 s as in the dead bug [P]"),
    gentle={"top_hip_deg": 148, "full_hip_deg": 153, "hold_share": 0.6, "hold_drift_deg": 8, "pause_s": 6},
    seated="Or sit and tighten your buttocks, then let go.",
    demonstration=DEMONSTRATION,
    faults=FAULTS,
    end_faults=END_FAULTS,
)
